import JSON
import WorkingDays

/// Counts a period from the journal's lines, one after another.
///
/// Kept are the cases that something can still become of: open ones, refused ones until they are
/// closed, and those whose notice is still to go. What is done for good is counted and dropped, so
/// memory grows with what lies on the counter and not with the journal.
///
/// A case belongs to a period by when the station recorded its lines, so that what is open at the
/// end of one period is what the next carries over. Its term counts from the document system's
/// time label all the same.
package struct ReportFold: Sendable {
    private struct Live {
        var file: CaseFile
        let isReceivedWithin: Bool
        var isReopened = false
        var settled: Settled?
    }

    /// What a case came to.
    private struct Settled {
        let time: Timestamp
        let stage: CaseStage
        let standing: CaseStanding
        let taken: TimeTaken
        var reasons: [String]
    }

    private struct Paper {
        var file: RequestFile
        /// Its cases that are kept.
        var kept: Int
    }

    private struct Attempt {
        let family: String
        let isWithin: Bool
        var fate = RestoreFate.running
    }

    private var report: CaseReport
    private let terms: ReportTerms
    private let asOf: CivilDate?
    private var lastDay: CivilDate?
    private var cases: [CaseID: Live] = [:]
    private var papers: [RequestID: Paper] = [:]
    /// Restores that may still come to something else.
    private var restores: [RestoreID: Attempt] = [:]

    private var period: ReportPeriod { report.period }

    /// - Parameter asOf: the day open cases are judged on, which the period's end comes before;
    ///   nil for the day of the last line.
    package init(_ period: ReportPeriod, calendar: WorkingCalendar, asOf: CivilDate? = nil) {
        report = CaseReport(period: period)
        terms = ReportTerms(calendar: calendar, period: period)
        self.asOf = asOf
    }

    /// Cases kept in memory now.
    var kept: Int { cases.count }

    // MARK: Lines

    /// Takes one line in, without its LF; false where it is no journal line.
    package mutating func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count < JournalFormat.longestLine, let line = JournalLine(bytes) else {
            return false
        }
        take(line, CaseLine(line))
        return true
    }

    mutating func take(_ line: JournalLine, _ event: CaseLine?) {
        report.lines += 1
        if let time = Timestamp(line[line.time]), !period.isBehind(time) {
            lastDay = period.day(time) ?? lastDay
        }
        if let event, event.changesCases { return apply(event) }
        switch JournalKind.named(line[line.kind]) {
        case .journalOpened:
            let mode = try? Self.texts(line, .mode).first.flatMap(JournalMode.init)
            if let mode { report.mode = mode }
        case .restoreRefused:
            guard let time = Timestamp(line[line.time]), isWithin(time) else { return }
            for reason in (try? Self.texts(line, .reasons)) ?? [] {
                report.notBegun[reason, default: 0] += 1
            }
        default: break
        }
    }

    /// A text or texts of a line.
    private static func texts(
        _ line: JournalLine, _ wanted: JournalField
    ) throws(JSONError) -> [String] {
        var texts: [String] = []
        var reader = WhatReader(line[line.what], isForFold: true)
        try reader.fields { (field, reader) throws(JSONError) in
            guard field == wanted else { return false }
            texts = wanted == .reasons ? try reader.strings() : [try reader.string()]
            return true
        }
        return texts
    }

    private func isWithin(_ time: Timestamp) -> Bool {
        !period.isBefore(time) && !period.isBehind(time)
    }

    private mutating func apply(_ line: CaseLine) {
        // What was recorded later, nobody knew within the period.
        guard !period.isBehind(line.time) else { return }
        guard case .event(let event) = line.content else { return report.passedOver += 1 }
        switch event {
        case .received(let paper): receive(paper, line)
        case .completed(let paper): complete(paper, line)
        case .personalRemoved, .tokenNoted: break
        default:
            count(event, line)
            if let id = line.caseID { change(id, event, line) }
        }
    }

    // MARK: Requests

    private mutating func receive(_ paper: RequestReceived, _ line: CaseLine) {
        guard papers[paper.request] == nil, paper.rows.allSatisfy({ cases[$0.caseID] == nil })
        else { return report.passedOver += 1 }
        let isWithin = !period.isBefore(line.time)
        if isWithin { report.requests += 1 }
        papers[paper.request] = Paper(
            file: RequestFile(paper, at: line.time, line.clock), kept: paper.rows.count)
        for (index, row) in paper.rows.enumerated() {
            cases[row.caseID] = Live(
                file: CaseFile(paper, row: index, at: line.time, line.clock, line: line.sequence),
                isReceivedWithin: isWithin)
        }
    }

    private mutating func complete(_ paper: RequestCompleted, _ line: CaseLine) {
        // All its cases may be done and gone.
        guard var request = papers[paper.request]?.file else { return }
        guard paper.deviceNumbers.count == request.cases.count else {
            return report.passedOver += 1
        }
        request.take(paper, at: line.time)
        papers[paper.request]?.file = request
        for id in request.cases {
            guard let live = cases[id],
                (try? live.file.state(after: .completed(paper))) != nil
            else { continue }
            change(id, .completed(paper), line)
        }
    }

    // MARK: Cases

    private mutating func change(_ id: CaseID, _ event: CaseEvent, _ line: CaseLine) {
        guard var live = cases[id], let request = papers[live.file.request]?.file else { return }
        let before = live
        guard let next = try? before.file.state(after: event) else {
            return report.passedOver += 1
        }
        if case .keycheckOutcome(let end) = event, before.file.kind == .restore,
            end.serial != before.file.token?.name.serial
        {
            return
        }
        live.file.learn(event, at: line.time, line.clock)
        live.file.come(to: next, at: line.time, line.clock)
        if next.isDone, live.settled == nil {
            live.settled = settled(before, next.stage, request, line)
        } else if !next.isDone, let settled = before.settled {
            live.isReopened =
                live.isReopened || (period.isBefore(settled.time) && !period.isBefore(line.time))
            live.settled = nil
        }
        if case .refused(let refusal) = next { live.settled?.reasons = refusal.reasons }
        cases[id] = live
        if isFinal(live) { drop(id) }
    }

    private func settled(
        _ before: Live, _ stage: CaseStage, _ request: RequestFile, _ line: CaseLine
    ) -> Settled {
        let day = line.clock == .synced ? period.day(line.time) : nil
        return Settled(
            time: line.time, stage: stage, standing: standing(before, request, on: day),
            taken: terms.taken(
                from: request.hasTrustedDay ? request.validSince.flatMap(period.day) : nil, to: day),
            reasons: [])
    }

    private func standing(
        _ live: Live, _ request: RequestFile, on day: CivilDate?
    ) -> CaseStanding {
        // A record's own time starts a hand-over's term, the paper's every other.
        let isTrusted =
            live.file.kind == .handOver ? live.file.sinceClock == .synced : request.hasTrustedDay
        return terms.standing(live.file.term(of: request), from: isTrusted, on: day)
    }

    /// Whether nothing that is counted can become of it any more.
    private func isFinal(_ live: Live) -> Bool {
        guard let settled = live.settled else { return false }
        if settled.stage == .refused, live.file.state.stage != .closed { return false }
        return !live.file.awaitsNotice || !isCounted(live)
    }

    private mutating func drop(_ id: CaseID) {
        guard let live = cases.removeValue(forKey: id) else { return }
        count(live, in: &report, on: nil)
        let request = live.file.request
        papers[request]?.kept -= 1
        if papers[request]?.kept == 0 { papers[request] = nil }
    }

    // MARK: Counting

    /// Whether it is of the period: not done before, or taken up again.
    private func isCounted(_ live: Live) -> Bool {
        guard let settled = live.settled, !live.isReceivedWithin, !live.isReopened else {
            return true
        }
        return !period.isBefore(settled.time)
    }

    private func count(_ live: Live, in report: inout CaseReport, on day: CivilDate?) {
        guard isCounted(live) else { return }
        let origin: CaseOrigin =
            live.isReceivedWithin ? .received : live.isReopened ? .reopened : .carriedOver
        var tally = CaseTally()
        if let settled = live.settled {
            tally.addDone(
                origin, settled.stage, settled.standing, settled.taken,
                awaitsNotice: live.file.awaitsNotice)
            if settled.stage == .refused {
                for reason in Set(settled.reasons) { report.refusals[reason, default: 0] += 1 }
            }
        } else if let request = papers[live.file.request]?.file {
            tally.addOpen(origin, live.file.state.stage, standing(live, request, on: day))
        }
        report.byKind[live.file.kind, default: CaseTally()].add(tally)
        report.byBody[live.file.managingBody, default: CaseTally()].add(tally)
    }

    private mutating func count(_ event: CaseEvent, _ line: CaseLine) {
        switch event {
        case .restoreBegun(let begun):
            let isWithin = isWithin(line.time)
            restores[begun.restore] = Attempt(family: begun.token.family, isWithin: isWithin)
            if isWithin {
                report.restores[begun.token.family, default: Counts()].add(.running)
            }
        case .restoreOutcome(let end), .restoreResolved(let end): settle(end)
        default: break
        }
    }

    private mutating func settle(_ end: RestoreEnd) {
        guard let attempt = restores[end.restore] else { return }
        let fate = RestoreFate(end.outcome)
        if attempt.isWithin {
            report.restores[attempt.family]?.add(attempt.fate, -1)
            report.restores[attempt.family]?.add(fate)
        }
        restores[end.restore]?.fate = fate
        if fate != .unknown { restores[end.restore] = nil }
    }

    /// The report of the lines so far.
    package func result() -> CaseReport {
        var result = report
        result.asOf = [asOf ?? lastDay, period.to].compactMap { $0 }.min()
        for live in cases.values { count(live, in: &result, on: result.asOf) }
        return result
    }
}

extension RequestFile {
    /// Whether the day it came in is the document system's word, or that of a clock that was
    /// right.
    fileprivate var hasTrustedDay: Bool { hasLabel || recordedClock == .synced }
}
