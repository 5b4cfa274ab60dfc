/// Why an exchange over T=1 did not bring a response.
///
/// After any of them but `.commandEmpty` and `.dead` at the beginning, the card may have had the
/// command; `T1Link.isCommandOut` says where it cannot have had all of it. A command with a code
/// in it is not sent again.
package enum T1Error: Error, Equatable, Sendable {
    /// A command of no bytes: nothing was sent.
    case commandEmpty
    /// The command is not as long as the one the exchange began with.
    case commandChanged
    /// An information field size that is not 1 to 254 bytes, or a field where there is none.
    case informationLength
    /// The caller's sink takes no whole block.
    case sinkFull
    /// A block, or news of none, where none was awaited.
    case blockUnexpected
    /// The card sent S(ABORT request).
    case aborted
    /// More S(WTX request) than the caller allows an exchange.
    case waitingTooOften(limit: Int)
    /// More response than the caller's buffer takes.
    case responseTooLong(limit: Int)
    /// No S(IFS response) with the size that was asked for, in three tries.
    case ifsdRefused(T1Trouble)
    /// Three tries of a block failed; S(RESYNCH request) has made the link usable again, and
    /// what became of the command is unknown.
    case resynchronised(T1Trouble)
    /// Not even S(RESYNCH request) is answered: only a cold reset helps.
    case dead
}

/// Why an answer could not be used.
package enum T1Trouble: Equatable, Sendable {
    /// Nothing came within the waiting time.
    case silence
    /// Wrong parity or a wrong EDC.
    case damaged
    /// No block of the standard, or an overrun in the reader.
    case malformed
    /// A block that has no place where it stands.
    case unexpected
    /// The card asked for the same block again and again.
    case refused

    /// What an R-block reports of it.
    var report: T1Block.Report { self == .damaged ? .damaged : .otherError }
}

extension T1Error: CustomStringConvertible {
    package var description: String {
        switch self {
        case .commandEmpty: "a command of no bytes"
        case .commandChanged: "the command changed while it was being sent"
        case .informationLength: "an information field size that is not 1 to 254"
        case .sinkFull: "the block does not fit its buffer"
        case .blockUnexpected: "a block where none was awaited"
        case .aborted: "the card aborted the exchange"
        case .waitingTooOften(let limit):
            "the card asked for more time more than " + String(limit) + " times"
        case .responseTooLong(let limit): "a response longer than " + String(limit) + " bytes"
        case .ifsdRefused(let trouble):
            "the card takes no information field size: " + trouble.description
        case .resynchronised(let trouble):
            "exchange lost and link resynchronised: " + trouble.description
        case .dead: "the card answers no resynchronisation; it needs a cold reset"
        }
    }
}

extension T1Trouble: CustomStringConvertible {
    package var description: String {
        switch self {
        case .silence: "no answer"
        case .damaged: "parity or check error"
        case .malformed: "no valid block"
        case .unexpected: "a block out of place"
        case .refused: "the card refuses a block"
        }
    }
}
