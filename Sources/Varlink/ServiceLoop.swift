import JSON
import Secrets
import System

/// The service's thread: everything here is touched by it alone.
final class ServiceLoop {
    private let server: VarlinkServer
    private let loop: Loop
    private let listeners: [Listener]
    private var clients: [UInt64: Client] = [:]
    private var nextToken: UInt64
    /// Clients with calls in their buffers whose turn is over for now.
    private var ready: [UInt64] = []
    /// When connections are accepted again after the kernel had none to give.
    private var acceptAgain: Instant?
    /// Since when all descriptors are in use and somebody waits for one.
    private var starvedSince: Instant?
    /// Given up to hang up on those who waited too long for one.
    private var spare: FileDescriptor?

    /// The doorbell is 0, the listeners follow.
    private static let doorbell: UInt64 = 0
    /// Calls of one client before the others have their turn.
    private static let turn = 16
    /// How long nothing is accepted after the kernel had no connection to give.
    private static let pauseOfAccepting = Duration.milliseconds(200)

    init(_ server: VarlinkServer, _ listeners: [Listener]) throws(SystemError) {
        self.server = server
        self.loop = server.loop
        self.listeners = listeners
        self.nextToken = UInt64(listeners.count) + 1
    }

    func run() throws(SystemError) {
        try loop.poller.add(loop.doorbell.descriptor.number, .reading, token: Self.doorbell)
        keepSpare()
        for (i, listener) in listeners.enumerated() {
            try loop.poller.add(listener.socket.number, .reading, token: UInt64(i) + 1)
        }
        defer {
            loop.poller.remove(loop.doorbell.descriptor.number)
            for listener in listeners { loop.poller.remove(listener.socket.number) }
            for client in clients.values { client.connection.close() }
        }
        while !loop.isStopping {
            for event in try loop.poller.wait(timeout: timeout()) { handle(event) }
            let turn = ready
            ready = []
            for token in turn { if let client = clients[token] { serve(client) } }
            expire()
        }
    }

    // MARK: Waiting

    private func timeout() -> Duration? {
        guard ready.isEmpty else { return .zero }
        var earliest = acceptAgain
        for client in clients.values {
            for deadline in [client.messageDeadline, stallDeadline(client)] {
                if let deadline { earliest = min(earliest ?? deadline, deadline) }
            }
        }
        return earliest.map { max(.zero, $0 - .now) }
    }

    private func stallDeadline(_ client: Client) -> Instant? {
        client.connection.stalledSince.map { $0 + server.limits.stallTime }
    }

    private func expire() {
        let now = Instant.now
        for client in Array(clients.values) {
            if let deadline = client.messageDeadline, deadline <= now {
                drop(client, .tooSlow(client.connection.peer))
            } else if let deadline = stallDeadline(client), deadline <= now {
                drop(client, .notReading(client.connection.peer))
            }
        }
        if let moment = acceptAgain, moment <= now { resumeAccepting() }
    }

    private func handle(_ event: Poller.Event) {
        if event.token == Self.doorbell {
            for token in loop.takeResumed() { if let client = clients[token] { serve(client) } }
        } else if event.token <= UInt64(listeners.count) {
            accept(from: listeners[Int(event.token) - 1])
        } else if let client = clients[event.token] {
            handle(event, of: client)
        }
    }

    private func handle(_ event: Poller.Event, of client: Client) {
        if event.isWritable {
            if case .takeNextCall = client.connection.flush() { return serve(client) }
            if client.connection.isSettled { return }
        }
        if event.isReadable {
            receive(client)
        } else if event.isHungUp {
            let peer = client.connection.peer
            drop(client, client.connection.didOverflow ? .notReading(peer) : nil)
        }
    }

    // MARK: Connections

    private func accept(from listener: Listener) {
        // A few at a time: others are waiting.
        for _ in 0..<Self.turn {
            do throws(SystemError) {
                guard let socket = try listener.socket.accept() else {
                    starvedSince = nil
                    return
                }
                starvedSince = nil
                let peer = try socket.peer()
                let standing = server.limits.admit(
                    peer.user, among: clients.values.lazy.map(\.holder),
                    as: { server.hooks.standing(peer) })
                guard let standing else {
                    server.hooks.report(.tooManyConnections(peer))
                    continue
                }
                guard let client = try Client(socket, peer, standing, nextToken, server) else {
                    server.hooks.report(.noResources("no locked memory for a connection"))
                    continue
                }
                clients[nextToken] = client
                nextToken += 1
            } catch {
                server.hooks.report(.noResources(error.description))
                if error.errno == .tooManyFiles || error.errno == .tooManyFilesInSystem {
                    turnAway(from: listener)
                }
                pauseAccepting()
                return
            }
        }
    }

