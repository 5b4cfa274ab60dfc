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
    /// Files of the folders that are not read, and why.
    let passedOver: [String]

    init(_ files: [(name: String, bytes: [UInt8])], passedOver: [String] = []) {
        self.passedOver = passedOver
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

    /// What is no mistake in a file, and seldom meant.
    func notices(_ sheet: Sheet) -> [FileMistake] {
        (calendar?.notices ?? []).filter { $0.file == sheet.name }
    }

    var isRight: Bool { calendar != nil && !sheets.isEmpty }

    var document: JSONValue {
        .object([
            ("good", .bool(isRight)),
            ("passed_over", .array(passedOver.map { .string($0) })),
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
                            "notices": .array(notices(sheet).map { $0.document }),
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
