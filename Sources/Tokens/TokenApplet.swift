import APDU
import Crypto
import Secrets

/// One family's way with a token: what the procedures of the station stand on.
///
/// It belongs to one card session, whose thread alone uses it; after a reset it is made anew.
package protocol TokenApplet: AnyObject {
    /// Selects the family's application; nil where the card has none.
    ///
    /// Sends no secret, and leaves a card of another family able to answer the next one.
    static func select<C: CardChannel & ~Copyable>(
        _ card: inout C, _ bench: Workbench
    ) throws(TokenError) -> Self?

    /// The rule a new PIN must keep.
    var pinRule: CodeRule { get }

    /// Reads who the token is. `slots` limits which certificates are read; nil reads all.
    func readIdentity<C: CardChannel & ~Copyable>(
        _ card: inout C, slots: [KeySlot]?
    ) throws(TokenError) -> TokenIdentity

    /// Reads the PIN's counter without spending a try.
    /// - Parameter query: whether this token may be asked in a way that not all bear.
    func readPINCounter<C: CardChannel & ~Copyable>(
        _ card: inout C, asking query: StatusQuery
    ) throws(TokenError) -> Counter

    /// Reads the ways in which this token can be unblocked, best first, each with the tries of
    /// its code; spends none.
    func readUnblocking<C: CardChannel & ~Copyable>(
        _ card: inout C
    ) throws(TokenError) -> [UnblockingWay]

    /// What the device says of the key in `slot`.
    func readTraits<C: CardChannel & ~Copyable>(
        _ card: inout C, of slot: KeySlot
    ) throws(TokenError) -> KeyTraits

    /// What the device states of the key in `slot`, unverified; nil where it states nothing.
    func readAttestation<C: CardChannel & ~Copyable>(
        _ card: inout C, of slot: KeySlot
    ) throws(TokenError) -> KeyAttestation?

    /// The request the key in `slot` was born with, unverified; nil where the device has none, or
    /// has it no more.
    func readKeyRequest<C: CardChannel & ~Copyable>(
        _ card: inout C, of slot: KeySlot
    ) throws(TokenError) -> KeyRequest?

    /// Sends the code of `form` with the new PIN, once. Called for forms alone that
    /// `readUnblocking` named.
    func unblock<C: CardChannel & ~Copyable>(
        _ card: inout C, _ form: UnblockingForm, code: borrowing Secret, newPIN: borrowing Secret
    ) throws(TokenError) -> CodeAnswer

    /// Sends the code of a form that sets no new PIN, once.
    func resetCounter<C: CardChannel & ~Copyable>(
        _ card: inout C, _ form: UnblockingForm, code: borrowing Secret
    ) throws(TokenError) -> CodeAnswer

    /// Has the token make a challenge for a form whose key is held elsewhere. It is good until
    /// the token gets any other command.
    func askChallenge<C: CardChannel & ~Copyable>(
        _ card: inout C, _ form: UnblockingForm
    ) throws(TokenError) -> [UInt8]

    /// Sends the response to the last challenge, and the new PIN where it was right; each once.
    func unblock<C: CardChannel & ~Copyable>(
        _ card: inout C, _ form: UnblockingForm, response: borrowing Secret,
        newPIN: borrowing Secret
    ) throws(TokenError) -> CodeAnswer

    /// Sends the PIN, once.
    func verify<C: CardChannel & ~Copyable>(
        _ card: inout C, pin: borrowing Secret
    ) throws(TokenError) -> CodeAnswer

    /// The same on a token that opens each key by itself: that in `slot`. Else the PIN opens all.
    func verify<C: CardChannel & ~Copyable>(
        _ card: inout C, pin: borrowing Secret, opening slot: KeySlot
    ) throws(TokenError) -> CodeAnswer

    /// How this token's codes are entered at a pad, whichever pad it is.
    func padEntries<C: CardChannel & ~Copyable>(
        _ card: inout C
    ) throws(TokenError) -> PadEntries

    /// The same on a token that opens each key by itself: that in `slot`.
    func padEntries<C: CardChannel & ~Copyable>(
        _ card: inout C, opening slot: KeySlot?
    ) throws(TokenError) -> PadEntries

    /// Has the key in `slot` sign `message`; the signature in X.509's encoding.
    func sign<C: CardChannel & ~Copyable>(
        _ card: inout C, message: [UInt8], slot: KeySlot, key: PublicKey
    ) throws(TokenError) -> [UInt8]
}

