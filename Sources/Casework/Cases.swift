import JSON

/// A restore that has no known end: it is running, or nobody saw how it ended.
package struct RestoreRecord: Equatable, Sendable {
    package let restore: RestoreID
    package let caseID: CaseID
    package let reader: String
    /// With the counters as they were when it began.
    package let token: TokenFacts
    package let permitExpires: Timestamp
    package let begunAt: Timestamp
    /// The number of its first line.
    package let sequence: Int64
    /// What was about to be sent, in order, with the counters just before.
    package internal(set) var intents: [RestoreIntent] = []

    /// Unblocking codes that may have gone out.
    package var unblockingSends: Int { intents.count { $0.step == .unblock } }
    /// The code that may have gone out: one permit is for one.
    package var code: String? { intents.first { $0.step == .unblock }?.code }
    /// The counters as they were last read before anything was sent.
    package var countersBefore: Counters { intents.first?.counters ?? token.counters }
}

/// The cases and restores, as the journal's lines make them: a fold, no more.
package struct Cases: Sendable {
    private(set) var files: [CaseID: CaseFile] = [:]
    /// In the order they were opened.
    private(set) var order: [CaseID] = []
    /// Begun and without an outcome.
    private(set) var running: [RestoreID: RestoreRecord] = [:]
    /// With the outcome `unknown`, until resolved.
    private(set) var unresolved: [RestoreID: RestoreRecord] = [:]
    /// Key checks without an outcome, by serial.
    private(set) var keychecks: [String: CaseID?] = [:]
    /// By serial; a token nothing is known about has none.
    private(set) var ledgers: [String: TokenLedger] = [:]
    private(set) var keys = KeySightings()
    /// Numbers of lines that said something about a case that it could not come to.
    private(set) var anomalies: [Int64] = []
    private var lastNumber: [Int: Int] = [:]

    package init() {}

    /// The id of the next case of `year`.
    func nextID(year: Int) -> CaseID {
        CaseID(year: year, number: (lastNumber[year] ?? 0) + 1)
    }

    /// Whether `event` is for the case now.
    func check(_ event: CaseEvent, case id: CaseID) throws(CaseError) {
        guard let file = files[id] else { throw .notFound(id) }
        _ = try file.state.after(event)
    }

    /// Takes one line in. A line that does not fit is passed over and noted.
    mutating func apply(_ line: JournalLine) {
        guard let kind = JournalKind.named(line.text(line.kind)) else { return }
        let event: CaseEvent?
        do throws(JSONError) {
            var reader = JSONReader(line[line.what], limits: .journal)
            event = try CaseEvent(kind, &reader)
        } catch {
            anomalies.append(line.sequence)
            return
        }
        guard let event else { return }
        apply(
            event, case: line.caseID.flatMap { CaseID(line.text($0)) },
            time: Timestamp(line[line.time]) ?? Timestamp(milliseconds: 0),
            clock: ClockState(rawValue: line.text(line.clock)) ?? .unsynced,
            sequence: line.sequence)
    }

    mutating func apply(_ event: CaseEvent, case id: CaseID?, _ receipt: Receipt) {
        apply(
            event, case: id, time: receipt.time, clock: receipt.clock, sequence: receipt.sequence)
    }

    private mutating func apply(
        _ event: CaseEvent, case id: CaseID?, time: Timestamp, clock: ClockState, sequence: Int64
    ) {
        noteKeycheck(event, id, time)
        guard let id else {
            // Only key checks are done without a case.
            if case .keycheckIntent = event { return }
            if case .keycheckOutcome = event { return }
            if case .tokenNoted(let serial) = event {
                ledgers[serial, default: TokenLedger()].statusQueryIsSafe = false
                return
            }
            return anomalies.append(sequence)
        }
        if case .opened(let opened) = event {
            return open(opened, id, time, clock, sequence)
        }
        guard var file = files[id], let next = try? file.state.after(event) else {
            return anomalies.append(sequence)
        }
        if case .keycheckOutcome(let end) = event, end.serial != file.serial { return }
        noteRestore(event, id, time, sequence)
        if case .restoreBegun(let begun) = event { file.serial = begun.token.serial }
        file.state = next
        files[id] = file
    }

    private mutating func open(
        _ opened: CaseOpened, _ id: CaseID, _ time: Timestamp, _ clock: ClockState,
        _ sequence: Int64
    ) {
        guard files[id] == nil else { return anomalies.append(sequence) }
        files[id] = CaseFile(
            id: id, requestNumber: opened.requestNumber, managingBody: opened.managingBody,
            deviceNumber: opened.deviceNumber, holder: opened.holder, openedAt: time,
            openedClock: clock, state: .open, serial: nil)
        order.append(id)
        if let (year, number) = id.parts { lastNumber[year] = max(lastNumber[year] ?? 0, number) }
    }

    private mutating func noteKeycheck(_ event: CaseEvent, _ id: CaseID?, _ time: Timestamp) {
        switch event {
        case .keycheckIntent(let intent):
            keychecks[intent.serial] = .some(id)
            ledgers[intent.serial, default: TokenLedger()].pin.sent()
        case .keycheckOutcome(let end):
            keychecks[end.serial] = nil
            if end.isProven { keys.note(end.key, in: end.serial, at: time) }
            guard var ledger = ledgers[end.serial] else { return }
            if end.isProven {
                ledger.pin.accepted()
            } else {
                ledger.pin.refused(
                    answered: end.counters?.pin, unspent: end.triesSpent == .exactly(0) ? 1 : 0)
            }
            ledgers[end.serial] = ledger == TokenLedger() ? nil : ledger
        default: break
        }
    }

    private mutating func noteRestore(
        _ event: CaseEvent, _ id: CaseID, _ time: Timestamp, _ sequence: Int64
    ) {
        switch event {
        case .restoreBegun(let begun):
            running[begun.restore] = RestoreRecord(
                restore: begun.restore, caseID: id, reader: begun.reader, token: begun.token,
                permitExpires: begun.permitExpires, begunAt: time, sequence: sequence)
        case .restoreIntent(let intent):
            running[intent.restore]?.intents.append(intent)
            if intent.step == .unblock {
                ledgers[intent.serial, default: TokenLedger()]
                    .noteUnblocking(intent.code) { $0.sent() }
            }
        case .restoreOutcome(let end):
            guard let record = running.removeValue(forKey: end.restore) else { return }
            settleLedger(record, end)
            if end.outcome == .restored { keys.note(end.key, in: record.token.serial, at: time) }
            if end.outcome == .unknown { unresolved[end.restore] = record }
        case .restoreResolved(let end):
            guard end.outcome != .unknown,
                let record = unresolved.removeValue(forKey: end.restore)
            else { return }
            settleLedger(record, end)
        default: break
        }
    }

    private mutating func settleLedger(_ record: RestoreRecord, _ end: RestoreEnd) {
        let serial = record.token.serial
        guard let code = record.code, var ledger = ledgers[serial] else { return }
        switch end.outcome {
        case .restored, .unblockedUnproven:
            ledger.noteUnblocking(code) { $0.accepted() }
            // A new PIN begins with all its tries.
            ledger.pin.accepted()
        case .refused, .failed, .unknown:
            ledger.noteUnblocking(code) {
                $0.refused(
                    answered: end.answered ?? end.counters?.unblocking,
                    unspent: end.triesSpent == .exactly(0) ? record.unblockingSends : 0)
            }
        }
        ledgers[serial] = ledger == TokenLedger() ? nil : ledger
    }
}
