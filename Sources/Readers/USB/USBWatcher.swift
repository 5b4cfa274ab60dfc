import APDU
import Synchronization
import System

/// The hotplug thread of the raw path: follows the bus by libusb's hotplug events, readers by
/// their interrupt pipes, and asks those that have none.
///
/// A reader that was just found, or in which something changed, is looked at on its own thread.
final class USBWatcher: Sendable {
    /// One interface on the bus that is ours, and the names its slots have in the table.
    private struct Known: Sendable {
        let device: USBDevice
        /// Nil where it cannot be driven; the table says why.
        let reader: CCIDReader?
        /// A name for each slot.
        let names: [String]
        let token: UInt64
        /// Another program has it, or it could not be opened: worth another try.
        var isRefused = false
        /// One that was silent is not asked again at once: others wait behind it.
        var sparedUntil = Instant.now

        /// Open, and without an interrupt pipe that works.
        var isAsked: Bool {
            guard let reader, !isRefused else { return false }
            return reader.pollDescriptor != nil && !reader.isListening
        }
    }

    private struct State {
        var service: USBState = .absent(reason: "not asked yet")
        var known: [Known] = []
        var lastToken: UInt64 = firstToken
        var parts: Parts?
        /// Names whose procedure ended since the thread last looked.
        var settled: [String] = []
        var isRunning = false
        var isStopping = false
    }

    /// What the thread waits with; shared with the readers' threads, which arm and disarm.
    private final class Parts: Sendable {
        let poller: Owned<Poller>
        let bell: Doorbell
        init(_ poller: Owned<Poller>, _ bell: Doorbell) {
            self.poller = poller
            self.bell = bell
        }
    }

    private static let bellToken: UInt64 = 0
    private static let busToken: UInt64 = 1
    private static let udevToken: UInt64 = 2
    private static let firstToken: UInt64 = 16
    private static let mostSlots = 8
    /// And all readers together; each slot is a thread.
    private static let mostReaders = 16
    /// How long a reader that is asked may take, and how long it is spared after that.
    private static let patienceForOne: Duration = .milliseconds(200)
    private static let spared: Duration = .seconds(5)
    /// Readers without an interrupt pipe are asked this often while nothing else is done.
    private static let asking: Duration = .milliseconds(250)
    /// One that another program has is tried again this often, since nobody tells.
    private static let trying: Duration = .seconds(2)
    /// For a look at a card that was just put in: power at each voltage, and slow cards.
    private static let lookBudget: Duration = .seconds(10)

    private let table: ReaderTable
    private let state = Monitor(State())

    init(table: ReaderTable) {
        self.table = table
    }

    var service: USBState { state.withLock { $0.service } }

    // MARK: Life

    func start() throws(SystemError) {
        let poller = Owned(try Poller())
        let bell = try Doorbell()
        try poller.value.add(bell.descriptor.number, .reading, token: Self.bellToken)
        let parts = Parts(poller, bell)
        state.withLock {
            $0.parts = parts
            $0.isRunning = true
        }
        do throws(SystemError) {
            try Thread.start(name: "usb-hotplug") {
                self.run(parts)
                self.state.withLock {
                    $0.parts = nil
                    $0.isRunning = false
                }
            }
        } catch {
            state.withLock { $0 = State() }
            throw error
        }
    }

    /// - Returns: false when the thread had not ended by `deadline`.
    func stop(by deadline: Instant) -> Bool {
        state.withLock {
            $0.isStopping = true
            $0.parts?.bell.ring()
        }
        return state.wait(until: deadline) { $0.isRunning ? nil : true } ?? false
    }

