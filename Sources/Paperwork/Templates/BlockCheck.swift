/// Goes over the blocks of one file, `{{#if}}` and `{{#each}}`, and notes what does not nest.
struct BlockCheck {
    private struct Waiting {
        /// nil for a block that there is not.
        let word: String?
        let written: String
        let offset: Int
    }

    private let bytes: [UInt8]
    private var open: [Waiting] = []
    private(set) var findings: [StyleCheck.Finding] = []
    /// Names of the parts that the file takes in.
    private(set) var parts: [String] = []

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        run()
        findings.sort { $0.offset < $1.offset }
    }

    private mutating func run() {
        var position = 0
        while position < bytes.count {
            if stands("<!--", position) {
                position += 4
                while position < bytes.count, !stands("-->", position) { position += 1 }
                // Without its end a comment hides the ends of blocks, and is the mistake itself.
                guard position < bytes.count else { return }
                position += 3
            } else if stands("{{", position) {
                let start = position
                position += 2
                while position < bytes.count, position - start <= 102, bytes[position] != 0x0A,
                    !stands("}}", position), !stands("{{", position)
                {
                    position += 1
                }
                let inside = String(decoding: bytes[(start + 2)..<position], as: UTF8.self)
                let isEnded = stands("}}", position)
                take(inside, start, isEnded)
                position = isEnded ? position + 2 : start + 2
                guard findings.count < PaperLimits.mistakes else { return }
                guard open.count <= PaperLimits.depth else {
                    return note(
                        start, "more than \(PaperLimits.blocks) blocks within each other",
                        "Take some out")
                }
            } else {
                position += 1
            }
        }
        for block in open { noteUnclosed(block, "") }
    }

    private func stands(_ text: StaticString, _ position: Int) -> Bool {
        guard text.utf8CodeUnitCount <= bytes.count - position else { return false }
        return text.withUTF8Buffer { wanted in
            for index in 0..<wanted.count where bytes[position + index] != wanted[index] {
                return false
            }
            return true
        }
    }

    private mutating func note(_ offset: Int, _ wrong: String, _ remedy: String) {
        guard findings.count < PaperLimits.mistakes else { return }
        findings.append(StyleCheck.Finding(offset: offset, wrong: wrong, remedy: remedy))
    }

    private func line(of offset: Int) -> Int {
        bytes.prefix(offset).reduce(1) { $1 == 0x0A ? $0 + 1 : $0 }
    }

    private mutating func noteUnclosed(_ block: Waiting, _ before: String) {
        guard let word = block.word else { return }
        note(
            block.offset, "\(block.written) is not closed",
            "Put {{/\(word)}} where it ends\(before)")
    }

    // MARK: Placeholders

    private mutating func take(_ inside: String, _ start: Int, _ isEnded: Bool) {
        let text = inside.split(whereSeparator: { $0 == " " || $0 == "\t" })
            .joined(separator: " ")
        if text.hasPrefix(">") {
            return parts.append(String(text.drop { $0 == ">" || $0 == " " }))
        }
        let isBegin = text.hasPrefix("#")
        let isEnd = text.hasPrefix("/")
        let rest = isBegin || isEnd ? text.dropFirst().drop { $0 == " " } : text[...]
        let name = rest.prefix { $0.isASCII && $0.isLetter }
        let words = rest.dropFirst(name.count).prefix { $0 != "}" && $0 != "{" && $0 != "<" }
            .drop { $0 == " " }
        let written =
            "{{" + shortened(isEnded ? text : String(text.prefix { $0 != "}" && $0 != "<" }))
        switch name.lowercased() {
        case "if" where isEnd, "endif":
            checkForm(isEnded && text == "/if", written, isEnded, "{{/if}}", start)
            close("if", start)
        case "each" where isEnd, "endeach":
            checkForm(isEnded && text == "/each", written, isEnded, "{{/each}}", start)
            close("each", start)
        case "if" where isBegin || !words.isEmpty, "each" where isBegin || !words.isEmpty:
            let word = name.lowercased()
            let right = "#\(word)"
            let isRight = isEnded && (text == right || text.hasPrefix(right + " "))
            checkForm(isRight, written, isEnded, "{{\(right) \(shortened(String(words)))}}", start)
            open.append(Waiting(word: word, written: written + "}}", offset: start))
        default:
            guard isEnded, isBegin || isEnd else { return }
            note(
                start, "there is no \(written)}}",
                "Blocks are {{#if NAME}}, {{else}}, {{/if}} and {{#each NAME}}, {{/each}}")
            if isBegin {
                open.append(Waiting(word: nil, written: written, offset: start))
            } else if let last = open.last, last.word == nil {
                open.removeLast()
            }
        }
    }

    /// Notes a beginning or end that is meant, and not written as it must be.
    private mutating func checkForm(
        _ isRight: Bool, _ written: String, _ isEnded: Bool, _ right: String, _ start: Int
    ) {
        guard !isRight else { return }
        note(
            start,
            isEnded
                ? "\(written)}} is no beginning or end of a block"
                : "\(written) does not end on its line with }}",
            "Write \(right)")
    }

    private mutating func close(_ word: String, _ start: Int) {
        guard let last = open.last else {
            return note(
                start, "{{/\(word)}} closes nothing here",
                "Take it out, or put {{#\(word) NAME}} where it begins")
        }
        if last.word == nil || last.word == word {
            open.removeLast()
        } else if let match = open.lastIndex(where: { $0.word == word }) {
            let before = ", before {{/\(word)}} in line \(line(of: start))"
            for block in open[(match + 1)...] { noteUnclosed(block, before) }
            open.removeLast(open.count - match)
        } else {
            note(
                start,
                "{{/\(word)}} does not close \(last.written) of line \(line(of: last.offset))",
                "Write {{/\(last.word ?? word)}}, or take it out")
            open.removeLast()
        }
    }
}
