import APDU
import System

/// The virtual readers of a training instance: each `virtual-token` that connects to the
/// socket is a reader with a card in it, for as long as it stays connected.
final class VirtualReaders: Sendable {
    /// Readers at a time; a token beyond that is turned away.
    static let most = 8
    /// After which a token that has not said its answer to reset is shown as mute.
    private static let patience: Duration = .seconds(3)
    private static let bell: UInt64 = .max
    private static let listener: UInt64 = .max - 1

    /// What the thread works with; closed when it is done, before it says so.
    private final class Parts: Sendable {
        let listener: Owned<FileDescriptor>
        let poller: Owned<Poller>
        let bell: Doorbell

        init(_ listener: Owned<FileDescriptor>, _ poller: Owned<Poller>, _ bell: Doorbell) {
            self.listener = listener
            self.poller = poller
            self.bell = bell
        }
    }

    private struct State {
        var isRunning = false
        var parts: Parts?
    }

    private let socket: ReaderHub.VirtualSocket
    private let table: ReaderTable
    private let timekeeper: any Timekeeper
    private let state = Monitor(State())

    init(socket: ReaderHub.VirtualSocket, table: ReaderTable, timekeeper: any Timekeeper) {
        self.socket = socket
        self.table = table
        self.timekeeper = timekeeper
    }

    func start() throws(SystemError) {
        let listener = Owned(try UnixSocket.listen(at: socket.path, mode: socket.mode))
        do throws(SystemError) {
            let parts = try makeParts(listener)
            state.withLock {
                $0.parts = parts
                $0.isRunning = true
            }
            try Thread.start(name: "virtual-readers") {
                self.run()
                self.state.withLock { $0.isRunning = false }
            }
        } catch {
            state.withLock { $0 = State() }
            try? File.remove(socket.path)
            throw error
        }
    }

    private func makeParts(_ listener: Owned<FileDescriptor>) throws(SystemError) -> Parts {
        if let group = socket.group { try File.setGroup(socket.path, group) }
        let bell = try Doorbell()
        let poller = Owned(try Poller())
        try poller.value.add(bell.descriptor.number, .reading, token: Self.bell)
        try poller.value.add(listener.value.number, .reading, token: Self.listener)
        return Parts(listener, poller, bell)
    }

    /// - Returns: false when the thread had not ended by `deadline`.
    func stop(by deadline: Instant) -> Bool {
        state.withLock {
            $0.parts?.bell.ring()
            $0.parts = nil
        }
        return state.wait(until: deadline) { $0.isRunning ? nil : true } ?? false
    }

    @inline(never)
    private func run() {
        guard let parts = state.withLock({ $0.parts }) else { return }
        var connections: [UInt64: VirtualConnection] = [:]
        // Tells a reader from an earlier one of its name.
        var lastMark: UInt64 = 0
        defer {
            for (slot, connection) in connections {
                connection.end()
                table.vanish(Self.name(slot))
            }
            try? File.remove(socket.path)
        }
        while true {
            guard let events = try? parts.poller.value.wait(timeout: nil) else { return }
            for event in events {
                switch event.token {
                case Self.bell: return
                case Self.listener: admit(parts, &connections, &lastMark)
                case let slot:
                    guard let connection = connections.removeValue(forKey: slot) else { continue }
                    parts.poller.value.remove(connection.descriptor.number)
                    connection.end()
                    table.vanish(Self.name(slot))
                }
            }
        }
    }

    private func admit(
        _ parts: Parts, _ connections: inout [UInt64: VirtualConnection], _ lastMark: inout UInt64
    ) {
        while true {
            let accepted: FileDescriptor
            do throws(SystemError) {
                guard let next = try parts.listener.value.accept() else { return }
                accepted = next
            } catch {
                // Out of descriptors: the connection still waits, and so do we.
                Thread.pause(.milliseconds(200))
                return
            }
            let free = (0..<UInt64(Self.most)).first { connections[$0] == nil }
            guard let slot = free else { continue }
            let connection = VirtualConnection(accepted)
            do throws(SystemError) {
                try parts.poller.value.add(connection.descriptor.number, .hangUp, token: slot)
                lastMark += 1
                let mark = lastMark
                try table.appear(Self.name(slot), .virtual, mark: mark) { [self] in
                    greet(connection, slot, mark)
                }
                connections[slot] = connection
            } catch {
                parts.poller.value.remove(connection.descriptor.number)
            }
        }
    }

    /// On the new reader's own thread: waits for the answer to reset.
    private func greet(
        _ connection: VirtualConnection, _ slot: UInt64, _ mark: UInt64
    ) -> any CardLink {
        let link = VirtualLink(connection)
        let name = Self.name(slot)
        let greeting = Greeting()
        let late = timekeeper.ring(at: timekeeper.now + Self.patience) { [table] in
            greeting.unlessOver { table.set(name, .mute, mark: mark, onlyMarked: true) }
        }
        defer { timekeeper.clear(late) }
        do throws(ReaderError) {
            let atr = try link.greet()
            link.close()
            greeting.over()
            table.set(name, .present(atr: atr.bytes), mark: mark, onlyMarked: true)
        } catch {
            // The connection is gone or was ended: the watcher takes the reader away.
            greeting.over()
            table.set(
                name, .unavailable(reason: error.description), mark: mark, onlyMarked: true)
        }
        return link
    }

    private static func name(_ slot: UInt64) -> String {
        "Virtual Reader " + (slot < 10 ? "0" : "") + String(slot)
    }
}

/// Whether a token has greeted; the late alarm and the greeting must not cross.
private final class Greeting: Sendable {
    private let isOver = Monitor(false)

    func over() { isOver.withLock { $0 = true } }

    func unlessOver(_ body: @Sendable () -> Void) {
        isOver.withLock { if !$0 { body() } }
    }
}
