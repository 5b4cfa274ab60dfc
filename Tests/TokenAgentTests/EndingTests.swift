import APDU
import Casework
import Crypto
import Expectations
import Readers
import StationInterface
import System
import Testing
import Tokens
import VirtualToken

@testable import TokenAgent

/// How each ending of a restore stands in the record, and what everybody is told.
@Suite struct EndingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let ending: Ending
        var intended = false
        let outcome: Station.Result.Outcome
        let reason: String?
        var state: CaseState? = nil
        var testDescription: String { name }
    }

    private static let proven = proof(.shown)
    private static let disproven = proof(.contradicted)

    private static func proof(_ finding: Proof.Item.Finding) -> Proof? {
        guard let proving = try? Sample.proving() else { return nil }
        return Proof(
            isProven: finding == .shown, grade: finding == .shown ? .possession : .notShown,
            slot: proving.slot, algorithm: "P-256", certificate: proving.certificate,
            timing: nil, items: [Proof.Item("possession", finding, "…")])
    }

    private static func unblocked(_ proof: Proof?, _ isSame: Bool?) -> Ending {
        .unblocked(proof.map { .success($0) } ?? .failure(.noKey), isSameAfterReset: isSame)
    }

    private static let unknown = CaseState.unknown(["r-1"])
    private static let unproven = CaseState.unblockedUnproven("r-1")

    private static let endings: [Case] = [
        Case(
            name: "superseded", ending: .refused(.superseded), outcome: .refused,
            reason: "superseded", state: .open),
        Case(
            name: "expired", ending: .refused(.expired), outcome: .refused, reason: "expired",
            state: .open),
        Case(
            name: "cancelled", ending: .refused(.cancelled), outcome: .refused,
            reason: "cancelled", state: .open),
        Case(
            name: "reader busy",
            ending: .unopened(Words.reader(.busy(activity: "inspect"), "r")), outcome: .failed,
            reason: "reader-busy", state: .failed),
        Case(
            name: "token changed", ending: .tokenChanged(["certificate"]), outcome: .refused,
            reason: "token-changed", state: .open),
        Case(
            name: "pulled before the code", ending: .gaveUp(.fault(.removed), "read"),
            outcome: .failed, reason: "token-removed", state: .failed),
        Case(
            name: "reset before the code", ending: .gaveUp(.fault(.reset), "read"),
            outcome: .failed, reason: "token-disturbed", state: .failed),
        Case(
            name: "disturbed before the code",
            ending: .gaveUp(.disturbed(.instructionNotSupported), "read"), outcome: .failed,
            reason: "token-disturbed", state: .failed),
        Case(
            name: "mute before the code", ending: .gaveUp(.fault(.mute), "read"),
            outcome: .failed, reason: "token-mute", state: .failed),
        Case(
            name: "cancelled before the code", ending: .gaveUp(.fault(.cancelled), "read"),
            outcome: .refused, reason: "cancelled", state: .open),
        Case(
            name: "malformed before the code", ending: .gaveUp(.malformed, "read"),
            outcome: .failed, reason: "token-fault", state: .failed),
        Case(
            name: "no memory", ending: .gaveUp(.noLockedMemory, "read"), outcome: .failed,
            reason: "no-locked-memory", state: .failed),
        Case(
            name: "given up after the intent", ending: .gaveUp(.fault(.mute), "unblock"),
            intended: true, outcome: .unknown, reason: "answer-lost", state: unknown),
        Case(
            name: "pulled with the code on its way", ending: .lost(.fault(.removed)),
            intended: true, outcome: .unknown, reason: "answer-lost", state: unknown),
        Case(
            name: "reset with the code on its way", ending: .lost(.fault(.reset)),
            intended: true, outcome: .unknown, reason: "answer-lost", state: unknown),
        Case(
            name: "wrong code", ending: .refusedCode(.wrong(left: 2)), intended: true,
            outcome: .failed, reason: "wrong-unblocking-code", state: .failed),
        Case(
            name: "wrong code without a count", ending: .refusedCode(.wrong(left: nil)),
            intended: true, outcome: .failed, reason: "wrong-unblocking-code", state: .failed),
        Case(
            name: "blocked", ending: .refusedCode(.blocked), intended: true, outcome: .failed,
            reason: "unblocking-code-blocked", state: .failed),
        Case(
            name: "form disliked", ending: .refusedCode(.unfit(.incorrectData)),
            intended: true, outcome: .failed, reason: "refused-by-token", state: .failed),
        Case(
            name: "not allowed", ending: .refusedCode(.refused(.conditionsNotSatisfied)),
            intended: true, outcome: .failed, reason: "refused-by-token", state: .failed),
        Case(
            name: "another applet had the code", ending: .disturbed, intended: true,
            outcome: .failed, reason: "token-disturbed", state: .failed),
        Case(
            name: "restored", ending: unblocked(proven, true), intended: true,
            outcome: .restored, reason: nil, state: .restored),
        Case(
            name: "restored, not seen afterwards", ending: unblocked(proven, nil),
            intended: true, outcome: .restored, reason: nil, state: .restored),
        Case(
            name: "another token after the reset", ending: unblocked(proven, false),
            intended: true, outcome: .unblockedUnproven, reason: "token-changed-after-reset",
            state: unproven),
        Case(
            name: "bad signature", ending: unblocked(disproven, true), intended: true,
            outcome: .unblockedUnproven, reason: "signature-invalid", state: unproven),
        Case(
            name: "no key", ending: .unblocked(.failure(.noKey), isSameAfterReset: true),
            intended: true, outcome: .unblockedUnproven, reason: "no-proving-key",
            state: unproven),
        Case(
            name: "new PIN not taken",
            ending: .unblocked(.failure(.pinNotTaken), isSameAfterReset: true), intended: true,
            outcome: .unblockedUnproven, reason: "pin-not-taken", state: unproven),
        Case(
            name: "pulled before the proof",
            ending: .unblocked(.failure(.token(.fault(.removed))), isSameAfterReset: nil),
            intended: true, outcome: .unblockedUnproven, reason: "token-removed",
            state: unproven),
        Case(
            name: "mute during the proof",
            ending: .unblocked(.failure(.token(.fault(.deadline))), isSameAfterReset: nil),
            intended: true, outcome: .unblockedUnproven, reason: "token-mute", state: unproven),
        Case(
            name: "no signature",
            ending: .unblocked(.failure(.token(.malformed)), isSameAfterReset: nil),
            intended: true, outcome: .unblockedUnproven, reason: "token-fault",
            state: unproven),
        Case(
            name: "no random numbers",
            ending: .unblocked(.failure(.noChallenge), isSameAfterReset: true), intended: true,
            outcome: .unblockedUnproven, reason: "no-challenge", state: unproven),
    ]

    @Test(arguments: endings)
    func anEndingIsJudgedRecordedAndTold(_ table: Case) throws {
        let bench = try Bench()
        let run = try bench.begin(try Sample.reading(of: Sample.card()))
        if table.intended { try bench.intend(run) }
        #expect(run.claimEnding())
        // Nobody ends it a second time.
        #expect(!run.claimEnding())
        bench.agent.conclude(run, table.ending)
        let result = run.result
        #expect(run.phase == .finished && result.state == .finished)
        #expect(result.outcome == table.outcome)
        #expect(result.reason == table.reason)
        #expect(result.message.hasSuffix(".") && result.next.hasSuffix("."))
        #expect(bench.state(run) == table.state)
        // The receipt is the journal's head.
        let head = bench.agent.book.journal.head
        #expect(result.journalHead == head.hash)
        #expect(result.journalSequence.map(Int64.init) == head.sequence)
        #expect(!run.claimEnding())
        #expect(bench.agent.restores.running.isEmpty)
    }

    @Test func aWrongCodesCountIsRememberedForTokensThatHideIt() throws {
        let bench = try Bench()
        let reading = Sample.reading(
            pin: Tokens.Counter(.known(0)), unblocking: .unknown(.notShown))
        let run = try bench.begin(reading)
        try bench.intend(run)
        #expect(run.claimEnding())
        bench.agent.conclude(run, .refusedCode(.wrong(left: 2)))
        let ledger = bench.agent.book.ledger(of: TokenName(serial: "12345678", family: "piv"))
        #expect(ledger.unblocking("puk").triesLeft(shown: .unknown) == .left(2))
        #expect(!ledger.unblocking("puk").maySendOnUnknown)
        #expect(bench.agent.assess(reading).reasons.contains(.unblockingCountUnknown) == false)
    }

    @Test func nothingWasSentIsNeverSaidOnceAnIntentIsOnRecord() throws {
        let bench = try Bench()
        let run = try bench.begin(try Sample.reading(of: Sample.card()))
        try bench.intend(run)
        #expect(run.claimEnding())
        bench.agent.conclude(run, .refused(.cancelled))
        #expect(run.result.outcome == .unknown)
    }

    @Test func aCountFromBeforeIsNotTakenForTheAnswers() throws {
        let bench = try Bench()
        let run = try bench.begin(try Sample.reading(of: Sample.card()))
        try bench.intend(run)
        #expect(run.claimEnding())
        let ledger = Ledger()
        ledger.update {
            $0.unblockingSpent = .noneOrOne
            $0.unblockingLeft = 3
        }
        bench.agent.conclude(run, .refusedCode(.refused(StatusWord(0x69, 0x85))), ledger)
        #expect(run.result.unblockingSpent == Station.Spent(least: 0, most: 1))
    }

    // MARK: A permit

    @Test func aPermitThatIsBeingEndedCannotBeUsed() throws {
        let bench = try Bench()
        let run = try bench.begin(try Sample.reading(of: Sample.card()))
        #expect(run.claimEnding())
        let clock = StepClock(timekeeper: bench.agent.hub.timekeeper)
        #expect(throws: StationError.self) { try run.start(clock, follower: nil) }
        #expect(run.phase == .permitted)
    }

    @Test func aPermitIsUsedOnce() throws {
        let bench = try Bench()
        let run = try bench.begin(try Sample.reading(of: Sample.card()))
        let clock = StepClock(timekeeper: bench.agent.hub.timekeeper)
        #expect(bench.agent.restores.permitted(of: run.permit.caseID).count == 1)
        try run.start(clock, follower: nil)
        #expect(run.phase == .running && run.result.state == .running)
        #expect(bench.agent.restores.permitted(of: run.permit.caseID).isEmpty)
        let again = caught(StationError.self) { try run.start(clock, follower: nil) }
        #expect(again?.kind == .permitInvalid && again?.reason == "running")
        #expect(run.claimEnding())
        bench.agent.conclude(run, .gaveUp(.fault(.removed), "read"))
        let used = caught(StationError.self) { try run.start(clock, follower: nil) }
        #expect(used?.reason == "used")
    }

    @Test func namesOfRestoresAreUnlikeAndHardToGuess() throws {
        let names = try (0..<100).map { _ in try RestoreDesk.newID() }
        #expect(Set(names).count == 100)
        #expect(names.allSatisfy { $0.count == 18 && $0.hasPrefix("r-") })
    }

    /// Ended restores are forgotten in time; those that are not ended never are.
    @Test func theDeskForgetsOnlyWhatIsOver() throws {
        let bench = try Bench()
        let reading = try Sample.reading(of: Sample.card())
        let first = try bench.begin(reading, restore: "r-first")
        let desk = RestoreDesk()
        desk.add(first)
        for number in 0..<300 {
            let permit = Permit(
                restore: "r-\(number)", caseID: first.permit.caseID, reader: "r", insertion: 1,
                deviceNumber: "1", reading: reading, way: first.permit.way,
                expires: .now, expiresAt: first.permit.expiresAt)
            let run = RestoreRun(permit, who: bench.who)
            run.end(run.result, nil)
            desk.add(run)
        }
        #expect(desk.run("r-first") === first)
        #expect(desk.run("r-0") == nil)
        #expect(desk.run("r-299") != nil)
        #expect(desk.all.count == 256)
    }
}
