/// How two names or texts are the same, from one that a program may decide to those that only a
/// person can.
package enum Likeness: Equatable, Sendable {
    /// The same after NFC, case, blanks, and where in a syllable the tone is set (hòa, hoà).
    case equal
    case near(NearReason)
    case different
}

/// In what two texts differ that may yet mean the same; each is shown to a person side by side.
package enum NearReason: String, Equatable, Sendable, CaseIterable {
    /// Letters that look alike, as Đ and the Icelandic Ð.
    case lookAlike = "look-alike"
    case punctuation
    /// UBND and Ủy ban nhân dân.
    case abbreviation
    /// Ông, bà, TS before a name.
    case title
    /// i and y: Mỹ and Mĩ.
    case spelling
    /// Diacritics are missing, or other ones; đ and d.
    case diacritics
    /// The same words in another order.
    case wordOrder = "word-order"
    /// The alias table has both as spellings of one name.
    case spelledSo = "alternative-name"
    /// The alias table has one as the old name of the other.
    case formerName = "former-name"
    /// The body that asks is on the certificate, the body of the row is not.
    case askingBody = "asking-body"
    /// The same mailbox name at another office domain.
    case mailDomain = "mail-domain"
    /// Mail addresses that differ in case: the part before @ may by its standard mind it.
    case mailCase = "mail-case"
}

/// A text as its words, folded for comparison.
package struct ComparedText: Equatable {
    /// A word and whether a comma, dash, bracket or the like follows: a name may end there.
    package struct Word: Equatable {
        package var text: String
        package var ends: Bool

        package init(text: String, ends: Bool = false) {
            self.text = text
            self.ends = ends
        }
    }

    /// Words without punctuation; tones at the end of each word.
    package private(set) var words: [Word] = []
    /// The same with the punctuation between them, for the strictest comparison.
    private(set) var exact: [String] = []

    /// What is read of a longer text; two that are longer are the same only if they are
    /// altogether.
    package static let longest = 1024

    package init(_ text: String) {
        var letters = String.UnicodeScalarView()
        var tones = String.UnicodeScalarView()
        func endWord() {
            guard !letters.isEmpty else { return }
            letters.append(contentsOf: tones)
            let word = String(letters)
            words.append(Word(text: word))
            exact.append(word)
            letters = String.UnicodeScalarView()
            tones = String.UnicodeScalarView()
        }
        let read = String(text.unicodeScalars.prefix(Self.longest))
        for scalar in WrittenText.composed(WrittenText.composed(read).lowercased()).unicodeScalars {
            if let (letter, tone) = VietnameseLetters.tone(scalar) {
                letters.append(letter)
                tones.append(tone)
            } else if scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || scalar.properties.generalCategory == .nonspacingMark
            {
                letters.append(scalar)
            } else {
                endWord()
                if scalar.properties.isWhitespace { continue }
                exact.append(VietnameseLetters.plainMark(scalar))
                if scalar != ".", scalar != "&", !words.isEmpty {
                    words[words.count - 1].ends = true
                }
            }
        }
        endWord()
    }

    package init(words: [Word]) { self.words = words }

    package var texts: [String] { words.map(\.text) }

    /// The ladder: each step is taken on both texts, and the first after which they are the same
    /// names in what they differ.
    package static func likeness(_ a: String, _ b: String) -> Likeness {
        if a == b { return .equal }
        guard a.unicodeScalars.count <= longest, b.unicodeScalars.count <= longest else {
            return .different
        }
        let (left, right) = (ComparedText(a), ComparedText(b))
        guard !left.words.isEmpty, !right.words.isEmpty else { return .different }
        if left.exact == right.exact { return .equal }
        // What looks alike is the same text to every person who looks.
        if left.exact.map(VietnameseLetters.seen) == right.exact.map(VietnameseLetters.seen) {
            return .near(.lookAlike)
        }
        guard let reason = likeness(of: left, right) else { return .different }
        return .near(reason)
    }

    /// The ladder from `punctuation` on.
    package static func likeness(of left: ComparedText, _ right: ComparedText) -> NearReason? {
        var (a, b) = (
            left.texts.map(VietnameseLetters.seen), right.texts.map(VietnameseLetters.seen)
        )
        if a == b { return .punctuation }
        (a, b) = (Abbreviation.expanded(a), Abbreviation.expanded(b))
        if a == b { return .abbreviation }
        (a, b) = (FormOfAddress.dropped(a), FormOfAddress.dropped(b))
        if a == b { return .title }
        (a, b) = (a.map(VietnameseLetters.withOneI), b.map(VietnameseLetters.withOneI))
        if a == b { return .spelling }
        (a, b) = (a.map(VietnameseLetters.bare), b.map(VietnameseLetters.bare))
        // What was written without diacritics is an abbreviation without them too.
        (a, b) = (Abbreviation.expandedBare(a), Abbreviation.expandedBare(b))
        if a == b { return .diacritics }
        if a.sorted() == b.sorted() { return .wordOrder }
        return nil
    }
}

