import JSON
import Secrets
import StationInterface
import Testing
import Varlink

typealias Description = InterfaceDescription

/// The station's interfaces as their own texts describe them.
enum Interfaces {
    static let texts: [(name: String, text: String)] = [
        (CasesInterface.name, CasesInterface.description),
        (DevicesInterface.name, DevicesInterface.description),
        (JournalInterface.name, JournalInterface.description),
        (KeyCheckInterface.name, KeyCheckInterface.description),
        (MaintenanceInterface.name, MaintenanceInterface.description),
        (OfficersInterface.name, OfficersInterface.description),
        (RestoreInterface.name, RestoreInterface.description),
    ]

    static func all() throws -> [String: Description] {
        var all: [String: Description] = [:]
        for (name, text) in texts { all[name] = try Description(parsing: text) }
        return all
    }

    /// The interface `vn.tokenstation.<name>` and its member.
    static func member(_ path: String) throws -> (Description, Description.Member) {
        let parts = path.split(separator: ".")
        let name = parts.dropLast().joined(separator: ".")
        let interface = try #require(try all()["vn.tokenstation." + name], "\(path)")
        let member = try #require(
            interface.members.first { $0.name == parts.last.map(String.init) }, "\(path)")
        return (interface, member)
    }
}

/// How a value that was written departs from what its interface promises; empty when it does
/// not.
struct Conformance {
    let interface: Description

    func check(
        _ value: JSONValue, _ fields: [Description.Field], _ path: String = "",
        isBare: Bool = false, isFull: Bool = false
    ) -> [String] {
        guard case .object(let members) = value else { return ["\(path) is no object"] }
        var found: [String] = []
        let promised = Set(fields.map(\.name))
        for (name, _) in members where !promised.contains(name) {
            found.append("\(path).\(name) is not promised")
        }
        if Set(members.map(\.0)).count != members.count { found.append("\(path): a member twice") }
        for field in fields {
            let place = path + "." + field.name
            switch (members.first { $0.0 == field.name }?.1, field.type) {
            case (nil, .optional):
                if isFull { found.append("\(place) is left out of a full value") }
            case (nil, _): found.append("\(place) is missing")
            case (.some(let member), .optional(let type)):
                if isBare { found.append("\(place) stands in a bare value") }
                found += check(member, type, place)
            case (.some(let member), let type): found += check(member, type, place)
            }
        }
        return found
    }

    private func check(
        _ value: JSONValue, _ type: Description.TypeExpression, _ place: String
    ) -> [String] {
        switch (type, value) {
        case (.bool, .bool), (.int, .integer), (.string, .string), (.float, .number): return []
        case (.enumeration(let names), .string(let text)):
            return names.contains(text) ? [] : ["\(place): \"\(text)\" is not one of \(names)"]
        case (.optional(let inner), _): return check(value, inner, place)
        case (.array(let inner), .array(let elements)):
            return elements.enumerated().flatMap { check($1, inner, "\(place)[\($0)]") }
        case (.structure(let fields), _): return check(value, fields, place)
        case (.named(let name), _):
            guard case .type(let inner)? = interface.members.first(where: { $0.name == name })?.kind
            else { return ["\(place): no type \(name)"] }
            return check(value, inner, place)
        default: return ["\(place) is no \(type)"]
        }
    }

    /// Every enumeration a value of these fields may hold, by its path of member names.
    func enumerations(_ fields: [Description.Field]) -> [(path: [String], names: [String])] {
        fields.flatMap { field in
            enumerations(field.type).map { ([field.name] + $0.path, $0.names) }
        }
    }

    private func enumerations(
        _ type: Description.TypeExpression
    ) -> [(path: [String], names: [String])] {
        switch type {
        case .enumeration(let names): return [([], names)]
        case .optional(let inner), .array(let inner): return enumerations(inner)
        case .structure(let fields): return enumerations(fields)
        case .named(let name):
            guard case .type(let inner)? = interface.members.first(where: { $0.name == name })?.kind
            else { return [] }
            return enumerations(inner)
        default: return []
        }
    }
}

extension JSONValue {
    /// Names of an object's members.
    var names: [String] {
        guard case .object(let members) = self else { return [] }
        return members.map(\.0)
    }

    /// The same with one member changed (nil: left out), in every element of an array on the way.
    func replacing(_ path: ArraySlice<String>, by new: JSONValue?) -> JSONValue {
        if case .array(let elements) = self {
            return .array(elements.map { $0.replacing(path, by: new) })
        }
        guard case .object(let members) = self, let first = path.first else { return new ?? self }
        return .object(
            members.compactMap { name, value in
                guard name == first else { return (name, value) }
                if path.count > 1 { return (name, value.replacing(path.dropFirst(), by: new)) }
                if case .array(let elements) = value, let new, case .string = new {
                    return (name, .array(elements.map { _ in new }))
                }
                return new.map { (name, $0) }
            })
    }

    func replacing(_ name: String, by new: JSONValue?) -> JSONValue {
        replacing([name][...], by: new)
    }

    var text: [UInt8] {
        var writer = JSONWriter(into: JSONBytes())
        writer.value(self)
        return (try? writer.finish().bytes) ?? []
    }
}

/// The members that `write` writes, as an object.
func written(
    _ write: (inout JSONWriter<JSONBytes>) -> Void
) throws -> JSONValue {
    var writer = JSONWriter(into: JSONBytes())
    writer.object { write(&$0) }
    let bytes = try writer.finish().bytes
    return try parsed(bytes)
}

func parsed(_ bytes: [UInt8]) throws -> JSONValue {
    try bytes.withUnsafeBytes { raw in
        var reader = JSONReader(raw)
        return try reader.value()
    }
}

func secret(_ text: String) throws -> Secret {
    var buffer = try LockedBuffer(capacity: text.utf8.count)
    Array(text.utf8).withUnsafeBytes { _ = buffer.append(contentsOf: $0) }
    return try Secret(buffer)
}
