// Public keys from their numbers, as cards give them.
extension PublicKey {
    /// An RSA key from its numbers, big-endian (RFC 8017, A.1.1).
    ///
    /// - Throws: `.malformed` for numbers that are no RSA key, `.tooLarge`.
    package init(rsaModulus modulus: [UInt8], exponent: [UInt8]) throws(CryptoError) {
        let key = DER.sequence(DER.unsigned(modulus) + DER.unsigned(exponent))
        let rsaEncryption: [UInt8] = [6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1]
        try self.init(
            subjectPublicKeyInfo: DER.sequence(
                DER.sequence(rsaEncryption + [5, 0]) + DER.bitString(key)))
    }

    /// A key of an elliptic curve from its point: 04‖x‖y (RFC 5480, 2), 32 bytes for Ed25519
    /// (RFC 8410, 4).
    ///
    /// - Throws: `.malformed` for a point that is not on the curve or in another form;
    ///   `.unsupported` for anything but P-256, P-384 and Ed25519.
    package init(point: [UInt8], on curve: KeyAlgorithm) throws(CryptoError) {
        let length =
            switch curve {
            case .p256: 1 + 2 * 32
            case .p384: 1 + 2 * 48
            default: 32
            }
        let ecPublicKey: [UInt8] = [6, 7, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1]
        let algorithm: [UInt8]
        switch curve {
        case .p256: algorithm = ecPublicKey + [6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7]
        case .p384: algorithm = ecPublicKey + [6, 5, 0x2B, 0x81, 4, 0, 0x22]
        case .ed25519: algorithm = [6, 3, 0x2B, 0x65, 0x70]
        default: throw CryptoError(.unsupported, "a \(curve) key from a point")
        }
        guard point.count == length, curve == .ed25519 || point.first == 0x04 else {
            throw CryptoError(.malformed, "\(point.count) bytes as a point of \(curve)")
        }
        try self.init(
            subjectPublicKeyInfo: DER.sequence(DER.sequence(algorithm) + DER.bitString(point)))
    }
}
