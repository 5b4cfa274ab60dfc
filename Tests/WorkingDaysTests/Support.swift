import Foundation
import JSON
import Testing

@testable import WorkingDays

let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// The calendar of these files of the repository.
func calendar(_ paths: [String]) throws -> WorkingCalendar {
    let files = try paths.map { path in
        (name: path, bytes: Array(try Data(contentsOf: root.appendingPathComponent(path))))
    }
    let loaded = WorkingCalendar.load(files)
    #expect(loaded.mistakes == [])
    return try #require(loaded.calendar)
}

let shipped = ["config/calendars/2026.json5", "config/calendars/2027.json5"]

/// What is wrong in one file of that text.
func mistakes(_ text: String) -> [String] {
    CalendarFile.parse(Array(text.utf8), name: "f").mistakes.map(\.description)
}

func day(_ text: String) throws -> CivilDate { try #require(CivilDate(text)) }
