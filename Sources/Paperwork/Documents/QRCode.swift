/// A QR code as a square of modules, read from what `qrencode -t SVG` writes.
///
/// Nothing of the file but the places of dark squares is kept, so nothing else of it can come
/// into a paper.
package struct QRCode: Equatable, Sendable {
    /// Modules on a side, with the quiet zone around the code.
    package let size: Int
    /// Row by row; true is dark.
    private let modules: [Bool]

    /// Longest file that is read, in bytes: version 40 has 31329 modules.
    package static var longestFile: Int { 4 << 20 }

    /// Nil for anything but such a file: an `svg` with groups, one white square over all, and
    /// black squares of one module within it.
    package init?(svg bytes: [UInt8]) {
        guard bytes.count <= Self.longestFile else { return nil }
        var tags = SVGTags(bytes)
        var size = 0
        var offset = 0
        var hasGround = false
        var modules: [Bool] = []
        var depth = 0
        while let tag = tags.next() {
            switch tag.name {
            case "svg":
                guard depth == 0, size == 0, !tag.isEmpty, let box = tag.numbers("viewBox"),
                    box.count == 4, box[0] == 0, box[1] == 0, box[2] == box[3],
                    (21...200).contains(box[2])
                else { return nil }
                size = box[2]
                modules = [Bool](repeating: false, count: size * size)
                depth = 1
            case "g":
                guard depth >= 1, depth < 4, !tag.isEmpty else { return nil }
                if let shift = tag.attribute("transform") {
                    guard shift.hasPrefix("translate("), shift.hasSuffix(")"),
                        let both = SVGTags.numbers(shift.dropFirst(10).dropLast()),
                        both.count == 2, both[0] == both[1], (0...16).contains(both[0]),
                        offset == 0
                    else { return nil }
                    offset = both[0]
                }
                depth += 1
            case "/g", "/svg":
                guard depth >= 1, (tag.name == "/svg") == (depth == 1) else { return nil }
                depth -= 1
            case "rect":
                guard depth >= 1, tag.isEmpty, let x = tag.number("x"), let y = tag.number("y"),
                    let width = tag.number("width"), let height = tag.number("height"),
                    width == height
                else { return nil }
                if tag.attribute("fill") == "#ffffff" {
                    guard x == 0, y == 0, width == size, !hasGround else { return nil }
                    hasGround = true
                    continue
                }
                guard tag.attribute("fill") == "#000000", width == 1, x + offset < size,
                    y + offset < size
                else { return nil }
                modules[(y + offset) * size + x + offset] = true
            default: return nil
            }
        }
        guard tags.isWhole, size > 0, depth == 0, hasGround, modules.contains(true) else {
            return nil
        }
        self.size = size
        self.modules = modules
    }

    /// An `svg` element: one path of dark runs on white.
    var markup: String {
        var path = ""
        for y in 0..<size {
            var x = 0
            while x < size {
                guard modules[y * size + x] else {
                    x += 1
                    continue
                }
                let start = x
                while x < size, modules[y * size + x] { x += 1 }
                path += "M\(start) \(y)h\(x - start)v1h-\(x - start)z"
            }
        }
        let frame = "width=\"28mm\" height=\"28mm\" viewBox=\"0 0 \(size) \(size)\""
        var markup = "<svg class=\"qr\" xmlns=\"http://www.w3.org/2000/svg\" \(frame)>"
        markup += "<rect width=\"\(size)\" height=\"\(size)\" fill=\"#fff\"/>"
        markup += "<path fill=\"#000\" d=\"\(path)\"/></svg>"
        return markup
    }
}

/// The tags of a small SVG file, one after the other.
private struct SVGTags {
    struct Tag {
        var name: String
        var attributes: [(name: String, value: String)] = []
        /// Ends in `/>`.
        var isEmpty = false

        func attribute(_ name: String) -> String? { attributes.first { $0.name == name }?.value }
        func numbers(_ name: String) -> [Int]? {
            attribute(name).flatMap { SVGTags.numbers($0[...]) }
        }

        func number(_ name: String) -> Int? {
            guard let numbers = numbers(name), numbers.count == 1 else { return nil }
            return numbers[0]
        }
    }

    private let bytes: [UInt8]
    private var position = 0
    /// Whether everything was tags, comments and blanks.
    private(set) var isWhole = true

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Whole numbers up to 9999 with blanks or commas between.
    static func numbers(_ text: Substring) -> [Int]? {
        var numbers: [Int] = []
        for part in text.split(
            omittingEmptySubsequences: true, whereSeparator: { " ,".contains($0) })
        {
            guard part.utf8.count <= 4, part.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = Int(part), numbers.count < 8
            else { return nil }
            numbers.append(number)
        }
        return numbers
    }

    mutating func next() -> Tag? {
        while true {
            skipBlanks()
            guard position < bytes.count else { return nil }
            if skip(from: "<?xml", to: "?>") || skip(from: "<!--", to: "-->") { continue }
            guard let tag = tag() else {
                isWhole = false
                return nil
            }
            return tag
        }
    }

    private mutating func tag() -> Tag? {
        guard take("<") else { return nil }
        let isEnd = take("/")
        guard let name = word() else { return nil }
        var tag = Tag(name: (isEnd ? "/" : "") + name)
        while true {
            skipBlanks()
            if take(">") { return isEnd && !tag.attributes.isEmpty ? nil : tag }
            if !isEnd, take("/>") {
                tag.isEmpty = true
                return tag
            }
            guard tag.attributes.count < 16, let name = word(), take("=\"") else { return nil }
            let start = position
            while position < bytes.count, bytes[position] != UInt8(ascii: "\"") { position += 1 }
            guard position < bytes.count else { return nil }
            tag.attributes.append((name, String(decoding: bytes[start..<position], as: UTF8.self)))
            position += 1
        }
    }

    private mutating func word() -> String? {
        let start = position
        while position < bytes.count, bytes[position].isLetter { position += 1 }
        guard position > start, position - start <= 32 else { return nil }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func skipBlanks() {
        while position < bytes.count, bytes[position].isBlank { position += 1 }
    }

    private func stands(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { bytes[position...].starts(with: $0) }
    }

    private mutating func take(_ text: StaticString) -> Bool {
        guard stands(text) else { return false }
        position += text.utf8CodeUnitCount
        return true
    }

    private mutating func skip(from start: StaticString, to end: StaticString) -> Bool {
        guard stands(start) else { return false }
        while position < bytes.count {
            if take(end) { return true }
            position += 1
        }
        isWhole = false
        return true
    }
}

extension UInt8 {
    var isLetter: Bool { (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self) }
    var isBlank: Bool { self == 0x20 || (0x09...0x0D).contains(self) && self != 0x0B }
}
