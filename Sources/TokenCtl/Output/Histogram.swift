/// How many of some times lie in each of a few equal parts of their range.
struct Histogram: Equatable, Sendable {
    struct Bin: Equatable, Sendable {
        /// Microseconds, both bounds included.
        let range: ClosedRange<Int>
        let count: Int
    }

    /// Lines it takes at most; fewer where the times differ by less microseconds.
    private static let most = 10

    let bins: [Bin]

    init(_ times: [Int]) {
        guard let low = times.min(), let high = times.max() else {
            bins = []
            return
        }
        let width = max((high - low) / Self.most + 1, 1)
        let count = (high - low) / width + 1
        var counts = [Int](repeating: 0, count: count)
        for time in times { counts[(time - low) / width] += 1 }
        bins = counts.enumerated().map { i, count in
            let start = low + i * width
            return Bin(range: start...(start + width - 1), count: count)
        }
    }
}

extension Page {
    /// One line a part: from when, a bar, and how many. An empty part shows that it is.
    mutating func add(_ histogram: Histogram) {
        let starts = histogram.bins.map { Words.milliseconds($0.range.lowerBound) }
        let column = starts.map(\.count).max() ?? 0
        let tallest = histogram.bins.map(\.count).max() ?? 1
        // A terminal's width, and what stands before and after a bar; few need no long one.
        let longest = min(max((width ?? 80) - column - 16, 8), 40, 4 * tallest)
        for (bin, start) in zip(histogram.bins, starts) {
            let length = (bin.count * longest + tallest - 1) / max(tallest, 1)
            var line = TextLine()
            line.add("    " + blanks(column - start.count) + start + " ms ", .quiet)
            line.add("|", .quiet)
            if bin.count > 0 {
                line.add(String(repeating: "#", count: length))
                line.add(" \(bin.count)", .quiet)
            }
            self.line(line)
        }
    }
}
