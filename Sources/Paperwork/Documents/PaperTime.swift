import WorkingDays

// Days and times as papers write them.

extension CivilDate {
    /// 03/02/2026.
    var short: String {
        let (year, month, day) = parts
        return twoDigits(day) + "/" + twoDigits(month) + "/" + String(year)
    }

    /// As Nghị định 30/2020/NĐ-CP writes days: a 0 before days below 10 and months 1 and 2.
    var long: String {
        let (year, month, day) = parts
        return
            "ngày \(twoDigits(day)) tháng \(month < 3 ? twoDigits(month) : String(month)) năm \(year)"
    }
}

extension TimeLabel {
    private var hour: String { twoDigits(secondOfDay / 3600) }
    private var minute: String { twoDigits(secondOfDay / 60 % 60) }

    /// 14:05 ngày 03/02/2026.
    var short: String { "\(hour):\(minute) ngày \(date.short)" }
    var long: String { "\(hour) giờ \(minute) phút, \(date.long)" }
}

/// A count as papers write it, with a 0 before a single digit.
func twoDigits(_ number: Int) -> String {
    (0...9).contains(number) ? "0\(number)" : String(number)
}
