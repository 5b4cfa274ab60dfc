import APDU
import Casework
import Crypto
import Readers
import Secrets
import StationInterface
import System
import Tokens
import Varlink

extension Agent {
    /// Steps 5 to 7 of a restore. What can be refused without the token is refused here, and
    /// leaves the permit as it was.
    func unblock(_ request: consuming Station.Unblock, _ call: VarlinkCall) {
        let restore = request.restore
        if isStopping { return call.fail(with: Words.stopping("")) }
        let run: RestoreRun
        do throws(StationError) {
            run = try permittedRun(restore)
            try check(request, run, mayOverride: access.has(.lastTry, call.peer))
        } catch {
            return call.fail(with: error)
        }
        let mayTakeLast = request.lastTry && access.has(.lastTry, call.peer)
        perform(run, .message(Codes(request)), mayTakeLast: mayTakeLast, call)
    }

    /// Takes the permit up and has the restore done on its reader's thread.
    func perform(
        _ run: RestoreRun, _ codes: CodeSupply, mayTakeLast: Bool, _ call: VarlinkCall
    ) {
        let ledger = Ledger()
        ledger.update {
            $0.pinLeft = run.permit.reading.counters.pin.known
            $0.unblockingLeft = run.permit.reading.counters.unblocking.known
        }
        let clock = StepClock(
            timekeeper: hub.timekeeper, hardCap: configuration.budgets.hardCap,
            onOverdue: { [self] step, lateness in overdue(run, step, lateness, ledger) },
            onHardCap: { [self] step in capped(run, step, ledger) })
        do throws(StationError) {
            try run.start(clock, codes.desk, follower: call)
        } catch {
            codes.discard()
            return call.fail(with: error)
        }
        // The clock itself holds the line: past the point of no return it does not heed this.
        call.onHangUp { if codes.desk?.hasAsked != true { clock.cancel() } }
        let procedure = Procedure(
            activity: "restore \(run.permit.restore)", insertion: run.permit.insertion,
            clock: clock,
            connectBudget: configuration.budgets.connect,
            body: { [self] session in
                let ending = restoreBody(&session, run, codes, mayTakeLast, ledger)
                codes.discard()
                // The token is powered down before anybody hears that it can be handed over.
                session.powerDown()
                clock.end()
                if run.claimEnding() {
                    conclude(run, ending, ledger, clock.steps)
                } else {
                    learn(run, ending, ledger)
                }
            },
            unopened: { [self] error in
                codes.discard()
                guard run.claimEnding() else { return }
                let ending: Ending =
                    error == .cancelled
                    ? .gaveUp(.fault(.cancelled), "connect")
                    : .unopened(Words.reader(error, run.permit.reader))
                conclude(run, ending, ledger, clock.steps)
            })
        do throws(ReaderError) {
            try hub.perform(procedure, on: run.permit.reader)
        } catch {
            codes.discard()
            guard run.claimEnding() else { return }
            let ending = Ending.unopened(Words.reader(error, run.permit.reader))
            clerk.submit { [self] in conclude(run, ending, ledger) }
        }
    }

    func permittedRun(_ restore: RestoreID) throws(StationError) -> RestoreRun {
        guard let run = restores.run(restore) else {
            throw Words.noRestore(restore)
        }
        if run.phase == .permitted, Instant.now >= run.permit.expires {
            if run.claimEnding() {
                clerk.submit { [self] in conclude(run, .refused(.expired)) }
            }
            throw .permitInvalid(
                restore, .expired, "The permit of restore \(restore) has expired.",
                next: "Begin again.")
        }
        return run
    }

    /// Whether the codes could be this token's, and a try may be spent at all.
    private func check(
        _ request: borrowing Station.Unblock, _ run: RestoreRun, mayOverride: Bool
    ) throws(StationError) {
        let reading = run.permit.reading
        guard !run.permit.form.isResponse else {
            throw .permitInvalid(
                request.restore, .wantsResponse,
                "This permit's way is the response to a challenge, and no code.",
                next: "Ask for the challenge (AskChallenge).")
        }
        if let codes = request.codes, let rule = run.permit.way.rule {
            do throws(CodeUnfit) {
                try run.permit.way.check(codes.unblockingCode.secret)
            } catch {
                throw Words.unfit(request.restore, .unblockingCode, error, rule)
            }
            do throws(CodeUnfit) {
                try check(codes, reading.newPINRule, run.permit.form)
            } catch {
                throw Words.unfit(request.restore, .newPIN, error, reading.newPINRule)
            }
        } else if reading.pad.unblock == nil {
            throw Words.padUnusable(run.permit.reader, "the unblocking code and the new PIN")
        }
        guard request.lastTry && mayOverride else {
            return try decide(run.permit, reading.counters)
        }
    }

