import APDU
import Crypto
import Testing
import VirtualToken

@testable import Tokens

/// Who a token says it is.
@Suite struct IdentityTests {
    @Test(arguments: [false, true], [Set<UInt8>(), [0x9A], [0x9A, 0x9C]])
    func aTokenTellsItsNumbersAndCertificates(_ yubico: Bool, _ compressed: Set<UInt8>) throws {
        var card = VirtualChannel(
            try Sample.card(PIVModel(yubico: yubico)) { $0.compressed = compressed })
        let applet = try select(&card)
        let identity = try applet.readIdentity(&card, slots: nil)
        #expect(identity.family == .piv)
        #expect(identity.model == (yubico ? "PIV with extensions 5.4.3" : "PIV"))
        #expect(identity.serial == (yubico ? "12345678" : nil))
        #expect(identity.guid?.count == 32)
        #expect(identity.certificates.map(\.slot.rawValue) == ["9a", "9c"])
        #expect(identity.certificates.map(\.use) == [.authentication, .signature])
        #expect(identity.certificates.allSatisfy { $0.certificate.commonName == "Nguyễn Thị Ánh" })
        let numbers = identity.deviceNumbers
        #expect(numbers.count == (yubico ? 4 : 3))
        #expect(identity.deviceNumber == (yubico ? "12345678" : identity.guid))
        #expect(identity.provingCertificate()?.slot.rawValue == "9c")
        #expect(card.token.withLock { $0.piv?.state.pin.spent } == 0)
    }

    @Test(arguments: [
        ("zero GUID", [0x34, 16] + [UInt8](repeating: 0, count: 16)),
        ("no GUID", [0x30, 1, 7, 0xFE, 0]), ("a short GUID", [0x34, 2, 1, 2]),
        ("not TLV", [0x34, 0x82]), ("empty", []),
    ])
    func aCHUIDThatNamesNobodyGivesNoNumber(_ name: String, _ chuid: [UInt8]) throws {
        var state = try Sample.state()
        state.objects[0x5FC102] = chuid
        var card = VirtualChannel(PIVCard(.plain, state))
        let applet = try select(&card)
        let identity = try applet.readIdentity(&card, slots: [])
        #expect(identity.guid == nil, "\(name)")
        #expect(identity.deviceNumber == nil)
    }

    @Test func aTokenWithoutCHUIDStillHasItsCertificates() throws {
        var state = try Sample.state()
        state.objects[0x5FC102] = nil
        var card = VirtualChannel(PIVCard(.plain, state))
        let applet = try select(&card)
        let identity = try applet.readIdentity(&card, slots: nil)
        #expect(identity.guid == nil)
        #expect(identity.deviceNumber == identity.certificates.first?.certificate.serialNumber)
    }

    @Test func onlyTheSlotsAskedForAreRead() throws {
        var card = RewiredCard(try Sample.card())
        let applet = try select(&card)
        let slot = KeySlot(rawValue: "9c")
        let identity = try applet.readIdentity(&card, slots: [slot])
        #expect(identity.certificates.map(\.slot) == [slot])
        let read = card.sent.filter { $0[1] == 0xCB }.map { Hex.upper($0[7..<10]) }
        #expect(read == ["5FC10A", "5FC102"])
    }

    @Test(arguments: [[0x70, 3, 1, 2, 3], [0x70, 0x85], [0x70, 2, 0x1F, 0x8B], [0x71, 1, 1], []])
    func aCertificateThatCannotBeReadIsLeftOutAndTheOthersCount(_ object: [UInt8]) throws {
        var state = try Sample.state()
        state.objects[0x5FC105] = object
        var card = VirtualChannel(PIVCard(.plain, state))
        let applet = try select(&card)
        let identity = try applet.readIdentity(&card, slots: nil)
        #expect(identity.certificates.map(\.slot.rawValue) == ["9c"])
    }

    /// Some tokens hold a compressed certificate and do not say so in 71.
    @Test func aCompressedCertificateIsKnownByItsFirstBytes() throws {
        let certificate = try Sample.certificate()
        let packed = Gzip.compress(certificate.der)
        let held = try TLVWriter.object(0x70, packed)
        let object = try TLVWriter.object(0x53, held)
        #expect(try Tokens.PIVObject.certificate(object) == certificate)
    }

    @Test(arguments: [
        ("F8", "9000", nil), ("F8", "6D00", nil), ("F8", "000000009000", nil),
        ("F8", "0000019000", nil), ("F8", "FFFFFFFF9000", "4294967295"),
        ("F8", "00BC614E9000", "12345678"),
    ] as [(String, String, String?)])
    func aSerialIsFourBytesAndNotZero(
        _ instruction: String, _ answer: String, _ serial: String?
    ) throws {
        var card = RewiredCard(try Sample.card(.extended), [("00" + instruction, answer)])
        let applet = try select(&card)
        #expect(try applet.readIdentity(&card, slots: []).serial == serial)
    }

