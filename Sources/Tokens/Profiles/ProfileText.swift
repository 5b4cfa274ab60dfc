import JSON

extension TokenProfile {
    /// The file that reads back as this profile, without a seal.
    /// - Parameter comment: lines for whoever opens it.
    package func text(_ comment: [String]) -> String {
        var lines = comment.map { "// " + $0 }
        lines += [
            "{", "  \"profile\": 1,", "  \"name\": \(quoted(name)),",
            "  \"title\": \(quoted(title)),",
            "  \"family\": \(quoted(match.family ?? "none")),",
        ]
        lines += Self.object("match", match.members)
        switch statusQuery {
        case .asFamilyKnows: break
        case .forbidden: lines.append("  \"status_query\": \"unsafe\",")
        case .profileSaysSafe: lines.append("  \"status_query\": \"safe\",")
        }
        lines += Self.object("pin", pin.members)
        if let ways {
            lines += Self.list(
                "unblock", ways.map { ["\"form\": \(quoted($0.form.rawValue))"] + $0.code.members })
        }
        if !signatures.isEmpty { lines += Self.list("signature", signatures.map(\.members)) }
        if let writeCap { lines.append("  \"write_cap_ms\": \(writeCap.microseconds / 1000),") }
        lines += Self.object("standing", standing.members)
        if let commissioning { lines += Self.object("commission", commissioning.members) }
        return lines.joined(separator: "\n") + "\n}\n"
    }

    private static func object(_ name: String, _ members: [String]) -> [String] {
        guard !members.isEmpty else { return [] }
        return ["  \"\(name)\": {"] + members.map { "    \($0)," } + ["  },"]
    }

    private static func list(_ name: String, _ objects: [[String]]) -> [String] {
        ["  \"\(name)\": ["] + objects.map { "    { \($0.joined(separator: ", ")) }," } + ["  ],"]
    }
}

extension ProfileMatch {
    fileprivate var members: [String] {
        var members: [String] = []
        if let aid { members.append("\"aid\": \(quoted(aid.description))") }
        for (name, pattern) in [
            ("model", model), ("label", label), ("manufacturer", manufacturer),
        ] {
            if let pattern { members.append("\"\(name)\": \(quoted(pattern.description))") }
        }
        if let version {
            let bounds = [
                version.from.map { "\"from\": \(quoted($0.description))" },
                version.below.map { "\"below\": \(quoted($0.description))" },
            ].compactMap { $0 }
            members.append("\"version\": { \(bounds.joined(separator: ", ")) }")
        }
        if !atrs.isEmpty {
            let texts = atrs.map { quoted($0.description) }
            members.append("\"atr\": [\(texts.joined(separator: ", "))]")
        }
        return members
    }
}

extension ProfileCode {
    fileprivate var members: [String] {
        [
            reference.map { "\"reference\": \(quoted(digits($0)))" },
            minimum.map { "\"min\": \($0)" }, maximum.map { "\"max\": \($0)" },
            characters.map { "\"characters\": \(quoted($0.rawValue))" },
            stored.map { "\"stored\": \($0)" }, padding.map { "\"pad\": \(quoted(digits($0)))" },
        ].compactMap { $0 }
    }
}

extension SignatureEnvelope {
    fileprivate var members: [String] {
        [
            "\"key\": \(quoted(key.rawValue))", "\"min_us\": \(shortest.microseconds)",
            "\"max_us\": \(longest.microseconds)", "\"spread_us\": \(spread.microseconds)",
        ]
    }
}

extension ProfileStanding {
    fileprivate var members: [String] {
        let members: [(String, String)] =
            switch self {
            case .published(let sources): [("reason", sources)]
            case .commissioned(let by, let on, let evidence):
                [("by", by), ("on", on), ("evidence", evidence)]
            case .provisional(let reason, let by, let on):
                [("reason", reason), ("by", by), ("on", on)]
            case .refused(let reason, let next): [("reason", reason), ("next", next)]
            }
        return ([("state", state.rawValue)] + members).map { "\"\($0.0)\": \(quoted($0.1))" }
    }
}

extension Commissioning {
    fileprivate var members: [String] {
        [
            "\"id\": \(quoted(id))", "\"station\": \(quoted(station))", "\"at\": \(quoted(at))",
            "\"user\": \(user)", "\"serial\": \(quoted(serial))",
            firmware.map { "\"firmware\": \(quoted($0))" },
            pinTries.map { "\"pin_tries\": \($0)" }, "\"signatures\": \(signatures)",
        ].compactMap { $0 }
    }
}

extension Duration {
    fileprivate var microseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }
}

private func digits(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
}

/// A text as JSON writes it.
private func quoted(_ text: String) -> String {
    var writer = JSONWriter(into: JSONBytes())
    writer.string(text)
    guard let bytes = try? writer.finish().bytes else { return "\"\"" }
    return String(decoding: bytes, as: UTF8.self)
}
