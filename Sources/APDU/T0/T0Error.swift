/// Why an exchange over T=0 cannot go on.
///
/// Carries numbers only, never bytes of a command.
package struct T0Error: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: Equatable, Sendable {
        /// The bytes given to encode are not those of the command that was parsed.
        case commandChanged
        /// A TPDU is a header of five bytes, and then P3 bytes of data or none.
        case tpduLength
        /// INS 6X or 9X, which cannot be told from a status (10.3.2).
        case instructionInvalid
        /// The caller's sink is full.
        case sinkFull
        /// Neither NULL, ACK nor a status where one of them must stand (10.3.3).
        case procedureByte(UInt8)
        /// Data asked for or announced where all of them have been moved.
        case dataMoved
        /// More NULL bytes than the caller waits for.
        case tooManyNulls(limit: Int)
        /// A response without a status word, or with more data than P3 said.
        case responseLength
        /// Response data to a command that carried data: T=0 moves them one way only.
        case bothWays
        /// SW1 that is not 6X or 9X, or that is 60.
        case statusInvalid(UInt8)
        /// More response data than the caller's buffer takes.
        case responseTooLong(limit: Int)
        /// 61xx to GET RESPONSE, and no data with it.
        case responseStalled
        /// A byte or a response where none is awaited, or a command after the last one.
        case unexpected
    }

    package let code: Code

    package init(_ code: Code) { self.code = code }

    package var description: String {
        switch code {
        case .commandChanged: "not the command that this exchange began with"
        case .tpduLength: "p3 and the length of the t=0 command disagree"
        case .instructionInvalid: "instructions 6X and 9X are no instructions"
        case .sinkFull: "the bytes do not fit their buffer"
        case .procedureByte(let byte): "procedure byte " + Hexadecimal.of(byte)
        case .dataMoved: "the card wants to move data beyond the last byte"
        case .tooManyNulls(let limit): "more than " + String(limit) + " requests for time"
        case .responseLength: "a t=0 response without a status, or longer than asked for"
        case .bothWays: "response data to a t=0 command that carries data"
        case .statusInvalid(let byte): "status byte " + Hexadecimal.of(byte) + ", not 6X or 9X"
        case .responseTooLong(let limit): "a response longer than " + String(limit) + " bytes"
        case .responseStalled: "the card announces data and gives none"
        case .unexpected: "a step after the last one"
        }
    }
}
