import APDU
import Crypto
import Testing
import VirtualToken

@testable import Tokens

/// What a GIDS card sends, whole and damaged.
@Suite struct GIDSObjectTests {
    @Test(arguments: [
        ("7F7106970103930103", Counter(.known(3), limit: 3)),
        ("7F71079F170100930105", Counter(.known(0), limit: 5)),
        ("7F7103970102", Counter(.known(2))), ("7F7103930103", nil), ("", nil),
        ("7F7206970103930103", nil), ("7F7106970104930103", nil), ("7F7104970200 03", nil),
        ("7F7106970103", nil), ("7F710797010393020003", nil),
    ])
    func countersAreThoseThatMakeSense(_ hex: String, _ expected: Counter?) {
        let bytes = Hex.bytes(hex.filter { $0 != " " }) ?? []
        #expect(((try? GIDSObject.counter(bytes)) ?? nil) == expected)
    }

    private static func record(_ directory: String, _ name: String, _ tail: String) -> [UInt8] {
        func padded(_ text: String) -> [UInt8] {
            Array(text.utf8) + [UInt8](repeating: 0, count: 9 - text.utf8.count)
        }
        return padded(directory) + padded(name) + [0, 0] + (Hex.bytes(tail) ?? [])
    }

    @Test func theMasterFileNamesFilesAndSkipsWhatIsNone() throws {
        let records = [
            Self.record("mscp", "", "0000000000A00000"),
            Self.record("", "cardid", "20DF000012A00000"),
            // A number that is too large, a name without end, one that is no text.
            Self.record("mscp", "kxc00", "24DF010010A00000"),
            Self.record("mscp", "123456789", "25DF000010A00000"),
            Self.record("mscp", "kx\u{7F}", "25DF000010A00000"),
            Self.record("mscp", "kxc01", "25DF000010A00000"),
        ]
        let content: [UInt8] = [1] + records.joined() + [1, 2, 3]
        #expect(
            try GIDSObject.masterFile(content) == [
                .init(directory: "", name: "cardid", file: 0xA012, object: 0xDF20),
                .init(directory: "mscp", name: "kxc01", file: 0xA010, object: 0xDF25),
            ])
        for other: [UInt8] in [[], [0], [2] + content.dropFirst()] {
            #expect(throws: GIDSObject.Malformed.self) { try GIDSObject.masterFile(other) }
        }
        var long: [UInt8] = [1]
        for _ in 0..<500 { long += Self.record("", "cardid", "20DF000012A00000") }
        #expect(try GIDSObject.masterFile(long).count == 128)
    }

    @Test func containersAreThoseWithOneKey() {
        func container(_ tail: [UInt8]) -> [UInt8] { [UInt8](repeating: 0x41, count: 80) + tail }
        let tails: [[UInt8]] = [
            [3, 0, 0, 8, 0, 0], [0, 0, 0, 8, 0, 0], [1, 0, 0, 0, 0, 1], [1, 0, 0, 8, 0, 8],
            [1, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 4],
        ]
        let map: [UInt8] = tails.flatMap(container) + [1, 2]
        #expect(
            GIDSObject.containerMap(map)
                == [.init(.signature, 0), .init(.exchange, 2), .init(.exchange, 5)])
        #expect(GIDSObject.containerMap([]).isEmpty)
    }

    @Test func slotsAndContainersNameEachOther() {
        for container in [
            GIDSContainer(.signature, 0), GIDSContainer(.exchange, 10),
            GIDSContainer(.exchange, 126),
        ] { #expect(GIDSContainer(container.slot) == container) }
        #expect(GIDSContainer(.exchange, 126).reference == 0xFF)
        #expect(GIDSContainer(.exchange, 127).reference == nil)
    }

    @Test func certificatesAreUnpackedToTheLengthThatIsSaid() throws {
        let certificate = try Sample.certificate()
        let packed = Gzip.zlib(certificate.der)
        let length = certificate.der.count
        let head: [UInt8] = [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)]
        #expect(try GIDSObject.certificate(head + packed) == certificate)
        #expect(try GIDSObject.certificate(certificate.der) == certificate)
        let wrong: [[UInt8]] = [
            [], [1, 0], head, [1, 0, 1, 0] + packed, [1, 0, 0xFF, 0xFF] + packed,
            [2, 0] + head.dropFirst(2) + packed, head + packed.dropLast(5),
            head + certificate.der,
        ]
        for content in wrong {
            #expect(throws: GIDSObject.Malformed.self) { try GIDSObject.certificate(content) }
        }
    }

    @Test(arguments: [
        (KeyUsage.digitalSignature.rawValue, TokenCertificate.Use.authentication),
        (KeyUsage([.digitalSignature, .nonRepudiation]).rawValue, .signature),
        (KeyUsage.keyEncipherment.rawValue, .decryption),
    ])
    func anExchangeKeySignsWhereItsCertificateSaysSo(
        _ usage: UInt32, _ use: TokenCertificate.Use
    ) throws {
        var content = CertificateContent(
            subject: [("CN", "x")], key: try KeyPair(generating: .p256).publicKey,
            notBefore: Sample.now, notAfter: Sample.now + 1)
        content.keyUsage = KeyUsage(rawValue: usage)
        let certificate = try Personalisation.authority(now: Sample.now).issue(content)
        #expect(GIDSContainer(.exchange, 0).use(certificate) == use)
        #expect(GIDSContainer(.signature, 0).use(certificate) == .signature)
    }

    @Test func damagedObjectsEndTyped() throws {
        let objects = [
            "61124F0BA00000039742544659020173034001C0", "7F7106970103930103",
            "7C0A81080102030405060708",
        ].compactMap { Hex.bytes($0) }
        for object in objects {
            for damaged in object.mutations(300, seed: 5) {
                _ = try? GIDSObject.application(damaged)
                _ = try? GIDSObject.counter(damaged)
                _ = try? GIDSObject.authentication(0x81, damaged)
                _ = try? GIDSObject.masterFile(damaged)
                _ = GIDSObject.containerMap(damaged)
                _ = try? GIDSObject.certificate(damaged)
            }
        }
    }
}
