/// The mouse's first button or a finger put down at a place, or the wheel turned over it.
struct Pointer: Equatable, Sendable {
    enum Act: Equatable, Sendable {
        case press, wheelUp, wheelDown
    }

    var act: Act
    var position: Position
}

/// A part of the screen that can be touched, and what that does.
struct Target: Equatable, Sendable {
    enum Effect: Equatable, Sendable {
        /// Touching it presses this key.
        case key(Key)
        /// The wheel moves in the list that is there.
        case wheel
    }

    var row: Int
    var column: Int
    var width: Int
    var height: Int
    var effect: Effect

    /// More than any screen has; those beyond are left out.
    static let most = 256

    func contains(_ place: Position) -> Bool {
        // A place may be any number up to the decoder's limit; the rectangle lies on the grid.
        place.row >= row && place.row - row < height && place.column >= column
            && place.column - column < width
    }
}

extension [Target] {
    /// The key that the pointer presses; nil where there is nothing. What was drawn later lies
    /// on top.
    func key(of pointer: Pointer) -> Key? {
        let here = filter { $0.contains(pointer.position) }
        switch pointer.act {
        case .press:
            for target in here.reversed() {
                if case .key(let key) = target.effect { return key }
            }
            return nil
        case .wheelUp: return here.contains { $0.effect == .wheel } ? .up : nil
        case .wheelDown: return here.contains { $0.effect == .wheel } ? .down : nil
        }
    }
}
