import Secrets
import Testing

@testable import JSON

private enum Level: String, CaseIterable {
    case low
    case high
}

@Suite struct PullTests {
    /// One value asked for as `ask` does, and the error that gives.
    static let asked: [(String, String, @Sendable (inout JSONReader) throws(JSONError) -> Void)] = [
        (
            "\"1\"", "expected a number, found a string",
            { (r) throws(JSONError) in _ = try r.integer() }
        ),
        ("1", "expected a string, found a number", { (r) throws(JSONError) in _ = try r.string() }),
        (
            "[]", "expected an object, found an array",
            { (r) throws(JSONError) in try r.beginObject() }
        ),
        (
            "{}", "expected an array, found an object",
            { (r) throws(JSONError) in try r.beginArray() }
        ),
        (
            "null", "expected true or false, found null",
            { (r) throws(JSONError) in _ = try r.boolean() }
        ),
        ("0", "expected null, found a number", { (r) throws(JSONError) in try r.null() }),
        ("1.0", "expected a whole number", { (r) throws(JSONError) in _ = try r.integer() }),
        ("1e2", "expected a whole number", { (r) throws(JSONError) in _ = try r.integer() }),
        (
            "9223372036854775808", "a number too large for 64 bits",
            { (r) throws(JSONError) in _ = try r.integer() }
        ),
        ("11", "must be from 1 to 10", { (r) throws(JSONError) in _ = try r.integer(in: 1...10) }),
        (
            "\"abcd\"", "a string is longer than 3 bytes",
            { (r) throws(JSONError) in _ = try r.string(maxLength: 3) }
        ),
        (
            "\"abcd\"", "a string is longer than 3 bytes",
            { (r) throws(JSONError) in _ = try r.secret(maxLength: 3) }
        ),
        (
            "1234", "expected a string, found a number",
            { (r) throws(JSONError) in _ = try r.secret(maxLength: 8) }
        ),
        (
            "\"mid\"", "must be one of \"low\", \"high\"",
            { (r) throws(JSONError) in _ = try r.choice(of: Level.self) }
        ),
        (
            "1", "read out of turn (a defect of this program)",
            { (r) throws(JSONError) in _ = try r.nextKey() }
        ),
        (
            "1", "read out of turn (a defect of this program)",
            { (r) throws(JSONError) in try r.finish() }
        ),
        (
            "[1]", "read out of turn (a defect of this program)",
            { (r) throws(JSONError) in
                try r.beginArray()
                _ = try r.integer()
            }
        ),
        (
            "{\"a\":1}", "a: read out of turn (a defect of this program)",
            { (r) throws(JSONError) in
                try r.beginObject()
                _ = try r.nextKey()
                _ = try r.nextKey()
            }
        ),
    ]

    @Test(arguments: asked.indices)
    func whatIsAskedForMustCome(_ index: Int) {
        let (text, reason, ask) = Self.asked[index]
        let found = error { () throws(JSONError) in try withReader(text, .strict, ask) }
        let description = found.map { ($0.path.isEmpty ? "" : $0.path + ": ") + $0.reason }
        #expect(description == reason)
    }

    @Test func membersArePulledInOrder() throws {
        let text =
            #"{"id":"r-1","count":3,"on":true,"at":1.5,"note":null,"skip":[{"a":1}],"level":"high"}"#
        let seen = try withReader(text) { (reader) throws(JSONError) in
            var seen: [String] = []
            try reader.beginObject()
            while let key = try reader.nextKey() {
                switch key {
                case "id": seen.append(try reader.string())
                case "count": seen.append(String(try reader.integer(in: 0...9)))
                case "on": seen.append(String(try reader.boolean()))
                case "at": seen.append(String(try reader.number()))
                case "note": seen.append(String(try reader.nullIfNext()))
                case "skip": seen.append(String(try reader.skip().count))
                default: seen.append(try reader.choice(of: Level.self).rawValue)
                }
            }
            try reader.finish()
            return seen
        }
        #expect(seen == ["r-1", "3", "true", "1.5", "true", "9", "high"])
    }

    @Test func aSecretIsDecodedIntoItsOwnMemory() throws {
        let matches = try withReader(#"{"pin":"1\u0032\"3\ud83d\ude00"}"#) {
            (reader) throws(JSONError) in
            try reader.beginObject()
            var pin: Secret?
            while try reader.nextKey() != nil { pin = try reader.secret(maxLength: 16) }
            return pin?.withBytes { $0.elementsEqual("12\"3😀".utf8) }
        }
        #expect(matches == true)
    }

    @Test func aSecretMayBeEmpty() throws {
        let count = try withReader(#""""#) { (reader) throws(JSONError) in
            try reader.secret(maxLength: 16).count
        }
        #expect(count == 0)
    }

    @Test(arguments: [
        ("pim", #"line 1, column 9: a.pim: unknown key; did you mean "pin"?"#),
        ("raeders", #"line 1, column 9: a.raeders: unknown key; did you mean "readers"?"#),
        ("Pin", #"line 1, column 9: a.Pin: unknown key; did you mean "pin"?"#),
        ("colour", "line 1, column 9: a.colour: unknown key"),
        ("x", "line 1, column 9: a.x: unknown key"),
    ])
    func anUnknownKeyIsNamedAndTheNearestKnownOneToo(_ key: String, _ description: String) {
        let found = error { () throws(JSONError) in
            try withReader("{ \"a\": {\"\(key)\": 1}}") { (reader) throws(JSONError) in
                try reader.beginObject()
                _ = try reader.nextKey()
                try reader.beginObject()
                while let key = try reader.nextKey() {
                    throw reader.unknownKey(key, known: ["pin", "readers", "name"])
                }
            }
        }
        #expect(found?.description == description)
    }

    @Test func aMissingKeyIsNamedWithItsPath() throws {
        let found = try withReader(#"{"readers":[{"a":1}]}"#) { (reader) throws(JSONError) in
            try reader.beginObject()
            _ = try reader.nextKey()
            try reader.beginArray()
            _ = try reader.nextElement()
            try reader.beginObject()
            while try reader.nextKey() != nil { try reader.skip() }
            return reader.missingKey("name")
        }
        #expect(found.description == "line 1, column 19: readers[0].name: this key is missing")
        #expect(found.code == .missingKey("name"))
    }

    @Test func aWrongMeaningIsReportedAtTheValue() throws {
        let found = try withReader("{\n \"port\": 70000 }") { (reader) throws(JSONError) in
            try reader.beginObject()
            _ = try reader.nextKey()
            _ = try reader.integer()
            return reader.invalid("no such port")
        }
        #expect(found.description == "line 2, column 10: port: no such port")
    }
}
