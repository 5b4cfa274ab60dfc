import Casework
import Foundation
import JSON
import System
import Testing

/// What is known about a restore after the process died, and about a token's unblocking code.
@Suite struct RestoreTests {
    private let folder = TemporaryFolder()
    private let serial = TokenFacts.sample.serial

    private func book() throws -> CaseBook { try CaseBook(in: folder.path, mode: .training) }

    /// The journal as it stood after each line of a restore: a power cut in between.
    @Test func aRestoreCutOffAfterAnyLineIsReportedForWhatItIs() throws {
        do {
            let book = try book()
            let file = try book.open(.sample, who: officer).file
            try book.record(.restoreBegun(.sample()), case: file.id, who: officer)
            let open = try book.intend(.sample(), case: file.id, who: officer)
            _ = try open.finish(
                RestoreEnd(restore: "r1", outcome: .restored, triesSpent: .exactly(0)))
        }
        let all = lines(try folder.bytes())
        let expected: [Int: CaseState] = [
            2: .open, 3: .open, 4: .unknown(["r1"]), 5: .restored,
        ]
        let holder = try folder.names().contains("vault")
        #expect(holder)
        for (count, state) in expected {
            let cut = TemporaryFolder()
            try cut.write(
                all[..<count].flatMap { $0 + [0x0A] }
                    + all[count..<min(count + 1, all.count)].flatMap { $0.dropLast(3) })
            for _ in 0..<2 {
                let book = try CaseBook(in: cut.path, mode: .training)
                let file = try #require(book.latest().first)
                #expect(file.state == state, "after \(count) lines")
                #expect(book.running.isEmpty)
                guard case .unknown = state else { continue }
                let record = try #require(book.unresolved(serial: serial).first)
                #expect(record.token == .sample)
                #expect(record.countersBefore == TokenFacts.sample.counters)
                #expect(record.unblockingSends == 1)
                #expect(book.unresolved(serial: "999").isEmpty)
            }
        }
    }

    /// A permit that nobody used: the case stands where it stood, and about the token it was about.
    @Test func aRestoreOfWhichNothingWasSentLeavesItsCaseAsItWas() throws {
        let stood: CaseState
        let id: CaseID
        do {
            let book = try book()
            id = try book.open(.sample, who: officer).file.id
            try book.record(.restoreBegun(.sample("r1")), case: id, who: officer)
            _ = try book.intend(.sample("r1"), case: id, who: officer).finish(
                RestoreEnd(restore: "r1", outcome: .unblockedUnproven, triesSpent: .exactly(0)))
            stood = try #require(book.file(id)).state
            try book.record(.restoreBegun(.sample("r2")), case: id, who: officer)
        }
        let file = try #require(try book().file(id))
        #expect(file.state == stood && stood == .unblockedUnproven("r1"))
        #expect(file.triesSpent == .exactly(0) && file.token?.name.serial == serial)
        let last = try #require(lines(try folder.bytes()).last)
        let text = String(decoding: last, as: UTF8.self)
        #expect(text.contains("\"outcome\":\"refused\"") && text.contains("interrupted"))
    }

