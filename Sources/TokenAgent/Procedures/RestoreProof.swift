import Readers
import StationInterface
import Tokens

/// On the reader's thread: an unblocked token proves its key and is reset.
extension Agent {
    /// Step 6: the new PIN opens the key, and the key signs a fresh challenge.
    func prove(
        _ session: inout CardSession, _ applet: any TokenApplet, _ run: RestoreRun,
        _ pin: PINSource, _ ledger: Ledger
    ) -> Swift.Result<Gathered, Unproven> {
        let reading = run.permit.reading
        guard let proving = reading.proving else { return .failure(.noKey) }
        guard let challenge = try? Challenge() else { return .failure(.noChallenge) }
        begin(
            "verify", configuration.budgets.write, writes: true, atPad: pin.desk?.pin, &session,
            run, ledger)
        ledger.update { $0.pinSpent = .noneOrOne }
        do throws(TokenError) {
            guard case .token(let answer) = try applet.verify(&session, pin, opening: proving.slot)
            else {
                ledger.update { $0.pinSpent = .none }
                return .failure(.pinNotEntered)
            }
            guard answer == .accepted else {
                ledger.update { $0.pinRefused = answer }
                return .failure(.pinNotTaken)
            }
            ledger.update { $0.pinSpent = .none }
            begin("sign", configuration.budgets.sign, &session, run, ledger)
            let signature = try applet.sign(
                &session, message: challenge.message, slot: proving.slot,
                key: proving.certificate.publicKey)
            var gathered = Gathered(
                entry: proving, identity: reading.identity, traits: reading.traits,
                answers: [(challenge, signature)], continuity: .sincePermit)
            attest(&session, applet, run, &gathered, ledger)
            return .success(gathered)
        } catch {
            if session.clock.sent == 0 { ledger.update { $0.nothingSent() } }
            return .failure(.token(error.code))
        }
    }

    /// What the device states of the key. It is more than the proof needs: a token that never
    /// answers here has proven its key all the same.
    private func attest(
        _ session: inout CardSession, _ applet: any TokenApplet, _ run: RestoreRun,
        _ gathered: inout Gathered, _ ledger: Ledger
    ) {
        guard trust.attestation.judges(gathered.identity.family) else { return }
        let proof = Proof.judge(gathered, background(gathered, case: run.permit.caseID))
        ledger.update { $0.settled = .unblocked(.success(proof), isSameAfterReset: nil) }
        begin("attest", configuration.budgets.sign, &session, run, ledger)
        gathered.attestation = try? applet.readAttestation(&session, of: gathered.entry.slot)
        gathered.request = try? applet.readKeyRequest(&session, of: gathered.entry.slot)
    }

    /// Step 7: cold reset, and the counters as they are now. The clerk judges the proof while the
    /// token is busy with that.
    func finish(
        _ session: inout CardSession, _ run: RestoreRun,
        _ gathered: Swift.Result<Gathered, Unproven>, _ ledger: Ledger
    ) -> Ending {
        begin("reset", configuration.budgets.reset, &session, run, ledger)
        let permit = run.permit
        let proof = gathered.map { gathered in
            HeadStart { [self] in
                Proof.judge(gathered, background(gathered, case: permit.caseID))
            }
        }
        if case .success(let proof) = proof { clerk.submit { proof.begin() } }
        var seen: (identity: TokenIdentity, counters: Tokens.Counters)? = nil
        if (try? session.resetCold()) != nil {
            seen = try? permit.reading.again(
                &session, slots: permit.reading.slotsThatTell, of: permit.form,
                asking: asking(permit.reading))
        }
        if let seen { noteOddAnswer(seen.counters, permit.reading.identity, run.who, ledger) }
        ledger.update {
            if let answer = $0.pinRefused {
                // A new PIN begins with all its tries, where the token says how many.
                let full = permit.reading.counters.pin.limit.map { Tokens.Counter(.known($0)) }
                $0.pinSpent =
                    CodeCost(
                        answer, before: full ?? .unknown(.notShown), after: seen?.counters.pin
                    ).spent
            }
            $0.pinLeft = seen?.counters.pin.known
            $0.unblockingLeft = seen?.counters.unblocking.known
        }
        let isSame = seen.map { permit.reading.isOf($0.identity) }
        session.powerDown()
        session.clock.end()
        return .unblocked(proof.map { $0.result() }, isSameAfterReset: isSame)
    }
}
