import APDU
import Casework
import Readers
import Secrets
import StationInterface
import Tokens

/// One sacrificial token being tried, on its reader's thread: each step's intent is on disk
/// before its first code, its outcome after, and nothing is sent that nobody wants any more.
final class CommissionBench {
    typealias Kind = Station.CommissionStep.Step

    private let agent: Agent
    private let plan: CommissionPlan
    private let run: CommissionRun
    private let ledger: Ledger
    private let trial: QueryTrial
    private(set) var findings = CommissionFindings()
    /// As they were last read, or an answer told; the unblocking code's by way.
    private var pin: Tokens.Counter
    private var unblocking: [UnblockingForm: Tokens.Counter] = [:]
    /// The PIN the token has, once it was set here.
    private var present: HeldSecret? = nil

    init(_ agent: Agent, _ plan: CommissionPlan, _ run: CommissionRun, _ ledger: Ledger) {
        self.agent = agent
        self.plan = plan
        self.run = run
        self.ledger = ledger
        pin = plan.reading.counters.pin
        for way in plan.ways { unblocking[way.form] = way.way.counter }
        trial = QueryTrial(
            agent.asking(plan.reading), plan.reading,
            isKnownUnsafe: !agent.querySafety(plan.reading.identity.recordName))
    }

    private var slot: KeySlot { plan.proving.slot }
    private var budgets: Configuration.Budgets { agent.configuration.budgets }

    // MARK: The three steps

    /// Wrong PINs until none is left. A token that came locked is left as it is.
    func block(
        _ session: inout CardSession, _ way: CommissionPlan.Way
    ) throws(CommissionStop) {
        if pin.isBlocked { return }
        trial.begin()
        let wrong: HeldSecret
        do throws(CodeUnfit) {
            wrong = try WrongPIN.draw(
                plan.reading.newPINRule,
                besides: plan.ways.map(\.pin) + (present.map { [$0] } ?? []))
        } catch {
            throw CommissionStop(.failed, "no-wrong-pin")
        }
        let step = try begin(
            .block, way, code: CommissionIntent.pin, most: run.order.wrongPINs + trial.mayCost,
            &session)
        var tally = CommissionTally()
        var stop: CommissionStop? = nil
        do throws(CommissionStop) {
            try sendWrong(wrong, &session, &tally)
        } catch {
            stop = error
        }
        try end(step, .block, way, tally, stop, &session)
    }

    private func sendWrong(
        _ wrong: HeldSecret, _ session: inout CardSession, _ tally: inout CommissionTally
    ) throws(CommissionStop) {
        do throws(TokenError) {
            openStep("select", budgets.read, &session)
            let applet = try TokenFamilies.recognise(&session)
            while tally.sent < run.order.wrongPINs {
                do throws(CommissionStop) { try run.checkWanted() } catch {
                    tally.stop = error
                    break
                }
                openStep("block", budgets.write, writes: true, &session)
                tally.sent += 1
                tally.isOnItsWay = true
                ledger.update { $0.pinSpent = .noneOrOne }
                let answer = try applet.verify(&session, pin: wrong.secret, opening: slot)
                tally.isOnItsWay = false
                switch answer {
                case .wrong(let left):
                    tally.refused += 1
                    pin = left.map { Tokens.Counter(.known($0)) } ?? .unknown(.notShown)
                    openStep("read", budgets.read, &session)
                    if let told = try trial.look(&session, applet, answered: left) { pin = told }
                    if pin.isBlocked { return }
                case .blocked:
                    tally.isUnclear = true
                    pin = Tokens.Counter(.known(0))
                    return
                case .accepted:
                    tally.stop = CommissionStop(.failed, "wrong-pin-accepted")
                case .unfit, .refused:
                    tally.stop = CommissionStop(.failed, "refused-by-token")
                    tally.isUnclear = true
                    pin = .unknown(.notShown)
                    openStep("read", budgets.read, &session)
                    if let told = try trial.look(&session, applet, answered: nil) { pin = told }
                }
                if tally.stop != nil { break }
            }
        } catch {
            throw lost(error, &tally)
        }
        throw tally.stop ?? CommissionStop(.failed, "not-blocked")
    }

