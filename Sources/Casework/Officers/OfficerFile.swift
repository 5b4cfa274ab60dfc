import Crypto
import JSON

extension OfficerTable {
    /// Where it lies when nothing else is said; what is not there has not been written.
    package static let usualFile = "/etc/token-station/officers.json5"
    /// Longest file that is read, in bytes.
    package static let longestFile = 256 * 1024

    /// Why its file is no mistake and should not stay as it is: who can read a password's hash can
    /// try words on it. nil where it is well kept.
    package func exposure(mode: UInt32) -> String? {
        guard all.contains(where: { $0.password != nil }), mode & 0o037 != 0 else { return nil }
        let rights = String(mode & 0o777, radix: 8)
        return "its mode is \(rights): others than its owner can read or change the hashes of "
            + "passwords in it"
    }

    /// Reads one file.
    /// - Returns: the officers, or every mistake that was found, in the order of the file.
    package static func parse(
        _ bytes: [UInt8], file: String
    ) -> (table: OfficerTable?, mistakes: [FileMistake]) {
        var reader = FileReader(OfficerKey.keys)
        var drafts: [OfficerDraft] = []
        do throws(JSONError) {
            let limits = JSONLimits(depth: 5, length: longestFile, stringLength: 1024, keys: 16)
            drafts = try JSONReader.over(bytes, dialect: .configuration, limits: limits) {
                (json) throws(JSONError) in
                try OfficerDraft.all(&json, &reader)
            }
        } catch {
            reader.note(error)
        }
        OfficerDraft.check(drafts, &reader)
        let mistakes = reader.mistakes(in: file)
        guard mistakes.isEmpty else { return (nil, mistakes) }
        return (OfficerTable(drafts.compactMap(\.officer)), [])
    }
}

/// One officer as the file has it, before all are held against each other.
struct OfficerDraft {
    private var place: FilePlace?
    private var id: Placed<String>?
    private var name: Placed<String>?
    private var roles: [Placed<Role>] = []
    private var rights: [Placed<Right>] = []
    private var password: Placed<PasswordHash>?
    private var tokens: [Placed<String>] = []
    /// Whether something stands under either, be it right or wrong.
    private var hasProof = false

    var officer: Officer? {
        guard let id, let name else { return nil }
        return Officer(
            id: id.value, name: name.value, roles: Set(roles.map(\.value)),
            rights: Set(rights.map(\.value)), password: password?.value,
            tokens: tokens.map(\.value))
    }

    static func all(
        _ json: inout JSONReader, _ reader: inout FileReader
    ) throws(JSONError) -> [OfficerDraft] {
        var drafts: [OfficerDraft] = []
        _ = try reader.object(&json, "", required: ["officers", "people"]) {
            (reader, json, key) throws(JSONError) in
            switch key {
            case "officers": _ = try reader.integer(&json, in: 1...1)
            case "people":
                drafts =
                    try reader.list(&json, most: 200) { (reader, json) throws(JSONError) in
                        try OfficerDraft(&json, &reader)
                    }?.value ?? []
            default: return false
            }
            return true
        }
        try json.finish()
        return drafts
    }

    private init?(_ json: inout JSONReader, _ reader: inout FileReader) throws(JSONError) {
        var draft = OfficerDraft()
        let place = try reader.object(&json, "people[]", required: ["id", "name", "roles"]) {
            (reader, json, key) throws(JSONError) in
            try draft.take(key, &json, &reader)
        }
        guard let place else { return nil }
        draft.place = place
        self = draft
    }

    private init() {}

    private mutating func take(
        _ key: String, _ json: inout JSONReader, _ reader: inout FileReader
    ) throws(JSONError) -> Bool {
        switch key {
        case "id":
            id = try reader.text(&json, "is no id of an officer") { Self.isID($0) ? $0 : nil }
        case "name": name = try reader.words(&json, longest: 80)
        case "roles": roles = try Self.names(&reader, &json, "is no role", OfficerKey.roles)
        case "rights":
            rights = try Self.names(
                &reader, &json, "is no right", OfficerKey.rights, mayBeNone: true)
        case "password":
            hasProof = true
            password = try reader.text(&json) { text -> Understood<PasswordHash> in
                do throws(CryptoError) { return .as(try PasswordHash(text)) } catch {
                    return .wrong(error.reason)
                }
            }
        case "tokens":
            hasProof = true
            tokens = try Self.hashes(&reader, &json)
        default: return false
        }
        return true
    }

    private static func isID(_ text: String) -> Bool {
        guard (1...32).contains(text.utf8.count), let first = text.utf8.first,
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first)
        else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }

    private static func names<Name: RawRepresentable<String> & CaseIterable>(
        _ reader: inout FileReader, _ json: inout JSONReader, _ wrong: String, _ allowed: String,
        mayBeNone: Bool = false
    ) throws(JSONError) -> [Placed<Name>] {
        let list = try reader.list(&json, most: Name.allCases.count) {
            (reader, json) throws(JSONError) in
            try reader.text(&json, wrong) { Name(rawValue: $0) }
        }
        if let list, list.value.isEmpty, !mayBeNone, !reader.hasNoted(below: list.place.path) {
            reader.note(list.place, "is empty: such an officer could do nothing", allowed: allowed)
        }
        var seen: Set<String> = []
        for name in list?.value ?? [] where !seen.insert(name.value.rawValue).inserted {
            reader.note(name.place, "stands twice: strike one", allowed: allowed)
        }
        return list?.value ?? []
    }

    private static func hashes(
        _ reader: inout FileReader, _ json: inout JSONReader
    ) throws(JSONError) -> [Placed<String>] {
        let list = try reader.list(&json, most: 4) { (reader, json) throws(JSONError) in
            try reader.text(&json, "is no SHA-256 in hexadecimal") { text in
                Hex.bytes(text).flatMap { $0.count == 32 ? Hex.lower($0) : nil }
            }
        }
        if let list, list.value.isEmpty, !reader.hasNoted(below: list.place.path) {
            reader.note(list.place, "is empty: strike it, or name a token")
        }
        return list?.value ?? []
    }

    /// Notes what is wrong between officers.
    static func check(_ drafts: [OfficerDraft], _ reader: inout FileReader) {
        var ids: [String: Int] = [:]
        var tokens: [String: Int] = [:]
        var hashes: [String: Int] = [:]
        for draft in drafts {
            if let place = draft.place, !draft.hasProof {
                reader.note(
                    place,
                    "can prove nothing: give it a password (tokenctl officer password) or tokens")
            }
            if let id = draft.id {
                if let line = ids[id.value] {
                    reader.note(
                        id.place, "is the officer of line \(line) already: choose another id")
                } else {
                    ids[id.value] = id.place.line
                }
            }
            // Each hash has a salt of its own: the same one was copied.
            if let password = draft.password {
                if let line = hashes[password.value.text] {
                    reader.note(
                        password.place,
                        "stands in line \(line) already: a password is one person's, so make "
                            + "another (tokenctl officer password)")
                } else {
                    hashes[password.value.text] = password.place.line
                }
            }
            for token in draft.tokens {
                if let line = tokens[token.value] {
                    reader.note(
                        token.place,
                        "stands in line \(line) already: a token is one person's")
                } else {
                    tokens[token.value] = token.place.line
                }
            }
        }
    }
}