/// What offices shorten, in words as `ComparedText` has them.
package enum Abbreviation {
    private static let table: [(short: [String], long: [String])] = [
        ("ubnd", "ủy ban nhân dân"), ("hđnd", "hội đồng nhân dân"),
        ("kh cn", "khoa học và công nghệ"), ("khcn", "khoa học và công nghệ"),
        ("tt tt", "thông tin và truyền thông"), ("tttt", "thông tin và truyền thông"),
        ("cntt", "công nghệ thông tin"), ("vh xh", "văn hóa xã hội"),
        ("tp", "thành phố"), ("tx", "thị xã"), ("q", "quận"), ("p", "phường"), ("h", "huyện"),
        ("x", "xã"), ("t", "tỉnh"),
    ].map { (ComparedText($0.0).texts, ComparedText($0.1).texts) }

    private static let bareTable = table.map {
        (short: $0.short.map(VietnameseLetters.bare), long: $0.long.map(VietnameseLetters.bare))
    }

    static func expanded(_ words: [String]) -> [String] { expanded(words, table) }
    static func expandedBare(_ words: [String]) -> [String] { expanded(words, bareTable) }

    private static func expanded(
        _ words: [String], _ table: [(short: [String], long: [String])]
    ) -> [String] {
        var result: [String] = []
        var at = 0
        while at < words.count {
            let rest = words[at...]
            if let entry = table.first(where: { rest.starts(with: $0.short) }) {
                result += entry.long
                at += entry.short.count
            } else {
                result.append(words[at])
                at += 1
            }
        }
        return result
    }

    /// The same on words that remember where a name may end.
    package static func expanded(_ words: [ComparedText.Word]) -> [ComparedText.Word] {
        var result: [ComparedText.Word] = []
        var at = 0
        while at < words.count {
            let rest = words[at...].prefix(2).map(\.text)
            if let entry = table.first(where: { rest.starts(with: $0.short) }) {
                result += entry.long.map { ComparedText.Word(text: $0) }
                at += entry.short.count
                result[result.count - 1].ends = words[at - 1].ends
            } else {
                result.append(words[at])
                at += 1
            }
        }
        return result
    }
}

/// Words before a person's name that are none of it.
enum FormOfAddress {
    private static let all = [
        "đồng chí", "đ c", "đc", "ông", "bà", "gs", "pgs", "ts", "ths", "bs", "ks", "cn",
    ].map { ComparedText($0).texts }

    /// Without those at the beginning; a name of nothing else stays.
    static func dropped(_ words: [String]) -> [String] {
        var rest = words[...]
        while let title = all.first(where: { rest.starts(with: $0) }), title.count < rest.count {
            rest = rest.dropFirst(title.count)
        }
        return Array(rest)
    }
}
