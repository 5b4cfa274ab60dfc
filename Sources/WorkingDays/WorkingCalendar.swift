import JSON

/// Which days people work, as calendar files say it, without a gap from its first day to its
/// last.
package struct WorkingCalendar: Equatable, Sendable {
    /// What one file covers.
    struct Span: Equatable, Sendable {
        let covers: CivilDates
        let weeklyRest: Set<Weekday>
        let file: String
    }

    /// In order, each beginning on the day after the one before.
    let spans: [Span]
    /// Days that are not what their weekday says.
    let special: [CivilDate: CalendarDay.Kind]
    let doubts: [CivilDate: CalendarDay.Doubt]
    /// What is no mistake in the files, and seldom meant.
    package let notices: [FileMistake]

    /// None: it knows no day.
    package init() { self.init(spans: [], special: [:], doubts: [:]) }

    init(
        spans: [Span], special: [CivilDate: CalendarDay.Kind],
        doubts: [CivilDate: CalendarDay.Doubt], notices: [FileMistake] = []
    ) {
        self.notices = notices
        self.spans = spans
        self.special = special
        self.doubts = doubts
    }

    /// Days of one term, at most.
    package static var longestTerm: Int { 1000 }

    /// The days it knows; nil for none.
    package var covers: CivilDates? {
        guard let first = spans.first, let last = spans.last else { return nil }
        return CivilDates(from: first.covers.from, to: last.covers.to)
    }

    /// Days it is not sure about, in order.
    package var doubtful: [DoubtfulDay] {
        doubts.map { DoubtfulDay(date: $0.key, doubt: $0.value) }.sorted { $0.date < $1.date }
    }

    /// The file a day's entry is in; nil where none covers it.
    package func file(of date: CivilDate) -> String? {
        spans.first { $0.covers.contains(date) }?.file
    }

    package func day(_ date: CivilDate) throws(CalendarError) -> CalendarDay {
        guard let covers else { throw .none }
        guard let span = spans.first(where: { $0.covers.contains(date) }) else {
            throw .notCovered(date, covers: covers)
        }
        let usual: CalendarDay.Kind =
            span.weeklyRest.contains(date.weekday) ? .weeklyRest : .working
        return CalendarDay(date: date, kind: special[date] ?? usual, doubt: doubts[date])
    }

    package func isWorkingDay(_ date: CivilDate) throws(CalendarError) -> Bool {
        try day(date).isWorking
    }

    // MARK: Terms

    /// The last day of a term of so many working days.
    ///
    /// The day of receipt is not counted, whatever it is (Bộ luật Dân sự 2015, Điều 147); it
    /// need not be covered itself.
    package func due(
        receivedOn received: CivilDate, workingDays: Int
    ) throws(CalendarError) -> DueDate {
        _ = try check(workingDays)
        var left = workingDays
        return try walk(after: received) { day, _ in
            if day.isWorking { left -= 1 }
            return left == 0
        }
    }

    /// The last day of a term of so many days of the calendar: where it falls on a day of rest,
    /// the next working day (Điều 148.5).
    package func due(
        receivedOn received: CivilDate, calendarDays: Int
    ) throws(CalendarError) -> DueDate {
        let covers = try check(calendarDays)
        guard let ends = received.adding(calendarDays) else {
            throw .notCovered(.last, covers: covers)
        }
        let found = try walk(after: received) { day, date in date >= ends && day.isWorking }
        // Days in the middle count whatever they are.
        return DueDate(date: found.date, doubtful: found.doubtful.filter { $0.date >= ends })
    }

    private func check(_ days: Int) throws(CalendarError) -> CivilDates {
        guard (1...Self.longestTerm).contains(days) else { throw .termOutOfRange(days) }
        guard let covers else { throw .none }
        return covers
    }

    /// Day by day, up to the one that ends the term.
    private func walk(
        after received: CivilDate, _ isLast: (CalendarDay, CivilDate) -> Bool
    ) throws(CalendarError) -> DueDate {
        var doubtful: [DoubtfulDay] = []
        var date = received
        while true {
            guard let next = date.adding(1) else {
                throw covers.map { .notCovered(date, covers: $0) } ?? .none
            }
            date = next
            let day = try day(date)
            if let doubt = day.doubt { doubtful.append(DoubtfulDay(date: date, doubt: doubt)) }
            if isLast(day, date) { return DueDate(date: date, doubtful: doubtful) }
        }
    }
}
