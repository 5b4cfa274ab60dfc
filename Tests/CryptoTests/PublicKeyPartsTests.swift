import Crypto
import Testing

/// Keys from the numbers a card gives are the keys those numbers were taken from.
@Suite struct PublicKeyPartsTests {
    @Test(arguments: [1024, 2048, 3072, 4096])
    func anRSAKeyComesBackFromItsNumbers(_ bits: Int) throws {
        let key = try KeyPair(generating: .rsa(bits: bits)).publicKey
        let numbers = try key.rsaNumbers()
        #expect(try PublicKey(rsaModulus: numbers.modulus, exponent: numbers.exponent) == key)
        // Some cards write zeros in front.
        #expect(
            try PublicKey(rsaModulus: [0] + numbers.modulus, exponent: [0] + numbers.exponent)
                == key)
    }

    @Test(arguments: [KeyAlgorithm.p256, .p384, .ed25519])
    func aKeyOfACurveComesBackFromItsPoint(_ curve: KeyAlgorithm) throws {
        let key = try KeyPair(generating: curve).publicKey
        #expect(try PublicKey(point: key.point(), on: curve) == key)
    }

    @Test func pointsThatAreNotOnTheirCurveAreRefused() throws {
        var point = try KeyPair(generating: .p256).publicKey.point()
        point[64] ^= 1
        for wrong in [point, [], [4], Array(point.dropLast()), [0]] {
            let thrown = CryptoError.code { _ = try PublicKey(point: wrong, on: .p256) }
            #expect(thrown == .malformed)
        }
        for other in [KeyAlgorithm.rsa(bits: 2048), .other("brainpoolP256r1")] {
            let thrown = CryptoError.code { _ = try PublicKey(point: point, on: other) }
            #expect(thrown == .unsupported)
        }
    }

    @Test func numbersThatAreNoKeyAreRefused() {
        let long = [UInt8](repeating: 0xFF, count: 5000)
        let tooLarge = CryptoError.code { _ = try PublicKey(rsaModulus: long, exponent: [3]) }
        #expect(tooLarge == .tooLarge(limit: PublicKey.longestEncoding))
        // A modulus of zero is an encoding, and a key nobody can use.
        let none = try? PublicKey(rsaModulus: [], exponent: [])
        #expect(none.map { $0.algorithm == .other("RSA-0") } ?? true)
    }
}
