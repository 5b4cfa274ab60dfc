import APDU
import Crypto
import Testing
import VirtualToken

/// A conversation with an OpenPGP card; an answer that begins with `..` may have any data before.
struct OpenPGPScript: Sendable, CustomTestStringConvertible {
    let name: String
    var model = OpenPGPModel()
    let lines: [(String, String)]

    init(_ name: String, _ lines: [(String, String)]) { self.init(name, [], lines) }

    init(_ name: String, _ oddities: OpenPGPModel.Oddities, _ lines: [(String, String)]) {
        self.name = name
        self.lines = lines
        model.oddities = oddities
    }

    var testDescription: String { name }

    @discardableResult
    func play(_ state: OpenPGPState = OpenPGPSamples.state()) -> OpenPGPCard {
        var card = OpenPGPCard(model, state)
        Script.play(lines, on: &card)
        return card
    }
}

enum OpenPGPSamples {
    static let select = "00A40400 06 D27600012401"
    static let pin = "313233343536"
    static let admin = "3132333435363738"
    static let rc = "3837363534333231"
    static let wrong = "393939393939"
    static let new = "363534333231"

    /// A card without keys: making them takes time.
    static func state(
        rc: String? = rc, pinLeft: Int? = nil, rcLeft: Int? = nil, adminLeft: Int? = nil
    ) -> OpenPGPState {
        OpenPGPState(
            pw1: CardCode(value: Hex.bytes(pin) ?? [], total: 3, left: pinLeft),
            resettingCode: CardCode(
                value: rc.flatMap { Hex.bytes($0) } ?? [], total: 3,
                left: rc == nil ? 0 : rcLeft),
            pw3: CardCode(value: Hex.bytes(admin) ?? [], total: 3, left: adminLeft),
            serial: 12_345_678)
    }

    static func personalised(
        _ change: (inout OpenPGPRecipe) -> Void = { _ in }
    ) throws -> (card: OpenPGPCard, authority: CertificateIssuer) {
        let authority = try TrainingAuthority.make(now: 1_800_000_000)
        var recipe = OpenPGPRecipe()
        change(&recipe)
        let made = try recipe.make(now: 1_800_000_000, authority: authority)
        return (try #require(made as? OpenPGPCard), authority)
    }
}

@Suite struct OpenPGPCardTests {
    private typealias S = OpenPGPSamples

