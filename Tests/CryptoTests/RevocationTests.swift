import Crypto
import Foundation
import Testing

/// Lists are made by the `openssl` command: what it says and what this module reads must agree.
@Suite struct RevocationTests {
    static let now = Int64(Date().timeIntervalSince1970)

    /// An authority whose lists the `openssl` command signs.
    final class Office {
        let openssl: OpenSSLCommand
        let authority: CertificateIssuer

        init() throws {
            openssl = try OpenSSLCommand()
            authority = try CertificateIssuer(
                subject: [("C", "VN"), ("O", "Thử"), ("CN", "CA thử")],
                key: KeyPair(generating: .rsa(bits: 2048)), notBefore: now - 86_400,
                notAfter: now + 86_400 * 365)
            try openssl.write("ca.pem", PEM.encode(authority.certificate))
            try openssl.write("key.der", authority.key.pkcs8())
            try openssl("pkey -inform DER -in key.der -out key.pem")
            try openssl.write("index.txt", "")
            try openssl.write("crlnumber", "01\n")
            try openssl.write(
                "ca.cnf",
                """
                [ca]
                default_ca = d
                [d]
                database = index.txt
                crlnumber = crlnumber
                default_md = sha256
                [partial]
                issuingDistributionPoint = critical, @point
                [point]
                onlyuser = TRUE

                """)
        }

        func issue(_ name: String) throws -> Certificate {
            try authority.issue(
                CertificateContent(
                    subject: [("CN", name)], key: KeyPair(generating: .p256).publicKey,
                    notBefore: now - 3600, notAfter: now + 86_400))
        }

        func revoke(_ certificate: Certificate, _ reason: String = "keyCompromise") throws {
            try openssl.write("revoked.pem", PEM.encode(certificate))
            try openssl(
                "ca -config ca.cnf -cert ca.pem -keyfile key.pem -revoke revoked.pem "
                    + "-crl_reason \(reason)")
        }

        /// A list in PEM and DER.
        func list(_ more: String = "-crldays 7") throws -> (pem: [UInt8], der: [UInt8]) {
            try openssl(
                "ca -config ca.cnf -cert ca.pem -keyfile key.pem -gencrl -out l.pem \(more)")
            try openssl("crl -in l.pem -outform DER -out l.der")
            return (try openssl.read("l.pem"), try openssl.read("l.der"))
        }
    }

    static func stamp(_ time: Int64) -> String {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(secondsFromGMT: 0)
        format.dateFormat = "yyyyMMddHHmmss'Z'"
        return format.string(from: Date(timeIntervalSince1970: Double(time)))
    }

