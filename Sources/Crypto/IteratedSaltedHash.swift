import Secrets

/// A code hashed many times over with a salt: OpenPGP's iterated and salted string-to-key
/// (RFC 9580, 3.7.1.3), as far as one hash is all that is wanted.
package struct IteratedSaltedHash: Equatable, Sendable {
    /// Bytes in a salt.
    package static var saltLength: Int { 8 }

    /// The most bytes that are hashed for one code: what the largest count an OpenPGP message can
    /// write comes to.
    package static var largestCount: Int { 65_011_712 }

    package let digest: Digest
    package let salt: [UInt8]
    /// How many bytes are hashed: the number itself, not a message's one byte for it.
    package let count: Int

    /// - Throws: `.wrongLength` for a salt that is not eight bytes; `.tooLarge` for more work than
    ///   `largestCount`; `.malformed` for a count below zero.
    package init(digest: Digest, salt: [UInt8], count: Int) throws(CryptoError) {
        guard salt.count == Self.saltLength else {
            throw CryptoError(
                .wrongLength(expected: Self.saltLength, got: salt.count), "the salt of a code")
        }
        guard count >= 0 else { throw CryptoError(.malformed, "\(count) bytes to hash") }
        guard count <= Self.largestCount else {
            throw CryptoError(
                .tooLarge(limit: Self.largestCount), "\(count) bytes to hash for one code")
        }
        self.digest = digest
        self.salt = salt
        self.count = count
    }

    /// Salt and code, over and over, until `count` bytes are hashed; at least once whole.
    ///
    /// The hash opens what the code opens, so it is a secret too. Nothing of either is left
    /// outside locked memory.
    ///
    /// - Throws: `.noLockedMemory`, `.library`.
    package func hash(_ code: borrowing Secret) throws(CryptoError) -> Secret {
        let work = try Work(for: self)
        work.lay(salt, code)
        try work.hash(max(count, salt.count + code.count), by: digest)
        return try work.sealed()
    }
}

/// The memory of one hash. A class: Swift 6.0's optimiser does not compile values that cannot
/// be copied where calls that throw stand between their uses.
private final class Work {
    /// Bytes hashed in one call, about.
    private static let stride = 4096

    /// As many whole repetitions of salt and code as fit.
    private var repetitions: LockedBuffer
    private var result: LockedBuffer

    init(for hash: IteratedSaltedHash) throws(CryptoError) {
        repetitions = try Work.room(Self.stride)
        result = try Work.room(hash.digest.length)
    }

    private static func room(_ capacity: Int) throws(CryptoError) -> LockedBuffer {
        do throws(SecretError) {
            return try LockedBuffer(capacity: capacity)
        } catch {
            throw CryptoError(.noLockedMemory, "\(error)")
        }
    }

    func lay(_ salt: [UInt8], _ code: borrowing Secret) {
        let unit = salt.count + code.count
        while unit <= repetitions.capacity - repetitions.count {
            for byte in salt { _ = repetitions.append(byte) }
            _ = code.withBytes { repetitions.append(contentsOf: $0) }
        }
    }

    func hash(_ count: Int, by digest: Digest) throws(CryptoError) {
        let state = try OpenSSL.DigestState(digest)
        defer { OpenSSL.wipeStack() }
        try repetitions.withBytes { (bytes) throws(CryptoError) in
            var left = count
            while left > 0 {
                let now = min(left, bytes.count)
                try state.update(UnsafeRawBufferPointer(rebasing: bytes[..<now]))
                left -= now
            }
        }
        _ = try result.fill { (room) throws(CryptoError) in try state.finish(into: room) }
    }

    func sealed() throws(CryptoError) -> Secret {
        try result.withBytes { (bytes) throws(CryptoError) in
            do throws(SecretError) {
                return try Secret(copying: bytes)
            } catch {
                throw CryptoError(.noLockedMemory, "\(error)")
            }
        }
    }
}
