/// How a case came into a period.
package enum CaseOrigin: String, Hashable, Sendable, CaseIterable {
    /// It was there before, and not done.
    case carriedOver = "carried-over"
    /// Its request was recorded within.
    case received
    /// It was done before, and taken up again within: a refused device, tried once more.
    case reopened
}

/// How a case stands to its due date.
package enum CaseStanding: String, Hashable, Sendable, CaseIterable {
    case inTime = "in-time"
    case late
    /// Nothing was due: its request was never valid, or no source names a term.
    case noTerm = "no-term"
    /// The calendar does not reach that far, or nobody vouches for the clock.
    case unknown
}

/// Working days from the day the request was valid, which is not counted, to the day the case was
/// done.
package enum TimeTaken: String, Hashable, Sendable, CaseIterable {
    case sameDay = "0"
    case oneDay = "1"
    case twoDays = "2"
    case upToFive = "3-5"
    case upToTen = "6-10"
    case longer = "11+"
    /// Never valid, or as in `CaseStanding.unknown`.
    case unknown

    init(workingDays: Int) {
        switch workingDays {
        case ..<1: self = .sameDay
        case 1: self = .oneDay
        case 2: self = .twoDays
        case 3...5: self = .upToFive
        case 6...10: self = .upToTen
        default: self = .longer
        }
    }
}

/// The cases of a period, counted in every way that a report shows. Each way adds up to the
/// same: what came in is what is done and what is open, by stage as by standing.
package struct CaseTally: Equatable, Sendable {
    package private(set) var origins = Counts<CaseOrigin>()
    /// A case that was closed behind what it came to counts as what it came to.
    package private(set) var stages = Counts<CaseStage>()
    package private(set) var done = Counts<CaseStanding>()
    package private(set) var open = Counts<CaseStanding>()
    /// Of those that are done.
    package private(set) var taken = Counts<TimeTaken>()
    /// Of those that are done, whose notice was not recorded yet.
    package private(set) var awaitingNotice = 0

    package var total: Int { origins.total }

    package init() {}

    mutating func add(_ other: CaseTally) {
        origins.add(other.origins)
        stages.add(other.stages)
        done.add(other.done)
        open.add(other.open)
        taken.add(other.taken)
        awaitingNotice += other.awaitingNotice
    }

    mutating func addDone(
        _ origin: CaseOrigin, _ stage: CaseStage, _ standing: CaseStanding, _ time: TimeTaken,
        awaitsNotice: Bool
    ) {
        origins.add(origin)
        stages.add(stage)
        done.add(standing)
        taken.add(time)
        if awaitsNotice { awaitingNotice += 1 }
    }

    mutating func addOpen(_ origin: CaseOrigin, _ stage: CaseStage, _ standing: CaseStanding) {
        origins.add(origin)
        stages.add(stage)
        open.add(standing)
    }
}

/// What became of restores that were begun.
package enum RestoreFate: String, Hashable, Sendable, CaseIterable {
    case restored
    case unblockedUnproven = "unblocked-unproven"
    case refused
    case failed
    case unknown
    case running

    init(_ outcome: RestoreOutcome) {
        switch outcome {
        case .restored: self = .restored
        case .unblockedUnproven: self = .unblockedUnproven
        case .refused: self = .refused
        case .failed: self = .failed
        case .unknown: self = .unknown
        }
    }
}
