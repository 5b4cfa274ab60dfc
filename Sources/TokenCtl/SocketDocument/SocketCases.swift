import Casework

/// What may be done with a case, as the station's own table has it.
enum SocketCases {
    static var lines: [String] {
        let wrapped = """
            What is in no row cannot happen. Each kind of request goes its own way; a row of the
            table is for the kinds it names, from one of the states to one of the others. `acts` of
            a case are the rows of the officer that begin where it stands; `papers` is what
            `Cases.GetPaper` makes there: what the rows print that lead there, from its reception
            on the `reception-slip`, and of an incomplete one the `completion-request`. A restore
            that ended before anything was sent (cancelled, expired) leaves its case as it was.
            """
        var lines = ["## What becomes of a case", ""]
        lines += wrapped.split(separator: "\n").map(String.init)
        lines += ["", "| Act | Kinds | From | To | By | Papers |", "|---|---|---|---|---|---|"]
        for rule in CaseRule.table {
            let isEvery = rule.kinds == CaseKind.allCases
            let cells = [
                "`\(rule.act.rawValue)`",
                isEvery ? "every" : rule.kinds.map(\.rawValue).joined(separator: ", "),
                rule.from.map(\.rawValue).joined(separator: ", "),
                rule.to.map(\.rawValue).joined(separator: ", "), rule.mover.rawValue,
                rule.papers.map { "`\($0.rawValue)`" }.joined(separator: ", "),
            ]
            lines.append("| " + cells.joined(separator: " | ") + " |")
        }
        return lines + [""]
    }
}
