import APDU
import Testing

@Suite struct CCIDTransferTests {
    /// A reader with messages of 271 bytes: 261 of a command in each.
    private func transfer(
        _ count: Int, _ level: CCIDExchangeLevel = .extendedAPDU
    ) throws -> CCIDTransfer {
        try CCIDTransfer(commandCount: count, level: level, maximumMessageLength: 271)
    }

    /// Shows the transfer an answer and says what it wants next.
    private func step(
        _ transfer: inout CCIDTransfer, _ bytes: [UInt8], _ response: inout ResponseBuffer
    ) throws -> CCIDTransfer.Step {
        let parsed = try reply(bytes)
        return try bytes.withBytes { message throws(CCIDError) in
            try transfer.receive(parsed, in: message, into: &response)
        }
    }

    private func held(_ response: borrowing ResponseBuffer) -> [UInt8] {
        response.withBytes { Array($0) }
    }

    private func level(_ command: CCIDCommand) -> UInt16? {
        guard case .xfrBlock(_, let level) = command else { return nil }
        return level
    }

    @Test(arguments: [CCIDExchangeLevel.tpdu, .shortAPDU, .extendedAPDU])
    func aShortCommandIsOneMessage(_ level: CCIDExchangeLevel) throws {
        var transfer = try transfer(261, level)
        #expect(transfer.first.range == 0..<261)
        #expect(self.level(transfer.first.command) == 0)
        var response = ResponseBuffer()
        #expect(try step(&transfer, message(0x80, [0x90, 0]), &response) == .finished)
        #expect(held(response) == [0x90, 0])
    }

    @Test(
        arguments: [
            (262, [261, 1], [1, 2]), (522, [261, 261], [1, 2]), (523, [261, 261, 1], [1, 3, 2]),
            (1044, [261, 261, 261, 261], [1, 3, 3, 2]),
        ] as [(Int, [Int], [UInt16])])
    func aLongCommandIsAChain(_ count: Int, _ sizes: [Int], _ levels: [UInt16]) throws {
        for continues: UInt8 in [0x10, 0x00] {
            var transfer = try transfer(count)
            var response = ResponseBuffer()
            var block = transfer.first
            var start = 0
            for index in sizes.indices {
                #expect(block.range == start..<(start + sizes[index]))
                #expect(level(block.command) == levels[index])
                start = block.range.upperBound
                guard index < sizes.count - 1 else { break }
                guard
                    case .send(let next) = try step(
                        &transfer, message(0x80, last: continues), &response)
                else {
                    Issue.record("ended early")
                    return
                }
                block = next
            }
            #expect(start == count)
            #expect(try step(&transfer, message(0x80, [0x90, 0]), &response) == .finished)
        }
    }

    @Test func aLongResponseIsGatheredWithEmptyBlocks() throws {
        var transfer = try transfer(7)
        var response = ResponseBuffer()
        _ = response.set(ResponseAPDU(data: [1, 2, 3], status: .success))
        for (last, data) in [(1, [10, 11]), (3, [12]), (3, [13])] as [(UInt8, [UInt8])] {
            guard
                case .send(let block) = try step(
                    &transfer, message(0x80, last: last, data), &response)
            else {
                Issue.record("ended early")
                return
            }
            #expect(block.range.isEmpty)
            #expect(level(block.command) == 0x10)
        }
        #expect(try step(&transfer, message(0x80, last: 2, [0x90, 0]), &response) == .finished)
        #expect(held(response) == [10, 11, 12, 13, 0x90, 0])
        #expect(
            ccidCode { _ = try step(&transfer, message(0x80, [0x90, 0]), &response) }
                == .exchangeOver)
    }

    struct Fault: Sendable {
        let count: Int
        let answers: [[UInt8]]
        let code: CCIDError.Code
        var level = CCIDExchangeLevel.extendedAPDU
    }

    static let faults: [Fault] = [
        // Data, or the end, before the whole command is out.
        Fault(count: 300, answers: [message(0x80, [0x67, 0])], code: .chainOutOfPlace),
        Fault(count: 300, answers: [message(0x80, last: 1)], code: .chainOutOfPlace),
        Fault(count: 300, answers: [message(0x80, last: 0x77)], code: .chainOutOfPlace),
        // A chain that begins with its middle, its end, or nothing.
        Fault(count: 7, answers: [message(0x80, last: 3, [1])], code: .chainOutOfPlace),
        Fault(count: 7, answers: [message(0x80, last: 2, [1])], code: .chainOutOfPlace),
        Fault(count: 7, answers: [message(0x80, last: 0x10)], code: .chainOutOfPlace),
        Fault(count: 7, answers: [message(0x80, last: 4, [1])], code: .chainOutOfPlace),
        // A chain that begins twice, or ends as a whole.
        Fault(
            count: 7, answers: [message(0x80, last: 1, [1]), message(0x80, last: 1, [1])],
            code: .chainOutOfPlace),
        Fault(
            count: 7, answers: [message(0x80, last: 1, [1]), message(0x80, [1])],
            code: .chainOutOfPlace),
        // A chain without end.
        Fault(count: 7, answers: [message(0x80, last: 1)], code: .chainStalled),
        Fault(
            count: 7, answers: [message(0x80, last: 1, [1]), message(0x80, last: 3)],
            code: .chainStalled),
        Fault(
            count: 7,
            answers: [message(0x80, last: 1, pattern(261))]
                + [[UInt8]](repeating: message(0x80, last: 3, pattern(261)), count: 2),
            code: .responseTooLong(limit: 600)),
        Fault(
            count: 7, answers: [message(0x80, pattern(601))], code: .responseTooLong(limit: 600),
            level: .shortAPDU),
        Fault(
            count: 7, answers: [message(0x80, status: 0x41, error: 0xFE)], code: .failed(.mute)),
        Fault(count: 7, answers: [message(0x81)], code: .answerType(0x81)),
        Fault(
            count: 7, answers: [message(0x80, status: 0x80, error: 1)], code: .answerType(0x80)),
    ]

    @Test(arguments: faults) func aReaderOutOfOrderEndsTheTransfer(_ fault: Fault) throws {
        var transfer = try transfer(fault.count, fault.level)
        var response = ResponseBuffer(capacity: 600)
        for answer in fault.answers.dropLast() {
            if case .finished = try step(&transfer, answer, &response) {
                Issue.record("ended early")
            }
        }
        let last = try #require(fault.answers.last)
        #expect(ccidCode { _ = try step(&transfer, last, &response) } == fault.code)
        #expect(
            ccidCode { _ = try step(&transfer, message(0x80, [0x90, 0]), &response) }
                == .exchangeOver)
    }

    @Test func aCommandTheLevelDoesNotTakeIsRefused() {
        for level in [CCIDExchangeLevel.tpdu, .shortAPDU, .character] {
            #expect(ccidCode { _ = try transfer(262, level) } == .messageTooLong(limit: 271))
        }
        #expect(ccidCode { _ = try transfer(65545) } == .messageTooLong(limit: 65554))
        #expect(ccidCode { _ = try transfer(0) } == .payloadLength(0))
        #expect(ccidCode { _ = try transfer(-1) } == .payloadLength(-1))
    }

    @Test func atCharacterLevelTheLengthOfTheAnswerIsAsked() throws {
        let transfer = try CCIDTransfer(
            commandCount: 0, level: .character, maximumMessageLength: 271, waiting: 2,
            answerLength: 33)
        #expect(transfer.first.range.isEmpty)
        #expect(transfer.first.command == .xfrBlock(waiting: 2, level: 33))
    }
}
