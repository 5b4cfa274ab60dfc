/// A match that may go on: nothing is different, and what a program cannot decide a person has.
package struct SettledMatch: Equatable, Sendable {
    /// The token's own number that the request names; nil where a person compared what is
    /// printed on it.
    package let number: String?
    /// What a person compared, of what had to be.
    package let compared: [Match.Pair]

    /// For the journal, without what either side says: `certificate_name:diacritics`.
    package var record: [String] { compared.map { $0.field.rawValue + ":" + $0.why } }
}

/// A match that nobody may go on with, or not yet.
package enum UnsettledMatch: Error, Equatable, Sendable {
    /// Another token, or a request that says otherwise than the certificate.
    case different(Match)
    /// A person has to decide `toDecide`.
    case undecided(Match)

    package var match: Match {
        switch self {
        case .different(let match), .undecided(let match): match
        }
    }
}

extension Match {
    /// - Parameter compared: names of fields that a person found to mean the same; heeded where
    ///   that has to be decided, and nowhere else.
    package func settled(by compared: [String]) throws(UnsettledMatch) -> SettledMatch {
        guard overall != .different else { throw .different(self) }
        let open = toDecide
        guard open.allSatisfy({ compared.contains($0.field.rawValue) }) else {
            throw .undecided(self)
        }
        let number = pairs.first { $0.field == .deviceNumber && $0.verdict == .equal }?.held.first
        return SettledMatch(number: number, compared: open)
    }
}

extension Match.Pair {
    /// The verdict's name, or what makes it near.
    fileprivate var why: String {
        if case .near(let reason) = verdict { return reason.rawValue }
        return verdict.name
    }
}
