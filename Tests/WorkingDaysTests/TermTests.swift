import Testing

@testable import WorkingDays

/// Terms over the shipped calendar, and over small ones.
@Suite struct TermTests {
    /// Received; due after one and after five working days; whether each rests on sure days.
    @Test(arguments: [
        ("2026-02-13", "2026-02-23", true, "2026-02-27", true),
        ("2026-04-24", "2026-04-28", true, "2026-05-06", true),
        ("2026-04-29", "2026-05-04", true, "2026-05-08", true),
        // Saturday 22/08 is worked.
        ("2026-08-20", "2026-08-21", true, "2026-08-26", true),
        ("2026-08-21", "2026-08-22", true, "2026-08-27", true),
        ("2026-08-28", "2026-09-03", true, "2026-09-09", true),
        // 24/11 is not confirmed.
        ("2026-11-23", "2026-11-25", false, "2026-12-01", false),
        ("2026-12-31", "2027-01-04", true, "2027-01-08", true),
    ])
    func theShippedCalendarGivesTheKnownDates(
        received: String, one: String, isOneSure: Bool, five: String, isFiveSure: Bool
    ) throws {
        let calendar = try calendar(shipped)
        let after1 = try calendar.due(receivedOn: try day(received), workingDays: 1)
        let after5 = try calendar.due(receivedOn: try day(received), workingDays: 5)
        #expect(after1.date.description == one)
        #expect(after1.isConfirmed == isOneSure)
        #expect(after5.date.description == five)
        #expect(after5.isConfirmed == isFiveSure)
    }

    @Test(arguments: [
        ("2025-01-24", 1, "2025-02-03"), ("2025-04-25", 1, "2025-04-26"),
        ("2025-04-25", 5, "2025-05-06"), ("2025-08-29", 1, "2025-09-03"),
    ])
    func aYearThatIsOverComesOutAsItWas(received: String, days: Int, due: String) throws {
        let calendar = try calendar(["Tests/calendars/2025.json5"])
        let found = try calendar.due(receivedOn: try day(received), workingDays: days)
        #expect(found.date.description == due)
    }

    /// A decision the other way about any day the date rests on would move the date, and one
    /// about any other day would not.
    @Test(arguments: [1, 2, 5, 12]) func aDateRestsOnExactlyTheDaysThatWouldMoveIt(
        days: Int
    ) throws {
        let doubtful = ["2026-03-04", "2026-03-07", "2026-03-10", "2026-03-13"]
        func due(_ received: CivilDate, flipped: String?) throws -> DueDate {
            var lists = ["holidays": "", "worked": "", "not_confirmed": ""]
            for text in doubtful where text != flipped {
                lists["not_confirmed", default: ""] += "{\"days\": \"\(text)\", \"remark\": \"r\"},"
            }
            if let flipped {
                let isRest = [.saturday, .sunday].contains(try day(flipped).weekday)
                lists[isRest ? "worked" : "holidays"] =
                    "{\"days\": \"\(flipped)\", \"name\": \"n\"}"
            }
            let text =
                "{\"calendar\": 1, \"title\": \"L\", \"covers\": \"2026-03-01..2026-04-30\""
                + lists.map { ", \"\($0)\": [\($1)]" }.joined() + "}"
            let calendar = try #require(WorkingCalendar.load([("f", Array(text.utf8))]).calendar)
            return try calendar.due(receivedOn: received, workingDays: days)
        }
        for offset in 0..<14 {
            let received = try #require(day("2026-03-01").adding(offset))
            let found = try due(received, flipped: nil)
            let moving = try doubtful.filter { try due(received, flipped: $0).date != found.date }
            #expect(found.doubtful.map(\.date.description) == moving)
            #expect(found.isConfirmed == moving.isEmpty)
        }
    }

    @Test(arguments: [
        ("2027-12-30", 1, Optional("2027-12-31")), ("2027-12-31", 1, nil), ("2027-12-24", 6, nil),
        ("2025-12-31", 1, "2026-01-05"), ("2025-12-30", 1, nil), ("2030-01-01", 1, nil),
    ])
    func aTermBeyondTheCalendarIsRefusedAndNotGuessed(
        received: String, days: Int, due: String?
    ) throws {
        let calendar = try calendar(shipped)
        let start = try day(received)
        do throws(CalendarError) {
            let found = try calendar.due(receivedOn: start, workingDays: days)
            #expect(found.date.description == due)
        } catch {
            guard case .notCovered(let date, let covers) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(due == nil && !covers.contains(date))
            #expect(error.description.contains("covers 2026-01-01 to 2027-12-31, not \(date)"))
        }
    }

    @Test func theLastDayThereIsEndsEveryTerm() throws {
        let text = #"{"calendar": 1, "title": "L", "covers": "9999-12-01..9999-12-31"}"#
        let calendar = try #require(WorkingCalendar.load([("f", Array(text.utf8))]).calendar)
        #expect(throws: CalendarError.self) {
            try calendar.due(receivedOn: .last, workingDays: 1)
        }
        #expect(throws: CalendarError.self) {
            try calendar.due(receivedOn: try day("9999-12-30"), calendarDays: 9)
        }
    }

    @Test(arguments: [0, -1, Int.min, Int.max, WorkingCalendar.longestTerm + 1])
    func aTermHasOneToAThousandDays(days: Int) throws {
        let calendar = try calendar(shipped)
        #expect(throws: CalendarError.termOutOfRange(days)) {
            try calendar.due(receivedOn: try day("2026-11-20"), workingDays: days)
        }
        #expect(throws: CalendarError.termOutOfRange(days)) {
            try calendar.due(receivedOn: try day("2026-11-20"), calendarDays: days)
        }
    }

    /// Days of the calendar: a last day of rest gives way to the next working day.
    @Test(arguments: [
        ("2026-08-20", 2, "2026-08-22", true), ("2026-08-21", 2, "2026-08-24", true),
        ("2026-02-10", 5, "2026-02-23", true), ("2026-11-20", 3, "2026-11-23", true),
        ("2026-11-20", 4, "2026-11-25", false), ("2026-11-20", 10, "2026-11-30", true),
    ])
    func aTermInDaysOfTheCalendarEndsOnAWorkingDay(
        received: String, days: Int, due: String, isSure: Bool
    ) throws {
        let found = try calendar(shipped).due(
            receivedOn: try day(received), calendarDays: days)
        #expect(found.date.description == due && found.isConfirmed == isSure)
    }

    @Test(arguments: [
        ("2026-11-24", DueDate.Standing.ahead), ("2026-11-25", .today), ("2026-11-26", .late),
    ])
    func aTermEndsWithItsLastDay(today: String, standing: DueDate.Standing) throws {
        let due = DueDate(date: try day("2026-11-25"))
        #expect(due.standing(on: try day(today)) == standing)
    }
}
