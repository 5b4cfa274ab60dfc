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

    private struct State {
        var isRunning = false
        var isStopping = false
        var bell: Doorbell?
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
        let listener = SharedListener(try UnixSocket.listen(at: socket.path, mode: socket.mode))
        if let group = socket.group { try File.setGroup(socket.path, group) }
        let bell = try Doorbell()
        let poller = SharedPoller(try Poller())
        try poller.poller.add(bell.descriptor.number, .reading, token: Self.bell)
        try poller.poller.add(listener.descriptor.number, .reading, token: Self.listener)
        try Thread.start(name: "virtual-readers") {
            self.run(listener, bell, poller)
            self.state.withLock { $0.isRunning = false }
        }
        state.withLock {
            $0.bell = bell
            $0.isRunning = true
        }
    }

    /// - Returns: false when the thread had not ended by `deadline`.
    func stop(by deadline: Instant) -> Bool {
        state.withLock {
            $0.isStopping = true
            $0.bell?.ring()
        }
        let hasEnded = state.wait(until: deadline) { $0.isRunning ? nil : true } ?? false
        if hasEnded { state.withLock { $0.bell = nil } }
        return hasEnded
    }

    private func run(_ listener: SharedListener, _ bell: Doorbell, _ shared: SharedPoller) {
        var connections: [UInt64: VirtualConnection] = [:]
        defer {
            for (slot, connection) in connections {
                connection.end()
                table.vanish(Self.name(slot))
            }
            try? File.remove(socket.path)
        }
        while true {
            guard let events = try? shared.poller.wait(timeout: nil) else { return }
            for event in events {
                switch event.token {
                case Self.bell: return
                case Self.listener: admit(listener, shared, &connections)
                case let slot:
                    guard let connection = connections.removeValue(forKey: slot) else { continue }
                    shared.poller.remove(connection.descriptor.number)
                    connection.end()
                    table.vanish(Self.name(slot))
                }
            }
        }
    }

    private func admit(
        _ listener: SharedListener, _ shared: SharedPoller,
        _ connections: inout [UInt64: VirtualConnection]
    ) {
        while let accepted = try? listener.descriptor.accept() {
            let free = (0..<UInt64(Self.most)).first { connections[$0] == nil }
            guard let slot = free else { continue }
            let connection = VirtualConnection(accepted)
            do throws(SystemError) {
                try shared.poller.add(connection.descriptor.number, .hangUp, token: slot)
                try table.appear(Self.name(slot), .virtual) { [self] in greet(connection, slot) }
                connections[slot] = connection
            } catch {
                shared.poller.remove(connection.descriptor.number)
            }
        }
    }

    /// On the new reader's own thread: waits for the answer to reset.
    private func greet(_ connection: VirtualConnection, _ slot: UInt64) -> any CardLink {
        let link = VirtualLink(connection)
        let name = Self.name(slot)
        let greeting = Greeting()
        let late = timekeeper.ring(at: timekeeper.now + Self.patience) { [table] in
            greeting.unlessOver { table.set(name, .mute, mark: 1) }
        }
        defer { timekeeper.clear(late) }
        do throws(ReaderError) {
            let atr = try link.greet()
            link.close()
            greeting.over()
            table.set(name, .present(atr: atr.bytes), mark: 1)
        } catch {
            // The connection is gone or was ended: the watcher takes the reader away.
            greeting.over()
            table.set(name, .unavailable(reason: error.description), mark: 1)
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

/// Descriptors that the watcher's thread keeps for as long as it runs.
private final class SharedListener: Sendable {
    let descriptor: FileDescriptor
    init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }
}

private final class SharedPoller: Sendable {
    let poller: Poller
    init(_ poller: consuming Poller) { self.poller = poller }
}
