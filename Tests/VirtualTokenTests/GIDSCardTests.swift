import APDU
import Crypto
import Testing
import VirtualToken

/// A conversation with a GIDS card; an answer that begins with `..` may have any data before.
private struct GIDSScript: Sendable, CustomTestStringConvertible {
    let name: String
    var model = GIDSModel()
    let lines: [(String, String)]

    init(_ name: String, _ lines: [(String, String)]) { self.init(name, [], lines) }

    init(_ name: String, _ oddities: GIDSModel.Oddities, _ lines: [(String, String)]) {
        self.name = name
        self.lines = lines
        model.oddities = oddities
    }

    var testDescription: String { name }

    @discardableResult
    func play(_ state: GIDSState) -> GIDSCard {
        var card = GIDSCard(model, state)
        Script.play(lines, on: &card)
        return card
    }
}

enum GIDSSamples {
    static let select = "00A40400 09 A00000039742544659 00"
    static let selected = "61124F0BA00000039742544659020173034001C09000"
    static let pin = "313233343536"
    static let wrong = "393939393939"
    static let new = "363534333231"
    static let name = "0022C1A4 03 830180"
    static let key: [UInt8] = (0..<24).map { $0 % 8 + 1 }

    static func personalised(
        _ change: (inout GIDSRecipe) -> Void = { _ in }
    ) throws -> (card: GIDSCard, authority: CertificateIssuer) {
        let authority = try TrainingAuthority.make(now: 1_800_000_000)
        var recipe = GIDSRecipe()
        change(&recipe)
        let made = try recipe.make(now: 1_800_000_000, authority: authority)
        return (try #require(made as? GIDSCard), authority)
    }

    /// A card without keys: making them takes time.
    static func state(_ change: (inout GIDSRecipe) -> Void = { _ in }) throws -> GIDSState {
        try personalised {
            $0.containers = []
            change(&$0)
        }.card.state
    }

    static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
}

extension GIDSCard {
    /// Named, asked and answered with `key`; the status of the answer.
    mutating func authenticate(external key: [UInt8]) throws -> StatusWord {
        _ = say(GIDSSamples.name)
        let (challenge, _) = exchange(0x87, 0, 0, [0x7C, 2, 0x81, 0])
        let response = try BlockCipher.tripleDES.encrypt(Array(challenge.dropFirst(4)), key: key)
        return exchange(0x87, 0, 0, [0x7C, 0x0A, 0x82, 8] + response).status
    }
}

@Suite struct GIDSCardTests {
    private typealias S = GIDSSamples