    @inline(never)
    private func run(_ parts: Parts) {
        let bus: USBBus
        do throws(USBError) {
            bus = try USBBus()
        } catch {
            state.withLock { $0.service = .absent(reason: error.description) }
            return
        }
        for number in bus.descriptors {
            try? parts.poller.value.add(number, .reading, token: Self.busToken)
        }
        // Who a reader belongs to may be decided anew while it is plugged in.
        let udev = Self.watchUdev()
        if let udev {
            try? parts.poller.value.add(
                udev.value.descriptor.number, .reading, token: Self.udevToken)
        }
        var devices: [USBDevice] = []
        var lastAsked = Instant.now
        take(bus, &devices)
        state.withLock { $0.service = .running }
        while !state.withLock({ $0.isStopping }) {
            guard let events = try? parts.poller.value.wait(timeout: patience) else { break }
            for event in events {
                switch event.token {
                case Self.bellToken: parts.bell.silence()
                case Self.busToken: take(bus, &devices)
                case Self.udevToken:
                    udev?.value.drain()
                    sort(devices)
                case let token: hear(token, event.isHungUp, parts)
                }
            }
            for name in settledNames() { resume(name, parts) }
            if Instant.now - lastAsked >= Self.asking {
                lastAsked = .now
                askAround()
            }
        }
        for known in state.withLock({ $0.known }) { forget(known) }
    }

    private static func watchUdev() -> Owned<FolderWatch>? {
        do throws(SystemError) {
            return Owned(try FolderWatch(USBOwnership.folder))
        } catch {
            return nil
        }
    }

    private var patience: Duration? {
        state.withLock { state in
            if state.known.contains(where: \.isAsked) { return Self.asking }
            return state.known.contains(where: \.isRefused) ? Self.trying : nil
        }
    }

    // MARK: The bus

    private func take(_ bus: USBBus, _ devices: inout [USBDevice]) {
        for event in (try? bus.events()) ?? [] {
            switch event {
            case .arrived(let device):
                devices.removeAll { $0.place == device.place }
                devices.append(device)
            case .left(let place):
                devices.removeAll { $0.place == place }
            }
        }
        sort(devices)
        // libusb tells each context of each device, and keeps that until it is asked.
        for known in state.withLock({ $0.known }) { _ = known.reader?.ifIdle { $0.pump() } }
    }

    /// Takes up the readers that are ours and not known yet, and lets go those that are not.
    private func sort(_ devices: [USBDevice]) {
        let before = state.withLock { $0.known.map(\.device) }
        let ours = devices.filter { device in
            // A record that cannot be read now decides nothing anew.
            Self.mayBeReader(device)
                && USBOwnership.isOurs(device.place) ?? before.contains(device)
        }
        for known in state.withLock({ $0.known }) where !ours.contains(known.device) {
            forget(known)
        }
        let isKnown = state.withLock { $0.known.map(\.device) }
        for device in ours where !isKnown.contains(device) { admit(device) }
    }

    private static func kind(
        _ interface: USBDevice.Interface, of device: USBDevice
    ) -> CCIDInterfaceKind? {
        CCIDInterfaceKind(
            interfaceClass: interface.interfaceClass, subclass: interface.subclass,
            interfaceProtocol: interface.interfaceProtocol,
            quirks: CCIDQuirk.of(
                vendor: device.vendor, product: device.product, release: device.release))
    }

    private static func mayBeReader(_ device: USBDevice) -> Bool {
        device.interfaces.contains { kind($0, of: device) != nil }
    }

    private func admit(_ device: USBDevice) {
        let interfaces = device.interfaces.filter { Self.kind($0, of: device) != nil }
        for interface in interfaces {
            let name = USBNames.name(of: device, interface: interfaces.count > 1 ? interface : nil)
            do throws(CCIDFault) {
                guard
                    state.withLock({ $0.known.reduce(0) { $0 + $1.names.count } })
                        < Self.mostReaders
                else { throw .unsupported("unsupported: more readers than the station drives") }
                guard Self.kind(interface, of: device) == .ccid else {
                    throw .unsupported(
                        "unsupported: an ICCD token, which has no bulk pipes as CCID readers have")
                }
                admit(try CCIDReader(device, interface), name)
            } catch {
                refuse(device, name, error)
            }
        }
    }

