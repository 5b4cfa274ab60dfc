// The one file of this module that names libusb.
import CLibUSB
import System

/// A return code of libusb, as libusb.h has them.
struct USBCode: RawRepresentable, Equatable, Hashable, Sendable, CustomStringConvertible {
    let rawValue: Int32
    init(rawValue: Int32) { self.rawValue = rawValue }
    private init(_ error: libusb_error) { rawValue = Int32(error.rawValue) }

    static let inputOutput = USBCode(LIBUSB_ERROR_IO)
    static let access = USBCode(LIBUSB_ERROR_ACCESS)
    static let noDevice = USBCode(LIBUSB_ERROR_NO_DEVICE)
    static let notFound = USBCode(LIBUSB_ERROR_NOT_FOUND)
    static let busy = USBCode(LIBUSB_ERROR_BUSY)
    static let timeout = USBCode(LIBUSB_ERROR_TIMEOUT)
    static let overflow = USBCode(LIBUSB_ERROR_OVERFLOW)
    static let stall = USBCode(LIBUSB_ERROR_PIPE)
    static let interrupted = USBCode(LIBUSB_ERROR_INTERRUPTED)
    static let noMemory = USBCode(LIBUSB_ERROR_NO_MEM)
    static let other = USBCode(LIBUSB_ERROR_OTHER)

    /// libusb's own name for it, since people search for that.
    var description: String { String(cString: libusb_error_name(rawValue)) }
}

/// A call to libusb that failed, or a transfer that ended otherwise than it should.
struct USBError: Error, Equatable, Sendable, CustomStringConvertible {
    let call: String
    let code: USBCode
    var description: String { call + ": " + code.description }
}

private func check(_ call: StaticString, _ body: () -> Int32) throws(USBError) {
    let result = body()
    guard result >= 0 else {
        throw USBError(call: call.description, code: USBCode(rawValue: result))
    }
}

// MARK: The bus

/// Which devices come and go, by libusb's hotplug events. Used by one thread.
final class USBBus {
    enum Event: Equatable, Sendable {
        case arrived(USBDevice)
        case left(USBDevice.Place)
    }

    /// What the callback leaves for whoever handles events.
    private final class Inbox {
        var events: [Event] = []
    }

    private let context: OpaquePointer
    private let inbox = Inbox()
    private var registration = libusb_hotplug_callback_handle()

    /// Devices that are there already arrive with the first `events`.
    init() throws(USBError) {
        var context: OpaquePointer?
        try check("libusb_init") { libusb_init(&context) }
        guard let context else { throw USBError(call: "libusb_init", code: .other) }
        self.context = context
        guard libusb_has_capability(UInt32(LIBUSB_CAP_HAS_HOTPLUG.rawValue)) != 0 else {
            libusb_exit(context)
            throw USBError(call: "libusb_has_capability", code: .notFound)
        }
        // From here on contexts are made for one open device each. It holds for the process: a
        // second bus in it would find nothing.
        _ = ts_usb_no_discovery()
        let events =
            LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED.rawValue | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT.rawValue
        let result = libusb_hotplug_register_callback(
            context, Int32(events), Int32(LIBUSB_HOTPLUG_ENUMERATE.rawValue),
            LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY,
            { _, device, event, inbox in
                guard let device, let inbox else { return 0 }
                let inboxHere = Unmanaged<Inbox>.fromOpaque(inbox).takeUnretainedValue()
                if event == LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED {
                    if let facts = USBBus.facts(of: device) {
                        inboxHere.events.append(.arrived(facts))
                    }
                } else {
                    inboxHere.events.append(.left(USBBus.place(of: device)))
                }
                return 0
            }, Unmanaged.passUnretained(inbox).toOpaque(), &registration)
        guard result == 0 else {
            libusb_exit(context)
            throw USBError(
                call: "libusb_hotplug_register_callback", code: USBCode(rawValue: result))
        }
    }

    deinit {
        libusb_hotplug_deregister_callback(context, registration)
        libusb_exit(context)
    }

    /// What has to be readable before `events` has news.
    var descriptors: [Int32] { readableDescriptors(context) }

    /// What came and went since the last call; never waits.
    func events() throws(USBError) -> [Event] {
        var now = timeval()
        try check("libusb_handle_events") {
            libusb_handle_events_timeout_completed(context, &now, nil)
        }
        defer { inbox.events = [] }
        return inbox.events
    }

    private static func place(of device: OpaquePointer) -> USBDevice.Place {
        USBDevice.Place(
            bus: libusb_get_bus_number(device), address: libusb_get_device_address(device))
    }

