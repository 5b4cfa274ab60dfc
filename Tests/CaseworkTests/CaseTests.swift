import Casework
import Expectations
import Foundation
import System
import Testing

@Suite struct CaseTests {
    private let folder = TemporaryFolder()

    private func book() throws -> CaseBook { try CaseBook(in: folder.path, mode: .training) }

    private static func end(_ outcome: RestoreOutcome, _ restore: String = "r1") -> RestoreEnd {
        RestoreEnd(
            restore: restore, outcome: outcome, triesSpent: .exactly(0),
            reasons: outcome == .refused ? ["not-locked"] : [])
    }

    private static let proven = KeycheckEnd(
        serial: "23130042", isProven: true, triesSpent: .exactly(0))
    private static let notProven = KeycheckEnd(
        serial: "23130042", isProven: false, triesSpent: .exactly(1))

    /// Events that lead to each state, and by name what each event then comes to.
    private static let ways: [(name: String, events: [CaseEvent])] = [
        ("open", []),
        ("in-progress", [.restoreBegun(.sample())]),
        ("restored", [.restoreBegun(.sample()), .restoreOutcome(end(.restored))]),
        (
            "unblocked-unproven",
            [.restoreBegun(.sample()), .restoreOutcome(end(.unblockedUnproven))]
        ),
        ("refused", [.refused(reasons: ["incomplete"])]),
        ("failed", [.restoreBegun(.sample()), .restoreOutcome(end(.failed))]),
        ("unknown", [.restoreBegun(.sample()), .restoreOutcome(end(.unknown))]),
        ("routed", [.routed(.simPKI)]),
        ("closed", [.closed(reason: "done")]),
    ]

    private static let events: [(name: String, event: CaseEvent)] = [
        ("refuse", .refused(reasons: ["late"])), ("close", .closed(reason: "done")),
        ("begin", .restoreBegun(.sample("r2"))), ("intend", .restoreIntent(.sample())),
        ("end", .restoreOutcome(end(.restored))), ("resolve", .restoreResolved(end(.failed))),
        ("prove", .keycheckOutcome(proven)), ("disprove", .keycheckOutcome(notProven)),
        ("route", .routed(.hsm)), ("record", .recorded),
        ("send", .noticeSent(.managingBody, reference: "45/SKHCN")),
    ]

    /// The whole table: a state's row has a column for each of `events`.
    private static let table: [String: [String]] = [
        "open": [
            "refused", "closed", "in-progress", "not running", "not running", "not running",
            "open", "open",
            "routed", "not now", "not now",
        ],
        "in-progress": [
            "busy", "busy", "busy", "in-progress", "restored", "not running", "in-progress",
            "in-progress",
            "busy", "busy", "busy",
        ],
        "restored": [
            "unlocked", "closed", "unlocked", "not running", "not running", "not running",
            "restored", "restored",
            "not now", "not now", "restored",
        ],
        "unblocked-unproven": [
            "unlocked", "closed", "in-progress", "not running", "not running", "not running",
            "restored", "unblocked-unproven",
            "not now", "not now", "unblocked-unproven",
        ],
        "refused": [
            "refused", "closed", "in-progress", "not running", "not running", "not running",
            "refused", "refused",
            "not now", "not now", "refused",
        ],
        "failed": [
            "refused", "closed", "in-progress", "not running", "not running", "not running",
            "failed", "failed",
            "not now", "not now", "not now",
        ],
        "unknown": [
            "unresolved", "closed", "unresolved", "not running", "not running", "failed",
            "unknown", "unknown",
            "not now", "not now", "not now",
        ],
        "routed": [
            "not now", "closed", "not now", "not running", "not running", "not running",
            "routed", "routed",
            "not now", "not now", "routed",
        ],
        "closed": [
            "is closed", "is closed", "is closed", "is closed", "is closed", "closed", "closed",
            "closed",
            "is closed", "is closed", "is closed",
        ],
    ]

