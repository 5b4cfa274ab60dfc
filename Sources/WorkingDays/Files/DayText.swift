import JSON

/// Days as a calendar file writes them, and what to write where they stand there otherwise.
enum DayText {
    static func date(_ text: String) -> Understood<CivilDates> {
        if text.firstRange(of: "..") != nil || wrongRange(text) != nil {
            return .wrong("is no day that there is: one day stands here, not a range")
        }
        return switch named(text[...]) {
        case .as(let date): .as(CivilDates(date))
        case .wrong(let wrong): .wrong(wrong)
        }
    }

    /// One day or a range.
    static func dates(_ text: String) -> Understood<CivilDates> {
        if let wrong = wrongRange(text) { return .wrong(wrong) }
        guard let dots = text.firstRange(of: "..") else { return date(text) }
        switch (named(text[..<dots.lowerBound]), named(text[dots.upperBound...])) {
        case (.wrong(let wrong), _), (_, .wrong(let wrong)): return .wrong(wrong)
        case (.as(let from), .as(let to)):
            guard let dates = CivilDates(from: from, to: to) else {
                return .wrong("is reversed: \(to) is before \(from)")
            }
            guard dates.count <= CalendarDraft.mostDays else {
                return .wrong("has \(dates.count) days, more than \(CalendarDraft.mostDays)")
            }
            return .as(dates)
        }
    }

    static func weekday(_ text: String) -> Understood<Weekday> {
        if let weekday = Weekday(named: text) { return .as(weekday) }
        return .wrong("is no weekday" + (meant(text).map { ": it is written \($0)" } ?? ""))
    }

    /// `YYYY-MM-DD`, or with its weekday in front.
    private static func named(_ text: Substring) -> Understood<CivilDate> {
        let words = text.split(separator: " ", omittingEmptySubsequences: true)
        guard let last = words.last, let date = CivilDate(last) else {
            return .wrong("is no day that there is: " + written(words.last ?? ""))
        }
        guard words.count > 1 else { return .as(date) }
        let front = words.dropLast().joined(separator: " ")
        guard let weekday = Weekday(named: front) else {
            let remedy = meant(front).map { "it is written \($0)" }
            return .wrong("begins with no weekday: " + (remedy ?? "they are \(weekdays)"))
        }
        guard weekday == date.weekday else {
            return .wrong(
                "\(date) is a \(date.weekday.rawValue) (\(date.weekday.vietnamese)), not a "
                    + "\(front): change the one that the notice has otherwise")
        }
        return .as(date)
    }

    private static let weekdays = "Mon to Sun, or T2 to T7 and CN"

    // MARK: What was meant

    /// Three dots, or a dash or a word where the two dots belong.
    private static func wrongRange(_ text: String) -> String? {
        let marks = ["...", "…", " - ", "–", "—", " to ", " đến "]
        guard marks.contains(where: { text.firstRange(of: $0) != nil }) else { return nil }
        return "is no range: write two dots between its days, as 2027-09-01..2027-09-03"
    }

    /// What to write for a day that is not understood.
    private static func written(_ day: Substring) -> String {
        let parts = day.split(omittingEmptySubsequences: false) { "/.-".contains($0) }
            .map { CivilDate.number(Array($0.utf8)[...]) }
        if parts.count == 1, let year = parts[0],
            let first = CivilDate(year: year, month: 1, day: 1),
            let last = CivilDate(year: year, month: 12, day: 31), year >= 1000
        {
            return "write a whole year as \(first)..\(last)"
        }
        guard parts.count == 3, let first = parts[0], let month = parts[1], let third = parts[2]
        else { return "write it as 2027-09-03" }
        let (year, day) = first > 31 ? (first, third) : (third, first)
        if let date = CivilDate(year: year, month: month, day: day), year >= 1000 {
            return "write \(date), the year first"
        }
        guard (1...9999).contains(year), (1...12).contains(month) else {
            return "write it as 2027-09-03"
        }
        let length = CivilDate.length(ofMonth: month, year: year)
        return day > length ? "that month has \(length) days" : "write it as 2027-09-03"
    }

    /// The weekday that another way of writing means: `mon`, `Monday`, `t2`, `Thứ 2`.
    private static func meant(_ text: String) -> String? {
        let small = text.lowercased()
        if small == "chủ nhật" { return Weekday.sunday.vietnamese }
        for weekday in Weekday.allCases {
            let vietnamese = weekday.vietnamese.lowercased()
            if small == vietnamese || small == "thứ " + vietnamese.dropFirst() {
                return weekday.vietnamese
            }
            let name = weekday.rawValue.lowercased()
            if small.hasPrefix(name), small == name || small.hasSuffix("day") {
                return weekday.rawValue
            }
        }
        return nil
    }
}
