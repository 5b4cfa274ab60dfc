import APDU
import Crypto
import Tokens

/// What a key check found about the key in the device.
struct Proof: Equatable, Sendable {
    /// Best first (cards.md's five honest grades, and the red one).
    enum Grade: String, Sendable {
        case deviceSaysGenerated = "device-says-generated"
        case possession
        case imported
        case notShown = "not-shown"
    }

    struct Item: Equatable, Sendable {
        enum Finding: Sendable { case shown, notShown, contradicted }
        let item: String
        let finding: Finding
        let how: String
    }

    let isProven: Bool
    let grade: Grade
    let slot: KeySlot
    let algorithm: String
    let certificate: Certificate
    let items: [Item]
}

/// The certificates that are trusted, and what lies between them and a token's.
struct Trust: Sendable {
    let roots: [Certificate]
    let intermediates: [Certificate]
}

/// A fresh challenge, bound to its purpose: a signature over it can serve for nothing else.
struct Challenge: Sendable {
    let message: [UInt8]

    private static let domain = "vn.tokenstation.key-check.v1"

    init() throws(CryptoError) {
        message = Array(Self.domain.utf8) + [0] + (try SecureRandom.bytes(32))
    }
}

extension Proof {
    /// Judges a signature over `challenge`; nil where none could be had.
    /// - Parameter now: Unix time; nil while the clock is not synchronised.
    static func judge(
        signature: [UInt8]?, challenge: Challenge, by entry: TokenCertificate,
        traits: KeyTraits?, trust: Trust, now: Int64?
    ) -> Proof {
        let certificate = entry.certificate
        var items: [Item] = []
        var isProven = false
        if let signature, let scheme = SignatureScheme.preferred(for: certificate.publicKey.algorithm) {
            isProven =
                (try? certificate.publicKey.verify(
                    signature, of: challenge.message, scheme: scheme)) ?? false
        }
        items.append(
            Item(
                item: "possession",
                finding: isProven ? .shown : signature == nil ? .notShown : .contradicted,
                how: signature == nil
                    ? "the device gave no signature"
                    : "a signature over a fresh 32-byte challenge, verified under the certificate"))
        items.append(origin(traits))
        items.append(dates(certificate, now))
        items.append(path(certificate, trust, now))
        return Proof(
            isProven: isProven, grade: grade(isProven, traits), slot: entry.slot,
            algorithm: certificate.publicKey.algorithm.description, certificate: certificate,
            items: items)
    }

    private static func grade(_ isProven: Bool, _ traits: KeyTraits?) -> Grade {
        guard isProven else { return .notShown }
        switch traits?.origin {
        case .generated: return .deviceSaysGenerated
        case .imported: return .imported
        case nil: return .possession
        }
    }

    private static func origin(_ traits: KeyTraits?) -> Item {
        switch traits?.origin {
        case .generated:
            Item(item: "origin", finding: .shown, how: "the device says the key was made in it")
        case .imported:
            Item(
                item: "origin", finding: .contradicted,
                how: "the device says the key was imported into it")
        case nil:
            Item(item: "origin", finding: .notShown, how: "the device does not say")
        }
    }

    private static func dates(_ certificate: Certificate, _ now: Int64?) -> Item {
        guard let now else {
            return Item(
                item: "validity", finding: .notShown,
                how: "the station's clock is not synchronised, so dates are unknown")
        }
        let isValid = certificate.isValid(at: now)
        return Item(
            item: "validity", finding: isValid ? .shown : .contradicted,
            how: isValid
                ? "the certificate is valid today"
                : "the certificate is not valid today")
    }

    private static func path(_ certificate: Certificate, _ trust: Trust, _ now: Int64?) -> Item {
        let result = try? CertificatePath.check(
            certificate, intermediates: trust.intermediates, roots: trust.roots, at: now)
        switch result {
        case .trusted?:
            return Item(
                item: "path", finding: .shown,
                how: "signatures lead from the certificate to a configured root")
        case .noRootsConfigured?:
            return Item(item: "path", finding: .notShown, how: "no roots are configured")
        case .notTrusted(_, _, let reason)?:
            return Item(item: "path", finding: .contradicted, how: "no path to a root: \(reason)")
        case nil:
            return Item(item: "path", finding: .notShown, how: "the path could not be checked")
        }
    }
}