    private func name(_ error: CaseError) -> String {
        switch error {
        case .closed: "is closed"
        case .busy: "busy"
        case .alreadyRestored: "unlocked"
        case .unresolved: "unresolved"
        case .notInProgress: "not running"
        case .notNow: "not now"
        default: "\(error)"
        }
    }

    @Test(arguments: CaseTests.ways.map(\.name))
    func eachEventInEachStateComesToWhatTheTableSays(state: String) throws {
        let way = try #require(CaseTests.ways.first { $0.name == state }).events
        let row = try #require(CaseTests.table[state])
        let book = try book()
        for ((event, what), expected) in zip(CaseTests.events, row) {
            let file = try book.open(.sample, who: officer).file
            for step in way { try book.record(step, case: file.id, who: officer) }
            #expect(book.file(file.id)?.state.name == state)
            var found = ""
            let before = book.journal.head
            do throws(CaseError) {
                try book.record(what, case: file.id, who: officer)
                found = book.file(file.id)?.state.name ?? ""
            } catch {
                found = name(error)
                #expect(book.journal.head == before, "a refused event was written")
            }
            #expect(found == expected, "\(state) + \(event)")
            // What runs or is unknown is one restore's; the next round uses its name again.
            book.settle("r1", who: officer)
            book.settle("r2", who: officer)
            _ = try? book.record(
                .restoreResolved(CaseTests.end(.failed)), case: file.id, who: officer)
            _ = try? book.record(
                .restoreResolved(CaseTests.end(.failed, "r2")), case: file.id, who: officer)
        }
        #expect(book.anomalies.isEmpty)
    }

    @Test func aStartFindsWhatTheRunBeforeKnew() throws {
        var before: [CaseFile] = []
        do {
            let book = try book()
            for way in CaseTests.ways where way.name != "in-progress" && way.name != "unknown" {
                let file = try book.open(.sample, who: officer).file
                for step in way.events { try book.record(step, case: file.id, who: officer) }
            }
            before = book.latest()
        }
        #expect(before.count == 7)
        #expect(try book().latest() == before)
    }

    @Test func caseNumbersGoOnAcrossStartsAndBeginAnewEachYear() throws {
        let clock = HandClock()
        func next() throws -> String {
            try CaseBook(in: folder.path, mode: .training, clock: clock.clock())
                .open(.sample, who: officer).file.id.text
        }
        #expect(try [next(), next()] == ["2026-000001", "2026-000002"])
        clock.move(wall: .seconds(41 * 86_400), monotonic: .seconds(41 * 86_400))
        #expect(try [next(), next()] == ["2027-000001", "2027-000002"])
    }

    @Test(arguments: [
        ("", "empty"), (" \u{00A0}", "empty"), (String(repeating: "ế", count: 201), "longer"),
        ("a\nb", "control"), ("a\u{0}", "control"), ("a\u{2028}b", "control"),
        ("a\u{202E}b", "control"), ("a\u{2066}b", "control"),
        ("e" + String(repeating: "\u{0301}", count: 3000), "longer"),
    ])
    func aFieldThatIsNotFitIsNamed(text: String, reason: String) throws {
        let book = try book()
        let before = book.journal.head
        for field in [JournalField.requestNumber, .managingBody, .holder] {
            var request = CaseRequest.sample
            switch field {
            case .requestNumber: request.requestNumber = text
            case .managingBody: request.managingBody = text
            default: request.holder = text
            }
            let error = caught(CaseError.self) { try book.open(request, who: officer) }
            guard case .invalidField(field, let why) = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(why.contains(reason))
        }
        #expect(book.journal.head == before)
    }

    @Test func aFieldOf200CharactersIsTaken() throws {
        var request = CaseRequest.sample
        request.holder = String(repeating: "ế", count: 200)
        let book = try book()
        #expect(try book.holder(of: book.open(request, who: officer).file.id) == request.holder)
    }

