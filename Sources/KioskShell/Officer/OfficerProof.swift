import StationInterface

/// An officer proves who they are: to sign in, or as the second one of a restore.
struct OfficerProof: Equatable, Sendable {
    enum Purpose: Equatable, Sendable {
        case signIn
        /// The text of what is approved; nil: being fetched.
        case approve(Session, act: String?)
    }

    enum Stage: Equatable, Sendable {
        case list
        case password(CodeFacts)
        /// A token of their own, and its PIN once it is in.
        case token(reader: String?, CodeFacts)
    }

    var purpose: Purpose
    var after: Resume
    var officers: [Station.Officer]
    var chosen = 0
    var stage = Stage.list

    init(_ purpose: Purpose, office: Office, after: Resume) {
        self.purpose = purpose
        self.after = after
        officers = []
        know(office)
    }

    /// Whoever was chosen stays so; false where it is nobody any more.
    @discardableResult mutating func know(_ office: Office) -> Bool {
        let was = officer?.id
        // Nobody approves what they began themselves.
        if case .approve = purpose {
            officers = office.officers.filter { $0.id != office.signedIn?.officer }
        } else {
            officers = office.officers
        }
        let place = officers.firstIndex { $0.id == was }
        chosen = place ?? 0
        return was == nil || place != nil
    }

    var officer: Station.Officer? { chosen < officers.count ? officers[chosen] : nil }

    var facts: CodeFacts {
        switch stage {
        case .list: .empty
        case .password(let facts), .token(_, let facts): facts
        }
    }

    var takesCode: Bool {
        switch stage {
        case .list, .token(nil, _): false
        case .password, .token(.some, _): true
        }
    }

    var session: Session? {
        if case .approve(let session, _) = purpose { return session }
        return nil
    }

    mutating func take(_ facts: CodeFacts) {
        switch stage {
        case .list: break
        case .password: stage = .password(facts)
        case .token(let reader, _): stage = .token(reader: reader, facts)
        }
    }

    /// The call that the entered code is sent with.
    var call: ProvingCall? {
        switch (purpose, stage) {
        case (.signIn, .password): officer.map { .signIn(officer: $0.id) }
        case (.signIn, .token(let reader?, _)): .signInByToken(reader: reader)
        case (.approve(let session, _), .password):
            officer.map { .approve(restore: session.restore, officer: $0.id) }
        case (.approve(let session, _), .token(let reader?, _)):
            .approveByToken(restore: session.restore, reader: reader)
        default: nil
        }
    }
}

extension Counter {
    /// Signs off whoever is signed in, and asks who comes now.
    mutating func changeOfficer() {
        if station?.office.signedIn != nil {
            station?.office.signedIn = nil
            callAside(.signOff)
        }
        askOfficer(after: .home)
        call(.officers)
    }

    /// The officers as the agent has them now, whatever screen they were asked from.
    mutating func know(_ office: Office) {
        station?.office = office
        guard case .officer(var proof) = screen else { return }
        if !proof.know(office), case .password = proof.stage {
            emit(.wipe(.proof))
            proof.stage = .list
        }
        if awaiting == nil, proof.purpose == .signIn, proof.after == .home, !office.isObliged,
            office.officers.isEmpty
        {
            return goHome(Sentence(.noticeNoOfficers))
        }
        screen = .officer(proof)
    }

    /// Somebody has to sign in before it goes on.
    mutating func askOfficer(after: Resume, _ notice: Sentence? = nil) {
        station?.office.signedIn = nil
        show(
            .officer(OfficerProof(.signIn, office: station?.office ?? Office(), after: after)),
            notice)
    }

    mutating func askApproval(of session: Session) {
        show(
            .officer(
                OfficerProof(
                    .approve(session, act: nil), office: station?.office ?? Office(),
                    after: .request(session.subject.request))))
        call(.showAct(restore: session.restore))
    }

