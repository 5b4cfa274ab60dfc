/// What kind of key it is.
package enum KeyAlgorithm: Equatable, Hashable, Sendable, CustomStringConvertible {
    /// RSA with a modulus of so many bits, 1024 to 4096.
    case rsa(bits: Int)
    case p256
    case p384
    case ed25519
    /// A key that can be shown but not used here; OpenSSL's name for it.
    case other(String)

    package var description: String {
        switch self {
        case .rsa(let bits): "RSA-\(bits)"
        case .p256: "P-256"
        case .p384: "P-384"
        case .ed25519: "Ed25519"
        case .other(let name): name
        }
    }
}

/// How a signature is made.
package enum SignatureScheme: Equatable, Hashable, Sendable, CaseIterable {
    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, 8.2).
    case rsaPKCS1SHA256
    /// ECDSA, signature in DER (RFC 3279, 2.2.3).
    case ecdsaSHA256, ecdsaSHA384
    /// Ed25519 over the message itself (RFC 8032).
    case ed25519

    /// The scheme the station asks a key of this kind for, or nil for a key it cannot use.
    package static func preferred(for algorithm: KeyAlgorithm) -> SignatureScheme? {
        switch algorithm {
        case .rsa: .rsaPKCS1SHA256
        case .p256: .ecdsaSHA256
        case .p384: .ecdsaSHA384
        case .ed25519: .ed25519
        case .other: nil
        }
    }

    /// The hash under the signature; nil for Ed25519, which hashes by itself.
    package var digest: Digest? {
        switch self {
        case .rsaPKCS1SHA256, .ecdsaSHA256: .sha256
        case .ecdsaSHA384: .sha384
        case .ed25519: nil
        }
    }

    /// Whether a key of this kind can make such a signature.
    package func fits(_ algorithm: KeyAlgorithm) -> Bool {
        switch (self, algorithm) {
        case (.rsaPKCS1SHA256, .rsa): true
        case (.ecdsaSHA256, .p256), (.ecdsaSHA256, .p384): true
        case (.ecdsaSHA384, .p256), (.ecdsaSHA384, .p384): true
        case (.ed25519, .ed25519): true
        default: false
        }
    }
}

/// A public key, kept as its SubjectPublicKeyInfo (RFC 5280, 4.1.2.7).
///
/// Two keys are equal when their encodings are.
package struct PublicKey: Equatable, Hashable, Sendable {
    package let algorithm: KeyAlgorithm
    /// DER of the SubjectPublicKeyInfo, as OpenSSL writes it.
    package let subjectPublicKeyInfo: [UInt8]
    /// The same as OpenSSL reads it; nil where nobody has read it yet.
    private let key: OpenSSL.SharedKey?

    /// Longest encoding that is looked at, in bytes.
    package static var longestEncoding: Int { 4096 }

    /// - Throws: `.malformed` for anything but one key and no byte behind it, `.tooLarge`.
    package init(subjectPublicKeyInfo der: [UInt8]) throws(CryptoError) {
        guard der.count <= PublicKey.longestEncoding else {
            throw CryptoError(
                .tooLarge(limit: PublicKey.longestEncoding), "a public key of \(der.count) bytes")
        }
        self = try OpenSSL.SharedKey(publicDER: der).publicKey()
    }

    init(
        algorithm: KeyAlgorithm, subjectPublicKeyInfo: [UInt8], key: OpenSSL.SharedKey? = nil
    ) {
        self.algorithm = algorithm
        self.subjectPublicKeyInfo = subjectPublicKeyInfo
        self.key = key
    }

    func shared() throws(CryptoError) -> OpenSSL.SharedKey {
        if let key { return key }
        return try OpenSSL.SharedKey(publicDER: subjectPublicKeyInfo)
    }

    package static func == (left: PublicKey, right: PublicKey) -> Bool {
        left.subjectPublicKeyInfo == right.subjectPublicKeyInfo
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(subjectPublicKeyInfo) }

    /// Whether `signature` is this key's over `message`. Any malformed signature is `false`.
    ///
    /// - Throws: `.unsupported` when key and scheme do not go together, `.library`.
    package func verify(
        _ signature: [UInt8], of message: [UInt8], scheme: SignatureScheme
    ) throws(CryptoError) -> Bool {
        guard scheme.fits(algorithm) else {
            throw CryptoError(.unsupported, "a \(algorithm) key makes no \(scheme) signature")
        }
        return try shared().key.verify(signature, message, scheme.digest)
    }

    /// Length in bytes of the block a card is given and gives back: modulus for RSA, field
    /// element for the curves; nil for a key that cannot be used.
    package var blockLength: Int? {
        switch algorithm {
        case .rsa(let bits): (bits + 7) / 8
        case .p256, .ed25519: 32
        case .p384: 48
        case .other: nil
        }
    }

    /// The point of an elliptic curve key: 04‖x‖y, or 32 bytes for Ed25519.
    ///
    /// - Throws: `.unsupported` for RSA.
    package func point() throws(CryptoError) -> [UInt8] {
        try shared().key.point()
    }

    /// Modulus and public exponent of an RSA key, big-endian without leading zeros.
    ///
    /// - Throws: `.unsupported` for other keys.
    package func rsaNumbers() throws(CryptoError) -> (modulus: [UInt8], exponent: [UInt8]) {
        let shared = try shared()
        return (try shared.key.number(.modulus), try shared.key.number(.exponent))
    }
}
