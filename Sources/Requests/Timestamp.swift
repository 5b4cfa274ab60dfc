/// A wall-clock time to the millisecond, written as RFC 3339 in UTC.
package struct Timestamp: Comparable, Hashable, Sendable, CustomStringConvertible {
    /// Since 1970-01-01T00:00:00Z; kept within the years 0000 to 9999.
    package let milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = min(max(milliseconds, Timestamp.earliest), Timestamp.latest)
    }

    private static let earliest: Int64 = -62_167_219_200_000
    private static let latest: Int64 = 253_402_300_799_999

    package static func < (a: Timestamp, b: Timestamp) -> Bool { a.milliseconds < b.milliseconds }

    /// Year, month and day at a fixed distance from UTC.
    package func date(minutesEast: Int64 = 0) -> (year: Int, month: Int, day: Int) {
        let local = milliseconds + minutesEast * 60_000
        return Timestamp.date(day: Timestamp.floor(local, 86_400_000))
    }

    /// `2026-11-21T03:40:00.123Z`.
    package var description: String { String(decoding: utf8, as: UTF8.self) }

    package var utf8: [UInt8] {
        let day = Timestamp.floor(milliseconds, 86_400_000)
        let rest = Int(milliseconds - day * 86_400_000)
        let (year, month, dayOfMonth) = Timestamp.date(day: day)
        var text: [UInt8] = []
        text.reserveCapacity(24)
        func put(_ value: Int, _ digits: Int, _ after: Unicode.Scalar) {
            var divisor = 1
            for _ in 1..<digits { divisor *= 10 }
            while divisor > 0 {
                text.append(0x30 + UInt8(value / divisor % 10))
                divisor /= 10
            }
            text.append(UInt8(ascii: after))
        }
        put(year, 4, "-")
        put(month, 2, "-")
        put(dayOfMonth, 2, "T")
        put(rest / 3_600_000, 2, ":")
        put(rest / 60_000 % 60, 2, ":")
        put(rest / 1000 % 60, 2, ".")
        put(rest % 1000, 3, "Z")
        return text
    }

    /// Reads exactly what `description` writes; nil for anything else, impossible dates too.
    package init?(_ text: UnsafeRawBufferPointer) {
        guard text.count == 24, text[4] == 0x2D, text[7] == 0x2D, text[10] == 0x54,
            text[13] == 0x3A, text[16] == 0x3A, text[19] == 0x2E, text[23] == 0x5A
        else { return nil }
        var areDigits = true
        func number(_ range: Range<Int>) -> Int64 {
            var value: Int64 = 0
            for i in range {
                areDigits = areDigits && text[i] >= 0x30 && text[i] <= 0x39
                value = value * 10 + Int64(text[i] & 0x0F)
            }
            return value
        }
        let (year, month, dayOfMonth) = (number(0..<4), number(5..<7), number(8..<10))
        let (hour, minute, second) = (number(11..<13), number(14..<16), number(17..<19))
        let millisecond = number(20..<23)
        guard areDigits, (1...12).contains(month), (1...31).contains(dayOfMonth), hour < 24,
            minute < 60, second < 60
        else { return nil }
        let day = Timestamp.day(year: year, month: month, day: dayOfMonth)
        let back = Timestamp.date(day: day)
        guard back.month == Int(month), back.day == Int(dayOfMonth) else { return nil }
        let seconds = (day * 24 + hour) * 3600 + minute * 60 + second
        self.init(milliseconds: seconds * 1000 + millisecond)
    }

    package init?(_ text: String) {
        var text = text
        let found = text.withUTF8 { Timestamp(UnsafeRawBufferPointer($0)) }
        guard let found else { return nil }
        self = found
    }

    private static func floor(_ a: Int64, _ b: Int64) -> Int64 {
        a >= 0 ? a / b : (a - b + 1) / b
    }

    // The proleptic Gregorian calendar, counted in eras of 400 years that begin in March.
    private static func day(year: Int64, month: Int64, day: Int64) -> Int64 {
        let y = month > 2 ? year : year - 1
        let era = floor(y, 400)
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
            - 719_468
    }

    private static func date(day: Int64) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let era = floor(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let m = (5 * dayOfYear + 2) / 153
        let month = m < 10 ? m + 3 : m - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (Int(year), Int(month), Int(dayOfYear - (153 * m + 2) / 5 + 1))
    }
}
