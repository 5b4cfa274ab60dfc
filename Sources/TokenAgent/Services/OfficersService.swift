import Casework
import Crypto
import JSON
import Secrets
import StationInterface
import System
import Varlink

/// Who is signed in.
struct OfficersService: VarlinkInterface {
    let agent: Agent
    let name = OfficersInterface.name
    let description = OfficersInterface.description

    func call(_ call: VarlinkCall, parameters: inout JSONReader) throws(VarlinkFailure) {
        switch call.fullMethod {
        case Station.ListOfficers.method:
            _ = try readingParameters { () throws(JSONError) in
                try Station.ListOfficers(reading: &parameters)
            }
            call.reply(with: agent.listOfficers(call))
        case Station.SignIn.method:
            let request = try readingParameters { () throws(JSONError) in
                try Station.SignIn(reading: &parameters)
            }
            let officer = request.officer
            let password = SecretHandOver(request.password)
            call.onHangUp { password.discard() }
            // A hash takes its time, which no outcome is to wait for.
            agent.archivist.submit { [agent] in agent.signIn(officer, password, call) }
        case Station.SignInByToken.method:
            let request = try readingParameters { () throws(JSONError) in
                try Station.SignInByToken(reading: &parameters)
            }
            let reader = request.reader
            agent.signIn(byTokenIn: reader, request.pin.map { SecretHandOver($0) }, call)
        case Station.SignOff.method:
            _ = try readingParameters { () throws(JSONError) in
                try Station.SignOff(reading: &parameters)
            }
            agent.clerk.submit { [agent] in agent.signOff(call) }
        default: try callApproval(call, parameters: &parameters)
        }
    }

    private func callApproval(
        _ call: VarlinkCall, parameters: inout JSONReader
    ) throws(VarlinkFailure) {
        switch call.fullMethod {
        case Station.ShowAct.method:
            let request = try readingParameters { () throws(JSONError) in
                try Station.ShowAct(reading: &parameters)
            }
            agent.showAct(request.restore, call)
        case Station.Approve.method:
            let request = try readingParameters { () throws(JSONError) in
                try Station.Approve(reading: &parameters)
            }
            let (restore, officer) = (request.restore, request.officer)
            let password = SecretHandOver(request.password)
            call.onHangUp { password.discard() }
            agent.archivist.submit { [agent] in agent.approve(restore, officer, password, call) }
        case Station.ApproveByToken.method:
            let request = try readingParameters { () throws(JSONError) in
                try Station.ApproveByToken(reading: &parameters)
            }
            let (restore, reader) = (request.restore, request.reader)
            agent.approve(
                restore, byTokenIn: reader, request.pin.map { SecretHandOver($0) }, call)
        default: throw .methodNotFound(call.method)
        }
    }
}

extension Agent {
    func listOfficers(_ call: VarlinkCall) -> Station.Officers {
        let required =
            access.required.roles.map(\.rawValue).sorted()
            + access.required.rights.map(\.rawValue).sorted()
        return Station.Officers(
            officers: office.officers.all.map {
                Station.Officer(
                    id: $0.id, name: $0.name, password: $0.password != nil,
                    token: !$0.tokens.isEmpty)
            },
            required: required,
            twoPerson: configuration.signIn.needsTwo,
            idleMinutes: Int(configuration.signIn.idleTime.wholeMilliseconds / 60_000),
            signedIn: SignIns.Place(call.peer).flatMap(signedIn).map { officer, proof in
                Station.SignedIn(officer, proof, access.caller(call.peer, (officer, proof)))
            })
    }

    /// Whether the caller may make this call, and as whom.
    func admit(_ peer: Peer, _ method: String) -> VarlinkAdmission {
        let place = SignIns.Place(peer)
        let officer = place.flatMap(signedIn)
        let caller = access.caller(peer, officer)
        let login = access.roles(of: peer)
        let roles = Access.signingIn.contains(method) ? login : caller.roles
        guard Access.allows(roles, method) else {
            guard officer == nil, Access.allows(login, method) else { return .denied }
            return .refused(VarlinkFailure(Words.signInRequired(method)))
        }
        if let place, officer != nil, !Access.isForEverybody(method) { signIns.act(at: place) }
        return .granted(caller)
    }

    private func signedIn(at place: SignIns.Place) -> (Officer, by: OfficerProof)? {
        guard let session = signIns.session(at: place) else { return nil }
        let officers = office.officers
        // Whoever proved themselves while the list was read anew.
        guard officers.objection(to: session) == nil,
            let officer = officers.officer(session.officer)
        else {
            signIns.review(officers)
            return nil
        }
        return (officer, session.proof)
    }

    /// By password; on a thread of its own, since its hash takes about a second.
    func signIn(_ typed: Station.TypedOfficer, _ handOver: SecretHandOver, _ call: VarlinkCall) {
        defer { handOver.discard() }
        guard let place = SignIns.Place(call.peer) else {
            return call.fail(with: Words.signInRefused(nil, .processUnknown))
        }
        do throws(StationError) {
            // Its client has gone.
            guard let (officer, hash) = try officer(typed, proving: handOver, call) else { return }
            try begin(officer, .password(hash), place, call) { $0 }
        } catch {
            call.fail(with: error)
        }
    }

