/// Takes the values of one file written by people. What is wrong with a value is noted and
/// stepped over, so that one reading names every mistake; only a document that is no JSON, or
/// has a key twice, ends it.
package struct FileReader {
    private struct Noted {
        let error: JSONError
        let allowed: String?
    }

    private let keys: FileKeys
    private var noted: [Noted] = []

    package init(_ keys: FileKeys) { self.keys = keys }

    /// - Parameter allowed: what may stand there; nil for what the key's own entry says.
    package mutating func note(_ error: JSONError, allowed: String? = nil) {
        guard noted.count < 64 else { return }
        noted.append(Noted(error: error, allowed: allowed))
    }

    package mutating func note(_ place: FilePlace, _ wrong: String, allowed: String? = nil) {
        note(place.error(.invalid(wrong)), allowed: allowed)
    }

    /// Whether something at or below that path has been noted already.
    package func hasNoted(below path: String) -> Bool {
        noted.contains {
            let found = $0.error.path
            return found == path || found.hasPrefix(path + ".") || found.hasPrefix(path + "[")
        }
    }

    /// All that was noted, in the order of the file.
    package func mistakes(in file: String) -> [FileMistake] { errors(in: file).map(\.told) }

    /// The same with what each of them is.
    package func errors(in file: String) -> [(error: JSONError, told: FileMistake)] {
        noted.sorted { ($0.error.line, $0.error.column) < ($1.error.line, $1.error.column) }
            .map { ($0.error, FileMistake($0.error, in: file, keys: keys, allowed: $0.allowed)) }
    }

    // MARK: Values

    /// Whether a value of that kind comes next; another is noted and stepped over.
    package mutating func hasNext(_ kind: JSONKind, _ json: inout JSONReader) throws(JSONError)
        -> Bool
    {
        let found = try json.peek()
        if found == kind { return true }
        note(FilePlace(json).error(.wrongKind(expected: kind, found: found)))
        try json.skip()
        return false
    }

    /// A text that `meaning` understands.
    package mutating func text<Value>(
        _ json: inout JSONReader, _ wrong: String, _ meaning: (String) -> Value?
    ) throws(JSONError) -> Placed<Value>? {
        guard try hasNext(.string, &json) else { return nil }
        let place = FilePlace(json)
        guard let value = meaning(try json.string()) else {
            note(place, wrong)
            return nil
        }
        return Placed(value: value, place: place)
    }

    /// A text that `meaning` understands, or says of what is wrong with it.
    package mutating func text<Value>(
        _ json: inout JSONReader, _ meaning: (String) -> Understood<Value>
    ) throws(JSONError) -> Placed<Value>? {
        guard try hasNext(.string, &json) else { return nil }
        let place = FilePlace(json)
        switch meaning(try json.string()) {
        case .as(let value): return Placed(value: value, place: place)
        case .wrong(let wrong):
            note(place, wrong)
            return nil
        }
    }

    /// A text for people, on one line; `remedy` is what to do besides where it is none.
    package mutating func words(
        _ json: inout JSONReader, longest: Int, orElse remedy: String? = nil
    ) throws(JSONError) -> Placed<String>? {
        let wrong =
            "must be 1 to \(longest) characters on one line" + (remedy.map { ": " + $0 } ?? "")
        return try text(&json) { text -> Understood<String> in
            guard (1...longest).contains(text.unicodeScalars.count),
                text.unicodeScalars.allSatisfy({ !$0.isControl })
            else { return .wrong(wrong) }
            return TextEncoding.wrongLetters(text).map { .wrong($0.inAFile) } ?? .as(text)
        }
    }

    package mutating func integer(
        _ json: inout JSONReader, in range: ClosedRange<Int64>
    ) throws(JSONError) -> Placed<Int>? {
        guard try hasNext(.number, &json) else { return nil }
        let place = FilePlace(json)
        guard case .integer(let value) = try json.value() else {
            note(place.error(.notAnInteger))
            return nil
        }
        guard range.contains(value) else {
            note(place.error(.outsideRange(range.lowerBound, range.upperBound)))
            return nil
        }
        return Placed(value: Int(value), place: place)
    }

    /// Two hexadecimal digits.
    package mutating func byte(_ json: inout JSONReader) throws(JSONError) -> Placed<UInt8>? {
        try text(&json, "must be two hexadecimal digits") { text in
            guard text.utf8.count == 2, !text.hasPrefix("+"), !text.hasPrefix("-") else {
                return nil
            }
            return UInt8(text, radix: 16)
        }
    }

    // MARK: Objects and lists

    /// Reads an object's members; `member` says false for a key it does not know. The place is
    /// nil where no object stands.
    package mutating func object(
        _ json: inout JSONReader, _ path: String, required: [String] = [],
        _ member: (inout FileReader, inout JSONReader, String) throws(JSONError) -> Bool
    ) throws(JSONError) -> FilePlace? {
        guard try hasNext(.object, &json) else { return nil }
        let place = FilePlace(json)
        var missing = required
        var other: (kind: FileKind, place: FilePlace)? = nil
        try json.beginObject()
        while let key = try json.nextKey() {
            missing.removeAll { $0 == key }
            if try member(&self, &json, key) { continue }
            if path.isEmpty, let kind = FileKind(rawValue: key) { other = (kind, FilePlace(json)) }
            note(json.unknownKey(key, known: keys.names(in: path)))
            try json.skip()
        }
        if let other, let own = FileKind(keys), missing.contains(own.rawValue) {
            // What it lacks and has too much then says nothing.
            noted = []
            note(
                other.place,
                "this file is \(other.kind.name), and \(own.name) belongs here: name the right "
                    + "file")
            return nil
        }
        for key in missing {
            let path = place.path.isEmpty ? key : place.path + "." + key
            note(
                JSONError(
                    code: .missingKey(key), line: place.line, column: place.column, path: path))
        }
        return place
    }

    /// Reads up to `most` elements of a list.
    package mutating func list<Element>(
        _ json: inout JSONReader, most: Int,
        _ element: (inout FileReader, inout JSONReader) throws(JSONError) -> Element?
    ) throws(JSONError) -> Placed<[Element]>? {
        guard try hasNext(.array, &json) else { return nil }
        let place = FilePlace(json)
        var elements: [Element] = []
        var count = 0
        try json.beginArray()
        while try json.nextElement() {
            count += 1
            guard count <= most else {
                try json.skip()
                continue
            }
            if let read = try element(&self, &json) { elements.append(read) }
        }
        if count > most { note(place, "has \(count) elements, more than \(most)") }
        return Placed(value: elements, place: place)
    }
}

/// What was made of a text.
package enum Understood<Value> {
    case `as`(Value)
    case wrong(String)
}

extension Unicode.Scalar {
    fileprivate var isControl: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: true
        default: false
        }
    }
}
