import APDU
import Crypto
import Secrets
import Testing
import VirtualToken

@testable import Tokens

/// ISO 7816-15 objects byte by byte, and codes in their encodings.
@Suite struct PKCS15ObjectTests {
    private func bytes(_ hex: String) -> [UInt8] { Hex.bytes(hex.filter { $0 != " " }) ?? [] }

    @Test(
        arguments: [
            ("61 0F 4F 05 A000000001 50 02 4142 51 02 5015", 1, "AB", [0x50, 0x15]),
            ("61 07 4F 05 A000000001", 1, nil, nil),
            ("61 0B 4F 05 A000000001 51 02 5015 0000000000", 1, nil, [0x50, 0x15]),
            ("61 0A 4F 05 A000000001 51 01 50", 1, nil, nil),
            ("61 04 4F 02 A000", 0, nil, nil), ("62 07 4F 05 A000000001", 0, nil, nil),
            ("61 07 4F 05 A0000000", 0, nil, nil), ("", 0, nil, nil), ("0000", 0, nil, nil),
        ] as [(String, Int, String?, [UInt8]?)])
    func theDirectoryNamesApplications(
        _ file: String, _ count: Int, _ label: String?, _ path: [UInt8]?
    ) {
        let found = Tokens.PKCS15Object.applications(bytes(file))
        #expect(found.count == count)
        #expect(found.first?.label == label)
        #expect(found.first?.path == path)
    }

    @Test(
        arguments: [
            (
                "A0 06 3004 0402 4402 A8 0A 3008 0406 3F0050154401 A4 06 3004 0402 4404 00000000",
                ["4402"], ["4404"], ["3F0050154401"]
            ),
            ("A8 06 3004 0402 7001 A8 06 3004 0402 7003", [], [], ["7001", "7003"]),
            ("A1 06 3004 0402 4403 A8 06 3004 0402 7001", [], [], ["7001"]),
            ("A8 05 3003 0401 70", nil, nil, nil), ("30 02 0500", nil, nil, nil),
            ("", nil, nil, nil),
            ("A8 06 3004 0402 70", nil, nil, nil),
        ] as [(String, [String]?, [String]?, [String]?)])
    func theODFSaysWhereTheListsAre(
        _ file: String, _ keys: [String]?, _ certificates: [String]?, _ codes: [String]?
    ) {
        let found = Tokens.PKCS15Object.directory(bytes(file))
        #expect(found?.privateKeys.map { Hex.upper($0.file) } == keys)
        #expect(found?.certificates.map { Hex.upper($0.file) } == certificates)
        #expect(found?.authentication.map { Hex.upper($0.file) } == codes)
    }

    @Test(
        arguments: [
            ("30 0C 020100 0402 0102 8003 414243", "0102", "ABC"),
            ("30 0D 020100 0402 0102 0C04 58595A57", "0102", nil),
            ("30 03 020100", "", nil), ("31 03 020100", nil, nil), ("30 05 0201", nil, nil),
            // A label is text without control characters.
            ("30 0A 020100 0401 01 8002 410A", "01", nil),
        ] as [(String, String?, String?)])
    func theTokenTellsItsSerialAndLabel(_ file: String, _ serial: String?, _ label: String?) {
        let found = Tokens.PKCS15Object.tokenInfo(bytes(file))
        #expect(found.map { Hex.upper($0.serial) } == serial)
        #expect(found?.label == label)
    }

    @Test func pathsMayMeanAPartOfAFile() throws {
        let entry = "30 1C 3000 3003 040145 A113 3011 300F 0406 3F0050153401 020204B0 800102"
        let found = Tokens.PKCS15Object.certificates(bytes(entry))
        let place = try #require(found.first?.place)
        guard case .file(let path) = place else {
            Issue.record("not in a file")
            return
        }
        #expect(path == .init(file: bytes("3F0050153401"), offset: 0x4B0, count: 2))
    }

