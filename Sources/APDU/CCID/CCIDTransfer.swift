/// One command and its response by XfrBlock, cut into messages where the reader wants that.
///
/// Holds offsets only: the command stays with the caller, the response goes into the caller's
/// buffer. Each block is one `CCIDExchange`, whose answer is shown here.
package struct CCIDTransfer: Equatable, Sendable {
    /// One XfrBlock.
    package struct Block: Equatable, Sendable {
        /// Which bytes of the command it carries; empty where it asks for more response.
        package let range: Range<Int>
        /// The message to send them with.
        package let command: CCIDCommand
    }

    package enum Step: Equatable, Sendable {
        case send(Block)
        /// The caller's buffer holds the whole response.
        case finished
    }

    private enum Phase: Equatable {
        /// So many bytes of the command went out, and more are to go.
        case sending(sent: Int)
        case awaitingResponse
        case receiving
        case over
    }

    private let commandCount: Int
    private let capacity: Int
    private let isChaining: Bool
    private let waiting: UInt8
    private let answerLength: UInt16
    private var phase: Phase

    /// The message to begin with.
    package var first: Block { block(from: 0) }

    /// - Parameters:
    ///   - commandCount: bytes of the command, or of the block at TPDU level.
    ///   - maximumMessageLength: of the class descriptor.
    ///   - waiting: bBWI, see `CCIDCommand.xfrBlock`.
    ///   - answerLength: how many characters to read, at character level only.
    /// - Throws: `.payloadLength` for an empty command; `.messageTooLong` where it does not
    ///   fit one message and the level has no chains, or beyond 65544 bytes.
    package init(
        commandCount: Int, level: CCIDExchangeLevel, maximumMessageLength: Int,
        waiting: UInt8 = 0, answerLength: UInt16 = 0
    ) throws(CCIDError) {
        let bounds = CCIDDescriptor.messageLengths
        let longest = min(max(maximumMessageLength, bounds.lowerBound), bounds.upperBound)
        capacity = longest - CCIDCommand.headerLength
        isChaining = level == .extendedAPDU
        guard commandCount > 0 || level == .character else {
            throw CCIDError(.payloadLength(commandCount))
        }
        let most = isChaining ? PlainBuffer.longestCommand : capacity
        guard commandCount <= most else {
            throw CCIDError(.messageTooLong(limit: most + CCIDCommand.headerLength))
        }
        self.commandCount = max(commandCount, 0)
        self.waiting = waiting
        self.answerLength = level == .character ? answerLength : 0
        phase =
            self.commandCount > capacity ? .sending(sent: capacity) : .awaitingResponse
    }

    /// Takes the answer to the last block and says what follows.
    ///
    /// - Parameters:
    ///   - message: what `reply` was parsed from.
    ///   - response: cleared before the first part, then appended to.
    /// - Throws: `.failed`, `.answerType`, `.chainOutOfPlace`, `.chainStalled`,
    ///   `.responseTooLong`, `.exchangeOver`; the transfer is over then.
    package mutating func receive(
        _ reply: CCIDReply, in message: UnsafeRawBufferPointer,
        into response: inout ResponseBuffer
    ) throws(CCIDError) -> Step {
        let before = phase
        phase = .over
        if case .failed(let error) = reply.outcome { throw CCIDError(.failed(error)) }
        guard case .dataBlock(let chain) = reply.kind, reply.outcome == .ok else {
            throw CCIDError(.answerType(reply.type), at: 0)
        }
        switch before {
        case .over: throw CCIDError(.exchangeOver)
        case .sending(let sent):
            // Some readers say 00 where the standard has 10; data would be no answer to a
            // command the card has not seen the end of.
            guard reply.payload.isEmpty, chain == .awaitsMore || chain == .whole else {
                throw CCIDError(.chainOutOfPlace, at: 9)
            }
            let next = block(from: sent)
            phase =
                next.range.upperBound < commandCount
                ? .sending(sent: next.range.upperBound) : .awaitingResponse
            return .send(next)
        case .awaitingResponse:
            response.clear()
            try append(reply, message, &response)
            guard isChaining else { return .finished }
            switch chain {
            case .whole: return .finished
            case .begins: return try askForMore(reply)
            default: throw CCIDError(.chainOutOfPlace, at: 9)
            }
        case .receiving:
            try append(reply, message, &response)
            switch chain {
            case .ends: return .finished
            case .continues: return try askForMore(reply)
            default: throw CCIDError(.chainOutOfPlace, at: 9)
            }
        }
    }

    /// The block that begins with byte `start` of the command.
    private func block(from start: Int) -> Block {
        let end = min(start + capacity, commandCount)
        let level: UInt16 =
            switch (start == 0, end == commandCount) {
            case (true, true): answerLength
            case (true, false): 1
            case (false, true): 2
            case (false, false): 3
            }
        return Block(range: start..<end, command: .xfrBlock(waiting: waiting, level: level))
    }

    private func append(
        _ reply: CCIDReply, _ message: UnsafeRawBufferPointer, _ response: inout ResponseBuffer
    ) throws(CCIDError) {
        guard response.append(contentsOf: reply.data(in: message)) else {
            throw CCIDError(.responseTooLong(limit: response.capacity))
        }
    }

    /// An empty block, which fetches the next part of the response.
    private mutating func askForMore(_ reply: CCIDReply) throws(CCIDError) -> Step {
        guard !reply.payload.isEmpty else { throw CCIDError(.chainStalled) }
        phase = .receiving
        return .send(
            Block(
                range: commandCount..<commandCount,
                command: .xfrBlock(waiting: waiting, level: 0x10)))
    }
}
