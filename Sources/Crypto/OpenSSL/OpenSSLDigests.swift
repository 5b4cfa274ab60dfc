import COpenSSL
import Secrets

extension OpenSSL {
    static func method(_ digest: Digest) -> OpaquePointer? {
        switch digest {
        case .sha1: methods.sha1
        case .sha256: methods.sha256
        case .sha384: methods.sha384
        case .sha512: methods.sha512
        }
    }

    private static let methods = Methods()

    /// Fetched once: to look one up by its name costs as much as to hash a line. Where a
    /// configuration takes one away, what stands in its place fails when it is used.
    private struct Methods: @unchecked Sendable {
        // They are never changed or freed, and libcrypto has them for all threads.
        let sha1 = EVP_MD_fetch(nil, "SHA1", nil) ?? EVP_sha1()
        let sha256 = EVP_MD_fetch(nil, "SHA256", nil) ?? EVP_sha256()
        let sha384 = EVP_MD_fetch(nil, "SHA384", nil) ?? EVP_sha384()
        let sha512 = EVP_MD_fetch(nil, "SHA512", nil) ?? EVP_sha512()
    }

    static func digest(
        _ digest: Digest, _ bytes: UnsafeRawBufferPointer
    ) throws(CryptoError) -> [UInt8] {
        var out = [UInt8](repeating: 0, count: digest.length)
        let done = EVP_Digest(bytes.baseAddress, bytes.count, &out, nil, method(digest), nil)
        guard done == 1 else { throw failure("hashing with \(digest)") }
        return out
    }

    struct DigestState: ~Copyable {
        private let context: OpaquePointer
        private let digest: Digest

        init(_ digest: Digest) throws(CryptoError) {
            guard let context = EVP_MD_CTX_new() else { throw failure("a hash state") }
            guard EVP_DigestInit_ex(context, method(digest), nil) == 1 else {
                EVP_MD_CTX_free(context)
                throw failure("hashing with \(digest)")
            }
            self.context = context
            self.digest = digest
        }

        func update(_ bytes: UnsafeRawBufferPointer) throws(CryptoError) {
            guard EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1 else {
                throw failure("hashing with \(digest)")
            }
        }

        func finish() throws(CryptoError) -> [UInt8] {
            var out = [UInt8](repeating: 0, count: digest.length)
            guard EVP_DigestFinal_ex(context, &out, nil) == 1 else {
                throw failure("hashing with \(digest)")
            }
            return out
        }

        /// The hash into the caller's memory; how many bytes it has.
        func finish(into room: UnsafeMutableRawBufferPointer) throws(CryptoError) -> Int {
            guard room.count >= digest.length else {
                throw CryptoError(
                    .wrongLength(expected: digest.length, got: room.count), "room for a hash")
            }
            let out = room.assumingMemoryBound(to: UInt8.self).baseAddress
            guard EVP_DigestFinal_ex(context, out, nil) == 1 else {
                throw failure("hashing with \(digest)")
            }
            return digest.length
        }

        /// Begins anew with the same hash function.
        func restart() throws(CryptoError) {
            guard EVP_DigestInit_ex(context, nil, nil) == 1 else {
                throw failure("hashing with \(digest)")
            }
        }

        deinit { EVP_MD_CTX_free(context) }
    }

    /// Zeroes the stack below the caller: hash functions leave words of what they hashed there.
    /// What they hold elsewhere OpenSSL zeroes by itself.
    static func wipeStack() { ts_openssl_wipe_stack() }

    /// scrypt (RFC 7914). libcrypto zeroes its working memory by itself.
    static func scrypt(
        _ password: borrowing Secret, _ salt: [UInt8], _ cost: PasswordHash.Cost, length: Int
    ) throws(CryptoError) -> [UInt8] {
        var hash = [UInt8](repeating: 0, count: length)
        defer { wipeStack() }
        let done = password.withBytes { bytes in
            EVP_PBE_scrypt(
                bytes.assumingMemoryBound(to: CChar.self).baseAddress, bytes.count, salt,
                salt.count, UInt64(1) << UInt64(cost.logN), UInt64(cost.r), UInt64(cost.p),
                // Room for the blocks beside the large table too.
                UInt64(2 * PasswordHash.Cost.mostMemory), &hash, length)
        }
        guard done == 1 else { throw failure("hashing a password") }
        return hash
    }
}