    @Test func anUnknownCaseIsSaid() throws {
        let id = try #require(CaseID("2026-999999"))
        let book = try book()
        #expect(throws: CaseError.notFound(id)) {
            try book.record(.closed(reason: "done"), case: id, who: officer)
        }
        #expect(throws: CaseError.notFound(id)) { try book.holder(of: id) }
    }

    @Test(arguments: ["", "a b", "a/b", "\"", "é", String(repeating: "1", count: 41)])
    func whatNeedsEscapingIsNoCaseID(text: String) {
        #expect(CaseID(text) == nil)
    }

    @Test func aKeyCheckOfAnotherTokenDoesNotCompleteACase() throws {
        let book = try book()
        let file = try book.open(.sample, who: officer).file
        try book.record(.restoreBegun(.sample()), case: file.id, who: officer)
        try book.record(
            .restoreOutcome(CaseTests.end(.unblockedUnproven)), case: file.id, who: officer)
        let other = KeycheckEnd(serial: "999", isProven: true, triesSpent: .exactly(0))
        try book.record(.keycheckOutcome(other), case: file.id, who: officer)
        #expect(book.file(file.id)?.state == .unblockedUnproven("r1"))
        try book.record(.keycheckOutcome(CaseTests.proven), case: file.id, who: officer)
        #expect(book.file(file.id)?.state == .restored)
    }

    /// What led there, and whether a notice was still to go.
    private static let origins: [(events: [CaseEvent], isDue: Bool)] = [
        ([], false),
        ([.refused(reasons: ["late"])], true),
        (
            [.refused(reasons: ["late"]), .noticeSent(.managingBody, reference: "1")], false
        ),
        ([.restoreBegun(.sample()), .restoreOutcome(end(.failed))], false),
        ([.restoreBegun(.sample()), .restoreOutcome(end(.unblockedUnproven))], false),
    ]

    @Test(arguments: origins.indices)
    func aRestoreOfWhichNothingCameLeavesTheCaseAsItWas(index: Int) throws {
        let (events, isDue) = Self.origins[index]
        let folder = TemporaryFolder()
        let book = try CaseBook(in: folder.path, mode: .training)
        let id = try #require(
            try book.receive(.sample, missing: [], who: officer).request.cases.first)
        for event in events { try book.record(event, case: id, who: officer) }
        let before = try #require(book.file(id))
        #expect(before.awaitsNotice == isDue)
        try book.record(.restoreBegun(.sample("r9")), case: id, who: officer)
        let nothing = RestoreEnd(
            restore: "r9", outcome: .refused, triesSpent: .exactly(0), reasons: ["cancelled"])
        try book.record(.restoreOutcome(nothing), case: id, who: officer)
        let after = try #require(book.file(id))
        #expect(after.state == before.state)
        #expect(after.awaitsNotice == before.awaitsNotice)
        #expect(after.token == before.token)
        #expect(after.triesSpent == before.triesSpent)
        #expect(!CaseRule.papers(.restore, after.state.stage).contains(.refusal) || !events.isEmpty)
    }

    /// The second restore is begun with the same device under another certificate, and comes to
    /// nothing.
    @Test func aKeyIsProvenUnderTheCertificateOfTheRestoreThatUnblockedIt() throws {
        let book = try book()
        let id = try book.open(.sample, who: officer).file.id
        try book.record(.restoreBegun(.sample()), case: id, who: officer)
        try book.record(
            .restoreOutcome(CaseTests.end(.unblockedUnproven)), case: id, who: officer)
        var other = RestoreBegun.sample("r2")
        other.token.certificate = String(repeating: "cd", count: 32)
        try book.record(.restoreBegun(other), case: id, who: officer)
        #expect(book.file(id)?.token?.certificate == other.token.certificate)
        try book.record(
            .restoreOutcome(CaseTests.end(.refused, "r2")), case: id, who: officer)
        let file = try #require(book.caseAwaitingCheck(of: "r1"))
        #expect(file.token?.certificate == TokenFacts.sample.certificate)
    }
}
