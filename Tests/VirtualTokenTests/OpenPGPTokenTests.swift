import APDU
import Crypto
import Testing
import VirtualToken

/// What a token does around its card, for the second family as for the first.
@Suite struct OpenPGPTokenTests {
    private typealias S = OpenPGPSamples

    /// What becomes of a wrong resetting code, and of its counter.
    @Test(arguments: [
        ("pull-before", SimulatedToken.Exchange.pulled(after: nil), 3),
        ("pull-during", .pulled(after: nil), 2), ("pull-after", .pulled(after: [0x63, 0xC2]), 2),
        ("mute", .mute(milliseconds: nil), 3), ("mute-after", .mute(milliseconds: nil), 2),
        ("slow:9", .answer([0x63, 0xC2], after: 9), 2),
        ("sw:6F00", .answer([0x6F, 0], after: 0), 3),
        ("sw-after:9000", .answer([0x90, 0], after: 0), 2),
        ("reset", .answer([0x6D, 0], after: 0), 3),
    ])
    func aFaultDoesWhatItsNameSays(
        _ kind: String, _ expected: SimulatedToken.Exchange, _ left: Int
    ) throws {
        var token = SimulatedToken(OpenPGPCard(OpenPGPModel(), S.state(pinLeft: 0)))
        token.powerOn()
        token.arm(try Fault(parsing: "ins=2C,kind=\(kind)"))
        _ = token.exchange(Hex.bytes("00A4040006D27600012401") ?? [])
        let unblock = Hex.bytes("002C00810E3939393939393939" + S.new) ?? []
        #expect(token.exchange(unblock) == expected)
        #expect(token.card.counters.map(\.left) == [0, left, 3])
        #expect(token.card.counters.map(\.spent) == [0, 3 - left, 0])
    }

    @Test func lockBlocksPW1WithoutCountingATry() throws {
        var token = SimulatedToken(OpenPGPCard(OpenPGPModel(), S.state()))
        token.lock()
        #expect(
            token.countersLine
                == #"{"pin":0,"puk":3,"admin":3,"pinSpent":0,"pukSpent":0,"adminSpent":0}"#)
        #expect(
            token.triesText
                == "PW1 0 of 3, resetting code 3 of 3, PW3 3 of 3 tries left")
        #expect(token.serialText == "12345678")
    }

    @Test func aTokenIsReplacedByOneOfItsOwnOrAnotherFamily() throws {
        var model = OpenPGPModel()
        model.oddities = .wrongIs6982
        let token = SimulatedToken(OpenPGPCard(model, S.state()))
        let same = try token.replaced(by: OpenPGPCard(OpenPGPModel(), S.state(rc: nil)).stateText())
        #expect(same.openPGP?.model.oddities == .wrongIs6982)
        #expect(same.card.counters.map(\.left) == [3, 0, 3])
        let other = try token.replaced(by: PIVCard(.plain, Samples.state()).stateText())
        #expect(other.piv?.state.pin.left == 3)
        #expect(throws: VirtualTokenError.self) { try token.replaced(by: "virtual-token 1 new\n") }
    }

    @Test func optionsMakeTheCardTheyDescribe() throws {
        let options = try Options([
            "--vpcd", "--key", "sign=rsa2048,imported", "--pin", "correct horse", "--puk",
            "battery staple", "--admin", "administrator", "--pin-tries=5", "--puk-tries", "4",
            "--admin-tries", "6", "--locked", "--serial", "42", "--kdf=one-salt", "--several",
            "--oddity", "wrong-is-6982", "--no-extended", "--holder", "Trần Văn Bình", "--model",
            "openpgp",
        ])
        let (token, _) = try options.token(now: 1_800_000_000)
        let card = try #require(token.openPGP)
        #expect(card.counters.map(\.total) == [5, 4, 6])
        #expect(card.counters.map(\.left) == [0, 4, 6])
        #expect(card.serialText == "00000042")
        #expect(card.state.keys.keys.map(\.word) == ["sign"])
        #expect(card.state.keys[.sign]?.origin == .imported)
        #expect(card.state.pinServesSeveral)
        #expect(card.state.kdf.iterated != nil)
        #expect(
            try card.state.pw3.value
                == card.state.kdf.encode(Array("administrator".utf8), .pw3))
        #expect(card.state.objects[0x5B] == Array("Trần<<Văn<Bình".utf8))
        #expect(!card.takesExtended)
    }

    @Test func aCardIsDeliveredWithoutResettingCode() throws {
        for words in [["--model", "openpgp"], ["--model", "openpgp", "--puk", "none"]] {
            let (token, _) = try Options(words + ["--key", "none"]).token(now: 1_800_000_000)
            #expect(token.card.counters.map(\.left) == [3, 0, 3])
        }
    }

    @Test(arguments: [
        ["--key", "9a=p256"], ["--key", "sign=p384"], ["--pin", "12345"], ["--puk", "1234567"],
        ["--admin", "1234567"], ["--kdf", "yes"], ["--gzip", "9a"], ["--serial", "100000000"],
        ["--oddity", "hides-count"], ["--yubico-version", "5.4.3"],
    ])
    func wrongArgumentsAreNamed(_ arguments: [String]) {
        do {
            _ = try Options(["--model=openpgp"] + arguments)
            Issue.record("\(arguments) was taken")
        } catch {
            #expect(error.reason.hasPrefix(arguments[0]), "\(error)")
        }
    }

    @Test(arguments: [["--admin", "12345678"], ["--kdf", "none"], ["--several"]])
    func optionsOfOneFamilyAreNoneOfAnother(_ arguments: [String]) {
        #expect(throws: VirtualTokenError.self) { try Options(arguments) }
    }

    @Test func theAnswerToResetIsOne() throws {
        for extended in [true, false] {
            var model = OpenPGPModel()
            model.extendedLength = extended
            let token = SimulatedToken(OpenPGPCard(model, S.state()))
            let atr = try ATR(parsing: token.atr)
            #expect(atr.protocols.contains(.t1))
            #expect(atr.historical.isWellFormed)
            #expect(atr.historical.lifeCycle == 5)
            #expect(atr.historical.capabilities?.takesExtended == extended)
        }
    }
}
