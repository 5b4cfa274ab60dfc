import StationInterface

/// What a technician looks at first: versions, services, readers, findings, and the record's last
/// lines.
struct Technician: Equatable, Sendable {
    var status: Station.Status?
    /// Nil: being looked for, or not this officer's to see.
    var findings: [Station.Finding]?
    var mayDiagnose = true
    /// The record is shown, not the findings.
    var showsRecord = false
    /// Its last lines, the latest first; nil: being fetched.
    var record: [RecordLine]?
    /// Of what is shown.
    var scroll = Scroll()

    static let mostLines = 200

    fileprivate mutating func leaveRecord() {
        showsRecord = false
        scroll = Scroll()
    }
}

extension Counter {
    mutating func showTechnician() {
        show(.technician(Technician()))
        call(.status)
    }

    mutating func pressTechnician(_ key: Key, _ was: Technician) {
        var view = was
        switch key {
        // What is being asked for would be dropped otherwise.
        case .function(7) where awaiting != nil: return
        case .function(7) where !view.showsRecord: return showRecord(view)
        case .function(5) where view.showsRecord: return showRecord(view)
        case .function(5): return showTechnician()
        case .function(7): view.leaveRecord()
        case .escape where view.showsRecord: view.leaveRecord()
        case .escape, .enter: return goHome()
        default:
            let rows = view.showsRecord ? view.record?.count ?? 0 : technicianRows(view)
            guard view.scroll.press(key, of: rows) else { return }
        }
        notice = nil
        screen = .technician(view)
    }

    private mutating func showRecord(_ was: Technician) {
        var view = was
        view.showsRecord = true
        view.record = nil
        view.scroll = Scroll()
        notice = nil
        screen = .technician(view)
        call(.showRecord(last: Technician.mostLines))
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
        case .record(let lines):
            view.record = lines.compactMap(RecordLine.init).reversed()
            screen = .technician(view)
        default: break
        }
    }

    mutating func failedTechnician(_ fault: AgentFault, _ was: Technician) {
        var view = was
        if view.showsRecord { view.leaveRecord() } else { view.mayDiagnose = false }
        screen = .technician(view)
        notice = Sentence(Problem.words(fault.code).happened)
    }
}
