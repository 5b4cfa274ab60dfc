/// What became of an entry at a pad.
///
/// Cards may answer 64XX too; behind a pad these four are the reader's (PC/SC part 10, 2.5.2),
/// and the card has had no code.
package enum PINPadOutcome: Equatable, Sendable {
    /// The command with the code went to the card, and this is the card's answer.
    case answered(StatusWord)
    /// 6400 or bError F0: nobody entered a code in time.
    case timedOut
    /// 6401 or bError EF: the holder pressed cancel.
    case cancelled
    /// 6402: the new code was entered twice, and differently.
    case newPINsDiffer
    /// 6403: too few or too many characters.
    case wrongLength
    /// 6B80: the reader does not take the structure.
    case structureRefused

    package init(_ status: StatusWord) {
        switch (status.sw1, status.sw2) {
        case (0x64, 0x00): self = .timedOut
        case (0x64, 0x01): self = .cancelled
        case (0x64, 0x02): self = .newPINsDiffer
        case (0x64, 0x03): self = .wrongLength
        case (0x6B, 0x80): self = .structureRefused
        default: self = .answered(status)
        }
    }

    /// The two errors of a slot that are about an entry; nil for any other.
    package init?(_ error: CCIDSlotError) {
        switch error {
        case .pinTimeout: self = .timedOut
        case .pinCancelled: self = .cancelled
        default: return nil
        }
    }
}
