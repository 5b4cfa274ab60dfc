import APDU
import Secrets
import Testing

@testable import Tokens

/// What a code must look like, and what a token answers to one.
@Suite struct CodeTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let rule: CodeRule
        let code: String
        let unfit: CodeUnfit?
        init(_ rule: CodeRule, _ code: String, _ unfit: CodeUnfit?) {
            (self.rule, self.code, self.unfit) = (rule, code, unfit)
        }
        var testDescription: String { "\(rule.characters) \(code)" }
    }

    private static let digits = CodeRule(6...8, .digits)
    private static let printable = CodeRule(6...8, .printable)
    private static let any = CodeRule(8...8, .any)

    private static func outcome(_ body: () throws(CodeUnfit) -> Void) -> CodeUnfit? {
        do throws(CodeUnfit) { try body() } catch { return error }
        return nil
    }

    @Test(arguments: [
        (UnblockingForm.adminKey, "0", 48, CodeUnfit?.some(.publishedDefault)),
        (.adminKey, "1", 48, nil), (.adminKey, "0", 47, .tooShort),
        // A response is what it is.
        (.adminKeyResponse, "0", 48, nil), (.puk, "0", 48, nil),
    ])
    func theKeyThatMakersDeliverIsNeverTried(
        _ form: UnblockingForm, _ digit: String, _ count: Int, _ unfit: CodeUnfit?
    ) throws {
        let way = UnblockingWay(
            form, rule: CodeRule(48...48, .hex), counter: .unknown(.notShown))
        let code = try secret(String(repeating: digit, count: count))
        #expect(Self.outcome { () throws(CodeUnfit) in try way.check(code) } == unfit)
    }

    @Test(arguments: [
        Case(digits, "123456", nil), Case(digits, "12345678", nil),
        Case(digits, "12345", .tooShort), Case(digits, "", .tooShort),
        Case(digits, "123456789", .tooLong), Case(digits, "12345a", .notDigits),
        Case(digits, "12345 ", .notDigits), Case(digits, "１２", .notDigits),
        Case(printable, "abc!~#", nil), Case(printable, "abc de", .notPrintable),
        Case(printable, "abcde\u{7F}", .notPrintable), Case(printable, "mật-ưu", .notPrintable),
        Case(printable, "ab\u{0}cde", .notPrintable), Case(any, "\u{1}\u{2}345678", nil),
        Case(any, "1234567", .tooShort), Case(any, "mật 12", nil),
    ])
    func anExistingCodeIsJudgedByItsRule(_ table: Case) throws {
        let code = try secret(table.code)
        let unfit = Self.outcome { () throws(CodeUnfit) in try table.rule.check(code) }
        // Six characters of Vietnamese are more than six bytes: the rule counts bytes.
        #expect(unfit == table.unfit || table.code == "mật-ưu" && unfit == .tooLong)
    }

    @Test(arguments: [
        Case(digits, "259371", nil), Case(digits, "123456", .publishedDefault),
        Case(digits, "12345678", .publishedDefault), Case(digits, "000000", .publishedDefault),
        Case(digits, "1234", .tooShort), Case(digits, "87654321", .sameAsOther),
        Case(printable, "87654321", .sameAsOther), Case(printable, "abcdefg", nil),
        Case(CodeRule(4...16, .printable), "1234567890", .publishedDefault),
        // A holder's new code is printable even where the token takes anything.
        Case(CodeRule(6...8, .any), "ab\u{1}defg", .notPrintable),
        Case(CodeRule(6...8, .any), "abcdefg", nil),
    ])
    func aNewCodeIsNoDefaultAndNotTheOther(_ table: Case) throws {
        let code = try secret(table.code)
        let other = try secret("87654321")
        let unfit = Self.outcome { () throws(CodeUnfit) in
            try table.rule.checkNew(code, besides: other)
        }
        #expect(unfit == table.unfit)
    }

    @Test(arguments: [
        (0x9000, CodeAnswer.accepted), (0x63C5, .wrong(left: 5)), (0x63C1, .wrong(left: 1)),
        (0x63C0, .blocked), (0x6983, .blocked), (0x6300, .wrong(left: nil)),
        (0x6A80, .unfit(.incorrectData)), (0x6700, .unfit(.wrongLength)),
        (0x6982, .refused(.securityStatusNotSatisfied)),
        (0x6984, .refused(.referenceDataNotUsable)),
        (0x6985, .refused(.conditionsNotSatisfied)), (0x6A88, .refused(.referenceDataNotFound)),
        (0x6581, .refused(.memoryFailure)), (0x6F00, .refused(.noPreciseDiagnosis)),
        (0x6282, .refused(.endOfFile)),
    ] as [(UInt16, CodeAnswer)])
    func aStatusWordIsAnAnswerToACode(_ status: UInt16, _ answer: CodeAnswer) {
        #expect(CodeAnswer(StatusWord(rawValue: status)) == answer)
    }

    // MARK: PIV's encoding

    private static func bytes(_ secret: borrowing Secret) -> [UInt8] { secret.withBytes { Array($0) } }

    @Test(arguments: [
        ("123456", "313233343536FFFF"), ("12345678", "3132333435363738"),
        ("1", "31FFFFFFFFFFFFFF"),
    ])
    func aCodeIsPaddedToEightBytes(_ code: String, _ wanted: String) throws {
        let plain = try secret(code)
        let padded = try PIVCode.padded(plain)
        #expect(Self.bytes(padded).map { String($0, radix: 16, uppercase: true) }.joined() == wanted)
    }

    @Test func aPairIsTwoPaddedCodesBehindEachOther() throws {
        let first = try secret("12345678")
        let second = try secret("654321")
        let pair = try PIVCode.pair(first, second)
        #expect(Self.bytes(pair) == Array("12345678654321".utf8) + [0xFF, 0xFF])
    }

    @Test func nothingLongerThanEightBytesAndNothingEmptyIsEncoded() throws {
        let good = try secret("123456")
        let long = try secret("123456789")
        let empty = try secret("")
        #expect(Self.outcome { () throws(CodeUnfit) in _ = try PIVCode.padded(long) } == .tooLong)
        #expect(Self.outcome { () throws(CodeUnfit) in _ = try PIVCode.padded(empty) } == .tooShort)
        #expect(Self.outcome { () throws(CodeUnfit) in _ = try PIVCode.pair(good, long) } == .tooLong)
        #expect(
            Self.outcome { () throws(CodeUnfit) in _ = try PIVCode.pair(empty, good) } == .tooShort)
    }
}
