import Testing
import WorkingDays

@testable import TokenCtl

private let september = """
    {
      "calendar": 1, "title": "Lịch", "covers": "2026-08-17..2026-09-30",
      "holidays": [
        { "days": "2026-09-01..2026-09-02", "name": "Quốc khánh" },
        { "days": "2026-09-10..2026-09-11", "name": "Nghỉ", "confirmed": false, "remark": "hỏi" },
      ],
      "swaps": [{ "off": "2026-08-31", "worked": "2026-08-22", "name": "Hoán đổi" }],
    }
    """

private func lines(_ fill: (inout Page) -> Void) -> [String] {
    var page = Page(width: nil)
    fill(&page)
    return page.lines.map(\.text)
}

@Suite struct CalendarTests {
    @Test func aRightFileIsToldByWhatItCoversAndIsNotSureOf() {
        let check = CalendarCheck([("f", Array(september.utf8))])
        #expect(check.isRight && check.document["good"]?.bool == true)
        #expect(
            lines { $0.add(check) } == [
                "f: right", "  title              Lịch",
                "  covers             2026-08-17 to 2026-09-30",
                "  not confirmed      Thu 2026-09-10 to Fri 2026-09-11: hỏi",
            ])
    }

    @Test func filesThatDoNotMeetAreWrongTogether() {
        let other = "{\"calendar\": 1, \"title\": \"L\", \"covers\": \"2026-10-02..2026-10-31\"}"
        let check = CalendarCheck([("f", Array(september.utf8)), ("g", Array(other.utf8))])
        #expect(!check.isRight)
        #expect(
            lines { $0.add(check) } == [
                "f: right", "  title              Lịch",
                "  covers             2026-08-17 to 2026-09-30", "", "g: 1 mistake",
                "  line 1, column 41: covers",
                "    no file covers 2026-10-01, between f and this one",
                "    Allowed: a file that covers these days too, or covers that meet.",
            ])
    }

    @Test func noFileAtAllIsNotRight() {
        #expect(!CalendarCheck([]).isRight)
        #expect(lines { $0.add(CalendarCheck([])) }.count == 1)
    }

    @Test func aYearIsDrawn() throws {
        let calendar = try #require(
            WorkingCalendar.load([("f", Array(september.utf8))]).calendar)
        let drawn = lines { page in
            if let sheet = try? CalendarSheet(calendar, year: 2026) { page.add(sheet) }
        }
        // Left July, not covered; right August from its 17th.
        let july = try #require(drawn.firstIndex { $0.hasPrefix("July ") })
        #expect(drawn[july].hasSuffix("August                             "))
        #expect(drawn[july + 4] == String(repeating: " ", count: 73))
        #expect(
            drawn[july + 5].hasSuffix(
                "   17   18   19   20   21   22+  23.  "))
        #expect(drawn[july + 7].hasSuffix("   31-                                "))
        let september = try #require(drawn.firstIndex { $0.hasPrefix("September ") })
        #expect(drawn[september + 2].hasPrefix("      1*   2*   3    4    5.   6.  "))
        #expect(drawn[september + 3].hasPrefix(" 7    8    9   10*? 11*? 12.  13.  "))
        #expect(drawn.contains("29 working days, 2026-08-17 to 2026-09-30"))
        #expect(drawn.contains("  *? Thu 2026-09-10  Nghỉ. Not confirmed: hỏi"))
        #expect(
            drawn.contains("  +  Sat 2026-08-22  Hoán đổi: worked instead of 2026-08-31"))
    }

    @Test func aTermSaysWhatItRestsOn() throws {
        let calendar = try #require(
            WorkingCalendar.load([("f", Array(september.utf8))]).calendar)
        let received = try #require(CivilDate("2026-09-08"))
        let term = Term(
            received: received, due: try calendar.due(receivedOn: received, workingDays: 2))
        #expect(
            lines { $0.add(term) } == [
                "  received           Tue 2026-09-08",
                "  due                Mon 2026-09-14, until 24:00",
                "  not confirmed      Thu 2026-09-10: hỏi. Decided otherwise, the term ends on "
                    + "another day.",
                "  not confirmed      Fri 2026-09-11: hỏi. Decided otherwise, the term ends on "
                    + "another day.",
            ])
        #expect(term.document["confirmed"]?.bool == false)
    }
}
