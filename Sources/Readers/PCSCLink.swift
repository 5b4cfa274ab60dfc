import APDU
import System

/// A card in a reader of pcscd.
final class PCSCLink: CardLink {
    /// pcscd itself holds a card that was just put in, to power it, and that looks like a
    /// sharing violation: so long it is tried again while nobody else is there.
    private static let powerUpGrace: Duration = .milliseconds(500)

    private let reader: String
    private var context: PCSCContext?
    private var card: PCSCCard?
    private var mark: UInt64 = 0

    init(reader: String) {
        self.reader = reader
    }

    func open(mark: UInt64, limit: Instant) throws(ReaderError) -> PoweredCard {
        self.mark = mark
        do throws(PCSCError) {
            return try takeAndRead()
        } catch where error.code.isServiceGone {
            // A context from before pcscd was restarted: nothing was sent with it yet.
            renew()
        } catch {
            throw reason(error)
        }
        do throws(PCSCError) {
            return try takeAndRead()
        } catch {
            if error.code.isServiceGone { renew() }
            throw reason(error)
        }
    }

    func transmit(
        _ command: UnsafeRawBufferPointer, limit: Instant, into response: inout ResponseBuffer
    ) throws(CardFault) {
        guard let card else { throw .removed }
        do throws(PCSCError) {
            try response.fill { room throws(PCSCError) in
                try card.transmit(command, into: room)
            }
        } catch {
            throw fault(error)
        }
        if response.withBytes({ $0.count }) < 2 { throw .malformedResponse }
    }

    func resetCold(limit: Instant) throws(CardFault) -> PoweredCard {
        guard let card else { throw .removed }
        do throws(PCSCError) {
            try card.resetCold()
            return try powered()
        } catch {
            throw fault(error)
        }
    }

    func close() {
        card?.disconnect()
        card = nil
    }

    func renew() {
        close()
        context = nil
    }

    // MARK: Steps

    private func takeAndRead() throws(PCSCError) -> PoweredCard {
        close()
        let context: PCSCContext
        if let ours = self.context { context = ours } else { context = try PCSCContext() }
        self.context = context
        card = try connect(context)
        do throws(PCSCError) {
            return try powered()
        } catch {
            close()
            throw error
        }
    }

    private func connect(_ context: PCSCContext) throws(PCSCError) -> PCSCCard {
        let end = Instant.now + Self.powerUpGrace
        while true {
            do throws(PCSCError) {
                return try context.connect(reader)
            } catch where error.code == .sharingViolation {
                guard Instant.now < end, PCSCHolders.now().isEmpty else { throw error }
                Thread.pause(.milliseconds(20))
            }
        }
    }

    /// What is connected now, if it is the card that is meant.
    ///
    /// PC/SC connects and reconnects by the reader's name: after a pull and another card it
    /// would go on with that one as if nothing had happened.
    private func powered() throws(PCSCError) -> PoweredCard {
        guard let context, let card else {
            throw PCSCError(call: "SCardStatus", code: .removedCard)
        }
        var status = [PCSCStatus(reader: reader, known: 0)]
        try context.wait(&status, milliseconds: 0)
        guard status[0].isPresent, status[0].counter == mark else {
            throw PCSCError(call: "SCardGetStatusChange", code: .removedCard)
        }
        let bytes = try card.atr()
        let isT1 = card.isT1
        let atr = try? ATR(parsing: bytes)
        return PoweredCard(
            atr: bytes, protocolName: isT1 ? "T=1" : "T=0",
            takesExtended: isT1 && (atr.map(announcesExtendedLength) ?? false))
    }

    private func fault(_ error: PCSCError) -> CardFault {
        if error.code.isServiceGone { renew() }
        return error.code.fault
    }

    private func reason(_ error: PCSCError) -> ReaderError {
        switch error.code {
        case .sharingViolation: .heldByOthers(PCSCHolders.now())
        case .noCard: .empty
        case .removedCard, .resetCard: .cardChanged
        case .unresponsiveCard, .unpoweredCard, .unsupportedCard: .mute
        case .unknownReader, .readerUnavailable: .noSuchReader(reader)
        default: .pcsc(call: error.call, code: error.code.rawValue)
        }
    }
}
