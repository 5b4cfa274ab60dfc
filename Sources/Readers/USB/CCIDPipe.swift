import APDU
import Secrets
import System

/// The bulk pipes of one CCID interface: one command and its answer at a time, with time
/// extensions, and the way back into step when something went wrong (CCID 1.1, 5.3 and 6).
///
/// Used by whoever has the reader's turn, and by nobody else.
final class CCIDPipe {
    private static let quickExtensions = 16
    /// How long a reader may take to stop a command.
    private static let abortLimit: Duration = .seconds(2)
    /// A reader may lose the answer to a command whose card was pulled, and tell of the pull
    /// alone: the time it has for the answer then. A card that may be writing has more, since
    /// what the reader told may not be so.
    private static let afterPull: (reading: Duration, writing: Duration) =
        (.milliseconds(500), .seconds(4))
    /// For what does not reach the card: a status, a power-off.
    static let housekeeping: Duration = .seconds(2)

    private let interface: UInt8
    private let quirks: [CCIDQuirk]
    private let descriptor: CCIDDescriptor
    private let packet: Int
    private let maker: any BulkPortMaker
    private var port: (any BulkPort)?
    private var sequences: [UInt8]
    /// What goes out; may hold a code.
    private var message: WireBuffer
    /// What came in.
    private var answer: WireBuffer
    private(set) var counts = USBReaderCounts()
    private(set) var isLost = false
    /// For which slot's sake the device was reset since this was last put right: every card lost
    /// its power.
    var resetFor: UInt8?
    private(set) var openedAt: Instant = .now
    /// Opened in the turn that is still going on.
    var isJustOpened = false

    /// - Parameters:
    ///   - interface: bInterfaceNumber.
    ///   - packet: wMaxPacketSize of the bulk-in pipe.
    init(
        interface: UInt8, _ descriptor: CCIDDescriptor, _ quirks: [CCIDQuirk], packet: Int,
        _ maker: any BulkPortMaker
    ) throws(CCIDFault) {
        self.interface = interface
        self.descriptor = descriptor
        self.quirks = quirks
        self.maker = maker
        self.packet = packet
        sequences = [UInt8](repeating: 0, count: descriptor.slots)
        guard packet >= CCIDCommand.headerLength else {
            throw .unsupported("unsupported: packets too small for a message's header")
        }
        // Whole packets, since a device may send more than it announced, and one to spare.
        let packets = descriptor.maximumMessageLength / packet + 1
        do throws(SecretError) {
            message = try WireBuffer(capacity: descriptor.maximumMessageLength)
            answer = try WireBuffer(capacity: packets * packet)
        } catch {
            throw .noLockedMemory
        }
    }

    // MARK: Opening

    var isOpen: Bool { port != nil }
    /// The node's descriptor while it is open.
    var pollDescriptor: Int32? { port?.descriptor }
    /// Whether slot changes come by themselves.
    var isListening: Bool { port?.isListening ?? false }

    /// Claims the interface where that is not done yet.
    func open() throws(CCIDFault) {
        if isLost { throw .lost }
        guard port == nil else { return }
        port = try maker.claim()
        openedAt = .now
        isJustOpened = true
        for quirk in quirks {
            if case .openDelay(let milliseconds) = quirk {
                Thread.pause(.milliseconds(milliseconds))
            }
        }
    }

    func close() { port = nil }

    /// Takes in what happened on the bus, without waiting.
    func pump() { port?.pump() }

    /// Slot changes since the last call.
    func notifications() -> [CCIDNotification] {
        (port?.notifications() ?? []).compactMap { message in
            message.withUnsafeBytes {
                try? CCIDNotification(parsing: $0, slots: descriptor.slots)
            }
        }
    }

    // MARK: One command

