import WorkingDays

/// The statistics that are asked for.
struct ReportOrder: Equatable, Sendable {
    enum Form: Equatable, Sendable {
        /// For people, or JSON where that is asked for.
        case table
        case csv
        case page
    }

    /// A file; without one the station's own journal.
    var file: String? = nil
    var from: CivilDate? = nil
    /// The last day that counts.
    var to: CivilDate? = nil
    /// The calendar's file or folder; nil for the usual one, where it is there.
    var calendar: String? = nil
    var form = Form.table
}

extension ReportOrder {
    init(_ parsed: ParsedWords) throws(UsageError) {
        func day(_ option: String) throws(UsageError) -> CivilDate? {
            guard let text = parsed.values[option] else { return nil }
            guard let day = CivilDate(text) else {
                throw UsageError(
                    message: "\(option) is a day such as 2026-11-21, not \"\(text)\"",
                    command: "report")
            }
            return day
        }
        file = parsed.words.first
        from = try day("--from")
        to = try day("--to")
        if let from, let to, to < from {
            throw UsageError(message: "--to is before --from", command: "report")
        }
        calendar = parsed.values["--calendar"]
        let forms = ["--csv", "--html", "--json"].filter(parsed.flags.contains)
        guard forms.count < 2 else {
            throw UsageError(
                message: "\(forms.joined(separator: " and ")) are two forms: one at a time",
                command: "report")
        }
        form = forms == ["--csv"] ? .csv : forms == ["--html"] ? .page : .table
    }
}
