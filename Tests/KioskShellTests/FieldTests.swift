import Secrets
import Testing

@testable import KioskShell

@Suite struct FieldTests {
    private func typed(_ keys: [Key]) -> TextField {
        var field = TextField()
        for key in keys { _ = field.edit(key) }
        return field
    }

    private func keys(_ text: String) -> [Key] { text.unicodeScalars.map { .character($0) } }

    @Test func decomposedInputIsKeptComposed() {
        let field = typed(keys("Nguye\u{302}\u{303}n"))
        #expect(Array(field.text.unicodeScalars) == Array("Nguyễn".unicodeScalars))
        #expect(field.cursor == 6)
    }

    @Test func keysEditAtTheCursor() {
        var field = typed(keys("abd"))
        _ = field.edit(.left)
        _ = field.edit(.character("c"))
        #expect(field.text == "abcd" && field.cursor == 3)
        _ = field.edit(.home)
        _ = field.edit(.delete)
        #expect(field.text == "bcd" && field.cursor == 0)
        _ = field.edit(.backspace)
        #expect(field.text == "bcd")
        _ = field.edit(.end)
        _ = field.edit(.backspace)
        #expect(field.text == "bc")
        _ = field.edit(.control("u"))
        #expect(field.text == "" && field.cursor == 0)
    }

    @Test func pastedControlsAndDirectionMarksAreLeftOut() {
        let field = typed([
            .pasted("a"), .pasted("\u{202E}"), .pasted("\u{9B}"), .pasted(" "), .pasted("b"),
        ])
        #expect(field.text == "a b")
    }

    @Test func textIsBounded() {
        var field = TextField()
        for _ in 0..<1_000 { field.insert("x") }
        for _ in 0..<1_000 { field.insert("\u{30A}") }
        #expect(field.text.count == TextField.longest)
        #expect(field.text.unicodeScalars.count <= TextField.longest + 2)
    }

    /// Scalars of which any number are one character: Hangul's leading consonants, joiners,
    /// what is prepended.
    @Test(arguments: ["\u{1100}", "👩\u{200D}", "\u{600}", "\u{600}a"], [false, true])
    func aCharacterIsBoundedToo(_ piece: String, isPasted: Bool) {
        var field = TextField()
        for scalar in String(repeating: piece, count: 2_000).unicodeScalars {
            _ = field.edit(isPasted ? .pasted(scalar) : .character(scalar), .telex)
        }
        #expect(field.text.unicodeScalars.count <= TextField.mostScalars)
        #expect(!field.text.isEmpty)
        let given = TextField(String(repeating: piece, count: 2_000))
        #expect(given.text.unicodeScalars.count <= TextField.mostScalars)
    }

    /// As many letters as fit, each with both of its marks.
    @Test func decomposedTextIsAsLongAsComposed() {
        let text = String(repeating: "ế", count: TextField.longest)
        #expect(TextField(text.decomposed).text == text)
        #expect(typed(keys(text.decomposed)).text == text)
    }

    @Test func longTextScrollsWithTheCursor() {
        var field = TextField("Ủy ban nhân dân phường Gia Viên")
        let end = field.window(10)
        #expect(end.text == " Gia Viên" && end.cursor == 9)
        _ = field.edit(.home)
        #expect(field.window(10).text == "Ủy ban nhâ")
        #expect(field.window(10).cursor == 0)
    }

    @Test func editingAnythingNeverTraps() {
        var random = SeededRandom(seed: 11)
        let pool: [Key] = [
            .character("a"), .character("\u{301}"), .character("\u{302}"), .character("漢"),
            .character("🙂"), .character("\u{200D}"), .character("\u{1F1FB}"), .backspace, .delete,
            .left, .right, .home, .end, .control("u"), .pasted("ệ"), .character("\u{11A8}"),
        ]
        var field = TextField()
        for _ in 0..<20_000 {
            _ = field.edit(pool[Int(random.next() % UInt64(pool.count))])
            #expect(field.cursor >= 0 && field.cursor <= field.text.count)
            #expect(field.window(12).cursor <= 12)
        }
    }

    // MARK: codes

    private func fill(_ field: inout CodeField, _ text: String) {
        for scalar in text.unicodeScalars { _ = field.append(scalar) }
    }

    @Test func aCodeIsKeptByteForByteAsTyped() throws {
        var field = try CodeField()
        fill(&field, "aé漢🙂e\u{301}")
        let secret = try field.take()
        let same = secret.withBytes { Array($0) == Array("aé漢🙂e\u{301}".utf8) }
        #expect(same)
        #expect(field.facts == .empty)
    }

    @Test(arguments: [
        ("", CodeFacts.empty),
        ("123456", CodeFacts(length: 6, characters: 6, digitsOnly: true, printableASCII: true)),
        ("12a", CodeFacts(length: 3, characters: 3, digitsOnly: false, printableASCII: true)),
        (
            "1é",
            CodeFacts(
                length: 3, characters: 2, digitsOnly: false, printableASCII: false, hexOnly: false)
        ),
        ("1G", CodeFacts(length: 2, characters: 2, digitsOnly: false, hexOnly: false)),
    ])
    func factsTellNoMoreThanRulesNeed(_ text: String, _ facts: CodeFacts) throws {
        var field = try CodeField()
        fill(&field, text)
        #expect(field.facts == facts)
    }

    @Test func takingBackTakesAWholeCharacter() throws {
        var field = try CodeField()
        fill(&field, "1漢")
        field.removeLast()
        #expect(field.facts.length == 1)
        field.removeLast()
        field.removeLast()
        #expect(field.facts == .empty)
    }

    @Test func aFullFieldTakesNothing() throws {
        var field = try CodeField()
        for _ in 0..<CodeField.longest { _ = field.append("1") }
        let took = field.append("1")
        #expect(!took)
        field.removeLast()
        let half = field.append("é")
        #expect(!half, "no part of a character is kept")
        #expect(field.facts.length == CodeField.longest - 1)
    }

    @Test func entriesMatchOnlyWhenTheyAreTheSame() throws {
        var a = try CodeField()
        var b = try CodeField()
        fill(&a, "135790")
        fill(&b, "135791")
        var same = a.matches(b)
        #expect(!same)
        b.removeLast()
        same = a.matches(b)
        #expect(!same)
        fill(&b, "0")
        same = a.matches(b)
        #expect(same)
    }
}
