import JSON
import WorkingDays

extension BodyTable {
    /// Longest file that is read, in bytes.
    package static var longestFile: Int { 1 << 20 }

    /// Reads one file.
    /// - Returns: the table, or every mistake that was found, in the order of the file.
    package static func parse(
        _ bytes: [UInt8], file: String
    ) -> (table: BodyTable?, mistakes: [FileMistake]) {
        var reader = FileReader(BodyKey.keys)
        var draft = BodyDraft()
        do throws(JSONError) {
            let limits = JSONLimits(depth: 4, length: longestFile, stringLength: 4096, keys: 32)
            draft = try JSONReader.over(bytes, dialect: .configuration, limits: limits) {
                (json) throws(JSONError) in
                try BodyDraft(&json, &reader)
            }
        } catch {
            reader.note(error)
        }
        draft.check(&reader)
        let mistakes = reader.mistakes(in: file)
        guard mistakes.isEmpty else { return (nil, mistakes) }
        let table = BodyTable(
            changes: draft.changes.compactMap(\.change),
            spellings: draft.spellings.compactMap(\.spelling), place: draft.place?.value.text)
        return (table, [])
    }
}

/// The values of a file as they stand there, before they are held against each other.
struct BodyDraft {
    /// A name and its words, as it is looked for.
    struct Name {
        let text: String
        let words: [String]
    }

    struct Change {
        var old: Placed<Name>?
        var district: Placed<Name>?
        var new: Placed<Name>?
        var from: Placed<CivilDate>?

        var change: BodyTable.Change? {
            guard let old, let new, let from else { return nil }
            return BodyTable.Change(
                old: old.value.text, district: district?.value.text, new: new.value.text,
                from: from.value)
        }
    }

    struct Spelling {
        var name: Placed<Name>?
        var also: [Placed<Name>] = []

        var spelling: BodyTable.Spelling? {
            guard let name, !also.isEmpty else { return nil }
            return BodyTable.Spelling(name: name.value.text, also: also.map(\.value.text))
        }
    }

    var place: Placed<Name>?
    var changes: [Change] = []
    var spellings: [Spelling] = []

    init() {}

    init(_ json: inout JSONReader, _ reader: inout FileReader) throws(JSONError) {
        _ = try reader.object(&json, "", required: ["bodies"]) {
            (reader, json, key) throws(JSONError) in
            switch key {
            case "bodies": _ = try reader.integer(&json, in: 1...1)
            case "place": place = try Self.name(&reader, &json, words: 1)
            case "changes":
                changes =
                    try reader.list(&json, most: 5000) { (reader, json) throws(JSONError) in
                        try Self.change(&reader, &json)
                    }?.value ?? []
            case "spellings":
                spellings =
                    try reader.list(&json, most: 1000) { (reader, json) throws(JSONError) in
                        try Self.spelling(&reader, &json)
                    }?.value ?? []
            default: return false
            }
            return true
        }
        try json.finish()
    }

    private static func change(
        _ reader: inout FileReader, _ json: inout JSONReader
    ) throws(JSONError) -> Change? {
        var change = Change()
        let place = try reader.object(&json, "changes[]", required: ["old", "new", "from"]) {
            (reader, json, key) throws(JSONError) in
            switch key {
            case "old":
                change.old = try name(&reader, &json, words: 2, isWhole: false)
                if let old = change.old, let slip = BodySlip.inOldName(old.value.text) {
                    reader.note(old.place, slip)
                }
            case "district": change.district = try name(&reader, &json, words: 1)
            case "new":
                change.new = try name(&reader, &json, words: 2, isWhole: false)
                if let new = change.new, let slip = BodySlip.inNewName(new.value.text) {
                    reader.note(new.place, slip)
                }
            case "from":
                change.from = try reader.text(&json) { text -> Understood<CivilDate> in
                    guard let day = CivilDate(text) else { return .wrong("is no day, YYYY-MM-DD") }
                    return BodySlip.inDay(day).map { .wrong($0) } ?? .as(day)
                }
            default: return false
            }
            return true
        }
        if let old = change.old, let new = change.new,
            BodySlip.inOldName(old.value.text) == nil,
            let slip = BodySlip.inOldName(old.value.text, of: new.value.text)
        {
            reader.note(old.place, slip)
        }
        if let old = change.old, let new = change.new,
            let slip = BodySlip.inNewName(new.value.text, of: old.value.text)
        {
            reader.note(new.place, slip)
        }
        return place == nil ? nil : change
    }

    private static func spelling(
        _ reader: inout FileReader, _ json: inout JSONReader
    ) throws(JSONError) -> Spelling? {
        var spelling = Spelling()
        let place = try reader.object(&json, "spellings[]", required: ["name", "also"]) {
            (reader, json, key) throws(JSONError) in
            switch key {
            case "name": spelling.name = try name(&reader, &json, words: 1)
            case "also":
                let also = try reader.list(&json, most: 16) { (reader, json) throws(JSONError) in
                    try name(&reader, &json, words: 1)
                }
                spelling.also = also?.value ?? []
                if let also, also.value.isEmpty, !reader.hasNoted(below: also.place.path) {
                    reader.note(also.place, "is empty: name a spelling, or strike the line")
                }
            default: return false
            }
            return true
        }
        return place == nil ? nil : spelling
    }

    /// - Parameter isWhole: whether it may say what it lies in, behind a comma.
    private static func name(
        _ reader: inout FileReader, _ json: inout JSONReader, words least: Int,
        isWhole: Bool = true
    ) throws(JSONError) -> Placed<Name>? {
        try reader.text(&json) { text -> Understood<Name> in
            let line = WrittenText.line(text)
            guard (2...120).contains(line.unicodeScalars.count) else {
                return .wrong("must be 2 to 120 characters")
            }
            if WrittenText.hidesSomething(line) {
                return .wrong("has characters that cannot be seen: type it again")
            }
            if let wrong = TextEncoding.wrongLetters(line, least: 1) {
                return .wrong(wrong.inAFile)
            }
            if !isWhole, line.contains(",") {
                return .wrong(
                    "has a comma: write the name alone, and what it lies in under \"district\"")
            }
            let words = BodyTable.words(line).map(\.text)
            guard words.count >= least else {
                return .wrong(
                    least == 1
                        ? "has no word"
                        : "is one word: say what it is too, as \"phường\", or it would be found "
                            + "in other names")
            }
            return .as(Name(text: line, words: words))
        }
    }
}
