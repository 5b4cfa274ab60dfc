/// Draws into the card from top to bottom and keeps the place. What does not fit is left out,
/// never written over something else.
struct Painter {
    var grid: CellGrid
    let language: Language
    /// The card's inside: text never leaves it.
    let left: Int
    private(set) var width: Int
    private(set) var row: Int
    private(set) var bottom: Int
    /// The card's last rows: a notice stands there, and nothing under it.
    private let cardBottom: Int
    /// Rows that found no place.
    private(set) var lost = 0
    /// Rows that were left empty, and how many of them may be.
    private(set) var gaps = 0
    private let mostGaps: Int
    /// The keys for a code, where somebody wants them.
    var pad: CodePad?
    /// The same in words, where somebody wants them instead of cells.
    var telling: Telling?
    /// The card's inside before something was drawn beside the text.
    private let wholeWidth: Int

    init(
        grid: CellGrid, language: Language, left: Int, top: Int, width: Int, bottom: Int,
        foot: Int = 0, mostGaps: Int = .max
    ) {
        self.grid = grid
        self.language = language
        self.left = left
        self.width = width
        wholeWidth = width
        row = top
        cardBottom = bottom
        self.bottom = bottom - foot
        self.mostGaps = mostGaps
    }

    var rowsLeft: Int { max(bottom - row, 0) }
    /// The same with the rows of a notice: what must stay in its place when one comes.
    var cardRowsLeft: Int { max(cardBottom - row, 0) }

    func text(_ phrase: Phrase, _ arguments: String...) -> String {
        phrase.text(language, arguments)
    }

    /// What is drawn from here on leaves room at its right.
    mutating func narrow(to columns: Int) { width = min(max(columns, 1), wholeWidth) }

    mutating func gap(_ rows: Int = 1) {
        let rows = min(rows, mostGaps - gaps)
        gaps += rows
        row += rows
    }

    /// What follows is drawn over the card's foot.
    mutating func openFoot() { bottom = cardBottom }

    private mutating func hasRoom() -> Bool {
        if rowsLeft > 0 { return true }
        lost += 1
        return false
    }

    /// One line, cut off where it is too long.
    mutating func line(_ text: String, _ role: Role = .text, indent: Int = 0) {
        tell(text)
        put(text, role, indent: indent)
    }

    /// A line that changes by itself all the time: nobody is told of it.
    mutating func clock(_ text: String, _ role: Role = .text) { put(text, role) }

    private mutating func put(_ text: String, _ role: Role, indent: Int = 0) {
        guard hasRoom() else { return }
        grid.put(text, row: row, column: left + indent, limit: width - indent, role: role)
        row += 1
    }

    /// Text over as many lines as it needs, at most `most`.
    mutating func paragraph(
        _ text: String, _ role: Role = .text, indent: Int = 0, most: Int = 6
    ) {
        tell(text)
        for line in Wrapping.lines(text, width: width - indent, most: most) {
            put(line, role, indent: indent)
        }
    }

    /// The width of a card's text on the smallest screen.
    static let narrowest = Size.smallest.columns - 10

    /// As many of the lines as find room, and how many there are above and below them, where the
    /// keys lead. Who hears the screen hears all of them.
    mutating func scrolled(
        _ lines: [(String, Role)], _ scroll: Scroll, more: Phrase, keys: (up: Key, down: Key)
    ) {
        guard telling == nil, lines.count > rowsLeft else {
            return lines.forEach { line($0.0, $0.1) }
        }
        let rows = scroll.rows(max(rowsLeft - 2, 1), of: lines.count)
        if rows.lowerBound > 0 {
            line(text(.technicianAbove, String(rows.lowerBound)), .quiet)
            touch(from: row - 1, keys.up)
        }
        let top = row
        for (text, role) in lines[rows] { line(text, role) }
        if keys.down == .pageDown { wheel(from: top) }
        let hidden = lines.count - rows.upperBound
        guard hidden > 0 else { return }
        line(text(more, String(hidden)), .quiet)
        touch(from: row - 1, keys.down)
    }

    /// A name and what it is, in two columns.
    mutating func pair(_ label: String, _ value: String, _ role: Role = .text, at column: Int) {
        guard hasRoom() else { return }
        tell("\(label): \(value)")
        let lines = Wrapping.lines(value, width: width - column, most: 2)
        grid.put(label, row: row, column: left, limit: column - 1, role: .quiet)
        for line in lines.isEmpty ? [""] : lines { put(line, role, indent: column) }
    }

    /// A line of pieces, each in its own role; `told` says it where marks and places alone do.
    mutating func pieces(_ pieces: [(String, Role)], indent: Int = 0, told: String? = nil) {
        guard hasRoom() else { return }
        if telling != nil { tell(told ?? pieces.map(\.0).joined()) }
        var column = left + indent
        for (text, role) in pieces {
            column += grid.put(
                text, row: row, column: column, limit: left + width - column, role: role)
        }
        row += 1
    }

    /// An input field of one line; `cursor` columns into it when it has the keys.
    mutating func field(_ text: String, width fieldWidth: Int, cursor: Int?) {
        guard hasRoom() else { return }
        if let label = telling?.takeLabel(above: row) {
            let text = Telling.words(text)
            telling?.add(.field(label: label, text: text, isFocused: cursor != nil), row: row)
        }
        putField(text, width: fieldWidth, cursor: cursor)
    }

