import StationInterface

extension Counter {
    func drawTechnician(_ view: Technician, _ p: inout Painter) {
        p.line(p.text(.technicianTitle), .heading)
        p.gap()
        guard let status = view.status else { return p.line(p.text(.technicianLoading), .quiet) }
        let column = 22
        p.pair(
            p.text(.technicianVersion), "\(status.version) · kiosk-shell \(Options.version)",
            at: column)
        p.pair(
            p.text(.technicianServices), "pcscd: \(status.pcscd) · USB: \(status.usb)", at: column)
        p.pair(
            p.text(.technicianRecord),
            status.journalProblem
                ?? "\(status.journalSequence) · \(String(status.journalHead.prefix(16)))",
            status.journalProblem == nil ? .text : .bad, at: column)
        p.pair(p.text(.technicianClock), status.clock, at: column)
        if let calendar = status.calendar {
            p.pair(
                p.text(.technicianCalendar),
                calendar.problem ?? "\(Dates.day(calendar.from)) – \(Dates.day(calendar.to))",
                calendar.problem == nil ? .text : .bad, at: column)
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
}
