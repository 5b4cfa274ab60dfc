import Glibc
import StationInterface
import System
import Testing
import WorkingDays

@testable import TokenAgent

/// The office's files at start and on reload, and what the doctor says of the calendar.
@Suite struct OfficeShelfTests {
    private static func year(_ covers: String) -> [UInt8] {
        Array("{\"calendar\": 1, \"title\": \"L\", \"covers\": \"\(covers)\"}".utf8)
    }

    private static func configuration(_ folder: TemporaryFolder) throws -> Configuration {
        try File.makeFolder(folder.path)
        var configuration = Configuration()
        configuration.calendars = folder.path
        return configuration
    }

    @Test func aReloadTakesTheFilesAsTheyAreNow() throws {
        let folder = TemporaryFolder()
        let configuration = try Self.configuration(folder)
        try File.replace(folder.path + "/2026.json5", with: Self.year("2026-01-01..2026-12-31"))
        let shelf = OfficeShelf(try OfficeFiles(configuration, of: "agent.json5"))
        #expect(shelf.files.calendar.covers?.to == CivilDate("2026-12-31"))
        try File.replace(folder.path + "/2027.json5", with: Self.year("2027-01-01..2027-12-31"))
        shelf.reload(configuration)
        #expect(shelf.problem == nil)
        #expect(shelf.files.calendar.covers?.to == CivilDate("2027-12-31"))
    }

    @Test func whereAFileIsWrongThoseFromBeforeHoldAndItIsTold() throws {
        let folder = TemporaryFolder()
        let configuration = try Self.configuration(folder)
        try File.replace(folder.path + "/a.json5", with: Self.year("2026-01-01..2026-12-31"))
        let shelf = OfficeShelf(try OfficeFiles(configuration, of: "agent.json5"))
        try File.replace(folder.path + "/b.json5", with: Self.year("2026-12-31..2027-12-31"))
        shelf.reload(configuration)
        #expect(shelf.files.calendar.covers?.to == CivilDate("2026-12-31"))
        let problem = try #require(shelf.problem)
        #expect(problem.contains("/b.json5: line 1, column 41: covers: "))
        let finding = CalendarStanding(
            shelf.files.calendar, problem: problem, today: CivilDate("2026-02-01"), folder: "F"
        ).finding
        #expect(finding.check == "office files" && finding.state == .bad)
        #expect(finding.message.contains("/b.json5: line 1, column 41: covers: "))
        #expect(!finding.message.contains("\n"))
        #expect(finding.remedy?.contains("tokenctl calendar, bodies") == true)
        try File.remove(folder.path + "/b.json5")
        shelf.reload(configuration)
        #expect(shelf.problem == nil)
    }

    @Test func aPipeInAFilesPlaceIsNamedAndNotWaitedFor() throws {
        let folder = TemporaryFolder()
        var settings: [(key: String, configuration: Configuration)] = []
        try File.makeFolder(folder.path + "/none")
        for key in ["bodies", "officers", "office"] {
            var configuration = Configuration()
            configuration.templates = folder.path + "/none"
            let pipe = folder.path + "/pipe.json5"
            switch key {
            case "bodies": configuration.bodies = pipe
            case "officers": configuration.officers = pipe
            default: configuration.office = pipe
            }
            settings.append((key, configuration))
        }
        #expect(mkfifo(folder.path + "/pipe.json5", 0o600) == 0)
        settings.append(("calendars", try Self.configuration(folder)))
        for (key, configuration) in settings {
            let error = #expect(throws: ConfigurationError.self) {
                _ = try OfficeFiles(configuration, of: "agent.json5")
            }
            #expect(
                error?.description == "agent.json5: \(key): open \(folder.path)/pipe.json5: is a "
                    + "pipe (FIFO), not a file: move it away and put the file in its place")
        }
    }

    @Test(arguments: [
        ("2026-02-01", Station.Finding.State.good, "covers 2026-01-01 to 2026-12-31"),
        ("2026-11-16", .good, "days ahead that are not confirmed: 1, first 2026-11-24"),
        ("2026-11-17", .warning, "44 days are left"),
        ("2026-12-31", .warning, "0 days are left"),
        ("2027-01-01", .bad, "and not today: due dates are unknown"),
        ("2025-12-31", .bad, "and not today"),
    ])
    func theDoctorLooksAheadOfTheCalendarsEnd(
        today: String, state: Station.Finding.State, said: String
    ) throws {
        let text = """
            {"calendar": 1, "title": "L", "covers": "2026-01-01..2026-12-31",
             "not_confirmed": [{"days": "2026-11-24", "remark": "r"}]}
            """
        let calendar = try #require(WorkingCalendar.load([("f", Array(text.utf8))]).calendar)
        let finding = CalendarStanding(
            calendar, problem: nil, today: CivilDate(today), folder: "F"
        ).finding
        #expect(finding.state == state && finding.message.contains(said), "\(finding)")
    }

    @Test func withoutACalendarOrADateOnlyWhatIsKnownIsSaid() {
        let none = CalendarStanding(
            WorkingCalendar(), problem: nil, today: CivilDate("2026-02-01"), folder: "F"
        ).finding
        #expect(none.state == .warning && none.message == "none: due dates are unknown")
        let loaded = WorkingCalendar.load([("f", Self.year("2026-01-01..2026-12-31"))])
        let timeless = CalendarStanding(
            loaded.calendar ?? WorkingCalendar(), problem: nil, today: nil, folder: "F"
        ).finding
        #expect(timeless.state == .good)
    }
}