    private static let scripts: [GIDSScript] = [
        GIDSScript(
            "nothing before SELECT; SELECT by the name or its beginning, files by number",
            [
                ("00CB3FFF 04 5C027F71 00", "6D00"), ("00200080", "6D00"),
                ("00A40400 05 A000000308", "6A82"), ("00A40000 02 3FFF", "6A82"),
                (S.select, S.selected),
                ("00A40400 0B A000000397425446590201 00", S.selected),
                ("00A40400 0A A0000003974254465903", "6A82"), ("00A4040C 05 A000000397", "9000"),
                ("00A40004 02 3FFF 00", "62088201388C030330309000"),
                ("00A40008 02 3FFF 00", "64095F2F01607F650280009000"),
                ("00A40004 02 A010 00", "620C8201398302A0108C030330009000"),
                ("00A40000 02 A010 00", "6A86"), ("00A4000C 02 A010", "9000"),
                ("00A4000C 02 A015", "6A82"), ("00A40002 02 A010", "6A86"),
                ("8020008000", "6E00"), ("00840000 08", "6D00"),
            ]),
        GIDSScript(
            "the counter is an object, and VERIFY counts",
            [
                (S.select, "..9000"), ("00CB3FFF 04 5C027F71 00", "7F71069701039301039000"),
                ("00200080", "63C3"), ("00200080 06 \(S.wrong)", "63C2"),
                ("00CB3FFF 04 5C027F71 00", "7F71069701029301039000"),
                ("00CB3FFF 04 5C027F72 00", "7F72069701029301039000"),
                ("00CB3FFF 04 5C027F73 00", "6A88"), ("00CB3FFF 03 5C0170 00", "6A88"),
                ("00200000 06 \(S.pin)", "9000"),
                ("00CB3FFF 04 5C027F71 00", "7F71069701039301039000"),
                // Verified, and asked all the same.
                ("00200080", "63C3"), ("00200081 06 \(S.pin)", "6A88"),
                ("00200180 06 \(S.pin)", "6A86"),
                // Lengths that cannot be are not counted.
                ("00200080 03 313233", "63C3"),
                ("00200080 11 3132333435363738393031323334353637", "63C3"),
                ("00CB3FFF 04 5C027F71 00", "7F71069701039301039000"),
            ]),
        GIDSScript(
            "a blocked PIN stays so",
            [
                (S.select, "..9000"), ("00200080 06 \(S.wrong)", "63C2"),
                ("00240080 0C \(S.wrong)\(S.new)", "63C1"), ("00200080 06 \(S.wrong)", "63C0"),
                ("00200080 06 \(S.pin)", "6983"), ("00200080", "6983"),
                ("00240080 0C \(S.pin)\(S.new)", "6983"),
                ("00CB3FFF 04 5C027F71 00", "7F71069701009301039000"),
            ]),
        GIDSScript(
            "odd: the first version's tag", .draftCounterTag,
            [
                (S.select, "..9000"), ("00CB3FFF 04 5C027F71 00", "7F71079F1701039301039000"),
            ]),
        GIDSScript(
            "odd: no object shows the count", .hidesCount,
            [(S.select, "..9000"), ("00CB3FFF 04 5C027F71 00", "6A88")]),
        GIDSScript(
            "odd: a VERIFY without a code spends a try", .emptyVerifyCounts,
            [
                (S.select, "..9000"), ("00200080", "63C2"),
                ("00CB3FFF 04 5C027F71 00", "7F71069701029301039000"),
            ]),
        GIDSScript(
            "CHANGE REFERENCE DATA",
            [
                (S.select, "..9000"), ("00240180 06 \(S.new)", "6982"),
                ("00240080 0C \(S.pin)\(S.new)", "9000"), ("00200080 06 \(S.new)", "9000"),
                ("00240180 04 31323334", "9000"), ("00200080 04 31323334", "9000"),
                ("00240080 07 31323334313233", "6700"), ("00240081 08 3132333435363738", "6A88"),
                ("00240280 04 31323334", "6A86"),
            ]),
        GIDSScript(
            "files want whom their rules name, and VERIFY 82 forgets",
            [
                (S.select, "..9000"),
                ("00CBA012 04 5C02DF20 00", "DF201000000000000040008000000012345678 9000"),
                ("00CBA000 04 5C02DF20 00", "DF2001019000"), ("00CBA010 04 5C02DF99 00", "6A88"),
                ("00CBA010 04 5C02DF22 00", "DF22060000000000009000"),
                ("00CBA015 04 5C02DF22 00", "6A82"), ("00CBB080 04 5C02DF22 00", "6981"),
                ("00CB0000 04 5C02DF21 00", "DF21086D736370000000009000"),
                ("00CBA013 02 5C00 00", "6982"), ("00CBA014 02 5C00 00", "6982"),
                ("00DBA010 04 DF220101", "6982"), ("00200080 06 \(S.pin)", "9000"),
                ("00CBA013 02 5C00 00", "9000"), ("00CBA014 02 5C00 00", "6982"),
                ("00DBA010 04 DF220101", "9000"), ("00CBA010 04 5C02DF22 00", "DF2201019000"),
                ("00DBA011 04 DF220101", "9000"), ("00CBA011 02 5C00 00", "6982"),
                ("00DBA012 04 DF200101", "6982"), ("00DBA010 05 DF22010100", "6A80"),
                ("00DBA010 03 DF2200", "9000"), ("00CBA010 04 5C02DF22 00", "DF22009000"),
                ("00DBA010 03 DF2200", "9000"), ("00CBA010 04 5C02DF22 00", "6A88"),
                ("00200082", "9000"), ("00DBA010 04 DF220101", "6982"),
            ]),
        GIDSScript(
            "files are made and deleted by the user",
            [
                (S.select, "..9000"), ("00E00000 0E 620C8201398302A0208C03033000", "6982"),
                ("00200080 06 \(S.pin)", "9000"),
                ("00E00000 0E 620C8201398302A0208C03033000", "9000"),
                ("00DBA020 04 DF220101", "6985"), ("00440000", "9000"),
                ("00DBA020 04 DF220101", "9000"), ("00CBA020 02 5C00 00", "DF2201019000"),
                ("00E00000 0E 620C8201398302A0208C03033000", "6A89"),
                ("00E00000 0E 620C8201408302A0218C03033000", "6A80"),
                ("00E00000 0D 620B8201398302A0218C020330", "6A80"),
                ("00E00000 03 620182", "6A80"), ("00E40000", "9000"),
                ("00CBA020 02 5C00 00", "6A82"), ("00E40000", "6986"),
            ]),
        GIDSScript(
            "the administrator's key is named, then asked for a challenge",
            [
                (S.select, "..9000"), ("00870000 04 7C028100 00", "6985"),
                ("0022C1A4 03 830181", "6A88"), ("0022C1A4 03 840180", "6A88"),
                ("0022C1B6 03 830180", "6A86"), (S.name, "9000"),
                ("00870000 04 7C028200 00", "6985"), ("00870100 04 7C028100 00", "6A86"),
                ("00870000 05 7C03810100 00", "6A80"), ("00870000 02 8100 00", "6A80"),
                ("002C0280 06 \(S.new)", "6982"), ("002C0080 0C \(S.pin)\(S.new)", "6A86"),
                // Another command than the answer ends the challenge.
                ("00870000 04 7C028100 00", "..9000"), ("00CB3FFF 04 5C027F71 00", "..9000"),
                ("00870000 0C 7C0A82080102030405060708 00", "6985"),
                ("00870000 04 7C028100 00", "..9000"),
                ("00870000 0C 7C0A82080102030405060708 00", "6982"),
                ("00870000 0C 7C0A82080102030405060708 00", "6985"),
            ]),
        GIDSScript(
            "odd: mutual authentication only", .mutualOnly,
            [
                (S.select, "..4001809000"), (S.name, "9000"),
                ("00870000 04 7C028100 00", "6A80"),
                ("00870000 14 7C12811000000000000000000000000000000000 00", "..9000"),
            ]),
        GIDSScript(
            "keys that are not there",
            [
                (S.select, "..9000"), ("00CB3FFF 0A 70088401 81 A5037F4980 00", "6A88"),
                ("00470000 08 AC06800107830181 00", "6A88"),
                ("002241B6 06 800157840181", "6A88"), ("002A9E9A 01 31 00", "6985"),
            ]),
    ]

