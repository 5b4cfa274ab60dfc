import WorkingDays

/// Terms as a report judges them: by the office's calendar, and never by a clock that nobody
/// vouches for.
struct ReportTerms: Sendable {
    let calendar: WorkingCalendar
    let period: ReportPeriod

    /// - Parameters:
    ///   - term: as it was while something was due; nil where nothing was.
    ///   - from: whether the day that the term counts from can be trusted.
    ///   - day: the day it was done, or is asked about; nil where nobody knows it.
    func standing(
        _ term: CaseTerm?, from isTrusted: Bool, on day: CivilDate?
    ) -> CaseStanding {
        let last: CivilDate
        switch term {
        case nil, .unconfirmed: return .noTerm
        case .atOnce(let from):
            guard isTrusted, let from = period.day(from) else { return .unknown }
            last = from
        case .workingDays(let count, let from):
            guard isTrusted, let from = period.day(from),
                let due = try? calendar.due(receivedOn: from, workingDays: count)
            else { return .unknown }
            last = due.date
        }
        guard let day else { return .unknown }
        return day > last ? .late : .inTime
    }

    func taken(from start: CivilDate?, to end: CivilDate?) -> TimeTaken {
        guard let start, let end else { return .unknown }
        var count = 0
        var day = start
        while day < end, TimeTaken(workingDays: count) != .longer {
            guard let next = day.adding(1), let isWorked = try? calendar.isWorkingDay(next) else {
                return .unknown
            }
            if isWorked { count += 1 }
            day = next
        }
        return TimeTaken(workingDays: count)
    }
}
