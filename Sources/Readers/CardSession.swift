import APDU
import System

/// One card, taken exclusively, powered, and timed: what a procedure works with.
///
/// It is valid only inside the procedure's body; the reader's thread powers the card down
/// afterwards, whatever happened.
package struct CardSession: ~Copyable, PINPadChannel {
    package let reader: String
    /// Which card this is; see `ReaderSnapshot.insertion`.
    package let insertion: UInt64
    /// The time of this procedure.
    package let clock: StepClock

    private var card: PoweredCard
    /// False once the card was powered down before the procedure's end.
    private var isOpen = true
    private let link: any CardLink
    private let workDone: @Sendable () -> Void

    init(
        reader: String, insertion: UInt64, clock: StepClock, card: PoweredCard,
        link: any CardLink, workDone: @escaping @Sendable () -> Void = {}
    ) {
        self.reader = reader
        self.insertion = insertion
        self.clock = clock
        self.card = card
        self.link = link
        self.workDone = workDone
    }

    /// The answer to the last reset.
    package var atr: [UInt8] { card.atr }
    /// "T=0" or "T=1".
    package var protocolName: String { card.protocolName }
    package var takesExtended: Bool { card.takesExtended }

    /// - Throws: also `.deadline` and `.cancelled`, and then nothing was sent; `.removed`
    ///   after `powerDown`.
    package mutating func transmit(
        _ command: UnsafeRawBufferPointer, writes: Bool, into response: inout ResponseBuffer
    ) throws(CardFault) {
        response.clear()
        guard isOpen else { throw .removed }
        let limit = try clock.admit(writes: writes)
        defer { clock.settle() }
        do throws(CardFault) {
            try link.transmit(command, limit: limit, into: &response)
        } catch {
            response.clear()
            throw error
        }
    }

    /// Asks the reader about its pad, without a word to the card.
    package mutating func readPad() throws(CardFault) -> PINPad {
        guard isOpen else { throw .removed }
        _ = try clock.admit(writes: false)
        defer { clock.settle() }
        return try link.readPad()
    }

    /// - Throws: as `transmit`; after `.deadline` and `.cancelled` nothing was sent.
    package mutating func enterAtPad(
        _ operation: PINPadOperation, _ entry: PINEntry
    ) throws(CardFault) -> PINPadOutcome {
        guard isOpen else { throw .removed }
        let limit = try clock.admit(writes: true)
        defer { clock.settle() }
        return try link.enterAtPad(operation, entry, limit: limit)
    }

    /// Asks the reader how the card stands, without a word to the card.
    package mutating func askStatus() throws(CardFault) {
        guard isOpen else { throw .removed }
        let limit = try clock.admit(writes: false)
        defer { clock.settle() }
        try link.askStatus(limit: limit)
    }

    /// How often the card asked for more time, counted from any moment before; nil where the
    /// way to it does not show that.
    package var timeExtensions: Int? { link.timeExtensions }

    /// Takes the power from the card and gives it back: what was verified and selected is
    /// gone, and volatile counts with it.
    package mutating func resetCold() throws(CardFault) {
        guard isOpen else { throw .removed }
        let limit = try clock.admit(writes: false)
        defer { clock.settle() }
        card = try link.resetCold(limit: limit)
    }

    /// Before the answer is given: from here on the next procedure may wait for this reader.
    package func finish() { workDone() }

    /// Powers the card down and lets the reader go before the procedure ends.
    package mutating func powerDown() {
        guard isOpen else { return }
        isOpen = false
        link.close()
        finish()
    }
}
