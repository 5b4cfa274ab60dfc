/// Closed cases as they stood when they were closed: their papers say what they came to.
extension CaseBook {
    /// What the closed ones of a request's cases were before that, by their numbers; read from the
    /// journal's file, as `history` is.
    package func beforeClosing(_ files: [CaseFile]) throws(JournalError) -> [CaseID: CaseFile] {
        let closed = files.filter { $0.state.stage == .closed }
        var found: [CaseID: CaseFile] = [:]
        var fold = Cases()
        for number in Set(closed.flatMap(\.lines)).sorted() {
            var reader = try journal.lines(from: number)
            let bytes = try reader.next()?.bytes ?? []
            guard let line = bytes.withUnsafeBytes({ JournalLine($0).flatMap(CaseLine.init) })
            else { throw JournalError(.broken(line: number), "line \(number) is of no case") }
            if case .event(.closed) = line.content, let id = line.caseID {
                found[id] = fold.files[id]
            }
            fold.apply(line)
        }
        return found
    }
}
