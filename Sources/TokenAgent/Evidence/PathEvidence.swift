import Crypto

/// Whether the certificate leads to an installed root, and whether it was revoked.
struct PathEvidence: Equatable, Sendable {
    let item: Proof.Item
    let revocation: Proof.Item

    init(_ certificate: Certificate, _ background: Background) {
        let trust = background.trust
        let result = try? CertificatePath.check(
            certificate, intermediates: trust.intermediates, roots: trust.roots,
            at: background.now)
        item = Self.path(result)
        var chain: [Certificate] = []
        if case .trusted(let whole)? = result { chain = whole }
        revocation = Self.revocation(chain, trust.revocation?.read(), background.now)
    }

    /// A certificate with the pin it is known by.
    static func name(_ certificate: Certificate) -> String {
        let name = certificate.commonName ?? certificate.subject.description
        return "\"\(name)\", SHA-256 \(certificate.fingerprintSHA256)"
    }

    // MARK: Path

    private static func path(_ result: CertificatePath.Result?) -> Proof.Item {
        func item(_ finding: Proof.Item.Finding, _ how: String) -> Proof.Item {
            Proof.Item("path", finding, how)
        }
        switch result {
        case .trusted(let chain)?:
            guard let root = chain.last else { return item(.notShown, "the path is empty") }
            let published =
                PublishedAuthority.named(root).map(\.words)
                ?? "none of the government's authorities whose pins are published"
            return item(
                .shown,
                "signatures lead from the certificate to the installed \(name(root)): \(published)")
        case .noRootsConfigured?: return item(.notShown, "no roots are installed")
        case .notTrusted(_, _, let reason)?:
            return item(.contradicted, "no path to an installed root: \(reason)")
        case nil: return item(.notShown, "the path could not be checked")
        }
    }

    // MARK: Revocation

    static func revocation(
        _ chain: [Certificate], _ contents: RevocationFolder.Contents?, _ now: Int64?
    ) -> Proof.Item {
        func item(_ finding: Proof.Item.Finding, _ how: String) -> Proof.Item {
            Proof.Item("revocation", finding, how)
        }
        guard let contents else { return item(.notShown, "no folder of revocation lists is named") }
        guard chain.count > 1 else {
            return item(
                .notShown, "without a path to a root no list can be told to be its issuer's")
        }
        let links = zip(chain, chain.dropFirst()).map { certificate, issuer in
            try? Revocation.check(certificate, issuer: issuer, lists: contents.lists, at: now)
        }
        // An issuer that was revoked takes all it issued with it.
        for (i, link) in links.enumerated() {
            guard case .revoked(let since, let reason, let source)? = link else { continue }
            let whose = i == 0 ? "the certificate" : "the certificate's issuer \(name(chain[i]))"
            return item(
                .contradicted,
                "\(whose) was revoked on \(Day(since))"
                    + (reason.map { " (\(words($0)))" } ?? "") + ", says the "
                    + age(source, now))
        }
        switch links[0] {
        case .notRevoked(let source)?:
            guard let now else {
                return item(.notShown, "not on the \(age(source, nil))")
            }
            guard !source.isOutdated(at: now) else {
                return item(
                    .notShown,
                    "not on the \(age(source, now)); a newer one was due on "
                        + "\(Day(source.nextUpdate ?? source.thisUpdate))")
            }
            return item(.shown, "not on the \(age(source, now))")
        case .noList?:
            let unread =
                contents.unread.isEmpty ? "" : "; \(contents.unread.count) files were not read"
            return item(.notShown, "there is no revocation list of its issuer" + unread)
        case .unusable(let obstacle)?: return item(.notShown, words(obstacle))
        case .revoked?, nil: return item(.notShown, "the revocation lists could not be checked")
        }
    }

    /// `revocation list of 2026-11-14, 7 days old`.
    private static func age(_ source: Revocation.Source, _ now: Int64?) -> String {
        let list = "revocation list of \(Day(source.thisUpdate))"
        guard let now else {
            return list + ", of an age that is unknown without a synchronised clock"
        }
        let days = max(now - source.thisUpdate, 0) / 86_400
        return switch days {
        case 0: list + ", less than a day old"
        case 1: list + ", 1 day old"
        default: list + ", \(days) days old"
        }
    }

    private static func words(_ obstacle: Revocation.Obstacle) -> String {
        switch obstacle {
        case .badSignature: "a revocation list of its issuer's name is not signed by its issuer"
        case .issuerMayNotSign: "its issuer may not sign revocation lists"
        case .partial: "the revocation list of its issuer covers only a part"
        case .fromTheFuture: "the revocation list of its issuer is from the future"
        }
    }

    private static func words(_ reason: Revocation.Reason) -> String {
        switch reason {
        case .unspecified: "no reason given"
        case .keyCompromise: "key compromised"
        case .authorityCompromise: "authority compromised"
        case .affiliationChanged: "affiliation changed"
        case .superseded: "superseded"
        case .cessationOfOperation: "no longer in use"
        case .certificateHold: "on hold"
        case .privilegeWithdrawn: "privilege withdrawn"
        case .attributeAuthorityCompromise: "attribute authority compromised"
        }
    }
}
