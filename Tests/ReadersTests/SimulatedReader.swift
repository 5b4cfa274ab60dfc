import APDU
import Synchronization
import System
import VirtualToken

@testable import Readers

/// VirtualToken's CCID reader on a bus without a kernel, where waiting takes no time: a transfer
/// that nothing will answer is over at once.
///
/// It is made after the specification by itself and shares nothing with the host but APDUs.
final class SimulatedReader: Sendable {
    private struct State: Sendable {
        var device: VirtualToken.CCIDReader
        /// Milliseconds that waiting would have taken.
        var skipped: Int64 = 0
        var isPlugged = true
        var resets = 0
        /// The limit of the first wait that nothing ended.
        var waitedUntil: Instant?
        var claims = 0
    }

    private let state: Mutex<State>
    let facts: Readers.USBDevice

    init(_ change: (inout ReaderDesign) -> Void) {
        var design = ReaderDesign()
        design.cardProtocol = .t1
        change(&design)
        let pin = PIVCode(value: Array("123456".utf8) + [0xFF, 0xFF], total: 3)
        let puk = PIVCode(value: Array("12345678".utf8), total: 3)
        let tokens = (0..<design.slots).map { slot in
            SimulatedToken(
                PIVCard(
                    PIVModel(yubico: false),
                    PIVState(
                        pin: pin, puk: puk, serial: UInt32(slot + 1),
                        objects: Self.objects)))
        }
        var device = VirtualToken.CCIDReader(design, tokens)
        facts = Self.facts(&device, design)
        _ = device.control(SetupPacket(0, 9, value: 1), [], now: 0)
        state = Mutex(State(device: device))
    }

    /// More than one message or block of any reader carries.
    static let longObject = (0..<700).map { UInt8(truncatingIfNeeded: $0) }

    /// The long one, and one of each length up to 140 bytes.
    private static let objects: [UInt32: [UInt8]] = {
        var objects: [UInt32: [UInt8]] = [
            0x5FC102: [0x34, 0x00, 0xFE, 0x00], 0x5FC109: longObject,
        ]
        for count in 1...140 {
            objects[0x5FFF00 + UInt32(count)] = [UInt8](repeating: 0x5A, count: count)
        }
        return objects
    }()

    /// Does something to the reader as nobody could over the bus.
    func change(_ body: (inout VirtualToken.CCIDReader) -> Void) {
        state.withLock { body(&$0.device) }
    }

    func arm(_ fault: String) throws {
        let fault = try ReaderFault(parsing: fault)
        change { $0.arm(fault) }
    }

    var complaints: [String] { state.withLock { $0.device.complaints } }
    /// Up to when the host would have waited, the first time that it waited in vain.
    var waitedUntil: Instant? { state.withLock { $0.waitedUntil } }
    /// Types of the bulk OUT messages so far.
    var messages: [UInt8] { state.withLock { $0.device.messages.map { $0[0] } } }
    var resets: Int { state.withLock { $0.resets } }
    /// Ports that are claimed now.
    var claims: Int { state.withLock { $0.claims } }

    /// Tries of the PIN and the PUK that were spent.
    func spent(_ slot: Int = 0) -> Int {
        state.withLock { state in
            state.device.token(slot).card.counters.reduce(0) { $0 + $1.spent }
        }
    }

    func unplug() { state.withLock { $0.isPlugged = false } }

    /// The reader as the host sees it.
    func reader(
        firstWords: Duration = .seconds(60)
    ) throws(CCIDFault) -> Readers.CCIDReader {
        let interface = facts.interfaces.first { $0.endpoint(.bulkIn) != nil || $0.extra.count > 2 }
        guard let interface else { throw .unsupported("no interface") }
        return try Readers.CCIDReader(
            facts, interface, maker: Maker(simulated: self), firstWords: firstWords)
    }

    private struct Maker: BulkPortMaker {
        let simulated: SimulatedReader
        func claim() throws(CCIDFault) -> any BulkPort {
            guard simulated.state.withLock({ $0.isPlugged }) else { throw .gone }
            return Port(simulated)
        }
    }

    // MARK: Descriptors

    private static func facts(
        _ device: inout VirtualToken.CCIDReader, _ design: ReaderDesign
    ) -> Readers.USBDevice {
        let setup = SetupPacket(0x80, 6, value: 0x0200, length: 0xFFFF)
        let bytes = device.control(setup, [], now: 0) ?? []
        var interfaces: [Readers.USBDevice.Interface] = []
        var head: [UInt8]?
        var extra: [UInt8] = []
        var endpoints: [Readers.USBDevice.Endpoint] = []
        func finish() {
            guard let head else { return }
            interfaces.append(
                Readers.USBDevice.Interface(
                    number: head[2], alternate: head[3], interfaceClass: head[5],
                    subclass: head[6], interfaceProtocol: head[7], extra: extra,
                    endpoints: endpoints))
            (extra, endpoints) = ([], [])
        }
        var rest = bytes.dropFirst(9)
        while let count = rest.first, count >= 2, rest.count >= Int(count) {
            let one = Array(rest.prefix(Int(count)))
            rest = rest.dropFirst(Int(count))
            switch one[1] {
            case 4:
                finish()
                head = one
            case 5:
                let kind: Readers.USBDevice.Endpoint.Kind =
                    switch (one[3] & 3, one[2] & 0x80 != 0) {
                    case (2, false): .bulkOut
                    case (2, true): .bulkIn
                    case (3, true): .interruptIn
                    default: .other
                    }
                endpoints.append(
                    Readers.USBDevice.Endpoint(
                        address: one[2], kind: kind,
                        maximumPacket: Int(one[4]) | Int(one[5]) << 8, extra: []))
            default:
                if let last = endpoints.popLast() {
                    endpoints.append(
                        Readers.USBDevice.Endpoint(
                            address: last.address, kind: last.kind,
                            maximumPacket: last.maximumPacket, extra: last.extra + one))
                } else {
                    extra += one
                }
            }
        }
        finish()
        return Readers.USBDevice(
            place: .init(bus: 9, address: 9), vendor: design.vendor, product: design.product,
            release: design.release, port: "9-9", speed: "12 Mbit/s", configuration: 1,
            interfaces: interfaces)
    }

