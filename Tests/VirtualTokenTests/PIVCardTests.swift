import APDU
import Crypto
import Testing
import VirtualToken

/// The card side byte by byte, against SP 800-73-4.
@Suite struct PIVCardTests {
    static let scripts: [Script] = [
        Script(
            "nothing works before SELECT",
            [
                ("00CB3FFF 05 5C035FC102 00", "6D00"), ("00200080", "6D00"),
                ("00200080 08 \(Samples.pin)", "6D00"), ("00FD000000", "6D00"),
                ("10870711 01 00", "6D00"),
            ]),
        Script(
            "SELECT takes the whole name and its beginnings, and nothing else",
            [
                (Samples.select, Samples.property), (Samples.select + "00", Samples.property),
                ("00A40400 0B A000000308000010000100", Samples.property),
                ("00A40400 09 A00000030800001000 00", Samples.property),
                ("00A40400 04 A0000003", "6A82"), ("00A40400 05 A000000309", "6A82"),
                ("00A40400 0C A00000030800001000010000", "6A82"), ("00A40000 02 3F00", "6A86"),
                ("00A40400", "6A82"),
            ]),
        Script(
            "a SELECT that fails leaves the application selected and the PIN verified",
            [
                (Samples.select, "..9000"), ("00200080 08 \(Samples.pin)", "9000"),
                ("00A40400 05 A000000527", "6A82"), ("00200080", "9000"),
                (Samples.select, "..9000"), ("00200080", "9000"),
            ]),
        Script(
            "another application forgets the PIN",
            [
                (Samples.select, "..9000"), ("00200080 08 \(Samples.pin)", "9000"),
                ("00A40400 08 A000000151000000", "6F0A8408A0000001510000009000"),
                ("00200080", "6D00"), (Samples.select, "..9000"), ("00200080", "63C3"),
            ]),
        Script(
            "commands that are no commands",
            [
                ("", "6700"), ("00", "6700"), ("00A404", "6700"), ("00A4040005A0", "6700"),
                ("FFA40400", "6E00"), ("00600000", "6D00"), ("00900000", "6D00"),
                (Samples.select, "..9000"), ("80200080", "6E00"), ("0C200080", "6E00"),
                ("01200080", "6881"), ("00100000", "6D00"), ("00F70080", "6D00"),
                ("00F8000000", "6D00"), ("00FD000000", "6D00"), ("00FA0303", "6D00"),
                ("00FB0000", "6D00"),
            ]),
        Script(
            "VERIFY counts down, blocks, and then refuses the right code too",
            [
                (Samples.select, "..9000"), ("00200080", "63C3"),
                ("00200080 08 \(Samples.wrong)", "63C2"), ("00200080", "63C2"),
                ("00200080 08 \(Samples.wrong)", "63C1"), ("00200080 08 \(Samples.wrong)", "63C0"),
                ("00200080", "6983"), ("00200080 08 \(Samples.pin)", "6983"),
            ]),
        Script(
            "the right code fills the counter, a wrong one forgets it",
            [
                (Samples.select, "..9000"), ("00200080 08 \(Samples.wrong)", "63C2"),
                ("00200080 08 \(Samples.pin)", "9000"), ("00200080", "9000"),
                ("00200080 08 \(Samples.wrong)", "63C2"), ("00200080", "63C2"),
                ("00200080 08 \(Samples.pin)", "9000"), ("0020FF80", "9000"),
                ("00200080", "63C3"),
            ]),
        Script(
            "eight FF are a code like another and count; a wrong length does not",
            [
                (Samples.select, "..9000"), ("00200080 08 FFFFFFFFFFFFFFFF", "63C2"),
                ("00200080 06 313233343536", "6700"), ("00200080 09 313233343536FFFFFF", "6700"),
                ("00200080", "63C2"), ("00200081 08 \(Samples.puk)", "6A88"),
                ("00200081", "6A88"), ("00200000", "6A88"), ("00200180", "6A86"),
                ("0020FF80 08 \(Samples.pin)", "6A80"), ("00200080", "63C2"),
            ]),
        Script(
            "a wrong length on a YubiKey",
            .yubiKey,
            [
                (Samples.select, "..9000"), ("00200080 06 313233343536", "6A80"),
                ("0024 0080 08 \(Samples.pin)", "6A80"), ("00200080", "63C3"),
            ]),
        Script(
            "codes are never chained",
            [(Samples.select, "..9000"), ("10200080 04 31323334", "6884"), ("00200080", "63C3")]),
        Script(
            "CHANGE REFERENCE DATA of the PIN",
            [
                (Samples.select, "..9000"), ("00240080 10 \(Samples.wrong)\(Samples.new)", "63C2"),
                ("00240080 10 \(Samples.pin)\(Samples.new)", "9000"),
                ("00200080", "9000"), ("0020FF80", "9000"),
                ("00200080 08 \(Samples.pin)", "63C2"), ("00200080 08 \(Samples.new)", "9000"),
            ]),
        Script(
            "a new PIN of the wrong form costs no try",
            [
                (Samples.select, "..9000"),
                ("00240080 10 \(Samples.pin) 3132333435FFFFFF", "6A80"),
                ("00240080 10 \(Samples.pin) 313233343541FFFF", "6A80"),
                ("00240080 10 \(Samples.pin) 3132333435FF36FF", "6A80"),
                ("00240080 10 \(Samples.pin) FFFFFFFFFFFFFFFF", "6A80"),
                ("00240080 08 \(Samples.pin)", "6700"),
                ("00240180 10 \(Samples.pin)\(Samples.new)", "6A86"),
                ("00240000 10 \(Samples.pin)\(Samples.new)", "6A88"), ("00200080", "63C3"),
            ]),
        Script(
            "letters in a new PIN are a YubiKey's way",
            .yubiKey,
            [
                (Samples.select, "..9000"),
                ("00240080 10 \(Samples.pin) 616263646566FFFF", "9000"),
                ("00200080 08 616263646566FFFF", "9000"),
            ]),
        Script(
            "CHANGE REFERENCE DATA of the PUK has the PUK's counter",
            [
                (Samples.select, "..9000"),
                ("00240081 10 \(Samples.wrong) 3837363534333231", "63C2"),
                ("00240081 10 \(Samples.puk) 3837363534333231", "9000"),
                ("002C0080 10 \(Samples.puk)\(Samples.new)", "63C2"),
                ("002C0080 10 3837363534333231 \(Samples.new)", "9000"), ("00200080", "63C3"),
            ]),
        Script(
            "a wrong old code in a change forgets the verified PIN",
            [
                (Samples.select, "..9000"), ("00200080 08 \(Samples.pin)", "9000"),
                ("00240080 10 \(Samples.wrong)\(Samples.new)", "63C2"), ("00200080", "63C2"),
            ]),
        Script(
            "RESET RETRY COUNTER sets a PIN, and blocks by itself",
            [
                (Samples.select, "..9000"), ("00200080 08 \(Samples.wrong)", "63C2"),
                ("002C0080 10 \(Samples.wrong)\(Samples.new)", "63C2"), ("00200080", "63C2"),
                ("002C0080 10 \(Samples.puk)\(Samples.new)", "9000"), ("00200080", "63C3"),
                ("00200080 08 \(Samples.new)", "9000"),
                ("002C0080 10 \(Samples.wrong)\(Samples.new)", "63C2"),
                ("002C0080 10 \(Samples.wrong)\(Samples.new)", "63C1"),
                ("002C0080 10 \(Samples.wrong)\(Samples.new)", "63C0"),
                ("002C0080 10 \(Samples.puk)\(Samples.new)", "6983"),
            ]),
        Script(
            "RESET RETRY COUNTER with a bad form costs no try",
            [
                (Samples.select, "..9000"), ("002C0080 08 \(Samples.puk)", "6700"),
                ("002C0080 10 \(Samples.puk) 3132333435FFFFFF", "6A80"),
                ("002C0180 10 \(Samples.puk)\(Samples.new)", "6A86"),
                ("002C0081 10 \(Samples.puk)\(Samples.new)", "6A88"),
            ]),
        Script(
            "GET DATA",
            [
                (Samples.select, "..9000"), ("00CB3FFF 05 5C035FC102 00", "53043400FE009000"),
                ("00CB3FFF 05 5C035FC102", "53043400FE009000"),
                ("00CB3FFF 03 5C017E 00", "7E124F0BA0000003080000100001005F2F0240009000"),
                ("00CB3FFF 05 5C035FC105 00", "6A82"), ("00CB3FFF 04 5C025FC1 00", "6A82"),
                ("00CB3FFF 05 5D035FC102 00", "6A80"), ("00CB3FFF 04 5C035FC1 00", "6A80"),
                ("00CB3FFF 02 5C00 00", "6A80"), ("00CB0000 05 5C035FC102 00", "6A86"),
                ("00CB3FFF", "6A80"),
            ]),
        Script(
            "printed information wants the PIN",
            [
                (Samples.select, "..9000"), ("00CB3FFF 05 5C035FC109 00", "6982"),
                ("00200080 08 \(Samples.pin)", "9000"),
                ("00CB3FFF 05 5C035FC109 00", "53030101019000"),
            ]),
        Script(
            "answers come in the pieces that were asked for",
            [
                (Samples.select, "..9000"), ("00CB3FFF 05 5C035FC102 02", "53046104"),
                ("00C00000 01", "346103"), ("00C0000000", "00FE009000"), ("00C0000000", "6985"),
                ("00CB3FFF 05 5C035FC102 02", "53046104"), ("00200080", "63C3"),
                ("00C0000000", "6985"),
            ]),
        Script(
            "extended length", .yubiKey,
            [
                (Samples.select, "..9000"),
                ("00CB3FFF 000005 5C035FC102 0000", "53043400FE009000"),
                ("00CB3FFF 000005 5C035FC102 0001", "536105"),
            ]),
        Script(
            "no extended length where the card takes none", .short,
            [(Samples.select, "..9000"), ("00CB3FFF 000005 5C035FC102 0000", "6700")]),
        Script(
            "management needs its key",
            [
                (Samples.select, "..9000"), ("0047009A 05 AC03800111 00", "6982"),
                ("00DB3FFF 09 5C035FC102 53020102", "6982"),
            ]),
        Script(
            "Yubico: version, serial, metadata", .yubiKey,
            [
                (Samples.select, "..9000"), ("00FD000000", "0504039000"),
                ("00F8000000", "00BC614E9000"),
                ("00F7008000", "0101FF050101060203039000"),
                ("00F7008100", "0101FF050101060203039000"),
                ("00F7009B00", "010103020200010501019000"), ("00F7009A00", "6A88"),
                ("00200080 08 \(Samples.wrong)", "63C2"),
                ("00F7008000", "0101FF050101060203029000"), ("00FB0000", "6985"),
                ("00FA0303", "6982"), ("00F90000", "6D00"),
            ]),
        Script(
            "odd: an empty VERIFY spends a try", .odd(.emptyVerifySpends),
            [
                (Samples.select, "..9000"), ("00200080", "6300"), ("00200080", "6300"),
                ("00200080 08 \(Samples.wrong)", "63C0"), ("00200080", "6983"),
            ]),
        Script(
            "odd: never says that it is blocked", .odd(.neverSaysBlocked),
            [
                (Samples.select, "..9000"), ("00200080 08 \(Samples.wrong)", "63C2"),
                ("00200080 08 \(Samples.wrong)", "63C1"), ("00200080 08 \(Samples.wrong)", "63C0"),
                ("00200080 08 \(Samples.pin)", "63C0"), ("00200080", "63C0"),
            ]),
        Script(
            "odd: a wrong code answers 6985 and is not counted", .odd(.wrongIs6985),
            [
                (Samples.select, "..9000"), ("00200080", "6985"),
                ("00200080 08 \(Samples.wrong)", "6985"), ("00200080 08 \(Samples.wrong)", "6985"),
                ("00200080 08 \(Samples.wrong)", "6985"), ("00200080 08 \(Samples.wrong)", "6985"),
                ("00200080 08 \(Samples.pin)", "9000"),
            ]),
        Script(
            "odd: counts in silence", .odd(.hidesCount),
            [
                (Samples.select, "..9000"), ("00200080", "6700"),
                ("00200080 08 \(Samples.wrong)", "6300"), ("00200080 08 \(Samples.wrong)", "6300"),
                ("00200080 08 \(Samples.wrong)", "6300"), ("00200080 08 \(Samples.pin)", "6983"),
            ]),
    ]

