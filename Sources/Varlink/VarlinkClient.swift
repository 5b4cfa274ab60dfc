import JSON
import Secrets
import System

/// One reply as it came.
package struct VarlinkReply: Equatable, Sendable {
    /// The error's full name; nil where the call succeeded.
    package let error: String?
    package let parameters: JSONValue
    /// Whether more replies to the same call follow.
    package let continues: Bool

    package init(error: String?, parameters: JSONValue, continues: Bool) {
        self.error = error
        self.parameters = parameters
        self.continues = continues
    }
}

/// Why a call came to nothing.
package enum VarlinkClientError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Nobody listens at that path.
    case notRunning(path: String)
    /// Somebody listens there, and took no connection by the deadline.
    case notAccepting(path: String)
    /// The service hung up, or this client did after an error.
    case closed
    /// No answer by the deadline; the connection is closed.
    case timedOut
    /// What came is not Varlink; the connection is closed.
    case protocolViolation(String)
    /// The service answered with an error.
    case remote(error: String, parameters: JSONValue)
    /// The call itself could not be written.
    case unwritable(JSONWriteError)
    /// No locked memory for the call.
    case noLockedMemory
    case system(SystemError)

    package var description: String {
        switch self {
        case .notRunning(let path): "no service answers at \(path)"
        case .notAccepting(let path): "the service at \(path) takes no connection"
        case .closed: "the service closed the connection"
        case .timedOut: "the service did not answer in time"
        case .protocolViolation(let what): "the service broke the protocol: \(what)"
        case .remote(let error, _): "the service answered \(error)"
        case .unwritable(let error): "the call could not be written: \(error)"
        case .noLockedMemory: "no locked memory for the call"
        case .system(let error): error.description
        }
    }
}

