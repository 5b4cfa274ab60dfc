/// How often each of a few things was counted.
package struct Counts<Key: Hashable & CaseIterable & Sendable>: Equatable, Sendable {
    private var counts: [Key: Int] = [:]

    package init() {}

    package subscript(_ key: Key) -> Int { counts[key] ?? 0 }

    package var total: Int { counts.values.reduce(0, +) }

    mutating func add(_ key: Key, _ count: Int = 1) {
        let sum = self[key] + count
        // Nothing counted and counted away again are equal.
        counts[key] = sum == 0 ? nil : sum
    }

    mutating func add(_ other: Counts) {
        for (key, count) in other.counts { add(key, count) }
    }
}