    @Test func aListReadsAsTheCommandPrintsIt() throws {
        let office = try Office()
        try office.revoke(office.issue("a"))
        try office.revoke(office.issue("b"), "superseded")
        let (pem, der) = try office.list("-crl_lastupdate 20260102030405Z -crldays 30")
        let list = try RevocationList(der: der)
        #expect(try PEM.revocationLists(in: pem).map(\.thisUpdate) == [list.thisUpdate])
        #expect(try PEM.revocationLists(in: der).map(\.count) == [2])
        #expect(list.issuer == office.authority.certificate.subject)
        #expect(list.count == 2)
        #expect(list.thisUpdate == 1_767_323_045)
        #expect(!list.isPartial)
        #expect(
            try office.openssl.text("crl -in l.pem -noout -lastupdate")
                == "lastUpdate=Jan  2 03:04:05 2026 GMT")
    }

    @Test func aRevokedCertificateIsFoundWithItsReasonAndOthersAreNot() throws {
        let office = try Office()
        let (good, bad, plain) = (
            try office.issue("good"), try office.issue("bad"), try office.issue("plain")
        )
        try office.revoke(bad)
        try office.revoke(plain, "unspecified")
        let list = try RevocationList(der: office.list().der)
        func check(_ certificate: Certificate) throws -> Revocation.Result {
            try Revocation.check(
                certificate, issuer: office.authority.certificate, lists: [list], at: nil)
        }
        guard case .notRevoked(let source) = try check(good) else {
            Issue.record("good is revoked")
            return
        }
        #expect(source.count == 2)
        #expect(!source.isOutdated(at: Self.now))
        #expect(source.isOutdated(at: Self.now + 8 * 86_400))
        guard case .revoked(let since, let reason, _) = try check(bad) else {
            Issue.record("bad is not revoked")
            return
        }
        #expect(abs(since - Self.now) < 600)
        #expect(reason == .keyCompromise)
        guard case .revoked = try check(plain) else {
            Issue.record("plain is not revoked")
            return
        }
    }

    @Test func theNewestListDecides() throws {
        let office = try Office()
        let certificate = try office.issue("later")
        let old = try RevocationList(
            der: office.list("-crldays 7 -crl_lastupdate \(Self.stamp(Self.now - 7200))").der)
        try office.revoke(certificate)
        let new = try RevocationList(
            der: office.list("-crldays 7 -crl_lastupdate \(Self.stamp(Self.now - 60))").der)
        for lists in [[old, new], [new, old]] {
            let result = try Revocation.check(
                certificate, issuer: office.authority.certificate, lists: lists, at: Self.now)
            guard case .revoked = result else {
                Issue.record("the old list was taken")
                return
            }
        }
    }

    @Test func aListThatIsNotTheIssuersSaysNothing() throws {
        let office = try Office()
        let certificate = try office.issue("leaf")
        let der = try office.list().der
        // The same name with another key.
        let impostor = try Office()
        let foreign = try CertificateIssuer(
            subject: [("CN", "somebody else")], key: KeyPair(generating: .p256),
            notBefore: Self.now - 10, notAfter: Self.now + 10)
        let cases: [(String, Certificate, [UInt8], Int64?, Revocation.Result)] = [
            (
                "another key", impostor.authority.certificate, der, nil,
                .unusable(.badSignature)
            ),
            ("another name", foreign.certificate, der, nil, .noList),
            (
                "made tomorrow", office.authority.certificate, der, Self.now - 86_400,
                .unusable(.fromTheFuture)
            ),
            (
                "partial", office.authority.certificate,
                try office.list("-crldays 7 -crlexts partial").der, nil, .unusable(.partial)
            ),
        ]
        for (name, issuer, der, time, expected) in cases {
            let result = try Revocation.check(
                certificate, issuer: issuer, lists: [try RevocationList(der: der)], at: time)
            #expect(result == expected, "\(name)")
        }
        var bent = der
        bent[bent.count - 1] ^= 1
        let bentList = try RevocationList(der: bent)
        let result = try Revocation.check(
            certificate, issuer: office.authority.certificate, lists: [bentList], at: nil)
        #expect(result == .unusable(.badSignature))
    }

    @Test func anIssuerThatMayNotSignListsIsNotHeard() throws {
        let office = try Office()
        let der = try office.list().der
        var content = CertificateContent(
            subject: [("C", "VN"), ("O", "Thử"), ("CN", "CA thử")],
            key: office.authority.key.publicKey, notBefore: Self.now - 10,
            notAfter: Self.now + 10)
        content.keyUsage = [.digitalSignature]
        let issuer = try office.authority.issue(content)
        let result = try Revocation.check(
            office.issue("leaf"), issuer: issuer, lists: [RevocationList(der: der)], at: nil)
        #expect(result == .unusable(.issuerMayNotSign))
    }

    @Test func whatIsNoListIsRefused() throws {
        let office = try Office()
        let der = try office.list().der
        let cases: [[UInt8]] = [
            [], [0x30], [0x30, 0x80], Array(der.dropLast()), der + [0],
            office.authority.certificate.der,
        ]
        for bytes in cases {
            #expect(
                CryptoError.code(of: { _ = try RevocationList(der: bytes) }) == .malformed,
                "\(bytes.count) bytes")
        }
        #expect(
            CryptoError.code(of: {
                _ = try RevocationList(
                    der: [UInt8](repeating: 0x30, count: RevocationList.longestEncoding + 1))
            }) == .tooLarge(limit: RevocationList.longestEncoding))
        #expect(
            CryptoError.code(of: { _ = try PEM.revocationLists(in: Array("no list".utf8)) })
                == .malformed)
    }

    /// Every list with a byte changed either does not read or is no more the issuer's.
    @Test func noChangedByteIsOverlooked() throws {
        let office = try Office()
        let certificate = try office.issue("leaf")
        try office.revoke(certificate)
        let der = try office.list().der
        let issuer = office.authority.certificate
        for place in stride(from: 0, to: der.count, by: 3) {
            var bent = der
            bent[place] ^= 0x10
            guard let list = try? RevocationList(der: bent) else { continue }
            let result = try Revocation.check(certificate, issuer: issuer, lists: [list], at: nil)
            if case .notRevoked = result { Issue.record("byte \(place)") }
        }
    }
}
