// The one file of this module that names C: libcrypto of OpenSSL 3 in Swift terms, nothing
// deprecated in 3.0. Every OpenSSL object has one owner here that frees it.
import COpenSSL

enum OpenSSL {
    /// What OpenSSL says about its last failure, with its error queue emptied.
    static func failure(_ doing: String, _ code: CryptoError.Code? = nil) -> CryptoError {
        let number = ERR_peek_last_error()
        let words = ERR_reason_error_string(number).map { String(cString: $0) }
        ERR_clear_error()
        let reason = words.map { "\(doing): \($0)" } ?? doing
        return CryptoError(code ?? .library(UInt(number)), reason)
    }

    static func randomBytes(_ count: Int) throws(CryptoError) -> [UInt8] {
        guard let wanted = Int32(exactly: count), wanted >= 0 else {
            throw CryptoError(.tooLarge(limit: Int(Int32.max)), "\(count) random bytes")
        }
        var bytes = [UInt8](repeating: 0, count: count)
        guard RAND_bytes(&bytes, wanted) == 1 else {
            throw failure("no random bytes", .noRandomness)
        }
        return bytes
    }

    // MARK: Digests

    private static func method(_ digest: Digest) -> OpaquePointer? {
        switch digest {
        case .sha1: EVP_sha1()
        case .sha256: EVP_sha256()
        case .sha384: EVP_sha384()
        case .sha512: EVP_sha512()
        }
    }

    static func digest(
        _ digest: Digest, _ bytes: UnsafeRawBufferPointer
    ) throws(CryptoError) -> [UInt8] {
        var out = [UInt8](repeating: 0, count: digest.length)
        let done = EVP_Digest(bytes.baseAddress, bytes.count, &out, nil, method(digest), nil)
        guard done == 1 else { throw failure("hashing with \(digest)") }
        return out
    }

    struct DigestState: ~Copyable {
        private let context: OpaquePointer
        private let digest: Digest

        init(_ digest: Digest) throws(CryptoError) {
            guard let context = EVP_MD_CTX_new() else { throw failure("a hash state") }
            guard EVP_DigestInit_ex(context, method(digest), nil) == 1 else {
                EVP_MD_CTX_free(context)
                throw failure("hashing with \(digest)")
            }
            self.context = context
            self.digest = digest
        }

        func update(_ bytes: UnsafeRawBufferPointer) throws(CryptoError) {
            guard EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1 else {
                throw failure("hashing with \(digest)")
            }
        }

        func finish() throws(CryptoError) -> [UInt8] {
            var out = [UInt8](repeating: 0, count: digest.length)
            guard EVP_DigestFinal_ex(context, &out, nil) == 1 else {
                throw failure("hashing with \(digest)")
            }
            return out
        }

        /// The hash into the caller's memory; how many bytes it has.
        func finish(into room: UnsafeMutableRawBufferPointer) throws(CryptoError) -> Int {
            guard room.count >= digest.length else {
                throw CryptoError(
                    .wrongLength(expected: digest.length, got: room.count), "room for a hash")
            }
            let out = room.assumingMemoryBound(to: UInt8.self).baseAddress
            guard EVP_DigestFinal_ex(context, out, nil) == 1 else {
                throw failure("hashing with \(digest)")
            }
            return digest.length
        }

        deinit { EVP_MD_CTX_free(context) }
    }

    /// Zeroes the stack below the caller: hash functions leave words of what they hashed there.
    /// What they hold elsewhere OpenSSL zeroes by itself.
    static func wipeStack() { ts_openssl_wipe_stack() }

    // MARK: Keys

    enum Number {
        case modulus, exponent
        var name: String { self == .modulus ? OSSL_PKEY_PARAM_RSA_N : OSSL_PKEY_PARAM_RSA_E }
    }

    /// An EVP_PKEY.
    struct Key: ~Copyable {
        fileprivate let pointer: OpaquePointer

        /// Takes over one reference.
        fileprivate init(owning pointer: OpaquePointer) { self.pointer = pointer }

