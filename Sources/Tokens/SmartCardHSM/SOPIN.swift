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
        bytes = try HexCode.bytes(digits, rule: Self.rule)
    }

    /// The eight bytes with a user PIN behind them, as RESET RETRY COUNTER takes both.
    func followed(by pin: borrowing Secret) throws(CodeUnfit) -> Secret {
        var buffer = try CodeEncoding.room(bytes.count + pin.count)
        _ = bytes.withBytes { buffer.append(contentsOf: $0) }
        _ = pin.withBytes { buffer.append(contentsOf: $0) }
        return try CodeEncoding.sealed(buffer)
    }
}
