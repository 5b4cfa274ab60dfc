import APDU
import System

/// What a trace may know of one command: never its data.
package struct CommandTrace: Equatable, Sendable {
    package let reader: String
    package let instruction: UInt8
    package let p1: UInt8
    package let p2: UInt8
    /// Bytes sent, header and all.
    package let commandLength: Int
    /// Bytes received, status word and all; 0 after a fault.
    package let responseLength: Int
    /// nil after a fault.
    package let statusWord: UInt16?
    package let fault: CardFault?
    package let took: Duration
}

/// One card, taken exclusively, powered, and timed: what a procedure works with.
///
/// It is valid only inside the procedure's body; the reader's thread powers the card down
/// afterwards, whatever happened.
package struct CardSession: ~Copyable, CardChannel {
    package let reader: String
    /// Which card this is; see `ReaderSnapshot.insertion`.
    package let insertion: UInt64
    /// The time of this procedure.
    package let clock: StepClock

    private var card: PoweredCard
    private var isOpen = true
    private let link: any CardLink
    private let tracer: Tracer?

    init(
        reader: String, insertion: UInt64, clock: StepClock, card: PoweredCard,
        link: any CardLink, trace: (@Sendable (CommandTrace) -> Void)?
    ) {
        self.reader = reader
        self.insertion = insertion
        self.clock = clock
        self.card = card
        self.link = link
        tracer = trace.map {
            Tracer(reader: reader, timekeeper: clock.timekeeper, take: $0)
        }
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
        let tracer = tracer
        let began = tracer?.timekeeper.now
        defer { clock.settle() }
        do throws(CardFault) {
            try link.transmit(command, limit: limit, into: &response)
        } catch {
            response.clear()
            tracer?.report(command, began, response.count, nil, error)
            throw error
        }
        if let tracer {
            let status = response.withBytes { bytes in
                bytes.count < 2
                    ? nil
                    : UInt16(bytes[bytes.count - 2]) << 8 | UInt16(bytes[bytes.count - 1])
            }
            tracer.report(command, began, response.count, status, nil)
        }
    }

    /// Takes the power from the card and gives it back: what was verified and selected is
    /// gone, and volatile counts with it.
    package mutating func resetCold() throws(CardFault) {
        guard isOpen else { throw .removed }
        let limit = try clock.admit(writes: false)
        defer { clock.settle() }
        card = try link.resetCold(limit: limit)
    }

    /// Powers the card down and lets the reader go before the procedure ends.
    package mutating func powerDown() {
        guard isOpen else { return }
        isOpen = false
        link.close()
    }
}

/// Hands traces out. A value of its own: Swift 6.0 does not compile this within one that
/// cannot be copied.
private struct Tracer: Sendable {
    let reader: String
    let timekeeper: any Timekeeper
    let take: @Sendable (CommandTrace) -> Void

    func report(
        _ command: UnsafeRawBufferPointer, _ began: Instant?, _ received: Int,
        _ status: UInt16?, _ fault: CardFault?
    ) {
        guard let began, command.count >= 4 else { return }
        take(
            CommandTrace(
                reader: reader, instruction: command[1], p1: command[2], p2: command[3],
                commandLength: command.count, responseLength: received, statusWord: status,
                fault: fault, took: timekeeper.now - began))
    }
}
