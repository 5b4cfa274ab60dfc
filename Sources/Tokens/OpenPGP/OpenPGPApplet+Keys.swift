import APDU
import Crypto

// What the card says of its keys, and signatures.
extension OpenPGPApplet {
    package func readTraits<C: CardChannel & ~Copyable>(
        _ card: inout C, of slot: KeySlot
    ) throws(TokenError) -> KeyTraits {
        guard let role = OpenPGPKeyRole(slot) else { throw TokenError(.noKey, "key \(slot)") }
        return KeyTraits(
            origin: data.origin(role),
            wantsPINEachTime: role == .signature && !data.passwords.servesSeveral,
            wantsTouch: try readWantsTouch(&card, role))
    }

    /// The user interaction flag: some cards have it among the other objects, some alone.
    private func readWantsTouch<C: CardChannel & ~Copyable>(
        _ card: inout C, _ role: OpenPGPKeyRole
    ) throws(TokenError) -> Bool {
        if let known = data.wantsTouch(role) { return known }
        let tag = UInt8(truncatingIfNeeded: role.interactionTag.rawValue)
        let answer = try bench.ask(
            &card, CommandHeader(ins: 0xCA, p1: 0x00, p2: tag),
            named: "GET DATA 00" + Hex.upper([tag]))
        return answer.status == .success && OpenPGPApplicationData.wantsTouch(answer.data)
    }

    /// COMPUTE DIGITAL SIGNATURE (7.2.10) or INTERNAL AUTHENTICATE (7.2.13). The card pads for
    /// RSA, hashes for nobody, and counts signatures of the signature key.
    package func sign<C: CardChannel & ~Copyable>(
        _ card: inout C, message: [UInt8], slot: KeySlot, key publicKey: PublicKey
    ) throws(TokenError) -> [UInt8] {
        guard let role = OpenPGPKeyRole(slot), let header = Self.signing(role),
            let scheme = SignatureScheme.preferred(for: publicKey.algorithm),
            let input = try? SignatureInput.unpadded(
                for: message, key: publicKey.algorithm, scheme: scheme)
        else { throw TokenError(.noKey, "key \(slot)") }
        let name =
            role == .signature ? "COMPUTE DIGITAL SIGNATURE" : "INTERNAL AUTHENTICATE"
        let answer = try bench.ask(&card, header, input, named: name)
        if answer.status.hintsAtAnotherApplet {
            throw TokenError(.disturbed(answer.status), name)
        }
        guard answer.status == .success else { throw TokenError(.status(answer.status), name) }
        switch publicKey.algorithm {
        case .p256, .p384:
            guard let signature = ECDSASignature.der(ofPlain: answer.data) else {
                throw TokenError(.malformed, name)
            }
            return signature
        case .rsa, .ed25519, .other: return answer.data
        }
    }

    private static func signing(_ role: OpenPGPKeyRole) -> CommandHeader? {
        switch role {
        case .signature: CommandHeader(ins: 0x2A, p1: 0x9E, p2: 0x9A)
        case .authentication: CommandHeader(ins: 0x88, p1: 0x00, p2: 0x00)
        case .decryption: nil
        }
    }
}
