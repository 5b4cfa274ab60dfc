import APDU
import Synchronization
import System

import class Foundation.FileManager

@testable import Readers

/// Time that stands still until a test moves it.
final class ManualTime: Timekeeper {
    private struct State {
        var now = Instant.now
        var lastNumber: UInt64 = 0
        var pending: [UInt64: (at: Instant, action: @Sendable () -> Void)] = [:]
    }

    private let state = Mutex(State())

    var now: Instant { state.withLock { $0.now } }
    var pendingCount: Int { state.withLock { $0.pending.count } }

    func ring(at instant: Instant, _ action: @escaping @Sendable () -> Void) -> Alarm {
        state.withLock { state in
            state.lastNumber += 1
            state.pending[state.lastNumber] = (instant, action)
            return Alarm(number: state.lastNumber)
        }
    }

    func clear(_ alarm: Alarm) {
        state.withLock { _ = $0.pending.removeValue(forKey: alarm.number) }
    }

    /// Moves on and rings what is due, in order, in this thread.
    func advance(_ duration: Duration) {
        let end = now + duration
        while true {
            let due = state.withLock { state -> (@Sendable () -> Void)? in
                let first = state.pending.filter { $0.value.at <= end }
                    .min { $0.value.at < $1.value.at }
                guard let first else {
                    state.now = end
                    return nil
                }
                state.pending[first.key] = nil
                state.now = max(state.now, first.value.at)
                return first.value.action
            }
            guard let due else { return }
            due()
        }
    }
}

/// Lines that threads write and a test waits for, in order.
final class Record: Sendable {
    private let lines = Monitor<[String]>([])

    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }

    /// All lines once `line` is among them; fewer after ten seconds without it.
    func wait(for line: String) -> [String] {
        lines.wait(until: .now + .seconds(10)) { $0.contains(line) ? $0 : nil } ?? all
    }
}

/// A virtual token that does what a test says.
final class FakeToken: Sendable {
    enum Reply: Sendable {
        case message([UInt8])
        /// As it is, without a length before it.
        case raw([UInt8])
        case silence
        case hangUp
    }

    static let atr: [UInt8] = [0x3B, 0x80, 0x80, 0x01, 0x01]
    /// With card capabilities that announce extended length.
    static let extendedATR: [UInt8] = [
        0x3B, 0x85, 0x80, 0x01, 0x80, 0x73, 0xC0, 0x21, 0xC0, 0xD6,
    ]

    let connection: VirtualConnection
    let received = Record()

    /// - Parameter reply: what to answer to a message; controls other than "ATR?" want none.
    init(_ path: String, reply: @escaping @Sendable ([UInt8]) -> Reply) throws {
        connection = VirtualConnection(try UnixSocket.connect(to: path))
        try Thread.start(name: "fake-token") { [connection, received] in
            while let message = Self.next(connection) {
                received.add(message.map { String($0, radix: 16) }.joined(separator: " "))
                if message.count == 1, message[0] != 4 { continue }
                switch reply(message) {
                case .message(let bytes):
                    Self.send(
                        [UInt8(bytes.count >> 8), UInt8(bytes.count & 0xFF)] + bytes, connection)
                case .raw(let bytes): Self.send(bytes, connection)
                case .silence: break
                case .hangUp: connection.end()
                }
            }
        }
    }

    /// Answers its ATR and, to a command, its last byte and 9000.
    static func obedient(_ message: [UInt8]) -> Reply {
        message == [4] ? .message(atr) : .message([message.last ?? 0, 0x90, 0x00])
    }

    func pull() { connection.end() }
    func say(_ bytes: [UInt8]) { Self.send(bytes, connection) }

    private static func send(_ bytes: [UInt8], _ connection: VirtualConnection) {
        bytes.withUnsafeBytes { _ = try? connection.descriptor.send($0, wait: true) }
    }

    private static func next(_ connection: VirtualConnection) -> [UInt8]? {
        guard let header = exactly(2, connection) else { return nil }
        return exactly(Int(header[0]) << 8 | Int(header[1]), connection)
    }

