import JSON

/// What a line says of cases, for the fold.
struct CaseLine: Sendable {
    let sequence: Int64
    let content: Content

    enum Content: Sendable {
        case event(CaseEvent)
        /// About a case, and changes nothing of it: it stands in the case's history.
        case mention
        /// The line lacks what its kind must say.
        case misshapen
        /// Of a kind that this version does not know: a later one wrote it.
        case foreign
    }

    /// Whether the folds have to do with it beyond a case's history.
    var changesCases: Bool {
        switch content {
        case .mention, .foreign: false
        case .event, .misshapen: true
        }
    }

    let caseID: CaseID?
    let time: Timestamp
    let clock: ClockState

    /// nil for a line that is not about cases.
    init?(_ line: JournalLine) {
        guard let content = Content(line) else { return nil }
        self.content = content
        sequence = line.sequence
        caseID = line.caseID.flatMap { CaseID(line[$0]) }
        time = Timestamp(line[line.time]) ?? Timestamp(milliseconds: 0)
        clock = ClockState.named(line[line.clock]) ?? .unsynced
    }
}

extension CaseLine.Content {
    /// nil for a line that is not about cases.
    fileprivate init?(_ line: JournalLine) {
        guard let kind = JournalKind.named(line[line.kind]) else {
            self = .foreign
            return
        }
        do throws(JSONError) {
            var reader = WhatReader(line[line.what], isForFold: true)
            if let event = try CaseEvent(kind, &reader) {
                self = .event(event)
            } else if kind.mentionsCase {
                self = .mention
            } else {
                return nil
            }
        } catch {
            self = .misshapen
        }
    }
}

extension JournalKind {
    /// Stands in a case's history without being an event of it.
    var mentionsCase: Bool { self == .restoreRefused || self == .restoreApproved }
}
