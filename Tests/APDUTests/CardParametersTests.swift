import APDU
import Testing

@Suite struct CardParametersTests {
    /// A card in one protocol at agreed rates: what the reader is told, and the times in
    /// microseconds: WWT, or BWT, CWT and BGT.
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let atr: [UInt8]
        var wanted = TransmissionProtocol.t1
        let rates: UInt8
        var quirks = ATRQuirk.known
        let data: String
        var clock: UInt32 = 4000
        let times: [UInt64]
        var testDescription: String { name }
    }

    private static let identityCard = hex("3B9F96C00A31FE45754A6176656C696E2D4F5320312E3051")
    private static let openPGP = hex("3BFA1300FF813180450031C173C00100009000B1")

    static let rows: [Row] = [
        // An etu is 372/4 = 93 cycles. BWT 11 * 93 + 2 * 960 * 372 = 715263, CWT (11 + 32) * 93
        // = 3999, BGT 22 * 93 = 2046 cycles; 4 cycles a microsecond.
        Row(
            name: "YubiKey 4", atr: hex("3BF81300008131FE15597562696B657934D4"), rates: 0x13,
            data: "13 10 00 15 00 FE 00", times: [178_816, 1000, 512]),
        // The same with an etu of 372: 4092 + 714240, 43 * 372, 22 * 372 cycles.
        Row(
            name: "YubiKey 4 after a PPS that failed",
            atr: hex("3BF81300008131FE15597562696B657934D4"), rates: 0x11,
            data: "11 10 00 15 00 FE 00", times: [179_583, 3999, 2046]),
        // 372/12 = 31: 341 + 16 * 960 * 372 = 5714261, 43 * 31 = 1333, 22 * 31 = 682 cycles.
        Row(
            name: "VGCA Token at 4.8 MHz",
            atr: hex("3BFF1800008131FE45006B150C03020101014234441031800D"), rates: 0x18,
            data: "18 10 00 45 00 FE 00", clock: 4800, times: [1_190_472, 278, 143]),
        // 10 * 960 * 372 = 3571200 cycles at 3.58 MHz.
        Row(
            name: "French bank card, inverse convention", atr: hex("3F6525002C09699000"),
            wanted: .t0, rates: 0x11, data: "11 02 00 0A 00", clock: 3580, times: [997_542]),
        // 10 * 960 * 512 = 4915200 cycles.
        Row(
            name: "Vietnamese identity card, T=0", atr: identityCard, wanted: .t0, rates: 0x96,
            data: "96 00 00 0A 00", times: [1_228_800]),
        Row(
            name: "the waiting time counts in the card's F at other rates too",
            atr: identityCard, wanted: .t0, rates: 0x11, data: "11 00 00 0A 00",
            times: [1_228_800]),
        // And in F in force where that is longer: 10 * 960 * 2048 = 19660800 cycles.
        Row(
            name: "or in the F in force", atr: identityCard, wanted: .t0, rates: 0xD1,
            data: "D1 00 00 0A 00", times: [4_915_200]),
        // 512/32 = 16: 176 + 5713920 = 5714096, 43 * 16 = 688, 22 * 16 = 352 cycles.
        Row(
            name: "Vietnamese identity card, T=1", atr: identityCard, rates: 0x96,
            data: "96 10 00 45 00 FE 00", times: [1_428_524, 172, 88]),
        // 512/12: BWT (11 * 512 + 12 * 32 * 960 * 372) / 48 = 2857077.3, CWT 43 * 512 / 48
        // = 458.7, BGT 22 * 512 / 48 = 234.7 microseconds.
        Row(
            name: "BasicCard", atr: hex("3BF29800FFC11031FE55C80315"), rates: 0x98,
            data: "98 10 FF 55 00 FE 00", times: [2_857_078, 459, 235]),
        // BWI 7 for 4: 1023 + 128 * 960 * 372 = 45712383 cycles, 11.4 s.
        Row(
            name: "OpenPGP card", atr: openPGP, rates: 0x13, data: "13 10 FF 75 00 80 00",
            times: [11_428_096, 1000, 512]),
        Row(
            name: "OpenPGP card as its ATR says", atr: openPGP, rates: 0x13, quirks: [],
            data: "13 10 FF 45 00 80 00", times: [1_428_736, 1000, 512]),
        // BWI 7 of its own: 341 + 45711360 cycles.
        Row(
            name: "OpenPGP card v2", atr: hex("3BDA18FF81B1FE751F030031C573C001400090000C"),
            rates: 0x18, data: "18 10 FF 75 00 FE 00", times: [11_427_926, 334, 171]),
        // 4092 + 256 * 960 * 372 = 91426812, (11 + 256) * 372 = 99324, 8184 cycles.
        Row(
            name: "CRC", atr: checked("3B F2 11 22 33 F1 44 55 66 F1 77 88 09 3F C7 0A AA BB"),
            rates: 0x11, data: "11 11 33 88 00 77 00", times: [22_856_703, 24_831, 2046]),
        // WI 66: 102 * 960 * 372 = 36426240 cycles.
        Row(
            name: "WI of TC2",
            atr: checked("3B F2 11 22 33 F1 44 55 66 F1 77 88 09 3F C7 0A AA BB"), wanted: .t0,
            rates: 0x11, data: "11 00 33 66 00", times: [9_106_560]),
        Row(
            name: "reserved WI and rates", atr: hex("3B804000"), wanted: .t0, rates: 0x7F,
            data: "11 00 00 0A 00", times: [892_800]),
        // 4092 + 5713920 cycles.
        Row(
            name: "reserved IFSC and BWI", atr: checked("3B 80 81 31 FF A5"), rates: 0x9A,
            data: "11 10 00 45 00 20 00", times: [1_429_503, 3999, 2046]),
        // CWI 13: (11 + 8192) * 372 = 3051516 cycles.
        Row(
            name: "T=1 with nothing said", atr: checked("3B 80 01"), rates: 0x11,
            data: "11 10 00 4D 00 20 00", times: [1_429_503, 762_879, 2046]),
        Row(
            name: "T=1 where it is not offered", atr: hex("3B00"), rates: 0x11,
            data: "11 10 00 4D 00 20 00", times: [1_429_503, 762_879, 2046]),
        // 255 * 960 * 2048 cycles at the slowest clock there is.
        Row(
            name: "the longest work waiting time", atr: hex("3B90D140FF"), wanted: .t0,
            rates: 0xD1, data: "D1 00 00 FF 00", clock: 0, times: [501_350_400]),
        // 11 * 2048 + 512 * 960 * 372, (11 + 32768) * 2048, 22 * 2048 cycles.
        Row(
            name: "the longest block waiting time", atr: checked("3B 90 D1 81 21 9F"),
            rates: 0xD1, data: "D1 10 00 9F 00 20 00", clock: 999,
            times: [182_867_968, 67_131_392, 45_056]),
        Row(
            name: "the fastest clock a descriptor can tell", atr: hex("3B00"), wanted: .t0,
            rates: 0x11, data: "11 00 00 0A 00", clock: .max, times: [1]),
    ]

    @Test(arguments: rows) func tellsTheReaderWhatTheCardSays(_ row: Row) throws {
        let parameters = try #require(
            CardParameters(
                try ATR(parsing: row.atr), row.wanted, rates: row.rates, quirks: row.quirks))
        #expect(text(parameters.reader.bytes) == text(hex(row.data)))
        switch parameters.times(clock: row.clock) {
        case .t0(let wait): #expect([wait] == row.times)
        case .t1(let block, let character, let guardTime):
            #expect([block, character, guardTime] == row.times)
        }
    }

    @Test func otherProtocolsHaveNone() throws {
        let atr = try ATR(parsing: checked("3B 80 0E"))
        for number in 2...15 as ClosedRange<UInt8> {
            let other = TransmissionProtocol(rawValue: number)
            #expect(CardParameters(atr, other, rates: 0x11) == nil)
        }
    }

    @Test func everyRateAndWaitingIntegerHasTimes() throws {
        let atr = try ATR(parsing: hex("3B00"))
        for rates in UInt8.min...UInt8.max {
            for clock in [0, 4000, .max] as [UInt32] {
                _ = CardParameters(atr, .t1, rates: rates)?.times(clock: clock)
                _ = CardParameters(atr, .t0, rates: rates)?.times(clock: clock)
            }
        }
        for waiting in UInt8.min...UInt8.max {
            let t1 = try ATR(parsing: checked("3B 90 D1 81 21" + text([waiting])))
            let t0 = try ATR(parsing: hex("3B 90 D1 40" + text([waiting])))
            _ = CardParameters(t1, .t1, rates: 0xD1)?.times(clock: 0)
            _ = CardParameters(t0, .t0, rates: 0xD1)?.times(clock: 0)
        }
    }

    @Test func eachQuirkIsAnATRThatParsesAndSaysWhy() throws {
        for quirk in ATRQuirk.known {
            let atr = try ATR(parsing: quirk.atr)
            #expect(atr.t1?.blockWaitingInteger != quirk.blockWaitingInteger)
            #expect(!quirk.reason.isEmpty)
        }
    }
}