        init(publicDER der: [UInt8]) throws(CryptoError) {
            let read = parse(der) { d2i_PUBKEY(nil, &$0, $1) }
            guard let pointer = read.object else { throw failure("a public key", .malformed) }
            guard read.whole else {
                EVP_PKEY_free(pointer)
                throw CryptoError(.malformed, "bytes after a public key")
            }
            self.pointer = pointer
        }

        var algorithm: KeyAlgorithm {
            let bits = Int(EVP_PKEY_get_bits(pointer))
            switch EVP_PKEY_get_base_id(pointer) {
            case EVP_PKEY_RSA where (1024...4096).contains(bits): return .rsa(bits: bits)
            case EVP_PKEY_RSA: return .other("RSA-\(bits)")
            case EVP_PKEY_ED25519: return .ed25519
            case EVP_PKEY_EC:
                var name = [CChar](repeating: 0, count: 80)
                guard EVP_PKEY_get_group_name(pointer, &name, name.count, nil) == 1 else {
                    ERR_clear_error()
                    return .other("EC")
                }
                switch OBJ_sn2nid(name) {
                case NID_X9_62_prime256v1: return .p256
                case NID_secp384r1: return .p384
                default: return .other(text(name))
                }
            default:
                return .other(
                    EVP_PKEY_get0_type_name(pointer).map { String(cString: $0) } ?? "unknown")
            }
        }

        func publicKey() throws(CryptoError) -> PublicKey {
            guard let der = encode({ i2d_PUBKEY(pointer, $0) }) else {
                throw failure("encoding a public key")
            }
            return PublicKey(algorithm: algorithm, subjectPublicKeyInfo: der)
        }

        func verify(
            _ signature: [UInt8], _ message: [UInt8], _ digest: Digest?
        ) throws(CryptoError) -> Bool {
            guard let context = EVP_MD_CTX_new() else { throw failure("a verification") }
            defer { EVP_MD_CTX_free(context) }
            let hash = digest.flatMap(method)
            guard EVP_DigestVerifyInit(context, nil, hash, nil, pointer) == 1 else {
                throw failure("verifying a signature")
            }
            let result = EVP_DigestVerify(
                context, signature, signature.count, message, message.count)
            // A malformed signature (negative) is a signature that does not verify.
            ERR_clear_error()
            return result == 1
        }

        func point() throws(CryptoError) -> [UInt8] {
            switch algorithm {
            case .p256, .p384: break
            case .ed25519:
                var bytes = [UInt8](repeating: 0, count: 32)
                var count = bytes.count
                guard EVP_PKEY_get_raw_public_key(pointer, &bytes, &count) == 1 else {
                    throw failure("the point of a key")
                }
                return Array(bytes.prefix(count))
            default: throw CryptoError(.unsupported, "a \(algorithm) key has no point")
            }
            var bytes: UnsafeMutablePointer<UInt8>?
            let count = EVP_PKEY_get1_encoded_public_key(pointer, &bytes)
            defer { ts_openssl_free(bytes) }
            guard let bytes, count > 0 else { throw failure("the point of a key") }
            return Array(UnsafeBufferPointer(start: bytes, count: count))
        }

        func number(_ number: Number) throws(CryptoError) -> [UInt8] {
            var big: OpaquePointer?
            guard EVP_PKEY_get_bn_param(pointer, number.name, &big) == 1, let big else {
                throw failure("the \(number) of a key", .unsupported)
            }
            defer { BN_free(big) }
            return bytes(of: big)
        }

        func agree(with peer: borrowing Key) throws(CryptoError) -> [UInt8] {
            guard let context = EVP_PKEY_CTX_new(pointer, nil) else {
                throw failure("a key agreement")
            }
            defer { EVP_PKEY_CTX_free(context) }
            var secret = [UInt8](repeating: 0, count: 64)
            var count = secret.count
            guard EVP_PKEY_derive_init(context) == 1,
                EVP_PKEY_derive_set_peer(context, peer.pointer) == 1,
                EVP_PKEY_derive(context, &secret, &count) == 1
            else { throw failure("a key agreement") }
            return Array(secret.prefix(count))
        }

        deinit { EVP_PKEY_free(pointer) }
    }

