import APDU
import Crypto
import Expectations
import Testing
import VirtualToken

@testable import Tokens

/// What a PIV token states of its keys, as the applet reads it.
@Suite struct AttestationTests {
    private static let slot = KeySlot(rawValue: "9a")

    @Test func aStatementIsReadWithItsClaims() throws {
        var card = RewiredCard(
            try Sample.card(.extended) {
                $0.isAttesting = true
                $0.serial = 4_294_967_295
            })
        let applet = try select(&card)
        let identity = try applet.readIdentity(&card, slots: nil)
        let sentBefore = card.sent.count
        let attestation = try #require(try applet.readAttestation(&card, of: Self.slot))
        let key = identity.certificates.first { $0.slot == Self.slot }?.certificate.publicKey
        #expect(attestation.statement.publicKey == key)
        #expect(attestation.statement.issuer == attestation.signer.subject)
        #expect(attestation.serial == "4294967295" && attestation.serial == identity.serial)
        #expect(attestation.firmware == "5.4.3")
        #expect(attestation.pinPolicy == "once" && attestation.touchPolicy == "never")
        // Nothing but the statement and its signer is asked for.
        #expect(
            card.headers[sentBefore...].filter { !$0.hasPrefix("00C0") } == [
                "00F99A00", "00CB3FFF",
            ]
        )
    }

    @Test(arguments: [
        ("an imported key", true, PIVModel.extended, "9c"),
        ("a token without the key F9", false, .extended, "9a"),
        ("a token without the extensions", true, .plain, "9a"),
        ("a slot without a key", true, .extended, "9d"),
        ("no slot", true, .extended, "xx"),
    ])
    func whatStatesNothingIsNone(
        _ name: String, _ attesting: Bool, _ model: PIVModel, _ slot: String
    ) throws {
        var card = RewiredCard(
            try Sample.card(model) {
                $0.isAttesting = attesting
                $0.keys = [.init(0x9A, .p256), .init(0x9C, .p256, origin: .imported)]
            })
        let applet = try select(&card)
        #expect(
            try applet.readAttestation(&card, of: KeySlot(rawValue: slot)) == nil, "\(name)")
    }

    @Test(arguments: [
        ("00F9", "9000"), ("00F9", "30039000"), ("00F9", "6F00"), ("00CB3FFF055C035FFF01", "6A82"),
        ("00CB3FFF055C035FFF01", "53009000"), ("00CB3FFF055C035FFF01", "53047002FFFF9000"),
    ])
    func whatDoesNotReadIsNone(_ command: String, _ answer: String) throws {
        var card = RewiredCard(
            try Sample.card(.extended) { $0.isAttesting = true }, [(command, answer)])
        let applet = try select(&card)
        #expect(try applet.readAttestation(&card, of: Self.slot) == nil)
    }

    @Test func aTokenThatIsPulledIsAFault() throws {
        var card = RewiredCard(try Sample.card(.extended) { $0.isAttesting = true }) { command in
            command[1] == 0xF9 ? .fault(.removed) : .through
        }
        let applet = try select(&card)
        let error = caught(TokenError.self) {
            _ = try applet.readAttestation(&card, of: Self.slot)
        }
        #expect(error?.code == .fault(.removed))
    }

    /// Claims as makers wrote them, and as nobody should.
    @Test(
        arguments: [
            ("0203 010000", "050403", "0201", "65536", "5.4.3", "once", "never"),
            ("0200", "0504", "02", nil, nil, nil, nil),
            ("0201 FF", "", "0303", nil, nil, "always", "cached"),
            ("0209 010000000000000000", "05040302", "0909", nil, nil, nil, nil),
            (
                "0208 7FFFFFFFFFFFFFFF", "000000", "0502", "9223372036854775807", "0.0.0",
                "match always",
                "always"
            ),
            ("0201 01 00", "FF", "000000", nil, nil, nil, nil),
        ] as [(String, String, String, String?, String?, String?, String?)])
    func claimsAreReadOrLeftOut(
        _ serialBytes: String, _ version: String, _ policies: String, _ serial: String?,
        _ firmware: String?, _ pin: String?, _ touch: String?
    ) throws {
        let authority = try Personalisation.authority(now: Sample.now)
        var content = CertificateContent(
            subject: [("CN", "x")], key: try KeyPair(generating: .p256).publicKey,
            notBefore: 0, notAfter: 1)
        let arc = "1.3.6.1.4.1.41482.3"
        content.otherExtensions = [
            (arc + ".7", Hex.bytes(serialBytes.filter { $0 != " " }) ?? []),
            (arc + ".3", Hex.bytes(version) ?? []), (arc + ".8", Hex.bytes(policies) ?? []),
        ]
        let signer = try TLVWriter.object(
            0x53, TLVWriter.object(0x70, authority.certificate.der))
        let read = try #require(
            PIVAttestation.read(statement: try authority.issue(content).der, signer: signer))
        #expect(read.serial == serial && read.firmware == firmware)
        #expect(read.pinPolicy == pin && read.touchPolicy == touch)
    }
}
