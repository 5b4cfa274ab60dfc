import JSON
import WorkingDays

/// A year of a calendar.
struct CalendarSheet: Equatable {
    let year: Int
    /// The days that are covered, in order.
    let days: [CalendarDay]

    /// - Throws: `.notCovered` where nothing of the year is.
    init(_ calendar: WorkingCalendar, year: Int) throws(CalendarError) {
        guard let covers = calendar.covers else { throw .none }
        guard let first = CivilDate(year: year, month: 1, day: 1),
            let last = CivilDate(year: year, month: 12, day: 31),
            let shown = CivilDates(from: max(first, covers.from), to: min(last, covers.to))
        else {
            throw .notCovered(
                CivilDate(year: year, month: 1, day: 1) ?? .first, covers: covers)
        }
        var days: [CalendarDay] = []
        for date in shown.all { days.append(try calendar.day(date)) }
        self.year = year
        self.days = days
    }

    var workingDays: Int { days.count { $0.isWorking } }

    /// Days that are not what their weekday says, or not confirmed.
    var remarkable: [CalendarDay] {
        days.filter { day in
            switch day.kind {
            case .working, .weeklyRest: day.doubt != nil
            case .holiday, .swapped, .makeUp: true
            }
        }
    }

    var document: JSONValue {
        [
            "year": .integer(Int64(year)),
            "from": .string(days.first?.date.description ?? ""),
            "to": .string(days.last?.date.description ?? ""),
            "working_days": .integer(Int64(workingDays)),
            "days": .array(remarkable.map(\.document)),
        ]
    }
}

extension CalendarDay {
    /// What it is, in words.
    var words: String {
        switch kind {
        case .working: "a working day"
        case .weeklyRest: "a day of rest"
        case .holiday(let name): name
        case .swapped(let other, let name):
            Self.headed(name, "off, worked on \(other) instead")
        case .makeUp(let other?, let name): Self.headed(name, "worked instead of \(other)")
        case .makeUp(nil, let name): Self.headed(name, "worked")
        }
    }

    private static func headed(_ name: String?, _ words: String) -> String {
        name.map { "\($0): \(words)" } ?? words
    }

    /// As `calendar show` marks it.
    var mark: String {
        switch kind {
        case .working: " "
        case .weeklyRest: "."
        case .holiday: "*"
        case .swapped: "-"
        case .makeUp: "+"
        }
    }

    /// For programs.
    var document: JSONValue {
        let name: String? =
            switch kind {
            case .working, .weeklyRest: nil
            case .holiday(let name): name
            case .swapped(_, let name), .makeUp(_, let name): name
            }
        let kindName =
            switch kind {
            case .working: "working"
            case .weeklyRest: "rest"
            case .holiday: "holiday"
            case .swapped: "swapped"
            case .makeUp: "make-up"
            }
        return [
            "date": .string(date.description), "weekday": .string(date.weekday.rawValue),
            "kind": .string(kindName), "working": .bool(isWorking),
            "name": name.map { .string($0) } ?? .null, "confirmed": .bool(doubt == nil),
            "remark": doubt.map { .string($0.remark) } ?? .null,
            "source": doubt?.source.map { .string($0) } ?? .null,
        ]
    }
}

/// A term and its end.
struct Term: Equatable {
    let received: CivilDate
    let due: DueDate

    var document: JSONValue {
        [
            "received": .string(received.description), "due": .string(due.date.description),
            "weekday": .string(due.date.weekday.rawValue), "confirmed": .bool(due.isConfirmed),
            "not_confirmed": .array(
                due.doubtful.map { day in
                    [
                        "date": .string(day.date.description),
                        "remark": .string(day.doubt.remark),
                        "source": day.doubt.source.map { .string($0) } ?? .null,
                    ]
                }),
        ]
    }
}
