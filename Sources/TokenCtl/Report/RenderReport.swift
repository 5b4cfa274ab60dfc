import Casework

// Statistics of a period, for a terminal.

extension Page {
    mutating func add(_ report: CaseReport, calendar: String?) {
        title("Cases " + Self.words(report.period))
        if report.mode == .training {
            text("A training station's: none of this happened.", .warning)
        }
        field("requests", String(report.requests))
        field("as of", report.asOf?.description ?? "unknown")
        field("calendar", calendar ?? "none: due dates are unknown")
        if report.passedOver > 0 {
            field("passed over", Words.counted(Int(report.passedOver), "line", "lines"), .warning)
        }
        add(
            "By kind",
            CaseKind.allCases.map { ($0.rawValue, report.byKind[$0] ?? CaseTally()) }
                + [("in all", report.total)])
        add("By body", report.bodies + [("in all", report.total)])
        let total = report.total
        add(
            "What they came to",
            CaseStage.allCases.map { ($0.rawValue, total.stages[$0]) }, sum: total.stages.total)
        add(
            "Working days taken", TimeTaken.allCases.map { ($0.rawValue, total.taken[$0]) },
            sum: total.taken.total)
        add("Reasons of refusal", CaseReport.ranked(report.refusals) { $0 })
        add("Restores not begun", CaseReport.ranked(report.notBegun) { $0 })
        guard !report.restores.isEmpty else { return }
        blank()
        title("Restores by token family")
        table(
            ["family"] + RestoreFate.allCases.map(\.rawValue) + ["in all"],
            report.families.map { name, fates in
                [(name, Tone.plain)]
                    + RestoreFate.allCases.map { (String(fates[$0]), Tone.plain) }
                    + [(String(fates.total), .strong)]
            }, indent: 2)
    }

    private static func words(_ period: ReportPeriod) -> String {
        switch (period.from, period.to) {
        case (nil, nil): "of the whole record"
        case (let from?, nil): "from \(from) on"
        case (nil, let to?): "up to \(to)"
        case (let from?, let to?): from == to ? "of \(from)" : "of \(from) to \(to)"
        }
    }

    private mutating func add(_ heading: String, _ groups: [(name: String, value: CaseTally)]) {
        blank()
        title(heading)
        func cells(_ counts: [Int]) -> [(String, Tone)] {
            counts.map { (String($0), $0 == 0 ? .quiet : .plain) }
        }
        table(
            [
                "carried over", "received", "reopened", "in all", "done", "in time", "late",
                "other",
                "open", "in time", "late", "other", "",
            ],
            groups.map { name, tally in
                cells([
                    tally.origins[.carriedOver], tally.origins[.received],
                    tally.origins[.reopened], tally.total,
                    tally.done.total, tally.done[.inTime], tally.done[.late],
                    tally.done[.noTerm] + tally.done[.unknown],
                    tally.open.total, tally.open[.inTime], tally.open[.late],
                    tally.open[.noTerm] + tally.open[.unknown],
                ]) + [(name, .strong)]
            }, indent: 2)
    }

    private mutating func add(
        _ heading: String, _ counts: [(name: String, value: Int)], sum: Int? = nil
    ) {
        let counts = counts.filter { $0.value > 0 }
        guard !counts.isEmpty else { return }
        blank()
        title(heading)
        for (name, count) in counts { field(String(count), name, column: 6) }
        if let sum { field(String(sum), "in all", .strong, column: 6) }
    }
}
