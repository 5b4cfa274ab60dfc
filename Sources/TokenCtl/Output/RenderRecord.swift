import JSON
import StationInterface

// Cases and the journal.

extension Page {
    mutating func add(_ one: Station.Case) {
        title("Case \(one.number)")
        field("kind", one.kind)
        field(
            "state",
            one.state + (one.awaitsNotice ? ", its notice is still to go" : "")
                + (one.kind == "hand-over" && one.keyIsProven ? ", its key is proven" : ""))
        if let due = one.due { field("due", Words.due(due)) }
        field("request", "\(one.request), \(one.requestNumber)")
        field("body", one.managingBody)
        field("holder", one.holder ?? "not shown to you, or removed")
        field("device", one.deviceNumber)
        if one.isIncomplete {
            field("lacks", "see tokenctl request show \(one.request)", .warning)
        }
        field("taken in", Words.moment(one.opened))
        if let restore = one.restore { field("restore", restore) }
        if !one.acts.isEmpty { field("acts", one.acts.joined(separator: ", ")) }
        if !one.papers.isEmpty { field("papers", one.papers.joined(separator: ", ")) }
    }

    mutating func add(due cases: [Station.Case]) {
        guard !cases.isEmpty else { return text("Nothing is left to be done.", .good) }
        table(
            ["CASE", "DUE", "KIND", "STATE", "DEVICE", "BODY"],
            cases.map { one in
                [
                    (one.number, .strong),
                    (
                        one.due.map(Words.due) ?? "",
                        one.due?.late == true ? .bad : .plain
                    ),
                    (one.kind, .plain),
                    (one.state + (one.awaitsNotice ? ", notice" : ""), .plain),
                    (one.deviceNumber, .plain), (one.managingBody, .plain),
                ]
            })
        var told: Set<String> = []
        for one in cases where one.isIncomplete && told.insert(one.request).inserted {
            text("What \(one.request) lacks: tokenctl request show \(one.request)", .warning)
        }
    }

    mutating func add(_ shown: Station.RequestShown) {
        title("Request \(shown.request)")
        field("taken in", Words.moment(shown.recorded))
        field("valid since", shown.validSince.map(Words.moment) ?? "it is not valid yet")
        for code in shown.missing { field("missing", code, .warning) }
        if let form = shown.form {
            field("kind", form.kind)
            field("number", form.requestNumber)
            field("body", form.managingBody)
            if let received = form.received { field("received", Words.moment(received)) }
            if let contact = form.contact {
                field("contact", contact.name)
                field("personal number", contact.personalNumber)
                field("position", contact.position)
                field("works for", contact.workplace)
                field("mobile", contact.mobile)
            }
            if let permission = form.permission { field("permission", permission) }
            if let reason = form.returnReason { field("reason", reason) }
            if let noticed = form.noticed { field("noticed", Words.moment(noticed)) }
            if let report = form.report { field("report", report) }
            for device in form.devices {
                field(
                    "device",
                    "\(device.deviceNumber)  \(device.certificateName)  \(device.mail)")
            }
        } else {
            text("What it said of people was removed.")
        }
        for written in shown.written {
            field("\(written.act) \(written.caseNumber)", written.texts.joined(separator: "; "))
        }
        add(shown.cases, openOnly: false)
    }

    mutating func add(_ cases: [Station.Case], openOnly: Bool) {
        guard !cases.isEmpty else {
            return text(openOnly ? "No case is waiting." : "No case was ever taken in.")
        }
        table(
            ["CASE", "STATE", "TAKEN IN", "REQUEST", "DEVICE", "BODY"],
            cases.map { one in
                [
                    (one.number, .strong), (one.state, .plain),
                    (Words.moment(one.opened), .plain), (one.requestNumber, .plain),
                    (one.deviceNumber, .plain), (one.managingBody, .plain),
                ]
            })
    }

    mutating func add(opened: Station.CaseOpened) {
        text("Case \(opened.number) is taken in.", .good)
        add(opened.receipt)
    }

    mutating func add(_ receipt: Station.Receipt) {
        field("journal", Words.receipt(receipt.journalSequence, receipt.journalHead))
    }

    /// One line of the journal; what is no journal line is shown as it stands.
    mutating func add(journalLine text: String) {
        guard let entry = parsed(text), let sequence = entry["seq"]?.integer else {
            return line(TextLine(text, .bad))
        }
        var shown = TextLine()
        let number = String(sequence)
        shown.add(blanks(6 - number.count) + number + "  ", .quiet)
        shown.add(Words.moment(entry["time"]?.string ?? "") + "  ")
        let kind = entry["kind"]?.string ?? ""
        shown.add(kind + blanks(max(20 - kind.count, 1)), .strong)
        if let number = entry["case"]?.string { shown.add(number + "  ") }
        shown.add(Page.members(entry["what"]))
        if let who = entry["who"] { shown.add("  by " + Page.members(who), .quiet) }
        line(shown)
    }

    private func parsed(_ text: String) -> JSONValue? {
        Array(text.utf8).withUnsafeBytes { bytes in
            var reader = JSONReader(bytes)
            return try? reader.value()
        }
    }

    private static func members(_ value: JSONValue?) -> String {
        guard case .object(let members)? = value else { return "" }
        return members.map { "\($0.0)=\(brief($0.1))" }.joined(separator: " ")
    }

    private static func brief(_ value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool(let truth): "\(truth)"
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .string(let text): text.contains(" ") || text.isEmpty ? "\"\(text)\"" : text
        case .array(let elements): "[" + elements.map(brief).joined(separator: ", ") + "]"
        case .object: "{" + members(value) + "}"
        }
    }

    mutating func add(_ verified: Station.JournalVerified, what: String) {
        if verified.good {
            text("\(what) holds: \(Words.unbroken(verified.lines)).", .good)
            field("head", verified.hash)
        } else {
            text("\(what) does NOT hold.", .bad)
            field("good lines", "\(verified.lines)")
            field("first bad line", verified.firstBad.map(String.init) ?? "unknown")
            field("reason", verified.reason ?? "unknown", .bad)
        }
        if verified.tornBytes > 0 {
            field(
                "behind the end",
                Words.counted(verified.tornBytes, "byte", "bytes")
                    + " of a line that was never finished, and so never answered for", .warning)
        }
        if !verified.good {
            text(
                "Next: Stop the station, keep the file as it is, and compare it with backups and "
                    + "the heads printed on receipts.")
        }
    }
}

extension Station.Case {
    /// Its request lacks something: no term runs yet.
    fileprivate var isIncomplete: Bool { state == "incomplete" }
}
