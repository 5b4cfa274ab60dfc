import Synchronization
import System

/// What became of the snapshot that a start found.
package enum SnapshotUse: Equatable, Sendable {
    /// There was none.
    case none
    /// The start read only what is behind this line.
    case used(line: Int64)
    /// It was passed over, and why; the journal was read whole.
    case unusable(String)

    /// For the journal: up to which line this start read nothing.
    package var line: Int64? {
        if case .used(let line) = self { return line }
        return nil
    }
}

/// What the thread that looks after the journal tells.
package enum JournalNews: Equatable, Sendable {
    /// A line is wrong, or the file was changed: nothing more is recorded by this run.
    case damaged(JournalError)
    /// A write or flush failed: nothing is recorded until the disk takes lines again.
    case stopped(JournalError)
    /// The disk does, and gave the last lines back as they were written.
    case takenUp
    /// The lines that are to be read whole cannot be read.
    case unread(JournalError)
    /// The lines make other cases than the snapshot that this start began with, up to this line,
    /// said; they have the last word.
    case falseSnapshot(line: Int64)
    /// The vault holds what no line names.
    case unnamed(VaultFault)
}

/// When a snapshot is to be written, and whether one may be; and when the journal is to be looked
/// at.
final class Upkeep: Sendable {
    /// Lines that are quicker read than a snapshot is worth writing for.
    static let fewLines: Int64 = 1000

    private struct State {
        var isDue = false
        var needsLook = false
        var isClosed = false
    }

    let folder: String
    let found: SnapshotUse
    private let saved: Atomic<Int64>
    private let differs = Atomic<Bool>(false)
    private let claim: Mutex<SnapshotClaim?>
    private let wasFalse = Atomic<Bool>(false)
    private let isSaid = Atomic<Bool>(false)
    private let state = Monitor(State())

    init(folder: String, _ found: SnapshotUse, _ claim: SnapshotClaim?) {
        self.folder = folder
        self.found = found
        self.claim = Mutex(claim)
        saved = Atomic(0)
        if case .used(let line) = found { saved.store(line, ordering: .relaxed) }
    }

    /// Memory shows an event that the journal did not take: the fold of its lines is another.
    func foldDiffers() { differs.store(true, ordering: .relaxed) }
    var isFoldOfTheJournal: Bool {
        !differs.load(ordering: .relaxed) && !(snapshotWasFalse && unproven != nil)
    }

    /// What the snapshot says that the start began with, until memory is proven to be the fold of
    /// the lines; nil where there was none.
    var unproven: SnapshotClaim? { claim.withLock { $0 } }
    func noteProven() { claim.withLock { $0 = nil } }

    /// The lines make something else.
    func noteFalse() { wasFalse.store(true, ordering: .relaxed) }
    var snapshotWasFalse: Bool { wasFalse.load(ordering: .relaxed) }

    /// Whether many lines have come since the last snapshot.
    func isDue(_ head: Int64) -> Bool {
        head - saved.load(ordering: .relaxed) >= Upkeep.fewLines
    }

    /// The journal has come to line `head`; wakes the thread once that is worth a snapshot.
    func note(_ head: Int64) {
        guard isDue(head), !isSaid.exchange(true, ordering: .relaxed) else { return }
        state.withLock { $0.isDue = true }
    }

    func noteSaved(_ line: Int64) {
        saved.store(line, ordering: .relaxed)
        state.withLock { $0.isDue = false }
        isSaid.store(false, ordering: .relaxed)
    }

    func lookAtJournal() { state.withLock { $0.needsLook = true } }

    func close() { state.withLock { $0.isClosed = true } }

    enum Task { case lookAtJournal, saveSnapshot, end }

    /// Waits for something to do.
    func next() -> Task {
        let task = state.wait { state -> Task? in
            if state.isClosed { return .end }
            if state.needsLook {
                state.needsLook = false
                return .lookAtJournal
            }
            return state.isDue ? .saveSnapshot : nil
        }
        return task ?? .end
    }

    /// Rests for a while, or until the journal is to be looked at; false when that is the end.
    func rest(_ duration: Duration) -> Bool {
        state.wait(until: .now + duration) { $0.isClosed ? false : $0.needsLook ? true : nil }
            ?? true
    }
}

extension CaseBook {
    /// What the start found beside the journal.
    package var snapshotUse: SnapshotUse { upkeep.found }

    /// Starts the thread that looks after journal and snapshot.
    ///
    /// It first reads the lines that the snapshot stood for and holds what they make against it;
    /// their cases then stand in the place of what the start left in it. From then on it sleeps
    /// until many lines have come, and writes a snapshot once none came for a while: never in the
    /// way of an answer. A journal that stopped it tries to take up again every ten seconds, and
    /// then reads it whole.
    /// - Parameter report: gets what becomes of the journal.
    package func startUpkeep(
        report: @escaping @Sendable (JournalNews) -> Void
    ) throws(SystemError) {
        journal.attend { [upkeep] in upkeep.lookAtJournal() }
        if journal.state != .ready { upkeep.lookAtJournal() }
        try Thread.start(name: "upkeep", stackSize: 512 * 1024, scheduling: .background) {
            [self] in
            checkTheRest(report)
            // Of what was not proven.
            readStored()
            sweepVault()
            if let fault = unnamedFault { report(.unnamed(fault)) }
            upkeep.note(journal.head.sequence)
            while true {
                switch upkeep.next() {
                case .lookAtJournal: takeUpJournal(every: .seconds(10), report)
                case .saveSnapshot: saveSnapshotAtRest()
                case .end: return
                }
            }
        }
    }

    private func saveSnapshotAtRest() {
        // A counter that never rests must not go without for ever.
        for _ in 0..<30 {
            let head = journal.head.sequence
            guard upkeep.rest(.seconds(10)) else { return }
            if journal.head.sequence == head { break }
        }
        let isSaved = (try? saveSnapshot()) ?? false
        if !isSaved { _ = upkeep.rest(.seconds(3600)) }
    }

    /// Where the journal has stopped, tries to take it up again until it is, or cannot be; then
    /// reads what is to be read.
    package func takeUpJournal(every pause: Duration, _ report: (JournalNews) -> Void) {
        if case .stopped(let error) = journal.state {
            report(error.mayPass ? .stopped(error) : .damaged(error))
        }
        while case .stopped(let error) = journal.state, error.mayPass {
            guard upkeep.rest(pause) else { return }
            guard (try? reopenJournal()) != nil else { continue }
            report(.takenUp)
        }
        checkTheRest(report)
        sweepVault()
    }

    /// Ends that thread, and writes a snapshot where many lines have come since the last.
    package func endUpkeep() {
        upkeep.close()
        if upkeep.isDue(journal.head.sequence) { _ = try? saveSnapshot() }
    }

    /// Writes a snapshot of the cases as they are now; false where there is none to write.
    @discardableResult
    package func saveSnapshot() throws(SystemError) -> Bool {
        guard let snapshot else { return false }
        // No snapshot says what is still to be removed: only a start that reads it all would see.
        for name in snapshot.cases.obsolete where vault.has(name) {
            guard (try? vault.remove(name)) != nil else { return false }
        }
        try snapshot.save(in: upkeep.folder)
        upkeep.noteSaved(snapshot.anchor.sequence)
        return true
    }
}

extension JournalError {
    /// Whether reading without a snapshot may come to another end.
    var isWorthReadingWhole: Bool {
        switch code {
        case .unanchored, .broken, .wrongMode, .unsupportedVersion: true
        default: false
        }
    }
}
