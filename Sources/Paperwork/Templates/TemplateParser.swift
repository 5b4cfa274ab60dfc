import JSON

/// Reads the template of one kind of paper, and the parts it takes in.
///
/// Every mistake is noted and stepped over, so that one reading names them all. Time and memory
/// grow with the length of the files; how deep things stand within each other is limited.
struct TemplateParser {
    struct Place {
        let file: TemplateFile
        let offset: Int
    }

    enum Open {
        case element(Markup, Place)
        case block(Block, Place)
    }

    struct Block {
        enum Word: String {
            case when = "if"
            case each
        }
        let word: Word
        let field: DocumentField
        /// As it stands in the file.
        let written: String
        /// What stood before `{{else}}`.
        var then: [Template.Node]?
    }

    let kind: DocumentKind
    let parts: [String: TemplateFile]
    var file: TemplateFile { didSet { bytes = file.bytes } }
    private(set) var bytes: [UInt8]
    var position = 0
    var open: [Open] = []
    /// Where the things begin in `open` that the file itself has opened.
    var base = 0
    /// Where the page takes in the part that is read; nil in the page itself.
    var taken: Place?
    var isPart: Bool { taken != nil }
    /// By the place in `open` of the element that cannot have them.
    var strays: [Int: [Stray]] = [:]
    var partsTaken = 0
    /// Nodes of the paper, and of each block that is open.
    var levels: [[Template.Node]] = [[]]
    var shown: Set<DocumentField> = []
    /// Elements that were seen, and "charset".
    var seen: Set<String> = []
    /// Styles of this file between the parts taken in among them.
    var styleRanges: [Range<Int>] = []
    var mistakes: [TemplateMistake] = []

    init(_ kind: DocumentKind, _ file: TemplateFile, parts: [String: TemplateFile]) {
        self.kind = kind
        self.file = file
        self.parts = parts
        bytes = file.bytes
    }

    /// The template, or nil with the mistakes in it.
    mutating func template() -> Template? {
        guard checkCharacters(), checkBlocks() else { return nil }
        takeDocumentType()
        parseFile()
        let end = bytes.count
        for name in ["html", "head", "title", "body"] where !seen.contains(name) {
            note(end, "there is no <\(name)>", "Begin from the template that was shipped")
        }
        if !seen.contains("charset") {
            note(
                end, "the template does not say its encoding",
                "Put <meta charset=\"utf-8\"> first into <head>")
        }
        for field in kind.required where !shown.contains(field) {
            let inside = field.list.map { ", within {{#each \($0.rawValue)}}" } ?? ""
            let list = if case .list = field.form { true } else { false }
            let mark =
                list
                ? "{{#each \(field.rawValue)}}...{{/each}}" : "{{\(field.rawValue)}}"
            note(
                end, "the paper must show \(mark), and the template does not",
                "Put it where it belongs\(inside), outside of every {{#if}}")
        }
        guard mistakes.isEmpty else {
            sortMistakes()
            return nil
        }
        return Template(kind: kind, nodes: levels[0])
    }

    // MARK: Mistakes

    mutating func note(_ offset: Int, _ wrong: String, _ remedy: String) {
        note(Place(file: file, offset: offset), wrong, remedy)
    }

    mutating func note(_ place: Place, _ wrong: String, _ remedy: String) {
        guard mistakes.count < PaperLimits.mistakes else { return }
        let (line, column) = Self.lineAndColumn(place)
        let mistake = TemplateMistake(
            file: place.file.name, line: line, column: column, wrong: wrong, remedy: remedy)
        if !mistakes.contains(mistake) { mistakes.append(mistake) }
    }

    static func lineAndColumn(_ place: Place) -> (line: Int, column: Int) {
        var line = 1
        var column = 1
        for byte in place.file.bytes.prefix(place.offset) {
            switch byte {
            case 0x0A:
                line += 1
                column = 1
            case 0x80...0xBF, 0x0D: break
            default: column += 1
            }
        }
        return (line, column)
    }

