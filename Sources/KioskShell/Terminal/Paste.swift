/// A paste that has begun: nothing of it is typed before its end came, for one without an end is
/// no text that somebody chose, and nothing at all of one that met a code field on its way.
struct Paste: Sendable {
    private var held: [Unicode.Scalar] = []
    private var isRefused = false

    /// More than a field takes; what follows is left out, as the field would.
    static let most = TextField.mostScalars

    mutating func take(_ scalar: Unicode.Scalar) {
        guard !isRefused, held.count < Paste.most else { return }
        held.append(scalar)
    }

    /// It met a code field, and may be a code that must not come to stand in a text.
    mutating func refuse() {
        isRefused = true
        held = []
    }

    /// What is to be typed now that the end is there.
    consuming func end() -> [Unicode.Scalar] { held }
}
