import StationInterface
import Testing

@testable import TokenCtl

@Suite struct HistogramTests {
    private static func bars(_ times: [Int], width: Int? = nil) -> [String] {
        var page = Page(width: width)
        page.add(Histogram(times))
        return page.lines.map(\.text)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let times: [Int]
        let counts: [Int]
        var testDescription: String { "\(times)" }
    }

    @Test(arguments: [
        Row(times: [], counts: []),
        Row(times: [500], counts: [1]),
        Row(times: [500, 500, 500], counts: [3]),
        Row(times: [500, 502, 502], counts: [1, 0, 2]),
        Row(times: [0, 9], counts: [1, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
        Row(times: [0, 10], counts: [1, 0, 0, 0, 0, 1]),
        Row(times: [100, 199, 1099, 1099], counts: [2, 0, 0, 0, 0, 0, 0, 0, 0, 2]),
        Row(times: [0, Int(Int32.max)], counts: [1, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
    ])
    func everyTimeIsInOnePart(_ row: Row) {
        let histogram = Histogram(row.times)
        #expect(histogram.bins.map(\.count) == row.counts)
        for bin in histogram.bins {
            #expect(row.times.count { bin.range.contains($0) } == bin.count)
        }
    }

    @Test func theTallestBarIsAsLongAsThereIsRoomAndAnEmptyPartShows() {
        #expect(
            Self.bars([9_990, 9_991, 9_991, 9_991, 9_991, 10_012], width: 36) == [
                "     9.99 ms |############### 5",
                "     9.99 ms |",
                "     9.99 ms |",
                "     9.99 ms |",
                "    10.00 ms |",
                "    10.00 ms |",
                "    10.00 ms |",
                "    10.01 ms |### 1",
            ])
        #expect(Self.bars([7, 7]) == ["    0.00 ms |######## 2"])
        // The smallest is seen beside the largest.
        let bars = Self.bars([Int](repeating: 0, count: 1000) + [100])
        #expect(bars.first == "    0.00 ms |" + String(repeating: "#", count: 40) + " 1000")
        #expect(bars.last == "    0.09 ms |# 1")
    }

    @Test func theFiguresStandOverTheBars() {
        var page = Page()
        page.add(
            Station.Timing(
                minimum: 900, median: 1500, p90: 2000, maximum: 2000, jitter: 550,
                times: [900, 1500, 2000], timeExtensions: 2, judgement: .suspicious))
        let lines = page.lines.map(\.text)
        #expect(lines[0].hasSuffix("3, SUSPICIOUS"))
        #expect(lines[1].hasSuffix("min 900 µs, median 1.5 ms, p90 2.0 ms, max 2.0 ms"))
        #expect(lines[2].hasSuffix("550 µs"))
        #expect(lines[3].hasPrefix("  time extensions") && lines[3].hasSuffix(" 2"))
        #expect(lines.count > 6)
    }

    @Test func oneSignatureIsNotDrawn() {
        var page = Page()
        page.add(
            Station.Timing(
                minimum: 900, median: 900, p90: 900, maximum: 900, jitter: nil, times: [900],
                timeExtensions: nil, judgement: .unknown))
        #expect(page.lines.count == 2)
    }
}
