import Testing

@testable import KioskShell

@Suite struct ScrollTests {
    @Test(arguments: [
        (Key.down, 3, 4), (.up, 3, 2), (.up, 0, 0), (.down, 29, 29), (.pageDown, 3, 13),
        (.pageDown, 25, 29), (.pageUp, 13, 3), (.pageUp, 5, 0), (.home, 7, 0), (.end, 7, 29),
    ])
    func keysMoveWithinTheRows(_ key: Key, _ from: Int, _ to: Int) {
        var scroll = Scroll(from)
        let moves = scroll.press(key, of: 30)
        #expect(moves && scroll.place == to)
    }

    @Test func noOtherKeyMoves() {
        var scroll = Scroll(3)
        for key in [Key.enter, .left, .tab, .character("a")] {
            let moves = scroll.press(key, of: 30)
            #expect(!moves)
        }
        #expect(scroll.place == 3)
    }

    @Test func withoutRowsItStaysAtTheTop() {
        var scroll = Scroll()
        for key in [Key.end, .down] { _ = scroll.press(key, of: 0) }
        #expect(scroll.place == 0)
        #expect(scroll.rows(5, of: 0).isEmpty && scroll.rowsAround(5, of: 0).isEmpty)
    }

    /// place, room, rows; what is shown where it is the first, and where it is one of them.
    @Test(arguments: [
        (0, 5, 30, 0..<5, 0..<5), (7, 5, 30, 7..<12, 3..<8), (28, 5, 30, 25..<30, 24..<29),
        (2, 5, 3, 0..<3, 0..<3), (3, 0, 30, 3..<3, 4..<4),
    ])
    func rowsShown(
        _ place: Int, _ room: Int, _ count: Int, _ first: Range<Int>, _ around: Range<Int>
    ) {
        #expect(Scroll(place).rows(room, of: count) == first)
        #expect(Scroll(place).rowsAround(room, of: count) == around)
    }
}