/// A connection to a Varlink service, for one thread.
///
/// `call` and `more` block until the answer or a deadline. A program with an event loop of its
/// own polls `descriptor` for reading, uses `send`, and takes what came with
/// `receiveAvailable`; replies come in the order of the calls.
///
/// What a call carries is written in locked memory and wiped once it was sent.
package final class VarlinkClient {
    package enum Mode: Sendable {
        case call
        /// Several replies, until one does not continue.
        case more
        /// No reply.
        case oneway
    }

    private let socket: FileDescriptor
    private var outgoing: LockedBuffer?
    private var incoming: [UInt8] = []
    /// Bytes of `incoming` known to hold no NUL.
    private var scanned = 0
    private var isClosed = false
    private let messageLimit: Int
    private let replyLimit: Int

    /// - Parameters:
    ///   - messageLimit: bytes of the longest call.
    ///   - replyLimit: bytes of the longest reply.
    package init(
        _ socket: consuming FileDescriptor, messageLimit: Int = usualMessage,
        replyLimit: Int = 1 << 20
    ) {
        self.socket = socket
        self.messageLimit = messageLimit
        self.replyLimit = replyLimit
    }

    /// Bytes of the longest call, where nothing else is said: locked memory is scarce.
    package static let usualMessage = 16 * 1024

    /// Connects to the service at `path`.
    /// - Parameter timeout: for the kernel to queue the connection. The queue of a service that
    ///   hangs fills up with whoever asks, and then there would be no end to it.
    package convenience init(
        connectingTo path: String, timeout: Duration, messageLimit: Int = usualMessage
    ) throws(VarlinkClientError) {
        do throws(SystemError) {
            self.init(
                try UnixSocket.connect(to: path, timeout: timeout), messageLimit: messageLimit)
        } catch {
            switch error.errno {
            case .noEntry, .connectionRefused: throw .notRunning(path: path)
            case .again: throw .notAccepting(path: path)
            default: throw .system(error)
            }
        }
    }

    /// What to poll for reading. It belongs to this client.
    package var descriptor: Int32 { socket.number }

    /// The process at the other end, as the kernel knows it: the one that began to listen, which
    /// is a service manager where that passed the socket on.
    package func peer() throws(SystemError) -> Peer { try socket.peer() }

    /// Hangs up. Calls that are out come to nothing.
    package func close() {
        isClosed = true
        socket.shutDown()
    }

    /// What `receiveAvailable` is content with.
    private static let fewReplies = 64
    private static let fewBytes = 256 * 1024

    // MARK: Blocking

    /// Calls a method (its full name) and waits for the one reply; its parameters.
    ///
    /// `write` writes the members of the call's parameters.
    package func call(
        _ method: String, timeout: Duration? = nil,
        _ write: (inout JSONWriter<LockedBuffer>) -> Void = { _ in }
    ) throws(VarlinkClientError) -> JSONValue {
        try call(method, timeout: timeout, write) { (reader) throws(JSONError) in
            try reader.value()
        }
    }

    /// The same, with the reply's parameters read by `read` in place.
    package func call<R>(
        _ method: String, timeout: Duration? = nil,
        _ write: (inout JSONWriter<LockedBuffer>) -> Void,
        reading read: (inout JSONReader) throws(JSONError) -> R
    ) throws(VarlinkClientError) -> R {
        let deadline = timeout.map { Instant.now + $0 }
        try send(method, .call, deadline: deadline, write)
        let message = try nextMessage(deadline)
        let reply = try parsed(message)
        guard !reply.continues else { throw violation("more replies than one to a call") }
        if let error = reply.error {
            let parameters = try readParameters(of: message, at: reply.parameters) {
                (reader) throws(JSONError) in try reader.value()
            }
            throw .remote(error: error, parameters: parameters)
        }
        return try readParameters(of: message, at: reply.parameters, read)
    }

    /// Calls a method with `more` and hands each reply's parameters to `each`.
    ///
    /// It ends after the reply that does not continue, or hangs up when `each` says false.
    /// - Parameter timeout: for each reply.
    package func more(
        _ method: String, timeout: Duration? = nil,
        _ write: (inout JSONWriter<LockedBuffer>) -> Void = { _ in },
        each: (JSONValue) -> Bool
    ) throws(VarlinkClientError) {
        try send(method, .more, deadline: timeout.map { .now + $0 }, write)
        while true {
            let reply = try nextReply(deadline: timeout.map { .now + $0 })
            if let error = reply.error { throw .remote(error: error, parameters: reply.parameters) }
            if !each(reply.parameters) {
                if reply.continues { close() }
                return
            }
            if !reply.continues { return }
        }
    }

    /// The next reply, waited for until `deadline` (for ever where nil).
    package func nextReply(deadline: Instant?) throws(VarlinkClientError) -> VarlinkReply {
        try reply(in: try nextMessage(deadline))
    }

    // MARK: For event loops

    /// Sends a call and does not wait for a reply. A service that takes nothing is waited for
    /// until `deadline`.
    package func send(
        _ method: String, _ mode: Mode = .call, deadline: Instant? = nil,
        _ write: (inout JSONWriter<LockedBuffer>) -> Void = { _ in }
    ) throws(VarlinkClientError) {
        guard !isClosed else { throw .closed }
        var writer = JSONWriter(into: try takeOutgoing())
        writer.object {
            $0.member("method", method)
            $0.object("parameters", write)
            switch mode {
            case .call: break
            case .more: $0.member("more", true)
            case .oneway: $0.member("oneway", true)
            }
        }
        var message: LockedBuffer
        do throws(JSONWriteError) {
            message = try writer.finish()
        } catch {
            throw .unwritable(error)
        }
        guard message.append(0) else { throw .unwritable(.full) }
        while message.count > 0 {
            let sent = try sendSome(message)
            message.removeFirst(sent)
            if message.count > 0 { try wait(forWriting: true, deadline) }
        }
        outgoing = consume message
    }

    /// The replies that have come in whole; never waits.
    ///
    /// Of a service that does not stop it takes a share, so that whoever polls gets to the rest
    /// of its work; what is left keeps `descriptor` readable.
    ///
    /// - Throws: `.closed` once the service hung up and everything it sent was handed out.
    package func receiveAvailable() throws(VarlinkClientError) -> [VarlinkReply] {
        var replies: [VarlinkReply] = []
        var taken = 0
        while true {
            while let message = takeMessage() {
                replies.append(try reply(in: message))
                taken += message.count
            }
            guard incoming.count <= replyLimit else { throw violation("a reply is too long") }
            guard replies.count < Self.fewReplies, taken < Self.fewBytes else { return replies }
            do throws(VarlinkClientError) {
                guard try receiveSome() else { return replies }
            } catch {
                if case .closed = error, !replies.isEmpty { return replies }
                throw error
            }
        }
    }

    // MARK: Inside

    private func takeOutgoing() throws(VarlinkClientError) -> LockedBuffer {
        if let kept = outgoing.take() { return kept }
        do throws(SecretError) {
            return try LockedBuffer(capacity: messageLimit)
        } catch {
            throw .noLockedMemory
        }
    }

    private func sendSome(_ message: borrowing LockedBuffer) throws(VarlinkClientError) -> Int {
        do throws(SystemError) {
            return try message.withBytes { (bytes) throws(SystemError) in try socket.send(bytes) }
        } catch {
            throw failure(error)
        }
    }

    private func wait(
        forWriting: Bool, _ deadline: Instant?
    ) throws(VarlinkClientError) {
        do throws(SystemError) {
            let left = deadline.map { max(.zero, $0 - .now) }
            if try socket.wait(forWriting: forWriting, timeout: left) { return }
        } catch {
            throw failure(error)
        }
        close()
        throw .timedOut
    }

    private func nextMessage(_ deadline: Instant?) throws(VarlinkClientError) -> [UInt8] {
        while true {
            if let message = takeMessage() { return message }
            guard incoming.count <= replyLimit else { throw violation("a reply is too long") }
            guard try !receiveSome() else { continue }
            try wait(forWriting: false, deadline)
        }
    }

    /// Takes in what is there; whether there was anything.
    private func receiveSome() throws(VarlinkClientError) -> Bool {
        guard !isClosed else { throw .closed }
        let count: Int?
        do throws(SystemError) {
            count = try withUnsafeTemporaryAllocation(byteCount: 16384, alignment: 1) {
                room -> Result<Int?, SystemError> in
                do throws(SystemError) {
                    let count = try socket.receive(into: room)
                    incoming.append(contentsOf: UnsafeRawBufferPointer(room).prefix(count ?? 0))
                    return .success(count)
                } catch {
                    return .failure(error)
                }
            }.get()
        } catch {
            throw failure(error)
        }
        if count == 0 {
            close()
            throw .closed
        }
        return count != nil
    }

    private func takeMessage() -> [UInt8]? {
        guard let end = incoming[scanned...].firstIndex(of: 0) else {
            scanned = incoming.count
            return nil
        }
        let message = Array(incoming[..<end])
        incoming.removeFirst(end + 1)
        scanned = 0
        return message
    }

    private func failure(_ error: SystemError) -> VarlinkClientError {
        close()
        switch error.errno {
        case .brokenPipe, .connectionReset: return .closed
        default: return .system(error)
        }
    }

    private func violation(_ what: String) -> VarlinkClientError {
        close()
        return .protocolViolation(what)
    }

    // MARK: Replies

    private struct Envelope {
        var error: String?
        var continues = false
        var parameters: Range<Int>?
    }

    private var replyLimits: JSONLimits {
        JSONLimits(depth: 32, length: replyLimit, stringLength: replyLimit, keys: 4096)
    }

    private func reply(in message: [UInt8]) throws(VarlinkClientError) -> VarlinkReply {
        let envelope = try parsed(message)
        let parameters = try readParameters(of: message, at: envelope.parameters) {
            (reader) throws(JSONError) in try reader.value()
        }
        return VarlinkReply(
            error: envelope.error, parameters: parameters, continues: envelope.continues)
    }

    private func parsed(_ message: [UInt8]) throws(VarlinkClientError) -> Envelope {
        try read(message, 0..<message.count) { (reader) throws(JSONError) in
            var envelope = Envelope()
            try reader.beginObject()
            while let key = try reader.nextKey() {
                switch key {
                case "error": envelope.error = try reader.string()
                case "continues": envelope.continues = try reader.boolean()
                case "parameters":
                    if try reader.nullIfNext() { continue }
                    envelope.parameters = try reader.skip()
                default: try reader.skip()
                }
            }
            try reader.finish()
            return envelope
        }
    }

    private func readParameters<R>(
        of message: [UInt8], at range: Range<Int>?,
        _ body: (inout JSONReader) throws(JSONError) -> R
    ) throws(VarlinkClientError) -> R {
        guard let range else { return try read(Array("{}".utf8), 0..<2, body) }
        return try read(message, range, body)
    }

    private func read<R>(
        _ message: [UInt8], _ range: Range<Int>,
        _ body: (inout JSONReader) throws(JSONError) -> R
    ) throws(VarlinkClientError) -> R {
        do throws(JSONError) {
            return try JSONReader.over(message[range], limits: replyLimits, body)
        } catch {
            throw violation(error.description)
        }
    }
}
