import APDU
import Testing

@Suite struct PPSTests {
    @Test(arguments: [
        (PPS(.t0), "FF00FF"), (PPS(.t1), "FF01FE"),
        // FF ^ 11 ^ 95 = 7B; FF ^ 10 ^ 18 = F7.
        (PPS(.t1, rates: 0x95), "FF11957B"), (PPS(.t0, rates: 0x18), "FF1018F7"),
        (PPS(.t1, rates: 0x11), "FF1111FF"),
    ])
    func requestsAreWrittenAndReadBack(_ pps: PPS, _ bytes: String) throws {
        #expect(text(pps.bytes) == bytes)
        #expect(try PPS.make(hex(bytes)) == pps)
    }

    @Test func everyAnnouncedByteIsRead() throws {
        for announced in 0..<8 {
            for number in 0..<16 {
                var bytes: [UInt8] = [0xFF, UInt8(announced << 4 | number)]
                if announced & 1 != 0 { bytes.append(0x96) }
                if announced & 2 != 0 { bytes.append(0x02) }
                if announced & 4 != 0 { bytes.append(0x03) }
                bytes.append(bytes.reduce(0, ^))
                let pps = try PPS.make(bytes)
                #expect(pps.transmissionProtocol.rawValue == UInt8(number))
                #expect(pps.rates == (announced & 1 != 0 ? 0x96 : nil))
                #expect(pps.pps2 == (announced & 2 != 0 ? 0x02 : nil))
                #expect(pps.pps3 == (announced & 4 != 0 ? 0x03 : nil))
                #expect(pps.bytes == bytes)
                #expect(bytes.count <= PPS.longest)
                for count in 0..<bytes.count {
                    #expect(throws: PPSError(.truncated, at: count)) {
                        _ = try PPS.make(Array(bytes[..<count]))
                    }
                }
                #expect(throws: PPSError(.trailingBytes, at: bytes.count)) {
                    _ = try PPS.make(bytes + [0])
                }
                bytes[bytes.count - 1] ^= 0x24
                #expect(throws: PPSError(.checkByte(0x24), at: bytes.count - 1)) {
                    _ = try PPS.make(bytes)
                }
            }
        }
    }

    @Test(arguments: [
        ("3B0000", PPSError(.initialByte(0x3B), at: 0)), ("FF807F", PPSError(.reservedBit, at: 1)),
        // What a mute card's line may read as.
        ("FFFFFF", PPSError(.reservedBit, at: 1)), ("000000", PPSError(.initialByte(0), at: 0)),
    ])
    func whatIsNoPPSIsTold(_ bytes: String, _ error: PPSError) {
        #expect(throws: error) { _ = try PPS.make(hex(bytes)) }
    }

    @Test(
        arguments: [
            ("FF11957B", "FF11957B", .success(0x95)),
            // PPS1 left out: Fd and Dd. FF ^ 01 = FE.
            ("FF11957B", "FF01FE", .success(0x11)),
            ("FF01FE", "FF01FE", .success(0x11)),
            ("FF1111FF", "FF1111FF", .success(0x11)),
            // T=0 instead of T=1.
            ("FF11957B", "FF10957A", .failure(PPSError(.protocolChanged))),
            // 94 instead of 95, and TA1 of another card.
            ("FF11957B", "FF11947A", .failure(PPSError(.ratesChanged))),
            ("FF01FE", "FF1111FF", .failure(PPSError(.unasked))),
            // PPS2 02, PPS3 00.
            ("FF11957B", "FF31950259", .failure(PPSError(.unasked))),
            ("FF11957B", "FF5195003B", .failure(PPSError(.unasked))),
        ] as [(String, String, Result<UInt8, PPSError>)])
    func theCardAgreesOrNot(
        _ request: String, _ response: String, _ outcome: Result<UInt8, PPSError>
    ) throws {
        let request = try PPS.make(hex(request))
        let response = try PPS.make(hex(response))
        #expect(Result { () throws(PPSError) in try request.agreed(by: response) } == outcome)
    }

    @Test func errorsSayWhatIsWrongAndWhere() {
        #expect(
            PPSError(.initialByte(0x3B), at: 0).description
                == "initial byte 3B, not FF (at byte 0)")
        #expect(PPSError(.ratesChanged).description == "the card wants other rates")
    }
}

