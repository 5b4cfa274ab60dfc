import APDU
import Crypto

extension GIDSApplet {
    /// Files that are where they are on every card (minidriver specification, annex).
    private static let masterFile = (file: UInt16(0xA000), object: UInt16(0xDF1F))
    private static let cardIdentifier = (file: UInt16(0xA012), object: UInt16(0xDF20))

    package func readIdentity<C: CardChannel & ~Copyable>(
        _ card: inout C, slots: [KeySlot]?
    ) throws(TokenError) -> TokenIdentity {
        let files =
            try readObject(&card, Self.masterFile.file, Self.masterFile.object)
            .flatMap { try? GIDSObject.masterFile($0) } ?? []
        func place(_ directory: String, _ name: String) -> GIDSObject.File? {
            files.first { $0.directory == directory && $0.name == name }
        }
        let identifier = place("", "cardid").map { ($0.file, $0.object) } ?? Self.cardIdentifier
        let number = try readObject(&card, identifier.0, identifier.1) ?? []
        var containers: [GIDSContainer] = []
        if let map = place("mscp", "cmapfile"),
            let content = try readObject(&card, map.file, map.object)
        {
            containers = GIDSObject.containerMap(content)
        }
        var certificates: [TokenCertificate] = []
        for container in containers where slots?.contains(container.slot) ?? true {
            guard let file = place("mscp", container.slot.rawValue),
                let content = try readObject(&card, file.file, file.object),
                // An unreadable certificate is one that is not there: the others still count.
                let certificate = try? GIDSObject.certificate(content)
            else { continue }
            certificates.append(
                TokenCertificate(
                    slot: container.slot, use: container.use(certificate),
                    certificate: certificate))
        }
        return TokenIdentity(
            family: .gids, model: model, serial: nil, guid: Self.guid(number),
            certificates: certificates)
    }

    /// Sixteen bytes that are not all zero.
    private static func guid(_ identifier: [UInt8]) -> String? {
        guard identifier.count == 16, identifier.contains(where: { $0 != 0 }) else { return nil }
        return Hex.lower(identifier)
    }

    /// What is in a data object of a file; nil where there is none, or not for everybody.
    private func readObject<C: CardChannel & ~Copyable>(
        _ card: inout C, _ file: UInt16, _ object: UInt16
    ) throws(TokenError) -> [UInt8]? {
        let (high, low) = (
            UInt8(truncatingIfNeeded: object >> 8), UInt8(truncatingIfNeeded: object)
        )
        let name = "GET DATA " + Hex.upper([high, low])
        let answer = try bench.ask(
            &card,
            CommandHeader(
                ins: 0xCB, p1: UInt8(truncatingIfNeeded: file >> 8),
                p2: UInt8(truncatingIfNeeded: file)),
            [0x5C, 2, high, low], named: name)
        try checkApplet(answer.status, name)
        guard answer.status == .success else { return nil }
        guard let found = try? TLVReader.find([TLVTag(UInt32(object))], in: answer.data) else {
            return nil
        }
        return Array(found.value)
    }
}
