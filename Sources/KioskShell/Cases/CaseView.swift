import StationInterface

/// One case: what the request says, how far it is, and what can be done with it now.
struct CaseView: Equatable, Sendable {
    var found: Station.Case
    /// The request it belongs to; nil: being fetched, or not to be had.
    var request: Station.RequestShown?
    /// What somebody moved to; nil: nothing yet.
    var chosen: Choice?
    /// The first of what the request lacks that is shown.
    var firstMissing = 0
    /// What was being recorded when the agent went away: nothing typed is lost.
    var draft: ActForm?

    enum Choice: Equatable, Sendable {
        case restore
        /// Its token's key is checked with the holder's PIN.
        case prove
        /// Its paper came again with what was missing.
        case complete
        case act(CaseAct)
        /// One to look at and to print, by the agent's word.
        case paper(String)

        var isPaper: Bool { if case .paper = self { true } else { false } }

        /// Ends the case or sends it away: a thing to choose, not to come upon.
        var isEnd: Bool {
            switch self {
            case .act(.refuse), .act(.route), .act(.close): true
            case .act(.record), .act(.sendNotice), .restore, .prove, .complete, .paper: false
            }
        }
    }

    /// Where the keys are among the choices: at what was chosen, else at the first that ends
    /// nothing, of a refused case at its first paper; nil where there is none.
    var place: Int? {
        let choices = choices
        return chosen.flatMap { choices.firstIndex(of: $0) }
            ?? choices.firstIndex { found.isRefused ? $0.isPaper : !$0.isEnd }
    }

    /// How far a key goes in what the request lacks: fewer than the smallest screen shows.
    static let missingStep = 2

    /// What keeps the request from being valid.
    var missing: [String] { request?.missing ?? [] }

    var choices: [Choice] {
        var choices: [Choice] = found.isRestorable ? [.restore] : []
        if found.awaitsProof { choices.append(.prove) }
        if found.acts.contains("complete"), request?.form != nil { choices.append(.complete) }
        choices += found.acts.compactMap { CaseAct(rawValue: $0) }.map { .act($0) }
        return choices + found.papers.map { .paper($0) }
    }

    /// Its row in the request, by the place among the request's cases.
    var row: Station.DeviceRow? {
        guard let request, let form = request.form,
            let place = request.cases.firstIndex(where: { $0.number == found.number }),
            place < form.devices.count
        else { return nil }
        return form.devices[place]
    }
}

extension Counter {
    /// - Parameter chosen: what somebody comes back from.
    mutating func showCase(
        _ found: Station.Case, _ notice: Sentence? = nil, draft: ActForm? = nil,
        chosen: CaseView.Choice? = nil
    ) {
        show(.caseView(CaseView(found: found, chosen: chosen, draft: draft)), notice)
        call(.getRequest(found.request))
    }

    mutating func pressCase(_ key: Key, _ was: CaseView) {
        var view = was
        let choices = view.choices
        let last = choices.count - 1
        // From nowhere every way leads to the first.
        func move(by step: Int) {
            guard last >= 0 else { return }
            view.chosen = choices[view.place.map { min(max($0 + step, 0), last) } ?? 0]
        }
        switch key {
        // Choices stand two in a line.
        case .up: if let place = view.place, place >= 2 { move(by: -2) }
        case .down: move(by: 2)
        case .left: move(by: -1)
        case .right, .tab: move(by: 1)
        case .choose(let number) where choices.indices.contains(number):
            view.chosen = choices[number]
        case .pageDown:
            let next = view.firstMissing + CaseView.missingStep
            view.firstMissing = next < view.missing.count ? next : 0
        case .pageUp: view.firstMissing = max(view.firstMissing - CaseView.missingStep, 0)
        case .escape:
            var list = leftList
            list.sought = view.found.number
            return showCases(list)
        case .function(5): return showCase(view.found, draft: view.draft, chosen: view.chosen)
        case .function(8): return showHistory(view.found)
        case .enter:
            guard let place = view.place else { return }
            switch choices[place] {
            case .restore: return wait(for: CaseRow(view.found), holdOff: nil, notice: nil)
            case .prove:
                var row = CaseRow(view.found)
                row.provesKey = true
                return wait(for: row, holdOff: nil, notice: nil)
            case .complete:
                guard let draft = view.request.flatMap(RequestDraft.init(completing:)) else {
                    return
                }
                return show(.request(draft))
            case .act(let act): return begin(act, view)
            case .paper(let name): return showPaper(name, of: view.found)
            }
        default: return
        }
        notice = nil
        screen = .caseView(view)
    }

    mutating func answeredCase(_ reply: AgentReply, _ was: CaseView) {
        var view = was
        switch reply {
        case .request(let request):
            view.request = request
            // The case as it is now, whatever list it was chosen from.
            if let now = request.cases.first(where: { $0.number == view.found.number }) {
                view.found = now
            }
        case .oneCase(let found): view.found = found
        default: return
        }
        screen = .caseView(view)
    }

    mutating func failedCase(_ fault: AgentFault, _ view: CaseView) {
        // Without its request the case alone can still be told as it is now.
        if fault.code == .requestUnknown { return call(.getCase(view.found.number)) }
        notice = Sentence(Problem.words(fault.code).happened)
    }
}
