import APDU
import Crypto
import Testing
import VirtualToken

enum EPass2003Samples {
    static let authority = try? TrainingAuthority.make(now: 1_800_000_000)

    /// A card whose commands need no protection; making keys takes time.
    static func card(_ change: (inout EPass2003Recipe) -> Void = { _ in }) throws -> EPass2003Card {
        var recipe = EPass2003Recipe()
        recipe.model.protection = .none
        recipe.keys = []
        change(&recipe)
        let made = try recipe.make(now: 1_800_000_000, authority: #require(authority))
        return try #require(made as? EPass2003Card)
    }
}

extension EPass2003Card {
    /// Proves a PIN by the answer to a challenge.
    mutating func prove(_ code: UInt8, _ pin: String) throws -> [UInt8] {
        let challenge = say("00840000 10")
        #expect(challenge.count == 18)
        let proof = try BlockCipher.tripleDES.encrypt(
            Array(challenge.prefix(8)), key: EPass2003Card.key(of: pin))
        return respond(to: [0x00, 0x82, 0x01, 0x80 | code, 8] + proof)
    }

    mutating func write(_ code: UInt8, _ pin: String, tries: UInt8 = 0x66) throws -> [UInt8] {
        respond(to: [0x80, 0xE5, 0x04, code, 25, tries] + (try EPass2003Card.key(of: pin)))
    }
}

@Suite struct EPass2003CardTests {
    private typealias S = EPass2003Samples

    private struct Conversation: Sendable, CustomTestStringConvertible {
        let name: String
        let lines: [(String, String)]
        var testDescription: String { name }
    }

    private static let conversations = [
        Conversation(
            name: "what it says of itself",
            lines: [
                (
                    "00CA0186 00",
                    "800102 81020000 82020000 830100 840100 850D00000000000000000000000000"
                        + "870100 9000"
                ),
                ("00CA0180 00", "2003000000BC614E 9000"), ("00CA0181 00", "6A88"),
                ("80500000 08 0102030405060708 1C", "6D00"), ("00EE0000", "6D00"),
                ("90CA0180 00", "6E00"),
            ]),
        Conversation(
            name: "files, one DF at a time",
            lines: [
                (
                    "00A40000 02 3F00 00",
                    "6F18 82023800 83023F00 840E656E746572736166652D66697073 9000"
                ),
                ("00A40000 02 5031", "6A82"), ("00A40000 02 2F00", "..9000"),
                ("00B00000 10", "6986"), ("00B20104 04", "..9000"), ("00B20204 04", "6A83"),
                ("00A40400 0C A000000063504B43532D3135", "..9000"), ("00B00000 01", "6986"),
                ("00A40000 02 9F00", "..83029F0086089090FF90FFFFFFFF9000"),
                ("00B00000 02", "0606 9000"),
                ("00B00003 01", "6B00"), ("00A40800 02 5031", "6A86"), ("00A40000 01 50", "6700"),
                ("00A40400 05 A000000308", "6A82"),
            ]),
        Conversation(
            name: "tries are told and not spent",
            lines: [
                ("00820181", "63C6"), ("00820182", "63C6"), ("00820183", "6A88"),
                ("00820101", "63C6"), ("00820081", "6A88"),
            ]),
        Conversation(
            name: "no answer without a challenge, and none to an old one",
            lines: [
                ("00820181 08 0000000000000000", "6985"), ("00840000 07", "6700"),
                ("00840000 08", "..9000"), ("00CA0180 00", "..9000"),
                ("00820181 08 0000000000000000", "6985"), ("00840000 10", "..9000"),
                ("00820181 07 00000000000000", "6700"), ("00820181", "63C6"),
            ]),
        Conversation(
            name: "no PIN is written without right",
            lines: [
                ("80E50401 19 66" + String(repeating: "00", count: 24), "6982"),
                ("80E50403 01 66", "6A88"), ("80E50301 01 66", "6A88"),
                ("002241B8 07 80018481022920", "6A82"), ("002A8086 01 00", "6982"),
            ]),
    ]

    @Test(arguments: conversations)
    private func itAnswersAsTheDriverExpects(_ conversation: Conversation) throws {
        var card = try S.card()
        Script.play(conversation.lines, on: &card)
        #expect(card.counters.allSatisfy { $0.spent == 0 })
    }

    @Test func aProtectedCardAnswersNothingElseInTheClear() throws {
        var card = try S.card { $0.model.protection = .tripleDES }
        Script.play(
            [
                ("00CA0186 00", "..9000"), ("00CA0180 00", "6985"), ("00A40000 02 3F00", "6985"),
                ("0CCA0180 0A 8E080000000000000000 00", "6985"),
                ("84820300 10 00000000000000000000000000000000", "6985"),
                ("80500000 07 01020304050607", "6700"), ("80500000 08 0102030405060708", "..9000"),
                ("0CCA0180 0A 8E080000000000000000 00", "6985"),
                ("84820300 10 00000000000000000000000000000000", "6300"),
                ("84820300 10 00000000000000000000000000000000", "6985"),
            ], on: &card)
    }

    // MARK: PINs

