import Crypto
import Testing

/// What a card that pads by itself is given, and what it gives back.
@Suite struct CardSignatureTests {
    private static let message = Array("một thử thách".utf8)

    @Test(arguments: [
        (KeyAlgorithm.rsa(bits: 2048), SignatureScheme.rsaPKCS1SHA256), (.p256, .ecdsaSHA256),
        (.p384, .ecdsaSHA384), (.ed25519, .ed25519),
    ])
    func whatIsNotPaddedIsTheEndOfWhatIs(
        _ key: KeyAlgorithm, _ scheme: SignatureScheme
    ) throws {
        let given = try SignatureInput.unpadded(for: Self.message, key: key, scheme: scheme)
        let block = try SignatureInput.block(for: Self.message, key: key, scheme: scheme)
        #expect(Array(block.suffix(given.count)) == given)
        if case .rsa = key {
            #expect(given.count == 51)
            #expect(block.dropLast(51).last == 0)
        } else {
            #expect(given == block)
        }
    }

    @Test func keyAndSchemeGoTogether() {
        let thrown = CryptoError.code {
            _ = try SignatureInput.unpadded(for: [], key: .p256, scheme: .rsaPKCS1SHA256)
        }
        #expect(thrown == .unsupported)
    }

    @Test(arguments: [
        ("0102", "3006020101020102"), ("8001", "300702020080020101"),
        ("00010080", "30070201010202 0080"), ("0000", "3006020100020100"),
    ])
    func plainSignaturesBecomeDER(_ plain: String, _ der: String) throws {
        let bytes = try #require(Hex.bytes(plain))
        let wanted = Hex.bytes(der.filter { $0 != " " })
        #expect(ECDSASignature.der(ofPlain: bytes) == wanted)
    }

    @Test(arguments: [KeyAlgorithm.p256, .p384])
    func aSignatureInTwoHalvesVerifies(_ algorithm: KeyAlgorithm) throws {
        let scheme = try #require(SignatureScheme.preferred(for: algorithm))
        let pair = try KeyPair(generating: algorithm)
        let length = try #require(pair.publicKey.blockLength)
        for _ in 0..<20 {
            let signature = try pair.sign(Self.message, scheme: scheme)
            let plain = Self.numbers(signature).flatMap { number in
                [UInt8](repeating: 0, count: length - number.count) + number
            }
            let der = try #require(ECDSASignature.der(ofPlain: plain))
            #expect(der == signature)
        }
    }

    @Test(arguments: [[], [1], [1, 2, 3]] as [[UInt8]])
    func whatHasNoHalvesIsNone(_ plain: [UInt8]) {
        #expect(ECDSASignature.der(ofPlain: plain) == nil)
    }

    /// Both numbers of a short DER signature, without leading zeros.
    private static func numbers(_ der: [UInt8]) -> [[UInt8]] {
        var rest = der.dropFirst(der[1] < 0x80 ? 2 : 3)
        var numbers: [[UInt8]] = []
        while let tag = rest.popFirst(), tag == 2, let count = rest.popFirst() {
            numbers.append(Array(rest.prefix(Int(count)).drop { $0 == 0 }))
            rest = rest.dropFirst(Int(count))
        }
        return numbers
    }
}