    /// The field of a code: a dot for each character, and nothing else of it.
    mutating func code(_ facts: CodeFacts, isFocused: Bool) {
        guard hasRoom() else { return }
        if let label = telling?.takeLabel(above: row) {
            telling?.add(
                .code(label: label, characters: facts.characters, isFocused: isFocused), row: row)
        }
        let room = min(width, 44)
        let dots = min(facts.characters, room - 3)
        putField(
            String(repeating: "●", count: dots), width: room, cursor: isFocused ? dots : nil)
    }

    private mutating func putField(_ text: String, width fieldWidth: Int, cursor: Int?) {
        let room = min(fieldWidth, width)
        let role: Role = cursor == nil ? .field : .fieldFocused
        grid.fill(row: row, column: left, width: room, height: 1, role: role)
        grid.put(text, row: row, column: left + 1, limit: room - 2, role: role)
        if let cursor {
            grid.cursor = Position(row: row, column: left + 1 + min(cursor, room - 2))
        }
        row += 1
    }

    /// A label and its input field beside it, in one line.
    mutating func labelled(
        _ label: String, _ text: String, at column: Int, width fieldWidth: Int, cursor: Int?,
        _ isFocused: Bool
    ) {
        guard hasRoom() else { return }
        telling?.add(
            .field(
                label: Telling.words(label), text: Telling.words(text), isFocused: isFocused),
            row: row)
        let start = left + column
        let room = min(fieldWidth, width - column)
        let role: Role = isFocused ? .fieldFocused : .field
        grid.put(
            label, row: row, column: left, limit: column - 1, role: isFocused ? .strong : .text)
        grid.fill(row: row, column: start, width: room, height: 1, role: role)
        grid.put(text, row: row, column: start + 1, limit: room - 2, role: role)
        if let cursor {
            grid.cursor = Position(row: row, column: start + 1 + min(cursor, room - 2))
        }
        row += 1
    }

    /// What was drawn since `top` presses `key` when it is touched.
    mutating func touch(from top: Int, _ key: Key) {
        telling?.makeChoice(from: top, isChosen: key == .enter)
        target(from: top, .key(key))
    }

    /// A part of the line drawn last presses `key`: `columns` from `first` on.
    mutating func touchPiece(_ first: Int, _ columns: Int, _ key: Key) {
        if telling != nil {
            var text = ""
            for column in left + first..<min(left + first + columns, grid.size.columns) {
                text += grid[min(row - 1, grid.size.rows - 1), column].text
            }
            telling?.addChoice(Telling.words(text), row: row - 1, isChosen: key == .enter)
        }
        grid.touch(row: row - 1, column: left + first, width: columns, height: 1, .key(key))
    }

    /// The wheel moves in the list that was drawn since `top`.
    mutating func wheel(from top: Int) { target(from: top, .wheel) }

    private mutating func tell(_ text: String) {
        guard telling != nil, rowsLeft > 0 else { return }
        telling?.add(.text(Telling.words(text)), row: row)
    }

    private mutating func target(from top: Int, _ effect: Target.Effect) {
        grid.touch(
            row: top, column: left - 1, width: width + 2, height: min(row, bottom) - top, effect)
    }

    static func bandLines(_ text: String, width: Int) -> [String] {
        Wrapping.lines(text, width: width - 2, most: 2)
    }

    /// A band across the card at its bottom.
    mutating func band(_ text: String, _ role: Role) {
        tell(text)
        let lines = Painter.bandLines(text, width: wholeWidth)
        let top = bottom - lines.count
        grid.fill(
            row: top, column: left - 1, width: wholeWidth + 2, height: lines.count, role: role)
        for (i, line) in lines.enumerated() {
            grid.put(line, row: top + i, column: left, limit: wholeWidth, role: role)
        }
    }
}

/// Breaks text at spaces, by columns; a word longer than a line is cut into lines.
enum Wrapping {
    static func lines(_ text: String, width: Int, most: Int) -> [String] {
        guard width > 0, most > 0 else { return [] }
        var lines: [String] = []
        var line = ""
        var used = 0
        func flush() {
            if !line.isEmpty { lines.append(line) }
            line = ""
            used = 0
        }
        for word in text.split(separator: " ") {
            var word = String(word)
            var columns = CharacterWidth.of(word)
            if used > 0, used + 1 + columns > width { flush() }
            while columns > width {
                var head = ""
                var taken = 0
                while let first = word.first, taken + CharacterWidth.of(String(first)) <= width {
                    taken += CharacterWidth.of(String(first))
                    head.append(word.removeFirst())
                }
                if head.isEmpty { head.append(word.removeFirst()) }
                lines.append(head)
                columns = CharacterWidth.of(word)
            }
            if used > 0 {
                line.append(" ")
                used += 1
            }
            line += word
            used += columns
        }
        flush()
        guard lines.count > most else { return lines }
        var kept = Array(lines.prefix(most))
        kept[most - 1] += " …"
        return kept
    }
}
