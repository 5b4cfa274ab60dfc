/// Tries of one code, as far as the token shows them.
package struct Counter: Equatable, Sendable {
    package enum Left: Equatable, Sendable {
        case known(Int)
        /// Not zero and not full: nobody knows.
        case unknown(Reason)
    }

    package enum Reason: String, Equatable, Sendable {
        /// The family has no way to ask.
        case notShown = "not-shown"
        /// The code is verified, and a verified code shows no count.
        case verified
        /// Asking is not safe for this token, so it was not asked.
        case queryUnsafe = "query-unsafe"
        /// The answer to asking was none of 63Cx, 6983 and 9000: asking is not safe.
        case oddAnswer = "odd-answer"
    }

    package let left: Left
    /// How many there are after a success; nil where the token does not say.
    package let limit: Int?

    package init(_ left: Left, limit: Int? = nil) {
        self.left = left
        self.limit = limit
    }

    package static func unknown(_ reason: Reason) -> Counter { Counter(.unknown(reason)) }

    /// The number, where it is known.
    package var known: Int? {
        guard case .known(let n) = left else { return nil }
        return n
    }

    package var isBlocked: Bool { known == 0 }
}

/// The counters of one token at one moment.
package struct Counters: Equatable, Sendable {
    package let pin: Counter
    package let unblocking: Counter

    package init(pin: Counter, unblocking: Counter) {
        self.pin = pin
        self.unblocking = unblocking
    }
}

/// Tries of one code that were spent: at least and at most.
package struct Spent: Equatable, Sendable {
    package let least: Int
    package let most: Int

    package init(_ least: Int, _ most: Int) {
        self.least = least
        self.most = most
    }

    package static let none = Spent(0, 0)
    package static let one = Spent(1, 1)
    /// The answer was lost, or the token hides its counter.
    package static let noneOrOne = Spent(0, 1)

    package static func + (a: Spent, b: Spent) -> Spent {
        Spent(a.least + b.least, a.most + b.most)
    }

    /// What two readings of one counter tell; nil where either is unknown.
    package static func measured(_ before: Counter, _ after: Counter?) -> Spent? {
        guard let before = before.known, let after = after?.known else { return nil }
        return Spent(max(before - after, 0), max(before - after, 0))
    }
}
