import COpenSSL

extension OpenSSL {
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
            let x = try HeldX509(root)
            guard X509_STORE_add_cert(store, x.pointer) == 1 else {
                throw failure("a pinned certificate")
            }
        }
        for intermediate in intermediates {
            let x = try HeldX509(intermediate)
            guard ts_openssl_stack_add(others, x.pointer) == 1 else {
                throw failure("an intermediate certificate")
            }
        }
        let target = try HeldX509(leaf)
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

    /// A class: Swift 6.0's optimiser does not compile values that cannot be copied where calls
    /// that throw stand between their uses.
    private final class HeldX509 {
        private let held: X509
        var pointer: OpaquePointer { held.pointer }

        init(_ certificate: Certificate) throws(CryptoError) {
            held = try X509(der: certificate.der)
        }
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
}
