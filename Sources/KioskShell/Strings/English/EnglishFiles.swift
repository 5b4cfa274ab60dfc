extension Phrase {
    /// English: requests from files. Nil for others.
    var englishFiles: String? {
        switch self {
        case .errandFiles: "Requests from a file"
        case .filesTitle: "Requests from the document system's files"
        case .filesMeans:
            """
            Choose a file to read (CSV or JSON), the newest first. Reading takes nothing in and \
            changes no file.
            """
        case .filesNone:
            """
            There is no file. Copy it into the folder, or plug the stick in, and press F5.
            """
        case .filesMore: "… and {} more files below"
        case .filesLeftOut:
            """
            Only the newest {} files are listed; {} older ones are not. To see those, move files \
            that were taken in elsewhere and press F5.
            """
        case .filesLeftOutOfSeen:
            "Of those looked at, only the newest {} are listed; {} more are not."
        case .filesCrowded:
            """
            {}: more than {} entries, so not all were looked at and files may be missing. Move \
            some elsewhere and press F5.
            """
        case .noticeFileUnreadable: "The file cannot be read: {}"
        case .noticeFileTooLong:
            """
            The file {} is too long (at most {} KiB) and was not read: cut it in pieces.
            """
        case .intakeMistake:
            """
            The file has one place that cannot be read, so nothing of it is taken in. Send it \
            back to be mended:
            """
        case .keyReadFile: "Read the file"
        case .keyTakeAll: "Take all valid ones in"
        case .intakeTitle: "Requests in the file {}"
        case .intakeEmpty: "The file has no requests."
        case .intakeChecking: "Checking: {} of {} requests…"
        case .intakeStanding: "{} requests · {} taken in · {} valid · {} to look at one by one"
        case .intakeLine: "line {}"
        case .intakePlace: "line {}, character {}"
        case .intakeColumn: "column \"{}\""
        case .intakeOf: "{} · devices: {}"
        case .intakeTaken: "taken in: {}"
        case .intakeKnown: "on record: {}"
        case .intakeMore: "… {} more lines: → shows them"
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
        case .noticeIntakeChanged: "Something new was found in this request: look at it first."
        case .mistakeLongFile: "The file is too long: cut it in pieces."
        case .mistakeForeign:
            """
            The file is a spreadsheet, a document, a PDF or a picture, not text: save it as CSV \
            UTF-8.
            """
        case .mistakeUTF16: "The file is UTF-16: save it as UTF-8 (in a spreadsheet: CSV UTF-8)."
        case .mistakeNotUTF8:
            """
            Not UTF-8 from here on, perhaps TCVN3 (ABC) or VNI: save it as UTF-8, with letters \
            of Unicode.
            """
        case .mistakeEmpty: "The file is empty: it needs a line of headings and one a device."
        case .mistakeNoHeading:
            """
            The first line must be the headings, as on form 06, and none of them is known.
            """
        case .mistakeHeading:
            """
            No column is called so: name it otherwise, or empty the heading to pass over it.
            """
        case .mistakeTwice: "This stands twice: strike one."
        case .mistakeManyLines: "More than {} lines: cut the file in pieces."
        case .mistakeManyCells: "More than {} cells in one line."
        case .mistakeManyRequests: "More than {} requests: cut the file in pieces."
        case .mistakeCells:
            """
            The line has {} cells, and the headings are {}: a separator is missing, or one is \
            too many.
            """
        case .mistakeOpenQuote: "A quotation mark opens here and none closes."
        case .mistakeBehindQuote:
            """
            Something follows the closing quotation mark; one inside a cell is written twice.
            """
        case .mistakeBareQuote:
            """
            A quotation mark inside a cell: put the whole cell in quotation marks, and write \
            this one twice.
            """
        case .mistakeLetters:
            """
            Letters of another encoding (TCVN3, VNI), or read wrongly: save it as UTF-8, with \
            letters of Unicode.
            """
        case .mistakeShortened:
            """
            A spreadsheet has shortened this number: make the column text and enter it again.
            """
        case .mistakeNames: "Use one of: {}"
        case .mistakeKind: "No kind of request is called so."
        case .mistakeReason: "No reason of return is called so."
        case .mistakeTime: "No day or time, as 21/11/2026 10:40."
        case .mistakeOther:
            """
            Otherwise than in line {} of the same request (one number and one body): make them \
            equal, or leave it empty here.
            """
        case .mistakeKey: "Nothing is called so here."
        case .mistakeMissingKey: "This is missing."
        case .mistakeValue: "Cannot be used: a value of another kind must stand here."
        case .mistakeTooLong: "Too long, or too many."
        case .mistakeJSON: "Not JSON as it should be; the rest of the file was not read."
        default: nil
        }
    }
}