    private static let scripts: [OpenPGPScript] = [
        OpenPGPScript(
            "nothing before SELECT; SELECT by the name or its beginning",
            [
                ("00CA004F00", "6D00"), ("00200081", "6D00"), ("00A40400 05 A000000308", "6A82"),
                ("00A40400 06 D27600012402", "6A82"), ("00A40000 02 3F00", "6A86"),
                ("00A4040C 05 D276000124", "9000"), (S.select, "9000"),
                ("00A40400 10 D276000124010304FFFE123456780000 00", "9000"),
                ("00CB3FFF 05 5C035FC102 00", "6D00"), ("8020008100", "6E00"),
            ]),
        OpenPGPScript(
            "who it is",
            [
                (S.select, "9000"),
                ("00CA004F00", "D276000124010304FFFE1234567800009000"),
                ("00CA5F5200", "0031C573C001C00590009000"),
                ("00CA00C000", "5D0001000C0000FE00019000"),
                ("00CA00C100", "0108000011009000"), ("00CA00DE00", "0100020003009000"),
                ("00CA006500", "5B005F2D005F35009000"), ("00CA007A00", "93030000009000"),
                ("00CA00F900", "8101009000"), ("00CA00C400", "004040400303039000"),
                ("00CA00FF00", "6A88"), ("00CA5F5000", "9000"), ("00CA7F2100", "9000"),
                ("00CA006E00", "..9000"), ("00CA00D300", "6A88"),
            ]),
        OpenPGPScript(
            "odd: constructed objects with their own tag", .wrapsObjects,
            [
                (S.select, "9000"), ("00CA006500", "65085B005F2D005F35009000"),
                ("00CA00C400", "004040400303039000"),
            ]),
        OpenPGPScript(
            "VERIFY opens signing and the rest apart, and one counter stands for both",
            [
                (S.select, "9000"), ("00200081", "63C3"), ("00200082", "63C3"),
                ("00200083", "63C3"), ("00200080", "6A88"), ("00200181", "6A86"),
                ("00200081 06 \(S.pin)", "9000"), ("00200081", "9000"), ("00200082", "63C3"),
                ("00200082 06 \(S.wrong)", "63C2"), ("00200081", "9000"), ("00200082", "63C2"),
                ("00200081 06 \(S.wrong)", "63C1"), ("00200081", "63C1"),
                ("00CA00C400", "004040400103039000"), ("00200082 06 \(S.pin)", "9000"),
                ("00CA00C400", "004040400303039000"), ("0020FF82", "9000"),
                ("00200082", "63C3"), ("0020FF82 06 \(S.pin)", "6A80"),
            ]),
        OpenPGPScript(
            "a blocked PW1 stays so, and is not PW3",
            [
                (S.select, "9000"), ("00200081 06 \(S.wrong)", "63C2"),
                ("00200082 06 \(S.wrong)", "63C1"), ("00200081 06 \(S.wrong)", "63C0"),
                ("00200081 06 \(S.pin)", "6983"), ("00200081", "63C0"),
                ("00240081 0C \(S.pin)\(S.new)", "6983"), ("00200083 08 \(S.admin)", "9000"),
            ]),
        OpenPGPScript(
            "odd: a wrong code answers 6982", .wrongIs6982,
            [
                (S.select, "9000"), ("00200081 06 \(S.wrong)", "6982"),
                ("00CA00C400", "004040400203039000"), ("00200081 06 \(S.wrong)", "6982"),
                ("00200081 06 \(S.wrong)", "6982"), ("00200081 06 \(S.pin)", "6983"),
            ]),
        OpenPGPScript(
            "CHANGE REFERENCE DATA",
            [
                (S.select, "9000"), ("00240081 0B \(S.pin)3635343332", "6A80"),
                ("00240081 06 \(S.wrong)", "63C2"), ("00240081 0C \(S.wrong)\(S.new)", "63C1"),
                ("00240081 0C \(S.pin)\(S.new)", "9000"), ("00200081 06 \(S.pin)", "63C2"),
                ("00200081 06 \(S.new)", "9000"), ("00240082 0C \(S.pin)\(S.new)", "6A88"),
                ("00240083 0E \(S.admin)\(S.new)", "6A80"),
                ("00240083 10 \(S.admin)\(S.rc)", "9000"), ("00200083 08 \(S.rc)", "9000"),
            ]),
        OpenPGPScript(
            "the resetting code unblocks, and counts",
            [
                (S.select, "9000"), ("002C0081 0E 3939393939393939\(S.new)", "63C2"),
                ("002C0081 08 \(S.rc)", "6A80"), ("002C0081 0D \(S.rc)3132333435", "6A80"),
                ("002C0181 0E \(S.rc)\(S.new)", "6A86"), ("002C0083 0E \(S.rc)\(S.new)", "6A88"),
                ("002C0081 0E \(S.rc)\(S.new)", "9000"), ("00200081", "63C3"),
                ("00200081 06 \(S.new)", "9000"),
            ]),
        OpenPGPScript(
            "PW3 unblocks; it sets the resetting code and takes it away",
            [
                (S.select, "9000"), ("002C0281 06 \(S.new)", "6982"),
                ("00DA00D3 08 \(S.rc)", "6982"), ("00200083 08 \(S.admin)", "9000"),
                ("002C0281 05 3132333435", "6A80"), ("002C0281 06 \(S.new)", "9000"),
                ("00200081 06 \(S.new)", "9000"), ("00DA00D3 06 \(S.new)", "6A80"),
                ("00DA00D3", "9000"), ("00CA00C400", "004040400300039000"),
                ("002C0081 0E \(S.rc)\(S.new)", "6983"), ("00DA00D3 08 \(S.rc)", "9000"),
                ("00CA00C400", "004040400303039000"), ("002C0081 0E \(S.rc)\(S.pin)", "9000"),
                ("00200081 06 \(S.pin)", "9000"),
            ]),
        OpenPGPScript(
            "objects want the right password to be written, some to be read",
            [
                (S.select, "9000"), ("00DA005B 04 41613C3C", "6982"), ("00CA010300", "6982"),
                ("00CA010400", "6982"), ("00DA0101 01 05", "6982"),
                ("00200082 06 \(S.pin)", "9000"), ("00DA0101 01 05", "9000"),
                ("00DA0102 01 05", "6982"), ("00DA0103 01 06", "9000"),
                ("00CA010300", "069000"), ("00200083 08 \(S.admin)", "9000"),
                ("00DA005B 04 41613C3C", "9000"), ("00CA005B00", "41613C3C9000"),
                ("00DA00C4 01 01", "9000"), ("00CA00C400", "014040400303039000"),
                ("00DA00C4 01 02", "6A80"), ("00DA00C7 02 0101", "6700"),
                ("00DA00CE 04 01020304", "9000"),
                ("00CA00CD00", "0102030400000000000000009000"), ("00DA004F 01 01", "6A88"),
                ("00DA00C1 09 132A8648CE3D030107", "9000"),
                ("00CA00C100", "132A8648CE3D0301079000"),
                ("00DA00C1 09 122A8648CE3D030107", "6A80"),
            ]),
        OpenPGPScript(
            "three certificates, by SELECT DATA and GET NEXT DATA",
            [
                (S.select, "9000"), ("00200083 08 \(S.admin)", "9000"),
                ("00DA7F21 01 0A", "9000"), ("00A50204 06 60045C027F21", "9000"),
                ("00DA7F21 01 0C", "9000"), ("00CA7F2100", "0C9000"), ("00CC7F2100", "6A88"),
                ("00A50004 06 60045C027F21", "9000"), ("00CA7F2100", "0A9000"),
                ("00CC7F2100", "9000"), ("00CC7F2100", "0C9000"), ("00CC7F2100", "6A88"),
                ("00A50304 06 60045C027F21", "6A88"), ("00A50004 04 5C027F21", "6A80"),
                (S.select, "9000"), ("00CA7F2100", "0A9000"),
            ]),
        OpenPGPScript(
            "keys that are not there",
            [
                (S.select, "9000"), ("00478100 02 B600 00", "6A88"),
                ("00478000 02 B600 00", "6982"), ("00478100 02 9900 00", "6A80"),
                ("002A9E9A 01 31 00", "6982"), ("00880000 01 31 00", "6982"),
                ("002A8086 01 00 00", "6982"), ("00200081 06 \(S.pin)", "9000"),
                ("002A9E9A 01 31 00", "6A88"), ("00880000 01 31 00", "6982"),
            ]),
        OpenPGPScript(
            "terminated and activated, it is as delivered",
            [
                (S.select, "9000"), ("00E60000", "6982"), ("00440000", "9000"),
                ("00200083 08 \(S.admin)", "9000"), ("00DA005B 01 41", "9000"),
                ("00240083 10 \(S.admin)\(S.rc)", "9000"), ("00200083 08 \(S.rc)", "9000"),
                ("00E60000", "9000"), ("00CA004F00", "6985"), ("00200081", "6985"),
                (S.select, "6285"), ("00440000", "9000"), (S.select, "9000"),
                ("00CA005B00", "9000"), ("00CA00C400", "004040400300039000"),
                ("00200083 08 \(S.admin)", "9000"),
            ]),
    ]

