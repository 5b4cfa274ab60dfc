import APDU
import Crypto
import Testing
import VirtualToken

/// A conversation with a card of one model; an answer that begins with `..` may have any data
/// before.
struct PKCS15Script: Sendable, CustomTestStringConvertible {
    let name: String
    var recipe: PKCS15Recipe
    let lines: [(String, String)]

    init(_ name: String, _ kind: PKCS15Model.Kind, _ lines: [(String, String)]) {
        self.init(name, kind, { _ in }, lines)
    }

    init(
        _ name: String, _ kind: PKCS15Model.Kind, _ change: (inout PKCS15Recipe) -> Void,
        _ lines: [(String, String)]
    ) {
        self.name = name
        self.lines = lines
        recipe = PKCS15Recipe(kind)
        // Making keys takes time.
        recipe.keys = []
        change(&recipe)
    }

    var testDescription: String { name }
}

enum PKCS15Samples {
    static let authority = try? TrainingAuthority.make(now: 1_800_000_000)

    static func card(_ recipe: PKCS15Recipe) throws -> PKCS15Card {
        let made = try recipe.make(now: 1_800_000_000, authority: #require(authority))
        return try #require(made as? PKCS15Card)
    }

    static let isoApplet = "00A40400 0C F276A288BCFBA69D34F31001"
    static let vgca = "00A40400 0A E828BD080F014E585030"
    static let pin0 = "31323334353600000000000000000000"
    static let pinF = "313233343536FFFFFFFFFFFFFFFFFFFF"
    static let newF = "363534333231FFFFFFFFFFFFFFFFFFFF"
    static let new0 = "36353433323100000000000000000000"
    static let pukISO = "30313233343536373839616263646566"
    static let pukF = "3132333435363738FFFFFFFFFFFFFFFF"
    static let wrongF = "393939393939FFFFFFFFFFFFFFFFFFFF"
    static let wrong0 = "39393939393900000000000000000000"
    static let pin8 = "313233343536FFFF"
    static let puk8 = "3132333435363738"
    static let new8 = "363534333231FFFF"
    static let wrong8 = "393939393939FFFF"
}

@Suite struct PKCS15CardTests {
    private typealias S = PKCS15Samples

