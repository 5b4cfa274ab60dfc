/// Lines being written: paragraphs, labelled values and tables, aligned and wrapped.
struct Page: Equatable, Sendable {
    private(set) var lines: [TextLine] = []
    /// Columns to wrap sentences at; nil where output goes to a file or program.
    let width: Int?

    init(width: Int? = nil) { self.width = width }

    mutating func blank() { lines.append(TextLine()) }

    mutating func title(_ text: String) { lines.append(TextLine(text, .strong)) }

    mutating func line(_ line: TextLine) { lines.append(line) }

    /// A sentence, wrapped, each line of it `indent` columns in.
    mutating func text(_ text: String, _ tone: Tone = .plain, indent: Int = 0) {
        for part in wrapped(visible(text), width.map { $0 - indent }) {
            var line = TextLine()
            if indent > 0 { line.add(blanks(indent)) }
            line.add(part, tone)
            lines.append(line)
        }
    }

    /// A label and its value; what does not fit the line goes on under the value.
    mutating func field(
        _ label: String, _ value: String, _ tone: Tone = .plain, column: Int = 19, indent: Int = 2
    ) {
        let start = indent + max(column, label.count + 2)
        var first = true
        for part in wrapped(visible(value), width.map { $0 - start }) {
            var line = TextLine()
            if first {
                line.add(blanks(indent))
                if !label.isEmpty { line.add(label, .quiet) }
                line.add(blanks(start - indent - label.count))
            } else {
                line.add(blanks(start))
            }
            line.add(part, tone)
            lines.append(line)
            first = false
        }
    }

    /// Rows under their headings; the last column is as long as it is.
    mutating func table(_ headings: [String], _ rows: [[(String, Tone)]], indent: Int = 0) {
        var widths = headings.map(\.count)
        for row in rows {
            for (i, cell) in row.enumerated() where i < widths.count {
                widths[i] = max(widths[i], visible(cell.0).count)
            }
        }
        for row in [headings.map { ($0, Tone.quiet) }] + rows {
            var line = TextLine()
            if indent > 0 { line.add(blanks(indent)) }
            for (i, cell) in row.enumerated() {
                line.add(cell.0, cell.1)
                guard i + 1 < row.count, i < widths.count else { continue }
                line.add(blanks(widths[i] - visible(cell.0).count + 2))
            }
            lines.append(line)
        }
    }
}

func blanks(_ count: Int) -> String { String(repeating: " ", count: max(count, 0)) }

/// Cuts text into lines of at most `width` columns, between words.
func wrapped(_ text: String, _ width: Int?) -> [String] {
    guard let width, text.count > width else { return [text] }
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
        if !line.isEmpty, line.count + 1 + word.count > width {
            lines.append(line)
            line = ""
        }
        line += line.isEmpty ? String(word) : " " + word
    }
    lines.append(line)
    return lines
}