    /// Reads the descriptors the kernel has of a device; nil where it has none that hold.
    private static func facts(of device: OpaquePointer) -> USBDevice? {
        var descriptor = libusb_device_descriptor()
        guard libusb_get_device_descriptor(device, &descriptor) == 0 else { return nil }
        var active: UnsafeMutablePointer<libusb_config_descriptor>?
        guard libusb_get_active_config_descriptor(device, &active) == 0, let active else {
            return nil
        }
        defer { libusb_free_config_descriptor(active) }
        let configuration = active.pointee
        let interfaces = UnsafeBufferPointer(
            start: configuration.interface, count: Int(configuration.bNumInterfaces)
        ).compactMap { settings -> USBDevice.Interface? in
            guard settings.num_altsetting > 0, let first = settings.altsetting else { return nil }
            return interface(first.pointee)
        }
        return USBDevice(
            place: place(of: device), vendor: descriptor.idVendor, product: descriptor.idProduct,
            release: descriptor.bcdDevice, port: port(of: device), speed: speed(of: device),
            configuration: configuration.bConfigurationValue, interfaces: interfaces)
    }

    private static func interface(_ setting: libusb_interface_descriptor) -> USBDevice.Interface {
        let endpoints = UnsafeBufferPointer(
            start: setting.endpoint, count: setting.endpoint == nil ? 0 : Int(setting.bNumEndpoints)
        ).map { endpoint in
            let isIn = endpoint.bEndpointAddress & 0x80 != 0
            let kind: USBDevice.Endpoint.Kind =
                switch (endpoint.bmAttributes & 3, isIn) {
                case (2, false): .bulkOut
                case (2, true): .bulkIn
                case (3, true): .interruptIn
                default: .other
                }
            return USBDevice.Endpoint(
                address: endpoint.bEndpointAddress, kind: kind,
                // Bits 11 and 12 count further transactions of high-bandwidth endpoints.
                maximumPacket: min(max(Int(endpoint.wMaxPacketSize & 0x7FF), 1), 1024),
                extra: extra(endpoint.extra, endpoint.extra_length))
        }
        return USBDevice.Interface(
            number: setting.bInterfaceNumber, alternate: setting.bAlternateSetting,
            interfaceClass: setting.bInterfaceClass, subclass: setting.bInterfaceSubClass,
            interfaceProtocol: setting.bInterfaceProtocol,
            extra: extra(setting.extra, setting.extra_length), endpoints: endpoints)
    }

    private static func extra(_ bytes: UnsafePointer<UInt8>?, _ count: Int32) -> [UInt8] {
        guard let bytes, count > 0 else { return [] }
        return Array(UnsafeBufferPointer(start: bytes, count: Int(count)))
    }

    /// As the kernel names it: "1-2.1", and "usb1" for the bus itself.
    private static func port(of device: OpaquePointer) -> String {
        var ports = [UInt8](repeating: 0, count: 8)
        let count = libusb_get_port_numbers(device, &ports, Int32(ports.count))
        let bus = String(libusb_get_bus_number(device))
        guard count > 0 else { return "usb" + bus }
        return bus + "-" + ports.prefix(Int(count)).map { String($0) }.joined(separator: ".")
    }

    private static func speed(of device: OpaquePointer) -> String? {
        switch libusb_speed(rawValue: UInt32(bitPattern: libusb_get_device_speed(device))) {
        case LIBUSB_SPEED_LOW: "1.5 Mbit/s"
        case LIBUSB_SPEED_FULL: "12 Mbit/s"
        case LIBUSB_SPEED_HIGH: "480 Mbit/s"
        case LIBUSB_SPEED_SUPER: "5 Gbit/s"
        case LIBUSB_SPEED_SUPER_PLUS: "10 Gbit/s"
        default: nil
        }
    }
}

private func readableDescriptors(_ context: OpaquePointer) -> [Int32] {
    guard let list = libusb_get_pollfds(context) else { return [] }
    defer { libusb_free_pollfds(list) }
    var numbers: [Int32] = []
    var next = list
    while let entry = next.pointee {
        if entry.pointee.events & Int16(POLLIN) != 0 { numbers.append(entry.pointee.fd) }
        next += 1
    }
    return numbers
}

// MARK: One interface

