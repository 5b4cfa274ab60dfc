import StationInterface

/// What happened in a case, as the journal has it: the latest at the top.
struct CaseHistory: Equatable, Sendable {
    let found: Station.Case
    /// Nil: being fetched.
    var told: Station.CaseHistory?
    var scroll = Scroll()

    init(_ found: Station.Case) { self.found = found }
}

extension Counter {
    mutating func showHistory(_ found: Station.Case) {
        show(.history(CaseHistory(found)))
        call(.getHistory(found.number))
    }

    mutating func pressHistory(_ key: Key, _ was: CaseHistory) {
        var view = was
        switch key {
        case .escape, .enter: return showCase(view.found)
        case .function(5): return showHistory(view.found)
        default: guard view.scroll.press(key, of: view.told?.happenings.count ?? 0) else { return }
        }
        notice = nil
        screen = .history(view)
    }

    mutating func answeredHistory(_ reply: AgentReply, _ was: CaseHistory) {
        guard case .history(let told) = reply else { return }
        var view = was
        view.told = told
        screen = .history(view)
    }

    mutating func failedHistory(_ fault: AgentFault, _ view: CaseHistory) {
        showCase(view.found, Sentence(Problem.words(fault.code).happened))
    }

    func drawHistory(_ view: CaseHistory, _ p: inout Painter) {
        p.line(p.text(.historyTitle, view.found.number), .heading)
        p.line(p.text(.historyMeans), .quiet)
        p.gap()
        guard let told = view.told else { return p.line(p.text(.paperLoading), .quiet) }
        // Two lines each: what was done, then by whom and with which tries.
        let room = max((p.rowsLeft - 1) / 2, 1)
        let latest = Array(told.happenings.reversed())
        let rows = view.scroll.rows(room, of: latest.count)
        let top = p.row
        for one in latest[rows] {
            let (words, role) = one.words(language)
            p.pieces([(padded(Dates.localTime(one.time), 17), .quiet), (words, role)])
            p.line(one.circumstances(language), .quiet, indent: 17)
        }
        p.wheel(from: top)
        let hidden = latest.count - rows.upperBound + told.earlier
        if hidden > 0 { p.line(p.text(.historyMore, String(hidden)), .quiet) }
    }
}

extension Station.Happening {
    /// What was done, and how it ended.
    fileprivate func words(_ language: Language) -> (String, Role) {
        let (phrase, role) = standing
        let what = phrase?.text(language) ?? kind
        let end = addresseePhrase?.text(language) ?? addressee
        return (what + (end.map { ": " + $0 } ?? ""), role)
    }

    private var standing: (Phrase?, Role) {
        switch (kind, outcome) {
        case ("request.received", _): (.historyReceived, .text)
        case ("request.completed", _): (.historyCompleted, .text)
        case ("case.refused", _): (.historyRefused, .bad)
        case ("case.routed", _): (.historyRouted, .text)
        case ("case.recorded", _): (.historyRecorded, .text)
        case ("case.notice-sent", _): (.historyNotice, .text)
        case ("case.closed", _): (.historyClosed, .text)
        case ("restore.refused", _): (.historyNotBegun, .warning)
        case ("restore.begun", _): (.historyBegun, .text)
        case ("restore.approved", _): (.historyApproved, .text)
        case ("restore.intent", _): (.historyIntent, .text)
        case (_, "restored"?): (.historyRestored, .good)
        case (_, "unblocked-unproven"?): (.historyUnproven, .warning)
        case (_, "refused"?): (.historyGivenUp, .text)
        case (_, "failed"?): (.historyFailed, .bad)
        case (_, "unknown"?): (.historyUnknown, .warning)
        case ("keycheck.intent", _): (.historyProving, .text)
        case (_, "proven"?): (.historyProven, .good)
        case (_, "not-proven"?): (.historyNotProven, .bad)
        default: (nil, .text)
        }
    }

    private var addresseePhrase: Phrase? {
        switch addressee {
        case "managing-body": .toManagingBody
        case "provider": .toProvider
        case "authority": .toAuthority
        case "technology-unit": .toTechnologyUnit
        case "sim-pki": .carrierSIM
        case "hsm": .carrierHSM
        case "centralised": .carrierCentralised
        case "other": .carrierOther
        default: nil
        }
    }

    /// Who did it, what tries it took, and how far its time can be trusted.
    fileprivate func circumstances(_ language: Language) -> String {
        var parts = [officer ?? Phrase.historyNobody.text(language)]
        func tries(_ phrase: Phrase, _ spent: Station.Spent?) {
            guard let spent, spent.most > 0 else { return }
            let number =
                spent.least == spent.most ? "\(spent.most)" : "\(spent.least)–\(spent.most)"
            parts.append(phrase.text(language, [number]))
        }
        tries(.historyCodeTries, unblockingSpent)
        tries(.historyPINTries, pinSpent)
        if clock != "synced" { parts.append(Phrase.historyClock.text(language)) }
        parts.append(Phrase.historyLine.text(language, [String(sequence)]))
        return parts.joined(separator: " · ")
    }
}
