import Synchronization
import System

/// What is known of all readers, behind a lock that is never held while waiting for one.
final class ReaderTable: Sendable {
    private struct Entry {
        let name: String
        let path: ReaderPath
        let lane: ReaderLane
        var card: ReaderState
        /// How the watcher of this path tells one card from the next.
        var mark: UInt64 = 0
        var insertion: UInt64 = 0
        var activity: String?
        /// The claim that runs; a note from an older one is no news.
        var claim: UInt64?
        /// Its work is done: what is left of it is the power-down.
        var isClosing = false
        /// Who takes the reader when it is free again.
        var waiting: Waiting?
        var stuck: (since: Instant, what: String)?

        /// Its claim is over.
        mutating func end() {
            activity = nil
            claim = nil
            isClosing = false
            stuck = nil
        }

        var snapshot: ReaderSnapshot {
            ReaderSnapshot(
                name: name, path: path,
                state: stuck.map { .stuck(since: $0.since, what: $0.what) } ?? card,
                insertion: insertion, activity: activity)
        }
    }

    /// A procedure behind one that is only powering its card down.
    private struct Waiting {
        let number: UInt64
        let activity: String
        let refused: @Sendable (ReaderError) -> Void
    }

    private struct State {
        var entries: [Entry] = []
        var generation: UInt64 = 0
        var lastInsertion: UInt64 = 0
        var lastClaim: UInt64 = 0
        var list = ReaderList(generation: 0, readers: [])
        var observers: [UInt64: @Sendable (ReaderList) -> Void] = [:]
        var lastObserver: UInt64 = 0
    }

    /// A reader taken for one procedure.
    struct Claim: Sendable {
        let number: UInt64
        let lane: ReaderLane
        let mark: UInt64
        let insertion: UInt64
        let wasMute: Bool
    }

    /// A procedure's place at a reader.
    enum Turn: Sendable {
        case now(Claim)
        /// When the lane's running job is over; see `claim(waited:_:_:insertion:)`.
        case next(ReaderLane, UInt64)

        var lane: ReaderLane {
            switch self {
            case .now(let claim): claim.lane
            case .next(let lane, _): lane
            }
        }
    }

    private let state = Mutex(State())
    /// Threads of lanes that have not ended.
    private let lanes = Monitor(0)

    // MARK: Reading

    var list: ReaderList { state.withLock { $0.list } }

    func observe(_ body: @escaping @Sendable (ReaderList) -> Void) -> UInt64 {
        let (number, list) = state.withLock { state in
            state.lastObserver += 1
            state.observers[state.lastObserver] = body
            return (state.lastObserver, state.list)
        }
        body(list)
        return number
    }

    func endObservation(_ number: UInt64) {
        state.withLock { _ = $0.observers.removeValue(forKey: number) }
    }

    // MARK: For the watchers

    /// A reader is there; its thread starts. An older one of the same name goes.
    /// - Parameter mark: what the first report of this reader comes under.
    func appear(
        _ name: String, _ path: ReaderPath, mark: UInt64 = 0,
        makeLink: @escaping @Sendable () -> any CardLink
    ) throws(SystemError) {
        vanish(name)
        let lane = ReaderLane()
        // Before the thread runs: what it finds out is written here.
        change { state in
            var entry = Entry(name: name, path: path, lane: lane, card: .empty)
            entry.mark = mark
            state.entries.append(entry)
            state.entries.sort { $0.name < $1.name }
        }
        lanes.withLock { $0 += 1 }
        do throws(SystemError) {
            try lane.start(name: path == .virtual ? "virtual-reader" : "reader", makeLink: makeLink)
            {
                self.lanes.withLock { $0 -= 1 }
            }
        } catch {
            lanes.withLock { $0 -= 1 }
            vanish(name)
            throw error
        }
    }

    /// The reader is gone, and the card with it; its thread ends with the running procedure.
    func vanish(_ name: String) {
        var left: [Waiting] = []
        change { state in
            state.entries.removeAll { entry in
                guard entry.name == name else { return false }
                entry.lane.end()
                if let waiting = entry.waiting { left.append(waiting) }
                return true
            }
        }
        for waiting in left { waiting.refused(.noSuchReader(name)) }
    }

