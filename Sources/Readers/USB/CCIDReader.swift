import APDU
import System

/// One CCID interface and all its slots: whose turn it is to use its pipes, and what is in the
/// slots as far as the reader has told.
///
/// `@unchecked Sendable`: the pipe is touched only inside `withTurn` and `ifIdle`, which let one
/// thread in at a time; everything else is constant or behind the monitor.
final class CCIDReader: @unchecked Sendable {
    /// What is known of one slot.
    struct Slot: Equatable, Sendable {
        var isPresent = false
        /// Counts cards put in and pulled.
        var changes: UInt64 = 0
        /// The last change has not been looked at yet.
        var isNews = false
    }

    private struct State {
        var isTaken = false
        /// Slots whose card has power, and those it is to be taken from at the next turn.
        var powered: Set<UInt8> = []
        var owed: Set<UInt8> = []
        var isGone = false
        var slots: [Slot]
        var counts = USBReaderCounts()
        var isListening = false
        var pollDescriptor: Int32?
        var mode: [String?]
    }

    let device: USBDevice
    let interface: USBDevice.Interface
    let descriptor: CCIDDescriptor
    let classDescriptor: [UInt8]
    let quirks: [CCIDQuirkRow]
    private let pipe: CCIDPipe
    private let firstWords: Duration
    private let state: Monitor<State>

    /// - Throws: `.unsupported` with what is missing, `.noLockedMemory`.
    ///
    /// - Parameters:
    ///   - maker: takes the interface; by libusb where nothing else is said.
    ///   - firstWords: a reader tells once after it was opened how its slots stand, by itself,
    ///     at the latest after the longest interrupt interval: that is not news of a card.
    init(
        _ device: USBDevice, _ interface: USBDevice.Interface, maker: (any BulkPortMaker)? = nil,
        firstWords: Duration = .milliseconds(300)
    ) throws(CCIDFault) {
        let rows = CCIDQuirk.rows(
            vendor: device.vendor, product: device.product, release: device.release)
        let quirks = rows.map(\.quirk)
        self.device = device
        self.interface = interface
        self.quirks = rows
        self.firstWords = firstWords
        classDescriptor = try Self.classDescriptor(of: interface)
        descriptor = try Self.parse(classDescriptor, quirks)
        guard let out = interface.endpoint(.bulkOut), let incoming = interface.endpoint(.bulkIn)
        else { throw .unsupported("unsupported: an interface without a pair of bulk pipes") }
        let usb = USBInterfaceMaker(
            place: device.place, interface: interface.number, out: out, incoming: incoming,
            interrupt: interface.endpoint(.interruptIn), slots: descriptor.slots)
        pipe = try CCIDPipe(
            interface: interface.number, descriptor, quirks, packet: incoming.maximumPacket,
            maker ?? usb)
        state = Monitor(
            State(
                slots: [Slot](repeating: Slot(), count: descriptor.slots),
                mode: [String?](repeating: nil, count: descriptor.slots)))
    }

    /// The class descriptor behind the interface, or behind an endpoint as some have it.
    static func classDescriptor(of interface: USBDevice.Interface) throws(CCIDFault) -> [UInt8] {
        for extra in [interface.extra] + interface.endpoints.map(\.extra) {
            let found = extra.withUnsafeBytes { bytes in
                CCIDDescriptor.find(inExtra: bytes).map { Array($0) }
            }
            if let found { return found }
        }
        throw .unsupported("unsupported: an interface without a class descriptor")
    }

    private static func parse(
        _ bytes: [UInt8], _ quirks: [CCIDQuirk]
    ) throws(CCIDFault) -> CCIDDescriptor {
        var parsed: Result<CCIDDescriptor, CCIDError> = .failure(CCIDError(.messageTruncated))
        bytes.withUnsafeBytes { raw in
            do throws(CCIDError) {
                parsed = .success(try CCIDDescriptor(parsing: raw, quirks: quirks))
            } catch {
                parsed = .failure(error)
            }
        }
        switch parsed {
        case .failure(let error):
            throw .unsupported("unsupported: the class descriptor cannot be: \(error)")
        case .success(let descriptor) where descriptor.level == .character:
            throw .unsupported("unsupported: the reader exchanges single characters")
        case .success(let descriptor):
            return descriptor
        }
    }

    // MARK: Turns

    /// Waits for the reader's pipes up to `limit` and has them for the time of `body`.
    /// - Throws: `.silent` where somebody else had them for so long; `.gone`.
    func withTurn<R>(
        until limit: Instant, _ body: (CCIDPipe) throws(CCIDFault) -> R
    ) throws(CCIDFault) -> R {
        let isOurs = state.wait(until: limit) { state -> Bool? in
            if state.isTaken { return nil }
            state.isTaken = true
            return true
        }
        guard isOurs == true else { throw .late }
        defer { giveBack() }
        if state.withLock({ $0.isGone }) { throw .gone }
        return try body(pipe)
    }

    /// The same without waiting; nil where somebody else has the pipes.
    func ifIdle<R>(_ body: (CCIDPipe) -> R) -> R? {
        let isOurs = state.withLock { state in
            if state.isTaken || state.isGone { return false }
            state.isTaken = true
            return true
        }
        guard isOurs else { return nil }
        defer { giveBack() }
        return body(pipe)
    }

