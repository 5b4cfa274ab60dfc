import StationInterface

// How the station stands, its readers, its findings.

extension Station.Status {
    /// Whether the record has a wrong line: what stands behind it is not shown.
    var hidesLines: Bool { journalProblem?.contains(": line ") == true }
}

extension Page {
    mutating func add(_ status: Station.Status, socket: String) {
        field(
            "station",
            "\(status.mode.rawValue), version \(status.version), process \(status.pid), "
                + "up \(Words.uptime(status.uptimeSeconds))",
            status.mode == .training ? .warning : .plain)
        field("socket", socket)
        field(
            "clock",
            status.clock == "synced"
                ? "synced" : "\(status.clock): \(Station.Status.withoutClock)",
            status.clock == "synced" ? .plain : .warning)
        field("pcscd", status.pcscd, status.pcscd == "absent" ? .bad : .plain)
        field("usb", status.usb)
        field("readers", "\(status.readers)")
        let isCutShort = status.hidesLines
        field(
            "open cases",
            "\(status.openCases)" + (isCutShort ? ", before the journal's wrong line" : ""),
            isCutShort ? .warning : .plain)
        field(
            "unclear restores",
            status.unresolvedRestores == 0
                ? "none" : "\(status.unresolvedRestores), see tokenctl restores",
            status.unresolvedRestores == 0 ? .plain : .warning)
        field("journal", Words.receipt(status.journalSequence, status.journalHead))
        if let problem = status.journalProblem { field("", problem, .bad) }
        if let problem = status.vaultProblem { field("", problem, .bad) }
        field(
            "calendar",
            status.calendar.map { "\($0.from) to \($0.to), \($0.notConfirmed) days not confirmed" }
                ?? "none: due dates are unknown", status.calendar == nil ? .warning : .plain)
        if let problem = status.officeProblem {
            field(
                "office files", "not taken where they are wrong (tokenctl doctor has what holds):",
                .bad)
            for line in problem.split(separator: "\n") { field("", String(line), .bad) }
        }
        field(
            "memory", status.memoryLocked ? "locked" : "not locked (codes are)",
            status.memoryLocked ? .plain : .warning)
        field("real time", Words.yes(status.realTime))
        field(
            "your roles", status.roles.isEmpty ? "none" : status.roles.joined(separator: ", "),
            status.roles.isEmpty ? .warning : .plain)
    }

    mutating func add(_ readers: [Station.Reader]) {
        guard !readers.isEmpty else {
            text("No reader is known.")
            return text("Plug a reader or token in; if it stays so, run tokenctl doctor.", .quiet)
        }
        table(
            ["READER", "PATH", "STATE", "SEEN", "ATR"],
            readers.map { reader in
                [
                    (reader.name, .strong), (reader.path.rawValue, .plain),
                    (reader.state.rawValue, Page.tone(reader.state)),
                    ("\(reader.insertion)", .plain), (reader.atr ?? "-", .plain),
                ]
            })
        for reader in readers where reader.detail != nil || !reader.holders.isEmpty {
            if let detail = reader.detail { text("\(reader.name): \(detail)", indent: 2) }
            for holder in reader.holders {
                text("\(reader.name): may be held by \(name(holder))", indent: 2)
            }
        }
    }

    static func tone(_ state: Station.Reader.State) -> Tone {
        switch state {
        case .present: .good
        case .empty: .plain
        case .busy: .warning
        case .mute, .stuck, .unavailable: .bad
        }
    }

    func name(_ holder: Station.Holder) -> String { "\(holder.program) (process \(holder.pid))" }

    mutating func add(_ findings: [Station.Finding]) {
        for finding in findings {
            var line = TextLine()
            switch finding.state {
            case .good: line.add("  good     ", .good)
            case .warning: line.add("  warning  ", .warning)
            case .bad: line.add("  BAD      ", .bad)
            }
            line.add(finding.check, .strong)
            self.line(line)
            text(finding.message, indent: 11)
            if let remedy = finding.remedy { text("-> " + remedy, indent: 11) }
        }
        let bad = findings.count { $0.state == .bad }
        let warnings = findings.count { $0.state == .warning }
        blank()
        if bad > 0 {
            text(
                Words.counted(bad, "thing is", "things are") + " wrong"
                    + (warnings > 0 ? ", \(Words.counted(warnings, "warning", "warnings"))." : "."),
                .bad)
        } else {
            text(
                warnings > 0
                    ? "Nothing is wrong; \(Words.counted(warnings, "warning", "warnings"))."
                    : "Nothing is wrong.", .good)
        }
    }
}
