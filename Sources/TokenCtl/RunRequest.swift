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
        let particulars = form.particulars
        let findings: [JSONValue] = findings.map { finding in
            .object([
                ("field", .string(finding.field.name)),
                ("label", finding.field.label.map { .string($0) } ?? .null),
                ("rule", .string(finding.rule.code)),
                ("severity", .string(finding.severity.rawValue)),
                ("to_do", .string(finding.rule.toDo)),
            ])
        }
        return .object([
            ("line", .integer(Int64(line))), ("kind", .string(form.kind.rawValue)),
            ("number", .string(form.number)), ("managing_body", .string(form.managingBody)),
            ("received", form.received.map { .string($0.description) } ?? .null),
            (
                "contact",
                .object(
                    Intake.Field.Contact.allCases.map {
                        ($0.rawValue, .string(form.contact[$0]))
                    })
            ),
            (
                "devices",
                .array(
                    form.devices.map { row in
                        .object(
                            Intake.Field.Column.allCases.map { ($0.rawValue, .string(row[$0])) })
                    })
            ),
            ("permission", .string(particulars.permission)),
            ("return_reason", particulars.returnReason.map { .string($0.rawValue) } ?? .null),
            ("noticed", particulars.noticed.map { .string($0.description) } ?? .null),
            ("report", .string(particulars.report)),
            ("valid", .bool(self.findings.allowValid)), ("findings", .array(findings)),
        ])
    }
}
