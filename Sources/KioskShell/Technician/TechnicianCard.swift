import StationInterface

extension Counter {
    func drawTechnician(_ view: Technician, _ p: inout Painter) {
        if view.showsRecord { return drawRecord(view, &p) }
        p.line(p.text(.technicianTitle), .heading)
        guard let status = view.status else {
            p.gap()
            return p.line(p.text(.technicianLoading), .quiet)
        }
        let parts = technicianParts(view, status)
        // Who hears the screen hears all of it.
        guard p.telling == nil else { return parts.forEach { $0.tell(&p) } }
        let lines = parts.flatMap { $0.lines(p.width) }
        let rows = view.scroll.rows(max(p.rowsLeft - 2, 1), of: lines.count)
        if rows.lowerBound > 0 {
            p.line(p.text(.technicianAbove, String(rows.lowerBound)), .quiet)
        } else {
            p.gap()
        }
        let top = p.row
        for line in lines[rows] { p.pieces(line) }
        p.wheel(from: top)
        let hidden = lines.count - rows.upperBound
        guard hidden > 0 else { return }
        p.line(p.text(.technicianMore, String(hidden)), .quiet)
        p.touch(from: p.row - 1, .pageDown)
    }

    /// How far the keys go: the lines on the narrowest screen, where there are most.
    func technicianRows(_ view: Technician) -> Int {
        guard let status = view.status else { return 0 }
        let parts = technicianParts(view, status)
        return parts.reduce(0) { $0 + $1.lines(Painter.narrowest).count }
    }

    private func technicianParts(
        _ view: Technician, _ status: Station.Status
    ) -> [TechnicianPart] {
        func words(_ phrase: Phrase) -> String { phrase.text(language) }
        func told(_ detail: String) -> String { words(.labelDetail) + ": " + detail }
        var parts: [TechnicianPart] = [
            .fact(
                words(.technicianVersion), "\(status.version) · kiosk-shell \(Options.version)"),
            .fact(
                words(.technicianServices),
                "pcscd: \(self.words(status.pcscd)) · USB: \(self.words(status.usb))"),
        ]
        if let problem = status.journalProblem {
            parts.append(.fact(words(.technicianRecord), words(.wrongJournal), .bad))
            parts.append(.fact("", told(problem), .quiet))
        } else {
            parts.append(
                .fact(
                    words(.technicianRecord),
                    "\(status.journalSequence) · \(String(status.journalHead.prefix(16)))"))
        }
        parts.append(.fact(words(.technicianClock), self.words(status.clock)))
        if let calendar = status.calendar {
            let days = "\(Dates.day(calendar.from)) – \(Dates.day(calendar.to))"
            parts.append(.fact(words(.technicianCalendar), days))
            if let problem = calendar.problem {
                parts.append(.fact("", words(.wrongOfficeFiles), .bad))
                parts.append(.fact("", told(problem), .quiet))
            }
        }
        parts += readers.map {
            .fact(words(.technicianReader), "\($0.name): \($0.words(language))")
        }
        parts.append(.text("", .text))
        guard view.mayDiagnose else { return parts + [.text(words(.technicianNotAllowed), .quiet)] }
        guard let findings = view.findings else {
            return parts + [.text(words(.technicianLooking), .quiet)]
        }
        for finding in findings {
            let (mark, role): (String, Role) =
                switch finding.state {
                case .good: ("✓", .good)
                case .warning: ("!", .warning)
                case .bad: ("✗", .bad)
                }
            guard let found = CheckWords(finding, language) else {
                parts.append(.text("\(mark) \(finding.check)", role))
                let all = [finding.message, finding.remedy ?? ""].filter { !$0.isEmpty }
                parts.append(.text(told(all.joined(separator: " ")), .quiet, indent: 4))
                continue
            }
            parts.append(.text("\(mark) \(found.what)", role))
            guard let toDo = found.toDo else { continue }
            parts.append(.text(toDo, .text, indent: 4))
            if let detail = found.detail {
                parts.append(.text(told(detail), .quiet, indent: 4))
            }
        }
        return parts
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

/// A part of what a technician looks at, which takes as many lines as it needs.
private enum TechnicianPart {
    case fact(String, String, Role = .text)
    case text(String, Role, indent: Int = 0)

    private static let column = 22

    func lines(_ width: Int) -> [[(String, Role)]] {
        func wrapped(_ text: String, _ width: Int) -> [String] {
            let lines = Wrapping.lines(text, width: width, most: .max)
            return lines.isEmpty ? [""] : lines
        }
        switch self {
        case .fact(let name, let value, let role):
            return wrapped(value, width - Self.column).enumerated().map { place, line in
                [(padded(place == 0 ? name : "", Self.column), .quiet), (line, role)]
            }
        case .text(let text, let role, let indent):
            let margin = String(repeating: " ", count: indent)
            return wrapped(text, width - indent).map { [(margin + $0, role)] }
        }
    }

    func tell(_ p: inout Painter) {
        switch self {
        case .fact(let name, let value, let role): p.pair(name, value, role, at: Self.column)
        case .text(let text, let role, let indent): p.paragraph(text, role, indent: indent)
        }
    }
}
