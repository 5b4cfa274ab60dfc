/// A message from the host to the reader over the bulk-out pipe, without its data (6.1).
package enum CCIDCommand: Equatable, Sendable {
    /// 62, power on or cold reset.
    case iccPowerOn(CCIDPowerSelect)
    /// 63
    case iccPowerOff
    /// 65
    case getSlotStatus
    /// 6F, with a command, a block or part of one as data.
    ///
    /// - waiting: bBWI, a multiple of the block waiting time for this block; 0 leaves it.
    /// - level: wLevelParameter; part of a chain at extended APDU level, the length of the
    ///   answer at character level, 0 else.
    case xfrBlock(waiting: UInt8, level: UInt16)
    /// 6C
    case getParameters
    /// 6D
    case resetParameters
    /// 61, with `CCIDParameters` as data.
    case setParameters(TransmissionProtocol)
    /// 6B, with bytes of the maker's own as data.
    case escape
    /// 6E
    case iccClock(CCIDClockCommand)
    /// 6A; which of the two classes are to change, and to what.
    case t0APDU(getResponse: UInt8?, envelope: UInt8?)
    /// 69, with a PIN data structure as data; waiting and level as in `xfrBlock`.
    case secure(waiting: UInt8, level: UInt16)
    /// 71
    case mechanical(CCIDMechanicalFunction)
    /// 72, after the control request of the same slot and sequence number.
    case abort
    /// 73, with two numbers of four bytes as data: kHz and bit/s.
    case setDataRateAndClock

    /// bMessageType.
    package var type: UInt8 {
        switch self {
        case .setParameters: 0x61
        case .iccPowerOn: 0x62
        case .iccPowerOff: 0x63
        case .getSlotStatus: 0x65
        case .secure: 0x69
        case .t0APDU: 0x6A
        case .escape: 0x6B
        case .getParameters: 0x6C
        case .resetParameters: 0x6D
        case .iccClock: 0x6E
        case .xfrBlock: 0x6F
        case .mechanical: 0x71
        case .abort: 0x72
        case .setDataRateAndClock: 0x73
        }
    }

    /// bMessageType of the answer to it.
    package var answerType: UInt8 {
        switch self {
        case .iccPowerOn, .xfrBlock, .secure: 0x80
        case .iccPowerOff, .getSlotStatus, .iccClock, .t0APDU, .mechanical, .abort: 0x81
        case .getParameters, .resetParameters, .setParameters: 0x82
        case .escape: 0x83
        case .setDataRateAndClock: 0x84
        }
    }

    /// The three bytes that end the header.
    private var specific: (UInt8, UInt8, UInt8) {
        switch self {
        case .iccPowerOn(let select): (select.rawValue, 0, 0)
        case .xfrBlock(let waiting, let level), .secure(let waiting, let level):
            (waiting, UInt8(truncatingIfNeeded: level), UInt8(truncatingIfNeeded: level >> 8))
        case .setParameters(let kind): (kind.rawValue, 0, 0)
        case .iccClock(let command): (command.rawValue, 0, 0)
        case .t0APDU(let getResponse, let envelope):
            (
                (getResponse == nil ? 0 : 1) | (envelope == nil ? 0 : 2), getResponse ?? 0,
                envelope ?? 0
            )
        case .mechanical(let function): (function.rawValue, 0, 0)
        case .iccPowerOff, .getSlotStatus, .getParameters, .resetParameters, .escape, .abort,
            .setDataRateAndClock:
            (0, 0, 0)
        }
    }

    /// How many bytes of data it takes.
    private func takes(_ count: Int) -> Bool {
        switch self {
        case .xfrBlock, .escape: true
        case .secure: count > 0
        case .setParameters(let kind): count == (kind == .t1 ? 7 : 5)
        case .setDataRateAndClock: count == 8
        default: count == 0
        }
    }

    /// How many bytes every message has before its data.
    package static var headerLength: Int { 10 }

    /// Writes the message into the caller's memory and keeps nothing of it.
    ///
    /// - Parameters:
    ///   - payload: the data, which may hold a code.
    ///   - limit: the longest message the reader takes, in bytes.
    /// - Throws: `.payloadLength` or `.messageTooLong` before anything is written; `.sinkFull`
    ///   with part of the message in the sink, for the caller to wipe.
    package func encode<S: ByteSink & ~Copyable>(
        slot: UInt8, sequence: UInt8,
        payload: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0),
        limit: Int = CCIDDescriptor.messageLengths.upperBound, into sink: inout S
    ) throws(CCIDError) {
        guard takes(payload.count) else { throw CCIDError(.payloadLength(payload.count)) }
        let most = min(limit, CCIDDescriptor.messageLengths.upperBound)
        guard payload.count <= most - Self.headerLength else {
            throw CCIDError(.messageTooLong(limit: most))
        }
        let length = UInt32(truncatingIfNeeded: payload.count)
        try Self.put(type, &sink)
        for shift: UInt32 in [0, 8, 16, 24] {
            try Self.put(UInt8(truncatingIfNeeded: length >> shift), &sink)
        }
        try Self.put(slot, &sink)
        try Self.put(sequence, &sink)
        let last = specific
        try Self.put(last.0, &sink)
        try Self.put(last.1, &sink)
        try Self.put(last.2, &sink)
        guard sink.append(contentsOf: payload) else { throw CCIDError(.sinkFull) }
    }

    private static func put<S: ByteSink & ~Copyable>(
        _ byte: UInt8, _ sink: inout S
    ) throws(CCIDError) {
        guard sink.append(byte) else { throw CCIDError(.sinkFull) }
    }
}

/// bPowerSelect: the voltage to power a card with.
package enum CCIDPowerSelect: UInt8, Equatable, Sendable {
    /// The reader chooses; only where it has `automaticVoltage`.
    case automatic = 0
    case fiveVolts = 1
    case threeVolts = 2
    /// 1.8 V.
    case oneEightVolts = 3
}

/// bClockCommand.
package enum CCIDClockCommand: UInt8, Equatable, Sendable {
    case restart = 0
    /// In the state that the parameters say.
    case stop = 1
}

/// bFunction of the command Mechanical.
package enum CCIDMechanicalFunction: UInt8, Equatable, Sendable {
    case acceptCard = 1
    case ejectCard = 2
    case captureCard = 3
    case lockCard = 4
    case unlockCard = 5
}
