import APDU
import Crypto

// What the keys are and do.
extension PKCS15Applet {
    package func readTraits<C: CardChannel & ~Copyable>(
        _ card: inout C, of slot: KeySlot
    ) throws(TokenError) -> KeyTraits {
        guard let key = keys.first(where: { $0.slot == slot }) else {
            throw TokenError(.noKey, "key \(slot)")
        }
        return KeyTraits(
            origin: nil, wantsPINEachTime: key.consent == 1, wantsTouch: false,
            personaliserSays: key.claimedOrigin)
    }

    package func sign<C: CardChannel & ~Copyable>(
        _ card: inout C, message: [UInt8], slot: KeySlot, key publicKey: PublicKey
    ) throws(TokenError) -> [UInt8] {
        let algorithm = publicKey.algorithm
        guard let key = keys.first(where: { $0.slot == slot }),
            let environment = model.environment(for: key, algorithm),
            let scheme = SignatureScheme.preferred(for: algorithm),
            let input = try? SignatureInput.unpadded(for: message, key: algorithm, scheme: scheme)
        else { throw TokenError(.noKey, "key \(slot)") }
        let name = "COMPUTE DIGITAL SIGNATURE \(slot)"
        let set = try bench.ask(
            &card, CommandHeader(ins: 0x22, p1: 0x41, p2: 0xB6), environment, expecting: .none,
            named: "MANAGE SECURITY ENVIRONMENT \(slot)")
        if set.status.hintsAtAnotherApplet { throw TokenError(.disturbed(set.status), name) }
        guard set.status == .success else {
            throw TokenError(.status(set.status), "MANAGE SECURITY ENVIRONMENT \(slot)")
        }
        let answer = try bench.ask(
            &card, CommandHeader(ins: 0x2A, p1: 0x9E, p2: 0x9A), input, named: name)
        if answer.status.hintsAtAnotherApplet { throw TokenError(.disturbed(answer.status), name) }
        guard answer.status == .success else { throw TokenError(.status(answer.status), name) }
        if case .rsa = algorithm { return answer.data }
        guard let der = Self.der(answer.data, publicKey.blockLength ?? 0) else {
            throw TokenError(.malformed, name)
        }
        return der
    }

    /// Cards give both numbers side by side, or in DER of their own: with zeros in front that the
    /// strict reading of X.690 does not have.
    static func der(_ signature: [UInt8], _ length: Int) -> [UInt8]? {
        if signature.count == 2 * length { return ECDSASignature.der(ofPlain: signature) }
        guard let sequence = (try? TLVReader.find([0x30], in: signature)) ?? nil,
            let numbers = PKCS15Object.parts(sequence), numbers.count == 2,
            numbers.allSatisfy({ $0.tag == 0x02 })
        else { return nil }
        let digits = numbers.map { Array($0.value.drop { $0 == 0 }) }
        guard digits.allSatisfy({ $0.count <= length }) else { return nil }
        let plain = digits.flatMap { [UInt8](repeating: 0, count: length - $0.count) + $0 }
        return ECDSASignature.der(ofPlain: plain)
    }
}

extension PKCS15Object.PrivateKey {
    /// The identifier that ties key and certificate together, in hex.
    var slot: KeySlot { KeySlot(rawValue: Hex.lower(identifier)) }

    /// By the usage of 8.4.2: nonRepudiation, else sign, else what is left.
    var use: TokenCertificate.Use {
        if usage.contains(9) { return .signature }
        return usage.contains(2) || usage.contains(3) ? .authentication : .decryption
    }

    /// By the access flags: local says made on the card; always sensitive and never extractable
    /// is as much.
    var claimedOrigin: KeyTraits.Origin? {
        guard let access else { return nil }
        return access.contains(4) || access.contains(2) && access.contains(3)
            ? .generated : .imported
    }
}
