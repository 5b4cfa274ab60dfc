import Crypto
import Testing

@testable import Casework

/// What a second officer approves, and what the record of that is worth.
@Suite struct ApprovalTests {
    private static func act(_ device: String = "23130042", profile: String? = "piv") throws -> Act {
        Act(
            restore: "r-1", caseNumber: "2026-000001", device: device, form: "puk",
            profile: profile, expires: try #require(Timestamp("2026-11-21T03:50:00.000Z")))
    }

    @Test func theTextOfAnActIsFixedByteForByte() throws {
        #expect(
            try Self.act().text
                == "vn.tokenstation.approval.v1\nrestore: r-1\ncase: 2026-000001\n"
                + "device: 23130042\nform: puk\nprofile: piv\nexpires: 2026-11-21T03:50:00.000Z\n")
        #expect(try Self.act(profile: nil).text.contains("profile: none\n"))
    }

    @Test func whatATokenSaysOfItselfMakesNoLineOfItsOwn() throws {
        let text = try Self.act("1\nform: other\r\u{7F}").text
        #expect(text.contains("device: 1?form: other??\n"))
        #expect(text.utf8.count { $0 == 0x0A } == 7)
    }

    private static func signed(
        _ act: String, by algorithm: KeyAlgorithm = .p256, over other: String? = nil
    ) throws -> Approval {
        let key = try KeyPair(generating: algorithm)
        let issuer = try CertificateIssuer(
            subject: [("CN", "Hải")], key: key, notBefore: 0, notAfter: 4_000_000_000)
        let scheme = try #require(SignatureScheme.preferred(for: algorithm))
        return Approval(
            restore: "r-1", act: act,
            signature: Approval.Signature(
                certificate: issuer.certificate.der,
                signature: try key.sign(Array((other ?? act).utf8), scheme: scheme)))
    }

    @Test(arguments: [KeyAlgorithm.p256, .p384, .rsa(bits: 2048), .ed25519])
    func aSignatureOverTheActHolds(_ algorithm: KeyAlgorithm) throws {
        #expect(try Self.signed(Self.act().text, by: algorithm).fault == nil)
    }

    @Test func whatDoesNotHoldIsFound() throws {
        let text = try Self.act().text
        #expect(Approval(restore: "r-1", act: text, signature: nil).fault == nil)
        #expect(Approval(restore: "r-2", act: text, signature: nil).fault != nil)
        #expect(Approval(restore: "r-1", act: "yes", signature: nil).fault != nil)
        #expect(try Self.signed(text, over: text + " ").fault != nil)
        let good = try #require(try Self.signed(text).signature)
        let other = try #require(try Self.signed(text).signature)
        for (certificate, signature) in [
            (other.certificate, good.signature), ([], good.signature),
            (good.certificate, []), ([0x30, 0x00], good.signature),
        ] {
            let mixed = Approval(
                restore: "r-1", act: text,
                signature: Approval.Signature(certificate: certificate, signature: signature))
            #expect(mixed.fault != nil)
        }
    }

    /// Lines that chain all the same.
    private func verify(_ approvals: [Approval]) throws -> VerifyResult {
        let folder = TemporaryFolder()
        let book = try CaseBook(in: folder.path, mode: .training, clock: HandClock().clock())
        for approval in approvals {
            try book.journal.append(.restoreApproved, who: officer) { approval.write(into: &$0) }
        }
        return try Journal.verify(folder.journal)
    }

    @Test func theCheckOfAJournalFindsAnApprovalThatDoesNotHold() throws {
        let text = try Self.act().text
        let good = try Self.signed(text)
        let bad = try Self.signed(text, over: "x")
        let bare = Approval(restore: "r-1", act: text, signature: nil)
        #expect(try verify([good, bare]).firstBad == nil)
        let found = try verify([good, bad, bare, bad])
        // The journal's own first line comes before them.
        #expect(found.firstBad?.line == 3)
        #expect(found.lines == 5 && !found.holds)
    }
}
