import Crypto
import Secrets

/// The administrator's key of a GIDS card: 48 hexadecimal digits in writing, 24 bytes of 3DES.
///
/// There is no way to make one of the characters themselves.
final class GIDSAdministratorKey {
    static let rule = CodeRule(48...48, .hex)

    /// Each side's random bytes.
    static let challengeLength = 16
    /// A share of a session key that nobody uses, ended by 80.
    private static let shareLength = 7
    static let proofLength = 2 * challengeLength + shareLength + 1

    private let key: Secret

    /// - Throws: `.tooShort`, `.tooLong`, `.notHex`, `.noLockedMemory`.
    init(digits: borrowing Secret) throws(CodeUnfit) {
        key = try HexCode.bytes(digits, rule: Self.rule)
    }

    /// What proves to the card that the host has the key: R2 ‖ R1 ‖ Z1 ‖ 80 in CBC (GIDS 2.0,
    /// 7.4.5; the order is that of the cards, not of the text).
    func proof(host: [UInt8], card: [UInt8]) throws(CodeUnfit) -> [UInt8] {
        let share: [UInt8]
        do throws(CryptoError) { share = try SecureRandom.bytes(Self.shareLength) } catch {
            throw .noLockedMemory
        }
        var clear = try CodeEncoding.room(Self.proofLength)
        for byte in card + host + share + [0x80] { _ = clear.append(byte) }
        var proof = try CodeEncoding.room(Self.proofLength)
        do throws(CryptoError) {
            try BlockCipher.tripleDES.encrypt(clear, key: key, mode: Self.mode, into: &proof)
        } catch {
            throw .noLockedMemory
        }
        return proof.withBytes { Array($0) }
    }

    /// Whether the card has proven that it has the key: R1 ‖ R2 ‖ Z2 ‖ 80.
    func isProven(by proof: [UInt8], host: [UInt8], card: [UInt8]) throws(CodeUnfit) -> Bool {
        guard proof.count == Self.proofLength else { return false }
        var enciphered = try CodeEncoding.room(Self.proofLength)
        for byte in proof { _ = enciphered.append(byte) }
        var clear = try CodeEncoding.room(Self.proofLength)
        do throws(CryptoError) {
            try BlockCipher.tripleDES.decrypt(enciphered, key: key, mode: Self.mode, into: &clear)
        } catch {
            return false
        }
        let both = host + card
        return clear.withBytes { clear in
            guard clear.count == Self.proofLength else { return false }
            let isSame = both.withUnsafeBytes {
                ConstantTime.areEqual($0, UnsafeRawBufferPointer(rebasing: clear[..<both.count]))
            }
            return isSame && clear[Self.proofLength - 1] == 0x80
        }
    }

    private static let mode = CipherMode.cbc(vector: [UInt8](repeating: 0, count: 8))
}