    private static func exactly(_ count: Int, _ connection: VirtualConnection) -> [UInt8]? {
        var bytes: [UInt8] = []
        while bytes.count < count {
            var chunk = [UInt8](repeating: 0, count: count - bytes.count)
            let n = chunk.withUnsafeMutableBytes {
                (try? connection.descriptor.receive(into: $0, wait: true)) ?? 0
            }
            guard n > 0 else { return nil }
            bytes += chunk[..<n]
        }
        return bytes
    }
}

/// A hub with a socket of its own for virtual tokens.
final class VirtualHub: Sendable {
    let hub: ReaderHub
    let path: String
    private let folder: TestFolder
    private let lists = Monitor(ReaderList(generation: 0, readers: []))
    private let observation: Mutex<ReaderHub.Observation?> = Mutex(nil)

    init() throws {
        folder = try TestFolder()
        path = folder.path + "/tokens"
        hub = ReaderHub(
            configuration: .init(pcsc: false, virtualSocket: .init(path: path)))
        try hub.start()
        let observation = hub.observe { [lists] list in
            lists.withLock { if list.generation >= $0.generation { $0 = list } }
        }
        self.observation.withLock { $0 = observation }
    }

    deinit {
        hub.stop()
    }

    /// Waits until the readers are as `condition` wants them; what they were last if they are
    /// not after ten seconds.
    func wait(_ condition: @Sendable ([ReaderSnapshot]) -> Bool) -> [ReaderSnapshot] {
        lists.wait(until: .now + .seconds(10)) { condition($0.readers) ? $0.readers : nil }
            ?? hub.snapshot()
    }

    /// The first reader once a card is present in it.
    func presentReader() -> ReaderSnapshot? {
        let readers = wait { readers in
            readers.contains { if case .present = $0.state { true } else { false } }
        }
        return readers.first
    }

    /// Runs commands as one procedure: "opened", "answer 9000", "fault x", "closed"…
    /// - Parameter cap: after it a command's silent card is given up; powering it up has time.
    func run(
        _ commands: [[UInt8]], writes: Bool = false, clock: StepClock, on reader: String,
        insertion: UInt64? = nil, cap: Duration? = nil, record: Record
    ) throws(ReaderError) {
        let procedure = Procedure(
            activity: "test", insertion: insertion, clock: clock,
            body: { session in
                record.add("opened")
                if let cap { session.clock.begin("commands", budget: .seconds(60), cap: cap) }
                var response = ResponseBuffer()
                for command in commands {
                    record.add(
                        Self.transmit(command, writes: writes, &session, &response))
                }
            },
            unopened: { record.add("unopened \($0)") },
            closed: { record.add("closed") })
        try hub.perform(procedure, on: reader)
    }

    static func transmit(
        _ command: [UInt8], writes: Bool, _ session: inout CardSession,
        _ response: inout ResponseBuffer
    ) -> String {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: command.count, alignment: 1)
        defer { copy.deallocate() }
        copy.copyBytes(from: command)
        do throws(CardFault) {
            try session.transmit(UnsafeRawBufferPointer(copy), writes: writes, into: &response)
            return "answer "
                + response.withBytes { $0.map { String($0, radix: 16) }.joined(separator: " ") }
        } catch {
            return "fault \(name(error))"
        }
    }

    static func name(_ fault: CardFault) -> String {
        switch fault {
        case .removed: "removed"
        case .reset: "reset"
        case .mute: "mute"
        case .deadline: "deadline"
        case .cancelled: "cancelled"
        case .malformedResponse: "malformed"
        case .transport(let code): "transport \(code)"
        }
    }
}

/// A folder of one test's own, gone with it.
final class TestFolder: Sendable {
    let path = "/tmp/readers-test-\(Process.id)-\(UInt64.random(in: 0...UInt64.max))"

    init() throws { try File.makeFolder(path) }
    deinit { try? FileManager.default.removeItem(atPath: path) }
}