    /// Nobody waits without an end: who waited too long for a descriptor is hung up on.
    private func turnAway(from listener: Listener) {
        let since = starvedSince ?? .now
        starvedSince = since
        guard .now - since >= server.limits.acceptTime else { return }
        spare = nil
        do throws(SystemError) {
            for _ in 0..<Self.turn { guard try hangUpOnOne(of: listener) else { break } }
        } catch {
            // Somebody else was quicker to take what was given up.
        }
        keepSpare()
    }

    /// It is closed when this returns, before another is taken.
    private func hangUpOnOne(of listener: Listener) throws(SystemError) -> Bool {
        guard let socket = try listener.socket.accept() else { return false }
        _ = consume socket
        return true
    }

    private func keepSpare() {
        do throws(SystemError) {
            spare = try FileDescriptor(duplicating: loop.doorbell.descriptor.number)
        } catch {
            spare = nil
        }
    }

    /// Out of descriptors the waiting connection stays readable: listening on would spin.
    private func pauseAccepting() {
        acceptAgain = .now + Self.pauseOfAccepting
        for (i, listener) in listeners.enumerated() {
            try? loop.poller.modify(listener.socket.number, [], token: UInt64(i) + 1)
        }
    }

    private func resumeAccepting() {
        acceptAgain = nil
        for (i, listener) in listeners.enumerated() {
            do throws(SystemError) {
                try loop.poller.modify(listener.socket.number, .reading, token: UInt64(i) + 1)
            } catch {
                acceptAgain = .now + Self.pauseOfAccepting
            }
        }
    }

    private func drop(_ client: Client, _ incident: VarlinkIncident?) {
        guard clients.removeValue(forKey: client.connection.token) != nil else { return }
        client.connection.close()
        server.hooks.closed(client.connection.token)
        if let incident { server.hooks.report(incident) }
    }

    // MARK: Calls

    private func receive(_ client: Client) {
        let received: Connection.Received
        do throws(SystemError) {
            received = try client.receive()
        } catch {
            return drop(client, nil)
        }
        switch received {
        case .bytes: serve(client)
        case .nothing: break
        case .ended: drop(client, nil)
        }
    }

    /// Serves the calls in the client's buffer until one is pending or its turn is over.
    private func serve(_ client: Client) {
        guard client.connection.isSettled else { return leave(client, hasInput: client.hasInput) }
        var served = 0
        while let message = client.nextMessage() {
            guard served < Self.turn else {
                client.compact()
                return leave(client, hasInput: true)
            }
            served += 1
            let request: Request
            do throws(JSONError) {
                request = try client.parse(message)
            } catch {
                return drop(client, .malformed(client.connection.peer, error))
            }
            answer(request, of: client, message)
            let hasMore = client.step(over: message)
            if case .wait = client.connection.endDispatch(hasInput: hasMore) {
                client.messageDeadline = nil
                client.compact()
                return
            }
        }
        client.compact()
        switch client.prepareForMore() {
        case .ready: leave(client, hasInput: false)
        case .tooLong: drop(client, .tooLong(client.connection.peer))
        case .noMemory: drop(client, .noResources("no locked memory for a message"))
        }
    }

    /// Turns to the others; a client that could go on is looked at again after them.
    private func leave(_ client: Client, hasInput: Bool) {
        if case .takeNextCall = client.connection.pause(hasInput: hasInput) {
            ready.append(client.connection.token)
        }
    }

    private func answer(_ request: Request, of client: Client, _ message: Range<Int>) {
        let connection = client.connection
        let admission =
            request.interface == OrgVarlinkService.name
            ? .granted(nil) : server.hooks.authorize(connection.peer, request.fullMethod)
        var grant: (any Sendable)? = nil
        if case .granted(let given) = admission { grant = given }
        let call = VarlinkCall(
            request, connection: connection, serial: connection.beginCall(), grant: grant,
            fallback: server.unanswered ?? .methodNotImplemented(request.fullMethod))
        do throws(VarlinkFailure) {
            let interface = try server.registry.interface(for: request)
            if request.wantsUpgrade { throw .methodNotImplemented(request.fullMethod) }
            switch admission {
            case .granted: break
            case .denied:
                server.hooks.report(
                    .permissionDenied(connection.peer, method: request.fullMethod))
                throw .permissionDenied
            case .refused(let failure): throw failure
            }
            try client.withParameters(of: request, message) {
                (reader) throws(VarlinkFailure) in
                try interface.call(call, parameters: &reader)
            }
        } catch {
            call.fail(error)
        }
    }
}
