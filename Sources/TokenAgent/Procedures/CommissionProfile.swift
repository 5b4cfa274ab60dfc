import Casework
import Crypto
import StationInterface
import System
import Tokens

extension ProfileMatch {
    /// Tokens that show what this one does.
    init(of identity: TokenIdentity, atr: [UInt8]) {
        let marks = identity.marks
        self.init(
            family: identity.family.rawValue,
            aid: marks.aid.flatMap { HexPattern($0, longest: 16) },
            model: TextPattern(identity.model), label: marks.label.flatMap { TextPattern($0) },
            manufacturer: marks.manufacturer.flatMap { TextPattern($0) },
            atrs: [HexPattern(Hex.upper(atr), longest: 33)].compactMap { $0 })
    }

    /// The same, with an answer to reset that was seen.
    func seeing(_ atr: [UInt8]) -> ProfileMatch {
        let text = Hex.upper(atr)
        guard !knowsATR(text), atrs.count < 64, let seen = HexPattern(text, longest: 33) else {
            return self
        }
        return ProfileMatch(
            family: family, aid: aid, model: model, label: label, manufacturer: manufacturer,
            version: version, atrs: atrs + [seen])
    }
}

extension SignatureEnvelope {
    /// What a chip that took these times may take: a quarter faster, half as slow again, and with
    /// four times the spread. A few signatures show no bounds.
    init(_ key: Key, of times: SignatureTimes) {
        let least = max(times.minimum - times.minimum / 4, 1)
        let most = max(times.maximum + times.maximum / 2, least)
        let spread = min(max(4 * (times.jitter ?? 0), times.median / 20), most - least)
        self.init(
            key: key, shortest: .microseconds(least), longest: .microseconds(most),
            spread: .microseconds(spread))
    }
}

/// What a sacrificial token showed.
struct CommissionFindings: Sendable {
    var times: [Int] = []
    /// Whether the empty VERIFY spends no try; nil where it was not found out.
    var isQuerySafe: Bool? = nil
    /// The tries of the PIN when none is spent.
    var fullPIN: Int? = nil
}

extension TokenProfile {
    /// The profile that says what was found out, and no more.
    init(
        _ plan: CommissionPlan, _ order: CommissionOrder, _ findings: CommissionFindings,
        station: String, on date: String, at time: String, user: UInt32
    ) {
        let reading = plan.reading
        let marks = reading.identity.marks
        let isGeneric = FamilyLimits.of(reading.identity.family.rawValue)?.isGeneric == true
        let key = SignatureEnvelope.Key(plan.proving.certificate.publicKey.algorithm)
        var signatures: [SignatureEnvelope] = []
        if let key, let first = findings.times.first {
            let times = SignatureTimes(first, Array(findings.times.dropFirst()))
            signatures.append(SignatureEnvelope(key, of: times))
        }
        let query: StatusQuery =
            switch findings.isQuerySafe {
            case true?: .profileSaysSafe
            case false?: .forbidden
            // What was not found out is not said, unless it holds something back.
            case nil: plan.basis?.statusQuery == .forbidden ? .forbidden : .asFamilyKnows
            }
        self.init(
            name: order.name, title: order.title ?? plan.basis?.title ?? reading.identity.model,
            match: plan.match, statusQuery: query,
            pin: ProfileCode(
                plan.basis?.pin, reading.newPINRule, marks.pin, [.digits, .printable],
                isGeneric: isGeneric),
            ways: plan.ways.map { way in
                ProfileWay(
                    form: way.form,
                    code: ProfileCode(
                        plan.basis?.way(way.form)?.code, way.way.rule, marks.unblocking,
                        Tokens.CodeRule.Characters.allCases, isGeneric: isGeneric))
            },
            signatures: signatures, writeCap: plan.basis?.writeCap,
            standing: .commissioned(
                by: order.technician, on: date,
                evidence: "\(order.id), token \(plan.number), in the journal of \(station)"),
            commissioning: Commissioning(
                id: order.id, station: station, at: time, user: Int(user), serial: plan.number,
                firmware: marks.version?.description, pinTries: findings.fullPIN,
                signatures: findings.times.count))
    }
}