    @Test func aCertificateMayStandInItsEntry() {
        let entry = "30 0F 3000 3003 040145 A106 3004 A002 3000"
        #expect(
            Tokens.PKCS15Object.certificates(bytes(entry))
                == [.init(identifier: [0x45], place: .here([0x30, 0x00]))])
    }

    @Test(arguments: [
        ("30 21 3005 0403 414243", 0),
        // An elliptic curve's stands under A0.
        (
            "A0 22 3003 0401 01 300F 040145 0303 062040 0302 03B8 020103 "
                + "A10A 3008 3004 0402 3F00 0500", 1
        ),
        (
            "30 22 3003 0401 01 300F 040145 0303 062040 0302 03B8 020103 "
                + "A10A 3008 3004 0402 3F00 0500", 1
        ),
        (
            "A4 22 3003 0401 01 300F 040145 0303 062040 0302 03B8 020103 "
                + "A10A 3008 3004 0402 3F00 0500", 0
        ),
        ("", 0), ("A0", 0), ("30 00", 0), ("30 06 3000 3000 A100", 0),
    ])
    func privateKeysAreReadOrLeftOut(_ file: String, _ count: Int) {
        let found = Tokens.PKCS15Object.privateKeys(bytes(file))
        #expect(found.count == count)
        guard let key = found.first else { return }
        #expect(key.identifier == [0x45])
        #expect(key.authentication == [1])
        #expect(key.reference == 3)
        #expect(key.use == .signature)
        #expect(key.claimedOrigin == .generated)
    }

    // MARK: Codes

    private func code(
        flags: String = "02044C", kind: Int = 1, minimum: Int = 4, stored: Int = 8,
        maximum: Int? = 8, reference: String = "800101", pad: String = "0401FF"
    ) -> String {
        func number(_ value: Int) -> String { "0201" + Hex.upper([UInt8(value)]) }
        let type =
            "03" + flags + "0A01" + Hex.upper([UInt8(kind)]) + number(minimum) + number(stored)
            + (maximum.map(number) ?? "") + reference + pad
        func wrap(_ tag: String, _ content: String) -> String {
            tag + Hex.upper([UInt8(content.count / 2)]) + content
        }
        return wrap(
            "30",
            wrap("30", "0C0141" + "040102") + wrap("30", "040101") + wrap("A1", wrap("30", type)))
    }

    @Test func aCodesEntryIsRead() throws {
        let found = try #require(PKCS15Authentication.all(bytes(code())).first)
        #expect(found.identifier == [1])
        #expect(found.unblockedBy == [2])
        #expect(found.label == "A")
        #expect(found.kind == .asciiNumeric)
        #expect([found.minimum, found.maximum, found.stored] == [4, 8, 8])
        #expect(found.reference == 1)
        #expect(found.padding == 0xFF)
        #expect(found.isLocal && found.isInitialized && found.needsPadding)
        #expect(!found.isNeverUnblocked && !found.unblocks && !found.isOfficers)
    }

    @Test func whatACodesEntryLeavesOutHasADefault() throws {
        let found = try #require(
            PKCS15Authentication.all(bytes(code(maximum: nil, reference: "", pad: ""))).first)
        #expect(found.maximum == 8)
        #expect(found.reference == 0)
        #expect(found.padding == 0xFF)
    }

    @Test func aCodesEntryThatContradictsItselfIsLeftOut() {
        for entry in [
            code(kind: 5), code(minimum: 9), code(stored: 0), code(stored: 65),
            code(minimum: 200), code(reference: "80020101"),
        ] {
            #expect(PKCS15Authentication.all(bytes(entry)).isEmpty, "\(entry)")
        }
        // References from 80 on were once written as negative numbers.
        let old = code(reference: "800181")
        #expect(PKCS15Authentication.all(bytes(old)).first?.reference == 0x81)
        #expect(
            PKCS15Authentication.all(bytes(code(reference: "80020081"))).first?.reference == 0x81)
    }

    @Test(arguments: [
        (1, 8, 0xFF, "123456", "313233343536FFFF"), (2, 8, 0x00, "a b c", "6120622063000000"),
        (0, 8, 0xFF, "12345", "12345FFFFFFFFFFF"), (0, 4, 0x00, "123456", "12345600"),
        (3, 8, 0xFF, "1234", "F1F2F3F4FFFFFFFF"), (4, 8, 0xFF, "12345", "2512345FFFFFFFFF"),
        (4, 8, 0xFF, "123456789012", "2C123456789012FF"), (0, 2, 0xFF, "1234", "1234"),
    ])
    func aCodeIsEncodedAsItsTypeSays(
        _ kind: Int, _ stored: Int, _ pad: UInt8, _ typed: String, _ sent: String
    ) throws {
        let attributes = try #require(
            PKCS15Authentication.all(
                bytes(
                    code(
                        kind: kind, stored: stored, maximum: nil,
                        pad: "0401" + Hex.upper([pad])))
            ).first)
        let made = try PKCS15Code.encoded(secret(typed), attributes)
        #expect(made.withBytes { Hex.upper(Array($0)) } == sent)
        // The simulated card makes the same of it.
        let type = try #require(PINType(rawValue: UInt8(kind)))
        #expect(type.encoded(typed, stored: stored, pad: pad).map { Hex.upper($0) } == sent)
    }

    @Test(arguments: [
        (0, "12a4", CodeUnfit.notDigits), (3, "12 4", .notDigits), (4, "abcd", .notDigits),
        (1, "123", .tooShort), (1, "123456789", .tooLong), (4, "1234567890123", .tooLong),
        (0, "12345678901234567", .tooLong),
    ])
    func aCodeThatIsNoneOfTheTypeIsNotEncoded(
        _ kind: Int, _ typed: String, _ why: CodeUnfit
    ) throws {
        let attributes = try #require(
            PKCS15Authentication.all(bytes(code(kind: kind, maximum: nil))).first)
        #expect(throws: why) { _ = try PKCS15Code.encoded(secret(typed), attributes) }
    }

    @Test func pukAndPINStandSideBySideEachInItsOwnEncoding() throws {
        let pin = try #require(PKCS15Authentication.all(bytes(code(kind: 0, stored: 4))).first)
        // No padding flag of its own, but the card pads its PINs.
        let puk = try #require(
            PKCS15Authentication.all(bytes(code(flags: "020142", pad: "040100"))).first)
        #expect(!puk.needsPadding && puk.unblocks)
        let made = try PKCS15Code.pair(secret("123456"), puk, secret("4829"), pin)
        #expect(made.withBytes { Hex.upper(Array($0)) } == "3132333435360000" + "4829FFFF")
    }

    // MARK: Anything

    /// Every file of a card cut and changed in every way: nothing traps, nothing is endless.
    @Test(arguments: VirtualToken.PKCS15Model.Kind.allCases)
    func mutatedFilesAreReadOrLeftOut(_ kind: VirtualToken.PKCS15Model.Kind) throws {
        let card = try PKCS15Sample.card(kind, kind == .vgca ? .rsa(bits: 2048) : .p256)
        for (name, file) in card.state.files where file.count < 600 {
            for changed in file.mutations(200, seed: UInt64(name.identifier)) {
                _ = Tokens.PKCS15Object.applications(changed)
                _ = Tokens.PKCS15Object.directory(changed)
                _ = Tokens.PKCS15Object.tokenInfo(changed)
                _ = Tokens.PKCS15Object.privateKeys(changed).map { ($0.slot, $0.use) }
                _ = Tokens.PKCS15Object.certificates(changed)
                for code in PKCS15Authentication.all(changed) {
                    #expect(code.minimum <= code.maximum)
                    _ = try? PKCS15Code.encoded(secret("12345678"), code)
                }
            }
        }
    }
}
