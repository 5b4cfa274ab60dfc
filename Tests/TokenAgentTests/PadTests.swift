import APDU
import Casework
import Secrets
import StationInterface
import Synchronization
import System
import Testing
import Tokens

@testable import Readers
@testable import TokenAgent
@testable import VirtualToken

/// Restores and key checks whose codes are entered at the reader's pad: the codes are typed into
/// the simulated reader, and the agent has none to lose.
@Suite struct PadTests {
    private static let puk = "24681357"

    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        /// What is typed, entry after entry; nil: nobody types, and the pad's time is over.
        let typed: [[String]?]
        let outcome: Station.Result.Outcome
        let reason: String?
        /// Tries of unblocking code and PIN that were spent.
        var spent = (0, 0)
        /// What the holder was asked for.
        var asked: [Station.AtPad.Codes] = [.unblockingCodeAndNewPIN]
        var testDescription: String { name }
    }

    @Test(arguments: [
        Row(
            name: "restored", typed: [[puk, "482913", "482913"], ["482913"]], outcome: .restored,
            reason: nil, asked: [.unblockingCodeAndNewPIN, .pin]),
        Row(
            name: "wrong unblocking code", typed: [["87654321", "482913", "482913"]],
            outcome: .failed, reason: "wrong-unblocking-code", spent: (1, 0)),
        Row(name: "nobody types", typed: [nil], outcome: .failed, reason: "pad-timed-out"),
        Row(name: "cancelled", typed: [["cancel"]], outcome: .failed, reason: "pad-cancelled"),
        Row(
            name: "new PINs differ", typed: [[puk, "482913", "482914"]], outcome: .failed,
            reason: "pad-entries-differ"),
        Row(
            name: "too short", typed: [[puk, "4829", "4829"]], outcome: .failed,
            reason: "pad-wrong-length"),
        Row(
            name: "no PIN for the key check", typed: [[puk, "482913", "482913"], nil],
            outcome: .unblockedUnproven, reason: "pin-not-entered",
            asked: [.unblockingCodeAndNewPIN, .pin]),
        Row(
            name: "another PIN for the key check",
            typed: [[puk, "482913", "482913"], ["482914"]], outcome: .unblockedUnproven,
            reason: "pin-not-taken", spent: (0, 1), asked: [.unblockingCodeAndNewPIN, .pin]),
    ])
    func aRestoreAtThePadEndsAsItWasTyped(_ row: Row) throws {
        let bench = try Bench()
        let link = PadLink(try Sample.card { $0.puk = PadTests.puk }, typed: row.typed)
        let run = try bench.begin(try bench.read(link))
        let clock = bench.clock()
        try run.start(clock, follower: nil)
        let asked = Mutex<[Station.AtPad?]>([])
        link.onEntry = { asked.withLock { $0.append(run.result.atPad) } }
        let ledger = Ledger()
        let codes = CodeSupply.message(
            Codes(Station.Unblock(atPadFor: run.permit.restore)))
        var session = link.session(clock)
        let ending = bench.agent.restoreBody(&session, run, codes, false, ledger)
        session.powerDown()
        bench.agent.conclude(run, ending, ledger, clock.steps)

        let result = run.result
        #expect(result.outcome == row.outcome && result.reason == row.reason)
        #expect(result.unblockingSpent == Station.Spent(least: row.spent.0, most: row.spent.0))
        #expect(result.pinSpent == Station.Spent(least: row.spent.1, most: row.spent.1))
        #expect(result.atPad == nil)
        #expect(asked.withLock { $0.map { $0?.codes } } == row.asked)
        #expect(asked.withLock { $0.map { $0?.seconds } } == row.asked.map { $0 == .pin ? 30 : 90 })
        let journal = try bench.journalText()
        #expect(journal.contains("\"restore.intent\"") && journal.contains("\"atPad\":true"))
        for codes in row.typed.compactMap({ $0 }) {
            // Four digits stand in many a hash.
            for code in codes where code != "cancel" && code.utf8.count >= 6 {
                #expect(!journal.contains(code))
            }
        }
    }

    @Test(
        arguments: [
            (["123456"], nil, 0), (["654321"], .wrongPIN, 1), (nil, .pinNotEntered, 0),
            (["cancel"], .pinNotEntered, 0), (["12"], .pinNotEntered, 0),
        ] as [([String]?, StationError.Kind?, Int)])
    func aKeyCheckAtThePadEndsAsItWasTyped(
        _ typed: [String]?, _ error: StationError.Kind?, _ spent: Int
    ) throws {
        let bench = try Bench()
        let link = PadLink(try Sample.card { $0.isLocked = false }, typed: [typed])
        var session = link.session(bench.clock())
        let ledger = Ledger()
        do throws(WorkError) {
            let checked = try bench.agent.check(
                &session, KeyCheckOrder(reader: "r", challenges: 1, who: bench.who), nil, ledger
            ).answer
            #expect(error == nil && checked.verdict.proven)
        } catch let failure {
            guard case .station(let told) = failure else {
                Issue.record("\(failure)")
                return
            }
            #expect(told.kind == error)
        }
        #expect(ledger.now.pinSpent == Tokens.Spent(spent, spent))
        #expect(try bench.journalText().contains("\"atPad\":true"))
    }

    struct Pad: Sendable {
        let support: CCIDPINSupport
        var yubico = true
        let verifies: Bool
        let unblocks: Bool
    }

    /// Where the pad cannot, nothing is sent and nothing is on record.
    @Test(arguments: [
        Pad(support: [.verify, .modify], verifies: true, unblocks: true),
        // PUK and PIN of the standard differ in length.
        Pad(support: [.verify, .modify], yubico: false, verifies: true, unblocks: false),
        Pad(support: [.verify], verifies: true, unblocks: false),
        Pad(support: [.modify], verifies: false, unblocks: false),
        Pad(support: [], verifies: false, unblocks: false),
    ])
    func whatThePadCannotIsRefusedBeforeAnythingIsSent(_ pad: Pad) throws {
        let bench = try Bench()
        let link = PadLink(
            try Sample.card(yubico: pad.yubico), typed: [["cancel"]], support: pad.support)
        let reading = try bench.read(link)
        let told = Station.Pad(reading.pad, .seconds(30))
        #expect(
            told
                == (pad.verifies
                    ? Station.Pad(verify: true, unblock: pad.unblocks, seconds: 30) : nil))
        let run = try bench.begin(reading)
        let clock = bench.clock()
        var session = link.session(clock)
        let codes = CodeSupply.message(
            Codes(Station.Unblock(atPadFor: run.permit.restore)))
        let ending = bench.agent.restoreBody(&session, run, codes, false, Ledger())
        if pad.unblocks {
            guard case .notEntered(.cancelled) = ending else {
                Issue.record("\(ending)")
                return
            }
        } else {
            guard case .unopened(let error) = ending else {
                Issue.record("\(ending)")
                return
            }
            #expect(error.kind == .padUnusable)
            #expect(link.entries == 0)
            #expect(try !bench.journalText().contains("restore.intent"))
        }
    }

    /// A PIN with one try left is not asked for, at the pad no more than elsewhere.
    @Test func theLastTryIsKeptAtThePadToo() throws {
        let bench = try Bench()
        let link = PadLink(try Sample.card { $0.isLocked = false }, typed: [["123456"]])
        link.wrongPINs(2)
        var session = link.session(bench.clock())
        do throws(WorkError) {
            _ = try bench.agent.check(
                &session, KeyCheckOrder(reader: "r", who: bench.who), nil, Ledger())
            Issue.record("a try was spent")
        } catch {
            guard case .station(let told) = error else { return }
            #expect(told.kind == .pinLastTry)
        }
        #expect(link.entries == 0)
    }
}