    @Test(arguments: scripts)
    func answersAsTheStandardSays(_ script: Script) { script.play() }

    @Test func everyTrySpentIsCountedForEver() {
        let card = Script(
            "spending", .yubiKey,
            [
                (Samples.select, "..9000"), ("00200080 08 \(Samples.wrong)", "63C2"),
                ("00240080 10 \(Samples.wrong)\(Samples.new)", "63C1"),
                ("00200080 08 \(Samples.pin)", "9000"),
                ("002C0080 10 \(Samples.wrong)\(Samples.new)", "63C2"),
                ("00240081 10 \(Samples.wrong)\(Samples.puk)", "63C1"),
                ("002C0080 10 \(Samples.puk)\(Samples.new)", "9000"),
            ]
        ).play()
        #expect(card.state.pin.spent == 2)
        #expect(card.state.puk.spent == 2)
        #expect(card.state.pin.left == 3)
        #expect(card.state.puk.left == 3)
    }

    @Test func aBlockedCodeSpendsNothingMore() {
        let card = Script(
            "blocked",
            [
                (Samples.select, "..9000"), ("00200080 08 \(Samples.wrong)", "6983"),
                ("00240080 10 \(Samples.pin)\(Samples.new)", "6983"),
                ("002C0080 08 \(Samples.puk)", "6700"),
                ("002C0080 10 \(Samples.puk)\(Samples.new)", "6983"),
                ("00240081 10 \(Samples.puk)\(Samples.puk)", "6983"),
            ]
        ).play(Samples.state(pinLeft: 0, pukLeft: 0))
        #expect(card.state.pin.spent == 0)
        #expect(card.state.puk.spent == 0)
    }

    @Test func theRevisionMovesExactlyWhenSomethingToKeepChanged() {
        var card = PIVCard(.plain, Samples.state())
        _ = card.say(Samples.select)
        _ = card.say("00200080")
        _ = card.say("00200080 08 \(Samples.pin)")
        #expect(card.revision == 0)
        _ = card.say("00200080 08 \(Samples.wrong)")
        #expect(card.revision == 1)
        _ = card.say("00200080 08 \(Samples.pin)")
        #expect(card.revision == 2)
    }

    @Test func noCommandBringsTheCardDown() {
        var card = PIVCard(.yubiKey, Samples.state())
        _ = card.say(Samples.select)
        var generator = SystemRandomNumberGenerator()
        let instructions: [UInt8] = [
            0x20, 0x24, 0x2C, 0x47, 0x87, 0xA4, 0xC0, 0xCB, 0xDB, 0xF7, 0xF8, 0xFA, 0xFB, 0xFD,
            0xFF,
        ]
        for _ in 0..<20_000 {
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

extension PIVModel {
    static var short: PIVModel {
        var model = PIVModel.plain
        model.extendedLength = false
        return model
    }
}
