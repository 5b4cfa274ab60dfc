/// What comes over the contacts after something was sent to the card.
enum CardAnswer: Equatable, Sendable {
    /// These bytes, so many milliseconds later than needed.
    case bytes([UInt8], after: Int)
    /// Nothing.
    case mute
    /// Nothing, and after so many milliseconds the card is gone.
    case muteThenGone(milliseconds: Int)
    /// The card is gone, after these bytes where there are any.
    case gone(after: [UInt8]?)
    /// Bytes with wrong parity.
    case parity
    /// What the host gave is nothing that could be sent to a card.
    case malformed

    /// What a token's answer is where APDUs are carried as they are.
    init(_ exchange: SimulatedToken.Exchange) {
        switch exchange {
        case .answer(let bytes, let milliseconds): self = .bytes(bytes, after: milliseconds)
        case .pulled(let bytes): self = .gone(after: bytes)
        case .mute(.some(let milliseconds)): self = .muteThenGone(milliseconds: milliseconds)
        case .mute(nil): self = .mute
        }
    }
}
