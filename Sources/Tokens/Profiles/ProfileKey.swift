import JSON

/// The keys that a profile may have: the one list that the parser, its messages and the manual
/// go by.
package enum ProfileKey {
    static let keys = FileKeys(all)

    package static let all: [FileKey] = [
        FileKey(
            "profile", "1", absent: nil,
            "the form of the file"),
        FileKey(
            "name", "1 to 40 of a-z, 0-9 and -", absent: nil,
            "the profile's name, in the journal and on the socket; no two profiles share one"),
        FileKey(
            "title", "1 to 80 characters", absent: nil,
            "the model's name for people"),
        FileKey(
            "family",
            "one of " + FamilyLimits.all.map(\.name).joined(separator: ", ") + ", none",
            absent: nil,
            "the family the station recognised; none for cards that no family knows"),
        FileKey(
            "match", "an object", absent: "every token of the family",
            "what else a token must show"),
        FileKey(
            "match.aid", "up to 16 bytes in hexadecimal, with * at the end for a beginning",
            absent: "any",
            "the identifier of the application that the station selected"),
        FileKey(
            "match.model", "text, with * at its end for a beginning", absent: "any",
            "the model, as tokenctl inspect shows it"),
        FileKey(
            "match.label", "text, with * at its end for a beginning", absent: "any",
            "the label the token has of itself"),
        FileKey(
            "match.manufacturer", "text, with * at its end for a beginning", absent: "any",
            "the manufacturer the token names"),
        FileKey(
            "match.version", "an object", absent: "any",
            "the version the token tells of its application or firmware"),
        FileKey(
            "match.version.from", "one to four numbers with dots between", absent: "the first",
            "the first version that fits"),
        FileKey(
            "match.version.below", "one to four numbers with dots between",
            absent: "without an end",
            "the first version that no longer fits"),
        FileKey(
            "match.atr",
            "a list of up to 64 answers to reset in hexadecimal, with * at the end "
                + "of one for a beginning", absent: "none",
            "answers to reset that were seen; a hint that decides nothing, except with the family "
                + "none, where it must be there"),
        FileKey(
            "status_query", "safe or unsafe", absent: "what the family knows",
            "whether an empty VERIFY tells the PIN's tries without spending one"),
        FileKey(
            "pin", "an object", absent: "the family's",
            "the holder's PIN"),
        FileKey(
            "pin.reference", "two hexadecimal digits", absent: "what the token tells",
            "the PIN's reference, P2 of VERIFY; only for the family pkcs15"),
        FileKey(
            "pin.min", "characters, within the family's bounds", absent: "the family's",
            "the shortest new PIN"),
        FileKey(
            "pin.max", "characters, within the family's bounds", absent: "the family's",
            "the longest new PIN"),
        FileKey(
            "pin.characters", "digits or printable", absent: "the family's",
            "what a new PIN is made of; printable is ASCII 21 to 7E"),
        FileKey(
            "pin.stored", "bytes, max to 64", absent: "what the token tells",
            "the length a PIN is sent in; only for the family pkcs15, with pad"),
        FileKey(
            "pin.pad", "two hexadecimal digits", absent: "what the token tells",
            "the byte behind a shorter PIN; only for the family pkcs15, with stored"),
        FileKey(
            "unblock", "a list of up to 4 objects", absent: "every way the family has",
            "the ways of unblocking that may be used; an empty list allows none"),
        FileKey(
            "unblock[].form",
            "one of " + UnblockingForm.allCases.map(\.rawValue).joined(separator: ", "),
            absent: nil,
            "the way"),
        FileKey(
            "unblock[].min", "characters, within the family's bounds", absent: "the family's",
            "the shortest code"),
        FileKey(
            "unblock[].max", "characters, within the family's bounds", absent: "the family's",
            "the longest code"),
        FileKey(
            "unblock[].characters", "digits, hex, printable or any", absent: "the family's",
            "what the code is made of; hex stands for bytes; any goes out byte for byte as typed"),
        FileKey(
            "unblock[].reference", "two hexadecimal digits", absent: "what the token tells",
            "the code's reference; only for the family pkcs15"),
        FileKey(
            "unblock[].stored", "bytes, max to 64", absent: "what the token tells",
            "the length the code is sent in; only for the family pkcs15, with pad"),
        FileKey(
            "unblock[].pad", "two hexadecimal digits", absent: "what the token tells",
            "the byte behind a shorter code; only for the family pkcs15, with stored"),
        FileKey(
            "signature", "a list of up to 8 objects", absent: "not measured",
            "how long one signature takes, for each kind of key"),
        FileKey(
            "signature[].key",
            "one of " + SignatureEnvelope.Key.allCases.map(\.rawValue).joined(separator: ", "),
            absent: nil, "the kind of key"),
        FileKey(
            "signature[].min_us", "microseconds, 1 to 60000000", absent: nil,
            "the chip is never faster"),
        FileKey(
            "signature[].max_us", "microseconds, min_us to 60000000", absent: nil,
            "nine of ten signatures are not slower"),
        FileKey(
            "signature[].spread_us", "microseconds, 0 to max_us - min_us", absent: nil,
            "the mean difference of one signature to the next is not larger"),
        FileKey(
            "write_cap_ms", "milliseconds, 1000 to 600000",
            absent: "budgets_ms.hard_cap of agent.json5",
            "how long a command that writes in the token keeps it powered and held"),
        FileKey(
            "standing", "an object", absent: nil,
            "what the profile is worth"),
        FileKey(
            "standing.state", "published, commissioned, provisional or refused", absent: nil,
            "published: as public documents describe it, and tried on simulated tokens. "
                + "commissioned: a technician tried it on a token of the model. provisional: "
                + "neither; the counter does not use it. refused: the station does not help such "
                + "tokens"),
        FileKey(
            "standing.reason", "1 to 400 characters", absent: "none, with commissioned",
            "the documents; why it is provisional; why it is refused"),
        FileKey(
            "standing.by", "1 to 80 characters", absent: "none, with published and refused",
            "who says so"),
        FileKey(
            "standing.on", "a date, YYYY-MM-DD", absent: "none, with published and refused",
            "when"),
        FileKey(
            "standing.evidence", "1 to 400 characters", absent: "none, without commissioned",
            "where the result of commissioning is found; only with commissioned"),
        FileKey(
            "standing.next", "1 to 400 characters", absent: "none, without refused",
            "where the token's holder is sent; only with refused"),
        FileKey(
            "commission", "an object", absent: "written by hand",
            "the commissioning it comes from, written by the station; only with commissioned"),
        FileKey(
            "commission.id", "1 to 80 characters", absent: nil,
            "the commissioning's name in the journal"),
        FileKey(
            "commission.station", "1 to 80 characters", absent: nil,
            "the name of the box"),
        FileKey(
            "commission.at", "1 to 80 characters", absent: nil,
            "when, UTC"),
        FileKey(
            "commission.user", "0 to 4294967295", absent: nil,
            "the number of the user whom the kernel named"),
        FileKey(
            "commission.serial", "1 to 80 characters", absent: nil,
            "the number of the token that was tried"),
        FileKey(
            "commission.firmware", "1 to 80 characters", absent: "not told",
            "the version the token told"),
        FileKey(
            "commission.pin_tries", "1 to 255", absent: "not shown",
            "the tries its PIN had when none was spent"),
        FileKey(
            "commission.signatures", "1 to 255", absent: nil,
            "how many signatures were timed"),
    ]
}