    /// The officer whose password it is, with what the list has of it; nil where nobody waits for
    /// that any more.
    func officer(
        _ typed: Station.TypedOfficer, proving handOver: SecretHandOver, _ call: VarlinkCall
    ) throws(StationError) -> (Officer, PasswordHash)? {
        guard let officer = office.officers.all.first(where: { typed.names($0.id) }) else {
            note(.permissionDenied(call.peer, method: call.fullMethod))
            // What was typed goes nowhere: it may be a password.
            throw Words.signInRefused(nil, .unknownOfficer)
        }
        let id = officer.id
        guard let hash = officer.password else { throw Words.signInRefused(id, .noPassword) }
        let key = PasswordWaits.Key(officer: id, user: call.peer.user)
        if let wait = signIns.wait(key) { throw Words.signInRefused(id, .mustWait, wait: wait) }
        guard let password = handOver.take() else { return nil }
        let isRight: Bool
        do throws(CryptoError) {
            isRight = try hash.matches(password.secret)
        } catch {
            throw Words.signInRefused(id, .notChecked)
        }
        signIns.tried(key, isRight: isRight)
        guard isRight else {
            throw refusal(id, .wrongPassword, signIns.wait(key), call.caller.who)
        }
        return (officer, hash)
    }

    /// Writes down that nobody was signed in; the error to answer with. A record that takes no
    /// more lines keeps nobody from being told.
    func refusal(
        _ id: String?, _ reason: StationError.SignInReason, _ wait: Duration? = nil,
        serial: String? = nil, _ who: Who
    ) -> StationError {
        if isReadOnly {
            let asked = id ?? serial ?? ""
            log("a sign-in of \(asked) was refused (\(reason.rawValue)), uid \(who.user)")
            return Words.signInRefused(id, reason, wait: wait)
        }
        do throws(JournalError) {
            try book.journal.append(.officerRefused, who: who) {
                $0.put(.officer, id)
                $0.put(.serial, serial)
                $0.put(.reason, reason.rawValue)
            }
        } catch {
            return Words.journal(error.description)
        }
        return Words.signInRefused(id, reason, wait: wait)
    }

    /// The officer has proven who they are: on record first, then signed in. Where the record takes
    /// no more lines, so that nothing can be done but to look, it is in the log alone.
    func begin<Reply: StationMessage>(
        _ officer: Officer, _ evidence: OfficerEvidence, _ place: SignIns.Place,
        _ call: VarlinkCall, serial: String? = nil, certificate: String? = nil,
        _ answer: (Station.SignInDone) -> Reply
    ) throws(StationError) {
        let session = SignIns.Session(
            officer: officer.id, evidence: evidence, place: place,
            connection: call.connectionNumber, lastAct: hub.timekeeper.now)
        let proof = session.proof
        let receipt: Casework.Receipt
        if isReadOnly {
            log("\(officer.id) signed in to look, by \(proof), uid \(session.who.user)")
            receipt = book.journal.head
        } else {
            do throws(JournalError) {
                receipt = try book.journal.append(.officerSignedIn, who: session.who) {
                    $0.put(.serial, serial)
                    $0.put(.certificate, certificate)
                }
            } catch {
                throw Words.journal(error.description)
            }
        }
        signIns.begin(session)
        let done = answer(
            Station.SignInDone(
                Station.SignedIn(officer, proof, access.caller(call.peer, (officer, proof))),
                Station.Receipt(receipt)))
        // The connection that would hold it has gone meanwhile.
        if !call.reply({ done.write(into: &$0) }) { signIns.closed(call.connectionNumber) }
    }

    func signOff(_ call: VarlinkCall) {
        guard let session = SignIns.Place(call.peer).flatMap(signIns.signOff) else {
            return call.fail(
                with: .notSignedIn("Nobody is signed in here.", next: "Nothing is to be done."))
        }
        if isReadOnly { return call.reply(with: Station.Receipt(book.journal.head)) }
        do throws(JournalError) {
            call.reply(with: Station.Receipt(try book.noteEnd(of: session, .signedOff)))
        } catch {
            call.fail(with: Words.journal(error.description))
        }
    }
}

extension CaseBook {
    /// Writes down that a session ended.
    func noteEnd(
        of session: SignIns.Session, _ end: SignIns.End
    ) throws(JournalError) -> Casework.Receipt {
        try journal.append(.officerSignedOff, who: session.who) { $0.put(.reason, end.rawValue) }
    }
}

extension Station.SignedIn {
    fileprivate init(_ officer: Officer, _ proof: OfficerProof, _ caller: Caller) {
        self.init(
            officer: officer.id, name: officer.name, proof: proof.onTheSocket,
            roles: caller.roles.map(\.rawValue).sorted(),
            rights: caller.rights.map(\.rawValue).sorted())
    }
}

extension OfficerProof {
    fileprivate var onTheSocket: Station.SignedIn.Proof {
        switch self {
        case .password: .password
        case .token: .token
        }
    }
}
