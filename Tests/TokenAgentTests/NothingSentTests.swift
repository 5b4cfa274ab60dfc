import APDU
import Casework
import Secrets
import StationInterface
import System
import Testing
import Tokens

@testable import Readers
@testable import TokenAgent
@testable import VirtualToken

/// A procedure that ends before its code went out says so, though its intent is on record: the
/// clock counts what it admits.
@Suite struct NothingSentTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let model: String
        let key: String
        var code = "24681357"
        /// From when the codes are there.
        var fault: String? = nil
        let reason: String
        var testDescription: String { name }
    }

    private static let adminKey = "1A2B3C4D5E6F70811A2B3C4D5E6F70811A2B3C4D5E6F7081"

    /// What comes before the code in the same step, or the code itself, cannot be.
    @Test(arguments: [
        Row(
            name: "a PUK that is too long", model: "piv", key: "9a=p256", code: "246813579",
            reason: "token-fault"),
        Row(
            name: "an administrator's key that is none", model: "gids", key: "ksc=p256",
            code: "12", reason: "token-fault"),
        Row(
            name: "pulled while the key is named", model: "gids", key: "ksc=p256",
            code: adminKey, fault: "ins=22,kind=pull-before", reason: "token-removed"),
        Row(
            name: "silent while the key is named", model: "gids", key: "ksc=p256",
            code: adminKey, fault: "ins=22,kind=mute", reason: "token-mute"),
        Row(
            name: "the key is not named", model: "gids", key: "ksc=p256", code: adminKey,
            fault: "ins=22,kind=sw:6A88", reason: "token-fault"),
        Row(
            name: "reset at the challenge", model: "gids", key: "ksc=p256", code: adminKey,
            fault: "ins=87,kind=reset", reason: "token-disturbed"),
        Row(
            name: "the challenge is noise", model: "gids", key: "ksc=p256", code: adminKey,
            fault: "ins=87,kind=garble", reason: "token-fault"),
    ])
    func aRestoreFailsAndSpentNothing(_ row: Row) throws {
        let bench = try Bench()
        let link = FaultyLink(try Self.card(row, isLocked: true))
        let run = try bench.begin(try Self.read(link, bench))
        let clock = bench.clock()
        try run.start(clock, follower: nil)
        if let fault = row.fault { link.token.arm(try Fault(parsing: fault)) }
        let ledger = Ledger()
        var session = link.session(clock)
        let codes = CodeSupply.message(
            Codes(
                Station.Unblock(
                    restore: run.permit.restore, unblockingCode: try Self.secret(row.code),
                    newPIN: try Self.secret("482913"))))
        let ending = bench.agent.restoreBody(&session, run, codes, false, ledger)
        session.powerDown()
        bench.agent.conclude(run, ending, ledger, clock.steps)

        #expect(run.result.outcome == .failed && run.result.reason == row.reason)
        #expect(run.result.step == "unblock")
        #expect(run.result.unblockingSpent == Station.Spent(least: 0, most: 0))
        #expect(run.result.pinSpent == Station.Spent(least: 0, most: 0))
        #expect(link.token.card.counters.allSatisfy { $0.spent == 0 })
        #expect(try bench.journalText().contains("\"restore.intent\""))
        #expect(bench.state(run) == .failed)
        // Nothing is held against the next one.
        let known = bench.agent.book.ledger(
            of: TokenName(
                serial: run.permit.deviceNumber,
                family: run.permit.reading.identity.family.rawValue))
        #expect(known.unblocking(run.permit.form.code.rawValue).maySendOnUnknown)
    }

    /// Past the hard cap, too.
    @Test(arguments: [(0, Station.Result.Outcome.failed), (1, .unknown)])
    func theClockKnowsWhetherACodeWentOut(
        _ sent: Int, _ outcome: Station.Result.Outcome
    ) throws {
        let bench = try Bench()
        let link = FaultyLink(
            try Self.card(
                Row(name: "", model: "gids", key: "ksc=p256", reason: ""), isLocked: true))
        let run = try bench.begin(try Self.read(link, bench))
        let clock = bench.clock()
        try run.start(clock, follower: nil)
        try bench.intend(run)
        let ledger = Ledger()
        var session = link.session(clock)
        clock.begin("unblock", budget: .seconds(9), writes: true)
        ledger.update {
            $0.step = "unblock"
            $0.unblockingSpent = .noneOrOne
        }
        var response = ResponseBuffer()
        for _ in 0..<sent {
            try [UInt8](arrayLiteral: 0, 0x2C, 0, 0x80).withUnsafeBytes {
                try session.transmit($0, writes: true, into: &response)
            }
        }
        let step = try #require(clock.steps.last)
        #expect(step.sent == sent)
        try bench.agent.clerk.start()
        bench.agent.giveUp(run, step, ledger)
        bench.agent.clerk.close(by: .now + .seconds(60))
        #expect(run.result.outcome == outcome)
        #expect(run.result.unblockingSpent == Station.Spent(least: 0, most: sent))
    }

    /// The PIN's own folder is selected before it is sent.
    @Test func aKeyCheckThatEndsBeforeThePINSpentNothing() throws {
        let bench = try Bench()
        let row = Row(name: "", model: "pkcs15", key: "1=p256", reason: "")
        let clean = FaultyLink(try Self.card(row, isLocked: false))
        try #require(Self.check(clean, bench, Ledger()) == nil)
        let verify = try #require(
            clean.token.log.firstIndex { $0.header.ins == 0x20 && $0.dataLength > 0 })
        #expect(clean.token.log[verify - 1].header.ins == 0xA4)

        for (place, kind, spent) in [
            (verify, "pull-during", Spent.none), (verify, "sw:6F00", .none),
            (verify + 1, "pull-during", .noneOrOne), (verify + 1, "sw:6F00", .none),
            (verify + 1, "mute", .noneOrOne),
        ] {
            let link = FaultyLink(try Self.card(row, isLocked: false))
            link.token.arm(try Fault(parsing: "apdu=\(place),kind=\(kind)"))
            let ledger = Ledger()
            #expect(Self.check(link, bench, ledger) != nil)
            #expect(ledger.now.pinSpentInAll == spent, "\(kind) at \(place)")
        }
    }

    // MARK: -

    /// - Returns: why there was nothing to judge.
    private static func check(
        _ link: FaultyLink, _ bench: Bench, _ ledger: Ledger
    ) -> WorkError? {
        var session = link.session(bench.clock())
        do throws(WorkError) {
            let pin = try? HeldSecret(secret("123456"))
            _ = try bench.agent.check(
                &session, KeyCheckOrder(reader: "r", challenges: 1, who: bench.who), pin, ledger)
            return nil
        } catch {
            return error
        }
    }

    private static func card(_ row: Row, isLocked: Bool) throws -> any SimulatedCard {
        var recipe = try TokenModel.named(row.model).recipe()
        var words = ["--key": row.key]
        if row.model == "piv" { words["--puk"] = "24681357" }
        if row.model == "gids" { words["--admin"] = adminKey }
        for (option, value) in words {
            _ = try recipe.set(option) { () throws(VirtualTokenError) in value }
        }
        var card = try recipe.make(
            now: Sample.now, authority: Personalisation.authority(now: Sample.now))
        if isLocked { card.block() }
        return card
    }

    private static func read(_ link: FaultyLink, _ bench: Bench) throws -> Reading {
        var session = link.session(bench.clock())
        let form: UnblockingForm? = link.token.card is GIDSCard ? .adminKey : nil
        return try Reading.take(&session, by: form, querySafety: { _ in true })
    }

    private static func secret(_ text: String) throws -> Secret {
        var buffer = try LockedBuffer(capacity: text.utf8.count)
        for byte in text.utf8 { _ = buffer.append(byte) }
        return try Secret(buffer)
    }
}

/// A simulated token with its faults. Used by one thread.
private final class FaultyLink: CardLink {
    var token: SimulatedToken
    private var isGone = false

    init(_ card: any SimulatedCard) {
        token = SimulatedToken(card)
        token.powerOn()
    }

    func session(_ clock: StepClock) -> CardSession {
        token.powerOn()
        return CardSession(reader: "r", insertion: 1, clock: clock, card: powered, link: self)
    }

    private var powered: PoweredCard {
        PoweredCard(atr: [0x3B, 0x80, 0x80, 0x01, 0x01], protocolName: "T=1", takesExtended: false)
    }

    func open(mark: UInt64, limit: CallLimit) throws(ReaderError) -> PoweredCard { powered }

    func transmit(
        _ command: UnsafeRawBufferPointer, limit: CallLimit, into response: inout ResponseBuffer
    ) throws(CardFault) {
        guard !isGone else { throw .removed }
        switch token.exchange(Array(command)) {
        case .answer(let bytes, _): _ = bytes.withUnsafeBytes { response.append(contentsOf: $0) }
        case .mute: throw .mute
        case .pulled:
            isGone = true
            throw .removed
        }
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
