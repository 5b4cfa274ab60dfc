import JSON
import Synchronization

/// A request as it is taken in at the counter.
package struct CaseRequest: Equatable, Sendable {
    package var requestNumber: String
    package var managingBody: String
    package var deviceNumber: String
    /// Goes to the vault; the journal gets a commitment.
    package var holder: String

    package init(
        requestNumber: String, managingBody: String, deviceNumber: String, holder: String
    ) {
        self.requestNumber = requestNumber
        self.managingBody = managingBody
        self.deviceNumber = deviceNumber
        self.holder = holder
    }

    /// Characters of one field.
    package static let longestField = 200

    func check() throws(CaseError) {
        let fields: [(JournalField, String)] = [
            (.requestNumber, requestNumber), (.managingBody, managingBody),
            (.deviceNumber, deviceNumber), (.holder, holder),
        ]
        for (field, text) in fields {
            if text.allSatisfy(\.isWhitespace) { throw .invalidField(field, "is empty") }
            // The second bound is for characters made of many code points.
            guard text.count <= CaseRequest.longestField, text.utf8.count <= 4096 else {
                throw .invalidField(field, "is longer than \(CaseRequest.longestField) characters")
            }
            for scalar in text.unicodeScalars {
                switch scalar.properties.generalCategory {
                case .control, .lineSeparator, .paragraphSeparator:
                    throw .invalidField(field, "holds a control character")
                // Characters that turn the writing direction make a name read as another.
                case .format where (0x202A...0x202E).contains(scalar.value)
                    || (0x2066...0x2069).contains(scalar.value):
                    throw .invalidField(field, "holds a control character")
                default: break
                }
            }
        }
    }
}

