extension Phrase {
    /// English: requests from files. Nil for others.
    var englishFiles: String? {
        switch self {
        case .errandFiles: "Requests from a file"
        case .filesTitle: "Requests from the document system's files"
        case .filesMeans:
            """
            Choose a file to read (CSV or JSON). Reading takes nothing in and changes no \
            file.
            """
        case .filesNone:
            """
            There is no file. Copy it into the folder, or plug the stick in, and press F5.
            """
        case .filesMore: "… and {} more files"
        case .noticeFileUnreadable: "The file cannot be read: {}"
        case .keyReadFile: "Read the file"
        case .keyTakeAll: "Take all valid ones in"
        case .intakeTitle: "Requests in the file {}"
        case .intakeEmpty: "The file has no requests."
        case .intakeChecking: "Checking: {} of {} requests…"
        case .intakeStanding: "{} requests · {} taken in · {} can be taken in now"
        case .intakeLine: "line {}"
        case .intakePlace: "line {}, column {}"
        case .intakeOf: "{} · devices: {}"
        case .intakeTaken: "taken in: {}"
        case .intakeKnown: "on record: {}"
        case .intakeOpen: "to complete: {}"
        case .intakeLook: "look again"
        case .intakeValid: "valid"
        case .intakeMistakes:
            """
            The file has {} places that cannot be read, so nothing of it is taken in. Send \
            it back to be mended:
            """
        case .noticeIntakeOpen:
            """
            This request has points to complete: F9 takes it in to be completed later.
            """
        default: nil
        }
    }
}
