import APDU
import Testing

@Suite struct T1BlockTests {
    static let kinds: [T1EDC] = [.lrc, .crc, .plainCRC]

    /// Computed with Python's binascii.crc_hqx over bytes with their bits turned round. The first
    /// is the published check value of CRC-16/X-25 (906E) and of CRC-16/MCRF4XX (6F91); the next
    /// three of the plain form are in a published trace of a card with pcscd's driver.
    static let sums: [(bytes: String, lrc: String, crc: String, plain: String)] = [
        ("313233343536373839", "31", "6E90", "6F91"),
        ("00C101FE", "3E", "B1AB", "544E"),
        ("00E101FE", "1E", "8AA8", "5775"),
        ("00000500A4000000", "A1", "2547", "B8DA"),
        ("009000", "90", "91DF", "206E"),
        ("008000", "80", "004A", "B5FF"),
        ("00C000", "C0", "660C", "F399"),
        ("00E000", "E0", "552F", "D0AA"),
        ("00C30105", "C7", "5557", "A8AA"),
        ("00200C00A4040007A0000003080000", "20", "29A6", "59D6"),
        ("0000FE" + text(pattern(254)), "DF", "6F23", "DC90"),
    ]

    @Test func codesAreThoseOfOtherProgrammes() {
        for (data, lrc, crc, plain) in Self.sums {
            for (edc, sum) in zip(Self.kinds, [lrc, crc, plain]) {
                let whole = hex(data + sum)
                #expect(whole.withUnsafeBytes { edc.holds($0) }, "\(data) \(edc)")
                #expect(text(errorDetectionCode(hex(data), edc)) == sum, "\(data) \(edc)")
            }
        }
    }

    static let blocks: [(bytes: String, content: T1Block.Content)] = [
        ("00 00 00", .information(.zero, more: false)),
        ("00 40 03 0102FF", .information(.one, more: false)),
        ("00 20 01 AA", .information(.zero, more: true)),
        ("00 60 01 AA", .information(.one, more: true)),
        ("00 80 00", .receiveReady(.zero, .errorFree)),
        ("00 90 00", .receiveReady(.one, .errorFree)),
        ("00 81 00", .receiveReady(.zero, .damaged)),
        ("00 92 00", .receiveReady(.one, .otherError)),
        ("00 C0 00", .request(.resynch)),
        ("00 E0 00", .response(.resynch)),
        ("00 C1 01 FE", .request(.ifs(254))),
        ("00 E1 01 01", .response(.ifs(1))),
        ("00 C2 00", .request(.abort)),
        ("00 E2 00", .response(.abort)),
        ("00 C3 01 00", .request(.wtx(0))),
        ("00 E3 01 FF", .response(.wtx(255))),
    ]

    @Test(arguments: kinds) func blocksAreReadAndWrittenBack(_ edc: T1EDC) throws {
        for (bytes, content) in Self.blocks {
            let whole = block(bytes, edc)
            let parsed = try parse(whole, edc)
            #expect(parsed.content == content)
            var information: [UInt8] = []
            whole.withUnsafeBytes { information = Array(parsed.information(in: $0)) }
            #expect(information == Array(hex(bytes).dropFirst(3)))
            if case .information = content {} else { information = [] }
            var sink = PlainBuffer(capacity: whole.count)
            try information.withUnsafeBytes {
                try T1Block.encode(content, information: $0, edc: edc, into: &sink)
            }
            #expect(text(sink.bytes) == text(whole))
        }
    }

    @Test(arguments: kinds) func everyControlByteIsABlockOrRefused(_ edc: T1EDC) {
        for control in UInt8.min...UInt8.max {
            for information in [[], [5], [5, 5]] as [[UInt8]] {
                let bytes = [0, control, UInt8(information.count)] + information
                let parsed = try? parse(bytes + errorDetectionCode(bytes, edc), edc)
                let expected =
                    switch control {
                    case 0x00, 0x20, 0x40, 0x60: true
                    case 0x80, 0x81, 0x82, 0x90, 0x91, 0x92: information.isEmpty
                    case 0xC0, 0xC2, 0xE0, 0xE2: information.isEmpty
                    case 0xC1, 0xC3, 0xE1, 0xE3: information.count == 1
                    default: false
                    }
                #expect((parsed != nil) == expected, "\(control) \(information.count)")
            }
        }
    }

    @Test func bytesThatAreNoBlockSayWhy() {
        let cases: [(bytes: [UInt8], why: T1Block.Invalid)] = [
            ([], .size), ([0], .size), ([0, 0, 0], .size),
            ([UInt8](repeating: 0, count: 260), .size),
            ([0, 0, 0, 1], .edc),
            (block("01 00 00"), .nodeAddress),
            (block("12 80 00"), .nodeAddress),
            (block("00 00 01"), .length),
            (block("00 00 00 AA"), .length),
            (block("00 00 FF" + text(pattern(255))), .length),
            (block("00 80 01 AA"), .control),
            (block("00 83 00"), .control),
            (block("00 01 00"), .control),
            (block("00 C1 01 00"), .control),
            (block("00 E1 01 FF"), .control),
            (block("00 C4 00"), .control),
        ]
        for (bytes, why) in cases {
            #expect(throws: why, "\(text(bytes))") { try parse(bytes, .lrc) }
        }
    }

    @Test(arguments: kinds) func aWrongBitOrAMissingByteIsNoBlock(_ edc: T1EDC) {
        for (bytes, _) in Self.blocks + [("0000FE" + text(pattern(254)), .request(.abort))] {
            let whole = block(bytes, edc)
            for bit in 0..<(whole.count * 8) {
                var damaged = whole
                damaged[bit / 8] ^= 1 << UInt8(bit % 8)
                #expect(throws: T1Block.Invalid.edc) { try parse(damaged, edc) }
            }
            for count in 0..<whole.count {
                let cut = try? parse(Array(whole.prefix(count)), edc)
                #expect(cut == nil, "\(text(whole)) cut to \(count)")
            }
        }
    }

    @Test func whatNoBlockCanCarryIsNotWritten() {
        let long = pattern(255)
        func error(_ content: T1Block.Content, _ count: Int, capacity: Int = 300) -> T1Error? {
            var sink = PlainBuffer(capacity: capacity)
            return long.withUnsafeBytes { bytes in
                do throws(T1Error) {
                    try T1Block.encode(
                        content, information: UnsafeRawBufferPointer(rebasing: bytes[..<count]),
                        edc: .crc, into: &sink)
                    return nil
                } catch {
                    return error
                }
            }
        }
        #expect(error(.information(.zero, more: true), 254) == nil)
        #expect(error(.information(.zero, more: true), 255) == .informationLength)
        #expect(error(.receiveReady(.zero, .errorFree), 1) == .informationLength)
        #expect(error(.request(.ifs(0)), 0) == .informationLength)
        #expect(error(.response(.ifs(255)), 0) == .informationLength)
        for capacity in 0..<9 {
            let full = error(.information(.one, more: false), 4, capacity: capacity)
            #expect(full == .sinkFull, "\(capacity)")
        }
        #expect(error(.information(.one, more: false), 4, capacity: 9) == nil)
    }
}
