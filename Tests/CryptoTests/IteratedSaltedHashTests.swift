import Crypto
import Secrets
import Testing

/// Known answers: the first two stand in the OpenPGP card specification (3.4, 4.3.2); the others
/// are Python's hashlib over the same bytes written out.
@Suite struct IteratedSaltedHashTests {
    struct Known: Sendable {
        let digest: Digest
        let salt: String
        let code: String
        let count: Int
        let hash: String
    }

    static let known = [
        Known(
            digest: .sha256, salt: "3031323334353637", code: "123456", count: 100_000,
            hash: "773784a602b6c81e3f092f4d7d00e17cc822d88f7360fcf2d2ef2d9d901f44b6"),
        Known(
            digest: .sha256, salt: "4142434445464748", code: "12345678", count: 100_000,
            hash: "2675d6164a0d4827d1d00c7eea620d015c00030a1cab38b4d0dd600b27dc9630"),
        Known(
            digest: .sha512, salt: "3031323334353637", code: "123456", count: 100_000,
            hash: "9cb102d4452e431f9338c837ac67d713794d3ca93b03d53f9e08216a83b61ec6"
                + "c0fcae8f416cb8ad7d180a46dab0c48e7e6a5f2a533d62555fd66f99f0dce34f"),
        Known(
            digest: .sha256, salt: "00ff00ff00ff00ff", code: "mật-khẩu", count: 65_536,
            hash: "c10e51f36fff6ce5ab041692012669edcdeaa52fb78a84bf612b7a9067df1ca1"),
        Known(
            digest: .sha256, salt: "3031323334353637", code: "123456", count: 4_096,
            hash: "f8def8aa367954c301c379f179fddf11354d206192b6d9a1157284c8640b4fd0"),
        Known(
            digest: .sha256, salt: "3031323334353637", code: "123456", count: 4_097,
            hash: "43fadfe8998a96b763e7490452addd9489dbd745616eb38267fe21574b712778"),
        // Less than salt and code together: these are hashed once, whole.
        Known(
            digest: .sha256, salt: "3031323334353637", code: String(repeating: "x", count: 256),
            count: 1, hash: "48f5d0036dffa2541e8b06daf47ae8136b4dfcc8ec7b66d2db1fd8e502484088"),
        Known(
            digest: .sha256, salt: "3031323334353637", code: String(repeating: "x", count: 256),
            count: 265, hash: "adc0d0626bacccdff237097c43fed01cdce5771870a4520e20ff8f3ad0e1c062"),
        Known(
            digest: .sha512, salt: "0000000000000000", code: "", count: 0,
            hash: "1b7409ccf0d5a34d3a77eaabfa9fe27427655be9297127ee9522aa1bf4046d4f"
                + "945983678169cb1a7348edcac47ef0d9e2c924130e5bcc5f0d94937852c42f1b"),
        Known(
            digest: .sha512, salt: "3031323334353637", code: "123456",
            count: IteratedSaltedHash.largestCount,
            hash: "3efec5483ed494e4226658448cb05a0299ebaee1258edea79eeaaa52dd73299c"
                + "cb9d0fc80c04d443215e63ee6fa738019ad2ebdd55894be23a07003d182ae434"),
    ]

    @Test(arguments: known)
    func aCodeIsHashedAsTheStandardsSay(_ known: Known) throws {
        let salt = try #require(Hex.bytes(known.salt))
        let hash = try IteratedSaltedHash(digest: known.digest, salt: salt, count: known.count)
        var typed = try LockedBuffer(capacity: 256)
        for byte in known.code.utf8 { _ = typed.append(byte) }
        let hashed = try hash.hash(Secret(typed))
        #expect(hashed.withBytes { Hex.lower(Array($0)) } == known.hash)
    }

    @Test(
        arguments: [
            (-1, .malformed), (Int.max, .tooLarge(limit: 65_011_712)),
            (65_011_713, .tooLarge(limit: 65_011_712)), (0xFFFF_FFFF, .tooLarge(limit: 65_011_712)),
        ] as [(Int, CryptoError.Code)])
    func absurdCountsAreRefused(_ count: Int, _ code: CryptoError.Code) {
        let salt = [UInt8](repeating: 1, count: 8)
        let thrown = CryptoError.code {
            _ = try IteratedSaltedHash(digest: .sha256, salt: salt, count: count)
        }
        #expect(thrown == code)
    }

    @Test(arguments: [0, 7, 9, 16])
    func aSaltIsEightBytes(_ length: Int) {
        let salt = [UInt8](repeating: 1, count: length)
        let thrown = CryptoError.code {
            _ = try IteratedSaltedHash(digest: .sha256, salt: salt, count: 1024)
        }
        #expect(thrown == .wrongLength(expected: 8, got: length))
    }
}
