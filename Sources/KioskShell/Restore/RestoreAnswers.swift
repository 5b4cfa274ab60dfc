import StationInterface

// What the agent's answers mean on the screens of the restore.
extension Counter {
    /// Before a code was sent: a token that is gone or silent ends what was begun with it.
    mutating func check(
        _ reader: String, insertion: Int64?, _ request: CaseRow, session: Session?
    ) {
        let status = readers.first { $0.name == reader }
        let fault: AgentFault
        switch status?.state {
        case .some(.present), .some(.busy):
            // Taken out and put back, or swapped, faster than anybody could see.
            guard let insertion, let status, status.insertion != insertion else { return }
            if let session { abandon(session) }
            return wait(for: request, holdOff: nil, notice: Sentence(.noticePulled))
        case .some(.mute): fault = AgentFault(.tokenMute)
        case .some(.stuck): fault = AgentFault(.readerStuck)
        case .some(.empty), .some(.unavailable), nil:
            if let session { abandon(session) }
            return wait(for: request, holdOff: nil, notice: Sentence(.noticePulled))
        }
        if let session { abandon(session) }
        show(.problem(Problem(fault), back: .request(request), holdOff: reader))
    }

    /// On the waiting screen: the one token that is there is read without a key.
    mutating func readWaitingToken() {
        guard case .waiting(let request, let holdOff, _) = screen else { return }
        let ready = readers.filter { $0.state == .present }
        guard ready.count == 1, ready[0].name != holdOff else { return }
        read(ready[0].name, for: request)
    }

    mutating func read(_ reader: String, for request: CaseRow) {
        show(.reading(request, reader: reader))
        call(.inspect(reader: reader, caseID: request.id))
    }

    mutating func answeredRestore(_ reply: AgentReply) {
        switch (screen, reply) {
        case (.form, .opened(let request)): wait(for: request, holdOff: nil, notice: nil)
        case (.reading(let request, let reader), .report(let report)):
            show(.identity(Subject(request: request, reader: reader, report: report)))
        case (.help(let subject), .permit(let permit)):
            var subject = subject
            subject.report.take(permit)
            if subject.report.verdict == .lastTry {
                callAside(.cancel(restore: permit.restore))
                return show(.help(subject))
            }
            guard permit.isTyped else {
                callAside(.cancel(restore: permit.restore))
                return show(
                    .problem(
                        Problem(AgentFault(.otherWay)), back: .request(subject.request),
                        holdOff: subject.reader))
            }
            let session = Session(
                subject: subject, restore: permit.restore,
                expires: now + max(permit.validFor, 0), touch: permit.touch)
            if station?.office.wantsTwo == true { return askApproval(of: session) }
            show(.unblockingCode(session))
        case (.progress(let session, _), .finished(let result)): show(.result(session, result))
        case (.progress(let session, _), .history(let told)):
            let fault = AgentFault(.restoreUnknown)
            show(
                .result(
                    session,
                    RestoreResult(of: session.restore, in: told, fault) ?? .unknown(fault)))
        default: break
        }
    }

    mutating func failedRestore(_ fault: AgentFault) {
        switch screen {
        case .form:
            // The officer's typing stays.
            notice = Problem.happened(fault)
        case .reading(let request, let reader):
            show(.problem(Problem(fault), back: .request(request), holdOff: reader))
        case .help(var subject) where fault.code == .notLocked && !subject.pinForgotten:
            subject.report.help = .notLocked
            screen = .help(subject)
            notice = Sentence(.noticeForgottenFirst)
        case .help(var subject) where fault.code == .lastTry:
            subject.report.heldBack = true
            show(.help(subject))
        case .help(let subject):
            show(.problem(Problem(fault), back: .request(subject.request), holdOff: subject.reader))
        case .progress(let session, let progress): failed(fault, in: session, progress)
        default: notice = Problem.happened(fault)
        }
    }

    /// The agent answered the sending of the codes with an error instead of an outcome.
    private mutating func failed(
        _ fault: AgentFault, in session: Session, _ progress: Progress
    ) {
        switch fault.code {
        case .stillWorking:
            var progress = progress
            progress.overdue = true
            screen = .progress(session, progress)
            call(.attach(restore: session.restore))
        case .restoreUnknown where progress.followed && !progress.isSoughtOnRecord:
            // It ended before the agent did, or the agent's start put its end on record.
            var progress = progress
            progress.isSoughtOnRecord = true
            screen = .progress(session, progress)
            call(.getHistory(session.subject.request.id))
        case _ where progress.followed:
            // The agent was gone and knows nothing of the restore any more.
            show(.result(session, .unknown(fault)))
        case .newCodeRefused:
            turnBack(session, Sentence(.noticeNewCodeRefused))
        case .newCodeCommon: turnBack(session, Sentence(.noticeNewCodeCommon))
        case .newCodeSame: turnBack(session, Sentence(.noticeNewCodeSame))
        case .unblockingCodeUnfit:
            turnBack(session, Sentence(.noticeUnblockingUnfit))
        default:
            show(
                .problem(
                    Problem(fault), back: .request(session.subject.request),
                    holdOff: session.subject.reader))
        }
    }
}

extension RestoreResult {
    /// A code may have been sent, and nobody says more.
    static func unknown(_ fault: AgentFault) -> RestoreResult {
        RestoreResult(
            outcome: .unknown, unblockingSpent: Spent(least: 0, most: 1), fault: fault,
            detail: fault.detail)
    }

    /// How a restore ended by its case's record; nil where the record does not say.
    init?(of restore: String, in history: Station.CaseHistory, _ fault: AgentFault) {
        let end = history.happenings.last { $0.restore == restore && $0.outcome != nil }
        guard let end, let spent = end.unblockingSpent,
            let outcome = end.outcome.flatMap({ Outcome(rawValue: $0) })
        else { return nil }
        let reason = end.reasons.first ?? ""
        self.init(
            outcome: outcome, unblockingSpent: Spent(spent),
            fault: AgentFault.Code(reason: reason).map { AgentFault($0) } ?? fault,
            reason: reason, detail: fault.detail)
    }
}

extension Session {
    var holdsCode: Bool {
        unblocking.length > 0 || newPIN.length > 0 || repeated.length > 0
    }

    /// The reader's pad can take the codes of this token.
    var isForPad: Bool { subject.report.pad?.unblocks == true }

    var withoutCodes: Session {
        var session = self
        (session.unblocking, session.newPIN, session.repeated) = (.empty, .empty, .empty)
        return session
    }

    /// The same before any code was typed.
    var begunAnew: Session {
        var session = withoutCodes
        session.same = false
        session.repeating = false
        return session
    }

    /// Whole minutes the permit still holds, rounded up.
    func minutesLeft(at now: Milliseconds) -> Milliseconds {
        max((expires - now + 59_999) / 60_000, 0)
    }
}

extension Progress {
    /// More steps than any restore has would be a mistake of the agent.
    static let mostSteps = 32

    mutating func take(_ reported: [StepReport], overdue: Bool, at now: Milliseconds) {
        if reported.last?.name != steps.last?.name { stepBegan = now }
        steps = Array(reported.suffix(Progress.mostSteps))
        self.overdue = overdue || steps.contains { $0.state == .overdue }
    }
}

extension TokenReport {
    /// The counters and rules as they were read for the permit.
    mutating func take(_ permit: Permit) {
        pinTries = permit.pinTries
        unblockingTries = permit.unblockingTries
        pinRule = permit.pinRule
        unblockingRule = permit.unblockingRule
        pad = permit.pad
    }
}
