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

    /// Takes what is about to be sent; the token that it is for.
    fileprivate mutating func note(_ intent: RestoreIntent) -> TokenName {
        intents.append(intent)
        return token.name
    }

    /// Unblocking codes that may have gone out.
    package var unblockingSends: Int { intents.count { $0.step == .unblock } }
    /// The code that may have gone out: one permit is for one.
    package var code: String? { intents.first { $0.step == .unblock }?.code }
    /// The counters as they were last read before anything was sent.
    package var countersBefore: Counters { intents.first?.counters ?? token.counters }
}

/// The cases and restores, as the journal's lines make them: a fold, no more.
package struct Cases: Sendable {
    private(set) var requests = RecordTable<RequestFile>()
    private(set) var files = RecordTable<CaseFile>()
    /// Places of those that something is still to be done for: at the device, or by a notice.
    private(set) var pending: Set<Int> = []
    /// Begun and without an outcome.
    private(set) var running: [RestoreID: RestoreRecord] = [:]
    /// With the outcome `unknown`, until resolved.
    private(set) var unresolved: [RestoreID: RestoreRecord] = [:]
    /// Key checks without an outcome.
    private(set) var keychecks: [TokenName: CaseID?] = [:]
    /// A token nothing is known about has none.
    private(set) var ledgers: [TokenName: TokenLedger] = [:]
    private(set) var keys = KeySightings()
    private(set) var commissions = Commissions()
    /// Numbers of lines that said something about a case that it could not come to.
    private(set) var anomalies: [Int64] = []
    private(set) var foreign = ForeignLines()
    /// Records of the vault that no request names any more. They stand in no snapshot: whoever
    /// writes one sees that they are gone.
    private(set) var obsolete: [Commitment] = []
    private var lastNumber: [Int: Int] = [:]
    private var lastRequest: [Int: Int] = [:]

    package init() {}

    /// The ids of the next `count` cases of `year`.
    func nextIDs(_ count: Int, year: Int) -> [CaseID] {
        let last = lastNumber[year] ?? 0
        return (1...max(count, 1)).map { CaseID(year: year, number: last + $0) }
    }

    func nextRequest(year: Int) -> RequestID {
        RequestID(year: year, number: (lastRequest[year] ?? 0) + 1)
    }

    /// Records of the vault that lines name, without those that were removed since.
    var namedRecords: Set<Commitment> {
        var names = Set<Commitment>()
        for request in requests { if let name = request.personal { names.insert(name) } }
        for file in files { for text in file.written { names.insert(text.name) } }
        return names
    }

    /// Whether `event` is for the case now.
    func check(_ event: CaseEvent, case id: CaseID) throws(CaseError) {
        guard let file = files[id] else { throw .notFound(id) }
        if case .recorded = event, file.kind == .handOver, !file.keyIsProven {
            throw .keyNotProven
        }
        _ = try file.state(after: event)
    }

    /// Takes one line in. A line that does not fit is passed over and noted.
    mutating func apply(_ line: CaseLine) {
        switch line.content {
        case .event(let event):
            apply(
                event, case: line.caseID, time: line.time, clock: line.clock,
                sequence: line.sequence)
        case .mention: mention(line.caseID, line.sequence)
        case .misshapen: anomalies.append(line.sequence)
        case .foreign: foreign.note(line.sequence)
        }
    }

    /// A line about a case that changes nothing of it.
    mutating func mention(_ id: CaseID?, _ sequence: Int64) {
        guard let id else { return }
        guard let place = files.place(of: id) else { return anomalies.append(sequence) }
        files.change(place) { $0.lines.append(sequence) }
    }

    mutating func apply(_ event: CaseEvent, case id: CaseID?, _ receipt: Receipt) {
        apply(
            event, case: id, time: receipt.time, clock: receipt.clock, sequence: receipt.sequence)
    }

    private mutating func apply(
        _ event: CaseEvent, case id: CaseID?, time: Timestamp, clock: ClockState, sequence: Int64
    ) {
        // By the kind first: looking into an event copies what it holds, and a start has a million.
        let kind = event.kind
        switch kind {
        case .commissionBegun, .commissionIntent, .commissionOutcome, .profileSealed:
            _ = commissions.note(event, sequence, &ledgers)
            return
        case .requestReceived, .requestCompleted, .personalRemoved, .tokenNoted:
            if takeRequest(event, id, time, clock, sequence) { return }
        case .keycheckIntent, .keycheckOutcome:
            noteKeycheck(event, id, time)
            if id == nil { return }
        default: break
        }
        guard let id, let place = files.place(of: id) else { return anomalies.append(sequence) }
        switch change(place, { $0.take(event, at: time, clock, line: sequence) }) {
        case .unfit: return anomalies.append(sequence)
        case .ofAnotherToken: return
        case .taken: break
        }
        switch kind {
        case .restoreBegun, .restoreIntent, .restoreOutcome, .restoreResolved:
            noteRestore(event, id, time, sequence)
        default: break
        }
    }

    /// Takes in what is of a request or of no case.
    /// - Returns: false where it is of a case.
    private mutating func takeRequest(
        _ event: CaseEvent, _ id: CaseID?, _ time: Timestamp, _ clock: ClockState,
        _ sequence: Int64
    ) -> Bool {
        switch event {
        case .received(let paper): receive(paper, time, clock, sequence)
        case .completed(let paper): complete(paper, time, clock, sequence)
        case .personalRemoved(let request): removePersonal(of: request, sequence)
        case .tokenNoted(let token) where id == nil:
            ledgers[token, default: TokenLedger()].statusQueryIsSafe = false
        default: return false
        }
        return true
    }

    private mutating func removePersonal(of request: RequestID, _ sequence: Int64) {
        guard let place = requests.place(of: request) else { return anomalies.append(sequence) }
        if let personal = requests[place: place].personal { obsolete.append(personal) }
        requests[place: place].personal = nil
        for case_ in requests[place: place].cases.compactMap(files.place(of:)) {
            obsolete += files[place: case_].written.map(\.name)
            files[place: case_].written = []
        }
    }

    private mutating func change<R>(_ place: Int, _ body: (inout CaseFile) -> R) -> R {
        let (was, result, isNow) = files.change(place) { file in
            (file.isPending, body(&file), file.isPending)
        }
        if was && !isNow { pending.remove(place) }
        if isNow && !was { pending.insert(place) }
        return result
    }

    private mutating func add(_ file: CaseFile) {
        if file.isPending { pending.insert(files.count) }
        files.add(file)
    }

    private mutating func receive(
        _ paper: RequestReceived, _ time: Timestamp, _ clock: ClockState, _ sequence: Int64
    ) {
        guard requests.place(of: paper.request) == nil,
            paper.rows.allSatisfy({ files.place(of: $0.caseID) == nil })
        else { return anomalies.append(sequence) }
        requests.add(RequestFile(paper, at: time, clock))
        if let (year, number) = paper.request.parts {
            lastRequest[year] = max(lastRequest[year] ?? 0, number)
        }
        for (index, row) in paper.rows.enumerated() {
            add(CaseFile(paper, row: index, at: time, clock, line: sequence))
            if let (year, number) = row.caseID.parts {
                lastNumber[year] = max(lastNumber[year] ?? 0, number)
            }
        }
    }

    private mutating func complete(
        _ paper: RequestCompleted, _ time: Timestamp, _ clock: ClockState, _ sequence: Int64
    ) {
        guard let place = requests.place(of: paper.request),
            paper.deviceNumbers.count == requests[place: place].cases.count
        else { return anomalies.append(sequence) }
        if let old = requests[place: place].personal { obsolete.append(old) }
        let before = requests[place: place]
        requests[place: place].earlier.append(
            .init(
                number: before.number, managingBody: before.managingBody,
                received: before.received,
                deviceNumbers: before.cases.map { files[$0]?.deviceNumber ?? "" }))
        requests[place: place].take(paper, at: time)
        let request = requests[place: place]
        for (id, deviceNumber) in zip(request.cases, paper.deviceNumbers) {
            // A row that was refused, routed or closed meanwhile stays so.
            guard let place = files.place(of: id),
                let next = try? files[place: place].state(after: .completed(paper))
            else { continue }
            change(place) { file in
                file.deviceNumber = deviceNumber
                file.learn(.completed(paper), at: time, clock)
                file.come(to: next, at: time, clock)
                file.lines.append(sequence)
            }
        }
    }

    private mutating func noteKeycheck(_ event: CaseEvent, _ id: CaseID?, _ time: Timestamp) {
        switch event {
        case .keycheckIntent(let intent):
            keychecks[intent.token] = .some(id)
            ledgers[intent.token, default: TokenLedger()].pin.sent()
        case .keycheckOutcome(let end):
            keychecks[end.token] = nil
            if end.isProven { keys.note(end.key, in: end.serial, at: time) }
            guard var ledger = ledgers[end.token] else { return }
            if end.isProven {
                ledger.pin.accepted()
            } else {
                ledger.pin.refused(
                    answered: end.counters?.pin, unspent: end.triesSpent == .exactly(0) ? 1 : 0)
            }
            ledgers[end.token] = ledger == TokenLedger() ? nil : ledger
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
            if let token = running[intent.restore]?.note(intent), intent.step == .unblock {
                ledgers[token, default: TokenLedger()]
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
        let token = record.token.name
        guard let code = record.code, let place = ledgers.index(forKey: token) else { return }
        var ledger = ledgers.values[place]
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
        if ledger == TokenLedger() {
            ledgers.remove(at: place)
        } else {
            ledgers.values[place] = ledger
        }
    }
}

/// Lines of kinds that this version does not know: a later one wrote them, and nobody here can say
/// what they name.
package struct ForeignLines: Equatable, Sendable {
    package private(set) var count = 0
    /// The number of the first.
    package private(set) var first: Int64 = 0

    mutating func note(_ line: Int64) {
        if count == 0 { first = line }
        count += 1
    }
}

// MARK: As they stand in a snapshot

extension ForeignLines: Snapshotted {
    func write(to snapshot: SnapshotWriter) {
        snapshot.put(count)
        snapshot.put(first)
    }

    init(reading snapshot: inout SnapshotReader) throws(SnapshotError) {
        count = try snapshot.number()
        first = try snapshot.integer()
    }
}

extension RestoreRecord: Snapshotted {
    func write(to snapshot: SnapshotWriter) {
        snapshot.put(restore)
        snapshot.put(caseID)
        snapshot.put(shared: reader)
        snapshot.put(token)
        snapshot.put(permitExpires)
        snapshot.put(begunAt)
        snapshot.put(sequence)
        snapshot.put(intents)
    }

    init(reading snapshot: inout SnapshotReader) throws(SnapshotError) {
        restore = try snapshot.string()
        caseID = try snapshot.value()
        reader = try snapshot.sharedString()
        token = try snapshot.value()
        permitExpires = try snapshot.time()
        begunAt = try snapshot.time()
        sequence = try snapshot.integer()
        intents = try snapshot.array()
    }
}

extension Cases {
    /// The same fold writes the same bytes, whatever order its tables keep: `FoldProof` stands on
    /// that.
    func write(to snapshot: SnapshotWriter) {
        requests.write(to: snapshot)
        files.write(to: snapshot)
        snapshot.put(running.values.sorted { $0.sequence < $1.sequence })
        snapshot.put(unresolved.values.sorted { $0.sequence < $1.sequence })
        snapshot.put(keychecks.sorted { $0.key < $1.key }) { token, id in
            snapshot.put(token)
            snapshot.put(id)
        }
        snapshot.put(ledgers.sorted { $0.key < $1.key }) { token, ledger in
            snapshot.put(token)
            snapshot.put(ledger)
        }
        snapshot.put(keys)
        snapshot.put(commissions)
        snapshot.put(anomalies) { snapshot.put($0) }
        snapshot.put(foreign)
        for numbers in [lastNumber, lastRequest] {
            snapshot.put(numbers.sorted { $0.key < $1.key }) { year, number in
                snapshot.put(year)
                snapshot.put(number)
            }
        }
    }

    /// Requests and cases are read when they are asked for, or by `takeOverStored`.
    init(reading snapshot: inout SnapshotReader) throws(SnapshotError) {
        let skim = SnapshotSkim(
            requests: try snapshot.sections(), files: try snapshot.sections())
        skim.startHelper()
        do throws(SnapshotError) {
            try readRest(&snapshot)
        } catch {
            skim.stop()
            throw error
        }
        let (storedRequests, storedFiles) = try skim.finish()
        requests = RecordTable(storedRequests)
        files = RecordTable(storedFiles)
        for (index, block) in storedFiles.enumerated() {
            for place in block.pending {
                pending.insert(index * RecordTable<CaseFile>.blockSize + place)
            }
        }
    }

    /// What may still be to be read of a snapshot.
    var stored: ([StoredBlock<RequestFile>], [StoredBlock<CaseFile>]) {
        (requests.stored, files.stored)
    }

    /// Makes what was read of a snapshot the tables' own.
    mutating func takeOverStored() {
        requests.takeOver()
        files.takeOver()
    }

    /// Makes what the lines make of them the tables' own, instead of reading it from the snapshot.
    /// - Parameter proven: the fold that the snapshot was found to be.
    mutating func takeOverStored(from proven: Cases) {
        requests.takeOver(from: proven.requests)
        files.takeOver(from: proven.files)
    }

    /// What stands behind requests and cases.
    private mutating func readRest(_ snapshot: inout SnapshotReader) throws(SnapshotError) {
        for record in try snapshot.array(RestoreRecord.self) { running[record.restore] = record }
        for record in try snapshot.array(RestoreRecord.self) {
            unresolved[record.restore] = record
        }
        for _ in 0..<(try snapshot.count()) {
            keychecks[try snapshot.value()] = .some(try snapshot.optional())
        }
        for _ in 0..<(try snapshot.count()) {
            ledgers[try snapshot.value()] = try snapshot.value()
        }
        keys = try snapshot.value()
        commissions = try snapshot.value()
        anomalies = try snapshot.array { (reader) throws(SnapshotError) in
            try reader.integer()
        }
        foreign = try snapshot.value()
        lastNumber = try Cases.numbers(&snapshot)
        lastRequest = try Cases.numbers(&snapshot)
    }

    private static func numbers(
        _ snapshot: inout SnapshotReader
    ) throws(SnapshotError) -> [Int: Int] {
        var numbers: [Int: Int] = [:]
        for _ in 0..<(try snapshot.count()) {
            numbers[try snapshot.number()] = try snapshot.number()
        }
        return numbers
    }
}
