import APDU
import Testing

@Suite struct ATRTests {
    /// A card as it is sold, and what its ATR says.
    struct Card: Sendable, CustomTestStringConvertible {
        let name: String
        let atr: String
        var convention = ATR.Convention.direct
        var protocols: [UInt8] = [1]
        var f = 512
        var d = 32
        var guardTime: UInt8 = 0
        var ifsc: Int? = 254
        var bwi: Int? = 4
        var cwi: Int? = 5
        let historical: String
        var testDescription: String { name }
    }

    static let cards: [Card] = [
        Card(
            name: "VGCA Token, bit4id TokenME EVO v2",
            atr: "3BFF1800008131FE45006B150C03020101014234441031800D", f: 372, d: 12,
            historical: "006B150C0302010101423444103180"),
        Card(
            name: "Aladdin eToken PRO 72K", atr: "3BD5180081313A7D8073C8211030", f: 372, d: 12,
            ifsc: 0x3A, bwi: 7, cwi: 13, historical: "8073C82110"),
        Card(
            name: "SafeNet eToken Java", atr: "3BD518008131FE7D8073C82110F4", f: 372, d: 12,
            bwi: 7, cwi: 13, historical: "8073C82110"),
        Card(
            name: "eToken 5110+ FIPS", atr: "3BFF9600008131FE4380318065B0846566FB120178829000 85",
            cwi: 3, historical: "80318065B0846566FB120178829000"),
        Card(
            name: "SafeNet 5110 CC", atr: "3BFF9600008131FE4380318065B0855956FB120178829000 88",
            cwi: 3, historical: "80318065B0855956FB120178829000"),
        Card(
            name: "SafeNet eToken 5300", atr: "3BFF9600008131FE4380318065B0845651101201788290006A",
            cwi: 3, historical: "80318065B084565110120178829000"),
        Card(
            name: "older bit4id TokenME", atr: "3B9F118131FE9F006B4249543449442033 2E30009000CF",
            f: 372, d: 1, bwi: 9, cwi: 15, historical: "006B42495434494420332E30009000"),
        Card(
            name: "Feitian ePass2003", atr: "3B9F958131FE9F006646530501001171DF000003900080",
            d: 16, bwi: 9, cwi: 15, historical: "006646530501001171DF0000039000"),
        Card(
            name: "Vietnamese identity card",
            atr: "3B9F96C00A31FE45754A6176656C696E2D4F5320312E3051", protocols: [0, 1],
            historical: "754A6176656C696E2D4F5320312E30"),
        Card(
            name: "YubiKey 5", atr: "3BFD1300008131FE158073C021C057597562694B657940", f: 372,
            d: 4, bwi: 1, historical: "8073C021C057597562694B6579"),
        Card(
            name: "BasicCard", atr: "3BF29800FFC11031FE55C80315", d: 12, guardTime: 255,
            bwi: 5, historical: "C803"),
        Card(
            name: "a French bank card, inverse convention", atr: "3F6525002C09699000",
            convention: .inverse, protocols: [0], f: 372, d: 1, ifsc: nil, bwi: nil, cwi: nil,
            historical: "2C09699000"),
        Card(
            name: "a SIM card with T=15",
            atr: "3B9F96801FC78031A073BE21136743200718000001A5", protocols: [0], ifsc: nil,
            bwi: nil, cwi: nil, historical: "8031A073BE21136743200718000001"),
    ]

    @Test(arguments: cards) func tellsWhatTheCardOffers(_ card: Card) throws {
        let bytes = hex(card.atr)
        let atr = try ATR(parsing: bytes)
        #expect(atr.bytes == bytes)
        #expect(atr.description == text(bytes))
        #expect(atr.convention == card.convention)
        #expect(atr.protocols.map(\.rawValue) == card.protocols)
        #expect(atr.rates?.f == card.f)
        #expect(atr.rates?.d == card.d)
        #expect(atr.extraGuardTime == card.guardTime)
        #expect(atr.t1?.informationFieldSize == card.ifsc)
        #expect(atr.t1?.blockWaitingInteger == card.bwi)
        #expect(atr.t1?.characterWaitingInteger == card.cwi)
        #expect((atr.t1?.errorDetection ?? .lrc) == .lrc)
        #expect(text(atr.historicalBytes) == card.historical)
        #expect(atr.specificMode == nil)
    }

