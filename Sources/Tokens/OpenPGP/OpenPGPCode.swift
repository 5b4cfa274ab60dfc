import APDU
import Crypto
import Secrets

/// PW1, resetting code and PW3 in the form a card takes them: as they were typed, or hashed
/// where it has a KDF-DO (OpenPGP card 3.4, 4.3.2).
enum OpenPGPCode {
    /// What is sent for one code.
    static func encoded(
        _ code: borrowing Secret, _ which: OpenPGPKeyDerivation.Code,
        _ derivation: OpenPGPKeyDerivation
    ) throws(CodeUnfit) -> Secret {
        guard let hash = derivation.hash(which) else { return try copy(code) }
        do throws(CryptoError) {
            return try hash.hash(code)
        } catch {
            throw .noLockedMemory
        }
    }

    /// Resetting code and new PW1, one behind the other: the card knows the length of its own
    /// (7.2.4).
    static func pair(
        resettingCode: borrowing Secret, newPW1: borrowing Secret,
        _ derivation: OpenPGPKeyDerivation
    ) throws(CodeUnfit) -> Secret {
        let first = try encoded(resettingCode, .resettingCode, derivation)
        let second = try encoded(newPW1, .pw1, derivation)
        return try joined(first, second)
    }

    /// One behind the other. In steps of their own: Swift 6.0's optimiser does not compile a
    /// buffer that lives across calls that throw.
    private static func joined(
        _ first: borrowing Secret, _ second: borrowing Secret
    ) throws(CodeUnfit) -> Secret {
        var buffer = try CodeEncoding.room(first.count + second.count)
        _ = first.withBytes { buffer.append(contentsOf: $0) }
        _ = second.withBytes { buffer.append(contentsOf: $0) }
        return try CodeEncoding.sealed(buffer)
    }

    private static func copy(_ code: borrowing Secret) throws(CodeUnfit) -> Secret {
        var buffer = try CodeEncoding.room(code.count)
        _ = code.withBytes { buffer.append(contentsOf: $0) }
        return try CodeEncoding.sealed(buffer)
    }

    /// VERIFY with a code of as many bytes as were typed. The resetting code and a new PW1
    /// stand side by side without a length, which no pad's command can say.
    static func padEntries(reference: UInt8, _ rule: CodeRule) -> PadEntries {
        let longest = 15
        guard rule.minimum <= longest else { return .none }
        do throws(PINPadError) {
            let format = try PINFormat(
                .ascii,
                digits: UInt8(clamping: rule.minimum)...UInt8(clamping: min(rule.maximum, longest)))
            let template = try PINTemplate(
                CommandHeader(ins: 0x20, p1: 0, p2: reference), count: 0)
            return PadEntries(
                verify: .verify(try PINVerification(format, in: template)), unblock: nil)
        } catch {
            return .none
        }
    }
}