    /// The unblocking code, once.
    func unblock(
        _ session: inout CardSession, _ way: CommissionPlan.Way
    ) throws(CommissionStop) {
        let step = try begin(.unblock, way, code: way.form.code.rawValue, most: 1, &session)
        var tally = CommissionTally()
        var stop: CommissionStop? = nil
        do throws(TokenError) {
            openStep("select", budgets.read, &session)
            let applet = try TokenFamilies.recognise(&session)
            openStep("unblock", budgets.write, writes: true, &session)
            tally.sent = 1
            tally.isOnItsWay = true
            ledger.update { $0.unblockingSpent = .noneOrOne }
            let answer =
                way.form.setsNewPIN
                ? try applet.unblock(
                    &session, way.form, code: way.code.secret, newPIN: way.pin.secret)
                : try applet.resetCounter(&session, way.form, code: way.code.secret)
            tally.isOnItsWay = false
            switch answer {
            case .accepted: present = way.pin
            case .wrong(let left):
                tally.refused = 1
                if let left { unblocking[way.form] = Tokens.Counter(.known(left)) }
                stop = CommissionStop(.failed, "wrong-unblocking-code")
            case .blocked:
                tally.isUnclear = true
                unblocking[way.form] = Tokens.Counter(.known(0))
                stop = CommissionStop(.failed, "unblocking-code-blocked")
            case .unfit, .refused:
                tally.isUnclear = true
                stop = CommissionStop(.failed, "refused-by-token")
            }
            openStep("read", budgets.read, &session)
            try look(&session, applet, way)
            if stop == nil, pin.isBlocked { stop = CommissionStop(.failed, "still-locked") }
        } catch {
            // What was answered stands, though nothing could be read after it.
            if tally.isOnItsWay || tally.sent == 0 { stop = lost(error, &tally) }
            pin = .unknown(.notShown)
        }
        try end(step, .unblock, way, tally, stop, &session)
    }

    /// The PIN, and signatures under it; then a cold reset, and the counters as they are now.
    func prove(
        _ session: inout CardSession, _ way: CommissionPlan.Way, signatures: Int
    ) throws(CommissionStop) {
        let step = try begin(.prove, way, code: CommissionIntent.pin, most: 1, &session)
        var tally = CommissionTally()
        tally.sent = 1
        var stop: CommissionStop? = nil
        // It tells whether the PIN is on its way.
        ledger.update { $0.pinSpent = .none }
        let outcome = agent.sign(
            &session, plan.reading, plan.proving, .typed(way.pin), signatures, for: .keyCheck,
            ledger)
        switch outcome {
        case .signed(let gathered):
            findings.times = gathered.times
            if !Possession(gathered).isProven {
                stop = CommissionStop(.failed, "signature-invalid")
            }
        case .refused(let answer):
            if case .wrong(let left) = answer {
                tally.refused = 1
                pin = left.map { Tokens.Counter(.known($0)) } ?? pin
            }
            if answer == .blocked { tally.isUnclear = true }
            stop = CommissionStop(.failed, "pin-not-taken")
        case .notEntered: stop = CommissionStop(.failed, "pin-not-taken")
        case .broken(let error):
            tally.isOnItsWay = ledger.now.pinSpent != .none
            stop = lost(error, &tally)
        }
        if stop == nil { stop = resetAndCompare(&session, way) }
        try end(step, .prove, way, tally, stop, &session)
    }

    private func resetAndCompare(
        _ session: inout CardSession, _ way: CommissionPlan.Way
    ) -> CommissionStop? {
        openStep("reset", budgets.reset, &session)
        var tally = CommissionTally()
        do throws(CardFault) {
            try session.resetCold()
        } catch {
            return lost(TokenError(.fault(error), "reset"), &tally)
        }
        do throws(TokenError) {
            let applet = try TokenFamilies.recognise(&session)
            let identity = try applet.readIdentity(&session, slots: [slot])
            guard identity.isSame(as: plan.reading.identity, proving: slot) else {
                return CommissionStop(.failed, "token-changed")
            }
            try look(&session, applet, way)
        } catch {
            return lost(error, &tally)
        }
        if let left = pin.known {
            if let full = findings.fullPIN ?? pin.limit, left < full {
                return CommissionStop(.failed, "tries-missing")
            }
            findings.fullPIN = left
        }
        findings.isQuerySafe = trial.finding
        return nil
    }

    // MARK: Their account

    private struct Open {
        let step: OpenCommissionStep
        let pin: Tokens.Counter
        let unblocking: Tokens.Counter
    }

    private func counters(_ way: CommissionPlan.Way) -> Tokens.Counters {
        Tokens.Counters(pin: pin, unblocking: unblocking[way.form] ?? .unknown(.notShown))
    }