    mutating func pressOfficer(_ key: Key, _ was: OfficerProof) {
        var proof = was
        switch (proof.stage, key) {
        case (.list, .up): proof.chosen = max(proof.chosen - 1, 0)
        case (.list, .down): proof.chosen = min(proof.chosen + 1, max(proof.officers.count - 1, 0))
        case (.list, .choose(let number)) where proof.officers.indices.contains(number):
            proof.chosen = number
        case (.list, .home): proof.chosen = 0
        case (.list, .end): proof.chosen = max(proof.officers.count - 1, 0)
        case (.list, .enter):
            guard awaiting == nil, let officer = proof.officer else { return }
            proof.stage = officer.password ? .password(.empty) : token(besides: proof)
        case (.list, .function(8)) where awaiting == nil: proof.stage = token(besides: proof)
        case (.list, .function(5)) where awaiting == nil: call(.officers)
        case (.list, .escape): return leave(proof)
        case (_, .escape):
            emit(.wipe(.proof))
            proof.stage = .list
        case (.token(nil, _), .enter): proof.stage = token(besides: proof)
        case (_, .enter):
            guard proof.facts.length > 0, let call = proof.call else {
                notice = Sentence(.noticeFieldEmpty)
                return
            }
            proof.take(.empty)
            notice = nil
            screen = .officer(proof)
            return prove(call)
        default: return
        }
        notice = nil
        screen = .officer(proof)
    }

    /// The stage of entering a token's PIN: the token to be restored is not the one meant.
    private func token(besides proof: OfficerProof) -> OfficerProof.Stage {
        let theirs = readers.filter {
            $0.state == .present && $0.name != proof.session?.subject.reader
        }
        return .token(reader: theirs.count == 1 ? theirs[0].name : nil, .empty)
    }

    private mutating func leave(_ proof: OfficerProof) {
        switch proof.purpose {
        case .approve(let session, _):
            abandon(session)
            show(.help(session.subject))
        case .signIn where station?.office.isObliged == true: break
        case .signIn: goHome()
        }
    }

    mutating func readersChangedOfficer(_ was: OfficerProof) {
        guard awaiting == nil, case .token(let reader, _) = was.stage else { return }
        let still = readers.contains { $0.name == reader && $0.state == .present }
        guard reader == nil || !still else { return }
        if reader != nil { emit(.wipe(.proof)) }
        var proof = was
        proof.stage = token(besides: proof)
        screen = .officer(proof)
    }

    mutating func answeredOfficer(_ reply: AgentReply, _ was: OfficerProof) {
        switch (reply, was.purpose) {
        case (.signedIn(let signedIn), _):
            station?.office.signedIn = signedIn
            resume(was.after)
        case (.act(let shown), .approve(let session, _)):
            if shown.approvedBy != nil { return show(.unblockingCode(session)) }
            var proof = was
            proof.purpose = .approve(session, act: shown.act)
            screen = .officer(proof)
        case (.approved, .approve(let session, _)): show(.unblockingCode(session))
        default: break
        }
    }

    mutating func failedOfficer(_ fault: AgentFault, _ was: OfficerProof) {
        let words = Problem.words(fault.code).happened
        if let session = was.session, fault.code == .permitEnded || fault.code == .restoreUnknown {
            return show(.help(session.subject), Sentence(.noticePermitExpired))
        }
        var proof = was
        switch fault.code {
        case .wrongPassword, .wrongPIN: proof.take(.empty)
        default: proof.stage = .list
        }
        screen = .officer(proof)
        switch (fault.waitSeconds, fault.pinLeft) {
        case (let seconds?, _): notice = Sentence(words, String(seconds))
        case (nil, let left?): notice = Sentence(words, String(left))
        case (nil, nil): notice = Sentence(words)
        }
    }

    /// When whoever is signed in has been away for too long.
    var signOffAt: Milliseconds? {
        guard let office = station?.office, office.signedIn != nil, let limit = office.idleLimit
        else { return nil }
        switch screen {
        case .connecting, .officer, .unblockingCode, .newPIN, .progress, .keyProof: return nil
        default: return lastKey + limit
        }
    }

    /// Signs off an officer who went away; what stood on the screen is gone with them.
    mutating func signOffIfIdle() {
        guard let due = signOffAt, due <= now else { return }
        callAside(.signOff)
        if station?.office.isObliged == true {
            askOfficer(after: .home, Sentence(.noticeSignedOff))
            call(.officers)
        } else {
            station?.office.signedIn = nil
            goHome(Sentence(.noticeSignedOff))
        }
    }
}
