import Foundation
import System
import Testing
import WorkingDays

@testable import Casework

/// The shipped calendars of 2026 and 2027.
private let calendar: WorkingCalendar = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    let files = ["2026", "2027"].map { year in
        let file = root.appendingPathComponent("config/calendars/\(year).json5")
        return (name: year, bytes: [UInt8]((try? Data(contentsOf: file)) ?? Data()))
    }
    return WorkingCalendar.load(files).calendar ?? WorkingCalendar()
}()

/// A counter whose days a test chooses, and the journal that comes of it.
private final class Counter {
    let folder = TemporaryFolder()
    let clock = HandClock(wall: 0)
    let book: CaseBook
    private var now: Int64 = 0
    private var restores = 0

    init(_ start: String) throws {
        let at = try #require(Timestamp(start + "T00:00:00.000Z")).milliseconds
        now = at
        clock.move(wall: .milliseconds(at), monotonic: .zero)
        book = try CaseBook(in: folder.path, mode: .office, clock: clock.clock())
    }

    /// Nine in the morning of a day at the counter.
    func turn(to day: String) throws {
        let at = try #require(Timestamp(day + "T02:00:00.000Z")).milliseconds
        clock.move(wall: .milliseconds(at - now), monotonic: .milliseconds(at - now))
        now = at
    }

    func receive(
        _ kind: CaseKind = .restore, body: String = "Sở Y tế", label: String? = nil,
        devices: Int = 1, missing: [String] = []
    ) throws -> RequestFile {
        var form = RequestForm.sample(kind)
        form.managingBody = body
        form.received = label.flatMap { Timestamp($0) }
        form.particulars.noticed = Timestamp("2026-11-18T03:00:00.000Z")
        form.devices = (0..<devices).map { DeviceRow(deviceNumber: "9000\($0)") }
        return try book.receive(form, missing: missing, who: officer, isOnceOnly: false).request
    }

    func complete(_ id: RequestID, _ kind: CaseKind, devices: Int) throws {
        var form = RequestForm.sample(kind)
        form.received = nil
        form.devices = (0..<devices).map { DeviceRow(deviceNumber: "9000\($0)") }
        _ = try book.complete(id, form, missing: [], who: officer)
    }

    func record(_ event: CaseEvent, _ id: CaseID?) throws {
        try book.record(event, case: id, who: officer)
    }

    func restore(_ id: CaseID, _ outcome: RestoreOutcome, reasons: [String] = []) throws {
        restores += 1
        let name = "r\(restores)"
        try record(.restoreBegun(.sample(name)), id)
        try record(
            .restoreOutcome(
                RestoreEnd(
                    restore: name, outcome: outcome, triesSpent: .exactly(0), reasons: reasons)),
            id)
    }

    func report(_ from: String? = nil, _ to: String? = nil) throws -> CaseReport {
        let period = ReportPeriod(
            from: from.flatMap { CivilDate($0) }, to: to.flatMap { CivilDate($0) })
        let made = try Journal.report(folder.journal, period, calendar: calendar)
        #expect(made.check.holds)
        #expect(made.report.lines == book.journal.head.sequence)
        #expect(made.report.passedOver == 0)
        expectSums(made.report)
        return made.report
    }
}

/// Each total is the sum of its parts.
private func expectSums(_ report: CaseReport) {
    var byBody = CaseTally()
    for tally in report.byBody.values { byBody.add(tally) }
    #expect(byBody == report.total)
    for tally in Array(report.byKind.values) + Array(report.byBody.values) + [report.total] {
        #expect(tally.origins.total == tally.done.total + tally.open.total)
        #expect(tally.origins.total == tally.stages.total)
        #expect(tally.taken.total == tally.done.total)
        let done = CaseStage.allCases.filter(\.isDone).reduce(0) { $0 + tally.stages[$1] }
        #expect(done == tally.done.total)
        #expect(tally.awaitingNotice <= tally.done.total)
    }
    #expect(report.refusals.values.allSatisfy { $0 > 0 && $0 <= report.total.stages[.refused] })
}

