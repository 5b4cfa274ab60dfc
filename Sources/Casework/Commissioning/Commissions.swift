/// Steps of commissionings that have no outcome yet, and which profiles were written here: a fold
/// over the journal's lines, no more.
struct Commissions: Sendable {
    /// Steps without an outcome, by the token's serial.
    private var steps: [String: CommissionIntent] = [:]
    /// Numbers of the lines that say so of a profile's content, by its SHA-256.
    private var sealed: [String: [Int64]] = [:]

    var open: [CommissionIntent] { Array(steps.values) }

    /// - Parameter sha256: of a profile's content, lower-case hex.
    func lines(sealing sha256: String) -> [Int64] { sealed[sha256] ?? [] }

    /// Takes an event in, and what it says of a token's codes.
    /// - Returns: whether the event is of a commissioning, which has no case.
    mutating func note(
        _ event: CaseEvent, _ sequence: Int64, _ ledgers: inout [TokenName: TokenLedger]
    ) -> Bool {
        switch event {
        case .commissionBegun: break
        case .commissionIntent(let intent):
            steps[intent.serial] = intent
            ledgers[intent.token, default: TokenLedger()].note(intent.code) { $0.sent() }
        case .commissionOutcome(let end):
            guard let intent = steps.removeValue(forKey: end.serial) else { break }
            Commissions.settle(&ledgers, intent, end)
        case .profileSealed(let profile): sealed[profile.sha256, default: []].append(sequence)
        default: return false
        }
        return true
    }

    private static func settle(
        _ ledgers: inout [TokenName: TokenLedger], _ intent: CommissionIntent, _ end: CommissionEnd
    ) {
        guard var ledger = ledgers[intent.token] else { return }
        if end.outcome == .done, end.step != .block {
            ledger.note(intent.code) { $0.accepted() }
            ledger.pin.accepted()
        } else {
            let left =
                intent.code == CommissionIntent.pin ? end.counters.pin : end.counters.unblocking
            ledger.note(intent.code) {
                $0.refused(answered: left, unspent: end.triesSpent == .exactly(0) ? 1 : 0)
            }
        }
        ledgers[intent.token] = ledger == TokenLedger() ? nil : ledger
    }
}

extension Commissions: Snapshotted {
    func write(to snapshot: SnapshotWriter) {
        snapshot.put(steps.values.sorted { $0.serial < $1.serial })
        snapshot.put(sealed.sorted { $0.key < $1.key }) { sha256, lines in
            snapshot.put(sha256)
            snapshot.put(lines) { snapshot.put($0) }
        }
    }

    init(reading snapshot: inout SnapshotReader) throws(SnapshotError) {
        for step in try snapshot.array(CommissionIntent.self) { steps[step.serial] = step }
        for _ in 0..<(try snapshot.count()) {
            sealed[try snapshot.string()] = try snapshot.array { (reader) throws(SnapshotError) in
                try reader.integer()
            }
        }
    }
}
