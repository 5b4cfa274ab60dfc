/// A day that there is, in the calendar of papers.
package struct PaperDay: Equatable, Hashable, Sendable {
    package let year: Int
    package let month: Int
    package let day: Int

    /// Nil for a day that there is not, or before 1900 or after 2999.
    package init?(year: Int, month: Int, day: Int) {
        guard (1900...2999).contains(year), (1...12).contains(month) else { return nil }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (1...days[month - 1]).contains(day) else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
    }

    /// 03/02/2026.
    var short: String { twoDigits(day) + "/" + twoDigits(month) + "/" + String(year) }

    /// As Nghị định 30/2020/NĐ-CP writes days, a 0 before days below 10 and before months 1 and 2.
    var long: String {
        let month = self.month < 3 ? twoDigits(self.month) : String(self.month)
        return "ngày \(twoDigits(day)) tháng \(month) năm \(year)"
    }
}

/// A minute of a day, in the time of the place.
package struct PaperMoment: Equatable, Hashable, Sendable {
    package let day: PaperDay
    package let hour: Int
    package let minute: Int

    package init?(_ day: PaperDay, hour: Int, minute: Int) {
        guard (0...23).contains(hour), (0...59).contains(minute) else { return nil }
        (self.day, self.hour, self.minute) = (day, hour, minute)
    }

    var short: String { "\(twoDigits(hour)):\(twoDigits(minute)) ngày \(day.short)" }
    var long: String { "\(twoDigits(hour)) giờ \(twoDigits(minute)) phút, \(day.long)" }
}

func twoDigits(_ number: Int) -> String {
    (0...9).contains(number) ? "0\(number)" : String(number)
}
