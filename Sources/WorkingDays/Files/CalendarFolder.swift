import JSON

extension WorkingCalendar {
    /// Where calendars lie when nothing else is said; no folder there means that there are none.
    package static let usualFolder = "/etc/token-station/calendars"

    /// Most files of one folder.
    package static var mostFiles: Int { 64 }

    /// Puts files together, as a folder holds them: one a year, say.
    /// - Returns: the calendar, or every mistake in any of them and between them.
    package static func load(
        _ files: [(name: String, bytes: [UInt8])]
    ) -> (calendar: WorkingCalendar?, mistakes: [FileMistake]) {
        var found: [CalendarFile] = []
        var mistakes: [FileMistake] = []
        if files.count > mostFiles {
            mistakes.append(
                FileMistake(
                    file: files[mostFiles].name, line: 1, column: 1, path: "",
                    wrong: "one file too many", allowed: "\(mostFiles) files"))
        }
        for file in files.prefix(mostFiles) {
            let read = CalendarFile.parse(file.bytes, name: file.name)
            mistakes += read.mistakes
            if let file = read.file { found.append(file) }
        }
        // A file that is wrong by itself would show as a gap, too.
        if mistakes.isEmpty { mistakes += seams(found) }
        guard mistakes.isEmpty else { return (nil, mistakes) }
        let calendar = WorkingCalendar(found)
        let notices = found.flatMap(\.notices) + calendar.yearsWithoutHoliday(found)
        return (WorkingCalendar(calendar, notices: notices), [])
    }

    /// Joins files that meet without gap or overlap.
    private init(_ files: [CalendarFile]) {
        var special: [CivilDate: CalendarDay.Kind] = [:]
        var doubts: [CivilDate: CalendarDay.Doubt] = [:]
        for file in files {
            special.merge(file.special) { first, _ in first }
            doubts.merge(file.doubts) { first, _ in first }
        }
        let spans = files.map {
            Span(covers: $0.covers, weeklyRest: $0.weeklyRest, file: $0.name)
        }
        self.init(
            spans: spans.sorted { $0.covers.from < $1.covers.from }, special: special,
            doubts: doubts)
    }

    /// Where files do not meet: days that two of them cover, and days between that none does.
    package static func seams(_ files: [CalendarFile]) -> [FileMistake] {
        let ordered = files.sorted { ($0.covers.from, $0.name) < ($1.covers.from, $1.name) }
        var mistakes: [FileMistake] = []
        for (earlier, later) in zip(ordered, ordered.dropFirst()) {
            func note(_ wrong: String, _ allowed: String) {
                mistakes.append(
                    FileMistake(
                        file: later.name, line: later.place.line, column: later.place.column,
                        path: later.place.path, wrong: wrong, allowed: allowed))
            }
            let ends = earlier.covers.to
            let begins = later.covers.from
            if begins <= ends {
                let both = CivilDates(from: begins, to: min(ends, later.covers.to))
                note(
                    "\(earlier.name) covers \(both.map { "\($0)" } ?? "\(begins)") too",
                    "each day in one file only")
            } else if let first = ends.adding(1), first < begins, let last = begins.adding(-1) {
                let between = CivilDates(from: first, to: last).map { "\($0)" } ?? "\(first)"
                note(
                    "no file covers \(between), between \(earlier.name) and this one",
                    "a file that covers these days too, or covers that meet")
            }
        }
        return mistakes
    }
}
