import APDU
import Testing

private let header = CommandHeader(0x00, 0xA4, 0x04, 0x0C)

@Suite struct CommandTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let bytes: String
        let data: String
        let expecting: ExpectedLength
        let form: APDUForm
        let encoding: CommandCase
        var testDescription: String { bytes }
    }

    /// One row an encoding of ISO 7816-4, 5.1, with the special values of Lc and Le.
    static let rows: [Row] = [
        Row(bytes: "00A4040C", data: "", expecting: .none, form: .short, encoding: .case1),
        Row(
            bytes: "00A4040C 00", data: "", expecting: .max, form: .short, encoding: .case2Short),
        Row(
            bytes: "00A4040C 01", data: "", expecting: .exactly(1), form: .short,
            encoding: .case2Short),
        Row(
            bytes: "00A4040C FF", data: "", expecting: .exactly(255), form: .short,
            encoding: .case2Short),
        Row(
            bytes: "00A4040C 02 3F00", data: "3F00", expecting: .none, form: .short,
            encoding: .case3Short),
        Row(
            bytes: "00A4040C 01 00", data: "00", expecting: .none, form: .short,
            encoding: .case3Short),
        Row(
            bytes: "00A4040C 02 3F00 00", data: "3F00", expecting: .max, form: .short,
            encoding: .case4Short),
        Row(
            bytes: "00A4040C 02 3F00 10", data: "3F00", expecting: .exactly(16), form: .short,
            encoding: .case4Short),
        Row(
            bytes: "00A4040C 00 0000", data: "", expecting: .max, form: .extended,
            encoding: .case2Extended),
        Row(
            bytes: "00A4040C 00 0001", data: "", expecting: .exactly(1), form: .extended,
            encoding: .case2Extended),
        Row(
            bytes: "00A4040C 00 0100", data: "", expecting: .exactly(256), form: .extended,
            encoding: .case2Extended),
        Row(
            bytes: "00A4040C 00 FFFF", data: "", expecting: .exactly(65535), form: .extended,
            encoding: .case2Extended),
        Row(
            bytes: "00A4040C 00 0002 3F00", data: "3F00", expecting: .none, form: .extended,
            encoding: .case3Extended),
        Row(
            bytes: "00A4040C 00 0002 3F00 0000", data: "3F00", expecting: .max, form: .extended,
            encoding: .case4Extended),
        Row(
            bytes: "00A4040C 00 0002 3F00 0101", data: "3F00", expecting: .exactly(257),
            form: .extended, encoding: .case4Extended),
    ]

    @Test(arguments: rows) func everyCaseIsEncodedAsTheStandardWritesIt(_ row: Row) throws {
        #expect(
            text(try encode(header, hex(row.data), row.expecting, row.form)) == text(hex(row.bytes))
        )
    }

    @Test(arguments: rows) func everyCaseIsParsedBack(_ row: Row) throws {
        let bytes = hex(row.bytes)
        let command = try parse(bytes)
        #expect(command.header == header)
        #expect(command.expecting == row.expecting)
        #expect(command.form == row.form)
        #expect(command.encoding == row.encoding)
        #expect(bytes.withUnsafeBytes { Array(command.data(in: $0)) } == hex(row.data))
        #expect(command.encodedCount == bytes.count)
    }

    @Test func everyBoundaryOfLcAndLeSurvivesTheRoundTrip() throws {
        let les: [ExpectedLength] = [
            .none, .max, .exactly(1), .exactly(255), .exactly(256), .exactly(257),
            .exactly(65535), .exactly(65536),
        ]
        for form in [APDUForm.short, .extended] {
            for count in [0, 1, 2, 254, 255, 256, 257, 65534, 65535, 65536] {
                for le in les {
                    let data = pattern(count)
                    let wanted: Int =
                        switch le {
                        case .none: 0
                        case .max: form.maximumExpected
                        case .exactly(let n): n
                        }
                    guard count <= form.maximumData else {
                        #expect(throws: APDUError(.dataTooLong(limit: form.maximumData))) {
                            try encode(header, data, le, form)
                        }
                        continue
                    }
                    guard wanted <= form.maximumExpected else {
                        #expect(throws: APDUError(.expectedLengthOutOfRange)) {
                            try encode(header, data, le, form)
                        }
                        continue
                    }
                    let bytes = try encode(header, data, le, form)
                    #expect(
                        bytes.count
                            == CommandEncoder.encodedLength(
                                dataCount: count, expecting: le, form: form))
                    let command = try parse(bytes)
                    #expect(bytes.withUnsafeBytes { command.data(in: $0).elementsEqual(data) })
                    #expect(command.expectedCount == wanted)
                    if bytes.count > 4 { #expect(command.form == form) }
                }
            }
        }
    }

    @Test(arguments: [0, -1, Int.min, 257, 65536, 65537, Int.max])
    func aShortLeOutsideItsRangeIsRefused(_ count: Int) {
        #expect(throws: APDUError(.expectedLengthOutOfRange)) {
            try encode(header, [], .exactly(count), .short)
        }
    }

    @Test(arguments: [
        ("", APDUError.Code.commandTooShort), ("00", .commandTooShort),
        ("00A404", .commandTooShort),
        // 00 as the whole Lc of a short command, or half of an extended length.
        ("00A40400 0000", .lengthsDisagree),
        ("00A40400 0001", .lengthsDisagree),
        // An extended Lc of zero: with an Le, with data, with both.
        ("00A40400 000000 00", .zeroLength),
        ("00A40400 000000 0000", .zeroLength),
        ("00A40400 000000 1234", .zeroLength),
        ("00A40400 000000 123456", .zeroLength),
        // Too few and too many bytes behind Lc.
        ("00A40400 02 3F", .lengthsDisagree),
        ("00A40400 02 3F00 0000", .lengthsDisagree),
        ("00A40400 FF 00", .lengthsDisagree),
        ("00A40400 000002 3F", .lengthsDisagree),
        ("00A40400 000002 3F00 00", .lengthsDisagree),
        ("00A40400 000002 3F00 000000", .lengthsDisagree),
        ("00A40400 00FFFF 3F00", .lengthsDisagree),
        // Classes and instructions that cannot be.
        ("FFA40400", .classInvalid), ("FFCA000000", .classInvalid),
        ("00600000", .instructionInvalid), ("006F000000", .instructionInvalid),
        ("00900000", .instructionInvalid), ("809F0000", .instructionInvalid),
    ])
    func impossibleCommandsAreRefused(_ bytes: String, _ code: APDUError.Code) {
        #expect(codeThrown { _ = try parse(hex(bytes)) } == code)
    }

    @Test func aProprietaryClassMayHaveInstructions6X() throws {
        let command = hex("80680170 01 5A")
        #expect(try parse(command).header == CommandHeader(0x80, 0x68, 1, 0x70))
        #expect(
            try encode(CommandHeader(0x80, 0x68, 1, 0x70), [0x5A], .none, .short) == command)
    }

    @Test func everyTruncationAndEveryExtraByteIsAnotherCommandOrNone() throws {
        for row in Self.rows {
            let bytes = hex(row.bytes)
            for other in (0..<bytes.count).map({ Array(bytes[..<$0]) }) + [bytes + [0x5A]] {
                guard let command = try? parse(other) else { continue }
                let data = other.withUnsafeBytes { Array(command.data(in: $0)) }
                #expect(
                    try encode(command.header, data, command.expecting, command.form) == other)
            }
        }
    }

    @Test(arguments: [
        (CommandHeader(0xFF, 0xA4, 0, 0), APDUError.Code.classInvalid),
        (CommandHeader(0x00, 0x60, 0, 0), .instructionInvalid),
        (CommandHeader(0x00, 0x9F, 0, 0), .instructionInvalid),
    ])
    func impossibleHeadersAreNotEncoded(_ header: CommandHeader, _ code: APDUError.Code) {
        #expect(codeThrown { _ = try encode(header, [], .none, .short) } == code)
    }

    @Test func aSinkThatIsTooSmallIsFullAtEveryLength() throws {
        for row in Self.rows {
            let whole = hex(row.bytes).count
            for capacity in 0..<whole {
                #expect(throws: APDUError(.sinkFull)) {
                    try encode(
                        header, hex(row.data), row.expecting, row.form, capacity: capacity)
                }
            }
            #expect(
                try encode(header, hex(row.data), row.expecting, row.form, capacity: whole).count
                    == whole)
        }
    }

    @Test(arguments: [
        ("00A40400", 4), ("00A4040000", 5), ("00A40400023F00", 7), ("00A40400023F0000", 7),
        ("00A404000000023F000000", 11),
    ])
    func onlyCase4ShortLosesItsLeForT0(_ bytes: String, _ count: Int) throws {
        #expect(try parse(hex(bytes)).countForT0 == count)
    }

    @Test(arguments: [
        (UInt8(0x00), UInt8(0x00)), (0x03, 0x03), (0x10, 0x00), (0x12, 0x02), (0x0C, 0x00),
        (0x1F, 0x03), (0x40, 0x40), (0x7F, 0x4F), (0x80, 0x00), (0x84, 0x00), (0x91, 0x01),
        (0xC3, 0x43),
    ])
    func getResponseKeepsTheChannelAndNothingElse(_ cla: UInt8, _ expected: UInt8) {
        #expect(
            CommandHeader(cla, 0xA4, 1, 2).getResponse == CommandHeader(expected, 0xC0, 0, 0))
    }

    @Test(arguments: [(UInt8(0x00), UInt8(0)), (0x03, 3), (0x40, 4), (0x4F, 19), (0x81, 1)])
    func theLogicalChannelIsReadFromTheClass(_ cla: UInt8, _ channel: UInt8) {
        #expect(CommandHeader(cla, 0xA4, 0, 0).logicalChannel == channel)
    }

    @Test func theCardsAnswerToAnImpossibleCommandNamesWhatIsWrong() {
        #expect(APDUError(.classInvalid).answer == .classNotSupported)
        #expect(APDUError(.instructionInvalid).answer == .instructionNotSupported)
        #expect(APDUError(.zeroLength).answer == .wrongLength)
    }

    @Test func dataAskedForInOtherBytesIsEmptyAndDoesNotTrap() throws {
        let command = try parse(hex("00A40400023F00"))
        #expect(hex("00A404").withUnsafeBytes { command.data(in: $0).isEmpty })
    }
}

