import StationInterface

extension Counter {
    func drawHome(_ home: Home, _ p: inout Painter) {
        p.line(p.text(.homeTitle), .heading)
        drawHealth(home, &p)
        let errandRows = (home.errands.count + 1) / 2
        drawCases(
            home.rows, chosen: home.chosen < home.rows.count ? home.chosen : nil,
            room: max(p.rowsLeft - errandRows - 1, 2), &p)
        p.gap(max(p.rowsLeft - errandRows, 0))
        drawErrands(home, &p)
    }

    /// What is due, and whatever is not as it should be, in one line each.
    private func drawHealth(_ home: Home, _ p: inout Painter) {
        if let status = home.status, let (phrase, detail, role) = status.trouble {
            p.line(p.text(phrase), role)
            return p.line("\(p.text(.labelDetail)): \(detail)", .quiet)
        }
        guard home.due != nil else { return p.line(p.text(.casesLoading), .quiet) }
        if let fault = home.fault {
            let why = p.text(Problem.words(fault).happened)
            return p.paragraph(p.text(.listNotShown, why), .warning, most: 2)
        }
        if home.rows.isEmpty { return p.line(p.text(.homeNothingDue), .good) }
        let late = home.late
        p.line(
            late == 0
                ? p.text(.homeOpen, String(home.rows.count))
                : p.text(.homeLate, String(home.rows.count), String(late)),
            late == 0 ? .quiet : .bad)
    }

    /// Cases in two lines each, and how many more there are above and below: while the keys are
    /// elsewhere, those that are due first.
    func drawCases(
        _ rows: [Station.Case], chosen: Int?, room: Int, _ p: inout Painter
    ) {
        let focus = chosen ?? 0
        let withOneMark = max((room - 1) / 2, 1)
        let fitting =
            if rows.count * 2 <= room {
                rows.count
            } else if focus < withOneMark {
                withOneMark
            } else {
                max((room - 2) / 2, 1)
            }
        let first = min(max(focus - fitting + 1, 0), max(rows.count - fitting, 0))
        let top = p.row
        if first > 0 { p.line("  " + p.text(.casesAbove, String(first)), .quiet) }
        for (i, row) in rows.enumerated().dropFirst(first).prefix(fitting) {
            drawCase(row, at: i, isChosen: i == chosen, &p)
        }
        p.wheel(from: top)
        let hidden = rows.count - first - fitting
        if hidden > 0 { p.line("  " + p.text(.casesMore, String(hidden)), .quiet) }
    }

    private func drawErrands(_ home: Home, _ p: inout Painter) {
        let half = p.width / 2
        let errands = home.errands
        for i in stride(from: 0, to: errands.count, by: 2) {
            p.pieces(
                errands[i..<min(i + 2, errands.count)].enumerated().map { place, errand in
                    let isChosen = home.chosen == home.rows.count + i + place
                    return (
                        padded("  ▸ " + errand.words(self), half - 1) + " ",
                        isChosen ? .chosen : .strong
                    )
                })
            for place in 0..<min(2, errands.count - i) {
                let number = home.rows.count + i + place
                p.touchPiece(
                    place * half, half - 1, home.chosen == number ? .enter : .choose(number))
            }
        }
    }

    /// A case in two lines of a list.
    func drawCase(_ row: Station.Case, at place: Int, isChosen: Bool, _ p: inout Painter) {
        let top = p.row
        let columns = [p.width * 24 / 100, p.width * 46 / 100]
        let text =
            "  " + padded(row.requestNumber, columns[0] - 2) + "  "
            + padded(row.managingBody, columns[1] - 2) + "  " + row.deviceNumber
        p.line(padded(text, p.width), isChosen ? .chosen : .text)
        let (state, role) = row.standing(language)
        let (due, dueRole) = row.dueWords(language)
        let kind = row.kind == "restore" ? "" : row.kindWords(language)
        let rest = [kind, state, due].filter { !$0.isEmpty }.joined(separator: " · ")
        p.line(padded("    " + rest, p.width), isChosen ? .chosen : dueRole ?? role)
        // The first touch chooses, the second goes on with what was chosen.
        p.touch(from: top, isChosen ? .enter : .choose(place))
    }
}

extension Station.Status {
    /// What is wrong with the station, the worst of it, and the agent's own words for it.
    fileprivate var trouble: (Phrase, detail: String, Role)? {
        if let journalProblem { return (.homeJournalProblem, journalProblem, .bad) }
        if let vaultProblem { return (.homeVaultProblem, vaultProblem, .bad) }
        return officeProblem.map { (.homeOfficeProblem, $0, .warning) }
    }
}

extension Errand {
    fileprivate func words(_ counter: Counter) -> String {
        switch self {
        case .restore: Phrase.casesNew.text(counter.language)
        case .request: Phrase.errandRequest.text(counter.language)
        case .files: Phrase.errandFiles.text(counter.language)
        case .cases: Phrase.errandCases.text(counter.language)
        case .technician: Phrase.errandTechnician.text(counter.language)
        case .officer:
            if counter.station?.office.signedIn != nil {
                Phrase.errandSignOff.text(counter.language)
            } else {
                Phrase.errandSignIn.text(counter.language)
            }
        }
    }
}

extension Station.Case {
    /// How far the case is, in words; the agent's own word where the counter has none.
    func standing(_ language: Language) -> (String, Role) {
        let (phrase, role): (Phrase, Role)
        switch state {
        case "incomplete": (phrase, role) = (.caseStateIncomplete, .warning)
        case "open" where kind == "hand-over" && keyIsProven:
            (phrase, role) = (.caseStateKeyProven, .good)
        case "open": (phrase, role) = (.caseStateOpen, .quiet)
        case "in-progress": (phrase, role) = (.caseStateInProgress, .warning)
        case "restored": (phrase, role) = (.caseStateRestored, .good)
        case "unblocked-unproven": (phrase, role) = (.caseStateUnproven, .warning)
        case "refused": (phrase, role) = (.caseStateRefused, .bad)
        case "failed": (phrase, role) = (.caseStateFailed, .bad)
        case "unknown": (phrase, role) = (.caseStateUnknown, .warning)
        case "routed": (phrase, role) = (.caseStateRouted, .quiet)
        case "recorded": (phrase, role) = (.caseStateRecorded, .quiet)
        case "sent": (phrase, role) = (.caseStateSent, .good)
        case "closed": (phrase, role) = (.caseStateClosed, .quiet)
        default: return (state, .quiet)
        }
        return (phrase.text(language), role)
    }

    func kindWords(_ language: Language) -> String {
        switch kind {
        case "restore": Phrase.kindRestore.text(language)
        case "hand-over": Phrase.kindHandOver.text(language)
        case "return": Phrase.kindReturn.text(language)
        case "lost": Phrase.kindLost.text(language)
        case "misuse": Phrase.kindMisuse.text(language)
        default: kind
        }
    }

    /// By when something is to be done, and how loudly that is to be said.
    func dueWords(_ language: Language) -> (String, Role?) {
        guard let due else { return ("", nil) }
        switch (due.term, due.date) {
        case ("by-date", let date?):
            if due.late == true {
                return (Phrase.dueLate.text(language, [Dates.day(date)]), .bad)
            }
            return (Phrase.dueBy.text(language, [Dates.day(date)]), nil)
        case ("at-once", _): return (Phrase.dueAtOnce.text(language), .warning)
        case ("unconfirmed", _): return (Phrase.dueUnconfirmed.text(language), nil)
        default: return (Phrase.dueUnknown.text(language), .warning)
        }
    }
}