    private func check(
        _ codes: Station.Unblock.Codes, _ rule: Tokens.CodeRule, _ form: UnblockingForm
    ) throws(CodeUnfit) {
        switch (codes.newPIN, form.setsNewPIN) {
        case (let newPIN?, true):
            try rule.checkNew(newPIN.secret, besides: codes.unblockingCode.secret)
        case (nil, true): throw .missing
        case (_?, false): throw .notWanted
        case (nil, false): break
        }
    }

    /// How many tries the unblocking code has, as far as anybody knows, and whether one of them
    /// may be spent without the right to the last.
    func triesOfUnblockingCode(
        _ number: String, _ form: UnblockingForm, _ counters: Tokens.Counters
    ) -> (left: Int?, isDecided: Bool) {
        let known = book.ledger(serial: number).unblocking(form.code.rawValue)
        switch known.triesLeft(shown: Casework.Counters(counters).unblocking) {
        case .left(let n): return (n, n > 1)
        case .unknown: return (nil, known.maySendOnUnknown)
        }
    }

    func decide(
        _ permit: Permit, _ counters: Tokens.Counters
    ) throws(StationError) {
        let (left, isDecided) = triesOfUnblockingCode(
            permit.deviceNumber, permit.form, counters)
        guard !isDecided else { return }
        throw .lastTry(
            permit.restore, left: left,
            left == 1
                ? "The unblocking code has one try left; nothing was sent."
                : "How many tries the unblocking code has left is unknown after an earlier "
                    + "failure; nothing was sent.",
            next: Words.lastTry)
    }

    // MARK: On the clock's thread

    private func overdue(
        _ run: RestoreRun, _ step: Readers.Step, _ lateness: Lateness, _ ledger: Ledger
    ) {
        switch lateness {
        case .abandoned:
            giveUp(run, step, ledger)
        case .stillWriting:
            run.progress {
                $0.state = .overdue
                $0.atPad = nil
                $0.step = step.name
                $0.message =
                    "The token is still working on \"\(step.name)\". Do not pull it."
                $0.next = "Wait; Attach follows the restore to its end."
            }
            // A deadline ends the answer to the one who asked; who attached follows on.
            run.releaseOverdue { $0.method == "Unblock" || $0.method == "Respond" }
        }
    }

    private func capped(_ run: RestoreRun, _ step: Readers.Step, _ ledger: Ledger) {
        giveUp(run, step, ledger)
    }

    /// Ends a restore without its reader's thread. What the code's answer told stays true,
    /// though nothing more comes after it.
    func giveUp(_ run: RestoreRun, _ step: Readers.Step, _ ledger: Ledger) {
        guard run.claimEnding() else { return }
        let steps = run.steps
        let ending =
            ledger.now.settled
            ?? (step.sent > 0
                ? .gaveUp(.fault(.mute), step.name) : .notSent(.fault(.mute), step.name))
        if step.sent == 0 { ledger.update { $0.nothingSent() } }
        clerk.submit { [self] in conclude(run, ending, ledger, steps) }
    }

    /// An answer that came after the hard cap, when the outcome was on record as unknown: what
    /// it tells resolves it.
    private func learn(_ run: RestoreRun, _ ending: Ending, _ ledger: Ledger) {
        let account = ledger.now
        let outcome: RestoreOutcome
        let told: String
        switch ending {
        case .unblocked:
            (outcome, told) = (
                .unblockedUnproven,
                "A late answer of the token told that it is unblocked; its key is not proven."
            )
        case .refusedCode:
            (outcome, told) = (
                .failed, "A late answer of the token told that it refused the unblocking code."
            )
        case .notEntered:
            (outcome, told) = (
                .failed, "A late answer of the reader told that no code left its pad."
            )
        case .notSent:
            (outcome, told) = (.failed, "A late answer told that no code had been sent.")
        case .refused, .unopened, .tokenChanged, .gaveUp, .lost, .disturbed: return
        }
        let end = RestoreEnd(
            restore: run.permit.restore, outcome: outcome,
            triesSpent: TriesSpent(account.unblockingSpent),
            pinTriesSpent: TriesSpent(account.pinSpent), reasons: ["late-answer"])
        // Behind the line it resolves, which the clerk writes.
        clerk.submit { [self] in
            guard run.result.outcome == .unknown else { return }
            _ = try? book.record(.restoreResolved(end), case: run.permit.caseID, who: run.who)
            run.amend(
                outcome == .failed ? .failed : .unblockedUnproven,
                Words.Pair(
                    told,
                    next: outcome == .failed
                        ? "Begin again." : "Check the key with the new PIN."))
        }
    }

