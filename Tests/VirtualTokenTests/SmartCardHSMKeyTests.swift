import APDU
import Crypto
import Testing
import VirtualToken

@Suite struct SmartCardHSMKeyTests {
    private typealias S = SmartCardHSMSamples
    private static let message = Array("một thông điệp".utf8)

    private static func opened(_ algorithm: KeyAlgorithm) throws -> SmartCardHSMCard {
        var (card, _) = try S.personalised { $0.keys = [.init(1, algorithm)] }
        #expect(card.say(S.select).suffix(2) == [0x90, 0])
        #expect(card.say("00200081 06 \(S.pin)") == [0x90, 0])
        return card
    }

    /// An extended command of class 80.
    private static func command(_ ins: UInt8, _ p2: UInt8, _ data: [UInt8]) -> [UInt8] {
        [0x80, ins, 1, p2, 0, UInt8(data.count >> 8), UInt8(data.count & 0xFF)] + data + [0, 0]
    }

    private static func certificate(_ card: inout SmartCardHSMCard) throws -> Certificate {
        try Certificate(der: Array(card.say("00B1CE01 000004 54020000 0000").dropLast(2)))
    }

    /// Data in, by algorithm: what the host has done already, and what the card does.
    @Test(arguments: [UInt8(0x20), 0x30, 0x33])
    func rsaSignaturesVerifyUnderTheCertificate(_ way: UInt8) throws {
        let algorithm = KeyAlgorithm.rsa(bits: 2048)
        var card = try Self.opened(algorithm)
        let block = try SignatureInput.block(
            for: Self.message, key: algorithm, scheme: .rsaPKCS1SHA256)
        let data =
            switch way {
            case 0x20: block
            case 0x30: Array(block.suffix(51))
            default: Self.message
            }
        let answer = card.respond(to: Self.command(0x68, way, data))
        #expect(answer.suffix(2) == [0x90, 0])
        let key = try Self.certificate(&card).publicKey
        #expect(
            try key.verify(Array(answer.dropLast(2)), of: Self.message, scheme: .rsaPKCS1SHA256))
    }

    @Test(arguments: [UInt8(0x70), 0x73])
    func ecdsaSignaturesVerifyUnderTheCertificate(_ way: UInt8) throws {
        var card = try Self.opened(.p256)
        let data = way == 0x70 ? try SHA256.hash(Self.message) : Self.message
        let answer = card.respond(to: Self.command(0x68, way, data))
        #expect(answer.suffix(2) == [0x90, 0])
        let key = try Self.certificate(&card).publicKey
        #expect(
            try key.verify(Array(answer.dropLast(2)), of: Self.message, scheme: .ecdsaSHA256))
    }

    /// Algorithm, bytes of data, key, answer.
    @Test(arguments: [
        (UInt8(0x20), 255, KeyAlgorithm.rsa(bits: 2048), "6700"),
        (0x21, 256, .rsa(bits: 2048), "6700"), (0x30, 246, .rsa(bits: 2048), "6700"),
        (0x40, 31, .rsa(bits: 2048), "6700"), (0x32, 32, .rsa(bits: 2048), "6A81"),
        (0x70, 32, .rsa(bits: 2048), "6A86"), (0x70, 19, .p256, "6700"),
        (0x70, 65, .p256, "6700"), (0x20, 32, .p256, "6A86"), (0x50, 32, .p256, "6A86"),
    ])
    func whatCannotBeSignedIsRefused(
        _ way: UInt8, _ count: Int, _ algorithm: KeyAlgorithm, _ status: String
    ) throws {
        var card = try Self.opened(algorithm)
        let data = [UInt8](repeating: 1, count: count)
        #expect(Hex.upper(card.respond(to: Self.command(0x68, way, data))) == status)
    }

    @Test func combinedAuthenticationOpensNoKeyByThePINAlone() throws {
        var (card, _) = try S.personalised { $0.options.insert(.combinedAuthentication) }
        Script.play(
            [
                (S.select, "..9000"), ("00200081 06 \(S.pin)", "9000"),
                ("80680170 20 \(String(repeating: "41", count: 32)) 00", "6982"),
            ], on: &card)
    }

    /// The request: signed by the new key inside, by the device around it.
    @Test(arguments: [
        "060A04007F00070202020203"
            + "8120FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF",
        "060A04007F00070202020102 8203010001 02020800",
    ])
    func aNewKeyLeavesARequestTheDeviceVouchesFor(_ kind: String) throws {
        var card = try Self.opened(.p256)
        let description = Hex.bytes(kind.filter { $0 != " " }) ?? []
        let body =
            try TLVWriter.object(0x5F29, [0]) + TLVWriter.object(0x42, Array("UTCA00001".utf8))
            + TLVWriter.object(0x7F49, description)
            + TLVWriter.object(0x5F20, Array("VT1234567800001".utf8))
        let answer = card.respond(
            to: [0, 0x46, 2, 0, 0, 0, UInt8(body.count)] + body + [0, 0])
        #expect(answer.suffix(2) == [0x90, 0])
        #expect(card.say("00B1CE02 000004 54020000 0000") == answer)
        #expect(card.say("8058000000").suffix(6) == [0xCE, 1, 0xCE, 2, 0x90, 0])
        let outer = try #require(try TLVReader.find([0x67], in: Array(answer.dropLast(2))))
        let parts = try outer.children().rest
        var reader = TLVReader(parts)
        let inner = try #require(try reader.next())
        let name = try #require(try reader.next())
        let signed = Array(parts[..<reader.rest.startIndex])
        #expect(inner.tag == 0x7F21)
        #expect(name.value.elementsEqual("VT1234567800001".utf8))
        let seal = try #require(try reader.next())
        #expect(
            try card.state.device.publicKey.verify(
                Self.der(Array(seal.value)), of: signed, scheme: .ecdsaSHA256))
        let bodyOfInner = try #require(try TLVReader.find([0x7F4E], in: inner.value))
        let ownSeal = try #require(try TLVReader.find([0x5F37], in: inner.value))
        let key = try #require(card.state.keys[2]?.publicKey)
        let isCurve = key.algorithm == .p256
        #expect(
            try key.verify(
                isCurve ? Self.der(Array(ownSeal.value)) : Array(ownSeal.value),
                of: TLVWriter.object(0x7F4E, Array(bodyOfInner.value)),
                scheme: isCurve ? .ecdsaSHA256 : .rsaPKCS1SHA256))
        // The same number again is refused, and no key is lost.
        #expect(
            card.respond(to: [0, 0x46, 2, 0, 0, 0, UInt8(body.count)] + body + [0, 0])
                == [0x69, 0x85])
    }

    private static func der(_ signature: [UInt8]) throws -> [UInt8] {
        let half = signature.count / 2
        let numbers = try [signature.prefix(half), signature.suffix(half)].flatMap { part in
            var digits = Array(part.drop { $0 == 0 })
            if digits.first.map({ $0 & 0x80 != 0 }) ?? true { digits.insert(0, at: 0) }
            return try TLVWriter.object(0x02, digits)
        }
        return try TLVWriter.object(0x30, numbers)
    }

    @Test func decipheringIsTheBareOperation() throws {
        var card = try Self.opened(.rsa(bits: 2048))
        let one = [UInt8](repeating: 0, count: 255) + [1]
        #expect(card.respond(to: Self.command(0x62, 0x21, one)) == one + [0x90, 0])
        var curve = try Self.opened(.p256)
        let other = try KeyPair(generating: .p256)
        let key = try #require(curve.state.keys[1])
        let answer = curve.respond(to: Self.command(0x62, 0x80, try other.publicKey.point()))
        let expected = try other.agree(with: key.publicKey.point())
        #expect(answer == [4] + expected + [0x90, 0])
        #expect(curve.respond(to: Self.command(0x62, 0x80, [4, 1])) == [0x6A, 0x80])
    }

    @Test func deviceCertificatesLeadToTheRoot() throws {
        let (card, authority) = try S.personalised()
        var reader = TLVReader(card.state.deviceCertificates)
        let certificates = try reader.all()
        #expect(certificates.map(\.tag) == [0x7F21, 0x7F21])
        let names: [String] = try certificates.flatMap { certificate in
            try [TLVTag(0x42), 0x5F20].map {
                let value = try TLVReader.find([0x7F4E, $0], in: certificate.value)?.value
                return String(decoding: value ?? [], as: UTF8.self)
            }
        }
        #expect(names == ["VTISSUER00001", "VT1234567800001", "VTROOT00001", "VTISSUER00001"])
        let root = try SmartCardHSMTrust.rootCertificate(authority.key)
        #expect(try TLVReader.find([0x7F21, 0x7F4E, 0x7F49, 0x81], in: root) != nil)
        // An issuer's curve is the root's.
        #expect(
            try TLVReader.find([0x7F4E, 0x7F49, 0x81], in: certificates[1].value) == nil)
    }
}
