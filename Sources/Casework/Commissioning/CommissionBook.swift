import Crypto
import Synchronization

extension CaseBook {
    /// Records the intent to send codes to a sacrificial token, as `intend` does for a restore.
    package func intend(
        _ intent: CommissionIntent, who: Who
    ) throws(CaseError) -> OpenCommissionStep {
        let reservation = try reserve(.commissionIntent(intent), case: nil, who: who)
        return OpenCommissionStep(intent, book: self, reservation: reservation)
    }

    /// Puts an end on record to steps that an earlier run left without one.
    func settleCommissions(_ open: [CommissionIntent], who: Who) {
        for intent in open.sorted(by: { $0.commission < $1.commission }) {
            let end = CommissionEnd(
                commission: intent.commission, serial: intent.serial, step: intent.step,
                outcome: .unknown, triesSpent: .between(0, intent.most), reasons: ["interrupted"])
            _ = try? record(.commissionOutcome(end), case: nil, who: who)
        }
    }

    /// Whether a line of this journal says that a profile of this content was written here.
    /// - Parameters:
    ///   - sequence: the line's number.
    ///   - head: its SHA-256, lower-case hex.
    package func hasSealed(sha256: String, sequence: Int64, head: String) -> Bool {
        guard sealed(sha256).contains(sequence) else { return false }
        return (try? hash(ofLine: sequence)) == head
    }

    private func hash(ofLine sequence: Int64) throws -> String? {
        var lines = try journal.lines(from: sequence)
        guard let line = try lines.next(), line.number == sequence else { return nil }
        return try SHA256.hex(line.bytes)
    }
}

/// A step whose codes may be on their way, with room on the disk for its outcome.
///
/// Dropped without `finish`, it stays without an outcome until the next start.
package final class OpenCommissionStep: Sendable {
    package let intent: CommissionIntent
    private let book: CaseBook
    private let reservation: Mutex<Reservation?>

    init(_ intent: CommissionIntent, book: CaseBook, reservation: consuming Reservation) {
        self.intent = intent
        self.book = book
        self.reservation = Mutex(reservation)
    }

    /// Records the outcome, once, into the room that was kept for it.
    @discardableResult
    package func finish(_ end: CommissionEnd) throws(CaseError) -> Receipt {
        let held = reservation.withLock { held in
            var taken: Reservation? = nil
            swap(&taken, &held)
            return taken
        }
        guard let reservation = consume held else { throw .closed }
        let unknown = CommissionEnd(
            commission: end.commission, serial: end.serial, step: end.step, outcome: .unknown,
            triesSpent: end.triesSpent)
        return try book.finish(
            .commissionOutcome(end), case: nil, who: nil,
            otherwise: .commissionOutcome(unknown), reservation)
    }
}