    @Test(arguments: cards) func isRefusedCutShortAtEachByteAndWithOneMore(_ card: Card) {
        let bytes = hex(card.atr)
        for count in 0..<bytes.count {
            #expect(throws: ATRError(code: .truncated, offset: count)) {
                try ATR(parsing: Array(bytes[..<count]))
            }
        }
        #expect(throws: ATRError(code: .trailingBytes, offset: bytes.count)) {
            try ATR(parsing: bytes + [0])
        }
    }

    @Test(arguments: cards) func oneWrongBitAnywhereBreaksTheCheckByte(_ card: Card) throws {
        let bytes = hex(card.atr)
        guard try ATR(parsing: bytes).checkByte != nil else { return }
        for index in 1..<bytes.count {
            for bit in 0..<8 {
                var broken = bytes
                broken[index] ^= 1 << bit
                #expect(throws: ATRError.self) { try ATR(parsing: broken) }
            }
        }
        var broken = bytes
        broken[bytes.count - 1] ^= 0x41
        #expect(throws: ATRError(code: .checkByte(0x41), offset: bytes.count - 1)) {
            try ATR(parsing: broken)
        }
    }

    @Test(arguments: [
        ("03" + "00", ATRError(code: .initialByte(0x03), offset: 0)),
        ("0000", ATRError(code: .initialByte(0x00), offset: 0)),
        ("3B 80 0F 00", ATRError(code: .globalProtocolFirst, offset: 2)),
        // T=0 alone has no check byte, so one is a byte too many.
        ("3B 02 14 50 46", ATRError(code: .trailingBytes, offset: 4)),
    ])
    func whatIsNoAnswerToResetIsTold(_ bytes: String, _ error: ATRError) {
        #expect(throws: error) { try ATR(parsing: hex(bytes)) }
    }

    @Test func aChainOfTDBytesEndsAtTheLongestATR() {
        for byte in [UInt8(0x80), 0xF0, 0xF1, 0xFF, 0x81] {
            let bytes = [0x3B] + [UInt8](repeating: byte, count: 64)
            #expect(throws: ATRError.self) { try ATR(parsing: bytes) }
        }
        // 0x80 over and over: T=0, and one more TD each time.
        #expect(throws: ATRError(code: .trailingBytes, offset: 33)) {
            try ATR(parsing: [0x3B] + [UInt8](repeating: 0x80, count: 64))
        }
    }

    @Test func everyInterfaceByteIsKeptInItsPlace() throws {
        let atr = try ATR(parsing: checked("3B F2 11 22 33 F1 44 55 66 F1 77 88 09 3F C7 0A AA BB"))
        #expect(atr.interface.count == 4)
        #expect(atr.interface.map(\.ta) == [0x11, 0x44, 0x77, 0xC7])
        #expect(atr.interface.map(\.tb) == [0x22, 0x55, 0x88, 0x0A])
        #expect(atr.interface.map(\.tc) == [0x33, 0x66, 0x09, nil])
        #expect(atr.interface.map(\.td) == [0xF1, 0xF1, 0x3F, nil])
        #expect(atr.interface.map(\.transmissionProtocol) == [nil, .t1, .t1, .global])
        #expect(atr.interface.map(\.index) == [1, 2, 3, 4])
        #expect(text(atr.historicalBytes) == "AABB")
        #expect(atr.t1?.informationFieldSize == 0x77)
        #expect(atr.t1?.blockWaitingInteger == 8)
        #expect(atr.t1?.errorDetection == .crc)
        #expect(atr.waitingInteger == 0x66)
        #expect(atr.clockStop == .either)
        #expect(atr.voltageClasses == [.a, .b, .c])
    }

    @Test func theDefaultsHoldWhereNothingIsSaid() throws {
        let atr = try ATR(parsing: hex("3B00"))
        #expect(atr.protocols == [.t0])
        #expect(atr.rates == .standard)
        #expect(atr.rates?.f == 372 && atr.rates?.d == 1 && atr.rates?.maximumClock == 5000)
        #expect(atr.extraGuardTime == 0)
        #expect(atr.waitingInteger == 10)
        #expect(atr.t1 == nil)
        #expect(atr.clockStop == .notSupported)
        #expect(atr.voltageClasses == .a)
        #expect(atr.checkByte == nil)
        #expect(atr.historical.category == .absent)

        let t1 = try #require(try ATR(parsing: checked("3B 80 01")).t1)
        #expect(t1.informationFieldSize == 32)
        #expect(t1.blockWaitingInteger == 4)
        #expect(t1.characterWaitingInteger == 13)
        #expect(t1.errorDetection == .lrc)
    }

    @Test(arguments: [
        (UInt8(0x01), 372, 1, 4000), (0x11, 372, 1, 5000), (0x22, 558, 2, 6000),
        (0x33, 744, 4, 8000), (0x44, 1116, 8, 12000), (0x55, 1488, 16, 16000),
        (0x66, 1860, 32, 20000), (0x97, 512, 64, 5000), (0xA8, 768, 12, 7500),
        (0xB9, 1024, 20, 10000), (0xC1, 1536, 1, 15000), (0xD6, 2048, 32, 20000),
    ])
    func ta1GivesTheRates(_ ta1: UInt8, _ f: Int, _ d: Int, _ clock: Int) throws {
        let rates = try #require(ATR.Rates(ta1))
        #expect(rates.f == f && rates.d == d && rates.maximumClock == clock)
        #expect(try ATR(parsing: [0x3B, 0x10, ta1]).rates == rates)
    }

    @Test func reservedRatesAreNone() {
        for clock in 0..<16 {
            for adjustment in 0..<16 {
                let reserved = [7, 8, 14, 15].contains(clock) || adjustment == 0 || adjustment > 9
                #expect((ATR.Rates(UInt8(clock << 4 | adjustment)) == nil) == reserved)
            }
        }
    }

    @Test(arguments: [
        (checked("3B 90 96 91 81 31 FE 45"), UInt8(1), false, false),
        (checked("3B 90 96 91 11 31 FE 45"), 1, true, true), (hex("3B 80 10 80"), 0, false, false),
        (hex("3B 80 10 00"), 0, true, false), (hex("3B 80 10 10"), 0, true, true),
    ])
    func ta2MeansSpecificMode(
        _ bytes: [UInt8], _ number: UInt8, _ canChange: Bool, _ implicit: Bool
    ) throws {
        let mode = try #require(try ATR(parsing: bytes).specificMode)
        #expect(mode.transmissionProtocol.rawValue == number)
        #expect(mode.canChange == canChange)
        #expect(mode.ratesAreImplicit == implicit)
    }

    @Test(arguments: [
        ("3B 80 40 0A", Optional(UInt8(10))), ("3B 80 40 FF", 255), ("3B 80 40 00", nil),
        ("3B 80 00", 10),
    ])
    func tc2IsTheWaitingIntegerOfT0(_ bytes: String, _ wi: UInt8?) throws {
        #expect(try ATR(parsing: hex(bytes)).waitingInteger == wi)
    }

    @Test(
        arguments: [
            ("00", nil, Optional(4), Optional(13)), ("FF", nil, 4, 13), ("01", Optional(1), 4, 13),
            ("FE", 254, 4, 13),
        ] as [(String, Int?, Int?, Int?)])
    func reservedSizesOfT1AreNone(_ ta3: String, _ ifsc: Int?, _ bwi: Int?, _ cwi: Int?) throws {
        let t1 = try ATR(parsing: checked("3B 80 81 11" + ta3)).t1
        #expect(t1?.informationFieldSize == ifsc)
        #expect(t1?.blockWaitingInteger == bwi)
        #expect(t1?.characterWaitingInteger == cwi)
    }

    @Test(arguments: [("95", Optional(9)), ("A5", nil), ("F5", nil), ("05", 0)])
    func aReservedBlockWaitingIntegerIsNone(_ tb3: String, _ bwi: Int?) throws {
        #expect(try ATR(parsing: checked("3B 80 81 21" + tb3)).t1?.blockWaitingInteger == bwi)
    }

    @Test(
        arguments: [
            ("01", .notSupported, .a), ("42", .low, .b), ("84", .high, .c),
            ("C3", .either, [.a, .b]), ("06", .notSupported, [.b, .c]),
            ("07", .notSupported, [.a, .b, .c]), ("00", .notSupported, nil),
            ("05", .notSupported, nil),
            ("08", .notSupported, nil),
        ] as [(String, ATR.ClockStop, ATR.VoltageClasses?)])
    func theFirstTAOfT15TellsClockStopAndVoltages(
        _ ta: String, _ stop: ATR.ClockStop, _ classes: ATR.VoltageClasses?
    ) throws {
        let atr = try ATR(parsing: checked("3B 80 80 1F" + ta))
        #expect(atr.clockStop == stop)
        #expect(atr.voltageClasses == classes)
    }

    @Test func errorsSayWhatIsWrongAndWhere() {
        #expect(
            ATRError(code: .truncated, offset: 3).description
                == "the answer to reset ends too early (at byte 3)")
        #expect(ATRError(code: .initialByte(0xA5), offset: 0).description.contains("A5"))
    }
}

