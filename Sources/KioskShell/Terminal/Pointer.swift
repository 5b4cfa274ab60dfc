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
        /// The key of a code pad at this place.
        case pad(Int)
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
    /// What the pointer does; nil where there is nothing. What was drawn later lies on top.
    func effect(of pointer: Pointer) -> Target.Effect? {
        let here = filter { $0.contains(pointer.position) }
        switch pointer.act {
        case .press: return here.last { $0.effect != .wheel }?.effect
        case .wheelUp: return here.contains { $0.effect == .wheel } ? .key(.up) : nil
        case .wheelDown: return here.contains { $0.effect == .wheel } ? .key(.down) : nil
        }
    }
}
