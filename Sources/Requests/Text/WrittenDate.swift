import WorkingDays

/// A day as papers write it.
package enum WrittenDate: Equatable {
    case day(CivilDate)
    /// Of the right form, but no day of the calendar.
    case impossible
    case unreadable

    /// Reads dd/mm/yyyy, with dashes or dots too, and yyyy-mm-dd.
    package init(_ text: String) {
        let parts = text.split(
            omittingEmptySubsequences: false, whereSeparator: { "/-.".contains($0) })
        let isDigits = parts.allSatisfy {
            (1...4).contains($0.utf8.count) && $0.utf8.allSatisfy { (0x30...0x39).contains($0) }
        }
        var numbers = parts.compactMap { Int($0) }
        guard parts.count == 3, isDigits, numbers.count == 3 else {
            self = .unreadable
            return
        }
        if parts[0].utf8.count == 4 { numbers.reverse() }
        let isYear = [parts[0], parts[2]].filter { $0.utf8.count == 4 }.count == 1
        guard isYear, parts[1].utf8.count <= 2 else {
            self = .unreadable
            return
        }
        guard numbers[2] >= 1900,
            let day = CivilDate(year: numbers[2], month: numbers[1], day: numbers[0])
        else {
            self = .impossible
            return
        }
        self = .day(day)
    }
}
