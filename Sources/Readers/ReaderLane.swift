import System

/// One reader's own thread: it runs one procedure at a time and sleeps in between.
final class ReaderLane: Sendable {
    typealias Job = @Sendable (any CardLink) -> Void

    private struct State: Sendable {
        var job: Job?
        var isEnding = false
        /// The thread takes no more jobs.
        var isOver = false
    }

    private enum Turn: Sendable {
        case run(Job)
        case end
    }

    /// What every lane's stack is, and how much of it is touched before it is needed.
    private static let stackSize = 256 * 1024
    private static let touched = 160 * 1024

    private let state = Monitor(State())

    /// - Parameters:
    ///   - makeLink: called on the new thread; the link never leaves it.
    ///   - ended: called as the thread's last act.
    func start(
        name: String, makeLink: @escaping @Sendable () -> any CardLink,
        ended: @escaping @Sendable () -> Void
    ) throws(SystemError) {
        try Thread.start(
            name: name, stackSize: Self.stackSize, scheduling: .realTime(priority: 10)
        ) {
            Thread.touchStack(Self.touched)
            self.run(makeLink)
            ended()
        }
    }

    /// Hands over the next job. The caller has made sure that there is none.
    /// - Returns: false when the reader vanished meanwhile and nobody is left to do it.
    func submit(_ job: @escaping Job) -> Bool {
        state.withLock { state in
            if state.isOver { return false }
            state.job = job
            return true
        }
    }

    /// Lets the thread end once the running job is over; one that waits is still run.
    func end() {
        state.withLock { $0.isEnding = true }
    }

    /// The link is gone when this returns, and what it had open with it.
    @inline(never)
    private func run(_ makeLink: @Sendable () -> any CardLink) {
        let link = makeLink()
        while true {
            let turn = state.wait { state -> Turn? in
                if let job = state.job {
                    state.job = nil
                    return .run(job)
                }
                guard state.isEnding else { return nil }
                state.isOver = true
                return .end
            }
            switch turn {
            case .run(let job): job(link)
            case .end, nil: return
            }
        }
    }
}
