@testable import KioskShell

/// Just enough of a terminal to check what the renderer writes: cursor moves, clears, text.
struct MiniTerminal {
    let size: Size
    private(set) var rows: [[String]]
    private(set) var row = 0
    private(set) var column = 0
    private(set) var cursorShown = true
    private(set) var cellsWritten = 0
    private(set) var unknown: [String] = []

    init(size: Size) {
        self.size = size
        rows = Array(repeating: Array(repeating: " ", count: size.columns), count: size.rows)
    }

    var lines: [String] {
        rows.map { row in
            var text = row.joined()
            while text.last == " " { text.removeLast() }
            return text
        }
    }

    mutating func feed(_ bytes: [UInt8]) {
        var scalars = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)[...]
        while let scalar = scalars.popFirst() {
            if scalar == "\u{1B}" {
                guard scalars.popFirst() == "[" else {
                    unknown.append("ESC")
                    continue
                }
                var parameters = ""
                while let next = scalars.popFirst() {
                    if (0x40...0x7E).contains(next.value) {
                        control(parameters, next)
                        break
                    }
                    parameters.unicodeScalars.append(next)
                }
            } else {
                write(scalar)
            }
        }
    }

    private mutating func control(_ parameters: String, _ final: Unicode.Scalar) {
        switch (final, parameters) {
        case ("H", _):
            let numbers = parameters.split(separator: ";").compactMap { Int($0) }
            row = (numbers.first ?? 1) - 1
            column = (numbers.dropFirst().first ?? 1) - 1
        case ("J", "2"):
            rows = Array(repeating: Array(repeating: " ", count: size.columns), count: size.rows)
        case ("m", _): break
        case ("h", "?25"): cursorShown = true
        case ("l", "?25"): cursorShown = false
        default: unknown.append("\(parameters)\(final)")
        }
    }

    private mutating func write(_ scalar: Unicode.Scalar) {
        guard let width = CharacterWidth.of(scalar) else {
            unknown.append("U+\(String(scalar.value, radix: 16))")
            return
        }
        guard row < size.rows else { return }
        if width == 0 {
            var target = min(column, size.columns) - 1
            if target > 0, rows[row][target] == "" { target -= 1 }
            if target >= 0 { rows[row][target].unicodeScalars.append(scalar) }
            return
        }
        guard column + width <= size.columns else { return }
        // Overwriting one half of a wide character blanks the other.
        if rows[row][column] == "", column > 0 { rows[row][column - 1] = " " }
        if column + width < size.columns, rows[row][column + width] == "" {
            rows[row][column + width] = " "
        }
        rows[row][column] = String(scalar)
        if width == 2 { rows[row][column + 1] = "" }
        column += width
        cellsWritten += 1
    }
}
