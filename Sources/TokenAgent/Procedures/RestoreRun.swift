import Casework
import Crypto
import Readers
import StationInterface
import Synchronization
import System
import Tokens
import Varlink

/// What a permit binds a restore to.
struct Permit: Sendable {
    let restore: RestoreID
    let caseID: CaseID
    let reader: String
    let insertion: UInt64
    let deviceNumber: String
    let reading: Reading
    /// How it is unblocked.
    let way: UnblockingWay
    let expires: Instant
    let expiresAt: Timestamp
}

extension Permit {
    var form: UnblockingForm { way.form }
}

/// One restore, from its permit to its outcome. It belongs to the station: connections come
/// and go.
final class RestoreRun: Sendable {
    enum Phase: Equatable, Sendable { case permitted, running, finished }

    private struct State {
        var phase = Phase.permitted
        var who: Who
        /// The second officer, where one has approved.
        var approvedBy: String? = nil
        var result: Station.Result
        /// How the final answer went: a result, or an error that holds it.
        var ending: StationError? = nil
        var clock: StepClock? = nil
        /// Rings when the permit expires.
        var expiry: Alarm? = nil
        var responses: ResponseDesk? = nil
        var followers: [VarlinkCall] = []
        var room: OutcomeRoom? = nil
        var isEnding = false
    }

    let permit: Permit
    private let state: Mutex<State>

    init(_ permit: Permit, who: Who) {
        self.permit = permit
        var result = Station.Result(
            restore: permit.restore, caseNumber: permit.caseID.text, reader: permit.reader,
            deviceNumber: permit.deviceNumber)
        result.pinLeft = permit.reading.counters.pin.known
        result.unblockingLeft = permit.reading.counters.unblocking.known
        result.message = "The permit is given; no code has been sent."
        result.next = "Ask for the unblocking code and the new PIN."
        state = Mutex(State(who: who, result: result))
    }

    /// In whose name the next lines of it are: of whoever began it, had the code sent, or
    /// cancelled it.
    var who: Who { state.withLock { $0.who } }
    func act(as who: Who) { state.withLock { $0.who = who } }

    var approvedBy: String? { state.withLock { $0.approvedBy } }
    func approve(by officer: String) { state.withLock { $0.approvedBy = officer } }

    /// Room in the journal for the outcome, once an intent is written. Taken by whoever ends
    /// the restore: the reader's thread, or the clerk after the hard cap.
    final class OutcomeRoom: Sendable {
        private let open: Mutex<OpenRestore?>
        init(_ open: consuming OpenRestore) { self.open = Mutex(open) }
        func take() -> OpenRestore? {
            open.withLock { held in
                var taken: OpenRestore? = nil
                swap(&taken, &held)
                return taken
            }
        }
    }

    var phase: Phase { state.withLock { $0.phase } }
    var result: Station.Result { state.withLock { $0.result } }

    /// Uses the permit up. From here on nobody else can.
    /// - Throws: why it cannot be used.
    func start(
        _ clock: StepClock, _ responses: ResponseDesk? = nil, follower: VarlinkCall?
    ) throws(StationError) {
        let problem = state.withLock { state -> StationError? in
            // Somebody is ending it, though the end is not on record yet.
            if state.isEnding {
                return .permitInvalid(
                    permit.restore, .used, "The permit of restore \(permit.restore) is no more.",
                    next: "Begin again.")
            }
            switch state.phase {
            case .running:
                return .permitInvalid(
                    permit.restore, .running, "Restore \(permit.restore) is running.",
                    next: "Attach to it.")
            case .finished:
                return .permitInvalid(
                    permit.restore, .used, "The permit of restore \(permit.restore) was used.",
                    next: "Begin again.")
            case .permitted: break
            }
            state.phase = .running
            if let follower { state.who = follower.caller.who }
            state.clock = clock
            state.responses = responses
            state.result.state = .running
            state.result.step = "connect"
            state.result.message = Words.running.message
            state.result.next = Words.running.next
            if let follower { state.followers.append(follower) }
            return nil
        }
        if let problem { throw problem }
    }

    func keep(_ expiry: Alarm) { state.withLock { $0.expiry = expiry } }

    /// The alarm of a permit that needs none any more; once. Until it is cleared or rings, it
    /// holds the run and all that was read of its token.
    func takeExpiry() -> Alarm? {
        state.withLock { state in
            defer { state.expiry = nil }
            return state.expiry
        }
    }

    func keep(_ room: OutcomeRoom) { state.withLock { $0.room = room } }
    var room: OutcomeRoom? { state.withLock { $0.room } }

    /// Tells followers about the step that runs, or is overdue.
    func progress(_ body: (inout Station.Result) -> Void) {
        let (result, followers) = state.withLock { state in
            guard state.phase == .running else { return (state.result, [VarlinkCall]()) }
            body(&state.result)
            state.result.steps = Station.Step.list(state.clock?.steps ?? [])
            return (state.result, state.followers)
        }
        for call in followers where call.wantsMore {
            call.replyContinuing { Station.RestoreState(result).write(into: &$0) }
        }
    }

    /// Claims the ending: true for the first who comes, and nobody after that.
    func claimEnding() -> Bool {
        state.withLock { state in
            if state.isEnding || state.phase == .finished { return false }
            state.isEnding = true
            return true
        }
    }

