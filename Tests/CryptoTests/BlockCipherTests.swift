import Crypto
import Secrets
import Testing

/// Key, initial vector, clear text and the blocks it becomes in one mode.
private struct KnownAnswer: Sendable, CustomTestStringConvertible {
    let cipher: BlockCipher
    /// Empty for ECB.
    let vector: String
    let key: String
    let clear: String
    let enciphered: String

    var testDescription: String { "\(cipher) \(vector.isEmpty ? "ECB" : "CBC")" }
    var mode: CipherMode { vector.isEmpty ? .ecb : .cbc(vector: Hex.bytes(vector) ?? []) }
}

@Suite struct BlockCipherTests {
    // NIST SP 800-38A, appendix F.
    private static let key128 = "2b7e151628aed2a6abf7158809cf4f3c"
    private static let key192 = "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b"
    private static let key256 = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"
    private static let vector = "000102030405060708090a0b0c0d0e0f"
    private static let clear =
        "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
        + "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"

    private static let answers: [KnownAnswer] = [
        KnownAnswer(
            cipher: .aes128, vector: "", key: key128, clear: clear,
            enciphered: "3ad77bb40d7a3660a89ecaf32466ef97f5d3d58503b9699de785895a96fdbaaf"
                + "43b1cd7f598ece23881b00e3ed0306887b0c785e27e8ad3f8223207104725dd4"),
        KnownAnswer(
            cipher: .aes192, vector: "", key: key192, clear: clear,
            enciphered: "bd334f1d6e45f25ff712a214571fa5cc974104846d0ad3ad7734ecb3ecee4eef"
                + "ef7afd2270e2e60adce0ba2face6444e9a4b41ba738d6c72fb16691603c18e0e"),
        KnownAnswer(
            cipher: .aes256, vector: "", key: key256, clear: clear,
            enciphered: "f3eed1bdb5d2a03c064b5a7e3db181f8591ccb10d410ed26dc5ba74a31362870"
                + "b6ed21b99ca6f4f9f153e7b1beafed1d23304b7a39f9f3ff067d8d8f9e24ecc7"),
        KnownAnswer(
            cipher: .aes128, vector: vector, key: key128, clear: clear,
            enciphered: "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"
                + "73bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7"),
        KnownAnswer(
            cipher: .aes192, vector: vector, key: key192, clear: clear,
            enciphered: "4f021db243bc633d7178183a9fa071e8b4d9ada9ad7dedf4e5e738763f69145a"
                + "571b242012fb7ae07fa9baac3df102e008b0e27988598881d920a9e64f5615cd"),
        KnownAnswer(
            cipher: .aes256, vector: vector, key: key256, clear: clear,
            enciphered: "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d"
                + "39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b"),
        // NIST SP 800-67, appendix B.
        KnownAnswer(
            cipher: .tripleDES, vector: "",
            key: "0123456789abcdef23456789abcdef01456789abcdef0123",
            clear: "5468652071756663" + "6b2062726f776e20" + "666f78206a756d70",
            enciphered: "a826fd8ce53b855fcce21c8112256fe668d5c05dd9b6b900"),
        // OpenSSL's own.
        KnownAnswer(
            cipher: .tripleDES, vector: "fedcba9876543210",
            key: "0123456789abcdeff1e0d3c2b5a49786fedcba9876543210",
            clear: "37363534333231204e6f77206973207468652074696d6520666f722000000000",
            enciphered: "3fe301c962ac01d02213763c1cbd4cdc799657c064ecf5d41c673812cfde9675"),
    ]

    @Test(arguments: answers)
    private func theStandardsExamplesComeOut(_ answer: KnownAnswer) throws {
        let key = try #require(Hex.bytes(answer.key))
        let clear = try #require(Hex.bytes(answer.clear))
        let cipher = answer.cipher
        let enciphered = try cipher.encrypt(clear, key: key, mode: answer.mode)
        #expect(Hex.lower(enciphered) == answer.enciphered)
        #expect(try cipher.decrypt(enciphered, key: key, mode: answer.mode) == clear)
    }