/// One claimed interface of one device, in a libusb context of its own: whoever uses it handles
/// its events, and no other thread is woken for them.
///
/// Used by one thread at a time; who that is, its owner decides.
final class USBInterface: BulkPort {
    /// One transfer that is used again and again, and how its last turn ended.
    private final class Transfer {
        let pointer: UnsafeMutablePointer<libusb_transfer>
        /// 0 while the transfer is under way, as libusb wants it.
        let isOver: UnsafeMutablePointer<Int32>

        init?() {
            guard let pointer = libusb_alloc_transfer(0) else { return nil }
            self.pointer = pointer
            isOver = .allocate(capacity: 1)
            isOver.initialize(to: 1)
        }

        deinit { isOver.deallocate() }

        /// Gives the transfer back, before the handle it was used with is closed: libusb looks
        /// there.
        func free() { libusb_free_transfer(pointer) }

        var count: Int { Int(pointer.pointee.actual_length) }

        /// nil where it went well.
        var failure: USBCode? {
            switch pointer.pointee.status {
            case LIBUSB_TRANSFER_COMPLETED: nil
            case LIBUSB_TRANSFER_STALL: .stall
            case LIBUSB_TRANSFER_NO_DEVICE: .noDevice
            case LIBUSB_TRANSFER_OVERFLOW: .overflow
            case LIBUSB_TRANSFER_CANCELLED, LIBUSB_TRANSFER_TIMED_OUT: .timeout
            default: .inputOutput
            }
        }
    }

    /// The interrupt pipe: asked anew after each message, until it fails or is stopped.
    private final class Listener {
        let transfer: Transfer
        let room: UnsafeMutablePointer<UInt8>
        let capacity: Int
        var messages: [[UInt8]] = []
        /// Of `messages`, those no wait has heard yet.
        var unheard = 0
        var isStopping = false

        init?(capacity: Int) {
            guard let transfer = Transfer() else { return nil }
            self.transfer = transfer
            self.capacity = capacity
            room = .allocate(capacity: capacity)
            room.initialize(repeating: 0, count: capacity)
        }

        deinit { room.deallocate() }

        /// Messages that nobody fetched are dropped beyond this: what counts is the last.
        static let most = 16
        /// A reader that says more in a second is not listened to any more, but asked: it would
        /// keep this thread busy for nothing.
        static let mostInSecond = 100
        private var second = Instant.now
        private var inSecond = 0

        func turn() {
            guard transfer.failure == nil else { return }
            if messages.count == Self.most { messages.removeFirst() }
            messages.append(Array(UnsafeBufferPointer(start: room, count: transfer.count)))
            unheard = min(unheard + 1, messages.count)
            if Instant.now - second > .seconds(1) { (second, inSecond) = (.now, 0) }
            inSecond += 1
            guard !isStopping, inSecond <= Self.mostInSecond else { return }
            transfer.isOver.pointee = 0
            if libusb_submit_transfer(transfer.pointer) != 0 { transfer.isOver.pointee = 1 }
        }
    }

    /// After which a transfer that was cancelled has come back; the kernel takes microseconds.
    private static let afterCancel: Duration = .seconds(1)
    /// Between the ends of two transfers that the device has done one after the other.
    private static let order: Duration = .milliseconds(100)

    private let context: OpaquePointer
    private let handle: OpaquePointer
    private let node: Owned<FileDescriptor>
    private let place: USBDevice.Place
    private let number: UInt8
    private let out: UInt8
    private let incoming: UInt8
    private let outward: Transfer
    private let inward: Transfer
    private var listener: Listener?
    /// A transfer never came back: its memory is the kernel's, and this interface is lost.
    private(set) var isLost = false

    /// Opens the node and claims the interface.
    /// - Throws: `.busy` where another program has it, `.access`, `.noDevice`.
    init(
        _ place: USBDevice.Place, interface number: UInt8, out: UInt8, incoming: UInt8
    ) throws(USBError) {
        node = try Self.open(place)
        self.place = place
        self.number = number
        self.out = out
        self.incoming = incoming
        (context, handle) = try Self.claim(node.value.number, number)
        guard let outward = Transfer(), let inward = Transfer() else {
            libusb_close(handle)
            libusb_exit(context)
            throw USBError(call: "libusb_alloc_transfer", code: .noMemory)
        }
        self.outward = outward
        self.inward = inward
    }

    private static func open(_ place: USBDevice.Place) throws(USBError) -> Owned<FileDescriptor> {
        do throws(SystemError) {
            return Owned(try File.open(place.node, .device))
        } catch {
            let code: USBCode =
                switch error.errno {
                case .noEntry, .noDevice: .noDevice
                case .accessDenied, .notPermitted: .access
                default: .inputOutput
                }
            throw USBError(call: "open " + place.node, code: code)
        }
    }

