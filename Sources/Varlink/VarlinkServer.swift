import Synchronization
import System

/// A Varlink service on Unix sockets (https://varlink.org).
///
/// One thread serves all clients, each call in the order it came on its connection; it sleeps
/// whenever there is nothing to do. Written for hostile clients: each is held to
/// `VarlinkLimits`, and one that breaks the protocol is hung up on, since the protocol leaves
/// no other answer.
package final class VarlinkServer: Sendable {
    let registry: Registry
    let limits: VarlinkLimits
    let hooks: VarlinkHooks
    let loop: Loop
    /// What a call answers that its interface dropped; nil for MethodNotImplemented.
    let unanswered: VarlinkFailure?
    private let listeners = Mutex<[Listener]>([])

    /// - Parameter interfaces: besides org.varlink.service, which is always there.
    package init(
        _ identity: VarlinkIdentity, interfaces: [any VarlinkInterface],
        limits: VarlinkLimits = VarlinkLimits(), hooks: VarlinkHooks = VarlinkHooks(),
        unanswered: VarlinkFailure? = nil
    ) throws(VarlinkServerError) {
        registry = try Registry(identity, interfaces)
        do throws(SystemError) {
            loop = try Loop()
        } catch {
            throw .system(error)
        }
        self.limits = limits
        self.hooks = hooks
        self.unanswered = unanswered
    }

    /// Serves a listening socket, bound here or by systemd, from the next `run` on.
    package func listen(on socket: consuming FileDescriptor) throws(SystemError) {
        let listener = Listener(socket)
        try listener.socket.setNonBlocking(true)
        listeners.withLock { $0.append(listener) }
    }

    /// Serves until `stop`, on the thread that calls it. Then every connection is closed.
    package func run() throws(SystemError) {
        let service = try ServiceLoop(self, listeners.withLock { $0 })
        try service.run()
    }

    /// Ends `run`, from any thread.
    package func stop() { loop.stop() }
}

/// Why a service could not be set up.
package enum VarlinkServerError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The interface's text departs from the grammar.
    case malformedDescription(interface: String, InterfaceError)
    /// The text is of an interface of another name.
    case otherName(interface: String, inText: String)
    case duplicateInterface(String)
    case system(SystemError)

    package var description: String {
        switch self {
        case .malformedDescription(let interface, let error): "\(interface): \(error)"
        case .otherName(let interface, let inText): "\(interface): its text is of \(inText)"
        case .duplicateInterface(let interface): "\(interface): registered twice"
        case .system(let error): error.description
        }
    }
}

/// A listening socket.
final class Listener: Sendable {
    let socket: FileDescriptor
    init(_ socket: consuming FileDescriptor) { self.socket = socket }
}
