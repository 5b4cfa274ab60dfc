/// What is known of one model of tokens beyond its family: read from a file, held against
/// each token, and never a reason to touch one.
package struct TokenProfile: Equatable, Sendable {
    /// In the journal and on the socket.
    package let name: String
    /// For people.
    package let title: String
    package let match: ProfileMatch
    package let statusQuery: StatusQuery
    package let pin: ProfileCode
    /// The ways that may be used; nil for every way the family has.
    package let ways: [ProfileWay]?
    package let signatures: [SignatureEnvelope]
    /// How long a command that writes keeps the token powered; nil leaves it to the station.
    package let writeCap: Duration?
    package let standing: ProfileStanding
    /// Where it comes from, if a station wrote it.
    package let commissioning: Commissioning?
    /// Whether its file is as the station wrote it.
    package internal(set) var seal = ProfileSeal.State.absent

    package init(
        name: String, title: String, match: ProfileMatch, statusQuery: StatusQuery,
        pin: ProfileCode, ways: [ProfileWay]?, signatures: [SignatureEnvelope],
        writeCap: Duration?, standing: ProfileStanding, commissioning: Commissioning? = nil
    ) {
        self.name = name
        self.title = title
        self.match = match
        self.statusQuery = statusQuery
        self.pin = pin
        self.ways = ways
        self.signatures = signatures
        self.writeCap = writeCap
        self.standing = standing
        self.commissioning = commissioning
    }

    /// What it is worth: what was changed after its commissioning is tried by nobody.
    package var worth: ProfileStanding.State {
        if standing.state == .commissioned, seal == .broken { return .provisional }
        return standing.state
    }

    /// The way of that form, as far as the profile says anything of it.
    package func way(_ form: UnblockingForm) -> ProfileWay? { ways?.first { $0.form == form } }

    package func allows(_ form: UnblockingForm) -> Bool { ways == nil || way(form) != nil }

    /// The same way, as far as the profile allows it.
    package func narrowing(_ way: UnblockingWay) -> UnblockingWay {
        var rule = way.rule
        var isAllowed = allows(way.form)
        if let own = self.way(way.form)?.code, let wide = rule {
            rule = own.narrowing(wide) ?? wide
            if own.narrowing(wide) == nil { isAllowed = false }
        }
        return UnblockingWay(
            way.form, rule: rule, counter: way.counter,
            obstacle: way.obstacle ?? (isAllowed ? nil : .notInProfile))
    }

    package func envelope(_ key: SignatureEnvelope.Key) -> SignatureEnvelope? {
        signatures.first { $0.key == key }
    }

    /// Whether the token describes its codes as the profile does, as far as both say anything.
    package func agrees(with marks: TokenMarks) -> Bool {
        guard pin.agrees(with: marks.pin) else { return false }
        return (ways ?? []).allSatisfy { $0.code.agrees(with: marks.unblocking) }
    }
}

/// What a profile says of one code; nil leaves it to the family or to the token.
package struct ProfileCode: Equatable, Sendable {
    package var reference: UInt8? = nil
    package var minimum: Int? = nil
    package var maximum: Int? = nil
    package var characters: CodeRule.Characters? = nil
    /// The length it is sent in, and the byte behind a shorter one.
    package var stored: Int? = nil
    package var padding: UInt8? = nil

    package init() {}

    /// Whether both describe the code alike, as far as both say anything.
    func agrees(with frame: CodeFrame?) -> Bool {
        guard let frame else { return true }
        func agree<Value: Equatable>(_ mine: Value?, _ theirs: Value?) -> Bool {
            guard let mine, let theirs else { return true }
            return mine == theirs
        }
        return agree(reference, frame.reference) && agree(stored, frame.stored)
            && agree(padding, frame.padding)
    }

    /// What both the rule and the profile allow; nil where nothing fits both.
    package func narrowing(_ rule: CodeRule) -> CodeRule? {
        let least = max(rule.minimum, minimum ?? rule.minimum)
        let most = min(rule.maximum, maximum ?? rule.maximum)
        guard least <= most else { return nil }
        guard let characters, characters.isWithin(rule.characters) else {
            return CodeRule(least...most, rule.characters)
        }
        return CodeRule(least...most, characters)
    }
}

extension CodeRule.Characters {
    /// Whether each code of these characters is one of the others' too.
    func isWithin(_ other: CodeRule.Characters) -> Bool {
        switch (self, other) {
        case (_, .any), (.digits, _), (.hex, .hex), (.hex, .printable), (.printable, .printable):
            true
        default: false
        }
    }
}

/// One way of unblocking that a profile allows.
package struct ProfileWay: Equatable, Sendable {
    package let form: UnblockingForm
    package let code: ProfileCode

    package init(form: UnblockingForm, code: ProfileCode) {
        self.form = form
        self.code = code
    }
}

/// How long one signature of a key takes.
package struct SignatureEnvelope: Equatable, Sendable {
    package enum Key: String, Equatable, Hashable, Sendable, CaseIterable {
        case rsa1024 = "rsa-1024"
        case rsa2048 = "rsa-2048"
        case rsa3072 = "rsa-3072"
        case rsa4096 = "rsa-4096"
        case p256 = "p-256"
        case p384 = "p-384"
        case ed25519
    }

    package let key: Key
    /// No signature of this chip is faster.
    package let shortest: Duration
    /// Nine of ten signatures are not slower.
    package let longest: Duration
    /// The mean difference of one signature to the next is not larger.
    package let spread: Duration

    package init(key: Key, shortest: Duration, longest: Duration, spread: Duration) {
        self.key = key
        self.shortest = shortest
        self.longest = longest
        self.spread = spread
    }
}

/// What a profile is worth.
package enum ProfileStanding: Equatable, Sendable {
    package enum State: String, Equatable, Sendable, CaseIterable {
        case published, commissioned, provisional, refused
    }

    /// As public documents describe the model, and tried on simulated tokens.
    case published(sources: String)
    /// A technician tried it on a token of the model.
    case commissioned(by: String, on: String, evidence: String)
    /// Neither: the counter does not use it by itself.
    case provisional(reason: String, by: String, on: String)
    /// The station does not help such tokens; `next` is where their holder is sent.
    case refused(reason: String, next: String)

    package var state: State {
        switch self {
        case .published: .published
        case .commissioned: .commissioned
        case .provisional: .provisional
        case .refused: .refused
        }
    }
}
