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
}
