/// How long a token took for each of some signatures, in microseconds, in the order they were
/// made.
package struct SignatureTimes: Equatable, Sendable {
    package let all: [Int]
    package let minimum: Int
    package let median: Int
    package let p90: Int
    package let maximum: Int
    /// The mean difference of one signature to the next; nil for a single one.
    package let jitter: Int?

    /// Each figure but the jitter is a time that was measured (nearest rank).
    package init(_ first: Int, _ others: [Int] = []) {
        all = [first] + others
        let sorted = all.sorted()
        /// The smallest time that so many percent of all do not exceed.
        func rank(_ percent: Int) -> Int {
            sorted[max((sorted.count * percent + 99) / 100, 1) - 1]
        }
        minimum = rank(0)
        median = rank(50)
        p90 = rank(90)
        maximum = rank(100)
        let steps = zip(all, all.dropFirst()).map { abs($0 - $1) }
        jitter = steps.isEmpty ? nil : steps.reduce(0, +) / steps.count
    }
}

/// Between what times a model of token signs when it signs by itself, in microseconds.
///
/// A key that is elsewhere answers faster than the chip can, later than it ever does, or with the
/// spread of a network in between. PC/SC has jitter of its own, so none of it proves anything.
package struct TimingEnvelope: Equatable, Sendable {
    /// No signature of this chip is faster.
    package let minimum: Int
    /// Nine of ten signatures are not slower.
    package let maximum: Int
    /// The mean difference of one signature to the next is not larger.
    package let spread: Int

    package init(minimum: Int, maximum: Int, spread: Int) {
        self.minimum = minimum
        self.maximum = maximum
        self.spread = spread
    }

    package enum Oddity: Equatable, Sendable {
        case faster, slower, spread
    }

    /// What of the times lies outside; empty for what the chip may well have done.
    package func oddities(of times: SignatureTimes) -> [Oddity] {
        var found: [Oddity] = []
        if times.minimum < minimum { found.append(.faster) }
        if times.p90 > maximum { found.append(.slower) }
        if let jitter = times.jitter, jitter > spread { found.append(.spread) }
        return found
    }
}
