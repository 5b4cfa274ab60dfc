/// Compares what stands in a request with what a token says, as a person would: case, runs of
/// spaces and the way accents are encoded do not count. The agent decides; this only marks
/// rows on the screen.
enum Matching {
    /// A device number as the agent compares it: letters and digits alone, case aside.
    static func number(_ text: String) -> String {
        String(text.lowercased().filter { $0.isLetter || $0.isNumber })
    }

    /// `text` in one form for comparison: case, accents' encoding and runs of spaces aside.
    static func folded(_ text: String) -> String {
        var result = ""
        var spaced = false
        for character in Composition.composed(text).lowercased() {
            if character == " " || character == "\u{A0}" {
                spaced = true
                continue
            }
            if spaced, !result.isEmpty { result.append(" ") }
            spaced = false
            result.append(character)
        }
        return result
    }

    /// Whether two names are one, written as offices write them: with or without the usual
    /// abbreviations, with the tone on either vowel (hoà, hòa).
    static func same(_ a: String, _ b: String) -> Bool { name(a) == name(b) }

    private static func name(_ text: String) -> String {
        let words = folded(text).split(separator: " ")
        return words.map { abbreviations[String($0)] ?? toneFirst(String($0)) }
            .joined(separator: " ")
    }

    private static let abbreviations = [
        "ubnd": "ủy ban nhân dân", "hđnd": "hội đồng nhân dân", "tp": "thành phố",
        "tp.": "thành phố", "kh&cn": "khoa học và công nghệ", "tt&tt": "thông tin và truyền thông",
    ]

    /// Moves a tone from the second vowel of oa, oe, uy to the first, on both sides alike.
    private static func toneFirst(_ word: String) -> String {
        var letters = Array(word)
        for i in letters.indices.dropFirst() {
            if let pair = toneMoves[String(letters[i - 1...i])] {
                (letters[i - 1], letters[i]) = (pair[0], pair[1])
            }
        }
        return String(letters)
    }

    private static let toneMoves: [String: [Character]] = {
        let rows = [
            ("o", "àáảãạ", "òóỏõọ", "a"), ("o", "èéẻẽẹ", "òóỏõọ", "e"),
            ("u", "ỳýỷỹỵ", "ùúủũụ", "y"),
        ]
        var moves: [String: [Character]] = [:]
        for (first, toned, moved, second) in rows {
            for (from, to) in zip(toned, moved) {
                moves[first + String(from)] = [to, Character(second)]
            }
        }
        return moves
    }()
}
