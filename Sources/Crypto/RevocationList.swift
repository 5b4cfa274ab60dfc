/// A certificate revocation list (RFC 5280, 5), kept in OpenSSL's form.
package struct RevocationList: Sendable {
    package let issuer: DistinguishedName
    /// When it was made, Unix time.
    package let thisUpdate: Int64
    /// By when the next one is promised; nil where the list does not say.
    package let nextUpdate: Int64?
    /// How many certificates are on it.
    package let count: Int
    /// It says by a critical extension that it covers only some certificates, or only the
    /// changes since another list (5.2.4, 5.2.5): what is not on it may be revoked all the same.
    package let isPartial: Bool
    let handle: OpenSSL.CRL

    /// Longest list that is looked at, in bytes: some 200 000 revoked certificates.
    package static var longestEncoding: Int { 8 << 20 }

    /// Reads one list; its signature is not looked at.
    ///
    /// - Throws: `.tooLarge` above `longestEncoding`; `.malformed` for anything else but one list
    ///   and no byte behind it.
    package init(der: [UInt8]) throws(CryptoError) {
        guard der.count <= RevocationList.longestEncoding else {
            throw CryptoError(
                .tooLarge(limit: RevocationList.longestEncoding),
                "a revocation list of \(der.count) bytes")
        }
        handle = try OpenSSL.CRL(der: der)
        issuer = try handle.issuer()
        thisUpdate = try handle.thisUpdate()
        nextUpdate = try handle.nextUpdate()
        count = handle.count
        isPartial = handle.hasCriticalExtension
    }
}

/// Whether a certificate stands on the newest list of its issuer.
package enum Revocation {
    /// Why a certificate was revoked (RFC 5280, 5.3.1), where the list says.
    package enum Reason: Int, Equatable, Sendable {
        case unspecified = 0
        case keyCompromise = 1
        case authorityCompromise = 2
        case affiliationChanged = 3
        case superseded = 4
        case cessationOfOperation = 5
        case certificateHold = 6
        case privilegeWithdrawn = 9
        case attributeAuthorityCompromise = 10
    }

    /// The list that an answer was taken from.
    package struct Source: Equatable, Sendable {
        package let thisUpdate: Int64
        package let nextUpdate: Int64?
        package let count: Int

        /// Whether a newer list should be there by `unixTime`.
        package func isOutdated(at unixTime: Int64) -> Bool {
            nextUpdate.map { $0 < unixTime } ?? false
        }
    }

    package enum Result: Equatable, Sendable {
        case notRevoked(Source)
        /// - Parameter since: Unix time.
        case revoked(since: Int64, Reason?, Source)
        /// There is none of this issuer.
        case noList
        /// There is one, and nothing can be taken from it.
        case unusable(Obstacle)
    }

    package enum Obstacle: Equatable, Sendable {
        /// Not signed with the issuer's key.
        case badSignature
        /// The issuer's certificate does not let it sign lists.
        case issuerMayNotSign
        case partial
        /// Made after the moment it was checked for.
        case fromTheFuture
    }

    /// Looks `certificate` up in the newest usable list that `issuer` signed.
    ///
    /// - Parameters:
    ///   - issuer: whose signature on `certificate` was checked before.
    ///   - unixTime: nil where the clock is not trusted: no list is then from the future.
    /// - Throws: `.library` when OpenSSL cannot check at all.
    package static func check(
        _ certificate: Certificate, issuer: Certificate, lists: [RevocationList],
        at unixTime: Int64?
    ) throws(CryptoError) -> Result {
        var obstacle: Obstacle?
        let newestFirst = lists.sorted { $0.thisUpdate > $1.thisUpdate }
        for list in newestFirst where try list.handle.isNamed(after: issuer) {
            if let why = try refusal(list, issuer, unixTime) {
                obstacle = obstacle ?? why
                continue
            }
            let source = Source(
                thisUpdate: list.thisUpdate, nextUpdate: list.nextUpdate, count: list.count)
            guard let entry = try list.handle.entry(of: certificate) else {
                return .notRevoked(source)
            }
            return .revoked(since: entry.since, entry.reason.flatMap(Reason.init), source)
        }
        return obstacle.map { .unusable($0) } ?? .noList
    }

    private static func refusal(
        _ list: RevocationList, _ issuer: Certificate, _ unixTime: Int64?
    ) throws(CryptoError) -> Obstacle? {
        guard issuer.keyUsage?.contains(.crlSign) ?? true else { return .issuerMayNotSign }
        if let unixTime, list.thisUpdate > unixTime { return .fromTheFuture }
        if list.isPartial { return .partial }
        return try list.handle.isSigned(by: issuer) ? nil : .badSignature
    }
}
