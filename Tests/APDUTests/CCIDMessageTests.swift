import APDU
import Testing

@Suite struct CCIDMessageTests {
    struct Command: Sendable {
        let command: CCIDCommand
        var payload: [UInt8] = []
        let bytes: String
        let answer: UInt8
    }

    /// Slot 1, sequence number 2A.
    static let commands: [Command] = [
        Command(
            command: .iccPowerOn(.automatic), bytes: "62 00000000 01 2A 00 0000", answer: 0x80),
        Command(
            command: .iccPowerOn(.oneEightVolts), bytes: "62 00000000 01 2A 03 0000",
            answer: 0x80),
        Command(command: .iccPowerOff, bytes: "63 00000000 01 2A 000000", answer: 0x81),
        Command(command: .getSlotStatus, bytes: "65 00000000 01 2A 000000", answer: 0x81),
        Command(
            command: .xfrBlock(waiting: 3, level: 0x0110), payload: [0, 0xA4, 4, 0],
            bytes: "6F 04000000 01 2A 03 1001 00A40400", answer: 0x80),
        Command(
            command: .xfrBlock(waiting: 0, level: 0), bytes: "6F 00000000 01 2A 00 0000",
            answer: 0x80),
        Command(command: .getParameters, bytes: "6C 00000000 01 2A 000000", answer: 0x82),
        Command(command: .resetParameters, bytes: "6D 00000000 01 2A 000000", answer: 0x82),
        Command(
            command: .setParameters(.t0), payload: [0x11, 0, 0, 10, 0],
            bytes: "61 05000000 01 2A 000000 1100000A00", answer: 0x82),
        Command(
            command: .setParameters(.t1), payload: [0x97, 0x10, 0xFF, 0x4D, 0, 0xFE, 0],
            bytes: "61 07000000 01 2A 010000 9710FF4D00FE00", answer: 0x82),
        Command(
            command: .escape, payload: [0x1F, 2], bytes: "6B 02000000 01 2A 000000 1F02",
            answer: 0x83),
        Command(command: .iccClock(.restart), bytes: "6E 00000000 01 2A 000000", answer: 0x81),
        Command(command: .iccClock(.stop), bytes: "6E 00000000 01 2A 010000", answer: 0x81),
        Command(
            command: .t0APDU(getResponse: nil, envelope: nil), bytes: "6A 00000000 01 2A 000000",
            answer: 0x81),
        Command(
            command: .t0APDU(getResponse: 0x80, envelope: 0xFF),
            bytes: "6A 00000000 01 2A 0380FF", answer: 0x81),
        Command(
            command: .secure(waiting: 0, level: 0), payload: [0, 1, 2],
            bytes: "69 03000000 01 2A 000000 000102", answer: 0x80),
        Command(
            command: .mechanical(.lockCard), bytes: "71 00000000 01 2A 040000", answer: 0x81),
        Command(command: .abort, bytes: "72 00000000 01 2A 000000", answer: 0x81),
        Command(
            command: .setDataRateAndClock, payload: [0xA0, 0x0F, 0, 0, 0x80, 0x25, 0, 0],
            bytes: "73 08000000 01 2A 000000 A00F000080250000", answer: 0x84),
    ]

    @Test(arguments: commands) func aCommandIsWrittenAsTheStandardSays(_ row: Command) throws {
        let bytes = try written(row.command, slot: 1, sequence: 0x2A, row.payload)
        #expect(bytes == hex(row.bytes))
        #expect(row.command.answerType == row.answer)
    }

    @Test func aCommandTakesOnlyTheDataThatAreItsOwn() {
        let rows: [(CCIDCommand, Int)] = [
            (.iccPowerOn(.fiveVolts), 1), (.iccPowerOff, 1), (.getSlotStatus, 4),
            (.setParameters(.t0), 7), (.setParameters(.t1), 5), (.setDataRateAndClock, 0),
            (.abort, 1), (.secure(waiting: 0, level: 0), 0),
        ]
        for (command, count) in rows {
            #expect(ccidCode { _ = try written(command, pattern(count)) } == .payloadLength(count))
        }
    }

