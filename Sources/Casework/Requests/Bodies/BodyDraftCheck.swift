import JSON
import WorkingDays

// The lines of an alias table held against each other.
extension BodyDraft {
    /// Notes what contradicts itself.
    func check(_ reader: inout FileReader) {
        var byOld: [[String]: [Int]] = [:]
        for (i, change) in changes.enumerated() {
            guard let old = change.old else { continue }
            for j in byOld[old.value.words]?.prefix(32) ?? [] { compare(i, j, &reader) }
            byOld[old.value.words, default: []].append(i)
        }
        for i in changes.indices { checkNew(i, byOld, &reader) }
        checkSpellings(byOld, &reader)
    }

    /// Two lines with one old name, `j` before `i`.
    private func compare(_ i: Int, _ j: Int, _ reader: inout FileReader) {
        guard let old = changes[i].old, let other = changes[j].old else { return }
        let line = other.place.line
        guard changes[i].district?.value.words == changes[j].district?.value.words else {
            if changes[i].district == nil || changes[j].district == nil {
                reader.note(
                    old.place,
                    "stands in line \(line) too, and only one of them says in which district: "
                        + "say it at both")
            }
            return
        }
        guard let from = changes[i].from, let before = changes[j].from,
            let new = changes[i].new, let earlier = changes[j].new
        else { return }
        if new.value.words == earlier.value.words {
            reader.note(
                old.place, "stands in line \(line) already, with the same new name: strike one")
        } else if from.value != before.value {
            reader.note(
                from.place,
                "line \(line) gives up the same name on \(before.value): a name is given up once, "
                    + "to several on one day")
        }
    }

    /// Whether the new name is one that is in use.
    private func checkNew(_ i: Int, _ byOld: [[String]: [Int]], _ reader: inout FileReader) {
        guard let old = changes[i].old, let new = changes[i].new else { return }
        if old.value.words == new.value.words {
            if changes[i].district == nil {
                reader.note(
                    new.place,
                    "is the old name: strike the line, or say in which district the old one lay")
            }
            return
        }
        // An old name with a district is another body than a new one without.
        guard let j = byOld[new.value.words]?.first(where: { changes[$0].district == nil }),
            let given = changes[i].from, let gone = changes[j].from
        else { return }
        let line = changes[j].old?.place.line ?? 1
        var seen: Set<Int> = [i]
        var last = j
        while seen.insert(last).inserted {
            let next = changes[last].new.flatMap { new in
                byOld[new.value.words]?.first { changes[$0].district == nil }
            }
            guard let next, next != last else { break }
            last = next
        }
        let today = changes[last].new?.value.text ?? ""
        if last == i {
            reader.note(
                new.place,
                "leads back to its own old name by line \(line): one of the lines is the wrong way "
                    + "round")
        } else if gone.value < given.value {
            reader.note(
                given.place,
                "the name was given up on \(gone.value) already (line \(line)), before it was "
                    + "given: one of the days is wrong, or that line lacks a district")
        } else {
            reader.note(
                new.place,
                "is an old name itself since \(gone.value) (line \(line)): write here what it is "
                    + "called today, \"\(today)\"")
        }
    }

    private func checkSpellings(_ byOld: [[String]: [Int]], _ reader: inout FileReader) {
        var lines: [[String]: Int] = [:]
        for spelling in spellings {
            guard let name = spelling.name else { continue }
            if let i = byOld[name.value.words]?.first, changes[i].district == nil {
                reader.note(
                    name.place,
                    "is an old name (line \(changes[i].old?.place.line ?? 1)): write the name of "
                        + "today")
            }
            for also in spelling.also {
                let words = also.value.words
                if words == name.value.words {
                    reader.note(also.place, "is the name itself: strike it")
                } else if let line = lines[words] {
                    reader.note(
                        also.place, "stands in line \(line) already, short forms written out")
                } else if let i = byOld[words]?.first {
                    reader.note(
                        also.place,
                        "is an old name (line \(changes[i].old?.place.line ?? 1)): it cannot be a "
                            + "spelling too")
                } else {
                    lines[words] = also.place.line
                }
            }
        }
        for spelling in spellings {
            guard let name = spelling.name, let line = lines[name.value.words] else { continue }
            reader.note(
                name.place,
                "is another spelling in line \(line): write the full name at one place only")
        }
    }
}
