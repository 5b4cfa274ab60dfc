import Secrets
import Synchronization
import System

/// What the service's thread waits on, and how other threads wake it.
final class Loop: Sendable {
    let poller: Poller
    let doorbell: Doorbell
    private let resumed = Mutex<[UInt64]>([])
    private let stopping = Atomic<Bool>(false)

    init() throws(SystemError) {
        poller = try Poller()
        doorbell = try Doorbell()
    }

    /// Says that a connection has input left over and nothing to wait for any more.
    func resume(_ token: UInt64) {
        resumed.withLock { $0.append(token) }
        doorbell.ring()
    }

    func takeResumed() -> [UInt64] {
        doorbell.silence()
        return resumed.withLock { tokens in
            let taken = tokens
            tokens = []
            return taken
        }
    }

    var isStopping: Bool { stopping.load(ordering: .acquiring) }

    func stop() {
        stopping.store(true, ordering: .releasing)
        doorbell.ring()
    }
}

/// The side of a connection that answers, shared by all threads.
///
/// One call at a time: while it is pending, nothing is read. While a client does not read
/// what it was sent, it is served no further call.
final class Connection: Sendable {
    /// What the poller knows it by.
    let token: UInt64
    let peer: Peer
    let backlogLimit: Int
    private let loop: Loop
    private let state: Mutex<State>

    private struct State: ~Copyable {
        var socket: FileDescriptor?
        var interest: Poller.Interest = .reading
        /// What the client has not taken yet, from `sent` on.
        var backlog: [UInt8] = []
        var sent = 0
        /// Since when it has taken nothing.
        var stalledSince: Instant?
        var didOverflow = false
        /// The number of the latest call, and whether it waits for its answer.
        var serial: UInt64 = 0
        var isPending = false
        var hangUps: [@Sendable () -> Void] = []
        /// The service's thread is in the handler and will look again by itself.
        var isDispatching = false
        /// The service's thread holds input that it has not looked at.
        var hasInput = false
    }

    /// What the service's thread does next with a connection.
    enum Next {
        case takeNextCall
        case wait
    }

    enum Received {
        case bytes
        case nothing
        case ended
    }

    init(
        _ socket: consuming FileDescriptor, token: UInt64, peer: Peer, loop: Loop,
        backlogLimit: Int
    ) throws(SystemError) {
        try loop.poller.add(socket.number, .reading, token: token)
        self.token = token
        self.peer = peer
        self.loop = loop
        self.backlogLimit = backlogLimit
        self.state = Mutex(State(socket: consume socket))
    }

    // MARK: From any thread

    func isPending(_ serial: UInt64) -> Bool {
        state.withLock { $0.isPending && $0.serial == serial && $0.socket != nil }
    }

    /// Sends `message` if call `serial` is pending; nothing to send for a oneway call.
    func answer(_ serial: UInt64, with message: [UInt8], isFinal: Bool) -> Bool {
        // What is let go of here may hold the call itself, whose end takes the lock again.
        var letGo: [@Sendable () -> Void] = []
        let (isTaken, mustResume) = state.withLock { state -> (Bool, Bool) in
            guard state.isPending, state.serial == serial, state.socket != nil,
                !state.didOverflow
            else { return (false, false) }
            send(message, &state)
            guard isFinal else { return (!state.didOverflow, false) }
            state.isPending = false
            swap(&letGo, &state.hangUps)
            guard !state.isDispatching else { return (true, false) }
            if state.hasInput && state.backlog.isEmpty { return (true, true) }
            listen(&state)
            return (true, false)
        }
        letGo = []
        if mustResume { loop.resume(token) }
        return isTaken
    }

    func onHangUp(_ serial: UInt64, _ body: @escaping @Sendable () -> Void) {
        let isGone = state.withLock { state in
            guard state.serial == serial, state.isPending else { return false }
            if state.socket == nil { return true }
            state.hangUps.append(body)
            return false
        }
        if isGone { body() }
    }

    // MARK: From the service's thread

    /// Receives what is there and fits.
    func receive(into buffer: inout LockedBuffer) throws(SystemError) -> Received {
        try state.withLock { (state) throws(SystemError) -> Received in
            guard state.socket != nil else { return .ended }
            var outcome = Received.nothing
            _ = try buffer.fill { (room) throws(SystemError) -> Int in
                guard let n = try state.socket?.receive(into: room) else { return 0 }
                outcome = n == 0 ? .ended : .bytes
                return n
            }
            return outcome
        }
    }