    private func begin(
        _ kind: Kind, _ way: CommissionPlan.Way, code: String, most: Int,
        _ session: inout CardSession
    ) throws(CommissionStop) -> Open {
        try run.checkWanted()
        openStep("record", budgets.write, &session)
        let before = counters(way)
        let intent = CommissionIntent(
            commission: run.id, serial: plan.number,
            family: plan.reading.identity.family.rawValue, step: CommissionStep(kind), code: code,
            most: most, counters: Casework.Counters(before))
        let step: OpenCommissionStep
        do throws(CaseError) {
            step = try agent.book.intend(intent, who: run.who)
        } catch {
            throw CommissionStop(.failed, "journal")
        }
        let words = Words.commissionStep(kind, way.form.rawValue)
        run.progress {
            $0.step = kind.rawValue
            $0.message = words.message
            $0.next = words.next
        }
        return Open(step: step, pin: before.pin, unblocking: before.unblocking)
    }

    /// - Throws: `stop`, or that the outcome is not on record.
    private func end(
        _ open: Open, _ kind: Kind, _ way: CommissionPlan.Way, _ tally: CommissionTally,
        _ stop: CommissionStop?, _ session: inout CardSession
    ) throws(CommissionStop) {
        let isLost = stop?.outcome == .unknown
        // After a lost answer what was read before says nothing of what is left now.
        let after = isLost ? nil : counters(way)
        let measured =
            kind == .unblock
            ? Spent.measured(open.unblocking, after?.unblocking)
            : Spent.measured(open.pin, after?.pin)
        // A right code gives tries back, and the count says nothing of it then.
        let isRight = stop == nil && kind != .block
        let spent = isRight ? .none : measured ?? tally.spent
        openStep("record", budgets.write, &session)
        let outcome: Station.CommissionStep.Outcome =
            switch stop?.outcome {
            case nil: .done
            case .cancelled?: .cancelled
            case .unknown?: .unknown
            case .failed?, .commissioned?: .failed
            }
        var stop = stop
        do throws(CaseError) {
            try open.step.finish(
                CommissionEnd(
                    commission: run.id, serial: plan.number, step: CommissionStep(kind),
                    outcome: CommissionOutcome(outcome), triesSpent: TriesSpent(spent),
                    counters: after.map { Casework.Counters($0) } ?? Casework.Counters(),
                    reasons: stop.map { [$0.reason] } ?? []))
        } catch {
            stop = stop ?? CommissionStop(.failed, "journal")
        }
        let told = Station.CommissionStep(
            step: kind, form: way.form.rawValue, outcome: outcome, sent: tally.sent,
            spent: Station.Spent(spent), pinBefore: open.pin.known, pinAfter: after?.pin.known,
            unblockingBefore: open.unblocking.known, unblockingAfter: after?.unblocking.known)
        run.progress {
            $0.steps.append(told)
            if kind == .unblock {
                $0.unblockingSpent = $0.unblockingSpent.adding(told.spent)
            } else {
                $0.pinSpent = $0.pinSpent.adding(told.spent)
            }
        }
        let result = run.result
        ledger.update {
            $0.pinSpent = Spent(result.pinSpent.least, result.pinSpent.most)
            $0.unblockingSpent = Spent(
                result.unblockingSpent.least, result.unblockingSpent.most)
            $0.pinLeft = after?.pin.known
            $0.unblockingLeft = after?.unblocking.known
        }
        if let stop { throw stop }
    }

    // MARK: Looking

    private func look(
        _ session: inout CardSession, _ applet: any TokenApplet, _ way: CommissionPlan.Way
    ) throws(TokenError) {
        let seen = try applet.readCounters(&session, of: way.form, asking: trial.query)
        pin = seen.pin
        unblocking[way.form] = seen.unblocking
        agent.noteOddAnswer(seen, plan.reading.identity, run.who)
    }

    private func openStep(
        _ name: String, _ budget: Duration, writes: Bool = false, _ session: inout CardSession
    ) {
        session.clock.begin(
            name, budget: budget, writes: writes, cap: plan.reading.profile?.writeCap)
        ledger.update { $0.step = name }
    }

    /// What an error means: only for a code whose answer is not there its end is unknown.
    private func lost(_ error: TokenError, _ tally: inout CommissionTally) -> CommissionStop {
        if !error.mayHaveReached { tally.isOnItsWay = false }
        return CommissionStop(tally.isOnItsWay ? .unknown : .failed, error.commissionReason)
    }
}
