import Casework
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
            try checkApproval(run, call.caller)
            try check(request, run, mayOverride: call.caller.has(.lastTry))
        } catch {
            return call.fail(with: error)
        }
        let mayTakeLast = request.lastTry && call.caller.has(.lastTry)
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
        if let expiry = run.takeExpiry() { hub.timekeeper.clear(expiry) }
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
                clerk.submit { [self] in conclude(run, ending, ledger, clock.steps) }
            })
        do throws(ReaderError) {
            try hub.perform(procedure, on: run.permit.reader)
        } catch {
            procedure.unopened(error)
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
        _ token: TokenName, _ form: UnblockingForm, _ counters: Tokens.Counters
    ) -> (left: Int?, isDecided: Bool) {
        let known = book.ledger(of: token).unblocking(form.code.rawValue)
        switch known.triesLeft(shown: Casework.Counters(counters).unblocking) {
        case .left(let n): return (n, n > 1)
        case .unknown: return (nil, known.maySendOnUnknown)
        }
    }

    func decide(
        _ permit: Permit, _ counters: Tokens.Counters
    ) throws(StationError) {
        let (left, isDecided) = triesOfUnblockingCode(
            TokenName(
                serial: permit.deviceNumber, family: permit.reading.identity.family.rawValue),
            permit.form, counters)
        guard !isDecided else { return }
        throw .lastTry(
            permit.restore, left: left,
            left == 1
                ? "The unblocking code has one try left; nothing was sent."
                : "How many tries the unblocking code has left is unknown after an earlier "
                    + "failure; nothing was sent.",
            next: Words.lastTry)
    }
}