@Suite struct HistoricalBytesTests {
    struct Row: Sendable {
        let bytes: String
        let category: HistoricalBytes.Category
        var objects: [String] = []
        var lifeCycle: UInt8?
        var status: UInt16?
        var wellFormed = true
    }

    @Test(arguments: [
        Row(bytes: "", category: .absent),
        // YubiKey 5.
        Row(
            bytes: "8073C021C057597562694B6579", category: .objects,
            objects: ["7:C021C0", "5:597562694B6579"]),
        // eToken 5110: card service data, pre-issuing data, country, status.
        Row(
            bytes: "80318065B0846566FB120178829000", category: .objects,
            objects: ["3:80", "6:B0846566FB", "1:0178", "8:9000"], status: 0x9000),
        Row(bytes: "808105", category: .objects, objects: ["8:05"], lifeCycle: 5),
        Row(
            bytes: "8083059000", category: .objects, objects: ["8:059000"], lifeCycle: 5,
            status: 0x9000),
        Row(
            bytes: "8084050590 00", category: .objects, objects: ["8:05059000"],
            wellFormed: false),
        Row(bytes: "80", category: .objects),
        Row(bytes: "8073C021", category: .objects, wellFormed: false),
        Row(bytes: "80310131", category: .objects, objects: ["3:01"], wellFormed: false),
        Row(bytes: "80018002", category: .objects, wellFormed: false),
        Row(
            bytes: "00 3180 059000", category: .statusAtEnd, objects: ["3:80"], lifeCycle: 5,
            status: 0x9000),
        Row(bytes: "00 059000", category: .statusAtEnd, lifeCycle: 5, status: 0x9000),
        Row(bytes: "00 9000", category: .statusAtEnd, objects: ["9:"], wellFormed: false),
        Row(bytes: "00", category: .statusAtEnd, wellFormed: false),
        // The VGCA Token: objects to the end, and no status where the standard wants three bytes.
        Row(
            bytes: "006B150C0302010101423444103180", category: .statusAtEnd,
            objects: ["6:150C030201010142344410", "3:80"], wellFormed: false),
        Row(bytes: "1081", category: .directoryReference),
        Row(bytes: "10", category: .directoryReference, wellFormed: false),
        Row(bytes: "754A61", category: .proprietary(0x75)),
        Row(bytes: "2C09699000", category: .proprietary(0x2C)),
    ])
    func readsWhatTheCardTells(_ row: Row) {
        let found = HistoricalBytes(hex(row.bytes)[...])
        #expect(found.category == row.category)
        #expect(found.objects.map { "\($0.tag):" + text($0.value) } == row.objects)
        #expect(found.lifeCycle == row.lifeCycle)
        #expect(found.status?.rawValue == row.status)
        #expect(found.isWellFormed == row.wellFormed)
    }

