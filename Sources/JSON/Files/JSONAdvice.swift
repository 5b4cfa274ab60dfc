// What to write instead of a slip in a file that people write: found out only once there is one.

extension JSONReader {
    /// - Parameter offset: where the error is told; `position` is where reading stopped.
    func advice(on code: JSONError.Code, at offset: Int) -> String? {
        switch code {
        case .unexpectedCharacter, .invalidUTF8, .controlCharacter:
            if isUTF16 { return "the file is UTF-16; " + Self.saving }
        default: break
        }
        switch code {
        case .unexpectedCharacter(let expected): return advice(expecting: expected)
        case .unexpectedEnd: return adviceAtEnd
        case .invalidUTF8:
            return Self.saving + "; older Vietnamese encodings (TCVN3, VNI) are not read"
        case .byteOrderMark: return Self.saving
        case .controlCharacter:
            let isLine = bytes[offset] == .lineFeed || bytes[offset] == .carriageReturn
            guard isLine else { return "write \\t for a tab" }
            let hasCurly = (position..<offset).contains { curlyQuote(at: $0) }
            return "write a straight \" at its end" + (hasCurly ? ", not “ or ”" : "")
        case .invalidEscape: return "write a backslash itself twice, \\\\"
        case .loneSurrogate: return "write the character itself"
        case .invalidNumber:
            return "write 12, -3 or 0.5, with no zero in front; dates and other texts stand in "
                + "double quotes"
        case .duplicateKey: return "take one of the two away"
        case .trailingData:
            return strange(at: position) ?? "take it away, or the bracket too many before it"
        case .unterminatedComment: return "write */ at its end"
        default: return nil
        }
    }

    /// What is told instead of its first odd byte where a file is no text at all.
    func otherProgramsFile(_ code: JSONError.Code) -> JSONError? {
        switch code {
        case .unexpectedCharacter, .invalidUTF8, .controlCharacter, .invalidNumber: break
        default: return nil
        }
        guard let file = ForeignFile(bytes) else { return nil }
        return JSONError(
            code: .invalid(
                "the file is \(file.name), not text: begin from the one that was shipped, in a "
                    + "text editor"),
            line: 1, column: 1, path: "")
    }

    /// Whether the next member follows with no comma before it.
    var lacksComma: Bool {
        guard position < bytes.count else { return false }
        switch bytes[position] {
        case .quote, .openBrace, .openBracket, .minus, 0x30...0x39, 0x41...0x5A, 0x61...0x7A:
            return true
        default: return false
        }
    }

    private static var saving: String { "save it as UTF-8 (without a mark at its beginning)" }

    private var isUTF16: Bool {
        guard bytes.count >= 2 else { return false }
        switch (bytes[0], bytes[1]) {
        case (0xFF, 0xFE), (0xFE, 0xFF), (0, 1...), (1..., 0): return true
        default: return false
        }
    }

    private func advice(expecting expected: String) -> String? {
        guard position < bytes.count else { return nil }
        if let strange = strange(at: position) { return strange }
        let byte = bytes[position]
        switch expected {
        case "a comment": return "a comment begins with // or stands between /* and */"
        case "':'": return "write a colon between a key and its value"
        case "a key in double quotes":
            return byte == .comma ? "one comma too many" : "write it as \"key\": value"
        case "a value":
            switch byte {
            case .comma: return "one comma too many, or a value left out"
            case .closeBrace, .closeBracket: return "a value is left out before it"
            default: return word
            }
        default:
            if lacksComma { return "write a comma here, before what follows" }
            return frames.last?.isObject == true
                ? "the object that is open ends with }" : "the list that is open ends with ]"
        }
    }

    /// For another language's true and false.
    private var word: String? {
        let letters = bytes[position...].prefix(8).prefix { $0 | 0x20 >= 0x61 && $0.isWordByte }
        switch String(decoding: letters, as: UTF8.self).lowercased() {
        case "true", "yes", "on": return "write true"
        case "false", "no", "off": return "write false"
        default: return nil
        }
    }

    private var adviceAtEnd: String? {
        if position < bytes.count, bytes[position] == .quote {
            return "write a straight \" at the end of its last text"
        }
        guard !frames.isEmpty else { return state == .done ? nil : "nothing stands in it" }
        let missing = frames.reversed().map { $0.isObject ? "}" : "]" }
        return "write what it lacks at its end, " + missing.joined(separator: " ")
    }

    /// Of characters that other forms of text have in this place.
    private func strange(at offset: Int) -> String? {
        if curlyQuote(at: offset) { return "write straight quotes, \", not “ or ”" }
        switch bytes[offset] {
        case UInt8(ascii: "'"): return "write straight double quotes, \", not '"
        case UInt8(ascii: "#"): return "a comment begins with //, not with #"
        case 0xC2 where offset + 1 < bytes.count && bytes[offset + 1] == 0xA0:
            return "write a plain space, not a no-break one"
        default: return nil
        }
    }

    /// U+2018 to U+201F, « or ».
    private func curlyQuote(at offset: Int) -> Bool {
        guard offset + 1 < bytes.count else { return false }
        switch (bytes[offset], bytes[offset + 1]) {
        case (0xC2, 0xAB), (0xC2, 0xBB): return true
        case (0xE2, 0x80):
            return offset + 2 < bytes.count && (0x98...0x9F).contains(bytes[offset + 2])
        default: return false
        }
    }
}
