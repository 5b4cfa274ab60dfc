import Casework
import Crypto
import Readers
import Secrets
import StationInterface
import Tokens
import Varlink

extension Agent {
    /// Whose own token signed, and what that cost.
    private struct Shown: Sendable {
        let officer: Officer
        let checked: Station.KeyChecked
    }

    /// By the officer's own token: a key check with a challenge made for this. Whose it is shows
    /// before a PIN is sent.
    func signIn(byTokenIn reader: String, _ handOver: SecretHandOver?, _ call: VarlinkCall) {
        guard let place = SignIns.Place(call.peer) else {
            handOver?.discard()
            return call.fail(with: Words.signInRefused(nil, .processUnknown))
        }
        let who = call.caller.who
        call.onHangUp { handOver?.discard() }
        work(
            on: reader, activity: "sign in", call: call,
            answer: { [self] (result: Swift.Result<Shown, StationError>) in
                handOver?.discard()
                switch result {
                case .success(let shown):
                    // Not on the reader's thread: the token is done, the disk may not be.
                    clerk.submit { [self] in begin(shown, place, call) }
                case .failure(let error): call.fail(with: error)
                }
            }
        ) { [self] session, ledger throws(WorkError) in
            let pin = handOver?.take()
            if handOver != nil, pin == nil {
                throw .token(TokenError(.fault(.cancelled), "sign in"))
            }
            return try show(&session, reader, pin, ledger, who)
        }
    }

    private func begin(_ shown: Shown, _ place: SignIns.Place, _ call: VarlinkCall) {
        let checked = shown.checked
        do throws(StationError) {
            try begin(
                shown.officer, .token, place, call, serial: checked.deviceNumber,
                certificate: checked.verdict.certificateSHA256
            ) {
                Station.TokenSignInDone(
                    $0, pinSpent: checked.pinSpent, pinLeft: checked.pinLeft)
            }
        } catch {
            call.fail(with: error)
        }
    }

    private func show(
        _ session: inout CardSession, _ reader: String, _ pin: HeldSecret?, _ ledger: Ledger,
        _ who: Who
    ) throws(WorkError) -> Shown {
        var found: Officer? = nil
        let checked = try check(
            &session, reader, pin, 1, nil, [], ledger, who, for: .signIn
        ) { (certificate, number) throws(WorkError) in
            found = office.officers.officer(with: certificate)
            if found == nil {
                throw .station(refusal(nil, .unknownToken, serial: number, who))
            }
        }
        guard let found, checked.verdict.proven else {
            throw .station(
                refusal(found?.id, .keyNotProven, serial: checked.deviceNumber, who))
        }
        let contradicted = checked.verdict.evidence.filter { $0.finding == .contradicted }
        if contradicted.contains(where: { ["validity", "revocation"].contains($0.item) }) {
            throw .station(
                refusal(found.id, .certificateRefused, serial: checked.deviceNumber, who))
        }
        return Shown(officer: found, checked: checked)
    }
}
