import APDU
import Casework
import Readers
import StationInterface
import Tokens

/// On the reader's thread: the token is read again, compared, and sent the code.
extension Agent {
    func restoreBody(
        _ session: inout CardSession, _ run: RestoreRun, _ codes: CodeSupply,
        _ mayTakeLast: Bool, _ ledger: Ledger
    ) -> Ending {
        do throws(TokenError) {
            begin("read", configuration.budgets.read, &session, run, ledger)
            let applet = try TokenFamilies.recognise(
                &session, expected: run.permit.reading.identity.family)
            return restore(&session, applet, run, codes, mayTakeLast, ledger)
        } catch {
            return .gaveUp(error.code, "read")
        }
    }

    func begin(
        _ step: String, _ budget: Duration, writes: Bool = false, atPad: Station.AtPad? = nil,
        _ session: inout CardSession, _ run: RestoreRun, _ ledger: Ledger
    ) {
        session.clock.begin(
            step, budget: budget, writes: writes, typing: atPad?.typing ?? .zero,
            cap: run.permit.reading.profile?.writeCap)
        ledger.update { $0.step = step }
        let words = atPad.map { Words.atPad($0) } ?? Words.running
        run.progress {
            $0.step = step
            $0.atPad = atPad
            ($0.message, $0.next) = (words.message, words.next)
        }
    }

    private func restore(
        _ session: inout CardSession, _ applet: any TokenApplet, _ run: RestoreRun,
        _ codes: CodeSupply, _ mayTakeLast: Bool, _ ledger: Ledger
    ) -> Ending {
        let permit = run.permit
        let slot = permit.reading.proving?.slot
        let before: Tokens.Counters
        do throws(TokenError) {
            let identity = try applet.readIdentity(&session, slots: slot.map { [$0] } ?? [])
            before = try applet.readCounters(
                &session, of: permit.form, asking: asking(permit.reading))
            noteOddAnswer(before, permit.deviceNumber, run.who, ledger)
            let changes = changes(permit, identity, before)
            guard changes.isEmpty else { return .tokenChanged(changes) }
        } catch {
            return .gaveUp(error.code, "read")
        }
        // Another case of this token may have spent a try since the request was looked at.
        if !mayTakeLast {
            do throws(StationError) {
                try decide(permit, before)
            } catch {
                return .unopened(error)
            }
        }
        let source: UnblockingSource
        do throws(EarlyEnd) {
            switch codes {
            case .message(let codes): source = try take(codes, &session, applet, permit)
            case .response(let desk):
                source = try awaitResponse(&session, applet, run, desk, ledger)
            }
        } catch {
            return error.ending
        }

        // Intent on disk before the token is touched; from here on the restore is carried to
        // its end, whoever hangs up.
        do throws(CardFault) {
            try session.clock.passPointOfNoReturn()
        } catch {
            return .gaveUp(.fault(error), "read")
        }
        begin("record", configuration.budgets.write, &session, run, ledger)
        do throws(CaseError) {
            let intent = RestoreIntent(
                restore: permit.restore, serial: permit.deviceNumber, step: .unblock,
                code: permit.form.code.rawValue, counters: Casework.Counters(before),
                isAtPad: source.desk != nil)
            run.keep(
                RestoreRun.OutcomeRoom(try book.intend(intent, case: permit.caseID, who: run.who)))
        } catch {
            return .unopened(refusal(error, permit.caseID.text))
        }

        begin(
            "unblock", configuration.budgets.write, writes: true,
            atPad: source.desk?.unblocking, &session, run, ledger)
        ledger.update { $0.unblockingSpent = .noneOrOne }
        let padAnswer: PadAnswer
        do throws(TokenError) {
            padAnswer = try applet.unblock(&session, permit.form, source)
        } catch {
            guard session.clock.sent > 0 else { return notSent(error.code, ledger) }
            guard case .disturbed = error.code else { return .lost(error.code) }
            guard let ending = account(&session, run, before, ledger, .disturbed) else {
                return .unblocked(.failure(.token(error.code)), isSameAfterReset: nil)
            }
            return ending
        }
        let answer: CodeAnswer
        switch padAnswer {
        case .notEntered(let why):
            let ending = Ending.notEntered(why)
            ledger.update { $0.settled = ending }
            return account(&session, run, before, ledger, ending)
                ?? .unblocked(.failure(.takenThoughNotEntered), isSameAfterReset: nil)
        case .token(.refused(let status)) where session.clock.sent == 0:
            return notSent(.status(status), ledger)
        case .token(let told): answer = told
        }
        if answer != .accepted {
            ledger.update { $0.settled = .refusedCode(answer) }
            let refused = Ending.refusedCode(answer)
            if let ending = account(&session, run, before, ledger, refused) { return ending }
            return .unblocked(.failure(.refusedThough(answer)), isSameAfterReset: nil)
        }
        ledger.update {
            $0.unblockingSpent = .none
            $0.settled = .unblocked(.failure(.token(.fault(.mute))), isSameAfterReset: nil)
        }
        guard let newPIN = source.newPIN else {
            return finish(&session, run, .failure(.oldPINStays), ledger)
        }
        let proof = prove(&session, applet, run, newPIN, ledger)
        return finish(&session, run, proof, ledger)
    }

