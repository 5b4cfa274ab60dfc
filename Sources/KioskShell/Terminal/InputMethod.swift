/// How Vietnamese letters are typed on a keyboard that has none: neither a console nor cage
/// brings an input method of its own. Only text fields know it; a code is what was typed.
enum InputMethod: String, Sendable, CaseIterable {
    case off, telex, vni

    /// The one that follows when the key for it is pressed.
    var next: InputMethod {
        switch self {
        case .telex: .vni
        case .vni: .off
        case .off: .telex
        }
    }

    /// What one key of a method does to the word before it.
    private enum Wish {
        /// The combining mark; nil takes the tone away.
        case tone(Unicode.Scalar?)
        /// The circumflex on one of these vowels.
        case circumflex([UInt8])
        case horn, breve
        /// Telex's w: horn, else breve, else a letter ư of its own.
        case hornOrBreve
        case bar
        case letter
    }

    /// What a key made of a word.
    struct Typed: Equatable, Sendable {
        var word: [Unicode.Scalar]
        /// The key took back what it had done before: from here on the word is as typed.
        var isUndone = false
        /// The letter ư that w alone stands for, which a second w makes a w.
        var isLoneW = false
    }

    /// The word that `key` makes of `word`, in NFC; nil where it is a character like any other.
    /// - Parameter loneW: the word's last letter came from w alone.
    func type(_ key: Unicode.Scalar, after word: [Unicode.Scalar], loneW: Bool = false) -> Typed? {
        guard self != .off, key.isASCII, word.count <= Syllable.longest else { return nil }
        let letters = word.compactMap { VietnameseLetter($0) }
        guard letters.count == word.count else { return nil }
        let wish = wish(of: key)
        if loneW, case .hornOrBreve = wish {
            let isUpper = letters.last?.isUpper ?? false
            return Typed(word: word.dropLast() + [isUpper ? "W" : "w"], isUndone: true)
        }
        if case .bar = wish { return InputMethod.bar(letters, key) }
        if case .letter = wish {
            guard let letter = VietnameseLetter(key) else { return nil }
            return InputMethod.append(letter, to: letters)
        }
        guard let syllable = Syllable(letters) else { return nil }
        let typed: Typed?
        switch wish {
        case .tone(let mark): typed = InputMethod.tone(mark, on: syllable, key)
        case .circumflex(let vowels):
            typed = InputMethod.shape(syllable, key, .circumflex) { circumflexed($0, vowels) }
        case .breve: typed = InputMethod.shape(syllable, key, .breve, breved)
        case .horn: typed = InputMethod.shape(syllable, key, .horn, horned)
        case .hornOrBreve:
            typed = InputMethod.hornOrBreve(syllable, key)
        case .bar, .letter: return nil
        }
        if let typed { return typed }
        return VietnameseLetter(key).flatMap { InputMethod.append($0, to: letters) }
    }