    /// Sends one command and takes its answer, whose bytes `withAnswer` shows.
    ///
    /// - Parameters:
    ///   - patience: the card's own waiting time, after which it counts as mute; a time
    ///     extension multiplies it. nil waits up to the limit.
    /// - Throws: `.slot` where the reader failed the command. After `.silent`, `.mute` and
    ///   `.outOfStep` the command was aborted, and the card is best powered off.
    func exchange(
        _ command: CCIDCommand, slot: UInt8,
        payload: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0),
        limit: CallLimit, patience: Duration? = nil
    ) throws(CCIDFault) -> CCIDReply {
        let reply = try attempt(command, slot, payload, limit, patience)
        if case .failed(let error) = reply.outcome {
            throw reply.iccStatus == .absent ? .noCard : .slot(error)
        }
        return reply
    }

    /// The answer to the last command, for the time of `body`.
    func withAnswer<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R { answer.withBytes(body) }

    /// Forgets the last answer: a reader may send back what it was sent.
    func forgetAnswer() { answer.wipeAll() }

    private func attempt(
        _ command: CCIDCommand, _ slot: UInt8, _ payload: UnsafeRawBufferPointer,
        _ limit: CallLimit, _ patience: Duration?
    ) throws(CCIDFault) -> CCIDReply {
        if isLost { throw .lost }
        guard let port else { throw .gone }
        // Whoever waits for it was told that it is over.
        guard Instant.now < limit.orderly else { throw .late }
        let sequence = nextSequence(slot)
        message.wipe()
        defer { message.wipe() }
        do throws(CCIDError) {
            try command.encode(
                slot: slot, sequence: sequence, payload: payload,
                limit: descriptor.maximumMessageLength, into: &message)
        } catch {
            throw .unsupported(error.description)
        }
        counts.exchanges += 1
        var exchange = CCIDExchange(command, slot: slot, sequence: sequence)
        let own = patience.map { max($0, floor) }
        var until = earlier(limit.orderly, own)
        var isSent = false
        var extensions = 0
        var isPulled = false
        while true {
            do throws(USBError) {
                let limitWithCard = until
                try read(port, sending: !isSent, until: until) { notification in
                    guard let isPresent = presence(slot, in: notification) else { return nil }
                    isPulled = !isPresent
                    guard isPulled else { return limitWithCard }
                    let rest = limit.mayWrite ? Self.afterPull.writing : Self.afterPull.reading
                    return min(limitWithCard, .now + rest)
                }
            } catch {
                if error.code == .timeout, isPulled {
                    try leave(port, slot, sequence)
                    throw .noCard
                }
                if limit.mayWrite, error.mayBeReadOver {
                    isSent = true
                    port.clearHalts()
                    rest()
                    if Instant.now < until { continue }
                }
                guard error.code == .timeout || error.mayBeReadOver && limit.mayWrite else {
                    throw try failed(port, error, slot, sequence)
                }
                try abort(port, slot, sequence)
                throw until < limit.orderly ? .mute : .silent
            }
            isSent = true
            switch answer.withBytes({ exchange.receive($0) }) {
            case .readAgain:
                counts.strays += 1
            case .extended(let multiplier):
                counts.timeExtensions += 1
                extensions += 1
                // As many as a device likes to send must not keep a processor busy.
                if extensions > Self.quickExtensions { rest() }
                until = earlier(limit.orderly, own.map { $0 * Int(multiplier ?? 1) })
            case .reply(let reply):
                return reply
            case .broken where limit.mayWrite:
                // The card may be writing, whatever its reader says meanwhile: read on.
                counts.strays += 1
                exchange = CCIDExchange(command, slot: slot, sequence: sequence)
                rest()
            case .broken(let error):
                try abort(port, slot, sequence)
                throw .outOfStep(error)
            }
            // What a reader sends without end is no answer either.
            if Instant.now >= limit.orderly {
                try abort(port, slot, sequence)
                throw .silent
            }
        }
    }

    /// Between two reads of what is no answer.
    private func rest() { Thread.pause(.milliseconds(5)) }

    /// Takes one message into `answer`, after the one in `message` was sent where that is wanted.
    ///
    /// The first packet says how much is to follow, and no more is asked for: some readers leave
    /// out the empty packet after a message of a whole number of packets, and a larger transfer
    /// would wait for it.
    private func read(
        _ port: any BulkPort, sending: Bool, until: Instant,
        hearing: ([UInt8]) -> Instant? = { _ in nil }
    ) throws(USBError) {
        try answer.refill { room throws(USBError) in
            let first = UnsafeMutableRawBufferPointer(rebasing: room.prefix(packet))
            var count = try self.first(port, sending, first, until, hearing)
            while count > 0, count % packet == 0 {
                let missing = min(Self.announced(room), room.count) - count
                guard missing > 0 else { break }
                let whole = min((missing + packet - 1) / packet * packet, room.count - count)
                let next = UnsafeMutableRawBufferPointer(
                    rebasing: room[count..<(count + whole)])
                let more = try port.receive(into: next, limit: until, hearing: hearing)
                // An empty packet ends a message, whatever it announced.
                guard more > 0 else { break }
                count += more
            }
            return count
        }
    }

    private func first(
        _ port: any BulkPort, _ sending: Bool, _ room: UnsafeMutableRawBufferPointer,
        _ until: Instant, _ hearing: ([UInt8]) -> Instant?
    ) throws(USBError) -> Int {
        guard sending else {
            return try port.receive(into: room, limit: until, hearing: hearing)
        }
        return try message.withBytes { message throws(USBError) in
            try port.exchange(message, into: room, limit: until, hearing: hearing)
        }
    }

    /// Whether there is a card in the slot; nil where the notification tells nothing of it.
    private func presence(_ slot: UInt8, in notification: [UInt8]) -> Bool? {
        let parsed = notification.withUnsafeBytes {
            try? CCIDNotification(parsing: $0, slots: descriptor.slots)
        }
        guard case .slotChange(let changes)? = parsed else { return nil }
        return changes.first { $0.slot == slot }?.isPresent
    }

    /// How long the message is of which at least a packet has come.
    private static func announced(_ room: UnsafeMutableRawBufferPointer) -> Int {
        let length = room.loadUnaligned(fromByteOffset: 1, as: UInt32.self).littleEndian
        return CCIDCommand.headerLength + Int(length)
    }

    private func nextSequence(_ slot: UInt8) -> UInt8 {
        let index = Int(slot)
        guard index < sequences.count else { return 0 }
        sequences[index] &+= 1
        return sequences[index]
    }

    /// The least an answer is waited for, by quirk.
    private var floor: Duration {
        for quirk in quirks {
            if case .readTimeoutFloor(let milliseconds) = quirk {
                return .milliseconds(milliseconds)
            }
        }
        return .zero
    }

    private func earlier(_ limit: Instant, _ patience: Duration?) -> Instant {
        patience.map { min(limit, .now + $0) } ?? limit
    }

    // MARK: Back into step

    private func failed(
        _ port: any BulkPort, _ error: USBError, _ slot: UInt8, _ sequence: UInt8
    ) throws(CCIDFault) -> CCIDFault {
        if error.code == .noDevice { return .gone }
        if error.code == .stall { port.clearHalts() }
        try abort(port, slot, sequence)
        return .usb(error)
    }

    /// The abort sequence, and what follows when it fails: both pipes cleared and the sequence
    /// once more; then a reset of the device where nobody else uses it.
    /// - Throws: `.gone` and `.lost`.
    private func abort(
        _ port: any BulkPort, _ slot: UInt8, _ sequence: UInt8
    ) throws(CCIDFault) {
        counts.aborts += 1
        if try runAbort(port, slot, sequence) { return }
        port.clearHalts()
        if try runAbort(port, slot, sequence) { return }
        if !port.hasBusySiblings {
            do throws(USBError) {
                try port.resetDevice()
                resetFor = slot
                let until = Instant.now + Self.housekeeping
                if try glance(port, slot, until: until) != nil { return }
            } catch {
                if error.code == .noDevice || error.code == .notFound { throw .gone }
            }
        }
        isLost = true
        throw .lost
    }

    /// Aborts a command whose card is gone: a reader that does not confirm is lost for the next
    /// one, and changes nothing in what became of this.
    /// - Throws: `.gone`.
    private func leave(
        _ port: any BulkPort, _ slot: UInt8, _ sequence: UInt8
    ) throws(CCIDFault) {
        do throws(CCIDFault) {
            try abort(port, slot, sequence)
        } catch {
            if error == .gone { throw error }
        }
    }

    /// - Returns: false where the reader does not confirm within the limit.
    private func runAbort(
        _ port: any BulkPort, _ slot: UInt8, _ sequence: UInt8
    ) throws(CCIDFault) -> Bool {
        var abort = CCIDAbort(slot: slot, sequence: sequence, interface: interface)
        let until = Instant.now + Self.abortLimit
        message.wipe()
        do throws(CCIDError) { try abort.encode(into: &message) } catch { return false }
        do throws(USBError) {
            let request = abort.control
            // Some readers know no such request; what counts is the answer to the command.
            do throws(USBError) {
                _ = try port.control(
                    requestType: request.requestType, request: request.request,
                    value: request.value, index: request.index, expecting: 0, limit: until)
            } catch {
                guard error.code == .stall else { throw error }
            }
            var isSent = false
            while true {
                try read(port, sending: !isSent, until: until)
                isSent = true
                switch answer.withBytes({ abort.receive($0) }) {
                case .readAgain: continue
                case .done: return true
                case .failed: return false
                }
            }
        } catch {
            if error.code == .noDevice { throw .gone }
            return false
        }
    }

    /// How a slot stands, asked without a word to the card; nil where the reader does not say in
    /// time. Nothing is aborted: an answer that comes later is read over.
    func glance(_ slot: UInt8, until: Instant) -> CCIDCardStatus? {
        guard let port, !isLost else { return nil }
        do throws(USBError) { return try glance(port, slot, until: until) } catch { return nil }
    }

    private func glance(
        _ port: any BulkPort, _ slot: UInt8, until: Instant
    ) throws(USBError) -> CCIDCardStatus? {
        let sequence = nextSequence(slot)
        var exchange = CCIDExchange(.getSlotStatus, slot: slot, sequence: sequence)
        message.wipe()
        do throws(CCIDError) {
            try CCIDCommand.getSlotStatus.encode(
                slot: slot, sequence: sequence, into: &message)
        } catch {
            return nil
        }
        var isSent = false
        while Instant.now < until {
            try read(port, sending: !isSent, until: until)
            isSent = true
            switch answer.withBytes({ exchange.receive($0) }) {
            case .readAgain, .extended: continue
            case .reply(let reply): return reply.iccStatus
            case .broken: return nil
            }
        }
        return nil
    }

    // MARK: Control requests

    /// The data rates the reader works at, in bit/s; none where it has no list.
    func dataRates(limit: CallLimit) -> [UInt32] {
        guard let port, descriptor.dataRateCount > 0 else { return [] }
        let answer = try? port.control(
            requestType: 0xA1, request: 0x03, value: 0, index: UInt16(interface),
            expecting: 4 * Int(descriptor.dataRateCount),
            limit: min(limit.orderly, .now + Self.housekeeping))
        guard let answer, answer.count % 4 == 0 else { return [] }
        return stride(from: 0, to: answer.count, by: 4).map { start in
            answer[start..<start + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        }
    }
}

extension USBError {
    /// The message went out, and what came back can be asked for again.
    fileprivate var mayBeReadOver: Bool {
        call != "bulk out" && (code == .stall || code == .overflow)
    }
}