/// The cases with the journal they are written to and the vault beside it.
///
/// May be used from any thread. What is asked for is answered from memory and never waits
/// for the disk; what is recorded is checked against the case's state, written, and then
/// shown, one at a time.
package final class CaseBook: Sendable {
    package let journal: Journal
    package let vault: Vault
    /// Held from the check of an event to its showing, disk included.
    private let recording = Mutex(())
    /// Held for moments only.
    private let cases: Mutex<Cases>

    /// Opens journal and vault in `folder`, folds the journal, and puts an end on record to
    /// what an earlier run left without one: `unknown` where a code may have gone out,
    /// else `failed` with no try spent.
    package init(
        in folder: String, mode: JournalMode, clock: JournalClock = .system,
        who: Who = .thisProcess
    ) throws(CaseError) {
        var fold = Cases()
        do throws(JournalError) {
            journal = try Journal(in: folder, mode: mode, clock: clock, who: who) {
                fold.apply($0)
            }
        } catch {
            throw .journal(error)
        }
        do throws(VaultError) {
            vault = try Vault(folder + "/vault")
        } catch {
            throw .vault(error)
        }
        cases = Mutex(fold)
        for restore in fold.running.values.sorted(by: { $0.sequence < $1.sequence }) {
            settle(restore.restore, who: who)
        }
        for (serial, id) in fold.keychecks {
            let end = KeycheckEnd(
                serial: serial, isProven: false, triesSpent: .between(0, 1),
                reasons: ["interrupted"])
            _ = try? record(.keycheckOutcome(end), case: id, who: who)
        }
    }

    // MARK: Asking

    package func file(_ id: CaseID) -> CaseFile? { cases.withLock { $0.files[id] } }

    /// The latest cases, newest first.
    package func latest(_ limit: Int = 100) -> [CaseFile] {
        cases.withLock { cases in
            cases.order.suffix(max(limit, 0)).reversed().compactMap { cases.files[$0] }
        }
    }

    /// The case of `restore` where a proof of the key would settle it: its token was unblocked
    /// without one, or how it ended is unknown.
    package func caseAwaitingCheck(of restore: RestoreID) -> CaseFile? {
        cases.withLock { cases in
            cases.files.values.first { file in
                switch file.state {
                case .unblockedUnproven(let id): id == restore
                case .unknown(let ids): ids.contains(restore)
                default: false
                }
            }
        }
    }

    /// Cases that something can still be done for.
    package func pending(_ limit: Int = 200) -> [CaseFile] {
        cases.withLock { cases in
            var found: [CaseFile] = []
            for id in cases.order.reversed() where found.count < limit {
                if let file = cases.files[id], !file.state.isDone { found.append(file) }
            }
            return found
        }
    }

    package var count: Int { cases.withLock { $0.order.count } }

    /// Restores nobody saw the end of, for one token or for all, oldest first.
    package func unresolved(serial: String? = nil) -> [RestoreRecord] {
        cases.withLock { cases in
            cases.unresolved.values.filter { serial == nil || $0.token.serial == serial }
                .sorted { $0.sequence < $1.sequence }
        }
    }

    /// Restores that are running now, oldest first.
    package var running: [RestoreRecord] {
        cases.withLock { $0.running.values.sorted { $0.sequence < $1.sequence } }
    }

    package func ledger(serial: String) -> TokenLedger {
        cases.withLock { $0.ledgers[serial] ?? TokenLedger() }
    }

    /// In which devices a key proved itself, the first of them first.
    /// - Parameter key: SHA-256 of its SubjectPublicKeyInfo, lower-case hex.
    package func sightings(ofKey key: String) -> [KeySighting] {
        cases.withLock { $0.keys.sightings(of: key) }
    }

    /// Numbers of lines that the fold could not make sense of; empty in a healthy journal.
    package var anomalies: [Int64] { cases.withLock { $0.anomalies } }

    /// The holder's name, from the vault.
    package func holder(of id: CaseID) throws(CaseError) -> String {
        guard let file = file(id) else { throw .notFound(id) }
        let record: [UInt8]
        do throws(VaultError) {
            record = try vault.get(file.holder)
        } catch {
            throw .vault(error)
        }
        let value = record.withUnsafeBufferPointer { bytes -> JSONValue? in
            var reader = JSONReader(UnsafeRawBufferPointer(bytes))
            return try? reader.value()
        }
        guard let name = value?[JournalField.holder.rawValue]?.string else {
            throw .vault(.altered(file.holder))
        }
        return name
    }

    // MARK: Recording

    /// Opens a case. The holder's name is in the vault before the line that commits to it.
    package func open(_ request: CaseRequest, who: Who) throws(CaseError)
        -> (file: CaseFile, receipt: Receipt)
    {
        try request.check()
        let (id, receipt) = try recording.withLock { (_) throws(CaseError) -> (CaseID, Receipt) in
            let holder = try keep(request.holder)
            let event = CaseEvent.opened(
                CaseOpened(
                    requestNumber: request.requestNumber, managingBody: request.managingBody,
                    deviceNumber: request.deviceNumber, holder: holder))
            let year = journal.now.date(minutesEast: CaseBook.minutesEast).year
            let id = cases.withLock { $0.nextID(year: year) }
            do throws(CaseError) {
                return (id, try write(event, case: id, who: who))
            } catch {
                try? vault.remove(holder)
                throw error
            }
        }
        guard let file = file(id) else { throw .notFound(id) }
        return (file, receipt)
    }

    /// A case's year is the year at the counter: Vietnam is seven hours ahead of UTC, all
    /// year round.
    private static let minutesEast: Int64 = 420

    private func keep(_ holder: String) throws(CaseError) -> Commitment {
        var writer = JSONWriter(into: JSONBytes())
        writer.object { $0.member(JournalField.holder.rawValue, holder) }
        let record: [UInt8]
        do throws(JSONWriteError) {
            record = try writer.finish().bytes
        } catch {
            throw .vault(.unfit("\(error)"))
        }
        do throws(VaultError) {
            return try vault.put(record)
        } catch {
            throw .vault(error)
        }
    }

    /// Records an event of a case, or a key check without one.
    ///
    /// - Throws: why the case cannot come to that now, `.journal` when it could not be
    ///   written. The case is then as it was.
    @discardableResult
    package func record(_ event: CaseEvent, case id: CaseID?, who: Who) throws(CaseError)
        -> Receipt
    {
        try recording.withLock { (_) throws(CaseError) -> Receipt in
            try check(event, case: id)
            return try write(event, case: id, who: who)
        }
    }

    /// Remembers that asking a token for its PIN's counter is not safe: at once, and on record
    /// where the journal takes it.
    package func noteUnsafeStatusQuery(serial: String, who: Who) {
        let event = CaseEvent.tokenNoted(serial: serial)
        recording.withLock { _ in
            let head = journal.head
            cases.withLock { $0.apply(event, case: nil, head) }
            _ = try? write(event, case: nil, who: who)
        }
    }

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

    private func reserve(_ event: CaseEvent, case id: CaseID?, who: Who) throws(CaseError)
        -> Reservation
    {
        try recording.withLock { (_) throws(CaseError) -> Reservation in
            try check(event, case: id)
            let reservation: Reservation
            do throws(JournalError) {
                reservation = try journal.reserve(event.kind, who: who, case: id) {
                    event.write(to: &$0)
                }
            } catch {
                throw .journal(error)
            }
            let receipt = reservation.receipt
            cases.withLock { $0.apply(event, case: id, receipt) }
            return reservation
        }
    }

    /// Puts an end on record to a restore that nobody will report on any more. In memory the
    /// end stands even where the journal does not take it; the next start writes it then.
    package func settle(_ restore: RestoreID, who: Who) {
        recording.withLock { _ in
            guard let record = cases.withLock({ $0.running[restore] }) else { return }
            let mayHaveSent = !record.intents.isEmpty
            let event = CaseEvent.restoreOutcome(
                RestoreEnd(
                    restore: restore, outcome: mayHaveSent ? .unknown : .failed,
                    triesSpent: mayHaveSent
                        ? .between(0, max(record.unblockingSends, 1)) : .exactly(0),
                    reasons: ["interrupted"]))
            do throws(CaseError) {
                try write(event, case: record.caseID, who: who)
            } catch {
                let head = journal.head
                cases.withLock { $0.apply(event, case: record.caseID, head) }
            }
        }
    }

    /// Completes an intent; where the journal does not take it, `otherwise` is what is shown.
    fileprivate func finish(
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
                cases.withLock { $0.apply(event, case: id, receipt) }
                return receipt
            } catch {
                let head = journal.head
                cases.withLock { $0.apply(otherwise, case: id, head) }
                throw .journal(error)
            }
        }
    }

    private func check(_ event: CaseEvent, case id: CaseID?) throws(CaseError) {
        guard let id else { return }
        try cases.withLock { (cases) throws(CaseError) in try cases.check(event, case: id) }
    }

    @discardableResult
    private func write(_ event: CaseEvent, case id: CaseID?, who: Who) throws(CaseError)
        -> Receipt
    {
        do throws(JournalError) {
            let receipt = try journal.append(event.kind, who: who, case: id) {
                event.write(to: &$0)
            }
            cases.withLock { $0.apply(event, case: id, receipt) }
            return receipt
        } catch {
            throw .journal(error)
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
            serial: end.serial, isProven: false, triesSpent: end.triesSpent)
        return try book.finish(
            .keycheckOutcome(end), case: caseID, who: who,
            otherwise: .keycheckOutcome(interrupted), reservation)
    }
}
