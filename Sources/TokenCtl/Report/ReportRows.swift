import Casework
import JSON

/// A report as rows of one count each, for programs: a table of any kind can be made of them.
struct ReportRows {
    struct Row: Equatable {
        /// total, kind, body, refusal, not-begun or restore.
        let table: String
        /// Of what: a kind, a body, a reason, a token family; empty for the total.
        let name: String
        let measure: String
        let count: Int
    }

    let rows: [Row]

    init(_ report: CaseReport) {
        var rows = [Row(table: "total", name: "", measure: "requests", count: report.requests)]
        func add(_ table: String, _ name: String, _ tally: CaseTally) {
            rows += tally.measures.map {
                Row(table: table, name: name, measure: $0.name, count: $0.count)
            }
        }
        add("total", "", report.total)
        for kind in CaseKind.allCases {
            add("kind", kind.rawValue, report.byKind[kind] ?? CaseTally())
        }
        for (name, tally) in report.bodies { add("body", name, tally) }
        for (name, count) in CaseReport.ranked(report.refusals, { $0 }) {
            rows.append(Row(table: "refusal", name: name, measure: "cases", count: count))
        }
        for (name, count) in CaseReport.ranked(report.notBegun, { $0 }) {
            rows.append(Row(table: "not-begun", name: name, measure: "times", count: count))
        }
        for (name, fates) in report.families {
            rows += RestoreFate.allCases.map {
                Row(table: "restore", name: name, measure: $0.rawValue, count: fates[$0])
            }
        }
        self.rows = rows
    }

    /// RFC 4180 in UTF-8, with the mark that makes spreadsheets take it for that.
    var csv: String { "\u{FEFF}" + lines.map { $0 + "\r\n" }.joined() }

    var lines: [String] {
        ["table,name,measure,count"]
            + rows.map { row in
                [row.table, Self.cell(row.name), row.measure, String(row.count)]
                    .joined(separator: ",")
            }
    }

    /// A text that people wrote, with what cannot be seen written out. What a spreadsheet would
    /// take for a formula gets an apostrophe in front: where the cell begins, and behind what it
    /// may take for a cell's end, as the semicolon is in some countries.
    static func cell(_ text: String) -> String {
        let text = withoutFormulas(visible(text))
        guard text.unicodeScalars.contains(where: { ",;|\"".unicodeScalars.contains($0) }) else {
            return text
        }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" { quoted.unicodeScalars.append("\"") }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }

    private static func withoutFormulas(_ text: String) -> String {
        var cell = ""
        var mayBegin = true
        for scalar in text.unicodeScalars {
            if mayBegin, formulaStarts.contains(scalar) { cell.unicodeScalars.append("'") }
            let isPassedOver = scalar == "\"" || scalar.properties.isWhitespace
            mayBegin = cellEnds.contains(scalar) || mayBegin && isPassedOver
            cell.unicodeScalars.append(scalar)
        }
        return cell
    }

    /// The four of ASCII, full-width, and small.
    private static let formulaStarts = Set("=+-@＝＋－＠﹦﹢﹣﹫".unicodeScalars)
    private static let cellEnds = Set(",;|".unicodeScalars)
}

extension CaseReport {
    var bodies: [(name: String, value: CaseTally)] { CaseReport.ranked(byBody) { $0.total } }
    var families: [(name: String, value: Counts<RestoreFate>)] {
        CaseReport.ranked(restores) { $0.total }
    }
}

extension CaseTally {
    /// Each count with its name; docs/report.md lists them.
    fileprivate var measures: [(name: String, count: Int)] {
        var measures = [(name: "cases", count: total)]
        measures += CaseOrigin.allCases.map { ($0.rawValue, origins[$0]) }
        measures.append(("done", done.total))
        measures += CaseStanding.allCases.map { ("done." + $0.rawValue, done[$0]) }
        measures.append(("open", open.total))
        measures += CaseStanding.allCases.map { ("open." + $0.rawValue, open[$0]) }
        measures += CaseStage.allCases.map { ("state." + $0.rawValue, stages[$0]) }
        measures += TimeTaken.allCases.map { ("days." + $0.rawValue, taken[$0]) }
        measures.append(("awaiting-notice", awaitingNotice))
        return measures
    }

    fileprivate var document: JSONValue {
        .object([
            ("cases", .integer(Int64(total))), ("origins", origins.document),
            ("done", done.document), ("open", open.document), ("states", stages.document),
            ("days", taken.document), ("awaiting_notice", .integer(Int64(awaitingNotice))),
        ])
    }
}

extension Counts where Key: RawRepresentable<String> {
    fileprivate var document: JSONValue {
        .object(
            [("total", .integer(Int64(total)))]
                + Key.allCases.map { ($0.rawValue, .integer(Int64(self[$0]))) })
    }
}

extension CaseReport {
    /// The same as one JSON document.
    /// - Parameter calendar: where the calendar lies that due dates are of.
    func document(calendar: String?) -> JSONValue {
        func day(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
        func counted(_ texts: [String: Int], _ name: String, _ measure: String) -> JSONValue {
            .array(
                CaseReport.ranked(texts) { $0 }.map { text, count in
                    .object([(name, .string(text)), (measure, .integer(Int64(count)))])
                })
        }
        var kinds: [(String, JSONValue)] = []
        for kind in CaseKind.allCases {
            kinds.append((kind.rawValue, (byKind[kind] ?? CaseTally()).document))
        }
        return .object([
            ("from", day(period.from?.description)), ("to", day(period.to?.description)),
            ("as_of", day(asOf?.description)), ("calendar", day(calendar)),
            ("zone", .string(period.zone.description)),
            ("mode", day(mode?.rawValue)), ("lines", .integer(lines)),
            ("passed_over", .integer(passedOver)), ("requests", .integer(Int64(requests))),
            ("total", total.document), ("kinds", .object(kinds)),
            (
                "bodies",
                .array(
                    bodies.map {
                        .object([("name", .string($0.name)), ("counts", $0.value.document)])
                    })
            ),
            ("refusals", counted(refusals, "reason", "cases")),
            ("not_begun", counted(notBegun, "reason", "times")),
            (
                "restores",
                .array(
                    families.map {
                        .object([("family", .string($0.name)), ("counts", $0.value.document)])
                    })
            ),
        ])
    }
}
