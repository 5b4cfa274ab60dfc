import Secrets

/// Codes that are bytes on the card and hexadecimal digits in writing.
enum HexCode {
    /// The bytes of digits that keep `rule`.
    ///
    /// - Throws: `.tooShort`, `.tooLong`, `.notHex`, `.noLockedMemory`.
    static func bytes(_ digits: borrowing Secret, rule: CodeRule) throws(CodeUnfit) -> Secret {
        try rule.check(digits)
        var buffer = try CodeEncoding.room(digits.count / 2)
        digits.withBytes { typed in
            for place in stride(from: 0, to: typed.count - 1, by: 2) {
                _ = buffer.append(value(typed[place]) << 4 | value(typed[place + 1]))
            }
        }
        return try CodeEncoding.sealed(buffer)
    }

    /// Of a digit that the rule let pass.
    private static func value(_ digit: UInt8) -> UInt8 {
        // Letters of either case have 40 set, and 1 to 6 in their low half.
        (digit & 0x0F) &+ (digit & 0x40 == 0 ? 0 : 9)
    }
}
