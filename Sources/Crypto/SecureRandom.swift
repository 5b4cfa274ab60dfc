/// Random bytes for challenges, salts, serial numbers and keys.
package enum SecureRandom {
    /// `count` bytes from libcrypto's generator, which the kernel seeds.
    ///
    /// - Throws: `.noRandomness`; never weaker bytes instead.
    package static func bytes(_ count: Int) throws(CryptoError) -> [UInt8] {
        try OpenSSL.randomBytes(count)
    }
}
