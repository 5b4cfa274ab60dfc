/// What a token is given to sign, where the token does the bare private-key operation.
package enum SignatureInput {
    /// The block for `message` under `scheme`: for RSA the EMSA-PKCS1-v1_5 encoding (RFC 8017,
    /// 9.2), as long as the modulus; for ECDSA the hash, cut on the right to the curve's size
    /// (FIPS 186-4, 6.4); for Ed25519 the message.
    ///
    /// - Throws: `.unsupported` when key and scheme do not go together.
    package static func block(
        for message: [UInt8], key: KeyAlgorithm, scheme: SignatureScheme
    ) throws(CryptoError) -> [UInt8] {
        guard scheme.fits(key) else {
            throw CryptoError(.unsupported, "a \(key) key makes no \(scheme) signature")
        }
        guard let digest = scheme.digest else { return message }
        let hash = try digest.hash(message)
        switch key {
        case .rsa(let bits): return try encode(hash, digest, length: (bits + 7) / 8)
        case .p256: return Array(hash.prefix(32))
        case .p384: return Array(hash.prefix(48))
        case .ed25519, .other: return hash
        }
    }

    /// What a card is given that pads by itself: for RSA the DigestInfo, for the other kinds what
    /// `block` gives.
    ///
    /// - Throws: `.unsupported` when key and scheme do not go together.
    package static func unpadded(
        for message: [UInt8], key: KeyAlgorithm, scheme: SignatureScheme
    ) throws(CryptoError) -> [UInt8] {
        guard case .rsa = key, scheme.fits(key), let digest = scheme.digest else {
            return try block(for: message, key: key, scheme: scheme)
        }
        return prefix(of: digest) + (try digest.hash(message))
    }

    /// EMSA-PKCS1-v1_5 of a hash: 00 01 FF…FF 00 DigestInfo.
    ///
    /// - Throws: `.wrongLength` for a modulus that is too short.
    package static func encode(
        _ hash: [UInt8], _ digest: Digest, length: Int
    ) throws(CryptoError) -> [UInt8] {
        let info = prefix(of: digest) + hash
        // Eight bytes of padding at least: RFC 8017, 9.2, step 3.
        guard length >= info.count + 11 else {
            throw CryptoError(
                .wrongLength(expected: info.count + 11, got: length),
                "a modulus of \(length) bytes is too short for this hash")
        }
        return [0, 1] + [UInt8](repeating: 0xFF, count: length - info.count - 3) + [0] + info
    }

    /// The DER of DigestInfo up to the hash (RFC 8017, 9.2, note 1).
    private static func prefix(of digest: Digest) -> [UInt8] {
        switch digest {
        case .sha1:
            [0x30, 0x21, 0x30, 0x09, 6, 5, 0x2B, 0x0E, 3, 2, 0x1A, 5, 0, 4, 0x14]
        case .sha256: sha2(1, 0x20)
        case .sha384: sha2(2, 0x30)
        case .sha512: sha2(3, 0x40)
        }
    }

    private static func sha2(_ arc: UInt8, _ length: UInt8) -> [UInt8] {
        [0x30, 0x11 + length, 0x30, 0x0D, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, arc, 5, 0]
            + [4, length]
    }
}
