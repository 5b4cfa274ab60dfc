import Synchronization

/// The cases with the journal they are written to and the vault beside it.
///
/// May be used from any thread. What is asked for is answered from memory and never waits
/// for the disk; what is recorded is checked against the case's state, written, and then
/// shown, one at a time.
package final class CaseBook: Sendable {
    package let journal: Journal
    package let vault: Vault
    /// Held from the check of an event to its showing, disk included.
    let recording = Mutex(())
    /// Held for moments only.
    let cases: Mutex<Cases>
    let upkeep: Upkeep
    /// What the journal did not take and is still to say, in order.
    let owed = Mutex<[OwedLine]>([])
    /// What the vault holds and no line names.
    let unnamed = Mutex<[Commitment]>([])
    /// Whether the start took in every line of the journal and could write to it. Where one is
    /// wrong, the cases are those of the lines before it, and nothing is recorded; on a file system
    /// that takes no writing they are those of all, and nothing is recorded until it does.
    package let isWhole: Bool
    /// The start found requests in the journal and no vault.
    let vaultWasLost: Bool

    /// Opens journal and vault in `folder`, folds the journal, and puts an end on record to
    /// what an earlier run left without one: `unknown` where a code may have gone out, else
    /// `refused`, which leaves the case as it was. A journal with a wrong line, or on a file system
    /// that takes no writing, is opened to be shown; such ends are then in memory alone.
    package init(
        in folder: String, mode: JournalMode, clock: JournalClock = .system,
        who: Who = .thisProcess, log: SystemJournal? = nil
    ) throws(CaseError) {
        var fold = Cases()
        let found: SnapshotUse
        let claim: SnapshotClaim?
        do throws(JournalError) {
            (journal, found, claim) = try CaseBook.open(folder, mode, clock, who, log, &fold)
        } catch {
            throw .journal(error)
        }
        upkeep = Upkeep(folder: folder, found, claim)
        isWhole = journal.state == .ready
        do throws(VaultError) {
            vault = try Vault(folder + "/vault")
        } catch {
            throw .vault(error)
        }
        if !isWhole {
            upkeep.foldDiffers()
        } else if claim == nil {
            // What a power cut left of removed personal data goes now. What a snapshot makes
            // of the lines behind it is proven first (`sweepVault`).
            for name in fold.obsolete where vault.has(name) { try? vault.remove(name) }
        }
        vaultWasLost = vault.isNew && !fold.requests.isEmpty
        cases = Mutex(fold)
        settleOpen(fold, who: who)
    }

    /// Puts an end on record to what nobody will report on any more.
    func settleOpen(_ fold: Cases, who: Who) {
        for restore in fold.running.values.sorted(by: { $0.sequence < $1.sequence }) {
            settle(restore.restore, who: who)
        }
        for (token, id) in fold.keychecks {
            let end = KeycheckEnd(
                serial: token.serial, family: token.family, isProven: false,
                triesSpent: .between(0, 1), reasons: ["interrupted"])
            _ = try? record(.keycheckOutcome(end), case: id, who: who)
        }
        settleCommissions(fold.commissions.open, who: who)
    }

    /// Opens the journal from its snapshot, or else whole, or else as far as it holds.
    ///
    /// - Parameter fold: takes in what the lines say.
    private static func open(
        _ folder: String, _ mode: JournalMode, _ clock: JournalClock, _ who: Who,
        _ log: SystemJournal?, _ fold: inout Cases
    ) throws(JournalError) -> (Journal, SnapshotUse, SnapshotClaim?) {
        var (cases, snapshot, found, claim) = CaseBook.snapshot(in: folder)
        var damage: JournalError? = nil
        while true {
            do throws(JournalError) {
                let journal = try Journal(
                    in: folder, mode: mode, clock: clock, who: who, log: log, from: snapshot,
                    damage: damage
                ) { cases.apply($0) }
                swap(&fold, &cases)
                return (journal, found, claim)
            } catch  where snapshot != nil && error.isWorthReadingWhole {
                // The whole journal has the last word, also on what is wrong with it.
                found = .unusable(error.reason)
                (snapshot, claim) = (nil, nil)
            } catch  where damage == nil && error.line != nil {
                damage = error
            }
            cases = Cases()
        }
    }

    /// What a start begins with. The fold is handed on alone, so that lines can be added to it
    /// without a copy.
    private static func snapshot(
        in folder: String
    ) -> (Cases, (JournalAnchor, LinePlaces)?, SnapshotUse, SnapshotClaim?) {
        do throws(SnapshotError) {
            guard let snapshot = try Snapshot.load(from: folder) else {
                return (Cases(), nil, .none, nil)
            }
            return (
                snapshot.cases, (snapshot.anchor, snapshot.places),
                .used(line: snapshot.anchor.sequence),
                snapshot.readSum.map { SnapshotClaim(anchor: snapshot.anchor, sum: $0) }
            )
        } catch {
            return (Cases(), nil, .unusable(error.reason), nil)
        }
    }

    /// The fold with the line it goes up to; nil where memory shows what the journal did not
    /// take, or there is no line.
    var snapshot: Snapshot? {
        recording.withLock { _ in
            guard upkeep.isFoldOfTheJournal, let (anchor, places) = journal.anchor else {
                return nil
            }
            return Snapshot(anchor: anchor, places: places, cases: cases.withLock { $0 })
        }
    }
}
