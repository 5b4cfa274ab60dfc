import APDU
import System

/// A card in one slot of a reader on the raw path.
final class CCIDLink: CardLink {
    /// How long the first word from a reader is waited for, and longer where a quirk says so.
    private static let firstStatus: Duration = .seconds(3)

    private let reader: CCIDReader
    private let slot: UInt8
    private var card: CCIDCard?
    private var mark: UInt64 = 0
    private var isOpen = false
    /// Why there is no card any more.
    private var lost: CardFault = .removed
    private(set) var hasLostCard = false
    /// The answer to a command that may write was lost: the card keeps its power so long.
    private var mayStillWrite: Instant?

    /// Between a command that a pull cut off and the reader's word of the pull.
    private static let afterPull: Duration = .milliseconds(100)
    /// Longer than cards write, and shorter than people wait.
    private static let afterLostWrite: Duration = .seconds(4)

    init(_ reader: CCIDReader, slot: UInt8) {
        self.reader = reader
        self.slot = slot
    }

    /// What a look found, and the change of the slot it is of.
    struct Found {
        /// The card's answer to reset; nil where there is no card.
        let atr: [UInt8]?
        let mark: UInt64
    }

    /// Opens the reader where that is not done yet, and looks what is in the slot. The card is
    /// without power afterwards.
    func look(limit: CallLimit) throws(CCIDFault) -> Found {
        try reader.withTurn(until: limit.orderly) { pipe throws(CCIDFault) in
            let card = try makeCard()
            try ready(pipe, card, limit)
            let status = try card.status(pipe, limit: limit)
            reader.hasBeenSeen(slot)
            let mark = reader.slot(slot).changes
            guard status != .absent else { return Found(atr: nil, mark: mark) }
            let atr = try card.answerToReset(pipe, limit: limit)
            card.powerOff(pipe)
            return Found(atr: atr, mark: mark)
        }
    }

    func open(mark: UInt64, limit: CallLimit) throws(ReaderError) -> PoweredCard {
        self.mark = mark
        lost = .removed
        hasLostCard = false
        mayStillWrite = nil
        do throws(CCIDFault) {
            return try reader.withTurn(until: limit.orderly) { pipe throws(CCIDFault) in
                let card = try makeCard()
                try ready(pipe, card, limit)
                reader.catchUp(pipe)
                guard try card.status(pipe, limit: limit) != .absent else { throw .noCard }
                try same()
                return try powerUp(pipe, card, limit)
            }
        } catch {
            hasLostCard = reader.slot(slot).changes != mark
            throw error == .noCard ? .cardChanged : error.readerError
        }
    }

    private func powerUp(
        _ pipe: CCIDPipe, _ card: CCIDCard, _ limit: CallLimit
    ) throws(CCIDFault) -> PoweredCard {
        do throws(CCIDFault) {
            let powered = try card.powerUp(pipe, limit: limit)
            isOpen = true
            return powered
        } catch {
            if card.hasPower { card.powerOff(pipe) }
            throw error
        }
    }

    func transmit(
        _ command: UnsafeRawBufferPointer, limit: CallLimit, into response: inout ResponseBuffer
    ) throws(CardFault) {
        guard isOpen, let card else { throw lost }
        do throws(CCIDFault) {
            try reader.withTurn(until: limit.orderly) { pipe throws(CCIDFault) in
                try same()
                try card.transmit(pipe, command, limit: limit, into: &response)
            }
        } catch {
            throw lose(error, limit)
        }
        if response.withBytes({ $0.count }) < 2 {
            throw lose(.outOfStep(CCIDError(.messageTruncated)), limit)
        }
    }

    func readPad() throws(CardFault) -> PINPad {
        guard isOpen, let card else { throw lost }
        return card.pad
    }

    func enterAtPad(
        _ operation: PINPadOperation, _ entry: PINEntry, limit: CallLimit
    ) throws(CardFault) -> PINPadOutcome {
        guard isOpen, let card else { throw lost }
        do throws(CCIDFault) {
            return try reader.withTurn(until: limit.orderly) { pipe throws(CCIDFault) in
                try same()
                return try card.enterAtPad(pipe, operation, entry, limit: limit)
            }
        } catch {
            throw lose(error, limit)
        }
    }

