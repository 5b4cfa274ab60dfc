/// Whether a certificate leads to a root the station was told to trust.
package enum CertificatePath {
    package enum Result: Equatable, Sendable {
        /// From the leaf to the pinned certificate, both included.
        case trusted(chain: [Certificate])
        /// Where it broke: the certificate (nil where none can be named), why, and the words.
        case notTrusted(Refusal, at: Certificate?, reason: String)
        /// Nothing is pinned: nothing was checked.
        case noRootsConfigured
    }

    package enum Refusal: Equatable, Sendable {
        case expired, notYetValid
        /// The issuer is neither pinned nor among the intermediates.
        case unknownIssuer
        /// A signature in the chain does not verify.
        case badSignature
        /// An issuer in the chain is not allowed to issue, or not so deep.
        case notAnAuthority
        /// Another of OpenSSL's X509_V_ERR numbers.
        case other(Int32)
    }

    /// Longest chain that is followed, leaf and root included.
    package static var longestChain: Int { 8 }

    /// Checks signatures, issuing rights and dates (RFC 5280, 6.1) from `leaf` to one of
    /// `roots`.
    ///
    /// A pinned certificate is trusted as such, also where it is not self-signed. Nothing is
    /// fetched and no system store is read. Revocation is not looked at.
    ///
    /// - Parameter unixTime: the moment to check the dates for; nil when the clock is not
    ///   trusted: then no dates are checked at all, and the caller says so.
    /// - Throws: `.library` when OpenSSL cannot check at all (no memory).
    package static func check(
        _ leaf: Certificate, intermediates: [Certificate], roots: [Certificate],
        at unixTime: Int64?
    ) throws(CryptoError) -> Result {
        guard !roots.isEmpty else { return .noRootsConfigured }
        return try OpenSSL.checkPath(
            leaf, intermediates, roots, at: unixTime, depth: longestChain)
    }
}
