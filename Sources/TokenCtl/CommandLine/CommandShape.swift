/// What one command takes, by name: the table the parser works from.
struct CommandShape: Sendable {
    let name: String
    var words: ClosedRange<Int> = 0...0
    /// What it lacks where a word is missing.
    var lack = "one word more"
    /// Options with a value, given once.
    var values: [String] = []
    /// Options with a value, given any number of times.
    var lists: [String] = []
    /// Options without a value.
    var flags: [String] = []

    static let all: [CommandShape] = [
        CommandShape(name: "status"),
        CommandShape(name: "readers"),
        CommandShape(
            name: "reader", words: 1...1, lack: "the NAME of a reader",
            values: ["--measure", "--give", "--rules"],
            flags: ["--this-one"]),
        CommandShape(name: "watch"),
        CommandShape(name: "inspect", words: 0...1, values: ["--case"]),
        CommandShape(
            name: "restore", words: 0...1,
            values: [
                "--case", "--request", "--body", "--holder", "--device", "--by", "--approve-by",
                "--approve-token",
            ], lists: ["--compared"],
            flags: ["--pin-forgotten", "--last-try", "--provisional", "--at-pad"]),
        CommandShape(name: "restores list"),
        CommandShape(name: "restores follow", words: 1...1),
        CommandShape(name: "restores cancel", words: 1...1),
        CommandShape(
            name: "check-key", words: 0...1, values: ["--restore", "--case", "--challenges"],
            lists: ["--compared"], flags: ["--at-pad"]),
        CommandShape(
            name: "timing", words: 0...1, values: ["--challenges"], flags: ["--at-pad"]),
        CommandShape(name: "apdu", words: 1...2, values: ["--aid", "--serial"]),
        CommandShape(
            name: "case open", values: ["--request", "--body", "--holder", "--device"]),
        CommandShape(name: "case list", flags: ["--all"]),
        CommandShape(name: "case show", words: 1...1),
        CommandShape(name: "case history", words: 1...1),
        CommandShape(name: "case due"),
        CommandShape(name: "case route", words: 2...2, lack: "an ID and a carrier"),
        CommandShape(name: "case record", words: 1...1),
        CommandShape(name: "case notice", words: 1...1, values: ["--to", "--reference"]),
        CommandShape(
            name: "case paper", words: 2...2, lack: "an ID and a KIND of paper",
            values: ["--out", "--qr"], flags: ["--force"]),
        CommandShape(
            name: "request receive", words: 1...1, lack: "a FILE", lists: ["--accept"]),
        CommandShape(name: "request show", words: 1...1, flags: ["--whole"]),
        CommandShape(name: "request complete", words: 2...2, lists: ["--accept"]),
        CommandShape(name: "request expired"),
        CommandShape(name: "request forget", words: 0...1, flags: ["--expired"]),
        CommandShape(name: "case refuse", words: 1...1, lists: ["--reason"]),
        CommandShape(name: "case close", words: 1...1, values: ["--reason"]),
        CommandShape(name: "journal show", values: ["--from", "--count"], flags: ["--raw"]),
        CommandShape(name: "journal verify", words: 0...1),
        CommandShape(
            name: "journal export", words: 0...1, values: ["--from", "--to", "--case"],
            lists: ["--kind"]),
        CommandShape(
            name: "commission", words: 0...1,
            values: [
                "--technician", "--serial", "--name", "--title", "--wrong-pins", "--challenges",
                "--out",
            ], lists: ["--way"], flags: ["--yes"]),
        CommandShape(
            name: "report", words: 0...1, values: ["--from", "--to", "--calendar"],
            flags: ["--csv", "--html"]),
        CommandShape(name: "profile list"),
        CommandShape(name: "profile check", words: 1...256, lack: "a FILE"),
        CommandShape(name: "calendar check", words: 1...64, lack: "a FILE or FOLDER"),
        CommandShape(
            name: "calendar show", words: 1...1, lack: "a YEAR", values: ["--calendar"]),
        CommandShape(
            name: "calendar due", words: 1...400, lack: "the DATE of receipt",
            values: ["--calendar", "--days", "--calendar-days"]),
        CommandShape(name: "bodies check", words: 1...16, lack: "a FILE"),
        CommandShape(
            name: "request check", words: 1...1, lack: "a FILE", values: ["--bodies"]),
        CommandShape(name: "template check", words: 1...64, lack: "a FILE or FOLDER"),
        CommandShape(
            name: "template preview", words: 1...1, lack: "the KIND of a paper",
            values: ["--templates", "--office", "--qr"], flags: ["--training"]),
        CommandShape(name: "office check", words: 1...1, lack: "a FILE"),
        CommandShape(name: "officer check", words: 1...1, lack: "a FILE"),
        CommandShape(name: "officer password"),
        CommandShape(name: "officer list"),
        CommandShape(name: "doctor"),
        CommandShape(name: "interface", words: 0...1, flags: ["--markdown"]),
        CommandShape(name: "completion", words: 1...1, lack: "bash or zsh"),
        CommandShape(name: "version"),
        CommandShape(name: "help", words: 0...2),
    ]

    /// Commands of two words, and what they mean with the first alone.
    static let groups: [(name: String, alone: String?)] = [
        ("bodies", nil), ("calendar", nil), ("case", nil), ("journal", nil), ("office", nil),
        ("officer", nil), ("profile", nil), ("request", nil), ("restores", "list"),
        ("template", nil),
    ]

    static let everywhere = [
        "--socket", "--json", "--timeout", "--officer", "--officer-token", "--help",
    ]
}
