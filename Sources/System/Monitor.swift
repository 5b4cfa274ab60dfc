import CLinux
import Glibc

/// State behind a lock, with a condition to wait on until a point in monotonic time.
package final class Monitor<State>: @unchecked Sendable {
    // `state` is touched only between lock and unlock of `mutex`, in the two methods below;
    // the mutex and the condition are made for use from any thread and never move.
    private var state: State
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    package init(_ state: sending State) {
        self.state = state
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        pthread_mutex_init(mutex, nil)
        condition = .allocate(capacity: 1)
        condition.initialize(to: pthread_cond_t())
        _ = ts_monotonic_condition(condition)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Runs `body` with the state to itself and wakes those who wait for a change.
    package func withLock<R, E: Error>(_ body: (inout State) throws(E) -> sending R) throws(E)
        -> sending R
    {
        pthread_mutex_lock(mutex)
        // Woken under the lock, they would only go to sleep again on it.
        defer {
            pthread_mutex_unlock(mutex)
            pthread_cond_broadcast(condition)
        }
        return try body(&state)
    }

    /// The same for changes of which only some concern those who wait: `body` says whether this
    /// one does.
    package func change<R>(_ body: (inout State) -> (result: R, wakes: Bool)) -> R {
        pthread_mutex_lock(mutex)
        let (result, wakes) = body(&state)
        pthread_mutex_unlock(mutex)
        if wakes { pthread_cond_broadcast(condition) }
        return result
    }

    /// Waits until `body` gives something, looking again after each change; nil when
    /// `deadline` passed first. A nil deadline waits without end.
    package func wait<R>(until deadline: Instant? = nil, for body: (inout State) -> sending R?)
        -> sending R?
    {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if let result = body(&state) { return result }
            guard let deadline else {
                pthread_cond_wait(condition, mutex)
                continue
            }
            // A time before the clock began is no time to the C library: it would refuse to
            // wait, and this loop would spin.
            let nanoseconds = max(deadline.nanoseconds, 0)
            var until = timespec(
                tv_sec: Int(nanoseconds / 1_000_000_000),
                tv_nsec: Int(nanoseconds % 1_000_000_000))
            if pthread_cond_timedwait(condition, mutex, &until) == ETIMEDOUT {
                return body(&state)
            }
        }
    }
}