    @Test(arguments: scripts)
    func answersAsTheSpecificationSays(_ script: OpenPGPScript) { script.play() }

    @Test func aCardBlockedInBothPasswordsMayBeTerminatedByAnyone() {
        let card = OpenPGPScript(
            "reset", [(S.select, "9000"), ("00E60000", "9000"), ("00440000", "9000")]
        ).play(S.state(pinLeft: 0, adminLeft: 0))
        #expect(card.counters.map(\.left) == [3, 0, 3])
    }

    @Test func everyTrySpentIsCountedForEver() {
        let card = OpenPGPScript(
            "spending",
            [
                (S.select, "9000"), ("00200081 06 \(S.wrong)", "63C2"),
                ("00240081 0C \(S.wrong)\(S.new)", "63C1"),
                ("002C0081 0E 3939393939393939\(S.new)", "63C2"),
                ("00200083 06 \(S.wrong)", "63C2"), ("002C0081 0E \(S.rc)\(S.new)", "9000"),
                ("00200083 08 \(S.admin)", "9000"), ("00E60000", "9000"), ("00440000", "9000"),
            ]
        ).play()
        #expect(card.counters.map(\.spent) == [2, 1, 1])
        #expect(card.counters.map(\.left) == [3, 0, 3])
        #expect(
            SimulatedToken(card).countersLine
                == #"{"pin":3,"puk":0,"admin":3,"pinSpent":2,"pukSpent":1,"adminSpent":1}"#)
    }

