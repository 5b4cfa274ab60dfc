import Casework
import Crypto
import Readers
import Secrets
import StationInterface
import Tokens
import Varlink

/// Whose own token signed, what over, and what that cost.
struct ShownToken: Sendable {
    let officer: Officer
    /// What the list is held against, now and after each reload.
    let evidence: OfficerEvidence
    let checked: Station.KeyChecked
    let signature: Approval.Signature?
}

extension Agent {
    /// By the officer's own token: a key check with a challenge made for this.
    func signIn(byTokenIn reader: String, _ handOver: SecretHandOver?, _ call: VarlinkCall) {
        guard let place = SignIns.Place(call.peer) else {
            handOver?.discard()
            return call.fail(with: Words.signInRefused(nil, .processUnknown))
        }
        // No PIN goes to a token without an intent on record.
        if isReadOnly {
            handOver?.discard()
            return call.fail(with: Words.noSignInByToken)
        }
        askToken(in: reader, .signIn, handOver, call) { [self] shown throws(StationError) in
            let checked = shown.checked
            try begin(
                shown.officer, shown.evidence, place, call, serial: checked.deviceNumber,
                certificate: checked.verdict.certificateSHA256
            ) {
                Station.TokenSignInDone(
                    $0, pinSpent: checked.pinSpent, pinLeft: checked.pinLeft)
            }
        }
    }

    /// Has an officer's own token sign. Whose it is shows before a PIN is sent.
    ///
    /// - Parameter answer: answers the call; on the clerk's thread, since the token is done and
    ///   the disk may not be.
    func askToken(
        in reader: String, _ purpose: KeyPurpose, _ handOver: SecretHandOver?,
        _ call: VarlinkCall, _ answer: @escaping @Sendable (ShownToken) throws(StationError) -> Void
    ) {
        let who = call.caller.who
        call.onHangUp { handOver?.discard() }
        work(
            on: reader, activity: "ask an officer's token", call: call,
            answer: { [clerk] (result: Swift.Result<ShownToken, StationError>) in
                handOver?.discard()
                switch result {
                case .success(let shown):
                    clerk.submit {
                        do throws(StationError) { try answer(shown) } catch {
                            call.fail(with: error)
                        }
                    }
                case .failure(let error): call.fail(with: error)
                }
            }
        ) { [self] session, ledger throws(WorkError) in
            let pin = handOver?.take()
            if handOver != nil, pin == nil {
                throw .token(TokenError(.fault(.cancelled), "sign in"))
            }
            return try show(&session, reader, pin, purpose, ledger, who)
        }
    }

    private func show(
        _ session: inout CardSession, _ reader: String, _ pin: HeldSecret?,
        _ purpose: KeyPurpose, _ ledger: Ledger, _ who: Who
    ) throws(WorkError) -> ShownToken {
        var found: Officer? = nil
        var evidence = OfficerEvidence.token([])
        let order = KeyCheckOrder(reader: reader, challenges: 1, who: who, purpose: purpose)
        let done = try check(&session, order, pin, ledger) {
            (certificate, number) throws(WorkError) in
            evidence = OfficerEvidence(certificate)
            found = office.officers.officer(with: certificate)
            if found == nil {
                throw .station(refusal(nil, .unknownToken, serial: number, who))
            }
        }
        let checked = done.answer
        guard let found, checked.verdict.proven else {
            throw .station(
                refusal(found?.id, .keyNotProven, serial: checked.deviceNumber, who))
        }
        let contradicted = checked.verdict.evidence.filter { $0.finding == .contradicted }
        if contradicted.contains(where: { ["validity", "revocation"].contains($0.item) }) {
            throw .station(
                refusal(found.id, .certificateRefused, serial: checked.deviceNumber, who))
        }
        return ShownToken(
            officer: found, evidence: evidence, checked: checked, signature: done.signature)
    }
}
