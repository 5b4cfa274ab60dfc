/// The curves that card verifiable certificates have, named by their domain parameters.
package enum CardCurve: CaseIterable, Equatable, Sendable {
    case p256
    /// RFC 5639, 3.4. Keys of it are read and their signatures verified, and nothing else.
    case brainpoolP256r1

    /// Bytes of a coordinate, and of each number of a signature.
    package var length: Int { 32 }

    private var objectIdentifier: [UInt8] {
        switch self {
        case .p256: [6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7]
        case .brainpoolP256r1: [6, 9, 0x2B, 0x24, 3, 3, 2, 8, 1, 1, 7]
        }
    }

    /// Prime, both coefficients, base point and order, big-endian; the cofactor is 1.
    package var parameters: [[UInt8]] {
        switch self {
        case .p256: Self.p256Parameters
        case .brainpoolP256r1: Self.brainpoolParameters
        }
    }

    // FIPS 186-4, D.1.2.3.
    private static let p256Parameters = bytes([
        "FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF",
        "FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFC",
        "5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B",
        "046B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296"
            + "4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5",
        "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551",
    ])

    private static let brainpoolParameters = bytes([
        "A9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E5377",
        "7D5A0975FC2C3057EEF67530417AFFE7FB8055C126DC5C6CE94A4B44F330B5D9",
        "26DC5C6CE94A4B44F330B5D9BBD77CBF958416295CF7E1CE6BCCDC18FF8C07B6",
        "048BD2AEB9CB7E57CB2C4B482FFC81B7AFB9DE27E1E3BD23C23A4453BD9ACE3262"
            + "547EF835C3DAC4FD97F8461A14611DC9C27745132DED8E545C1D54C72F046997",
        "A9FB57DBA1EEA9BC3E660A909D838D718C397AA3B561A6F7901E0E82974856A7",
    ])

    private static func bytes(_ hex: [String]) -> [[UInt8]] { hex.map { Hex.bytes($0) ?? [] } }

    /// The key of a point, 04‖x‖y.
    ///
    /// - Throws: `.malformed` for a point that is not on the curve or in another form.
    package func key(point: [UInt8]) throws(CryptoError) -> PublicKey {
        guard point.count == 1 + 2 * length, point.first == 0x04 else {
            throw CryptoError(.malformed, "\(point.count) bytes as a point")
        }
        let ecPublicKey: [UInt8] = [6, 7, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1]
        return try PublicKey(
            subjectPublicKeyInfo: DER.sequence(
                DER.sequence(ecPublicKey + objectIdentifier) + DER.bitString(point)))
    }

    /// Whether both numbers side by side are the key's ECDSA signature over `message`.
    package func verify(
        _ signature: [UInt8], of message: [UInt8], hashedBy digest: Digest, point: [UInt8]
    ) throws(CryptoError) -> Bool {
        guard signature.count == 2 * length, let der = ECDSASignature.der(ofPlain: signature)
        else { return false }
        return try OpenSSL.Key(publicDER: key(point: point).subjectPublicKeyInfo)
            .verify(der, message, digest)
    }
}
