import APDU
import Testing

private func objects(
    _ bytes: [UInt8], padding: TLVReader.Padding = .refused
) throws(APDUError) -> [TLV] {
    var reader = TLVReader(bytes, padding: padding)
    return try reader.all()
}

@Suite struct TLVReaderTests {
    struct Good: Sendable {
        let bytes: String
        let tags: [UInt32]
        let values: [String]
    }

    @Test(arguments: [
        Good(bytes: "", tags: [], values: []),
        Good(bytes: "5300", tags: [0x53], values: [""]),
        Good(bytes: "8101AA", tags: [0x81], values: ["AA"]),
        Good(bytes: "7F490186", tags: [0x7F49], values: ["86"]),
        Good(bytes: "5FC1050101", tags: [0x5FC105], values: ["01"]),
        Good(bytes: "5F1F00", tags: [0x5F1F], values: [""]),
        // A low number in a long tag: GlobalPlatform's BF0C, EMV's DF01.
        Good(bytes: "BF0C0100", tags: [0xBF0C], values: ["00"]),
        Good(bytes: "DF0100", tags: [0xDF01], values: [""]),
        // All forms of a length, longer than need be too.
        Good(bytes: "04 7F" + text(pattern(127)), tags: [4], values: [text(pattern(127))]),
        Good(bytes: "04 8180" + text(pattern(128)), tags: [4], values: [text(pattern(128))]),
        Good(bytes: "04 81FF" + text(pattern(255)), tags: [4], values: [text(pattern(255))]),
        Good(bytes: "04 820100" + text(pattern(256)), tags: [4], values: [text(pattern(256))]),
        Good(bytes: "04 8101AA", tags: [4], values: ["AA"]),
        Good(bytes: "04 820001AA", tags: [4], values: ["AA"]),
        Good(bytes: "04 83000001AA", tags: [4], values: ["AA"]),
        Good(bytes: "04 8400000001AA", tags: [4], values: ["AA"]),
        // 00 and FF inside a value are the value's own.
        Good(bytes: "0402 00FF 05 00", tags: [4, 5], values: ["00FF", ""]),
        // The answer of a PIV applet to SELECT.
        Good(
            bytes: "61114F0600001000010079074F05A000000308", tags: [0x61],
            values: ["4F0600001000010079074F05A000000308"]),
    ])
    func readsEveryObject(_ row: Good) throws {
        let found = try objects(hex(row.bytes))
        #expect(found.map(\.tag.rawValue) == row.tags)
        #expect(found.map { text($0.value) } == row.values)
        for object in found { #expect(object.depth == 0) }
    }

    struct Bad: Sendable {
        let bytes: String
        let code: APDUError.Code
        let offset: Int
    }

    @Test(arguments: [
        Bad(bytes: "53", code: .objectTruncated, offset: 1),
        Bad(bytes: "5F", code: .objectTruncated, offset: 1),
        Bad(bytes: "5FC1", code: .objectTruncated, offset: 2),
        Bad(bytes: "5FC105", code: .objectTruncated, offset: 3),
        Bad(bytes: "5381", code: .objectTruncated, offset: 2),
        Bad(bytes: "538201", code: .objectTruncated, offset: 3),
        Bad(bytes: "5384000000", code: .objectTruncated, offset: 5),
        Bad(bytes: "5301", code: .valueTruncated, offset: 2),
        Bad(bytes: "530201", code: .valueTruncated, offset: 2),
        Bad(bytes: "5384FFFFFFFF00", code: .valueTruncated, offset: 6),
        Bad(bytes: "53847FFFFFFF00", code: .valueTruncated, offset: 6),
        Bad(bytes: "538400000002AA", code: .valueTruncated, offset: 6),
        // Indefinite length, and lengths of five bytes and more.
        Bad(bytes: "3080 0000", code: .lengthInvalid, offset: 1),
        Bad(bytes: "53850000000001AA", code: .lengthInvalid, offset: 1),
        Bad(bytes: "53FF00", code: .lengthInvalid, offset: 1),
        // A tag of four bytes; a tag whose number begins with zero.
        Bad(bytes: "5F81828300", code: .tagInvalid, offset: 0),
        Bad(bytes: "5F800100", code: .tagInvalid, offset: 0),
        Bad(bytes: "00", code: .paddingFound, offset: 0),
        Bad(bytes: "FF", code: .paddingFound, offset: 0),
        Bad(bytes: "5300 00 5300", code: .paddingFound, offset: 2),
        Bad(bytes: "530101 5F", code: .objectTruncated, offset: 4),
    ])
    func malformedBytesAreRefusedWhereTheyAreWrong(_ row: Bad) {
        #expect(throws: APDUError(row.code, at: row.offset)) { try objects(hex(row.bytes)) }
    }

    @Test(arguments: [
        ("00005301AA", "AA"), ("5301AA0000", "AA"), ("FF5301AAFF00", "AA"),
        ("5301AA00FF5401BB", "AABB"), ("0000", ""), ("", ""),
    ])
    func paddingIsSkippedWhereTheCallerAllowsIt(_ bytes: String, _ values: String) throws {
        let found = try objects(hex(bytes), padding: .skipped)
        #expect(text(found.flatMap(\.value)) == values)
    }

    @Test func readsOneAfterTheOtherAndTellsTheRest() throws {
        var reader = TLVReader(hex("8001AA 8101BB 8001CC"))
        #expect(try reader.next()?.tag == 0x80)
        #expect(text(reader.rest) == "8101BB8001CC")
        #expect(try reader.first(0x80)?.value.first == 0xCC)
        #expect(try reader.first(0x80) == nil)
        #expect(try reader.next() == nil)
    }

    @Test func findsAPathThroughTagsThatDoNotSayTheyHoldObjects() throws {
        // PIV's certificate object: 53 is primitive by its tag and holds objects.
        let certificate = hex("530C 7005 3003020105 710100 FE00")
        #expect(
            try text(#require(try TLVReader.find([0x53, 0x70], in: certificate)).value)
                == "3003020105")
        #expect(
            try TLVReader.find([0x53, 0x70, 0x30, 0x02], in: certificate).map { text($0.value) }
                == "05")
        #expect(try TLVReader.find([0x53, 0x70, 0x30], in: certificate)?.depth == 2)
        #expect(try TLVReader.find([0x53, 0x72], in: certificate) == nil)
        #expect(try TLVReader.find([0x70], in: certificate) == nil)
        #expect(try TLVReader.find([], in: certificate) == nil)
        #expect(
            codeThrown { _ = try TLVReader.find([0x53, 0x70, 0x30, 0x02, 0x01], in: certificate) }
                == .objectTruncated)
    }

    @Test func paddingIsSkippedOnTheWholePath() throws {
        let bytes = hex("00 6105 00 8001AA FF")
        #expect(
            try TLVReader.find([0x61, 0x80], in: bytes, padding: .skipped).map { text($0.value) }
                == "AA")
        #expect(codeThrown { _ = try TLVReader.find([0x61, 0x80], in: bytes) } == .paddingFound)
    }

    @Test func offsetsCountFromTheFirstReadersBytes() throws {
        #expect(throws: APDUError(.valueTruncated, at: 4)) {
            try TLVReader.find([0x61, 0x80], in: hex("6103 8005 AA"))
        }
        let slice = hex("FFFF 8001AA")[2...]
        #expect(try TLVReader.find([0x80], in: slice)?.value.startIndex == 4)
    }

    @Test func nestingEndsAtTheDeepestLevel() throws {
        var bytes: [UInt8] = []
        for _ in 0...(TLVReader.deepest + 1) { bytes = try TLVWriter.object(0x30, bytes) }
        var reader = TLVReader(bytes)
        var depth = 0
        let code = codeThrown {
            while let object = try reader.next() {
                reader = try object.children()
                depth += 1
            }
        }
        #expect(code == .nestedTooDeep(limit: TLVReader.deepest))
        #expect(depth == TLVReader.deepest)
    }

    @Test func everyTruncationOfACertificateObjectIsRefused() throws {
        let whole = hex("53 820104 70 8200FB") + pattern(251) + hex("710100 FE00")
        let good = Array(whole[..<4]) + Array(whole[4...].prefix(260))
        #expect(try TLVReader.find([0x53, 0x70], in: good)?.value.count == 251)
        for count in 1..<good.count {
            #expect(codeThrown { _ = try objects(Array(good[..<count])) } != nil)
        }
    }
}