@Suite struct PPSPlanTests {
    /// A card and a reader, and what to agree on.
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        var atr: [UInt8] = []
        var wanted = TransmissionProtocol.t1
        var list: [UInt32] = []
        var maximum: UInt32 = 1_000_000
        var clock: UInt32 = 4000
        let rates: UInt8
        var request: String?
        var testDescription: String { name }
    }

    /// T=1 alone with this TA1.
    private static func t1(_ ta1: String) -> [UInt8] { checked("3B 90" + ta1 + "81 31 FE 45") }

    /// Two protocols, T=0 first, TA1 96.
    private static let both = hex("3B9F96C00A31FE45754A6176656C696E2D4F5320312E3051")

    // At 4000 kHz: 372/1 10752, 372/4 43010, 372/12 129032, 372/20 215053; 512/64 500000, 512/32
    // 250000, 512/16 125000, 512/8 62500, 512/4 31250, 512/2 15625, 512/1 7812 bit/s.
    static let rows: [Row] = [
        Row(name: "97", atr: t1("97"), rates: 0x97, request: "FF119779"),
        Row(
            name: "97, maximum 344086", atr: t1("97"), maximum: 344_086, rates: 0x96,
            request: "FF119678"),
        Row(
            name: "97, exactly the maximum", atr: t1("97"), maximum: 500_000, rates: 0x97,
            request: "FF119779"),
        Row(
            name: "97, list without it: 96", atr: t1("97"), list: [10_752, 250_000, 125_000],
            rates: 0x96, request: "FF119678"),
        Row(
            name: "97, list without 96: 95", atr: t1("97"), list: [62_500, 10_752, 125_000],
            rates: 0x95, request: "FF11957B"),
        Row(
            name: "97, list without 95: 94", atr: t1("97"), list: [62_500, 10_752], rates: 0x94,
            request: "FF11947A"),
        Row(
            name: "97, 20 and 12 do not divide 64", atr: t1("97"), list: [156_250, 93_750, 15_625],
            rates: 0x92, request: "FF11927C"),
        Row(name: "97, list of the default rate", atr: t1("97"), list: [10_752], rates: 0x11),
        Row(name: "97, 91 is slower than no exchange", atr: t1("97"), list: [7812], rates: 0x11),
        Row(
            name: "97, a list above the maximum", atr: t1("97"), list: [500_000, 125_000],
            maximum: 125_000, rates: 0x95, request: "FF11957B"),
        Row(name: "97, slow reader", atr: t1("97"), maximum: 10_752, rates: 0x11),
        Row(
            name: "97, a reader that tells nothing", atr: t1("97"), clock: 0, rates: 0x11),
        Row(name: "97, at most nothing", atr: t1("97"), maximum: 0, rates: 0x11),
        Row(
            name: "18, the VGCA Token",
            atr: hex("3BFF1800008131FE45006B150C03020101014234441031800D"), rates: 0x18,
            request: "FF1118F6"),
        Row(
            name: "18, list rounded up", atr: t1("18"), list: [129_033], rates: 0x18,
            request: "FF1118F6"),
        Row(
            name: "18, maximum 43010", atr: t1("18"), maximum: 43_010, rates: 0x13,
            request: "FF1113FD"),
        Row(
            name: "18, maximum 40000", atr: t1("18"), maximum: 40_000, rates: 0x12,
            request: "FF1112FC"),
        Row(
            name: "19, 16, 12 and 8 do not divide 20", atr: t1("19"), maximum: 200_000,
            rates: 0x13, request: "FF1113FD"),
        Row(
            name: "13, YubiKey 4", atr: hex("3BF81300008131FE15597562696B657934D4"), rates: 0x13,
            request: "FF1113FD"),
        Row(name: "11", atr: t1("11"), rates: 0x11),
        Row(name: "01, the same rates", atr: t1("01"), rates: 0x11),
        Row(name: "91, slower", atr: t1("91"), rates: 0x11),
        // 558 / 2 = 279, faster than 372.
        Row(name: "22", atr: t1("22"), rates: 0x22, request: "FF1122CC"),
        Row(name: "no TA1", atr: checked("3B 80 01"), rates: 0x11),
        Row(name: "T=0, no TA1", atr: hex("3B00"), wanted: .t0, rates: 0x11),
        Row(name: "reserved F", atr: t1("76"), rates: 0x11),
        Row(name: "reserved D", atr: t1("9A"), rates: 0x11),
        Row(name: "both protocols, the second", atr: both, rates: 0x96, request: "FF119678"),
        Row(
            name: "both protocols, the first", atr: both, wanted: .t0, rates: 0x96,
            request: "FF109679"),
        Row(
            name: "both protocols, the second, slow reader", atr: both, maximum: 10_752,
            rates: 0x11, request: "FF1111FF"),
        Row(
            name: "both protocols, the first, slow reader", atr: both, wanted: .t0,
            maximum: 10_752, rates: 0x11),
        Row(
            name: "specific mode", atr: checked("3B 90 96 91 81 31 FE 45"), maximum: 10_752,
            rates: 0x96),
        Row(
            name: "specific mode, implicit rates", atr: checked("3B 90 96 91 11 31 FE 45"),
            rates: 0x11),
        Row(
            name: "specific mode, reserved rates", atr: checked("3B 90 7F 91 81 31 FE 45"),
            rates: 0x11),
        Row(name: "specific mode, no TA1", atr: hex("3B 80 10 00"), wanted: .t0, rates: 0x11),
    ]

    @Test(arguments: rows) func agreesOnTheFastestBothCan(_ row: Row) throws {
        let reader = ReaderRates(rates: row.list, maximum: row.maximum, clock: row.clock)
        let plan = try PPSPlan(try ATR(parsing: row.atr), wanted: row.wanted, reader: reader)
        #expect(plan.transmissionProtocol == row.wanted)
        #expect(plan.rates == row.rates)
        #expect(plan.request.map { text($0.bytes) } == row.request)
    }

    @Test(arguments: [
        ("3BF81300008131FE15597562696B657934D4", TransmissionProtocol.t0),
        ("3B00", .t1), ("3B801000", .t1),
        ("3B9F96C00A31FE45754A6176656C696E2D4F5320312E3051", .global),
    ])
    func aProtocolThatIsNotOfferedIsRefused(_ atr: String, _ wanted: TransmissionProtocol) throws {
        let atr = try ATR(parsing: hex(atr))
        let reader = ReaderRates(maximum: 1_000_000, clock: 4000)
        #expect(throws: PPSError(.protocolNotOffered)) {
            _ = try PPSPlan(atr, wanted: wanted, reader: reader)
        }
    }

    @Test func afterAFailureTheFirstProtocolHoldsAtTheDefaultRates() throws {
        let plan = PPSPlan.withoutExchange(try ATR(parsing: Self.both))
        #expect(plan.transmissionProtocol == .t0)
        #expect(plan.rates == 0x11)
        #expect(plan.request == nil)
    }

    @Test(
        arguments: [
            ("3B9F96C00A31FE45754A6176656C696E2D4F5320312E3051", [0, 1], Optional(1)),
            ("3B9F96C00A31FE45754A6176656C696E2D4F5320312E3051", [0], 0),
            ("3B9F96C00A31FE45754A6176656C696E2D4F5320312E3051", [1], 1),
            ("3B9F96C00A31FE45754A6176656C696E2D4F5320312E3051", [], nil),
            ("3BF81300008131FE15597562696B657934D4", [1, 0], 1),
            ("3BF81300008131FE15597562696B657934D4", [0], nil), ("3F6525002C09699000", [0, 1], 0),
            ("3F6525002C09699000", [1], nil),
            // Specific mode, T=0, though T=1 is offered too; and T=14 alone.
            ("3B8090000111", [0, 1], 0), ("3B8090000111", [1], nil), ("3B800E8E", [0, 1], nil),
        ] as [(String, [UInt8], UInt8?)])
    func t1ComesFirstWhereTheModeLeavesTheChoice(
        _ atr: String, _ supported: [UInt8], _ preferred: UInt8?
    ) throws {
        let atr = try ATR(parsing: hex(atr))
        let supported = supported.map { TransmissionProtocol(rawValue: $0) }
        #expect(atr.preferredProtocol(among: supported)?.rawValue == preferred)
    }
}

extension PPS {
    static func make(_ bytes: [UInt8]) throws(PPSError) -> PPS {
        try bytes.withBytes { bytes throws(PPSError) in
            try PPS(parsing: bytes)
        }
    }
}
