import Crypto
import Testing

/// A kind of key, how `openssl genpkey` makes one, and how `openssl` signs with it.
struct KeyKind: Sendable, CustomTestStringConvertible {
    let algorithm: KeyAlgorithm
    let making: String
    let scheme: SignatureScheme
    let signing: String

    var testDescription: String { "\(algorithm) \(scheme)" }

    static let rsa1024 = KeyKind(
        algorithm: .rsa(bits: 1024), making: "RSA -pkeyopt rsa_keygen_bits:1024",
        scheme: .rsaPKCS1SHA256, signing: "-rawin -digest sha256")
    static let rsa2048 = KeyKind(
        algorithm: .rsa(bits: 2048), making: "RSA -pkeyopt rsa_keygen_bits:2048",
        scheme: .rsaPKCS1SHA256, signing: "-rawin -digest sha256")
    static let p256 = KeyKind(
        algorithm: .p256, making: "EC -pkeyopt ec_paramgen_curve:P-256",
        scheme: .ecdsaSHA256, signing: "-rawin -digest sha256")
    static let p384 = KeyKind(
        algorithm: .p384, making: "EC -pkeyopt ec_paramgen_curve:P-384",
        scheme: .ecdsaSHA384, signing: "-rawin -digest sha384")
    static let p384WithSHA256 = KeyKind(
        algorithm: .p384, making: "EC -pkeyopt ec_paramgen_curve:P-384",
        scheme: .ecdsaSHA256, signing: "-rawin -digest sha256")
    static let ed25519 = KeyKind(
        algorithm: .ed25519, making: "ED25519", scheme: .ed25519, signing: "-rawin")
    static let all = [rsa1024, rsa2048, p256, p384, p384WithSHA256, ed25519]
}

@Suite struct KeyTests {
    static let message = Array("Giấy biên nhận số 12".utf8)

    @Test(arguments: KeyKind.all)
    func signaturesOfTheOpenSSLCommandVerify(_ kind: KeyKind) throws {
        let openssl = try OpenSSLCommand()
        try openssl("genpkey -algorithm \(kind.making) -out key.pem")
        let key = try PublicKey(
            subjectPublicKeyInfo: openssl("pkey -in key.pem -pubout -outform DER"))
        #expect(key.algorithm == kind.algorithm)
        try openssl.write("m", Self.message)
        let signature = try openssl("pkeyutl -sign -inkey key.pem \(kind.signing) -in m")
        #expect(try key.verify(signature, of: Self.message, scheme: kind.scheme))

        var bent = signature
        bent[signature.count / 2] ^= 1
        let other = try KeyPair(generating: kind.algorithm).publicKey
        #expect(try !key.verify(bent, of: Self.message, scheme: kind.scheme))
        #expect(try !key.verify([], of: Self.message, scheme: kind.scheme))
        #expect(try !key.verify(signature + [0], of: Self.message, scheme: kind.scheme))
        #expect(try !key.verify(signature, of: Self.message + [0], scheme: kind.scheme))
        #expect(try !other.verify(signature, of: Self.message, scheme: kind.scheme))
        #expect(other != key)
    }

    @Test(arguments: KeyKind.all)
    func theOpenSSLCommandVerifiesOurSignatures(_ kind: KeyKind) throws {
        let openssl = try OpenSSLCommand()
        let pair = try KeyPair(generating: kind.algorithm)
        #expect(pair.algorithm == kind.algorithm)
        let signature = try pair.sign(Self.message, scheme: kind.scheme)
        try openssl.write("key", pair.publicKey.subjectPublicKeyInfo)
        try openssl.write("m", Self.message)
        try openssl.write("s", signature)
        let verdict = try openssl.text(
            "pkeyutl -verify -pubin -inkey key -keyform DER \(kind.signing) -in m -sigfile s")
        #expect(verdict.contains("Verified Successfully"))
    }

    @Test(arguments: [KeyAlgorithm.rsa(bits: 3072), .p256, .p384, .ed25519])
    func keysSurviveExportAndTheOpenSSLCommandReadsThem(_ algorithm: KeyAlgorithm) throws {
        let openssl = try OpenSSLCommand()
        let pair = try KeyPair(generating: algorithm)
        let exported = try pair.pkcs8()
        try openssl.write("key", exported)
        let judged = try openssl("pkey -in key -inform DER -pubout -outform DER")
        #expect(pair.publicKey.subjectPublicKeyInfo == judged)
        #expect(try KeyPair(pkcs8: exported).publicKey == pair.publicKey)
        #expect(CryptoError.code { _ = try KeyPair(pkcs8: exported + [0]) } == .malformed)
        #expect(CryptoError.code { _ = try KeyPair(pkcs8: exported.dropLast()) } == .malformed)
        #expect(CryptoError.code { _ = try KeyPair(pkcs8: []) } == .malformed)
    }

