import APDU
import Testing

@Suite struct PINPadTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let operation: PINPadOperation
        var entry: PINEntry
        var prologue = PINPrologue()
        let ccid: String
        let pcsc: String
        var testDescription: String { name }
    }

    private static func rows() throws -> [Row] {
        let eight = try PINFormat(.ascii, digits: 6...8, blockLength: 8)
        let open = try PINFormat(.ascii, digits: 8...32)
        let format2 = try PINFormat(
            .bcd, digits: 4...12, blockLength: 7, position: .bits(8),
            length: .init(bits: 4, position: .bits(4)))
        let verify = try PINTemplate(CommandHeader(0, 0x20, 0, 0x80), count: 8)
        let unblock = try PINTemplate(CommandHeader(0, 0x2C, 0, 0x80), count: 16)
        let new = try PINTemplate(CommandHeader(0, 0x2C, 2, 0x81), count: 0)
        return [
            Row(
                name: "PIV, VERIFY",
                operation: .verify(try PINVerification(eight, in: verify)), entry: try PINEntry(),
                ccid: "00 00 82 08 00 0806 02 01 0904 00 000000 00200080 08 FFFFFFFFFFFFFFFF",
                pcsc: "00 00 82 08 00 0806 02 01 0904 00 000000 0D000000"
                    + "00200080 08 FFFFFFFFFFFFFFFF"),
            Row(
                name: "a T=1 block of the host's",
                operation: .verify(try PINVerification(eight, in: verify)),
                entry: try PINEntry(timeout: 30, timeoutAfterFirstKey: 15, showsMessages: false),
                prologue: PINPrologue(nad: 0, pcb: 0x40, length: 13),
                ccid: "00 1E 82 08 00 0806 02 00 0904 00 00400D 00200080 08 FFFFFFFFFFFFFFFF",
                pcsc: "1E 0F 82 08 00 0806 02 00 0904 00 000000 0D000000"
                    + "00200080 08 FFFFFFFFFFFFFFFF"),
            Row(
                name: "OpenPGP card, VERIFY",
                operation: .verify(
                    try PINVerification(
                        open, in: try PINTemplate(CommandHeader(0, 0x20, 0, 0x81), count: 0))),
                entry: try PINEntry(end: [.key, .longest], language: 0x0407),
                ccid: "00 00 82 00 00 2008 03 01 0704 00 000000 00200081 00",
                pcsc: "00 00 82 00 00 2008 03 01 0704 00 000000 05000000 00200081 00"),
            Row(
                name: "format 2 block, length in four bits",
                operation: .verify(
                    try PINVerification(
                        format2,
                        in: try PINTemplate(
                            CommandHeader(0, 0x20, 0, 1), prefix: [0x20], count: 7))),
                entry: try PINEntry(),
                ccid: "00 00 41 47 04 0C04 02 01 0904 00 000000 00200001 08 20FFFFFFFFFFFFFF",
                pcsc: "00 00 41 47 04 0C04 02 01 0904 00 000000 0D000000"
                    + "00200001 08 20FFFFFFFFFFFFFF"),
            Row(
                name: "PIV, RESET RETRY COUNTER",
                operation: .modify(
                    try PINModification(eight, in: unblock, oldOffset: 0, newOffset: 8)),
                entry: try PINEntry(),
                ccid: "01 00 82 08 00 00 08 0806 03 02 03 0904 00 01 02 000000 002C0080 10"
                    + String(repeating: "FF", count: 16),
                pcsc: "00 00 82 08 00 00 08 0806 03 02 03 0904 00 01 02 000000 15000000"
                    + "002C0080 10" + String(repeating: "FF", count: 16)),
            Row(
                name: "old and new, entered once",
                operation: .modify(
                    try PINModification(
                        eight, in: unblock, oldOffset: 0, newOffset: 8, confirms: false)),
                entry: try PINEntry(),
                ccid: "01 00 82 08 00 00 08 0806 02 02 02 0904 00 01 000000 002C0080 10"
                    + String(repeating: "FF", count: 16),
                pcsc: "00 00 82 08 00 00 08 0806 02 02 02 0904 00 01 00 000000 15000000"
                    + "002C0080 10" + String(repeating: "FF", count: 16)),
            Row(
                name: "new only, entered twice",
                operation: .modify(
                    try PINModification(open, in: new, oldOffset: nil, newOffset: 0)),
                entry: try PINEntry(),
                ccid: "01 00 82 00 00 00 00 2008 01 02 02 0904 01 02 000000 002C0281 00",
                pcsc: "00 00 82 00 00 00 00 2008 01 02 02 0904 01 02 00 000000 05000000"
                    + "002C0281 00"),
            Row(
                name: "no messages",
                operation: .modify(
                    try PINModification(
                        open, in: new, oldOffset: nil, newOffset: 0, confirms: false)),
                entry: try PINEntry(showsMessages: false),
                ccid: "01 00 82 00 00 00 00 2008 00 02 00 0904 00 000000 002C0281 00",
                pcsc: "00 00 82 00 00 00 00 2008 00 02 00 0904 00 00 00 000000 05000000"
                    + "002C0281 00"),
        ]
    }

    @Test func anEntryIsWrittenAsTheStandardsSay() throws {
        for row in try Self.rows() {
            let ccid = row.operation.ccid(row.entry, prologue: row.prologue)
            #expect(text(ccid) == text(hex(row.ccid)), "\(row.name)")
            #expect(text(row.operation.pcsc(row.entry)) == text(hex(row.pcsc)), "\(row.name)")
            // It goes into one message.
            #expect(try written(.secure(waiting: 0, level: 0), ccid).count == ccid.count + 10)
        }
    }

    @Test func anEntryThatCannotBeIsRefused() throws {
        func code(_ body: () throws -> Void) -> PINPadError.Code? {
            do {
                try body()
                return nil
            } catch {
                return (error as? PINPadError)?.code
            }
        }
        let eight = try PINFormat(.ascii, digits: 6...8, blockLength: 8)
        let open = try PINFormat(.ascii, digits: 6...8)
        let header = CommandHeader(0, 0x24, 0, 0x80)
        func data(_ count: UInt8) throws -> PINTemplate { try PINTemplate(header, count: count) }

        let rows: [(PINPadError.Code, () throws -> Void)] = [
            (.noDigits, { _ = try PINFormat(.ascii, digits: 0...8) }),
            (.blockLength, { _ = try PINFormat(.ascii, digits: 6...9, blockLength: 8) }),
            (.blockLength, { _ = try PINFormat(.bcd, digits: 6...17, blockLength: 8) }),
            (.blockLength, { _ = try PINFormat(.binary, digits: 6...8, blockLength: 16) }),
            (.blockLength, { _ = try PINFormat(.ascii, digits: 6...8, justification: .right) }),
            (.position, { _ = try PINFormat(.ascii, digits: 6...8, position: .bytes(16)) }),
            (
                .position,
                {
                    _ = try PINFormat(
                        .ascii, digits: 6...8, length: .init(bits: 8, position: .bits(16)))
                }
            ),
            (
                .lengthField,
                {
                    _ = try PINFormat(
                        .ascii, digits: 6...8, length: .init(bits: 0, position: .bits(0)))
                }
            ),
            (
                .lengthField,
                {
                    _ = try PINFormat(
                        .ascii, digits: 6...8, length: .init(bits: 16, position: .bits(0)))
                }
            ),
            (.dataTooLong, { _ = try PINTemplate(header, prefix: [1], count: 255) }),
            (.outsideCommand, { _ = try PINVerification(eight, in: try data(7)) }),
            (
                .outsideCommand,
                {
                    _ = try PINVerification(
                        try PINFormat(.ascii, digits: 6...8, blockLength: 8, position: .bytes(1)),
                        in: try data(8))
                }
            ),
            (
                .outsideCommand,
                {
                    _ = try PINVerification(
                        try PINFormat(
                            .ascii, digits: 6...8, length: .init(bits: 8, position: .bytes(0))),
                        in: try data(0))
                }
            ),
            (
                .variableLength,
                { _ = try PINModification(open, in: try data(16), oldOffset: 0, newOffset: 8) }
            ),
            (
                .overlap,
                { _ = try PINModification(eight, in: try data(16), oldOffset: 0, newOffset: 7) }
            ),
            (
                .overlap,
                { _ = try PINModification(eight, in: try data(16), oldOffset: 8, newOffset: 8) }
            ),
            (
                .outsideCommand,
                { _ = try PINModification(eight, in: try data(15), oldOffset: 0, newOffset: 8) }
            ),
            (
                .outsideCommand,
                { _ = try PINModification(eight, in: try data(15), oldOffset: 8, newOffset: 0) }
            ),
            (
                .outsideCommand,
                { _ = try PINModification(eight, in: try data(16), oldOffset: 0, newOffset: 255) }
            ),
            (
                .outsideCommand,
                { _ = try PINModification(open, in: try data(0), oldOffset: nil, newOffset: 1) }
            ),
            (.noEnd, { _ = try PINEntry(end: []) }),
            (.noEnd, { _ = try PINEntry(end: PINEntryEnd(rawValue: 8)) }),
        ]
        for (index, row) in rows.enumerated() {
            #expect(code(row.1) == row.0, "row \(index)")
        }
        _ = try PINFormat(.bcd, digits: 6...16, blockLength: 8)
    }

    @Test func anOutcomeIsTheReadersOrTheCards() {
        let rows: [(StatusWord, PINPadOutcome)] = [
            (StatusWord(0x64, 0x00), .timedOut), (StatusWord(0x64, 0x01), .cancelled),
            (StatusWord(0x64, 0x02), .newPINsDiffer), (StatusWord(0x64, 0x03), .wrongLength),
            (StatusWord(0x6B, 0x80), .structureRefused), (.success, .answered(.success)),
            (StatusWord(0x63, 0xC2), .answered(StatusWord(0x63, 0xC2))),
            (StatusWord(0x64, 0x04), .answered(StatusWord(0x64, 0x04))),
        ]
        for (status, outcome) in rows { #expect(PINPadOutcome(status) == outcome) }
        for byte in UInt8.min...UInt8.max {
            let outcome: PINPadOutcome? =
                byte == 0xF0 ? .timedOut : byte == 0xEF ? .cancelled : nil
            #expect(PINPadOutcome(CCIDSlotError(byte)) == outcome)
        }
    }

    private func features(_ bytes: [UInt8]) throws -> PINPadFeatures {
        try bytes.withUnsafeBytes { try PINPadFeatures(parsing: $0) }
    }

    private func properties(_ bytes: [UInt8]) throws -> PINPadProperties {
        try bytes.withUnsafeBytes { try PINPadProperties(parsing: $0) }
    }

    /// What libccid answers for a reader with a pad.
    static let list = hex("06 04 42330006 07 04 42330007 0A 04 4233000A 12 04 42330012")
    static let details = hex(
        "01 02 1002 02 01 07 03 01 00 04 02 1000 05 02 0200 06 01 04 07 01 08 08 02 4142"
            + "09 01 00 0A 04 00000000 0B 02 E608 0C 02 7834")

    @Test func theListOfFeaturesIsRead() throws {
        let list = try features(Self.list)
        #expect(list.features.count == 4)
        #expect(list.controlCode(.verifyDirect) == 0x4233_0006)
        #expect(list.controlCode(.modifyDirect) == 0x4233_0007)
        #expect(list.controlCode(.properties) == 0x4233_0012)
        #expect(list.controlCode(.abort) == nil)
        #expect(list.pinSupport == [.verify, .modify])
        #expect(try features([]).pinSupport == [])

        let details = try properties(Self.details)
        #expect(details.display == CCIDDisplay(lines: 2, columns: 16))
        #expect(details.end == [.longest, .key, .timeout])
        #expect(details.hasSecondTimeout == false)
        #expect(details.minimumPIN == 4 && details.maximumPIN == 8)
        #expect(details.maximumData == 0)
        #expect(details.vendor == 0x08E6 && details.product == 0x3478)
        #expect(try properties([]).end == nil)
    }

    @Test func eachByteOfTheListsMayBeAnything() {
        var taken = 0
        variations(of: Self.list) { bytes in
            guard let list = try? features(bytes) else { return }
            if list.features.count == bytes.count / 6 { taken += 1 } else { taken = .min }
        }
        variations(of: Self.details) { if (try? properties($0)) != nil { taken += 1 } }
        #expect(taken > 1000)
        for bytes in ["06", "06 04 000000", "06 03 000000", "06 05 0000000000"].map(hex) {
            #expect(throws: PINPadError(.featureLength, at: 0)) { _ = try features(bytes) }
        }
        for bytes in ["01", "01 02 00", "01 01 00", "0A 02 0000", "42 01"].map(hex) {
            #expect(throws: PINPadError(.featureLength, at: 0)) { _ = try properties(bytes) }
        }
    }
}
