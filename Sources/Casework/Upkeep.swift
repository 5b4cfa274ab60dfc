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

/// When a snapshot is to be written, and whether one may be.
final class Upkeep: Sendable {
    /// Lines that are quicker read than a snapshot is worth writing for.
    static let fewLines: Int64 = 1000

    private struct State {
        var isDue = false
        var isClosed = false
    }

    let folder: String
    let found: SnapshotUse
    private let saved: Atomic<Int64>
    private let differs = Atomic<Bool>(false)
    private let isSaid = Atomic<Bool>(false)
    private let state = Monitor(State())

    init(folder: String, _ found: SnapshotUse) {
        self.folder = folder
        self.found = found
        saved = Atomic(0)
        if case .used(let line) = found { saved.store(line, ordering: .relaxed) }
    }

    /// Memory shows an event that the journal did not take: the fold of its lines is another.
    func foldDiffers() { differs.store(true, ordering: .relaxed) }
    var isFoldOfTheJournal: Bool { !differs.load(ordering: .relaxed) }

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

    func close() { state.withLock { $0.isClosed = true } }

    /// Waits until a snapshot is due; false at the end.
    func waitUntilDue() -> Bool {
        state.wait { $0.isClosed ? false : $0.isDue ? true : nil } ?? false
    }

    /// Rests for a while; false when that is the end.
    func rest(_ duration: Duration) -> Bool {
        state.wait(until: .now + duration) { $0.isClosed ? false : nil } ?? true
    }
}

extension CaseBook {
    /// What the start found beside the journal.
    package var snapshotUse: SnapshotUse { upkeep.found }

    /// Starts the thread that looks after the snapshot.
    ///
    /// It first reads what the start left in the snapshot, then the lines that the snapshot stood
    /// for. From then on it sleeps until many lines have
    /// come, and writes a snapshot once none came for a while: never in the way of an answer.
    /// - Parameter report: gets what was found wrong with lines that the snapshot stood for.
    package func startUpkeep(
        report: @escaping @Sendable (JournalError) -> Void
    ) throws(SystemError) {
        try Thread.start(name: "upkeep", stackSize: 512 * 1024, scheduling: .background) {
            [self] in
            readStored()
            checkTheRest(report)
            upkeep.note(journal.head.sequence)
            while upkeep.waitUntilDue() {
                // A counter that never rests must not go without for ever.
                for _ in 0..<30 {
                    let head = journal.head.sequence
                    guard upkeep.rest(.seconds(10)) else { return }
                    if journal.head.sequence == head { break }
                }
                let isSaved = (try? saveSnapshot()) ?? false
                if !isSaved, !upkeep.rest(.seconds(3600)) { return }
            }
        }
    }

    private func checkTheRest(_ report: (JournalError) -> Void) {
        do throws(JournalError) {
            guard try !journal.checkTheRest() else { return }
            // The next start shall not begin behind the wrong line.
            Snapshot.remove(from: upkeep.folder)
            if case .stopped(let error) = journal.state { report(error) }
        } catch {
            report(error)
        }
    }

    /// Ends that thread, and writes a snapshot where many lines have come since the last.
    package func endUpkeep() {
        upkeep.close()
        if upkeep.isDue(journal.head.sequence) { _ = try? saveSnapshot() }
    }

    /// Writes a snapshot of the cases as they are now; false where there is none to write.
    @discardableResult
    package func saveSnapshot() throws(SystemError) -> Bool {
        guard var snapshot else { return false }
        // What was removed for good is looked for again only by a start that reads it all.
        snapshot.cases.forgetObsolete { !vault.has($0) }
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
