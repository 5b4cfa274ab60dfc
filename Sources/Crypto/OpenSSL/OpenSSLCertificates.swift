import COpenSSL

extension OpenSSL {
    enum Extension {
        case basicConstraints, keyUsage, subjectKeyIdentifier, authorityKeyIdentifier
        case subjectAlternativeName
        /// An object identifier in dots.
        case other(String)

        /// Its object identifier; the caller frees it.
        var object: OpaquePointer? {
            switch self {
            case .basicConstraints: OBJ_nid2obj(NID_basic_constraints)
            case .keyUsage: OBJ_nid2obj(NID_key_usage)
            case .subjectKeyIdentifier: OBJ_nid2obj(NID_subject_key_identifier)
            case .authorityKeyIdentifier: OBJ_nid2obj(NID_authority_key_identifier)
            case .subjectAlternativeName: OBJ_nid2obj(NID_subject_alt_name)
            case .other(let dotted): OBJ_txt2obj(dotted, 1)
            }
        }
    }

    struct X509: ~Copyable {
        enum Name { case subject, issuer }
        enum Time { case notBefore, notAfter }

        let pointer: OpaquePointer

        fileprivate init() throws(CryptoError) {
            guard let pointer = X509_new() else { throw failure("a certificate") }
            self.pointer = pointer
        }

        init(der: [UInt8]) throws(CryptoError) {
            let read = parse(der) { d2i_X509(nil, &$0, $1) }
            guard let pointer = read.object else { throw failure("a certificate", .malformed) }
            guard read.whole else {
                X509_free(pointer)
                throw CryptoError(.malformed, "bytes after a certificate")
            }
            // OpenSSL reads BER too; then one certificate would have many fingerprints.
            guard encode({ i2d_X509(pointer, $0) }) == der else {
                X509_free(pointer)
                throw CryptoError(.malformed, "a certificate that is not in DER")
            }
            self.pointer = pointer
        }

        func name(_ which: Name) throws(CryptoError) -> DistinguishedName {
            try distinguishedName(
                which == .subject
                    ? X509_get_subject_name(pointer) : X509_get_issuer_name(pointer),
                "a certificate's \(which)")
        }

        func emails() throws(CryptoError) -> [String] {
            guard let names = ts_openssl_alternative_names(pointer) else {
                ERR_clear_error()
                return []
            }
            defer { GENERAL_NAMES_free(names) }
            var emails: [String] = []
            for index in 0..<max(ts_openssl_name_count(names), 0) {
                guard let address = ts_openssl_email_at(names, index) else { continue }
                guard let text = utf8(address) else {
                    throw failure("an e-mail address is not text", .malformed)
                }
                emails.append(text)
            }
            return emails
        }

        func serialNumber() throws(CryptoError) -> String {
            guard let big = ASN1_INTEGER_to_BN(X509_get0_serialNumber(pointer), nil) else {
                throw failure("a certificate's serial number", .malformed)
            }
            defer { BN_free(big) }
            let digits = Hex.upper(bytes(of: big))
            return (BN_is_negative(big) == 1 ? "-" : "") + (digits.isEmpty ? "00" : digits)
        }

        func time(_ which: Time) throws(CryptoError) -> Int64 {
            try unixTime(
                which == .notBefore ? X509_get0_notBefore(pointer) : X509_get0_notAfter(pointer),
                "a certificate's \(which)")
        }

        func keyUsage() -> UInt32? {
            defer { ERR_clear_error() }
            let usage = X509_get_key_usage(pointer)
            return usage == UInt32.max ? nil : usage
        }

        func basicConstraints() -> BasicConstraints {
            defer { ERR_clear_error() }
            let flags = X509_get_extension_flags(pointer)
            guard flags & UInt32(EXFLAG_CA) != 0, flags & UInt32(EXFLAG_INVALID) == 0 else {
                return .endEntity
            }
            let length = X509_get_pathlen(pointer)
            return .authority(pathLength: length < 0 ? nil : Int(length))
        }

        func publicKey() throws(CryptoError) -> PublicKey {
            if let key = X509_get_pubkey(pointer) {
                return try SharedKey(owning: key).publicKey()
            }
            ERR_clear_error()
            // A kind of key this libcrypto cannot read: kept as bytes, and named.
            let info = X509_get_X509_PUBKEY(pointer)
            guard let info, let der = encode({ i2d_X509_PUBKEY(info, $0) }) else {
                throw failure("a certificate's key", .malformed)
            }
            var object: OpaquePointer?
            X509_PUBKEY_get0_param(&object, nil, nil, nil, info)
            return PublicKey(
                algorithm: .other(object.map(shortName) ?? "unknown"), subjectPublicKeyInfo: der)
        }

