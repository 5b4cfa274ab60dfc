import APDU
import Crypto

// Who the token is, and what its keys are and do.
extension EPass2003Applet {
    package func readIdentity<C: CardChannel & ~Copyable>(
        _ card: inout C, slots: [KeySlot]?
    ) throws(TokenError) -> TokenIdentity {
        let lists = try readLists(&card)
        var certificates: [TokenCertificate] = []
        for key in lists.keys where slots?.contains(key.slot) ?? true {
            guard !certificates.contains(where: { $0.slot == key.slot }),
                let entry = lists.certificates.first(where: { $0.identifier == key.identifier }),
                let certificate = try readCertificate(&card, entry)
            else { continue }
            certificates.append(
                TokenCertificate(slot: key.slot, use: key.use, certificate: certificate))
        }
        let number = try line.send(
            &card, CommandHeader(ins: 0xCA, p1: 0x01, p2: 0x80), nil, expected: 0,
            named: "GET DATA 0180")
        let serial = Self.serial(number.status == .success ? number.data : [])
        let written = Self.serial(lists.token?.serial ?? [])
        return TokenIdentity(
            family: .ePass2003, model: "ePass2003", serial: serial ?? written,
            printed: serial == nil || written == serial ? [] : written.map { [$0] } ?? [],
            guid: nil, certificates: certificates,
            marks: TokenMarks(
                label: lists.token?.label, manufacturer: lists.token?.manufacturer))
    }

    /// Bytes that are not all zero, in hex.
    private static func serial(_ bytes: [UInt8]) -> String? {
        guard bytes.count <= 32, bytes.contains(where: { $0 != 0 }) else { return nil }
        return Hex.lower(bytes)
    }

    /// Nil for one that cannot be read: the others still count.
    private func readCertificate<C: CardChannel & ~Copyable>(
        _ card: inout C, _ entry: PKCS15Object.CertificateEntry
    ) throws(TokenError) -> Certificate? {
        switch entry.place {
        case .here(let der): return PKCS15Object.certificate(der)
        case .file(let path):
            return try readFile(&card, path).flatMap { PKCS15Object.certificate($0) }
        }
    }

    package func readTraits<C: CardChannel & ~Copyable>(
        _ card: inout C, of slot: KeySlot
    ) throws(TokenError) -> KeyTraits {
        guard let key = try readLists(&card).keys.first(where: { $0.slot == slot }) else {
            throw TokenError(.noKey, "key \(slot)")
        }
        return KeyTraits(
            origin: nil, wantsPINEachTime: false, wantsTouch: false,
            personaliserSays: key.claimedOrigin)
    }

    /// The key is named by its file, which nobody can read; RSA gets a whole block.
    package func sign<C: CardChannel & ~Copyable>(
        _ card: inout C, message: [UInt8], slot: KeySlot, key publicKey: PublicKey
    ) throws(TokenError) -> [UInt8] {
        let algorithm = publicKey.algorithm
        guard let key = try readLists(&card).keys.first(where: { $0.slot == slot }),
            let reference = key.reference, reference < 8,
            let way = Self.way(algorithm),
            let scheme = SignatureScheme.preferred(for: algorithm),
            let block = try? SignatureInput.block(for: message, key: algorithm, scheme: scheme)
        else { throw TokenError(.noKey, "key \(slot)") }
        let set = try send(
            &card, CommandHeader(ins: 0x22, p1: 0x41, p2: way.template),
            [0x80, 1, way.mechanism, 0x81, 2, 0x29, reference << 5], expected: nil,
            "MANAGE SECURITY ENVIRONMENT \(slot)")
        guard set.status == .success else {
            throw TokenError(.status(set.status), "MANAGE SECURITY ENVIRONMENT \(slot)")
        }
        let name = "COMPUTE DIGITAL SIGNATURE \(slot)"
        let answer = try send(&card, way.operation, block, expected: 0, name)
        guard answer.status == .success else { throw TokenError(.status(answer.status), name) }
        if case .rsa = algorithm { return answer.data }
        guard let der = PKCS15Applet.der(answer.data, publicKey.blockLength ?? 0) else {
            throw TokenError(.malformed, name)
        }
        return der
    }

    private struct Way {
        /// P2 of MANAGE SECURITY ENVIRONMENT.
        let template: UInt8
        let mechanism: UInt8
        let operation: CommandHeader
    }

    private static func way(_ algorithm: KeyAlgorithm) -> Way? {
        switch algorithm {
        case .rsa:
            Way(
                template: 0xB8, mechanism: 0x84,
                operation: CommandHeader(ins: 0x2A, p1: 0x80, p2: 0x86))
        case .p256:
            Way(
                template: 0xB6, mechanism: 0x92,
                operation: CommandHeader(ins: 0x2A, p1: 0x9E, p2: 0x9A))
        case .p384, .ed25519, .other: nil
        }
    }

    private func send<C: CardChannel & ~Copyable>(
        _ card: inout C, _ header: CommandHeader, _ data: [UInt8], expected: UInt8?,
        _ name: String
    ) throws(TokenError) -> ResponseAPDU {
        let text: EPass2003Text
        do throws(EPass2003Failure) { text = try EPass2003Text(data) } catch {
            throw EPass2003Line.failed(error, name, sent: false)
        }
        return try line.send(&card, header, text, expected: expected, named: name)
    }
}
