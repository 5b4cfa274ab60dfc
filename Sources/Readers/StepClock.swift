import APDU
import Synchronization
import System

/// One step of a procedure and the time it may take and took.
package struct Step: Equatable, Sendable {
    package let name: String
    package let budget: Duration
    /// Declared as writing in the card: late means "still working", not abandoned.
    package let writes: Bool
    package let began: Instant
    /// From its beginning, the longest time it may take if it writes.
    package let hardCap: Duration
    /// nil while the step runs.
    package fileprivate(set) var took: Duration?
    package fileprivate(set) var isOverdue = false
    /// Commands that were to write in the card and were admitted, and entries at a pad: whatever
    /// carries a code is among them.
    package fileprivate(set) var sent = 0

    package var deadline: Instant { began + budget }
}

/// What a missed deadline means for the run.
package enum Lateness: Equatable, Sendable {
    /// The run is given up: the caller can be answered now, and no command is sent any more.
    case abandoned
    /// The card may be writing: it stays powered and held until the hard cap. Do not pull.
    case stillWriting
}

/// The time of one procedure: a budget for every step, and what happens when it is over.
///
/// The procedure opens and ends steps on its reader's thread; the clock thread watches. Both
/// meet under one lock, and from that follow the two promises: a command is admitted only
/// while the run is not abandoned, and a run is abandoned only while no writing command is
/// admitted. So nothing is sent after the caller was told that the run is over, and no write
/// is cut off before the hard cap.
package final class StepClock: Sendable {
    private struct State {
        var steps: [Step] = []
        var hasOpenStep = false
        /// Changes with each step, so that a late alarm finds out that its step is gone.
        var serial: UInt64 = 0
        var alarm: Alarm?
        var isWriting = false
        var isAbandoned = false
        var isCancelled = false
        var isPastReturn = false
        var notice: (@Sendable (Step) -> Void)?
    }

    /// How long a command is given when the procedure opened no step for it.
    private static let unnamedBudget: Duration = .seconds(5)

    /// What the clock thread is given to answer the caller before the call is broken off.
    private static let courtesy: Duration = .milliseconds(20)

    package let timekeeper: any Timekeeper
    package let hardCap: Duration
    private let onOverdue: @Sendable (Step, Lateness) -> Void
    private let onHardCap: @Sendable (Step) -> Void
    private let state = Mutex(State())

    /// - Parameters:
    ///   - hardCap: from a step's beginning, the longest time a writing step may take.
    ///   - onOverdue: called once, on the clock thread, for each step whose budget is over.
    ///   - onHardCap: called once, on the clock thread, when a writing step reached the cap;
    ///     the run is abandoned then, and what the card did is unknown.
    package init(
        timekeeper: any Timekeeper, hardCap: Duration = .seconds(60),
        onOverdue: @escaping @Sendable (Step, Lateness) -> Void = { _, _ in },
        onHardCap: @escaping @Sendable (Step) -> Void = { _ in }
    ) {
        self.timekeeper = timekeeper
        self.hardCap = hardCap
        self.onOverdue = onOverdue
        self.onHardCap = onHardCap
    }

    // MARK: For the procedure

    /// Opens a step; one that is still open ends here.
    /// - Parameter typing: how long of it somebody types at the reader's pad before anything is
    ///   sent to the card: that much is added to its budget and to the hard cap.
    /// - Parameter cap: the hard cap of this step, where it is another than the run's.
    package func begin(
        _ name: String, budget: Duration, writes: Bool = false, typing: Duration = .zero,
        cap: Duration? = nil
    ) {
        state.withLock { open(name, budget, writes, typing, cap ?? hardCap, &$0) }
    }

    /// Ends the open step, if there is one.
    package func end() {
        state.withLock { close(&$0) }
    }

    /// From here on the procedure is carried to its end, though nobody may wait for it any
    /// more: neither a deadline nor `cancel` stops it, only the hard cap.
    ///
    /// - Throws: `.deadline` or `.cancelled` when the run was given up before.
    package func passPointOfNoReturn() throws(CardFault) {
        let refusal = state.withLock { state -> CardFault? in
            if let refusal = Self.refusal(state) { return refusal }
            state.isPastReturn = true
            return nil
        }
        if let refusal { throw refusal }
    }

    /// Every step so far, with the open one.
    package var steps: [Step] { state.withLock { $0.steps } }

    /// Commands that were to write in the card and were admitted in the open step.
    package var sent: Int {
        state.withLock { $0.hasOpenStep ? $0.steps.last?.sent ?? 0 : 0 }
    }

    /// Nobody waits for this run any more, and it may send nothing.
    package var isAbandoned: Bool { state.withLock { $0.isAbandoned } }
    package var isCancelled: Bool { state.withLock { $0.isCancelled } }

    // MARK: For whoever waits

    /// Stops the run before its next command.
    /// - Returns: false past the point of no return, where the run goes on.
    @discardableResult
    package func cancel() -> Bool {
        state.withLock { state in
            if state.isPastReturn { return false }
            state.isCancelled = true
            return true
        }
    }

    // MARK: For the session

    /// Asks whether one command may be sent, and holds the run open for it if so.
    func admit(writes: Bool) throws(CardFault) -> CallLimit {
        let answer = state.withLock { state -> Result<CallLimit, CardFault> in
            if let refusal = Self.refusal(state) { return .failure(refusal) }
            if !state.hasOpenStep {
                open("command", Self.unnamedBudget, writes, .zero, hardCap, &state)
            }
            state.isWriting = writes
            if writes { state.steps[state.steps.count - 1].sent += 1 }
            return .success(limit(of: state.steps.last, writes || state.isPastReturn))
        }
        return try answer.get()
    }

    private func limit(of step: Step?, _ writes: Bool) -> CallLimit {
        guard let step else {
            let now = timekeeper.now
            return CallLimit(orderly: now, last: now)
        }
        let last = step.began + step.hardCap
        let mayWrite = writes || step.writes || step.isOverdue
        return CallLimit(
            orderly: mayWrite ? last : step.deadline + Self.courtesy, last: last,
            mayWrite: mayWrite)
    }

    /// The admitted command is answered, or never will be.
    func settle() {
        state.withLock { $0.isWriting = false }
    }

    /// Calls `notice` when the run is abandoned, before the caller hears of it.
    func noticeAbandonment(_ notice: (@Sendable (Step) -> Void)?) {
        state.withLock { $0.notice = notice }
    }

    // MARK: Under the lock

    private static func refusal(_ state: State) -> CardFault? {
        if state.isAbandoned { return .deadline }
        if state.isCancelled && !state.isPastReturn { return .cancelled }
        return nil
    }

    private func open(
        _ name: String, _ budget: Duration, _ writes: Bool, _ typing: Duration,
        _ cap: Duration, _ state: inout State
    ) {
        close(&state)
        let step = Step(
            name: name, budget: budget + typing, writes: writes, began: timekeeper.now,
            hardCap: cap + typing)
        state.steps.append(step)
        state.hasOpenStep = true
        state.serial += 1
        guard !state.isAbandoned else { return }
        let serial = state.serial
        state.alarm = timekeeper.ring(at: step.deadline) { [weak self] in self?.overdue(serial) }
    }

    private func close(_ state: inout State) {
        if let alarm = state.alarm { timekeeper.clear(alarm) }
        state.alarm = nil
        guard state.hasOpenStep, var step = state.steps.popLast() else { return }
        step.took = timekeeper.now - step.began
        state.steps.append(step)
        state.hasOpenStep = false
    }

    // MARK: On the clock thread

    private func overdue(_ serial: UInt64) {
        let late = state.withLock { state -> (Step, Lateness, (@Sendable (Step) -> Void)?)? in
            guard state.hasOpenStep, state.serial == serial, var step = state.steps.popLast() else {
                return nil
            }
            step.isOverdue = true
            state.steps.append(step)
            guard step.writes || state.isWriting || state.isPastReturn else {
                state.isAbandoned = true
                state.alarm = nil
                return (step, .abandoned, state.notice)
            }
            state.alarm = timekeeper.ring(at: step.began + step.hardCap) { [weak self] in
                self?.capped(serial)
            }
            return (step, .stillWriting, nil)
        }
        guard let (step, lateness, notice) = late else { return }
        notice?(step)
        onOverdue(step, lateness)
    }

    private func capped(_ serial: UInt64) {
        let late = state.withLock { state -> (Step, (@Sendable (Step) -> Void)?)? in
            guard state.hasOpenStep, state.serial == serial, let step = state.steps.last else {
                return nil
            }
            state.isAbandoned = true
            state.alarm = nil
            return (step, state.notice)
        }
        guard let (step, notice) = late else { return }
        notice?(step)
        onHardCap(step)
    }
}