    // MARK: On the reader's thread

    func restoreBody(
        _ session: inout CardSession, _ run: RestoreRun, _ codes: CodeSupply,
        _ mayTakeLast: Bool, _ ledger: Ledger
    ) -> Ending {
        do throws(TokenError) {
            begin("read", configuration.budgets.read, &session, run, ledger)
            let applet = try TokenFamilies.recognise(&session)
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
                &session, of: permit.form, statusQueryIsSafe: mayAsk(permit.reading))
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
        if let source = codes.take(entries, at: readPad(&session), configuration.budgets.pad) {
            return source
        }
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
        let after = try? Reading.again(
            &session, slots: [], of: permit.form,
            statusQueryIsSafe: mayAsk(permit.reading)
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

    /// Step 6: the new PIN opens the key, and the key signs a fresh challenge.
    private func prove(
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
                ledger.update {
                    if case .wrong(let left?) = answer {
                        $0.pinSpent = .one
                        $0.pinLeft = left
                    }
                }
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

    /// Step 7: cold reset, and the counters as they are now. The proof is judged when the token
    /// is powered down.
    private func finish(
        _ session: inout CardSession, _ run: RestoreRun,
        _ gathered: Swift.Result<Gathered, Unproven>, _ ledger: Ledger
    ) -> Ending {
        begin("reset", configuration.budgets.reset, &session, run, ledger)
        let permit = run.permit
        var seen: (identity: TokenIdentity, counters: Tokens.Counters)? = nil
        if (try? session.resetCold()) != nil {
            seen = try? Reading.again(
                &session, slots: permit.reading.proving.map { [$0.slot] } ?? [], of: permit.form,
                statusQueryIsSafe: mayAsk(permit.reading))
        }
        if let seen { noteOddAnswer(seen.counters, permit.deviceNumber, run.who, ledger) }
        ledger.update {
            $0.pinLeft = seen?.counters.pin.known
            $0.unblockingLeft = seen?.counters.unblocking.known
        }
        let isSame = seen.map {
            $0.identity.isSame(as: permit.reading.identity, proving: permit.reading.proving?.slot)
        }
        session.powerDown()
        session.clock.end()
        let proof = gathered.map { gathered in
            Proof.judge(
                gathered, background(gathered, case: permit.caseID))
        }
        return .unblocked(proof, isSameAfterReset: isSame)
    }
}

/// Where the codes of a restore come from.
enum CodeSupply: Sendable {
    case message(Codes)
    case response(ResponseDesk)

    var desk: ResponseDesk? {
        if case .response(let desk) = self { desk } else { nil }
    }

    /// Wipes what nobody took.
    func discard() {
        switch self {
        case .message(let codes): codes.discard()
        case .response(let desk): desk.close()
        }
    }
}

/// The two codes of a request on their way to the reader's thread; none where they are entered
/// at its pad.
final class Codes: Sendable {
    private let unblockingCode: SecretHandOver?
    private let newPIN: SecretHandOver?

    init(_ request: consuming Station.Unblock) {
        unblockingCode = request.codes.map { SecretHandOver($0.unblockingCode) }
        newPIN = (request.codes?.newPIN).map { SecretHandOver($0) }
    }

    var areAtPad: Bool { unblockingCode == nil }

    /// The codes, once, or the way they are entered at `pad`; nil where there is neither.
    func take(_ entries: PadEntries, at pad: PINPad, _ budget: Duration) -> UnblockingSource? {
        guard areAtPad else {
            guard let code = unblockingCode?.take() else { return nil }
            guard let newPIN else { return .counterOnly(unblockingCode: code) }
            return newPIN.take().map { .typed(unblockingCode: code, newPIN: $0) }
        }
        let possible = entries.possible(at: pad)
        guard let unblock = possible.unblock, let verify = possible.verify else { return nil }
        return .pad(PadDesk(pad, budget), unblock: unblock, verify: verify)
    }

    /// Wipes what nobody took.
    func discard() {
        unblockingCode?.discard()
        newPIN?.discard()
    }
}
