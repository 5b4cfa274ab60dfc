import System
import Varlink

/// Waits for the station and for signals at once.
final class Ear {
    enum Event {
        case reply(VarlinkReply)
        case signal(Signal)
        /// The time passed.
        case silence
    }

    private let connection: Connection
    private let signals: SignalSource?
    private let poller: Poller
    private var replies: [VarlinkReply] = []

    init(_ connection: Connection, _ signals: SignalSource?) throws(Failure) {
        self.connection = connection
        self.signals = signals
        do throws(SystemError) {
            poller = try Poller()
            try poller.add(connection.client.descriptor, .reading, token: 0)
            if let signals { try poller.add(signals.descriptor.number, .reading, token: 1) }
        } catch {
            throw .broken(error.description)
        }
    }

    /// The next event, waited for until `timeout` has passed; nil waits without end.
    func next(_ timeout: Duration?) throws(Failure) -> Event {
        if !replies.isEmpty { return .reply(replies.removeFirst()) }
        if let signal = signals?.next() { return .signal(signal) }
        let end = timeout.map { Instant.now + $0 }
        while true {
            do throws(VarlinkClientError) {
                replies = try connection.client.receiveAvailable()
            } catch {
                throw Failure(error, path: connection.path)
            }
            if !replies.isEmpty { return .reply(replies.removeFirst()) }
            let left = end.map { $0 - .now }
            if let left, left <= .zero { return .silence }
            do throws(SystemError) {
                _ = try poller.wait(timeout: left)
            } catch {
                throw .broken(error.description)
            }
            if let signal = signals?.next() { return .signal(signal) }
        }
    }
}
