import Crypto

/// EMSA-PSS with MGF1 of the same hash and a salt as long as it (RFC 8017, 9.1.1).
enum PSS {
    /// - Parameter length: bytes of the modulus, whose first bit is set.
    static func encode(
        _ hash: [UInt8], _ digest: Digest, length: Int
    ) throws(CryptoError) -> [UInt8] {
        guard length >= 2 * digest.length + 2, hash.count == digest.length else {
            throw CryptoError(
                .wrongLength(expected: digest.length, got: hash.count), "a hash to pad")
        }
        let salt = try SecureRandom.bytes(digest.length)
        let seal = try digest.hash([UInt8](repeating: 0, count: 8) + hash + salt)
        let fill = [UInt8](repeating: 0, count: length - salt.count - seal.count - 2)
        let mask = try mask(seal, digest, length: length - seal.count - 1)
        var data = zip(fill + [1] + salt, mask).map { $0 ^ $1 }
        // The block is a bit shorter than the modulus.
        data[0] &= 0x7F
        return data + seal + [0xBC]
    }

    /// MGF1 (appendix B.2.1).
    private static func mask(
        _ seed: [UInt8], _ digest: Digest, length: Int
    ) throws(CryptoError) -> [UInt8] {
        var mask: [UInt8] = []
        var counter: UInt8 = 0
        while mask.count < length {
            mask += try digest.hash(seed + [0, 0, 0, counter])
            counter += 1
        }
        return Array(mask.prefix(length))
    }
}
