// The tokens of JSON. Nothing here copies what a string or number says.

/// A string's text between its quotes, checked but not yet decoded.
struct StringToken {
    var start: Int
    var end: Int
    /// Bytes of UTF-8 once its escapes are resolved.
    var decodedCount: Int
    var hasEscapes: Bool
}

/// A number's text.
struct NumberToken {
    var start: Int
    var end: Int
    /// Neither fraction nor exponent.
    var isWhole: Bool
}

extension JSONReader {
    /// What holds for the document as a whole is checked before its first token.
    mutating func checkStart() throws(JSONError) {
        guard bytes.count <= limits.length else {
            throw fail(.tooLong(limit: limits.length), at: 0)
        }
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF {
            throw fail(.byteOrderMark, at: 0)
        }
        state = .value
    }

    mutating func expect(_ kind: JSONKind) throws(JSONError) {
        let found = try peek()
        guard found == kind else {
            throw fail(.wrongKind(expected: kind, found: found), at: position)
        }
    }

    mutating func endValue() {
        state = frames.isEmpty ? .done : .memberOrEnd
    }

    mutating func begin(_ kind: JSONKind) throws(JSONError) {
        try expect(kind)
        guard frames.count < limits.depth else {
            throw fail(.tooDeep(limit: limits.depth), at: position)
        }
        position += 1
        frames.append(Frame(isObject: kind == .object, firstKey: keys.count))
        state = .memberOrEnd
    }

    /// Steps over the comma to the next member and says so, or over the bracket at the end.
    mutating func nextMember(isObject: Bool) throws(JSONError) -> Bool {
        guard state == .memberOrEnd, let frame = frames.last, frame.isObject == isObject else {
            throw fail(.outOfTurn, at: position)
        }
        frames[frames.count - 1].key = nil
        let close: UInt8 = isObject ? .closeBrace : .closeBracket
        let behind = position
        try skipBlanks()
        if position < bytes.count, bytes[position] == close {
            end(frame)
            return false
        }
        if !frame.isFirst {
            let expected = isObject ? "',' or '}'" : "',' or ']'"
            // People look for a comma on the line that lacks it, not on the next.
            if dialect == .configuration, lacksComma {
                throw fail(.unexpectedCharacter(expected: expected), at: behind)
            }
            try take(.comma, expected)
            try skipBlanks()
            if dialect == .configuration, position < bytes.count, bytes[position] == close {
                end(frame)
                return false
            }
        }
        frames[frames.count - 1].isFirst = false
        return true
    }

    private mutating func end(_ frame: Frame) {
        mark = position
        position += 1
        keys.removeSubrange(frame.firstKey...)
        frames.removeLast()
        endValue()
    }

    /// The next key and its colon, or nil at the end of the object.
    mutating func nextKeyText() throws(JSONError) -> StringToken? {
        guard try nextMember(isObject: true) else { return nil }
        guard position < bytes.count else { throw fail(.unexpectedEnd, at: position) }
        guard bytes[position] == .quote else {
            throw fail(.unexpectedCharacter(expected: "a key in double quotes"), at: position)
        }
        mark = position
        let text = try scanString()
        try remember(text)
        try skipBlanks()
        try take(.colon, "':'")
        state = .value
        return text
    }

    /// Takes the key into the open object, which must not have it yet.
    private mutating func remember(_ text: StringToken) throws(JSONError) {
        // Seeded for this process, so that nobody can write keys that all look alike.
        var hasher = Hasher()
        eachByte(of: text) { hasher.combine($0) }
        let digest = hasher.finalize()
        let top = frames.count - 1
        let isDuplicate = keys[frames[top].firstKey...].contains {
            $0.digest == digest && $0.text.decodedCount == text.decodedCount
                && decoded($0.text).utf8.elementsEqual(decoded(text).utf8)
        }
        frames[top].key = text
        if isDuplicate { throw fail(.duplicateKey(shortened(decoded(text))), at: mark) }
        guard keys.count - frames[top].firstKey < limits.keys else {
            throw fail(.tooManyKeys(limit: limits.keys), at: mark)
        }
        keys.append(Key(text: text, digest: digest))
    }

    // MARK: Blanks and fixed text

