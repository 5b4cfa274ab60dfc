import StationInterface

/// One case: what the request says, how far it is, and what can be done with it now.
struct CaseView: Equatable, Sendable {
    var found: Station.Case
    /// The request it belongs to; nil: being fetched, or not to be had.
    var request: Station.RequestShown?
    var chosen = 0

    enum Choice: Equatable, Sendable {
        case restore
    }

    var choices: [Choice] { found.isRestorable ? [.restore] : [] }

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
    mutating func showCase(_ found: Station.Case, _ notice: Sentence? = nil) {
        show(.caseView(CaseView(found: found)), notice)
        call(.getRequest(found.request))
    }

    mutating func pressCase(_ key: Key, _ was: CaseView) {
        var view = was
        switch key {
        case .up: view.chosen = max(view.chosen - 1, 0)
        case .down: view.chosen = min(view.chosen + 1, max(view.choices.count - 1, 0))
        case .choose(let number) where view.choices.indices.contains(number):
            view.chosen = number
        case .escape: return showCases(CaseList())
        case .function(5): return showCase(view.found)
        case .enter:
            guard view.chosen < view.choices.count else { return }
            switch view.choices[view.chosen] {
            case .restore: return wait(for: CaseRow(view.found), holdOff: nil, notice: nil)
            }
        default: return
        }
        notice = nil
        screen = .caseView(view)
    }

    mutating func answeredCase(_ reply: AgentReply, _ was: CaseView) {
        guard case .request(let request) = reply else { return }
        var view = was
        view.request = request
        // The case as it is now, whatever list it was chosen from.
        if let now = request.cases.first(where: { $0.number == view.found.number }) {
            view.found = now
        }
        view.chosen = min(view.chosen, max(view.choices.count - 1, 0))
        screen = .caseView(view)
    }
}
