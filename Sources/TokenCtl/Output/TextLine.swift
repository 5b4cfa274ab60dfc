/// How a piece of text is to be read.
enum Tone: Sendable {
    case plain, strong, quiet, good, warning, bad
}

/// One line for people. Text from outside becomes visible here and nowhere else, so no field
/// can be forgotten.
struct TextLine: Equatable, Sendable, ExpressibleByStringLiteral {
    struct Piece: Equatable, Sendable {
        let text: String
        let tone: Tone
    }

    private(set) var pieces: [Piece] = []

    init() {}

    init(_ text: String, _ tone: Tone = .plain) { add(text, tone) }

    init(stringLiteral text: String) { self.init(text) }

    mutating func add(_ text: String, _ tone: Tone = .plain) {
        pieces.append(Piece(text: visible(text), tone: tone))
    }

    /// Without tones.
    var text: String { pieces.map(\.text).joined() }

    /// As a terminal shows it.
    func coloured() -> String {
        var shown = ""
        for piece in pieces {
            switch piece.tone {
            case .plain: shown += piece.text
            case .strong: shown += "\u{1B}[1m\(piece.text)\u{1B}[0m"
            case .quiet: shown += "\u{1B}[2m\(piece.text)\u{1B}[0m"
            case .good: shown += "\u{1B}[32m\(piece.text)\u{1B}[0m"
            case .warning: shown += "\u{1B}[33m\(piece.text)\u{1B}[0m"
            case .bad: shown += "\u{1B}[1;31m\(piece.text)\u{1B}[0m"
            }
        }
        return shown
    }
}
