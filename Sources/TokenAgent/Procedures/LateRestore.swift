import Casework
import Readers
import StationInterface

/// On the clock's thread: a restore whose step took too long.
extension Agent {
    func overdue(
        _ run: RestoreRun, _ step: Readers.Step, _ lateness: Lateness, _ ledger: Ledger
    ) {
        switch lateness {
        case .abandoned:
            giveUp(run, step, ledger)
        case .stillWriting:
            run.progress {
                $0.state = .overdue
                $0.atPad = nil
                $0.step = step.name
                $0.message =
                    "The token is still working on \"\(step.name)\". Do not pull it."
                $0.next = "Wait; Attach follows the restore to its end."
            }
            // A deadline ends the answer to the one who asked; who attached follows on.
            run.releaseOverdue { $0.method == "Unblock" || $0.method == "Respond" }
        }
    }

    func capped(_ run: RestoreRun, _ step: Readers.Step, _ ledger: Ledger) {
        giveUp(run, step, ledger)
    }

    /// Ends a restore without its reader's thread. What the code's answer told stays true,
    /// though nothing more comes after it.
    func giveUp(_ run: RestoreRun, _ step: Readers.Step, _ ledger: Ledger) {
        guard run.claimEnding() else { return }
        let steps = run.steps
        let ending =
            ledger.now.settled
            ?? (step.sent > 0
                ? .gaveUp(.fault(.mute), step.name) : .notSent(.fault(.mute), step.name))
        if step.sent == 0 { ledger.update { $0.nothingSent() } }
        clerk.submit { [self] in conclude(run, ending, ledger, steps) }
    }

    /// An answer that came after the hard cap, when the outcome was on record as unknown: what
    /// it tells resolves it.
    func learn(_ run: RestoreRun, _ ending: Ending, _ ledger: Ledger) {
        let account = ledger.now
        let outcome: RestoreOutcome
        let told: String
        switch ending {
        case .unblocked:
            (outcome, told) = (
                .unblockedUnproven,
                "A late answer of the token told that it is unblocked; its key is not proven."
            )
        case .refusedCode:
            (outcome, told) = (
                .failed, "A late answer of the token told that it refused the unblocking code."
            )
        case .notEntered:
            (outcome, told) = (
                .failed, "A late answer of the reader told that no code left its pad."
            )
        case .notSent:
            (outcome, told) = (.failed, "A late answer told that no code had been sent.")
        case .refused, .unopened, .tokenChanged, .gaveUp, .lost, .disturbed: return
        }
        let end = RestoreEnd(
            restore: run.permit.restore, outcome: outcome,
            triesSpent: TriesSpent(account.unblockingSpent),
            pinTriesSpent: TriesSpent(account.pinSpent), reasons: ["late-answer"])
        // Behind the line it resolves, which the clerk writes.
        clerk.submit { [self] in
            guard run.result.outcome == .unknown else { return }
            _ = try? book.record(.restoreResolved(end), case: run.permit.caseID, who: run.who)
            run.amend(
                outcome == .failed ? .failed : .unblockedUnproven,
                Words.Pair(
                    told,
                    next: outcome == .failed
                        ? "Begin again." : "Check the key with the new PIN."))
        }
    }
}
