import APDU
import Crypto

/// Card verifiable certificates and requests as they are made (BSI TR-03110-3, appendices C
/// and D): keys of P-256 and RSA, signed with SHA-256.
enum CardVerifiable {
    /// id-TA-ECDSA-SHA-256 and id-TA-RSA-v1-5-SHA-256.
    static let ecdsa: [UInt8] = [4, 0, 0x7F, 0, 7, 2, 2, 2, 2, 3]
    static let rsa: [UInt8] = [4, 0, 0x7F, 0, 7, 2, 2, 2, 1, 2]

    /// What a certificate says besides its key.
    struct Subject {
        var issuer: String
        var holder: String
        /// Role of the holder, C0 for a root, 80 for an issuer, 00 for a device. A request has
        /// neither role nor dates.
        var role: UInt8?
    }

    /// The body 7F4E.
    ///
    /// - Parameter parameters: the curve's, where they are not those of the issuer.
    static func body(
        _ subject: Subject, key: PublicKey, parameters: Bool
    ) throws(CryptoError) -> [UInt8] {
        var content = DataObject.tlv(0x5F29, [0])
        content += DataObject.tlv(0x42, Array(subject.issuer.utf8))
        content += try publicKey(key, parameters: parameters)
        content += DataObject.tlv(0x5F20, Array(subject.holder.utf8))
        if let role = subject.role {
            // The card's maker has object identifiers of its own below 1.3.6.1.4.1.24991.
            let kind: [UInt8] = [0x2B, 6, 1, 4, 1, 0x81, 0xC3, 0x1F, 3, 1, 1]
            content += DataObject.tlv(
                0x7F4C, DataObject.tlv(0x06, kind) + DataObject.tlv(0x53, [role]))
            // 2024-01-01 to 2049-12-31.
            content += DataObject.tlv(0x5F25, [2, 4, 0, 1, 0, 1])
            content += DataObject.tlv(0x5F24, [4, 9, 1, 2, 3, 1])
        }
        return DataObject.tlv(0x7F4E, content)
    }

    /// The certificate 7F21 of a body.
    static func certificate(
        _ body: [UInt8], signedBy key: KeyPair
    ) throws(CryptoError) -> [UInt8] {
        DataObject.tlv(0x7F21, body + DataObject.tlv(0x5F37, try signature(body, key)))
    }

    /// The request of a new key, 67: signed by itself, and around that by the device.
    static func authenticatedRequest(
        _ subject: Subject, key: KeyPair, device: KeyPair, named name: String
    ) throws(CryptoError) -> [UInt8] {
        let inner = try certificate(
            body(subject, key: key.publicKey, parameters: true), signedBy: key)
        let signed = inner + DataObject.tlv(0x42, Array(name.utf8))
        return DataObject.tlv(
            0x67, signed + DataObject.tlv(0x5F37, try signature(signed, device)))
    }

    private static func signature(
        _ message: [UInt8], _ key: KeyPair
    ) throws(CryptoError) -> [UInt8] {
        guard case .rsa = key.algorithm else {
            let der = try key.sign(message, scheme: .ecdsaSHA256)
            guard let plain = DataObject.numbers(ofSignature: der, 32) else {
                throw CryptoError(.malformed, "a signature")
            }
            return plain
        }
        return try key.sign(message, scheme: .rsaPKCS1SHA256)
    }

    private static func publicKey(
        _ key: PublicKey, parameters: Bool
    ) throws(CryptoError) -> [UInt8] {
        var content: [UInt8]
        if case .rsa = key.algorithm {
            let numbers = try key.rsaNumbers()
            content = DataObject.tlv(0x06, rsa) + DataObject.tlv(0x81, numbers.modulus)
            content += DataObject.tlv(0x82, numbers.exponent)
        } else {
            content = DataObject.tlv(0x06, ecdsa)
            if parameters { content += P256.parameters }
            content += DataObject.tlv(0x86, try key.point())
            if parameters { content += DataObject.tlv(0x87, [1]) }
        }
        return DataObject.tlv(0x7F49, content)
    }
}

/// The curve's domain parameters (FIPS 186-4, D.1.2.3).
enum P256 {
    static let prime = bytes("FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF")

    /// 81 prime, 82 and 83 coefficients, 84 base point, 85 order.
    static let parameters =
        DataObject.tlv(0x81, prime)
        + DataObject.tlv(
            0x82, bytes("FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFC"))
        + DataObject.tlv(
            0x83, bytes("5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B"))
        + DataObject.tlv(
            0x84,
            bytes(
                "046B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296"
                    + "4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5"))
        + DataObject.tlv(
            0x85, bytes("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"))

    private static func bytes(_ hex: String) -> [UInt8] { Hex.bytes(hex) ?? [] }
}
