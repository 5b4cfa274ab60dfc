/// What to do next in an exchange over T=1.
package enum T1Step: Equatable, Sendable {
    /// Send the block in the sink and wait for one block: so many times BWT, 1 to 255.
    case send(waitingTimes: Int)
    /// Nothing more to send: the response is whole, or the size is agreed on.
    case done
    /// The exchange is over.
    case failed(T1Error)
}

/// The interface device's end of T=1 (ISO 7816-3, clause 11): what to send, block by block, from
/// one power-up to the next. It does no I/O.
///
/// It keeps numbers only. The command is given again at every call and encoded straight into
/// the caller's sink, which the caller wipes before every call; the response goes straight into
/// the caller's buffer. Every exchange ends, whatever the card sends: what brings nothing on is
/// tried three times, waiting is counted, and the response is bounded by its buffer.
package struct T1Link: Equatable, Sendable {
    /// Tries in all for one block, and for S(RESYNCH request) (11.6.3.2, rules 6.4 and 7.4).
    package static var tries: Int { 3 }
    /// The most S(IFS request) of the card that an exchange follows.
    package static var ifsRequestLimit: Int { 16 }

    enum Phase: Equatable {
        case idle
        /// I-blocks of the command are on their way.
        case sending
        /// Part of the response is here.
        case receiving
        /// S(ABORT response) is out; whatever comes is the end.
        case aborting
        case requestingIFSD(UInt8)
        /// S(RESYNCH request) is out, for an exchange that is lost, or before a new one.
        case resynchronising(after: T1Trouble?)
        /// No exchange, and the card may not know that.
        case unclear
        case dead
    }

    package let edc: T1EDC
    /// The longest information field the card takes, 1 to 254 bytes.
    package internal(set) var ifsc: Int
    /// The longest information field the card may send, 1 to 254 bytes.
    package internal(set) var ifsd = 32
    /// S(WTX request) allowed in one exchange.
    package let waitingLimit: Int
    /// Whether the last block of the command has been handed out for sending. Before, the card
    /// cannot have acted on the command.
    package internal(set) var isCommandOut = false

    let firstIFSC: Int
    var phase = Phase.idle
    /// N(S) of the I-block that is out, or else of the next one.
    var sendSequence = T1Sequence.zero
    /// N(S) of the card's next I-block.
    var receiveSequence = T1Sequence.zero
    var commandCount = 0
    /// Bytes of the command the card has acknowledged.
    var offset = 0
    /// Bytes of the command in the I-block that is out.
    var inFlight = 0
    /// Answers in a row that could not be used.
    var failures = 0
    /// How often the I-block that is out has been sent again.
    var repeats = 0
    /// How often the card asked for more time in the last exchange.
    package internal(set) var waits = 0
    var ifsRequests = 0
    /// The reader made the I-block that is out: its information is not here to send again.
    var isReadersBlock = false

    /// - Parameters:
    ///   - ifsc: IFSC of the ATR; what lies outside 1 to 254 is brought inside.
    ///   - ifsd: 32, unless a reader has agreed on another with the card by itself.
    ///   - waitingLimit: how often the card may ask for more time in one exchange. How long
    ///     it all may take is for the caller to bound.
    package init(
        ifsc: Int = 32, ifsd: Int = 32, edc: T1EDC = .lrc, waitingLimit: Int = 1024
    ) {
        self.ifsd = min(max(ifsd, 1), T1Block.largestInformation)
        firstIFSC = min(max(ifsc, 1), T1Block.largestInformation)
        self.ifsc = firstIFSC
        self.edc = edc
        self.waitingLimit = waitingLimit
    }

    /// A link as the ATR describes it; a reserved IFSC counts as the default of 32.
    package init(_ parameters: ATR.T1Parameters, waitingLimit: Int = 1024) {
        self.init(
            ifsc: parameters.informationFieldSize ?? 32, edc: T1EDC(parameters.errorDetection),
            waitingLimit: waitingLimit)
    }

    /// Whether only a cold reset helps, and a new link after it.
    package var isDead: Bool { phase == .dead }

    /// Begins an exchange. After one that did not end well, or was left, S(RESYNCH request)
    /// comes first.
    ///
    /// - Throws: `.commandEmpty` and `.dead`, with nothing changed.
    package mutating func begin<S: ByteSink & ~Copyable>(
        command: UnsafeRawBufferPointer, into sink: inout S
    ) throws(T1Error) -> T1Step {
        guard phase != .dead else { throw .dead }
        guard !command.isEmpty else { throw .commandEmpty }
        startCounting(commandCount: command.count)
        guard phase == .idle else {
            phase = .resynchronising(after: nil)
            return send(.request(.resynch), into: &sink)
        }
        phase = .sending
        return sendInformation(command, into: &sink)
    }

    /// Begins S(IFS request) for an IFSD, as the first thing after the ATR or between exchanges
    /// (rule 4); the calls that follow are given no command.
    ///
    /// Where it is refused, the card may take no S-blocks: better a cold reset and 32 bytes.
    /// - Throws: `.informationLength`, `.dead`, and `.blockUnexpected` where the link must be
    ///   resynchronised first; nothing changed.
    package mutating func negotiateIFSD<S: ByteSink & ~Copyable>(
        _ size: Int, into sink: inout S
    ) throws(T1Error) -> T1Step {
        guard phase != .dead else { throw .dead }
        guard phase == .idle else { throw .blockUnexpected }
        guard size >= 1, size <= T1Block.largestInformation else { throw .informationLength }
        startCounting(commandCount: 0)
        let size = UInt8(truncatingIfNeeded: size)
        phase = .requestingIFSD(size)
        return send(.request(.ifs(size)), into: &sink)
    }

    /// Begins an exchange whose command the reader writes into one I-block: a code is entered at
    /// its pad. The block counts as any other; the calls that follow are given no command.
    ///
    /// A card that asks for the block again is not given it, since only the reader could: the
    /// exchange is resynchronised and lost, with `.refused`.
    /// - Parameter count: bytes of the command.
    /// - Returns: what the block is to begin with.
    /// - Throws: `.commandEmpty`, `.informationLength` for more than one block holds, `.dead`, and
    ///   `.blockUnexpected` where the link must be resynchronised first; nothing changed.
    package mutating func beginReadersBlock(count: Int) throws(T1Error) -> PINPrologue {
        guard phase != .dead else { throw .dead }
        guard phase == .idle else { throw .blockUnexpected }
        guard count > 0 else { throw .commandEmpty }
        guard count <= ifsc else { throw .informationLength }
        startCounting(commandCount: 0)
        phase = .sending
        (isReadersBlock, isCommandOut) = (true, true)
        return PINPrologue(
            nad: 0, pcb: sendSequence == .zero ? 0x00 : 0x40,
            length: UInt8(truncatingIfNeeded: count))
    }

    /// The reader did not send its block: nobody entered a code.
    package mutating func readersBlockNotSent() {
        guard isReadersBlock, phase == .sending else { return }
        phase = .idle
        (isReadersBlock, isCommandOut) = (false, false)
    }

    /// The reader showed the card's answer to its block, and not the block: where both ends stand
    /// is not known, so S(RESYNCH request) comes before the next command.
    package mutating func readersBlockAnswered() {
        guard isReadersBlock, phase == .sending else { return }
        phase = .unclear
        isReadersBlock = false
    }

    /// Takes what came back for the block sent last, EDC and all.
    ///
    /// - Parameters:
    ///   - command: the one the exchange began with.
    ///   - response: gathers the response, which is whole after `.done`; it holds nothing after
    ///     `.failed`.
    package mutating func receive<S: ByteSink & ~Copyable>(
        _ bytes: UnsafeRawBufferPointer, command: UnsafeRawBufferPointer,
        response: inout ResponseBuffer, into sink: inout S
    ) -> T1Step {
        let step = follow(bytes, command, &response, into: &sink)
        if case .failed = step { response.clear() }
        return step
    }

    private mutating func follow<S: ByteSink & ~Copyable>(
        _ bytes: UnsafeRawBufferPointer, _ command: UnsafeRawBufferPointer,
        _ response: inout ResponseBuffer, into sink: inout S
    ) -> T1Step {
        if let refusal = refusal(command) { return refusal }
        let block: T1Block
        do throws(T1Block.Invalid) {
            block = try T1Block(parsing: bytes, edc: edc)
        } catch {
            return fail(error == .edc ? .damaged : .malformed, into: &sink)
        }
        switch (phase, block.content) {
        case (.sending, .information(let number, let more)):
            guard offset + inFlight == commandCount, number == receiveSequence else { break }
            return take(block.information(in: bytes), more, &response, into: &sink)
        case (.receiving, .information(let number, let more)):
            guard number == receiveSequence else { break }
            return take(block.information(in: bytes), more, &response, into: &sink)
        case (.sending, .receiveReady(let number, _)):
            // N(R) alone says which block is meant: a card repeats an R-block with the error
            // it met since.
            if number == sendSequence { return sendAgain(command, into: &sink) }
            guard offset + inFlight < commandCount else { break }
            return sendNext(command, into: &sink)
        case (.sending, .request(let request)), (.receiving, .request(let request)),
            (.requestingIFSD, .request(let request)):
            if let step = answer(request, into: &sink) { return step }
        case (.requestingIFSD(let asked), .response(.ifs(let size))):
            guard size == asked else { break }
            ifsd = Int(size)
            phase = .idle
            return .done
        case (.resynchronising(let trouble), .response(.resynch)):
            return resynchronised(after: trouble, command, into: &sink)
        default: break
        }
        return fail(.unexpected, into: &sink)
    }

    /// Takes the news that no block came back: `.silence` where the card said nothing within
    /// the time, `.damaged` where the reader found wrong parity or EDC, else `.malformed`. After
    /// `.failed`, what the response buffer holds is nothing to use.
    package mutating func receiveNothing<S: ByteSink & ~Copyable>(
        why trouble: T1Trouble, command: UnsafeRawBufferPointer, into sink: inout S
    ) -> T1Step {
        if let refusal = refusal(command) { return refusal }
        return fail(trouble, into: &sink)
    }

    private mutating func startCounting(commandCount: Int) {
        self.commandCount = commandCount
        (offset, inFlight, isCommandOut, isReadersBlock) = (0, 0, false, false)
        (failures, repeats, waits, ifsRequests) = (0, 0, 0, 0)
    }

    /// What to say to a call that does not fit the exchange.
    private mutating func refusal(_ command: UnsafeRawBufferPointer) -> T1Step? {
        switch phase {
        case .idle, .unclear: return .failed(.blockUnexpected)
        case .dead: return .failed(.dead)
        default: return command.count == commandCount ? nil : end(.commandChanged)
        }
    }
}
