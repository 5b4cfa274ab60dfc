import Crypto

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

// A key that is elsewhere answers faster than the chip can, later than it ever does, or with the
// spread of a network in between. PC/SC has jitter of its own, so none of it proves anything.
extension SignatureEnvelope {
    package enum Oddity: Equatable, Sendable {
        case faster, slower, spread
    }

    /// What of the times lies outside; empty for what the chip may well have done.
    package func oddities(of times: SignatureTimes) -> [Oddity] {
        var found: [Oddity] = []
        if .microseconds(times.minimum) < shortest { found.append(.faster) }
        if .microseconds(times.p90) > longest { found.append(.slower) }
        if let jitter = times.jitter, .microseconds(jitter) > spread { found.append(.spread) }
        return found
    }
}

extension SignatureEnvelope.Key {
    /// nil for a key of which profiles say nothing.
    package init?(_ algorithm: KeyAlgorithm) {
        switch algorithm {
        case .rsa(bits: 1024): self = .rsa1024
        case .rsa(bits: 2048): self = .rsa2048
        case .rsa(bits: 3072): self = .rsa3072
        case .rsa(bits: 4096): self = .rsa4096
        case .p256: self = .p256
        case .p384: self = .p384
        case .ed25519: self = .ed25519
        case .rsa, .other: return nil
        }
    }
}
