import APDU
import Crypto
import Foundation
import Testing
import VirtualToken

@Suite struct GIDSKeyTests {
    private typealias S = GIDSSamples
    private typealias Container = GIDSFiles.Container
    private static let message = Array("một thông điệp".utf8)

    private static func opened(
        _ containers: [Container], _ oddities: GIDSModel.Oddities = []
    ) throws -> GIDSCard {
        var (card, _) = try S.personalised {
            $0.containers = containers
            $0.isUncompressed = true
            $0.model.oddities = oddities
        }
        _ = card.say(S.select)
        #expect(card.say("00200080 06 \(S.pin)") == [0x90, 0])
        return card
    }

    private static func certificate(
        _ card: inout GIDSCard, _ tag: UInt32
    ) throws -> Certificate {
        let name = [UInt8(tag >> 8), UInt8(truncatingIfNeeded: tag)]
        let (data, status) = card.exchange(0xCB, 0xA0, 0x10, [0x5C, 2] + name)
        #expect(status == .success)
        let stored = try #require(try TLVReader.find([TLVTag(tag)], in: data))
        return try Certificate(der: Array(stored.value))
    }

    /// MANAGE SECURITY ENVIRONMENT and PERFORM SECURITY OPERATION.
    private static func sign(
        _ card: inout GIDSCard, _ mechanism: UInt8, _ key: UInt8, _ input: [UInt8]
    ) -> (data: [UInt8], status: StatusWord) {
        let set = card.exchange(0x22, 0x41, 0xB6, [0x80, 1, mechanism, 0x84, 1, key])
        guard set.status == .success else { return set }
        return card.exchange(0x2A, 0x9E, 0x9A, input)
    }

    /// Two numbers side by side as OpenSSL wants them.
    private static func encoded(_ signature: [UInt8]) throws -> [UInt8] {
        var body: [UInt8] = []
        let half = signature.count / 2
        for number in [signature.prefix(half), signature.suffix(half)] {
            var digits = Array(number.drop { $0 == 0 })
            if digits.first.map({ $0 & 0x80 != 0 }) ?? true { digits.insert(0, at: 0) }
            body += try TLVWriter.object(0x02, digits)
        }
        return try TLVWriter.object(0x30, body)
    }

