import JSON

/// Reads the `what` of a journal line that is known to be as it was written: what the lines
/// behind it witness was strict JSON without blanks when it was answered for, so what nobody
/// asks for is stepped over and not checked again. That is most of what makes a start short.
///
/// Any other bytes end in an error or in other values, never outside of the line.
struct WhatReader {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    /// Where the latest value began: what is wrong with its meaning is reported there.
    private var mark = 0
    /// Only what the fold needs is wanted: times of steps, say, are not.
    let isForFold: Bool

    init(_ bytes: UnsafeRawBufferPointer, isForFold: Bool = false) {
        self.bytes = bytes
        self.isForFold = isForFold
    }

    /// Runs `body` with a reader over bytes of an array.
    static func over<R>(
        _ bytes: ArraySlice<UInt8>, _ body: (inout WhatReader) throws(JSONError) -> R
    ) throws(JSONError) -> R {
        // Swift 6.0's withUnsafeBytes loses the type of the error.
        try bytes.withUnsafeBytes { bytes -> Result<R, JSONError> in
            var reader = WhatReader(bytes)
            do throws(JSONError) {
                return .success(try body(&reader))
            } catch {
                return .failure(error)
            }
        }.get()
    }

    // MARK: Objects and arrays

    /// Reads an object member by member; unknown members of a later version are passed over,
    /// and so is what `body` does not take (it then returns false and has read nothing).
    mutating func fields(
        _ body: (JournalField, inout WhatReader) throws(JSONError) -> Bool
    ) throws(JSONError) {
        try take(UInt8(ascii: "{"), "'{'")
        if next(is: UInt8(ascii: "}")) { return }
        repeat {
            let key = try text()
            try take(UInt8(ascii: ":"), "':'")
            let name = UnsafeRawBufferPointer(rebasing: bytes[key.range])
            if let field = JournalField.named(name), try body(field, &self) { continue }
            try skip()
        } while next(is: UInt8(ascii: ","))
        try take(UInt8(ascii: "}"), "',' or '}'")
    }

    /// Reads an array, one element with each call of `body`.
    mutating func elements(
        _ body: (inout WhatReader) throws(JSONError) -> Void
    ) throws(JSONError) {
        try take(UInt8(ascii: "["), "'['")
        if next(is: UInt8(ascii: "]")) { return }
        repeat { try body(&self) } while next(is: UInt8(ascii: ","))
        try take(UInt8(ascii: "]"), "',' or ']'")
    }

    // MARK: Values

    var isAtNumber: Bool {
        guard position < bytes.count else { return false }
        return bytes[position] >= 0x30 && bytes[position] <= 0x39
    }

    /// A string of at most `maxLength` bytes of UTF-8.
    mutating func string(maxLength: Int? = nil) throws(JSONError) -> String {
        let text = try self.text()
        let string: String
        if text.hasEscapes {
            let quoted = UnsafeRawBufferPointer(
                rebasing: bytes[(text.range.lowerBound - 1)..<(text.range.upperBound + 1)])
            var reader = JSONReader(quoted, limits: .journal)
            string = try reader.string()
        } else {
            string = String(decoding: bytes[text.range], as: UTF8.self)
        }
        if let maxLength, string.utf8.count > maxLength {
            throw failure(.stringTooLong(limit: maxLength), at: mark)
        }
        return string
    }

    mutating func strings() throws(JSONError) -> [String] {
        var strings: [String] = []
        try elements { (reader) throws(JSONError) in strings.append(try reader.string()) }
        return strings
    }

    /// A string that names a case of an enumeration; nil for another.
    mutating func name<T>(in table: NameTable<T>) throws(JSONError) -> T? {
        table[UnsafeRawBufferPointer(rebasing: bytes[try text().range])]
    }

    mutating func boolean() throws(JSONError) -> Bool {
        mark = position
        let value = next(is: UInt8(ascii: "t"))
        for byte in (value ? "rue" : "false").utf8 { try take(byte, "a value") }
        return value
    }

    /// A whole number from 0 to `limit`.
    mutating func number(upTo limit: Int64 = .max) throws(JSONError) -> Int64 {
        mark = position
        var value: Int64 = 0
        while isAtNumber {
            let digit = Int64(bytes[position] - 0x30)
            let (tens, isLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, isLarger) = tens.addingReportingOverflow(digit)
            guard !isLarge, !isLarger else { throw failure(.numberOutOfRange, at: mark) }
            value = sum
            position += 1
        }
        guard position > mark else {
            throw failure(.unexpectedCharacter(expected: "a number"), at: position)
        }
        guard value <= limit else { throw failure(.outsideRange(0, limit), at: mark) }
        return value
    }

    /// Steps over a value by its brackets and quotes.
    mutating func skip() throws(JSONError) {
        var depth = 0
        repeat {
            guard position < bytes.count else { throw failure(.unexpectedEnd, at: position) }
            switch bytes[position] {
            case UInt8(ascii: "\""): _ = try text()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                position += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard depth > 0 else {
                    throw failure(.unexpectedCharacter(expected: "a value"), at: position)
                }
                depth -= 1
                position += 1
            case _ where depth > 0: position += 1
            default: stepOverWord()
            }
        } while depth > 0
    }

    /// A number, `true`, `false` or `null`.
    private mutating func stepOverWord() {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"): return
            default: position += 1
            }
        }
    }

    // MARK: Errors about meaning

    /// The error for a key that did not come.
    func missingKey(_ field: JournalField) -> JSONError {
        JSONError(
            code: .missingKey(field.rawValue), line: 1, column: mark + 1, path: field.rawValue)
    }

    /// The error for the value just read, which is well formed but not what is meant.
    func invalid(_ reason: String) -> JSONError { failure(.invalid(reason), at: mark) }

    // MARK: Tokens

    private struct Text {
        /// Between the quotes.
        let range: Range<Int>
        let hasEscapes: Bool
    }

    private mutating func text() throws(JSONError) -> Text {
        mark = position
        try take(UInt8(ascii: "\""), "'\"'")
        let start = position
        var at = start
        var hasEscapes = false
        while let found = bytes.nextQuoteOrBackslash(from: at) {
            if bytes[found] == UInt8(ascii: "\"") {
                position = found + 1
                return Text(range: start..<found, hasEscapes: hasEscapes)
            }
            hasEscapes = true
            at = found + 2
        }
        throw failure(.unexpectedEnd, at: bytes.count)
    }

    @inline(__always)
    private mutating func next(is byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    @inline(__always)
    private mutating func take(_ byte: UInt8, _ expected: StaticString) throws(JSONError) {
        guard next(is: byte) else { throw unexpected(expected) }
    }

    @inline(never)
    private func unexpected(_ expected: StaticString) -> JSONError {
        position < bytes.count
            ? failure(.unexpectedCharacter(expected: "\(expected)"), at: position)
            : failure(.unexpectedEnd, at: position)
    }

    private func failure(_ code: JSONError.Code, at place: Int) -> JSONError {
        JSONError(code: code, line: 1, column: place + 1, path: "")
    }
}
