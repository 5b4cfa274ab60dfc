/// One TPDU over T=0, character by character, as the interface device sees it (ISO/IEC
/// 7816-3:2006, 10.3): says which bytes of the TPDU to send, takes the card's bytes one by one.
///
/// Holds no bytes of the TPDU, only how far it is. Parity and waiting times are the caller's:
/// a card that is silent for the work waiting time has failed, and each NULL starts that time
/// anew.
package struct T0Characters: Sendable {
    /// What to do next.
    package enum Step: Equatable, Sendable {
        /// Send these bytes of the TPDU, then take the card's next byte.
        case send(Range<Int>)
        /// Take bytes from the card: so many come before anything has to be decided.
        case take(Int)
        /// The sink holds the response TPDU: data and this status.
        case finished(StatusWord)
    }

    private enum Phase: Equatable {
        case header
        /// A procedure byte or SW1 is next.
        case procedure
        /// So many data bytes come from the card.
        case data(Int)
        /// SW2 is next, after this SW1.
        case status(UInt8)
        case finished
    }

    /// CLA, INS, P1, P2 and P3.
    package static var headerCount: Int { 5 }
    /// The longest command TPDU, in bytes.
    package static var longestCommand: Int { headerCount + 255 }
    /// The longest response TPDU, in bytes.
    package static var longestResponse: Int { 258 }

    private let instruction: UInt8
    private let isOutgoing: Bool
    private let dataCount: Int
    private let nullLimit: Int
    private var moved = 0
    private var nulls = 0
    private var phase = Phase.header

    /// - Parameters:
    ///   - tpdu: a header, alone or with P3 bytes of data. A header alone asks for P3 bytes,
    ///     256 where it is zero, or for none: only the card can tell.
    ///   - nullLimit: how many NULL bytes are taken in all.
    /// - Throws: `.tpduLength`, `.instructionInvalid`.
    package init(tpdu: UnsafeRawBufferPointer, nullLimit: Int) throws(T0Error) {
        guard tpdu.count >= Self.headerCount else { throw T0Error(.tpduLength) }
        instruction = tpdu[1]
        guard !Self.isStatus(tpdu[1]) else { throw T0Error(.instructionInvalid) }
        let p3 = Int(tpdu[4])
        isOutgoing = tpdu.count > Self.headerCount
        guard !isOutgoing || tpdu.count == Self.headerCount + p3 else {
            throw T0Error(.tpduLength)
        }
        dataCount = p3 == 0 ? 256 : p3
        self.nullLimit = nullLimit
    }

    /// The first step: the header goes out.
    ///
    /// - Throws: `.unexpected` where it went out before.
    package mutating func start() throws(T0Error) -> Step {
        guard phase == .header else { throw T0Error(.unexpected) }
        phase = .procedure
        return .send(0..<Self.headerCount)
    }

    /// Takes the card's next byte; data and status go to `sink`.
    ///
    /// - Throws: `.procedureByte`, `.dataMoved`, `.tooManyNulls`, `.sinkFull`, `.unexpected`.
    ///   After an error there is no next step: the card is to be reset.
    package mutating func receive<S: ByteSink & ~Copyable>(
        _ byte: UInt8, into sink: inout S
    ) throws(T0Error) -> Step {
        let before = phase
        phase = .finished
        switch before {
        case .procedure:
            return try proceed(byte, &sink)
        case .data(let count):
            try put(byte, &sink)
            moved += 1
            phase = count > 1 ? .data(count - 1) : .procedure
            return .take(max(count - 1, 1))
        case .status(let sw1):
            try put(sw1, &sink)
            try put(byte, &sink)
            return .finished(StatusWord(sw1, byte))
        case .header, .finished:
            throw T0Error(.unexpected)
        }
    }

    /// Whether a byte is SW1, and with that no INS: 6X or 9X; 60, NULL, among them.
    static func isStatus(_ byte: UInt8) -> Bool { byte & 0xF0 == 0x60 || byte & 0xF0 == 0x90 }

    /// NULL, all the data that are left, one of them, or the end (10.3.3).
    private mutating func proceed<S: ByteSink & ~Copyable>(
        _ byte: UInt8, _ sink: inout S
    ) throws(T0Error) -> Step {
        switch byte {
        case 0x60:
            guard nulls < nullLimit else { throw T0Error(.tooManyNulls(limit: nullLimit)) }
            nulls += 1
            phase = .procedure
            return .take(1)
        case instruction:
            return try move(dataCount - moved)
        case instruction ^ 0xFF:
            return try move(1)
        default:
            guard Self.isStatus(byte) else { throw T0Error(.procedureByte(byte)) }
            phase = .status(byte)
            return .take(1)
        }
    }

    private mutating func move(_ count: Int) throws(T0Error) -> Step {
        guard count > 0, moved < dataCount else { throw T0Error(.dataMoved) }
        guard isOutgoing else {
            phase = .data(count)
            return .take(count)
        }
        let start = Self.headerCount + moved
        moved += count
        phase = .procedure
        return .send(start..<(start + count))
    }

    private func put<S: ByteSink & ~Copyable>(_ byte: UInt8, _ sink: inout S) throws(T0Error) {
        guard sink.append(byte) else { throw T0Error(.sinkFull) }
    }
}
