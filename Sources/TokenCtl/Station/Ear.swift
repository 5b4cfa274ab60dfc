import System
import Varlink

/// Waits for the station and for signals at once.
final class Ear {
    enum Event {
        case reply(VarlinkReply)
        case signal(Signal)
        /// The time passed.
        case silence
        /// Nobody reads what is shown any more.
        case unheard
    }

    private let connection: Connection
    private let signals: SignalSource?
    private let poller: Poller
    private var replies: [VarlinkReply] = []

    /// - Parameter output: where what comes is shown; its end is an event.
    init(
        _ connection: Connection, _ signals: SignalSource?, output: Int32? = nil
    ) throws(Failure) {
        self.connection = connection
        self.signals = signals
        do throws(SystemError) {
            poller = try Poller()
            try poller.add(connection.client.descriptor, .reading, token: 0)
            if let signals { try poller.add(signals.descriptor.number, .reading, token: 1) }
            // A file has no other end, and cannot be waited for.
            if let output { try? poller.add(output, .hangUp, token: 2) }
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
                let events = try poller.wait(timeout: left)
                if events.contains(where: { $0.token == 2 && $0.isHungUp }) { return .unheard }
            } catch {
                throw .broken(error.description)
            }
            if let signal = signals?.next() { return .signal(signal) }
        }
    }
}
