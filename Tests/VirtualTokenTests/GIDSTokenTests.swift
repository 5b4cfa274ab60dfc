import APDU
import Crypto
import Testing
import VirtualToken

/// What a GIDS token does around its card, and what it keeps.
@Suite struct GIDSTokenTests {
    private typealias S = GIDSSamples

    /// What becomes of a wrong PIN, and of its counter.
    @Test(arguments: [
        ("pull-before", SimulatedToken.Exchange.pulled(after: nil), 3),
        ("pull-during", .pulled(after: nil), 2), ("pull-after", .pulled(after: [0x63, 0xC2]), 2),
        ("mute", .mute(milliseconds: nil), 3), ("mute-after", .mute(milliseconds: nil), 2),
        ("sw:6F00", .answer([0x6F, 0], after: 0), 3),
        ("sw-after:9000", .answer([0x90, 0], after: 0), 2),
        ("reset", .answer([0x6D, 0], after: 0), 3),
    ])
    func aFaultDoesWhatItsNameSays(
        _ kind: String, _ expected: SimulatedToken.Exchange, _ left: Int
    ) throws {
        var token = SimulatedToken(GIDSCard(GIDSModel(), try S.state()))
        token.powerOn()
        token.arm(try Fault(parsing: "ins=20,kind=\(kind)"))
        _ = token.exchange(Hex.bytes("00A4040009A00000039742544659") ?? [])
        #expect(token.exchange(Hex.bytes("0020008006" + S.wrong) ?? []) == expected)
        #expect(token.card.counters.map(\.left) == [left, 3])
        #expect(token.card.counters.map(\.spent) == [3 - left, 0])
    }

    @Test func optionsMakeTheCardTheyDescribe() throws {
        let options = try Options([
            "--vpcd", "--model=gids", "--key", "ksc=p256", "--key", "kxc=p384", "--pin", "1234",
            "--admin", String(repeating: "0A", count: 24), "--pin-tries=5", "--admin-tries", "6",
            "--locked", "--serial", "42", "--oddity", "hides-count", "--no-extended",
        ])
        let (token, _) = try options.token(now: 1_800_000_000)
        let card = try #require(token.gids)
        #expect(card.counters.map(\.total) == [5, 6])
        #expect(card.counters.map(\.left) == [0, 6])
        #expect(card.serialText == "00000000000040008000000000000042")
        #expect(card.state.keys.mapValues(\.algorithm) == [0x81: .p256, 0x82: .p384])
        #expect(card.state.admin.value == [UInt8](repeating: 10, count: 24))
        #expect(card.model.oddities == .hidesCount)
        #expect(!card.takesExtended)
        #expect(
            token.countersLine == #"{"pin":0,"admin":6,"pinSpent":0,"adminSpent":0}"#)
        let map = try #require(card.state.object(GIDSFiles.common, GIDSFiles.containerMap))
        #expect(map.count == 2 * 86)
        // Flags, then the bits of the signature key and of the exchange key.
        #expect(Array(map[80..<86]) == [3, 0, 0, 1, 0, 0])
        #expect(Array(map[166..<172]) == [1, 0, 0, 0, 0x80, 1])
    }

    @Test func aBlankCardHasNothing() throws {
        let (token, _) = try Options(["--vpcd", "--model=gids", "--blank"])
            .token(now: 1_800_000_000)
        #expect(token.serialText == "not initialised")
        #expect(token.gids?.state.isActivated == false)
    }

    @Test(arguments: [
        ["--key", "9a=p256"], ["--key", "kxc=ed25519"], ["--key", "kxc=p256,imported"],
        ["--pin", "123"], ["--puk", "12345678"], ["--admin", "0102"], ["--serial", "100000000"],
        ["--oddity", "wrong-is-6982"], ["--kdf", "none"],
    ])
    func wrongArgumentsAreNamed(_ arguments: [String]) {
        do {
            _ = try Options(["--model=gids"] + arguments)
            Issue.record("\(arguments) was taken")
        } catch {
            #expect(error.reason.hasPrefix(arguments[0]), "\(error)")
        }
    }

    @Test func whatIsKeptReadsBackTheSame() throws {
        let (card, _) = try S.personalised { $0.containers = [.init(.signature, .p256)] }
        let text = try card.stateText()
        let again = try #require(
            try SimulatedToken(PIVCard(.plain, Samples.state())).replaced(by: text).gids)
        #expect(try again.stateText() == text)
        #expect(again.state.keys[0x81]?.publicKey == card.state.keys[0x81]?.publicKey)
        for (number, line) in text.split(separator: "\n").enumerated().dropFirst() {
            let damaged = text.replacing(line, with: line + " x")
            #expect(throws: VirtualTokenError.self, "line \(number)") { try card.keeping(damaged) }
        }
    }

    @Test func theAnswerToResetIsOne() throws {
        for extended in [true, false] {
            var model = GIDSModel()
            model.extendedLength = extended
            let atr = try ATR(parsing: SimulatedToken(GIDSCard(model, try S.state())).atr)
            #expect(atr.protocols.contains(.t1))
            #expect(atr.historical.isWellFormed)
            #expect(atr.historical.capabilities?.takesExtended == extended)
        }
    }
}