    /// Begins a call; its number.
    func beginCall() -> UInt64 {
        state.withLock { state in
            state.serial += 1
            state.isPending = true
            state.isDispatching = true
            return state.serial
        }
    }

    /// The handler has returned. `hasInput`: whether bytes are left that may hold a call.
    func endDispatch(hasInput: Bool) -> Next {
        state.withLock { state in
            state.isDispatching = false
            state.hasInput = hasInput
            return next(&state)
        }
    }

    /// The input holds no whole call (`hasInput` false), or is to be looked at later.
    func pause(hasInput: Bool) -> Next {
        state.withLock { state in
            state.hasInput = hasInput
            return next(&state)
        }
    }

    /// Sends what waits; whether the input may be looked at again.
    func flush() -> Next {
        state.withLock { state in
            sendBacklog(&state)
            return next(&state)
        }
    }

    /// Whether nothing is pending and nothing waits to be sent.
    var isSettled: Bool {
        state.withLock { !$0.isPending && $0.backlog.isEmpty }
    }

    /// Since when the client takes nothing of what waits for it.
    var stalledSince: Instant? { state.withLock { $0.stalledSince } }

    /// Whether more waited for the client than may.
    var didOverflow: Bool { state.withLock { $0.didOverflow } }

    /// Closes the socket; whoever waits for the pending call's answer is told.
    func close() {
        var hangUps: [@Sendable () -> Void] = []
        state.withLock { state in
            if let number = state.socket?.number { loop.poller.remove(number) }
            state.socket = nil
            state.backlog = []
            state.stalledSince = nil
            swap(&hangUps, &state.hangUps)
        }
        for hangUp in hangUps { hangUp() }
    }

    // MARK: Under the lock

    private func next(_ state: inout State) -> Next {
        if !state.isPending && state.backlog.isEmpty && state.hasInput { return .takeNextCall }
        listen(&state)
        return .wait
    }

    /// Has the poller tell what this state waits for. A hang-up it tells always.
    private func listen(_ state: inout State) {
        var interest = Poller.Interest()
        if !state.backlog.isEmpty {
            interest.insert(.writing)
        } else if !state.isPending {
            interest = .reading
        }
        guard interest != state.interest, let number = state.socket?.number else { return }
        do throws(SystemError) {
            try loop.poller.modify(number, interest, token: token)
            state.interest = interest
        } catch {
            // A connection nobody would ever hear of again is better gone.
            state.socket?.shutDown()
        }
    }

    private func send(_ message: [UInt8], _ state: inout State) {
        guard !message.isEmpty else { return }
        guard state.backlog.count - state.sent + message.count <= backlogLimit else {
            // Shut down, so that the service's thread hears of it and closes.
            state.didOverflow = true
            state.socket?.shutDown()
            return
        }
        guard state.backlog.isEmpty else {
            state.backlog += message
            return
        }
        state.backlog = message
        sendBacklog(&state)
        if !state.backlog.isEmpty {
            state.stalledSince = .now
            listen(&state)
            // The service's thread has a new time to keep.
            if !state.isDispatching { loop.doorbell.ring() }
        }
    }

    private func sendBacklog(_ state: inout State) {
        while state.sent < state.backlog.count {
            let first = state.sent
            var taken = 0
            do throws(SystemError) {
                taken = try state.backlog.withUnsafeBytes { bytes -> Result<Int, SystemError> in
                    let rest = UnsafeRawBufferPointer(rebasing: bytes[first...])
                    do throws(SystemError) {
                        return .success(try state.socket?.send(rest) ?? 0)
                    } catch {
                        return .failure(error)
                    }
                }.get()
            } catch {
                // The client is gone: the poller tells the service's thread.
                state.backlog = []
                state.sent = 0
                state.stalledSince = nil
                state.socket?.shutDown()
                return
            }
            guard taken > 0 else { break }
            state.sent += taken
            state.stalledSince = .now
        }
        if state.sent == state.backlog.count {
            state.backlog = []
            state.sent = 0
            state.stalledSince = nil
        } else if state.sent > state.backlog.count / 2 {
            state.backlog.removeFirst(state.sent)
            state.sent = 0
        }
    }
}
