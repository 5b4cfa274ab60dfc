import System

/// The one place where the shell waits, shared by whoever has something to wait for.
final class EventLoop {
    private let poller: Poller
    private var last: UInt64 = 0
    private var lastRest: Instant?

    init() throws(SystemError) { poller = try Poller() }

    /// Waits for `descriptor` to be readable; the token its events come under.
    func add(_ descriptor: Int32) throws(SystemError) -> UInt64 {
        last += 1
        try poller.add(descriptor, .reading, token: last)
        return last
    }

    func remove(_ descriptor: Int32) { poller.remove(descriptor) }

    /// The tokens of what is readable; empty when `timeout` passed. Nil waits without end.
    ///
    /// A wait without end may be one for hours, with no more in it than the watchdog: little memory
    /// is kept over it. Somebody who types waits between two keys, too, so at most once a minute.
    func wait(_ timeout: Duration?) throws(SystemError) -> [UInt64] {
        let isRest = timeout.map { $0 >= .seconds(10) } ?? true
        if isRest, lastRest.map({ $0 + .seconds(60) < .now }) ?? true {
            Process.letGoOfProgram()
            lastRest = .now
        }
        return try poller.wait(timeout: timeout).map(\.token)
    }
}
