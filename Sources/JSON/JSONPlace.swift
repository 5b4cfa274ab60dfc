// Where an error is: found out only once there is one.

extension JSONReader {
    func fail(_ code: JSONError.Code, at offset: Int) -> JSONError {
        if dialect == .configuration, let slip = otherProgramsFile(code) { return slip }
        let place = place(of: offset)
        return JSONError(
            code: code, line: place.line, column: place.column, path: path(),
            advice: dialect == .configuration ? advice(on: code, at: offset) : nil)
    }

    /// Line and column, both from 1; lines end in LF, CR or both.
    func place(of offset: Int) -> (line: Int, column: Int) {
        var line = 1
        var column = 1
        for i in 0..<min(offset, bytes.count) {
            switch bytes[i] {
            case .carriageReturn where i + 1 < bytes.count && bytes[i + 1] == .lineFeed:
                break
            case .lineFeed, .carriageReturn:
                line += 1
                column = 1
            case 0x80...0xBF: break
            default: column += 1
            }
        }
        return (line, column)
    }

    func path() -> String {
        var path = ""
        for frame in frames {
            if let key = frame.key {
                let step = pathStep(decoded(key))
                if !path.isEmpty, !step.hasPrefix("[") { path += "." }
                path += step
            } else if !frame.isObject, frame.index >= 0 {
                path += "[\(frame.index)]"
            }
        }
        return path
    }

    /// A key as a step of a path: bare if it reads as a name, else quoted in brackets.
    func pathStep(_ key: String) -> String {
        let isName =
            !key.isEmpty && key.utf8.allSatisfy { $0.isWordByte && $0 != UInt8(ascii: ".") }
        return isName ? shortened(key) : "[\"\(shortened(key))\"]"
    }

    /// A key fit to be shown: its first 64 characters, control characters written out.
    func shortened(_ key: String) -> String {
        var shown = ""
        for scalar in key.unicodeScalars.prefix(64) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate:
                shown += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: shown.unicodeScalars.append(scalar)
            }
        }
        return key.unicodeScalars.count > 64 ? shown + "…" : shown
    }
}

/// The known key within two changes of `key` (one for short keys), nearest first.
package func nearest(to key: String, among known: [String]) -> String? {
    let wanted = Array(key.lowercased().utf8)
    guard wanted.count <= 64 else { return nil }
    var best: (name: String, distance: Int)?
    for name in known {
        let distance = editDistance(wanted, Array(name.lowercased().utf8))
        guard distance <= (max(wanted.count, name.utf8.count) <= 4 ? 1 : 2) else { continue }
        if distance < best?.distance ?? Int.max { best = (name, distance) }
    }
    return best?.name
}

/// Insertions, removals, changes and swaps of neighbours from one to the other.
private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var before: [Int] = []
    var previous = Array(0...b.count)
    for i in 0..<a.count {
        var current = [i + 1]
        for j in 0..<b.count {
            var cost = min(previous[j + 1], current[j]) + 1
            cost = min(cost, previous[j] + (a[i] == b[j] ? 0 : 1))
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                cost = min(cost, before[j - 1] + 1)
            }
            current.append(cost)
        }
        before = previous
        previous = current
    }
    return previous[b.count]
}
