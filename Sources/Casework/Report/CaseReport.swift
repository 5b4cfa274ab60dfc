import WorkingDays

/// Days at the counter, first and last included; open where there is none.
package struct ReportPeriod: Equatable, Sendable {
    package var from: CivilDate?
    package var to: CivilDate?
    package var zone: UTCOffset

    package init(from: CivilDate? = nil, to: CivilDate? = nil, zone: UTCOffset = .vietnam) {
        self.from = from
        self.to = to
        self.zone = zone
    }

    /// The day of a moment at the counter.
    func day(_ time: Timestamp) -> CivilDate? {
        // Rounded towards the past, before 1970 too.
        let seconds = (time.milliseconds - (time.milliseconds < 0 ? 999 : 0)) / 1000
        return TimeLabel(wallClock: seconds, at: zone)?.date
    }

    func isBefore(_ time: Timestamp) -> Bool {
        from.map { time.milliseconds < start(of: $0) } ?? false
    }

    func isBehind(_ time: Timestamp) -> Bool {
        to.map { time.milliseconds >= start(of: $0) + 86_400_000 } ?? false
    }

    /// Midnight at the counter.
    private func start(of day: CivilDate) -> Int64 {
        Int64(day.days) * 86_400_000 - Int64(zone.minutes) * 60_000
    }
}

/// What a period came to: numbers, names of bodies, and codes of reasons (lines of earlier
/// versions have reasons as officers wrote them).
package struct CaseReport: Equatable, Sendable {
    package internal(set) var period: ReportPeriod
    /// The day that open cases are held against their terms; nil where nobody knows it.
    package internal(set) var asOf: CivilDate?
    /// Said by the journal's first line; nil where that was not read.
    package internal(set) var mode: JournalMode?
    /// Lines read, those outside of the period too.
    package internal(set) var lines: Int64 = 0
    /// Lines that said something of a case that it could not come to, or could not be read.
    package internal(set) var passedOver: Int64 = 0
    /// Requests recorded within the period.
    package internal(set) var requests = 0
    package internal(set) var byKind: [CaseKind: CaseTally] = [:]
    /// By the managing body's name, as written.
    package internal(set) var byBody: [String: CaseTally] = [:]
    /// Of the cases that are refused: how many name each reason, as the journal has it.
    package internal(set) var refusals: [String: Int] = [:]
    /// Restores that the station did not begin, by its reasons.
    package internal(set) var notBegun: [String: Int] = [:]
    /// Restores begun within the period, by the token's family.
    package internal(set) var restores: [String: Counts<RestoreFate>] = [:]

    package var total: CaseTally {
        var total = CaseTally()
        for tally in byKind.values { total.add(tally) }
        return total
    }

    /// The largest first, then by name.
    package static func ranked<T>(
        _ groups: [String: T], _ size: (T) -> Int
    ) -> [(name: String, value: T)] {
        groups.map { (name: $0.key, value: $0.value) }.sorted { a, b in
            let (left, right) = (size(a.value), size(b.value))
            return left == right
                ? a.name.utf8.lexicographicallyPrecedes(b.name.utf8) : left > right
        }
    }
}
