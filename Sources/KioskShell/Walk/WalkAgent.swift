// What the agent says, and what that means on each screen.
extension RestoreWalk {
    mutating func receive(_ message: AgentMessage) {
        switch message {
        case .connected(let info): connected(info)
        case .lost(let loss): lost(loss)
        case .readers(let readers):
            self.readers = readers
            readersChanged()
        case .progress(let ticket, let steps, let overdue, let pad):
            guard ticket == awaiting, case .progress(let session, var progress) = screen else {
                return
            }
            progress.take(steps, overdue: overdue, at: now)
            progress.atPad = pad
            heard = now
            screen = .progress(session, progress)
        case .reply(let ticket, let reply):
            guard ticket == awaiting else { return late(reply) }
            awaiting = nil
            answered(reply)
        }
    }

    /// An answer nobody waits for any more: a permit that was granted after all is given back.
    private mutating func late(_ reply: AgentReply) {
        if case .permit(let permit) = reply { callAside(.cancel(restore: permit.restore)) }
    }

    private mutating func connected(_ info: StationInfo) {
        station = info
        isConnected = true
        readers = []
        guard case .connecting(let loss, _, _, let resume) = screen else { return }
        self.resume(resume, notice: loss == nil ? nil : Sentence(.noticeAgentBack))
    }

    private mutating func lost(_ loss: AgentLoss) {
        isConnected = false
        readers = []
        switch screen {
        case .connecting(_, let attempt, _, let resume):
            let step = min(attempt, RestoreWalk.retrySteps.count - 1)
            screen = .connecting(
                loss: loss, attempt: attempt + 1, retryAt: now + RestoreWalk.retrySteps[step],
                resume: resume)
        case .cases, .form: retry(loss, .home)
        case .waiting(let request, _, _), .reading(let request, _): retry(loss, .request(request))
        case .identity(let subject), .help(let subject):
            retry(loss, .request(subject.request))
        case .unblockingCode(let session), .newPIN(let session):
            retry(loss, .request(session.subject.request))
        case .progress(let session, _): retry(loss, .restore(session))
        // What is told there stays true without the agent.
        case .result, .problem: break
        }
    }

    private mutating func retry(_ loss: AgentLoss, _ resume: Resume) {
        show(
            .connecting(
                loss: loss, attempt: 1, retryAt: now + RestoreWalk.retrySteps[0], resume: resume))
    }

    private mutating func readersChanged() {
        switch screen {
        case .waiting(let request, let holdOff, let chosen):
            let ready = readers.filter { $0.state == .present }
            let still = ready.contains { $0.name == holdOff }
            screen = .waiting(
                request, holdOff: still ? holdOff : nil,
                chosen: min(chosen, max(ready.count - 1, 0)))
            readWaitingToken()
        case .reading(let request, let reader):
            check(reader, insertion: nil, request, session: nil)
        case .identity(let subject), .help(let subject):
            check(
                subject.reader, insertion: subject.report.insertion, subject.request, session: nil)
        case .unblockingCode(let session), .newPIN(let session):
            let subject = session.subject
            check(
                subject.reader, insertion: subject.report.insertion, subject.request,
                session: session)
        case .progress(let session, var progress):
            let state = readers.first { $0.name == session.subject.reader }?.state
            progress.pulled = state == nil || state == .empty || state == .unavailable
            screen = .progress(session, progress)
        case .connecting, .cases, .form, .result, .problem: break
        }
    }

    /// Before a code was sent: a token that is gone or silent ends what was begun with it.
    private mutating func check(
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

    // MARK: answers

    private mutating func answered(_ reply: AgentReply) {
        if case .fault(let fault) = reply { return failed(fault) }
        switch (screen, reply) {
        case (.cases(_, let chosen), .cases(let rows)):
            screen = .cases(rows: rows, chosen: min(chosen, rows.count))
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
            show(
                .unblockingCode(
                    Session(
                        subject: subject, restore: permit.restore,
                        expires: now + max(permit.validFor, 0), touch: permit.touch)))
        case (.progress(let session, _), .finished(let result)): show(.result(session, result))
        default: break
        }
    }

    private mutating func failed(_ fault: AgentFault) {
        switch screen {
        case .cases:
            screen = .cases(rows: [], chosen: 0)
            notice = Sentence(Problem.words(fault.code).happened)
        case .form:
            // The officer's typing stays.
            notice = Sentence(Problem.words(fault.code).happened)
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
        default: notice = Sentence(Problem.words(fault.code).happened)
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
        case _ where progress.followed:
            // The agent was gone and knows nothing of the restore any more.
            show(
                .result(
                    session,
                    RestoreResult(
                        outcome: .unknown, unblockingSpent: Spent(least: 0, most: 1), fault: fault,
                        detail: fault.detail)))
        case .newCodeRefused:
            backToUnblockingCode(session, Sentence(.noticeNewCodeRefused))
        case .newCodeCommon: backToUnblockingCode(session, Sentence(.noticeNewCodeCommon))
        case .newCodeSame: backToUnblockingCode(session, Sentence(.noticeNewCodeSame))
        case .unblockingCodeUnfit:
            backToUnblockingCode(session, Sentence(.noticeUnblockingUnfit))
        default:
            show(
                .problem(
                    Problem(fault), back: .request(session.subject.request),
                    holdOff: session.subject.reader))
        }
    }

    // MARK: time

    /// What is due at `now`.
    mutating func passTime() {
        if let silence, silence <= now { lost(.hungUp) }
        switch screen {
        case .connecting(let loss, let attempt, let retryAt, let resume):
            guard let retryAt, retryAt <= now else { return }
            screen = .connecting(loss: loss, attempt: attempt, retryAt: nil, resume: resume)
            heard = now
            emit(.connect)
        case .unblockingCode(let session), .newPIN(let session):
            if session.expires <= now {
                abandon(session)
                show(.help(session.subject), Sentence(.noticePermitExpired))
            } else if session.holdsCode, lastKey + RestoreWalk.idleLimit <= now {
                backToUnblockingCode(session, Sentence(.noticeIdle))
            }
        default: break
        }
    }

    /// When an agent that was asked something has been silent for too long.
    private var silence: Milliseconds? {
        switch screen {
        case .connecting(_, _, nil, _): heard + RestoreWalk.silenceLimit
        case .connecting: nil
        case .progress: heard + RestoreWalk.restoreSilenceLimit
        default: awaiting == nil ? nil : heard + RestoreWalk.silenceLimit
        }
    }

    /// When the walk wants a `tick`, if nothing happens before; nil when it can sleep.
    var deadline: Milliseconds? {
        switch (screenDeadline, silence) {
        case (nil, nil): nil
        case (let one?, nil), (nil, let one?): one
        case (let one?, let other?): min(one, other)
        }
    }

    private var screenDeadline: Milliseconds? {
        switch screen {
        case .connecting(_, _, let retryAt, _): return retryAt
        case .unblockingCode(let session), .newPIN(let session):
            let minute = session.expires - (session.minutesLeft(at: now) - 1) * 60_000
            let next = min(session.expires, minute)
            return session.holdsCode ? min(next, lastKey + RestoreWalk.idleLimit) : next
        case .progress(_, let progress):
            return now + 1_000 - (now - progress.began) % 1_000
        default: return nil
        }
    }
}

extension Session {
    var holdsCode: Bool {
        unblocking.length > 0 || newPIN.length > 0 || repeated.length > 0
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
    }
}
