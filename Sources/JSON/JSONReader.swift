import Secrets

/// Which JSON a reader takes.
package enum JSONDialect: Equatable, Sendable {
    /// RFC 8259 exactly: the socket and the journal.
    case strict
    /// With JSON5's comments and one comma behind the last member: files people write.
    case configuration
}

/// What a reader lets a document have; each limit is an error of its own.
package struct JSONLimits: Equatable, Sendable {
    /// Levels of objects and arrays within each other; at most 128.
    package var depth: Int
    /// Bytes in all.
    package var length: Int
    /// Bytes of UTF-8 in one string, once its escapes are resolved.
    package var stringLength: Int
    /// Keys of one object.
    package var keys: Int

    package init(
        depth: Int = 16, length: Int = 1 << 20, stringLength: Int = 1 << 16, keys: Int = 256
    ) {
        self.depth = min(max(depth, 0), 128)
        self.length = length
        self.stringLength = stringLength
        self.keys = keys
    }

    /// Characters of one number; longer ones say nothing more in 64 bits.
    static var numberLength: Int { 1024 }
}

/// A pull reader over bytes that somebody else holds, for as long as this value lives.
///
/// The caller asks for what must come next, in order; nothing is built that was not asked
/// for, and a field with a code goes from the bytes into locked memory with `secret` and
/// nowhere else. Once a call has thrown, the reader is good for nothing but being dropped.
///
///     try reader.beginObject()
///     while let key = try reader.nextKey() {
///         switch key {
///         case "pin": pin = try reader.secret(maxLength: 64)
///         default: throw reader.unknownKey(key, known: ["pin"])
///         }
///     }
///     try reader.finish()
package struct JSONReader: ~Copyable {
    /// What may come next.
    enum State {
        case start
        case value
        case memberOrEnd
        case done
    }

    /// A key seen in an open object: where its text stands, and a digest to find it again by.
    struct Key {
        var text: StringToken
        var digest: Int
    }

    /// An object or array that is open.
    struct Frame {
        var isObject: Bool
        var isFirst = true
        /// The element in an array, from 0.
        var index = -1
        /// The key in an object.
        var key: StringToken?
        /// Where the keys of this object begin in `keys`.
        var firstKey: Int
    }

    let bytes: UnsafeRawBufferPointer
    let dialect: JSONDialect
    let limits: JSONLimits
    var position = 0
    /// Where the latest token began: what is wrong with its meaning is reported there.
    var mark = 0
    var state = State.start
    var frames: [Frame] = []
    var keys: [Key] = []

    /// A reader at the start of `bytes`, which must stay in place and unchanged.
    package init(
        _ bytes: UnsafeRawBufferPointer, dialect: JSONDialect = .strict,
        limits: JSONLimits = JSONLimits()
    ) {
        self.bytes = bytes
        self.dialect = dialect
        self.limits = limits
    }

    /// Runs `body` with a reader over bytes of an array, which must not hold a code.
    package static func over<R>(
        _ bytes: ArraySlice<UInt8>, dialect: JSONDialect = .strict,
        limits: JSONLimits = JSONLimits(), _ body: (inout JSONReader) throws(JSONError) -> R
    ) throws(JSONError) -> R {
        // Swift 6.0's withUnsafeBytes loses the type of the error.
        try bytes.withUnsafeBytes { bytes -> Result<R, JSONError> in
            var reader = JSONReader(bytes, dialect: dialect, limits: limits)
            do throws(JSONError) {
                return .success(try body(&reader))
            } catch {
                return .failure(error)
            }
        }.get()
    }

    /// Runs `body` with a reader over an array, which must not hold a code.
    package static func over<R>(
        _ bytes: [UInt8], dialect: JSONDialect = .strict, limits: JSONLimits = JSONLimits(),
        _ body: (inout JSONReader) throws(JSONError) -> R
    ) throws(JSONError) -> R {
        try over(bytes[...], dialect: dialect, limits: limits, body)
    }

    // MARK: Objects and arrays

    /// Steps into an object.
    package mutating func beginObject() throws(JSONError) {
        try begin(.object)
    }

    /// The next key of the object, or nil at its end, which is stepped over.
    ///
    /// - Throws: `.duplicateKey` where the object had that key before.
    package mutating func nextKey() throws(JSONError) -> String? {
        guard let text = try nextKeyText() else { return nil }
        return decoded(text)
    }

    /// Steps into an array.
    package mutating func beginArray() throws(JSONError) {
        try begin(.array)
    }

    /// Whether another element follows; at the end of the array, false, and it is stepped over.
    package mutating func nextElement() throws(JSONError) -> Bool {
        guard try nextMember(isObject: false) else { return false }
        frames[frames.count - 1].index += 1
        state = .value
        return true
    }

    // MARK: Values

    /// What kind of value comes next; takes nothing.
    package mutating func peek() throws(JSONError) -> JSONKind {
        switch state {
        case .value: break
        case .start: try checkStart()
        case .memberOrEnd, .done: throw fail(.outOfTurn, at: position)
        }
        try skipBlanks()
        guard position < bytes.count else { throw fail(.unexpectedEnd, at: position) }
        mark = position
        switch bytes[position] {
        case .openBrace: return .object
        case .openBracket: return .array
        case .quote: return .string
        case .minus, 0x30...0x39: return .number
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
        case UInt8(ascii: "n"): return .null
        default: throw fail(.unexpectedCharacter(expected: "a value"), at: position)
        }
    }

    /// A string of at most `maxLength` bytes of UTF-8 (the reader's own limit where nil).
    package mutating func string(maxLength: Int? = nil) throws(JSONError) -> String {
        try expect(.string)
        let text = try scanString()
        if let maxLength, text.decodedCount > maxLength {
            throw fail(.stringTooLong(limit: maxLength), at: mark)
        }
        endValue()
        return decoded(text)
    }

    /// A string of at most `maxLength` bytes, put straight into locked memory.
    ///
    /// - Throws: `.noLockedMemory` where the kernel locks no page.
    package mutating func secret(maxLength: Int) throws(JSONError) -> Secret {
        try expect(.string)
        let text = try scanString()
        guard text.decodedCount <= min(maxLength, Secret.longest) else {
            throw fail(.stringTooLong(limit: min(maxLength, Secret.longest)), at: mark)
        }
        endValue()
        do throws(SecretError) {
            var buffer = try LockedBuffer(capacity: text.decodedCount)
            _ = buffer.fill { decode(text, into: $0) }
            return try Secret(buffer)
        } catch {
            throw fail(.noLockedMemory, at: mark)
        }
    }

    /// A whole number; `-0` is 0.
    ///
    /// - Throws: `.notAnInteger` for a fraction or exponent, `.numberOutOfRange` beyond Int64.
    package mutating func integer() throws(JSONError) -> Int64 {
        try expect(.number)
        let number = try scanNumber()
        guard number.isWhole else { throw fail(.notAnInteger, at: mark) }
        guard let value = wholeNumber(number) else { throw fail(.numberOutOfRange, at: mark) }
        endValue()
        return value
    }

    /// A whole number of that range.
    package mutating func integer(in range: ClosedRange<Int64>) throws(JSONError) -> Int64 {
        let value = try integer()
        guard range.contains(value) else {
            throw fail(.outsideRange(range.lowerBound, range.upperBound), at: mark)
        }
        return value
    }

    /// Any number, as near as a Double comes.
    ///
    /// - Throws: `.numberOutOfRange` where that would be infinite.
    package mutating func number() throws(JSONError) -> Double {
        try expect(.number)
        let value = try floating(try scanNumber())
        endValue()
        return value
    }

    /// `true` or `false`.
    package mutating func boolean() throws(JSONError) -> Bool {
        try expect(.boolean)
        let isTrue = bytes[position] == UInt8(ascii: "t")
        try takeWord(isTrue ? "true" : "false")
        endValue()
        return isTrue
    }

    /// `null`.
    package mutating func null() throws(JSONError) {
        try expect(.null)
        try takeWord("null")
        endValue()
    }

    /// Takes a `null` if one comes next, and says whether it did.
    package mutating func nullIfNext() throws(JSONError) -> Bool {
        guard try peek() == .null else { return false }
        try null()
        return true
    }

    /// One of the named cases of `T`; the error lists them.
    package mutating func choice<T: RawRepresentable<String> & CaseIterable>(
        of type: T.Type = T.self
    ) throws(JSONError) -> T {
        guard let choice = T(rawValue: try string()) else {
            let names = T.allCases.map { "\"\($0.rawValue)\"" }
            throw invalid("must be one of " + names.joined(separator: ", "))
        }
        return choice
    }

    /// Any value, whole.
    package mutating func value() throws(JSONError) -> JSONValue {
        switch try peek() {
        case .null:
            try null()
            return .null
        case .boolean: return .bool(try boolean())
        case .string: return .string(try string())
        case .number:
            let number = try scanNumber()
            let value: JSONValue
            if number.isWhole, let whole = wholeNumber(number) {
                value = .integer(whole)
            } else {
                value = .number(try floating(number))
            }
            endValue()
            return value
        case .array:
            var elements: [JSONValue] = []
            try beginArray()
            while try nextElement() { elements.append(try value()) }
            return .array(elements)
        case .object:
            var members: [(String, JSONValue)] = []
            try beginObject()
            while let key = try nextKey() { members.append((key, try value())) }
            return .object(members)
        }
    }

    /// Steps over a value, checking it fully and copying none of it; the bytes it stood in.
    @discardableResult
    package mutating func skip() throws(JSONError) -> Range<Int> {
        let kind = try peek()
        let start = position
        switch kind {
        case .null: try null()
        case .boolean: _ = try boolean()
        case .string:
            _ = try scanString()
            endValue()
        case .number:
            let number = try scanNumber()
            if !number.isWhole || wholeNumber(number) == nil { _ = try floating(number) }
            endValue()
        case .array:
            try beginArray()
            while try nextElement() { try skip() }
        case .object:
            try beginObject()
            while try nextKeyText() != nil { try skip() }
        }
        return start..<position
    }

    /// Steps over an object that must be empty.
    package mutating func noMembers() throws(JSONError) {
        try beginObject()
        while let key = try nextKey() { throw unknownKey(key) }
    }

    /// Checks that the document has ended: nothing but blanks may follow.
    package mutating func finish() throws(JSONError) {
        guard state == .done else { throw fail(.outOfTurn, at: position) }
        try skipBlanks()
        guard position == bytes.count else { throw fail(.trailingData, at: position) }
    }

    // MARK: Errors about meaning

    /// The error for a key that means nothing here, at that key.
    package func unknownKey(_ key: String, known: [String] = []) -> JSONError {
        fail(.unknownKey(shortened(key), nearest: nearest(to: key, among: known)), at: mark)
    }

    /// The error for a key that did not come, said after the object has ended.
    package func missingKey(_ key: String) -> JSONError {
        let place = place(of: mark)
        let step = pathStep(key)
        let path = path()
        return JSONError(
            code: .missingKey(key), line: place.line, column: place.column,
            path: path.isEmpty ? step : path + (step.hasPrefix("[") ? "" : ".") + step)
    }

    /// The error for the value just read, which is well formed but not what is meant.
    /// `reason` must not quote it where it may be a code.
    package func invalid(_ reason: String) -> JSONError {
        fail(.invalid(reason), at: mark)
    }
}
