import Casework
import Synchronization
import System

/// What is known to be wrong with the vault's folder: an answer has it at once, the disk is asked
/// beside it.
final class VaultWatch: Sendable {
    private static let pause: Duration = .seconds(10)

    private let book: CaseBook
    private let state: Mutex<(fault: VaultFault?, next: Instant)>

    /// Looks at it.
    init(_ book: CaseBook) {
        self.book = book
        state = Mutex((book.vaultFault, .now + Self.pause))
    }

    /// As it was when last looked at.
    var fault: VaultFault? { state.withLock { $0.fault } }

    /// Whether it is time to look again; once.
    func isDue(_ now: Instant = .now) -> Bool {
        state.withLock { state in
            guard now >= state.next else { return false }
            state.next = now + Self.pause
            return true
        }
    }

    /// Looks again; not for a thread that answers.
    @discardableResult
    func look() -> VaultFault? {
        let fault = book.vaultFault
        state.withLock { $0.fault = fault }
        return fault
    }
}

extension Agent {
    /// What is wrong with the vault, in one line; nil where nothing is known to be.
    var vaultProblem: String? {
        vaultWatch.fault.map { "the vault \(book.vault.folder) \($0.reason)" }
    }

    /// Has the vault and the journal's room looked at again, behind the answer.
    func keepWatchOfDisk() {
        guard vaultWatch.isDue() else { return }
        archivist.submit { [vaultWatch, book] in
            vaultWatch.look()
            book.journal.look()
        }
    }
}