    private static func claim(
        _ node: Int32, _ number: UInt8
    ) throws(USBError) -> (OpaquePointer, OpaquePointer) {
        var context: OpaquePointer?
        try check("libusb_init") { libusb_init(&context) }
        guard let context else { throw USBError(call: "libusb_init", code: .other) }
        var handle: OpaquePointer?
        let wrapped = libusb_wrap_sys_device(context, Int(node), &handle)
        guard wrapped == 0, let handle else {
            libusb_exit(context)
            throw USBError(call: "libusb_wrap_sys_device", code: USBCode(rawValue: wrapped))
        }
        libusb_set_auto_detach_kernel_driver(handle, 1)
        let claimed = libusb_claim_interface(handle, Int32(number))
        guard claimed == 0 else {
            libusb_close(handle)
            libusb_exit(context)
            throw USBError(call: "libusb_claim_interface", code: USBCode(rawValue: claimed))
        }
        return (context, handle)
    }

    deinit {
        stopListening()
        guard !isLost else {
            // The kernel may still write: neither the transfers nor their context may go.
            _ = Unmanaged.passRetained(outward)
            _ = Unmanaged.passRetained(inward)
            if let listener { _ = Unmanaged.passRetained(listener) }
            return
        }
        outward.free()
        inward.free()
        listener?.transfer.free()
        libusb_release_interface(handle, Int32(number))
        libusb_close(handle)
        libusb_exit(context)
    }

    var descriptor: Int32 { node.value.number }

    // MARK: Bulk

    // Both transfers are handed to the kernel at once, so that this thread wakes up once.
    func exchange(
        _ message: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer,
        limit: Instant, hearing: ([UInt8]) -> Instant?
    ) throws(USBError) -> Int {
        try submit(outward, out, UnsafeMutableRawBufferPointer(mutating: message))
        do throws(USBError) {
            try submit(inward, incoming, room)
        } catch {
            takeBack(outward)
            throw error
        }
        wait(until: limit, hearing: hearing) {
            inward.isOver.pointee != 0
                || (outward.isOver.pointee != 0 && outward.failure != nil)
        }
        // The answer may be told before the message: to take that back would spoil both.
        if inward.isOver.pointee != 0 {
            wait(until: min(limit, .now + Self.order)) { outward.isOver.pointee != 0 }
        }
        takeBack(outward)
        takeBack(inward)
        if isLost { throw USBError(call: "bulk transfer", code: .inputOutput) }
        if let failure = outward.failure { throw USBError(call: "bulk out", code: failure) }
        guard outward.count == message.count else {
            throw USBError(call: "bulk out", code: .inputOutput)
        }
        return try received()
    }

    func receive(
        into room: UnsafeMutableRawBufferPointer, limit: Instant,
        hearing: ([UInt8]) -> Instant?
    ) throws(USBError) -> Int {
        try submit(inward, incoming, room)
        wait(until: limit, hearing: hearing) { inward.isOver.pointee != 0 }
        takeBack(inward)
        return try received()
    }

    private func received() throws(USBError) -> Int {
        guard let failure = inward.failure else { return inward.count }
        // Bytes that came before the limit: some readers leave out the empty packet that ends
        // a message of a whole number of packets.
        if failure == .timeout, inward.count > 0 { return inward.count }
        throw USBError(call: "bulk in", code: failure)
    }

    private func submit(
        _ transfer: Transfer, _ endpoint: UInt8, _ room: UnsafeMutableRawBufferPointer
    ) throws(USBError) {
        if isLost { throw USBError(call: "libusb_submit_transfer", code: .inputOutput) }
        prepare(
            transfer, endpoint, LIBUSB_TRANSFER_TYPE_BULK,
            room.baseAddress?.assumingMemoryBound(to: UInt8.self), room.count)
        transfer.pointer.pointee.user_data = UnsafeMutableRawPointer(transfer.isOver)
        transfer.pointer.pointee.callback = { done in
            done?.pointee.user_data.assumingMemoryBound(to: Int32.self).pointee = 1
        }
        transfer.isOver.pointee = 0
        let result = libusb_submit_transfer(transfer.pointer)
        guard result == 0 else {
            transfer.isOver.pointee = 1
            throw USBError(call: "libusb_submit_transfer", code: USBCode(rawValue: result))
        }
    }