extension TokenApplet {
    package func readAttestation<C: CardChannel & ~Copyable>(
        _ card: inout C, of slot: KeySlot
    ) throws(TokenError) -> KeyAttestation? { nil }

    package func readKeyRequest<C: CardChannel & ~Copyable>(
        _ card: inout C, of slot: KeySlot
    ) throws(TokenError) -> KeyRequest? { nil }

    package func verify<C: CardChannel & ~Copyable>(
        _ card: inout C, pin: borrowing Secret, opening slot: KeySlot
    ) throws(TokenError) -> CodeAnswer {
        try verify(&card, pin: pin)
    }

    package func padEntries<C: CardChannel & ~Copyable>(
        _ card: inout C, opening slot: KeySlot?
    ) throws(TokenError) -> PadEntries {
        try padEntries(&card)
    }

    package func resetCounter<C: CardChannel & ~Copyable>(
        _ card: inout C, _ form: UnblockingForm, code: borrowing Secret
    ) throws(TokenError) -> CodeAnswer {
        throw TokenError(.unsupported, form.rawValue)
    }

    package func askChallenge<C: CardChannel & ~Copyable>(
        _ card: inout C, _ form: UnblockingForm
    ) throws(TokenError) -> [UInt8] {
        throw TokenError(.unsupported, form.rawValue)
    }

    package func unblock<C: CardChannel & ~Copyable>(
        _ card: inout C, _ form: UnblockingForm, response: borrowing Secret,
        newPIN: borrowing Secret
    ) throws(TokenError) -> CodeAnswer {
        throw TokenError(.unsupported, form.rawValue)
    }

    /// Reads the counters of the PIN and of the code that `form` spends tries of.
    package func readCounters<C: CardChannel & ~Copyable>(
        _ card: inout C, of form: UnblockingForm?, asking query: StatusQuery
    ) throws(TokenError) -> Counters {
        let ways = try readUnblocking(&card)
        let pin = try readPINCounter(&card, asking: query)
        return Counters(
            pin: pin, unblocking: ways.first { $0.form == form }?.counter ?? .unknown(.notShown))
    }
}

/// The families the station knows.
package enum TokenFamilies {
    /// In the order in which a card is asked for them. Each that the card has not costs the
    /// SELECTs of its identifiers, the ePass2003 one GET DATA; it comes before the cards that are
    /// known by their ISO 7816-15 objects alone, since it has such objects too.
    private static var all: [(family: Family, applet: any TokenApplet.Type)] {
        [
            (.piv, PIVApplet.self), (.openpgp, OpenPGPApplet.self),
            (.smartCardHSM, SmartCardHSMApplet.self), (.gids, GIDSApplet.self),
            (.ePass2003, EPass2003Applet.self), (.pkcs15, PKCS15Applet.self),
        ]
    }

    /// Finds out the family by what the card answers; its ATR decides nothing.
    /// - Parameter expected: what the token was recognised as before, which is asked for first.
    /// - Throws: `.unsupported` when no family knows the card.
    package static func recognise<C: CardChannel & ~Copyable>(
        _ card: inout C, expected: Family? = nil
    ) throws(TokenError) -> any TokenApplet {
        let bench = try Workbench()
        let inTurn =
            all.filter { $0.family == expected } + all.filter { $0.family != expected }
        for (_, applet) in inTurn {
            if let selected = try applet.select(&card, bench) { return selected }
        }
        throw TokenError(.unsupported, "SELECT")
    }
}
