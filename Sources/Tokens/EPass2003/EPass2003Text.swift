import Crypto
import Secrets

/// Why a protected command could not be made, or its answer not be taken.
enum EPass2003Failure: Error, Equatable {
    case noLockedMemory
    case noCipher
    /// The answer is not what secure messaging makes of one.
    case malformed
    /// Nobody who has the session's keys made the answer.
    case macWrong
}

/// Bytes in locked memory that are enciphered and put together. A class: Swift 6.0's optimiser
/// does not compile values that cannot be copied where calls that throw stand between their uses.
final class EPass2003Text {
    private(set) var buffer: LockedBuffer

    /// The longest command with its protection, and a block of padding more.
    static let capacity = 320

    init(_ bytes: [UInt8] = []) throws(EPass2003Failure) {
        do throws(SecretError) {
            buffer = try LockedBuffer(capacity: Self.capacity)
        } catch {
            throw .noLockedMemory
        }
        append(bytes)
    }

    var count: Int { buffer.count }
    var isEmpty: Bool { buffer.count == 0 }
    /// For what is no secret: MACs, cryptograms, data that a card shows to everybody.
    var bytes: [UInt8] { buffer.withBytes { Array($0) } }

    func append(_ bytes: [UInt8]) { for byte in bytes { _ = buffer.append(byte) } }

    func append(_ other: EPass2003Text) {
        other.buffer.withBytes { _ = buffer.append(contentsOf: $0) }
    }

    func append(_ secret: borrowing Secret) {
        secret.withBytes { _ = buffer.append(contentsOf: $0) }
    }

    /// 80 and zeros to whole blocks (ISO 9797-1, method 2).
    func pad(to block: Int) {
        append([0x80])
        while buffer.count % block != 0 { append([0]) }
    }

    /// Takes the padding off; false where there is none.
    func unpad() -> Bool {
        let end = buffer.withBytes { bytes in
            bytes.lastIndex { $0 != 0 }.flatMap { bytes[$0] == 0x80 ? $0 : nil }
        }
        guard let end else { return false }
        while buffer.count > end { buffer.removeLast() }
        return true
    }

    /// Another text with a part of this one.
    func part(_ range: Range<Int>) throws(EPass2003Failure) -> EPass2003Text {
        let other = try EPass2003Text()
        buffer.withBytes { bytes in
            let range = range.clamped(to: 0..<bytes.count)
            _ = other.buffer.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[range]))
        }
        return other
    }

    func enciphered(
        by cipher: BlockCipher, _ key: HeldSecret, _ mode: CipherMode
    ) throws(EPass2003Failure) -> EPass2003Text {
        let other = try EPass2003Text()
        do throws(CryptoError) {
            try cipher.encrypt(buffer, key: key.secret, mode: mode, into: &other.buffer)
        } catch {
            throw .noCipher
        }
        return other
    }

    func deciphered(
        by cipher: BlockCipher, _ key: HeldSecret, _ mode: CipherMode
    ) throws(EPass2003Failure) -> EPass2003Text {
        let other = try EPass2003Text()
        do throws(CryptoError) {
            try cipher.decrypt(buffer, key: key.secret, mode: mode, into: &other.buffer)
        } catch {
            throw .noCipher
        }
        return other
    }

    /// Adds the hash of a code.
    func append(
        hash digest: Digest, of code: borrowing Secret
    ) throws(EPass2003Failure) {
        do throws(CryptoError) { try digest.hash(code, into: &buffer) } catch { throw .noCipher }
    }

    /// The same bytes as a key.
    func sealed() throws(EPass2003Failure) -> HeldSecret {
        let result = buffer.withBytes { bytes -> Result<HeldSecret, EPass2003Failure> in
            do throws(SecretError) {
                return .success(HeldSecret(try Secret(copying: bytes)))
            } catch {
                return .failure(.noLockedMemory)
            }
        }
        return try result.get()
    }
}