@Suite struct CommandChainTests {
    struct Row: Sendable {
        let count: Int
        let size: Int
        let lengths: [Int]
    }

    @Test(arguments: [
        Row(count: 0, size: 255, lengths: [0]), Row(count: 1, size: 255, lengths: [1]),
        Row(count: 255, size: 255, lengths: [255]), Row(count: 256, size: 255, lengths: [255, 1]),
        Row(count: 510, size: 255, lengths: [255, 255]),
        Row(count: 511, size: 255, lengths: [255, 255, 1]),
        Row(count: 5, size: 2, lengths: [2, 2, 1]), Row(count: 2, size: 0, lengths: [1, 1]),
        Row(count: 3, size: -9, lengths: [1, 1, 1]), Row(count: -4, size: 255, lengths: [0]),
    ])
    func segmentsCoverTheDataOnceAndOnlyTheLastIsUnmarked(_ row: Row) throws {
        let chain = try CommandChain(
            CommandHeader(0x00, 0xDB, 0x3F, 0xFF), dataCount: row.count, expecting: .max,
            segmentSize: row.size)
        #expect(chain.count == row.lengths.count)
        var next = 0
        for (index, length) in row.lengths.enumerated() {
            let segment = try #require(chain.segment(index))
            let isLast = index == row.lengths.count - 1
            #expect(segment.range == next..<(next + length))
            #expect(segment.isLast == isLast)
            #expect(segment.header.cla == (isLast ? 0x00 : 0x10))
            #expect(segment.expecting == (isLast ? .max : .none))
            next += length
        }
        #expect(chain.segment(row.lengths.count) == nil)
        #expect(chain.segment(-1) == nil)
    }

    @Test func aClassThatIsChainedAlreadyIsNotCutFurther() throws {
        let chained = CommandHeader(0x10, 0xDB, 0, 0)
        #expect(throws: APDUError(.classCannotChain, at: 0)) {
            try CommandChain(chained, dataCount: 256, expecting: .none)
        }
        #expect(try CommandChain(chained, dataCount: 255, expecting: .none).count == 1)
    }
}