@Suite struct ReportTests {
    /// What a device that came in on Friday 2026-11-20 came to on a day, and how it is counted.
    private static let fates:
        [(
            kind: CaseKind, day: String, acts: [CaseEvent], stage: CaseStage,
            standing: CaseStanding, taken: TimeTaken
        )] = [
            (.restore, "2026-11-20", [], .restored, .inTime, .sameDay),
            (.restore, "2026-11-23", [], .restored, .inTime, .oneDay),
            // The 24th is a holiday.
            (.restore, "2026-11-25", [], .restored, .late, .twoDays),
            (.restore, "2026-11-30", [], .restored, .late, .upToFive),
            (.restore, "2026-12-04", [], .restored, .late, .upToTen),
            (.restore, "2026-12-31", [], .restored, .late, .longer),
            (.restore, "2026-11-21", [.refused(reasons: ["a"])], .refused, .inTime, .sameDay),
            (.restore, "2026-11-25", [.routed(.hsm)], .routed, .late, .twoDays),
            (.restore, "2026-11-25", [.closed(reason: "a")], .closed, .late, .twoDays),
            // Mẫu 07 goes on the day of the record; when that was made is nobody's term.
            (
                .handOver, "2026-12-01", [.recorded, .noticeSent(.provider, reference: "1")],
                .sent, .inTime, .upToTen
            ),
            // Five working days from the notice of Wednesday the 18th.
            (
                .takeBack, "2026-11-26", [.recorded, .noticeSent(.provider, reference: "1")],
                .sent, .inTime, .upToFive
            ),
            (
                .takeBack, "2026-11-27", [.recorded, .noticeSent(.provider, reference: "1")],
                .sent, .late, .upToFive
            ),
            (
                .lost, "2026-11-20", [.recorded, .noticeSent(.provider, reference: "1")], .sent,
                .inTime, .sameDay
            ),
            (
                .misuse, "2026-11-21", [.recorded, .noticeSent(.authority, reference: "1")],
                .sent, .late, .sameDay
            ),
        ]

    @Test(arguments: fates.indices) func whatADeviceCameToIsCountedAgainstItsTerm(
        _ index: Int
    ) throws {
        let fate = Self.fates[index]
        let counter = try Counter("2026-11-01")
        try counter.turn(to: "2026-11-20")
        let id = try #require(try counter.receive(fate.kind).cases.first)
        if fate.kind == .handOver {
            try counter.record(
                .keycheckOutcome(
                    KeycheckEnd(serial: "90000", isProven: true, triesSpent: .exactly(0))), id)
        }
        try counter.turn(to: fate.day)
        if fate.acts.isEmpty { try counter.restore(id, .restored) }
        for act in fate.acts { try counter.record(act, id) }
        let total = try counter.report().total
        #expect(total.origins[.received] == 1)
        #expect(total.stages[fate.stage] == 1)
        #expect(total.done[fate.standing] == 1)
        #expect(total.taken[fate.taken] == 1)
    }