    @Test func anotherAppletIsNoticedBeforeAnythingIsBelieved() throws {
        for status in ["6D00", "6E00"] {
            var card = RewiredCard(try Sample.card(), [("00CB", status)])
            let applet = try select(&card)
            do throws(TokenError) {
                _ = try applet.readIdentity(&card, slots: nil)
                Issue.record("\(status) passed")
            } catch {
                #expect(error.code == .disturbed(StatusWord(rawValue: UInt16(status, radix: 16) ?? 0)))
                #expect(!error.mayHaveReached)
            }
        }
    }

    // MARK: Recognising

    @Test func theApplicationIsFoundByItsShortIdentifierToo() throws {
        var card = RewiredCard(try Sample.card(), [("00A4040009", "6A82")])
        _ = try select(&card)
        #expect(card.headers.filter { $0 == "00A40400" }.count == 2)
    }

    @Test(arguments: ["6A82", "6D00", "6F048402A0009000", "9000"])
    func aCardWithoutTheApplicationIsUnsupported(_ answer: String) throws {
        var card = RewiredCard(try Sample.card(), [("00A4", answer)])
        do throws(TokenError) {
            _ = try TokenFamilies.recognise(&card)
            Issue.record("recognised")
        } catch {
            #expect(error.code == .unsupported)
        }
    }

    @Test(arguments: [("9000", "PIV"), ("01029000", "PIV"), ("6E00", "PIV"), ("0102039000", "PIV with extensions 1.2.3")])
    func aVersionOfThreeBytesMakesTheExtensions(_ answer: String, _ model: String) throws {
        var card = RewiredCard(try Sample.card(), [("00FD", answer)])
        let applet = try select(&card)
        #expect(try applet.readIdentity(&card, slots: []).model == model)
        #expect(applet.pinRule.characters == (model == "PIV" ? .digits : .printable))
        let rule = try applet.readUnblocking(&card).first?.rule
        #expect(rule?.minimum == (model == "PIV" ? 8 : 6))
    }

    // MARK: Matching

    private static func identity(
        serial: String? = nil, guid: String? = nil, _ certificates: [TokenCertificate] = []
    ) -> TokenIdentity {
        TokenIdentity(
            family: .piv, model: "PIV", serial: serial, guid: guid, certificates: certificates)
    }

    @Test(arguments: [
        ("12345678", "12345678"), ("1234 5678", "12345678"), ("1234-5678", "12345678"),
        ("AB-CD-EF", "abcdef"), ("abcdef", "abcdef"), ("1234567", nil), ("", nil), (" -", nil),
        ("123456789", nil),
    ] as [(String, String?)])
    func aNumberIsMatchedWithoutBlanksDashesAndCase(_ typed: String, _ found: String?) {
        #expect(Self.identity(serial: "12345678", guid: "abcdef").match(typed) == found)
    }

    @Test func theProvingKeyIsTheMatchedOneElseTheSignatureKey() throws {
        let uses: [(String, TokenCertificate.Use)] = [
            ("9a", .authentication), ("9c", .signature), ("9d", .decryption),
            ("9e", .cardAuthentication),
        ]
        let all = try uses.map { slot, use in
            TokenCertificate(
                slot: KeySlot(rawValue: slot), use: use, certificate: try Sample.certificate())
        }
        func proving(_ entries: [TokenCertificate], _ number: String?) -> String? {
            Self.identity(entries).provingCertificate(matched: number)?.slot.rawValue
        }
        #expect(proving(all, nil) == "9c")
        #expect(proving(all, all[0].certificate.serialNumber) == "9a")
        // A decryption key never signs, whoever names it.
        #expect(proving(all, all[2].certificate.serialNumber) == "9c")
        #expect(proving(all, "another") == "9c")
        #expect(proving([all[0], all[2], all[3]], nil) == "9a")
        #expect(proving([all[2], all[3]], nil) == nil)
    }

    @Test func aTokenIsTheSameByItsNumbersAndItsProvingCertificate() throws {
        let slot = KeySlot(rawValue: "9c")
        let mine = TokenCertificate(
            slot: slot, use: .signature, certificate: try Sample.certificate())
        let other = TokenCertificate(
            slot: slot, use: .signature, certificate: try Sample.certificate())
        let identity = Self.identity(serial: "1", guid: "2", [mine])
        #expect(identity.isSame(as: identity, proving: slot))
        #expect(identity.isSame(as: Self.identity(serial: "1", guid: "2"), proving: nil))
        #expect(!identity.isSame(as: Self.identity(serial: "1", guid: "2"), proving: slot))
        #expect(!identity.isSame(as: Self.identity(serial: "1", guid: "2", [other]), proving: slot))
        #expect(!identity.isSame(as: Self.identity(serial: "3", guid: "2", [mine]), proving: slot))
        #expect(!identity.isSame(as: Self.identity(serial: "1", guid: nil, [mine]), proving: slot))
    }
}
