import Casework
import Testing

/// The lines of the journal that papers of a case go by.
@Suite struct CitedTests {
    private let folder = TemporaryFolder()

    private func book() throws -> CaseBook { try CaseBook(in: folder.path, mode: .training) }

    private static func end(_ outcome: RestoreOutcome, _ restore: String) -> CaseEvent {
        .restoreOutcome(
            RestoreEnd(restore: restore, outcome: outcome, triesSpent: .exactly(0)))
    }

    private static func check(_ isProven: Bool, serial: String = "23130042") -> CaseEvent {
        .keycheckOutcome(
            KeycheckEnd(
                serial: serial, isProven: isProven, triesSpent: .exactly(0),
                evidence: "possession 9a p256"))
    }

    /// What happens, and which of it is the result and which the proof, by their places.
    private static let ways: [(CaseKind, [CaseEvent], result: Int?, proof: Int?)] = [
        (.restore, [], nil, nil),
        (.restore, [.restoreBegun(.sample("r1")), end(.restored, "r1")], 1, nil),
        (
            .restore, [.restoreBegun(.sample("r1")), end(.restored, "r1"), check(true)], 1, nil
        ),
        (
            .restore,
            [
                .restoreBegun(.sample("r1")), end(.unblockedUnproven, "r1"), check(false),
                check(true, serial: "999"), check(true), check(true),
            ], 4, nil
        ),
        (
            .restore,
            [
                .restoreBegun(.sample("r1")), end(.unblockedUnproven, "r1"),
                .restoreBegun(.sample("r2")), end(.refused, "r2"),
            ], 1, nil
        ),
        (.handOver, [check(false), check(true), check(true), .recorded], nil, 2),
        (.handOver, [check(true), check(false), .recorded, check(true)], nil, 0),
        (.handOver, [check(false)], nil, nil),
    ]

    @Test(arguments: ways.indices) func theLineIsThatOfWhatItCameTo(_ row: Int) throws {
        let (kind, events, result, proof) = Self.ways[row]
        let book = try book()
        let id = try book.receive(.sample(kind), missing: [], who: officer).request.cases[0]
        let receipts = try events.map { try book.record($0, case: id, who: officer) }
        // Other cases' lines come between it and the paper.
        _ = try book.open(.sample, who: officer)
        let file = try #require(book.file(id))
        let cited = try book.cited(of: file)
        #expect(cited.result?.receipt == result.map { receipts[$0] })
        #expect(cited.proof?.receipt == proof.map { receipts[$0] })
        if proof != nil {
            #expect(cited.proof?.evidence == "possession 9a p256")
            #expect(cited.proof?.who == officer)
        }
    }
}
