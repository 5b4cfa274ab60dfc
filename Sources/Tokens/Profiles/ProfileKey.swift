/// A key that a profile may have: the one list that the parser, its messages and the manual
/// go by.
package struct ProfileKey: Equatable, Sendable {
    /// From the top, as `unblock[].min`.
    package let path: String
    /// What may stand there, with its unit.
    package let allowed: String
    /// What holds where it is left out; nil for a key that must be there.
    package let absent: String?
    package let meaning: String

    private init(_ path: String, _ allowed: String, absent: String?, _ meaning: String) {
        self.path = path
        self.allowed = allowed
        self.absent = absent
        self.meaning = meaning
    }

    /// Keys right below `object` ("" for the top), without their path.
    static func names(in object: String) -> [String] {
        let start = object.isEmpty ? "" : object + "."
        return all.compactMap { key in
            guard key.path.hasPrefix(start) else { return nil }
            let rest = key.path.dropFirst(start.count)
            return rest.contains(".") ? nil : String(rest)
        }
    }

    /// The key of a path in a document, as `unblock[1].min`; of a list's element, the list's.
    static func at(_ path: String) -> ProfileKey? {
        let bare = withoutIndices(path)
        return all.first { $0.path == bare || $0.path + "[]" == bare }
    }

    /// `unblock[].min` for `unblock[1].min`.
    static func withoutIndices(_ path: String) -> String {
        var bare = ""
        var isIndex = false
        for character in path {
            if character == "]" { isIndex = false }
            if !isIndex { bare.append(character) }
            if character == "[" { isIndex = true }
        }
        return bare
    }

    package static let all: [ProfileKey] = [
        ProfileKey(
            "profile", "1", absent: nil,
            "the form of the file"),
        ProfileKey(
            "name", "1 to 40 of a-z, 0-9 and -", absent: nil,
            "the profile's name, in the journal and on the socket; no two profiles share one"),
        ProfileKey(
            "title", "1 to 80 characters", absent: nil,
            "the model's name for people"),
        ProfileKey(
            "family",
            "one of " + FamilyLimits.all.map(\.name).joined(separator: ", ") + ", none",
            absent: nil,
            "the family the station recognised; none for cards that no family knows"),
        ProfileKey(
            "match", "an object", absent: "every token of the family",
            "what else a token must show"),
        ProfileKey(
            "match.aid", "up to 16 bytes in hexadecimal, with * at the end for a beginning",
            absent: "any",
            "the identifier of the application that the station selected"),
        ProfileKey(
            "match.model", "text, with * at its end for a beginning", absent: "any",
            "the model, as tokenctl inspect shows it"),
        ProfileKey(
            "match.label", "text, with * at its end for a beginning", absent: "any",
            "the label the token has of itself"),
        ProfileKey(
            "match.manufacturer", "text, with * at its end for a beginning", absent: "any",
            "the manufacturer the token names"),
        ProfileKey(
            "match.version", "an object", absent: "any",
            "the version the token tells of its application or firmware"),
        ProfileKey(
            "match.version.from", "one to four numbers with dots between", absent: "the first",
            "the first version that fits"),
        ProfileKey(
            "match.version.below", "one to four numbers with dots between",
            absent: "without an end",
            "the first version that no longer fits"),
        ProfileKey(
            "match.atr",
            "a list of up to 64 answers to reset in hexadecimal, with * at the end "
                + "of one for a beginning", absent: "none",
            "answers to reset that were seen; a hint that decides nothing, except with the family "
                + "none, where it must be there"),
        ProfileKey(
            "status_query", "safe or unsafe", absent: "what the family knows",
            "whether an empty VERIFY tells the PIN's tries without spending one"),
        ProfileKey(
            "pin", "an object", absent: "the family's",
            "the holder's PIN"),
        ProfileKey(
            "pin.reference", "two hexadecimal digits", absent: "what the token tells",
            "the PIN's reference, P2 of VERIFY; only for the family pkcs15"),
        ProfileKey(
            "pin.min", "characters, within the family's bounds", absent: "the family's",
            "the shortest new PIN"),
        ProfileKey(
            "pin.max", "characters, within the family's bounds", absent: "the family's",
            "the longest new PIN"),
        ProfileKey(
            "pin.characters", "digits or printable", absent: "the family's",
            "what a new PIN is made of; printable is ASCII 21 to 7E"),
        ProfileKey(
            "pin.stored", "bytes, max to 64", absent: "what the token tells",
            "the length a PIN is sent in; only for the family pkcs15, with pad"),
        ProfileKey(
            "pin.pad", "two hexadecimal digits", absent: "what the token tells",
            "the byte behind a shorter PIN; only for the family pkcs15, with stored"),
        ProfileKey(
            "unblock", "a list of up to 4 objects", absent: "every way the family has",
            "the ways of unblocking that may be used; an empty list allows none"),
        ProfileKey(
            "unblock[].form",
            "one of " + UnblockingForm.allCases.map(\.rawValue).joined(separator: ", "),
            absent: nil,
            "the way"),
        ProfileKey(
            "unblock[].min", "characters, within the family's bounds", absent: "the family's",
            "the shortest code"),
        ProfileKey(
            "unblock[].max", "characters, within the family's bounds", absent: "the family's",
            "the longest code"),
        ProfileKey(
            "unblock[].characters", "digits, hex, printable or any", absent: "the family's",
            "what the code is made of; hex stands for bytes; any goes out byte for byte as typed"),
        ProfileKey(
            "unblock[].reference", "two hexadecimal digits", absent: "what the token tells",
            "the code's reference; only for the family pkcs15"),
        ProfileKey(
            "unblock[].stored", "bytes, max to 64", absent: "what the token tells",
            "the length the code is sent in; only for the family pkcs15, with pad"),
        ProfileKey(
            "unblock[].pad", "two hexadecimal digits", absent: "what the token tells",
            "the byte behind a shorter code; only for the family pkcs15, with stored"),
        ProfileKey(
            "signature", "a list of up to 8 objects", absent: "not measured",
            "how long one signature takes, for each kind of key"),
        ProfileKey(
            "signature[].key",
            "one of " + SignatureEnvelope.Key.allCases.map(\.rawValue).joined(separator: ", "),
            absent: nil, "the kind of key"),
        ProfileKey(
            "signature[].min_us", "microseconds, 1 to 60000000", absent: nil,
            "the chip is never faster"),
        ProfileKey(
            "signature[].max_us", "microseconds, min_us to 60000000", absent: nil,
            "nine of ten signatures are not slower"),
        ProfileKey(
            "signature[].spread_us", "microseconds, 0 to max_us - min_us", absent: nil,
            "the mean difference of one signature to the next is not larger"),
        ProfileKey(
            "write_cap_ms", "milliseconds, 1000 to 600000",
            absent: "budgets_ms.hard_cap of agent.json5",
            "how long a command that writes in the token keeps it powered and held"),
        ProfileKey(
            "standing", "an object", absent: nil,
            "what the profile is worth"),
        ProfileKey(
            "standing.state", "published, commissioned, provisional or refused", absent: nil,
            "published: as public documents describe it, and tried on simulated tokens. "
                + "commissioned: a technician tried it on a token of the model. provisional: "
                + "neither; the counter does not use it. refused: the station does not help such "
                + "tokens"),
        ProfileKey(
            "standing.reason", "1 to 400 characters", absent: "none, with commissioned",
            "the documents; why it is provisional; why it is refused"),
        ProfileKey(
            "standing.by", "1 to 80 characters", absent: "none, with published and refused",
            "who says so"),
        ProfileKey(
            "standing.on", "a date, YYYY-MM-DD", absent: "none, with published and refused",
            "when"),
        ProfileKey(
            "standing.evidence", "1 to 400 characters", absent: "none, without commissioned",
            "where the result of commissioning is found; only with commissioned"),
        ProfileKey(
            "standing.next", "1 to 400 characters", absent: "none, without refused",
            "where the token's holder is sent; only with refused"),
    ]
}
