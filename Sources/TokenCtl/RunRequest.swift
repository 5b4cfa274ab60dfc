import Casework
import JSON
import System

extension Run {
    /// Reads requests as the station would, and says what the check at the counter would find.
    func checkRequests(_ file: String, _ bodies: String?) throws(Failure) -> ExitCode {
        let bytes = try contents(
            file, limit: RequestImport.longestFile,
            next: "Name a file of at most 1 MiB, as a user who may read it.")
        var table = BodyTable()
        if let bodies {
            let check = BodiesCheck(
                try contents(
                    bodies, limit: BodyTable.longestFile,
                    next: "Name a table of at most 1 MiB, as a user who may read it."), bodies)
            guard let read = check.table else {
                throw .own(
                    .fileUnreadable, "\(bodies) has mistakes.",
                    next: "See tokenctl bodies check \(bodies).")
            }
            table = read
        }
        let now = Timestamp(milliseconds: WallClock.nanoseconds / 1_000_000)
        let intake = Intake(now: WallClock.isSynchronised ? now : nil)
        let check = RequestCheck(bytes, file, intake, table)
        if console.json {
            console.put(check.document)
        } else {
            console.show { $0.add(check) }
        }
        return check.isValid ? .good : .failed
    }
}

/// What `tokenctl request check` found.
struct RequestCheck {
    struct Entry {
        let form: RequestForm
        let line: Int
        let findings: [Intake.Finding]
    }

    let file: String
    let format: RequestImport.Format
    /// nil where the file has mistakes.
    let entries: [Entry]?
    let mistakes: [FileMistake]

    init(_ bytes: [UInt8], _ file: String, _ intake: Intake, _ bodies: BodyTable) {
        self.file = file
        let read = RequestImport.read(bytes, file: file, minutesEast: intake.minutesEast)
        format = read.format
        mistakes = read.mistakes
        entries = read.requests?.map { request in
            Entry(
                form: request.form, line: request.line,
                findings: intake.findings(request.form, bodies: bodies) { _ in nil })
        }
    }

    /// Whether each request could be taken in as valid.
    var isValid: Bool { entries?.allSatisfy { $0.findings.allowValid } ?? false }

    var document: JSONValue {
        .object([
            ("file", .string(file)), ("format", .string(format.rawValue)),
            ("good", .bool(entries != nil)), ("valid", .bool(isValid)),
            ("mistakes", .array(mistakes.map(\.document))),
            ("requests", .array((entries ?? []).map(\.document))),
        ])
    }
}

extension RequestCheck.Entry {
    fileprivate var document: JSONValue {
        var members: [(String, JSONValue)] = []
        func add(_ name: String, _ text: String?) {
            members.append((name, Self.text(text)))
        }
        members.append(("line", .integer(Int64(line))))
        add("kind", form.kind.rawValue)
        add("number", form.number)
        add("managing_body", form.managingBody)
        add("received", form.received?.description)
        var contact: [(String, JSONValue)] = []
        for field in Intake.Field.Contact.allCases {
            contact.append((field.rawValue, .string(form.contact[field])))
        }
        members.append(("contact", .object(contact)))
        members.append(("devices", .array(form.devices.map(Self.document))))
        add("permission", form.particulars.permission)
        add("return_reason", form.particulars.returnReason?.rawValue)
        add("noticed", form.particulars.noticed?.description)
        add("report", form.particulars.report)
        members.append(("valid", .bool(findings.allowValid)))
        members.append(("findings", .array(findings.map(Self.document))))
        return .object(members)
    }

    private static func text(_ text: String?) -> JSONValue {
        guard let text else { return .null }
        return .string(text)
    }

    private static func document(_ row: DeviceRow) -> JSONValue {
        var cells: [(String, JSONValue)] = []
        for column in Intake.Field.Column.allCases {
            cells.append((column.rawValue, .string(row[column])))
        }
        return .object(cells)
    }

    private static func document(_ finding: Intake.Finding) -> JSONValue {
        .object([
            ("field", .string(finding.field.name)), ("label", text(finding.field.label)),
            ("rule", .string(finding.rule.code)), ("severity", .string(finding.severity.rawValue)),
            ("to_do", .string(finding.rule.toDo)),
        ])
    }
}
