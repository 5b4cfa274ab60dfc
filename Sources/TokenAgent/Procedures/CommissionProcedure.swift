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
    /// Tries a model on a token that may be lost: for each way blocked, unblocked, proven; then
    /// the profile.
    func commission(_ request: consuming Station.Commission, _ call: VarlinkCall) {
        let who = call.caller.who
        let run: CommissionRun
        do throws(StationError) {
            run = try order(request, who, call)
        } catch {
            return call.fail(with: error)
        }
        work(
            on: run.order.reader, activity: "commission \(run.id)", call: call,
            answer: { (result: Swift.Result<Station.CommissionState, StationError>) in
                _ = run.takeWays()
                call.answer(result)
            }
        ) { [self] session, ledger throws(WorkError) in
            commissions.add(run)
            defer { commissions.remove(run) }
            let reading = try read(&session, ledger)
            tokenWasSeen(reading, who: who)
            let plan: CommissionPlan
            do throws(StationError) {
                plan = try self.plan(run.order, run.takeWays(), reading, atr: session.atr)
                try checkProfile(plan, run.order, who)
            } catch {
                throw .station(error)
            }
            do throws(CardFault) {
                try session.clock.passPointOfNoReturn()
            } catch {
                throw .token(TokenError(.fault(error), "commission"))
            }
            try begin(plan, run, &session, ledger)
            return try carryOut(plan, run, &session, ledger)
        }
    }

    func cancelCommission(_ request: Station.CancelCommission, _ call: VarlinkCall) {
        let run = commissions.run(request.commission)
        run?.cancel()
        call.reply(with: Station.CommissionCancelled(running: run != nil))
    }

    func checkSeal(_ request: Station.CheckSeal, _ call: VarlinkCall) {
        call.reply(
            with: Station.SealChecked(
                here: book.hasSealed(
                    sha256: request.sha256, sequence: Int64(request.journalSequence),
                    head: request.journalHead)))
    }

    /// What can be said against it without a token.
    private func order(
        _ request: borrowing Station.Commission, _ who: Who, _ call: VarlinkCall
    ) throws(StationError) -> CommissionRun {
        let reader = request.reader
        guard call.caller.has(.commission) else {
            throw Words.commissionRefused(
                reader, "no-right", "You have not the right \"commission\"",
                next: "The right is given by name in agent.json5.")
        }
        let ways = request.ways
        guard !ways.isEmpty, Set(ways.map(\.form)).count == ways.count else {
            throw Words.commissionRefused(
                reader, "way-not-there", "No way of unblocking is named, or one twice",
                next: "Name each way once.")
        }
        guard let random = try? SecureRandom.bytes(8) else {
            throw Words.journal("no random numbers")
        }
        let order = CommissionOrder(
            id: "c-" + Hex.lower(random), reader: reader, serial: request.serial,
            technician: request.technician, name: request.name, title: request.title,
            wrongPINs: request.wrongPINs, challenges: request.challenges)
        return CommissionRun(order, ways, who: who, call: call)
    }

    private func begin(
        _ plan: CommissionPlan, _ run: CommissionRun, _ session: inout CardSession,
        _ ledger: Ledger
    ) throws(WorkError) {
        ledger.update { $0.step = "record" }
        session.clock.begin("record", budget: configuration.budgets.write)
        let begun = CommissionBegun(
            commission: run.id, reader: run.order.reader,
            token: TokenFacts(
                serial: plan.number, family: plan.reading.identity.family.rawValue,
                certificate: plan.proving.certificate.fingerprintSHA256,
                counters: Casework.Counters(plan.reading.counters)),
            technician: run.order.technician, ways: plan.ways.map(\.form.rawValue),
            mostWrongPINs: run.order.wrongPINs)
        do throws(CaseError) {
            try book.record(.commissionBegun(begun), case: nil, who: run.who)
        } catch {
            throw .station(Words.journal("\(error)"))
        }
    }

    private func carryOut(
        _ plan: CommissionPlan, _ run: CommissionRun, _ session: inout CardSession,
        _ ledger: Ledger
    ) throws(WorkError) -> Station.CommissionState {
        let bench = CommissionBench(self, plan, run, ledger)
        var stop: CommissionStop? = nil
        do throws(CommissionStop) {
            for (i, way) in plan.ways.enumerated() {
                try bench.block(&session, way)
                try bench.unblock(&session, way)
                try bench.prove(
                    &session, way,
                    signatures: i == plan.ways.count - 1 ? run.order.challenges : 1)
            }
        } catch {
            stop = error
        }
        session.powerDown()
        session.clock.end()
        var profile: Station.SealedProfile? = nil
        if stop == nil {
            do throws(CommissionStop) {
                profile = try seal(plan, run, bench.findings)
            } catch {
                stop = error
            }
        }
        let words = stop.map { Words.commissionEnded($0) } ?? Words.commissioned
        run.update {
            $0.outcome = stop?.outcome ?? .commissioned
            $0.reason = stop?.reason
            $0.times = bench.findings.times
            $0.profile = profile
            $0.message = words.message
            $0.next = words.next
        }
        guard stop == nil else { throw .station(.commissionEnded(run.result)) }
        return Station.CommissionState(run.result)
    }
}