    /// A private key that threads may share.
    // OpenSSL 3 allows concurrent use of an EVP_PKEY whose content no longer changes
    // (openssl-threads(7)); nothing here changes one after it was made.
    final class PrivateKey: @unchecked Sendable {
        let key: Key

        init(generating algorithm: KeyAlgorithm) throws(CryptoError) {
            let family: String
            switch algorithm {
            case .rsa(let bits) where (1024...4096).contains(bits): family = "RSA"
            case .p256, .p384: family = "EC"
            case .ed25519: family = "ED25519"
            default: throw CryptoError(.unsupported, "making a \(algorithm) key")
            }
            guard let context = EVP_PKEY_CTX_new_from_name(nil, family, nil) else {
                throw failure("making a \(algorithm) key")
            }
            defer { EVP_PKEY_CTX_free(context) }
            var done = EVP_PKEY_keygen_init(context)
            switch algorithm {
            case .rsa(let bits) where done == 1:
                done = EVP_PKEY_CTX_set_rsa_keygen_bits(context, Int32(bits))
            case .p256 where done == 1: done = EVP_PKEY_CTX_set_group_name(context, "P-256")
            case .p384 where done == 1: done = EVP_PKEY_CTX_set_group_name(context, "P-384")
            default: break
            }
            var made: OpaquePointer?
            guard done == 1, EVP_PKEY_generate(context, &made) == 1, let made else {
                throw failure("making a \(algorithm) key")
            }
            key = Key(owning: made)
        }

        init(pkcs8 der: [UInt8]) throws(CryptoError) {
            let read = parse(der) { d2i_PKCS8_PRIV_KEY_INFO(nil, &$0, $1) }
            guard let info = read.object else { throw failure("a private key", .malformed) }
            defer { PKCS8_PRIV_KEY_INFO_free(info) }
            guard read.whole else { throw CryptoError(.malformed, "bytes after a private key") }
            guard let pointer = EVP_PKCS82PKEY(info) else {
                throw failure("a private key", .malformed)
            }
            key = Key(owning: pointer)
        }

        func pkcs8() throws(CryptoError) -> [UInt8] {
            guard let info = EVP_PKEY2PKCS8(key.pointer) else {
                throw failure("encoding a private key")
            }
            defer { PKCS8_PRIV_KEY_INFO_free(info) }
            guard let der = encode({ i2d_PKCS8_PRIV_KEY_INFO(info, $0) }) else {
                throw failure("encoding a private key")
            }
            return der
        }

        func signBlock(
            _ block: [UInt8], _ algorithm: KeyAlgorithm
        ) throws(CryptoError) -> [UInt8] {
            if algorithm == .ed25519 { return try signMessage(block) }
            guard let context = EVP_PKEY_CTX_new(key.pointer, nil) else {
                throw failure("signing")
            }
            defer { EVP_PKEY_CTX_free(context) }
            var done = EVP_PKEY_sign_init(context)
            if case .rsa = algorithm, done == 1 {
                done = EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING)
            }
            var signature = [UInt8](repeating: 0, count: Int(EVP_PKEY_get_size(key.pointer)))
            var count = signature.count
            guard done == 1,
                EVP_PKEY_sign(context, &signature, &count, block, block.count) == 1
            else { throw failure("signing") }
            return Array(signature.prefix(count))
        }

        private func signMessage(_ message: [UInt8]) throws(CryptoError) -> [UInt8] {
            guard let context = EVP_MD_CTX_new() else { throw failure("signing") }
            defer { EVP_MD_CTX_free(context) }
            var signature = [UInt8](repeating: 0, count: 64)
            var count = signature.count
            guard EVP_DigestSignInit(context, nil, nil, nil, key.pointer) == 1,
                EVP_DigestSign(context, &signature, &count, message, message.count) == 1
            else { throw failure("signing") }
            return Array(signature.prefix(count))
        }

