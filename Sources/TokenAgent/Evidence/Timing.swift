import Tokens

/// How long the signatures took, and what that says.
struct Timing: Equatable, Sendable {
    enum Judgement: Equatable, Sendable {
        /// Nobody measured this model.
        case unknown
        case inside
        case suspicious([SignatureEnvelope.Oddity])
    }

    let times: SignatureTimes
    let timeExtensions: Int?
    let judgement: Judgement

    /// nil where no signature was timed.
    init?(_ gathered: Gathered, _ envelope: SignatureEnvelope?) {
        guard let first = gathered.times.first else { return nil }
        times = SignatureTimes(first, Array(gathered.times.dropFirst()))
        timeExtensions = gathered.timeExtensions
        if let envelope {
            let oddities = envelope.oddities(of: times)
            judgement = oddities.isEmpty ? .inside : .suspicious(oddities)
        } else {
            judgement = .unknown
        }
    }

    /// It informs, and lowers no grade: the way to the token has a spread of its own.
    var item: Proof.Item {
        switch judgement {
        case .unknown:
            Proof.Item("timing", .notShown, figures + "; what this model takes is not known")
        case .inside:
            Proof.Item("timing", .shown, figures + ", as this model does")
        case .suspicious(let oddities):
            Proof.Item(
                "timing", .contradicted,
                "suspicious: " + oddities.map(Self.words).joined(separator: ", ") + "; " + figures)
        }
    }

    private var figures: String {
        guard let jitter = times.jitter else { return "one signature in \(Self.ms(times.median))" }
        return "\(times.all.count) signatures in \(Self.ms(times.minimum)) to "
            + "\(Self.ms(times.maximum)), median \(Self.ms(times.median)), p90 "
            + "\(Self.ms(times.p90)), jitter \(Self.ms(jitter))"
            + (timeExtensions.map { $0 == 0 ? "" : ", \($0) time extensions" } ?? "")
    }

    private static func words(_ oddity: SignatureEnvelope.Oddity) -> String {
        switch oddity {
        case .faster: "faster than the chip can be"
        case .slower: "slower than it ever is"
        case .spread: "spread like a network in between"
        }
    }

    /// Milliseconds with two digits behind the point.
    private static func ms(_ microseconds: Int) -> String {
        let hundredths = (microseconds + 5) / 10
        let rest = String(hundredths % 100)
        return "\(hundredths / 100).\(rest.count == 1 ? "0" : "")\(rest) ms"
    }
}
