import Foundation
import Testing

@testable import WorkingDays

/// Days against Foundation's calendar, texts byte by byte, and the edges of what there is.
@Suite struct CivilDateTests {
    @Test func everyDayOfFourHundredYearsIsFoundationsDay() throws {
        var gregorian = Foundation.Calendar(identifier: .gregorian)
        gregorian.timeZone = try #require(TimeZone(secondsFromGMT: 0))
        var date: CivilDate? = CivilDate(year: 1899, month: 12, day: 31)
        var seen = 0
        while let day = date, day.parts.year < 2300 {
            if seen % 7 == 0 {
                let theirs = gregorian.dateComponents(
                    [.year, .month, .day, .weekday],
                    from: Date(timeIntervalSince1970: Double(day.days) * 86_400))
                let ours = day.parts
                try #require(theirs.year == ours.year && theirs.month == ours.month)
                try #require(theirs.day == ours.day)
            }
            let next = day.adding(1)
            if let next {
                let index = Weekday.allCases.firstIndex(of: day.weekday) ?? 0
                try #require(next.weekday == Weekday.allCases[(index + 1) % 7])
            }
            try #require(CivilDate(day.description) == day)
            date = next
            seen += 1
        }
        #expect(seen == 146_098)
    }

    @Test(arguments: [
        ("2026-11-21", Weekday.saturday), ("1970-01-01", .thursday), ("2000-02-29", .tuesday),
        ("0001-01-01", .monday), ("9999-12-31", .friday),
    ])
    func aDayHasItsWeekday(text: String, weekday: Weekday) throws {
        #expect(try day(text).weekday == weekday)
    }

    @Test(arguments: [
        "", "2026-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "2026-1-01",
        "2026-01-1", "26-01-01", "2026/01/01", "2026-01-01 ", " 2026-01-01", "2026-01-01T",
        "+026-01-01", "0000-12-31", "10000-01-01", "２026-01-01", "2026-01-0\u{0660}",
        "2026-01-01\u{0}", "--------",
    ])
    func whatIsNoDayIsRefused(text: String) {
        #expect(CivilDate(text) == nil)
    }

    @Test func nothingLiesBeyondTheFirstAndTheLastDay() {
        #expect(CivilDate.first.description == "0001-01-01")
        #expect(CivilDate.last.description == "9999-12-31")
        #expect(CivilDate.first.adding(-1) == nil && CivilDate.last.adding(1) == nil)
        for far in [Int.max, Int.min, Int.max - 1, -Int.max] {
            #expect(CivilDate.first.adding(far) == nil && CivilDate.last.adding(far) == nil)
            #expect(CivilDate(days: far) == nil)
            #expect(CivilDate(year: far, month: far, day: far) == nil)
        }
        #expect(CivilDates(from: .last, to: .first) == nil)
    }

    @Test(arguments: [
        ("Mon", Weekday.monday), ("T2", .monday), ("T7", .saturday), ("CN", .sunday),
        ("Sun", .sunday),
    ])
    func aWeekdayHasAnEnglishAndAVietnameseName(name: String, weekday: Weekday) {
        #expect(Weekday(named: name) == weekday)
    }

    @Test(arguments: ["", "mon", "T1", "T8", "cn", "Monday"])
    func noOtherNamesAreTaken(name: String) { #expect(Weekday(named: name) == nil) }
}

@Suite struct OfficeClockTests {
    @Test(arguments: [
        ("+07:00", 420), ("-03:30", -210), ("+00:00", 0), ("+15:59", 959), ("-15:59", -959),
    ])
    func anOffsetIsReadAndWritten(text: String, minutes: Int) throws {
        let offset = try #require(UTCOffset(text))
        #expect(offset.minutes == minutes && offset.description == text)
    }

    @Test(arguments: ["", "7", "+7:00", "07:00", "+0700", "+16:00", "+07:60", "+07:0", "+07:00 "])
    func whatIsNoOffsetIsRefused(text: String) { #expect(UTCOffset(text) == nil) }

    /// The day begins at the counter's midnight, not at that of UTC.
    @Test(arguments: [
        (Int64(1_795_193_999), "2026-11-20 23:59:59"), (1_795_194_000, "2026-11-21 00:00:00"),
        (-1, "1970-01-01 06:59:59"), (-25_201, "1969-12-31 23:59:59"),
    ])
    func aMomentHasItsDayAtTheCounter(seconds: Int64, text: String) throws {
        let label = try #require(TimeLabel(wallClock: seconds, at: .vietnam))
        #expect(label.description == text)
        #expect(label.wallClock(at: .vietnam) == seconds)
        #expect(TimeLabel(text) == label)
        #expect(CivilDate(wallClock: seconds, at: .vietnam) == label.date)
    }

    @Test(arguments: [
        Int64.max, .min, .max - 25_200, 253_402_300_800, -62_135_596_801 - 25_200,
    ] as [Int64])
    func aMomentBeyondTheYearsHasNoDay(seconds: Int64) {
        #expect(CivilDate(wallClock: seconds, at: .vietnam) == nil)
    }

    @Test func aLabelIsReadWithOrWithoutSeconds() throws {
        let eight = TimeLabel(date: try day("2026-11-20"), hour: 8, minute: 5)
        #expect(TimeLabel("2026-11-20 08:05") == eight)
        #expect(TimeLabel("2026-11-20T08:05:00") == eight)
        #expect(try #require(eight) < #require(TimeLabel("2026-11-20 08:05:01")))
    }

    @Test(arguments: [
        "2026-11-20", "2026-11-20 24:00", "2026-11-20 08:60", "2026-11-20 8:05",
        "2026-11-31 08:05", "2026-11-20_08:05", "2026-11-20 08:05:", "2026-11-20 08:05:61",
        "2026-11-20 08:05:00Z", "2026-11-20 08.05",
    ])
    func whatIsNoLabelIsRefused(text: String) { #expect(TimeLabel(text) == nil) }
}
