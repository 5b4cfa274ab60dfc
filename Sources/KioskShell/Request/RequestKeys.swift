import StationInterface

/// A request that was taken in, and its cases.
struct Taken: Equatable, Sendable {
    var request: String
    /// It was on record before.
    var wasKnown = false
    /// The file it was read from, which is gone on with.
    var from: FileIntake?
    var shown: Station.RequestShown?
    var chosen = Scroll()

    var cases: [Station.Case] { shown?.cases ?? [] }
}

extension Counter {
    mutating func pressRequest(_ key: Key, _ was: RequestDraft) {
        var draft = was
        draft.isLeaving = false
        let isSummary = draft.here == .summary
        switch key {
        case .escape where was.isLeaving || was.isEmpty: return goHome()
        case .escape:
            draft.isLeaving = true
            screen = .request(draft)
            notice = Sentence(.noticeLeaveDraft)
            return
        case .pageDown: draft.turn(to: draft.page + 1)
        case .pageUp: draft.turn(to: draft.page - 1)
        case .choose(let number): draft.focus(on: number)
        case .function(3):
            if !draft.addDevice() { notice = Sentence(.noticeMostDevices) }
        case .function(8): _ = draft.removeDevice()
        case .function(9) where isSummary: return take(draft, incomplete: true)
        case .enter where isSummary: return take(draft, incomplete: false)
        case .up where isSummary, .backTab where isSummary: draft.turn(to: draft.page - 1)
        case .tab, .down, .enter: draft.goOn()
        case .backTab, .up: draft.goBack()
        case .left where draft.choose(-1), .right where draft.choose(1): break
        case .character(" ") where draft.choose(1): break
        default: return type(key, into: draft)
        }
        notice = nil
        screen = .request(draft)
        check(draft)
    }

    private mutating func type(_ key: Key, into was: RequestDraft) {
        var draft = was
        guard let entry = draft.entry, entry != .kind, entry != .returnReason else { return }
        var field = draft[entry]
        guard field.edit(key, entry.takesWords ? input : .off) else { return }
        draft[entry] = field
        draft.isLeaving = false
        notice = nil
        screen = .request(draft)
    }

    /// Asks the agent what it finds in the paper as it is now, once for each state of it.
    private mutating func check(_ was: RequestDraft) {
        let form = was.form
        guard form != was.checked, !was.isEmpty else { return }
        var draft = was
        draft.checked = form
        screen = .request(draft)
        call(.checkRequest(form, completing: draft.completes))
    }

    private mutating func take(_ draft: RequestDraft, incomplete: Bool) {
        if let entry = draft.unreadable.first {
            var draft = draft
            draft.go(to: entry)
            screen = .request(draft)
            notice = Sentence(.findingDateForm)
            return
        }
        guard draft.checked == draft.form, draft.findings != nil, awaiting == nil else {
            return check(draft)
        }
        if let gap = incomplete ? draft.nameless : draft.mustComplete.first {
            var draft = draft
            if let entry = draft.entry(ofField: gap.field) { draft.go(to: entry) }
            screen = .request(draft)
            notice =
                incomplete
                ? Sentence(.noticeNumberFirst, gap.place(language))
                : Sentence(.noticeMustComplete)
            return
        }
        var taking = draft
        taking.isTaking = true
        screen = .request(taking)
        notice = nil
        if let request = draft.completes {
            call(.completeRequest(request, draft.form))
        } else {
            call(.receiveRequest(draft.form))
        }
    }

    mutating func answeredRequest(_ reply: AgentReply, _ was: RequestDraft) {
        switch reply {
        case .checked(let checked):
            var draft = was
            draft.findings = checked.findings
            screen = .request(draft)
        case .taken(let taken): showTaken(Taken(request: taken.request))
        default: break
        }
    }

    mutating func failedRequest(_ fault: AgentFault, _ was: RequestDraft) {
        if fault.code == .requestKnown, let request = fault.request {
            return showTaken(Taken(request: request, wasKnown: true))
        }
        // What was typed stays. What could not be checked is asked about anew with the next change
        // of place.
        var draft = was
        if !draft.isTaking { draft.checked = nil }
        draft.isTaking = false
        screen = .request(draft)
        notice = Problem.happened(fault)
    }

    // MARK: taken in

    mutating func showTaken(_ taken: Taken) {
        show(.taken(taken))
        call(.getRequest(taken.request))
    }

    mutating func pressTaken(_ key: Key, _ was: Taken) {
        var taken = was
        switch key {
        case .escape: return resume(taken.from.map { .intake($0) } ?? .home)
        case .choose(let number): taken.chosen.move(to: number, of: taken.cases.count)
        case .enter:
            guard taken.cases.indices.contains(taken.chosen.place) else { return goHome() }
            return open(taken.cases[taken.chosen.place])
        default: guard taken.chosen.press(key, of: taken.cases.count) else { return }
        }
        screen = .taken(taken)
    }

    mutating func answeredTaken(_ reply: AgentReply, _ was: Taken) {
        guard case .request(let shown) = reply else { return }
        var taken = was
        taken.shown = shown
        screen = .taken(taken)
    }
}
