import Secrets
import Testing

@testable import JSON

/// Reads `text` whole.
func read(
    _ text: String, _ dialect: JSONDialect = .strict, _ limits: JSONLimits = JSONLimits()
) throws(JSONError) -> JSONValue {
    try read(bytes: Array(text.utf8), dialect, limits)
}

func read(
    bytes: [UInt8], _ dialect: JSONDialect = .strict, _ limits: JSONLimits = JSONLimits()
) throws(JSONError) -> JSONValue {
    try withReader(bytes: bytes, dialect, limits) { (reader) throws(JSONError) in
        let value = try reader.value()
        try reader.finish()
        return value
    }
}

/// Hands `body` a reader over `text`.
func withReader<R>(
    _ text: String, _ dialect: JSONDialect = .strict,
    _ body: (inout JSONReader) throws(JSONError) -> R
) throws(JSONError) -> R {
    try withReader(bytes: Array(text.utf8), dialect, JSONLimits(), body)
}

private func withReader<R>(
    bytes: [UInt8], _ dialect: JSONDialect, _ limits: JSONLimits,
    _ body: (inout JSONReader) throws(JSONError) -> R
) throws(JSONError) -> R {
    try JSONReader.over(bytes, dialect: dialect, limits: limits, body)
}

/// What `body` throws.
func error(of body: () throws(JSONError) -> Void) -> JSONError? {
    do throws(JSONError) {
        try body()
        return nil
    } catch {
        return error
    }
}

