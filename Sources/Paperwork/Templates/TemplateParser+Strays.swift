// What stands in an element that cannot have it, and blocks that do not nest.

extension TemplateParser {
    /// Something in an element that cannot have it.
    struct Stray {
        let place: Place
        let what: String
        let wrong: String
        let remedy: String
    }

    /// Remembers it until the element at `index` of `open` ends: where that is never closed, this
    /// is the mistake, and what stands behind it is right.
    ///
    /// What a part has in an element of the page is the page's: it takes the part in there.
    mutating func addStray(
        _ what: String, _ offset: Int, in index: Int, _ wrong: String, _ remedy: String
    ) {
        guard strays[index, default: []].count < PaperLimits.mistakes else { return }
        var stray = Stray(
            place: Place(file: file, offset: offset), what: what, wrong: wrong, remedy: remedy)
        if let taken, index < base, case .element(let outer, _) = open[index] {
            let line = line(of: stray.place)
            stray = Stray(
                place: taken, what: "{{> \(file.base)}}",
                wrong: "the part \(file.base) has \(what) in its line \(line), which cannot "
                    + "stand right in <\(outer.name)>",
                remedy: remedy)
        }
        strays[index, default: []].append(stray)
    }

    /// Notes what was remembered of the element at `index`, which is closed.
    mutating func noteStrays(in index: Int) {
        for stray in strays.removeValue(forKey: index) ?? [] {
            note(stray.place, stray.wrong, stray.remedy)
        }
    }

    /// Notes that the last element of `open` is not closed.
    mutating func noteUnclosed(_ markup: Markup, _ place: Place) {
        let index = open.count - 1
        var before = ""
        // Nothing but the file's end ends these.
        if markup.name == "html" || markup.name == "body" { noteStrays(in: index) }
        if let first = strays.removeValue(forKey: index)?.first,
            mistakes.count < PaperLimits.mistakes
        {
            before = ", before \(first.what) in line \(line(of: first.place))"
        }
        note(
            place, "<\(markup.name)> is not closed",
            "Put </\(markup.name)> where it ends" + before)
    }

    /// Whether blocks nest, in the template and in each part that it takes in.
    ///
    /// All else waits for that: where the end of a block is missing, healthy elements behind it
    /// seem to end in the wrong place.
    mutating func checkBlocks() -> Bool {
        let page = file
        let check = BlockCheck(bytes)
        var files = [page]
        for name in check.parts where !files.contains(where: { $0.base == name }) {
            if let part = parts[name], part.bytes.count <= PaperLimits.file { files.append(part) }
        }
        for other in files {
            file = other
            let findings = other.name == page.name ? check.findings : BlockCheck(bytes).findings
            for found in findings { note(found.offset, found.wrong, found.remedy) }
        }
        file = page
        return mistakes.isEmpty
    }

    /// The template's own first, each file's as they stand in it.
    mutating func sortMistakes() {
        var names = [file.name]
        for mistake in mistakes where !names.contains(mistake.file) { names.append(mistake.file) }
        mistakes.sort { a, b in
            let places = (names.firstIndex(of: a.file) ?? 0, names.firstIndex(of: b.file) ?? 0)
            return (places.0, a.line, a.column) < (places.1, b.line, b.column)
        }
    }
}