@Suite struct TLVTagTests {
    @Test(arguments: [
        (UInt32(0x53), 1, false, true, "53"), (0x7C, 1, true, true, "7C"),
        (0x5F2F, 2, false, true, "5F2F"), (0x7F49, 2, true, true, "7F49"),
        (0x5FC105, 3, false, true, "5FC105"), (0x7F8148, 3, true, true, "7F8148"),
        (0x00, 1, false, false, "00"), (0xFF, 1, true, false, "FF"),
        (0x5F, 1, false, false, "5F"), (0x5301, 2, false, false, "5301"),
        (0x5FC1, 2, false, false, "5FC1"), (0x5F8001, 3, false, false, "5F8001"),
        (0x5F8182, 3, false, false, "5F8182"), (0x5F4101, 3, false, false, "5F4101"),
    ])
    func tellsItsShape(
        _ raw: UInt32, _ bytes: Int, _ constructed: Bool, _ valid: Bool, _ digits: String
    ) {
        let tag = TLVTag(raw)
        #expect(tag.byteCount == bytes)
        #expect(tag.isConstructed == constructed)
        #expect(tag.isValid == valid)
        #expect(tag.description == digits)
    }

    @Test func aTagOfFourBytesIsNotOne() {
        #expect(!TLVTag(0x5F81_8203).isValid)
        #expect(TLVTag(0xFFFF_FFFF).byteCount == 3)
    }
}

