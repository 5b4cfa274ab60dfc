import Testing
import Tokens

@Suite struct SignatureTimesTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let times: [Int]
        let minimum: Int, median: Int, p90: Int, maximum: Int
        let jitter: Int?
        var testDescription: String { "\(times)" }
    }

    static let rows: [Row] = [
        Row(times: [7], minimum: 7, median: 7, p90: 7, maximum: 7, jitter: nil),
        Row(times: [9, 5], minimum: 5, median: 5, p90: 9, maximum: 9, jitter: 4),
        Row(
            times: [50, 10, 30, 20, 40], minimum: 10, median: 30, p90: 50, maximum: 50, jitter: 22),
        Row(
            times: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], minimum: 1, median: 5, p90: 9, maximum: 10,
            jitter: 1),
        Row(times: [8, 8, 8], minimum: 8, median: 8, p90: 8, maximum: 8, jitter: 0),
    ]

    @Test(arguments: rows)
    func theFiguresAreThoseThatWereMeasured(_ row: Row) {
        let times = SignatureTimes(row.times[0], Array(row.times.dropFirst()))
        #expect(times.all == row.times)
        #expect(times.minimum == row.minimum)
        #expect(times.median == row.median)
        #expect(times.p90 == row.p90)
        #expect(times.maximum == row.maximum)
        #expect(times.jitter == row.jitter)
    }

    @Test(
        arguments: [
            ("as the chip does", [100, 110, 105], []),
            ("one hiccup in ten", [100, 100, 100, 100, 100, 100, 100, 100, 100, 240], []),
            ("a computer", [3, 3, 3], [.faster]),
            ("far away", [400, 401, 402], [.slower]),
            ("a network in between", [100, 190, 110, 195], [.spread]),
            ("all of it", [5, 900, 5, 900], [.faster, .slower, .spread]),
            ("one alone has no spread", [150], []),
            ("the bounds themselves", [90, 200, 170, 200], []),
        ] as [(String, [Int], [SignatureEnvelope.Oddity])])
    func whatLiesOutsideIsNamed(
        _ name: String, _ times: [Int], _ expected: [SignatureEnvelope.Oddity]
    ) {
        let envelope = SignatureEnvelope(
            key: .p256, shortest: .microseconds(90), longest: .microseconds(200),
            spread: .microseconds(56))
        let found = envelope.oddities(of: SignatureTimes(times[0], Array(times.dropFirst())))
        #expect(found == expected, "\(name)")
    }
}
