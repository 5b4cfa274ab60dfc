import Crypto

/// The fingerprint by which OpenPGP knows a key (RFC 4880, 12.2; RFC 6637, 9 for curves). The
/// card is told it and never makes it.
enum OpenPGPFingerprint {
    /// - Parameter made: Unix seconds.
    static func of(
        _ key: PublicKey, _ slot: OpenPGPSlot, made: UInt32
    ) throws(CryptoError) -> [UInt8] {
        var body: [UInt8] = [4] + bytes(of: made)
        if case .rsa = key.algorithm {
            let numbers = try key.rsaNumbers()
            body += [1] + integer(numbers.modulus) + integer(numbers.exponent)
        } else {
            let curve = Array(OpenPGPAlgorithm.attributes(.p256, slot).dropFirst())
            body += [slot == .decrypt ? 18 : 19, UInt8(truncatingIfNeeded: curve.count)] + curve
            body += integer(try key.point())
            // ECDH: derivation by SHA-256, wrapped by AES-128.
            if slot == .decrypt { body += [3, 1, 8, 7] }
        }
        let length = [body.count >> 8, body.count].map { UInt8(truncatingIfNeeded: $0) }
        return try Digest.sha1.hash([0x99] + length + body)
    }

    /// Four bytes, big-endian.
    static func bytes(of number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> UInt32($0)) }
    }

    /// A multiprecision integer: its bits, then its bytes.
    private static func integer(_ number: [UInt8]) -> [UInt8] {
        let digits = Array(number.drop { $0 == 0 })
        let bits = digits.count * 8 - (digits.first?.leadingZeroBitCount ?? 0)
        return [UInt8(truncatingIfNeeded: bits >> 8), UInt8(truncatingIfNeeded: bits)] + digits
    }
}
