import StationInterface

/// What a technician looks at first: versions, services, findings, readers.
struct Technician: Equatable, Sendable {
    var status: Station.Status?
    /// Nil: being looked for, or not this officer's to see.
    var findings: [Station.Finding]?
    var mayDiagnose = true
    /// The first finding shown.
    var scrolled = 0
}

extension Counter {
    mutating func showTechnician() {
        show(.technician(Technician()))
        call(.status)
    }

    mutating func pressTechnician(_ key: Key, _ was: Technician) {
        var view = was
        let last = max((view.findings?.count ?? 0) - 1, 0)
        switch key {
        case .escape, .enter: return goHome()
        case .function(5): return showTechnician()
        case .up: view.scrolled = max(view.scrolled - 1, 0)
        case .down: view.scrolled = min(view.scrolled + 1, last)
        case .home, .pageUp: view.scrolled = 0
        case .end, .pageDown: view.scrolled = last
        default: return
        }
        screen = .technician(view)
    }

    mutating func answeredTechnician(_ reply: AgentReply, _ was: Technician) {
        var view = was
        switch reply {
        case .status(let status):
            view.status = status
            screen = .technician(view)
            call(.diagnose)
        case .findings(let findings):
            // What is wrong stands first.
            view.findings =
                findings.filter { $0.state == .bad } + findings.filter { $0.state == .warning }
                + findings.filter { $0.state == .good }
            screen = .technician(view)
        default: break
        }
    }

    mutating func failedTechnician(_ fault: AgentFault, _ was: Technician) {
        var view = was
        view.mayDiagnose = false
        screen = .technician(view)
        notice = Sentence(Problem.words(fault.code).happened)
    }
}