    private static let scripts: [PKCS15Script] = [
        PKCS15Script(
            "IsoApplet: nothing before its applet is selected", .isoApplet,
            [
                ("00A40800 02 2F00", "6A82"), ("00A40400 0C A000000063504B43532D3135", "6A82"),
                ("00200001", "6D00"), ("00A40400 05 A000000308", "6A82"),
                (S.isoApplet, "0006069000"),
                ("00A40400 0C A000000063504B43532D3135", "..9000"),
                ("00A40400 05 A000000308", "6A82"), ("00A40000 02 5031", "..9000"),
            ]),
        PKCS15Script(
            "IsoApplet: version 1.0 of its interface", .isoApplet, { $0.model.isVersion1 = true },
            [(S.isoApplet, "0100079000"), ("00B00000000010", "6986")]),
        PKCS15Script(
            "files by path, by identifier, and by a path from here", .plain,
            [
                ("00A40000 02 3F00", "6F078201388302" + "3F009000"),
                ("00A4080C 02 2F00", "9000"), ("00B00000 02", "61279000"),
                ("00B07FFF 01", "6B00"), ("00B000FF 02", "6B00"), ("00B00080 05", "9000"),
                ("00B0007F 05", "009000"), ("00A40000 02 5031", "6A82"),
                ("00A40800 02 5015", "6F158201388302" + "5015840CA000000063504B43532D31359000"),
                ("00B00000 01", "6986"), ("00A4020C 02 5031", "9000"),
                ("00B00000 0A", "A00A300804063F0050159000"),
                ("00A40004 02 5032", "620B80020080820101830250329000"),
                ("00A4080C 04 50155032", "9000"), ("00A4080C 04 50155039", "6A82"),
                ("00A4080C 06 501550325032", "6A82"), ("00A40800 03 501550", "6700"),
                ("00A40000 03 501550", "6700"), ("00A4000C", "9000"),
                ("00A4090C 04 50155031", "9000"), ("00A40700 02 5031", "6A86"),
                ("00A40001 02 5031", "6A86"), ("00B08100 01", "6A86"), ("00B10000 01", "6D00"),
            ]),
        PKCS15Script(
            "VGCA: the applet first, EF.DIR by path from the MF, then the applet again", .vgca,
            [
                ("00A4080C 02 2F00", "6A82"), ("00A40400 0C A000000063504B43532D3135", "6A82"),
                ("00200083", "6D00"), (S.vgca, "6F0F820138840AE828BD080F014E5850309000"),
                ("00A4000C 02 5032", "9000"), ("00B00000 0C", "..9000"),
                ("00A4080C 02 2F00", "9000"),
                (
                    "00B00000 1B",
                    "6119" + "4F0AE828BD080F014E585030" + "500B4A434F503442697434496" + "49000"
                ),
                ("00A4000C 02 5032", "6A82"), ("00A4000C 02 5015", "6A82"),
                ("00A4040C 0A E828BD080F014E585030", "9000"), ("00A4000C 02 7001", "9000"),
            ]),
        PKCS15Script(
            "IsoApplet: VERIFY, which says what is left even when verified, and never 6983",
            .isoApplet,
            [
                (S.isoApplet, "0006069000"), ("00200001", "63C3"), ("00200081", "6A86"),
                ("00200002", "6A86"), ("00200001 03 313233", "6700"),
                ("00200001 06 313233343536", "9000"), ("00200001", "63C3"),
                ("00200001 10 \(S.pin0)", "9000"), ("00200001 10 \(S.wrong0)", "63C2"),
                ("00200001", "63C2"), ("00200001 04 39393939", "63C1"),
                ("00200001 04 39393939", "63C0"), ("00200001", "63C0"),
                ("00200001 10 \(S.pin0)", "63C0"),
            ]),
        PKCS15Script(
            "VGCA: VERIFY with a PIN padded with FF", .vgca,
            [
                (S.vgca, "..9000"), ("00200083", "63C3"), ("00200003", "6A88"),
                ("00200083 06 313233343536", "6700"), ("00200083 10 \(S.pin0)", "63C2"),
                ("00200083 10 \(S.pinF)", "9000"), ("00200083", "9000"),
                ("00200083 10 \(S.wrongF)", "63C2"), ("00200083", "63C2"),
                ("00200083 10 \(S.wrongF)", "63C1"), ("00200083 10 \(S.wrongF)", "63C0"),
                ("00200083", "6983"), ("00200083 10 \(S.pinF)", "6983"),
            ]),
        PKCS15Script(
            "IsoApplet: the PUK unblocks, and is always 16 bytes", .isoApplet,
            { $0.isLocked = true },
            [
                (S.isoApplet, "0006069000"), ("002C0001 10 \(S.pukISO)", "6700"),
                ("002C0001 13 \(S.pukISO)313233", "6700"),
                ("002C0001 20 \(S.wrong0)\(S.new0)", "63C4"),
                ("002C0101 20 \(S.pukISO)\(S.new0)", "6A86"),
                ("002C0001 20 \(S.pukISO)\(S.new0)", "9000"), ("00200001", "63C3"),
                ("00200001 10 \(S.new0)", "9000"),
                ("002C0001 16 \(S.pukISO)313233343536", "9000"),
                ("00200001 10 \(S.pin0)", "9000"),
            ]),
        PKCS15Script(
            "VGCA: the PUK unblocks, both codes padded to 16", .vgca, { $0.isLocked = true },
            [
                (S.vgca, "..9000"), ("00200083", "6983"),
                ("002C0083 1F \(S.pukF)31323334353637383930313233343" + "5", "6700"),
                ("002C0083 20 \(S.wrongF)\(S.newF)", "63C2"),
                ("002C0083 20 \(S.pukF)313233FFFFFFFFFFFFFFFFFFFFFFFFFF", "6A80"),
                ("002C0003 20 \(S.pukF)\(S.newF)", "6A88"),
                ("002C0083 20 \(S.pukF)\(S.newF)", "9000"), ("00200083", "63C3"),
                ("00200083 10 \(S.newF)", "9000"),
            ]),
        PKCS15Script(
            "a blocked PUK unblocks no more", .plain, { $0.isLocked = true },
            [
                ("002C0001 10 \(S.wrong8)\(S.new8)", "63C2"),
                ("002C0001 10 \(S.wrong8)\(S.new8)", "63C1"),
                ("002C0001 10 \(S.wrong8)\(S.new8)", "63C0"),
                ("002C0001 10 \(S.puk8)\(S.new8)", "6983"), ("00200001", "6983"),
            ]),
        PKCS15Script(
            "without a PUK nothing unblocks", .plain,
            {
                $0.puk = nil
                $0.isLocked = true
            }, [("002C0001 10 \(S.puk8)\(S.new8)", "6983"), ("00200001", "6983")]),
        PKCS15Script(
            "CHANGE REFERENCE DATA of PIN and PUK", .plain,
            [
                ("00240001 10 \(S.wrong8)\(S.new8)", "63C2"), ("00240001 08 \(S.pin8)", "6700"),
                ("00240001 10 \(S.pin8)313233FFFFFFFFFF", "6A80"),
                ("00240001 10 \(S.pin8)\(S.new8)", "9000"), ("00200001", "9000"),
                ("00240002 10 \(S.wrong8)\(S.new8)", "63C2"),
                ("00240002 10 \(S.puk8)\(S.new8)", "9000"),
                ("002C0001 10 \(S.new8)\(S.pin8)", "9000"), ("00200001", "63C3"),
                ("00200001 08 \(S.pin8)", "9000"), ("00240003 10 \(S.puk8)\(S.new8)", "6A88"),
            ]),
        PKCS15Script(
            "IsoApplet: CHANGE REFERENCE DATA is for the PIN alone", .isoApplet,
            [
                (S.isoApplet, "0006069000"), ("00240002 20 \(S.pukISO)\(S.pukISO)", "6A86"),
                ("00240001 20 \(S.pin0)\(S.new0)", "9000"), ("00200001 10 \(S.new0)", "9000"),
            ]),
        PKCS15Script(
            "no keys, no operations", .vgca,
            [
                (S.vgca, "..9000"), ("002241B6 03 840110", "6A88"), ("002A9E9A 01 31 00", "6982"),
                ("00200083 10 \(S.pinF)", "9000"), ("002A9E9A 01 31 00", "6985"),
                ("002201B6 03 840110", "6A81"), ("002241A4 03 840110", "6A81"),
                ("002241B6 03 840210", "6A80"), ("00840000 08", "..9000"),
                ("00CA01A0 14", "6D00"), ("10200083 01 31", "6884"),
            ]),
        PKCS15Script(
            "what OpenSC asks a MyEID", .plain,
            [
                ("00CA01A0 14", "0105000000030500" + "00000000000000BC614E" + "00009000"),
                ("00CA01AA 0B", "6A88"),
            ]),
    ]

