/// A private key with its public half, for simulated tokens and test authorities only.
///
/// It lives in OpenSSL's ordinary memory and can be exported: nothing the station must keep
/// secret is ever put in one.
package struct KeyPair: Sendable {
    package let publicKey: PublicKey
    private let key: OpenSSL.PrivateKey

    package var algorithm: KeyAlgorithm { publicKey.algorithm }

    /// Makes a new key: RSA of 1024 to 4096 bits with exponent 65537, P-256, P-384 or Ed25519.
    ///
    /// - Throws: `.unsupported` for any other kind.
    package init(generating algorithm: KeyAlgorithm) throws(CryptoError) {
        key = try OpenSSL.PrivateKey(generating: algorithm)
        publicKey = try key.key.publicKey()
    }

    /// Reads a PrivateKeyInfo (PKCS #8, not encrypted) with no byte behind it.
    package init(pkcs8 der: [UInt8]) throws(CryptoError) {
        guard der.count <= 2 * PublicKey.longestEncoding else {
            throw CryptoError(
                .tooLarge(limit: 2 * PublicKey.longestEncoding),
                "a private key of \(der.count) bytes")
        }
        key = try OpenSSL.PrivateKey(pkcs8: der)
        publicKey = try key.key.publicKey()
    }

    /// The PrivateKeyInfo in DER.
    package func pkcs8() throws(CryptoError) -> [UInt8] { try key.pkcs8() }

    /// The bare private-key operation of a card: RSA of a whole block (RFC 8017, RSASP1, no
    /// padding added), ECDSA over a hash (DER signature), Ed25519 over a message.
    ///
    /// - Throws: `.wrongLength` when an RSA block is not as long as the modulus; `.library`
    ///   when its number is not below the modulus.
    package func signBlock(_ block: [UInt8]) throws(CryptoError) -> [UInt8] {
        if case .rsa(let bits) = algorithm, block.count != (bits + 7) / 8 {
            throw CryptoError(
                .wrongLength(expected: (bits + 7) / 8, got: block.count), "an RSA block")
        }
        return try key.signBlock(block, algorithm)
    }

    /// A whole signature over `message`.
    package func sign(
        _ message: [UInt8], scheme: SignatureScheme
    ) throws(CryptoError) -> [UInt8] {
        try signBlock(
            SignatureInput.block(for: message, key: algorithm, scheme: scheme))
    }

    /// The x coordinate of the product of this private key and `point` (04‖x‖y).
    ///
    /// - Throws: `.malformed` for a point that is not on this key's curve; `.unsupported` for
    ///   a key that is neither P-256 nor P-384.
    package func agree(with point: [UInt8]) throws(CryptoError) -> [UInt8] {
        guard algorithm == .p256 || algorithm == .p384 else {
            throw CryptoError(.unsupported, "a \(algorithm) key agrees on nothing")
        }
        let peer = try PublicKey(point: point, on: algorithm)
        return try key.agree(with: OpenSSL.Key(publicDER: peer.subjectPublicKeyInfo))
    }
}