    @Test func aTermCountsFromTheDocumentSystemsLabelAndAPeriodFromTheRecord() throws {
        let counter = try Counter("2026-11-01")
        try counter.turn(to: "2026-12-01")
        // 23:30 of the 30th at the counter.
        let id = try #require(
            try counter.receive(label: "2026-11-30T16:30:00.000Z").cases.first)
        try counter.restore(id, .restored)
        #expect(try counter.report(nil, "2026-11-30").total == CaseTally())
        let december = try counter.report("2026-12-01", nil).total
        #expect(december.origins[.received] == 1)
        #expect(december.taken[.oneDay] == 1)
        #expect(december.done[.inTime] == 1)
    }

    @Test func openCasesAreHeldAgainstTheDayTheReportIsOf() throws {
        let counter = try Counter("2026-11-01")
        try counter.turn(to: "2026-11-20")
        _ = try counter.receive(devices: 2)
        let short = try counter.receive(missing: ["contact.name:missing"])
        for (day, standing) in [
            ("2026-11-23", CaseStanding.inTime), ("2026-11-24", .late), ("2026-11-25", .late),
        ] {
            try counter.turn(to: day)
            try counter.record(.tokenNoted(TokenName(serial: "1", family: "piv")), nil)
            let report = try counter.report()
            #expect(report.asOf == CivilDate(day))
            #expect(report.total.open[standing] == 2)
            #expect(report.total.open[.noTerm] == 1)
            #expect(report.total.stages[.incomplete] == 1)
        }
        try counter.complete(short.id, .restore, devices: 1)
        let report = try counter.report()
        #expect(report.total.open[.late] == 2)
        #expect(report.total.open[.inTime] == 1)
        // What came later is not known within the period, and a record that ends before it does
        // says nothing of the days behind.
        #expect(try counter.report(nil, "2026-11-23").total.open[.inTime] == 2)
        #expect(try counter.report(nil, "2026-12-31").asOf == CivilDate("2026-11-25"))
    }

    @Test func withoutACalendarOrAClockNothingIsSaidOfTerms() throws {
        let counter = try Counter("2026-11-01")
        try counter.turn(to: "2026-11-20")
        let first = try #require(try counter.receive().cases.first)
        try counter.restore(first, .restored)
        counter.clock.synchronised(false)
        let second = try #require(
            try counter.receive(label: "2026-11-20T02:00:00.000Z").cases.first)
        try counter.restore(second, .restored)
        let total = try counter.report().total
        #expect(total.done[.inTime] == 1)
        #expect(total.done[.unknown] == 1)
        let none = try Journal.report(
            counter.folder.journal, ReportPeriod(), calendar: WorkingCalendar()
        ).report
        expectSums(none)
        #expect(none.total.done[.unknown] == 2)
        #expect(none.total.taken[.unknown] == 1)
    }

    @Test func reasonsAreGroupedAsWrittenAndFamiliesByTheirFates() throws {
        let counter = try Counter("2026-11-01")
        try counter.turn(to: "2026-11-20")
        let paper = try counter.receive(devices: 4)
        try counter.record(.refused(reasons: ["hết hạn", "Hết hạn"]), paper.cases[0])
        try counter.record(.refused(reasons: ["hết hạn"]), paper.cases[1])
        try counter.restore(paper.cases[2], .refused, reasons: ["not-locked"])
        try counter.restore(paper.cases[3], .failed)
        try counter.restore(paper.cases[3], .unknown)
        _ = try counter.book.journal.append(.restoreRefused, who: officer, case: paper.cases[0]) {
            $0.put(.reasons, ["token-mismatch"])
        }
        let report = try counter.report()
        #expect(report.mode == .office)
        #expect(report.requests == 1)
        // A restore that came to nothing is no refusal of its request.
        #expect(report.refusals == ["hết hạn": 2, "Hết hạn": 1])
        #expect(report.notBegun == ["token-mismatch": 1])
        let piv = try #require(report.restores["piv"])
        #expect(piv.total == 3)
        #expect(piv[.refused] == 1 && piv[.failed] == 1 && piv[.unknown] == 1)
        // A reason counts with the case that it refused: taken up again, it is none.
        try counter.restore(paper.cases[1], .restored)
        try counter.record(
            .restoreResolved(
                RestoreEnd(restore: "r3", outcome: .restored, triesSpent: .exactly(0))),
            paper.cases[3])
        let later = try counter.report()
        #expect(later.refusals["hết hạn"] == 1)
        #expect(later.restores["piv"]?[.unknown] == 0)
        #expect(later.restores["piv"]?[.restored] == 2)
    }

    @Test func aRefusedDeviceThatIsTakenUpAgainIsCountedInBothPeriods() throws {
        let counter = try Counter("2026-11-01")
        try counter.turn(to: "2026-11-20")
        let id = try #require(try counter.receive().cases.first)
        try counter.record(.refused(reasons: ["a"]), id)
        try counter.turn(to: "2026-12-02")
        try counter.restore(id, .restored)
        try counter.record(.noticeSent(.managingBody, reference: "1"), id)
        try counter.record(.closed(reason: "b"), id)
        #expect(try counter.report(nil, "2026-11-30").total.stages[.refused] == 1)
        let december = try counter.report("2026-12-01", nil).total
        #expect(december.origins[.reopened] == 1)
        #expect(december.stages[.restored] == 1)
        #expect(december.awaitingNotice == 0)
        #expect(try counter.report().total.origins[.received] == 1)
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func months(_ seed: UInt64) throws {
        var chance = Chance(state: seed)
        let counter = try Counter("2026-01-01")
        var live: [(id: CaseID, kind: CaseKind)] = []
        for number in 0..<240 {
            let day = try #require(CivilDate("2026-01-01")?.adding(number * 3 / 2))
            try counter.turn(to: "\(day)")
            let kind = CaseKind.allCases.randomElement(using: &chance) ?? .restore
            let paper = try counter.receive(
                kind, body: "Cơ quan \(number % 7)", devices: Int.random(in: 1...3, using: &chance),
                missing: number % 5 == 0 ? ["contact.name:missing"] : [])
            live += paper.cases.map { ($0, kind) }
            for _ in 0..<6 {
                guard let (id, _) = live.randomElement(using: &chance) else { continue }
                // What cannot be is refused by the book and leaves no line.
                switch Int.random(in: 0..<8, using: &chance) {
                case 0: try? counter.restore(id, .restored)
                case 1: try? counter.restore(id, .failed)
                case 2: try? counter.restore(id, .unblockedUnproven)
                case 3: try? counter.record(.refused(reasons: ["lý do \(number % 3)"]), id)
                case 4: try? counter.record(.recorded, id)
                case 5: try? counter.record(.closed(reason: "rút"), id)
                case 6: try? counter.record(.routed(.hsm), id)
                default:
                    try? counter.record(.noticeSent(.provider, reference: "1"), id)
                }
            }
        }
        let year = try counter.report()
        #expect(year.total.total == live.count)
        var open = 0
        var received = 0
        var requests = 0
        for month in 1...12 {
            let name = "2026-\(month < 10 ? "0" : "")\(month)-"
            let last = CivilDate.length(ofMonth: month, year: 2026)
            let report = try counter.report(name + "01", name + "\(last)")
            // What one leaves open is what the next carries over.
            #expect(report.total.origins[.carriedOver] == open)
            open = report.total.open.total
            received += report.total.origins[.received]
            requests += report.requests
        }
        #expect(received == live.count)
        #expect(requests == year.requests)
        #expect(open == year.total.open.total)
        // The book's own fold says the same of where each case stands, those aside that were
        // closed behind what they came to.
        let stages = counter.book.everything().cases.map(\.state.stage)
        for stage in CaseStage.allCases where !stage.isDone {
            #expect(year.total.stages[stage] == stages.count { $0 == stage })
        }
    }

    @Test func whatIsDoneForGoodIsForgotten() throws {
        let counter = try Counter("2026-11-01")
        try counter.turn(to: "2026-11-20")
        for _ in 0..<50 {
            let paper = try counter.receive(devices: 3)
            try counter.restore(paper.cases[0], .restored)
            try counter.record(.noticeSent(.managingBody, reference: "1"), paper.cases[0])
            try counter.record(.closed(reason: "rút"), paper.cases[1])
            try counter.record(.refused(reasons: ["a"]), paper.cases[2])
            try counter.record(.closed(reason: "xong"), paper.cases[2])
        }
        var fold = ReportFold(ReportPeriod(), calendar: calendar)
        for line in lines(try counter.folder.bytes()) {
            #expect(line.withUnsafeBytes { fold.take($0) })
        }
        #expect(fold.kept == 0)
        expectSums(fold.result())
        let total = fold.result().total
        #expect(total.stages[.restored] == 50)
        #expect(total.stages[.refused] == 50)
        #expect(total.stages[.closed] == 50)
        let nonsense: [UInt8] = Array("{}".utf8)
        #expect(!nonsense.withUnsafeBytes { fold.take($0) })
    }

    @Test func aJournalThatDoesNotHoldSaysWhere() throws {
        let counter = try Counter("2026-11-01")
        try counter.turn(to: "2026-11-20")
        _ = try counter.receive()
        _ = try counter.receive()
        var bytes = try counter.folder.bytes()
        let second = try #require(bytes.firstIndex(of: 0x0A)) + 60
        bytes[second] ^= 1
        let copy = TemporaryFolder()
        try copy.write(bytes)
        let made = try Journal.report(copy.journal, ReportPeriod(), calendar: calendar)
        #expect(made.check.firstBad?.line == 2)
    }
}

/// Numbers that are the same for a seed.
private struct Chance: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