@Suite struct ReaderTests {
    static let accepted: [(String, JSONValue)] = [
        ("null", .null), ("true", true), (" \t\r\nfalse ", false),
        ("0", 0), ("-0", 0), ("7", 7), ("-12", -12),
        ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
        ("9223372036854775808", .number(0x1p63)),
        ("-9223372036854775809", .number(-0x1p63)),
        ("1.5", .number(1.5)), ("-0.0", .number(0)), ("1e2", .number(100)),
        ("1E+2", .number(100)), ("25e-1", .number(2.5)), ("1e-999", .number(0)),
        ("\"\"", ""), (#""a\"\\\/\b\f\n\r\t""#, "a\"\\/\u{8}\u{C}\n\r\t"),
        (#""\u0041\u00e9\u20AC\ud83d\ude00""#, "Aé€😀"), ("\"Sở\u{7F}\"", "Sở\u{7F}"),
        (#""\u0000""#, "\0"),
        ("[]", []), ("[ ]", []), ("[1,[2]]", [1, [2]]), ("{}", [:]),
        (#"{"a":1,"b":{"a":null}}"#, ["a": 1, "b": ["a": nil]]),
        // Alike to the eye and to String's ==, but not the same key.
        ("{\"\u{e9}\":1,\"e\u{301}\":2}", ["\u{e9}": 1, "e\u{301}": 2]),
    ]

    @Test(arguments: accepted)
    func takesWhatTheStandardAllows(_ text: String, _ value: JSONValue) throws {
        #expect(try read(text) == value)
    }

    static let refused: [(String, JSONError.Code)] = [
        ("", .unexpectedEnd), (" ", .unexpectedEnd), ("[", .unexpectedEnd), ("[1", .unexpectedEnd),
        ("{", .unexpectedEnd), (#"{"a""#, .unexpectedEnd), (#"{"a":"#, .unexpectedEnd),
        (#"{"a":1"#, .unexpectedEnd), (#"{"a":1,"#, .unexpectedEnd), ("\"a", .unexpectedEnd),
        (#""\"#, .unexpectedEnd), (#""\u12"#, .unexpectedEnd), ("tru", .unexpectedEnd),
        ("-", .unexpectedEnd),
        ("1 2", .trailingData), ("[]]", .trailingData), ("{}\0", .trailingData),
        ("[1,]", .unexpectedCharacter(expected: "a value")),
        ("[,]", .unexpectedCharacter(expected: "a value")),
        ("[1 2]", .unexpectedCharacter(expected: "',' or ']'")),
        ("{,}", .unexpectedCharacter(expected: "a key in double quotes")),
        (#"{"a":1,}"#, .unexpectedCharacter(expected: "a key in double quotes")),
        ("{a:1}", .unexpectedCharacter(expected: "a key in double quotes")),
        (#"{"a" 1}"#, .unexpectedCharacter(expected: "':'")),
        (#"{"a":1 "b":2}"#, .unexpectedCharacter(expected: "',' or '}'")),
        ("nul", .unexpectedEnd), ("nulL", .unexpectedCharacter(expected: "a value")),
        ("truex", .unexpectedCharacter(expected: "a value")),
        ("NaN", .unexpectedCharacter(expected: "a value")),
        ("Infinity", .unexpectedCharacter(expected: "a value")),
        ("'a'", .unexpectedCharacter(expected: "a value")),
        ("+1", .unexpectedCharacter(expected: "a value")),
        (".5", .unexpectedCharacter(expected: "a value")),
        ("// a\n1", .unexpectedCharacter(expected: "a value")),
        ("\u{A0}1", .unexpectedCharacter(expected: "a value")),
        ("01", .invalidNumber), ("-01", .invalidNumber), ("1.", .invalidNumber),
        ("1.e1", .invalidNumber), ("1e", .invalidNumber), ("1e+", .invalidNumber),
        ("0x10", .invalidNumber), ("-a", .invalidNumber), ("1_0", .invalidNumber),
        ("-Infinity", .invalidNumber),
        ("1e400", .numberOutOfRange), ("-1e400", .numberOutOfRange),
        ("\"\n\"", .controlCharacter), ("\"\u{1F}\"", .controlCharacter),
        (#""\a""#, .invalidEscape), (#""\u12G4""#, .invalidEscape), (#""\x41""#, .invalidEscape),
        (#""\ud800""#, .loneSurrogate), (#""\ude00\ud83d""#, .loneSurrogate),
        (#""\ud800\u0041""#, .loneSurrogate), (#""\ud800\ud800""#, .loneSurrogate),
        ("\u{FEFF}1", .byteOrderMark),
        (#"{"a":1,"a":2}"#, .duplicateKey("a")), (#"{"a":1,"\u0061":2}"#, .duplicateKey("a")),
    ]

    @Test(arguments: refused)
    func refusesWhatTheStandardDoesNot(_ text: String, _ code: JSONError.Code) {
        #expect(error { () throws(JSONError) in _ = try read(text) }?.code == code)
    }

    @Test(arguments: refused)
    func skippingRefusesWhatReadingRefuses(_ text: String, _ code: JSONError.Code) {
        let found = error { () throws(JSONError) in
            try withReader(text) { (reader) throws(JSONError) in
                try reader.skip()
                try reader.finish()
            }
        }
        #expect(found?.code == code)
    }

    @Test(
        arguments: [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xE0, 0x80, 0x80], [0xE2, 0x82],
            [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF],
        ] as [[UInt8]])
    func refusesWhatIsNotUTF8(_ sequence: [UInt8]) {
        let found = error { () throws(JSONError) in
            _ = try read(bytes: [0x22] + sequence + [0x22])
        }
        #expect(found == JSONError(code: .invalidUTF8, line: 1, column: 2, path: ""))
    }

    static let located: [(String, String)] = [
        (
            "{\n  \"readers\": [\n    {\"name\": tru}\n  ]\n}",
            "line 3, column 14: readers[0].name: expected a value (strings stand in double quotes)"
        ),
        (
            "{\"a\": {\"b c\": [1, [true, nul]]}}",
            "line 1, column 26: a[\"b c\"][1][1]: expected a value (strings stand in double quotes)"
        ),
        (
            "[\"Sở Khoa học\", x]",
            "line 1, column 17: [1]: expected a value (strings stand in double quotes)"
        ),
        ("{\r\n\"a\":1,\r\"a\":2}", "line 3, column 1: a: this key stands twice"),
        ("[1,2", "line 1, column 5: [1]: the document ends too early"),
        ("{\"a\": 1, b: 2}", "line 1, column 10: expected a key in double quotes"),
        (
            "{\"\\u0007\": x}",
            "line 1, column 12: [\"\\u{7}\"]: expected a value (strings stand in double quotes)"
        ),
    ]

    @Test(arguments: located)
    func saysWhereAndWhat(_ text: String, _ description: String) {
        #expect(error { () throws(JSONError) in _ = try read(text) }?.description == description)
    }

    @Test func limitsAreHeld() {
        func code(_ text: String, _ limits: JSONLimits) -> JSONError.Code? {
            error { () throws(JSONError) in _ = try read(text, .strict, limits) }?.code
        }
        #expect(code("[[[]]]", JSONLimits(depth: 3)) == nil)
        #expect(code("[[[[]]]]", JSONLimits(depth: 3)) == .tooDeep(limit: 3))
        #expect(code("[[{\"a\":{}}]]", JSONLimits(depth: 3)) == .tooDeep(limit: 3))
        #expect(code(String(repeating: "[", count: 10_000), JSONLimits()) == .tooDeep(limit: 16))
        #expect(
            code(String(repeating: "[", count: 10_000), JSONLimits(depth: .max))
                == .tooDeep(limit: 128))
        #expect(code("[1, 2]", JSONLimits(length: 6)) == nil)
        #expect(code("[1, 2] ", JSONLimits(length: 6)) == .tooLong(limit: 6))
        #expect(code(#""ab\u20ac""#, JSONLimits(stringLength: 5)) == nil)
        #expect(code(#""abc\u20ac""#, JSONLimits(stringLength: 5)) == .stringTooLong(limit: 5))
        #expect(code(#"{"abcdef":1}"#, JSONLimits(stringLength: 5)) == .stringTooLong(limit: 5))
        #expect(code(#"[{"a":1,"b":2},{"a":1}]"#, JSONLimits(keys: 2)) == nil)
        #expect(code(#"{"a":1,"b":2,"c":3}"#, JSONLimits(keys: 2)) == .tooManyKeys(limit: 2))
        #expect(code(String(repeating: "1", count: 1024), JSONLimits()) == .numberOutOfRange)
        #expect(code("0." + String(repeating: "1", count: 1022), JSONLimits()) == nil)
        #expect(
            code("0." + String(repeating: "1", count: 1023), JSONLimits())
                == .numberTooLong(limit: 1024))
    }

    static let configuration: [(String, JSONValue)] = [
        (
            "// what it is for\n{ /* one */ \"a\": 1, // and\n \"b\": [1, 2,], }\n//",
            ["a": 1, "b": [1, 2]]
        ),
        ("/**/1/***/", 1), ("/* * / ** */1", 1), ("// a\u{2028}1", 1), ("// Sở\r1", 1),
    ]

    @Test(arguments: configuration)
    func filesMayHaveCommentsAndALastComma(_ text: String, _ value: JSONValue) throws {
        #expect(try read(text, .configuration) == value)
    }

    static let notConfiguration: [(String, JSONError.Code)] = [
        ("[,]", .unexpectedCharacter(expected: "a value")),
        ("[1,,]", .unexpectedCharacter(expected: "a value")),
        ("{,}", .unexpectedCharacter(expected: "a key in double quotes")),
        ("{a:1}", .unexpectedCharacter(expected: "a key in double quotes")),
        ("{'a':1}", .unexpectedCharacter(expected: "a key in double quotes")),
        ("0x10", .invalidNumber), ("+1", .unexpectedCharacter(expected: "a value")),
        ("1 /* a", .unterminatedComment), ("1 / 2", .unexpectedCharacter(expected: "a comment")),
        ("1 /", .unexpectedCharacter(expected: "a comment")), ("1 # a", .trailingData),
        ("\u{FEFF}1", .byteOrderMark),
    ]

    @Test(arguments: notConfiguration)
    func filesMayHaveNothingElseOfJSON5(_ text: String, _ code: JSONError.Code) {
        #expect(
            error { () throws(JSONError) in _ = try read(text, .configuration) }?.code == code)
    }

    static let advised: [(String, String)] = [
        ("[\n1 // one\n2]", "line 2, column 2: [0]: expected ',' or ']': write a comma here"),
        ("{\"a\": 1\nb: 2}", "line 1, column 8: expected ',' or '}': write a comma here"),
        ("[1}", "line 1, column 3: [0]: expected ',' or ']': the list that is open ends with ]"),
        ("{\"a\": 1]", "expected ',' or '}': the object that is open ends with }"),
        ("{a: 1}", "expected a key in double quotes: write it as \"key\": value"),
        ("{,}", "expected a key in double quotes: one comma too many"),
        ("{“a”: 1}", "write straight quotes, \", not “ or ”"),
        ("{\"a\": “b”}", "write straight quotes, \", not “ or ”"),
        ("{\"a\": 'b'}", "write straight double quotes"),
        (
            "{\"a”: 1,\n}",
            "line 1, column 9: a control character must be escaped (or a string does "
                + "not end): write a straight \" at its end, not “ or ”"
        ),
        ("# a\n1", "a comment begins with //, not with #"),
        ("1 # a", "something follows the end of the document: a comment begins with //"),
        ("{\"a\" = 1}", "expected ':': write a colon between a key and its value"),
        ("{\"a\": }", "a value is left out before it"), ("[1,,]", "one comma too many"),
        ("[Yes]", "write true"), ("[False]", "write false"), ("[\u{A0}1]", "write a plain space"),
        (
            "[1",
            "line 1, column 3: [0]: the document ends too early: write what it lacks at its end, ]"
        ),
        ("{\"a\": [1,", "write what it lacks at its end, ] }"), ("", "nothing stands in it"),
        ("[\"a", "write a straight \" at the end of its last text"),
        ("[2027-09-02]", "not a number as JSON writes them: write 12, -3 or 0.5"),
        ("[\"\\a\"]", "write a backslash itself twice"), ("[\"\t\"]", "write \\t for a tab"),
        ("{\"a\": 1, \"a\": 2}", "this key stands twice: take one of the two away"),
        ("{}}", "take it away, or the bracket too many before it"), ("/*", "write */ at its end"),
        ("\u{FEFF}1", "a byte order mark is not allowed: save it as UTF-8 (without a mark"),
    ]

    @Test(arguments: advised)
    func whoWritesAFileIsToldWhatToWrite(_ text: String, _ told: String) {
        let found = error { () throws(JSONError) in _ = try read(text, .configuration) }
        #expect(found?.description.contains(told) == true, "\(found?.description ?? "none")")
        let strict = error { () throws(JSONError) in _ = try read(text, .strict) }
        #expect(strict?.advice == nil)
    }

    @Test(
        arguments: [
            [0xFF, 0xFE, 0x7B, 0], [0xFE, 0xFF, 0, 0x7B], [0x7B, 0, 0x0A, 0], [0, 0x7B, 0, 0x0A],
        ] as [[UInt8]])
    func aFileInUTF16IsToldSo(_ bytes: [UInt8]) {
        let found = error { () throws(JSONError) in _ = try read(bytes: bytes, .configuration) }
        #expect(found?.advice?.hasPrefix("the file is UTF-16; save it as UTF-8") == true)
    }

    @Test func aCommentMustBeUTF8() {
        let found = error { () throws(JSONError) in
            _ = try read(bytes: Array("1 // ".utf8) + [0xC3], .configuration)
        }
        #expect(found?.code == .invalidUTF8)
    }
}