    @Test func theRSABlockIsTheOneOpenSSLPads() throws {
        let openssl = try OpenSSLCommand()
        let pair = try KeyPair(generating: .rsa(bits: 2048))
        let signature = try pair.sign(Self.message, scheme: .rsaPKCS1SHA256)
        try openssl.write("key", pair.publicKey.subjectPublicKeyInfo)
        try openssl.write("s", signature)
        let recovered = try openssl.run(
            "pkeyutl -verifyrecover -pubin -inkey key -keyform DER -in s -pkeyopt"
                .split(separator: " ").map(String.init) + ["rsa_padding_mode:none"])
        let block = try SignatureInput.block(
            for: Self.message, key: .rsa(bits: 2048), scheme: .rsaPKCS1SHA256)
        #expect(block == recovered)
        #expect(block.count == 256)
    }

    @Test(arguments: [
        (KeyAlgorithm.p256, SignatureScheme.ecdsaSHA256, 32), (.p256, .ecdsaSHA384, 32),
        (.p384, .ecdsaSHA256, 32), (.p384, .ecdsaSHA384, 48),
        (.rsa(bits: 1030), .rsaPKCS1SHA256, 129),
    ])
    func theBlockIsNeverLongerThanTheKey(
        _ key: KeyAlgorithm, _ scheme: SignatureScheme, _ length: Int
    ) throws {
        #expect(try SignatureInput.block(for: [1], key: key, scheme: scheme).count == length)
    }

    @Test(arguments: [
        (KeyAlgorithm.p256, SignatureScheme.rsaPKCS1SHA256), (.rsa(bits: 2048), .ecdsaSHA256),
        (.ed25519, .ecdsaSHA256), (.p384, .ed25519), (.other("X25519"), .ed25519),
    ])
    func schemesOfAnotherKindOfKeyAreRefused(_ key: KeyAlgorithm, _ scheme: SignatureScheme) {
        #expect(
            CryptoError.code { _ = try SignatureInput.block(for: [], key: key, scheme: scheme) }
                == .unsupported)
    }

    @Test func bareBlocksOfTheWrongLengthAreRefused() throws {
        let rsa = try KeyPair(generating: .rsa(bits: 2048))
        #expect(
            CryptoError.code { _ = try rsa.signBlock([1]) }
                == .wrongLength(expected: 256, got: 1))
        // A number above the modulus.
        #expect(
            CryptoError.code { _ = try rsa.signBlock([UInt8](repeating: 0xFF, count: 256)) } != nil)
    }

    @Test(arguments: [KeyAlgorithm.p256, .p384])
    func bothSidesAgreeOnOneSecret(_ algorithm: KeyAlgorithm) throws {
        let mine = try KeyPair(generating: algorithm)
        let theirs = try KeyPair(generating: algorithm)
        let secret = try mine.agree(with: theirs.publicKey.point())
        #expect(secret.count == mine.publicKey.blockLength)
        #expect(try theirs.agree(with: mine.publicKey.point()) == secret)
        var off = try theirs.publicKey.point()
        off[off.count - 1] ^= 1
        #expect(CryptoError.code { _ = try mine.agree(with: off) } == .malformed)
        #expect(CryptoError.code { _ = try mine.agree(with: []) } == .malformed)
    }

    @Test(arguments: [
        ("RSA -pkeyopt rsa_keygen_bits:512", "RSA-512"), ("X25519", "X25519"),
        ("EC -pkeyopt ec_paramgen_curve:P-521", "secp521r1"),
        ("EC -pkeyopt ec_paramgen_curve:secp256k1", "secp256k1"),
    ])
    func keysItCannotUseAreNamedAndNotUsed(_ making: String, _ name: String) throws {
        let openssl = try OpenSSLCommand()
        try openssl("genpkey -algorithm \(making) -out key.pem")
        let key = try PublicKey(
            subjectPublicKeyInfo: openssl("pkey -in key.pem -pubout -outform DER"))
        #expect(key.algorithm == .other(name))
        #expect(key.blockLength == nil)
        for scheme in SignatureScheme.allCases {
            #expect(
                CryptoError.code { _ = try key.verify([], of: [], scheme: scheme) }
                    == .unsupported)
        }
    }

    @Test func malformedPublicKeysAreRefused() throws {
        let good = try KeyPair(generating: .p256).publicKey.subjectPublicKeyInfo
        for bad in [[], [0x30], [0x30, 0x80], Array(good.dropLast()), good + [0]] as [[UInt8]] {
            #expect(
                CryptoError.code { _ = try PublicKey(subjectPublicKeyInfo: bad) } == .malformed)
        }
        #expect(
            CryptoError.code {
                _ = try PublicKey(subjectPublicKeyInfo: [UInt8](repeating: 0x30, count: 5000))
            } == .tooLarge(limit: 4096))
    }
}
