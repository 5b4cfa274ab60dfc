import APDU
import System

/// A card in a reader of pcscd.
final class PCSCLink: CardLink {
    /// pcscd itself holds a card that was just put in, to power it, and that looks like a
    /// sharing violation: so long it is tried again while nobody else is there.
    private static let powerUpGrace: Duration = .milliseconds(500)

    /// Readers without an interrupt endpoint are asked every 400 ms; a little more.
    private static let pollOfPCSCD: Duration = .milliseconds(600)

    private let reader: String
    private var context: PCSCContext?
    private var card: PCSCCard?
    private var mark: UInt64 = 0
    /// Why there is no card any more.
    private var lost: CardFault = .removed
    private(set) var hasLostCard = false
    /// The pad and what its features are called by, once asked for.
    private var pad: (PINPad, PINPadFeatures?)?

    init(reader: String) {
        self.reader = reader
    }

    func open(mark: UInt64, limit: CallLimit) throws(ReaderError) -> PoweredCard {
        self.mark = mark
        lost = .removed
        hasLostCard = false
        do throws(PCSCError) {
            return try takeAndRead()
        } catch  where error.code.isServiceGone {
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
        _ command: UnsafeRawBufferPointer, limit: CallLimit, into response: inout ResponseBuffer
    ) throws(CardFault) {
        guard let card else { throw lost }
        do throws(PCSCError) {
            try response.fill { room throws(PCSCError) in
                try card.transmit(command, into: room)
            }
        } catch {
            throw fault(error)
        }
        // Drivers answer a pull with nothing at all, too.
        if response.withBytes({ $0.count }) < 2 {
            throw lose(isCardGone() ? .removed : .malformedResponse)
        }
    }

    func readPad() throws(CardFault) -> PINPad {
        try askForPad().0
    }

    /// The same driver serves readers whose pad must not be used; which they are, the numbers
    /// of the USB device tell. A driver that does not tell them is not trusted with a code.
    private func askForPad() throws(CardFault) -> (PINPad, PINPadFeatures?) {
        if let pad { return pad }
        guard let card else { throw lost }
        var asked: (PINPad, PINPadFeatures?) = (.none, nil)
        do throws(PCSCError) {
            if let features = try card.features(), !features.pinSupport.isEmpty,
                let code = features.controlCode(.properties),
                let properties = try card.properties(code),
                let vendor = properties.vendor, let product = properties.product,
                !CCIDQuirk.forbidsPad(vendor: vendor, product: product)
            {
                asked = (PINPad(features, properties), features)
            }
        } catch {
            throw fault(error)
        }
        pad = asked
        return asked
    }

    func enterAtPad(
        _ operation: PINPadOperation, _ entry: PINEntry, limit: CallLimit
    ) throws(CardFault) -> PINPadOutcome {
        let (pad, features) = try askForPad()
        guard let card else { throw lost }
        let tag: PINPadFeatures.Tag = operation.needs == .verify ? .verifyDirect : .modifyDirect
        guard pad.takes(operation), let code = features?.controlCode(tag) else {
            throw .transport(0)
        }
        let answer: [UInt8]
        do throws(PCSCError) {
            answer = try card.control(UInt(code), operation.pcsc(entry))
        } catch {
            throw fault(error)
        }
        guard let status = answer.withUnsafeBytes({ try? StatusWord(endOf: $0) }) else {
            throw lose(isCardGone() ? .removed : .malformedResponse)
        }
        return PINPadOutcome(status)
    }

    func askStatus(limit: CallLimit) throws(CardFault) {
        guard let card else { throw lost }
        do throws(PCSCError) {
            _ = try card.atr()
        } catch {
            throw fault(error)
        }
    }

    func resetCold(limit: CallLimit) throws(CardFault) -> PoweredCard {
        guard let card else { throw lost }
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
        pad = nil
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
            } catch  where error.code == .sharingViolation {
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
        var status = [PCSCStatus(reader: reader, known: 0)]
        guard let context, let card else {
            throw PCSCError(call: "SCardGetStatusChange", code: .removedCard)
        }
        try context.wait(&status, milliseconds: 0)
        guard status[0].isPresent, status[0].counter == mark else {
            throw PCSCError(call: "SCardGetStatusChange", code: .removedCard)
        }
        let bytes = status[0].atr
        let isT1 = card.isT1
        let atr = try? ATR(parsing: bytes)
        return PoweredCard(
            atr: bytes, protocolName: isT1 ? "T=1" : "T=0",
            takesExtended: isT1 && (atr.map(announcesExtendedLength) ?? false))
    }

    /// What a failed call means for the card that was held.
    private func fault(_ error: PCSCError) -> CardFault {
        if error.code.isServiceGone {
            renew()
            return lose(.transport(Int32(bitPattern: error.code.rawValue)))
        }
        let fault = error.code.fault
        switch fault {
        case .removed: return lose(.removed)
        // The failure is often seen before the pull that caused it.
        case .transport: return lose(isCardGone() ? .removed : fault)
        default: return fault
        }
    }

    /// Whatever comes from the card after this may be from another one: pcscd can miss a pull
    /// between two of its looks.
    private func lose(_ fault: CardFault) -> CardFault {
        close()
        lost = fault
        hasLostCard = true
        return fault
    }

    /// Whether the card that was held is no longer in the reader, or will be seen to be in a
    /// moment: pcscd asks some readers only every so often.
    private func isCardGone() -> Bool {
        guard let context else { return true }
        let end = Instant.now + Self.pollOfPCSCD
        var known: UInt = 0
        while true {
            var status = [PCSCStatus(reader: reader, known: known)]
            let left = max(.zero, end - .now).wholeMilliseconds
            do throws(PCSCError) {
                try context.wait(&status, milliseconds: UInt32(clamping: left))
            } catch {
                return error.code != .timeout
            }
            if !status[0].isPresent || status[0].counter != mark { return true }
            known = status[0].asKnown
        }
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
