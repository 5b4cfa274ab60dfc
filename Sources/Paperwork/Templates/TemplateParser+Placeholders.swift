import JSON

// What stands in double braces.

extension TemplateParser {
    /// Reads `{{...}}`.
    mutating func takePlaceholder() {
        let start = position
        position += 2
        let inside = position
        while position < bytes.count, position - inside <= 100, !stands("}}"), !stands("{{"),
            bytes[position] != 0x0A
        {
            position += 1
        }
        guard stands("}}") else {
            position = inside
            return note(
                start, "this placeholder does not end on its line", "Put }} where it ends")
        }
        let words = String(decoding: bytes[inside..<position], as: UTF8.self)
            .split(whereSeparator: { $0 == " " || $0 == "\t" })
        position += 2
        let text = words.joined(separator: " ")
        if inStyle != nil, !text.hasPrefix(">") {
            return note(
                start, "a placeholder stands in <style>",
                "Put it into the text; a part with styles is taken in by {{> _name.css}}")
        }
        switch words.first {
        case nil: note(start, "the placeholder has no name", "Write one, as {{case.number}}")
        case "#if"?, "#each"?:
            openBlock(String(words[0].dropFirst()), words.dropFirst().joined(separator: " "), start)
        case "else"? where words.count == 1: takeElse(start)
        case "/if"? where words.count == 1, "/each"? where words.count == 1:
            endBlock(String(words[0].dropFirst()), start)
        default:
            if text.hasPrefix(">") {
                takePartNamed(String(text.drop { $0 == ">" || $0 == " " }), start)
            } else if text.hasPrefix("#") || text.hasPrefix("/") {
                note(
                    start, "there is no {{\(shortened(text))}}",
                    "Blocks are {{#if NAME}}, {{else}}, {{/if}} and {{#each NAME}}, {{/each}}")
            } else {
                takeField(text, start)
            }
        }
    }

    private mutating func takePartNamed(_ name: String, _ start: Int) {
        let isStyle = name.hasSuffix(".css")
        guard isStyle == (inStyle != nil) else {
            return note(
                start, "the part \"\(shortened(name))\" stands in the wrong place",
                "Parts with styles (.css) are taken in in <style>, others (.html) in <body>")
        }
        guard isStyle || seen.contains("body") else {
            return note(start, "a part stands outside of <body>", "Take it in in <body>")
        }
        takePart(name, at: start)
    }

    // MARK: Values

    private mutating func takeField(_ text: String, _ start: Int) {
        let halves = text.split(separator: "|", omittingEmptySubsequences: false)
            .map { $0.filter { $0 != " " } }
        let written = text.prefix { $0 != "|" }
        guard let field = field(named: halves[0], start, written: String(written)) else { return }
        var style = Template.Style.plain
        if halves.count > 1 {
            guard halves.count == 2, let named = Template.Style(rawValue: halves[1]),
                named != .plain
            else {
                return note(
                    start,
                    "nothing is written as \"\(shortened(halves.dropFirst().joined(separator: "|")))\"",
                    "Days and times can be |long, text can be |upper")
            }
            style = named
        }
        switch field.form {
        case .list:
            return note(
                start, "\(field.rawValue) is a list",
                "Write {{#each \(field.rawValue)}}...{{/each}}")
        case .day, .moment:
            if style == .upper {
                return note(start, "a day has no capitals", "Take |upper out, or write |long")
            }
        case .text:
            if style == .long {
                return note(start, "only days and times are |long", "Take |long out")
            }
        case .lines, .count, .qr, .row:
            if style != .plain {
                return note(
                    start, "\(field.rawValue) has only one form", "Take |\(style.rawValue) out")
            }
        }
        if field == .qr, element?.content == .text {
            return note(start, "a picture stands in <title>", "Put it into <body>")
        }
        guard checkTextHere(start) else { return }
        if !isConditional { shown.insert(field) }
        add(.value(field, style))
    }

