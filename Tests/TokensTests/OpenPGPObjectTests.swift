import APDU
import Crypto
import Testing

@testable import Tokens

/// An OpenPGP card's objects as bytes: what the standard writes is read, and nothing else can do
/// harm.
@Suite struct OpenPGPObjectTests {
    static func hex(_ text: String) -> [UInt8] { Hex.bytes(text.filter { $0 != " " }) ?? [] }

    private static func object(_ tag: TLVTag, _ content: String) throws -> [UInt8] {
        try TLVWriter.object(tag, hex(content))
    }

    /// As a card of version 3.4 with three keys has it: signature P-256 and made on the card,
    /// decryption RSA-2048 and imported, none for authentication; touch for signatures.
    static func applicationData(
        wrapped: Bool = true, status: String = "00 7F 7F 7F 03 00 03",
        keyInformation: String? = "01 01 02 02 03 00"
    ) throws -> [UInt8] {
        var inner = try object(0xC0, "7D 00 0B FE 08 00 00 FF 00 01")
        inner += try object(0xC1, "13 2A8648CE3D030107 FF")
        inner += try object(0xC2, "01 0800 0011 00")
        inner += try object(0xC3, "16 2B06010401DA470F01")
        inner += try object(0xC4, status)
        inner += try object(
            0xC5, String(repeating: "AB", count: 40) + String(repeating: "00", count: 20))
        if let keyInformation { inner += try object(0xDE, keyInformation) }
        inner += try object(0xD6, "01 20")
        inner += try object(0xD7, "00 20")
        let outer =
            try object(0x4F, "D2760001240103040006 12345678 0000")
            + object(0x5F52, "0073C00000059000") + TLVWriter.object(0x73, inner)
        return wrapped ? try TLVWriter.object(0x6E, outer) : outer
    }

    @Test(arguments: [false, true])
    func applicationRelatedDataAreRead(_ wrapped: Bool) throws {
        let data = try OpenPGPApplicationData(Self.applicationData(wrapped: wrapped))
        #expect(data.identifier.version == (3, 4))
        #expect(data.identifier.text == "0006:12345678")
        #expect(data.mayHashCodes)
        #expect(OpenPGPKeyRole.allCases.map(data.hasKey) == [true, true, false])
        #expect(OpenPGPKeyRole.allCases.map(data.origin) == [.generated, .imported, nil])
        #expect(OpenPGPKeyRole.allCases.map(data.algorithm) == [.p256, .rsa(bits: 2048), .ed25519])
        #expect(OpenPGPKeyRole.allCases.map(data.wantsTouch) == [true, false, nil])
        #expect(!data.passwords.servesSeveral)
        #expect(data.passwords.pw1.longest == 127)
        #expect(data.passwords.pw1.left == 3)
        #expect(data.passwords.resettingCode.left == 0)
        #expect(data.passwords.pw3.left == 3)
    }

    @Test func withoutKeyInformationTheFingerprintsTellWhichKeysThereAre() throws {
        let data = try OpenPGPApplicationData(Self.applicationData(keyInformation: nil))
        #expect(OpenPGPKeyRole.allCases.map(data.hasKey) == [true, true, false])
        #expect(OpenPGPKeyRole.allCases.map(data.origin) == [nil, nil, nil])
    }

    @Test(arguments: [
        ("01 20 20 20 03 02 01", true, false), ("00 88 20 20 00 00 00", false, true),
        ("02 20 20 20 03 02 01", false, false),
    ])
    func passwordStatusIsRead(_ bytes: String, _ several: Bool, _ isBlock: Bool) throws {
        let status = try #require(OpenPGPPasswordStatus(Self.hex(bytes)))
        #expect(status.servesSeveral == several)
        #expect(status.pw1.isPINBlock == isBlock)
        #expect(status.pw1.longest == (isBlock ? 8 : 32))
    }