extension Bench {
    func clock() -> StepClock { StepClock(timekeeper: agent.hub.timekeeper) }

    fileprivate func read(_ link: PadLink) throws -> Reading {
        var session = link.session(clock())
        let reading = try Reading.take(&session, querySafety: { _ in true })
        return reading.at(TokenAgent.readPad(&session))
    }

    func journalText() throws -> String {
        String(
            decoding: try File.contents(
                of: folder.path + "/" + JournalFormat.fileName, limit: 1 << 20), as: UTF8.self)
    }
}

/// A simulated token in a reader with a pad. Used by one thread.
private final class PadLink: CardLink {
    private var token: SimulatedToken
    private var typed: [[String]?]
    private let support: CCIDPINSupport
    private(set) var entries = 0
    var onEntry: () -> Void = {}

    init(
        _ card: PIVCard, typed: [[String]?], support: CCIDPINSupport = [.verify, .modify]
    ) {
        token = SimulatedToken(card)
        token.powerOn()
        self.typed = typed
        self.support = support
    }

    func session(_ clock: StepClock) -> CardSession {
        CardSession(reader: "r", insertion: 1, clock: clock, card: powered, link: self)
    }

    /// So many wrong PINs before the test begins.
    func wrongPINs(_ count: Int) {
        let select: [UInt8] = [0, 0xA4, 4, 0, 5, 0xA0, 0, 0, 3, 8, 0]
        _ = answer(select)
        for _ in 0..<count {
            _ = answer([0, 0x20, 0, 0x80, 8] + Array("999999".utf8) + [0xFF, 0xFF])
        }
        token.powerOn()
    }

    private var powered: PoweredCard {
        PoweredCard(atr: [0x3B, 0x80, 0x80, 0x01, 0x01], protocolName: "T=1", takesExtended: false)
    }

    private func answer(_ command: [UInt8]) -> [UInt8] {
        guard case .answer(let bytes, _) = token.exchange(command) else { return [0x6F, 0x00] }
        return bytes
    }

    func open(mark: UInt64, limit: CallLimit) throws(ReaderError) -> PoweredCard { powered }

    func transmit(
        _ command: UnsafeRawBufferPointer, limit: CallLimit, into response: inout ResponseBuffer
    ) throws(CardFault) {
        response.clear()
        _ = answer(Array(command)).withUnsafeBytes { response.append(contentsOf: $0) }
    }

    func readPad() throws(CardFault) -> PINPad { PINPad(support: support) }

    func enterAtPad(
        _ operation: PINPadOperation, _ entry: PINEntry, limit: CallLimit
    ) throws(CardFault) -> PINPadOutcome {
        entries += 1
        onEntry()
        guard !typed.isEmpty, let codes = typed.removeFirst() else { return .timedOut }
        if codes == ["cancel"] { return .cancelled }
        guard let pad = try? SecureEntry(parsing: operation.ccid(entry)) else {
            return .structureRefused
        }
        guard codes.allSatisfy({ pad.lengths.contains($0.utf8.count) }) else { return .wrongLength }
        if codes.count == 3, codes[1] != codes[2] { return .newPINsDiffer }
        guard let command = pad.command(codes) else { return .structureRefused }
        let status = answer(command).withUnsafeBytes { try? StatusWord(endOf: $0) }
        return .answered(status ?? .executionError)
    }

    func askStatus(limit: CallLimit) throws(CardFault) {}

    func resetCold(limit: CallLimit) throws(CardFault) -> PoweredCard {
        token.powerOn()
        return powered
    }

    func close() {}
    var hasLostCard: Bool { false }
    func renew() {}
}
