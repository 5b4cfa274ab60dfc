import APDU
import Crypto
import Testing

@testable import Tokens

/// The KDF-DO: read as the standard writes it, and refused where a code hashed by it could be a
/// wrong one.
@Suite struct OpenPGPKeyDerivationTests {
    private static func hex(_ text: String) -> [UInt8] { OpenPGPObjectTests.hex(text) }

    private static let method = "81 01 03"
    private static let sha256 = "82 01 08"
    private static let count = "83 04 000186A0"
    private static let salts = [
        "84 08 3031323334353637", "85 08 5858585858585858", "86 08 4142434445464748",
    ]
    private static let whole = [method, sha256, count] + salts

    private static func text(_ hash: IteratedSaltedHash?) -> String? {
        hash.map { "\($0.digest) \($0.count) \(Hex.lower($0.salt))" }
    }

    @Test(arguments: ["", "81 01 00", "F9 03 81 01 00", "F9 00"])
    func withoutItCodesAreSentAsTheyAre(_ object: String) throws {
        #expect(try OpenPGPKeyDerivation(Self.hex(object)) == .none)
        #expect(try OpenPGPKeyDerivation(Self.hex(object)).hash(.pw1) == nil)
    }

    @Test(arguments: [
        (whole, ["3031323334353637", "5858585858585858", "4142434445464748"]),
        (Array(whole.prefix(4)), ["3031323334353637", "3031323334353637", "3031323334353637"]),
        (
            whole + ["87 20" + String(repeating: "00", count: 32)],
            ["3031323334353637", "5858585858585858", "4142434445464748"]
        ),
    ])
    func eachCodeHasItsSalt(_ parts: [String], _ salts: [String]) throws {
        let bytes = Self.hex(parts.joined())
        for object in [bytes, try TLVWriter.object(0xF9, bytes)] {
            let derivation = try OpenPGPKeyDerivation(object)
            for (code, salt) in zip(OpenPGPKeyDerivation.Code.allCases, salts) {
                #expect(Self.text(derivation.hash(code)) == "sha256 100000 \(salt)")
            }
        }
    }

    @Test func sha512IsKnownToo() throws {
        let parts = [Self.method, "82 01 0A", Self.count, Self.salts[0]]
        let derivation = try OpenPGPKeyDerivation(Self.hex(parts.joined()))
        #expect(derivation.hash(.pw1)?.digest == .sha512)
    }

    @Test(
        arguments: [
            (["81 01 01"], .unknown), (["81 02 0300"], .unknown), (["81 00"], .unknown),
            ([method, "82 01 02", count, salts[0]], .unknown),
            ([method, count, salts[0]], .malformed), ([method, sha256, salts[0]], .malformed),
            ([method, sha256, count], .malformed), ([sha256, count, salts[0]], .malformed),
            ([method, sha256, "83 02 0400", salts[0]], .malformed),
            ([method, sha256, count, "84 07 30313233343536"], .malformed),
            ([method, sha256, count, salts[0], salts[1]], .malformed),
            ([method, sha256, count, salts[0], salts[2]], .malformed),
            ([method, sha256, "83 04 FFFFFFFF", salts[0]], .tooMuchWork(4_294_967_295)),
            ([method, sha256, "83 04 03E00001", salts[0]], .tooMuchWork(65_011_713)),
            (["81 7F 03"], .malformed),
        ] as [([String], OpenPGPKeyDerivation.Unusable)])
    func whatCannotBeFollowedIsRefused(
        _ parts: [String], _ reason: OpenPGPKeyDerivation.Unusable
    ) {
        #expect(throws: reason) { try OpenPGPKeyDerivation(Self.hex(parts.joined())) }
    }

    @Test func damagedObjectsAreReadOrRefusedAndNeverTrap() {
        for bytes in Self.hex(Self.whole.joined()).mutations(500, seed: 3) {
            guard let derivation = try? OpenPGPKeyDerivation(bytes) else { continue }
            for code in OpenPGPKeyDerivation.Code.allCases {
                let count = derivation.hash(code)?.count ?? 0
                #expect((0...IteratedSaltedHash.largestCount).contains(count))
            }
        }
    }
}
