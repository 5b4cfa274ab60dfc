/// The place in a list or text that may be longer than its room: what is chosen, or what is
/// shown first.
struct Scroll: Equatable, Sendable {
    /// Counts from 0.
    private(set) var place: Int

    /// What a page key moves.
    static let page = 10

    init(_ place: Int = 0) { self.place = place }

    /// Moves where the key is one that moves, within `count` rows; false for any other key.
    mutating func press(_ key: Key, of count: Int) -> Bool {
        switch key {
        case .up: move(to: place - 1, of: count)
        case .down: move(to: place + 1, of: count)
        case .pageUp: move(to: place - Scroll.page, of: count)
        case .pageDown: move(to: place + Scroll.page, of: count)
        case .home: move(to: 0, of: count)
        case .end: move(to: count - 1, of: count)
        default: return false
        }
        return true
    }

    /// Moves to a row, or to the nearest there is.
    mutating func move(to row: Int, of count: Int) { place = min(max(row, 0), max(count - 1, 0)) }

    /// The rows that are shown, where the first of them is the place.
    func rows(_ room: Int, of count: Int) -> Range<Int> {
        let first = min(place, max(count - room, 0))
        return first..<min(first + max(room, 0), count)
    }

    /// The rows that are shown, where the place is one of them.
    func rowsAround(_ room: Int, of count: Int) -> Range<Int> {
        let first = min(max(place - room + 1, 0), max(count - room, 0))
        return first..<min(first + max(room, 0), count)
    }
}