        func agree(with peer: borrowing Key) throws(CryptoError) -> [UInt8] {
            try key.agree(with: peer)
        }
    }

    // MARK: Certificates

    enum Extension {
        case basicConstraints, keyUsage, subjectKeyIdentifier, authorityKeyIdentifier
        case subjectAlternativeName
        /// An object identifier in dots.
        case other(String)

        /// Its object identifier; the caller frees it.
        fileprivate var object: OpaquePointer? {
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

        fileprivate let pointer: OpaquePointer

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
                return try Key(owning: key).publicKey()
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

    // MARK: Revocation

    /// A revocation list that threads may share.
    // OpenSSL sorts the entries of a list at the first look into it, under a lock of its own;
    // here that is done before anybody else has the list, and nothing changes it afterwards.
    final class CRL: @unchecked Sendable {
        private let pointer: OpaquePointer

        init(der: [UInt8]) throws(CryptoError) {
            let read = parse(der) { d2i_X509_CRL(nil, &$0, $1) }
            guard let pointer = read.object else {
                throw failure("a revocation list", .malformed)
            }
            guard read.whole else {
                X509_CRL_free(pointer)
                throw CryptoError(.malformed, "bytes after a revocation list")
            }
            self.pointer = pointer
            ts_openssl_sort_revoked(pointer)
        }

        func issuer() throws(CryptoError) -> DistinguishedName {
            try distinguishedName(X509_CRL_get_issuer(pointer), "a revocation list's issuer")
        }

        func thisUpdate() throws(CryptoError) -> Int64 {
            try unixTime(X509_CRL_get0_lastUpdate(pointer), "a revocation list's date")
        }

        func nextUpdate() throws(CryptoError) -> Int64? {
            guard let time = X509_CRL_get0_nextUpdate(pointer) else { return nil }
            return try unixTime(time, "the date of a next revocation list")
        }

        var count: Int { Int(max(ts_openssl_revoked_count(pointer), 0)) }

        var hasCriticalExtension: Bool {
            X509_CRL_get_ext_by_critical(pointer, 1, -1) >= 0
                || X509_CRL_get_ext_by_NID(pointer, NID_delta_crl, -1) >= 0
        }

        func isNamed(after issuer: Certificate) throws(CryptoError) -> Bool {
            let x = try X509(der: issuer.der)
            return X509_NAME_cmp(X509_CRL_get_issuer(pointer), X509_get_subject_name(x.pointer))
                == 0
        }

        func isSigned(by issuer: Certificate) throws(CryptoError) -> Bool {
            let key = try Key(publicDER: issuer.publicKey.subjectPublicKeyInfo)
            let result = X509_CRL_verify(pointer, key.pointer)
            ERR_clear_error()
            return result == 1
        }

        /// Since when a certificate is revoked and the number of the reason; nil where it is not
        /// on the list.
        func entry(
            of certificate: Certificate
        ) throws(CryptoError) -> (since: Int64, reason: Int?)? {
            let x = try X509(der: certificate.der)
            var entry: OpaquePointer?
            // 2 is an entry that takes an earlier one back.
            guard
                X509_CRL_get0_by_serial(pointer, &entry, X509_get_serialNumber(x.pointer)) == 1,
                let entry
            else { return nil }
            let since = try unixTime(
                X509_REVOKED_get0_revocationDate(entry), "the date of a revocation")
            let reason = ts_openssl_revocation_reason(entry)
            ERR_clear_error()
            return (since, reason < 0 ? nil : Int(reason))
        }

        deinit { X509_CRL_free(pointer) }
    }

    // MARK: Paths

    static func checkPath(
        _ leaf: Certificate, _ intermediates: [Certificate], _ roots: [Certificate],
        at unixTime: Int64?, depth: Int
    ) throws(CryptoError) -> CertificatePath.Result {
        guard let store = X509_STORE_new(), let context = X509_STORE_CTX_new(),
            let others = ts_openssl_stack_new()
        else { throw failure("checking a certificate's path") }
        defer {
            X509_STORE_CTX_free(context)
            X509_STORE_free(store)
            ts_openssl_stack_free(others)
        }
        for root in roots {
            let x = try X509(der: root.der)
            guard X509_STORE_add_cert(store, x.pointer) == 1 else {
                throw failure("a pinned certificate")
            }
        }
        for intermediate in intermediates {
            let x = try X509(der: intermediate.der)
            guard ts_openssl_stack_add(others, x.pointer) == 1 else {
                throw failure("an intermediate certificate")
            }
        }
        let target = try X509(der: leaf.der)
        guard X509_STORE_CTX_init(context, store, target.pointer, others) == 1 else {
            throw failure("checking a certificate's path")
        }
        let rules = X509_STORE_CTX_get0_param(context)
        // Links that OpenSSL counts are those between leaf and root.
        X509_VERIFY_PARAM_set_depth(rules, Int32(clamping: depth - 2))
        X509_VERIFY_PARAM_set_flags(rules, UInt(X509_V_FLAG_PARTIAL_CHAIN))
        if let unixTime {
            X509_VERIFY_PARAM_set_time(rules, time_t(unixTime))
        } else {
            X509_VERIFY_PARAM_set_flags(rules, UInt(X509_V_FLAG_NO_CHECK_TIME))
        }
        let result = X509_verify_cert(context)
        ERR_clear_error()
        guard result != 1 else {
            let chain = X509_STORE_CTX_get0_chain(context)
            var certificates: [Certificate] = []
            for index in 0..<ts_openssl_stack_count(chain) {
                certificates.append(try copy(ts_openssl_stack_at(chain, index)))
            }
            return .trusted(chain: certificates)
        }
        let number = X509_STORE_CTX_get_error(context)
        guard number != X509_V_ERR_OUT_OF_MEM else {
            throw failure("checking a certificate's path")
        }
        let culprit = X509_STORE_CTX_get_current_cert(context)
        return .notTrusted(
            refusal(number), at: try culprit.map { (x) throws(CryptoError) in try copy(x) },
            reason: String(cString: X509_verify_cert_error_string(Int(number))))
    }

    private static func copy(_ certificate: OpaquePointer?) throws(CryptoError) -> Certificate {
        guard let der = encode({ i2d_X509(certificate, $0) }) else {
            throw failure("encoding a certificate")
        }
        return try Certificate(der: der)
    }

    private static func refusal(_ number: Int32) -> CertificatePath.Refusal {
        switch number {
        case X509_V_ERR_CERT_HAS_EXPIRED: .expired
        case X509_V_ERR_CERT_NOT_YET_VALID: .notYetValid
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
            .unknownIssuer
        case X509_V_ERR_CERT_SIGNATURE_FAILURE, X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE:
            .badSignature
        case X509_V_ERR_INVALID_CA, X509_V_ERR_PATH_LENGTH_EXCEEDED,
            X509_V_ERR_KEYUSAGE_NO_CERTSIGN, X509_V_ERR_INVALID_NON_CA:
            .notAnAuthority
        default: .other(number)
        }
    }

    // MARK: Block ciphers

    /// Runs a cipher over whole blocks into as many bytes of `out`.
    ///
    /// OpenSSL keeps the key's schedule in ordinary memory and zeroes it when the context is
    /// freed, which is before this returns.
    static func cipher(
        _ cipher: BlockCipher, _ mode: CipherMode, _ text: UnsafeRawBufferPointer,
        key: UnsafeRawBufferPointer, encrypting: Bool, into out: UnsafeMutableRawBufferPointer
    ) throws(CryptoError) {
        let method: OpaquePointer?
        let vector: [UInt8]?
        switch mode {
        case .ecb:
            vector = nil
            method =
                switch cipher {
                case .tripleDES: EVP_des_ede3_ecb()
                case .aes128: EVP_aes_128_ecb()
                case .aes192: EVP_aes_192_ecb()
                case .aes256: EVP_aes_256_ecb()
                }
        case .cbc(let initial):
            vector = initial
            method =
                switch cipher {
                case .tripleDES: EVP_des_ede3_cbc()
                case .aes128: EVP_aes_128_cbc()
                case .aes192: EVP_aes_192_cbc()
                case .aes256: EVP_aes_256_cbc()
                }
        }
        guard let context = EVP_CIPHER_CTX_new() else { throw failure("a cipher") }
        defer { EVP_CIPHER_CTX_free(context) }
        let keyBytes = key.bindMemory(to: UInt8.self).baseAddress
        let bytes = text.bindMemory(to: UInt8.self).baseAddress
        let output = out.bindMemory(to: UInt8.self).baseAddress
        var count: Int32 = 0
        guard out.count >= text.count,
            EVP_CipherInit_ex(context, method, nil, keyBytes, vector, encrypting ? 1 : 0) == 1,
            EVP_CIPHER_CTX_set_padding(context, 0) == 1,
            EVP_CipherUpdate(context, output, &count, bytes, Int32(clamping: text.count)) == 1,
            Int(count) == text.count
        else { throw failure("the cipher \(cipher)") }
    }

    /// Whether two runs of as many bytes are the same, in a time their content does not change.
    static func areEqual(_ one: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer) -> Bool {
        guard one.count == other.count else { return false }
        guard let left = one.baseAddress, let right = other.baseAddress else { return true }
        return CRYPTO_memcmp(left, right, one.count) == 0
    }

    // MARK: Bytes and texts

    /// Runs one of OpenSSL's d2i functions; `whole` when it took every byte.
    private static func parse(
        _ der: [UInt8],
        _ read: (inout UnsafePointer<UInt8>?, Int) -> OpaquePointer?
    ) -> (object: OpaquePointer?, whole: Bool) {
        der.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            guard let start = cursor, let object = read(&cursor, buffer.count) else {
                return (nil, false)
            }
            return (object, cursor == start + buffer.count)
        }
    }

    /// Runs one of OpenSSL's i2d functions.
    private static func encode(
        _ write: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32
    ) -> [UInt8]? {
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = write(&bytes)
        defer { ts_openssl_free(bytes) }
        guard count > 0, let bytes else { return nil }
        return Array(UnsafeBufferPointer(start: bytes, count: Int(count)))
    }

    private static func distinguishedName(
        _ name: OpaquePointer?, _ what: String
    ) throws(CryptoError) -> DistinguishedName {
        var attributes: [DistinguishedName.Attribute] = []
        for index in 0..<max(X509_NAME_entry_count(name), 0) {
            let entry = X509_NAME_get_entry(name, index)
            guard let kind = X509_NAME_ENTRY_get_object(entry),
                let value = utf8(X509_NAME_ENTRY_get_data(entry))
            else { throw failure("\(what) is not text", .malformed) }
            attributes.append(DistinguishedName.Attribute(shortName(kind), value))
        }
        return DistinguishedName(attributes)
    }

    private static func unixTime(
        _ time: UnsafePointer<ASN1_TIME>?, _ what: String
    ) throws(CryptoError) -> Int64 {
        var parts: [Int32] = [0, 0, 0, 0, 0, 0]
        guard ts_openssl_time(time, &parts) == 1 else { throw failure(what, .malformed) }
        let p = parts.map(Int64.init)
        return CivilTime.unixTime(
            year: p[0], month: p[1], day: p[2], hour: p[3], minute: p[4], second: p[5])
    }

    private static func bytes(of big: OpaquePointer) -> [UInt8] {
        let count = Int(BN_num_bits(big) + 7) / 8
        var out = [UInt8](repeating: 0, count: count)
        return BN_bn2bin(big, &out) == Int32(count) ? out : []
    }

    /// An ASN.1 string of any kind as text; nil when it is none or has a NUL in it.
    private static func utf8(_ string: UnsafePointer<ASN1_STRING>?) -> String? {
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = ASN1_STRING_to_UTF8(&bytes, string)
        defer { ts_openssl_free(bytes) }
        guard count >= 0, let bytes else { return nil }
        let buffer = UnsafeBufferPointer(start: bytes, count: Int(count))
        guard !buffer.contains(0) else { return nil }
        return String(validating: buffer, as: UTF8.self)
    }

    private static func shortName(_ object: OpaquePointer) -> String {
        let number = OBJ_obj2nid(object)
        if number != NID_undef, let name = OBJ_nid2sn(number) { return String(cString: name) }
        var dotted = [CChar](repeating: 0, count: 128)
        OBJ_obj2txt(&dotted, Int32(dotted.count), object, 1)
        return text(dotted)
    }

    private static func text(_ buffer: [CChar]) -> String {
        String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