    private func giveBack() {
        takeNotes()
        pipe.isJustOpened = false
        payDebts()
        if let slot = pipe.resetFor {
            pipe.resetFor = nil
            noteReset(for: slot)
        }
        pipe.forgetAnswer()
        if state.withLock({ $0.isGone }) { pipe.close() }
        let (counts, isListening, descriptor) =
            (pipe.counts, pipe.isListening, pipe.pollDescriptor)
        state.withLock { state in
            state.counts = counts
            state.isListening = isListening
            state.pollDescriptor = descriptor
            state.isTaken = false
        }
    }

    /// Takes power from cards whose session could not do so itself; of a reader that is let go,
    /// from all of them.
    private func payDebts() {
        let slots = state.withLock { state -> Set<UInt8> in
            let slots = state.isGone ? state.powered : state.owed
            state.owed = []
            return slots
        }
        for slot in slots {
            let until = Instant.now + .milliseconds(500)
            _ = try? pipe.exchange(
                .iccPowerOff, slot: slot, limit: CallLimit(orderly: until, last: until))
            setPower(slot, isOn: false)
        }
    }

    /// Every card lost its power, and other slots' sessions have to hear of it.
    private func noteReset(for slot: UInt8) {
        state.withLock { state in
            for index in state.slots.indices
            where UInt8(index) != slot && state.powered.contains(UInt8(index)) {
                state.slots[index].changes += 1
                state.slots[index].isNews = true
            }
            state.powered = []
        }
    }

    func setPower(_ slot: UInt8, isOn: Bool) {
        state.withLock { state in
            if isOn { state.powered.insert(slot) } else { state.powered.remove(slot) }
        }
    }

    /// The card in this slot could not be powered off: whoever has the next turn does it.
    func owePowerOff(_ slot: UInt8) {
        state.withLock { state in
            if state.powered.contains(slot) { state.owed.insert(slot) }
        }
    }

    /// For whoever has the turn: what the interrupt pipe said up to now.
    func catchUp(_ pipe: CCIDPipe) {
        pipe.pump()
        takeNotes()
    }

    /// Takes over what the interrupt pipe said. What came in the turn that opened it was there
    /// when the slot was looked at, however long that took: a slow machine reads it late.
    private func takeNotes() {
        let isFirst = pipe.isJustOpened || Instant.now - pipe.openedAt < firstWords
        for notification in pipe.notifications() {
            guard case .slotChange(let changes) = notification else { continue }
            for change in changes where change.hasChanged {
                note(change.slot, isPresent: change.isPresent, confirms: isFirst)
            }
        }
    }

    // MARK: Slots

    func slot(_ number: UInt8) -> Slot {
        state.withLock { state in
            Int(number) < state.slots.count ? state.slots[Int(number)] : Slot()
        }
    }

    /// What was learnt of a slot.
    /// - Parameter confirms: that it is as before is no news; else a card is another card.
    func note(_ number: UInt8, isPresent: Bool, confirms: Bool) {
        state.withLock { state in
            guard Int(number) < state.slots.count else { return }
            var slot = state.slots[Int(number)]
            if confirms, slot.isPresent == isPresent { return }
            if !slot.isPresent, !isPresent { return }
            slot.isPresent = isPresent
            slot.changes += 1
            slot.isNews = true
            state.slots[Int(number)] = slot
        }
    }

    /// The slots that changed since the last call.
    func news() -> [(number: UInt8, slot: Slot)] {
        state.withLock { state in
            var news: [(number: UInt8, slot: Slot)] = []
            for index in state.slots.indices where state.slots[index].isNews {
                state.slots[index].isNews = false
                news.append((UInt8(index), state.slots[index]))
            }
            return news
        }
    }

    /// What changed up to now is being looked at.
    func hasBeenSeen(_ number: UInt8) {
        state.withLock { state in
            if Int(number) < state.slots.count { state.slots[Int(number)].isNews = false }
        }
    }

    /// A change could not be looked at now: it is told again.
    func keepAsNews(_ number: UInt8) {
        state.withLock { state in
            if Int(number) < state.slots.count { state.slots[Int(number)].isNews = true }
        }
    }

    // MARK: For everybody else

    /// The device left the bus: whoever has the turn finds out by its transfers.
    func leave() {
        state.withLock { $0.isGone = true }
        _ = ifGone()
    }

    private func ifGone() -> Bool {
        let isOurs = state.withLock { state in
            if state.isTaken { return false }
            state.isTaken = true
            return true
        }
        guard isOurs else { return false }
        giveBack()
        return true
    }

    var counts: USBReaderCounts { state.withLock { $0.counts } }
    /// Whether slot changes come by themselves; the reader is asked where they do not.
    var isListening: Bool { state.withLock { $0.isListening } }
    /// The open node's descriptor; nil where the reader is not open.
    var pollDescriptor: Int32? { state.withLock { $0.pollDescriptor } }

    /// How the card in a slot is driven, in words.
    func mode(_ number: UInt8) -> String? {
        state.withLock { state in
            Int(number) < state.mode.count ? state.mode[Int(number)] : nil
        }
    }

    func setMode(_ number: UInt8, _ mode: String) {
        state.withLock { state in
            if Int(number) < state.mode.count { state.mode[Int(number)] = mode }
        }
    }
}
