/// What a calendar says of one day.
package struct CalendarDay: Equatable, Sendable {
    package enum Kind: Equatable, Sendable {
        /// A day of the working week.
        case working
        /// A day of weekly rest.
        case weeklyRest
        case holiday(name: String)
        /// Taken off, and made up for on another day.
        case swapped(madeUpOn: CivilDate, name: String?)
        /// Worked although it is a day of weekly rest; for which day, where the calendar says.
        case makeUp(insteadOf: CivilDate?, name: String?)

        package var isWorking: Bool {
            switch self {
            case .working, .makeUp: true
            case .weeklyRest, .holiday, .swapped: false
            }
        }
    }

    package let date: CivilDate
    package let kind: Kind
    /// What is not sure about it; nil where the calendar is sure.
    package let doubt: Doubt?

    package var isWorking: Bool { kind.isWorking }

    /// Why a day is not confirmed.
    package struct Doubt: Equatable, Sendable {
        package let remark: String
        package let source: String?

        package init(remark: String, source: String? = nil) {
            self.remark = remark
            self.source = source
        }
    }
}

/// A day a date rests on that the calendar is not sure about.
package struct DoubtfulDay: Equatable, Sendable {
    package let date: CivilDate
    package let doubt: CalendarDay.Doubt

    package init(date: CivilDate, doubt: CalendarDay.Doubt) {
        self.date = date
        self.doubt = doubt
    }
}
