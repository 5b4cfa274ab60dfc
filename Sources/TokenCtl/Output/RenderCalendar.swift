import JSON
import WorkingDays

// Calendars: what is wrong in them, a year of one, the end of a term.

extension Page {
    mutating func add(_ check: CalendarCheck) {
        for one in check.passedOver { text(one, .warning) }
        guard !check.sheets.isEmpty else {
            return text("There is no file whose name ends in .json5.", .bad)
        }
        if !check.passedOver.isEmpty { blank() }
        for (i, sheet) in check.sheets.enumerated() {
            if i > 0 { blank() }
            var head = TextLine(sheet.name + ": ", .strong)
            guard let file = sheet.file, sheet.mistakes.isEmpty else {
                head.add(Words.counted(sheet.mistakes.count, "mistake", "mistakes"), .bad)
                line(head)
                for mistake in sheet.mistakes { add(mistake) }
                continue
            }
            head.add("right", .good)
            line(head)
            field("title", file.title)
            field("covers", "\(file.covers.from) to \(file.covers.to)")
            for notice in check.notices(sheet) {
                field("to be looked at", "line \(notice.line): \(notice.wrong)", .warning)
            }
            guard let calendar = check.calendar else { continue }
            let doubtful = Self.runs(calendar.doubtful.filter { file.covers.contains($0.date) })
            if doubtful.isEmpty { field("not confirmed", "nothing") }
            for (i, run) in doubtful.enumerated() {
                let days =
                    named(run.days.from)
                    + (run.days.count > 1 ? " to \(named(run.days.to))" : "")
                field(
                    i == 0 ? "not confirmed" : "", "\(days): \(run.doubt.remark)", .warning)
            }
        }
        guard let covers = check.calendar?.covers, check.sheets.count > 1 else { return }
        blank()
        text("Together they cover \(covers.from) to \(covers.to), without a gap.", .good)
    }

    /// Days in a row that the same is said of.
    private static func runs(
        _ days: [DoubtfulDay]
    ) -> [(days: CivilDates, doubt: CalendarDay.Doubt)] {
        var runs: [(days: CivilDates, doubt: CalendarDay.Doubt)] = []
        for day in days {
            if let last = runs.last, last.doubt == day.doubt, last.days.to.adding(1) == day.date,
                let longer = CivilDates(from: last.days.from, to: day.date)
            {
                runs[runs.count - 1].days = longer
            } else {
                runs.append((CivilDates(day.date), day.doubt))
            }
        }
        return runs
    }

    /// One mistake of a file that people write.
    mutating func add(_ mistake: FileMistake) {
        text(
            "line \(mistake.line), column \(mistake.column)"
                + (mistake.path.isEmpty ? "" : ": " + mistake.path), .strong, indent: 2)
        text(mistake.wrong, indent: 4)
        if let allowed = mistake.allowed { text("Allowed: \(allowed).", .quiet, indent: 4) }
    }

    mutating func add(_ term: Term) {
        field("received", named(term.received))
        field(
            "due", "\(named(term.due.date)), until 24:00",
            term.due.isConfirmed ? .strong : .warning)
        for day in term.due.doubtful {
            var words = "\(named(day.date)): \(day.doubt.remark)"
            if !words.hasSuffix(".") { words += "." }
            if let source = day.doubt.source { words += " (\(source))" }
            field(
                "not confirmed", words + " Decided otherwise, the term ends on another day.",
                .warning)
        }
    }

    private func named(_ date: CivilDate) -> String { "\(date.weekday.rawValue) \(date)" }

    // MARK: A year

    mutating func add(_ sheet: CalendarSheet) {
        line(TextLine("\(sheet.year)", .strong))
        for month in stride(from: 1, through: 11, by: 2) {
            blank()
            let left = MonthBlock.lines(sheet, month)
            let right = MonthBlock.lines(sheet, month + 1)
            for i in 0..<max(left.count, right.count) {
                var both = TextLine()
                let half = i < left.count ? left[i] : TextLine(blanks(MonthBlock.width))
                for piece in half.pieces { both.add(piece.text, piece.tone) }
                both.add("   ")
                for piece in i < right.count ? right[i].pieces : [] {
                    both.add(piece.text, piece.tone)
                }
                line(both)
            }
        }
        blank()
        text(". day of rest  * holiday  - swapped off  + worked instead  ? not confirmed", .quiet)
        if let first = sheet.days.first?.date, let last = sheet.days.last?.date {
            let count = Words.counted(sheet.workingDays, "working day", "working days")
            text("\(count), \(first) to \(last)")
        }
        if !sheet.remarkable.isEmpty { blank() }
        for day in sheet.remarkable {
            let label = day.mark + (day.doubt == nil ? " " : "?") + " " + named(day.date)
            if let doubt = day.doubt {
                field(label, "\(day.words). Not confirmed: \(doubt.remark)", .warning)
            } else {
                field(label, day.words)
            }
        }
    }
}

/// A month drawn in lines of one width, weeks from Monday on.
private enum MonthBlock {
    static let width = 35

    private static let names = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ]

    static func lines(_ sheet: CalendarSheet, _ month: Int) -> [TextLine] {
        let title = names[month - 1]
        let heads = Weekday.allCases.map { $0.rawValue.prefix(2) + "   " }.joined()
        var lines = [
            TextLine(title + blanks(width - title.count), .strong), TextLine(heads, .quiet),
        ]
        var week = TextLine()
        var column = 0
        for number in 1...CivilDate.length(ofMonth: month, year: sheet.year) {
            guard let date = CivilDate(year: sheet.year, month: month, day: number) else { break }
            let place = Weekday.allCases.firstIndex(of: date.weekday) ?? 0
            if number == 1 {
                week.add(blanks(5 * place))
                column = place
            }
            let digits = (number < 10 ? " " : "") + String(number)
            if let day = sheet.days.first(where: { $0.date == date }) {
                week.add(
                    digits + day.mark + (day.doubt == nil ? "  " : "? "), tone(day))
            } else {
                // Not covered.
                week.add("     ")
            }
            column += 1
            if column == 7 {
                lines.append(week)
                (week, column) = (TextLine(), 0)
            }
        }
        if column > 0 {
            week.add(blanks(5 * (7 - column)))
            lines.append(week)
        }
        return lines
    }

    private static func tone(_ day: CalendarDay) -> Tone {
        if day.doubt != nil { return .warning }
        return switch day.kind {
        case .working: .plain
        case .weeklyRest: .quiet
        case .holiday, .swapped: .bad
        case .makeUp: .good
        }
    }
}
