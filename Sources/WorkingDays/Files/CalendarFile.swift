import JSON

/// A calendar file that is right by itself.
package struct CalendarFile: Equatable, Sendable {
    package let name: String
    package let title: String
    package let covers: CivilDates
    /// Where `covers` stands.
    let place: FilePlace
    let weeklyRest: Set<Weekday>
    let special: [CivilDate: CalendarDay.Kind]
    let doubts: [CivilDate: CalendarDay.Doubt]
    /// What is no mistake, and seldom meant.
    package let notices: [FileMistake]

    /// Longest file that is read, in bytes.
    package static var longest: Int { 64 * 1024 }

    /// Reads one file.
    /// - Returns: what it says, or every mistake that was found, in the order of the file.
    package static func parse(
        _ bytes: [UInt8], name: String
    ) -> (file: CalendarFile?, mistakes: [FileMistake]) {
        var reader = FileReader(CalendarKey.keys)
        var draft: CalendarDraft?
        do throws(JSONError) {
            let limits = JSONLimits(depth: 4, length: longest, stringLength: 4096, keys: 32)
            draft = try JSONReader.over(bytes, dialect: .configuration, limits: limits) {
                (json) throws(JSONError) in
                try CalendarDraft(&json, &reader)
            }
        } catch {
            reader.note(error)
        }
        var file: CalendarFile?
        if let draft, let covers = draft.covers {
            var sheet = YearSheet(covers: covers.value, weeklyRest: draft.weeklyRest)
            sheet.enter(draft, &reader)
            file = CalendarFile(
                name: name, title: draft.title ?? "", covers: covers.value, place: covers.place,
                weeklyRest: draft.weeklyRest, special: sheet.special, doubts: sheet.doubts,
                notices: draft.longHolidays(in: name))
        }
        let mistakes = reader.mistakes(in: name)
        return (mistakes.isEmpty ? file : nil, mistakes)
    }
}

/// The days of a file as its rows are entered, each held against those before.
private struct YearSheet {
    let covers: CivilDates
    let weeklyRest: Set<Weekday>
    private(set) var special: [CivilDate: CalendarDay.Kind] = [:]
    private(set) var doubts: [CivilDate: CalendarDay.Doubt] = [:]
    /// The line each day was entered at.
    private var lines: [CivilDate: Int] = [:]
    private var doubtLines: [CivilDate: Int] = [:]

    init(covers: CivilDates, weeklyRest: Set<Weekday>) {
        self.covers = covers
        self.weeklyRest = weeklyRest
    }

    mutating func enter(_ draft: CalendarDraft, _ reader: inout FileReader) {
        for row in draft.holidays {
            guard let days = row.days else { continue }
            enter(days, row, &reader, asWorking: nil) { _ in .holiday(name: row.name ?? "") }
        }
        for row in draft.swaps {
            guard let off = row.days, let worked = row.worked else { continue }
            enter(off, row, &reader, asWorking: true) { _ in
                .swapped(madeUpOn: worked.value.from, name: row.name)
            }
            enter(worked, row, &reader, asWorking: false) { _ in
                .makeUp(insteadOf: off.value.from, name: row.name)
            }
        }
        for row in draft.worked {
            guard let days = row.days else { continue }
            enter(days, row, &reader, asWorking: false) { _ in
                .makeUp(insteadOf: nil, name: row.name)
            }
        }
        for row in draft.notConfirmed {
            guard let days = row.days, isCovered(days, &reader) else { continue }
            doubt(days, row, &reader)
        }
    }

    /// - Parameter asWorking: whether the days must be of the working week, or of weekly rest;
    ///   nil for either. One mistake a row is told.
    private mutating func enter(
        _ days: Placed<CivilDates>, _ row: CalendarDraft.Row, _ reader: inout FileReader,
        asWorking: Bool?, _ kind: (CivilDate) -> CalendarDay.Kind
    ) {
        guard isCovered(days, &reader) else { return }
        for date in days.value.all {
            if let line = lines[date] {
                return reader.note(
                    days.place, "\(date) stands in line \(line) already",
                    allowed: "each day once: take one of the two away")
            }
            let isRest = weeklyRest.contains(date.weekday)
            if asWorking == true, isRest {
                return reader.note(
                    days.place, "\(date) is a \(date.weekday.rawValue), a day of rest already",
                    allowed: "a working day")
            }
            if asWorking == false, !isRest {
                return reader.note(
                    days.place, "\(date) is a \(date.weekday.rawValue), a working day already",
                    allowed: "a day of weekly rest")
            }
            lines[date] = days.place.line
            special[date] = kind(date)
        }
        if !row.isConfirmed { doubt(days, row, &reader) }
    }

    private mutating func doubt(
        _ days: Placed<CivilDates>, _ row: CalendarDraft.Row, _ reader: inout FileReader
    ) {
        let doubt = CalendarDay.Doubt(remark: row.remark ?? "", source: row.source)
        for date in days.value.all {
            if let line = doubtLines[date] {
                return reader.note(
                    days.place, "\(date) is not confirmed by line \(line) already",
                    allowed: "each day once: take one of the two away")
            }
            doubtLines[date] = days.place.line
            doubts[date] = doubt
        }
    }

    private func isCovered(_ days: Placed<CivilDates>, _ reader: inout FileReader) -> Bool {
        for date in [days.value.from, days.value.to] where !covers.contains(date) {
            reader.note(
                days.place, "\(date) lies outside of covers",
                allowed: "a day of \(covers); what belongs to another year stands in its file")
            return false
        }
        return true
    }
}
