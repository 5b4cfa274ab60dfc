import StationInterface
import WorkingDays

/// Numbers and counters as people read them.
enum Words {
    static func time(microseconds: Int) -> String {
        switch microseconds {
        case ..<1000: "\(microseconds) µs"
        case ..<1_000_000: tenths(microseconds, of: 1000) + " ms"
        default: tenths(microseconds, of: 1_000_000) + " s"
        }
    }

    /// Milliseconds with two digits behind the point.
    static func milliseconds(_ microseconds: Int) -> String {
        let rest = String(microseconds % 1000 / 10)
        return "\(microseconds / 1000)." + (rest.count == 1 ? "0" : "") + rest
    }

    private static func tenths(_ value: Int, of unit: Int) -> String {
        "\(value / unit).\(value % unit * 10 / unit)"
    }

    static func uptime(_ seconds: Int) -> String {
        switch seconds {
        case ..<60: "\(seconds) s"
        case ..<3600: "\(seconds / 60) min"
        case ..<86400: "\(seconds / 3600) h \(seconds % 3600 / 60) min"
        default: "\(seconds / 86400) d \(seconds % 86400 / 3600) h"
        }
    }

    static func counted(_ n: Int, _ one: String, _ many: String) -> String {
        n == 1 ? "1 \(one)" : "\(n) \(many)"
    }

    /// How many lines a journal that holds has.
    static func unbroken(_ lines: Int) -> String {
        switch lines {
        case 0: "it has no lines yet"
        case 1: "its one line is as it was written"
        default: "all \(lines) lines are linked, each to the one before it"
        }
    }

    /// Tries left; what the token does not show is said to be so.
    static func left(_ left: Int?, of limit: Int? = nil) -> String {
        guard let left else { return "unknown" }
        let number = limit.map { "\(left) of \($0)" } ?? "\(left)"
        return left == 0 ? number + " (blocked)" : number
    }

    static func spent(_ spent: Station.Spent) -> String {
        if spent.least == spent.most { return "\(spent.least)" }
        return spent.most == spent.least + 1
            ? "\(spent.least) or \(spent.most)" : "\(spent.least) to \(spent.most)"
    }

    static func rule(_ rule: Station.CodeRule) -> String {
        let length =
            rule.minimum == rule.maximum ? "\(rule.minimum)" : "\(rule.minimum) to \(rule.maximum)"
        let kind =
            switch rule.characters {
            case .digits: "digits"
            case .printable: "printable ASCII characters"
            case .hex: "hexadecimal digits"
            case .any: "characters"
            }
        return "\(length) \(kind)"
    }

    /// A hash as it stands on paper: its first digits.
    static func short(_ hash: String) -> String { String(hash.prefix(16)) }

    static func receipt(_ sequence: Int, _ head: String) -> String {
        "line \(sequence), \(short(head))"
    }

    static func due(_ due: Station.Due) -> String {
        var text: String
        switch due.term {
        case "by-date": text = due.date ?? "unknown"
        case "at-once": text = "at once" + (due.date.map { ", since \($0)" } ?? "")
        case "unconfirmed": text = "no term is confirmed: a person decides"
        default: text = "unknown"
        }
        if let problem = due.problem { text += " (\(problem))" }
        if due.late == true { text += ", LATE" }
        if due.late == nil, due.date != nil { text += ", late or not: unknown" }
        if !due.restsOn.isEmpty {
            text += "; rests on days not confirmed: " + due.restsOn.joined(separator: ", ")
        }
        return text
    }

    /// A moment as the clock at the counter and its papers show it, with that clock's distance from
    /// UTC; what is no RFC 3339 in UTC stays as it is. Programs get it in UTC (`--json`).
    static func moment(_ text: String) -> String {
        guard text.last == "Z", let utc = UTCOffset("+00:00"),
            let second = text.dropLast().split(separator: ".", maxSplits: 1).first,
            let label = TimeLabel(second),
            let here = TimeLabel(wallClock: label.wallClock(at: utc), at: .vietnam)
        else { return text }
        return "\(here) \(UTCOffset.vietnam)"
    }

    static func yes(_ truth: Bool?) -> String {
        truth.map { $0 ? "yes" : "no" } ?? "unknown"
    }
}