    private func wish(of key: Unicode.Scalar) -> Wish {
        let value = UInt8(truncatingIfNeeded: key.value)
        switch self {
        case .off: return .letter
        case .telex:
            switch value | 0x20 {
            case _ where !key.properties.isAlphabetic: return .letter
            case UInt8(ascii: "s"): return .tone("\u{301}")
            case UInt8(ascii: "f"): return .tone("\u{300}")
            case UInt8(ascii: "r"): return .tone("\u{309}")
            case UInt8(ascii: "x"): return .tone("\u{303}")
            case UInt8(ascii: "j"): return .tone("\u{323}")
            case UInt8(ascii: "z"): return .tone(nil)
            case UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "o"):
                return .circumflex([value | 0x20])
            case UInt8(ascii: "w"): return .hornOrBreve
            case UInt8(ascii: "d"): return .bar
            default: return .letter
            }
        case .vni:
            switch value {
            case UInt8(ascii: "1"): return .tone("\u{301}")
            case UInt8(ascii: "2"): return .tone("\u{300}")
            case UInt8(ascii: "3"): return .tone("\u{309}")
            case UInt8(ascii: "4"): return .tone("\u{303}")
            case UInt8(ascii: "5"): return .tone("\u{323}")
            case UInt8(ascii: "0"): return .tone(nil)
            case UInt8(ascii: "6"):
                return .circumflex([UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "o")])
            case UInt8(ascii: "7"): return .horn
            case UInt8(ascii: "8"): return .breve
            case UInt8(ascii: "9"): return .bar
            default: return .letter
            }
        }
    }

    // MARK: what keys do

    private static func tone(
        _ mark: Unicode.Scalar?, on was: Syllable, _ key: Unicode.Scalar
    ) -> Typed? {
        var syllable = was
        guard !was.vowels.isEmpty else { return nil }
        if let mark, was.tone == mark {
            syllable.tone = nil
            return Typed(word: syllable.scalars + [key], isUndone: true)
        }
        if let mark {
            guard was.takes(mark) else { return nil }
        } else if was.tone == nil {
            return nil
        }
        syllable.tone = mark
        return Typed(word: syllable.scalars)
    }

    /// Tries the shapes that `candidates` gives, else takes the shape away again.
    private static func shape(
        _ was: Syllable, _ key: Unicode.Scalar, _ shape: VietnameseLetter.Shape,
        _ candidates: (Syllable) -> [[VietnameseLetter]]
    ) -> Typed? {
        if let changed = first(candidates(was), of: was) { return changed }
        return undo([shape], of: was, key)
    }

    private static func hornOrBreve(_ was: Syllable, _ key: Unicode.Scalar) -> Typed? {
        if let changed = first(horned(was) + breved(was), of: was) { return changed }
        if let undone = undo([.horn, .breve], of: was, key) { return undone }
        guard var lone = VietnameseLetter(key) else { return nil }
        lone.base = UInt8(ascii: "u")
        lone.shape = .horn
        guard Syllable(was.letters + [lone]) != nil else { return nil }
        return Typed(word: was.scalars + [lone.scalar], isLoneW: true)
    }

    private static func first(_ candidates: [[VietnameseLetter]], of was: Syllable) -> Typed? {
        for letters in candidates where letters != was.letters {
            guard var syllable = Syllable(letters) else { continue }
            syllable.tone = was.tone
            return Typed(word: syllable.scalars)
        }
        return nil
    }

    private static func undo(
        _ shapes: [VietnameseLetter.Shape], of was: Syllable, _ key: Unicode.Scalar
    ) -> Typed? {
        var letters = was.letters
        var found = false
        for i in was.vowels where shapes.contains(letters[i].shape) {
            // A key of one vowel takes back that vowel's shape only.
            if let typed = VietnameseLetter(key), typed.isVowel, typed.base != letters[i].base {
                continue
            }
            letters[i].shape = .none
            found = true
        }
        guard found else { return nil }
        var syllable = was
        syllable.letters = letters
        syllable.tone = was.tone
        return Typed(word: syllable.scalars + [key], isUndone: true)
    }

    /// đ for the d at the begin of a syllable, wherever the key comes, and for the last d of an
    /// abbreviation (QĐ, UBNĐ).
    private static func bar(_ letters: [VietnameseLetter], _ key: Unicode.Scalar) -> Typed? {
        let d = UInt8(ascii: "d")
        var letters = letters
        let place: Int
        if let syllable = Syllable(letters), syllable.vowels.lowerBound == 1, letters[0].base == d {
            place = 0
        } else if let last = letters.last, last.base == d,
            letters.dropLast().last.map({ !$0.isVowel }) ?? true
        {
            place = letters.count - 1
        } else {
            return VietnameseLetter(key).flatMap { append($0, to: letters) }
        }
        let wasBarred = letters[place].shape == .bar
        letters[place].shape = wasBarred ? .none : .bar
        let word = letters.map(\.scalar)
        return wasBarred ? Typed(word: word + [key], isUndone: true) : Typed(word: word)
    }

    /// One more letter: the tone moves to where it now belongs, and "ưo" or "uơ" that goes on is
    /// "ươ".
    private static func append(
        _ letter: VietnameseLetter, to was: [VietnameseLetter]
    ) -> Typed? {
        guard let before = Syllable(was), var syllable = Syllable(was + [letter]) else {
            return nil
        }
        if syllable.hasCoda || before.nucleus == "uơ", !before.hasCoda,
            before.nucleus == "uơ" || before.nucleus == "ưo"
        {
            for i in before.vowels { syllable.letters[i].shape = .horn }
        }
        syllable.tone = before.tone
        return Typed(word: syllable.scalars)
    }
}

extension Syllable {
    fileprivate var scalars: [Unicode.Scalar] { letters.map(\.scalar) }
}

// Which vowels a key of shape could mean, likeliest first; the tables of the syllable decide.

private func circumflexed(_ syllable: Syllable, _ bases: [UInt8]) -> [[VietnameseLetter]] {
    syllable.vowels.reversed().filter { bases.contains(syllable.letters[$0].base) }.map { place in
        var letters = syllable.letters
        // "ươ" with a circumflex is "uô".
        if letters[place].base == UInt8(ascii: "o") {
            for i in syllable.vowels where letters[i].shape == .horn { letters[i].shape = .none }
        }
        letters[place].shape = .circumflex
        return letters
    }
}

private func breved(_ syllable: Syllable) -> [[VietnameseLetter]] {
    syllable.vowels.filter { syllable.letters[$0].base == UInt8(ascii: "a") }.map { place in
        var letters = syllable.letters
        letters[place].shape = .breve
        return letters
    }
}

private func horned(_ syllable: Syllable) -> [[VietnameseLetter]] {
    let (o, u) = (UInt8(ascii: "o"), UInt8(ascii: "u"))
    let places = syllable.vowels.filter { [o, u].contains(syllable.letters[$0].base) }
    func with(_ horned: [Int]) -> [VietnameseLetter] {
        var letters = syllable.letters
        for place in horned { letters[place].shape = .horn }
        return letters
    }
    guard places.count > 1 else { return places.map { with([$0]) } }
    let both = with(Array(places.prefix(2)))
    // "thuở" is the one common word in "uơ"; all others go on to "ươ".
    if syllable.initial == "th", !syllable.hasCoda, ["uo", "uơ"].contains(syllable.nucleus) {
        return [with([places[1]]), both]
    }
    return [both] + places.map { with([$0]) }
}
