import JSON
import Secrets
import System

/// The service's side of one client: its connection, and what came in and is not served yet.
final class Client {
    let connection: Connection
    let holder: ConnectionHolder
    /// When the message that has begun must be whole.
    var messageDeadline: Instant?
    private let limits: VarlinkLimits
    private let messageTime: Duration
    /// What came in. A message may carry a code: it is wiped as soon as it was served.
    private var buffer: LockedBuffer
    /// Bytes at the front that were served, and bytes known to hold no end behind them.
    private var consumed = 0
    private var scanned = 0

    /// Bytes a connection starts with; most messages fit.
    private static let smallest = 4096

    enum Room {
        case ready
        case tooLong
        case noMemory
    }

    /// nil where there is no locked memory.
    init?(
        _ socket: consuming FileDescriptor, _ peer: Peer, _ standing: VarlinkStanding,
        _ token: UInt64, _ server: VarlinkServer
    ) throws(SystemError) {
        holder = ConnectionHolder(user: peer.user, standing: standing)
        limits = server.limits
        messageTime = server.limits.messageTime
        do throws(SecretError) {
            buffer = try LockedBuffer(capacity: min(Self.smallest, server.limits.message))
        } catch {
            return nil
        }
        connection = try Connection(
            socket, token: token, peer: peer, loop: server.loop,
            backlogLimit: server.limits.backlog)
    }

    func receive() throws(SystemError) -> Connection.Received {
        try connection.receive(into: &buffer)
    }

    /// Where the next whole message stands, without its NUL.
    func nextMessage() -> Range<Int>? {
        let from = max(scanned, consumed)
        let end = buffer.withBytes { bytes in
            var at = from
            while at < bytes.count, bytes[at] != 0 { at += 1 }
            return at
        }
        scanned = end
        return end < buffer.count ? consumed..<end : nil
    }

    func parse(_ message: Range<Int>) throws(JSONError) -> Request {
        let limits = JSONLimits(length: limits.message, stringLength: limits.message)
        return try buffer.withBytes { (bytes) throws(JSONError) in
            try Request(
                parsing: UnsafeRawBufferPointer(rebasing: bytes[message]), limits: limits)
        }
    }

    /// A reader before the parameters, in place; before an empty object where there are none.
    func withParameters(
        of request: Request, _ message: Range<Int>,
        _ body: (inout JSONReader) throws(VarlinkFailure) -> Void
    ) throws(VarlinkFailure) {
        let limits = JSONLimits(length: limits.message, stringLength: limits.message)
        try buffer.withBytes { (bytes) throws(VarlinkFailure) in
            let nothing: StaticString = "{}"
            let whole = UnsafeRawBufferPointer(rebasing: bytes[message])
            let parameters =
                request.parameters.map { UnsafeRawBufferPointer(rebasing: whole[$0]) }
                ?? UnsafeRawBufferPointer(start: nothing.utf8Start, count: 2)
            var reader = JSONReader(parameters, limits: limits)
            try body(&reader)
        }
    }

    /// Whether bytes are held that may hold a call.
    var hasInput: Bool { consumed < buffer.count }

    /// Is done with a message; whether something follows it.
    func step(over message: Range<Int>) -> Bool {
        consumed = message.upperBound + 1
        return hasInput
    }

    /// Wipes what was served.
    func compact() {
        guard consumed > 0 else { return }
        buffer.removeFirst(consumed)
        scanned = max(0, scanned - consumed)
        consumed = 0
    }

    /// The buffer holds no whole message: makes room for the rest of one, and sets its time.
    func prepareForMore() -> Room {
        if buffer.count == 0 {
            messageDeadline = nil
            guard buffer.capacity > Self.smallest else { return .ready }
            return replaceBuffer(capacity: Self.smallest) ? .ready : .noMemory
        }
        if messageDeadline == nil { messageDeadline = .now + messageTime }
        guard buffer.count == buffer.capacity else { return .ready }
        guard buffer.capacity < limits.message else { return .tooLong }
        let capacity = min(buffer.capacity * 4, limits.message)
        return replaceBuffer(capacity: capacity) ? .ready : .noMemory
    }

    private func replaceBuffer(capacity: Int) -> Bool {
        do throws(SecretError) {
            var other = try LockedBuffer(capacity: capacity)
            buffer.withBytes { _ = other.append(contentsOf: $0) }
            buffer = other
            return true
        } catch {
            return false
        }
    }
}
