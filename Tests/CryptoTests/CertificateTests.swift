import Crypto
import Foundation
import Testing

@Suite struct CertificateTests {
    @Test func everyFieldIsWhatTheOpenSSLCommandWroteIn() throws {
        let openssl = try OpenSSLCommand()
        try openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key.pem")
        try openssl.write(
            "config",
            """
            [req]
            distinguished_name = name
            prompt = no
            utf8 = yes
            string_mask = utf8only
            x509_extensions = extensions
            [name]
            C = VN
            L = Hải Phòng
            O = UBND thành phố Hải Phòng
            0.OU = UBND xã Vĩnh Bảo
            1.OU = Văn phòng
            CN = Nguyễn Thị Ánh
            emailAddress = anhnt@example.gov.vn
            2.1.3.6.1.4.1.99999.7 = riêng
            [extensions]
            keyUsage = critical, digitalSignature, nonRepudiation, decipherOnly
            subjectAltName = email:other@example.gov.vn, DNS:example.gov.vn
            """)
        try openssl(
            "req -x509 -new -key key.pem -config config -set_serial 0x0A05F812673607B0 "
                + "-days 10 -out c.pem")
        let der = try openssl("x509 -in c.pem -outform DER")
        let c = try Certificate(der: der)
        #expect(
            c.subject.attributes == [
                .init("C", "VN"), .init("L", "Hải Phòng"),
                .init("O", "UBND thành phố Hải Phòng"), .init("OU", "UBND xã Vĩnh Bảo"),
                .init("OU", "Văn phòng"), .init("CN", "Nguyễn Thị Ánh"),
                .init("emailAddress", "anhnt@example.gov.vn"),
                .init("1.3.6.1.4.1.99999.7", "riêng"),
            ])
        #expect(c.issuer == c.subject)
        #expect(c.commonName == "Nguyễn Thị Ánh")
        #expect(c.organization == "UBND thành phố Hải Phòng")
        #expect(c.subject.organizationalUnits == ["UBND xã Vĩnh Bảo", "Văn phòng"])
        #expect(c.alternativeEmails == ["other@example.gov.vn"])
        #expect(c.emailAddress == "other@example.gov.vn")
        #expect(c.serialNumber == "0A05F812673607B0")
        let serial = try openssl.text("x509 -in c.pem -noout -serial")
        #expect("serial=\(c.serialNumber)" == serial)
        let fingerprint = try openssl.text("x509 -in c.pem -noout -fingerprint -sha256")
        #expect(
            fingerprint.replacing(":", with: "").hasSuffix("=" + c.fingerprintSHA256))
        #expect(c.keyUsage == [.digitalSignature, .nonRepudiation, .decipherOnly])
        #expect(c.basicConstraints == .endEntity)
        #expect(c.publicKey.algorithm == .rsa(bits: 2048))
        let spki = try openssl("pkey -in key.pem -pubout -outform DER")
        #expect(c.publicKey.subjectPublicKeyInfo == spki)
        #expect(c.notAfter - c.notBefore == 10 * 86_400)
        let numbers = try c.publicKey.rsaNumbers()
        let modulus = try openssl.text("x509 -in c.pem -noout -modulus")
        #expect("Modulus=" + Hex.upper(numbers.modulus) == modulus)
        #expect(numbers.exponent == [1, 0, 1])
    }

    static let day: Int64 = 86_400

    /// Dates on both sides of what UTCTime can say, and around leap days.
    @Test(arguments: [
        "19500101000000Z", "19700101000000Z", "20000229235959Z", "20491231235959Z",
        "20500101000000Z", "20991231120000Z", "21000301000000Z", "24000229010203Z",
    ])
    func datesAreThoseOfTheCalendar(_ text: String) throws {
        let openssl = try OpenSSLCommand()
        let form = DateFormatter()
        form.locale = Locale(identifier: "en_US_POSIX")
        form.timeZone = TimeZone(identifier: "UTC")
        form.dateFormat = "yyyyMMddHHmmss'Z'"
        let seconds = Int64(try #require(form.date(from: text)).timeIntervalSince1970)
        let ca = try authority(from: seconds, to: seconds + Self.day)
        #expect(ca.certificate.notBefore == seconds)
        #expect(ca.certificate.notAfter == seconds + Self.day)
        try openssl.write("c", ca.certificate.der)
        let printed = try openssl.text(
            "x509 -in c -inform DER -noout -startdate -dateopt iso_8601")
        let judge = DateFormatter()
        judge.locale = form.locale
        judge.timeZone = form.timeZone
        judge.dateFormat = "'notBefore='yyyy-MM-dd HH:mm:ss'Z'"
        #expect(printed == judge.string(from: Date(timeIntervalSince1970: Double(seconds))))
    }

    func authority(
        _ name: String = "CA thử", from: Int64 = 0, to: Int64 = 4_000_000_000
    ) throws -> CertificateIssuer {
        try CertificateIssuer(
            subject: [("C", "VN"), ("CN", name)], key: KeyPair(generating: .p256),
            notBefore: from, notAfter: to)
    }

    @Test(arguments: [KeyAlgorithm.rsa(bits: 2048), .p256, .p384, .ed25519])
    func whatOurAuthorityIssuesTheOpenSSLCommandAccepts(_ algorithm: KeyAlgorithm) throws {
        let openssl = try OpenSSLCommand()
        let ca = try CertificateIssuer(
            subject: [("C", "VN"), ("O", "Ban Cơ yếu"), ("CN", "CA thử")],
            key: KeyPair(generating: algorithm), notBefore: 0, notAfter: 4_000_000_000)
        let leaf = try ca.issue(
            CertificateContent(
                subject: [("C", "VN"), ("CN", "Nguyễn Thị Ánh"), ("E", "a@example.vn")],
                key: KeyPair(generating: .p256).publicKey, notBefore: 1_700_000_000,
                notAfter: 2_600_000_000, alternativeEmails: ["a@example.vn", "b@example.vn"]))
        try openssl.write("ca.pem", PEM.encode(ca.certificate))
        try openssl.write("leaf.pem", PEM.encode(leaf))
        let verdict = try openssl.text(
            "verify -x509_strict -check_ss_sig -CAfile ca.pem leaf.pem")
        #expect(verdict == "leaf.pem: OK")
        let text = try openssl.text("x509 -in leaf.pem -noout -text -nameopt utf8,sep_comma_plus")
        for part in [
            "CN=Nguyễn Thị Ánh", "emailAddress=a@example.vn",
            "email:a@example.vn, email:b@example.vn", "Digital Signature, Non Repudiation",
            "CA:FALSE",
        ] {
            #expect(text.contains(part), "\(part) in \(text)")
        }
        #expect(leaf.issuer == ca.certificate.subject)
        #expect(ca.certificate.basicConstraints == .authority(pathLength: nil))
        #expect(ca.certificate.keyUsage == [.certificateSign, .crlSign])
        #expect(leaf.alternativeEmails == ["a@example.vn", "b@example.vn"])
    }

    @Test func anAttributeThatDoesNotExistIsRefused() throws {
        let key = try KeyPair(generating: .p256)
        for subject in [[("nonsense", "x")], [("C", "Việt Nam")]] {
            let code = CryptoError.code {
                _ = try CertificateIssuer(subject: subject, key: key, notBefore: 0, notAfter: 1)
            }
            #expect(code != nil)
        }
    }

    @Test func malformedCertificatesAreRefused() throws {
        let good = try authority().certificate.der
        #expect(CryptoError.code { _ = try Certificate(der: good) } == nil)
        for bad in [
            [], [0x30], [0x30, 0x00], [0x30, 0x80, 0, 0], [0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF],
            good + [0], good + good, Array(good.dropFirst()),
        ] as [[UInt8]] {
            #expect(CryptoError.code { _ = try Certificate(der: bad) } == .malformed)
        }
        // The same certificate with its outer length written in three bytes instead of two: BER.
        #expect(good[1] == 0x82)
        let long3 = [0x30, 0x83, 0] + good[2...]
        #expect(CryptoError.code { _ = try Certificate(der: long3) } == .malformed)
        for cut in 0..<good.count {
            #expect(
                CryptoError.code { _ = try Certificate(der: Array(good[..<cut])) } == .malformed)
        }
        let long = [UInt8](repeating: 0x30, count: Certificate.longestEncoding + 1)
        #expect(
            CryptoError.code { _ = try Certificate(der: long) } == .tooLarge(limit: 16 * 1024))
    }

    /// A name value of `bytes` in a string of kind `tag` instead of the marker in the subject.
    private func withName(_ tag: UInt8, _ bytes: [UInt8]) throws -> [UInt8] {
        let marker = String(repeating: "x", count: bytes.count)
        var der = try authority(marker).certificate.der
        let needle = [0x0C, UInt8(bytes.count)] + Array(marker.utf8)
        for start in der.indices.dropLast(needle.count) {
            let range = start..<start + needle.count
            guard Array(der[range]) == needle else { continue }
            der.replaceSubrange(range, with: [tag, UInt8(bytes.count)] + bytes)
        }
        return der
    }

    @Test(
        arguments: [
            (0x1E, [0, 0x41, 0x1E, 0xBF], "Aế"),  // BMPString
            (0x13, [0x41, 0x42], "AB"),  // PrintableString
            (0x14, [0xE9, 0x41], "éA"),  // T61String, read as Latin-1
            (0x0C, [0x65, 0xCC, 0x82, 0xCC, 0x81], "e\u{302}\u{301}"),  // not normalised
        ] as [(UInt8, [UInt8], String)])
    func namesOfEveryStringKindAreText(_ tag: UInt8, _ bytes: [UInt8], _ text: String) throws {
        let name = try Certificate(der: withName(tag, bytes)).commonName
        #expect(name.map { Array($0.unicodeScalars) } == Array(text.unicodeScalars))
    }

    @Test(
        arguments: [
            (0x0C, [0x41, 0xFF]), (0x0C, [0xC0, 0x80]), (0x0C, [0x41, 0x00]), (0x1E, [0x00]),
        ] as [(UInt8, [UInt8])])
    func aNameThatIsNoTextMakesTheCertificateMalformed(_ tag: UInt8, _ bytes: [UInt8]) throws {
        let der = try withName(tag, bytes)
        #expect(CryptoError.code { _ = try Certificate(der: der) } == .malformed)
    }

    @Test func armourIsReadBackAndWhatIsNoneIsRefused() throws {
        let one = try authority("một").certificate
        let two = try authority("hai").certificate
        let file = "# roots\r\n" + PEM.encode(one) + "\nbetween\n" + PEM.encode(two)
        #expect(try PEM.certificates(in: Array(file.utf8)) == [one, two])
        #expect(try PEM.certificates(in: one.der) == [one])
        let cut = PEM.encode(one).replacing("-----END", with: "----END")
        for bad in ["", "nothing", cut, PEM.encode(one).replacing("\nM", with: "\n!")] {
            #expect(
                CryptoError.code { _ = try PEM.certificates(in: Array(bad.utf8)) } == .malformed)
        }
    }

    @Test func base64IsFoundationsAndStrict() {
        for count in 0..<50 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 200) }
            let digits = Base64.encode(bytes)
            #expect(String(decoding: digits, as: UTF8.self) == Data(bytes).base64EncodedString())
            #expect(Base64.decode(digits) == bytes)
        }
        for bad in ["A", "AA", "AAA", "AB==", "AAB=", "AA=A", "=", "AAAA=", "A*AA"] {
            #expect(Base64.decode(Array(bad.utf8)) == nil, "\(bad)")
        }
    }

    /// The real authorities; the files are not in the repository.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["TS_CA_FOLDER"] != nil))
    func theGovernmentsAuthoritiesReadAsPublished() throws {
        let folder = try #require(ProcessInfo.processInfo.environment["TS_CA_FOLDER"])
        let root = try #require(try PEM.certificates(in: read(folder + "/rootcag2.crt")).first)
        let sub = try #require(try PEM.certificates(in: read(folder + "/cpcag2.crt")).first)
        #expect(
            root.fingerprintSHA256
                == "F04BA4B459A7C9A1B971AD9B1CB833E695A80C79AEA63B174B66A70EDFE2FDB8")
        #expect(
            sub.fingerprintSHA256
                == "D8CAB7A4AEF92E6BB2509D7C61CEE7B44F3731B2D21074963530277B366FAE4B")
        #expect(root.commonName == "RootCA chuyên dùng Chính phủ G2")
        #expect(sub.commonName == "CA phục vụ các cơ quan Nhà nước G2")
        #expect(sub.organization == "Ban Cơ yếu Chính phủ")
        #expect(root.serialNumber == "3B65B0A03006F9AB")
        #expect(sub.basicConstraints == .authority(pathLength: 0))
        #expect(sub.publicKey.algorithm == .rsa(bits: 4096))
        #expect(
            try CertificatePath.check(sub, intermediates: [], roots: [root], at: 1_800_000_000)
                == .trusted(chain: [sub, root]))
    }

    private func read(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }
}
