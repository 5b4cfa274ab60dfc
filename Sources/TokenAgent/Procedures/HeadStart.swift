import Synchronization

/// Work that another thread may do meanwhile. Who wants its result never waits for that thread,
/// which may be a less urgent one, but does the work where it is not done by then.
final class HeadStart<Value: Sendable>: Sendable {
    private struct State: Sendable {
        var value: Value?
        var isWanted = false
    }

    private let work: @Sendable () -> Value
    private let state = Mutex(State())

    init(_ work: @escaping @Sendable () -> Value) { self.work = work }

    /// On the other thread; does nothing where the result was wanted before.
    func begin() {
        guard state.withLock({ !$0.isWanted }) else { return }
        let value = work()
        state.withLock { state in if !state.isWanted { state.value = value } }
    }

    func result() -> Value {
        let value = state.withLock { state in
            state.isWanted = true
            return state.value
        }
        return value ?? work()
    }
}
