import JSON

/// The values of a file as they stand there, before they are held against each other.
struct ProfileDraft {
    struct Code {
        var reference: Placed<UInt8>?
        var minimum: Placed<Int>?
        var maximum: Placed<Int>?
        var characters: Placed<CodeRule.Characters>?
        var stored: Placed<Int>?
        var padding: Placed<UInt8>?
    }

    struct Way {
        var form: Placed<UnblockingForm>?
        var code = Code()
    }

    struct Envelope {
        var key: Placed<SignatureEnvelope.Key>?
        var shortest: Placed<Int>?
        var longest: Placed<Int>?
        var spread: Placed<Int>?
    }

    struct Standing {
        var state: Placed<ProfileStanding.State>?
        var reason: Placed<String>?
        var by: Placed<String>?
        var on: Placed<String>?
        var evidence: Placed<String>?
        var next: Placed<String>?
    }

    struct Commission {
        var id: Placed<String>?
        var station: Placed<String>?
        var at: Placed<String>?
        var user: Placed<Int>?
        var serial: Placed<String>?
        var firmware: Placed<String>?
        var pinTries: Placed<Int>?
        var signatures: Placed<Int>?
    }

    var name: Placed<String>?
    var title: Placed<String>?
    /// The inner nil is "none".
    var family: Placed<FamilyLimits?>?
    var matchPlace: FilePlace?
    var aid: Placed<HexPattern>?
    var model: Placed<TextPattern>?
    var label: Placed<TextPattern>?
    var manufacturer: Placed<TextPattern>?
    var from: Placed<TokenVersion>?
    var below: Placed<TokenVersion>?
    var versionPlace: FilePlace?
    var atrs: Placed<[HexPattern]>?
    var statusQuery: Placed<StatusQuery>?
    var pin = Code()
    var ways: Placed<[Way]>?
    var signatures: Placed<[Envelope]>?
    var writeCap: Placed<Int>?
    var standingPlace: FilePlace?
    var standing = Standing()
    var commissionPlace: FilePlace?
    var commission = Commission()
}

extension ProfileDraft {
    /// Reads a whole file; what is wrong with single values is noted in `reader`.
    init(_ json: inout JSONReader, _ reader: inout FileReader) throws(JSONError) {
        self.init()
        _ = try reader.object(
            &json, "", required: ["profile", "name", "title", "family", "standing"]
        ) { (reader, json, key) throws(JSONError) in
            switch key {
            case "profile": _ = try reader.integer(&json, in: 1...1)
            case "name":
                name = try reader.text(
                    &json, "must be 1 to 40 of a-z, 0-9 and -", Self.name)
            case "title": title = try reader.words(&json, longest: 80)
            case "family": family = try Self.family(&reader, &json)
            case "match": try readMatch(&reader, &json)
            case "status_query":
                statusQuery = try reader.text(&json, "must be \"safe\" or \"unsafe\"") {
                    $0 == "safe" ? .profileSaysSafe : $0 == "unsafe" ? .forbidden : nil
                }
            case "pin": try readPIN(&reader, &json)
            case "unblock":
                ways = try reader.list(&json, most: 4) {
                    (reader, json) throws(JSONError) in
                    try Self.way(&reader, &json)
                }
            case "signature":
                signatures = try reader.list(&json, most: 8) {
                    (reader, json) throws(JSONError) in
                    try Self.envelope(&reader, &json)
                }
            case "write_cap_ms": writeCap = try reader.integer(&json, in: 1000...600_000)
            case "standing": try readStanding(&reader, &json)
            case "commission": try readCommission(&reader, &json)
            default: return false
            }
            return true
        }
        try json.finish()
    }

