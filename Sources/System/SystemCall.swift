/// The system calls this house makes, by name, so that a test can make each fail in turn.
package enum SystemCall: String, CaseIterable, Sendable, CustomStringConvertible {
    case open, close, read, write, pread, lseek, fstat, ftruncate, fallocate, fdatasync, fsync
    case flock, rename, unlink, mkdir, chmod, readlink, opendir, access
    case socket, bind, listen, accept, connect, send, recv, getsockopt, setsockopt
    case epoll_create, epoll_ctl, epoll_wait, eventfd, signalfd, poll
    case inotify_init, inotify_add_watch
    case clock_gettime, adjtimex, pthread_create, mlockall, prctl
    case tcgetattr, tcsetattr, posix_spawn, waitpid, kill, memfd_create, pipe

    package var description: String { rawValue }
}

/// Replaces the outcome of system calls in tests.
///
/// The table is task-local: a test that makes `fdatasync` fail does so for the code it runs
/// itself, and for nobody beside it.
package struct SystemFaults: Sendable {
    /// The errno the call is to fail with, or nil to let the kernel answer.
    package let failing: @Sendable (SystemCall) -> Errno?

    package init(failing: @escaping @Sendable (SystemCall) -> Errno?) { self.failing = failing }

    @TaskLocal package static var current: SystemFaults? = nil
}

/// When a call that a signal interrupted is made again. Always said, never hidden.
package enum RetryPolicy: Sendable {
    case onInterrupt
    case never
}

extension SystemCall {
    /// Runs one call and turns -1 into a typed error.
    func attempt<N: FixedWidthInteger & SignedInteger>(
        _ context: @autoclosure () -> String = "", retry: RetryPolicy = .onInterrupt,
        _ body: () -> N
    ) throws(SystemError) -> N {
        while true {
            if let faults = SystemFaults.current, let errno = faults.failing(self) {
                throw SystemError(self, errno, context())
            }
            let result = body()
            if result != -1 { return result }
            let errno = Errno(rawValue: Kernel.lastError)
            if errno == .interrupted, case .onInterrupt = retry { continue }
            throw SystemError(self, errno, context())
        }
    }
}
