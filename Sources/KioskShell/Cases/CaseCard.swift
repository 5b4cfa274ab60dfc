import StationInterface

extension Counter {
    func drawCaseList(_ list: CaseList, _ p: inout Painter) {
        p.line(p.text(list.withDone ? .caseListAll : .caseListOpen), .heading)
        p.line(p.text(.caseListSearch), .quiet)
        let width = min(p.width, 50)
        let window = list.search.window(width - 2)
        p.field(window.text, width: width, cursor: window.cursor)
        p.gap()
        guard list.rows != nil else { return p.line(p.text(.casesLoading), .quiet) }
        let found = list.found
        if let fault = list.fault {
            let why = p.text(Problem.words(fault).happened)
            p.paragraph(p.text(.listNotShown, why), .warning, most: 2)
            p.gap()
            if found.isEmpty { return }
        }
        guard !found.isEmpty else { return p.line(p.text(.caseListNone), .quiet) }
        drawCases(found, chosen: list.chosen.place, room: p.rowsLeft, &p)
    }

    func drawCaseView(_ view: CaseView, _ p: inout Painter) {
        let found = view.found
        p.line(p.text(.caseTitle, found.number, found.kindWords(language)), .heading)
        let (state, role) = found.standing(language)
        let (due, dueRole) = found.dueWords(language)
        p.pieces([(state, role), (due.isEmpty ? "" : " · " + due, dueRole ?? .quiet)])
        p.gap()
        // What can be done stays on the screen whatever is left out.
        let choiceRows = (view.choices.count + 1) / 2
        let reserved = choiceRows + (choiceRows > 0 ? 1 : 0)
        // Which paper and which device it is; the rest makes room for what the request lacks.
        let forMissing = 2 * min(view.missing.count, 6)
        for (i, (label, value)) in view.facts.enumerated()
        where p.rowsLeft > reserved + 1 + (i < 4 ? 0 : forMissing) {
            p.pair(p.text(label), value, at: 27)
        }
        drawMissing(view, above: reserved, &p)
        guard choiceRows > 0 else { return }
        p.gap(p.rowsLeft > reserved - 1 ? 1 : 0)
        drawChoices(view, &p)
    }

    private func drawMissing(_ view: CaseView, above reserved: Int, _ p: inout Painter) {
        var told = 0
        for missing in view.missing.dropFirst(view.firstMissing) where p.rowsLeft > reserved + 2 {
            let finding = Station.IntakeFinding(recorded: missing)
            p.paragraph(
                "✗ \(finding.place(language)): \(finding.words(language))", .bad, most: 2)
            told += 1
        }
        let hidden = view.missing.count - told
        guard hidden > 0 else { return }
        p.line(p.text(.caseMissingMore, String(hidden)), .bad)
        p.touch(from: p.row - 1, .pageDown)
    }

    private func drawChoices(_ view: CaseView, _ p: inout Painter) {
        let half = p.width / 2
        let choices = view.choices
        let chosen = view.place
        for i in stride(from: 0, to: choices.count, by: 2) {
            let two = i..<min(i + 2, choices.count)
            p.pieces(
                two.map { place in
                    (
                        padded("  ▸ " + choices[place].words(language), half - 1) + " ",
                        place == chosen ? .chosen : .strong
                    )
                })
            for place in two {
                p.touchPiece(
                    (place - i) * half, half - 1, place == chosen ? .enter : .choose(place))
            }
        }
    }
}

extension Station.IntakeFinding {
    /// A finding as the record has it: `devices[0].mail:mail-private`.
    fileprivate init(recorded code: String) {
        let parts = code.split(separator: ":", maxSplits: 1).map(String.init)
        let rule = parts.last ?? ""
        self.init(
            field: parts.count == 2 ? parts[0] : "", rule: rule, mustComplete: true, message: rule)
    }
}

extension CaseView {
    /// What is known of the case, the most needed first.
    fileprivate var facts: [(Phrase, String)] {
        let all: [(Phrase, String?)] = [
            (.fieldRequestNumber, found.requestNumber), (.requestBody, found.managingBody),
            (.fieldDeviceNumber, found.deviceNumber), (.rowHolder, found.holder),
            (.rowWorkplace, row?.workplace), (.rowEmail, row?.mail),
            (.rowContact, request?.form?.contact?.name),
        ]
        return all.compactMap { label, value in value.map { (label, $0) } }
    }
}

extension CaseView.Choice {
    fileprivate func words(_ language: Language) -> String {
        switch self {
        case .restore: Phrase.caseRestore.text(language)
        case .prove: Phrase.caseProve.text(language)
        case .complete: Phrase.requestCompleting.text(language)
        case .act(let act): act.title.text(language)
        case .paper(let name): Phrase.paper(name, language)
        }
    }
}
