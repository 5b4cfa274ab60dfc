import StationInterface

/// What a technician looks at first: versions, services, findings, readers.
struct Technician: Equatable, Sendable {
    var status: Station.Status?
    /// Nil: being looked for, or not this officer's to see.
    var findings: [Station.Finding]?
    var mayDiagnose = true
    /// Of the findings.
    var scroll = Scroll()
}

extension Counter {
    mutating func showTechnician() {
        show(.technician(Technician()))
        call(.status)
    }

    mutating func pressTechnician(_ key: Key, _ was: Technician) {
        var view = was
        switch key {
        case .escape, .enter: return goHome()
        case .function(5): return showTechnician()
        default: guard view.scroll.press(key, of: view.findings?.count ?? 0) else { return }
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
