/// Why bytes are no CCID descriptor or message, or why an exchange of messages cannot go on.
///
/// Carries numbers only, never bytes: a refused message may hold a code.
package struct CCIDError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: Equatable, Sendable {
        /// A class descriptor that is not 54 bytes long.
        case descriptorLength(Int)
        /// A descriptor of another type than 21.
        case descriptorType(UInt8)
        /// dwMaxCCIDMessageLength out of bounds.
        case messageLimit(UInt32)
        /// dwMaxIFSD outside 1…254 in a reader that leaves T=1 to the host.
        case informationFieldLimit(UInt32)
        /// More than one of the level bits of dwFeatures.
        case severalLevels
        /// A message shorter than its header.
        case messageTruncated
        /// dwLength and the number of bytes disagree.
        case messageLength(announced: UInt32)
        /// A message type no reader sends there.
        case messageType(UInt8)
        /// Reserved bits or values in bStatus.
        case status(UInt8)
        /// An answer of another type than the command has.
        case answerType(UInt8)
        /// More empty packets and answers to other commands than are read over.
        case staleAnswers(limit: Int)
        /// Something received after the end of the exchange.
        case exchangeOver
        /// The reader did not do what was asked of it.
        case failed(CCIDSlotError)
        /// The reader did not stop the command.
        case notAborted
        /// Data that the command does not take.
        case payloadLength(Int)
        /// A message longer than the reader takes.
        case messageTooLong(limit: Int)
        /// The caller's sink is full.
        case sinkFull
        /// bChainParameter says what cannot be at this place.
        case chainOutOfPlace
        /// A chained answer goes on, and nothing comes with it.
        case chainStalled
        /// A response longer than the caller's buffer.
        case responseTooLong(limit: Int)
        /// Parameters of a length no protocol has.
        case parametersLength(Int)
    }

    package let code: Code
    /// Offset of the offending field from the start of what was parsed; nil where there is none.
    package let offset: Int?

    package init(_ code: Code, at offset: Int? = nil) {
        self.code = code
        self.offset = offset
    }

    package var description: String {
        guard let offset else { return reason }
        return reason + " (at byte " + String(offset) + ")"
    }

    private var reason: String {
        switch code {
        case .descriptorLength(let count):
            "a class descriptor has 54 bytes, this one " + String(count)
        case .descriptorType(let type):
            "a class descriptor is of type 21, not " + Hexadecimal.of(type)
        case .messageLimit(let limit):
            "a longest message of " + String(limit) + " bytes cannot be"
        case .informationFieldLimit(let limit):
            "a longest information field of " + String(limit) + " bytes cannot be"
        case .severalLevels: "more than one level of exchange"
        case .messageTruncated: "a message shorter than its header"
        case .messageLength(let announced):
            "a message that announces " + String(announced) + " bytes of data has not so many"
        case .messageType(let type): "no message of type " + Hexadecimal.of(type)
        case .status(let status): "reserved slot status " + Hexadecimal.of(status)
        case .answerType(let type):
            "a message of type " + Hexadecimal.of(type) + " is no answer to this command"
        case .staleAnswers(let limit):
            "more than " + String(limit) + " answers that are not to this command"
        case .exchangeOver: "a message after the end of the exchange"
        case .failed(let error): "the reader failed: " + error.description
        case .notAborted: "the reader did not abort the command"
        case .payloadLength(let count):
            "this command does not take " + String(count) + " bytes of data"
        case .messageTooLong(let limit): "a message longer than " + String(limit) + " bytes"
        case .sinkFull: "the message does not fit its buffer"
        case .chainOutOfPlace: "the reader's chain of blocks is out of order"
        case .chainStalled: "the reader announces more blocks and sends nothing with them"
        case .responseTooLong(let limit): "a response longer than " + String(limit) + " bytes"
        case .parametersLength(let count):
            "no protocol has " + String(count) + " bytes of parameters"
        }
    }
}