    @Test(arguments: [
        (KeyAlgorithm.rsa(bits: 2048), UInt8(0x07)), (.rsa(bits: 3072), 0x08),
    ])
    func signaturesOfRSAVerifyUnderTheCertificates(
        _ algorithm: KeyAlgorithm, _ kind: UInt8
    ) throws {
        var card = try Self.opened([Container(.signature, algorithm)])
        let certificate = try Self.certificate(&card, 0xDF24)
        #expect(certificate.commonName == "Nguyễn Thị Ánh")
        let block = try SignatureInput.block(
            for: Self.message, key: algorithm, scheme: .rsaPKCS1SHA256)
        let info = Array(block.suffix(51))
        for (mechanism, input) in [(0x50 | kind, info), (0x10 | kind, block)] {
            let (signature, status) = Self.sign(&card, mechanism, 0x81, input)
            #expect(status == .success)
            #expect(
                try certificate.publicKey.verify(
                    signature, of: Self.message, scheme: .rsaPKCS1SHA256))
        }
        // Not for deciphering, and not with another mechanism.
        #expect(
            card.exchange(0x22, 0x41, 0xB8, [0x80, 1, 0x40 | kind, 0x84, 1, 0x81]).status
                == .incorrectData)
        #expect(Self.sign(&card, kind, 0x81, info).status == .incorrectData)
        #expect(Self.sign(&card, 0x50 | kind, 0x81, []).status == .wrongLength)
        #expect(Self.sign(&card, 0x10 | kind, 0x81, info).status == .wrongLength)
    }

    @Test(arguments: [
        (KeyAlgorithm.p256, UInt8(0x1C), false), (.p256, 0x1C, true), (.p384, 0x1D, false),
    ])
    func signaturesOfCurvesVerifyUnderTheCertificates(
        _ algorithm: KeyAlgorithm, _ mechanism: UInt8, _ isDER: Bool
    ) throws {
        var card = try Self.opened(
            [Container(.signature, algorithm)], isDER ? .derSignatures : [])
        let certificate = try Self.certificate(&card, 0xDF24)
        let scheme = try #require(SignatureScheme.preferred(for: algorithm))
        let hash = try SignatureInput.block(for: Self.message, key: algorithm, scheme: scheme)
        let (signature, status) = Self.sign(&card, mechanism, 0x81, hash)
        #expect(status == .success)
        let der = isDER ? signature : try Self.encoded(signature)
        #expect(try certificate.publicKey.verify(der, of: Self.message, scheme: scheme))
        #expect(Self.sign(&card, mechanism, 0x81, hash + [0]).status == .wrongLength)
    }

    @Test func theExchangeKeyDeciphers() throws {
        var card = try Self.opened([Container(.exchange, .rsa(bits: 2048))])
        let key = try #require(card.state.keys[0x81])
        // The public operation by the openssl command.
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("gids-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("key").path
        try Data(key.publicKey.subjectPublicKeyInfo).write(to: URL(fileURLWithPath: file))
        let clear = folder.appendingPathComponent("clear").path
        try Data(Self.message).write(to: URL(fileURLWithPath: clear))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = [
            "pkeyutl", "-encrypt", "-pubin", "-keyform", "DER", "-inkey", file, "-in", clear,
        ]
        let out = Pipe()
        process.standardOutput = out
        try process.run()
        let cryptogram = [UInt8](out.fileHandleForReading.readDataToEndOfFile())
        process.waitUntilExit()
        #expect(cryptogram.count == 256)
        #expect(
            card.exchange(0x22, 0x41, 0xB8, [0x80, 1, 0x47, 0x84, 1, 0x81]).status == .success)
        let (found, status) = card.exchange(0x2A, 0x80, 0x86, cryptogram)
        #expect(status == .success)
        #expect(found == Self.message)
        #expect(
            card.exchange(0x2A, 0x80, 0x86, Array(cryptogram.dropLast())).status
                == .wrongLength)
        #expect(card.exchange(0x2A, 0x9E, 0x9A, Self.message).status == .incorrectParameters)
    }

    @Test func keysAreUsedByTheUserAlone() throws {
        var card = try Self.opened([Container(.signature, .p256)])
        let hash = try SHA256.hash(Self.message)
        #expect(Self.sign(&card, 0x1C, 0x81, hash).status == .success)
        _ = card.say("00200082")
        #expect(Self.sign(&card, 0x1C, 0x81, hash).status == .securityStatusNotSatisfied)
        #expect(card.exchange(0x2A, 0x9E, 0x9A, hash).status == .conditionsNotSatisfied)
        // The administrator is not the user.
        #expect(try card.authenticate(external: S.key) == .success)
        #expect(Self.sign(&card, 0x1C, 0x81, hash).status == .securityStatusNotSatisfied)
        #expect(Self.sign(&card, 0x1C, 0x85, hash).status == .referenceDataNotFound)
    }

    @Test(arguments: [KeyAlgorithm.rsa(bits: 2048), .p256])
    func theCardMakesAKeyAndShowsItsPublicHalf(_ algorithm: KeyAlgorithm) throws {
        var card = try Self.opened([Container(.signature, algorithm)])
        let old = try #require(card.state.keys[0x81]?.publicKey)
        let kind: UInt8 = algorithm == .p256 ? 0x0C : 0x07
        let (made, status) = card.exchange(0x47, 0, 0, [0xAC, 6, 0x80, 1, kind, 0x83, 1, 0x81])
        #expect(status == .success)
        let new = try #require(card.state.keys[0x81]?.publicKey)
        #expect(new != old)
        let (shown, _) = card.exchange(
            0xCB, 0x3F, 0xFF, [0x70, 8, 0x84, 1, 0x81, 0xA5, 3, 0x7F, 0x49, 0x80])
        #expect(shown == made)
        let first = try #require(
            try TLVReader.find([0x7F49, algorithm == .p256 ? 0x86 : 0x81], in: shown)?.value)
        #expect(
            try Array(first) == (algorithm == .p256 ? new.point() : new.rsaNumbers().modulus))
        _ = card.say("00200082")
        #expect(
            card.exchange(0x47, 0, 0, [0xAC, 6, 0x80, 1, kind, 0x83, 1, 0x81]).status
                == .securityStatusNotSatisfied)
    }

    /// With and without the zeros that make its numbers positive, as clients write them.
    @Test(arguments: [true, false])
    func aKeyOfRSAIsPutIn(_ isPositive: Bool) throws {
        var card = try Self.opened([Container(.exchange, .rsa(bits: 2048))])
        let pair = try KeyPair(generating: .rsa(bits: 2048))
        let whole = try pair.pkcs8()
        let inner = try #require(try TLVReader.find([0x30, 0x04], in: whole))
        var rsa = Array(inner.value)
        if !isPositive {
            let sequence = try #require(try TLVReader.find([0x30], in: rsa))
            var numbers: [UInt8] = []
            for number in try sequence.children(padding: .refused).everything() {
                let digits = number.value.drop { $0 == 0 }
                numbers += try TLVWriter.object(0x02, digits.isEmpty ? [0] : Array(digits))
            }
            rsa = try TLVWriter.object(0x30, numbers)
        }
        let template = try TLVWriter.object(
            0xA5, [0x83, 1, 2, 0x84, 1, 0] + TLVWriter.object(0x87, rsa))
        let object = try TLVWriter.object(0x70, [0x84, 1, 0x81] + template)
        #expect(card.exchange(0xDB, 0x3F, 0xFF, object).status == .success)
        #expect(card.state.keys[0x81]?.publicKey == pair.publicKey)
        #expect(card.exchange(0xDB, 0x3F, 0xFF, object.dropLast(1)).status == .incorrectData)
    }
}

extension TLVReader {
    fileprivate func everything() throws -> [TLV] {
        var reader = self
        return try reader.all()
    }
}
