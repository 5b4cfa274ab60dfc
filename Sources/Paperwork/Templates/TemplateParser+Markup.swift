import JSON

// Tags, text, comments and styles.

extension TemplateParser {
    /// `<!doctype html>` at the beginning.
    mutating func takeDocumentType() {
        while position < bytes.count, bytes[position].isBlank { position += 1 }
        let wanted = Array("<!doctype html>".utf8)
        let found = bytes[position...].prefix(wanted.count).map { byte in
            (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
        }
        guard found == wanted else {
            return note(
                position, "the template does not begin with <!doctype html>",
                "Put it into the first line")
        }
        position += wanted.count
        add(wanted)
        add([0x0A])
    }

    mutating func skipComment() {
        let start = position
        position += 4
        while position < bytes.count {
            if stands("-->") {
                position += 3
                return
            }
            position += 1
        }
        note(start, "this comment does not end", "Put --> where it ends")
    }

    // MARK: Text

    mutating func takeText() {
        let start = position
        text: while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "<"), UInt8(ascii: "&"): break text
            case UInt8(ascii: "{") where stands("{{"): break text
            default: position += 1
            }
        }
        let text = bytes[start..<position]
        if let word = text.firstIndex(where: { !$0.isBlank }), !checkTextHere(word) { return }
        for found in OddBrackets.findings(in: text) {
            note(found.offset, found.wrong, found.remedy)
        }
        checkLetters(text)
        add(text)
    }

    /// Notes the first line whose letters were made for another encoding.
    private mutating func checkLetters(_ text: ArraySlice<UInt8>) {
        guard text.contains(where: { $0 >= 0x80 }) else { return }
        for line in text.split(separator: 0x0A) {
            let words = String(decoding: line, as: UTF8.self)
            guard
                let wrong = TextEncoding.wrongLetters(words) ?? TextEncoding.wrongWord(words),
                let word = line.firstIndex(where: { !$0.isBlank })
            else { continue }
            return note(
                word, "here stand \(wrong.what)",
                "Type it anew with letters of Unicode (Unicode dựng sẵn)")
        }
    }

    /// Whether text may stand here.
    mutating func checkTextHere(_ offset: Int) -> Bool {
        guard let (element, index) = innermost else {
            note(offset, "text stands outside of <html>", "Put it into <body>")
            return false
        }
        guard case .only(let names) = element.content else { return true }
        addStray(
            "text", offset, in: index, "text stands right in <\(element.name)>",
            "Put it into <\(names.joined(separator: "> or <"))>")
        return false
    }

    /// `&amp;`, `&#8211;` or `&#x2013;`.
    mutating func takeReference() {
        let start = position
        position += 1
        var end = position
        while end < bytes.count, end - position < 12, bytes[end] != UInt8(ascii: ";"),
            bytes[end].isLetter || (0x30...0x39).contains(bytes[end])
                || bytes[end] == UInt8(ascii: "#")
        {
            end += 1
        }
        let name = String(decoding: bytes[position..<end], as: UTF8.self)
        guard end < bytes.count, bytes[end] == UInt8(ascii: ";"), Self.isReference(name) else {
            return note(
                start, "& begins no known reference here",
                "Write &amp; for the sign itself; any other character stands as it is")
        }
        position = end + 1
        guard checkTextHere(start) else { return }
        add(bytes[start..<position])
    }

    private static func isReference(_ name: String) -> Bool {
        guard name.hasPrefix("#") else { return namedReferences.contains(name) }
        let digits = name.dropFirst()
        let value =
            digits.hasPrefix("x")
            ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits, radix: 10)
        guard let value, let scalar = Unicode.Scalar(value) else { return false }
        return !scalar.isTreacherous
    }

    // MARK: Tags

    mutating func takeTag() {
        let start = position
        position += 1
        let isEnd = position < bytes.count && bytes[position] == UInt8(ascii: "/")
        if isEnd { position += 1 }
        let name = takeName()
        guard !name.isEmpty else {
            note(start, "< begins no tag here", "Write &lt; for the sign itself")
            return
        }
        isEnd ? takeEnd(name, start) : takeStart(name, start)
    }

    /// A name of a tag or attribute, in small letters.
    private mutating func takeName() -> String {
        let start = position
        while position < bytes.count, position - start < 64,
            bytes[position].isLetter || (0x30...0x39).contains(bytes[position])
                || bytes[position] == UInt8(ascii: "-") || bytes[position] == UInt8(ascii: ":")
        {
            position += 1
        }
        return String(decoding: bytes[start..<position], as: UTF8.self).lowercased()
    }

    private mutating func takeStart(_ name: String, _ start: Int) {
        let markup = Markup.named(name)
        let written = takeAttributes(of: markup, name, start)
        guard let markup else {
            note(start, "<\(name)> is not allowed", Markup.remedy(forElement: name))
            // What a program says is no text to look for mistakes in.
            while name == "script", position < bytes.count, !stands("</script>") { position += 1 }
            if name == "script", position < bytes.count { position += 9 }
            return
        }
        check(markup, start)
        add(Array("<\(name)".utf8) + written + [UInt8(ascii: ">")])
        seen.insert(name)
        if name == "head" { add(.policy) }
        if name == "body" { add(.trainingMark) }
        guard markup.content != .void else { return }
        guard open.count < PaperLimits.depth else {
            note(start, "more than \(PaperLimits.depth) things within each other", "Take some out")
            position = bytes.count
            return
        }
        open.append(.element(markup, Place(file: file, offset: start)))
    }

    /// Whether the element may stand here, and so often.
    private mutating func check(_ markup: Markup, _ start: Int) {
        let name = markup.name
        if let (outer, index) = innermost {
            guard !outer.takes(markup) else { return checkOnce(name, start) }
            addStray(
                "<\(name)>", start, in: index,
                "<\(name)> cannot stand right in <\(outer.name)>", outer.remedy(forInner: markup))
        } else if name == "html", levels.count == 1, !isPart {
            checkOnce(name, start)
        } else {
            note(
                start, "<\(name)> stands outside of <html>",
                "Put everything into one <html>, with <head> and <body>")
        }
    }

    private mutating func checkOnce(_ name: String, _ start: Int) {
        guard ["html", "head", "title", "body"].contains(name) else { return }
        if seen.contains(name) { note(start, "<\(name)> stands twice", "Take one out") }
        if name == "head", seen.contains("body") {
            note(start, "<head> stands behind <body>", "Put it before <body>")
        }
        if levels.count > 1 || isPart {
            note(
                start, "<\(name)> stands in a part or a block",
                "Put it into the template, outside of {{#if}} and {{#each}}")
        }
    }

    private mutating func takeEnd(_ name: String, _ start: Int) {
        while position < bytes.count, bytes[position].isBlank { position += 1 }
        guard position < bytes.count, bytes[position] == UInt8(ascii: ">") else {
            return note(start, "</\(name)> does not end", "Put > where it ends")
        }
        position += 1
        // What a block or a part has not opened it cannot close.
        var floor = base
        for index in open.indices.reversed() where index >= base {
            if case .block = open[index] {
                floor = index + 1
                break
            }
        }
        let match = open.indices.reversed().first { index in
            guard index >= floor, case .element(let markup, _) = open[index] else { return false }
            return markup.name == name
        }
        guard let match else {
            let isVoid = Markup.named(name)?.content == .void
            return note(
                start, "</\(name)> closes nothing here",
                isVoid
                    ? "Take it out: <\(name)> has no end"
                    : "Take it out; a block or a part closes what it has opened itself, and "
                        + "nothing else")
        }
        closeAll(downTo: match + 1)
        noteStrays(in: match)
        open.removeLast()
        add(Array("</\(name)>".utf8))
    }

    // MARK: Attributes

    /// Reads up to the tag's end; the attributes as they are written into papers.
    private mutating func takeAttributes(
        of markup: Markup?, _ tag: String, _ start: Int
    ) -> [UInt8] {
        var written: [UInt8] = []
        var names: [String] = []
        while true {
            while position < bytes.count, bytes[position].isBlank { position += 1 }
            if stands("/>") {
                if let markup, markup.content != .void {
                    note(
                        position, "<\(tag)/> is no element without content in HTML",
                        "Write <\(tag)></\(tag)>")
                }
                position += 2
                break
            }
            guard position < bytes.count else {
                note(start, "<\(tag)> does not end", "Put > where it ends")
                break
            }
            if bytes[position] == UInt8(ascii: ">") {
                position += 1
                break
            }
            let at = position
            let name = takeName()
            guard !name.isEmpty else {
                note(
                    at, "this is no attribute of <\(tag)>",
                    stands("{{")
                        ? "Placeholders stand in text, not in tags"
                        : "Attributes are written as name=\"value\"")
                skipTag()
                break
            }
            guard let value = takeValue(name, at) else {
                skipTag()
                break
            }
            guard let markup else { continue }
            if names.contains(name) {
                note(at, "the attribute \(name) stands twice", "Take one out")
            }
            names.append(name)
            guard markup.takes(name) else {
                note(
                    at, "<\(tag)> may not have the attribute \(name)",
                    markup.remedy(forAttribute: name))
                continue
            }
            guard check(name, value, of: markup) else { continue }
            written += Array(" \(name)=\"".utf8) + Self.quoted(bytes[value])
            written.append(UInt8(ascii: "\""))
        }
        if markup?.name == "img", !names.contains("src") {
            note(start, "<img> has no picture", "Give it src=\"data:image/png;base64,...\"")
        }
        return written
    }

    /// Where the attribute's value stands, between its quotes.
    private mutating func takeValue(_ name: String, _ at: Int) -> Range<Int>? {
        while position < bytes.count, bytes[position].isBlank { position += 1 }
        guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "=") else {
            note(at, "the attribute \(name) has no value", "Write it as \(name)=\"value\"")
            return nil
        }
        position += 1
        while position < bytes.count, bytes[position].isBlank { position += 1 }
        guard position < bytes.count,
            bytes[position] == UInt8(ascii: "\"") || bytes[position] == UInt8(ascii: "'")
        else {
            note(at, "the value of \(name) has no quotes", "Write it as \(name)=\"value\"")
            return nil
        }
        let quote = bytes[position]
        position += 1
        let start = position
        while position < bytes.count, bytes[position] != quote { position += 1 }
        guard position < bytes.count else {
            note(at, "the value of \(name) does not end", "Put the quote where it ends")
            return nil
        }
        position += 1
        return start..<(position - 1)
    }

    private mutating func skipTag() {
        while position < bytes.count, bytes[position] != UInt8(ascii: ">") { position += 1 }
        if position < bytes.count { position += 1 }
    }

    private static func quoted(_ value: ArraySlice<UInt8>) -> [UInt8] {
        var written: [UInt8] = []
        for byte in value {
            if byte == UInt8(ascii: "\"") {
                written += Array("&quot;".utf8)
            } else if byte == UInt8(ascii: "<") {
                written += Array("&lt;".utf8)
            } else {
                written.append(byte)
            }
        }
        return written
    }

    /// Whether the attribute's value is one it may have.
    private mutating func check(_ name: String, _ range: Range<Int>, of markup: Markup) -> Bool {
        let value = bytes[range]
        let text = String(decoding: value.prefix(128), as: UTF8.self)
        func isNumber(_ most: Int) -> Bool {
            guard let number = Int(text), !text.hasPrefix("+") else { return false }
            return (1...most).contains(number)
        }
        if text.contains("{{") {
            note(range.lowerBound, "a placeholder stands in a tag", "Put it into the text")
            return false
        }
        switch name {
        case "style":
            let findings = StyleCheck(value, isAttribute: true).findings
            for finding in findings { note(finding.offset, finding.wrong, finding.remedy) }
            return findings.isEmpty
        case "src":
            guard let found = Picture.mistake(in: value) else { return true }
            note(found.offset, found.wrong, found.remedy)
        case "charset":
            seen.insert("charset")
            guard text.lowercased() != "utf-8" else { return true }
            note(range.lowerBound, "the encoding is not utf-8", "Write charset=\"utf-8\"")
        case "lang" where markup.name == "html":
            guard text != DocumentKind.language else { return true }
            note(range.lowerBound, "the language is not vi", "Write lang=\"vi\"")
        case "colspan", "rowspan", "span":
            guard !isNumber(100) else { return true }
            note(range.lowerBound, "\(name) is a number from 1 to 100", "Write such a number")
        case "start", "width", "height":
            guard !isNumber(5000) else { return true }
            note(range.lowerBound, "\(name) is a number from 1 to 5000", "Write such a number")
        default: return true
        }
        return false
    }

    // MARK: Styles

    /// Reads to the end of `<style>`, or of a part in it.
    mutating func parseStyle(_ style: Markup) {
        let start = position
        styles: while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "{") where stands("{{"), UInt8(ascii: "<") where stands("</"):
                break styles
            default: position += 1
            }
        }
        let text = bytes[start..<position]
        add(text)
        styleRanges.append(start..<position)
        if position >= bytes.count {
            checkStyles()
        } else if stands("{{") {
            takePlaceholder()
        } else {
            checkStyles()
            takeTag()
        }
    }

    /// Goes over the styles read so far in this file, as one text.
    private mutating func checkStyles() {
        guard let first = styleRanges.first, let last = styleRanges.last else { return }
        // Where a part was taken in, blanks stand for it, so that places stay right.
        var text = Array(bytes[first.lowerBound..<last.upperBound])
        for (before, after) in zip(styleRanges, styleRanges.dropFirst()) {
            for offset in before.upperBound..<after.lowerBound {
                text[offset - first.lowerBound] = 0x20
            }
        }
        for finding in StyleCheck(text[...]).findings {
            note(first.lowerBound + finding.offset, finding.wrong, finding.remedy)
        }
        styleRanges = []
    }
}
