/// Canonical composition of the letters Vietnamese is written with, and only those: what a
/// keyboard, a certificate or a paste brings decomposed (NFD) comes out as the one-column
/// letters (NFC) that every font of the counter has.
///
/// Other scripts pass unchanged. Never used on codes: an old code goes to the token byte for
/// byte as typed.
enum Composition {
    /// `text` with every Vietnamese letter composed; marks may stand in either order.
    static func composed(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { isMark($0) }) else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { append(scalar, to: &result) }
        return String(result)
    }

    /// Appends `scalar`, composing it with the letter before it where that makes one letter.
    static func append(_ scalar: Unicode.Scalar, to text: inout String.UnicodeScalarView) {
        if isMark(scalar), let last = text.last, let one = compose(last, scalar) {
            text.removeLast()
            text.append(one)
        } else {
            text.append(scalar)
        }
    }

    /// The one letter that `base` and `mark` make, if there is one.
    static func compose(_ base: Unicode.Scalar, _ mark: Unicode.Scalar) -> Unicode.Scalar? {
        if let one = table[Pair(base, mark)] { return one }
        // A tone typed before the shape of the vowel: a + acute + circumflex.
        guard let parts = toneOf[base], let shaped = table[Pair(parts.base, mark)] else {
            return nil
        }
        return table[Pair(shaped, parts.mark)]
    }

    /// The letter without its tone and without the shape of its vowel: "a" of "ậ".
    static func base(of letter: Unicode.Scalar) -> Unicode.Scalar { parts(of: letter).base }

    /// A letter without shape and tone, the mark of its shape, the mark of its tone; other
    /// characters are their own base.
    static func parts(
        of letter: Unicode.Scalar
    ) -> (base: Unicode.Scalar, shape: Unicode.Scalar?, tone: Unicode.Scalar?) {
        let vowel = toneOf[letter]?.base ?? letter
        let shaped = shapes.first { $0.2 == vowel }
        return (shaped?.0 ?? vowel, shaped?.1, toneOf[letter]?.mark)
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x300, 0x301, 0x302, 0x303, 0x306, 0x309, 0x31B, 0x323: true
        default: false
        }
    }

    private struct Pair: Hashable {
        let base: Unicode.Scalar
        let mark: Unicode.Scalar
        init(_ base: Unicode.Scalar, _ mark: Unicode.Scalar) {
            self.base = base
            self.mark = mark
        }
    }

    private static let tones: [Unicode.Scalar] = [
        "\u{300}", "\u{301}", "\u{309}", "\u{303}", "\u{323}",
    ]

    /// A vowel, then the same with grave, acute, hook above, tilde, dot below.
    private static let vowels: [String] = [
        "aàáảãạ", "ăằắẳẵặ", "âầấẩẫậ", "eèéẻẽẹ", "êềếểễệ", "iìíỉĩị",
        "oòóỏõọ", "ôồốổỗộ", "ơờớởỡợ", "uùúủũụ", "ưừứửữự", "yỳýỷỹỵ",
        "AÀÁẢÃẠ", "ĂẰẮẲẴẶ", "ÂẦẤẨẪẬ", "EÈÉẺẼẸ", "ÊỀẾỂỄỆ", "IÌÍỈĨỊ",
        "OÒÓỎÕỌ", "ÔỒỐỔỖỘ", "ƠỜỚỞỠỢ", "UÙÚỦŨỤ", "ƯỪỨỬỮỰ", "YỲÝỶỸỴ",
    ]

    private static let shapes: [(Unicode.Scalar, Unicode.Scalar, Unicode.Scalar)] = [
        ("a", "\u{306}", "ă"), ("a", "\u{302}", "â"), ("e", "\u{302}", "ê"),
        ("o", "\u{302}", "ô"), ("o", "\u{31B}", "ơ"), ("u", "\u{31B}", "ư"),
        ("A", "\u{306}", "Ă"), ("A", "\u{302}", "Â"), ("E", "\u{302}", "Ê"),
        ("O", "\u{302}", "Ô"), ("O", "\u{31B}", "Ơ"), ("U", "\u{31B}", "Ư"),
    ]

    private static let table: [Pair: Unicode.Scalar] = {
        var table: [Pair: Unicode.Scalar] = [:]
        for (base, mark, letter) in shapes { table[Pair(base, mark)] = letter }
        for row in vowels {
            let letters = Array(row.unicodeScalars)
            for (tone, letter) in zip(tones, letters.dropFirst()) {
                table[Pair(letters[0], tone)] = letter
            }
        }
        return table
    }()

    private static let toneOf: [Unicode.Scalar: (base: Unicode.Scalar, mark: Unicode.Scalar)] = {
        var result: [Unicode.Scalar: (base: Unicode.Scalar, mark: Unicode.Scalar)] = [:]
        for row in vowels {
            let letters = Array(row.unicodeScalars)
            for (tone, letter) in zip(tones, letters.dropFirst()) {
                result[letter] = (letters[0], tone)
            }
        }
        return result
    }()
}
