/// A message from the reader to the host over the bulk-in pipe, taken apart (6.2).
///
/// It holds no data: `payload` says where they lie in the message.
package struct CCIDReply: Equatable, Sendable {
    package enum Kind: Equatable, Sendable {
        /// 80: the answer to reset, a response, a block or a part of one. The chain is nil
        /// where bChainParameter is none of its five values.
        case dataBlock(chain: CCIDChain?)
        /// 81; nil where bClockStatus is none of its four values.
        case slotStatus(clock: CCIDClockStatus?)
        /// 82, with `CCIDParameters` as data.
        case parameters(TransmissionProtocol)
        /// 83
        case escape
        /// 84, with two numbers of four bytes as data: kHz and bit/s.
        case dataRateAndClock
    }

    /// What became of the command: bmCommandStatus and bError.
    package enum Outcome: Equatable, Sendable {
        case ok
        case failed(CCIDSlotError)
        /// The card wants more time: so many times its waiting time, or nil where the reader
        /// gives no number (00, FF). The answer comes later, with the same sequence number.
        case timeExtension(multiplier: UInt8?)
    }

    package let kind: Kind
    package let slot: UInt8
    package let sequence: UInt8
    package let iccStatus: CCIDCardStatus
    package let outcome: Outcome
    /// Where the data lie in the message.
    package let payload: Range<Int>

    /// Parses one whole message.
    ///
    /// - Throws: `.messageTruncated`, `.messageType`, `.messageLength`, `.status`.
    package init(parsing message: UnsafeRawBufferPointer) throws(CCIDError) {
        let header = CCIDCommand.headerLength
        guard message.count >= header else {
            throw CCIDError(.messageTruncated, at: message.count)
        }
        let last = message[9]
        switch message[0] {
        case 0x80: kind = .dataBlock(chain: CCIDChain(rawValue: last))
        case 0x81: kind = .slotStatus(clock: CCIDClockStatus(rawValue: last))
        case 0x82: kind = .parameters(TransmissionProtocol(rawValue: last))
        case 0x83: kind = .escape
        case 0x84: kind = .dataRateAndClock
        default: throw CCIDError(.messageType(message[0]), at: 0)
        }
        let announced = message.littleEndian32(at: 1)
        if announced == UInt32(truncatingIfNeeded: message.count - header) {
            payload = header..<message.count
        } else if announced == 0, message[0] == 0x82 {
            // QEMU's reader sends its parameters and announces none. Nobody reads them.
            payload = header..<header
        } else {
            throw CCIDError(.messageLength(announced: announced), at: 1)
        }
        slot = message[5]
        sequence = message[6]

        let status = message[7]
        guard status & 0x3C == 0, let icc = CCIDCardStatus(rawValue: status & 0x03) else {
            throw CCIDError(.status(status), at: 7)
        }
        iccStatus = icc
        let error = message[8]
        switch status >> 6 {
        case 0: outcome = .ok
        case 1: outcome = .failed(CCIDSlotError(error))
        case 2:
            outcome = .timeExtension(multiplier: error == 0x00 || error == 0xFF ? nil : error)
        default: throw CCIDError(.status(status), at: 7)
        }
    }

    /// bMessageType.
    package var type: UInt8 {
        switch kind {
        case .dataBlock: 0x80
        case .slotStatus: 0x81
        case .parameters: 0x82
        case .escape: 0x83
        case .dataRateAndClock: 0x84
        }
    }

    /// The data in the message that was parsed; empty in any shorter one.
    package func data(in message: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard payload.upperBound <= message.count else {
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        return UnsafeRawBufferPointer(rebasing: message[payload])
    }
}

/// bmICCStatus: the card in the slot.
package enum CCIDCardStatus: UInt8, Equatable, Sendable {
    /// Present and powered.
    case active = 0
    /// Present, without power.
    case inactive = 1
    case absent = 2
}

/// bChainParameter: which part of a long response a message carries.
package enum CCIDChain: UInt8, Equatable, Sendable {
    /// All of it.
    case whole = 0
    case begins = 1
    case ends = 2
    case continues = 3
    /// No data: the reader waits for the next part of the command.
    case awaitsMore = 0x10
}

/// bClockStatus: the card's clock.
package enum CCIDClockStatus: UInt8, Equatable, Sendable {
    case running = 0
    case stoppedLow = 1
    case stoppedHigh = 2
    case stopped = 3
}
