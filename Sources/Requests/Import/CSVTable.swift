/// Records of a table as RFC 4180 writes them, with commas, semicolons or tabs between; a line
/// may end in CRLF, LF or CR, and a quoted cell may hold line ends.
struct CSVTable {
    struct Cell: Equatable {
        fileprivate(set) var text: String
        /// Of its first character, from 1.
        let line: Int
        /// From 1, in characters.
        let column: Int
    }

    struct Mistake: Equatable {
        let line: Int
        let column: Int
        let fault: ImportFault
    }

    /// Without blank lines.
    private(set) var records: [[Cell]] = []
    private(set) var mistakes: [Mistake] = []

    static let mostRecords = 10_000
    static let mostCells = 64

    /// - Parameter known: how many headings of a line are known. The separator by which most are
    ///   is that of the table, unless a first line `sep=;` names it.
    init(_ text: String, known: ([String]) -> Int = { $0.count }) {
        var scan = Scan(text)
        let separator = scan.takeDeclaration() ?? Self.separator(scan, known)
        while !scan.isAtEnd {
            guard records.count < Self.mostRecords else {
                note(scan.line, 1, .manyLines(most: Self.mostRecords))
                return
            }
            let record = readRecord(&scan, separator)
            if record.count == 1, record[0].text.isEmpty { continue }
            records.append(record)
        }
    }

    private init() {}

    private static func separator(_ scan: Scan, _ known: ([String]) -> Int) -> Unicode.Scalar {
        var best: (separator: Unicode.Scalar, count: Int) = (",", 0)
        for separator: Unicode.Scalar in [",", ";", "\t"] {
            var trial = CSVTable()
            var scan = scan
            var head: [Cell] = []
            while !scan.isAtEnd, head.allSatisfy({ $0.text.isEmpty }) {
                head = trial.readRecord(&scan, separator)
            }
            let count = known(head.map(\.text))
            if count > best.count { best = (separator, count) }
        }
        return best.separator
    }

    private mutating func note(_ line: Int, _ column: Int, _ fault: ImportFault) {
        guard mistakes.count < 64 else { return }
        mistakes.append(Mistake(line: line, column: column, fault: fault))
    }

    private mutating func readRecord(_ scan: inout Scan, _ separator: Unicode.Scalar) -> [Cell] {
        var cells: [Cell] = []
        let line = scan.line
        while true {
            let cell = readCell(&scan, separator)
            if cells.count < Self.mostCells {
                cells.append(cell)
            } else if cells.count == Self.mostCells {
                note(line, 1, .manyCells(most: Self.mostCells))
            }
            guard let next = scan.next, next == separator else {
                scan.takeLineEnd()
                return cells
            }
            scan.take()
        }
    }

    /// A cell up to the separator or line end behind it, neither taken.
    private mutating func readCell(_ scan: inout Scan, _ separator: Unicode.Scalar) -> Cell {
        let (line, column) = (scan.line, scan.column)
        var text = String.UnicodeScalarView()
        let isQuoted = scan.next == "\""
        if isQuoted { readQuoted(&scan, &text) }
        var isNoted = false
        while let next = scan.next, next != separator, next != "\n", next != "\r" {
            if isQuoted, !isNoted {
                note(scan.line, scan.column, .behindQuote)
                isNoted = true
            } else if next == "\"", !isNoted {
                note(scan.line, scan.column, .bareQuote)
                isNoted = true
            }
            text.append(next)
            scan.take()
        }
        return Cell(text: String(text), line: line, column: column)
    }

    /// A quoted cell with both of its quotation marks.
    private mutating func readQuoted(
        _ scan: inout Scan, _ text: inout String.UnicodeScalarView
    ) {
        let (line, column) = (scan.line, scan.column)
        scan.take()
        while let next = scan.next {
            scan.take()
            if next == "\"" {
                guard scan.next == "\"" else { return }
                scan.take()
            }
            text.append(next)
        }
        note(line, column, .openQuote)
    }

    /// The characters still to be read, and where they stand.
    private struct Scan {
        private let scalars: [Unicode.Scalar]
        private var at = 0
        private(set) var line = 1
        private(set) var column = 1

        init(_ text: String) { scalars = Array(text.unicodeScalars) }

        var isAtEnd: Bool { at == scalars.count }
        var next: Unicode.Scalar? { at < scalars.count ? scalars[at] : nil }

        mutating func take() {
            guard let taken = next else { return }
            at += 1
            if taken == "\n" || taken == "\r" && next != "\n" {
                line += 1
                column = 1
            } else {
                column += 1
            }
        }

        mutating func takeLineEnd() {
            if next == "\r" {
                take()
                if next != "\n" { return }
            }
            if next == "\n" { take() }
        }

        /// `sep=;` on a line of its own.
        mutating func takeDeclaration() -> Unicode.Scalar? {
            guard scalars.starts(with: "sep=".unicodeScalars), scalars.count > 4 else { return nil }
            let separator = scalars[4]
            guard scalars.count == 5 || scalars[5] == "\n" || scalars[5] == "\r" else { return nil }
            for _ in 0..<5 { take() }
            takeLineEnd()
            return separator
        }
    }
}
