/// Why no answer came back from the card.
///
/// Whatever it was, the command may have reached the card: one that carries a code is never
/// sent a second time after a fault.
package enum CardFault: Error, Equatable, Sendable {
    /// The card, or the reader with it, was pulled.
    case removed
    /// Somebody reset the card: what was verified and selected is gone.
    case reset
    /// The card does not answer.
    case mute
    /// The time for the answer is over; the card may still be at work.
    case deadline
    /// The caller asked to stop.
    case cancelled
    /// What came back is no response.
    case malformedResponse
    /// The way to the card failed, with that layer's own code.
    case transport(Int32)
}

extension CardFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .removed: "card removed"
        case .reset: "card was reset by somebody else"
        case .mute: "card does not answer"
        case .deadline: "no answer before the deadline; the card may still be at work"
        case .cancelled: "cancelled"
        case .malformedResponse: "what came back is no response"
        case .transport(let code): "reader or transport failed (code " + String(code) + ")"
        }
    }
}

/// The way to one card, as families see it.
package protocol CardChannel: ~Copyable {
    /// Sends one command and takes its one response, all bytes with the status word.
    ///
    /// - Parameters:
    ///   - command: one encoded command; the channel keeps no copy of it.
    ///   - writes: the command may write in the card (VERIFY, CHANGE REFERENCE DATA, RESET
    ///     RETRY COUNTER and the like): it is never cut off before the hard cap.
    ///   - response: holds the response afterwards, and nothing after a fault.
    mutating func transmit(
        _ command: UnsafeRawBufferPointer, writes: Bool, into response: inout ResponseBuffer
    ) throws(CardFault)

    /// Whether the reader and the protocol in use take extended length.
    var takesExtended: Bool { get }
}