@Suite struct TLVWriterTests {
    @Test(arguments: [0, 1, 127, 128, 255, 256, 65535, 65536, 0xFF_FFFF, 0x100_0000])
    func writesEachLengthInItsShortestFormAndReadsItBack(_ count: Int) throws {
        var sink = PlainBuffer(capacity: 16)
        try TLVWriter.header(0x5FC105, valueCount: count, into: &sink)
        let header = sink.bytes
        let field =
            switch count {
            case ...0x7F: [UInt8(count)]
            case ...0xFF: [0x81, UInt8(count)]
            case ...0xFFFF: [0x82, UInt8(count >> 8), UInt8(count & 0xFF)]
            case ...0xFF_FFFF:
                [0x83, UInt8(count >> 16), UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF)]
            default: [0x84, UInt8(count >> 24), 0, 0, 0]
            }
        #expect(header == hex("5FC105") + field)
        #expect(TLVWriter.encodedLength(0x5FC105, valueCount: count) == header.count + count)
        guard count <= 65536 else { return }
        let found = try objects(try TLVWriter.object(0x5FC105, pattern(count)))
        #expect(found.count == 1)
        #expect(found.first?.value.elementsEqual(pattern(count)) == true)
    }

    @Test func nestedObjectsAreWrittenWithoutAnythingInBetween() throws {
        // 7C{82 00, 81 hash}: PIV's request for a signature.
        let hash = pattern(32)
        let inner =
            TLVWriter.encodedLength(0x82, valueCount: 0)
            + TLVWriter.encodedLength(0x81, valueCount: hash.count)
        var sink = PlainBuffer(capacity: 64)
        try TLVWriter.header(0x7C, valueCount: inner, into: &sink)
        try TLVWriter.header(0x82, valueCount: 0, into: &sink)
        try hash.withUnsafeBytes { try TLVWriter.write(0x81, $0, into: &sink) }
        let bytes = sink.bytes
        #expect(text(bytes) == "7C2482008120" + text(hash))
        #expect(try TLVReader.find([0x7C, 0x81], in: bytes)?.value.elementsEqual(hash) == true)
    }

    @Test(arguments: [UInt32(0), 0xFF, 0x5F, 0x5F8001, 0x5F81_8203])
    func aTagNobodyCouldReadIsNotWritten(_ raw: UInt32) {
        #expect(throws: APDUError(.tagInvalid)) { try TLVWriter.object(TLVTag(raw), [1]) }
    }

    @Test func aNegativeLengthIsRefusedAndAFullSinkTold() {
        var sink = PlainBuffer(capacity: 8)
        #expect(
            codeThrown { try TLVWriter.header(0x53, valueCount: -1, into: &sink) }
                == .lengthInvalid)
        for capacity in 0..<5 {
            var small = PlainBuffer(capacity: capacity)
            #expect(
                codeThrown {
                    try pattern(3).withUnsafeBytes { try TLVWriter.write(0x53, $0, into: &small) }
                } == .sinkFull)
        }
    }
}