    mutating func skipBlanks() throws(JSONError) {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, .lineFeed, .carriageReturn: position += 1
            case .slash where dialect == .configuration: try skipComment()
            default: return
            }
        }
    }

    private mutating func skipComment() throws(JSONError) {
        let start = position
        guard position + 1 < bytes.count else {
            throw fail(.unexpectedCharacter(expected: "a comment"), at: position)
        }
        switch bytes[position + 1] {
        case .slash:
            position += 2
            while position < bytes.count {
                if bytes[position] == .lineFeed || bytes[position] == .carriageReturn { return }
                let length = try scalarLength()
                // U+2028 and U+2029 end a line too (JSON5, section 7).
                let isSeparator =
                    length == 3 && bytes[position] == 0xE2 && bytes[position + 1] == 0x80
                    && bytes[position + 2] & 0xFE == 0xA8
                position += length
                if isSeparator { return }
            }
        case .star:
            position += 2
            while position < bytes.count {
                if bytes[position] == .star, position + 1 < bytes.count,
                    bytes[position + 1] == .slash
                {
                    position += 2
                    return
                }
                position += try scalarLength()
            }
            throw fail(.unterminatedComment, at: start)
        default:
            throw fail(.unexpectedCharacter(expected: "a comment"), at: position)
        }
    }

    private func scalarLength() throws(JSONError) -> Int {
        let length = utf8Length(bytes, at: position)
        guard length > 0 else { throw fail(.invalidUTF8, at: position) }
        return length
    }

    mutating func take(_ byte: UInt8, _ expected: String) throws(JSONError) {
        guard position < bytes.count else { throw fail(.unexpectedEnd, at: position) }
        guard bytes[position] == byte else {
            throw fail(.unexpectedCharacter(expected: expected), at: position)
        }
        position += 1
    }

    mutating func takeWord(_ word: StaticString) throws(JSONError) {
        let end = position + word.utf8CodeUnitCount
        for i in 0..<word.utf8CodeUnitCount {
            guard position + i < bytes.count else { throw fail(.unexpectedEnd, at: bytes.count) }
            guard bytes[position + i] == word.utf8Start[i] else {
                throw fail(.unexpectedCharacter(expected: "a value"), at: position)
            }
        }
        if end < bytes.count, bytes[end].isWordByte {
            throw fail(.unexpectedCharacter(expected: "a value"), at: position)
        }
        position = end
    }

    // MARK: Strings

    /// Checks the string at `position` and steps over it.
    mutating func scanString() throws(JSONError) -> StringToken {
        let start = position + 1
        var at = start
        var count = 0
        var hasEscapes = false
        while at < bytes.count {
            let byte = bytes[at]
            if byte == .quote {
                position = at + 1
                return StringToken(
                    start: start, end: at, decodedCount: count, hasEscapes: hasEscapes)
            }
            if byte == .backslash {
                hasEscapes = true
                let escape = try escape(at: at)
                at += escape.length
                count += UTF8.width(escape.scalar)
            } else if byte < 0x20 {
                throw fail(.controlCharacter, at: at)
            } else {
                let length = utf8Length(bytes, at: at)
                guard length > 0 else { throw fail(.invalidUTF8, at: at) }
                at += length
                count += length
            }
            guard count <= limits.stringLength else {
                throw fail(.stringTooLong(limit: limits.stringLength), at: position)
            }
        }
        throw fail(.unexpectedEnd, at: bytes.count)
    }

    /// The escape at `at` (a backslash): its length and what it stands for.
    private func escape(at: Int) throws(JSONError) -> (length: Int, scalar: Unicode.Scalar) {
        guard at + 1 < bytes.count else { throw fail(.unexpectedEnd, at: bytes.count) }
        switch bytes[at + 1] {
        case .quote, .backslash, .slash: return (2, Unicode.Scalar(bytes[at + 1]))
        case UInt8(ascii: "b"): return (2, "\u{8}")
        case UInt8(ascii: "f"): return (2, "\u{C}")
        case UInt8(ascii: "n"): return (2, "\n")
        case UInt8(ascii: "r"): return (2, "\r")
        case UInt8(ascii: "t"): return (2, "\t")
        case UInt8(ascii: "u"):
            let unit = try hexUnit(at: at + 2, from: at)
            if let scalar = Unicode.Scalar(unit) { return (6, scalar) }
            guard unit < 0xDC00, at + 7 < bytes.count, bytes[at + 6] == .backslash,
                bytes[at + 7] == UInt8(ascii: "u")
            else { throw fail(.loneSurrogate, at: at) }
            let low = try hexUnit(at: at + 8, from: at + 6)
            guard 0xDC00...0xDFFF ~= low,
                let scalar = Unicode.Scalar(
                    0x10000 + (UInt32(unit & 0x3FF) << 10 | UInt32(low & 0x3FF)))
            else { throw fail(.loneSurrogate, at: at) }
            return (12, scalar)
        default: throw fail(.invalidEscape, at: at)
        }
    }

    private func hexUnit(at: Int, from escape: Int) throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        for i in at..<at + 4 {
            guard i < bytes.count else { throw fail(.unexpectedEnd, at: bytes.count) }
            let digit: UInt8
            switch bytes[i] {
            case 0x30...0x39: digit = bytes[i] - 0x30
            case 0x41...0x46: digit = bytes[i] - 0x41 + 10
            case 0x61...0x66: digit = bytes[i] - 0x61 + 10
            default: throw fail(.invalidEscape, at: escape)
            }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }

    /// Hands over the string's bytes of UTF-8 one by one, escapes resolved.
    func eachByte(of text: StringToken, _ body: (UInt8) -> Void) {
        var at = text.start
        while at < text.end {
            if bytes[at] == .backslash, let escape = try? escape(at: at) {
                UTF8.encode(escape.scalar)?.forEach(body)
                at += escape.length
            } else {
                body(bytes[at])
                at += 1
            }
        }
    }

    /// Writes the string's UTF-8 into `target`, which has room for all of it.
    func decode(_ text: StringToken, into target: UnsafeMutableRawBufferPointer) -> Int {
        let room = min(target.count, text.decodedCount)
        var written = 0
        eachByte(of: text) { byte in
            if written < room {
                target[written] = byte
                written += 1
            }
        }
        return written
    }

    func decoded(_ text: StringToken) -> String {
        guard text.hasEscapes else {
            return String(decoding: bytes[text.start..<text.end], as: UTF8.self)
        }
        return String(unsafeUninitializedCapacity: text.decodedCount) {
            decode(text, into: UnsafeMutableRawBufferPointer($0))
        }
    }

    // MARK: Numbers

    /// Checks the number at `position` (RFC 8259 section 6) and steps over it.
    mutating func scanNumber() throws(JSONError) -> NumberToken {
        let start = position
        var at = start
        var isWhole = true
        func digits() -> Int {
            let first = at
            while at < bytes.count, bytes[at].isDigit { at += 1 }
            return at - first
        }
        if bytes[at] == .minus { at += 1 }
        let first = at
        let whole = digits()
        guard whole == 1 || whole > 1 && bytes[first] != 0x30 else {
            throw fail(at == bytes.count && whole == 0 ? .unexpectedEnd : .invalidNumber, at: start)
        }
        if at < bytes.count, bytes[at] == UInt8(ascii: ".") {
            isWhole = false
            at += 1
            guard digits() > 0 else { throw fail(.invalidNumber, at: start) }
        }
        if at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") {
            isWhole = false
            at += 1
            if at < bytes.count, bytes[at] == .minus || bytes[at] == UInt8(ascii: "+") { at += 1 }
            guard digits() > 0 else { throw fail(.invalidNumber, at: start) }
        }
        if at < bytes.count, bytes[at].isWordByte { throw fail(.invalidNumber, at: start) }
        guard at - start <= JSONLimits.numberLength else {
            throw fail(.numberTooLong(limit: JSONLimits.numberLength), at: start)
        }
        position = at
        return NumberToken(start: start, end: at, isWhole: isWhole)
    }

    /// The whole number, or nil beyond Int64.
    func wholeNumber(_ number: NumberToken) -> Int64? {
        let isNegative = bytes[number.start] == .minus
        var value: Int64 = 0
        for byte in bytes[(number.start + (isNegative ? 1 : 0))..<number.end] {
            // Downwards, since Int64.min has no positive twin.
            let (shifted, tooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflow) = shifted.subtractingReportingOverflow(Int64(byte & 0x0F))
            if tooLarge || overflow { return nil }
            value = sum
        }
        if isNegative { return value }
        let (positive, overflow) = Int64(0).subtractingReportingOverflow(value)
        return overflow ? nil : positive
    }

    func floating(_ number: NumberToken) throws(JSONError) -> Double {
        let text = String(decoding: bytes[number.start..<number.end], as: UTF8.self)
        guard let value = Double(text) else { throw fail(.invalidNumber, at: number.start) }
        guard value.isFinite else { throw fail(.numberOutOfRange, at: number.start) }
        return value
    }
}
