/// One letter of a Vietnamese word, taken apart: the key it is on, its shape, its tone.
struct VietnameseLetter: Equatable, Sendable {
    enum Shape: UInt32, Sendable {
        case none = 0
        case breve = 0x306
        case circumflex = 0x302
        case horn = 0x31B
        /// Of đ, which Unicode does not take apart.
        case bar = 1
    }

    /// "a" to "z".
    var base: UInt8
    var isUpper: Bool
    var shape = Shape.none
    /// The combining mark; nil for the level tone.
    var tone: Unicode.Scalar?

    /// Nil for what is no letter of Latin or Vietnamese.
    init?(_ scalar: Unicode.Scalar) {
        if scalar == "đ" || scalar == "Đ" {
            self.init(base: UInt8(ascii: "d"), isUpper: scalar == "Đ", shape: .bar)
            return
        }
        let (base, shape, tone) = Composition.parts(of: scalar)
        guard base.isASCII, base.properties.isAlphabetic,
            let known = Shape(rawValue: shape?.value ?? 0)
        else { return nil }
        let byte = UInt8(truncatingIfNeeded: base.value)
        self.init(base: byte | 0x20, isUpper: byte & 0x20 == 0, shape: known)
        self.tone = tone
    }

    private init(base: UInt8, isUpper: Bool, shape: Shape) {
        self.base = base
        self.isUpper = isUpper
        self.shape = shape
    }

    var isVowel: Bool {
        switch self.base {
        case UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "o"),
            UInt8(ascii: "u"), UInt8(ascii: "y"):
            true
        default: false
        }
    }

    /// The letter without its tone, in lower case.
    var toneless: Unicode.Scalar {
        var plain = self
        plain.tone = nil
        plain.isUpper = false
        return plain.scalar
    }

    /// The letter in NFC.
    var scalar: Unicode.Scalar {
        let letter = Unicode.Scalar(isUpper ? base & 0xDF : base)
        if shape == .bar { return isUpper ? "Đ" : "đ" }
        var result = letter
        if let mark = Unicode.Scalar(shape.rawValue), shape != .none {
            result = Composition.compose(result, mark) ?? result
        }
        if let tone { result = Composition.compose(result, tone) ?? result }
        return result
    }
}

/// A word as the beginning of a Vietnamese syllable: initial consonants, vowels, final
/// consonants. Where it can be none, it is left alone.
struct Syllable: Equatable, Sendable {
    var letters: [VietnameseLetter]
    /// Where the vowels stand; empty for consonants alone.
    private(set) var vowels: Range<Int>

    /// No syllable is longer ("nghiêng" has seven letters); words beyond are foreign.
    static let longest = 8

    /// Nil when no syllable begins so.
    init?(_ letters: [VietnameseLetter]) {
        guard letters.count <= Syllable.longest else { return nil }
        self.letters = letters
        var first = letters.firstIndex { $0.isVowel } ?? letters.count
        // The u of "qu", and the i of "gi" before another vowel, belong to the initial.
        if first == 1, letters.count > 1 {
            let initial = letters[0].base
            if initial == UInt8(ascii: "q") {
                guard letters[1].base == UInt8(ascii: "u") else { return nil }
                first = 2
            } else if initial == UInt8(ascii: "g"), letters[1].base == UInt8(ascii: "i"),
                letters.count > 2, letters[2].isVowel
            {
                first = 2
            }
        }
        let end = letters[first...].firstIndex { !$0.isVowel } ?? letters.count
        vowels = first..<end
        guard Syllable.initials.contains(text(0..<first)) else { return nil }
        if vowels.isEmpty { return }
        guard let mayClose = Syllable.nuclei[text(vowels)] else { return nil }
        let coda = text(end..<letters.count)
        guard coda.isEmpty || mayClose && Syllable.codas.contains(coda) else { return nil }
    }

    var initial: String { text(0..<vowels.lowerBound) }
    var nucleus: String { text(vowels) }
    var hasCoda: Bool { vowels.upperBound < letters.count }

    /// A syllable that ends in c, ch, k, p or t has no tone but acute and dot below.
    func takes(_ tone: Unicode.Scalar) -> Bool {
        guard hasCoda, tone == "\u{300}" || tone == "\u{309}" || tone == "\u{303}" else {
            return true
        }
        switch text(vowels.upperBound..<letters.count) {
        case "c", "ch", "k", "p", "t": return false
        default: return true
        }
    }

    var tone: Unicode.Scalar? {
        get { letters.lazy.compactMap(\.tone).first }
        set {
            for i in letters.indices { letters[i].tone = nil }
            if let place = tonePlace { letters[place].tone = newValue }
        }
    }

    /// The vowel that bears the tone.
    ///
    /// Of oa, oe and uy without a final it is the first one (hòa, khỏe, thủy), as names of
    /// people and places are mostly written on official papers (Khánh Hòa), and as input
    /// methods do it unless told otherwise; school books write hoà.
    private var tonePlace: Int? {
        guard !vowels.isEmpty else { return nil }
        // The one with a shape; of "ươ" the second.
        if let shaped = vowels.last(where: { letters[$0].shape != .none }) { return shaped }
        switch (vowels.count, hasCoda) {
        case (1, _): return vowels.lowerBound
        case (2, false): return vowels.lowerBound
        default: return vowels.lowerBound + 1
        }
    }

    private func text(_ range: Range<Int>) -> String {
        String(String.UnicodeScalarView(letters[range].map(\.toneless)))
    }

    private static let initials: Set<String> = [
        "", "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh",
        "nh", "p", "ph", "q", "qu", "r", "s", "t", "th", "tr", "v", "x",
    ]

    /// Final consonants; k stands in names of the Highlands (Đắk Lắk).
    private static let codas: Set<String> = ["c", "ch", "k", "m", "n", "ng", "nh", "p", "t"]

    /// The vowels of a syllable, those that come about while it is typed among them; whether
    /// consonants may follow.
    private static let nuclei: [String: Bool] = {
        let closed = """
            a ă â e ê i o ô ơ u ư y oa oă oe oo ie iê ua uâ ue uê uo uô uơ ưo ươ uy uye uyê ye yê
            """
        let open = """
            ai ao au ay âu ây eo eu êu ia ieu iêu iu oai oao oay oeo oi ôi ơi uay uây ui uoi uôi \
            uou uơi ưoi ươi ươu ưou uu uya uyu ưa ưi ưu yeu yêu
            """
        var table: [String: Bool] = [:]
        for nucleus in closed.split(separator: " ") { table[String(nucleus)] = true }
        for nucleus in open.split(separator: " ") { table[String(nucleus)] = false }
        return table
    }()
}
