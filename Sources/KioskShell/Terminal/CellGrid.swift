/// Where something stands on the screen; row and column count from 0 at the top left.
struct Position: Equatable, Sendable {
    var row: Int
    var column: Int
}

struct Size: Equatable, Sendable {
    var columns: Int
    var rows: Int

    /// The smallest screen the counter is laid out for.
    static let smallest = Size(columns: 80, rows: 24)
    /// Beyond this a reported size is taken for a mistake (4K with an 8-pixel font is 480 × 270).
    static let largest = Size(columns: 500, rows: 300)

    /// Whether the counter can be drawn on it.
    var isEnough: Bool { columns >= Size.smallest.columns && rows >= Size.smallest.rows }

    /// This size, brought between 1 × 1 and `largest`.
    var clamped: Size {
        Size(
            columns: min(max(columns, 1), Size.largest.columns),
            rows: min(max(rows, 1), Size.largest.rows))
    }
}

/// One column of one row: a base character with up to two combining marks, and its role.
struct Cell: Equatable, Sendable {
    /// The base; 0 marks the right half of a wide character in the column before.
    var base: UInt32 = 0x20
    var mark: UInt32 = 0
    var secondMark: UInt32 = 0
    var role: Role = .page

    var isRightHalf: Bool { base == 0 }

    /// The cell's characters, as they are written to a terminal.
    var text: String {
        var view = String.UnicodeScalarView()
        for value in [base, mark, secondMark] where value != 0 {
            if let scalar = Unicode.Scalar(value) { view.append(scalar) }
        }
        return String(view)
    }
}

/// A whole screen as cells. Drawing outside of it is cut off; nothing that could steer a
/// terminal can get into it, whatever the text.
struct CellGrid: Equatable, Sendable {
    let size: Size
    private(set) var cells: [Cell]
    /// Where the cursor blinks; hidden when nil.
    var cursor: Position?
    /// What can be touched; of two that overlap the later one lies on top.
    private(set) var targets: [Target] = []

    init(size: Size, role: Role = .page) {
        self.size = size.clamped
        var blank = Cell()
        blank.role = role
        cells = Array(repeating: blank, count: self.size.columns * self.size.rows)
    }

    subscript(row: Int, column: Int) -> Cell { cells[row * size.columns + column] }

    /// One row as text, trailing spaces left out.
    func line(_ row: Int) -> String {
        guard row >= 0, row < size.rows else { return "" }
        var text = ""
        for column in 0..<size.columns { text += self[row, column].text }
        while text.last == " " { text.removeLast() }
        return text
    }

    /// All rows as text.
    var lines: [String] { (0..<size.rows).map(line) }

    /// Fills a rectangle with spaces of a role.
    mutating func fill(row: Int, column: Int, width: Int, height: Int, role: Role) {
        for r in max(row, 0)..<max(max(row, 0), min(row + height, size.rows)) {
            for c in max(column, 0)..<max(max(column, 0), min(column + width, size.columns)) {
                var blank = Cell()
                blank.role = role
                store(blank, r, c)
            }
        }
    }

    /// Writes `text` from (row, column) rightwards, at most `limit` columns, and returns the
    /// columns used. Text that is too long ends in "…". Controls become U+FFFD; zero-width
    /// characters without a base, and more than two marks on one base, are left out.
    @discardableResult
    mutating func put(
        _ text: String, row: Int, column: Int, limit: Int = .max, role: Role
    ) -> Int {
        guard row >= 0, row < size.rows, column >= 0, column < size.columns else { return 0 }
        let room = min(limit, size.columns - column)
        guard room > 0 else { return 0 }
        let text = Composition.composed(text)
        let cut = CharacterWidth.of(text) > room
        let usable = cut ? room - 1 : room
        var used = 0
        for scalar in text.unicodeScalars {
            let width = CharacterWidth.of(scalar)
            if width == 0 {
                if used > 0 { addMark(scalar.value, row, column + used - 1) }
                continue
            }
            guard used + (width ?? 1) <= usable else { break }
            var cell = Cell()
            cell.base = width == nil ? 0xFFFD : scalar.value
            cell.role = role
            store(cell, row, column + used)
            if width == 2 {
                cell.base = 0
                store(cell, row, column + used + 1)
            }
            used += width ?? 1
        }
        if cut {
            var cell = Cell()
            cell.base = 0x2026
            cell.role = role
            store(cell, row, column + used)
            used += 1
        }
        return used
    }

    /// Makes a rectangle answer to touch; what of it is outside of the grid does not matter.
    mutating func touch(
        row: Int, column: Int, width: Int, height: Int, _ effect: Target.Effect
    ) {
        guard targets.count < Target.most, width > 0, height > 0 else { return }
        targets.append(
            Target(row: row, column: column, width: width, height: height, effect: effect))
    }

    /// Whether both look the same, whatever touching them does.
    func looksLike(_ other: CellGrid) -> Bool {
        size == other.size && cursor == other.cursor && cells == other.cells
    }

    private mutating func addMark(_ value: UInt32, _ row: Int, _ column: Int) {
        var index = row * size.columns + column
        if cells[index].isRightHalf, column > 0 { index -= 1 }
        if cells[index].mark == 0 {
            cells[index].mark = value
        } else if cells[index].secondMark == 0 {
            cells[index].secondMark = value
        }
    }

    /// Stores one cell and repairs a wide character it may have cut in half.
    private mutating func store(_ cell: Cell, _ row: Int, _ column: Int) {
        guard row < size.rows, column < size.columns else { return }
        let index = row * size.columns + column
        if !cell.isRightHalf {
            if cells[index].isRightHalf, column > 0 { cells[index - 1].makeBlank() }
            if column + 1 < size.columns, cells[index + 1].isRightHalf {
                cells[index + 1].makeBlank()
            }
        } else if column + 1 < size.columns, cells[index + 1].isRightHalf,
            !cells[index].isRightHalf
        {
            cells[index + 1].makeBlank()
        }
        cells[index] = cell
    }
}

extension Cell {
    fileprivate mutating func makeBlank() {
        base = 0x20
        mark = 0
        secondMark = 0
    }
}
