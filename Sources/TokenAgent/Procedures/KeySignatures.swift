import APDU
import Casework
import Crypto
import Readers
import System
import Tokens

/// What became of the PIN of a key check, and of the signatures it was given for.
enum KeyCheckOutcome {
    case signed(Gathered)
    case refused(CodeAnswer)
    case notEntered(PadRefusal)
    case broken(TokenError)
}

extension Agent {
    /// How many signatures are made where nobody says.
    static let usualChallenges = 5

    /// As many as were asked for, and one where somebody would have to touch the token or enter
    /// a PIN for each.
    static func challenges(_ wanted: Int?, _ traits: KeyTraits?, isAtPad: Bool) -> Int {
        let isTiresome =
            traits?.wantsTouch == true || (isAtPad && traits?.wantsPINEachTime == true)
        return isTiresome ? 1 : wanted ?? usualChallenges
    }

    /// Has the token sign fresh challenges back to back, each timed.
    func sign(
        _ session: inout CardSession, _ reading: Reading, _ proving: TokenCertificate,
        _ pin: PINSource, _ wanted: Int?, for purpose: KeyPurpose, _ ledger: Ledger
    ) -> KeyCheckOutcome {
        do throws(TokenError) {
            session.clock.begin("select", budget: configuration.budgets.read)
            let applet = try TokenFamilies.recognise(
                &session, expected: reading.identity.family)
            var gathered = Gathered(
                entry: proving, identity: reading.identity, traits: reading.traits,
                continuity: .oneSession(isSameAfterReset: nil))
            try attest(&session, applet, &gathered, ledger)
            let count = Self.challenges(wanted, reading.traits, isAtPad: pin.desk != nil)
            return try sign(&session, applet, &gathered, pin, count, for: purpose, ledger)
        } catch {
            return .broken(error)
        }
    }

    /// What the device states of the key, before any code; asked for only where it can be judged.
    private func attest(
        _ session: inout CardSession, _ applet: any TokenApplet, _ gathered: inout Gathered,
        _ ledger: Ledger
    ) throws(TokenError) {
        guard trust.attestation.judges(gathered.identity.family) else { return }
        ledger.update { $0.step = "attest" }
        session.clock.begin("attest", budget: configuration.budgets.sign)
        gathered.attestation = try applet.readAttestation(&session, of: gathered.entry.slot)
        gathered.request = try applet.readKeyRequest(&session, of: gathered.entry.slot)
    }

    private func sign(
        _ session: inout CardSession, _ applet: any TokenApplet, _ gathered: inout Gathered,
        _ pin: PINSource, _ count: Int, for purpose: KeyPurpose, _ ledger: Ledger
    ) throws(TokenError) -> KeyCheckOutcome {
        // Before the first: nothing else is done between two signatures.
        var challenges: [Challenge] = []
        while challenges.count < count {
            guard let challenge = try? Challenge(for: purpose) else {
                throw TokenError(.malformed, "challenge")
            }
            challenges.append(challenge)
        }
        let wantsPINEachTime = gathered.traits?.wantsPINEachTime == true
        let extensionsBefore = session.timeExtensions
        let began = Instant.now
        for (i, challenge) in challenges.enumerated() {
            // Together they take no longer than one may.
            if i > 0, Instant.now - began >= configuration.budgets.sign { break }
            if i == 0 || wantsPINEachTime {
                switch try verify(&session, applet, pin, gathered, ledger) {
                case .notEntered(let why): return .notEntered(why)
                case .token(.accepted): break
                case .token(let answer): return .refused(answer)
                }
            }
            ledger.update { $0.step = "sign" }
            session.clock.begin("sign", budget: configuration.budgets.sign)
            let (signature, took) = try sign(&session, applet, challenge, gathered.entry)
            gathered.answers.append((challenge, signature))
            guard signature != nil else { break }
            gathered.times.append(took)
        }
        session.clock.end()
        gathered.timeExtensions = session.timeExtensions.map { $0 - (extensionsBefore ?? 0) }
        return .signed(gathered)
    }

    private func verify(
        _ session: inout CardSession, _ applet: any TokenApplet, _ pin: PINSource,
        _ gathered: Gathered, _ ledger: Ledger
    ) throws(TokenError) -> PadAnswer {
        session.clock.begin(
            "verify", budget: configuration.budgets.write, writes: true,
            typing: pin.desk?.pin.typing ?? .zero,
            cap: profiles.match(gathered.identity)?.writeCap)
        ledger.update {
            $0.step = "verify"
            $0.pinSpent = .noneOrOne
        }
        let answer: PadAnswer
        do throws(TokenError) {
            answer = try applet.verify(&session, pin, opening: gathered.entry.slot)
        } catch {
            if session.clock.sent == 0 { ledger.update { $0.nothingSent() } }
            throw error
        }
        if case .token(.accepted) = answer { ledger.update { $0.pinSpent = .none } }
        return answer
    }

    /// One signature and the microseconds it took; none where the token refused.
    private func sign(
        _ session: inout CardSession, _ applet: any TokenApplet, _ challenge: Challenge,
        _ entry: TokenCertificate
    ) throws(TokenError) -> (signature: [UInt8]?, took: Int) {
        let began = Instant.now
        do throws(TokenError) {
            let signature = try applet.sign(
                &session, message: challenge.message, slot: entry.slot,
                key: entry.certificate.publicKey)
            return (signature, Int((Instant.now - began).wholeNanoseconds / 1000))
        } catch {
            guard case .status = error.code else { throw error }
            return (nil, 0)
        }
    }

    /// What the station knows of a key, once its token is powered down.
    func background(_ gathered: Gathered, case id: CaseID?) -> Background {
        let certificate = gathered.entry.certificate
        var background = Background(trust: trust, now: trustedTime)
        background.holder = id.flatMap { try? book.holder(of: $0) }
        background.sightings = Proof.keyHash(certificate).map(book.sightings(ofKey:)) ?? []
        background.envelope = SignatureEnvelope.Key(certificate.publicKey.algorithm)
            .flatMap { profiles.match(gathered.identity)?.envelope($0) }
        return background
    }
}