    @Test(arguments: [1, 3])
    func aCardWithKDFTakesHashesAndCountsClearCodesAsWrong(_ salts: Int) throws {
        var (card, _) = try S.personalised {
            $0.keys = []
            $0.salts = salts
            $0.resettingCode = "87654321"
        }
        #expect(card.say(S.select) == [0x90, 0])
        let object = Array(card.say("00CA00F900").dropLast(2))
        #expect(object.count == (salts == 1 ? 90 : 110))
        let kdf = try #require(OpenPGPKDF(object))
        #expect(card.say("00200081 06 \(S.pin)") == [0x63, 0xC2])
        let pin = try kdf.encode(Array("123456".utf8), .pw1)
        let admin = try kdf.encode(Array("12345678".utf8), .pw3)
        let code = try kdf.encode(Array("87654321".utf8), .resettingCode)
        #expect(pin.count == 32)
        #expect(card.exchange(0x20, 0, 0x81, pin).status == .success)
        #expect(card.exchange(0x20, 0, 0x83, admin).status == .success)
        #expect(card.exchange(0x2C, 0, 0x81, code + admin).status == .success)
        #expect(card.exchange(0x20, 0, 0x81, admin).status == .success)
        // The salts are the same for all codes, or not.
        #expect(try (kdf.encode(Array("12345678".utf8), .pw1) == admin) == (salts == 1))
        // Put anew, it makes the published codes good again and takes the resetting code away.
        #expect(card.exchange(0xDA, 0, 0xF9, object).status == .success)
        #expect(card.exchange(0x20, 0, 0x81, pin).status == .success)
        #expect(card.counters[1].left == 0)
        #expect(card.exchange(0xDA, 0, 0xF9, [0x81, 1, 0]).status == .success)
        #expect(card.say("00200081 06 \(S.pin)") == [0x90, 0])
    }

    /// The pieces of the hash by hand: salt and code in a circle.
    @Test func theHashIsIteratedAndSaltedAsInOpenPGP() throws {
        let salt: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
        for (count, hashed) in [(0, 14), (14, 14), (20, 20), (60, 60)] {
            let object: [UInt8] =
                [0x81, 1, 3, 0x82, 1, 8, 0x83, 4, 0, 0, 0, UInt8(count), 0x84, 8] + salt
            let circle = salt + Array("123456".utf8)
            let expected = (0..<hashed).map { circle[$0 % circle.count] }
            #expect(
                try OpenPGPKDF(object)?.encode(Array("123456".utf8), .pw1)
                    == SHA256.hash(expected))
        }
    }

    @Test(arguments: [
        "", "8101", "810103", "8101038201088304000000FF",
        "81010382010783040000000184080102030405060708",
        "810103820108830400000001840701020304050607",
        "8101038201088304FFFFFFFF84080102030405060708",
        "8101038201088304000000018408010203040506070885080102030405060708",
    ])
    func aDamagedKDFIsNone(_ hex: String) { #expect(OpenPGPKDF(Hex.bytes(hex) ?? []) == nil) }

    @Test func noCommandBringsTheCardDown() throws {
        var (card, _) = try S.personalised()
        _ = card.say(S.select)
        var generator = SystemRandomNumberGenerator()
        let instructions: [UInt8] = [
            0x20, 0x22, 0x24, 0x2A, 0x2C, 0x44, 0x47, 0x84, 0x88, 0xA4, 0xA5, 0xC0, 0xCA, 0xCC,
            0xDA, 0xE6,
        ]
        for _ in 0..<5_000 {
            var command = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            if command.count > 1, Bool.random(using: &generator) {
                command[0] = Bool.random(using: &generator) ? 0 : 0x10
                command[1] = instructions.randomElement(using: &generator) ?? 0
            }
            #expect(card.respond(to: command).count >= 2)
        }
    }
}
