import System

/// What of a snapshot is still to be proven by the lines that it stands for: 32 bytes and a place.
struct SnapshotClaim: Sendable {
    let anchor: JournalAnchor
    let sum: [UInt8]
}

/// The fold of a journal's lines from the first on, up to the one that a snapshot was taken at: the
/// snapshot is to be what this one writes, byte for byte.
///
/// The sum at a snapshot's end shows that nothing happened to the file; only the lines show that
/// what it says is true.
final class FoldProof {
    let claim: SnapshotClaim
    /// What the lines so far make of the cases.
    private(set) var cases = Cases()
    private var places = LinePlaces()
    private var lines: Int64 = 0

    init(_ claim: SnapshotClaim) { self.claim = claim }

    /// Takes a line in; what stands behind the claim's is none of it.
    func take(_ line: JournalLine, _ event: CaseLine?, at offset: Int64) {
        guard line.sequence <= claim.anchor.sequence else { return }
        lines = line.sequence
        places.note(line: line.sequence, at: offset)
        if let event { cases.apply(event) }
    }

    /// Whether the snapshot holds what the lines make; nil where they were not all taken in, or
    /// that could not be hashed.
    var holds: Bool? {
        guard lines == claim.anchor.sequence else { return nil }
        return Snapshot(anchor: claim.anchor, places: places, cases: cases).sum.map {
            $0 == claim.sum
        }
    }
}

extension CaseBook {
    /// Whether the snapshot that this start began with said something else than the lines.
    package var snapshotWasFalse: Bool { upkeep.snapshotWasFalse }

    /// Reads the lines that are still to be read, and proves what a snapshot said of them.
    func checkTheRest(_ report: (JournalNews) -> Void) {
        do throws(JournalError) {
            let proof = upkeep.unproven.map { FoldProof($0) }
            guard try journal.checkTheRest(proving: proof) else {
                // The next start shall not begin behind the wrong line.
                Snapshot.remove(from: upkeep.folder)
                if case .stopped(let error) = journal.state { report(.damaged(error)) }
                return
            }
            switch proof?.holds {
            case true?:
                upkeep.noteProven()
                // The same records are not made a second time.
                if let proof { cases.withLock { $0.takeOverStored(from: proof.cases) } }
            case nil: break
            case false?:
                guard let proof else { break }
                upkeep.noteFalse()
                Snapshot.remove(from: upkeep.folder)
                report(.falseSnapshot(line: proof.claim.anchor.sequence))
                while try !takeOver(proof) {
                    Thread.pause(.seconds(1))
                    guard upkeep.rest(.zero) else { return }
                }
            }
        } catch {
            report(.unread(error))
        }
    }

    /// Puts what the lines make in the place of what a false snapshot said; false while something
    /// runs whose end is to be told of the cases as they are.
    private func takeOver(_ proof: FoldProof) throws(JournalError) -> Bool {
        let fold = try recording.withLock { (_) throws(JournalError) -> Cases? in
            let isQuiet = cases.withLock {
                $0.running.isEmpty && $0.keychecks.isEmpty && $0.commissions.open.isEmpty
            }
            guard isQuiet, let (end, _) = journal.anchor else { return nil }
            var fold = proof.cases
            try journal.replay(behind: proof.claim.anchor, upTo: end) { fold.apply($0) }
            // What the journal did not take and memory shows all the same.
            let head = journal.head
            for line in owed.withLock({ $0 }) where line.isShown {
                fold.apply(line.event, case: line.caseID, head)
            }
            cases.withLock { $0 = fold }
            upkeep.noteProven()
            return fold
        }
        guard let fold else { return false }
        settleOpen(fold, who: .thisProcess)
        return true
    }
}