        /// What an extension holds; nil where it is not there once.
        func extensionValue(_ kind: Extension) throws(CryptoError) -> [UInt8]? {
            guard let object = kind.object else {
                throw failure("an object identifier", .malformed)
            }
            defer { ASN1_OBJECT_free(object) }
            let place = X509_get_ext_by_OBJ(pointer, object, -1)
            guard place >= 0, X509_get_ext_by_OBJ(pointer, object, place) < 0,
                let octets = X509_EXTENSION_get_data(X509_get_ext(pointer, place))
            else { return nil }
            let bytes = UnsafeBufferPointer(
                start: ASN1_STRING_get0_data(octets), count: Int(ASN1_STRING_length(octets)))
            return Array(bytes)
        }

        deinit { X509_free(pointer) }
    }

    static func issue(
        _ content: CertificateContent, issuer: Certificate?, key: KeyPair
    ) throws(CryptoError) -> Certificate {
        // In steps of their own: Swift 6.0's optimiser does not compile them as one.
        let new = try X509()
        try begin(new, content)
        try nameParties(of: new, content, issuer)
        let extensions = content.extensions(
            keyIdentifier: try Digest.sha1.hash(content.key.subjectPublicKeyInfo),
            issuerIdentifier: try Digest.sha1.hash(key.publicKey.subjectPublicKeyInfo))
        for (kind, critical, der) in extensions { try add(kind, critical, der, to: new) }
        return try Certificate(der: try sign(new, with: key))
    }

    /// Version, serial number, validity, and the key it is of.
    private static func begin(
        _ certificate: borrowing X509, _ content: CertificateContent
    ) throws(CryptoError) {
        let subjectKey = try Key(publicDER: content.key.subjectPublicKeyInfo)
        var serial = try randomBytes(8)
        // Positive, and of its full length (RFC 5280, 4.1.2.2).
        serial[0] = serial[0] & 0x7F | 0x40
        let number = BN_bin2bn(serial, Int32(serial.count), nil)
        let notBefore = ts_openssl_time_new(content.notBefore)
        let notAfter = ts_openssl_time_new(content.notAfter)
        defer {
            BN_free(number)
            ASN1_STRING_free(notBefore)
            ASN1_STRING_free(notAfter)
        }
        guard X509_set_version(certificate.pointer, 2) == 1,
            BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate.pointer)) != nil,
            X509_set1_notBefore(certificate.pointer, notBefore) == 1,
            X509_set1_notAfter(certificate.pointer, notAfter) == 1,
            X509_set_pubkey(certificate.pointer, subjectKey.pointer) == 1
        else { throw failure("making a certificate") }
    }

    /// Subject and issuer; the subject itself where there is no issuer.
    private static func nameParties(
        of certificate: borrowing X509, _ content: CertificateContent, _ issuer: Certificate?
    ) throws(CryptoError) {
        let name = X509_get_subject_name(certificate.pointer)
        for (attribute, value) in content.subject {
            let field = attribute == "E" ? "emailAddress" : attribute
            let text = Array(value.utf8)
            guard
                X509_NAME_add_entry_by_txt(
                    name, field, MBSTRING_UTF8, text, Int32(clamping: text.count), -1, 0) == 1
            else { throw failure("the attribute \(field) of a certificate's subject") }
        }
        guard let issuer else {
            guard X509_set_issuer_name(certificate.pointer, name) == 1 else {
                throw failure("making a certificate")
            }
            return
        }
        let authority = try X509(der: issuer.der)
        guard
            X509_set_issuer_name(certificate.pointer, X509_get_subject_name(authority.pointer))
                == 1
        else { throw failure("making a certificate") }
    }

    private static func sign(
        _ certificate: borrowing X509, with key: KeyPair
    ) throws(CryptoError) -> [UInt8] {
        let signer = try PrivateKey(pkcs8: key.pkcs8())
        let hash =
            key.algorithm == .ed25519
            ? nil : method(key.algorithm == .p384 ? .sha384 : .sha256)
        guard X509_sign(certificate.pointer, signer.key.pointer, hash) > 0,
            let der = encode({ i2d_X509(certificate.pointer, $0) })
        else { throw failure("signing a certificate") }
        return der
    }

    private static func add(
        _ kind: Extension, _ critical: Bool, _ der: [UInt8], to certificate: borrowing X509
    ) throws(CryptoError) {
        guard let octets = ASN1_OCTET_STRING_new() else { throw failure("an extension") }
        defer { ASN1_OCTET_STRING_free(octets) }
        guard ASN1_OCTET_STRING_set(octets, der, Int32(clamping: der.count)) == 1,
            let object = kind.object
        else { throw failure("an extension") }
        defer { ASN1_OBJECT_free(object) }
        guard let made = X509_EXTENSION_create_by_OBJ(nil, object, critical ? 1 : 0, octets) else {
            throw failure("an extension")
        }
        defer { X509_EXTENSION_free(made) }
        guard X509_add_ext(certificate.pointer, made, -1) == 1 else {
            throw failure("an extension")
        }
    }
}
