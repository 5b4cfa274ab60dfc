import Casework
import Crypto
import StationInterface
import Testing
import Tokens
import VirtualToken

@testable import TokenAgent

/// What can be done for a token, and what its counters say about a lost answer.
@Suite struct AssessmentTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let pin: Tokens.Counter
        let unblocking: Tokens.Counter
        var serial: String? = "1"
        var hasKey = true
        var now: Int64? = Sample.now
        var last: Int? = nil
        let locked: Bool?
        let help: Assessment.Help
        let reasons: [Assessment.Reason]
        var testDescription: String { name }
    }

    private static let none = Tokens.Counter(.known(0))
    private static let three = Tokens.Counter(.known(3))
    private static let one = Tokens.Counter(.known(1))

    private static let tokens: [Case] = [
        Case(
            name: "locked", pin: none, unblocking: three, locked: true, help: .possible,
            reasons: []),
        Case(
            name: "not locked", pin: one, unblocking: three, locked: false, help: .notLocked,
            reasons: [.notLocked]),
        Case(
            name: "both blocked", pin: none, unblocking: none, locked: true, help: .impossible,
            reasons: [.unblockingCodeBlocked]),
        Case(
            name: "not locked and no unblocking code", pin: three, unblocking: none,
            locked: false, help: .impossible, reasons: [.unblockingCodeBlocked]),
        Case(
            name: "last try", pin: none, unblocking: one, locked: true, help: .possible,
            reasons: [.lastTry]),
        Case(
            name: "unblocking count hidden", pin: none, unblocking: .unknown(.notShown),
            locked: true, help: .possible, reasons: [.unblockingCountUnknown]),
        Case(
            name: "hidden, and told by an earlier answer", pin: none,
            unblocking: .unknown(.notShown), last: 1, locked: true, help: .possible,
            reasons: [.lastTry]),
        Case(
            name: "hidden, and blocked by an earlier answer", pin: none,
            unblocking: .unknown(.notShown), last: 0, locked: true, help: .impossible,
            reasons: [.unblockingCodeBlocked]),
        Case(
            name: "what the token shows counts more", pin: none, unblocking: three, last: 0,
            locked: true, help: .possible, reasons: []),
        Case(
            name: "verified", pin: .unknown(.verified), unblocking: three, locked: nil,
            help: .possible, reasons: [.pinCountUnknown]),
        Case(
            name: "odd answer", pin: .unknown(.oddAnswer), unblocking: three, locked: nil,
            help: .possible, reasons: [.statusQueryUnsafe]),
        Case(
            name: "not asked", pin: .unknown(.queryUnsafe), unblocking: three, locked: nil,
            help: .possible, reasons: [.statusQueryUnsafe]),
        Case(
            name: "expired", pin: none, unblocking: three, now: Sample.now + 11, locked: true,
            help: .impossible, reasons: [.certificateExpired]),
        Case(
            name: "on its last second", pin: none, unblocking: three, now: Sample.now + 10,
            locked: true, help: .possible, reasons: []),
        Case(
            name: "dates unknown", pin: none, unblocking: three, now: nil, locked: true,
            help: .possible, reasons: []),
        Case(
            name: "no key", pin: none, unblocking: three, hasKey: false, locked: true,
            help: .possible, reasons: [.noProvingKey]),
        Case(
            name: "no number at all", pin: none, unblocking: three, serial: nil, hasKey: false,
            locked: true, help: .impossible, reasons: [.notIdentifiable, .noProvingKey]),
    ]

    @Test(arguments: tokens)
    func aTokenIsAssessedBeforeAnybodyIsAskedForACode(_ table: Case) throws {
        let reading = Sample.reading(
            pin: table.pin, unblocking: table.unblocking, serial: table.serial,
            proving: table.hasKey ? try Sample.proving() : nil)
        let assessment = Assessment(reading, now: table.now, lastUnblockingCount: table.last)
        #expect(assessment.locked == table.locked)
        #expect(assessment.help == table.help)
        #expect(assessment.reasons == table.reasons)
        #expect(!Words.advice(assessment).isEmpty)
    }

    @Test(arguments: [false, true])
    func aLockedTokenOfEitherKindCanBeHelped(_ yubico: Bool) throws {
        let reading = try Sample.reading(of: Sample.card(yubico: yubico))
        let assessment = Assessment(reading, now: Sample.now)
        #expect(assessment.help == .possible && assessment.locked == true)
        #expect(assessment.reasons == (yubico ? [] : [.unblockingCountUnknown]))
        #expect(reading.proving?.slot.rawValue == "9c")
        #expect(reading.traits?.wantsPINEachTime == true)
        let token = Station.Token(
            reading, assessment, reader: "r", insertion: 3, padTime: .seconds(30))
        #expect(token.help == .possible && token.insertion == 3)
        #expect(token.pin.left == 0 && token.unblockingCode.left == (yubico ? 3 : nil))
        #expect(token.pinRule.characters == (yubico ? .printable : .digits))
        #expect(token.certificates.map(\.slot) == ["9a", "9c"])
        #expect(token.certificates.first?.commonName == "Nguyễn Thị Ánh")
    }

    // MARK: What became of a code whose answer was lost

    struct Lost: Sendable, CustomTestStringConvertible {
        let before: (Int?, Int?)
        let after: (Int?, Int?)
        let outcome: RestoreOutcome?
        var spent: TriesSpent? = nil
        var testDescription: String { "\(before) -> \(after)" }
    }

    private static func counter(_ left: Int?) -> Tokens.Counter {
        left.map { Tokens.Counter(.known($0)) } ?? .unknown(.notShown)
    }

    @Test(arguments: [
        // The PIN has its tries back: only the right code does that.
        Lost(before: (0, 3), after: (3, 3), outcome: .unblockedUnproven, spent: .exactly(0)),
        Lost(before: (0, nil), after: (3, nil), outcome: .unblockedUnproven, spent: .exactly(0)),
        Lost(before: (0, 2), after: (1, 3), outcome: .unblockedUnproven, spent: .exactly(0)),
        // The unblocking code lost a try.
        Lost(before: (0, 3), after: (0, 2), outcome: .failed, spent: .exactly(1)),
        Lost(before: (0, 1), after: (0, 0), outcome: .failed, spent: .exactly(1)),
        Lost(before: (2, 3), after: (2, 2), outcome: .failed, spent: .exactly(1)),
        // It never arrived.
        Lost(before: (0, 3), after: (0, 3), outcome: .failed, spent: .exactly(0)),
        // Still locked, and the token hides why.
        Lost(before: (0, nil), after: (0, nil), outcome: .failed, spent: .between(0, 1)),
        // Nothing can be told.
        Lost(before: (2, 3), after: (3, 3), outcome: nil),
        Lost(before: (2, nil), after: (3, nil), outcome: nil),
        Lost(before: (0, nil), after: (nil, nil), outcome: nil),
        Lost(before: (nil, nil), after: (nil, nil), outcome: nil),
        Lost(before: (nil, nil), after: (3, nil), outcome: nil),
    ])
    func theCountersTellWhatBecameOfALostAnswer(_ lost: Lost) throws {
        let bench = try Bench()
        let before = Sample.reading(
            pin: Self.counter(lost.before.0), unblocking: Self.counter(lost.before.1))
        let run = try bench.begin(before)
        try bench.intend(run)
        #expect(run.claimEnding())
        bench.agent.conclude(run, .lost(.fault(.removed)))
        #expect(bench.state(run) == .unknown(["r-1"]))
        let record = try #require(bench.agent.book.unresolved(serial: "12345678").first)
        let after = Sample.reading(
            pin: Self.counter(lost.after.0), unblocking: Self.counter(lost.after.1))
        let end = Resolution.of(record, after)
        #expect(end?.outcome == lost.outcome)
        #expect(end?.triesSpent == lost.spent)

        // Another token says nothing about it; this one resolves it, once.
        bench.agent.tokenWasSeen(
            Sample.reading(pin: Self.counter(3), unblocking: Self.counter(3), serial: "7"),
            who: bench.who)
        #expect(bench.agent.book.unresolved().count == 1)
        bench.agent.tokenWasSeen(after, who: bench.who)
        #expect(bench.agent.book.unresolved().count == (lost.outcome == nil ? 1 : 0))
    }

    @Test func anOddAnswerIsRememberedForThatTokenAlone() throws {
        let bench = try Bench()
        let odd = Sample.reading(pin: .unknown(.oddAnswer), unblocking: Self.counter(nil))
        #expect(bench.agent.querySafety(TokenName(serial: "12345678", family: "piv")))
        bench.agent.tokenWasSeen(odd, who: bench.who)
        #expect(!bench.agent.querySafety(TokenName(serial: "12345678", family: "piv")))
        #expect(bench.agent.querySafety(TokenName(serial: "7", family: "piv")))
        // What cannot be remembered for a token is not asked of it.
        #expect(!bench.agent.querySafety(nil))
    }
}
