import StationInterface

extension Page {
    /// What happened in a case, a line each, oldest first.
    mutating func add(_ history: Station.CaseHistory) {
        if history.earlier > 0 {
            text(
                Words.counted(history.earlier, "line before these", "lines before these")
                    + ": tokenctl journal export --case has all.", .quiet)
        }
        table(
            ["LINE", "TIME", "WHAT", "", "BY"],
            history.happenings.map { one in
                let clock = one.clock == "synced" ? "" : " (\(one.clock))"
                return [
                    (String(one.sequence), .quiet), (Words.moment(one.time) + clock, .plain),
                    (one.kind, .strong), (one.result, .plain),
                    (one.officer ?? "uid \(one.user)", .plain),
                ]
            })
    }
}

extension Station.Happening {
    /// How it ended, why, and what tries it took.
    fileprivate var result: String {
        var parts: [String] = []
        if let outcome { parts.append(outcome) }
        if let addressee { parts.append("to \(addressee)") }
        if !reasons.isEmpty { parts.append(reasons.joined(separator: ", ")) }
        if let unblockingSpent { parts.append("code tries \(Words.spent(unblockingSpent))") }
        if let pinSpent { parts.append("PIN tries \(Words.spent(pinSpent))") }
        return parts.joined(separator: "; ")
    }
}
