import Crypto
import Testing

@Suite struct DigestTests {
    static let messages: [[UInt8]] = [
        [], Array("abc".utf8), [UInt8](repeating: 0x61, count: 1_000),
        (0..<70_000).map { UInt8(truncatingIfNeeded: $0) },
    ]

    @Test(arguments: Digest.allCases)
    func digestsAreThoseOfTheOpenSSLCommand(_ digest: Digest) throws {
        let openssl = try OpenSSLCommand()
        for message in Self.messages {
            try openssl.write("m", message)
            let judged = try openssl("dgst -\(digest) -binary m")
            #expect(try digest.hash(message) == judged)
            #expect(judged.count == digest.length)
        }
    }

    @Test(arguments: [0, 1, 55, 56, 63, 64, 65, 1_000])
    func piecesGiveTheSameHashAsTheWhole(_ size: Int) throws {
        let message = (0..<3_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        var pieces = try SHA256()
        try pieces.update(Array(message[..<size]))
        try pieces.update([])
        try pieces.update(Array(message[size...]))
        #expect(try pieces.finish() == SHA256.hash(message))
    }

    @Test func hexIsWhatSha256sumPrints() throws {
        #expect(
            try SHA256.hex([])
                == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test(
        arguments: [
            ("", []), ("00ff", [0, 0xFF]), ("aBcD", [0xAB, 0xCD]), ("0", nil), ("0g", nil),
            (" 00", nil), ("٠٠", nil),
        ] as [(String, [UInt8]?)])
    func hexIsReadStrictly(_ text: String, _ bytes: [UInt8]?) {
        #expect(Hex.bytes(text) == bytes)
    }

    @Test func randomBytesAreAsManyAsAskedForAndNotTheSameTwice() throws {
        #expect(try SecureRandom.bytes(0).isEmpty)
        let first = try SecureRandom.bytes(32)
        #expect(first.count == 32)
        #expect(try SecureRandom.bytes(32) != first)
        #expect(CryptoError.code { _ = try SecureRandom.bytes(-1) } != nil)
    }
}
