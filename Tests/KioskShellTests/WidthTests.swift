import Testing

@testable import KioskShell

@Suite struct WidthTests {
    @Test(arguments: [
        ("a", 1), ("Ế", 1), ("ữ", 1), ("Đ", 1), ("漢", 2), ("한", 2), ("Ａ", 2), ("✓", 1), ("●", 1),
        ("─", 1), ("…", 1), ("🙂", 2), ("e\u{302}\u{301}", 1), ("\u{301}", 0), ("\u{200B}", 0),
        ("Thuê bao", 8), ("ＵＢＮＤ", 8),
    ])
    func columnsOfText(_ text: String, _ columns: Int) {
        #expect(CharacterWidth.of(text) == columns)
    }

    @Test(arguments: [
        "\u{1B}", "\u{07}", "\u{7F}", "\u{9B}", "\u{61C}", "\u{200E}", "\u{200F}", "\u{202E}",
        "\u{2066}", "\u{2028}",
    ])
    func whatSteersATerminalHasNoWidth(_ text: String) {
        for scalar in text.unicodeScalars { #expect(CharacterWidth.of(scalar) == nil) }
    }

    @Test func everyVietnameseLetterIsOneColumnInBothForms() {
        for letter in "ăâđêôơưáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ" {
            for text in [String(letter), letter.uppercased()] {
                #expect(CharacterWidth.of(text) == 1)
                #expect(text.unicodeScalars.count == 1)
                let decomposed = text.decomposed
                #expect(CharacterWidth.of(decomposed) == 1)
                #expect(
                    Array(Composition.composed(decomposed).unicodeScalars)
                        == Array(text.unicodeScalars))
            }
        }
    }

    @Test func marksComposeInEitherOrder() {
        for text in ["e\u{302}\u{301}", "e\u{301}\u{302}"] {
            #expect(Array(Composition.composed(text).unicodeScalars) == ["ế"])
        }
        for text in ["o\u{31B}\u{323}", "o\u{323}\u{31B}"] {
            #expect(Array(Composition.composed(text).unicodeScalars) == ["ợ"])
        }
    }

    @Test func otherScriptsStayAsTheyAre() {
        let text = "x\u{30A}ñ漢"
        #expect(Array(Composition.composed(text).unicodeScalars) == Array(text.unicodeScalars))
    }
}

extension String {
    /// NFD, of the letters these tests use: the standard library's own canonical mapping.
    var decomposed: String {
        var result = String.UnicodeScalarView()
        for character in self {
            result.append(contentsOf: Self.parts[character] ?? Array(character.unicodeScalars))
        }
        return String(result)
    }

    private static let parts: [Character: [Unicode.Scalar]] = {
        var parts: [Character: [Unicode.Scalar]] = [:]
        let marks: [Unicode.Scalar] = [
            "\u{300}", "\u{301}", "\u{302}", "\u{303}", "\u{306}", "\u{309}", "\u{31B}", "\u{323}",
        ]
        let bases = Array("aeiouyAEIOUY".unicodeScalars)
        for base in bases {
            for first in marks {
                // Canonical equivalence of Swift's Character finds the composed letter.
                parts[Character(String(String.UnicodeScalarView([base, first])))] = [base, first]
                for second in marks where second != first {
                    let text = String(String.UnicodeScalarView([base, first, second]))
                    if parts[Character(text)] == nil {
                        parts[Character(text)] = [base, first, second]
                    }
                }
            }
        }
        return parts
    }()
}
