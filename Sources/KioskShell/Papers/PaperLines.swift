/// A page as lines of a screen.
enum PaperLines {
    struct Line: Equatable, Sendable {
        var text: String
        var isStrong = false
    }

    /// Between the cells of a row.
    private static let space = 2

    static func of(_ page: PaperPage, width: Int) -> [Line] {
        var lines: [Line] = []
        var rest = page.blocks[...]
        while let block = rest.first {
            switch block {
            case .gap: lines.append(Line(text: ""))
            case .text(let text): lines += wrapped(text, width).map { Line(text: $0) }
            case .heading(let text):
                lines += wrapped(text, width).map {
                    let before = max((width - CharacterWidth.of($0)) / 2, 0)
                    return Line(text: String(repeating: " ", count: before) + $0, isStrong: true)
                }
            case .row(let cells):
                let table = rest.prefix { $0.cells?.count == cells.count }.compactMap(\.cells)
                lines += rows(table, width)
                rest = rest.dropFirst(table.count)
                continue
            }
            rest = rest.dropFirst()
        }
        return lines
    }

    private static func wrapped(_ text: String, _ width: Int) -> [String] {
        Wrapping.lines(Composition.composed(text), width: width, most: Int.max)
    }

    /// Rows of the same number of cells, in columns as wide as they need and have room for.
    private static func rows(_ table: [[[String]]], _ width: Int) -> [Line] {
        let count = table.first?.count ?? 0
        guard count > 0 else { return [] }
        let wanted = (0..<count).map { column in
            table.reduce(1) { widest, row in
                row[column].reduce(widest) { max($0, CharacterWidth.of($1)) }
            }
        }
        let widths = shared(wanted, among: max(width - space * (count - 1), count))
        return table.flatMap { row in
            let columns = row.indices.map { i in row[i].flatMap { wrapped($0, widths[i]) } }
            let height = columns.reduce(0) { max($0, $1.count) }
            return (0..<height).map { line in
                let cells = columns.indices.map { i in
                    padded(line < columns[i].count ? columns[i][line] : "", widths[i])
                }
                return Line(text: cells.joined(separator: String(repeating: " ", count: space)))
            }
        }
    }

    /// What each column gets: what it wants, where that is no more than its share.
    private static func shared(_ wanted: [Int], among room: Int) -> [Int] {
        var widths = wanted
        var open = Array(wanted.indices)
        var left = room
        while !open.isEmpty {
            let share = max(left / open.count, 1)
            let small = open.filter { wanted[$0] <= share }
            if small.isEmpty {
                for i in open { widths[i] = share }
                return widths
            }
            for i in small { left -= wanted[i] }
            open.removeAll { wanted[$0] <= share }
        }
        return widths
    }
}

extension PaperPage.Block {
    fileprivate var cells: [[String]]? {
        if case .row(let cells) = self { return cells }
        return nil
    }
}
