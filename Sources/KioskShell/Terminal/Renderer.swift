/// Turns one screen after another into the bytes that change a terminal from the one into the
/// other: only changed cells are written.
struct Renderer: Sendable {
    let palette: Palette
    /// The Linux console's fonts have 256 or 512 glyphs: signs they lack are replaced.
    let plainGlyphs: Bool
    private var shown: CellGrid?
    private var isDark = false
    private var role: Role?

    init(palette: Palette, plainGlyphs: Bool = false) {
        self.palette = palette
        self.plainGlyphs = plainGlyphs
    }

    /// Entered once: alternate screen, bracketed paste on, no wrap at the last column, presses of
    /// the mouse's buttons reported, in the SGR form.
    static let enter: StaticString =
        "\u{1B}[?1049h\u{1B}[?2004h\u{1B}[?7l\u{1B}[?25l\u{1B}[?1000h\u{1B}[?1006h"
    /// The way out, right after any number of half-written sequences: ends a string or an
    /// escape sequence, and puts back everything `enter` and the painting changed.
    static let leave: StaticString = """
        \u{18}\u{1B}\\\u{1B}[0m\u{1B}[?1006l\u{1B}[?1000l\u{1B}[?7h\u{1B}[?2004l\
        \u{1B}[?25h\u{1B}[?1049l
        """

    /// Forgets what is shown: the next screen is painted whole.
    mutating func forget() { shown = nil }

    /// The bytes that make the terminal show `next`.
    mutating func render(_ next: CellGrid) -> [UInt8] {
        var out: [UInt8] = []
        let before: CellGrid?
        if let shown, shown.size == next.size {
            if shown.looksLike(next) { return [] }
            before = shown
        } else {
            before = nil
            role = nil
            out.append("\u{1B}[?25l")
            select(.page, &out)
            out.append("\u{1B}[2J")
        }
        if before?.cursor != nil { out.append("\u{1B}[?25l") }
        for row in 0..<next.size.rows { paint(row, of: next, over: before, &out) }
        if let cursor = next.cursor, cursor.row < next.size.rows,
            cursor.column < next.size.columns
        {
            moveTo(cursor.row, cursor.column, &out)
            out.append("\u{1B}[?25h")
        }
        shown = next
        return out
    }

    /// Lets the kernel's console switch a dark screen off by itself, a minute later; elsewhere
    /// that is the compositor's to do.
    mutating func turn(isDark: Bool) -> [UInt8] {
        guard isDark != self.isDark else { return [] }
        self.isDark = isDark
        guard plainGlyphs else { return [] }
        return Array((isDark ? "\u{1B}[9;1]" : "\u{1B}[9;0]\u{1B}[13]").utf8)
    }

    private mutating func paint(
        _ row: Int, of next: CellGrid, over before: CellGrid?, _ out: inout [UInt8]
    ) {
        /// The column the terminal's cursor stands at, when it is in this row.
        var pen: Int?
        var column = 0
        while column < next.size.columns {
            let cell = next[row, column]
            let wide = column + 1 < next.size.columns && next[row, column + 1].isRightHalf
            let width = wide ? 2 : 1
            if let before, unchanged(cell, before, row, column, wide: wide) {
                column += width
                continue
            }
            if pen != column { moveTo(row, column, &out) }
            select(cell.role, &out)
            write(cell, &out)
            column += width
            pen = column
        }
    }

    private func unchanged(
        _ cell: Cell, _ before: CellGrid, _ row: Int, _ column: Int, wide: Bool
    ) -> Bool {
        guard before[row, column] == cell else { return false }
        let wasWide = column + 1 < before.size.columns && before[row, column + 1].isRightHalf
        return wide == wasWide
    }

    private func write(_ cell: Cell, _ out: inout [UInt8]) {
        out.appendUTF8(plainGlyphs ? Renderer.plain(cell.base) : cell.base)
        if cell.mark != 0 { out.appendUTF8(cell.mark) }
        if cell.secondMark != 0 { out.appendUTF8(cell.secondMark) }
    }

    private static func plain(_ value: UInt32) -> UInt32 {
        switch value {
        case 0x2713: 0x221A  // check mark: the square root sign of code page 437
        case 0x2717: 0x78  // ballot x
        case 0x25CF: 0x2022  // black circle: bullet
        case 0x25CB: 0x6F  // white circle
        case 0x25B8: 0x3E  // small triangle
        case 0x2026: 0x7E  // ellipsis
        default: value
        }
    }

    private mutating func select(_ wanted: Role, _ out: inout [UInt8]) {
        guard role != wanted else { return }
        out.append(palette.sequence(wanted))
        role = wanted
    }

    private func moveTo(_ row: Int, _ column: Int, _ out: inout [UInt8]) {
        out.append("\u{1B}[")
        out.append(decimal: row + 1)
        out.append("\u{3B}")
        out.append(decimal: column + 1)
        out.append("H")
    }
}

extension [UInt8] {
    mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { append(contentsOf: $0) }
    }

    fileprivate mutating func append(decimal value: Int) {
        append(contentsOf: String(value).utf8)
    }

    fileprivate mutating func appendUTF8(_ value: UInt32) {
        append(contentsOf: Unicode.UTF8.encode(Unicode.Scalar(value) ?? "\u{FFFD}") ?? .init())
    }
}
