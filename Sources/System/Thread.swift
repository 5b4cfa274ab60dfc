/// Threads of our own: a reader each, a clock, a hotplug watcher.
package enum Thread {
    package enum Scheduling: Sendable {
        case ordinary
        /// SCHED_FIFO where the process may; ordinary where it may not.
        case realTime(priority: Int32)
        /// When nobody else wants the processor (nice 19).
        case background
    }

    /// Whether this process may run threads under SCHED_FIFO (CAP_SYS_NICE or RLIMIT_RTPRIO).
    package static var mayRunInRealTime: Bool { Kernel.mayBecomeRealTime }

    /// Starts a detached thread with a stack of `stackSize` bytes.
    /// - Parameter name: at most 15 bytes are shown by ps and gdb.
    package static func start(
        name: String, stackSize: Int = 256 * 1024, scheduling: Scheduling = .ordinary,
        _ body: @escaping @Sendable () -> Void
    ) throws(SystemError) {
        if let faults = SystemFaults.current, let errno = faults.failing(.pthread_create) {
            throw SystemError(.pthread_create, errno, name)
        }
        let start = ThreadStart(name: name, scheduling: scheduling, body: body)
        let argument = Unmanaged.passRetained(start)
        let result = Kernel.startThread(stackSize: stackSize, argument.toOpaque())
        guard result == 0 else {
            argument.release()
            throw SystemError(.pthread_create, Errno(rawValue: result), name)
        }
    }

    /// Lets this thread rest for a while.
    package static func pause(_ duration: Duration) { Kernel.pause(duration.wholeMilliseconds) }

    /// Makes sure of `count` bytes of this thread's stack now rather than at a bad moment.
    package static func touchStack(_ count: Int) { Kernel.touchStack(count) }
}

private final class ThreadStart: Sendable {
    let name: String
    let scheduling: Thread.Scheduling
    let body: @Sendable () -> Void

    init(name: String, scheduling: Thread.Scheduling, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.scheduling = scheduling
        self.body = body
    }
}

func threadEntry(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    let start = Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue()
    Kernel.nameThisThread(String(start.name.prefix(15)))
    switch start.scheduling {
    case .ordinary: break
    // Without the right to it the procedure runs all the same, only later than it might.
    case .realTime(let priority): _ = Kernel.becomeRealTime(priority: priority)
    case .background: Kernel.giveWay()
    }
    start.body()
    return nil
}
