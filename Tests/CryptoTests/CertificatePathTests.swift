import Crypto
import Testing

@Suite struct CertificatePathTests {
    let root: CertificateIssuer
    let middle: CertificateIssuer
    let leaf: Certificate
    let leafKey: KeyPair

    init() throws {
        root = try Self.authority("root")
        let key = try KeyPair(generating: .p256)
        var content = CertificateContent(
            subject: [("CN", "middle")], key: key.publicKey, notBefore: 100, notAfter: 900)
        content.isAuthority = true
        middle = CertificateIssuer(certificate: try root.issue(content), key: key)
        leafKey = try KeyPair(generating: .p256)
        leaf = try middle.issue(
            CertificateContent(
                subject: [("CN", "leaf")], key: leafKey.publicKey, notBefore: 200, notAfter: 800))
    }

    static func authority(_ name: String) throws -> CertificateIssuer {
        try CertificateIssuer(
            subject: [("CN", name)], key: KeyPair(generating: .p256), notBefore: 0, notAfter: 1000)
    }

    private func refusal(_ result: CertificatePath.Result) -> CertificatePath.Refusal? {
        if case .notTrusted(let refusal, _, let reason) = result {
            #expect(!reason.isEmpty)
            return refusal
        }
        return nil
    }

    @Test func aWholeChainIsTrustedAndNamed() throws {
        let result = try CertificatePath.check(
            leaf, intermediates: [middle.certificate], roots: [root.certificate], at: 500)
        #expect(result == .trusted(chain: [leaf, middle.certificate, root.certificate]))
    }

    @Test func aPinnedAuthorityNeedsNoRootAboveIt() throws {
        let result = try CertificatePath.check(
            leaf, intermediates: [], roots: [middle.certificate], at: 500)
        #expect(result == .trusted(chain: [leaf, middle.certificate]))
    }

    @Test func withoutRootsNothingIsSaid() throws {
        let result = try CertificatePath.check(
            leaf, intermediates: [middle.certificate, root.certificate], roots: [], at: 500)
        #expect(result == .noRootsConfigured)
    }

    @Test(
        arguments: [
            (50, .notYetValid), (199, .notYetValid), (200, nil), (799, nil), (801, .expired),
            (5_000_000_000, .expired), (nil, nil),
        ] as [(Int64?, CertificatePath.Refusal?)])
    func datesCountOnlyWhereThereIsATime(
        _ time: Int64?, _ expected: CertificatePath.Refusal?
    ) throws {
        let result = try CertificatePath.check(
            leaf, intermediates: [middle.certificate], roots: [root.certificate], at: time)
        #expect(refusal(result) == expected)
    }

    @Test func aMissingIntermediateIsAnUnknownIssuer() throws {
        let result = try CertificatePath.check(
            leaf, intermediates: [], roots: [root.certificate], at: 500)
        #expect(refusal(result) == .unknownIssuer)
    }

    @Test func anAuthorityOfTheSameNameWithAnotherKeyIsNotTrusted() throws {
        let impostor = try Self.authority("root")
        let result = try CertificatePath.check(
            leaf, intermediates: [middle.certificate], roots: [impostor.certificate], at: 500)
        #expect(refusal(result) != nil)
    }

    @Test func aSelfSignedLeafIsNotTrusted() throws {
        let lone = try Self.authority("leaf").certificate
        let result = try CertificatePath.check(
            lone, intermediates: [], roots: [root.certificate], at: 500)
        #expect(refusal(result) == .unknownIssuer)
    }

    @Test func aLeafCannotIssue() throws {
        let below = try CertificateIssuer(certificate: leaf, key: leafKey).issue(
            CertificateContent(
                subject: [("CN", "below")], key: leafKey.publicKey, notBefore: 200, notAfter: 800))
        let result = try CertificatePath.check(
            below, intermediates: [leaf, middle.certificate], roots: [root.certificate], at: 500)
        #expect(refusal(result) == .notAnAuthority)
    }

    @Test func aBentSignatureIsNamedWithItsCertificate() throws {
        var der = leaf.der
        der[der.count - 1] ^= 1
        let bent = try Certificate(der: der)
        let result = try CertificatePath.check(
            bent, intermediates: [middle.certificate], roots: [root.certificate], at: 500)
        guard case .notTrusted(.badSignature, at: let culprit, reason: _) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(culprit == bent)
    }

    @Test func aChainOfEightIsTheLongest() throws {
        var issuer = root
        var between: [Certificate] = []
        for length in 2...9 {
            let key = try KeyPair(generating: .p256)
            var content = CertificateContent(
                subject: [("CN", "level \(length)")], key: key.publicKey, notBefore: 0,
                notAfter: 1000)
            content.isAuthority = true
            let next = try issuer.issue(content)
            let result = try CertificatePath.check(
                next, intermediates: between, roots: [root.certificate], at: 500)
            if length <= CertificatePath.longestChain {
                guard case .trusted(let chain) = result else {
                    Issue.record("\(length): \(result)")
                    return
                }
                #expect(chain.count == length)
            } else {
                #expect(refusal(result) != nil)
            }
            between.append(next)
            issuer = CertificateIssuer(certificate: next, key: key)
        }
    }
}