    private func admit(_ reader: CCIDReader, _ name: String) {
        // Each is a thread; a descriptor may say 256, and no reader at a counter has more.
        let slots = min(reader.descriptor.slots, Self.mostSlots)
        let names = (0..<slots).map { slots > 1 ? "\(name) slot \($0)" : name }
        remember(reader.device, reader, names)
        for (slot, name) in names.enumerated() {
            let slot = UInt8(truncatingIfNeeded: slot)
            do throws(SystemError) {
                try table.appear(name, .usb) { CCIDLink(reader, slot: slot) }
            } catch {
                continue
            }
            look(reader, slot, name)
        }
    }

    /// Shown with the reason, so that nobody looks for it in vain.
    private func refuse(_ device: USBDevice, _ name: String, _ fault: CCIDFault) {
        remember(device, nil, [name])
        try? table.appear(name, .usb) { NoLink(reason: fault.description) }
        table.set(name, .unavailable(reason: fault.description), mark: 0)
    }

    private func remember(_ device: USBDevice, _ reader: CCIDReader?, _ names: [String]) {
        state.withLock { state in
            state.lastToken += 1
            state.known.append(
                Known(device: device, reader: reader, names: names, token: state.lastToken))
        }
    }

    private func forget(_ known: Known) {
        if let reader = known.reader { disarm(reader) }
        for name in known.names { table.vanish(name) }
        known.reader?.leave()
        state.withLock { state in state.known.removeAll { $0.token == known.token } }
    }

    // MARK: Looking

    /// Has the slot looked at on its own thread, where that is free; else once it is.
    private func look(_ reader: CCIDReader, _ slot: UInt8, _ name: String) {
        guard let claim = table.claimToLook(name) else {
            reader.keepAsNews(slot)
            return
        }
        let isTaken = claim.lane.submit { link in
            guard let link = link as? CCIDLink else { return }
            self.engaged(name)
            let until = Instant.now + Self.lookBudget
            let found: ReaderState
            var mark = reader.slot(slot).changes
            var isRefused = false
            do throws(CCIDFault) {
                let seen = try link.look(limit: CallLimit(orderly: until, last: until))
                found = seen.atr.map { .present(atr: $0) } ?? .empty
                mark = seen.mark
            } catch {
                // Somebody else had the reader: what is shown stays, and it is looked at again.
                if error == .late {
                    reader.keepAsNews(slot)
                    self.table.release(claim, seen: nil, hasLostCard: false)
                    return self.settled(name)
                }
                found = Self.state(error)
                if case .held = error { isRefused = true }
                if case .usb = error, reader.pollDescriptor == nil { isRefused = true }
            }
            self.note(reader, isRefused: isRefused)
            self.table.release(claim, found: found, mark: mark)
            // What changed since the look is another look's to tell.
            if reader.slot(slot).changes != mark { reader.keepAsNews(slot) }
            self.settled(name)
        }
        if !isTaken { table.release(claim, seen: nil, hasLostCard: true) }
    }

    private static func state(_ fault: CCIDFault) -> ReaderState {
        switch fault {
        case .noCard, .gone: .empty
        case .held(let holders): .busy(holders: holders)
        case .mute, .slot, .silent: .mute
        default: .unavailable(reason: fault.description)
        }
    }

    private func note(_ reader: CCIDReader, isRefused: Bool) {
        state.withLock { state in
            guard let index = state.known.firstIndex(where: { $0.reader === reader }) else {
                return
            }
            state.known[index].isRefused = isRefused
        }
    }

    // MARK: Listening

    /// A procedure begins on a reader: its thread hears the interrupt pipe itself.
    func engaged(_ name: String) {
        guard let known = known(name), let reader = known.reader else { return }
        disarm(reader)
    }

    /// A procedure on a reader is over: this thread listens again.
    func settled(_ name: String) {
        state.withLock { state in
            state.settled.append(name)
            state.parts?.bell.ring()
        }
    }

