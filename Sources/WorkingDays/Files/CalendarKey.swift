import JSON

/// The keys that a calendar file may have: the one list that the parser, its messages and the
/// manual go by.
package enum CalendarKey {
    static let keys = FileKeys(all)

    private static let dates =
        "a day as YYYY-MM-DD or a range with .. between, its weekday in front if wanted (Mon to "
        + "Sun, or T2 to T7 and CN)"
    private static let date =
        "a day as YYYY-MM-DD, its weekday in front if wanted (Mon to Sun, or T2 to T7 and CN)"

    package static let all: [FileKey] =
        [
            top, holidays, row("holidays[]."), swaps, row("swaps[]."), worked, row("worked[]."),
            notConfirmed,
        ].flatMap { $0 }

    private static let top: [FileKey] = [
        FileKey("calendar", "1", absent: nil, "the form of the file"),
        FileKey("title", "1 to 120 characters", absent: nil, "what it is, for people"),
        FileKey(
            "covers", "the first and the last day with .. between, at most 1100 days",
            absent: nil,
            "the days the file knows; a term that reaches beyond is refused, not guessed"),
        FileKey(
            "weekly_rest", "a list of up to 6 weekdays (Mon to Sun, or T2 to T7 and CN)",
            absent: "Sat and Sun", "the days of weekly rest"),
    ]

    private static let holidays: [FileKey] = [
        FileKey(
            "holidays", "a list of up to 100 objects", absent: "none",
            "days off by law or decision, those in lieu of a holiday on a day of rest too"),
        FileKey("holidays[].days", dates, absent: nil, "the holiday"),
        FileKey("holidays[].name", "1 to 120 characters", absent: nil, "what it is called"),
    ]

    private static let swaps: [FileKey] = [
        FileKey(
            "swaps", "a list of up to 100 objects", absent: "none",
            "working days taken off, each with the day of rest that is worked instead"),
        FileKey("swaps[].off", date, absent: nil, "the working day that is taken off"),
        FileKey("swaps[].worked", date, absent: nil, "the day of rest that is worked instead"),
        FileKey("swaps[].name", "1 to 120 characters", absent: "none", "what it is called"),
    ]

    private static let worked: [FileKey] = [
        FileKey(
            "worked", "a list of up to 100 objects", absent: "none",
            "days of rest that are worked, where the day off is in another file or not named"),
        FileKey("worked[].days", dates, absent: nil, "the days"),
        FileKey("worked[].name", "1 to 120 characters", absent: "none", "what it is called"),
    ]

    private static let notConfirmed: [FileKey] = [
        FileKey(
            "not_confirmed", "a list of up to 100 objects", absent: "none",
            "other days of which it is not sure whether they are worked"),
        FileKey("not_confirmed[].days", dates, absent: nil, "the days"),
        FileKey(
            "not_confirmed[].remark", "1 to 400 characters", absent: nil,
            "what is not sure, and who would know"),
        FileKey(
            "not_confirmed[].source", "1 to 400 characters", absent: "none",
            "where what is known stands"),
    ]

    private static func row(_ path: String) -> [FileKey] {
        [
            FileKey(
                path + "confirmed", "true or false", absent: "true",
                "false where the official paper has not been seen; dates that rest on it say so"),
            FileKey(
                path + "remark", "1 to 400 characters", absent: "none, with confirmed",
                "what is not sure, and who would know"),
            FileKey(
                path + "source", "1 to 400 characters", absent: "none",
                "the law or paper that says so"),
        ]
    }
}