    /// Puts the ending down and answers everybody who follows.
    func end(_ result: Station.Result, _ error: StationError?) {
        let followers = state.withLock { state in
            state.phase = .finished
            state.result = result
            state.result.state = .finished
            state.ending = error
            state.clock = nil
            state.responses = nil
            let followers = state.followers
            state.followers = []
            return followers
        }
        for call in followers { answerFinally(call) }
    }

    /// Answers and lets go of those calls that a deadline ends; others follow on.
    func releaseOverdue(_ calls: (VarlinkCall) -> Bool) {
        let (result, released) = state.withLock { state in
            let released = state.followers.filter(calls)
            state.followers.removeAll(where: calls)
            return (state.result, released)
        }
        for call in released { call.fail(with: .ended(.stillWorking, result)) }
    }

    /// What a late answer told about an outcome that was on record as unknown.
    func amend(_ outcome: Station.Result.Outcome, _ words: Words.Pair) {
        amend(outcome, "late-answer", words) { _ in }
    }

    /// What the token's counters told about it when it was seen again.
    func amend(_ end: RestoreEnd) {
        let isUnblocked = end.outcome == .unblockedUnproven
        amend(
            isUnblocked ? .unblockedUnproven : .failed, end.reasons.first,
            isUnblocked ? Words.seenUnblocked : Words.seenNotUnblocked
        ) { result in
            result.unblockingSpent = Station.Spent(end.triesSpent)
            if let counters = end.counters {
                if case .left(let left) = counters.pin { result.pinLeft = left }
                if case .left(let left) = counters.unblocking { result.unblockingLeft = left }
            }
        }
    }

    private func amend(
        _ outcome: Station.Result.Outcome, _ reason: String?, _ words: Words.Pair,
        _ change: (inout Station.Result) -> Void
    ) {
        state.withLock { state in
            guard state.result.outcome == .unknown else { return }
            state.result.outcome = outcome
            state.result.reason = reason
            state.result.message = words.message
            state.result.next = words.next
            change(&state.result)
            state.ending = outcome == .failed ? .ended(.failed, state.result) : nil
        }
    }

    /// Follows the restore: answers at once when it is over or only one answer is wanted.
    func attach(_ call: VarlinkCall) {
        let isOver = state.withLock { state -> Bool in
            if state.phase == .finished || !call.wantsMore { return true }
            state.followers.append(call)
            return false
        }
        if isOver { return answerFinally(call) }
        call.onHangUp { [self] in
            state.withLock { $0.followers.removeAll { $0 === call } }
        }
        let result = self.result
        call.replyContinuing { Station.RestoreState(result).write(into: &$0) }
    }

    private func answerFinally(_ call: VarlinkCall) {
        let (result, error) = state.withLock { ($0.result, $0.ending) }
        if let error { return call.fail(with: error) }
        call.reply(with: Station.RestoreState(result))
    }

    /// Where a challenge of this restore waits for its response.
    var responses: ResponseDesk? { state.withLock { $0.responses } }

    func follow(_ call: VarlinkCall) {
        let isOver = state.withLock { state -> Bool in
            if state.phase == .finished { return true }
            state.followers.append(call)
            return false
        }
        if isOver { return answerFinally(call) }
        call.onHangUp { [self] in state.withLock { $0.clock }?.cancel() }
    }

    func unfollow(_ call: VarlinkCall) {
        state.withLock { $0.followers.removeAll { $0 === call } }
    }

    /// Stops the restore as far as that is still possible.
    func cancel() -> Phase {
        let (phase, clock) = state.withLock { ($0.phase, $0.clock) }
        clock?.cancel()
        return phase
    }

    var steps: [Readers.Step] { state.withLock { $0.clock?.steps ?? [] } }
}

/// All restores of this run of the station. Ended ones are kept for a while, so that a
/// connection that was lost can still learn how they went.
final class RestoreDesk: Sendable {
    private static let mostEnded = 256

    private struct State {
        var runs: [RestoreID: RestoreRun] = [:]
        var order: [RestoreID] = []
    }

    private let state = Mutex(State())

    /// A name nobody can guess and nothing else ever had.
    static func newID() throws(CryptoError) -> RestoreID {
        "r-" + Hex.lower(try SecureRandom.bytes(8))
    }

    func add(_ run: RestoreRun) {
        state.withLock { state in
            state.runs[run.permit.restore] = run
            state.order.append(run.permit.restore)
            while state.order.count > Self.mostEnded,
                let oldest = state.order.first(where: { state.runs[$0]?.phase == .finished })
            {
                state.runs[oldest] = nil
                state.order.removeAll { $0 == oldest }
            }
        }
    }

    func run(_ restore: RestoreID) -> RestoreRun? { state.withLock { $0.runs[restore] } }
    var all: [RestoreRun] { state.withLock { state in state.order.compactMap { state.runs[$0] } } }

    /// The permits of a case that nobody has used.
    func permitted(of id: CaseID) -> [RestoreRun] {
        all.filter { $0.permit.caseID == id && $0.phase == .permitted }
    }

    var running: [RestoreRun] { all.filter { $0.phase == .running } }
}