    /// The field of that name, where this paper has it and it may stand here.
    private mutating func field(
        named name: String, _ start: Int, written: String? = nil
    ) -> DocumentField? {
        guard let field = DocumentField(rawValue: name) else {
            let known = DocumentField.allCases.filter { kind.has($0) }.map(\.rawValue)
            note(
                start, "there is no placeholder \"\(shortened(written ?? name))\"",
                nearest(to: name, among: known).map { "Did you mean \($0)" }
                    ?? "docs/templates.md lists those of this paper")
            return nil
        }
        guard kind.has(field) else {
            note(
                start, "this paper (\(kind.rawValue)) has no \(name)",
                "Take it out; docs/templates.md lists those of this paper")
            return nil
        }
        if let list = field.list, !isWithin(list) {
            note(
                start, "\(name) stands outside of its list",
                "Put it between {{#each \(list.rawValue)}} and {{/each}}")
            return nil
        }
        return field
    }

    private func isWithin(_ list: DocumentField) -> Bool {
        open.contains { item in
            guard case .block(let block, _) = item else { return false }
            return block.word == .each && block.field == list
        }
    }

    private var isConditional: Bool {
        open.contains { item in
            guard case .block(let block, _) = item else { return false }
            return block.word == .when
        }
    }

    // MARK: Blocks

    private mutating func openBlock(_ word: String, _ name: String, _ start: Int) {
        guard let word = Block.Word(rawValue: word) else { return }
        // A block with a mistake is opened all the same, so that its end is no second mistake.
        var field = field(named: name, start) ?? .caseNumber
        if word == .each {
            if case .list = field.form {
                if isWithin(field) {
                    note(start, "{{#each \(field.rawValue)}} stands within itself", "Take it out")
                }
                if !isConditional { shown.insert(field) }
            } else {
                if DocumentField(rawValue: name) == field {
                    note(start, "\(name) is no list", "Write {{\(name)}} or {{#if \(name)}}")
                }
                field = .devices
            }
        }
        if let element, element.content == .text || element.content == .style {
            note(start, "a block stands in <\(element.name)>", "Put it into <body>")
        }
        if !seen.contains("body") {
            note(start, "a block stands outside of <body>", "Put it into <body>")
        }
        guard levels.count <= PaperLimits.blocks, open.count < PaperLimits.depth else {
            note(
                start, "more than \(PaperLimits.blocks) blocks within each other",
                "Take some out")
            position = bytes.count
            return
        }
        let written = "{{#\(word.rawValue) \(shortened(name))}}"
        open.append(
            .block(
                Block(word: word, field: field, written: written),
                Place(file: file, offset: start)))
        levels.append([])
    }

    /// Notes and closes the elements that were opened within the innermost block of this file.
    private mutating func closeElements() -> Block? {
        for index in open.indices.reversed() where index >= base {
            guard case .block(let block, _) = open[index] else { continue }
            closeAll(downTo: index + 1)
            return block
        }
        return nil
    }

    private mutating func takeElse(_ start: Int) {
        guard var block = closeElements(), block.word == .when, block.then == nil,
            case .block(_, let place)? = open.last
        else {
            return note(
                start, "{{else}} belongs to no {{#if}} here",
                "Put it between {{#if NAME}} and {{/if}}, once")
        }
        block.then = levels[levels.count - 1]
        levels[levels.count - 1] = []
        open[open.count - 1] = .block(block, place)
    }

    private mutating func endBlock(_ word: String, _ start: Int) {
        guard let block = closeElements(), block.word.rawValue == word else {
            return note(
                start, "{{/\(word)}} closes nothing here",
                "Take it out, or close first what was opened last")
        }
        closeBlock()
    }

    /// Makes a node of the innermost block, which is the last thing open.
    mutating func closeBlock() {
        guard levels.count > 1, case .block(let block, _)? = open.last else { return }
        open.removeLast()
        let nodes = levels.removeLast()
        switch block.word {
        case .each: add(.each(block.field, nodes))
        case .when:
            if let then = block.then {
                add(.when(block.field, then, otherwise: nodes))
            } else {
                add(.when(block.field, nodes, otherwise: []))
            }
        }
    }
}
