import COpenSSL

extension OpenSSL {
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
            let key = try issuer.publicKey.shared()
            let result = X509_CRL_verify(pointer, key.key.pointer)
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
}
