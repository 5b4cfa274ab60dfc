import JSON
import System

/// One call of one client, to be answered once, from any thread.
///
/// The first final answer counts; later ones are ignored. A call that is dropped unanswered
/// answers with an error by itself, so that no client waits for ever.
package final class VarlinkCall: Sendable {
    /// The method's name without its interface.
    package let method: String
    /// The full name of the interface.
    package let interface: String
    /// Whether the client takes more than one reply.
    package let wantsMore: Bool
    /// Whether the client wants no reply; answers are then accepted and sent to nobody.
    package let isOneway: Bool
    /// What the service's owner made of the caller when the call came in.
    package let grant: (any Sendable)?
    private let connection: Connection
    private let serial: UInt64
    private let fallback: VarlinkFailure

    init(
        _ request: Request, connection: Connection, serial: UInt64,
        grant: (any Sendable)? = nil, fallback: VarlinkFailure
    ) {
        self.method = request.method
        self.interface = request.interface
        self.wantsMore = request.wantsMore
        self.isOneway = request.isOneway
        self.grant = grant
        self.connection = connection
        self.serial = serial
        self.fallback = fallback
    }

    deinit { fail(fallback) }

    /// Who calls, as the kernel said when the connection was made.
    package var peer: Peer { connection.peer }

    /// The connection's own number, never given twice.
    package var connectionNumber: UInt64 { connection.token }

    /// Interface and method.
    package var fullMethod: String { interface + "." + method }

    /// Whether the call still waits for its final answer and its client is there.
    package var isPending: Bool { connection.isPending(serial) }

    /// Answers finally; `write` writes the members of the reply's parameters.
    ///
    /// - Returns: false where the call was answered before or the client is gone.
    @discardableResult
    package func reply(_ write: (inout JSONWriter<JSONBytes>) -> Void = { _ in }) -> Bool {
        guard let message = rendered({ Self.reply(&$0, continues: false, write) }) else {
            fail(fallback)
            return false
        }
        return connection.answer(serial, with: isOneway ? [] : message, isFinal: true)
    }

    /// Answers with more to come; only for a client that `wantsMore`.
    ///
    /// - Returns: false where that is not so, the call was finally answered, or the client is
    ///   gone or does not read.
    @discardableResult
    package func replyContinuing(_ write: (inout JSONWriter<JSONBytes>) -> Void) -> Bool {
        guard wantsMore,
            let message = rendered({ Self.reply(&$0, continues: true, write) })
        else { return false }
        return connection.answer(serial, with: message, isFinal: false)
    }

    /// Answers finally with an error.
    ///
    /// - Returns: false where the call was answered before or the client is gone.
    @discardableResult
    package func fail(_ failure: VarlinkFailure) -> Bool {
        let message = rendered {
            $0.object {
                $0.member("error", failure.error)
                $0.member("parameters", failure.parameters)
            }
        }
        return connection.answer(serial, with: isOneway ? [] : message ?? [], isFinal: true)
    }

    /// Has `body` called once if the client goes away before the final answer: at once, on
    /// the service's thread, or here and now where it has gone already.
    package func onHangUp(_ body: @escaping @Sendable () -> Void) {
        connection.onHangUp(serial, body)
    }

    private static func reply(
        _ writer: inout JSONWriter<JSONBytes>, continues: Bool,
        _ write: (inout JSONWriter<JSONBytes>) -> Void
    ) {
        writer.object {
            $0.object("parameters", write)
            if continues { $0.member("continues", true) }
        }
    }

    /// A message with its NUL; nil where it could not be written or is too long.
    private func rendered(_ write: (inout JSONWriter<JSONBytes>) -> Void) -> [UInt8]? {
        var writer = JSONWriter(into: JSONBytes(limit: connection.backlogLimit - 1))
        write(&writer)
        guard let sink = try? writer.finish() else { return nil }
        return sink.bytes + [0]
    }
}
