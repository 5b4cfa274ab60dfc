/// Compares what stands in a request with what a token says, as a person would: case, runs of
/// spaces and the way accents are encoded do not count. The agent decides; this only marks
/// rows on the screen.
enum Matching {
    /// `text` in one form for comparison. Without spaces also hyphens, dots and colons go, as
    /// numbers are written with and without them.
    static func folded(_ text: String, keepingSpaces: Bool) -> String {
        var result = ""
        var spaced = false
        for character in Composition.composed(text).lowercased() {
            if character == " " || character == "\u{A0}" {
                spaced = true
                continue
            }
            if !keepingSpaces, character == "-" || character == "." || character == ":" { continue }
            if spaced, keepingSpaces, !result.isEmpty { result.append(" ") }
            spaced = false
            result.append(character)
        }
        return result
    }

    static func same(_ a: String, _ b: String) -> Bool {
        folded(a, keepingSpaces: true) == folded(b, keepingSpaces: true)
    }
}