    // MARK: The bus

    private final class Port: BulkPort {
        private let simulated: SimulatedReader
        private var heard: [[UInt8]] = []

        init(_ simulated: SimulatedReader) {
            self.simulated = simulated
            simulated.state.withLock { $0.claims += 1 }
        }

        deinit { simulated.state.withLock { $0.claims -= 1 } }

        var descriptor: Int32 { -1 }

        func exchange(
            _ message: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer,
            limit: Instant, hearing: ([UInt8]) -> Instant?
        ) throws(USBError) -> Int {
            let bytes = Array(message)
            let isOut = simulated.state.withLock { state in
                state.isPlugged
                    && state.device.out(
                        1, bytes, endsWithEmptyPacket: false, now: Self.now(state))
            }
            guard isOut else { throw gone() ?? USBError(call: "bulk out", code: .stall) }
            return try receive(into: room, limit: limit, hearing: hearing)
        }

        func receive(
            into room: UnsafeMutableRawBufferPointer, limit: Instant,
            hearing: ([UInt8]) -> Instant?
        ) throws(USBError) -> Int {
            var limit = limit
            while true {
                if let gone = gone() { throw gone }
                let transfer = simulated.state.withLock { $0.device.take(2, room.count) }
                takeNotice()
                for notice in heard { limit = hearing(notice) ?? limit }
                switch transfer {
                case .data(let bytes)?:
                    room.copyBytes(from: bytes.prefix(room.count))
                    return min(bytes.count, room.count)
                case .stall?: throw USBError(call: "bulk in", code: .stall)
                case .babble?: throw USBError(call: "bulk in", code: .overflow)
                case nil: break
                }
                guard wait(until: limit) else {
                    simulated.state.withLock { state in
                        if state.waitedUntil == nil { state.waitedUntil = limit }
                    }
                    throw USBError(call: "bulk in", code: .timeout)
                }
            }
        }

        /// Lets time pass until the reader has something to do; false where that is too late.
        private func wait(until limit: Instant) -> Bool {
            simulated.state.withLock { state in
                guard let due = state.device.nextDue else { return false }
                let now = Self.now(state)
                if due > now { state.skipped += due - now }
                guard Self.milliseconds(limit) + 0 >= Self.now(state) - state.skipped else {
                    return false
                }
                state.device.tick(now: max(due, now))
                return true
            }
        }

        private func gone() -> USBError? {
            let isGone = simulated.state.withLock { !$0.isPlugged || $0.device.isGone }
            return isGone ? USBError(call: "bulk", code: .noDevice) : nil
        }

        private static func milliseconds(_ instant: Instant) -> Int64 {
            instant.nanoseconds / 1_000_000
        }

        private static func now(_ state: State) -> Int64 {
            milliseconds(.now) + state.skipped
        }

        let isListening = true
        func pump() { takeNotice() }

        private func takeNotice() {
            let notice = simulated.state.withLock { $0.device.take(3, 8) }
            if case .data(let bytes)? = notice { heard.append(bytes) }
        }

        func notifications() -> [[UInt8]] {
            defer { heard = [] }
            return heard
        }

        func control(
            requestType: UInt8, request: UInt8, value: UInt16, index: UInt16, expecting count: Int,
            limit: Instant
        ) throws(USBError) -> [UInt8] {
            if let gone = gone() { throw gone }
            let setup = SetupPacket(
                requestType, request, value: value, index: index, length: UInt16(clamping: count))
            let answer = simulated.state.withLock {
                $0.device.control(setup, [], now: Self.now($0))
            }
            guard let answer else { throw USBError(call: "control", code: .stall) }
            return answer
        }

        func clearHalts() {
            for endpoint in [UInt16(0x01), 0x82] {
                _ = simulated.state.withLock {
                    $0.device.control(
                        SetupPacket(0x02, 1, index: endpoint), [], now: Self.now($0))
                }
            }
        }

        func resetDevice() throws(USBError) {
            if let gone = gone() { throw gone }
            simulated.state.withLock { state in
                state.resets += 1
                state.device.attach()
                _ = state.device.control(SetupPacket(0, 9, value: 1), [], now: Self.now(state))
            }
        }

        var hasBusySiblings: Bool { false }
    }
}
