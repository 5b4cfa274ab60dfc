import JSON
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
    private let cases: Mutex<Cases>
    let upkeep: Upkeep
    /// What the journal did not take and is still to say, in order.
    private let owed = Mutex<[OwedLine]>([])
    /// Whether every line of the journal was taken in. Where one is wrong, the cases are those of
    /// the lines before it, and nothing is recorded.
    package let isWhole: Bool

    /// Opens journal and vault in `folder`, folds the journal, and puts an end on record to
    /// what an earlier run left without one: `unknown` where a code may have gone out, else
    /// `refused`, which leaves the case as it was. A journal with a wrong line is opened to be
    /// shown; such ends are then in memory alone.
    package init(
        in folder: String, mode: JournalMode, clock: JournalClock = .system,
        who: Who = .thisProcess, log: SystemJournal? = nil
    ) throws(CaseError) {
        var fold = Cases()
        let found: SnapshotUse
        do throws(JournalError) {
            (journal, found) = try CaseBook.open(folder, mode, clock, who, log, &fold)
        } catch {
            throw .journal(error)
        }
        upkeep = Upkeep(folder: folder, found)
        isWhole = journal.state == .ready
        do throws(VaultError) {
            vault = try Vault(folder + "/vault")
        } catch {
            throw .vault(error)
        }
        if isWhole {
            // What a power cut left of removed personal data goes now.
            for name in fold.obsolete where vault.has(name) { try? vault.remove(name) }
        } else {
            upkeep.foldDiffers()
        }
        cases = Mutex(fold)
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
    ) throws(JournalError) -> (Journal, SnapshotUse) {
        var (cases, snapshot, found) = CaseBook.snapshot(in: folder)
        var damage: JournalError? = nil
        while true {
            do throws(JournalError) {
                let journal = try Journal(
                    in: folder, mode: mode, clock: clock, who: who, log: log, from: snapshot,
                    damage: damage
                ) { cases.apply($0) }
                swap(&fold, &cases)
                return (journal, found)
            } catch  where snapshot != nil && error.isWorthReadingWhole {
                // The whole journal has the last word, also on what is wrong with it.
                found = .unusable(error.reason)
                snapshot = nil
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
    ) -> (Cases, (JournalAnchor, LinePlaces)?, SnapshotUse) {
        do throws(SnapshotError) {
            guard let snapshot = try Snapshot.load(from: folder) else {
                return (Cases(), nil, .none)
            }
            return (
                snapshot.cases, (snapshot.anchor, snapshot.places),
                .used(line: snapshot.anchor.sequence)
            )
        } catch {
            return (Cases(), nil, .unusable(error.reason))
        }
    }

    // MARK: Asking

    package func file(_ id: CaseID) -> CaseFile? { cases.withLock { $0.files[id] } }

    /// The latest cases, newest first.
    package func latest(_ limit: Int = 100) -> [CaseFile] {
        cases.withLock { cases in
            cases.files.suffix(max(limit, 0)).reversed()
        }
    }

    /// The case of `restore` where a proof of the key would settle it: its token was unblocked
    /// without one, or how it ended is unknown.
    package func caseAwaitingCheck(of restore: RestoreID) -> CaseFile? {
        cases.withLock { cases in
            cases.pending.map { cases.files[place: $0] }.first { file in
                switch file.state {
                case .unblockedUnproven(let id): id == restore
                case .unknown(let ids): ids.contains(restore)
                default: false
                }
            }
        }
    }

    /// Cases that something can still be done for at the device, newest first.
    package func pending(_ limit: Int = 200) -> [CaseFile] {
        unfinished { !$0.state.isDone }.suffix(max(limit, 0)).reversed()
    }

    /// Cases that something is still to be done for, notices counted, oldest first.
    package func unfinished(where isMeant: (CaseFile) -> Bool = { _ in true }) -> [CaseFile] {
        cases.withLock { cases in
            cases.pending.map { cases.files[place: $0] }.filter(isMeant)
        }.sorted { ($0.lines.first ?? 0, $0.row) < ($1.lines.first ?? 0, $1.row) }
    }

    package func request(_ id: RequestID) -> RequestFile? {
        cases.withLock { $0.requests[id] }
    }

    /// The latest requests, newest first.
    package func latestRequests(_ limit: Int = 100) -> [RequestFile] {
        cases.withLock { cases in
            cases.requests.suffix(max(limit, 0)).reversed()
        }
    }

    /// Every request and case with what became of it, for reports.
    package func everything() -> (requests: [RequestFile], cases: [CaseFile]) {
        readStored()
        return cases.withLock { (Array($0.requests), Array($0.files)) }
    }

    /// How many cases are not done yet at the device.
    package var openCases: Int {
        cases.withLock { cases in
            cases.pending.count { !cases.files[place: $0].state.isDone }
        }
    }

    /// A case that is not done yet and may be of a token with these numbers, however they are
    /// written.
    package func openCase(ofAny numbers: [String]) -> CaseID? {
        let keys = Set(numbers.map(DeviceNumber.key))
        return unfinished { file in
            !file.state.isDone
                && (keys.contains(DeviceNumber.key(file.deviceNumber))
                    || file.token.map { keys.contains(DeviceNumber.key($0.name.serial)) } ?? false)
        }.first?.id
    }

    /// The case of this device that is not done yet; by the number's `DeviceNumber.key`.
    package func openCase(ofDevice key: String) -> CaseID? {
        unfinished { !$0.state.isDone && DeviceNumber.key($0.deviceNumber) == key }.first?.id
    }

    /// For comparing what people write: case and blanks do not count.
    private static func folded(_ text: String) -> String {
        WrittenText.line(text).lowercased()
    }

    package var count: Int { cases.withLock { $0.files.count } }

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

    package func ledger(of token: TokenName) -> TokenLedger {
        cases.withLock { $0.ledgers[token] ?? TokenLedger() }
    }

    /// In which devices a key proved itself, the first of them first.
    /// - Parameter key: SHA-256 of its SubjectPublicKeyInfo, lower-case hex.
    package func sightings(ofKey key: String) -> [KeySighting] {
        cases.withLock { $0.keys.sightings(of: key) }
    }

    /// Numbers of the lines that say of a profile's content that it was written here.
    /// - Parameter sha256: lower-case hex.
    func sealed(_ sha256: String) -> [Int64] {
        cases.withLock { $0.commissions.lines(sealing: sha256) }
    }

    /// Numbers of lines that the fold could not make sense of; empty in a healthy journal.
    package var anomalies: [Int64] { cases.withLock { $0.anomalies } }

    /// What a request says of people, from the vault.
    package func personal(of id: RequestID) throws(CaseError) -> PersonalData {
        guard let request = request(id) else { throw .requestNotFound(id) }
        guard let name = request.personal else { throw .personalRemoved(id) }
        let record: [UInt8]
        do throws(VaultError) {
            record = try vault.get(name)
        } catch {
            throw .vault(error)
        }
        do throws(JSONError) {
            return try PersonalData(reading: record)
        } catch {
            throw .vault(.altered(name))
        }
    }

    /// The name on the device's certificate, as the request says it.
    package func holder(of id: CaseID) throws(CaseError) -> String {
        guard let file = file(id) else { throw .notFound(id) }
        return try personal(of: file.request).device(file.row, number: file.deviceNumber)
            .certificateName
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

    /// Reads what a start with a snapshot left until it is asked for; the lock is held for
    /// moments only. Until then an answer takes as much longer as reading its blocks does.
    func readStored() {
        let (requests, files) = cases.withLock { $0.stored }
        for block in requests { _ = block.records }
        for block in files { _ = block.records }
        cases.withLock { $0.takeOverStored() }
    }

    // MARK: Recording

    /// Takes a request in, with a case for each row. What it says of people is in the vault
    /// before the line that commits to it; one line holds all rows, so that none can be lost
    /// or come twice.
    ///
    /// - Parameters:
    ///   - missing: codes of what keeps it from being valid.
    ///   - isOnceOnly: the same paper is not taken in twice; a program that lost the answer may
    ///     ask again.
    /// - Throws: `.requestKnown` for the same paper once more, `.invalidField`.
    package func receive(
        _ form: RequestForm, missing: [String], who: Who, isOnceOnly: Bool = true
    ) throws(CaseError) -> (request: RequestFile, receipt: Receipt) {
        try form.check()
        let form = form.tidied()
        return try recording.withLock {
            (_) throws(CaseError) -> (request: RequestFile, receipt: Receipt) in
            try payOwed()
            let now = journal.now
            if isOnceOnly, let known = known(form, now) { throw .requestKnown(known) }
            let year = now.date(minutesEast: CaseBook.minutesEast).year
            let (id, ids) = cases.withLock {
                ($0.nextRequest(year: year), $0.nextIDs(form.devices.count, year: year))
            }
            let personal = try keep(PersonalData(form))
            let event = CaseEvent.received(
                RequestReceived(
                    request: id, form: form, personal: personal, cases: ids, missing: missing))
            let receipt = try write(event, case: nil, who: who, orRemove: personal)
            guard let request = request(id) else { throw .requestNotFound(id) }
            return (request, receipt)
        }
    }

    /// Takes the paper in once more, with what was missing. Its rows are the cases of the first.
    package func complete(
        _ id: RequestID, _ form: RequestForm, missing: [String], who: Who
    ) throws(CaseError) -> (request: RequestFile, receipt: Receipt) {
        try form.check()
        let form = form.tidied()
        return try recording.withLock {
            (_) throws(CaseError) -> (request: RequestFile, receipt: Receipt) in
            try payOwed()
            guard let request = request(id) else { throw .requestNotFound(id) }
            guard form.devices.count == request.cases.count else {
                throw .rowsDiffer(request.cases.count)
            }
            let event: (Commitment) -> CaseEvent = {
                .completed(
                    RequestCompleted(request: id, form: form, personal: $0, missing: missing))
            }
            let stages = request.cases.compactMap { file($0)?.state.stage }
            guard stages.contains(.incomplete) else {
                throw .notNow(.complete, stages.first ?? .closed)
            }
            guard form.kind == request.kind else { throw .otherKind(request.kind) }
            // Its term runs from the new paper: the first one's label would make it late at once.
            if let label = form.received, label <= request.received,
                request.hasLabel || request.recordedClock == .synced
            {
                throw .invalidField(
                    .label,
                    "must be later than that of the paper which it completes, or empty for now")
            }
            let personal = try keep(PersonalData(form))
            let receipt = try write(event(personal), case: nil, who: who, orRemove: personal)
            // The first paper's data are of no more use; the journal keeps its commitment.
            if let old = request.personal { try? vault.remove(old) }
            guard let now = self.request(id) else { throw .requestNotFound(id) }
            return (now, receipt)
        }
    }

    /// Removes what a request says of people, and what people wrote in its cases: on record
    /// first, so that a start finishes what a power cut stopped. What is written later is removed
    /// by asking once more.
    package func removePersonal(of id: RequestID, who: Who) throws(CaseError) -> Receipt {
        try recording.withLock { (_) throws(CaseError) -> Receipt in
            try payOwed()
            guard let request = request(id) else { throw .requestNotFound(id) }
            let files = request.cases.compactMap { file($0) }
            let names =
                [request.personal].compactMap { $0 } + files.flatMap { $0.written.map(\.name) }
            guard !names.isEmpty else { throw .personalRemoved(id) }
            if let state = files.first(where: { !$0.state.isDone })?.state {
                throw .notNow(.close, state.stage)
            }
            let receipt = try write(.personalRemoved(id), case: nil, who: who)
            // On record, so what is left is `sweepVault`'s and the next start's; but nobody is told
            // that it is gone.
            var failure: VaultError?
            for name in names {
                do throws(VaultError) {
                    try vault.remove(name)
                } catch {
                    if case .notFound = error { continue }
                    failure = error
                }
            }
            if let failure { throw .vault(failure) }
            return receipt
        }
    }

    /// The request that this paper is, where it is on record: same kind, number, body, day and
    /// devices.
    package func known(_ form: RequestForm) -> RequestID? { known(form.tidied(), journal.now) }

    private func known(_ form: RequestForm, _ now: Timestamp) -> RequestID? {
        func day(_ time: Timestamp) -> String {
            let date = time.date(minutesEast: CaseBook.minutesEast)
            return "\(date.year)-\(date.month)-\(date.day)"
        }
        func key(_ kind: CaseKind, _ number: String, _ body: String, _ received: Timestamp)
            -> String
        {
            [kind.rawValue, CaseBook.folded(number), CaseBook.folded(body), day(received)]
                .joined(separator: "\n")
        }
        let own = key(form.kind, form.number, form.managingBody, form.received ?? now)
        let devices = form.devices.map { DeviceNumber.key($0.deviceNumber) }
        return cases.withLock { cases in
            // A paper comes twice within days, not years.
            cases.requests.suffix(10_000).last { request in
                key(request.kind, request.number, request.managingBody, request.received) == own
                    && request.cases.compactMap { cases.files[$0]?.deviceNumber }
                        .map(DeviceNumber.key) == devices
            }?.id
        }
    }

    /// A case's year is the year at the counter: Vietnam is seven hours ahead of UTC, all
    /// year round.
    package static let minutesEast: Int64 = 420

    private func keep(_ personal: PersonalData) throws(CaseError) -> Commitment {
        let record: [UInt8]
        do throws(JSONWriteError) {
            record = try personal.text()
        } catch {
            throw .vault(.unfit("\(error)"))
        }
        return try keep(record)
    }

    func keep(_ record: [UInt8]) throws(CaseError) -> Commitment {
        do throws(VaultError) {
            return try vault.put(record)
        } catch {
            throw .vault(error)
        }
    }

    /// Writes a line that commits to a vault's record; without the line the record is nobody's.
    func write(
        _ event: CaseEvent, case id: CaseID?, who: Who, orRemove personal: Commitment
    ) throws(CaseError) -> Receipt {
        do throws(CaseError) {
            return try write(event, case: id, who: who)
        } catch {
            // Of a line whose write or flush failed nobody knows whether the next start finds it:
            // what it names stays until the journal is taken up again (`sweepVault`).
            if !isInDoubt(error) { try? vault.remove(personal) }
            throw error
        }
    }

    private func isInDoubt(_ error: CaseError) -> Bool {
        guard case .journal(let error) = error, journal.state != .ready else { return false }
        // A journal that had stopped before was not written to.
        return error.code != .stopped
    }

    /// Removes what lies in the vault and no line names: a power cut, or a line that was not
    /// taken, left it. Only while the journal takes lines, so that none is in doubt.
    /// - Returns: how many were removed.
    @discardableResult
    package func sweepVault() -> Int {
        let (found, fold): (Vault.Content?, Cases?) = recording.withLock { _ in
            guard journal.state == .ready, isWhole else { return (nil, nil) }
            return (try? vault.content(), cases.withLock { $0 })
        }
        // A line that the fold passed over may name a record too.
        guard let found, let fold, fold.anomalies.isEmpty else { return 0 }
        let named = fold.namedRecords
        let strays = found.records.filter { !named.contains($0) }
        for name in strays { try? vault.remove(name) }
        for draft in found.drafts { vault.removeDraft(draft) }
        return strays.count + found.drafts.count
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
            try payOwed()
            try check(event, case: id)
            return try write(event, case: id, who: who)
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

    // MARK: What the journal did not take

    private func owe(_ line: OwedLine, after error: CaseError) {
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

    /// What stands in the journal now is shown.
    private func show(_ event: CaseEvent, case id: CaseID?, _ receipt: Receipt) {
        cases.withLock { $0.apply(event, case: id, receipt) }
        upkeep.note(receipt.sequence)
    }
}

/// What a line would have said that the journal did not take.
private struct OwedLine: Sendable {
    let event: CaseEvent
    let caseID: CaseID?
    let who: Who
    /// Whether memory shows it already.
    var isShown = true
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
