import APDU
import Crypto

// Who the card is, and whose certificates lie on it.
extension OpenPGPApplet {
    package func readIdentity<C: CardChannel & ~Copyable>(
        _ card: inout C, slots: [KeySlot]?
    ) throws(TokenError) -> TokenIdentity {
        let wanted = OpenPGPKeyRole.allCases.filter { slots?.contains($0.slot) ?? true }
        return TokenIdentity(
            family: .openpgp, model: data.identifier.model, serial: data.identifier.text,
            printed: data.identifier.printed, guid: nil,
            certificates: try readCertificates(&card, wanted), marks: data.identifier.marks)
    }

    /// Certificates lie beside the keys, and nothing on the card ties one to the other: each
    /// is given to the key whose public half it holds. One that fits none is left out.
    private func readCertificates<C: CardChannel & ~Copyable>(
        _ card: inout C, _ roles: [OpenPGPKeyRole]
    ) throws(TokenError) -> [TokenCertificate] {
        var keys: [OpenPGPKeyRole: PublicKey] = [:]
        for role in roles { keys[role] = try readPublicKey(&card, role) }
        var found: [OpenPGPKeyRole: Certificate] = [:]
        for occurrence in Self.occurrences(roles) where !keys.isEmpty {
            guard let object = try readCertificate(&card, occurrence),
                let certificate = OpenPGPObject.certificate(object),
                let role = roles.first(where: { keys[$0] == certificate.publicKey })
            else { continue }
            keys[role] = nil
            found[role] = certificate
        }
        return roles.compactMap { role in
            found[role].map {
                TokenCertificate(slot: role.slot, use: role.use, certificate: $0)
            }
        }
    }

    /// The three occurrences of 7F21, first those where the standard has the certificates of
    /// these keys: authentication, decryption, signature (4.4.1).
    private static func occurrences(_ roles: [OpenPGPKeyRole]) -> [UInt8] {
        let own = roles.map { 3 - $0.rawValue }
        return own + [0, 1, 2].filter { !own.contains($0) }
    }

    /// The public half of a key, read from the card; nil where there is none, or of a kind
    /// that cannot be used here.
    private func readPublicKey<C: CardChannel & ~Copyable>(
        _ card: inout C, _ role: OpenPGPKeyRole
    ) throws(TokenError) -> PublicKey? {
        guard data.hasKey(role), let algorithm = data.algorithm(role) else { return nil }
        let name = "GENERATE ASYMMETRIC KEY PAIR (read) " + Hex.upper([role.template])
        // P1 81 reads; 80 would make a new key.
        let answer = try bench.ask(
            &card, CommandHeader(ins: 0x47, p1: 0x81, p2: 0x00), [role.template, 0x00],
            named: name)
        if answer.status.hintsAtAnotherApplet {
            throw TokenError(.disturbed(answer.status), name)
        }
        guard answer.status == .success else { return nil }
        return (try? OpenPGPKeyAttributes.publicKey(answer.data, algorithm)) ?? nil
    }

    /// One occurrence of the cardholder certificate; nil where there is none.
    private func readCertificate<C: CardChannel & ~Copyable>(
        _ card: inout C, _ occurrence: UInt8
    ) throws(TokenError) -> [UInt8]? {
        guard try select(&card, occurrence) else { return nil }
        let answer = try bench.ask(
            &card, CommandHeader(ins: 0xCA, p1: 0x7F, p2: 0x21), named: "GET DATA 7F21")
        if answer.status.hintsAtAnotherApplet {
            throw TokenError(.disturbed(answer.status), "GET DATA 7F21")
        }
        return answer.status == .success && !answer.data.isEmpty ? answer.data : nil
    }

    /// Says by SELECT DATA which occurrence is meant (7.2.5). Before version 3 there is one.
    private func select<C: CardChannel & ~Copyable>(
        _ card: inout C, _ occurrence: UInt8
    ) throws(TokenError) -> Bool {
        guard data.identifier.version.major >= 3 else { return occurrence == 0 }
        let tagList: [UInt8] = [0x60, 0x04, 0x5C, 0x02, 0x7F, 0x21]
        // Yubico's before 5.4.4 want the length once more before it.
        for data in [tagList, [UInt8(tagList.count)] + tagList] {
            let answer = try bench.ask(
                &card, CommandHeader(ins: 0xA5, p1: occurrence, p2: 0x04), data,
                expecting: .none, named: "SELECT DATA 7F21")
            if answer.status == .success { return true }
        }
        return false
    }
}

extension OpenPGPIdentifier {
    /// Numbers that stand on devices: the serial's eight digits, as GnuPG shows them too, and
    /// as a decimal number where they are one, which Yubico prints.
    var printed: [String] {
        let digits = Hex.upper(serial)
        let short = String(digits.drop { $0 == "0" })
        guard digits.allSatisfy(\.isNumber), !short.isEmpty, short != digits else {
            return [digits]
        }
        return [digits, short]
    }

    var model: String {
        let standard = "OpenPGP card \(version.major).\(version.minor)"
        return maker.map { "\(standard), \($0)" } ?? standard
    }

    var marks: TokenMarks {
        TokenMarks(
            aid: Hex.upper(bytes), manufacturer: maker,
            version: TokenVersion("\(version.major).\(version.minor)"))
    }

    private var maker: String? { Self.manufacturers[manufacturer] }

    /// Makers whose devices are sold, by the numbers they were given.
    private static let manufacturers: [UInt16: String] = [
        0x0005: "ZeitControl", 0x0006: "Yubico", 0x000B: "Feitian", 0x000E: "Excelsecu",
        0x000F: "Nitrokey", 0x0011: "Token2", 0xF517: "FSIJ",
    ]
}
