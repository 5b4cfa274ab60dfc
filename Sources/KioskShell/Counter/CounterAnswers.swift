// What the agent says: where it goes, and what holds on every screen.
extension Counter {
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
        case .reply(let ticket, .officers(let office)):
            if ticket == awaiting { awaiting = nil }
            know(office)
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
        // The readers may have been told before this: only a loss makes them unknown.
        guard case .connecting(let loss, _, _, let resume) = screen else { return }
        let isFirst = loss == nil && resume == .home && caseInHand == nil
        let isBack: Phrase = resume.holdsPaper ? .noticeScreenBack : .noticeScreenRestarted
        let notice = isFirst ? nil : Sentence(loss == nil ? isBack : .noticeAgentBack)
        if info.office.isObliged, info.office.signedIn == nil {
            return askOfficer(after: resume, notice)
        }
        self.resume(resume, notice: notice)
    }

    mutating func lost(_ loss: AgentLoss) {
        isConnected = false
        readers = []
        switch screen {
        case .connecting(_, let attempt, _, let resume):
            let step = min(attempt, Counter.retrySteps.count - 1)
            screen = .connecting(
                loss: loss, attempt: attempt + 1, retryAt: now + Counter.retrySteps[step],
                resume: resume)
        // What is told there stays true without the agent.
        case .result, .problem, .keyProved: break
        default: retry(loss, here)
        }
    }

    private mutating func retry(_ loss: AgentLoss, _ resume: Resume) {
        show(
            .connecting(
                loss: loss, attempt: 1, retryAt: now + Counter.retrySteps[0], resume: resume))
    }

    mutating func readersChanged() {
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
        case .turnBack(let back):
            let subject = back.session.subject
            check(
                subject.reader, insertion: subject.report.insertion, subject.request,
                session: back.session)
        case .progress(let session, var progress):
            let state = readers.first { $0.name == session.subject.reader }?.state
            progress.pulled = state == nil || state == .empty || state == .unavailable
            screen = .progress(session, progress)
        case .officer(let proof):
            if let session = proof.session {
                let subject = session.subject
                check(
                    subject.reader, insertion: subject.report.insertion, subject.request,
                    session: session)
            }
            if case .officer(let proof) = screen { readersChangedOfficer(proof) }
        case .keyProof(let proof) where !proof.isChecking:
            let subject = proof.subject
            check(
                subject.reader, insertion: subject.report.insertion, subject.request, session: nil)
        case .connecting, .home, .cases, .caseView, .history, .act, .paper, .keyProof,
            .keyProved, .technician, .request, .files, .intake, .taken, .form, .result, .problem:
            break
        }
    }

    // MARK: answers

    private mutating func answered(_ reply: AgentReply) {
        if case .fault(let fault) = reply { return failed(fault) }
        switch screen {
        case .home(let home): answeredHome(reply, home)
        case .officer(let proof): answeredOfficer(reply, proof)
        case .cases(let list): answeredCases(reply, list)
        case .caseView(let view): answeredCase(reply, view)
        case .history(let view): answeredHistory(reply, view)
        case .act(let form): answeredAct(reply, form)
        case .paper(let view): answeredPaper(reply, view)
        case .keyProof(let proof): answeredKeyProof(reply, proof)
        case .technician(let view): answeredTechnician(reply, view)
        case .request(let draft): answeredRequest(reply, draft)
        case .intake(let intake): answeredIntake(reply, intake)
        case .taken(let taken): answeredTaken(reply, taken)
        case .files, .connecting, .keyProved, .form, .waiting, .reading, .identity, .help,
            .unblockingCode, .newPIN, .turnBack, .progress, .result, .problem:
            answeredRestore(reply)
        }
    }

    private mutating func failed(_ fault: AgentFault) {
        // Whoever was signed in is no longer: the agent's word counts.
        if fault.code == .signInRequired {
            askOfficer(after: here)
            return call(.officers)
        }
        switch screen {
        case .home(let home): failedHome(fault, home)
        case .officer(let proof): failedOfficer(fault, proof)
        case .cases(let list): failedCases(fault, list)
        case .technician(let view): failedTechnician(fault, view)
        case .request(let draft): failedRequest(fault, draft)
        case .caseView(let view): failedCase(fault, view)
        case .history(let view): failedHistory(fault, view)
        case .act(let form): failedAct(fault, form)
        case .paper(let view): failedPaper(fault, view)
        case .keyProof(let proof): failedKeyProof(fault, proof)
        case .intake(let intake): failedIntake(fault, intake)
        case .files, .taken, .connecting, .keyProved, .form, .waiting, .reading, .identity, .help,
            .unblockingCode, .newPIN, .turnBack, .progress, .result, .problem:
            failedRestore(fault)
        }
    }
}
