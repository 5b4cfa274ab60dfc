/// The last day of a term, and what it rests on.
package struct DueDate: Equatable, Sendable {
    /// The term ends at 24:00 of this day (Bộ luật Dân sự 2015, Điều 148.6).
    package let date: CivilDate
    /// Days of the term that the calendar is not sure about: any of them, decided otherwise,
    /// would move the date.
    package let doubtful: [DoubtfulDay]

    package init(date: CivilDate, doubtful: [DoubtfulDay] = []) {
        self.date = date
        self.doubtful = doubtful
    }

    /// Whether every day the date rests on is sure.
    package var isConfirmed: Bool { doubtful.isEmpty }

    package enum Standing: String, Equatable, Sendable {
        case ahead, today, late
    }

    /// How the term stands on a day.
    package func standing(on today: CivilDate) -> Standing {
        today < date ? .ahead : today == date ? .today : .late
    }
}

/// Why a calendar does not answer. It never guesses.
package enum CalendarError: Error, Equatable, Sendable, CustomStringConvertible {
    /// No calendar is loaded.
    case none
    /// A day that counts lies outside of what the calendar covers.
    case notCovered(CivilDate, covers: CivilDates)
    /// A term is 1 to `longestTerm` days.
    case termOutOfRange(Int)

    package var description: String {
        switch self {
        case .none: "there is no calendar of working days"
        case .notCovered(let date, let covers):
            "the calendar of working days covers \(covers.from) to \(covers.to), not \(date): "
                + "add the file of that year"
        case .termOutOfRange(let days):
            "a term is 1 to \(WorkingCalendar.longestTerm) days, not \(days)"
        }
    }
}
