import System

/// Time as procedures know it: what it is now, and a call at a later point.
package protocol Timekeeper: Sendable {
    var now: Instant { get }
    /// Calls `action` once, at `instant` or as soon after it as can be.
    func ring(at instant: Instant, _ action: @escaping @Sendable () -> Void) -> Alarm
    /// Forgets an alarm. One that rings at this moment may still be heard.
    func clear(_ alarm: Alarm)
}

/// One pending call of a timekeeper.
package struct Alarm: Hashable, Sendable {
    let number: UInt64
    package init(number: UInt64) { self.number = number }
}

/// The clock thread: one for all readers, asleep for as long as nothing is pending.
package final class AlarmClock: Timekeeper {
    private struct Pending: Sendable {
        let at: Instant
        let action: @Sendable () -> Void
    }

    private struct State: Sendable {
        var pending: [UInt64: Pending] = [:]
        var lastNumber: UInt64 = 0
        /// Until when the thread sleeps if nobody wakes it; nil sleeps without end.
        var asleepUntil: Instant?
        var isStopping = false
        var isRunning = false
    }

    private enum Turn: Sendable {
        case ring(@Sendable () -> Void)
        case sleep(until: Instant?)
        case stop
    }

    private let state = Monitor(State())

    package init() {}

    package var now: Instant { .now }

    package func start() throws(SystemError) {
        state.withLock { $0.isRunning = true }
        do throws(SystemError) {
            // Above the readers' own threads: the answer at the deadline must not wait for one.
            try Thread.start(name: "clock", scheduling: .realTime(priority: 11)) { self.run() }
        } catch {
            state.withLock { $0.isRunning = false }
            throw error
        }
    }

    /// Ends the thread; alarms that are still pending never ring.
    /// - Returns: false when the thread had not ended by `deadline`.
    package func stop(by deadline: Instant) -> Bool {
        state.withLock {
            $0.isStopping = true
            $0.pending = [:]
        }
        return state.wait(until: deadline) { $0.isRunning ? nil : true } ?? false
    }

    package func ring(at instant: Instant, _ action: @escaping @Sendable () -> Void) -> Alarm {
        // Each step of a procedure sets one and clears it again; the thread is woken only for
        // one that is due before it would wake up anyway.
        state.change { state in
            state.lastNumber += 1
            let alarm = Alarm(number: state.lastNumber)
            guard !state.isStopping else { return (alarm, false) }
            state.pending[state.lastNumber] = Pending(at: instant, action: action)
            return (alarm, state.asleepUntil.map { instant < $0 } ?? true)
        }
    }

    /// The thread is left asleep: at worst it wakes up once for nothing.
    package func clear(_ alarm: Alarm) {
        _ = state.change { state in
            (state.pending.removeValue(forKey: alarm.number), false)
        }
    }

    private func run() {
        var horizon: Instant? = nil
        while true {
            let asleepUntil = horizon
            let turn = state.wait(until: asleepUntil) { state in
                Self.turn(&state, asleepUntil: asleepUntil)
            }
            switch turn {
            case .ring(let action): action()
            case .sleep(let instant): horizon = instant
            case .stop:
                state.withLock { $0.isRunning = false }
                return
            case nil: continue
            }
        }
    }

    /// nil: nothing to do but sleep on.
    private static func turn(_ state: inout State, asleepUntil: Instant?) -> Turn? {
        if state.isStopping { return .stop }
        let first = state.pending.min { $0.value.at < $1.value.at }
        if let first, first.value.at <= .now {
            state.pending[first.key] = nil
            return .ring(first.value.action)
        }
        state.asleepUntil = first?.value.at
        return state.asleepUntil == asleepUntil ? nil : .sleep(until: state.asleepUntil)
    }
}