    func askStatus(limit: CallLimit) throws(CardFault) {
        guard isOpen, let card else { throw lost }
        do throws(CCIDFault) {
            try reader.withTurn(until: limit.orderly) { pipe throws(CCIDFault) in
                try same()
                guard try card.status(pipe, limit: limit) != .absent else { throw .noCard }
            }
        } catch {
            throw lose(error, limit)
        }
    }

    func resetCold(limit: CallLimit) throws(CardFault) -> PoweredCard {
        guard isOpen, let card else { throw lost }
        do throws(CCIDFault) {
            return try reader.withTurn(until: limit.orderly) { pipe throws(CCIDFault) in
                try same()
                card.powerOff(pipe)
                return try card.powerUp(pipe, limit: limit)
            }
        } catch {
            throw lose(error, limit)
        }
    }

    var timeExtensions: Int? { card?.timeExtensions }

    func close() {
        guard isOpen || mayStillWrite != nil else { return }
        isOpen = false
        if let until = mayStillWrite, until > .now { Thread.pause(until - .now) }
        mayStillWrite = nil
        powerOff()
    }

    func renew() { close() }

    // MARK: Steps

    private func makeCard() throws(CCIDFault) -> CCIDCard {
        if let card { return card }
        let made = try CCIDCard(reader, slot: slot)
        card = made
        return made
    }

    /// Opens the reader; the first status brings sequence numbers into step.
    private func ready(_ pipe: CCIDPipe, _ card: CCIDCard, _ limit: CallLimit) throws(CCIDFault) {
        guard !pipe.isOpen else { return }
        try pipe.open()
        var patience = Self.firstStatus
        for row in reader.quirks {
            if case .slowFirstStatus(let milliseconds) = row.quirk {
                patience += .milliseconds(milliseconds)
            }
        }
        let until = min(limit.orderly, .now + patience)
        _ = try card.status(pipe, limit: CallLimit(orderly: until, last: until))
    }

    /// Nothing was put in or pulled since the card was taken.
    private func same() throws(CCIDFault) {
        let slot = reader.slot(slot)
        guard slot.isPresent else { throw .noCard }
        guard slot.changes == mark else { throw .cardChanged }
    }

    /// The card held so far is not ours any more: it is left without power, and whoever meant
    /// it has to begin anew.
    private func lose(_ fault: CCIDFault, _ limit: CallLimit) -> CardFault {
        isOpen = false
        lost = fault.cardFault
        switch fault {
        case .noCard:
            hasLostCard = true
            reader.note(slot, isPresent: false, confirms: true)
            return lost
        case .cardChanged, .gone, .lost:
            hasLostCard = true
            return lost
        case .late:
            powerOff()
        default:
            if limit.mayWrite, Instant.now < limit.last {
                mayStillWrite = min(limit.last, .now + Self.afterLostWrite)
            } else {
                powerOff()
            }
        }
        // Some readers fail a command whose card was pulled for another reason, and tell of the
        // pull beside it, or a moment later.
        Thread.pause(Self.afterPull)
        if reader.slot(slot).changes != mark || !isStillThere {
            hasLostCard = true
            lost = .removed
        }
        return lost
    }

    /// Whether the card that did not answer is in its slot.
    private var isStillThere: Bool {
        let until = Instant.now + .milliseconds(500)
        let status = try? reader.withTurn(until: until) { pipe throws(CCIDFault) in
            pipe.glance(slot, until: until)
        }
        guard status == .some(.some(.absent)) else { return true }
        reader.note(slot, isPresent: false, confirms: true)
        mayStillWrite = nil
        return false
    }

    private func powerOff() {
        let limit = Instant.now + CCIDPipe.housekeeping
        do throws(CCIDFault) {
            try reader.withTurn(until: limit) { pipe throws(CCIDFault) in card?.powerOff(pipe) }
        } catch {
            reader.owePowerOff(slot)
        }
    }
}