    private static func name(_ text: String) -> String? {
        let isName = text.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
        }
        return isName && (1...40).contains(text.utf8.count) ? text : nil
    }

    private static func family(
        _ reader: inout FileReader, _ json: inout JSONReader
    ) throws(JSONError) -> Placed<FamilyLimits?>? {
        let named = try reader.text(&json, "no family is called so") { text in
            text == "none" || FamilyLimits.of(text) != nil ? text : nil
        }
        return named.map { Placed(value: FamilyLimits.of($0.value), place: $0.place) }
    }

    private mutating func readMatch(
        _ reader: inout FileReader, _ json: inout JSONReader
    ) throws(JSONError) {
        let wrong = "must be text, with a * only at its end"
        matchPlace = try reader.object(&json, "match") { (reader, json, key) throws(JSONError) in
            switch key {
            case "aid":
                aid = try reader.text(&json, "is no identifier in hexadecimal") {
                    HexPattern($0, longest: 16)
                }
            case "model": model = try reader.text(&json, wrong, TextPattern.init)
            case "label": label = try reader.text(&json, wrong, TextPattern.init)
            case "manufacturer":
                manufacturer = try reader.text(&json, wrong, TextPattern.init)
            case "version": try readVersion(&reader, &json)
            case "atr":
                atrs = try reader.list(&json, most: 64) { (reader, json) throws(JSONError) in
                    try reader.text(&json, "is no answer to reset in hexadecimal") {
                        HexPattern($0, longest: 33)
                    }?.value
                }
            default: return false
            }
            return true
        }
    }

    private mutating func readVersion(
        _ reader: inout FileReader, _ json: inout JSONReader
    ) throws(JSONError) {
        let wrong = "must be one to four numbers up to 65535 with dots between"
        versionPlace = try reader.object(&json, "match.version") {
            (reader, json, key) throws(JSONError) in
            switch key {
            case "from": from = try reader.text(&json, wrong, TokenVersion.init)
            case "below": below = try reader.text(&json, wrong, TokenVersion.init)
            default: return false
            }
            return true
        }
    }

    private mutating func readPIN(
        _ reader: inout FileReader, _ json: inout JSONReader
    ) throws(JSONError) {
        _ = try reader.object(&json, "pin") { (reader, json, key) throws(JSONError) in
            try pin.take(key, [.digits, .printable], &reader, &json)
        }
    }

    private static func way(
        _ reader: inout FileReader, _ json: inout JSONReader
    ) throws(JSONError) -> Way? {
        var way = Way()
        let place = try reader.object(&json, "unblock[]", required: ["form"]) {
            (reader, json, key) throws(JSONError) in
            guard key == "form" else {
                return try way.code.take(
                    key, CodeRule.Characters.allCases, &reader, &json)
            }
            way.form = try reader.text(&json, "no way of unblocking is called so") {
                UnblockingForm(rawValue: $0)
            }
            return true
        }
        return place == nil ? nil : way
    }

    private static func envelope(
        _ reader: inout FileReader, _ json: inout JSONReader
    ) throws(JSONError) -> Envelope? {
        var envelope = Envelope()
        let place = try reader.object(
            &json, "signature[]", required: ["key", "min_us", "max_us", "spread_us"]
        ) { (reader, json, key) throws(JSONError) in
            switch key {
            case "key":
                envelope.key = try reader.text(&json, "no kind of key is called so") {
                    SignatureEnvelope.Key(rawValue: $0)
                }
            case "min_us": envelope.shortest = try reader.integer(&json, in: 1...60_000_000)
            case "max_us": envelope.longest = try reader.integer(&json, in: 1...60_000_000)
            case "spread_us": envelope.spread = try reader.integer(&json, in: 0...60_000_000)
            default: return false
            }
            return true
        }
        return place == nil ? nil : envelope
    }

    private mutating func readStanding(
        _ reader: inout FileReader, _ json: inout JSONReader
    ) throws(JSONError) {
        standingPlace = try reader.object(&json, "standing", required: ["state"]) {
            (reader, json, key) throws(JSONError) in
            switch key {
            case "state":
                standing.state = try reader.text(&json, "no state is called so") {
                    ProfileStanding.State(rawValue: $0)
                }
            case "reason": standing.reason = try reader.words(&json, longest: 400)
            case "by": standing.by = try reader.words(&json, longest: 80)
            case "on": standing.on = try reader.text(&json, "is no date, YYYY-MM-DD", Self.date)
            case "evidence": standing.evidence = try reader.words(&json, longest: 400)
            case "next": standing.next = try reader.words(&json, longest: 400)
            default: return false
            }
            return true
        }
    }

    private mutating func readCommission(
        _ reader: inout FileReader, _ json: inout JSONReader
    ) throws(JSONError) {
        commissionPlace = try reader.object(
            &json, "commission",
            required: ["id", "station", "at", "user", "serial", "signatures"]
        ) { (reader, json, key) throws(JSONError) in
            switch key {
            case "id": commission.id = try reader.words(&json, longest: 80)
            case "station": commission.station = try reader.words(&json, longest: 80)
            case "at": commission.at = try reader.words(&json, longest: 80)
            case "user": commission.user = try reader.integer(&json, in: 0...4_294_967_295)
            case "serial": commission.serial = try reader.words(&json, longest: 80)
            case "firmware": commission.firmware = try reader.words(&json, longest: 80)
            case "pin_tries": commission.pinTries = try reader.integer(&json, in: 1...255)
            case "signatures": commission.signatures = try reader.integer(&json, in: 1...255)
            default: return false
            }
            return true
        }
    }

    /// A day that there is.
    private static func date(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == 0x2D, bytes[7] == 0x2D else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            var value = 0
            for byte in bytes[range] {
                guard (0x30...0x39).contains(byte) else { return nil }
                value = value * 10 + Int(byte & 0x0F)
            }
            return value
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            (2000...2199).contains(year), (1...12).contains(month)
        else { return nil }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return (1...days[month - 1]).contains(day) ? text : nil
    }
}

extension ProfileDraft.Code {
    /// Takes the member of that name; false where a code has none.
    fileprivate mutating func take(
        _ key: String, _ kinds: [CodeRule.Characters], _ reader: inout FileReader,
        _ json: inout JSONReader
    ) throws(JSONError) -> Bool {
        switch key {
        case "reference": reference = try reader.byte(&json)
        case "min": minimum = try reader.integer(&json, in: 1...127)
        case "max": maximum = try reader.integer(&json, in: 1...127)
        case "stored": stored = try reader.integer(&json, in: 1...64)
        case "pad": padding = try reader.byte(&json)
        case "characters":
            characters = try reader.text(&json, "no kind of characters is called so") { text in
                kinds.first { $0.rawValue == text }
            }
        default: return false
        }
        return true
    }
}
