import APDU
import Crypto
import Foundation
import Testing
import VirtualToken

@Suite struct OpenPGPKeyTests {
    private typealias S = OpenPGPSamples
    private static let message = Array("một thông điệp".utf8)

    private static func opened(_ algorithm: KeyAlgorithm) throws -> OpenPGPCard {
        var (card, _) = try S.personalised {
            $0.keys = OpenPGPSlot.allCases.map { .init($0, algorithm) }
        }
        #expect(card.say(S.select) == [0x90, 0])
        #expect(card.say("00200081 06 \(S.pin)") == [0x90, 0])
        #expect(card.say("00200082 06 \(S.pin)") == [0x90, 0])
        return card
    }

    /// What a host sends to be signed: DigestInfo for RSA, the hash for a curve.
    private static func input(_ algorithm: KeyAlgorithm) throws -> [UInt8] {
        let hash = try SHA256.hash(message)
        guard case .rsa = algorithm else { return hash }
        let head = Hex.bytes("3031300D060960864801650304020105000420") ?? []
        return head + hash
    }

    /// The signature as OpenSSL wants it.
    private static func encoded(
        _ signature: [UInt8], _ algorithm: KeyAlgorithm
    ) throws -> [UInt8] {
        guard case .p256 = algorithm else { return signature }
        var body: [UInt8] = []
        for half in [signature.prefix(32), signature.suffix(32)] {
            var digits = Array(half.drop { $0 == 0 })
            if digits.first.map({ $0 & 0x80 != 0 }) ?? true { digits.insert(0, at: 0) }
            body += try TLVWriter.object(0x02, digits)
        }
        return try TLVWriter.object(0x30, body)
    }

    private static func scheme(_ algorithm: KeyAlgorithm) -> SignatureScheme {
        algorithm == .p256 ? .ecdsaSHA256 : .rsaPKCS1SHA256
    }

