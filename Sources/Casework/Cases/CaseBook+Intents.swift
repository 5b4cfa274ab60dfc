/// What may change a device: on record before it is done, with room for its outcome.
extension CaseBook {
    /// Records the intent to send a code and keeps room on the disk for the outcome. Only
    /// once this has returned may the code go to the card.
    package func intend(_ intent: RestoreIntent, case id: CaseID, who: Who) throws(CaseError)
        -> OpenRestore
    {
        let reservation = try reserve(.restoreIntent(intent), case: id, who: who)
        return OpenRestore(
            restore: intent.restore, caseID: id, book: self, reservation: reservation)
    }

    /// Records the intent to send a PIN for a key check, as `intend` does for a restore.
    package func intend(_ intent: KeycheckIntent, case id: CaseID?, who: Who) throws(CaseError)
        -> OpenKeycheck
    {
        let reservation = try reserve(.keycheckIntent(intent), case: id, who: who)
        return OpenKeycheck(caseID: id, book: self, reservation: reservation)
    }

    func reserve(_ event: CaseEvent, case id: CaseID?, who: Who) throws(CaseError)
        -> Reservation
    {
        try recording.withLock { (_) throws(CaseError) -> Reservation in
            try payOwed()
            try check(event, case: id)
            let reservation: Reservation
            do throws(JournalError) {
                reservation = try journal.reserve(event.kind, who: who, case: id) {
                    event.write(to: &$0)
                }
            } catch {
                throw .journal(error)
            }
            show(event, case: id, reservation.receipt)
            return reservation
        }
    }

    /// Puts an end on record to a restore that nobody will report on any more. In memory the
    /// end stands even where the journal does not take it; it is written once the journal takes
    /// lines again, or by the next start.
    package func settle(_ restore: RestoreID, who: Who) {
        recording.withLock { _ in
            guard let record = cases.withLock({ $0.running[restore] }) else { return }
            let mayHaveSent = !record.intents.isEmpty
            let event = CaseEvent.restoreOutcome(
                RestoreEnd(
                    restore: restore, outcome: mayHaveSent ? .unknown : .refused,
                    triesSpent: mayHaveSent
                        ? .between(0, max(record.unblockingSends, 1)) : .exactly(0),
                    reasons: ["interrupted"]))
            do throws(CaseError) {
                try payOwed()
                try write(event, case: record.caseID, who: who)
            } catch {
                let head = journal.head
                cases.withLock { $0.apply(event, case: record.caseID, head) }
                owe(OwedLine(event: event, caseID: record.caseID, who: who), after: error)
            }
        }
    }

    /// Completes an intent; where the journal does not take it, `otherwise` is what is shown. Once
    /// it takes lines again both are written: what was known came late, but it is known.
    func finish(
        _ event: CaseEvent, case id: CaseID?, who: Who?, otherwise: CaseEvent,
        _ reservation: consuming Reservation
    ) throws(CaseError) -> Receipt {
        // A lock's closure cannot consume what it captured, so the reservation goes in by
        // way of an optional.
        var held: Reservation? = consume reservation
        return try recording.withLock { (_) throws(CaseError) -> Receipt in
            try check(event, case: id)
            guard let reservation = held.take() else { throw .closed }
            do throws(JournalError) {
                let receipt = try reservation.complete(event.kind, who: who) {
                    event.write(to: &$0)
                }
                show(event, case: id, receipt)
                return receipt
            } catch {
                let head = journal.head
                cases.withLock { $0.apply(otherwise, case: id, head) }
                let who = who ?? .thisProcess
                owe(OwedLine(event: otherwise, caseID: id, who: who), after: .journal(error))
                if case .restoreOutcome(let end) = event, end.outcome != .unknown {
                    owe(
                        OwedLine(
                            event: .restoreResolved(end), caseID: id, who: who, isShown: false),
                        after: .journal(error))
                }
                throw .journal(error)
            }
        }
    }
}

/// A restore whose code may be on its way, with room on the disk for its outcome.
///
/// Dropped without `finish`, the restore goes on as running until `CaseBook.settle` or the
/// next start calls it unknown.
package struct OpenRestore: ~Copyable, Sendable {
    package let restore: RestoreID
    package let caseID: CaseID
    private let book: CaseBook
    private let reservation: Reservation

    fileprivate init(
        restore: RestoreID, caseID: CaseID, book: CaseBook, reservation: consuming Reservation
    ) {
        self.restore = restore
        self.caseID = caseID
        self.book = book
        self.reservation = reservation
    }

    /// Records the outcome, into the room that was kept for it.
    ///
    /// - Throws: `.journal` when even a second try did not write it; the case is then shown
    ///   as unknown, as the next start will find it.
    package consuming func finish(_ end: RestoreEnd, who: Who? = nil) throws(CaseError)
        -> Receipt
    {
        // What happened is known to nobody who reads the journal: show it so.
        let unknown = RestoreEnd(
            restore: end.restore, outcome: .unknown, triesSpent: end.triesSpent)
        return try book.finish(
            .restoreOutcome(end), case: caseID, who: who, otherwise: .restoreOutcome(unknown),
            reservation)
    }
}

/// A key check whose PIN may be on its way, with room on the disk for its outcome.
package struct OpenKeycheck: ~Copyable, Sendable {
    private let caseID: CaseID?
    private let book: CaseBook
    private let reservation: Reservation

    fileprivate init(caseID: CaseID?, book: CaseBook, reservation: consuming Reservation) {
        self.caseID = caseID
        self.book = book
        self.reservation = reservation
    }

    /// Records the outcome, into the room that was kept for it.
    package consuming func finish(_ end: KeycheckEnd, who: Who? = nil) throws(CaseError)
        -> Receipt
    {
        let interrupted = KeycheckEnd(
            serial: end.serial, family: end.family, isProven: false, triesSpent: end.triesSpent)
        return try book.finish(
            .keycheckOutcome(end), case: caseID, who: who,
            otherwise: .keycheckOutcome(interrupted), reservation)
    }
}