    @Test(arguments: ["", "00 7F 7F 7F 03 00"])
    func aShortPasswordStatusIsNone(_ bytes: String) throws {
        #expect(OpenPGPPasswordStatus(Self.hex(bytes)) == nil)
        #expect(throws: OpenPGPObject.Malformed.self) {
            try OpenPGPApplicationData(Self.applicationData(status: bytes))
        }
    }

    @Test(
        arguments: [
            ("01 0800 0020 00", .rsa(bits: 2048)), ("01 1000 0011 03", .rsa(bits: 4096)),
            ("01 0200 0011 00", .other("RSA-512")), ("01 0800", nil), ("", nil), ("99 2B6570", nil),
            ("13 2A8648CE3D030107", .p256), ("13 2A8648CE3D03010700", .p256),
            ("13 2A8648CE3D03010701", nil), ("12 2B81040022", .p384),
            ("13 2B81040023", .other("P-521")), ("16 2B6570", .ed25519),
            ("12 2B060104019755010501", .other("X25519")),
            ("13 2B2403030208010107", .other("brainpoolP256r1")),
        ] as [(String, KeyAlgorithm?)])
    func algorithmAttributesAreRead(_ bytes: String, _ algorithm: KeyAlgorithm?) {
        #expect(OpenPGPKeyAttributes.algorithm(Self.hex(bytes)) == algorithm)
    }

    @Test(arguments: [KeyAlgorithm.rsa(bits: 2048), .rsa(bits: 3072), .p256, .p384, .ed25519])
    func aPublicKeyIsReadFromItsParts(_ algorithm: KeyAlgorithm) throws {
        let key = try KeyPair(generating: algorithm).publicKey
        let parts: [UInt8]
        if case .rsa = algorithm {
            let numbers = try key.rsaNumbers()
            parts =
                try TLVWriter.object(0x81, numbers.modulus)
                + TLVWriter.object(0x82, numbers.exponent)
        } else {
            parts = try TLVWriter.object(0x86, key.point())
        }
        let response = try TLVWriter.object(0x7F49, parts)
        #expect(try OpenPGPKeyAttributes.publicKey(response, algorithm) == key)
        #expect(try OpenPGPKeyAttributes.publicKey(response, .other("X25519")) == nil)
        for bytes in response.mutations(50, seed: 7) {
            _ = try? OpenPGPKeyAttributes.publicKey(bytes, algorithm)
        }
    }

    @Test func gnuPGsPrefixOfAnEd25519PointIsTaken() throws {
        let key = try KeyPair(generating: .ed25519).publicKey
        let point = try [0x40] + key.point()
        let response = try TLVWriter.object(0x7F49, TLVWriter.object(0x86, point))
        #expect(try OpenPGPKeyAttributes.publicKey(response, .ed25519) == key)
    }

    @Test(arguments: ["", "7F4900", "7F4903860104", "7F49058101010000", "86"])
    func whatIsNoPublicKeyIsRefused(_ bytes: String) {
        for algorithm in [KeyAlgorithm.p256, .ed25519] {
            #expect(throws: OpenPGPObject.Malformed.self) {
                try OpenPGPKeyAttributes.publicKey(Self.hex(bytes), algorithm)
            }
        }
    }

    @Test func acertificateIsReadWithOrWithoutItsTag() throws {
        let certificate = try Sample.certificate()
        let wrapped = try TLVWriter.object(0x7F21, certificate.der)
        #expect(OpenPGPObject.certificate(certificate.der) == certificate)
        #expect(OpenPGPObject.certificate(wrapped) == certificate)
        for other in [[], [0x30], Array("-----BEGIN PGP PUBLIC KEY BLOCK-----".utf8)] {
            #expect(OpenPGPObject.certificate(other) == nil)
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func damagedObjectsAreReadOrRefusedAndNeverTrap(_ seed: UInt64) throws {
        for bytes in try Self.applicationData().mutations(400, seed: seed) {
            guard let data = try? OpenPGPApplicationData(bytes) else { continue }
            #expect(data.identifier.text.count == 13)
            for role in OpenPGPKeyRole.allCases {
                _ = (data.hasKey(role), data.origin(role), data.algorithm(role))
            }
        }
    }

    @Test func deepNestingIsRefused() {
        var bytes: [UInt8] = []
        for _ in 0..<40 { bytes = [0x73, UInt8(bytes.count)] + bytes }
        #expect(throws: OpenPGPObject.Malformed.self) {
            try OpenPGPObject.collect(bytes, opening: [0x73])
        }
    }
}
