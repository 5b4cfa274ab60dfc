import JSON
import WorkingDays

/// What `tokenctl calendar check` found in files.
struct CalendarCheck: Equatable {
    struct Sheet: Equatable {
        let name: String
        let file: CalendarFile?
        var mistakes: [FileMistake]
    }

    private(set) var sheets: [Sheet]
    /// The files together; nil where one is wrong.
    let calendar: WorkingCalendar?

    init(_ files: [(name: String, bytes: [UInt8])]) {
        sheets = files.map { file in
            let read = CalendarFile.parse(file.bytes, name: file.name)
            return Sheet(name: file.name, file: read.file, mistakes: read.mistakes)
        }
        let loaded = WorkingCalendar.load(files)
        calendar = loaded.calendar
        guard sheets.allSatisfy({ $0.mistakes.isEmpty }) else { return }
        for i in sheets.indices {
            sheets[i].mistakes = loaded.mistakes.filter { $0.file == sheets[i].name }
        }
    }

    var isRight: Bool { calendar != nil && !sheets.isEmpty }

    var document: JSONValue {
        .object([
            ("good", .bool(isRight)),
            ("covers", calendar?.covers.map { .string($0.description) } ?? .null),
            (
                "files",
                .array(
                    sheets.map { sheet in
                        [
                            "file": .string(sheet.name), "good": .bool(sheet.mistakes.isEmpty),
                            "title": sheet.file.map { .string($0.title) } ?? .null,
                            "covers": sheet.file.map { .string($0.covers.description) } ?? .null,
                            "mistakes": .array(sheet.mistakes.map { $0.document }),
                        ]
                    })
            ),
        ])
    }
}

extension FileMistake {
    /// For programs.
    var document: JSONValue {
        [
            "line": .integer(Int64(line)), "column": .integer(Int64(column)),
            "path": .string(path), "wrong": .string(wrong),
            "allowed": allowed.map { .string($0) } ?? .null,
        ]
    }
}
