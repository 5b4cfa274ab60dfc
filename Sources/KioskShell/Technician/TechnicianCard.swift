import StationInterface

extension Counter {
    func drawTechnician(_ view: Technician, _ p: inout Painter) {
        if view.showsRecord { return drawRecord(view, &p) }
        p.line(p.text(.technicianTitle), .heading)
        p.gap()
        guard let status = view.status else { return p.line(p.text(.technicianLoading), .quiet) }
        let column = 22
        p.pair(
            p.text(.technicianVersion), "\(status.version) · kiosk-shell \(Options.version)",
            at: column)
        p.pair(
            p.text(.technicianServices),
            "pcscd: \(words(status.pcscd)) · USB: \(words(status.usb))", at: column)
        p.pair(
            p.text(.technicianRecord),
            status.journalProblem
                ?? "\(status.journalSequence) · \(String(status.journalHead.prefix(16)))",
            status.journalProblem == nil ? .text : .bad, at: column)
        p.pair(p.text(.technicianClock), words(status.clock), at: column)
        if let calendar = status.calendar {
            p.pair(
                p.text(.technicianCalendar),
                calendar.problem ?? "\(Dates.day(calendar.from)) – \(Dates.day(calendar.to))",
                calendar.problem == nil ? .text : .bad, at: column)
        }
        for reader in readers.prefix(3) {
            let state = "\(reader.name): \(reader.words(language))"
            p.pair(p.text(.technicianReader), state, at: column)
        }
        p.gap()
        guard view.mayDiagnose else {
            return p.paragraph(p.text(.technicianNotAllowed), .quiet, most: 2)
        }
        guard let findings = view.findings else {
            return p.line(p.text(.technicianLooking), .quiet)
        }
        let top = p.row
        for finding in findings.dropFirst(view.scroll.place) where p.rowsLeft > 1 {
            let (mark, role): (String, Role) =
                switch finding.state {
                case .good: ("✓", .good)
                case .warning: ("!", .warning)
                case .bad: ("✗", .bad)
                }
            p.paragraph("\(mark) \(finding.check): \(finding.message)", role, most: 2)
            if let remedy = finding.remedy { p.paragraph(remedy, .quiet, indent: 4, most: 2) }
        }
        p.wheel(from: top)
    }

    /// The agent's word for a state; its own where the counter has none.
    private func words(_ state: String) -> String {
        switch state {
        case "synced": Phrase.stateSynced.text(language)
        case "unsynced": Phrase.stateUnsynced.text(language)
        case "running": Phrase.stateRunning.text(language)
        case "absent": Phrase.stateAbsent.text(language)
        case "disabled": Phrase.stateDisabled.text(language)
        default: state
        }
    }

    private func drawRecord(_ view: Technician, _ p: inout Painter) {
        p.line(p.text(.technicianRecordTitle), .heading)
        p.line(p.text(.technicianRecordMeans), .quiet)
        p.gap()
        guard let lines = view.record else { return p.line(p.text(.technicianLoading), .quiet) }
        let rows = view.scroll.rows(max(p.rowsLeft - 1, 1), of: lines.count)
        let top = p.row
        for line in lines[rows] {
            let number = padded(String(line.sequence), 7)
            let what = padded(line.kind, 20)
            let about = padded(line.caseNumber ?? "", 12)
            p.pieces([
                (padded(Dates.localTime(line.time), 18) + number, .quiet), (what, .text),
                (about, .quiet), (line.who, .text),
            ])
        }
        p.wheel(from: top)
        let hidden = lines.count - rows.upperBound
        if hidden > 0 { p.line(p.text(.historyMore, String(hidden)), .quiet) }
    }
}