extension ProfileCode {
    /// What the profile said before, and what the token tells where its family leaves it open.
    fileprivate init(
        _ before: ProfileCode?, _ rule: Tokens.CodeRule?, _ frame: CodeFrame?,
        _ kinds: [Tokens.CodeRule.Characters], isGeneric: Bool
    ) {
        self = before ?? ProfileCode()
        guard isGeneric else { return }
        if let rule {
            minimum = rule.minimum
            maximum = rule.maximum
            characters = kinds.contains(rule.characters) ? rule.characters : nil
        }
        reference = frame?.reference ?? reference
        if let length = frame?.stored, let byte = frame?.padding, length >= maximum ?? 0 {
            stored = length
            padding = byte
        }
    }
}

extension Agent {
    private func profile(
        _ plan: CommissionPlan, _ order: CommissionOrder, _ findings: CommissionFindings,
        _ who: Who
    ) -> TokenProfile {
        let now = book.journal.now
        return TokenProfile(
            plan, order, findings, station: Self.boxName, on: Self.day(now), at: "\(now)",
            user: who.user)
    }

    /// - Throws: where the profile that would come of it could not be one, whatever the token
    ///   does; so that no code is spent on it.
    func checkProfile(
        _ plan: CommissionPlan, _ order: CommissionOrder, _ who: Who
    ) throws(StationError) {
        var findings = CommissionFindings()
        findings.times = [1]
        let text = profile(plan, order, findings, who).text([])
        guard let wrong = TokenProfile.parse(Array(text.utf8), file: order.name).mistakes.first
        else { return }
        throw Words.commissionRefused(
            order.reader, "name-unfit",
            "A profile cannot say so: \(wrong.path): \(wrong.wrong)",
            next: "Allowed there: \(wrong.allowed ?? "something else").")
    }

    /// Writes the profile, has the journal witness it, and seals it with that line.
    func seal(
        _ plan: CommissionPlan, _ run: CommissionRun, _ findings: CommissionFindings
    ) throws(CommissionStop) -> Station.SealedProfile {
        let order = run.order
        let text = profile(plan, order, findings, run.who).text([
            "Written by a station after it tried a token of the model. Its last line seals it:",
            "whatever is changed here, it is commissioned no more (docs/profiles.md).",
        ])
        let bytes = Array(text.utf8)
        guard TokenProfile.parse(bytes, file: order.name).mistakes.isEmpty,
            let sha256 = try? SHA256.hex(bytes)
        else { throw CommissionStop(.failed, "profile-not-right") }
        let receipt: Receipt
        do throws(CaseError) {
            receipt = try book.record(
                .profileSealed(
                    ProfileSealed(
                        commission: order.id, name: order.name, serial: plan.number,
                        family: plan.reading.identity.family.rawValue,
                        technician: order.technician, sha256: sha256)), case: nil, who: run.who)
        } catch {
            throw CommissionStop(.failed, "journal")
        }
        let seal = ProfileSeal(sha256: sha256, sequence: receipt.sequence, head: receipt.hash)
        return Station.SealedProfile(
            name: order.name, text: text + seal.line, sha256: sha256,
            journalSequence: Int(receipt.sequence), journalHead: receipt.hash)
    }

    /// The day at the counter: Vietnam is seven hours ahead of UTC, all year round.
    private static func day(_ time: Timestamp) -> String {
        let (year, month, day) = time.date(minutesEast: 420)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
        return "\(year)-\(two(month))-\(two(day))"
    }

    /// What the box calls itself.
    static var boxName: String {
        let name = (try? File.contents(of: "/proc/sys/kernel/hostname", limit: 256)) ?? []
        let text = String(
            decoding: name.prefix { $0 > 0x20 && $0 < 0x7F }.prefix(80), as: UTF8.self)
        return text.isEmpty ? "unnamed" : text
    }
}