    @Test(arguments: scripts)
    private func answersAsTheSpecificationSays(_ script: GIDSScript) throws {
        script.play(try S.state())
    }

    @Test func aCardAsDeliveredIsOpenToWhoeverMakesItAndClosedAfterwards() {
        let card = GIDSScript(
            "making",
            [
                (S.select, "..9000"), ("00200080", "9000"), (S.name, "6A88"),
                ("00870000 04 7C028100 00", "6986"), ("002C0280 06 \(S.new)", "6986"),
                ("00240180 04 31323334", "9000"),
                ("00E00000 1C 621A8201188302B0808C04870020FFA50BA4098001028301809501C0", "9000"),
                ("00440000", "9000"),
                (
                    "00DB3FFF 26 7024840180A51F8718111111111111111111111111111111111111111111111111"
                        + "8803B073DC", "9000"
                ),
                ("00A4000C 02 3FFF", "9000"), ("00440000", "9000"),
                (
                    "00DB3FFF 26 7024840180A51F8718222222222222222222222222222222222222222222222222"
                        + "8803B073DC", "6982"
                ),
                ("00E00000 0E 620C8201398302A0208C03033000", "6982"), (S.name, "9000"),
                ("00200080 04 31323334", "9000"),
            ]
        ).play(.blank)
        #expect(card.state.admin.value == [UInt8](repeating: 0x11, count: 24))
        #expect(card.state.isActivated)
    }

    // MARK: The administrator

    @Test func theAnswerToTheChallengeLetsTheAdministratorSetOnePIN() throws {
        var card = GIDSCard(GIDSModel(), try S.state { $0.isLocked = true })
        _ = card.say(S.select)
        #expect(try card.authenticate(external: S.key) == .success)
        #expect(card.say("002C0280 03 313233") == [0x67, 0])
        #expect(card.say("002C0280 06 \(S.new)") == [0x90, 0])
        #expect(card.say("002C0280 06 \(S.new)") == [0x69, 0x82])
        #expect(card.say("00200080 06 \(S.new)") == [0x90, 0])
        #expect(card.counters.map(\.spent) == [0, 0])
    }

