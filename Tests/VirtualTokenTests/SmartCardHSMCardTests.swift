import APDU
import Crypto
import Testing
import VirtualToken

/// A conversation with a SmartCard-HSM of these options.
struct SmartCardHSMScript: Sendable, CustomTestStringConvertible {
    let name: String
    let options: SmartCardHSMOptions
    let lines: [(String, String)]

    init(_ name: String, _ lines: [(String, String)]) {
        self.init(name, [.resetRetryCounter], lines)
    }

    init(_ name: String, _ options: SmartCardHSMOptions, _ lines: [(String, String)]) {
        self.name = name
        self.options = options
        self.lines = lines
    }

    var testDescription: String { name }

    @discardableResult
    func play(userLeft: Int? = nil, soLeft: Int? = nil) throws -> SmartCardHSMCard {
        var card = try SmartCardHSMSamples.card(options, userLeft: userLeft, soLeft: soLeft)
        Script.play(lines, on: &card)
        return card
    }
}

enum SmartCardHSMSamples {
    static let select = "00A40400 0B E82B0601040181C31F0201"
    static let pin = "313233343536"
    static let wrong = "393939393939"
    static let new = "36353433323120"
    static let so = "3537363231383830"
    static let wrongSO = "3537363231383831"

    /// A device without keys.
    static func card(
        _ options: SmartCardHSMOptions = [.resetRetryCounter], userLeft: Int? = nil,
        soLeft: Int? = nil
    ) throws -> SmartCardHSMCard {
        var state = SmartCardHSMState(
            user: CardCode(value: Hex.bytes(pin) ?? [], total: 3, left: userLeft),
            so: CardCode(value: Hex.bytes(so) ?? [], total: 15, left: soLeft),
            options: options, serial: 12_345_678, device: try KeyPair(generating: .p256),
            deviceCertificates: [0x7F, 0x21, 0x00])
        state.isTransport = options.contains(.transportPIN)
        return SmartCardHSMCard(SmartCardHSMModel(), state)
    }

    static func personalised(
        _ change: (inout SmartCardHSMRecipe) -> Void = { _ in }
    ) throws -> (card: SmartCardHSMCard, authority: CertificateIssuer) {
        let authority = try TrainingAuthority.make(now: 1_800_000_000)
        var recipe = SmartCardHSMRecipe()
        change(&recipe)
        let made = try recipe.make(now: 1_800_000_000, authority: authority)
        return (try #require(made as? SmartCardHSMCard), authority)
    }
}

@Suite struct SmartCardHSMCardTests {
    private typealias S = SmartCardHSMSamples

