import JSON
import StationInterface
import Testing
import Varlink

/// The messages against the texts that describe them to everybody else.
@Suite struct MessageTests {
    @Test func everyInterfaceTextIsVarlink() throws {
        for (name, text) in Interfaces.texts {
            let interface = try Description(parsing: text)
            #expect(interface.name == name)
            #expect(!interface.comment.isEmpty, "\(name)")
        }
    }

    /// Errors need a sentence each: nobody calls for them by name.
    @Test func everyErrorIsExplained() throws {
        for interface in try Interfaces.all().values {
            for error in interface.errors {
                #expect(!error.comment.isEmpty, "\(interface.name).\(error.name)")
                guard case .error(let fields) = error.kind else { continue }
                #expect(fields.suffix(2).map(\.name) == ["message", "next"], "\(error.name)")
            }
        }
    }

    /// Other programs have words of their own for what is looked at, as the counter has.
    @Test(arguments: Station.Finding.Check.allCases)
    func everyCheckIsNamedToThem(_ check: Station.Finding.Check) throws {
        let (_, finding) = try Interfaces.member("Maintenance.Finding")
        let name = check.rawValue + (check.hasSubject ? " NAME" : "")
        let text = finding.comment.joined(separator: " ")
        let list = try #require(text.split(separator: "one of ").last)
        let named = list.split(whereSeparator: { ",.".contains($0) }).map { one in
            one.split(separator: " ").joined(separator: " ")
        }
        #expect(named.contains(name), "\(named)")
    }

    /// Interfaces cannot share types, so each has its own copy of what it needs.
    @Test func aTypeIsTheSameWhereverItStands() throws {
        var seen: [String: (String, String)] = [:]
        for interface in try Interfaces.all().values {
            for type in interface.types {
                guard case .type(let expression) = type.kind else { continue }
                let text = expression.description
                if let (other, before) = seen[type.name] {
                    #expect(before == text, "\(type.name) in \(other) and \(interface.name)")
                }
                seen[type.name] = (interface.name, text)
            }
        }
    }

    @Test func everyTypeAndReplyHasASample() throws {
        let places = Set(try MessageSample.all().map(\.place))
        for interface in try Interfaces.all().values {
            for member in interface.types + interface.methods {
                let place = interface.name.dropFirst("vn.tokenstation.".count) + "." + member.name
                #expect(places.contains(String(place)), "\(place)")
            }
        }
    }

    private static func fields(_ place: String) throws -> (Conformance, [Description.Field]) {
        let (interface, member) = try Interfaces.member(place)
        switch member.kind {
        case .method(_, let reply): return (Conformance(interface: interface), reply)
        case .type(.structure(let fields)): return (Conformance(interface: interface), fields)
        default:
            Issue.record("\(place) is no structure")
            return (Conformance(interface: interface), [])
        }
    }

    @Test func whatIsWrittenIsWhatTheInterfacePromises() throws {
        for sample in try MessageSample.all() {
            let (conformance, fields) = try Self.fields(sample.place)
            let isOne = sample.full == sample.bare
            #expect(
                conformance.check(sample.full, fields, isFull: !isOne) == [], "\(sample.place)")
            #expect(
                conformance.check(sample.bare, fields, isBare: !isOne) == [], "\(sample.place)")
        }
    }

    @Test func whatIsWrittenIsReadBackTheSame() throws {
        for sample in try MessageSample.all() {
            #expect(sample.isKept, "\(sample.place)")
            #expect(try sample.reread(sample.full) == sample.full)
            #expect(try sample.reread(sample.bare) == sample.bare)
        }
    }

    @Test func aReplyMustHaveItsFieldsAndMayHaveItsOptionalOnes() throws {
        for sample in try MessageSample.all() {
            let (_, fields) = try Self.fields(sample.place)
            for field in fields {
                guard sample.full.names.contains(field.name) else { continue }
                let without = sample.full.replacing(field.name, by: nil)
                let null = sample.full.replacing(field.name, by: .null)
                let other = sample.full.replacing(field.name, by: ["x": 1])
                if case .optional = field.type {
                    #expect(try sample.reread(without) == without, "\(sample.place) \(field.name)")
                    #expect(try sample.reread(null) == without, "\(sample.place) \(field.name)")
                } else {
                    for bad in [without, null] {
                        #expect(throws: FieldError.self, "\(sample.place) \(field.name)") {
                            try sample.reread(bad)
                        }
                    }
                }
                // What has no member that must be there takes any object.
                let type = field.type.description
                if type.contains("Counter") || type.contains("Contact") { continue }
                #expect(throws: FieldError.self, "\(sample.place) \(field.name)") {
                    try sample.reread(other)
                }
            }
        }
    }

    @Test func everyWordOfAnEnumerationIsRead() throws {
        for sample in try MessageSample.all() {
            let (conformance, fields) = try Self.fields(sample.place)
            for (path, names) in conformance.enumerations(fields) {
                for name in names {
                    let value = sample.full.replacing(path[...], by: .string(name))
                    #expect(
                        try sample.reread(value) == value, "\(sample.place) \(path) \(name)")
                }
            }
        }
    }

    @Test(arguments: [
        (1...1, 1, 1, 1, 1), (1...2, 1, 2, 2, 2), (1...100, 50, 90, 99, 100),
        (1...1000, 500, 900, 990, 1000), (1...3, 2, 3, 3, 3),
    ])
    func percentilesAreTimesThatWereMeasured(
        _ times: ClosedRange<Int>, _ p50: Int, _ p90: Int, _ p99: Int, _ max: Int
    ) {
        var shuffled = times.reversed().map { $0 }
        let latency = Station.Latency(of: shuffled.removeFirst(), shuffled)
        #expect(latency.count == times.count)
        #expect([latency.p50, latency.p90, latency.p99, latency.max] == [p50, p90, p99, max])
    }

    @Test func aFieldErrorNamesThePlace() throws {
        let page: JSONValue = ["readers": [["name": "a", "path": "pcsc", "state": "busy", "insertion": "1", "holders": []]]]
        do throws(FieldError) {
            _ = try Station.Readers(Fields(page))
            Issue.record("read")
        } catch {
            #expect(error.field == "readers[0].insertion")
        }
    }
}