    func names(of path: ReaderPath) -> [String] {
        state.withLock { $0.entries.filter { $0.path == path }.map(\.name) }
    }

    /// Sets what stands in a reader. Another `mark` is another card.
    /// - Parameter onlyMarked: heeds it only for the reader that appeared under this mark: one
    ///   that comes after it may have its name.
    func set(_ name: String, _ card: ReaderState, mark: UInt64, onlyMarked: Bool = false) {
        change { state in
            guard let index = state.entries.firstIndex(where: { $0.name == name }) else { return }
            if onlyMarked, state.entries[index].mark != mark { return }
            Self.set(card, mark, at: index, &state)
        }
    }

    private static func set(
        _ card: ReaderState, _ mark: UInt64, at index: Int, _ state: inout State
    ) {
        let isCard =
            switch card {
            case .present, .mute, .busy: true
            case .empty, .stuck, .unavailable: false
            }
        if isCard, state.entries[index].mark != mark || state.entries[index].insertion == 0 {
            state.lastInsertion += 1
            state.entries[index].insertion = state.lastInsertion
        }
        state.entries[index].mark = mark
        state.entries[index].card = card
    }

    /// Whether a reader of pcscd is shown as held by somebody else.
    var hasBusyReader: Bool {
        state.withLock { state in
            state.entries.contains { entry in
                guard entry.path == .pcsc, case .busy = entry.card else { return false }
                return true
            }
        }
    }

    /// Whether one of our own procedures runs on the reader.
    func isAtWork(_ name: String) -> Bool {
        state.withLock { $0.entries.first { $0.name == name }?.activity != nil }
    }

    // MARK: For procedures

    /// Takes the reader, or the place behind a procedure that has done its work: whoever was
    /// answered may go on at once, and need not know how long a power-down takes.
    /// - Parameter refused: called at most once, and then the place is lost: the reader is
    ///   stuck or gone, or `endWait` was called. It must return soon.
    func turn(
        _ name: String, _ activity: String, insertion: UInt64?,
        refused: @escaping @Sendable (ReaderError) -> Void
    ) throws(ReaderError) -> Turn {
        var outcome: Result<Turn, ReaderError> = .failure(.noSuchReader(name))
        change { state in
            guard let index = state.entries.firstIndex(where: { $0.name == name }) else { return }
            let entry = state.entries[index]
            if entry.isClosing, entry.stuck == nil, entry.waiting == nil {
                state.lastClaim += 1
                state.entries[index].waiting = Waiting(
                    number: state.lastClaim, activity: activity, refused: refused)
                outcome = .success(.next(entry.lane, state.lastClaim))
            } else {
                outcome = Self.claim(at: index, activity, insertion, &state).map { .now($0) }
            }
        }
        return try outcome.get()
    }

    /// On the lane, behind the job before: takes the reader for who waited.
    /// - Returns: nil where that one was refused meanwhile.
    func claim(
        waited number: UInt64, _ activity: String, insertion: UInt64?
    ) throws(ReaderError) -> Claim? {
        var outcome: Result<Claim, ReaderError>?
        change { state in
            guard let index = state.entries.firstIndex(where: { $0.waiting?.number == number })
            else { return }
            state.entries[index].waiting = nil
            outcome = Self.claim(at: index, activity, insertion, &state)
        }
        return try outcome?.get()
    }

    /// Who waits has waited long enough.
    func endWait(_ number: UInt64) {
        var left: Waiting?
        var activity = ""
        change { state in
            guard let index = state.entries.firstIndex(where: { $0.waiting?.number == number })
            else { return }
            left = state.entries[index].waiting
            activity = state.entries[index].activity ?? ""
            state.entries[index].waiting = nil
        }
        left?.refused(.busy(activity: activity))
    }

    private static func claim(
        at index: Int, _ activity: String, _ insertion: UInt64?, _ state: inout State
    ) -> Result<Claim, ReaderError> {
        let entry = state.entries[index]
        if let refusal = Self.refusal(entry, insertion) { return .failure(refusal) }
        return .success(take(index, activity, &state))
    }

    private static func take(_ index: Int, _ activity: String, _ state: inout State) -> Claim {
        let entry = state.entries[index]
        state.lastClaim += 1
        state.entries[index].activity = activity
        state.entries[index].claim = state.lastClaim
        return Claim(
            number: state.lastClaim, lane: entry.lane, mark: entry.mark,
            insertion: entry.insertion, wasMute: entry.card == .mute)
    }

