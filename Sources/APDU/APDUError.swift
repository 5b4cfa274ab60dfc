/// Why bytes could not be taken as, or made into, what ISO 7816-4 defines.
///
/// Carries numbers only, never bytes: a refused command may hold a code.
package struct APDUError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: Equatable, Sendable {
        /// Fewer than the four bytes of a header.
        case commandTooShort
        /// Lc, Le and the number of bytes do not make one of the seven cases (5.1).
        case lengthsDisagree
        /// An extended Lc of zero, which no case has (5.1).
        case zeroLength
        /// CLA FF, which ISO 7816-3 keeps for PPS (5.4.1).
        case classInvalid
        /// INS 6X or 9X, which T=0 needs for itself (5.4.2); 6X only of an interindustry class.
        case instructionInvalid
        /// More data than the form takes: 255 bytes short, 65535 extended.
        case dataTooLong(limit: Int)
        /// Le outside 1…256 short or 1…65536 extended.
        case expectedLengthOutOfRange
        /// A command to be cut into a chain has the chaining bit already.
        case classCannotChain
        /// Extended length, and the reader or the protocol does not take it.
        case extendedNotTaken
        /// The caller's sink is full.
        case sinkFull
        /// A response shorter than a status word, or longer than 65538 bytes.
        case responseLength
        /// More response data than the caller said to gather.
        case responseTooLong(limit: Int)
        /// 61xx again and again, and no data with it.
        case responseStalled
        /// A response where none was awaited.
        case responseUnexpected
        /// A tag or length field ends too early.
        case objectTruncated
        /// A tag of more than three bytes, or one that no encoder makes.
        case tagInvalid
        /// The indefinite length 80, or a length field of more than four bytes.
        case lengthInvalid
        /// A value is longer than what is left.
        case valueTruncated
        /// Objects nested deeper than the reader follows.
        case nestedTooDeep(limit: Int)
        /// A padding byte, 00 or FF, where the caller allows none.
        case paddingFound
    }

    package let code: Code
    /// Offset of the offending byte from the start of what was parsed; nil where there is none.
    package let offset: Int?

    package init(_ code: Code, at offset: Int? = nil) {
        self.code = code
        self.offset = offset
    }

    /// What a card answers to a command it cannot parse for this reason.
    package var answer: StatusWord {
        switch code {
        case .classInvalid, .classCannotChain: .classNotSupported
        case .instructionInvalid: .instructionNotSupported
        default: .wrongLength
        }
    }

    package var description: String {
        guard let offset else { return reason }
        return reason + " (at byte " + String(offset) + ")"
    }

    private var reason: String {
        switch code {
        case .commandTooShort: "a command has at least four bytes"
        case .lengthsDisagree: "lc, le and the length of the command disagree"
        case .zeroLength: "an extended lc of zero"
        case .classInvalid: "class FF is no class"
        case .instructionInvalid: "instructions 6X and 9X are no instructions"
        case .dataTooLong(let limit): "command data longer than " + String(limit) + " bytes"
        case .expectedLengthOutOfRange: "an expected length this form cannot carry"
        case .classCannotChain: "a command that is part of a chain cannot be cut further"
        case .extendedNotTaken: "the way to the card takes no extended length"
        case .sinkFull: "the command does not fit its buffer"
        case .responseLength: "a response has 2 to 65538 bytes"
        case .responseTooLong(let limit): "a response longer than " + String(limit) + " bytes"
        case .responseStalled: "the card announces data and gives none"
        case .responseUnexpected: "a response after the last one"
        case .objectTruncated: "a data object ends inside its tag or length"
        case .tagInvalid: "not a tag of one to three bytes"
        case .lengthInvalid: "not a definite length of one to five bytes"
        case .valueTruncated: "a value longer than its surroundings"
        case .nestedTooDeep(let limit): "nested deeper than " + String(limit) + " levels"
        case .paddingFound: "padding where a data object must stand"
        }
    }
}
