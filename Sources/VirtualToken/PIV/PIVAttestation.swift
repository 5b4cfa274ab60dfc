import APDU
import Crypto

/// The key of slot F9, which signs what the token states of its other keys. Its certificate is
/// the object 5FFF01.
package enum PIVAttestation {
    static let slot: UInt8 = 0xF9
    static let certificateTag: UInt32 = 0x5FFF01

    /// Yubico's extensions of a statement.
    private static let arc = "1.3.6.1.4.1.41482.3"

    /// Makes key and certificate as the maker of the token would have, under `authority`.
    static func provide(
        _ state: inout PIVState, now: Int64, authority: CertificateIssuer
    ) throws(CryptoError) {
        let pair = try KeyPair(generating: .p256)
        var content = CertificateContent(
            subject: [("CN", "TẬP DƯỢT PIV Attestation")], key: pair.publicKey,
            notBefore: now - 365 * 86_400, notAfter: now + 20 * 365 * 86_400)
        content.isAuthority = true
        state.attestation = pair
        state.objects[certificateTag] = PIVObject.certificate(
            try authority.issue(content), compressed: false)
    }

    /// A certificate for the key of a slot, made for the moment; it says what is known of it.
    static func statement(
        of key: PIVKey, in slot: UInt8, signer: KeyPair, certificate: Certificate,
        version: [UInt8], serial: UInt32
    ) throws(CryptoError) -> Certificate {
        var content = CertificateContent(
            subject: [("CN", "YubiKey PIV Attestation " + Hex.lower([slot]))],
            key: key.pair.publicKey, notBefore: certificate.notBefore,
            notAfter: certificate.notAfter)
        content.otherExtensions = [
            (arc + ".3", version), (arc + ".7", integer(serial)),
            // No key of this token wants a touch.
            (arc + ".8", [key.policy.rawValue, 0x01]),
            (arc + ".9", [0x01]),
        ]
        return try CertificateIssuer(certificate: certificate, key: signer).issue(content)
    }

    /// A DER INTEGER, positive and as short as can be.
    private static func integer(_ number: UInt32) -> [UInt8] {
        var bytes = (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * UInt32($0))) }
        while bytes.count > 1, bytes[0] == 0, bytes[1] & 0x80 == 0 { bytes.removeFirst() }
        if bytes[0] & 0x80 != 0 { bytes.insert(0, at: 0) }
        return DataObject.tlv(0x02, bytes)
    }
}

// ATTEST KEY, Yubico's from firmware 4.3 on.
extension PIVCard {
    /// Refused for a key that was imported: of its life before the token knows nothing.
    func attest(_ header: CommandHeader) throws(Refused) -> [UInt8] {
        guard let signer = state.attestation else { throw Refused(.instructionNotSupported) }
        guard header.p2 == 0, PIVSlot.certificateTag(header.p1) != nil else {
            throw Refused(.incorrectParameters)
        }
        guard let held = state.objects[PIVAttestation.certificateTag],
            let der = (try? TLVReader.find([0x70], in: held))?.value,
            let certificate = try? Certificate(der: Array(der)),
            let key = state.keys[header.p1]
        else { throw Refused(.referenceDataNotFound) }
        guard key.origin == .generated else { throw Refused(.incorrectData) }
        do throws(CryptoError) {
            return try PIVAttestation.statement(
                of: key, in: header.p1, signer: signer, certificate: certificate,
                version: model.version, serial: state.serial
            ).der
        } catch {
            throw Refused(.executionError)
        }
    }
}
