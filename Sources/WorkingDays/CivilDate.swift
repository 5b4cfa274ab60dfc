/// A day of the Gregorian calendar, from 0001-01-01 to 9999-12-31, without time or zone.
package struct CivilDate: Comparable, Hashable, Sendable, CustomStringConvertible {
    /// Days since 1970-01-01.
    package let days: Int

    private init(unchecked days: Int) { self.days = days }

    package static let first = CivilDate(unchecked: -719_162)
    package static let last = CivilDate(unchecked: 2_932_896)

    /// - Parameter days: since 1970-01-01; nil where no day of these years is so far away.
    package init?(days: Int) {
        guard (CivilDate.first.days...CivilDate.last.days).contains(days) else { return nil }
        self.days = days
    }

    /// The day of that name; nil where there is none, as 2026-02-29.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month),
            (1...CivilDate.length(ofMonth: month, year: year)).contains(day)
        else { return nil }
        // Years that begin in March have the leap day at their end (eras of 400 years).
        let y = month > 2 ? year : year - 1
        let era = y / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        self.init(
            unchecked: era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100
                + dayOfYear - 719_468)
    }

    /// Reads exactly `YYYY-MM-DD` (ISO 8601-1, 5.2.2.1 b), and only a day that there is.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8.prefix(11))
        guard bytes.count == 10, bytes[4] == 0x2D, bytes[7] == 0x2D,
            let year = CivilDate.number(bytes[0..<4]), let month = CivilDate.number(bytes[5..<7]),
            let day = CivilDate.number(bytes[8..<10])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// Up to nine decimal digits; nil for anything else.
    static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard (1...9).contains(digits.count) else { return nil }
        var value = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            value = value * 10 + Int(digit & 0x0F)
        }
        return value
    }

    package static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Year, month (from 1) and day of the month (from 1).
    package var parts: (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let m = (5 * dayOfYear + 2) / 153
        let month = m < 10 ? m + 3 : m - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * m + 2) / 5 + 1)
    }

    package var weekday: Weekday {
        // 0001-01-01 was a Monday.
        Weekday.allCases[(days - CivilDate.first.days) % 7]
    }

    /// The day so many days later, or earlier; nil beyond the years that there are.
    package func adding(_ count: Int) -> CivilDate? {
        let (sum, isTooFar) = days.addingReportingOverflow(count)
        return isTooFar ? nil : CivilDate(days: sum)
    }

    package static func < (a: CivilDate, b: CivilDate) -> Bool { a.days < b.days }

    /// `YYYY-MM-DD`.
    package var description: String {
        let (year, month, day) = parts
        return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2)
    }
}

/// A number with zeros in front.
func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(width - digits.count, 0)) + digits
}

/// A day of the week, Monday first (ISO 8601).
package enum Weekday: String, CaseIterable, Hashable, Sendable {
    case monday = "Mon"
    case tuesday = "Tue"
    case wednesday = "Wed"
    case thursday = "Thu"
    case friday = "Fri"
    case saturday = "Sat"
    case sunday = "Sun"

    /// As Vietnamese calendars head their columns: T2 to T7, CN.
    package var vietnamese: String {
        switch self {
        case .monday: "T2"
        case .tuesday: "T3"
        case .wednesday: "T4"
        case .thursday: "T5"
        case .friday: "T6"
        case .saturday: "T7"
        case .sunday: "CN"
        }
    }

    /// `Mon` or `T2`; nil for anything else.
    package init?(named name: some StringProtocol) {
        guard
            let found = Weekday.allCases.first(where: {
                $0.rawValue == name || $0.vietnamese == name
            })
        else { return nil }
        self = found
    }
}

/// Days from one to another, both included.
package struct CivilDates: Equatable, Sendable, CustomStringConvertible {
    package let from: CivilDate
    package let to: CivilDate

    /// Nil where `to` is the earlier.
    package init?(from: CivilDate, to: CivilDate) {
        guard from <= to else { return nil }
        self.from = from
        self.to = to
    }

    package init(_ date: CivilDate) { (from, to) = (date, date) }

    package var count: Int { to.days - from.days + 1 }

    package func contains(_ date: CivilDate) -> Bool { from <= date && date <= to }

    package var all: [CivilDate] { (from.days...to.days).compactMap(CivilDate.init(days:)) }

    /// `2026-02-16..2026-02-20`, or one day.
    package var description: String { from == to ? "\(from)" : "\(from)..\(to)" }
}
