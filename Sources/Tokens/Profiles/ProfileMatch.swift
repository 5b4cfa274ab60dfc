/// A text a token must show: exact, or its beginning.
package struct TextPattern: Equatable, Sendable, CustomStringConvertible {
    package let text: String
    /// Whatever begins with `text`; written with a `*` behind it.
    package let isPrefix: Bool

    /// nil for an empty pattern, a bare `*`, and a `*` anywhere but at the end.
    package init?(_ pattern: String) {
        isPrefix = pattern.hasSuffix("*")
        text = isPrefix ? String(pattern.dropLast()) : pattern
        guard !text.isEmpty, !text.contains("*") else { return nil }
    }

    package var description: String { isPrefix ? text + "*" : text }

    package func fits(_ shown: String) -> Bool {
        isPrefix ? shown.utf8.starts(with: text.utf8) : shown.utf8.elementsEqual(text.utf8)
    }

    /// Whether all that fits this one fits `other` too.
    func isWithin(_ other: TextPattern) -> Bool {
        other.fits(text) && (other.isPrefix || !isPrefix)
    }

    func overlaps(_ other: TextPattern) -> Bool {
        isWithin(other) || other.isWithin(self)
    }
}

/// A version as numbers between dots; what is left out at the end is zero.
package struct TokenVersion: Equatable, Comparable, Sendable, CustomStringConvertible {
    package let numbers: [Int]

    /// nil for anything but one to four numbers up to 65535, with dots between them.
    package init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        var numbers: [Int] = []
        for part in parts {
            guard (1...5).contains(part.count), part.allSatisfy({ (0x30...0x39).contains($0) }),
                numbers.count < 4
            else { return nil }
            let number = part.reduce(0) { $0 * 10 + Int($1 & 0x0F) }
            guard number <= 65_535 else { return nil }
            numbers.append(number)
        }
        guard !numbers.isEmpty else { return nil }
        self.numbers = numbers
    }

    package var description: String { numbers.map(String.init).joined(separator: ".") }

    private func at(_ place: Int) -> Int { place < numbers.count ? numbers[place] : 0 }

    package static func == (a: TokenVersion, b: TokenVersion) -> Bool {
        (0..<4).allSatisfy { a.at($0) == b.at($0) }
    }

    package static func < (a: TokenVersion, b: TokenVersion) -> Bool {
        for place in 0..<4 where a.at(place) != b.at(place) { return a.at(place) < b.at(place) }
        return false
    }
}

/// Versions from one on, and before another.
package struct VersionRange: Equatable, Sendable {
    /// nil: from the first.
    package let from: TokenVersion?
    /// This one is not in it; nil: without an end.
    package let below: TokenVersion?

    package func contains(_ version: TokenVersion) -> Bool {
        if let from, version < from { return false }
        if let below, version >= below { return false }
        return true
    }

    func isWithin(_ other: VersionRange) -> Bool {
        if let theirs = other.from {
            guard let from, from >= theirs else { return false }
        }
        if let theirs = other.below {
            guard let below, below <= theirs else { return false }
        }
        return true
    }

    func overlaps(_ other: VersionRange) -> Bool {
        if let from, let end = other.below, from >= end { return false }
        if let from = other.from, let end = below, from >= end { return false }
        return true
    }
}

/// An answer to reset or an application's identifier, whole or its beginning; upper-case
/// hexadecimal.
package struct HexPattern: Equatable, Sendable, CustomStringConvertible {
    package let pattern: TextPattern

    /// Pairs of hexadecimal digits, blanks between them as one likes, a `*` at the end for a
    /// beginning. nil for anything else, and for more than `longest` bytes.
    package init?(_ text: String, longest: Int) {
        let bare = String(text.filter { $0 != " " }).uppercased()
        guard let pattern = TextPattern(bare) else { return nil }
        let digits = pattern.text.utf8
        guard digits.count % 2 == 0, digits.count <= 2 * longest, digits.allSatisfy(Self.isDigit)
        else {
            return nil
        }
        self.pattern = pattern
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte)
    }

    package var description: String { pattern.description }
}