    @Test func wrongAnswersAreCountedAndTheRightOneFillsTheCounter() throws {
        var card = try S.card { $0.pinTries = 3 }
        #expect(try card.prove(1, "999999") == [0x63, 0xC2])
        #expect(try card.prove(1, "12345") == [0x63, 0xC1])
        #expect(try card.prove(1, "123456") == [0x90, 0])
        #expect(card.counters[0].left == 3 && card.counters[0].spent == 2)
        for status in [0x63C2, 0x63C1, 0x6983, 0x6983] {
            #expect(try card.prove(1, "999999") == [UInt8(status >> 8), UInt8(status & 0xFF)])
        }
        #expect(try card.prove(1, "123456") == [0x69, 0x83])
        #expect(card.say("00820181") == [0x69, 0x83])
        #expect(card.counters[0].spent == 5 && card.counters[1].spent == 0)
    }

    @Test func theOfficerWritesTheHoldersPIN() throws {
        var card = try S.card { $0.isLocked = true }
        #expect(try card.write(1, "654321") == [0x69, 0x82])
        #expect(try card.prove(2, "11111111") == [0x63, 0xC5])
        #expect(try card.write(1, "654321") == [0x69, 0x82])
        #expect(try card.prove(2, "87654321") == [0x90, 0])
        for odd: UInt8 in [0x06, 0x60, 0x56, 0x00] {
            #expect(try card.write(1, "654321", tries: odd) == [0x6A, 0x80])
        }
        #expect(try card.write(1, "654321", tries: 0x53) == [0x90, 0])
        #expect(card.counters[0].total == 5 && card.counters[0].left == 3)
        #expect(try card.prove(1, "123456") == [0x63, 0xC2])
        #expect(try card.prove(1, "654321") == [0x90, 0])
        #expect(card.counters[0].spent == 1 && card.counters[1].spent == 1)
    }

    @Test func theHolderWritesTheOwnPINOnly() throws {
        var card = try S.card()
        #expect(try card.prove(1, "123456") == [0x90, 0])
        #expect(try card.write(2, "11112222") == [0x69, 0x82])
        #expect(try card.write(1, "654321") == [0x90, 0])
        #expect(try card.write(1, "123456") == [0x69, 0x82])
        #expect(try card.prove(1, "654321") == [0x90, 0])
    }

    @Test func aResetForgetsWhatWasProven() throws {
        var card = try S.card()
        #expect(try card.prove(2, "87654321") == [0x90, 0])
        card.reset()
        #expect(try card.write(1, "654321") == [0x69, 0x82])
    }

    // MARK: Keys

    @Test(arguments: [KeyAlgorithm.rsa(bits: 1024), .rsa(bits: 2048), .p256])
    func theKeySignsForItsCertificate(_ algorithm: KeyAlgorithm) throws {
        var card = try S.card { $0.keys = [.init(algorithm)] }
        let message = Array("what was signed".utf8)
        let scheme = try #require(SignatureScheme.preferred(for: algorithm))
        let isCurve = algorithm == .p256
        let block =
            isCurve
            ? try Digest.sha256.hash(message)
            : try SignatureInput.block(for: message, key: algorithm, scheme: scheme)
        #expect(card.say("002241B8 07 80018481022940") == [0x6A, 0x82])
        #expect(card.say("002241B8 07 80018581022920") == [0x6A, 0x81])
        let environment = isCurve ? "002241B6 07 80019281022920" : "002241B8 07 80018481022920"
        #expect(card.say(environment) == [0x90, 0])
        let operation: [UInt8] = isCurve ? [0x9E, 0x9A] : [0x80, 0x86]
        let command =
            [0x00, 0x2A] + operation + [0, UInt8(block.count >> 8), UInt8(block.count & 0xFF)]
            + block + [0, 0]
        #expect(card.respond(to: command) == [0x69, 0x82])
        #expect(try card.prove(1, "123456") == [0x90, 0])
        let answer = card.respond(to: command)
        #expect(answer.suffix(2) == [0x90, 0])
        var signature = Array(answer.dropLast(2))
        if isCurve { signature = try #require(ECDSASignature.der(ofPlain: signature)) }
        let file = try #require(card.state.files[PKCS15FileName(.application, 0x3120)])
        #expect(
            try Certificate(der: file).publicKey.verify(signature, of: message, scheme: scheme))
    }

    // MARK: Keeping

    @Test func whatIsKeptReadsBackTheSame() throws {
        let card = try S.card {
            $0.keys = [.init(.p256)]
            $0.model.protection = .aes128
            $0.model.hasOwnKeys = true
            $0.hidesTries = true
        }
        let text = try card.stateText()
        let again = try card.keeping(text)
        #expect(try again.stateText() == text)
        #expect(again.serialText == "2003000000bc614e")
        for broken in ["model des own", "model aes mine", "pin 00 3 3 0", "key 8 00", "serial x"] {
            let word = broken.prefix { $0 != " " }
            let lines = text.split(separator: "\n").map { $0.hasPrefix(word) ? broken[...] : $0 }
            #expect(throws: VirtualTokenError.self) {
                _ = try card.keeping(lines.joined(separator: "\n"))
            }
        }
    }
}