    private func settledNames() -> [String] {
        state.withLock { state in
            let names = state.settled
            state.settled = []
            return names
        }
    }

    private func resume(_ name: String, _ parts: Parts) {
        guard let known = known(name), let reader = known.reader else { return }
        if let number = reader.pollDescriptor {
            disarm(reader)
            try? parts.poller.value.add(number, .writing, token: known.token)
        }
        _ = reader.ifIdle { $0.pump() }
        tell(known, reader)
    }

    private func disarm(_ reader: CCIDReader) {
        guard let number = reader.pollDescriptor else { return }
        state.withLock { $0.parts }?.poller.value.remove(number)
    }

    private func hear(_ token: UInt64, _ isHungUp: Bool, _ parts: Parts) {
        guard let known = state.withLock({ $0.known.first { $0.token == token } }),
            let reader = known.reader
        else { return }
        // Of a device that left the bus does the bus tell; its node would be heard for ever.
        if isHungUp { disarm(reader) }
        _ = reader.ifIdle { $0.pump() }
        tell(known, reader)
    }

    /// What changed in the slots of a reader goes to the table.
    private func tell(_ known: Known, _ reader: CCIDReader) {
        for (slot, news) in reader.news() {
            guard Int(slot) < known.names.count else { continue }
            let name = known.names[Int(slot)]
            if news.isPresent {
                look(reader, slot, name)
            } else {
                table.set(name, .empty, mark: news.changes)
            }
        }
    }

    /// Asks readers without an interrupt pipe how their slots stand, and tries those again that
    /// another program had.
    private func askAround() {
        for known in state.withLock({ $0.known }) {
            guard let reader = known.reader else { continue }
            for (index, name) in known.names.enumerated() where !table.isAtWork(name) {
                let slot = UInt8(truncatingIfNeeded: index)
                if known.isRefused { look(reader, slot, name) }
                guard known.isAsked else { continue }
                guard known.sparedUntil < .now else { continue }
                if reader.ifIdle({ ask(reader, slot, $0) }) == false {
                    spare(known)
                    break
                }
            }
            tell(known, reader)
        }
    }

    /// - Returns: false where the reader did not say in time.
    private func ask(_ reader: CCIDReader, _ slot: UInt8, _ pipe: CCIDPipe) -> Bool {
        guard let status = pipe.glance(slot, until: .now + Self.patienceForOne) else {
            return false
        }
        reader.note(slot, isPresent: status != .absent, confirms: true)
        return true
    }

    private func spare(_ known: Known) {
        state.withLock { state in
            guard let index = state.known.firstIndex(where: { $0.token == known.token }) else {
                return
            }
            state.known[index].sparedUntil = .now + Self.spared
        }
    }

    private func known(_ name: String) -> Known? {
        state.withLock { $0.known.first { $0.names.contains(name) } }
    }

    // MARK: For a technician

    /// What is known of the reader of that name, if it is one of ours.
    func describe(_ name: String) -> USBReaderDescription? {
        guard let known = known(name), let reader = known.reader,
            let index = known.names.firstIndex(of: name)
        else { return nil }
        let slot = UInt8(truncatingIfNeeded: index)
        let device = reader.device
        let strings = USBNames.strings(of: device)
        return USBReaderDescription(
            vendor: device.vendor, product: device.product, release: device.release,
            manufacturer: strings.manufacturer, productName: strings.product,
            serialNumber: strings.serial, port: device.port, node: device.place.node,
            speed: device.speed, interface: reader.interface.number,
            hasInterruptPipe: reader.isListening, classDescriptor: reader.classDescriptor,
            quirks: reader.quirks.map(\.reason), slot: slot,
            level: reader.mode(slot) ?? reader.descriptor.level.description,
            counts: reader.counts)
    }

    /// Who has the reader's node open, without ourselves.
    func holders(_ name: String) -> [Holder] {
        guard let known = known(name) else { return [] }
        return USBHolders.now(known.device.place)
    }
}