    @Test func capabilitiesTellChainingAndExtendedLength() throws {
        let yubikey = try ATR(parsing: hex("3BFD1300008131FE158073C021C057597562694B657940"))
        let capabilities = try #require(yubikey.historical.capabilities)
        #expect(capabilities.selectsByFullName)
        #expect(capabilities.takesChaining == true)
        #expect(capabilities.takesExtended == true)
        #expect(capabilities.extendedLimitsInFile == false)
        #expect(capabilities.logicalChannels == 1)

        let etoken = try ATR(parsing: hex("3BD518008131FE7D8073C82110F4")).historical.capabilities
        #expect(etoken?.takesChaining == false)
        #expect(etoken?.takesExtended == false)

        let sim = try ATR(parsing: hex("3B9F96801FC78031A073BE21136743200718000001A5"))
        #expect(sim.historical.capabilities?.takesChaining == false)
        #expect(sim.historical.capabilities?.logicalChannels == 4)
    }

    @Test(arguments: [
        ("8071C0", true), ("8072C021", true), ("8070", false), ("807400000000", false),
    ])
    func shorterCapabilitiesDoNotSayAndOtherLengthsAreNone(_ bytes: String, _ present: Bool) {
        let capabilities = HistoricalBytes(hex(bytes)[...]).capabilities
        #expect((capabilities != nil) == present)
        #expect(capabilities?.takesExtended == nil)
        #expect(capabilities?.takesChaining == nil)
    }
}
