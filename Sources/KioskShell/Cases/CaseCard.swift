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
        guard !found.isEmpty else { return p.line(p.text(.caseListNone), .quiet) }
        let room = max((p.rowsLeft - 1) / 2, 1)
        let first = min(max(list.chosen - room + 1, 0), max(found.count - room, 0))
        let top = p.row
        for (i, row) in found.enumerated().dropFirst(first).prefix(room) {
            drawCase(row, at: i, isChosen: i == list.chosen, &p)
        }
        p.wheel(from: top)
        let hidden = found.count - first - room
        if hidden > 0 { p.line("  " + p.text(.casesMore, String(hidden)), .quiet) }
    }

    func drawCaseView(_ view: CaseView, _ p: inout Painter) {
        let found = view.found
        p.line(p.text(.caseTitle, found.number, found.kindWords(language)), .heading)
        let (state, role) = found.standing(language)
        let (due, dueRole) = found.dueWords(language)
        p.pieces([(state, role), (due.isEmpty ? "" : " · " + due, dueRole ?? .quiet)])
        p.gap()
        let column = 27
        p.pair(p.text(.fieldRequestNumber), found.requestNumber, at: column)
        p.pair(p.text(.requestBody), found.managingBody, at: column)
        p.pair(p.text(.fieldDeviceNumber), found.deviceNumber, at: column)
        if let holder = found.holder { p.pair(p.text(.rowHolder), holder, at: column) }
        if let workplace = view.row?.workplace {
            p.pair(p.text(.rowWorkplace), workplace, at: column)
        }
        if let mail = view.row?.mail { p.pair(p.text(.rowEmail), mail, at: column) }
        if let contact = view.request?.form?.contact?.name {
            p.pair(p.text(.rowContact), contact, at: column)
        }
        for missing in (view.request?.missing ?? []).prefix(3) {
            p.line("! " + missing, .warning)
        }
        guard !view.choices.isEmpty else { return }
        p.gap()
        for (i, choice) in view.choices.enumerated() {
            p.line(
                padded("  ▸ " + choice.words(language), p.width),
                i == view.chosen ? .chosen : .strong)
            p.touch(from: p.row - 1, i == view.chosen ? .enter : .choose(i))
        }
    }
}

extension CaseView.Choice {
    fileprivate func words(_ language: Language) -> String {
        switch self {
        case .restore: Phrase.caseRestore.text(language)
        }
    }
}
