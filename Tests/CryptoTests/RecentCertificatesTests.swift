import Testing

@testable import Crypto

/// Certificates that are remembered are those that would be read.
@Suite struct RecentCertificatesTests {
    /// Certificates of one authority for so many keys.
    private static func certificates(_ count: Int) throws -> [(Certificate, KeyPair)] {
        let authority = try CertificateIssuer(
            subject: [("CN", "CA")], key: try KeyPair(generating: .p256), notBefore: 0,
            notAfter: 86_400)
        return try (0..<count).map { number in
            let key = try KeyPair(generating: .p256)
            let content = CertificateContent(
                subject: [("CN", "\(number)")], key: key.publicKey, notBefore: 0, notAfter: 86_400)
            return (try authority.issue(content), key)
        }
    }

    @Test func eachIsItselfHoweverManyWereReadInBetween() throws {
        let all = try Self.certificates(40)
        for _ in 0..<3 {
            for (number, (certificate, key)) in all.enumerated() {
                let again = try Certificate(der: certificate.der)
                #expect(again == certificate)
                #expect(again.commonName == "\(number)")
                #expect(again.publicKey == key.publicKey)
                #expect(again.serialNumber == certificate.serialNumber)
                #expect(again.fingerprintSHA256 == certificate.fingerprintSHA256)
            }
        }
    }

    @Test func oneByteMoreOrLessIsAnotherCertificateOrNone() throws {
        let (certificate, _) = try #require(try Self.certificates(1).first)
        _ = try Certificate(der: certificate.der)
        #expect(throws: CryptoError.self) { try Certificate(der: certificate.der + [0]) }
        #expect(throws: CryptoError.self) { try Certificate(der: certificate.der.dropLast()) }
        var flipped = certificate.der
        flipped[flipped.count - 1] ^= 1
        let other = try Certificate(der: flipped)
        #expect(other != certificate)
        #expect(other.fingerprintSHA256 != certificate.fingerprintSHA256)
    }

    @Test func aKeyChecksSignaturesFromManyThreadsAtOnce() async throws {
        let (certificate, pair) = try #require(try Self.certificates(1).first)
        let message: [UInt8] = [1, 2, 3]
        let signature = try pair.sign(message, scheme: .ecdsaSHA256)
        let isRight = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<50 {
                        let key = try Certificate(der: certificate.der).publicKey
                        guard try key.verify(signature, of: message, scheme: .ecdsaSHA256),
                            try !key.verify(signature, of: [4], scheme: .ecdsaSHA256)
                        else { return false }
                    }
                    return true
                }
            }
            return try await group.allSatisfy { $0 }
        }
        #expect(isRight)
    }
}
