import APDU
import Crypto
import Testing
import VirtualToken

/// Keys, certificates and management of the simulated card.
@Suite struct PIVKeyTests {
    static let message = Array("một thử thách".utf8)

    @Test(arguments: [
        (KeyAlgorithm.rsa(bits: 2048), UInt8(0x07)), (.rsa(bits: 3072), 0x05), (.p256, 0x11),
        (.p384, 0x14),
    ])
    func aSignatureVerifiesUnderTheCertificateOnTheCard(
        _ algorithm: KeyAlgorithm, _ identifier: UInt8
    ) throws {
        let (state, authority) = try Samples.personalised([.init(0x9A, algorithm)])
        var card = PIVCard(.plain, state)
        _ = card.say(Samples.select)
        let object = card.certificateObject(0x9A)
        #expect(object.status == .success)
        let der = try #require(try TLVReader.find([0x53, 0x70], in: object.data))
        let certificate = try Certificate(der: Array(der.value))
        #expect(certificate.commonName == "Nguyễn Thị Ánh")
        #expect(certificate.keyUsage == [.digitalSignature])
        let path = try CertificatePath.check(
            certificate, intermediates: [], roots: [authority.certificate], at: 1_800_000_000)
        #expect(path == .trusted(chain: [certificate, authority.certificate]))

        let scheme = try #require(SignatureScheme.preferred(for: algorithm))
        let block = try SignatureInput.block(for: Self.message, key: algorithm, scheme: scheme)
        #expect(try card.sign(0x9A, identifier, block).status == .securityStatusNotSatisfied)
        _ = card.say("00200080 08 \(Samples.pin)")
        let signature = try #require(try card.sign(0x9A, identifier, block).signature)
        #expect(
            try certificate.publicKey.verify(signature, of: Self.message, scheme: scheme))
        // A PIN that was verified once serves again, until another algorithm is asked for.
        #expect(try card.sign(0x9A, identifier, block).status == .success)
        #expect(try card.sign(0x9A, 0x06, block).status == .incorrectParameters)
        #expect(try card.sign(0x9A, identifier, block + [0]).status == .incorrectData)
        #expect(try card.sign(0x9A, identifier, []).status == .incorrectData)
        #expect(try card.sign(0x9C, identifier, block).status == .incorrectParameters)
    }

    @Test(arguments: [(PIVModel.plain, false), (PIVModel.yubiKey, true)])
    func theSignatureKeyWantsThePINEachTime(_ model: PIVModel, _ letsOthersBetween: Bool) throws {
        let (state, _) = try Samples.personalised([.init(0x9C, .p256)])
        var card = PIVCard(model, state)
        _ = card.say(Samples.select)
        let digest = try SHA256.hash(Self.message)
        _ = card.say("00200080 08 \(Samples.pin)")
        #expect(try card.sign(0x9C, 0x11, digest).status == .success)
        #expect(try card.sign(0x9C, 0x11, digest).status == .securityStatusNotSatisfied)
        _ = card.say("00200080 08 \(Samples.pin)")
        _ = card.say("00CB3FFF 03 5C017E 00")
        let expected: StatusWord = letsOthersBetween ? .success : .securityStatusNotSatisfied
        #expect(try card.sign(0x9C, 0x11, digest).status == expected)
    }

    @Test func theCardAuthenticationKeyWantsNoPIN() throws {
        let (state, _) = try Samples.personalised([.init(0x9E, .p256)])
        var card = PIVCard(.plain, state)
        _ = card.say(Samples.select)
        #expect(try card.sign(0x9E, 0x11, SHA256.hash([])).status == .success)
    }

    @Test func theKeyManagementKeyAgreesOnASecret() throws {
        let (state, _) = try Samples.personalised([.init(0x9D, .p256)])
        var card = PIVCard(.plain, state)
        _ = card.say(Samples.select)
        _ = card.say("00200080 08 \(Samples.pin)")
        let mine = try KeyPair(generating: .p256)
        let point = try mine.publicKey.point()
        let inner = try TLVWriter.object(0x82, []) + TLVWriter.object(0x85, point)
        let answer = card.exchange(0x87, 0x11, 0x9D, try TLVWriter.object(0x7C, inner))
        let secret = try #require(try TLVReader.find([0x7C, 0x82], in: answer.data))
        let cardPoint = try #require(state.keys[0x9D]).pair.publicKey.point()
        #expect(try Array(secret.value) == mine.agree(with: cardPoint))
        let off = try TLVWriter.object(0x7C, TLVWriter.object(0x82, []) + [0x85, 1, 4])
        #expect(card.exchange(0x87, 0x11, 0x9D, off).status == .incorrectData)
    }

    @Test(arguments: [
        "7C00", "7C028200", "7C0482008100", "7C0481000000", "8200", "7C05820081", "7C0382018080",
        "7C068200810101FF",
    ])
    func badTemplatesAreRefused(_ template: String) throws {
        let (state, _) = try Samples.personalised([.init(0x9E, .p256)])
        var card = PIVCard(.plain, state)
        _ = card.say(Samples.select)
        let answer = card.exchange(0x87, 0x11, 0x9E, Hex.bytes(template) ?? [])
        #expect(answer.status == .incorrectData)
    }

    @Test func aChainThatIsBrokenOffLeavesNothingBehind() throws {
        let (state, _) = try Samples.personalised([.init(0x9E, .p256)])
        var card = PIVCard(.plain, state)
        _ = card.say(Samples.select)
        let digest = try SHA256.hash([])
        let inner = try TLVWriter.object(0x82, []) + TLVWriter.object(0x81, digest)
        let template = try TLVWriter.object(0x7C, inner)
        let first = template.prefix(10)
        #expect(card.respond(to: [0x10, 0x87, 0x11, 0x9E, 10] + first) == [0x90, 0])
        _ = card.say("00CB3FFF 03 5C017E 00")
        let rest = [UInt8(template.count - 10)] + template.dropFirst(10)
        #expect(card.respond(to: [0x00, 0x87, 0x11, 0x9E] + rest) == [0x6A, 0x80])
        #expect(card.respond(to: [0x10, 0x87, 0x11, 0x9E, 10] + first) == [0x90, 0])
        #expect(card.respond(to: [0x00, 0x87, 0x11, 0x9E] + rest).suffix(2) == [0x90, 0])
        // Longer than any command has a right to be.
        var last: [UInt8] = []
        for _ in 0..<20 {
            last = card.respond(
                to: [0x10, 0x87, 0x11, 0x9E, 255] + [UInt8](repeating: 0, count: 255))
            if last == [0x67, 0] { break }
        }
        #expect(last == [0x67, 0])
    }

    // MARK: The management key

    private func authenticateExternally(_ card: inout PIVCard, _ key: PIVManagementKey) throws
        -> StatusWord
    {
        let algorithm: UInt8 = key.cipher == .tripleDES ? 0x03 : 0x0A
        let asked = card.exchange(0x87, algorithm, 0x9B, [0x7C, 2, 0x81, 0])
        guard let challenge = try TLVReader.find([0x7C, 0x81], in: asked.data) else {
            return asked.status
        }
        let response = try key.cipher.encrypt(Array(challenge.value), key: key.key)
        return card.exchange(
            0x87, algorithm, 0x9B,
            try TLVWriter.object(0x7C, TLVWriter.object(0x82, response))
        ).status
    }

    @Test func theManagementKeyOpensManagement() throws {
        var card = PIVCard(.plain, Samples.state())
        _ = card.say(Samples.select)
        #expect(try authenticateExternally(&card, .published) == .success)
        let made = card.exchange(0x47, 0, 0x9A, [0xAC, 3, 0x80, 1, 0x11])
        #expect(made.status == .success)
        let point = try #require(try TLVReader.find([0x7F49, 0x86], in: made.data))
        #expect(try Array(point.value) == card.state.keys[0x9A]?.pair.publicKey.point())
        let content: [UInt8] = [0x70, 0x01, 0xAA]
        let put = card.exchange(
            0xDB, 0x3F, 0xFF, [0x5C, 3, 0x5F, 0xC1, 0x05] + [0x53, 3] + content)
        #expect(put.status == .success)
        #expect(card.certificateObject(0x9A).data == [0x53, 3] + content)
        _ = card.exchange(0xDB, 0x3F, 0xFF, [0x5C, 3, 0x5F, 0xC1, 0x05, 0x53, 0])
        #expect(card.certificateObject(0x9A).status == .fileNotFound)
        let huge =
            [0x5C, 3, 0x5F, 0xC1, 0x05] + [UInt8(0x53), 0x82, 0x0F, 0x00]
            + [UInt8](repeating: 0, count: 0x0F00)
        #expect(card.exchange(0xDB, 0x3F, 0xFF, huge).status == .success)
        card.reset()
        _ = card.say(Samples.select)
        #expect(
            card.exchange(0x47, 0, 0x9A, [0xAC, 3, 0x80, 1, 0x11]).status
                == .securityStatusNotSatisfied)
    }

    @Test func aWrongManagementKeyOpensNothing() throws {
        var card = PIVCard(.plain, Samples.state())
        _ = card.say(Samples.select)
        var wrong = PIVManagementKey.published
        wrong.key[0] ^= 0x40
        #expect(try authenticateExternally(&card, wrong) == .securityStatusNotSatisfied)
        #expect(
            card.exchange(0x47, 0, 0x9A, [0xAC, 3, 0x80, 1, 0x11]).status
                == .securityStatusNotSatisfied)
        #expect(card.exchange(0x87, 0x0A, 0x9B, [0x7C, 2, 0x81, 0]).status == .incorrectParameters)
    }

    @Test func aChallengeLivesForOneCommand() throws {
        var card = PIVCard(.plain, Samples.state())
        _ = card.say(Samples.select)
        let asked = card.exchange(0x87, 0x03, 0x9B, [0x7C, 2, 0x81, 0])
        let challenge = try #require(try TLVReader.find([0x7C, 0x81], in: asked.data))
        let response = try BlockCipher.tripleDES.encrypt(
            Array(challenge.value), key: PIVManagementKey.published.key)
        _ = card.say("00200080")
        let late = card.exchange(
            0x87, 0x03, 0x9B, try TLVWriter.object(0x7C, TLVWriter.object(0x82, response)))
        #expect(late.status == .incorrectData)
    }

    @Test func mutualAuthenticationProvesBothSides() throws {
        var card = PIVCard(.plain, Samples.state())
        _ = card.say(Samples.select)
        let key = PIVManagementKey.published
        let asked = card.exchange(0x87, 0x03, 0x9B, [0x7C, 2, 0x80, 0])
        let witness = try #require(try TLVReader.find([0x7C, 0x80], in: asked.data))
        let mine: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
        let inner =
            try TLVWriter.object(
                0x80, key.cipher.decrypt(Array(witness.value), key: key.key))
            + TLVWriter.object(0x81, mine)
        let answer = card.exchange(0x87, 0x03, 0x9B, try TLVWriter.object(0x7C, inner))
        #expect(answer.status == .success)
        let proof = try #require(try TLVReader.find([0x7C, 0x82], in: answer.data))
        #expect(try Array(proof.value) == key.cipher.encrypt(mine, key: key.key))
    }

    @Test func aYubiKeyTakesANewManagementKeyAndNewLimits() throws {
        var card = PIVCard(.yubiKey, Samples.state())
        _ = card.say(Samples.select)
        #expect(try authenticateExternally(&card, .published) == .success)
        let key = [UInt8](repeating: 7, count: 24)
        #expect(card.exchange(0xFF, 0xFF, 0xFF, [0x0A, 0x9B, 24] + key).status == .success)
        #expect(card.exchange(0xFF, 0xFF, 0xFF, [0x0A, 0x9B, 23] + key).status == .incorrectData)
        let new = PIVManagementKey(cipher: .aes192, key: key)
        #expect(try authenticateExternally(&card, new) == .success)
        #expect(card.say("00FA0504") == [0x69, 0x82])
        _ = card.say("00200080 08 \(Samples.pin)")
        #expect(card.say("00FA0504") == [0x90, 0])
        #expect(card.state.pin.total == 5)
        #expect(card.state.puk.total == 4)
        #expect(card.say("00200080") == [0x63, 0xC5])
    }

    @Test func aYubiKeyWithBothCodesBlockedCanBeEmptied() throws {
        let (full, _) = try Samples.personalised([.init(0x9A, .p256)])
        var state = Samples.state(pinLeft: 0, pukLeft: 0)
        state.keys = full.keys
        var card = PIVCard(.yubiKey, state)
        _ = card.say(Samples.select)
        #expect(card.say("00FB0000") == [0x90, 0])
        #expect(card.state.keys.isEmpty)
        #expect(card.state.pin.left == 3)
    }

    @Test func metadataTellsOriginPolicyAndKey() throws {
        let (state, _) = try Samples.personalised([
            .init(0x9A, .p256, origin: .imported), .init(0x9C, .rsa(bits: 2048)),
        ])
        var card = PIVCard(.yubiKey, state)
        _ = card.say(Samples.select)
        let first = card.exchange(0xF7, 0, 0x9A, []).data
        #expect(first.starts(with: [1, 1, 0x11, 2, 2, 2, 1, 3, 1, 2, 4, 67, 0x86, 65, 4]))
        let second = card.exchange(0xF7, 0, 0x9C, []).data
        #expect(second.starts(with: [1, 1, 0x07, 2, 2, 3, 1, 3, 1, 1]))
        let modulus = try #require(try TLVReader.find([0x04, 0x81], in: second))
        #expect(
            try Array(modulus.value) == state.keys[0x9C]?.pair.publicKey.rsaNumbers().modulus)
    }
}