    /// The step ended before a code went out.
    private func notSent(_ code: TokenError.Code, _ ledger: Ledger) -> Ending {
        let ending = Ending.notSent(code, "unblock")
        ledger.update {
            $0.nothingSent()
            $0.settled = ending
        }
        return ending
    }

    /// The codes of the request, or the way they are entered at the reader's pad.
    private func take(
        _ codes: Codes, _ session: inout CardSession, _ applet: any TokenApplet,
        _ permit: Permit
    ) throws(EarlyEnd) -> UnblockingSource {
        let entries: PadEntries
        do throws(TokenError) {
            entries = try applet.padEntries(
                &session, opening: permit.reading.proving?.slot)
        } catch {
            throw EarlyEnd(.gaveUp(error.code, "read"))
        }
        let pad = codes.areAtPad ? readPad(&session) : .none
        if let source = codes.take(entries, at: pad, configuration.budgets.pad) { return source }
        guard codes.areAtPad else { throw EarlyEnd(.gaveUp(.noLockedMemory, "read")) }
        throw EarlyEnd(
            .unopened(Words.padUnusable(permit.reader, "the unblocking code and the new PIN")))
    }

    private func changes(
        _ permit: Permit, _ identity: TokenIdentity, _ counters: Tokens.Counters
    ) -> [String] {
        var changes: [String] = []
        if identity.serial != permit.reading.identity.serial
            || identity.guid != permit.reading.identity.guid
        {
            changes.append("device-number")
        }
        let slot = permit.reading.proving?.slot
        if identity.certificates.first(where: { $0.slot == slot })?.certificate
            != permit.reading.proving?.certificate
        {
            changes.append("certificate")
        }
        if counters.pin.known != permit.reading.counters.pin.known,
            permit.reading.counters.pin.known != nil
        {
            changes.append("pin-counter")
        }
        if counters.unblocking.known != permit.reading.counters.unblocking.known {
            changes.append("unblocking-counter")
        }
        return changes
    }

    /// After a code that was not taken: what it cost, as the counters tell or else the answer.
    ///
    /// The token is selected anew for it, since whoever answered last may be another applet.
    /// - Returns: the ending; nil where the counters show that the code was taken all the same.
    private func account(
        _ session: inout CardSession, _ run: RestoreRun, _ before: Tokens.Counters,
        _ ledger: Ledger, _ ending: Ending
    ) -> Ending? {
        let permit = run.permit
        let after = try? permit.reading.again(
            &session, slots: [], of: permit.form,
            asking: asking(permit.reading)
        ).counters
        if let after { noteOddAnswer(after, permit.deviceNumber, run.who, ledger) }
        // Only a right unblocking code gives a locked PIN its tries back.
        if before.pin.isBlocked, let now = after?.pin.known, now > 0 {
            ledger.update {
                $0.unblockingSpent = .none
                $0.pinLeft = now
                $0.unblockingLeft = after?.unblocking.known
            }
            return nil
        }
        ledger.update { entry in
            entry.pinLeft = after?.pin.known
            entry.unblockingLeft = after?.unblocking.known
            entry.unblockingSpent = .noneOrOne
            if let was = before.unblocking.known, let now = after?.unblocking.known {
                entry.unblockingSpent = Spent(max(was - now, 0), max(was - now, 0))
                return
            }
            if case .notEntered = ending { entry.unblockingSpent = .none }
            guard case .refusedCode(let answer) = ending else { return }
            switch answer {
            case .wrong(let left):
                // Without a count it may be one that is not counted.
                entry.unblockingSpent = left == nil ? .noneOrOne : .one
                entry.unblockingLeft = left
            // A code that was blocked before costs nothing; the last try costs one.
            case .blocked: entry.unblockingLeft = 0
            case .unfit, .refused, .accepted: break
            }
        }
        guard case .refusedCode(.refused(let status)) = ending, status.saysNothing,
            after?.pin.known == nil || !before.pin.isBlocked
        else { return ending }
        // The token failed inside; whether it took the code nobody can say.
        return .lost(.status(status))
    }
}
