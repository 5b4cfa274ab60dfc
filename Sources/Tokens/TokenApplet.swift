import APDU
import Crypto
import Secrets

/// One family's way with a token: what the procedures of the station stand on.
///
/// A value of it belongs to one card session; after a reset it is made anew.
package protocol TokenApplet: ~Copyable {
    /// The rule a new PIN must keep.
    var pinRule: CodeRule { get }
    /// The rule an unblocking code keeps that could be this token's.
    var unblockingRule: CodeRule { get }

    /// Reads who the token is. `slots` limits which certificates are read; nil reads all.
    mutating func readIdentity<C: CardChannel & ~Copyable>(
        _ card: inout C, slots: [KeySlot]?
    ) throws(TokenError) -> TokenIdentity

    /// Reads the counters without spending a try.
    /// - Parameter statusQueryIsSafe: false leaves out what is known to be unsafe for this token.
    mutating func readCounters<C: CardChannel & ~Copyable>(
        _ card: inout C, statusQueryIsSafe: Bool
    ) throws(TokenError) -> Counters

    /// What the device says of the key in `slot`.
    mutating func readTraits<C: CardChannel & ~Copyable>(
        _ card: inout C, of slot: KeySlot
    ) throws(TokenError) -> KeyTraits

    /// Sends the unblocking code with the new PIN, once.
    mutating func unblock<C: CardChannel & ~Copyable>(
        _ card: inout C, unblockingCode: borrowing Secret, newPIN: borrowing Secret
    ) throws(TokenError) -> CodeAnswer

    /// Sends the PIN, once.
    mutating func verify<C: CardChannel & ~Copyable>(
        _ card: inout C, pin: borrowing Secret
    ) throws(TokenError) -> CodeAnswer

    /// How this token's codes are entered at a pad, whichever pad it is.
    mutating func padEntries<C: CardChannel & ~Copyable>(
        _ card: inout C
    ) throws(TokenError) -> PadEntries

    /// Has the key in `slot` sign `message`; the signature in X.509's encoding.
    mutating func sign<C: CardChannel & ~Copyable>(
        _ card: inout C, message: [UInt8], slot: KeySlot, key: PublicKey
    ) throws(TokenError) -> [UInt8]
}

/// A token whose family was recognised.
package enum RecognisedToken: ~Copyable {
    case piv(PIVApplet)

    /// Finds out the family by what the card answers; its ATR decides nothing.
    /// - Throws: `.unsupported` when no family knows the card.
    package static func recognise<C: CardChannel & ~Copyable>(
        _ card: inout C
    ) throws(TokenError) -> RecognisedToken {
        if let applet = try PIVApplet(selecting: &card) { return .piv(applet) }
        throw TokenError(.unsupported, "SELECT")
    }
}