    @Test func aMessageIsNoLongerThanTheReaderTakes() throws {
        let block = CCIDCommand.xfrBlock(waiting: 0, level: 0)
        #expect(try written(block, pattern(261), limit: 271).count == 271)
        #expect(
            ccidCode { _ = try written(block, pattern(262), limit: 271) }
                == .messageTooLong(limit: 271))
        #expect(ccidCode { _ = try written(block, pattern(5), capacity: 14) } == .sinkFull)
        #expect(ccidCode { _ = try written(block, pattern(5), capacity: 3) } == .sinkFull)
    }

    struct Answer: Sendable {
        let bytes: [UInt8]
        let kind: CCIDReply.Kind
        var card: CCIDCardStatus = .active
        var outcome: CCIDReply.Outcome = .ok
    }

    static let answers: [Answer] = [
        Answer(bytes: message(0x80, [0x90, 0]), kind: .dataBlock(chain: .whole)),
        Answer(bytes: message(0x80, last: 1, [1]), kind: .dataBlock(chain: .begins)),
        Answer(bytes: message(0x80, last: 2, [1]), kind: .dataBlock(chain: .ends)),
        Answer(bytes: message(0x80, last: 3, [1]), kind: .dataBlock(chain: .continues)),
        Answer(bytes: message(0x80, last: 0x10), kind: .dataBlock(chain: .awaitsMore)),
        Answer(bytes: message(0x80, last: 0x44), kind: .dataBlock(chain: nil)),
        Answer(bytes: message(0x81), kind: .slotStatus(clock: .running)),
        Answer(
            bytes: message(0x81, status: 1, last: 1), kind: .slotStatus(clock: .stoppedLow),
            card: .inactive),
        Answer(
            bytes: message(0x81, status: 2, last: 2), kind: .slotStatus(clock: .stoppedHigh),
            card: .absent),
        Answer(bytes: message(0x81, last: 3), kind: .slotStatus(clock: .stopped)),
        Answer(bytes: message(0x81, last: 9), kind: .slotStatus(clock: nil)),
        Answer(bytes: message(0x82, last: 1, pattern(7)), kind: .parameters(.t1)),
        Answer(bytes: message(0x83, pattern(3)), kind: .escape),
        Answer(bytes: message(0x84, pattern(8)), kind: .dataRateAndClock),
        Answer(
            bytes: message(0x80, status: 0x42, error: 0xFE), kind: .dataBlock(chain: .whole),
            card: .absent, outcome: .failed(.mute)),
        Answer(
            bytes: message(0x80, status: 0x80, error: 3), kind: .dataBlock(chain: .whole),
            outcome: .timeExtension(multiplier: 3)),
        Answer(
            bytes: message(0x80, status: 0x80, error: 0), kind: .dataBlock(chain: .whole),
            outcome: .timeExtension(multiplier: nil)),
        Answer(
            bytes: message(0x80, status: 0x80, error: 0xFF), kind: .dataBlock(chain: .whole),
            outcome: .timeExtension(multiplier: nil)),
    ]

    @Test(arguments: answers) func anAnswerIsTakenApart(_ row: Answer) throws {
        var bytes = row.bytes
        bytes[5] = 7
        bytes[6] = 0xC3
        let parsed = try reply(bytes)
        #expect(parsed.kind == row.kind)
        #expect(parsed.slot == 7 && parsed.sequence == 0xC3)
        #expect(parsed.iccStatus == row.card)
        #expect(parsed.outcome == row.outcome)
        #expect(parsed.payload == 10..<bytes.count)
        #expect(parsed.type == bytes[0])
        #expect(bytes.withUnsafeBytes { Array(parsed.data(in: $0)) } == Array(bytes[10...]))
    }

    @Test func anAnswerThatLiesIsRefused() {
        let long = message(0x80, [1, 2])
        let rows: [([UInt8], CCIDError.Code)] = [
            ([], .messageTruncated), (Array(long.prefix(9)), .messageTruncated),
            (long + [0], .messageLength(announced: 2)),
            (Array(long.dropLast()), .messageLength(announced: 2)),
            ([0x80, 0xFF, 0xFF, 0xFF, 0xFF] + long[5...], .messageLength(announced: .max)),
            (message(0x00), .messageType(0)), (message(0x50), .messageType(0x50)),
            (message(0x85), .messageType(0x85)), (message(0x6F), .messageType(0x6F)),
            (message(0x80, status: 3), .status(3)), (message(0x80, status: 4), .status(4)),
            (message(0x80, status: 0x20), .status(0x20)),
            (message(0x80, status: 0xC0), .status(0xC0)),
        ]
        for (bytes, code) in rows { #expect(ccidCode { _ = try reply(bytes) } == code) }
    }

    @Test func eachByteOfAnAnswerMayBeAnything() {
        var taken = 0
        var wrong = 0
        for row in Self.answers {
            variations(of: row.bytes) { bytes in
                guard let parsed = try? reply(bytes) else { return }
                taken += 1
                // Parameters whose length is not told are the one message that is let through.
                let isUntold = bytes[0] == 0x82 && parsed.payload.isEmpty
                if parsed.payload != 10..<bytes.count, !isUntold { wrong += 1 }
            }
        }
        #expect(taken > 10_000 && wrong == 0)
    }

    @Test func eachErrorByteHasAName() {
        let named: [(UInt8, CCIDSlotError)] = [
            (0xFF, .aborted), (0xFE, .mute), (0xFD, .parity), (0xFC, .overrun), (0xFB, .hardware),
            (0xF8, .initialCharacter), (0xF7, .checkCharacter), (0xF6, .protocolNotSupported),
            (0xF5, .classNotSupported), (0xF4, .procedureByte), (0xF3, .deactivatedProtocol),
            (0xF2, .busyWithOwnSequence), (0xF0, .pinTimeout), (0xEF, .pinCancelled),
            (0xE0, .slotBusy), (0xBE, .commandLength), (0xBD, .blockExchange),
            (0xBB, .emvProtocol), (0xB0, .emvBlockTooLong), (0xAB, .nothingExchanged),
            (0xA3, .answerToResetTooLong), (0xA2, .shortCircuit), (0x00, .unsupported),
        ]
        for byte in UInt8.min...UInt8.max {
            let error = CCIDSlotError(byte)
            #expect(error.byte == byte)
            #expect(!error.description.isEmpty)
            if let name = named.first(where: { $0.0 == byte }) {
                #expect(error == name.1)
            } else {
                #expect(error == (byte < 0x80 ? .badParameter(byte) : .vendor(byte)))
            }
        }
    }

    @Test func aNotificationTellsOfEachSlot() throws {
        #expect(
            try notification([0x50, 0x03], slots: 1)
                == .slotChange([CCIDSlotChange(slot: 0, isPresent: true, hasChanged: true)]))
        guard case .slotChange(let five) = try notification([0x50, 0x81, 0x02], slots: 5) else {
            Issue.record("no slot change")
            return
        }
        #expect(five.map(\.slot) == [0, 1, 2, 3, 4])
        #expect(five.map(\.isPresent) == [true, false, false, false, false])
        #expect(five.map(\.hasChanged) == [false, false, false, true, true])
        // More bytes than slots, and fewer.
        #expect(
            try notification([0x50, 0x02, 0, 0], slots: 1)
                == .slotChange([CCIDSlotChange(slot: 0, isPresent: false, hasChanged: true)]))
        guard case .slotChange(let four) = try notification([0x50, 0], slots: 256) else { return }
        #expect(four.count == 4)
        #expect(
            try notification([0x51, 1, 2, 1], slots: 1)
                == .hardwareError(slot: 1, sequence: 2, code: 1))
    }

    @Test func aNotificationThatEndsEarlyIsRefused() {
        let rows: [([UInt8], CCIDError.Code)] = [
            ([], .messageTruncated), ([0x50], .messageTruncated),
            ([0x51, 0, 0], .messageTruncated), ([0x52, 0], .messageType(0x52)),
        ]
        for (bytes, code) in rows {
            #expect(ccidCode { _ = try notification(bytes, slots: 1) } == code)
        }
        for slots in [Int.min, -1, 0, 1, 300, Int.max] {
            variations(of: [0x50, 3, 0]) { _ = try? notification($0, slots: slots) }
        }
    }

    @Test func parametersAreReadBackAsTheyWereWritten() throws {
        let rows: [(CCIDParameters, String)] = [
            (.t0(.init()), "11 00 00 0A 00"),
            (
                .t0(.init(fiDi: 0x95, convention: .inverse, guardTime: 255, clockStop: .either)),
                "95 02 FF 0A 03"
            ),
            (.t1(.init()), "11 10 00 4D 00 20 00"),
            (
                .t1(
                    .init(
                        fiDi: 0x97, errorDetection: .crc, convention: .inverse,
                        waitingIntegers: 0x75, informationFieldSize: 254, nodeAddress: 1)),
                "97 13 00 75 00 FE 01"
            ),
        ]
        for (parameters, text) in rows {
            #expect(parameters.bytes == hex(text))
            guard case .setParameters(let kind) = parameters.command else {
                Issue.record("no command")
                continue
            }
            let back = try parameters.bytes.withUnsafeBytes {
                try CCIDParameters(parsing: $0, kind)
            }
            #expect(back == parameters)
        }
        for count in [0, 4, 6, 8] {
            #expect(
                ccidCode {
                    _ = try pattern(count).withUnsafeBytes {
                        try CCIDParameters(parsing: $0, .t0)
                    }
                } == .parametersLength(count))
        }
    }
}
