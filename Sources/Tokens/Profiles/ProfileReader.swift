import JSON

/// Takes the values of one profile from its file. What is wrong with a value is noted and
/// stepped over, so that one reading names every mistake; only a document that is no JSON, or
/// has a key twice, ends it.
struct ProfileReader {
    private(set) var mistakes: [JSONError] = []

    mutating func note(_ error: JSONError) {
        guard mistakes.count < 64 else { return }
        mistakes.append(error)
    }

    mutating func note(_ place: ProfilePlace, _ wrong: String) {
        note(place.error(.invalid(wrong)))
    }

    // MARK: Values

    /// Whether a value of that kind comes next; another is noted and stepped over.
    mutating func hasNext(_ kind: JSONKind, _ json: inout JSONReader) throws(JSONError) -> Bool {
        let found = try json.peek()
        if found == kind { return true }
        note(ProfilePlace(json).error(.wrongKind(expected: kind, found: found)))
        try json.skip()
        return false
    }

    /// A text that `meaning` understands.
    mutating func text<Value>(
        _ json: inout JSONReader, _ wrong: String, _ meaning: (String) -> Value?
    ) throws(JSONError) -> Placed<Value>? {
        guard try hasNext(.string, &json) else { return nil }
        let place = ProfilePlace(json)
        guard let value = meaning(try json.string()) else {
            note(place, wrong)
            return nil
        }
        return Placed(value: value, place: place)
    }

    /// A text for people, on one line.
    mutating func words(
        _ json: inout JSONReader, longest: Int
    ) throws(JSONError) -> Placed<String>? {
        try text(&json, "must be 1 to \(longest) characters on one line") { text in
            guard (1...longest).contains(text.unicodeScalars.count) else { return nil }
            return text.unicodeScalars.allSatisfy { !$0.isControl } ? text : nil
        }
    }

    mutating func integer(
        _ json: inout JSONReader, in range: ClosedRange<Int64>
    ) throws(JSONError) -> Placed<Int>? {
        guard try hasNext(.number, &json) else { return nil }
        let place = ProfilePlace(json)
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
    mutating func byte(_ json: inout JSONReader) throws(JSONError) -> Placed<UInt8>? {
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
    mutating func object(
        _ json: inout JSONReader, _ path: String, required: [String] = [],
        _ member: (inout ProfileReader, inout JSONReader, String) throws(JSONError) -> Bool
    ) throws(JSONError) -> ProfilePlace? {
        guard try hasNext(.object, &json) else { return nil }
        let place = ProfilePlace(json)
        var missing = required
        try json.beginObject()
        while let key = try json.nextKey() {
            missing.removeAll { $0 == key }
            if try member(&self, &json, key) { continue }
            note(json.unknownKey(key, known: ProfileKey.names(in: path)))
            try json.skip()
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
    mutating func list<Element>(
        _ json: inout JSONReader, most: Int,
        _ element: (inout ProfileReader, inout JSONReader) throws(JSONError) -> Element?
    ) throws(JSONError) -> Placed<[Element]>? {
        guard try hasNext(.array, &json) else { return nil }
        let place = ProfilePlace(json)
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

extension Unicode.Scalar {
    fileprivate var isControl: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: true
        default: false
        }
    }
}
