import APDU
import Crypto

extension GIDSApplet {
    /// The card says nothing of where a key was made.
    package func readTraits<C: CardChannel & ~Copyable>(
        _ card: inout C, of slot: KeySlot
    ) throws(TokenError) -> KeyTraits {
        guard GIDSContainer(slot) != nil else { throw TokenError(.noKey, "key \(slot)") }
        return KeyTraits(origin: nil, wantsPINEachTime: false, wantsTouch: false)
    }

    /// The key is named with its mechanism, then signs (GIDS 2.0, 7.4.8 and 7.4.10).
    package func sign<C: CardChannel & ~Copyable>(
        _ card: inout C, message: [UInt8], slot: KeySlot, key publicKey: PublicKey
    ) throws(TokenError) -> [UInt8] {
        guard let reference = GIDSContainer(slot)?.reference,
            let mechanism = Self.mechanism(publicKey.algorithm),
            let scheme = SignatureScheme.preferred(for: publicKey.algorithm),
            let input = try? SignatureInput.unpadded(
                for: message, key: publicKey.algorithm, scheme: scheme)
        else { throw TokenError(.noKey, "key \(slot)") }
        let name = "MANAGE SECURITY ENVIRONMENT \(slot)"
        let set = try bench.ask(
            &card, CommandHeader(ins: 0x22, p1: 0x41, p2: 0xB6),
            [0x80, 1, mechanism, 0x84, 1, reference], expecting: .none, named: name)
        try checkApplet(set.status, name)
        guard set.status == .success else { throw TokenError(.status(set.status), name) }
        let operation = "COMPUTE DIGITAL SIGNATURE \(slot)"
        let answer = try bench.ask(
            &card, CommandHeader(ins: 0x2A, p1: 0x9E, p2: 0x9A), input, named: operation)
        try checkApplet(answer.status, operation)
        guard answer.status == .success else {
            throw TokenError(.status(answer.status), operation)
        }
        if case .rsa = publicKey.algorithm { return answer.data }
        // Some cards give both numbers side by side, others give DER.
        guard answer.data.count == (publicKey.blockLength ?? 0) * 2 else { return answer.data }
        guard let signature = ECDSASignature.der(ofPlain: answer.data) else {
            throw TokenError(.malformed, operation)
        }
        return signature
    }

    /// Cryptographic mechanisms (12.5.3.1): the kind of key in the low half; in the high half 5
    /// where the card pads for RSA, 1 for a hash made outside.
    private static func mechanism(_ key: KeyAlgorithm) -> UInt8? {
        switch key {
        case .rsa(bits: 1024): 0x56
        case .rsa(bits: 2048): 0x57
        case .rsa(bits: 3072): 0x58
        case .rsa(bits: 4096): 0x59
        case .p256: 0x1C
        case .p384: 0x1D
        case .rsa, .ed25519, .other: nil
        }
    }
}