    @Test(arguments: [false, true])
    func bothSidesProveThatTheyHaveTheKey(_ isDamaged: Bool) throws {
        var card = GIDSCard(GIDSModel(), try S.state { $0.isLocked = true })
        _ = card.say(S.select)
        _ = card.say(S.name)
        let host = try SecureRandom.bytes(16)
        let (first, _) = card.exchange(0x87, 0, 0, [0x7C, 0x12, 0x81, 0x10] + host)
        let its = Array(first.dropFirst(4))
        #expect(its.count == 16)
        let mode = CipherMode.cbc(vector: S.zeros(8))
        let text = its + host + S.zeros(7) + [isDamaged ? 0x81 : 0x80]
        let sent = try BlockCipher.tripleDES.encrypt(text, key: S.key, mode: mode)
        let (second, status) = card.exchange(0x87, 0, 0, [0x7C, 0x2A, 0x82, 0x28] + sent)
        guard !isDamaged else {
            #expect(status == .securityStatusNotSatisfied)
            #expect(card.say("002C0280 06 \(S.new)") == [0x69, 0x82])
            return
        }
        #expect(second.count == 44)
        let clear = try BlockCipher.tripleDES.decrypt(
            Array(second.dropFirst(4)), key: S.key, mode: mode)
        #expect(clear.starts(with: host + its))
        #expect(clear.last == 0x80)
        #expect(card.say("002C0280 06 \(S.new)") == [0x90, 0])
    }

    @Test(arguments: [false, true])
    func wrongAnswersAreSpentAndWhereTheCardCountsThemTheKeyIsLost(_ counts: Bool) throws {
        var model = GIDSModel()
        if counts { model.oddities = .countsAdministrator }
        var card = GIDSCard(model, try S.state { $0.adminTries = 2 })
        _ = card.say(S.select)
        for _ in 0..<2 {
            #expect(
                try card.authenticate(external: S.zeros(24)) == .securityStatusNotSatisfied)
        }
        #expect(card.counters[1].spent == 2)
        #expect(card.counters[1].left == (counts ? 0 : 2))
        #expect(
            try card.authenticate(external: S.key) == (counts ? .authenticationBlocked : .success))
    }

    @Test(arguments: ["00200082", S.select, S.name, "reset"])
    func anAnswerIsForgottenWithTheChallenge(_ between: String) throws {
        var card = GIDSCard(GIDSModel(), try S.state())
        _ = card.say(S.select)
        _ = card.say(S.name)
        let (challenge, _) = card.exchange(0x87, 0, 0, [0x7C, 2, 0x81, 0])
        let response = try BlockCipher.tripleDES.encrypt(
            Array(challenge.dropFirst(4)), key: S.key)
        if between == "reset" { card.reset() } else { _ = card.say(between) }
        let (_, status) = card.exchange(0x87, 0, 0, [0x7C, 0x0A, 0x82, 8] + response)
        #expect(status != .success)
        #expect(card.counters[1].spent == 0)
    }

    @Test func theAdministratorChangesItsKey() throws {
        var card = GIDSCard(GIDSModel(), try S.state())
        _ = card.say(S.select)
        #expect(try card.authenticate(external: S.key) == .success)
        let new = try SecureRandom.bytes(24)
        let object = [0x70, 0x1F, 0x84, 1, 0x80, 0xA5, 0x1A, 0x87, 0x18] + new
        #expect(card.exchange(0xDB, 0x3F, 0xFF, object).status == .success)
        _ = card.say("00200082")
        #expect(try card.authenticate(external: S.key) == .securityStatusNotSatisfied)
        #expect(try card.authenticate(external: new) == .success)
    }

    @Test func noCommandBringsTheCardDown() throws {
        var card = GIDSCard(GIDSModel(), try S.state())
        _ = card.say(S.select)
        var generator = SystemRandomNumberGenerator()
        let instructions: [UInt8] = [
            0x20, 0x22, 0x24, 0x2A, 0x2C, 0x44, 0x87, 0xA4, 0xC0, 0xCB, 0xDB, 0xE0, 0xE4,
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