    private func prepare(
        _ transfer: Transfer, _ endpoint: UInt8, _ kind: libusb_transfer_type,
        _ room: UnsafeMutablePointer<UInt8>?, _ count: Int
    ) {
        transfer.pointer.pointee.dev_handle = handle
        transfer.pointer.pointee.flags = 0
        transfer.pointer.pointee.endpoint = endpoint
        transfer.pointer.pointee.type = UInt8(kind.rawValue)
        // Our own clock ends it: libusb's would wake this thread besides.
        transfer.pointer.pointee.timeout = 0
        transfer.pointer.pointee.buffer = room
        transfer.pointer.pointee.length = Int32(count)
        transfer.pointer.pointee.num_iso_packets = 0
    }

    private func wait(
        until limit: Instant, hearing: ([UInt8]) -> Instant? = { _ in nil },
        _ isOver: () -> Bool
    ) {
        var limit = limit
        while !isOver() {
            for notification in unheard() { limit = hearing(notification) ?? limit }
            let left = limit - .now
            guard left > .zero else { return }
            handleEvents(for: left)
        }
    }

    private func unheard() -> ArraySlice<[UInt8]> {
        guard let listener, listener.unheard > 0 else { return [] }
        defer { listener.unheard = 0 }
        return listener.messages.suffix(listener.unheard)
    }

    /// Makes sure that the transfer is the kernel's no more.
    private func takeBack(_ transfer: Transfer) {
        guard transfer.isOver.pointee == 0 else { return }
        libusb_cancel_transfer(transfer.pointer)
        wait(until: .now + Self.afterCancel) { transfer.isOver.pointee != 0 }
        if transfer.isOver.pointee == 0 { isLost = true }
    }

    private func handleEvents(for duration: Duration) {
        let (seconds, attoseconds) = duration.components
        var time = timeval(
            tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
        libusb_handle_events_timeout_completed(context, &time, nil)
    }

    // MARK: The interrupt pipe

    /// Asks for interrupt messages from now on; they are taken in by `pump`, and by every
    /// transfer besides.
    func listen(on endpoint: UInt8, messageSize: Int) throws(USBError) {
        guard listener == nil else { return }
        guard let listener = Listener(capacity: max(messageSize, 1)) else {
            throw USBError(call: "libusb_alloc_transfer", code: .noMemory)
        }
        prepare(
            listener.transfer, endpoint, LIBUSB_TRANSFER_TYPE_INTERRUPT, listener.room,
            listener.capacity)
        listener.transfer.pointer.pointee.user_data =
            Unmanaged.passUnretained(listener).toOpaque()
        listener.transfer.pointer.pointee.callback = { done in
            guard let user = done?.pointee.user_data else { return }
            let listener = Unmanaged<Listener>.fromOpaque(user).takeUnretainedValue()
            listener.transfer.isOver.pointee = 1
            listener.turn()
        }
        listener.transfer.isOver.pointee = 0
        let result = libusb_submit_transfer(listener.transfer.pointer)
        guard result == 0 else {
            listener.transfer.isOver.pointee = 1
            listener.transfer.free()
            throw USBError(call: "libusb_submit_transfer", code: USBCode(rawValue: result))
        }
        self.listener = listener
    }

    // A pipe that stalled is silent for good.
    var isListening: Bool { listener.map { $0.transfer.isOver.pointee == 0 } ?? false }

    func pump() { handleEvents(for: .zero) }

    func notifications() -> [[UInt8]] {
        guard let listener else { return [] }
        defer { (listener.messages, listener.unheard) = ([], 0) }
        return listener.messages
    }

    private func stopListening() {
        guard let listener else { return }
        listener.isStopping = true
        takeBack(listener.transfer)
    }

    // MARK: Control and repair

    func control(
        requestType: UInt8, request: UInt8, value: UInt16, index: UInt16, expecting count: Int,
        limit: Instant
    ) throws(USBError) -> [UInt8] {
        var room = [UInt8](repeating: 0, count: count)
        let left = (limit - .now).components
        let milliseconds = max(left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000, 1)
        let result = libusb_control_transfer(
            handle, requestType, request, value, index, &room, UInt16(clamping: count),
            UInt32(clamping: milliseconds))
        guard result >= 0 else {
            throw USBError(call: "libusb_control_transfer", code: USBCode(rawValue: result))
        }
        return Array(room.prefix(Int(result)))
    }

    func clearHalts() {
        _ = libusb_clear_halt(handle, out)
        _ = libusb_clear_halt(handle, incoming)
    }

    var hasBusySiblings: Bool { USBSiblings.areInUse(beside: number, of: place) }

    func resetDevice() throws(USBError) {
        try check("libusb_reset_device") { libusb_reset_device(handle) }
    }
}
