/// What kind a JSON value is of.
package enum JSONKind: String, Equatable, Sendable {
    case object
    case array
    case string
    case number
    case boolean
    case null
}

/// Why a document was refused, and where.
///
/// It names keys, never values: what stands in a value may be a code.
package struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: Equatable, Sendable {
        /// The document stops in the middle of something.
        case unexpectedEnd
        /// Another character stands where `expected` should.
        case unexpectedCharacter(expected: String)
        /// Not UTF-8 (RFC 3629): overlong, a surrogate, beyond U+10FFFF, or cut off.
        case invalidUTF8
        /// The document begins with a byte order mark.
        case byteOrderMark
        /// A character below U+0020 stands bare in a string.
        case controlCharacter
        /// A backslash is followed by none of the nine escapes of RFC 8259.
        case invalidEscape
        /// Half of a surrogate pair stands alone.
        case loneSurrogate
        /// Not a number as RFC 8259 writes them.
        case invalidNumber
        /// A number beyond what 64 bits hold, integer or floating.
        case numberOutOfRange
        /// A fraction or exponent where a whole number is asked for.
        case notAnInteger
        /// A whole number outside of what is allowed here.
        case outsideRange(Int64, Int64)
        /// A value of another kind than asked for.
        case wrongKind(expected: JSONKind, found: JSONKind)
        /// More levels of nesting than `limit`.
        case tooDeep(limit: Int)
        /// The document is longer than `limit` bytes.
        case tooLong(limit: Int)
        /// A string is longer than `limit` bytes of UTF-8.
        case stringTooLong(limit: Int)
        /// A number is written with more than `limit` characters.
        case numberTooLong(limit: Int)
        /// An object has more than `limit` keys.
        case tooManyKeys(limit: Int)
        /// A key stands twice in one object.
        case duplicateKey(String)
        /// A key that means nothing here, and the known one most like it.
        case unknownKey(String, nearest: String?)
        /// A key that must be there is not.
        case missingKey(String)
        /// Something follows the end of the document.
        case trailingData
        /// `/*` without `*/`.
        case unterminatedComment
        /// Well formed, but not what is meant here.
        case invalid(String)
        /// No locked memory for a secret.
        case noLockedMemory
        /// The caller asked for something out of turn: a defect of the program.
        case outOfTurn
    }

    package let code: Code
    /// From 1.
    package let line: Int
    /// From 1, in characters (Unicode scalars), not bytes.
    package let column: Int
    /// The value or key it is about, as `readers[0].name`; empty at the top.
    package let path: String
    /// What to write instead; only of files that people write, and nil where the reason says it.
    package let advice: String?

    package init(code: Code, line: Int, column: Int, path: String, advice: String? = nil) {
        self.code = code
        self.line = line
        self.column = column
        self.path = path
        self.advice = advice
    }

    package var description: String {
        "line \(line), column \(column): " + (path.isEmpty ? "" : path + ": ") + reason
    }

    /// The reason and the advice, without place and path.
    package var reason: String { advice.map { bareReason + ": " + $0 } ?? bareReason }

    private var bareReason: String {
        switch code {
        case .unexpectedEnd: "the document ends too early"
        case .unexpectedCharacter("a value"): "expected a value (strings stand in double quotes)"
        case .unexpectedCharacter(let expected): "expected \(expected)"
        case .invalidUTF8: "not valid UTF-8"
        case .byteOrderMark: "a byte order mark is not allowed"
        case .controlCharacter: "a control character must be escaped (or a string does not end)"
        case .invalidEscape: "no such escape"
        case .loneSurrogate: "half a surrogate pair"
        case .invalidNumber: "not a number as JSON writes them"
        case .numberOutOfRange: "a number too large for 64 bits"
        case .notAnInteger: "expected a whole number"
        case .outsideRange(let lowest, let highest): "must be from \(lowest) to \(highest)"
        case .wrongKind(let expected, let found):
            "expected \(expected.withArticle), found \(found.withArticle)"
        case .tooDeep(let limit): "nested deeper than \(limit) levels"
        case .tooLong(let limit): "longer than \(limit) bytes"
        case .stringTooLong(let limit): "a string is longer than \(limit) bytes"
        case .numberTooLong(let limit): "a number is longer than \(limit) characters"
        case .tooManyKeys(let limit): "more than \(limit) keys in one object"
        case .duplicateKey: "this key stands twice"
        case .unknownKey(_, let nearest?): "unknown key; did you mean \"\(nearest)\"?"
        case .unknownKey(_, nil): "unknown key"
        case .missingKey: "this key is missing"
        case .trailingData: "something follows the end of the document"
        case .unterminatedComment: "a comment does not end"
        case .invalid(let reason): reason
        case .noLockedMemory: "no locked memory for a secret"
        case .outOfTurn: "read out of turn (a defect of this program)"
        }
    }
}

extension JSONKind {
    var withArticle: String {
        switch self {
        case .object: "an object"
        case .array: "an array"
        case .string: "a string"
        case .number: "a number"
        case .boolean: "true or false"
        case .null: "null"
        }
    }
}