    @Test(arguments: scripts)
    func answersAsItsModelSays(_ script: PKCS15Script) throws {
        var card = try S.card(script.recipe)
        Script.play(script.lines, on: &card)
    }

    @Test func everyTrySpentIsCountedForEver() throws {
        var recipe = PKCS15Recipe(.plain)
        recipe.keys = []
        var card = try S.card(recipe)
        Script.play(
            [
                ("00200001 08 \(S.wrong8)", "63C2"), ("00240001 10 \(S.wrong8)\(S.new8)", "63C1"),
                ("002C0001 10 \(S.wrong8)\(S.new8)", "63C2"),
                ("002C0001 10 \(S.puk8)\(S.new8)", "9000"), ("00200001 08 \(S.new8)", "9000"),
            ], on: &card)
        #expect(
            SimulatedToken(card).countersLine
                == #"{"pin":3,"puk":3,"pinSpent":2,"pukSpent":1}"#)
    }

    @Test func aSelectionForgetsThePIN() throws {
        var recipe = PKCS15Recipe(.vgca)
        recipe.keys = []
        var card = try S.card(recipe)
        Script.play(
            [
                (S.vgca, "..9000"), ("00200083 10 \(S.pinF)", "9000"),
                ("00A4000C 02 5031", "9000"), ("00200083", "9000"), (S.vgca, "..9000"),
                ("00200083", "63C3"), ("00200083 10 \(S.pinF)", "9000"),
            ], on: &card)
        card.reset()
        Script.play([("00200083", "6D00"), (S.vgca, "..9000"), ("00200083", "63C3")], on: &card)
    }

    @Test(arguments: PKCS15Model.Kind.allCases)
    func noCommandBringsTheCardDown(_ kind: PKCS15Model.Kind) throws {
        var recipe = PKCS15Recipe(kind)
        if kind == .plain { recipe.keys = [.init(.p256)] } else { recipe.keys = [] }
        var card = try S.card(recipe)
        var generator = SystemRandomNumberGenerator()
        let instructions: [UInt8] = [0x20, 0x22, 0x24, 0x2A, 0x2C, 0x84, 0xA4, 0xB0, 0xC0, 0xCA]
        for turn in 0..<5_000 {
            if turn.isMultiple(of: 100) {
                _ = card.say(kind == .vgca ? S.vgca : S.isoApplet)
            }
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