/// What a token shows that a profile can be recognised by.
package struct ProfileSubject: Equatable, Sendable {
    /// nil for a card that no family knows.
    package let family: String?
    /// The identifier of the application that was selected, upper-case hexadecimal.
    package let aid: String?
    package let model: String?
    package let label: String?
    package let manufacturer: String?
    package let version: TokenVersion?
    /// Upper-case hexadecimal; empty where it is not known.
    package let atr: String

    package init(
        family: String?, aid: String? = nil, model: String? = nil, label: String? = nil,
        manufacturer: String? = nil, version: TokenVersion? = nil, atr: String = ""
    ) {
        self.family = family
        self.aid = aid?.uppercased()
        self.model = model
        self.label = label
        self.manufacturer = manufacturer
        self.version = version
        self.atr = atr.uppercased()
    }
}

/// How a profile's tokens are recognised. What is left out is not asked for.
package struct ProfileMatch: Equatable, Sendable {
    /// nil: cards that no family knows.
    package let family: String?
    package let aid: HexPattern?
    package let model: TextPattern?
    package let label: TextPattern?
    package let manufacturer: TextPattern?
    package let version: VersionRange?
    /// Answers to reset that were seen. With a family they are a hint: a token with another one
    /// still fits. Without one they are all there is.
    package let atrs: [HexPattern]

    package init(
        family: String?, aid: HexPattern? = nil, model: TextPattern? = nil,
        label: TextPattern? = nil, manufacturer: TextPattern? = nil,
        version: VersionRange? = nil, atrs: [HexPattern] = []
    ) {
        self.family = family
        self.aid = aid
        self.model = model
        self.label = label
        self.manufacturer = manufacturer
        self.version = version
        self.atrs = atrs
    }

    package func fits(_ subject: ProfileSubject) -> Bool {
        guard family == subject.family else { return false }
        if family == nil { return knowsATR(subject.atr) }
        func fits(_ pattern: TextPattern?, _ shown: String?) -> Bool {
            guard let pattern else { return true }
            return shown.map(pattern.fits) ?? false
        }
        guard fits(aid?.pattern, subject.aid), fits(model, subject.model),
            fits(label, subject.label), fits(manufacturer, subject.manufacturer)
        else { return false }
        guard let version else { return true }
        return subject.version.map(version.contains) ?? false
    }

    /// Whether this answer to reset is one of those that were seen.
    package func knowsATR(_ atr: String) -> Bool {
        atrs.contains { $0.pattern.fits(atr.uppercased()) }
    }

    /// Whether each token that fits this one fits `other` too.
    func isWithin(_ other: ProfileMatch) -> Bool {
        guard family == other.family else { return false }
        guard family != nil else {
            return atrs.allSatisfy { mine in
                other.atrs.contains { mine.pattern.isWithin($0.pattern) }
            }
        }
        func isWithin(_ mine: TextPattern?, _ theirs: TextPattern?) -> Bool {
            guard let theirs else { return true }
            return mine.map { $0.isWithin(theirs) } ?? false
        }
        guard isWithin(aid?.pattern, other.aid?.pattern), isWithin(model, other.model),
            isWithin(label, other.label), isWithin(manufacturer, other.manufacturer)
        else { return false }
        guard let theirs = other.version else { return true }
        return version.map { $0.isWithin(theirs) } ?? false
    }

    /// Whether there can be a token that fits both.
    func overlaps(_ other: ProfileMatch) -> Bool {
        guard family == other.family else { return false }
        guard family != nil else {
            return atrs.contains { mine in
                other.atrs.contains { mine.pattern.overlaps($0.pattern) }
            }
        }
        func overlap(_ mine: TextPattern?, _ theirs: TextPattern?) -> Bool {
            guard let mine, let theirs else { return true }
            return mine.overlaps(theirs)
        }
        guard overlap(aid?.pattern, other.aid?.pattern), overlap(model, other.model),
            overlap(label, other.label), overlap(manufacturer, other.manufacturer)
        else { return false }
        guard let version, let theirs = other.version else { return true }
        return version.overlaps(theirs)
    }
}
