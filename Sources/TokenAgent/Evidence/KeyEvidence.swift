import Casework
import Crypto
import Tokens

/// Whether the device holds the certificate's private key.
struct Possession: Equatable, Sendable {
    let isProven: Bool
    let item: Proof.Item

    init(_ gathered: Gathered) {
        let key = gathered.entry.certificate.publicKey
        let signatures = gathered.answers.count { $0.signature != nil }
        let good = gathered.answers.count { answer in
            guard let signature = answer.signature,
                let scheme = SignatureScheme.preferred(for: key.algorithm)
            else { return false }
            return (try? key.verify(signature, of: answer.challenge.message, scheme: scheme))
                ?? false
        }
        isProven = good > 0 && good == gathered.answers.count
        let how: String
        if isProven {
            how =
                good == 1
                ? "a signature over a fresh 32-byte challenge, verified under the certificate"
                : "\(good) signatures, each over a fresh 32-byte challenge, verified under the "
                    + "certificate"
        } else if signatures == 0 {
            how = "the device gave no signature"
        } else if good == signatures {
            how = "\(good) signatures verified, and one was refused by the device"
        } else {
            how =
                "\(signatures - good) of \(signatures) signatures over fresh challenges do not "
                + "verify under the certificate"
        }
        item = Proof.Item(
            "possession",
            isProven ? .shown : good == signatures ? .notShown : .contradicted, how)
    }
}

extension Proof.Item {
    static func origin(_ traits: KeyTraits?) -> Self {
        switch traits?.origin {
        case .generated: Self("origin", .shown, "the device says the key was made in it")
        case .imported:
            Self("origin", .contradicted, "the device says the key was imported into it")
        case nil:
            switch traits?.personaliserSays {
            case .generated:
                Self(
                    "origin", .notShown,
                    "whoever wrote the token says the key was made in it; the device does not say")
            case .imported:
                Self(
                    "origin", .notShown,
                    "whoever wrote the token does not say the key was made in it")
            case nil: Self("origin", .notShown, "the device does not say")
            }
        }
    }

    /// What the device's maker answers for.
    static func attestation(_ gathered: Gathered, _ background: Background) -> Self {
        func item(_ finding: Proof.Item.Finding, _ how: String) -> Self {
            Self("attestation", finding, how)
        }
        let trust = background.trust.attestation
        if gathered.identity.family == .smartCardHSM { return request(gathered, trust) }
        guard !trust.roots.isEmpty else {
            return item(.notShown, "no root of a maker is installed")
        }
        guard let statement = gathered.attestation else {
            return item(.notShown, "the device states nothing of this key")
        }
        guard statement.statement.publicKey == gathered.entry.certificate.publicKey else {
            return item(.contradicted, "what the device states is of another key")
        }
        let result = try? CertificatePath.check(
            statement.statement, intermediates: [statement.signer] + trust.intermediates,
            roots: trust.roots, at: background.now)
        switch result {
        case .trusted(let chain)?:
            guard let told = gathered.identity.serial, let stated = statement.serial else {
                return item(
                    .notShown,
                    "the statement leads to an installed root, and there is no serial "
                        + "number to compare it by")
            }
            guard told == stated else {
                return item(
                    .contradicted,
                    "what the device states is of serial number \(stated), and it tells \(told)")
            }
            return item(.shown, words(statement, stated, chain.last))
        case .notTrusted(.unknownIssuer, _, _)?:
            return item(.notShown, "the device's statement leads to no installed root")
        case .notTrusted(_, _, let reason)?:
            return item(.contradicted, "the device's statement leads to no root: \(reason)")
        case .noRootsConfigured?, nil:
            return item(.notShown, "the device's statement could not be checked")
        }
    }

    /// What a SmartCard-HSM answers for: the request its key was born with.
    private static func request(_ gathered: Gathered, _ trust: AttestationTrust) -> Self {
        func item(_ finding: Proof.Item.Finding, _ how: String) -> Self {
            Self("attestation", finding, how)
        }
        guard let born = gathered.request else {
            return item(
                .notShown,
                "a certificate stands in place of the request this key was born with, if it was "
                    + "born here: nothing can prove that any more")
        }
        guard born.request.isFor(gathered.entry.certificate.publicKey) else {
            return item(.contradicted, "the request in the device is of another key")
        }
        let root = trust.devices.first {
            born.request.isVouchedFor(by: born.device, under: $0)
        }
        guard let root else {
            return item(.notShown, "the device's request leads to no root that is known")
        }
        guard let told = gathered.identity.serial, told == born.serial else {
            return item(
                .contradicted,
                "the request was signed by device \(born.serial), and this one tells "
                    + (gathered.identity.serial ?? "no number"))
        }
        return item(
            .shown,
            "the device signed the request the key was born with: same key, same serial number "
                + "\(told); signed up to \(root.certificate.holder)")
    }

    private static func words(
        _ statement: KeyAttestation, _ serial: String, _ root: Certificate?
    ) -> String {
        var words = "the device states that the key was made in it: same key, same serial number "
        words += serial
        if let firmware = statement.firmware { words += ", firmware \(firmware)" }
        if let pin = statement.pinPolicy { words += ", PIN \(pin)" }
        if let touch = statement.touchPolicy { words += ", touch \(touch)" }
        if let root { words += "; signed up to \(PathEvidence.name(root))" }
        return words
    }

    /// The same key in two devices was never inside one alone.
    static func seenBefore(
        _ identity: TokenIdentity, _ sightings: [KeySighting]
    ) -> Self {
        func item(_ finding: Finding, _ how: String) -> Self { Self("seen-before", finding, how) }
        // A certificate's number goes with the key, and names no device.
        guard identity.serial != nil || identity.guid != nil, let number = identity.deviceNumber
        else { return item(.notShown, "the device tells no number of its own") }
        if let other = sightings.first(where: { $0.serial != number }) {
            return item(
                .contradicted,
                "the same key was in device \(other.serial), first on \(Day(other.first))")
        }
        guard let here = sightings.first else {
            return item(.shown, "the record has not seen this key before, in any device")
        }
        return item(
            .shown,
            "the record has seen this key in this device alone, since \(Day(here.first)), "
                + (here.count == 1 ? "once" : "\(here.count) times"))
    }

    static func sameToken(_ continuity: Continuity) -> Self {
        func item(_ finding: Finding, _ how: String) -> Self { Self("same-token", finding, how) }
        return switch continuity {
        case .sincePermit:
            item(
                .shown,
                "number, certificate and counters were those of the permit, read again in the "
                    + "session of the signature")
        case .oneSession(true?):
            item(
                .shown,
                "read and signed in one session; after a cold reset the same number")
        case .oneSession(false?):
            item(.contradicted, "after a cold reset the token told another number")
        case .oneSession(nil):
            item(.notShown, "read and signed in one session; it could not be read after a reset")
        }
    }
}
