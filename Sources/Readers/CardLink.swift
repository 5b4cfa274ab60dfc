import APDU
import System

/// A card that was taken and powered.
struct PoweredCard: Equatable, Sendable {
    let atr: [UInt8]
    /// The protocol in use, "T=0" or "T=1".
    let protocolName: String
    let takesExtended: Bool
}

/// One way to one card. Lives on its reader's thread and is called by nobody else.
protocol CardLink: AnyObject {
    /// Takes the reader for us alone and powers the card.
    ///
    /// - Parameters:
    ///   - mark: which card is meant, as the watcher of this path counts them.
    ///   - limit: when a way that can give up does.
    func open(mark: UInt64, limit: CallLimit) throws(ReaderError) -> PoweredCard

    func transmit(
        _ command: UnsafeRawBufferPointer, limit: CallLimit, into response: inout ResponseBuffer
    ) throws(CardFault)

    /// What the reader's pad can do for the card that is held.
    func readPad() throws(CardFault) -> PINPad

    /// Has a code entered at the pad and sent to the card by the reader, once; the same faults
    /// as `transmit`.
    func enterAtPad(
        _ operation: PINPadOperation, _ entry: PINEntry, limit: CallLimit
    ) throws(CardFault) -> PINPadOutcome

    /// Asks the reader how the card stands, without a word to the card: what a round trip to
    /// the reader costs.
    func askStatus(limit: CallLimit) throws(CardFault)

    /// Takes the power away, gives it back, and reads the answer to reset.
    func resetCold(limit: CallLimit) throws(CardFault) -> PoweredCard

    /// How often the card asked for more time since the link was made; nil where the way to it
    /// does not show that.
    var timeExtensions: Int? { get }

    /// Powers the card down and lets the reader go.
    func close()

    /// Since `open`, something happened after which the card in the reader may be another.
    var hasLostCard: Bool { get }

    /// Throws away whatever a call that came back too late may have spoilt.
    func renew()
}

/// A way that shows nothing of waiting times.
extension CardLink {
    var timeExtensions: Int? { nil }
}

/// A reader without a pad.
extension CardLink {
    func readPad() throws(CardFault) -> PINPad { .none }

    func enterAtPad(
        _ operation: PINPadOperation, _ entry: PINEntry, limit: CallLimit
    ) throws(CardFault) -> PINPadOutcome {
        throw .transport(0)
    }
}

/// Whether commands of extended length may be sent to a card with this answer to reset:
/// only where its card capabilities say so (ISO 7816-4, 12.1.1.9), since a card that does
/// not know them may answer anything.
func announcesExtendedLength(_ atr: ATR) -> Bool {
    atr.historical.capabilities?.takesExtended ?? false
}
