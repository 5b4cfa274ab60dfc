import APDU
import Testing
import Tokens

@testable import TokenAgent

/// What a code cost, where one of three status words is false.
@Suite struct CodeCostTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let before: Int?
        let answer: CodeAnswer?
        let after: Int?
        let spent: Spent
        let left: Int?
        var testDescription: String {
            "\(before as Int?), \(answer as CodeAnswer?), \(after as Int?)"
        }

        init(_ before: Int?, _ answer: CodeAnswer?, _ after: Int?, _ spent: Spent, _ left: Int?) {
            (self.before, self.answer, self.after) = (before, answer, after)
            (self.spent, self.left) = (spent, left)
        }
    }

    @Test(arguments: [
        // They agree.
        Case(3, .wrong(left: 2), 2, .one, 2),
        Case(1, .blocked, 0, .one, 0),
        Case(0, .blocked, 0, .none, 0),
        Case(3, .refused(StatusWord(0x6F, 0)), 3, .none, 3),
        Case(3, .refused(StatusWord(0x6F, 0)), 2, .one, 2),
        Case(2, .refused(StatusWord(0x6F, 0)), 3, .none, 3),
        Case(3, .wrong(left: nil), 2, .one, 2),
        // The answer is false.
        Case(3, .blocked, 3, .none, 3),
        Case(3, .blocked, 2, .one, 2),
        Case(3, .wrong(left: 1), 3, .none, 3),
        Case(3, .wrong(left: 1), 2, .one, 2),
        // The answer or a counter.
        Case(3, .wrong(left: 2), 3, .noneOrOne, nil),
        Case(2, .wrong(left: 2), 2, .noneOrOne, nil),
        Case(3, .wrong(left: nil), 3, .noneOrOne, nil),
        Case(1, .blocked, 1, .noneOrOne, nil),
        // No command costs more than one.
        Case(15, .wrong(left: 14), 1, .noneOrOne, nil),
        Case(3, nil, 1, .noneOrOne, nil),
        Case(2, .wrong(left: 1), 3, .noneOrOne, nil),
        // The counter cannot be read afterwards.
        Case(3, .wrong(left: 2), nil, .one, 2),
        Case(3, .wrong(left: 1), nil, .noneOrOne, nil),
        Case(3, .blocked, nil, .noneOrOne, nil),
        Case(1, .blocked, nil, .one, 0),
        Case(3, nil, nil, .noneOrOne, nil),
        // Nor before.
        Case(nil, .wrong(left: 2), nil, .noneOrOne, 2),
        Case(nil, .blocked, nil, .noneOrOne, 0),
        Case(nil, .wrong(left: 2), 2, .noneOrOne, 2),
        Case(nil, .wrong(left: 2), 3, .noneOrOne, nil),
        Case(nil, nil, 2, .noneOrOne, 2),
    ])
    func aCostIsAsSureAsItsThreeWitnesses(_ table: Case) {
        let cost = CodeCost(
            table.answer, before: Self.counter(table.before), after: Self.counter(table.after))
        #expect(cost.spent == table.spent)
        #expect(cost.left == table.left)
    }

    /// Whatever one of the three says falsely, what is stated contains what was counted, and a
    /// count that is told is the token's.
    @Test(arguments: 2...15)
    func oneFalseWordNeverHidesATry(_ before: Int) {
        let words: [CodeAnswer] =
            (1...15).map { .wrong(left: $0) }
            + [.blocked, .wrong(left: nil), .refused(StatusWord(0x6F, 0)), .unfit(.incorrectData)]
        func check(_ answer: CodeAnswer?, _ before: Int, _ after: Int?, _ is: (Int, left: Int)) {
            let cost = CodeCost(answer, before: Self.counter(before), after: Self.counter(after))
            #expect(
                cost.spent.least <= `is`.0 && `is`.0 <= cost.spent.most,
                "\(before) \(answer as CodeAnswer?) \(after as Int?)")
            #expect(cost.left == nil || cost.left == `is`.left)
        }
        let left = before - 1
        // In place of the answer: the code does not arrive. Or behind it.
        for word in words {
            check(word, before, before, (0, left: before))
            check(word, before, left, (1, left: left))
        }
        for told in 0...15 {
            check(.wrong(left: left), told, left, (1, left: left))
            check(.wrong(left: left), before, told, (1, left: left))
            check(.wrong(left: nil), told, left, (1, left: left))
            check(.wrong(left: nil), before, told, (1, left: left))
        }
        check(.wrong(left: left), before, nil, (1, left: left))
    }

    @Test func anAnswerThatTheCounterSpeaksAgainstIsPutRight() {
        func corrected(_ answer: CodeAnswer, _ before: Int?, _ after: Int?) -> CodeAnswer {
            let after = after.map { Tokens.Counter(.known($0)) }
            return answer.corrected(
                CodeCost(answer, before: Self.counter(before), after: after), by: after)
        }
        #expect(corrected(.blocked, 3, 3) == .wrong(left: 3))
        #expect(corrected(.blocked, 1, 0) == .blocked)
        #expect(corrected(.blocked, 3, nil) == .blocked)
        #expect(corrected(.wrong(left: 1), 3, 2) == .wrong(left: 2))
        #expect(corrected(.wrong(left: 2), 3, 3) == .wrong(left: nil))
        #expect(corrected(.wrong(left: 2), nil, nil) == .wrong(left: 2))
        #expect(corrected(.unfit(.incorrectData), 3, 3) == .unfit(.incorrectData))
    }

    private static func counter(_ left: Int?) -> Tokens.Counter {
        left.map { Tokens.Counter(.known($0)) } ?? .unknown(.notShown)
    }
}
