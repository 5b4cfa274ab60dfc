import APDU
import Crypto
import Testing
import VirtualToken

/// What the simulated token states of its keys, in the form of Yubico's tokens.
@Suite struct PIVAttestationTests {
    static let now: Int64 = 1_800_000_000

    private static func card(
        _ keys: [Personalisation.Key], attesting: Bool = true, model: PIVModel = .yubiKey,
        serial: UInt32 = 12_345_678
    ) throws -> (card: PIVCard, authority: CertificateIssuer) {
        let authority = try Personalisation.authority(now: now)
        var wanted = Personalisation()
        wanted.keys = keys
        wanted.serial = serial
        wanted.isAttesting = attesting
        var card = PIVCard(model, try wanted.make(now: now, authority: authority))
        _ = card.say(Samples.select)
        return (card, authority)
    }

    @Test(arguments: [
        (UInt8(0x9A), UInt32(12_345_678), "0204 00BC614E", "0201"),
        (0x9C, 0x80, "0202 0080", "0301"), (0x9E, 0x7F, "0201 7F", "0101"),
        (0x9A, 0xFFFF_FFFF, "0205 00FFFFFFFF", "0201"),
    ])
    func aStatementIsOfTheKeyAndLeadsToTheAuthority(
        _ slot: UInt8, _ serial: UInt32, _ inDER: String, _ policies: String
    ) throws {
        var (card, authority) = try Self.card([.init(slot, .p256)], serial: serial)
        let answer = card.exchange(0xF9, slot, 0, [])
        #expect(answer.status == .success)
        let statement = try Certificate(der: answer.data)
        let object = card.exchange(0xCB, 0x3F, 0xFF, [0x5C, 3, 0x5F, 0xFF, 0x01])
        let signer = try Certificate(
            der: Array(try #require(try TLVReader.find([0x53, 0x70], in: object.data)).value))
        #expect(statement.publicKey == card.state.keys[slot]?.pair.publicKey)
        #expect(statement.commonName == "YubiKey PIV Attestation " + Hex.lower([slot]))
        let path = try CertificatePath.check(
            statement, intermediates: [signer], roots: [authority.certificate], at: Self.now)
        #expect(path == .trusted(chain: [statement, signer, authority.certificate]))
        let arc = "1.3.6.1.4.1.41482.3"
        #expect(try statement.extensionValue(arc + ".3") == [5, 4, 3])
        #expect(
            try statement.extensionValue(arc + ".7") == Hex.bytes(inDER.filter { $0 != " " }))
        #expect(try statement.extensionValue(arc + ".8") == Hex.bytes(policies))
        #expect(try statement.extensionValue(arc + ".77") == nil)
        #expect(card.revision == 0)
    }

    @Test(arguments: [
        ("an imported key", "00F9 9C00 00", StatusWord.incorrectData),
        ("a slot without a key", "00F9 9D00 00", .referenceDataNotFound),
        ("no slot for keys", "00F9 9B00 00", .incorrectParameters),
        ("a second parameter", "00F9 9A01 00", .incorrectParameters),
    ])
    func whatCannotBeStatedIsRefused(
        _ name: String, _ command: String, _ expected: StatusWord
    ) throws {
        var (card, _) = try Self.card([.init(0x9A, .p256), .init(0x9C, .p256, origin: .imported)])
        let answer = card.say(command)
        #expect(StatusWord(answer[0], answer[1]) == expected, "\(name)")
    }

    @Test(arguments: [(false, PIVModel.yubiKey), (true, .plain)])
    func aTokenWithoutTheKeyStatesNothing(
        _ attesting: Bool, _ model: PIVModel
    ) throws {
        var (card, _) = try Self.card([.init(0x9A, .p256)], attesting: attesting, model: model)
        #expect(Hex.upper(card.say("00F9 9A00 00")) == "6D00")
    }

    @Test func theKeyIsKeptAndOutlivesAResetOfTheApplication() throws {
        var (card, _) = try Self.card([.init(0x9A, .p256)])
        #expect(card.exchange(0xF9, 0x9A, 0, []).status == .success)
        let kept = try PIVState(card.state.text())
        #expect(try kept.text() == card.state.text())
        #expect(kept.attestation?.publicKey == card.state.attestation?.publicKey)
        for _ in 0..<3 {
            _ = card.say("00200080 08 \(Samples.wrong)")
            _ = card.say("002C0080 10 \(Samples.wrong)\(Samples.wrong)")
        }
        #expect(Hex.upper(card.say("00FB0000")) == "9000")
        #expect(card.state.attestation != nil)
        #expect(card.exchange(0xCB, 0x3F, 0xFF, [0x5C, 3, 0x5F, 0xFF, 0x01]).status == .success)
    }
}
