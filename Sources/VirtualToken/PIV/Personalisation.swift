import Crypto

/// What a new PIV token is to hold.
package struct Personalisation: Sendable {
    package struct Key: Equatable, Sendable {
        package var slot: UInt8
        package var algorithm: KeyAlgorithm
        package var origin: PIVKey.Origin

        package init(_ slot: UInt8, _ algorithm: KeyAlgorithm, origin: PIVKey.Origin = .generated) {
            self.slot = slot
            self.algorithm = algorithm
            self.origin = origin
        }
    }

    package var keys: [Key] = [Key(0x9A, .p256), Key(0x9C, .p256)]
    /// Test codes, ASCII, at most eight bytes.
    package var pin = "123456"
    package var puk = "12345678"
    package var pinTries = 3
    package var pukTries = 3
    /// The PIN's counter starts at zero.
    package var isLocked = false
    package var serial: UInt32 = 12_345_678
    package var subject = CertificateSubject()
    /// Slots whose certificate is stored gzip'd.
    package var compressed: Set<UInt8> = []
    package var management = PIVManagementKey.published
    /// Has the key of slot F9, with a certificate of the authority's.
    package var isAttesting = false

    package init() {}

    /// Makes keys, certificates and objects.
    ///
    /// - Parameters:
    ///   - now: Unix seconds the validity is counted from.
    ///   - authority: signs the certificates.
    package func make(
        now: Int64, authority: CertificateIssuer
    ) throws(VirtualTokenError) -> PIVState {
        guard let pin = Self.code(self.pin), let puk = Self.code(self.puk) else {
            throw VirtualTokenError(.badRequest, "a PIN or PUK is 6 to 8 ASCII characters")
        }
        do throws(CryptoError) {
            var state = PIVState(
                pin: PIVCode(value: pin, total: pinTries, left: isLocked ? 0 : nil),
                puk: PIVCode(value: puk, total: pukTries), management: management, serial: serial)
            var guid = try SecureRandom.bytes(16)
            // RFC 4122: version 4, variant 1.
            guid[6] = guid[6] & 0x0F | 0x40
            guid[8] = guid[8] & 0x3F | 0x80
            state.objects[PIVObject.chuidTag] = PIVObject.chuid(guid: guid, expiry: "20501231")
            state.objects[PIVObject.capabilityTag] = PIVObject.capability(
                identifier: Array(guid.prefix(14)))
            for key in keys { try add(key, to: &state, now, authority) }
            if isAttesting { try PIVAttestation.provide(&state, now: now, authority: authority) }
            return state
        } catch {
            throw VirtualTokenError(.crypto, "making a token: \(error)")
        }
    }

    private func add(
        _ key: Key, to state: inout PIVState, _ now: Int64, _ authority: CertificateIssuer
    ) throws(CryptoError) {
        guard let tag = PIVSlot.certificateTag(key.slot) else {
            throw CryptoError(.unsupported, "slot \(Hex.upper([key.slot])) holds no key pair")
        }
        let pair = try KeyPair(generating: key.algorithm)
        let certificate = try subject.certificate(
            for: pair.publicKey, usage: Self.usage(key), now: now, authority: authority)
        state.keys[key.slot] = PIVKey(pair, origin: key.origin, policy: PIVSlot.policy(key.slot))
        state.objects[tag] = PIVObject.certificate(
            certificate, compressed: compressed.contains(key.slot))
    }

    package static func authority(now: Int64) throws(VirtualTokenError) -> CertificateIssuer {
        try TrainingAuthority.make(now: now)
    }

    private static func usage(_ key: Key) -> KeyUsage {
        switch (key.slot, key.algorithm) {
        case (PIVSlot.signature, _): [.digitalSignature, .nonRepudiation]
        case (PIVSlot.keyManagement, .rsa): [.keyEncipherment]
        case (PIVSlot.keyManagement, _): [.keyAgreement]
        default: [.digitalSignature]
        }
    }

    private static func code(_ text: String) -> [UInt8]? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 6, bytes.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
        return PIVCode.padded(bytes)
    }
}
