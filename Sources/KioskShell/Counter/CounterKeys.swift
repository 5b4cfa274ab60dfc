// Which keys go where: those that hold everywhere first, the screen's own after them.
extension Counter {
    mutating func press(_ key: Key) {
        switch key {
        case .function(2), .control("l"):
            language = language == .vietnamese ? .english : .vietnamese
            return
        case .function(4) where screen.takesWords:
            chosenInput = input.next
            return
        case _ where isUnread: return
        case .function(10), .control("q"): return quit()
        case .pasteBegin, .pasteEnd: return
        case .character where mayBeCode: return
        default: break
        }
        let before = screen
        pressHere(key)
        // Who goes back finds the keys where they were.
        if key == .escape, case .home(var home) = screen, before != screen {
            home.sought = leftHome
            screen = .home(home)
        }
    }

    private mutating func pressHere(_ key: Key) {
        switch screen {
        case .connecting(let loss, _, _, let resume): pressConnecting(key, loss, resume)
        case .home(let home): pressHome(key, home)
        case .officer(let proof): pressOfficer(key, proof)
        case .cases(let list): pressCases(key, list)
        case .caseView(let view): pressCase(key, view)
        case .history(let view): pressHistory(key, view)
        case .act(let form): pressAct(key, form)
        case .paper(let view): pressPaper(key, view)
        case .keyProof(let proof): pressKeyProof(key, proof)
        case .keyProved(let subject, _): pressKeyProved(key, subject)
        case .technician(let view): pressTechnician(key, view)
        case .request(let draft): pressRequest(key, draft)
        case .files(let list): pressFiles(key, list)
        case .intake(let intake): pressIntake(key, intake)
        case .taken(let taken): pressTaken(key, taken)
        case .form(let form): pressForm(key, form)
        case .waiting(let request, let holdOff, let chosen):
            pressWaiting(key, request, holdOff, chosen)
        case .reading(let request, let reader):
            if key == .escape { resume(.request(request), holdOff: reader) }
        case .identity(let subject): pressIdentity(key, subject)
        case .help(let subject): pressHelp(key, subject)
        case .unblockingCode(let session): pressUnblockingCode(key, session)
        case .newPIN(let session): pressNewPIN(key, session)
        case .turnBack(let back): pressTurnBack(key, back)
        case .progress(let session, _):
            if key == .escape {
                notice = Sentence(.noticeCancelAsked)
                callAside(.cancel(restore: session.restore))
            }
        case .result(let session, let result): pressResult(key, session, result)
        case .problem(let problem, let back, let holdOff):
            if key == .enter, problem.wayOn != .none { resume(back, holdOff: holdOff) }
            if key == .escape { goHome() }
        }
    }

    private mutating func quit() {
        switch screen {
        case .progress: notice = Sentence(.noticeNoQuitNow)
        case .keyProof(let proof) where proof.isChecking:
            notice = Sentence(.noticeNoQuitChecking)
        case .keyProof:
            emit(.wipeCodes)
            emit(.quit)
        case .unblockingCode(let session), .newPIN(let session):
            abandon(session)
            emit(.wipeCodes)
            emit(.quit)
        case .turnBack(let back):
            abandon(back.session)
            emit(.quit)
        case .officer(let proof):
            if let session = proof.session { abandon(session) }
            emit(.wipeCodes)
            emit(.quit)
        default: emit(.quit)
        }
    }

    private mutating func pressConnecting(_ key: Key, _ loss: AgentLoss?, _ resume: Resume) {
        if key == .enter { connect(loss, resume: resume) }
        if key == .escape, resume != .home {
            // A restore that runs is never forgotten by a key.
            if case .restore = resume { return }
            connect(loss, resume: .home)
        }
    }

    /// A code field changed.
    mutating func changed(_ slot: CodeSlot, _ facts: CodeFacts, same: Bool) {
        switch (screen, slot) {
        case (.unblockingCode(var session), .unblocking):
            session.unblocking = facts
            screen = .unblockingCode(session)
        case (.newPIN(var session), .newPIN):
            session.newPIN = facts
            session.same = same
            screen = .newPIN(session)
        case (.newPIN(var session), .repeatedPIN):
            session.repeated = facts
            session.same = same
            screen = .newPIN(session)
        case (.officer(var proof), .proof):
            proof.take(facts)
            screen = .officer(proof)
        case (.keyProof(var proof), .proof):
            proof.facts = facts
            screen = .keyProof(proof)
        default: return
        }
        notice = nil
    }
}
