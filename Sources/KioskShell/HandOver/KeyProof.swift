import StationInterface

/// The holder shows with the token's PIN that its key is in it: before a hand-over is recorded,
/// or after a restore that could not prove it.
struct KeyProof: Equatable, Sendable {
    var subject: Subject
    /// Of the PIN that is typed.
    var facts = CodeFacts.empty
    /// When the PIN went out, or the pad was asked for it; nil while it is entered here.
    var began: Milliseconds?
    /// It is entered at the reader's pad.
    var isAtPad = false

    var isChecking: Bool { began != nil }

    /// The reader's pad, where it can take the PIN.
    var pad: ReaderPad? { subject.report.pad.flatMap { $0.verifies ? $0 : nil } }

    /// The check for what the case is about.
    var call: ProvingCall {
        .checkKey(
            reader: subject.reader, caseID: caseID, restore: restore, compared: compared)
    }

    /// The same with the PIN from the pad.
    var callAtPad: AgentCall {
        .checkKeyAtPad(
            reader: subject.reader, caseID: caseID, restore: restore, compared: compared)
    }

    private var isHandOver: Bool { subject.request.found?.kind == "hand-over" }
    private var caseID: String? { isHandOver ? subject.request.id : nil }
    private var restore: String? { isHandOver ? nil : subject.request.found?.restore }
    private var compared: [String] { isHandOver && subject.isCompared ? subject.open : [] }
}

extension Station.Case {
    /// Whether a key check of this case's token is still to be done.
    var awaitsProof: Bool {
        switch kind {
        case "hand-over": state == "open"
        case "restore": state == "unblocked-unproven" && restore != nil
        default: false
        }
    }
}

extension Counter {
    /// The screen is turned to the holder, unless the token would not take a PIN anyhow.
    mutating func askHolder(_ subject: Subject) {
        let report = subject.report
        if report.locked == true || report.pinTries == 0 {
            return refuseProof(AgentFault(.pinBlocked), subject)
        }
        if report.pinTries == 1 { return refuseProof(AgentFault(.pinLastTry), subject) }
        show(.keyProof(KeyProof(subject: subject)))
    }

    mutating func pressKeyProof(_ key: Key, _ was: KeyProof) {
        guard !was.isChecking else { return }
        var proof = was
        switch key {
        case .escape: show(.identity(proof.subject))
        case .enter:
            guard proof.subject.report.pinRule.takes(proof.facts) else {
                notice = Sentence(proof.facts.length == 0 ? .noticeFieldEmpty : .faultPINUnfit)
                return
            }
            proof.facts = .empty
            proof.began = now
            notice = nil
            screen = .keyProof(proof)
            prove(proof.call)
        case .function(7) where proof.pad != nil:
            // What was typed here goes nowhere.
            emit(.wipe(.proof))
            proof.facts = .empty
            proof.isAtPad = true
            proof.began = now
            notice = nil
            screen = .keyProof(proof)
            call(proof.callAtPad)
        default: break
        }
    }

    mutating func answeredKeyProof(_ reply: AgentReply, _ proof: KeyProof) {
        guard case .keyChecked(let checked) = reply else { return }
        var subject = proof.subject
        subject.pinSpent = subject.pinSpent + Spent(checked.pinSpent)
        show(.keyProved(subject, checked))
    }

    mutating func failedKeyProof(_ fault: AgentFault, _ was: KeyProof) {
        var proof = was
        proof.began = nil
        proof.isAtPad = false
        if let spent = fault.pinSpent {
            proof.subject.pinSpent = proof.subject.pinSpent + spent
        }
        switch fault.code {
        // Nobody entered it in time, or whoever stood there pressed cancel.
        case .cancelled where was.isAtPad && (fault.pinSpent ?? Spent.none) == Spent.none:
            screen = .keyProof(proof)
            notice = Sentence(.noticePadNoPIN)
        case .pinUnfit:
            screen = .keyProof(proof)
            notice = Sentence(.faultPINUnfit)
        // Another wrong one would be the last: that is for somebody else to decide.
        case .wrongPIN where fault.pinLeft != 0 && fault.pinLeft != 1:
            proof.subject.report.pinTries = fault.pinLeft
            screen = .keyProof(proof)
            notice =
                fault.pinLeft.map { Sentence(.faultWrongPIN, String($0)) }
                ?? Sentence(.noticeWrongPINUnknown)
        default: refuseProof(fault, proof.subject)
        }
    }

    private mutating func refuseProof(_ fault: AgentFault, _ subject: Subject) {
        var fault = fault
        // Of the holder's code, not of the unblocking one, and with the tries before it.
        fault.spent =
            fault.pinSpent == nil && subject.pinSpent == .none ? nil : subject.pinSpent
        var problem = Problem(fault)
        switch fault.code {
        case .wrongPIN:
            problem.happened = Sentence(.faultWrongPIN, String(fault.pinLeft ?? 0))
            problem.todo = Sentence(.doAskRestore)
        case .pinBlocked, .pinLastTry: problem.todo = Sentence(.doAskRestore)
        case .officerKey: problem.happened = Sentence(.unprovenNoKey)
        default: break
        }
        show(.problem(problem, back: .request(subject.request), holdOff: subject.reader))
    }

    mutating func pressKeyProved(_ key: Key, _ subject: Subject) {
        guard key == .enter || key == .escape else { return }
        if let found = subject.request.found { showCase(found) } else { goHome() }
    }
}
