import JSON

/// What one line of the journal says of a case, without what lies in the vault.
package struct CaseHappening: Equatable, Sendable {
    package let sequence: Int64
    package let time: Timestamp
    package let clock: ClockState
    package let kind: JournalKind
    package let who: Who
    /// How a restore or a key check ended.
    package private(set) var outcome: String?
    /// Codes of reasons.
    package private(set) var reasons: [String] = []
    /// Tries of the unblocking code, and of the PIN.
    package private(set) var unblockingSpent: TriesSpent?
    package private(set) var pinSpent: TriesSpent?
    /// Whom a notice went to, or whose the case is now.
    package private(set) var addressee: String?
    /// Which restore the line is of.
    package private(set) var restore: RestoreID?

    /// - Parameter row: the case's row of its request, from 0.
    /// - Throws: `.broken` for a line that does not say what its kind must.
    init(_ entry: JournalEntry, _ kind: JournalKind, row: Int) throws(JournalError) {
        sequence = entry.sequence
        time = entry.time
        clock = entry.clock
        self.kind = kind
        who = entry.who
        do throws(JSONError) {
            let event = try WhatReader.over(entry.whatBytes) { (what) throws(JSONError) in
                try CaseEvent(kind, &what)
            }
            if let event {
                take(event, row)
            } else {
                (reasons, restore) = try CaseHappening.mention(entry.whatBytes)
            }
        } catch {
            throw JournalError(
                .broken(line: sequence), "line \(sequence) does not say what it must: \(error)")
        }
    }

    /// Whether a finding's code, as `devices[0].mail:mail-private`, is of this row or of the whole
    /// request.
    private static func isFinding(_ code: String, ofRow row: Int) -> Bool {
        !code.hasPrefix("devices[") || code.hasPrefix("devices[\(row)].")
    }

    private mutating func take(_ event: CaseEvent, _ row: Int) {
        switch event {
        case .received(let paper):
            reasons = paper.missing.filter { CaseHappening.isFinding($0, ofRow: row) }
        case .completed(let paper):
            reasons = paper.missing.filter { CaseHappening.isFinding($0, ofRow: row) }
        case .routed(let carrier): addressee = carrier.rawValue
        case .noticeSent(let whom, _): addressee = whom.rawValue
        case .refused(let codes, _): reasons = codes
        case .restoreBegun(let begun):
            restore = begun.restore
            reasons = begun.compared
        case .restoreIntent(let intent): restore = intent.restore
        case .restoreOutcome(let end), .restoreResolved(let end):
            restore = end.restore
            outcome = end.outcome.rawValue
            reasons = end.reasons
            unblockingSpent = end.triesSpent
            pinSpent = end.pinTriesSpent
        case .keycheckIntent(let intent): reasons = intent.compared
        case .keycheckOutcome(let end):
            outcome = end.isProven ? "proven" : "not-proven"
            reasons = end.reasons
            pinSpent = end.triesSpent
        case .recorded, .closed, .personalRemoved, .tokenNoted: break
        case .commissionBegun, .commissionIntent, .commissionOutcome, .profileSealed: break
        }
    }

    /// What a line says that only mentions a case.
    private static func mention(
        _ what: ArraySlice<UInt8>
    ) throws(JSONError) -> (reasons: [String], restore: RestoreID?) {
        try WhatReader.over(what) { (reader) throws(JSONError) in
            var reasons: [String] = []
            var restore: RestoreID?
            try reader.fields { (field, reader) throws(JSONError) in
                switch field {
                case .reasons: reasons = try reader.strings()
                case .restore: restore = try reader.string()
                default: return false
                }
                return true
            }
            return (reasons, restore)
        }
    }
}

/// What happened in a case, in order.
package struct CaseHistory: Equatable, Sendable {
    /// So many lines of it are read at most: the newest.
    package static let most = 200

    package let happenings: [CaseHappening]
    /// Lines before those that were left out.
    package let earlier: Int
}

extension CaseBook {
    /// Reads the lines of a case from the journal's file; nil where there is no such case.
    ///
    /// Each line is looked for from one of the places that the journal keeps, at most 1023 lines
    /// before it.
    package func history(of id: CaseID) throws(JournalError) -> CaseHistory? {
        guard let file = file(id) else { return nil }
        let numbers = file.lines.suffix(CaseHistory.most)
        var happenings: [CaseHappening] = []
        for number in numbers {
            var reader = try journal.lines(from: number)
            guard let entry = try reader.next()?.entry, let kind = entry.kind else {
                throw JournalError(.broken(line: number), "line \(number) is no line of a case")
            }
            happenings.append(try CaseHappening(entry, kind, row: file.row))
        }
        return CaseHistory(happenings: happenings, earlier: file.lines.count - numbers.count)
    }
}