    @Test(arguments: [KeyAlgorithm.rsa(bits: 2048), .rsa(bits: 3072), .p256])
    func signaturesVerifyUnderTheCertificates(_ algorithm: KeyAlgorithm) throws {
        var card = try Self.opened(algorithm)
        let input = try Self.input(algorithm)
        let commands: [(UInt8, UInt8, UInt8, OpenPGPSlot)] = [
            (0x2A, 0x9E, 0x9A, .sign), (0x88, 0, 0, .authenticate),
        ]
        for (ins, p1, p2, slot) in commands {
            let (signature, status) = card.exchange(ins, p1, p2, input)
            #expect(status == .success)
            #expect(card.say(Self.selectData(slot.occurrence)) == [0x90, 0])
            let certificate = try Certificate(der: card.exchange(0xCA, 0x7F, 0x21, []).data)
            #expect(certificate.commonName == "Nguyễn Thị Ánh")
            #expect(
                try certificate.publicKey.verify(
                    Self.encoded(signature, algorithm), of: Self.message,
                    scheme: Self.scheme(algorithm)))
        }
        #expect(card.say(Self.selectData(OpenPGPSlot.decrypt.occurrence)) == [0x90, 0])
        #expect(card.exchange(0xCA, 0x7F, 0x21, []).data.isEmpty)
        #expect(card.say("00CA00DE00") == [1, 1, 2, 1, 3, 1, 0x90, 0])
    }

    private static func selectData(_ occurrence: UInt8) -> String {
        "00A50\(occurrence)04 06 60045C027F21"
    }

    @Test func theSigningPINServesOneSignatureUnlessC4SaysSeveral() throws {
        var card = try Self.opened(.p256)
        let hash = try SHA256.hash(Self.message)
        #expect(card.exchange(0x2A, 0x9E, 0x9A, hash).status == .success)
        #expect(card.exchange(0x2A, 0x9E, 0x9A, hash).status == .securityStatusNotSatisfied)
        #expect(card.exchange(0x88, 0, 0, hash).status == .success)
        #expect(card.exchange(0x88, 0, 0, hash).status == .success)
        Script.play(
            [("00200083 08 \(S.admin)", "9000"), ("00DA00C4 01 01", "9000")], on: &card)
        #expect(card.say("00200081 06 \(S.pin)") == [0x90, 0])
        for _ in 0..<2 { #expect(card.exchange(0x2A, 0x9E, 0x9A, hash).status == .success) }
        #expect(card.say("00CA007A00") == [0x93, 3, 0, 0, 3, 0x90, 0])
    }

    @Test func tooMuchToSignIsRefused() throws {
        var card = try Self.opened(.rsa(bits: 2048))
        let much = [UInt8](repeating: 1, count: 103)
        #expect(card.exchange(0x88, 0, 0, much).status == .wrongLength)
        #expect(card.exchange(0x88, 0, 0, much.dropLast()).status == .success)
        var curve = try Self.opened(.p256)
        #expect(curve.exchange(0x88, 0, 0, much).status == .wrongLength)
    }

    @Test func decipheringTakesThePaddingAwayAndMSEChangesTheKey() throws {
        var card = try Self.opened(.rsa(bits: 2048))
        for (environment, slot) in [
            ("", OpenPGPSlot.decrypt), ("002241B8 03 830103", .authenticate),
        ] {
            if !environment.isEmpty { #expect(card.say(environment) == [0x90, 0]) }
            let pair = try #require(card.state.keys[slot]?.pair)
            let plain: [UInt8] = [7, 7, 7]
            let fill = [UInt8](repeating: 0x5A, count: 256 - plain.count - 3)
            // m to the power of e, with e as the only thing OpenSSL is asked for.
            let cipher = try Self.encipher([0, 2] + fill + [0] + plain, pair.publicKey)
            let (data, status) = card.exchange(0x2A, 0x80, 0x86, [0] + cipher)
            #expect(status == .success)
            #expect(data == plain)
            #expect(card.exchange(0x2A, 0x80, 0x86, cipher).status == .incorrectData)
        }
        Script.play(
            [
                ("002241A4 03 830102", "9000"), ("002241B6 03 830102", "6A86"),
                ("002241A4 03 830101", "6A80"), ("002281A4 03 830102", "6A86"),
            ], on: &card)
    }

    /// Raw RSA by the openssl program: OpenSSL's public operation is not in room Crypto.
    private static func encipher(_ block: [UInt8], _ key: PublicKey) throws -> [UInt8] {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("openpgp-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (der, plain, cipher) = (
            folder.appendingPathComponent("key"), folder.appendingPathComponent("plain"),
            folder.appendingPathComponent("cipher")
        )
        try Data(key.subjectPublicKeyInfo).write(to: der)
        try Data(block).write(to: plain)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "openssl", "pkeyutl", "-encrypt", "-pubin", "-keyform", "DER", "-inkey", der.path,
            "-in", plain.path, "-out", cipher.path, "-pkeyopt", "rsa_padding_mode:none",
        ]
        try process.run()
        process.waitUntilExit()
        return [UInt8](try Data(contentsOf: cipher))
    }

    @Test func aCurveAgreesOnASecret() throws {
        var card = try Self.opened(.p256)
        let mine = try KeyPair(generating: .p256)
        let point = try TLVWriter.object(0x86, mine.publicKey.point())
        let template = try TLVWriter.object(0xA6, TLVWriter.object(0x7F49, point))
        let (data, status) = card.exchange(0x2A, 0x80, 0x86, template)
        #expect(status == .success)
        let theirs = try #require(try card.state.keys[.decrypt]?.pair.publicKey.point())
        #expect(try data == mine.agree(with: theirs))
        #expect(card.exchange(0x2A, 0x80, 0x86, [0xA6, 0]).status == .incorrectData)
    }

    @Test(arguments: [
        ("0108000011 00", KeyAlgorithm.rsa(bits: 2048)), ("132A8648CE3D030107", .p256),
    ])
    func aKeyIsMadeAfterTheAttributes(_ attributes: String, _ algorithm: KeyAlgorithm) throws {
        var card = OpenPGPCard(OpenPGPModel(), S.state())
        let bytes = try #require(Hex.bytes(attributes.filter { $0 != " " }))
        _ = card.say(S.select)
        #expect(card.say("00200083 08 \(S.admin)") == [0x90, 0])
        #expect(card.exchange(0xDA, 0, 0xC1, bytes).status == .success)
        let (made, status) = card.exchange(0x47, 0x80, 0, [0xB6, 0])
        #expect(status == .success)
        #expect(card.exchange(0x47, 0x81, 0, [0xB6, 0]).data == made)
        #expect(card.state.keys[.sign]?.pair.algorithm == algorithm)
        #expect(card.state.keys[.sign]?.origin == .generated)
        #expect(card.say("00CA00DE00") == [1, 1, 2, 0, 3, 0, 0x90, 0])
    }

    @Test func challengesAreAsLongAsAskedFor() {
        var card = OpenPGPCard(OpenPGPModel(), S.state())
        _ = card.say(S.select)
        #expect(card.say("0084000008").count == 10)
        #expect(card.say("0084000000").count == 258)
        #expect(card.say("00840000000101") == [0x67, 0])
    }

    @Test func aCardOutlivesTheProgramAsItWas() throws {
        let (card, _) = try S.personalised {
            $0.keys = [.init(.sign, .p256, origin: .imported), .init(.decrypt, .rsa(bits: 2048))]
            $0.salts = 3
            $0.resettingCode = "87654321"
            $0.pinServesSeveral = true
            $0.isLocked = true
        }
        let text = try card.stateText()
        let kept = try #require(try card.keeping(text) as? OpenPGPCard)
        #expect(try kept.stateText() == text)
        #expect(kept.counters == card.counters)
        #expect(kept.state.kdf == card.state.kdf)
        #expect(kept.state.objects == card.state.objects)
        #expect(kept.state.keys[.sign]?.origin == .imported)
        #expect(throws: VirtualTokenError.self) { try PIVState(text) }
        #expect(throws: VirtualTokenError.self) {
            try OpenPGPState(PIVCard(.plain, Samples.state()).stateText())
        }
    }
}
