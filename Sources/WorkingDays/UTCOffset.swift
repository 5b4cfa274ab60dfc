/// How far an office's clock is ahead of UTC, all year round: the zone of a country without
/// summer time.
package struct UTCOffset: Hashable, Sendable, CustomStringConvertible {
    /// Less than a day either way.
    package let minutes: Int

    /// +07:00, without summer time.
    package static let vietnam = UTCOffset(minutes: 420)

    private init(minutes: Int) { self.minutes = minutes }

    /// Reads exactly `+hh:mm` or `-hh:mm`, up to 15:59 (RFC 3339 writes them so).
    package init?(_ text: String) {
        let bytes = Array(text.utf8.prefix(7))
        guard bytes.count == 6, bytes[0] == 0x2B || bytes[0] == 0x2D, bytes[3] == 0x3A,
            let hours = CivilDate.number(bytes[1..<3]), hours < 16,
            let minutes = CivilDate.number(bytes[4..<6]), minutes < 60
        else { return nil }
        self.minutes = (hours * 60 + minutes) * (bytes[0] == 0x2B ? 1 : -1)
    }

    package var description: String {
        let size = abs(minutes)
        return (minutes < 0 ? "-" : "+") + padded(size / 60, 2) + ":" + padded(size % 60, 2)
    }
}

/// Date and time of day as a clock in the office shows them; what a document system stamps on
/// what comes in.
package struct TimeLabel: Comparable, Hashable, Sendable, CustomStringConvertible {
    package let date: CivilDate
    /// 0 to 86399.
    package let secondOfDay: Int

    /// - Returns: nil where that day has no such second.
    package init?(date: CivilDate, hour: Int = 0, minute: Int = 0, second: Int = 0) {
        guard (0..<24).contains(hour), (0..<60).contains(minute), (0..<60).contains(second) else {
            return nil
        }
        self.date = date
        secondOfDay = hour * 3600 + minute * 60 + second
    }

    /// - Parameter wallClock: seconds since 1970-01-01T00:00:00Z; nil beyond the years that
    ///   there are.
    package init?(wallClock: Int64, at offset: UTCOffset) {
        let (local, isTooFar) = wallClock.addingReportingOverflow(Int64(offset.minutes) * 60)
        guard !isTooFar else { return nil }
        let (days, second) = local.quotientAndRemainder(dividingBy: 86_400)
        let isBefore = second < 0
        guard let date = CivilDate(days: Int(isBefore ? days - 1 : days)) else { return nil }
        self.date = date
        secondOfDay = Int(isBefore ? second + 86_400 : second)
    }

    /// Reads exactly `YYYY-MM-DD hh:mm` or `YYYY-MM-DD hh:mm:ss`; a T may stand for the space.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8.prefix(20))
        guard bytes.count == 16 || bytes.count == 19, bytes[10] == 0x20 || bytes[10] == 0x54,
            bytes[13] == 0x3A, bytes.count == 16 || bytes[16] == 0x3A,
            let date = CivilDate(String(decoding: bytes[..<10], as: UTF8.self)),
            let hour = CivilDate.number(bytes[11..<13]),
            let minute = CivilDate.number(bytes[14..<16]),
            let second = bytes.count == 16 ? 0 : CivilDate.number(bytes[17..<19])
        else { return nil }
        self.init(date: date, hour: hour, minute: minute, second: second)
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    package func wallClock(at offset: UTCOffset) -> Int64 {
        Int64(date.days) * 86_400 + Int64(secondOfDay) - Int64(offset.minutes) * 60
    }

    package static func < (a: TimeLabel, b: TimeLabel) -> Bool {
        (a.date, a.secondOfDay) < (b.date, b.secondOfDay)
    }

    /// `YYYY-MM-DD hh:mm:ss`.
    package var description: String {
        "\(date) " + padded(secondOfDay / 3600, 2) + ":" + padded(secondOfDay / 60 % 60, 2) + ":"
            + padded(secondOfDay % 60, 2)
    }
}

extension CivilDate {
    /// The day in the office at a moment.
    /// - Parameter wallClock: seconds since 1970-01-01T00:00:00Z; nil beyond the years that
    ///   there are.
    package init?(wallClock: Int64, at offset: UTCOffset) {
        guard let label = TimeLabel(wallClock: wallClock, at: offset) else { return nil }
        self = label.date
    }
}