    private static let scripts: [SmartCardHSMScript] = [
        SmartCardHSMScript(
            "nothing before SELECT, which tells options and version",
            [
                ("00200081", "6D00"), ("8058000000", "6D00"), ("00A40400 05 A000000308", "6A82"),
                ("00A40000 02 2F02", "6A86"),
                (S.select, "6F17820138840BE82B0601040181C31F0201850500010003069000"),
                ("00A4040C 0B E82B0601040181C31F0201", "9000"), ("8051000000", "6D00"),
                ("C058000000", "6E00"), ("1020008106 \(S.pin)", "6884"),
            ]),
        SmartCardHSMScript(
            "VERIFY counts, and SELECT forgets what was proven",
            [
                (S.select, "..9000"), ("00200081", "63C3"), ("00200088", "63CF"),
                ("00200085", "6A88"), ("00200181", "6A86"), ("00200081 05 3132333435", "6700"),
                ("00200081 06 \(S.wrong)", "63C2"), ("00200081", "63C2"),
                ("00200081 06 \(S.pin)", "9000"), ("00200081", "9000"),
                ("00200088 08 \(S.wrongSO)", "63CE"), ("00200088 07 35373632313838", "6700"),
                ("00200088 08 \(S.so)", "9000"), ("00200088", "9000"), (S.select, "..9000"),
                ("00200081", "63C3"), ("00200088", "63CF"),
                ("00200081 06 \(S.wrong)", "63C2"), ("00200081 06 \(S.wrong)", "63C1"),
                ("00200081 06 \(S.wrong)", "63C0"), ("00200081", "6983"),
                ("00200081 06 \(S.pin)", "6983"),
            ]),
        SmartCardHSMScript(
            "CHANGE REFERENCE DATA",
            [
                (S.select, "..9000"), ("00240081 0B \(S.pin)3132333435", "6700"),
                ("00240081 0D \(S.wrong)\(S.new)", "63C2"),
                ("00240081 0D \(S.pin)\(S.new)", "9000"), ("00200081 07 \(S.new)", "9000"),
                ("00240088 10 \(S.wrongSO)\(S.so)", "63CE"),
                ("00240088 10 \(S.so)\(S.wrongSO)", "9000"),
                ("00200088 08 \(S.wrongSO)", "9000"), ("00240081 02 3132", "6700"),
            ]),
        SmartCardHSMScript(
            "RESET RETRY COUNTER sets a new PIN, at once or after the SO-PIN",
            [
                (S.select, "..9000"), ("00200081 06 \(S.wrong)", "63C2"),
                ("002C0081 0F \(S.wrongSO)\(S.new)", "63CE"), ("00200081", "63C2"),
                ("002C0081 08 \(S.so)", "6700"), ("002C0181 08 \(S.so)", "6986"),
                ("002C0381", "6986"), ("002C0281 07 \(S.new)", "6985"),
                ("002C0481 07 \(S.new)", "6A86"), ("002C0088 0F \(S.so)\(S.new)", "6A88"),
                ("00200088", "63CE"), ("002C0081 0F \(S.so)\(S.new)", "9000"),
                ("00200081", "63C3"), ("00200081 07 \(S.new)", "9000"), ("00200088", "63CF"),
                ("00200088 08 \(S.so)", "9000"), ("002C0281 06 \(S.pin)", "9000"),
                ("00200081", "63C3"), ("00200081 06 \(S.pin)", "9000"),
            ]),
        SmartCardHSMScript(
            "a device that may only reset the counter", [.resetRetryCounter, .resetOnly],
            [
                (S.select, "6F17820138840BE82B0601040181C31F0201850500210003069000"),
                ("00200081 06 \(S.wrong)", "63C2"), ("002C0081 0F \(S.so)\(S.new)", "6986"),
                ("002C0281 07 \(S.new)", "6986"), ("00200088", "63CF"),
                ("002C0181 08 \(S.wrongSO)", "63CE"), ("002C0181 07 35373632313838", "6700"),
                ("002C0181 08 \(S.so)", "9000"), ("00200081", "63C3"),
                ("00200081 06 \(S.wrong)", "63C2"), ("002C0381", "6985"),
                ("00200088 08 \(S.so)", "9000"), ("002C0381 01 00", "6700"),
                ("002C0381", "9000"), ("00200081 06 \(S.pin)", "9000"),
            ]),
        SmartCardHSMScript(
            "a device where it is switched off counts no try", [],
            [
                (S.select, "..9000"), ("002C0081 0F \(S.wrongSO)\(S.new)", "6986"),
                ("002C0181 08 \(S.wrongSO)", "6986"), ("00200088", "63CF"),
            ]),
        SmartCardHSMScript(
            "a transport PIN opens nothing until it is changed",
            [.resetRetryCounter, .transportPIN],
            [
                (S.select, "..9000"), ("00200081", "6984"), ("00200081 06 \(S.pin)", "6984"),
                ("00240081 0D \(S.wrong)\(S.new)", "63C2"),
                ("00240081 0D \(S.pin)\(S.new)", "9000"), ("00200081", "63C3"),
                ("00200081 07 \(S.new)", "9000"),
            ]),
        SmartCardHSMScript(
            "files: made, written, read, listed and deleted, after the PIN",
            [
                (S.select, "..9000"), ("00D7CE01 07 54020000 530141", "6982"),
                ("00200081 06 \(S.pin)", "9000"), ("00D7CE01 06 54020000 5300", "9000"),
                ("00D70000 0A 54020000 530441424344", "9000"),
                ("00D70000 08 54020004 53024546", "9000"),
                ("00A40000 02 CE01", "6F0B 80020006 820101 8302CE01 9000"),
                ("00B10000 04 54020002 02", "43449000"),
                ("00B1CE01 04 54020000 00", "4142434445469000"),
                ("00B1CE01 04 54020006 00", "6282"), ("00B1CE02 04 54020000 00", "6A82"),
                ("00D7CD01 07 54020000 530155", "9000"), ("00D7CE01 07 54020009 530141", "6B00"),
                ("00D72F02 07 54020000 530141", "6982"), ("00D7CC01 07 54020000 530141", "6982"),
                ("8058000000", "CC00CD01CE019000"), ("00B1CC00 04 54020000 00", "6982"),
                (S.select, "..9000"), ("00B1CD01 04 54020000 00", "6982"),
                ("00B12F02 04 54020000 00", "7F21009000"), ("00B10000 04 54020000 00", "6986"),
                ("00E40200 02 CE01", "6982"), ("00200081 06 \(S.pin)", "9000"),
                ("00E40200 02 CE01", "9000"), ("00E40200 02 CE01", "6A82"),
                ("00E40200 02 CC01", "6A82"), ("00A40000 02 CE01", "6A82"),
            ]),
        SmartCardHSMScript(
            "keys that are not there, and kinds that are not made",
            [
                (S.select, "..9000"), ("80680120 01 00 00", "6982"),
                ("00460100 02 7F49 00", "6982"), ("00200081 06 \(S.pin)", "9000"),
                ("80680170 01 00 00", "6A88"), ("80620121 01 00 00", "6A88"),
                ("00460000 02 7F49 00", "6A86"), ("00460100 03 7F4900 00", "6A80"),
            ]),
        SmartCardHSMScript(
            "INITIALIZE DEVICE wants the SO-PIN, counts, and takes everything away",
            [
                (S.select, "..9000"), ("00200081 06 \(S.pin)", "9000"),
                ("00D7CE01 07 54020000 530141", "9000"),
                ("80500000 19 80020021 8106\(S.new.prefix(12)) 8208\(S.wrongSO) 910105", "6985"),
                ("00200088", "63CE"), ("8058000000", "CC00CE019000"),
                ("80500000 19 80020021 8106\(S.new.prefix(12)) 8208\(S.so) 91010B", "6A80"),
                ("80500000 19 80020021 8106\(S.new.prefix(12)) 8208\(S.so) 910105", "9000"),
                ("8058000000", "CC009000"), ("00200081", "63C5"), ("00200088", "63CF"),
                ("002C0181 08 \(S.so)", "9000"), ("00200081 06 \(S.new.prefix(12))", "9000"),
            ]),
    ]

