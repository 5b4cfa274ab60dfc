/// One line of text that a person types: a request's number, a name. Never a code.
struct TextField: Equatable, Sendable {
    /// Longest text, in characters.
    static let longest = 254
    /// A character may be of any number of scalars: no more than as many letters with two marks
    /// have, or a text without an end would be one character.
    static let mostScalars = 3 * longest

    private(set) var text: String
    /// Characters before the cursor.
    private(set) var cursor: Int
    /// What the last key of an input method did to the word before the cursor.
    private var composing = Composing.plain

    private enum Composing: Equatable, Sendable {
        case plain
        /// The last letter is the ư of w alone.
        case loneW
        /// A doubled key took back what it had done: the word is as typed up to its end.
        case undone
    }

    init(_ text: String = "") {
        let start = String(text.unicodeScalars.prefix(TextField.mostScalars))
        self.text = String(Composition.composed(start).prefix(TextField.longest))
        cursor = self.text.count
    }

    /// The text without spaces at both ends.
    var trimmed: String {
        var slice = Substring(text)
        while slice.first == " " { slice.removeFirst() }
        while slice.last == " " { slice.removeLast() }
        return String(slice)
    }

    /// Types one character before the cursor, composed with what it follows; false when it
    /// cannot stand in a line of text or the field is full.
    @discardableResult
    mutating func insert(_ scalar: Unicode.Scalar) -> Bool {
        guard let width = CharacterWidth.of(scalar),
            text.unicodeScalars.count < TextField.mostScalars
        else { return false }
        let split = text.index(text.startIndex, offsetBy: cursor)
        var before = text[..<split].unicodeScalars
        var head = String.UnicodeScalarView(before)
        if width == 0 {
            // At most two marks on a letter, as many as a cell shows.
            let marks = before.reversed().prefix { CharacterWidth.of($0) == 0 }.count
            guard !before.isEmpty, marks < 2 else { return false }
        } else if text.count >= TextField.longest {
            return false
        }
        Composition.append(scalar, to: &head)
        before = text[split...].unicodeScalars
        let joined = String(head)
        text = joined + String(before)
        cursor = min(joined.count, text.count)
        return true
    }

    /// Types one character as the input method takes it.
    private mutating func type(_ scalar: Unicode.Scalar, _ method: InputMethod) -> Bool {
        let before = text.prefix(cursor).unicodeScalars
        let word = before.reversed().prefix { VietnameseLetter($0) != nil }.reversed()
        if word.isEmpty { composing = .plain }
        guard method != .off, composing != .undone, !isForeign(before, wordOf: word.count),
            let typed = method.type(scalar, after: Array(word), loneW: composing == .loneW)
        else {
            if composing == .loneW { composing = .plain }
            return insert(scalar)
        }
        let head = String(String.UnicodeScalarView(before.dropLast(word.count) + typed.word))
        let whole = head + text.dropFirst(cursor)
        guard head.count + text.count - cursor <= TextField.longest,
            whole.unicodeScalars.count <= TextField.mostScalars
        else { return false }
        text = whole
        cursor = head.count
        composing = typed.isUndone ? .undone : typed.isLoneW ? .loneW : .plain
        return true
    }

    /// Numbers, and what stands behind a digit or in an address of mail, are as typed.
    private func isForeign(
        _ before: Substring.UnicodeScalarView, wordOf letters: Int
    ) -> Bool {
        let rest = before.dropLast(letters)
        if let last = rest.last, (0x30...0x39).contains(last.value) { return true }
        return rest.reversed().prefix { $0 != " " }.contains("@")
    }

    /// Whether the key changed text or cursor.
    mutating func edit(_ key: Key, _ method: InputMethod = .off) -> Bool {
        if case .character(let scalar) = key { return type(scalar, method) }
        composing = .plain
        let was = self
        switch key {
        case .pasted(let scalar): return insert(scalar)
        case .backspace:
            guard cursor > 0 else { return false }
            text.remove(at: text.index(text.startIndex, offsetBy: cursor - 1))
            cursor -= 1
        case .delete:
            guard cursor < text.count else { return false }
            text.remove(at: text.index(text.startIndex, offsetBy: cursor))
        case .left: cursor = max(cursor - 1, 0)
        case .right: cursor = min(cursor + 1, text.count)
        case .home, .control("a"): cursor = 0
        case .end, .control("e"): cursor = text.count
        case .control("u"):
            text.removeFirst(cursor)
            cursor = 0
        default: return false
        }
        cursor = min(cursor, text.count)
        return self != was
    }

    /// The part of the text that fits into `width` columns with the cursor in it, and the
    /// column of the cursor.
    func window(_ width: Int) -> (text: String, cursor: Int) {
        let room = max(width - 1, 1)
        var head = Array(text.prefix(cursor))
        var columns = head.reduce(0) { $0 + CharacterWidth.of(String($1)) }
        while columns > room, !head.isEmpty {
            columns -= CharacterWidth.of(String(head.removeFirst()))
        }
        var shown = String(head)
        var used = columns
        for character in text.dropFirst(cursor) {
            let w = CharacterWidth.of(String(character))
            guard used + w <= width else { break }
            shown.append(character)
            used += w
        }
        return (shown, columns)
    }
}
