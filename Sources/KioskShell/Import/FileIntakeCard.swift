import Requests
import StationInterface

extension Counter {
    func drawIntake(_ intake: FileIntake, _ p: inout Painter) {
        p.line(p.text(.intakeTitle, intake.file.name), .heading)
        guard intake.mistakes.isEmpty else { return drawMistakes(intake, &p) }
        guard !intake.steps.isEmpty else { return p.line(p.text(.intakeEmpty), .quiet) }
        drawStanding(intake, &p)
        // Half for the requests, half for what was found in the chosen one.
        let room = min(intake.steps.count, max((p.rowsLeft - 3) / 2, 1))
        let rows = intake.chosen.rowsAround(room, of: intake.steps.count)
        let top = p.row
        for place in rows { drawStep(intake.steps[place], place, intake, &p) }
        p.wheel(from: top)
        let hidden = intake.steps.count - rows.count
        if hidden > 0 { p.line("  " + p.text(.casesMore, String(hidden)), .quiet) }
        p.gap()
        if let step = intake.here { drawFindings(step, intake.reading, &p) }
    }

    private func drawStanding(_ intake: FileIntake, _ p: inout Painter) {
        if intake.checked < intake.steps.count {
            let (now, all) = (String(intake.checked), String(intake.steps.count))
            return p.line(p.text(.intakeChecking, now, all), .quiet)
        }
        let taken = intake.steps.count { $0.standing != .open }
        p.line(
            p.text(
                .intakeStanding, String(intake.steps.count), String(taken), String(intake.clean),
                String(intake.toLookAt)),
            .quiet)
    }

    private func drawStep(
        _ step: FileIntake.Step, _ place: Int, _ intake: FileIntake, _ p: inout Painter
    ) {
        let isChosen = place == intake.chosen.place
        let form = step.read.form
        let (words, role) = step.words(language)
        // How it stands is never cut off.
        let rest = p.width - 2 - 9 - 27
        let number = rest * 42 / 100
        let body = rest - number
        let text =
            "  " + padded(p.text(.intakeLine, String(step.read.line)), 9)
            + padded(form.number.isEmpty ? "—" : form.number, number - 1) + " "
            + padded(form.managingBody, body - 1) + " " + words
        p.line(padded(text, p.width), isChosen ? .chosen : role)
        p.touch(from: p.row - 1, isChosen ? .enter : .choose(place))
    }

    private func drawFindings(
        _ step: FileIntake.Step, _ reading: Scroll, _ p: inout Painter
    ) {
        let devices = String(step.read.form.devices.count)
        p.line(p.text(.intakeOf, step.read.form.kind.words(language), devices), .strong)
        if case .known(let request) = step.standing {
            return p.paragraph("! " + p.text(.takenKnown, request), .warning, most: 2)
        }
        guard let findings = step.findings else { return p.line(p.text(.officerChecking), .quiet) }
        guard !findings.isEmpty else { return p.line("✓ " + p.text(.requestValid), .good) }
        p.scrolled(
            findingLines(step, p.width), reading, more: .intakeMore, keys: (.left, .right))
    }

    /// What was found in one request, whole; what must be completed first.
    func findingLines(_ step: FileIntake.Step, _ width: Int) -> [(String, Role)] {
        let findings = step.findings ?? []
        return (findings.filter(\.mustComplete) + findings.filter { !$0.mustComplete })
            .flatMap { finding in
                let line = Phrase.intakeLine.text(language, [String(step.line(of: finding))])
                let mark = finding.mustComplete ? "✗" : "!"
                let role: Role = finding.mustComplete ? .bad : .warning
                let words = "\(finding.place(language)): \(finding.words(language))"
                return Wrapping.lines("\(mark) \(line), \(words)", width: width, most: .max)
                    .map { ($0, role) }
            }
    }

    private func drawMistakes(_ intake: FileIntake, _ p: inout Painter) {
        let mistakes = intake.mistakes
        p.paragraph(
            mistakes.count == 1
                ? p.text(.intakeMistake) : p.text(.intakeMistakes, String(mistakes.count)),
            .bad, most: 3)
        p.gap()
        p.scrolled(
            mistakeLines(mistakes, p.width), intake.chosen, more: .technicianMore,
            keys: (.pageUp, .pageDown))
    }

    /// What is wrong with a file, whole.
    func mistakeLines(_ mistakes: [RequestImport.Mistake], _ width: Int) -> [(String, Role)] {
        var lines: [(String, Role)] = []
        func add(_ text: String, _ role: Role, indent: String = "") {
            let room = width - indent.count
            lines += Wrapping.lines(text, width: room, most: .max).map { (indent + $0, role) }
        }
        for mistake in mistakes {
            let told = mistake.told
            let place = Phrase.intakePlace.text(
                language, [String(told.line), String(told.column)])
            let column =
                mistake.heading.map { Phrase.intakeColumn.text(language, [$0]) }
                ?? (told.path.isEmpty ? nil : told.path)
            let quoted = mistake.quoted.map { ": \"\($0)\"" } ?? ""
            add("✗ " + place + (column.map { ", " + $0 } ?? "") + quoted, .strong)
            add(mistake.fault.words(language), .quiet, indent: "  ")
            if mistake.fault.hasNames, let names = told.allowed {
                add(Phrase.mistakeNames.text(language, [names]), .quiet, indent: "  ")
            }
        }
        return lines
    }
}

extension FileIntake.Step {
    fileprivate func words(_ language: Language) -> (String, Role) {
        switch standing {
        case .taken(let request):
            ("✓ " + Phrase.intakeTaken.text(language, [request]), .good)
        case .known(let request):
            ("! " + Phrase.intakeKnown.text(language, [request]), .warning)
        case .open where findings == nil: ("…", .quiet)
        case .open where mustComplete > 0:
            ("✗ " + Phrase.intakeOpen.text(language, [String(mustComplete)]), .bad)
        case .open where findings?.isEmpty == false:
            ("! " + Phrase.intakeLook.text(language), .warning)
        case .open: ("✓ " + Phrase.intakeValid.text(language), .good)
        }
    }
}

extension CaseKind {
    fileprivate func words(_ language: Language) -> String {
        RequestDraft.Kind(rawValue: rawValue)?.words(language) ?? rawValue
    }
}
