import APDU
import Crypto
import Secrets
import Testing
import VirtualToken

@testable import Tokens

/// Counters, read without spending a try.
@Suite struct CounterTests {
    private static func counters(
        _ state: PIVState, _ model: PIVModel, safe: Bool = true,
        _ answers: [(String, String)] = []
    ) throws -> (Counters, RewiredCard) {
        var card = RewiredCard(PIVCard(model, state), answers)
        let applet = try select(&card)
        let query: StatusQuery = safe ? .asFamilyKnows : .forbidden
        return (try applet.readCounters(&card, of: .puk, asking: query), card)
    }

    private static func state(pin: Int, puk: Int) -> PIVState {
        PIVState(
            pin: VirtualToken.PIVCode(value: [], total: 5, left: pin),
            puk: VirtualToken.PIVCode(value: [], total: 4, left: puk), serial: 1)
    }

    @Test(arguments: [(5, 4), (2, 1), (1, 4), (0, 3), (0, 0)])
    func metadataTellBothAndTheirLimits(_ pin: Int, _ puk: Int) throws {
        let (counters, card) = try Self.counters(Self.state(pin: pin, puk: puk), .extended)
        #expect(counters.pin == Counter(.known(pin), limit: 5))
        #expect(counters.unblocking == Counter(.known(puk), limit: 4))
        #expect(counters.unblocking.isBlocked == (puk == 0))
        #expect(!card.sent.contains { $0[1] == 0x20 })
    }

    @Test(arguments: [5, 3, 1, 0])
    func withoutMetadataTheEmptyVerifyTellsThePINAlone(_ left: Int) throws {
        let (counters, card) = try Self.counters(Self.state(pin: left, puk: 3), .plain)
        #expect(counters.pin == Counter(.known(left)))
        #expect(counters.unblocking == .unknown(.notShown))
        #expect(card.sent.filter { $0[1] == 0x20 } == [[0, 0x20, 0, 0x80]])
        #expect(card.token.token.withLock { $0.piv?.state.pin.spent } == 0)
    }

    @Test(arguments: [
        ("63C7", Counter(.known(7))), ("63C0", Counter(.known(0))), ("6983", Counter(.known(0))),
        ("9000", .unknown(.verified)), ("6300", .unknown(.oddAnswer)),
        ("6985", .unknown(.oddAnswer)), ("6982", .unknown(.oddAnswer)),
        ("6700", .unknown(.oddAnswer)), ("6A80", .unknown(.oddAnswer)),
        ("6A88", .unknown(.oddAnswer)), ("6984", .unknown(.oddAnswer)),
        ("6B00", .unknown(.oddAnswer)), ("6F00", .unknown(.oddAnswer)),
    ] as [(String, Counter)])
    func anyOtherAnswerThanThreeMakesTheQueryUnsafe(_ answer: String, _ wanted: Counter) throws {
        let (counters, card) = try Self.counters(
            Self.state(pin: 3, puk: 3), .plain, [("0020", answer)])
        #expect(counters.pin == wanted)
        #expect(card.sent.filter { $0[1] == 0x20 }.count == 1)
    }

    @Test(arguments: ["6D00", "6E00"])
    func anotherAppletIsNoCounter(_ answer: String) throws {
        do {
            _ = try Self.counters(Self.state(pin: 3, puk: 3), .plain, [("0020", answer)])
            Issue.record("passed")
        } catch let error as TokenError {
            #expect(error.code == .disturbed(StatusWord(rawValue: UInt16(answer, radix: 16) ?? 0)))
        }
    }

    @Test(arguments: [
        (PIVModel.Oddities.emptyVerifySpends, Counter.unknown(.oddAnswer), 1),
        (.hidesCount, .unknown(.oddAnswer), 0), (.wrongIs6985, .unknown(.oddAnswer), 0),
        (.neverSaysBlocked, Counter(.known(5)), 0),
    ])
    func cardsThatDifferFromTheBookAreAskedOnce(
        _ oddity: PIVModel.Oddities, _ wanted: Counter, _ spent: Int
    ) throws {
        let (counters, card) = try Self.counters(Self.state(pin: 5, puk: 3), .odd(oddity))
        #expect(counters.pin == wanted)
        #expect(card.token.token.withLock { $0.piv?.state.pin.spent } == spent)
    }

    @Test func aTokenKnownToBeUnsafeIsNotAsked() throws {
        let (counters, card) = try Self.counters(
            Self.state(pin: 5, puk: 3), .odd(.emptyVerifySpends), safe: false)
        #expect(counters.pin == .unknown(.queryUnsafe))
        #expect(!card.sent.contains { $0[1] == 0x20 })
        #expect(card.token.token.withLock { $0.piv?.state.pin.spent } == 0)
    }

    @Test func aVerifiedPINShowsNoCount() throws {
        var card = VirtualChannel(try Sample.card())
        let applet = try select(&card)
        let pin = try secret("123456")
        #expect(try applet.verify(&card, pin: pin) == .accepted)
        let counters = try applet.readCounters(&card, of: .puk, asking: .asFamilyKnows)
        #expect(counters.pin == .unknown(.verified))
    }

    /// An answer that is no metadata is as good as none.
    @Test(arguments: ["6A88", "6D00", "9000", "06019000", "0603010203 9000", "0602FF", "0101FF9000"])
    func withoutUsableMetadataTheEmptyVerifyIsAsked(_ answer: String) throws {
        let hex = answer.filter { $0 != " " }
        let (counters, _) = try Self.counters(
            Self.state(pin: 2, puk: 3), .extended, [("00F7", hex)])
        #expect(counters.pin == Counter(.known(2)))
        #expect(counters.unblocking == .unknown(.notShown))
    }

    // MARK: Which PIN

    private static let discovery = "7E124F0BA0000003080000100001005F2F02"

    @Test(arguments: [
        (discovery + "60209000", 0x00), (discovery + "60109000", 0x80),
        (discovery + "40009000", 0x80), (discovery + "40209000", 0x80), ("6A82", 0x80),
        ("7E034F019000", 0x80), ("9000", 0x80), ("7E009000", 0x80),
    ] as [(String, UInt8)])
    func theDiscoveryObjectDecidesWhichPINIsMeant(_ answer: String, _ reference: UInt8) throws {
        let empty = "002000" + Hex.upper([reference])
        var card = RewiredCard(try Sample.card()) { command in
            let hex = Hex.upper(command)
            if hex.hasPrefix("00CB3FFF035C017E") { return .answer(answer) }
            if hex == empty { return .answer("63C3") }
            if [0x20, 0x24, 0x2C].contains(command[1]) { return .answer("9000") }
            return .through
        }
        let applet = try select(&card)
        #expect(try applet.readCounters(&card, of: .puk, asking: .asFamilyKnows).pin == Counter(.known(3)))
        let pin = try secret("123456")
        let new = try secret("654321")
        let puk = try secret("12345678")
        _ = try applet.verify(&card, pin: pin)
        _ = try applet.change(&card, pin: pin, to: new)
        _ = try applet.unblock(&card, .puk, code: puk, newPIN: new)
        let references = card.sent.filter { [0x20, 0x24, 0x2C].contains($0[1]) }.map { $0[3] }
        #expect(references == [reference, reference, reference, reference])
        // Asked once, before the first code.
        #expect(card.sent.filter { Hex.upper($0).hasPrefix("00CB3FFF035C017E") }.count == 1)
    }
}
