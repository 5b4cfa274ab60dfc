import System

/// A thread of its own for work that waits for the disk, one piece after the other, so that
/// neither the socket nor the clock ever does.
final class Clerk: Sendable {
    private struct State {
        var work: [@Sendable () -> Void] = []
        var isClosed = false
        var isDone = false
    }

    private let state = Monitor(State())

    func start() throws(SystemError) {
        try Thread.start(name: "clerk", stackSize: 512 * 1024) { [state] in
            while true {
                let next = state.wait { state -> (@Sendable () -> Void)?? in
                    if !state.work.isEmpty { return .some(state.work.removeFirst()) }
                    return state.isClosed ? .some(nil) : nil
                }
                guard let piece = next ?? nil else { break }
                piece()
            }
            state.withLock { $0.isDone = true }
        }
    }

    /// Queues one piece of work; false once the clerk takes no more.
    @discardableResult
    func submit(_ piece: @escaping @Sendable () -> Void) -> Bool {
        state.withLock { state in
            guard !state.isClosed else { return false }
            state.work.append(piece)
            return true
        }
    }

    /// Takes no more work and waits until what is queued is done, at most until `deadline`.
    func close(by deadline: Instant) {
        state.withLock { $0.isClosed = true }
        _ = state.wait(until: deadline) { $0.isDone ? true : nil }
    }
}
