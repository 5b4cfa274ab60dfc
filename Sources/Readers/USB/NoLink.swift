import APDU

/// The way to a card in a reader that cannot be driven: there is none.
final class NoLink: CardLink {
    private let reason: String

    init(reason: String) { self.reason = reason }

    func open(mark: UInt64, limit: CallLimit) throws(ReaderError) -> PoweredCard {
        throw .unavailable(reason: reason)
    }

    func transmit(
        _ command: UnsafeRawBufferPointer, limit: CallLimit, into response: inout ResponseBuffer
    ) throws(CardFault) {
        throw .removed
    }

    func askStatus(limit: CallLimit) throws(CardFault) { throw .removed }
    func resetCold(limit: CallLimit) throws(CardFault) -> PoweredCard { throw .removed }
    func close() {}
    var hasLostCard: Bool { false }
    func renew() {}
}
