import Synchronization
import System
import Testing

@testable import Readers

@Suite struct ReaderTableTests {
    @Test("whoever hears of a card can take it at once")
    func toldAndFree() throws {
        let table = ReaderTable()
        try table.appear("reader", .usb) { NoLink(reason: "") }
        let look = try #require(table.claimToLook("reader"))
        let outcomes = Mutex<[Result<UInt64, ReaderError>]>([])
        let number = table.observe { list in
            let isTold = list.readers.contains { $0.state == .present(atr: [0x3B]) }
            guard isTold, outcomes.withLock({ $0.isEmpty }) else { return }
            outcomes.withLock { $0.append(.failure(.empty)) }
            do throws(ReaderError) {
                let mark = try table.mark(of: "reader")
                outcomes.withLock { $0 = [.success(mark)] }
            } catch {
                outcomes.withLock { $0 = [.failure(error)] }
            }
        }
        table.release(look, found: .present(atr: [0x3B]), mark: 7)
        table.endObservation(number)
        let mark = try outcomes.withLock { $0.first }?.get()
        #expect(mark == 7)
        _ = table.end(by: .now + .seconds(1))
    }

    /// What befalls a procedure that came while the one before it was closing.
    private struct Wait: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var insertion: UInt64? = nil
        /// Happens to the reader after it came.
        let event: @Sendable (ReaderTable, ReaderTable.Claim, UInt64) -> Void
        let refused: [String]
        /// What its turn gives, once the lane comes to it.
        let turn: String
    }

    private static let waits: [Wait] = [
        Wait(
            testDescription: "the procedure before it ends",
            event: { table, before, _ in
                table.release(before, seen: nil, hasLostCard: false)
            }, refused: [], turn: "taken"),
        Wait(
            testDescription: "the card is another one by then", insertion: 1,
            event: { table, before, _ in
                table.release(before, seen: nil, hasLostCard: true)
            }, refused: [], turn: "\(ReaderError.cardChanged)"),
        Wait(
            testDescription: "the card is pulled",
            event: { table, before, _ in
                table.set("reader", .empty, mark: 2)
                table.release(before, seen: nil, hasLostCard: false)
            }, refused: [], turn: "\(ReaderError.empty)"),
        Wait(
            testDescription: "the power-down hangs, and comes back at last",
            event: { table, before, _ in
                table.markStuck(before, since: Instant(nanoseconds: 7), what: "power down")
                table.release(before, seen: nil, hasLostCard: false)
            },
            refused: [
                "\(ReaderError.stuck(since: Instant(nanoseconds: 7), what: "power down"))"
            ], turn: "lost"),
        Wait(
            testDescription: "the reader is pulled",
            event: { table, _, _ in table.vanish("reader") },
            refused: ["\(ReaderError.noSuchReader("reader"))"], turn: "lost"),
        Wait(
            testDescription: "all ends",
            event: { table, _, _ in _ = table.end(by: .now + .seconds(10)) },
            refused: ["\(ReaderError.noSuchReader("reader"))"], turn: "lost"),
        Wait(
            testDescription: "it has waited long enough",
            event: { table, before, number in
                table.endWait(number)
                table.endWait(number)
                table.release(before, seen: nil, hasLostCard: false)
            }, refused: ["\(ReaderError.busy(activity: "first"))"], turn: "lost"),
    ]

    @Test("one procedure waits behind another that is closing", arguments: waits)
    private func waiting(_ wait: Wait) throws {
        let table = ReaderTable()
        try table.appear("reader", .usb) { NoLink(reason: "") }
        defer { _ = table.end(by: .now + .seconds(10)) }
        table.set("reader", .present(atr: [0x3B]), mark: 1)
        let refusals = Mutex<[String]>([])
        func turn(_ activity: String) throws(ReaderError) -> ReaderTable.Turn {
            try table.turn("reader", activity, insertion: wait.insertion) { error in
                refusals.withLock { $0.append("\(error)") }
            }
        }
        guard case .now(let before) = try turn("first") else {
            Issue.record("a free reader was not given")
            return
        }
        #expect(throws: ReaderError.busy(activity: "first")) { _ = try turn("early") }
        table.markClosing(before)
        #expect(table.claimToLook("reader") == nil)
        guard case .next(_, let number) = try turn("second") else {
            Issue.record("there was no place behind the one that closes")
            return
        }
        #expect(throws: ReaderError.busy(activity: "first")) { _ = try turn("third") }
        wait.event(table, before, number)
        #expect(refusals.withLock { $0 } == wait.refused)
        // Nobody is between the two.
        if wait.refused.isEmpty { #expect(table.claimToLook("reader") == nil) }
        let outcome: String
        do throws(ReaderError) {
            outcome =
                try table.claim(waited: number, "second", insertion: wait.insertion) == nil
                ? "lost" : "taken"
        } catch {
            outcome = "\(error)"
        }
        #expect(outcome == wait.turn)
        if outcome == "taken" {
            #expect(throws: ReaderError.busy(activity: "second")) { _ = try turn("late") }
        }
    }
}

extension ReaderTable {
    /// Takes a free reader.
    func mark(of name: String) throws(ReaderError) -> UInt64 {
        switch try turn(name, "test", insertion: nil, refused: { _ in }) {
        case .now(let claim): claim.mark
        case .next: 0
        }
    }
}
