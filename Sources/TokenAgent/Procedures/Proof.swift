import Casework
import Crypto
import Tokens

/// What a key check found about the key in the device.
struct Proof: Equatable, Sendable {
    /// Best first, and the red one.
    enum Grade: String, Sendable {
        case attested
        case deviceSaysGenerated = "device-says-generated"
        case personaliserSays = "personaliser-says"
        case possession
        case imported
        case notShown = "not-shown"
    }

    struct Item: Equatable, Sendable {
        enum Finding: Sendable { case shown, notShown, contradicted }
        let item: String
        let finding: Finding
        let how: String

        init(_ item: String, _ finding: Finding, _ how: String) {
            self.item = item
            self.finding = finding
            self.how = how
        }
    }

    let isProven: Bool
    let grade: Grade
    let slot: KeySlot
    let algorithm: String
    let certificate: Certificate
    let timing: Timing?
    let items: [Item]
}

/// What a key is asked to sign for.
enum KeyPurpose: Sendable {
    case keyCheck
    /// That an officer is there.
    case signIn
    /// The act itself, which is of one restore and says what it is.
    case approval(act: String)

    fileprivate func message() throws(CryptoError) -> [UInt8] {
        switch self {
        case .keyCheck: try Self.fresh("vn.tokenstation.key-check.v1")
        case .signIn: try Self.fresh("vn.tokenstation.sign-in.v1")
        case .approval(let act): Array(act.utf8)
        }
    }

    private static func fresh(_ domain: String) throws(CryptoError) -> [UInt8] {
        Array(domain.utf8) + [0] + (try SecureRandom.bytes(32))
    }
}

/// A fresh challenge, bound to its purpose: a signature over it can serve for nothing else.
struct Challenge: Sendable {
    let message: [UInt8]

    init(for purpose: KeyPurpose = .keyCheck) throws(CryptoError) {
        message = try purpose.message()
    }
}

/// What was gathered while the token was held; judged when it is powered down.
struct Gathered: Sendable {
    /// The key that was to sign, and what the device says of it.
    let entry: TokenCertificate
    let identity: TokenIdentity
    var traits: KeyTraits?
    /// Each challenge, and the signature over it; nil where the token refused one.
    var answers: [(challenge: Challenge, signature: [UInt8]?)] = []
    /// How long each signature took.
    var times: [Int] = []
    var timeExtensions: Int? = nil
    /// Asked for only where a maker's root is installed.
    var attestation: KeyAttestation? = nil
    var request: KeyRequest? = nil
    var continuity: Continuity
}

/// What speaks for the token being the same from the first step to the last.
enum Continuity: Equatable, Sendable {
    /// Compared, in the session of the signature, with what the permit is for.
    case sincePermit
    /// Read and signed in one session; after a cold reset it told the same number, another, or
    /// nothing any more.
    case oneSession(isSameAfterReset: Bool?)
}

/// What the station itself knows and was given.
struct Background: Sendable {
    let trust: Trust
    /// Unix time; nil while the clock is not synchronised.
    let now: Int64?
    /// The holder as the request names them; nil without a request.
    var holder: String? = nil
    /// Where the record has seen this key before.
    var sightings: [KeySighting] = []
    /// Between what times this model signs; nil where nobody measured it.
    var envelope: SignatureEnvelope? = nil
}

extension Proof {
    static func judge(_ gathered: Gathered, _ background: Background) -> Proof {
        let certificate = gathered.entry.certificate
        let possession = Possession(gathered)
        let attestation = Item.attestation(gathered, background)
        let timing = Timing(gathered, background.envelope)
        let path = PathEvidence(certificate, background)
        var items = [possession.item, Item.origin(gathered.traits), attestation]
        if let holder = background.holder { items.append(.holder(holder, certificate)) }
        items += [
            .validity(certificate, background.now), .lifetime(certificate), path.item,
            path.revocation, .seenBefore(gathered.identity, background.sightings),
            .sameToken(gathered.continuity),
        ]
        if let timing { items.append(timing.item) }
        // A signature of another token than was read proves nothing of this one.
        let isProven =
            possession.isProven
            && gathered.continuity != .oneSession(isSameAfterReset: false)
        return Proof(
            isProven: isProven,
            grade: grade(isProven, gathered.traits, isAttested: attestation.finding == .shown),
            slot: gathered.entry.slot, algorithm: certificate.publicKey.algorithm.description,
            certificate: certificate, timing: timing, items: items)
    }

    private static func grade(
        _ isProven: Bool, _ traits: KeyTraits?, isAttested: Bool
    ) -> Grade {
        guard isProven else { return .notShown }
        switch traits?.origin {
        case .imported: return .imported
        case _ where isAttested: return .attested
        case .generated: return .deviceSaysGenerated
        case nil:
            // Whoever wrote the token says so, and nobody answers for it.
            return traits?.personaliserSays == .generated ? .personaliserSays : .possession
        }
    }

    /// Items that speak against the token, the certificate or its key.
    var contradicted: [String] {
        items.filter { $0.finding == .contradicted }.map(\.item)
    }

    /// SHA-256 of the key's SubjectPublicKeyInfo, lower-case hex: the key's name in the record.
    var keyHash: String? { Self.keyHash(certificate) }

    static func keyHash(_ certificate: Certificate) -> String? {
        (try? Digest.sha256.hash(certificate.publicKey.subjectPublicKeyInfo)).map(Hex.lower)
    }
}
