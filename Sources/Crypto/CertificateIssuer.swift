/// A certification authority of one's own: for tests and for the training mode.
package struct CertificateIssuer: Sendable {
    package let certificate: Certificate
    package let key: KeyPair

    /// A new self-signed authority.
    ///
    /// - Parameter subject: short names as in `DistinguishedName`; `E` is taken for
    ///   `emailAddress`.
    /// - Throws: `.library` for an attribute OpenSSL does not know or finds too long.
    package init(
        subject: [(String, String)], key: KeyPair, notBefore: Int64, notAfter: Int64
    ) throws(CryptoError) {
        var content = CertificateContent(
            subject: subject, key: key.publicKey, notBefore: notBefore, notAfter: notAfter)
        content.isAuthority = true
        self.key = key
        certificate = try OpenSSL.issue(content, issuer: nil, key: key)
    }

    /// An authority made before.
    package init(certificate: Certificate, key: KeyPair) {
        self.certificate = certificate
        self.key = key
    }

    /// A certificate for somebody else's key.
    package func issue(_ content: CertificateContent) throws(CryptoError) -> Certificate {
        try OpenSSL.issue(content, issuer: certificate, key: key)
    }
}

/// What a new certificate is to say.
package struct CertificateContent: Sendable {
    package var subject: [(String, String)]
    package var key: PublicKey
    /// Unix seconds; written as GeneralizedTime from 2050 on.
    package var notBefore: Int64
    package var notAfter: Int64
    package var alternativeEmails: [String] = []
    package var keyUsage: KeyUsage = [.digitalSignature, .nonRepudiation]
    /// May issue certificates itself; its key usage is then that of an authority.
    package var isAuthority = false
    /// Extensions besides, by object identifier in dots; none of them critical.
    package var otherExtensions: [(identifier: String, value: [UInt8])] = []

    package init(
        subject: [(String, String)], key: PublicKey, notBefore: Int64, notAfter: Int64,
        alternativeEmails: [String] = []
    ) {
        self.subject = subject
        self.key = key
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.alternativeEmails = alternativeEmails
    }

    /// The extensions (RFC 5280, 4.2.1) as numeric object names, criticality and DER.
    func extensions(
        keyIdentifier: [UInt8], issuerIdentifier: [UInt8]
    ) -> [(kind: OpenSSL.Extension, critical: Bool, der: [UInt8])] {
        let usage: KeyUsage = isAuthority ? [.certificateSign, .crlSign] : keyUsage
        let bits = UInt8(truncatingIfNeeded: usage.rawValue)
        let unused = UInt8(truncatingIfNeeded: bits == 0 ? 0 : bits.trailingZeroBitCount)
        var all: [(kind: OpenSSL.Extension, critical: Bool, der: [UInt8])] = [
            (.basicConstraints, true, DER.sequence(isAuthority ? [1, 1, 0xFF] : [])),
            (.keyUsage, true, DER.value(0x03, [unused, bits])),
            (.subjectKeyIdentifier, false, DER.octets(keyIdentifier)),
            (.authorityKeyIdentifier, false, DER.sequence(DER.value(0x80, issuerIdentifier))),
        ]
        if !alternativeEmails.isEmpty {
            let names = alternativeEmails.flatMap { DER.value(0x81, Array($0.utf8)) }
            all.append((.subjectAlternativeName, false, DER.sequence(names)))
        }
        for other in otherExtensions { all.append((.other(other.identifier), false, other.value)) }
        return all
    }
}