    @Test(arguments: scripts)
    func answersAsTheDeviceDoes(_ script: SmartCardHSMScript) throws { try script.play() }

    @Test func withoutTriesForTheSOPINNothingHelps() throws {
        try SmartCardHSMScript(
            "lost",
            [
                (S.select, "..9000"), ("00200088", "6983"), ("00200088 08 \(S.so)", "6983"),
                ("002C0081 0F \(S.so)\(S.new)", "6983"),
                ("80500000 16 80020001 8106\(S.pin) 8208\(S.so)", "6983"),
            ]
        ).play(userLeft: 0, soLeft: 0)
    }

    @Test func everyTrySpentIsCountedForEver() throws {
        let card = try SmartCardHSMScript(
            "spending",
            [
                (S.select, "..9000"), ("00200081 06 \(S.wrong)", "63C2"),
                ("002C0081 0F \(S.wrongSO)\(S.new)", "63CE"),
                ("00240088 10 \(S.wrongSO)\(S.so)", "63CD"),
                ("80500000 16 80020001 8106\(S.pin) 8208\(S.so)", "9000"),
                ("00200081 06 \(S.wrong)", "63C2"),
            ]
        ).play()
        #expect(card.counters.map(\.spent) == [2, 2])
        #expect(
            SimulatedToken(card).countersLine
                == #"{"pin":2,"so":15,"pinSpent":2,"soSpent":2}"#)
        #expect(
            SimulatedToken(card).triesText == "user PIN 2 of 3, SO-PIN 15 of 15 tries left")
    }

    @Test func aDeviceFromItsMakerTakesAnySOPIN() throws {
        var (card, _) = try S.personalised { $0.isInitialised = false }
        Script.play(
            [
                (S.select, "..9000"), ("00200081", "6984"), ("00200088", "6A88"),
                ("002C0081 0F \(S.so)\(S.new)", "6A88"),
                ("80500000 16 80020001 8106\(S.pin) 8208\(S.so)", "9000"), ("00200081", "63C3"),
                ("00200088", "63CF"),
            ], on: &card)
    }

    @Test func aStateReadsBackTheSame() throws {
        let (card, _) = try S.personalised {
            $0.keys = [.init(1, .p256), .init(9, .rsa(bits: 2048), isImported: true)]
            $0.options = [.resetRetryCounter, .transportPIN]
            $0.certificates = .none
        }
        let text = try card.stateText()
        #expect(try card.keeping(text).stateText() == text)
        let token = try SimulatedToken(card).replaced(by: text)
        #expect(token.smartCardHSM?.state.isTransport == true)
        #expect(token.smartCardHSM?.state.keys.keys.sorted() == [1, 9])
        #expect(token.serialText == "VT12345678")
        for line in ["user 31 3 4 0", "device 1 00 00", "key 0 00", "file 70000 00", "what 1"] {
            #expect(throws: VirtualTokenError.self) { try SmartCardHSMState(text + line + "\n") }
        }
    }

    @Test func noCommandBringsTheCardDown() throws {
        var (card, _) = try S.personalised()
        _ = card.say(S.select)
        var generator = SystemRandomNumberGenerator()
        let instructions: [UInt8] = [
            0x20, 0x24, 0x2C, 0x46, 0x50, 0x58, 0x62, 0x68, 0x84, 0xA4, 0xB1, 0xC0, 0xD7, 0xE4,
        ]
        for _ in 0..<5_000 {
            var command = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            if command.count > 1, Bool.random(using: &generator) {
                command[0] = Bool.random(using: &generator) ? 0 : 0x80
                command[1] = instructions.randomElement(using: &generator) ?? 0
            }
            #expect(card.respond(to: command).count >= 2)
        }
    }
}
