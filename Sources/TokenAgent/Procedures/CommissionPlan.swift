import Casework
import Crypto
import Secrets
import StationInterface
import System
import Tokens

/// What a commissioning will do to the token in the reader, once nothing speaks against it.
struct CommissionPlan: Sendable {
    struct Way: Sendable {
        let way: UnblockingWay
        let code: HeldSecret
        /// What the token has afterwards.
        let pin: HeldSecret

        var form: UnblockingForm { way.form }
    }

    let reading: Reading
    let number: String
    let proving: TokenCertificate
    let ways: [Way]
    /// The profile that is written anew; nil where the name is of no profile.
    let basis: TokenProfile?
    let match: ProfileMatch
}

extension Agent {
    /// Holds what was asked for against the token; nothing but reading commands was sent to it.
    func plan(
        _ order: CommissionOrder, _ codes: [Station.Commission.Way], _ reading: Reading,
        atr: [UInt8]
    ) throws(StationError) -> CommissionPlan {
        func refuse(_ reason: String, _ message: String, _ next: String) -> StationError {
            Words.commissionRefused(order.reader, reason, message, next: next)
        }
        let identity = reading.identity
        guard let number = identity.deviceNumber, let proving = reading.proving else {
            throw refuse(
                identity.deviceNumber == nil ? "not-identifiable" : "no-proving-key",
                "The token tells no number, or holds no certificate with a key that may sign",
                "Take another token of the model.")
        }
        // Before anything else: whose token it is.
        guard let typed = identity.match(order.serial),
            typed == number || identity.printed.contains(typed)
        else {
            throw refuse(
                "wrong-serial", "The number typed in is not that of the token in the reader",
                "Make sure that this is the token that may be lost.")
        }
        try refuseLive(identity, order.reader)
        let isBusy =
            book.running.contains { $0.token.serial == number }
            || book.openCase(ofAny: identity.deviceNumbers) != nil
        if isBusy {
            throw refuse(
                "case-open", "There is an open case of this token", "Close the case first.")
        }
        if reading.standing == .refused {
            throw refuse(
                "model-refused", "The station does not help tokens of this model",
                "Change its profile first.")
        }
        let fullPIN = max(reading.counters.pin.known ?? 0, reading.counters.pin.limit ?? 0)
        if fullPIN > order.wrongPINs {
            throw refuse(
                "too-few-wrong-pins",
                "The PIN has up to \(fullPIN) tries, and no more than \(order.wrongPINs) wrong "
                    + "PINs may be sent", "Allow as many as the PIN has tries.")
        }
        var ways: [CommissionPlan.Way] = []
        for asked in codes { ways.append(try check(asked, order, reading, number)) }
        let basis = reading.profile?.name == order.name ? reading.profile : nil
        let match = basis?.match.seeing(atr) ?? ProfileMatch(of: identity, atr: atr)
        if let other = profiles.conflict(of: match, named: order.name, replacing: basis) {
            throw refuse(
                "profile-conflict",
                "A profile \"\(order.name)\" could not stand beside the profile \"\(other.name)\"",
                "Take the name of the profile that the token fits, to write that one anew.")
        }
        return CommissionPlan(
            reading: reading, number: number, proving: proving, ways: ways, basis: basis,
            match: match)
    }

    /// A certificate that is still good, and leads to an authority, is somebody's.
    private func refuseLive(
        _ identity: TokenIdentity, _ reader: String
    ) throws(StationError) {
        let known = trust.roots + trust.intermediates
        if trust.roots.isEmpty, configuration.mode == .office {
            throw Words.commissionRefused(
                reader, "no-roots",
                "No root is installed, so nobody can tell whether this is somebody's token",
                next: "Install the government's roots (\"roots\" in agent.json5).")
        }
        for entry in identity.certificates {
            let certificate = entry.certificate
            if let now = trustedTime, now > certificate.notAfter { continue }
            let path = try? CertificatePath.check(
                certificate, intermediates: trust.intermediates, roots: trust.roots, at: nil)
            var isLive = known.contains { $0.subject == certificate.issuer }
            if case .trusted? = path { isLive = true }
            guard isLive else { continue }
            throw Words.commissionRefused(
                reader, "live-certificate",
                "Its certificate (\(certificate.commonName ?? certificate.serialNumber)) was "
                    + "issued under a root that is installed here and has not ended: this is "
                    + "somebody's token", next: "Take a token that may be lost.")
        }
    }

    private func check(
        _ asked: Station.Commission.Way, _ order: CommissionOrder, _ reading: Reading,
        _ number: String
    ) throws(StationError) -> CommissionPlan.Way {
        func refuse(_ reason: String, _ message: String, _ next: String) -> StationError {
            Words.commissionRefused(order.reader, reason, message, next: next)
        }
        guard let way = reading.ways.first(where: { $0.form.rawValue == asked.form }),
            !way.form.isResponse
        else {
            throw refuse(
                "way-not-there", "The token has no way \"\(asked.form)\" with a code for it",
                "See the ways it has with tokenctl inspect.")
        }
        if let obstacle = way.obstacle {
            throw refuse(
                obstacle.rawValue, "The way \"\(asked.form)\" cannot be gone with this token",
                "Leave it out, or change what the profile says of it.")
        }
        let counters = Tokens.Counters(pin: reading.counters.pin, unblocking: way.counter)
        let (left, isDecided) = triesOfUnblockingCode(
            TokenName(serial: number, family: reading.identity.family.rawValue), way.form, counters)
        guard left != 0, isDecided else {
            throw refuse(
                left == 0 ? "unblocking-code-blocked" : "last-try",
                "The unblocking code (\(asked.form)) has "
                    + (left == 0 ? "no tries left" : "one try left, or an unknown number"),
                "Take another token of the model.")
        }
        do throws(CodeUnfit) {
            try way.check(asked.unblockingCode.secret)
        } catch {
            let words = Words.unfit(
                error, way.rule ?? reading.pinRule, what: "unblocking code (\(asked.form))")
            throw refuse("code-unfit", String(words.message.dropLast()), words.next)
        }
        do throws(CodeUnfit) {
            if way.form.setsNewPIN {
                try reading.newPINRule.checkNew(
                    asked.pin.secret, besides: asked.unblockingCode.secret)
            } else {
                try reading.pinRule.check(asked.pin.secret)
            }
        } catch {
            let words = Words.unfit(error, reading.newPINRule, what: "new PIN")
            throw refuse("new-pin-unfit", String(words.message.dropLast()), words.next)
        }
        return CommissionPlan.Way(way: way, code: asked.unblockingCode, pin: asked.pin)
    }
}
