import JSON
import Secrets

/// Everything that crosses the socket, under one name.
package enum Station {
    /// The socket an office instance listens on.
    package static let defaultSocket = "/run/token-station/agent.sock"
}

/// What one side writes and the other reads back: an object of named members.
package protocol StationMessage: Sendable {
    /// Writes the members; the caller has begun the object.
    func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>)
    init(_ fields: Fields) throws(FieldError)
}

/// A method's parameters, written by the client and read by the station.
///
/// A request with codes owns them: once it is sent, or the call is over, they are wiped.
package protocol StationRequest: ~Copyable {
    associatedtype Reply: StationMessage
    /// The method's full name.
    static var method: String { get }
    /// Reads the parameters, from the opening to the closing brace.
    init(reading reader: inout JSONReader) throws(JSONError)
    /// Writes the members; the caller has begun the object.
    borrowing func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>)
}

/// A request without parameters.
package protocol BareRequest: StationRequest {
    init()
}

extension BareRequest {
    package init(reading reader: inout JSONReader) throws(JSONError) {
        try reader.parameters([]) { _, _ throws(JSONError) in }
        self.init()
    }
    package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {}
}

/// A reply that lacks a field, or has it of another kind.
package struct FieldError: Error, Equatable, Sendable, CustomStringConvertible {
    package let field: String
    package var description: String { "the reply's field \(field) is missing or of another kind" }
}

/// The members of an object that was read, asked for by name and kind.
package struct Fields: Sendable {
    private let value: JSONValue
    private let path: String

    package init(_ value: JSONValue, path: String = "") {
        self.value = value
        self.path = path
    }

    private func place(_ name: String) -> String { path.isEmpty ? name : path + "." + name }

    /// The member, where it is there and not null.
    package func present(_ name: String) -> JSONValue? {
        guard let member = value[name], member != .null else { return nil }
        return member
    }

    package func string(_ name: String) throws(FieldError) -> String {
        guard let text = value[name]?.string else { throw FieldError(field: place(name)) }
        return text
    }

    package func integer(_ name: String) throws(FieldError) -> Int {
        guard let number = value[name]?.integer else { throw FieldError(field: place(name)) }
        return Int(number)
    }

    package func boolean(_ name: String) throws(FieldError) -> Bool {
        guard let truth = value[name]?.bool else { throw FieldError(field: place(name)) }
        return truth
    }

    package func choice<T: RawRepresentable<String>>(
        _ name: String, of type: T.Type = T.self
    ) throws(FieldError) -> T {
        guard let choice = T(rawValue: try string(name)) else {
            throw FieldError(field: place(name))
        }
        return choice
    }

    package func strings(_ name: String) throws(FieldError) -> [String] {
        guard let elements = value[name]?.array else { throw FieldError(field: place(name)) }
        var strings: [String] = []
        for element in elements {
            guard let text = element.string else { throw FieldError(field: place(name)) }
            strings.append(text)
        }
        return strings
    }

    package func integers(_ name: String) throws(FieldError) -> [Int] {
        guard let elements = value[name]?.array else { throw FieldError(field: place(name)) }
        var integers: [Int] = []
        for element in elements {
            guard let number = element.integer else { throw FieldError(field: place(name)) }
            integers.append(Int(number))
        }
        return integers
    }

    package func message<M: StationMessage>(
        _ name: String, _ type: M.Type = M.self
    ) throws(FieldError) -> M {
        guard let member = present(name), case .object = member else {
            throw FieldError(field: place(name))
        }
        return try M(Fields(member, path: place(name)))
    }

    package func messages<M: StationMessage>(
        _ name: String, _ type: M.Type = M.self
    ) throws(FieldError) -> [M] {
        guard let elements = value[name]?.array else { throw FieldError(field: place(name)) }
        var messages: [M] = []
        for (i, element) in elements.enumerated() {
            messages.append(try M(Fields(element, path: place(name) + "[\(i)]")))
        }
        return messages
    }

    package func optionalString(_ name: String) throws(FieldError) -> String? {
        present(name) == nil ? nil : try string(name)
    }

    package func optionalInteger(_ name: String) throws(FieldError) -> Int? {
        present(name) == nil ? nil : try integer(name)
    }

    package func optionalBoolean(_ name: String) throws(FieldError) -> Bool? {
        present(name) == nil ? nil : try boolean(name)
    }

    package func optionalMessage<M: StationMessage>(
        _ name: String, _ type: M.Type = M.self
    ) throws(FieldError) -> M? {
        present(name) == nil ? nil : try message(name)
    }
}

extension JSONWriter where Sink: ~Copyable {
    /// A member that is one of our messages; left out where there is none.
    package mutating func message<M: StationMessage>(_ name: String, _ message: M?) {
        guard let message else { return }
        key(name)
        beginObject()
        message.write(into: &self)
        endObject()
    }

    /// A member that is a code.
    @inline(never)
    package mutating func code(_ name: String, _ code: HeldSecret) { member(name, code.secret) }

    package mutating func messages<M: StationMessage>(_ name: String, _ messages: [M]) {
        key(name)
        beginArray()
        for message in messages {
            beginObject()
            message.write(into: &self)
            endObject()
        }
        endArray()
    }
}

extension JSONReader {
    /// Reads an object of parameters: `body` takes the value of each known key and says whether
    /// it knew it. Every key but those in `optional` must be there.
    mutating func parameters(
        _ known: [String], optional: Set<String> = [],
        _ body: (String, inout JSONReader) throws(JSONError) -> Void
    ) throws(JSONError) {
        var missing = known.filter { !optional.contains($0) }
        try beginObject()
        while let key = try nextKey() {
            guard known.contains(key) else { throw unknownKey(key, known: known) }
            if optional.contains(key), try nullIfNext() { continue }
            try body(key, &self)
            missing.removeAll { $0 == key }
        }
        if let first = missing.first { throw missingKey(first) }
    }

    /// An array of short names.
    mutating func names(atMost limit: Int) throws(JSONError) -> [String] {
        var names: [String] = []
        try beginArray()
        while try nextElement() {
            guard names.count < limit else { throw invalid("more than \(limit) names") }
            names.append(try string(maxLength: 64))
        }
        return names
    }

    /// Parameters of one string.
    mutating func oneString(_ name: String) throws(JSONError) -> String {
        var text = ""
        try parameters([name]) { _, value throws(JSONError) in
            text = try value.string(maxLength: 256)
        }
        return text
    }
}
