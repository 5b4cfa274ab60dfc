import StationInterface
import Tokens

// What a profile means, in words; or what is wrong with it.

extension Page {
    mutating func add(_ check: ProfileCheck) {
        var head = TextLine(check.file + ": ", .strong)
        guard let read = check.read, check.mistakes.isEmpty else {
            head.add(Words.counted(check.mistakes.count, "mistake", "mistakes"), .bad)
            line(head)
            for mistake in check.mistakes { add(mistake) }
            return
        }
        head.add("right", .good)
        line(head)
        for (label, meaning) in ProfileWords(read.profile).all { field(label, meaning) }
        if let seal = check.seal { add(seal) }
    }

    private mutating func add(_ seal: ProfileCheck.Seal) {
        switch seal {
        case .here: field("seal", "commissioned here, and unchanged since", .good)
        case .elsewhere:
            field(
                "seal", "commissioned elsewhere: this station's journal has no line of it",
                .warning)
        case .changed:
            field(
                "seal", "changed since it was commissioned: the station takes it for provisional",
                .bad)
        case .unwitnessed:
            field("seal", "unchanged since; no station answers that could tell whether here")
        }
    }
}

// The profiles of a station.
extension Page {
    mutating func add(_ profiles: [Station.Profile]) {
        guard !profiles.isEmpty else { return text("The station has no profiles.") }
        for (i, profile) in profiles.enumerated() {
            if i > 0 { blank() }
            title(profile.name)
            field("model", profile.title)
            field("family", profile.family ?? "none: refused by its answer to reset")
            field("standing", profile.state.rawValue, Page.tone(profile.state))
            field("", profile.said)
        }
    }

    static func tone(_ state: Station.Profile.State) -> Tone {
        switch state {
        case .published: .plain
        case .commissioned: .good
        case .provisional: .warning
        case .refused: .bad
        }
    }
}

/// A profile in plain words, line by line.
struct ProfileWords {
    let all: [(label: String, meaning: String)]

    init(_ profile: TokenProfile) {
        var lines = [
            ("name", profile.name), ("model", profile.title),
            ("is for", Self.subjects(profile.match)),
        ]
        if let seen = Self.answers(profile.match) { lines.append(("ATRs seen", seen)) }
        if profile.match.family != nil {
            lines.append(("PIN tries", Self.query(profile.statusQuery)))
            lines.append(("new PIN", Self.code(profile.pin)))
            lines.append(("unblocking", Self.ways(profile.ways)))
            lines += Self.signatures(profile.signatures).map { ("signature", $0) }
            lines.append(("writing", Self.cap(profile.writeCap)))
        }
        lines.append(("standing", Self.standing(profile.standing)))
        if let commissioning = profile.commissioning {
            lines.append(("commissioning", Self.commissioning(commissioning)))
        }
        all = lines
    }

    private static func subjects(_ match: ProfileMatch) -> String {
        guard let family = match.family else {
            return "cards that no family knows, by their answer to reset: "
                + list(match.atrs.map(\.description), "or")
        }
        func condition(_ what: String, _ pattern: TextPattern?) -> String? {
            guard let pattern else { return nil }
            return what + (pattern.isPrefix ? " begins with " : " is ") + "\"\(pattern.text)\""
        }
        var conditions = [
            condition("application", match.aid?.pattern), condition("model", match.model),
            condition("label", match.label), condition("manufacturer", match.manufacturer),
        ].compactMap { $0 }
        if let version = match.version {
            conditions.append(
                "version is"
                    + [
                        version.from.map { " \($0) or later" },
                        version.below.map { " before \($0)" },
                    ]
                    .compactMap { $0 }.joined(separator: " and"))
        }
        let all = "tokens of the family \(family)"
        return conditions.isEmpty ? "all " + all : all + " whose " + list(conditions, "and")
    }

    private static func answers(_ match: ProfileMatch) -> String? {
        guard match.family != nil, !match.atrs.isEmpty else { return nil }
        return list(match.atrs.map(\.description), "and") + " (a hint, which decides nothing)"
    }

    private static func query(_ query: StatusQuery) -> String {
        switch query {
        case .profileSaysSafe: "an empty VERIFY tells them and spends none"
        case .forbidden: "an empty VERIFY is never sent: it might spend one"
        case .asFamilyKnows: "as the family does it"
        }
    }

    private static func code(_ code: ProfileCode) -> String {
        if code == ProfileCode() { return "as the family has it" }
        var parts: [String] = []
        if code.minimum != nil || code.maximum != nil || code.characters != nil {
            let length =
                switch (code.minimum, code.maximum) {
                case (let least?, let most?): least == most ? "\(least) " : "\(least) to \(most) "
                case (let least?, nil): "\(least) or more "
                case (nil, let most?): "up to \(most) "
                case (nil, nil): ""
                }
            let kind =
                switch code.characters {
                case .digits?: "digits"
                case .hex?: "hexadecimal digits"
                case .printable?: "printable ASCII characters"
                case .any?, nil: "characters"
                }
            parts.append(length + kind)
        }
        if let reference = code.reference { parts.append("reference \(hex(reference))") }
        if let stored = code.stored, let padding = code.padding {
            parts.append("sent as \(stored) bytes with \(hex(padding)) behind a shorter one")
        }
        return parts.joined(separator: ", ")
    }

    private static func ways(_ ways: [ProfileWay]?) -> String {
        guard let ways else { return "by every way the family has" }
        guard !ways.isEmpty else { return "not at all" }
        return ways.map { way in
            let form = "by \(way.form.rawValue)"
            return way.code == ProfileCode() ? form : "\(form): \(code(way.code))"
        }.joined(separator: "; ")
    }

    private static func signatures(_ signatures: [SignatureEnvelope]) -> [String] {
        guard !signatures.isEmpty else { return ["not measured, so its time is not judged"] }
        return signatures.map { envelope in
            "with \(envelope.key.rawValue) takes \(time(envelope.shortest)) to "
                + "\(time(envelope.longest)), and one differs from the next by "
                + "\(time(envelope.spread)) at most, on average"
        }
    }

    private static func cap(_ cap: Duration?) -> String {
        guard let cap else { return "the token is held as long as agent.json5 says" }
        return "the token keeps its power for up to \(time(cap))"
    }

    private static func standing(_ standing: ProfileStanding) -> String {
        switch standing {
        case .published(let sources): "published; the counter serves such tokens. \(sources)"
        case .commissioned(let by, let on, let evidence):
            "commissioned by \(by) on \(on); the counter serves such tokens. Evidence: \(evidence)"
        case .provisional(let reason, let by, let on):
            "provisional; the counter refuses such tokens without the right \"provisional\". "
                + "\(reason) (\(by), \(on))"
        case .refused(let reason, let next):
            "refused; the station does not help such tokens. \(reason) \(next)"
        }
    }

    private static func commissioning(_ from: Commissioning) -> String {
        "\(from.id) at \(from.station), \(Words.moment(from.at)), by user \(from.user): token \(from.serial)"
            + (from.firmware.map { ", firmware \($0)" } ?? "")
            + (from.pinTries.map { ", \($0) tries of its PIN" } ?? "")
            + ", \(from.signatures) signatures timed"
    }

    private static func time(_ time: Duration) -> String {
        let (seconds, rest) = time.components
        return Words.time(
            microseconds: Int(seconds) * 1_000_000 + Int(rest / 1_000_000_000_000))
    }

    private static func hex(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }

    private static func list(_ words: [String], _ last: String) -> String {
        guard words.count > 1, let end = words.last else { return words.joined() }
        return words.dropLast().joined(separator: ", ") + " \(last) " + end
    }
}
