import Casework
import JSON

// Files of the paperwork: what they say, or what is wrong with them.

extension Page {
    mutating func add(_ check: BodiesCheck) {
        var head = TextLine(check.file + ": ", .strong)
        guard let table = check.table else { return add(check.mistakes, &head) }
        head.add("right", .good)
        line(head)
        field("old names", String(table.changes.count))
        field("other spellings", String(table.spellings.count))
        if let place = table.place { field("place", place) }
        for division in table.divided {
            field(
                "divided",
                "\(division.name) was divided into \(Self.listed(division.new)): a request must "
                    + "say which", .warning)
        }
    }

    private static func listed(_ names: [String]) -> String {
        guard let last = names.last, names.count > 1 else { return names.first ?? "" }
        return names.dropLast().joined(separator: ", ") + " and " + last
    }

    /// Without what the papers say of people: fields and rules only.
    mutating func add(_ check: RequestCheck) {
        var head = TextLine(check.file + ": ", .strong)
        guard let entries = check.entries else { return add(check.mistakes, &head) }
        head.add(
            Words.counted(entries.count, "request", "requests") + " (\(check.format.rawValue))")
        line(head)
        for entry in entries {
            let isValid = entry.findings.allowValid
            var title = TextLine("line \(entry.line): \(entry.form.kind.rawValue), ", .strong)
            title.add(Words.counted(entry.form.devices.count, "device", "devices") + ": ", .strong)
            title.add(isValid ? "valid" : "to be completed", isValid ? .good : .warning)
            blank()
            line(title)
            for finding in entry.findings {
                let label = finding.field.label.map { " (\($0))" } ?? ""
                let code = "\(finding.rule.code) (\(finding.severity.rawValue))"
                text(
                    "\(finding.field.name)\(label): \(code)",
                    finding.severity == .notice ? .plain : .strong, indent: 2)
                text(finding.rule.toDo, indent: 4)
            }
        }
    }

    private mutating func add(_ mistakes: [FileMistake], _ head: inout TextLine) {
        head.add(Words.counted(mistakes.count, "mistake", "mistakes"), .bad)
        line(head)
        for mistake in mistakes { add(mistake) }
    }
}
