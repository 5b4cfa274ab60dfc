import JSON

// What is no mistake in calendar files, and seldom meant: a person should look.

extension CalendarDraft {
    /// Days of one holiday, at most, before it is asked about: a Tết has nine with its weekends.
    static var longestHoliday: Int { 14 }

    /// Holidays that last as no holiday does.
    func longHolidays(in file: String) -> [FileMistake] {
        holidays.compactMap { row in
            guard let days = row.days, days.value.count > Self.longestHoliday else { return nil }
            return FileMistake(
                file: file, line: days.place.line, column: days.place.column,
                path: days.place.path,
                wrong: "this holiday has \(days.value.count) days: compare both its ends with the "
                    + "notice", allowed: nil)
        }
    }
}

extension WorkingCalendar {
    init(_ calendar: WorkingCalendar, notices: [FileMistake]) {
        self.init(
            spans: calendar.spans, special: calendar.special, doubts: calendar.doubts,
            notices: notices)
    }

    /// Years that are covered from their first day to their last, and in which nobody has a
    /// holiday.
    func yearsWithoutHoliday(_ files: [CalendarFile]) -> [FileMistake] {
        guard let covers else { return [] }
        var years = Set<Int>()
        for (date, kind) in special {
            if case .holiday = kind { years.insert(date.parts.year) }
        }
        return (covers.from.parts.year...covers.to.parts.year).compactMap { year in
            guard !years.contains(year),
                let first = CivilDate(year: year, month: 1, day: 1), covers.contains(first),
                let last = CivilDate(year: year, month: 12, day: 31), covers.contains(last),
                let file = files.first(where: { $0.covers.contains(first) })
            else { return nil }
            return FileMistake(
                file: file.name, line: file.place.line, column: file.place.column,
                path: file.place.path,
                wrong: "\(year) has no holiday at all: is the list of holidays missing?",
                allowed: nil)
        }
    }

    /// Of the names in a folder, those that are meant for a calendar and that their ending keeps
    /// from being read: what has a year in its name, or says that it is JSON. Files that editors
    /// and packages leave behind are not meant.
    package static func passedOver(_ names: [String]) -> [String] {
        func has(_ name: String, _ part: String) -> Bool {
            name.indices.contains { name[$0...].hasPrefix(part) }
        }
        return names.filter { name in
            let isLeftOver =
                name.hasPrefix(".") || name.hasSuffix("~") || name.hasSuffix(".bak")
                || has(name, ".dpkg-") || has(name, ".ucf-")
            let digits = name.split { !("0"..."9").contains($0) }
            let isMeant = has(name.lowercased(), "json") || digits.contains { $0.count == 4 }
            return isMeant && !isLeftOver && !name.hasSuffix(".json5")
        }.sorted().map { "\($0) is passed over: only names that end in .json5 are read" }
    }
}