    func line(of place: Place) -> Int { Self.lineAndColumn(place).line }

    // MARK: Files

    mutating func checkCharacters() -> Bool {
        guard bytes.count <= PaperLimits.file else {
            note(
                0, "the file is larger than \(PaperLimits.fileSize)",
                "Make pictures in it smaller")
            return false
        }
        if let foreign = ForeignFile(bytes) {
            note(
                0, "the file is \(foreign.name), not HTML",
                "Begin from the template that was shipped, in a text editor")
            return false
        }
        guard isPart || bytes.contains(where: { !$0.isBlank }) else {
            note(0, "nothing stands in the file", "Put the one that was shipped in its place")
            return false
        }
        guard let found = wrongCharacter(in: bytes) else { return true }
        note(found.offset, found.wrong, found.remedy)
        return false
    }

    /// Reads `file` from `position` on.
    mutating func parseFile() {
        while position < bytes.count {
            if let style = inStyle {
                parseStyle(style)
            } else if stands("<!--") {
                skipComment()
            } else if stands("{{") {
                takePlaceholder()
            } else if bytes[position] == UInt8(ascii: "<") {
                takeTag()
            } else if bytes[position] == UInt8(ascii: "&") {
                takeReference()
            } else {
                takeText()
            }
        }
        closeAll(downTo: base)
    }

    /// Notes and closes what is still open.
    mutating func closeAll(downTo count: Int) {
        while open.count > count, let last = open.last {
            switch last {
            case .element(let markup, let place):
                noteUnclosed(markup, place)
                open.removeLast()
            case .block(let block, let place):
                note(
                    place, "\(block.written) is not closed",
                    "Put {{/\(block.word.rawValue)}} where it ends")
                closeBlock()
            }
        }
    }

    /// Reads a part where it is taken in.
    mutating func takePart(_ name: String, at offset: Int) {
        guard !isPart else {
            return note(offset, "a part cannot take in another", "Take it in in the template")
        }
        guard let part = parts[name] else {
            let near = nearest(to: name, among: Array(parts.keys).sorted())
            return note(
                offset, "there is no part \"\(shortened(name))\"",
                near.map { "Did you mean {{> \($0)}}" }
                    ?? "Parts are files beside the template whose names begin with _")
        }
        partsTaken += 1
        guard partsTaken <= PaperLimits.parts else {
            return note(offset, "more than \(PaperLimits.parts) parts", "Take some out")
        }
        let outer = (file, position, base, styleRanges)
        taken = Place(file: file, offset: offset)
        (file, position, base, styleRanges) = (part, 0, open.count, [])
        if checkCharacters() { parseFile() }
        (file, position, base, styleRanges) = outer
        taken = nil
    }

    // MARK: Where the reading stands

    func stands(_ text: StaticString) -> Bool {
        guard text.utf8CodeUnitCount <= bytes.count - position else { return false }
        return text.withUTF8Buffer { wanted in
            for index in 0..<wanted.count where bytes[position + index] != wanted[index] {
                return false
            }
            return true
        }
    }

    /// The element that what comes next stands in.
    var element: Markup? { innermost?.element }

    /// That element, and its place in `open`.
    var innermost: (element: Markup, index: Int)? {
        for index in open.indices.reversed() {
            if case .element(let markup, _) = open[index] { return (markup, index) }
        }
        return nil
    }

    var inStyle: Markup? { element?.content == .style ? element : nil }

    mutating func add(_ node: Template.Node) { levels[levels.count - 1].append(node) }

    mutating func add(_ markup: some Sequence<UInt8>) {
        let level = levels.count - 1
        if case .markup(var bytes)? = levels[level].last {
            levels[level].removeLast()
            bytes += markup
            levels[level].append(.markup(bytes))
        } else {
            levels[level].append(.markup(Array(markup)))
        }
    }
}

/// A name fit to be shown.
func shortened(_ name: String) -> String {
    name.unicodeScalars.count > 40 ? String(name.prefix(40)) + "…" : name
}