    /// Takes a reader to find out what is in it; nil where it is at work or gone.
    func claimToLook(_ name: String) -> Claim? {
        var claim: Claim? = nil
        change { state in
            guard let index = state.entries.firstIndex(where: { $0.name == name }),
                state.entries[index].activity == nil, state.entries[index].waiting == nil,
                state.entries[index].stuck == nil
            else { return }
            claim = Self.take(index, "answer to reset", &state)
        }
        return claim
    }

    private static func refusal(_ entry: Entry, _ insertion: UInt64?) -> ReaderError? {
        if let stuck = entry.stuck { return .stuck(since: stuck.since, what: stuck.what) }
        if let activity = entry.activity ?? entry.waiting?.activity {
            return .busy(activity: activity)
        }
        if let insertion, insertion != entry.insertion { return .cardChanged }
        return switch entry.card {
        case .empty: .empty
        // A virtual token that is mute has its thread waiting for it; pcscd tries once more.
        case .mute: entry.path == .virtual ? .mute : nil
        case .unavailable(let reason): .unavailable(reason: reason)
        // What was seen last may be over by now: the attempt itself tells.
        case .busy, .present: nil
        case .stuck(let since, let what): .stuck(since: since, what: what)
        }
    }

    /// The procedure has done its work: one more may wait behind it for the reader.
    func markClosing(_ claim: Claim) {
        changeEntry(of: claim) { $0.isClosing = true }
    }

    /// The procedure did not come back in its time; nobody waits behind it any longer.
    func markStuck(_ claim: Claim, since: Instant, what: String) {
        var left: Waiting?
        changeEntry(of: claim) { entry in
            entry.stuck = (since, what)
            left = entry.waiting
            entry.waiting = nil
        }
        left?.refused(.stuck(since: since, what: what))
    }

    /// The procedure is over.
    /// - Parameters:
    ///   - seen: what the attempt to take the card found out, where it is news.
    ///   - hasLostCard: whatever is in the reader now counts as another card.
    func release(_ claim: Claim, seen: ReaderState?, hasLostCard: Bool) {
        change { state in
            guard hasLostCard, let index = Self.index(of: claim, state) else { return }
            guard state.entries[index].insertion == claim.insertion else { return }
            state.lastInsertion += 1
            state.entries[index].insertion = state.lastInsertion
        }
        changeEntry(of: claim) { entry in
            entry.end()
            if let seen { entry.card = seen }
        }
    }

    /// A look is over, and this is what stands in the reader: told and free in one change, since
    /// whoever hears of a card may take it at once.
    func release(_ claim: Claim, found card: ReaderState, mark: UInt64) {
        change { state in
            guard let index = Self.index(of: claim, state) else { return }
            Self.set(card, mark, at: index, &state)
            state.entries[index].end()
        }
    }

    // MARK: Ending

    /// Ends all threads of readers.
    /// - Returns: how many had not ended by `deadline`.
    func end(by deadline: Instant) -> Int {
        for name in state.withLock({ $0.entries.map(\.name) }) { vanish(name) }
        return lanes.wait(until: deadline) { $0 == 0 ? 0 : nil } ?? lanes.withLock { $0 }
    }

    // MARK: Under the lock

    private func changeEntry(of claim: Claim, _ body: (inout Entry) -> Void) {
        change { state in
            guard let index = Self.index(of: claim, state) else { return }
            body(&state.entries[index])
        }
    }

    private static func index(of claim: Claim, _ state: State) -> Int? {
        state.entries.firstIndex { $0.claim == claim.number }
    }

    /// Changes the table and tells the observers, outside the lock, if that shows.
    private func change(_ body: (inout State) -> Void) {
        let news = state.withLock { state -> (ReaderList, [@Sendable (ReaderList) -> Void])? in
            body(&state)
            let readers = state.entries.map(\.snapshot)
            guard readers != state.list.readers else { return nil }
            state.generation += 1
            state.list = ReaderList(generation: state.generation, readers: readers)
            return (state.list, Array(state.observers.values))
        }
        guard let (list, observers) = news else { return }
        for observer in observers { observer(list) }
    }
}
