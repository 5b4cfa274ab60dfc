import JSON

/// What a line says of cases, for the fold.
struct CaseLine: Sendable {
    let sequence: Int64
    /// nil where the line lacks what its kind must say.
    let event: CaseEvent?
    let caseID: CaseID?
    let time: Timestamp
    let clock: ClockState

    /// nil for a line that is not about cases.
    init?(_ line: JournalLine) {
        guard let kind = JournalKind.named(line[line.kind]) else { return nil }
        sequence = line.sequence
        do throws(JSONError) {
            var reader = WhatReader(line[line.what], isForFold: true)
            guard let event = try CaseEvent(kind, &reader) else { return nil }
            self.event = event
        } catch {
            event = nil
        }
        caseID = line.caseID.flatMap { CaseID(line[$0]) }
        time = Timestamp(line[line.time]) ?? Timestamp(milliseconds: 0)
        clock = ClockState.named(line[line.clock]) ?? .unsynced
    }
}
