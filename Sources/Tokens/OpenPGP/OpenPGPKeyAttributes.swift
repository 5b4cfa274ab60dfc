import APDU
import Crypto

/// Algorithm attributes, C1 to C3, and the public keys they tell how to read (OpenPGP card 3.4,
/// 4.4.3.9 and 7.2.14).
enum OpenPGPKeyAttributes {
    private static let curves: [(oid: [UInt8], algorithm: KeyAlgorithm)] = [
        ([0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07], .p256),
        ([0x2B, 0x81, 0x04, 0x00, 0x22], .p384),
        ([0x2B, 0x81, 0x04, 0x00, 0x23], .other("P-521")),
        ([0x2B, 0x06, 0x01, 0x04, 0x01, 0xDA, 0x47, 0x0F, 0x01], .ed25519),
        ([0x2B, 0x65, 0x70], .ed25519),
        ([0x2B, 0x06, 0x01, 0x04, 0x01, 0x97, 0x55, 0x01, 0x05, 0x01], .other("X25519")),
        ([0x2B, 0x65, 0x6E], .other("X25519")),
        ([0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x07], .other("brainpoolP256r1")),
        ([0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0B], .other("brainpoolP384r1")),
        ([0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0D], .other("brainpoolP512r1")),
        ([0x2B, 0x81, 0x04, 0x00, 0x0A], .other("secp256k1")),
    ]

    /// The kind of key; nil for one that is not listed here.
    static func algorithm(_ attributes: [UInt8]) -> KeyAlgorithm? {
        switch attributes.first {
        // RSA: bits of the modulus, bits of the exponent, import format.
        case 0x01:
            guard attributes.count >= 5 else { return nil }
            let bits = Int(attributes[1]) << 8 | Int(attributes[2])
            return (1024...4096).contains(bits) ? .rsa(bits: bits) : .other("RSA-\(bits)")
        // ECDH, ECDSA, EdDSA: the curve, and behind it perhaps one byte of import format.
        case 0x12, 0x13, 0x16:
            let oid = attributes.dropFirst()
            return curves.first { curve in
                oid.elementsEqual(curve.oid)
                    || oid.count == curve.oid.count + 1 && oid.starts(with: curve.oid)
                        && [0x00, 0xFF].contains(oid.last)
            }?.algorithm
        default: return nil
        }
    }

    /// The public key in what GENERATE ASYMMETRIC KEY PAIR answers: 7F49{81, 82} for RSA,
    /// 7F49{86} for a curve. Nil for a kind of key that cannot be used here.
    static func publicKey(
        _ response: [UInt8], _ algorithm: KeyAlgorithm
    ) throws(OpenPGPObject.Malformed) -> PublicKey? {
        let parts = try OpenPGPObject.collect(response, opening: [0x7F49])
        do throws(CryptoError) {
            switch algorithm {
            case .rsa:
                guard let modulus = parts[0x81], let exponent = parts[0x82] else { break }
                return try PublicKey(rsaModulus: modulus, exponent: exponent)
            case .p256, .p384:
                guard let point = parts[0x86] else { break }
                return try PublicKey(point: point, on: algorithm)
            case .ed25519:
                guard var point = parts[0x86] else { break }
                // GnuPG's form of the point has 40 before it.
                if point.count == 33, point.first == 0x40 { point.removeFirst() }
                return try PublicKey(point: point, on: algorithm)
            case .other: return nil
            }
        } catch {
            throw OpenPGPObject.Malformed()
        }
        throw OpenPGPObject.Malformed()
    }
}
