import Glibc
import Synchronization

/// Stands in for Synchronization's, in builds for the thread sanitizer alone: that one is a futex
/// of the standard library's own, in which the sanitizer sees no lock and takes every access for a
/// race. This one is pthread's, which it knows. A room's own type comes before one that is
/// imported.
struct Mutex<Value: ~Copyable>: ~Copyable, @unchecked Sendable {
    // The value is touched only between lock and unlock; neither ever moves.
    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    private let value: UnsafeMutablePointer<Value>

    init(_ initial: consuming sending Value) {
        lock = .allocate(capacity: 1)
        lock.initialize(to: pthread_mutex_t())
        pthread_mutex_init(lock, nil)
        value = .allocate(capacity: 1)
        value.initialize(to: initial)
    }

    deinit {
        value.deinitialize(count: 1)
        value.deallocate()
        pthread_mutex_destroy(lock)
        lock.deallocate()
    }

    borrowing func withLock<Result: ~Copyable, E: Error>(
        _ body: (inout sending Value) throws(E) -> sending Result
    ) throws(E) -> sending Result {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        return try body(&value.pointee)
    }
}