    @Test func anUnknownRestoreIsResolvedOnce() throws {
        let book = try book()
        let file = try book.open(.sample, who: officer).file
        try book.record(.restoreBegun(.sample()), case: file.id, who: officer)
        do { _ = try book.intend(.sample(), case: file.id, who: officer) }
        book.settle("r1", who: officer)
        #expect(book.file(file.id)?.state == .unknown(["r1"]))
        let end = RestoreEnd(
            restore: "r1", outcome: .unblockedUnproven, triesSpent: .exactly(0),
            counters: Counters(pin: .left(3), unblocking: .unknown))
        try book.record(.restoreResolved(end), case: file.id, who: officer)
        #expect(book.file(file.id)?.state == .unblockedUnproven("r1"))
        #expect(book.unresolved().isEmpty)
        #expect(throws: CaseError.notInProgress("r1")) {
            try book.record(.restoreResolved(end), case: file.id, who: officer)
        }
    }

    /// A token of the samples' family.
    private func name(_ serial: String) -> TokenName {
        TokenName(serial: serial, family: TokenFacts.sample.family)
    }

    @Test func aKeyCheckCutOffMayHaveSpentOneTry() throws {
        do {
            try book().record(
                .keycheckIntent(KeycheckIntent(serial: serial, counters: Counters())), case: nil,
                who: officer)
        }
        for _ in 0..<2 { _ = try book() }
        var reader = try JournalReader(folder.journal)
        var ends: [CaseEvent] = []
        while let line = try reader.next() {
            if let event = try line.entry?.caseEvent(), case .keycheckOutcome = event {
                ends.append(event)
            }
        }
        #expect(
            ends == [
                .keycheckOutcome(
                    KeycheckEnd(
                        serial: serial, isProven: false, triesSpent: .between(0, 1),
                        reasons: ["interrupted"]))
            ])
    }

    /// One restore's end, and what is then known of the unblocking code's tries.
    struct Known: Sendable {
        let outcome: RestoreOutcome
        var spent = TriesSpent.exactly(1)
        var answered: TryCount?
        let unanswered: Int
        let last: Int?
        let maySend: Bool
    }

    @Test(arguments: [
        Known(outcome: .failed, answered: .left(2), unanswered: 0, last: 2, maySend: false),
        Known(outcome: .failed, answered: .left(0), unanswered: 0, last: 0, maySend: false),
        Known(outcome: .failed, answered: nil, unanswered: 1, last: nil, maySend: false),
        Known(outcome: .unknown, spent: .between(0, 1), unanswered: 1, last: nil, maySend: false),
        Known(outcome: .failed, spent: .exactly(0), unanswered: 0, last: nil, maySend: true),
        Known(outcome: .restored, spent: .exactly(0), unanswered: 0, last: nil, maySend: true),
        Known(
            outcome: .unblockedUnproven, spent: .exactly(0), unanswered: 0, last: nil, maySend: true
        ),
    ])
    func theLedgerKeepsWhatTheTokenAnswered(known: Known) throws {
        do {
            let book = try book()
            let file = try book.open(.sample, who: officer).file
            try book.record(.restoreBegun(.sample()), case: file.id, who: officer)
            let open = try book.intend(.sample(), case: file.id, who: officer)
            #expect(!book.ledger(of: name(serial)).unblocking("puk").maySendOnUnknown)
            _ = try open.finish(
                RestoreEnd(
                    restore: "r1", outcome: known.outcome, triesSpent: known.spent,
                    answered: known.answered))
        }
        let ledger = try book().ledger(of: name(serial)).unblocking("puk")
        #expect(ledger.unansweredSends == known.unanswered)
        #expect(ledger.lastAnswer == known.last)
        #expect(ledger.maySendOnUnknown == known.maySend)
        #expect(
            ledger.triesLeft(shown: .unknown) == (known.last.map { .left($0) } ?? TryCount.unknown))
        #expect(ledger.triesLeft(shown: .left(3)) == .left(3))
        #expect(try book().ledger(of: name("999")) == TokenLedger())
        // Another family's token of the same number is another token.
        #expect(
            try book().ledger(of: TokenName(serial: serial, family: "another")) == TokenLedger())
    }

    @Test(
        arguments: [
            (TryCount.left(2), TriesSpent.exactly(1), false, false, 2),
            (.unknown, .exactly(1), false, false, nil),
            (.unknown, .between(0, 1), false, false, nil),
            (.unknown, .exactly(0), false, true, nil),
            (.unknown, .exactly(0), true, true, nil),
        ] as [(TryCount, TriesSpent, Bool, Bool, Int?)])
    func aPINThatHidesItsCountIsSentOnceAndThenItsAnswerDecides(
        _ left: TryCount, _ spent: TriesSpent, _ isProven: Bool, _ maySend: Bool, _ last: Int?
    ) throws {
        do {
            let book = try book()
            let intent = KeycheckIntent(
                serial: serial, family: name(serial).family, counters: Counters())
            let open = try book.intend(intent, case: nil, who: officer)
            #expect(!book.ledger(of: name(serial)).pin.maySendOnUnknown)
            _ = try open.finish(
                KeycheckEnd(
                    serial: serial, family: name(serial).family, isProven: isProven, triesSpent: spent,
                    counters: Counters(pin: left)))
        }
        let ledger = try book().ledger(of: name(serial))
        #expect(ledger.pin.maySendOnUnknown == maySend)
        #expect(ledger.pin.lastAnswer == last)
        #expect(ledger.unblocking("puk") == CodeLedger())
    }

    @Test func everyEventIsReadBackAsItWasWritten() throws {
        let journal = try Journal(in: folder.path, mode: .training)
        let counters = Counters(pin: .left(3), unblocking: .unknown)
        let steps = [
            StepRecord(name: "verify", milliseconds: 7, status: "9000"),
            StepRecord(name: "sign", milliseconds: 900),
        ]
        let holder = try #require(Commitment(String(repeating: "0a", count: 32)))
        let request = try #require(RequestID("R2026-000001"))
        let first = try #require(CaseID("2026-000001"))
        let second = try #require(CaseID("2026-000002"))
        let events: [CaseEvent] = [
            .received(
                RequestReceived(
                    request: request, form: .sample, personal: holder, cases: [first, second],
                    missing: ["2.4[1]:private-mail"])),
            .completed(
                RequestCompleted(
                    request: request, form: .sample, personal: holder, missing: [],
                    changed: [.init(caseID: first, before: "1", deviceNumber: "2")])),
            .personalRemoved(request), .routed(.centralised), .recorded,
            .noticeSent(.provider, reference: "45/SKHCN"),
            .refused(reasons: ["a", "b\"\u{1F511}"]), .closed(reason: "c"),
            .tokenNoted(TokenName(serial: "1", family: "piv")),
            .restoreBegun(.sample()),
            .restoreIntent(.sample()),
            .restoreIntent(
                RestoreIntent(
                    restore: "r1", serial: "1", step: .unblock, code: "puk", counters: counters,
                    isAtPad: true)),
            .restoreOutcome(
                RestoreEnd(
                    restore: "r1", outcome: .failed, triesSpent: .between(0, 1),
                    answered: .left(2), counters: counters, reasons: ["wrong-code"], steps: steps,
                    evidence: "none")),
            .restoreResolved(
                RestoreEnd(
                    restore: "r1", outcome: .unblockedUnproven, triesSpent: .exactly(1),
                    answered: .unknown)),
            .keycheckIntent(KeycheckIntent(serial: "1", counters: counters)),
            .keycheckIntent(KeycheckIntent(serial: "1", counters: counters, isAtPad: true)),
            .keycheckOutcome(
                KeycheckEnd(
                    serial: "1", isProven: true, triesSpent: .exactly(0), counters: counters,
                    reasons: ["x"], steps: steps, evidence: "attested", key: "ab12")),
        ]
        for event in events {
            try journal.append(event.kind, who: officer) { event.write(to: &$0) }
        }
        var reader = try journal.lines(from: 2)
        var found: [CaseEvent] = []
        while let line = try reader.next() {
            #expect(line.entry?.who == officer)
            if let event = try line.entry?.caseEvent() { found.append(event) }
        }
        #expect(found == events)
    }

    /// A key that proved itself is remembered with its device, over a start too.
    @Test func aKeyIsRememberedWithEachDeviceItWasSeenIn() throws {
        func key(_ digits: String) -> String { String(repeating: digits, count: 32) }
        func seen(_ serial: String, _ key: String?, proven: Bool = true) -> CaseEvent {
            .keycheckOutcome(
                KeycheckEnd(
                    serial: serial, isProven: proven, triesSpent: .exactly(0), key: key))
        }
        let events = [
            seen("1", key("aa")), seen("1", key("aa")), seen("2", key("bb")), seen("3", nil),
            seen("4", key("cc"), proven: false), seen("2", key("aa")),
        ]
        do {
            let book = try book()
            for event in events { try book.record(event, case: nil, who: officer) }
            let file = try book.open(.sample, who: officer).file
            try book.record(.restoreBegun(.sample()), case: file.id, who: officer)
            let open = try book.intend(.sample(), case: file.id, who: officer)
            _ = try open.finish(
                RestoreEnd(
                    restore: "r1", outcome: .restored, triesSpent: .exactly(0), key: key("dd")))
        }
        let book = try book()
        func devices(_ key: String) -> [String] {
            book.sightings(ofKey: key).map { "\($0.serial) \($0.count)" }
        }
        #expect(devices(key("aa")) == ["1 2", "2 1"])
        #expect(devices(key("bb")) == ["2 1"])
        #expect(devices(key("cc")) == [])
        #expect(devices(key("dd")) == ["\(serial) 1"])
        #expect(book.anomalies.isEmpty)
    }

    @Test func aKindOfALaterVersionIsKeptAndPassedOver() throws {
        do { _ = try book().open(.sample, who: officer).file }
        let text = try folder.bytes()
        let last = try #require(lines(text).last)
        let line = try last.withUnsafeBytes { try JournalEntry($0, number: 2) }
        let hash = try Journal.verify(folder.journal).head
        var later = String(decoding: line.bytes, as: UTF8.self)
        later = later.replacingOccurrences(of: "\"seq\":2", with: "\"seq\":3")
        later = later.replacingOccurrences(of: "request.received", with: "case.moved")
        later = later.replacingOccurrences(of: line.previous, with: hash)
        try folder.write(text + Array(later.utf8) + [0x0A])
        let book = try book()
        #expect(book.count == 1 && book.anomalies.isEmpty)
        #expect(book.foreignLines.count == 1 && book.foreignLines.first == 3)
        // What such a line names nobody here can say.
        let record = try book.vault.put(Array("{}".utf8))
        #expect(book.sweepVault() == 0)
        #expect(try book.vault.get(record) == Array("{}".utf8))
        var reader = try book.journal.lines(from: 3)
        let shown = try #require(try reader.next()?.entry)
        #expect(shown.kind == nil && shown.kindName == "case.moved")
    }

    @Test func aLineThatDoesNotFitItsCaseIsNotedAndPassedOver() throws {
        do {
            let journal = try Journal(in: folder.path, mode: .training)
            let id = CaseID("2026-000001")
            try journal.append(.caseClosed, who: officer, case: id)
            try journal.append(.restoreBegun, who: officer, case: id)
            try journal.append(.caseClosed, who: officer)
        }
        #expect(try book().anomalies == [2, 3, 4])
    }
}
