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
        var stuck: (since: Instant, what: String)?

        var snapshot: ReaderSnapshot {
            ReaderSnapshot(
                name: name, path: path,
                state: stuck.map { .stuck(since: $0.since, what: $0.what) } ?? card,
                insertion: insertion, activity: activity)
        }
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
            try lane.start(name: path == .virtual ? "virtual-reader" : "reader", makeLink: makeLink) {
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
        change { state in
            state.entries.removeAll { entry in
                guard entry.name == name else { return false }
                entry.lane.end()
                return true
            }
        }
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

    func claim(_ name: String, _ activity: String, insertion: UInt64?) throws(ReaderError) -> Claim
    {
        var outcome: Result<Claim, ReaderError> = .failure(.noSuchReader(name))
        change { state in
            guard let index = state.entries.firstIndex(where: { $0.name == name }) else { return }
            let entry = state.entries[index]
            if let refusal = Self.refusal(entry, insertion) {
                outcome = .failure(refusal)
                return
            }
            state.lastClaim += 1
            state.entries[index].activity = activity
            state.entries[index].claim = state.lastClaim
            outcome = .success(
                Claim(
                    number: state.lastClaim, lane: entry.lane, mark: entry.mark,
                    insertion: entry.insertion, wasMute: entry.card == .mute))
        }
        return try outcome.get()
    }

    /// Takes a reader to find out what is in it; nil where it is at work or gone.
    func claimToLook(_ name: String) -> Claim? {
        var claim: Claim? = nil
        change { state in
            guard let index = state.entries.firstIndex(where: { $0.name == name }),
                state.entries[index].activity == nil, state.entries[index].stuck == nil
            else { return }
            state.lastClaim += 1
            state.entries[index].activity = "answer to reset"
            state.entries[index].claim = state.lastClaim
            let entry = state.entries[index]
            claim = Claim(
                number: state.lastClaim, lane: entry.lane, mark: entry.mark,
                insertion: entry.insertion, wasMute: entry.card == .mute)
        }
        return claim
    }

    private static func refusal(_ entry: Entry, _ insertion: UInt64?) -> ReaderError? {
        if let stuck = entry.stuck { return .stuck(since: stuck.since, what: stuck.what) }
        if let activity = entry.activity { return .busy(activity: activity) }
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

    /// The procedure did not come back in its time.
    func markStuck(_ claim: Claim, since: Instant, what: String) {
        changeEntry(of: claim) { $0.stuck = (since, what) }
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
            entry.activity = nil
            entry.claim = nil
            entry.stuck = nil
            if let seen { entry.card = seen }
        }
    }

    /// A look is over, and this is what stands in the reader: told and free in one change, since
    /// whoever hears of a card may take it at once.
    func release(_ claim: Claim, found card: ReaderState, mark: UInt64) {
        change { state in
            guard let index = Self.index(of: claim, state) else { return }
            Self.set(card, mark, at: index, &state)
            state.entries[index].activity = nil
            state.entries[index].claim = nil
            state.entries[index].stuck = nil
        }
    }

    // MARK: Ending

    /// Ends all threads of readers.
    /// - Returns: how many had not ended by `deadline`.
    func end(by deadline: Instant) -> Int {
        change { state in
            for entry in state.entries { entry.lane.end() }
            state.entries = []
        }
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
