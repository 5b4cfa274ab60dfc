import Secrets

/// A SmartCard-HSM's SO-PIN: sixteen hexadecimal digits in writing, eight bytes on the card.
///
/// There is no way to make one of the characters themselves: sent so, the right code is a
/// wrong one, and fifteen of them lose the device for ever.
final class SOPIN {
    static let rule = CodeRule(16...16, .hex)

    /// The eight bytes.
    let bytes: Secret

    /// - Throws: `.tooShort`, `.tooLong`, `.notHex`, `.noLockedMemory`.
    init(digits: borrowing Secret) throws(CodeUnfit) {
        bytes = try Self.decoded(digits)
    }

    /// The eight bytes with a user PIN behind them, as RESET RETRY COUNTER takes both.
    func followed(by pin: borrowing Secret) throws(CodeUnfit) -> Secret {
        var buffer = try Self.room(bytes.count + pin.count)
        _ = bytes.withBytes { buffer.append(contentsOf: $0) }
        _ = pin.withBytes { buffer.append(contentsOf: $0) }
        return try Self.sealed(buffer)
    }

    private static func decoded(_ digits: borrowing Secret) throws(CodeUnfit) -> Secret {
        try rule.check(digits)
        var buffer = try room(digits.count / 2)
        digits.withBytes { typed in
            for place in stride(from: 0, to: typed.count - 1, by: 2) {
                _ = buffer.append(value(typed[place]) << 4 | value(typed[place + 1]))
            }
        }
        return try sealed(buffer)
    }

    /// Of a digit that the rule let pass.
    private static func value(_ digit: UInt8) -> UInt8 {
        // Letters of either case have 40 set, and 1 to 6 in their low half.
        (digit & 0x0F) &+ (digit & 0x40 == 0 ? 0 : 9)
    }

    private static func room(_ count: Int) throws(CodeUnfit) -> LockedBuffer {
        do throws(SecretError) {
            return try LockedBuffer(capacity: count)
        } catch {
            throw .noLockedMemory
        }
    }

    private static func sealed(_ buffer: consuming LockedBuffer) throws(CodeUnfit) -> Secret {
        do throws(SecretError) {
            return try Secret(buffer)
        } catch {
            throw .tooLong
        }
    }
}
