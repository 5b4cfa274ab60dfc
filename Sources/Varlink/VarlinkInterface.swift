import JSON
import System

/// One interface of a service: its text, and what answers its methods.
package protocol VarlinkInterface: Sendable {
    /// As `org.example.device`; the one in the text.
    var name: String { get }
    /// The text in Varlink's interface definition language.
    var description: String { get }

    /// Answers `call`, now or later and from any thread; throwing is answering with an error.
    ///
    /// It runs on the service's own thread, which serves all clients: it reads the parameters
    /// and hands the work on. Only methods that the text has come here. `parameters` stands
    /// before an object (an empty one where the caller sent none) in locked memory that is
    /// wiped when this returns.
    func call(_ call: VarlinkCall, parameters: inout JSONReader) throws(VarlinkFailure)
}

/// What GetInfo says of the service.
package struct VarlinkIdentity: Sendable {
    package var vendor: String
    package var product: String
    package var version: String
    package var url: String

    package init(vendor: String, product: String, version: String, url: String) {
        self.vendor = vendor
        self.product = product
        self.version = version
        self.url = url
    }
}

/// What one client may cost.
package struct VarlinkLimits: Sendable {
    /// Bytes of one message with its NUL.
    package var message = 64 * 1024
    /// From the first byte of a message to its NUL.
    package var messageTime = Duration.seconds(5)
    /// Connections in all.
    package var connections = 64
    /// Connections of one user.
    package var connectionsPerUser = 16
    /// Bytes of one reply, and bytes that wait for a client to read them.
    package var backlog = 256 * 1024
    /// How long a client may take nothing of what waits for it.
    package var stallTime = Duration.seconds(30)
    /// How long a connection waits for a descriptor, where all are in use, before it is hung up on.
    package var acceptTime = Duration.seconds(3)

    package init() {}
}

/// Something a client did that was not served.
package enum VarlinkIncident: Equatable, Sendable {
    /// The hook said no to this method.
    case permissionDenied(Peer, method: String)
    /// Not JSON, or not a call; the connection was closed.
    case malformed(Peer, JSONError)
    /// A message over the limit; the connection was closed.
    case tooLong(Peer)
    /// A message begun and not ended in time; the connection was closed.
    case tooSlow(Peer)
    /// Replies were not read; the connection was closed.
    case notReading(Peer)
    /// One connection too many, of this user, of strangers or in all; it was closed at once.
    case tooManyConnections(Peer)
    /// The kernel gave no connection or memory; it is tried again.
    case noResources(String)

    /// Who it was, where that is known.
    package var peer: Peer? {
        switch self {
        case .permissionDenied(let peer, _), .malformed(let peer, _), .tooLong(let peer),
            .tooSlow(let peer), .notReading(let peer), .tooManyConnections(let peer):
            peer
        case .noResources: nil
        }
    }
}

/// What the owner of a service says to a call.
package enum VarlinkAdmission: Sendable {
    /// It is served, and carries what its owner wants to know of the caller there.
    case granted((any Sendable)?)
    /// It is answered with PermissionDenied, and reported.
    case denied
    /// It is answered with an error of the owner's own, and not reported.
    case refused(VarlinkFailure)
}

/// What the service asks and tells its owner. All are called on the service's thread and must
/// not block.
package struct VarlinkHooks: Sendable {
    /// Whether the caller may use the method (its full name); org.varlink.service is open to all.
    package var authorize: @Sendable (Peer, String) -> VarlinkAdmission
    /// Asked once of a caller, as it connects.
    package var standing: @Sendable (Peer) -> VarlinkStanding
    package var report: @Sendable (VarlinkIncident) -> Void
    /// A connection was closed, by its number; not told of those that the service's end closes.
    package var closed: @Sendable (UInt64) -> Void

    package init(
        authorize: @escaping @Sendable (Peer, String) -> VarlinkAdmission = { _, _ in
            .granted(nil)
        },
        standing: @escaping @Sendable (Peer) -> VarlinkStanding = { _ in .known },
        report: @escaping @Sendable (VarlinkIncident) -> Void = { _ in },
        closed: @escaping @Sendable (UInt64) -> Void = { _ in }
    ) {
        self.authorize = authorize
        self.standing = standing
        self.report = report
        self.closed = closed
    }
}