    @Test(arguments: answers)
    private func soTheyDoInLockedMemory(_ answer: KnownAnswer) throws {
        let key = try Self.secret(answer.key)
        let clear = try Self.buffer(answer.clear)
        var enciphered = try LockedBuffer(capacity: clear.count)
        try answer.cipher.encrypt(clear, key: key, mode: answer.mode, into: &enciphered)
        let made = Self.hex(enciphered)
        #expect(made == answer.enciphered)
        var again = try LockedBuffer(capacity: clear.count + 1)
        _ = again.append(0xEE)
        try answer.cipher.decrypt(enciphered, key: key, mode: answer.mode, into: &again)
        let read = Self.hex(again)
        #expect(read == "ee" + answer.clear)
    }

    @Test(arguments: [
        (BlockCipher.tripleDES, "des-ede3"), (.aes128, "aes-128"), (.aes192, "aes-192"),
        (.aes256, "aes-256"),
    ])
    func theOpenSSLCommandAgrees(_ cipher: BlockCipher, _ name: String) throws {
        let openssl = try OpenSSLCommand()
        let key = try SecureRandom.bytes(cipher.keyLength)
        let vector = try SecureRandom.bytes(cipher.blockLength)
        let text = try SecureRandom.bytes(5 * cipher.blockLength)
        try openssl.write("t", text)
        for (mode, words) in [
            (CipherMode.ecb, "\(name)-ecb"),
            (.cbc(vector: vector), "\(name)-cbc -iv \(Hex.lower(vector))"),
        ] {
            let judged = try openssl("enc -\(words) -nopad -K \(Hex.lower(key)) -in t")
            #expect(try cipher.encrypt(text, key: key, mode: mode) == judged)
        }
    }

    @Test(arguments: BlockCipher.allCases)
    func wrongLengthsAreRefusedBeforeAnythingIsDone(_ cipher: BlockCipher) throws {
        let key = [UInt8](repeating: 1, count: cipher.keyLength)
        let block = [UInt8](repeating: 2, count: cipher.blockLength)
        typealias Case = (text: [UInt8], key: [UInt8], mode: CipherMode)
        let cases: [Case] = [
            ([], key, .ecb), (block + [0], key, .ecb), (block.dropLast(), key, .ecb),
            (block, key + [0], .ecb), (block, [], .ecb), (block, key, .cbc(vector: [])),
            (block, key, .cbc(vector: block + block)),
        ]
        for wrong in cases {
            let code = CryptoError.code {
                _ = try cipher.encrypt(wrong.text, key: wrong.key, mode: wrong.mode)
            }
            guard case .wrongLength = code else {
                Issue.record("\(wrong) gave \(String(describing: code))")
                continue
            }
        }
    }

    @Test func withoutRoomNothingIsWritten() throws {
        let key = try Self.secret(String(repeating: "01", count: 24))
        let text = try Self.buffer(String(repeating: "02", count: 16))
        var out = try LockedBuffer(capacity: 15)
        var code: CryptoError.Code?
        do throws(CryptoError) {
            try BlockCipher.tripleDES.encrypt(text, key: key, mode: .ecb, into: &out)
        } catch {
            code = error.code
        }
        #expect(code == .tooLarge(limit: 15))
        let written = out.count
        #expect(written == 0)
    }

    @Test(arguments: [
        ("", "", true), ("00", "00", true), ("00", "01", false), ("0102", "01", false),
        ("0102030405", "0102030405", true), ("0102030405", "8102030405", false),
        ("0102030405", "0102030404", false),
    ])
    func bytesAreTheSameOrNot(_ one: String, _ other: String, _ same: Bool) throws {
        let one = try #require(Hex.bytes(one))
        let other = try #require(Hex.bytes(other))
        let found = one.withUnsafeBytes { left in
            other.withUnsafeBytes { ConstantTime.areEqual(left, $0) }
        }
        #expect(found == same)
    }

    private static func buffer(_ hex: String) throws -> LockedBuffer {
        let bytes = try #require(Hex.bytes(hex))
        var buffer = try LockedBuffer(capacity: bytes.count)
        for byte in bytes { _ = buffer.append(byte) }
        return buffer
    }

    private static func secret(_ hex: String) throws -> Secret {
        try Secret(buffer(hex))
    }

    private static func hex(_ buffer: borrowing LockedBuffer) -> String {
        buffer.withBytes { Hex.lower($0) }
    }
}
