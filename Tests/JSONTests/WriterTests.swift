import Secrets
import Testing

@testable import JSON

private func written(
    limit: Int = .max, _ body: (inout JSONWriter<JSONBytes>) -> Void
) throws(JSONWriteError) -> String {
    var writer = JSONWriter(into: JSONBytes(limit: limit))
    body(&writer)
    return String(decoding: try writer.finish().bytes, as: UTF8.self)
}

private func secret(_ bytes: [UInt8]) throws(SecretError) -> Secret {
    var buffer = try LockedBuffer(capacity: bytes.count)
    for byte in bytes { _ = buffer.append(byte) }
    return try Secret(buffer)
}

@Suite struct WriterTests {
    static let values: [(JSONValue, String)] = [
        (.null, "null"), (true, "true"), (false, "false"), (0, "0"), (-7, "-7"),
        (.integer(.min), "-9223372036854775808"), (.number(0.1), "0.1"), (.number(1e300), "1e+300"),
        (.number(3), "3.0"), ("", "\"\""), ("Sở", "\"Sở\""),
        ("\"\\/\u{8}\u{C}\n\r\t\u{0}\u{1F}\u{7F}", #""\"\\/\b\f\n\r\t\u0000\u001f"# + "\u{7F}\""),
        ([], "[]"), ([[], [1, nil]], "[[],[1,null]]"), ([:], "{}"),
        (["b": 1, "a": ["c": [true]]], #"{"b":1,"a":{"c":[true]}}"#),
    ]

    @Test(arguments: values)
    func valuesAreWrittenCompact(_ value: JSONValue, _ text: String) throws {
        #expect(try written { $0.value(value) } == text)
        #expect(try read(text) == value)
    }

    @Test func membersKeepTheOrderOfTheCallsAndNilWritesNothing() throws {
        let none: String? = nil
        let text = try written {
            $0.object {
                $0.member("z", "1")
                $0.member("none", none)
                $0.member("a", Int64(-1))
                $0.member("m", 2)
                $0.member("on", true)
                $0.member("list", ["x", "y"])
                $0.object("in") { $0.member("r", 0.5) }
                $0.array("all") {
                    $0.integer(1)
                    $0.object { _ in }
                }
                $0.member("value", .null)
            }
        }
        #expect(
            text
                == #"{"z":"1","a":-1,"m":2,"on":true,"list":["x","y"],"in":{"r":0.5},"all":[1,{}],"value":null}"#
        )
    }

    @Test func aSecretGoesIntoALockedSinkEscaped() throws {
        var writer = JSONWriter(into: try LockedBuffer(capacity: 64))
        let pin = try secret(Array("1\"2\\3\u{1}ở".utf8))
        writer.object { $0.member("pin", pin) }
        let same = try writer.finish().withBytes {
            $0.elementsEqual(#"{"pin":"1\"2\\3\u0001ở"}"#.utf8)
        }
        #expect(same)
    }

    @Test func aSecretThatIsNoTextIsRefused() throws {
        let raw = try secret([0x31, 0xFF])
        #expect(throws: JSONWriteError.notUTF8) { _ = try written { $0.secret(raw) } }
    }

    @Test(arguments: 0..<22)
    func aFullSinkIsReportedAtTheEnd(_ limit: Int) throws {
        func body(_ writer: inout JSONWriter<JSONBytes>) {
            writer.object {
                $0.member("name", "a\"b")
                $0.member("n", 12)
            }
        }
        #expect(try written(limit: 22, body) == #"{"name":"a\"b","n":12}"#)
        #expect(throws: JSONWriteError.full) { _ = try written(limit: limit, body) }
    }

    static let misuses: [@Sendable (inout JSONWriter<JSONBytes>) -> Void] = [
        { _ in }, { $0.beginObject() }, { $0.endObject() }, { $0.endArray() }, { $0.key("a") },
        {
            $0.integer(1)
            $0.integer(2)
        },
        {
            $0.beginArray()
            $0.endObject()
        },
        { $0.object { $0.integer(1) } }, { $0.object { $0.key("a") } },
        {
            $0.object {
                $0.key("a")
                $0.key("b")
                $0.integer(1)
            }
        },
    ]

    @Test(arguments: misuses.indices)
    func aMisuseIsReportedAtTheEnd(_ index: Int) {
        #expect(throws: JSONWriteError.outOfTurn) { _ = try written(Self.misuses[index]) }
    }

    @Test(arguments: [Double.infinity, -.infinity, .nan])
    func whatJSONCannotWriteIsRefused(_ value: Double) {
        #expect(throws: JSONWriteError.notFinite) { _ = try written { $0.number(value) } }
    }
}
