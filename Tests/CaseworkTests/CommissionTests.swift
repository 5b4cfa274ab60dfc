import Crypto
import Foundation
import JSON
import Testing

@testable import Casework

/// What is known of a sacrificial token after the process died, and of a profile's seal.
@Suite struct CommissionTests {
    private let folder = TemporaryFolder()
    private static let serial = "12345678"

    private func book() throws -> CaseBook { try CaseBook(in: folder.path, mode: .training) }

    private static func intent(
        _ step: CommissionStep = .block, _ code: String = CommissionIntent.pin, most: Int = 3
    ) -> CommissionIntent {
        CommissionIntent(
            commission: "c-1", serial: serial, family: "piv", step: step, code: code, most: most,
            counters: Counters(pin: .left(3), unblocking: .unknown))
    }

    private static func end(
        _ step: CommissionStep, _ outcome: CommissionOutcome, _ spent: TriesSpent,
        _ counters: Counters = Counters(), _ reasons: [String] = []
    ) -> CommissionEnd {
        CommissionEnd(
            commission: "c-1", serial: serial, step: step, outcome: outcome, triesSpent: spent,
            counters: counters, reasons: reasons)
    }

    private static func name(_ serial: String) -> TokenName {
        TokenName(serial: serial, family: "piv")
    }

    private static let sealed = ProfileSealed(
        commission: "c-1", name: "odd", serial: serial, family: "piv", technician: "Lan",
        sha256: String(repeating: "ab", count: 32))

    @Test(
        arguments: [
            .commissionBegun(
                CommissionBegun(
                    commission: "c-1", reader: "r",
                    token: TokenFacts(serial: "1", family: "piv", counters: Counters()),
                    technician: "Trần Thị Lan", ways: ["puk", "so-pin"], mostWrongPINs: 3)),
            .commissionIntent(intent()),
            .commissionOutcome(
                end(.block, .unknown, .between(1, 2), Counters(), ["token-removed"])),
            .commissionOutcome(
                end(.prove, .done, .exactly(0), Counters(pin: .left(3), unblocking: .left(2)))),
            .profileSealed(sealed),
        ] as [CaseEvent])
    func anEventIsReadBackAsItWasWritten(_ event: CaseEvent) throws {
        let bytes = try What.text { event.write(to: &$0) }
        let read = try WhatReader.over(bytes[...]) { (reader) throws(JSONError) in
            try CaseEvent(event.kind, &reader)
        }
        #expect(read == event)
    }

    @Test(arguments: [
        (CommissionStep.block, CommissionIntent.pin, 5), (.unblock, "puk", 1),
        (.prove, CommissionIntent.pin, 1),
    ])
    func aStepThatNobodySawTheEndOfIsUnknownAtTheNextStart(
        _ step: CommissionStep, _ code: String, _ most: Int
    ) throws {
        do {
            let book = try book()
            let open = try book.intend(Self.intent(step, code, most: most), who: .thisProcess)
            #expect(open.intent.most == most)
            // Also where a snapshot alone remembers it.
            try book.saveSnapshot()
        }
        for _ in 0..<2 {
            let book = try book()
            var events: [CaseEvent] = []
            var lines = try book.journal.lines()
            while let line = try lines.next() {
                if let event = try line.entry?.caseEvent() { events.append(event) }
            }
            #expect(
                events == [
                    .commissionIntent(Self.intent(step, code, most: most)),
                    .commissionOutcome(
                        Self.end(
                            step, .unknown, .between(0, most), Counters(), ["interrupted"])),
                ])
            #expect(book.anomalies.isEmpty)
        }
    }

    /// What the answers told of a code stands by the token, as after a restore.
    @Test(
        arguments: [
            // Step, its code, how it ended; what is left of the PIN, of the PUK.
            (
                CommissionStep.block, "pin", CommissionOutcome.done, 3, Counters(pin: .left(0)), 0,
                nil
            ),
            (.block, "pin", .unknown, nil, Counters(), nil, nil),
            (.unblock, "puk", .failed, 1, Counters(unblocking: .left(2)), nil, 2),
            (.unblock, "puk", .done, 0, Counters(), nil, nil),
            (.prove, "pin", .failed, 1, Counters(pin: .left(2)), 2, nil),
        ] as [(CommissionStep, String, CommissionOutcome, Int?, Counters, Int?, Int?)])
    func theLedgerOfTheTokenIsKept(
        _ step: CommissionStep, _ code: String, _ outcome: CommissionOutcome, _ spent: Int?,
        _ counters: Counters, _ pin: Int?, _ puk: Int?
    ) throws {
        func known(_ left: Int?) -> TryCount { left.map { .left($0) } ?? .unknown }
        let book = try book()
        let open = try book.intend(Self.intent(step, code), who: .thisProcess)
        #expect(
            !(code == "pin"
                ? book.ledger(of: Self.name(Self.serial)).pin
                : book.ledger(of: Self.name(Self.serial)).unblocking(code)).maySendOnUnknown)
        try open.finish(
            Self.end(step, outcome, spent.map { .exactly($0) } ?? .between(0, 3), counters))
        let ledger = book.ledger(of: Self.name(Self.serial))
        #expect(ledger.pin.triesLeft(shown: .unknown) == known(pin))
        #expect(ledger.unblocking("puk").triesLeft(shown: .unknown) == known(puk))
        #expect(
            ledger.pin.maySendOnUnknown == (outcome == .done && step != .block || step == .unblock))
        #expect(throws: CaseError.closed) { try open.finish(Self.end(step, outcome, .exactly(0))) }
    }

    @Test func aSealIsWitnessedByItsOwnLineAlone() throws {
        let book = try book()
        let receipt = try book.record(.profileSealed(Self.sealed), case: nil, who: .thisProcess)
        let other = try book.record(
            .tokenNoted(TokenName(serial: "1", family: nil)), case: nil, who: .thisProcess)
        func isHere(_ sha256: String, _ sequence: Int64, _ head: String) -> Bool {
            book.hasSealed(sha256: sha256, sequence: sequence, head: head)
        }
        #expect(isHere(Self.sealed.sha256, receipt.sequence, receipt.hash))
        #expect(!isHere(Self.sealed.sha256, receipt.sequence, other.hash))
        #expect(!isHere(Self.sealed.sha256, other.sequence, other.hash))
        #expect(!isHere(Self.sealed.sha256, 99, receipt.hash))
        #expect(!isHere("", receipt.sequence, receipt.hash))
        // It is a fold over the journal, and stands in a snapshot of it.
        try book.saveSnapshot()
        for (files, use) in [
            ([JournalFormat.fileName], SnapshotUse.none),
            ([JournalFormat.fileName, "journal.snapshot"], .used(line: other.sequence)),
        ] {
            let copy = TemporaryFolder()
            for name in files { try copy.write(try folder.bytes(name), to: name) }
            let again = try CaseBook(in: copy.path, mode: .training)
            #expect(again.snapshotUse == use)
            #expect(
                again.hasSealed(
                    sha256: Self.sealed.sha256, sequence: receipt.sequence, head: receipt.hash))
        }
    }
}
