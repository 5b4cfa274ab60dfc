import System

/// Parts of a work that do not depend on each other, done by one thread and by a second where
/// one is to be had.
final class SharedWork: Sendable {
    private struct State {
        var next = 0
        var inHand = 0
    }

    private let count: Int
    private let body: @Sendable (Int) -> Void
    private let state = Monitor(State())

    /// - Parameter body: does the part of that number, from 0; on either thread.
    init(parts count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        self.count = count
        self.body = body
    }

    /// Starts the second thread; for a single part there is none.
    func startHelper(_ name: String) {
        guard count > 1 else { return }
        // Where no thread is to be had, `finish` does it all.
        try? Thread.start(name: name) { [self] in work() }
    }

    /// Does what nobody has begun, and waits for the rest.
    func finish() {
        work()
        wait()
    }

    /// Leaves what nobody has begun.
    func stop() {
        state.withLock { $0.next = count }
        wait()
    }

    private func wait() { _ = state.wait { $0.inHand == 0 ? true : nil } }

    private func work() {
        while let part = claim() {
            body(part)
            state.withLock { $0.inHand -= 1 }
        }
    }

    private func claim() -> Int? {
        state.withLock { state in
            guard state.next < count else { return nil }
            state.inHand += 1
            state.next += 1
            return state.next - 1
        }
    }
}
