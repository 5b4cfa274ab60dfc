/// How an event comes on record: checked, written, shown.
extension CaseBook {
    /// Records an event of a case, or a key check without one.
    ///
    /// - Throws: why the case cannot come to that now, `.journal` when it could not be
    ///   written. The case is then as it was.
    @discardableResult
    package func record(_ event: CaseEvent, case id: CaseID?, who: Who) throws(CaseError)
        -> Receipt
    {
        try recording.withLock { (_) throws(CaseError) -> Receipt in
            try payOwed()
            try check(event, case: id)
            return try write(event, case: id, who: who)
        }
    }

    func check(_ event: CaseEvent, case id: CaseID?) throws(CaseError) {
        guard let id else { return }
        try cases.withLock { (cases) throws(CaseError) in try cases.check(event, case: id) }
    }

    @discardableResult
    func write(_ event: CaseEvent, case id: CaseID?, who: Who) throws(CaseError)
        -> Receipt
    {
        do throws(JournalError) {
            let receipt = try journal.append(event.kind, who: who, case: id) {
                event.write(to: &$0)
            }
            show(event, case: id, receipt)
            return receipt
        } catch {
            throw .journal(error)
        }
    }

    /// Puts on record what is about a case and changes nothing of it.
    package func mention(
        _ kind: JournalKind, case id: CaseID, who: Who, what: (inout What) -> Void
    ) throws(CaseError) -> Receipt {
        try recording.withLock { (_) throws(CaseError) -> Receipt in
            try payOwed()
            let receipt: Receipt
            do throws(JournalError) {
                receipt = try journal.append(kind, who: who, case: id, what: what)
            } catch {
                throw .journal(error)
            }
            cases.withLock { $0.mention(id, receipt.sequence) }
            upkeep.note(receipt.sequence)
            return receipt
        }
    }

    /// Remembers that asking a token for its PIN's counter is not safe: at once, and on record
    /// where the journal takes it.
    package func noteUnsafeStatusQuery(_ token: TokenName, who: Who) {
        let event = CaseEvent.tokenNoted(token)
        recording.withLock { _ in
            let head = journal.head
            cases.withLock { $0.apply(event, case: nil, head) }
            do throws(CaseError) {
                try payOwed()
                try write(event, case: nil, who: who)
            } catch {
                owe(OwedLine(event: event, caseID: nil, who: who), after: error)
            }
        }
    }

    /// What stands in the journal now is shown.
    func show(_ event: CaseEvent, case id: CaseID?, _ receipt: Receipt) {
        cases.withLock { $0.apply(event, case: id, receipt) }
        upkeep.note(receipt.sequence)
    }

    // MARK: What the journal did not take

    func owe(_ line: OwedLine, after error: CaseError) {
        upkeep.foldDiffers()
        // A line that no journal takes is not for later either.
        if case .journal(let error) = error, [.lineTooLong, .unwritable].contains(error.code) {
            return
        }
        owed.withLock { $0.append(line) }
    }

    /// Writes what the journal did not take when it happened, before anything that came later.
    func payOwed() throws(CaseError) {
        while let line = owed.withLock({ $0.first }) {
            let receipt: Receipt
            do throws(JournalError) {
                receipt = try journal.append(line.event.kind, who: line.who, case: line.caseID) {
                    line.event.write(to: &$0)
                }
            } catch {
                throw .journal(error)
            }
            owed.withLock { _ = $0.removeFirst() }
            if !line.isShown { show(line.event, case: line.caseID, receipt) }
        }
    }

    /// Takes up recording again after a failed write or flush: what is owed comes first.
    package func reopenJournal() throws(CaseError) {
        try recording.withLock { (_) throws(CaseError) in
            do throws(JournalError) {
                try journal.reopen()
            } catch {
                throw .journal(error)
            }
            try payOwed()
        }
    }
}

/// What a line would have said that the journal did not take.
struct OwedLine: Sendable {
    let event: CaseEvent
    let caseID: CaseID?
    let who: Who
    /// Whether memory shows it already.
    var isShown = true
}
