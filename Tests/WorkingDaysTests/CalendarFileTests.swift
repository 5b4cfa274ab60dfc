import Foundation
import JSON
import Testing

@testable import WorkingDays

private let start = #""calendar": 1, "title": "L", "covers": "2026-08-01..2026-09-30""#

/// A file of August and September 2026 with something more in it.
private func file(_ more: String) -> String {
    "{\(start)" + (more.isEmpty ? "" : ", " + more) + "}"
}

/// A swap whose make-up day may be another.
private func swap(_ worked: String) -> String {
    file(#""swaps": [{"off": "2026-08-31", "worked": "\#(worked)"}]"#)
}

/// One mistake a row; each is told with its place, what is wrong, and what may stand there.
private let wrongFiles: [(text: String, told: String)] = [
    ("", "f: line 1, column 1: the document ends too early"),
    ("{}", "calendar: this key is missing; allowed: 1"),
    ("[]", "expected an object, found an array"),
    (file("") + "x", "something follows the end of the document"),
    (file(#""holiday": []"#), "unknown key; did you mean \"holidays\"?; allowed: calendar, "),
    (
        file(#""holidays": [{"days": "2026-09-02", "names": "Q"}]"#),
        "holidays[0].names: unknown key; did you mean \"name\"?; allowed: days, name, confirmed"
    ),
    (file(#""title": "M""#), "title: this key stands twice"),
    (
        file("").replacingOccurrences(of: "2026-08-01..2026-09-30", with: "2026-09-30..2026-08-01"),
        "covers: is reversed: 2026-08-01 is before 2026-09-30; allowed: the first and the last day"
    ),
    (
        file("").replacingOccurrences(of: "2026-08-01", with: "2016-08-01"),
        "covers: has 3713 days, more than 1100"
    ),
    (file("").replacingOccurrences(of: "2026-08-01", with: "2026-08"), "covers: is no day"),
    (
        file(#""holidays": [{"days": "Thu 2026-09-02", "name": "Q"}]"#),
        "holidays[0].days: 2026-09-02 is a Wed (T4), not a Thu: change the one that the notice has "
            + "otherwise; allowed: a day as YYYY-MM-DD"
    ),
    (
        file(#""holidays": [{"days": "Tue 2026-09-01..T3 2026-09-02", "name": "Q"}]"#),
        "2026-09-02 is a Wed (T4), not a T3"
    ),
    (
        file(#""holidays": [{"days": "Die 2026-09-01", "name": "Q"}]"#),
        "begins with no weekday"
    ),
    (file(#""holidays": [{"days": "02/09/2026", "name": "Q"}]"#), "is no day that there is"),
    (
        file(#""holidays": [{"days": "2026-10-01", "name": "Q"}]"#),
        "2026-10-01 lies outside of covers; allowed: a day of 2026-08-01..2026-09-30; what "
            + "belongs to another year stands in its file"
    ),
    (
        file(#""not_confirmed": [{"days": "2026-09-30..2026-10-01", "remark": "r"}]"#),
        "2026-10-01 lies outside of covers"
    ),
    (
        file(
            "\n\"holidays\": [{\"days\": \"2026-09-02\", \"name\": \"Q\"},\n"
                + "{\"days\": \"2026-09-01..2026-09-02\", \"name\": \"R\"}]"),
        "line 3, column 10: holidays[1].days: 2026-09-02 stands in line 2 already; allowed: "
            + "each day once"
    ),
    (
        file(#""holidays": [{"days": "2026-09-02", "confirmed": false, "name": "Q"}]"#),
        "holidays[0].confirmed: needs \"remark\" beside it; allowed: false with a remark"
    ),
    (
        file("\n\"worked\": [{\"days\": \"2026-08-22\",\n\"remark\": \"r\"}]"),
        "line 3, column 11: worked[0].remark: needs \"confirmed\": false beside it; allowed: a remark"
    ),
    (
        file(#""worked": [{"days": "2026-08-22", "confirmed": true, "remark": "r"}]"#),
        "worked[0].remark: stands beside \"confirmed\": true; allowed: a remark beside"
    ),
    (file(#""holidays": [{"days": "2026-09-02"}]"#), "holidays[0].name: this key is missing"),
    (
        file(#""swaps": [{"off": "2026-08-31"}]"#),
        "swaps[0].worked: this key is missing; allowed: a day as YYYY-MM-DD"
    ),
    (
        file(#""swaps": [{"worked": "2026-08-22"}]"#),
        "swaps[0].off: this key is missing"
    ),
    (
        swap("2026-08-21"),
        "swaps[0].worked: 2026-08-21 is a Fri, a working day already; allowed: a day of weekly"
    ),
    (
        file(#""swaps": [{"off": "2026-08-30", "worked": "2026-08-22"}]"#),
        "swaps[0].off: 2026-08-30 is a Sun, a day of rest already; allowed: a working day"
    ),
    (
        file(#""worked": [{"days": "2026-08-22..2026-08-24"}]"#),
        "worked[0].days: 2026-08-24 is a Mon, a working day already"
    ),
    (
        file(
            #""swaps": [{"off": "2026-08-31", "worked": "2026-08-22"}], "#
                + #""worked": [{"days": "2026-08-22"}]"#),
        "worked[0].days: 2026-08-22 stands in line 1 already"
    ),
    (swap("2026-08-22..2026-08-23"), "swaps[0].worked: is no day that there is"),
    (swap("2026-08-22..2026-08-23"), "one day stands here, not a range"),
    (file(#""weekly_rest": ["sat"]"#), "weekly_rest[0]: is no weekday: it is written Sat"),
    (file(#""weekly_rest": ["Sat", "T7"]"#), "weekly_rest[1]: Sat stands twice"),
    (file(#""weekly_rest": ["Sa"]"#), "weekly_rest[0]: is no weekday"),
    (
        file(#""weekly_rest": ["T2", "T3", "T4", "T5", "T6", "T7", "CN"]"#),
        "has 7 elements, more than 6"
    ),
    (
        file(
            #""not_confirmed": [{"days": "2026-08-03", "remark": "r"}, "#
                + #"{"days": "2026-08-01..2026-08-04", "remark": "s"}]"#),
        "not_confirmed[1].days: 2026-08-03 is not confirmed by line 1 already"
    ),
    (file(#""holidays": [[[[1]]]]"#), "nested deeper than 4 levels"),
    (file(#""holidays": {}"#), "expected an array, found an object"),
]

/// Days that are written otherwise, and what is told of them.
private let wrongDays: [(text: String, told: String)] = [
    ("03/09/2027", "is no day that there is: write 2027-09-03, the year first"),
    ("2027-9-3", "is no day that there is: write 2027-09-03, the year first"),
    ("T6 3.9.2027", "is no day that there is: write 2027-09-03, the year first"),
    ("2026-09-31", "is no day that there is: that month has 30 days"),
    ("2027", "is no day that there is: write a whole year as 2027-01-01..2027-12-31"),
    ("tomorrow", "is no day that there is: write it as 2027-09-03"),
    ("2026", "write a whole year as 2026-01-01..2026-12-31"),
    ("", "is no day that there is: write it as"), ("999999999/9/9", "write it as"),
    ("2026-09-01...2026-09-02", "is no range: write two dots between its days"),
    ("2026-09-01 - 2026-09-02", "is no range: write two dots between its days"),
    ("Tue 2026-09-01 to 2026-09-02", "is no range: write two dots between its days"),
    ("mon 2026-09-07", "begins with no weekday: it is written Mon"),
    ("Monday 2026-09-07", "begins with no weekday: it is written Mon"),
    ("Thứ 2 2026-09-07", "begins with no weekday: it is written T2"),
    ("Chủ nhật 2026-09-06", "begins with no weekday: it is written CN"),
    ("Die 2026-09-07", "begins with no weekday: they are Mon to Sun, or T2 to T7 and CN"),
]

@Suite struct CalendarFileTests {
    @Test(arguments: wrongDays)
    func whatToWriteForADayIsTold(row: (text: String, told: String)) {
        let found = mistakes(file(#""holidays": [{"days": "\#(row.text)", "name": "Q"}]"#))
        #expect(found.count == 1 && found[0].contains(": " + row.told), "\(found)")
    }

    @Test func whatASlipHidesIsSaid() {
        let found = mistakes(
            "{\(start),\n\"holidays\": [\n{\"days\": \"2026-09-01\" // one\n\"name\": \"Q\"}]}")
        #expect(
            found == [
                "f: line 3, column 22: holidays[0]: expected ',' or '}': write a comma here, "
                    + "before what follows; the rest of the file was not read"
            ])
    }

    @Test func everythingAFileMaySayIsRead() throws {
        let text = file(
            #"""
            "weekly_rest": ["CN"],
            "holidays": [
              {"days": "Tue 2026-09-01..T4 2026-09-02", "name": "Quốc khánh", "source": "BLLĐ"},
              {"days": "2026-08-05", "name": "?", "confirmed": false, "remark": "ask"},
            ],
            "swaps": [{"off": "Mon 2026-08-31", "worked": "CN 2026-08-30", "name": "Hoán đổi"}],
            "worked": [{"days": "Sun 2026-08-09", "confirmed": true, "source": "seen"}],
            "not_confirmed": [{"days": "2026-09-28..2026-09-29", "remark": "late", "source": "x"}]
            """#)
        let read = CalendarFile.parse(Array(text.utf8), name: "f")
        #expect(read.mistakes == [])
        let loaded = WorkingCalendar.load([("f", Array(text.utf8))])
        let calendar = try #require(loaded.calendar)
        #expect(calendar.covers?.description == "2026-08-01..2026-09-30")
        func kind(_ text: String) throws -> CalendarDay.Kind {
            try calendar.day(try day(text)).kind
        }
        #expect(try kind("2026-08-01") == .working)
        #expect(try kind("2026-08-02") == .weeklyRest)
        #expect(try kind("2026-09-02") == .holiday(name: "Quốc khánh"))
        #expect(
            try kind("2026-08-31")
                == .swapped(madeUpOn: try day("2026-08-30"), name: "Hoán đổi"))
        #expect(
            try kind("2026-08-30") == .makeUp(insteadOf: try day("2026-08-31"), name: "Hoán đổi"))
        #expect(try kind("2026-08-09") == .makeUp(insteadOf: nil, name: nil))
        #expect(
            calendar.doubtful.map { "\($0.date) \($0.doubt.remark)" } == [
                "2026-08-05 ask", "2026-09-28 late", "2026-09-29 late",
            ])
        #expect(calendar.doubtful.last?.doubt.source == "x")
        #expect(calendar.file(of: try day("2026-08-05")) == "f")
    }

    @Test(arguments: wrongFiles)
    func aMistakeIsToldWithItsPlaceAndWhatIsAllowed(row: (text: String, told: String)) {
        let found = mistakes(row.text)
        #expect(found.contains { $0.contains(row.told) }, "\(found)")
    }

    @Test func aFileIsNotReadBeyondItsLongest() {
        let found = mistakes(file("") + String(repeating: " ", count: CalendarFile.longest))
        #expect(found == ["f: line 1, column 1: longer than 65536 bytes"])
    }

    @Test func manyMistakesAreToldAtOnceInTheirOrder() {
        let found = mistakes(
            "{\"covers\": \"x\",\n\"holidays\": [{\"days\": \"y\"}],\n\"swap\": 1}")
        #expect(
            found.map { $0.split(separator: ",")[0] }.sorted()
                == found.map { $0.split(separator: ",")[0] })
        #expect(found.count == 6)
    }
}

/// Files beside each other.
@Suite struct CalendarFolderTests {
    private static func load(_ covers: [String]) -> (WorkingCalendar?, [String]) {
        let files = covers.enumerated().map { i, covers in
            (
                name: "\(i).json5",
                bytes: Array("{\"calendar\": 1, \"title\": \"L\",\n\"covers\": \"\(covers)\"}".utf8)
            )
        }
        let loaded = WorkingCalendar.load(files)
        return (loaded.calendar, loaded.mistakes.map(\.description))
    }

    @Test func filesThatMeetAreOneCalendar() throws {
        let (calendar, wrong) = Self.load([
            "2027-01-01..2027-12-31", "2025-12-01..2025-12-31", "2026-01-01..2026-12-31",
        ])
        #expect(wrong == [])
        #expect(calendar?.covers?.description == "2025-12-01..2027-12-31")
        #expect(calendar?.file(of: try day("2026-01-01")) == "2.json5")
    }

    @Test(arguments: [
        (
            ["2025-01-01..2025-12-31", "2027-01-01..2027-12-31"],
            "1.json5: line 2, column 11: covers: no file covers 2026-01-01..2026-12-31, between "
                + "0.json5 and this one; allowed: a file that covers these days too, or covers that meet"
        ),
        (
            ["2026-01-01..2026-12-31", "2026-12-31..2027-12-31"],
            "1.json5: line 2, column 11: covers: 0.json5 covers 2026-12-31 too; allowed: each day "
                + "in one file only"
        ),
        (
            ["2026-01-01..2026-12-31", "2026-02-01..2026-02-28"],
            "0.json5 covers 2026-02-01..2026-02-28 too"
        ),
    ])
    func gapsAndOverlapsAreTold(covers: [String], told: String) {
        let (calendar, wrong) = Self.load(covers)
        #expect(calendar == nil && wrong.count == 1 && wrong[0].contains(told), "\(wrong)")
    }

    /// No mistake: the calendar is taken, and a person should look.
    @Test(arguments: [
        (#""covers": "2028-01-01..2028-12-31""#, ["2028 has no holiday at all"]),
        // Not whole, so nobody knows; and one that has its holidays.
        (#""covers": "2028-01-02..2028-12-31""#, []),
        (
            #""covers": "2028-01-01..2028-12-31", "holidays": [{"days": "2028-05-01", "name": "a"}]"#,
            []
        ),
        (
            #""covers": "2028-01-01..2029-12-31", "holidays": [{"days": "2028-05-01", "name": "a"}]"#,
            ["2029 has no holiday at all"]
        ),
        (
            #""covers": "2028-06-01..2028-09-30", "holidays": [{"days": "2028-06-01..2028-06-14", "name": "a"}]"#,
            []
        ),
        (
            #""covers": "2028-06-01..2028-09-30", "holidays": [{"days": "2028-06-01..2028-08-31", "name": "a"}]"#,
            ["this holiday has 92 days"]
        ),
    ])
    func whatIsSeldomMeantIsTold(_ more: String, _ told: [String]) throws {
        let text = #"{"calendar": 1, "title": "L", "# + more + "}"
        let loaded = WorkingCalendar.load([("f", Array(text.utf8))])
        #expect(loaded.mistakes.isEmpty)
        let notices = try #require(loaded.calendar).notices
        #expect(notices.count == told.count)
        for (notice, words) in zip(notices, told) {
            #expect(notice.wrong.contains(words) && notice.file == "f" && notice.line == 1)
        }
    }

    @Test func aFileThatOnlyItsNameKeepsFromBeingReadIsTold() {
        let names = [
            "2026.json5", "2027.json", "2028", "2029.JSON5", "lich-2030.txt", "calendar.json",
            "README", ".2031.json5.swp", "2032.json5~", "2033.json5.bak", "2034.json5.dpkg-old",
            "2035.json5.ucf-dist", "12345",
        ]
        let told = WorkingCalendar.passedOver(names).compactMap { $0.split(separator: " ").first }
        #expect(
            told == ["2027.json", "2028", "2029.JSON5", "calendar.json", "lich-2030.txt"])
    }

    @Test func anEmptyFolderIsNoCalendar() throws {
        let (calendar, wrong) = Self.load([])
        #expect(wrong == [] && calendar == WorkingCalendar())
        #expect(throws: CalendarError.none) {
            try calendar?.due(receivedOn: try day("2026-01-01"), workingDays: 1)
        }
    }

    @Test func thereIsAnEndToFiles() {
        let (calendar, wrong) = Self.load(
            Array(repeating: "2026-01-01..2026-12-31", count: WorkingCalendar.mostFiles + 1))
        #expect(
            calendar == nil
                && wrong == ["64.json5: line 1, column 1: one file too many; allowed: 64 files"])
    }
}

/// The list of keys, the parser and `docs/calendar.md` say the same.
@Suite struct CalendarManualTests {
    @Test func theListOfKeysIsTheParsers() {
        for key in CalendarKey.all {
            var path = key.path.split(separator: ".").map(String.init)
            let last = path.removeLast()
            var text = "\"\(last)\": null"
            for step in path.reversed() { text = "\"\(step.dropLast(2))\": [{\(text)}]" }
            let found = mistakes("{\(text)}")
            #expect(
                found.contains { $0.contains("found null; allowed: \(key.allowed)") },
                "\(key.path): \(found)")
            #expect(!found.contains { $0.contains("unknown key") }, "\(key.path): \(found)")
        }
    }

    @Test func theManualHasEveryKey() throws {
        let manual = try String(
            contentsOf: root.appendingPathComponent("docs/calendar.md"), encoding: .utf8)
        let list = manual.components(separatedBy: "\n## ").first { $0.hasPrefix("Every key") } ?? ""
        let lines = Set(list.split(separator: "\n").map(String.init))
        for key in CalendarKey.all {
            let row =
                "| `\(key.path)` | \(key.allowed) | \(key.absent ?? "must be there") | "
                + "\(key.meaning) |"
            #expect(lines.contains(row), "docs/calendar.md lacks: \(row)")
        }
        let named = lines.count { $0.hasPrefix("| `") }
        #expect(named == CalendarKey.all.count, "docs/calendar.md has keys that there are not")
    }

    /// The whole file that the manual shows is right.
    @Test func theManualsExampleIsRight() throws {
        let manual = try String(
            contentsOf: root.appendingPathComponent("docs/calendar.md"), encoding: .utf8)
        let example = try #require(manual.components(separatedBy: "```json5\n").dropFirst().first)
        #expect(mistakes(example.components(separatedBy: "```")[0]) == [])
    }
}
