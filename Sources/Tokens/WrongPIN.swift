import Crypto
import Secrets

/// A PIN that is sent to be refused.
///
/// Before the first answer that it is wrong is a matter of chance, one in a million at the worst:
/// it is drawn at random from the PINs that the rule allows, and is none of those somebody named.
/// After one refusal it is proven wrong, so the same goes out again.
package enum WrongPIN {
    /// Digits, which every PIN's rule allows, as many as are usual.
    private static let usual = 8

    /// - Parameter others: PINs it must not be.
    /// - Throws: `.tooShort` where the rule leaves too few PINs to draw one, `.noLockedMemory`.
    package static func draw(
        _ rule: CodeRule, besides others: [HeldSecret]
    ) throws(CodeUnfit) -> HeldSecret {
        let length = min(max(rule.minimum, usual), rule.maximum)
        guard length >= 6 else { throw .tooShort }
        while true {
            let drawn = HeldSecret(try digits(length))
            guard !PublishedDefaults.contains(drawn.secret),
                !others.contains(where: { $0.secret.matches(drawn.secret) })
            else { continue }
            return drawn
        }
    }

    private static func digits(_ count: Int) throws(CodeUnfit) -> Secret {
        var buffer = try CodeEncoding.room(count)
        while buffer.count < count {
            guard let byte = try? SecureRandom.bytes(1).first else { throw .noLockedMemory }
            // Of 256 bytes 250 give each digit as often as any other.
            if byte < 250 { _ = buffer.append(0x30 + byte % 10) }
        }
        return try CodeEncoding.sealed(buffer)
    }
}
