/// A CCID reader with simulated tokens in its slots, as a USB device: control requests and
/// endpoints in `CCIDReader+USB`, commands in `CCIDReader+Commands`.
///
/// Made after the CCID specification 1.1 alone, and strict: what a host must not do is refused
/// with the right bError and noted as a complaint.
package struct CCIDReader: USBDevice, Sendable {
    package let design: ReaderDesign
    var slots: [CardSlot]
    var notes = ReaderNotes()

    /// bConfigurationValue; 0 before the host has chosen.
    var configuration: UInt8 = 0
    /// Addresses of endpoints that are halted.
    var halted: Set<UInt8> = []
    var toHost: [Packet] = []
    /// A message of which not all has come.
    var fromHost: [UInt8] = []
    /// The last message ended with a whole packet: an empty one may follow.
    var mayBeEmpty = false
    var isDeaf = false
    /// Unplugged by a fault, once what is on its way has gone out.
    var leaves = false
    /// Codes that will be typed at the pad, oldest first.
    var typed: [[String]] = []

    /// One packet on its way to the host.
    struct Packet: Equatable, Sendable {
        let bytes: [UInt8]
        var babbles = false
    }

    static let mostPackets = 4096

    /// - Parameter tokens: one for each slot, at least one.
    package init(_ design: ReaderDesign, _ tokens: [SimulatedToken]) {
        self.design = design
        slots = tokens.prefix(design.slots).map(CardSlot.init)
    }

    package var record: USBIPDeviceRecord {
        USBIPDeviceRecord(
            speed: design.speed, vendor: design.vendor, product: design.product,
            release: design.release, interfaces: ReaderDescriptors(design: design).interfaceClasses)
    }

    /// Whether a fault took the device off its bus.
    package var isGone: Bool { leaves && toHost.isEmpty }

    package mutating func plug() { leaves = false }

    package mutating func attach() {
        configuration = 0
        resetAll()
    }

    mutating func resetAll() {
        halted = []
        (toHost, fromHost) = ([], [])
        (isDeaf, mayBeEmpty) = (false, false)
        for index in slots.indices { slots[index].reset() }
    }

    // MARK: For the program and for tests

    /// The token in a slot, there or pulled.
    package func token(_ slot: Int) -> SimulatedToken { slots[slot].token }
    package var slotCount: Int { slots.count }

    /// Does something to a token as nobody could through the reader.
    package mutating func withToken(_ slot: Int, _ body: (inout SimulatedToken) -> Void) {
        body(&slots[slot].token)
    }

    package mutating func arm(_ fault: ReaderFault) { notes.arm(fault) }
    package mutating func clearFaults() { notes.clearFaults() }

    /// Forgets complaints and messages so far.
    package mutating func forget() { notes.forget() }

    package var complaints: [String] { notes.complaints }

    /// What came in by bulk OUT since the start: type, slot and sequence number in hex.
    package var messages: [[UInt8]] {
        notes.messages.map { [$0.type, $0.slot, $0.sequence] }
    }

    package mutating func pull(_ slot: Int) {
        slots[slot].pull()
        guard let work = slots[slot].work else { return }
        slots[slot].work = nil
        send(CCIDAnswer(to: work.request, .failed(CCIDError.mute)), work.fault)
    }

    package func isInserted(_ slot: Int) -> Bool { slots[slot].isPresent }

    package mutating func insert(_ slot: Int) { slots[slot].insert() }

    /// Another token in the slot, with the power off.
    package mutating func replace(_ slot: Int, _ token: SimulatedToken) {
        pull(slot)
        slots[slot].token = token
        insert(slot)
    }

    /// Somebody types at the pad: a PIN, or old, new and new PIN again; `["cancel"]` is the key.
    package mutating func type(_ codes: [String], now: Int64) {
        typed.append(codes)
        for index in slots.indices { finishTyping(index, now) }
    }

    // MARK: Time

    /// When `tick` is due; nil when nothing waits for time.
    package var nextDue: Int64? {
        slots.compactMap { slot in
            [slot.work?.due, slot.work?.moreTime?.next].compactMap { $0 }.min()
        }.min()
    }

    package mutating func tick(now: Int64) {
        for index in slots.indices {
            guard let work = slots[index].work else { continue }
            if let due = work.due, due <= now {
                slots[index].work = nil
                if work.pulls { slots[index].pull() }
                if let answer = work.answer { send(answer, work.fault) }
            } else if let moreTime = work.moreTime, moreTime.next <= now {
                slots[index].work?.moreTime?.next = now + moreTime.every
                // A host that does not read must not fill the memory up.
                if toHost.count < 64 {
                    send(CCIDAnswer(to: work.request, .moreTime(moreTime.multiplier)), nil)
                }
            }
        }
    }

    // MARK: To the host

    /// Sends an answer, with what is planned to go wrong with it.
    mutating func send(_ answer: CCIDAnswer, _ fault: ReaderFault.Kind?) {
        var answer = answer
        if case .errorAfter(let error) = fault {
            answer.outcome = .failed(error)
            answer.data = []
        }
        let index = Int(answer.slot)
        let icc = index < slots.count ? slots[index].icc : 2
        var bytes = answer.encoded(icc: icc)
        switch fault {
        case .sequence(let n): bytes[6] &+= n
        case .slot(let n): bytes[5] &+= n
        case .long(let n): Self.setLength(&bytes, answer.data.count + n)
        case .short(let n): Self.setLength(&bytes, max(0, answer.data.count - n))
        case .extend(let count, let multiplier):
            let more = CCIDAnswer(
                type: answer.type, slot: answer.slot, sequence: answer.sequence, multiplier)
            for _ in 0..<min(count, 1024) { put(more.encoded(icc: icc)) }
        case .emptyBefore: toHost.append(Packet(bytes: []))
        case .stallIn:
            halted.insert(ReaderDesign.Endpoint.bulkIn)
            return
        case .babble:
            toHost.append(Packet(bytes: bytes, babbles: true))
            return
        default: break
        }
        switch fault {
        case .split(let size):
            for start in stride(from: 0, to: bytes.count, by: size) {
                put(Array(bytes[start..<min(start + size, bytes.count)]))
            }
        case .noEmpty: put(bytes, endsWithEmpty: false)
        default: put(bytes)
        }
        if fault == .emptyAfter { toHost.append(Packet(bytes: [])) }
        if fault == .pullAfter, index < slots.count { slots[index].pull() }
        if fault == .unplugAfter { leaves = true }
    }

    private static func setLength(_ bytes: inout [UInt8], _ length: Int) {
        var field: [UInt8] = []
        field.append(littleEndian: UInt32(clamping: length))
        bytes.replaceSubrange(1..<5, with: field)
    }

    /// One transfer's worth of packets; a whole last one is followed by an empty one.
    private mutating func put(_ bytes: [UInt8], endsWithEmpty: Bool = true) {
        let size = design.packetSize
        guard toHost.count < Self.mostPackets else { return }
        for start in stride(from: 0, to: bytes.count, by: size) {
            toHost.append(Packet(bytes: Array(bytes[start..<min(start + size, bytes.count)])))
        }
        if endsWithEmpty, bytes.count % size == 0 { toHost.append(Packet(bytes: [])) }
    }
}

extension CCIDAnswer {
    fileprivate init(type: UInt8, slot: UInt8, sequence: UInt8, _ multiplier: UInt8) {
        (self.type, self.slot, self.sequence) = (type, slot, sequence)
        outcome = .moreTime(multiplier)
    }
}
