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
            noteOddAnswer(before, permit.reading.identity, run.who, ledger)
            let changes = changes(permit, identity, before)
            // As they are now; another token's counters are none of this one's.
            let isOther = changes.contains("device-number")
            ledger.update {
                $0.pinLeft = isOther ? nil : before.pin.known
                $0.unblockingLeft = isOther ? nil : before.unblocking.known
            }
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
            // What is known should the token say no more.
            let cost = CodeCost(answer, before: before.unblocking, after: nil)
            ledger.update {
                $0.unblockingSpent = cost.spent
                $0.unblockingLeft = cost.left
                $0.settled = .refusedCode(answer)
            }
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

    /// After a code that was not taken: what it cost, as its answer and the counters tell.
    ///
    /// The token is selected anew for it, since whoever answered last may be another applet.
    /// - Returns: the ending; nil where the counters show that the code was taken all the same.
    private func account(
        _ session: inout CardSession, _ run: RestoreRun, _ before: Tokens.Counters,
        _ ledger: Ledger, _ ending: Ending
    ) -> Ending? {
        var after = countersAgain(&session, run, ledger)
        var isContradicted = false
        // Only a right unblocking code gives a locked PIN its tries back. One answer that says
        // so may be false: it takes two, and none that the code's own counter speaks against.
        if before.pin.isBlocked, let seen = after, let now = seen.pin.known, now > 0 {
            let again = countersAgain(&session, run, ledger)
            let hasFallen = [seen, again].contains { $0.map { fell(before, $0) } ?? false }
            if again?.pin.known == now, !hasFallen {
                ledger.update {
                    $0.unblockingSpent = .none
                    $0.pinLeft = now
                    $0.unblockingLeft = again?.unblocking.known
                }
                return nil
            }
            // Only where it is locked the second time the first answer was the false one.
            isContradicted = again?.pin.isBlocked != true
            if again != nil { after = again }
        }
        guard case .refusedCode(let answer) = ending else {
            let cost = CodeCost(nil, before: before.unblocking, after: after?.unblocking)
            ledger.update { entry in
                entry.pinLeft = isContradicted ? nil : after?.pin.known
                entry.unblockingLeft = cost.left
                entry.unblockingSpent = isContradicted ? .noneOrOne : cost.spent
                // The reader says that none went out; a count that fell speaks against it.
                if case .notEntered = ending, !isContradicted {
                    let hasFallen = after.map { fell(before, $0) } ?? false
                    entry.unblockingSpent = hasFallen ? .noneOrOne : .none
                }
            }
            return isContradicted ? .lost(.malformed) : ending
        }
        let cost = CodeCost(answer, before: before.unblocking, after: after?.unblocking)
        ledger.update {
            $0.pinLeft = isContradicted ? nil : after?.pin.known
            $0.unblockingLeft = cost.left
            $0.unblockingSpent = isContradicted ? .noneOrOne : cost.spent
        }
        if isContradicted { return .lost(.malformed) }
        if case .refused(let status) = answer, status.saysNothing,
            after?.pin.known == nil || !before.pin.isBlocked
        {
            // The token failed inside; whether it took the code nobody can say.
            return .lost(.status(status))
        }
        return .refusedCode(answer.corrected(cost, by: after?.unblocking))
    }

    private func countersAgain(
        _ session: inout CardSession, _ run: RestoreRun, _ ledger: Ledger
    ) -> Tokens.Counters? {
        let permit = run.permit
        let counters = try? permit.reading.again(
            &session, slots: [], of: permit.form, asking: asking(permit.reading)
        ).counters
        if let counters { noteOddAnswer(counters, permit.reading.identity, run.who, ledger) }
        return counters
    }

    private func fell(_ before: Tokens.Counters, _ after: Tokens.Counters) -> Bool {
        guard let was = before.unblocking.known, let now = after.unblocking.known else {
            return false
        }
        return now < was
    }
}
