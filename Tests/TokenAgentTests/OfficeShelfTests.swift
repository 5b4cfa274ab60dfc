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
        let shelf = OfficeShelf(OfficeFiles(configuration))
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
        let shelf = OfficeShelf(OfficeFiles(configuration))
        try File.replace(folder.path + "/b.json5", with: Self.year("2026-12-31..2027-12-31"))
        shelf.reload(configuration)
        #expect(shelf.files.calendar.covers?.to == CivilDate("2026-12-31"))
        #expect(shelf.problem?.contains("/b.json5: line 1, column 41: covers: ") == true)
        let finding = try #require(shelf.files.findings.first)
        #expect(shelf.files.findings.count == 1)
        #expect(finding.check == "office files" && finding.state == .bad)
        #expect(finding.message.contains("/b.json5: line 1, column 41: covers: "))
        #expect(finding.message.hasPrefix("calendar: not taken, and what was read before holds: "))
        #expect(!finding.message.contains("\n"))
        #expect(finding.remedy?.contains("tokenctl calendar check") == true)
        try File.remove(folder.path + "/b.json5")
        shelf.reload(configuration)
        #expect(shelf.problem == nil && shelf.files.findings.isEmpty)
    }

    /// A folder with every part of the office's files, those that the packages bring.
    private static func whole(_ folder: TemporaryFolder) throws -> Configuration {
        try File.makeFolder(folder.path)
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let shipped = "/\(root)/config"
        var configuration = Configuration()
        configuration.calendars = folder.path + "/calendars"
        configuration.templates = folder.path + "/templates"
        for (from, to) in [("calendars", "calendars"), ("templates", "templates")] {
            try File.makeFolder(folder.path + "/" + to)
            for name in try File.names(in: shipped + "/" + from) {
                try File.replace(
                    folder.path + "/\(to)/\(name)",
                    with: try File.contents(of: shipped + "/\(from)/\(name)", limit: 1 << 20))
            }
        }
        let token = String(repeating: "ab", count: 32)
        try File.replace(
            folder.path + "/officers.json5",
            with: Array(
                """
                {"officers": 1, "people": [
                 {"id": "lan", "name": "Lan", "roles": ["counter"], "tokens": ["\(token)"]}]}
                """.utf8))
        for name in ["bodies", "office"] {
            try File.replace(
                folder.path + "/\(name).json5",
                with: try File.contents(of: shipped + "/\(name).json5", limit: 1 << 20))
        }
        configuration.bodies = folder.path + "/bodies.json5"
        configuration.officers = folder.path + "/officers.json5"
        configuration.office = folder.path + "/office.json5"
        return configuration
    }

    private static func taken(_ files: OfficeFiles) -> [OfficePart: Bool] {
        [
            .calendar: files.calendar.covers != nil, .bodies: !files.bodies.spellings.isEmpty,
            .officers: !files.officers.all.isEmpty, .office: files.office != nil,
            .templates: files.templates != nil,
        ]
    }

    private static let files: [OfficePart: String] = [
        .calendar: "calendars/2026.json5", .bodies: "bodies.json5", .officers: "officers.json5",
        .office: "office.json5", .templates: "templates/refusal.html",
    ]

    @Test("each file stands by itself, at a start and at a reload", arguments: OfficePart.allCases)
    func aWrongFileKeepsNoOtherFromBeingTaken(part: OfficePart) throws {
        let folder = TemporaryFolder()
        let configuration = try Self.whole(folder)
        let file = folder.path + "/" + (try #require(Self.files[part]))
        let right = try File.contents(of: file, limit: 1 << 20)
        try File.replace(file, with: Array("{ <wrong".utf8))

        let shelf = OfficeShelf(OfficeFiles(configuration))
        #expect(shelf.files.problems.map(\.part) == [part])
        #expect(shelf.files.problems.first?.isHeld == false)
        for (other, isTaken) in Self.taken(shelf.files) {
            #expect(isTaken == (other != part), "\(other)")
        }
        try File.replace(file, with: right)
        shelf.reload(configuration)
        #expect(shelf.problem == nil)
        #expect(!Self.taken(shelf.files).values.contains(false))

        try File.replace(file, with: Array("{ <wrong".utf8))
        shelf.reload(configuration)
        #expect(shelf.files.problems.map(\.part) == [part])
        #expect(shelf.files.problems.first?.isHeld == true)
        #expect(!Self.taken(shelf.files).values.contains(false))
        #expect(shelf.files.findings.first?.remedy?.contains(part.check) == true)
        // And again: what holds is not forgotten by a second wrong reading.
        shelf.reload(configuration)
        #expect(shelf.files.problems.first?.isHeld == true)
        #expect(!Self.taken(shelf.files).values.contains(false))
    }

    @Test func aNamedFileThatIsNotThereIsToldAndKeepsNothingElse() throws {
        let folder = TemporaryFolder()
        var configuration = try Self.whole(folder)
        configuration.bodies = folder.path + "/none.json5"
        let files = OfficeFiles(configuration)
        #expect(files.problems.map(\.part) == [.bodies])
        #expect(files.problems.first?.reason.contains("none.json5") == true)
        #expect(files.papers != nil)
    }

    @Test func whatIsSeldomMeantInACalendarIsTold() throws {
        let folder = TemporaryFolder()
        let configuration = try Self.configuration(folder)
        try File.replace(folder.path + "/2026.json5", with: Self.year("2026-01-01..2026-12-31"))
        try File.replace(folder.path + "/2027.json", with: Self.year("2027-01-01..2027-12-31"))
        try File.replace(folder.path + "/README", with: [])
        try File.replace(folder.path + "/2027.json5.dpkg-old", with: [])
        let files = OfficeFiles(configuration)
        #expect(files.problems.isEmpty && files.notices.count == 1)
        #expect(files.passedOver.count == 1 && files.hints.count == 2)
        let finding = CalendarStanding(
            files.calendar, notices: files.notices, passedOver: files.passedOver,
            today: CivilDate("2026-02-01"), folder: "F"
        ).finding
        #expect(finding.state == .warning && finding.check == "calendar")
        #expect(finding.message.contains("/2027.json is passed over"))
        #expect(finding.message.contains("2026 has no holiday at all"))
    }

    @Test("a calendar under a wrong name wants another name", arguments: [
        ("none.json5.old", "2026-02-01", Station.Finding.State.warning),
        ("2026.json5", "2026-02-01", .warning), ("2026.json5", "2027-01-01", .bad),
        ("2026.json5", "2026-12-24", .warning),
    ])
    func aWrongNameIsToBeChanged(
        name: String, today: String, state: Station.Finding.State
    ) throws {
        let folder = TemporaryFolder()
        let configuration = try Self.configuration(folder)
        try File.replace(folder.path + "/" + name, with: Self.year("2026-01-01..2026-12-31"))
        try File.replace(folder.path + "/2027.json", with: Self.year("2027-01-01..2027-12-31"))
        let files = OfficeFiles(configuration)
        let finding = CalendarStanding(
            files.calendar, passedOver: files.passedOver, today: CivilDate(today), folder: "F"
        ).finding
        #expect(finding.state == state && finding.message.contains("/2027.json is passed over"))
        #expect(finding.remedy?.contains("a name that ends in .json5") == true)
    }

    @Test func hashesThatOthersMayReadAreTold() throws {
        let folder = TemporaryFolder()
        var configuration = Configuration()
        try File.makeFolder(folder.path)
        let file = folder.path + "/officers.json5"
        let hash =
            "$scrypt$ln=15,r=8,p=3$AAAAAAAAAAAAAAAAAAAAAA$" + String(repeating: "A", count: 43)
        try File.replace(
            file,
            with: Array(
                """
                {"officers": 1, "people": [
                 {"id": "lan", "name": "Lan", "roles": ["counter"], "password": "\(hash)"}]}
                """.utf8))
        configuration.officers = file
        let agent = try Bench(configuration).agent
        for (mode, state) in [
            (0o644, Station.Finding.State.warning), (0o660, .warning), (0o604, .warning),
            (0o640, .good), (0o600, .good), (0o400, .good),
        ] {
            try File.setMode(file, UInt32(mode))
            agent.shelf.reload(configuration)
            let finding = agent.officersFinding
            #expect(finding.state == state, "\(finding)")
            #expect(agent.office.problems.isEmpty && agent.office.officers.all.count == 1)
            guard state == .warning else { continue }
            #expect(finding.message.contains("its mode is \(String(mode, radix: 8))"))
            #expect(finding.remedy == "chmod 600 \(file)")
            #expect(agent.office.hints.contains { $0.contains(file) && $0.contains("chmod 600") })
        }
    }

    @Test func mistakesInTemplatesAreToldALineEach() throws {
        let folder = TemporaryFolder()
        let configuration = try Self.whole(folder)
        let names = ["receipt.html", "refusal.html"]
        for name in names {
            try File.replace(folder.path + "/templates/" + name, with: Array("{{if".utf8))
        }
        let problem = try #require(OfficeFiles(configuration).problems.first)
        let lines = problem.reason.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.allSatisfy { $0.contains(".html: line 1, column ") }, "\(lines)")
        for name in names { #expect(lines.contains { $0.contains("/" + name) }, "\(lines)") }
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
            let problems = OfficeFiles(configuration).problems
            let problem = try #require(problems.first { key.hasPrefix($0.part.rawValue) }, "\(key)")
            #expect(problem.reason.contains("\(folder.path)/pipe.json5"))
            #expect(
                problem.reason.hasSuffix(
                    ": is a pipe (FIFO), not a file: move it away and put the file in its place"))
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
            calendar, today: CivilDate(today), folder: "F"
        ).finding
        #expect(finding.state == state && finding.message.contains(said), "\(finding)")
    }

    @Test func withoutACalendarOrADateOnlyWhatIsKnownIsSaid() {
        let none = CalendarStanding(
            WorkingCalendar(), today: CivilDate("2026-02-01"), folder: "F"
        ).finding
        #expect(none.state == .warning && none.message == "none: due dates are unknown")
        let loaded = WorkingCalendar.load([("f", Self.year("2026-01-01..2026-12-31"))])
        let timeless = CalendarStanding(
            loaded.calendar ?? WorkingCalendar(), today: nil, folder: "F"
        ).finding
        #expect(timeless.state == .good)
    }
}
