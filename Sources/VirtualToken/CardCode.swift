/// A code of a token with its retry counter.
package struct CardCode: Equatable, Sendable {
    /// As the card compares it. A test code of a simulated token: nobody's secret.
    package var value: [UInt8]
    /// Tries a full counter has.
    package var total: Int
    package private(set) var left: Int
    /// Tries spent since the token was made, whatever became of the counter since.
    package private(set) var spent = 0

    package init(value: [UInt8], total: Int, left: Int? = nil, spent: Int = 0) {
        self.value = value
        self.total = min(max(total, 1), 15)
        self.left = min(max(left ?? self.total, 0), self.total)
        self.spent = spent
    }

    package var isBlocked: Bool { left == 0 }

    package mutating func spend() {
        left = max(left - 1, 0)
        spent += 1
    }

    package mutating func refill() { left = total }
    package mutating func block() { left = 0 }
}
