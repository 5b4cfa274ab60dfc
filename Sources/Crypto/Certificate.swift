/// An X.509 certificate: its own bytes, and what the station reads from them.
package struct Certificate: Equatable, Hashable, Sendable {
    /// The bytes as they were given.
    package let der: [UInt8]
    package let subject: DistinguishedName
    package let issuer: DistinguishedName
    /// The rfc822Names of the subject's alternative name.
    package let alternativeEmails: [String]
    /// Serial number: upper-case hex, two digits a byte, as `openssl x509 -serial` prints it.
    package let serialNumber: String
    /// First second of validity, Unix time.
    package let notBefore: Int64
    /// Last second of validity, Unix time.
    package let notAfter: Int64
    /// SHA-256 of `der`, 64 upper-case hex digits.
    package let fingerprintSHA256: String
    /// Nil where the certificate does not restrict its key.
    package let keyUsage: KeyUsage?
    package let basicConstraints: BasicConstraints
    package let publicKey: PublicKey

    /// Longest certificate that is looked at, in bytes.
    package static var longestEncoding: Int { 16 * 1024 }

    /// Reads one certificate.
    ///
    /// A key of a kind this module does not know does not make a certificate unreadable: its
    /// `publicKey.algorithm` is `.other`.
    ///
    /// - Throws: `.tooLarge` above `longestEncoding`; `.malformed` for anything else but one
    ///   certificate and no byte behind it, also when a name is not text or a date is no date.
    package init(der: [UInt8]) throws(CryptoError) {
        guard der.count <= Certificate.longestEncoding else {
            throw CryptoError(
                .tooLarge(limit: Certificate.longestEncoding),
                "a certificate of \(der.count) bytes")
        }
        if let known = RecentCertificates.shared.certificate(der) {
            self = known
            return
        }
        try self.init(reading: der)
        RecentCertificates.shared.keep(self)
    }

    private init(reading der: [UInt8]) throws(CryptoError) {
        let x = try OpenSSL.X509(der: der)
        self.der = der
        subject = try x.name(.subject)
        issuer = try x.name(.issuer)
        alternativeEmails = try x.emails()
        serialNumber = try x.serialNumber()
        notBefore = try x.time(.notBefore)
        notAfter = try x.time(.notAfter)
        fingerprintSHA256 = Hex.upper(try Digest.sha256.hash(der))
        keyUsage = x.keyUsage().map(KeyUsage.init(rawValue:))
        basicConstraints = x.basicConstraints()
        publicKey = try x.publicKey()
    }

    package var commonName: String? { subject.commonName }
    package var organization: String? { subject.organization }

    /// The first e-mail address: of the alternative names, else of the subject.
    package var emailAddress: String? {
        alternativeEmails.first ?? subject.values("emailAddress").first
    }

    /// Whether `unixTime` lies within the validity.
    package func isValid(at unixTime: Int64) -> Bool {
        notBefore <= unixTime && unixTime <= notAfter
    }

    /// The bytes in the extension of an object identifier in dots; nil where the certificate has
    /// none of it, or two.
    ///
    /// - Throws: `.malformed` for what is no object identifier.
    package func extensionValue(_ identifier: String) throws(CryptoError) -> [UInt8]? {
        try OpenSSL.X509(der: der).extensionValue(.other(identifier))
    }

    package static func == (left: Certificate, right: Certificate) -> Bool {
        left.der == right.der
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(der) }
}

/// What a certificate's key may be used for (RFC 5280, 4.2.1.3).
package struct KeyUsage: OptionSet, Equatable, Hashable, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    // The values are the bits of the DER's first byte, and the second byte's above them.
    package static let digitalSignature = KeyUsage(rawValue: 0x80)
    package static let nonRepudiation = KeyUsage(rawValue: 0x40)
    package static let keyEncipherment = KeyUsage(rawValue: 0x20)
    package static let dataEncipherment = KeyUsage(rawValue: 0x10)
    package static let keyAgreement = KeyUsage(rawValue: 0x08)
    package static let certificateSign = KeyUsage(rawValue: 0x04)
    package static let crlSign = KeyUsage(rawValue: 0x02)
    package static let encipherOnly = KeyUsage(rawValue: 0x01)
    package static let decipherOnly = KeyUsage(rawValue: 0x8000)
}

/// Whether a certificate may issue others (RFC 5280, 4.2.1.9).
package enum BasicConstraints: Equatable, Hashable, Sendable {
    case endEntity
    /// May issue; how many more issuers may follow below it, nil for no limit.
    case authority(pathLength: Int?)
}
