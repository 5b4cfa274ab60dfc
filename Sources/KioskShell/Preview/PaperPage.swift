/// What a page of HTML says, in blocks: its text alone, of the tags that the station's papers
/// have. Nothing in it can steer a terminal, and what is no such page is still only text.
package struct PaperPage: Equatable, Sendable {
    package enum Block: Equatable, Sendable {
        case heading(String)
        case text(String)
        /// The cells of a row, each with its lines.
        case row([[String]])
        case gap
    }

    package static let mostBytes = 1 << 20
    package static let mostBlocks = 4_096
    package static let mostCells = 24
    package static let mostTables = 16

    package let blocks: [Block]

    package init(_ html: ArraySlice<UInt8>) throws(PaperError) {
        guard html.count <= PaperPage.mostBytes else {
            throw PaperError(code: .tooLong, reason: "a page longer than 1 MiB", offset: 0)
        }
        var reader = PaperReader(html)
        try reader.read()
        blocks = reader.blocks
    }
}

/// Reads a page from its first byte to its last, once.
private struct PaperReader {
    private let bytes: ArraySlice<UInt8>
    private var at: Int
    private(set) var blocks: [PaperPage.Block] = []
    /// The line that is being read, its blanks made one.
    private var line = String.UnicodeScalarView()
    private var isHeading = false
    /// The row that is being read; nil outside of one.
    private var cells: [[String]]?
    private var tables = 0

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        at = bytes.startIndex
    }

    mutating func read() throws(PaperError) {
        while at < bytes.endIndex {
            let byte = bytes[at]
            if byte == UInt8(ascii: "<"), try readTag() { continue }
            if byte == UInt8(ascii: "&"), readReference() { continue }
            readText()
        }
        try endLine()
        try endRow()
        if blocks.last == .gap { blocks.removeLast() }
    }

    private func error(_ code: PaperError.Code, _ reason: String, at place: Int) -> PaperError {
        PaperError(code: code, reason: reason, offset: place - bytes.startIndex)
    }

    // MARK: text

    /// Up to the next sign that could begin something; at least one byte.
    private mutating func readText() {
        let rest = bytes[(at + 1)...]
        let end =
            rest.firstIndex { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "&") }
            ?? bytes.endIndex
        for scalar in String(decoding: bytes[at..<end], as: UTF8.self).unicodeScalars {
            append(scalar)
        }
        at = end
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x00...0x20, 0xA0:
            if let last = line.last, last != " " { line.append(" ") }
        // What controls a terminal, turns the direction of writing or cannot be seen.
        case 0x7F...0x9F, 0xAD, 0x61C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F,
            0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE007F:
            break
        default: line.append(scalar)
        }
    }

    /// `&amp;`, `&#39;`, `&#x202E;`: false where it is none, and then it is text.
    private mutating func readReference() -> Bool {
        let rest = bytes[(at + 1)...].prefix(10)
        guard let end = rest.firstIndex(of: UInt8(ascii: ";")) else { return false }
        let name = String(decoding: bytes[(at + 1)..<end], as: UTF8.self)
        let scalar: Unicode.Scalar?
        switch name {
        case "amp": scalar = "&"
        case "lt": scalar = "<"
        case "gt": scalar = ">"
        case "quot": scalar = "\""
        case "apos": scalar = "'"
        case "nbsp": scalar = " "
        default:
            guard name.hasPrefix("#") else { return false }
            let digits = name.dropFirst()
            let isHex = digits.hasPrefix("x") || digits.hasPrefix("X")
            let number = UInt32(isHex ? digits.dropFirst() : digits, radix: isHex ? 16 : 10)
            scalar = number.flatMap { Unicode.Scalar($0) }
        }
        guard let scalar else { return false }
        append(scalar)
        at = end + 1
        return true
    }

    // MARK: tags

    /// False where `<` begins no tag, and then it is text.
    private mutating func readTag() throws(PaperError) -> Bool {
        let start = at
        if bytes[at...].starts(with: "<!--".utf8) {
            guard let end = place(of: Array("-->".utf8), from: at + 4) else {
                throw error(.unclosed, "a comment that does not end", at: start)
            }
            at = end + 3
            return true
        }
        var next = at + 1
        guard next < bytes.endIndex else { return false }
        let isEnd = bytes[next] == UInt8(ascii: "/")
        if isEnd || bytes[next] == UInt8(ascii: "!") { next += 1 }
        guard next < bytes.endIndex, isLetter(bytes[next]) else { return false }
        let name = self.name(from: next)
        guard let end = tagEnd(from: next) else {
            throw error(.unclosed, "a tag that does not end", at: start)
        }
        let isEmpty = bytes[end - 1] == UInt8(ascii: "/")
        at = end + 1
        if isEnd { try close(name) } else { try open(name, isEmpty: isEmpty) }
        return true
    }

    private func isLetter(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20)
    }

    private func name(from place: Int) -> String {
        let name = bytes[place...].prefix(16).prefix {
            isLetter($0) || (0x30...0x39).contains($0)
        }
        return String(decoding: name.map { isLetter($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }

    /// The `>` of a tag; one in a quoted value is none.
    private func tagEnd(from place: Int) -> Int? {
        var quote: UInt8? = nil
        for i in place..<bytes.endIndex {
            switch (bytes[i], quote) {
            case (UInt8(ascii: ">"), nil): return i
            case (UInt8(ascii: "\""), nil), (UInt8(ascii: "'"), nil): quote = bytes[i]
            case (let byte, let open?) where byte == open: quote = nil
            default: break
            }
        }
        return nil
    }

    private func place(of pattern: [UInt8], from first: Int) -> Int? {
        guard first <= bytes.endIndex - pattern.count, let head = pattern.first else { return nil }
        var i = first
        while i <= bytes.endIndex - pattern.count {
            if bytes[i] == head, bytes[i..<i + pattern.count].elementsEqual(pattern) { return i }
            i += 1
        }
        return nil
    }

    private mutating func open(_ name: String, isEmpty: Bool) throws(PaperError) {
        switch name {
        // Nothing in these is for people.
        case "style", "title", "script", "svg":
            if name == "svg" { for scalar in "[QR]".unicodeScalars { append(scalar) } }
            guard !isEmpty else { return }
            guard let end = place(of: Array("</\(name)".utf8), from: at),
                let tag = tagEnd(from: end)
            else { throw error(.unclosed, "a <\(name)> that does not end", at: at) }
            at = tag + 1
        case "table":
            try endLine()
            tables += 1
            guard tables <= PaperPage.mostTables else {
                throw error(.tooMuch, "too many tables in each other", at: at)
            }
        case "tr" where tables <= 1:
            try endRow()
            cells = []
        case "td", "th":
            try endLine()
            guard tables <= 1, cells != nil else { return }
            cells?.append([])
            guard cells.map({ $0.count <= PaperPage.mostCells }) == true else {
                throw error(.tooMuch, "too many cells in a row", at: at)
            }
        case "h1", "h2", "h3", "h4":
            try endLine()
            isHeading = true
        case "li":
            try endLine()
            for scalar in "- ".unicodeScalars { append(scalar) }
        default: try pass(name)
        }
    }

    private mutating func close(_ name: String) throws(PaperError) {
        switch name {
        case "table":
            try endLine()
            tables = max(tables - 1, 0)
            guard tables == 0 else { return }
            try endRow()
            try add(.gap)
        case "tr" where tables <= 1: try endRow()
        case "h1", "h2", "h3", "h4":
            try endLine()
            isHeading = false
            try add(.gap)
        default: try pass(name)
        }
    }

    /// Tags that end a line do so at either side; those inside of one do not.
    private mutating func pass(_ name: String) throws(PaperError) {
        switch name {
        case "span", "b", "strong", "i", "em", "u", "s", "small", "sup", "sub", "img": break
        default: try endLine()
        }
    }

    // MARK: blocks

    private mutating func endLine() throws(PaperError) {
        if line.last == " " { line.removeLast() }
        let text = String(line)
        line = String.UnicodeScalarView()
        guard !text.isEmpty else { return }
        if let last = cells?.indices.last {
            cells?[last].append(text)
        } else {
            try add(isHeading ? .heading(text) : .text(text))
        }
    }

    private mutating func endRow() throws(PaperError) {
        try endLine()
        guard let row = cells else { return }
        cells = nil
        if row.contains(where: { !$0.isEmpty }) { try add(.row(row)) }
    }

    private mutating func add(_ block: PaperPage.Block) throws(PaperError) {
        if block == .gap, blocks.last == .gap || blocks.isEmpty { return }
        guard blocks.count < PaperPage.mostBlocks else {
            throw error(.tooMuch, "too many lines", at: at)
        }
        blocks.append(block)
    }
}
