import Secrets

// Members in one call each; a nil writes nothing.
extension JSONWriter where Sink: ~Copyable {
    @inlinable package mutating func member(_ name: String, _ value: String?) {
        guard let value else { return }
        key(name)
        string(value)
    }

    @inlinable package mutating func member(_ name: String, _ value: Int64?) {
        guard let value else { return }
        key(name)
        integer(value)
    }

    @inlinable package mutating func member(_ name: String, _ value: Int?) {
        guard let value else { return }
        key(name)
        integer(Int64(value))
    }

    package mutating func member(_ name: String, _ value: Double?) {
        guard let value else { return }
        key(name)
        number(value)
    }

    @inlinable package mutating func member(_ name: String, _ value: Bool?) {
        guard let value else { return }
        key(name)
        boolean(value)
    }

    @inlinable package mutating func member(_ name: String, _ value: [String]?) {
        guard let value else { return }
        key(name)
        beginArray()
        for element in value { string(element) }
        endArray()
    }

    package mutating func member(_ name: String, _ value: JSONValue?) {
        guard let value else { return }
        key(name)
        self.value(value)
    }

    package mutating func member(_ name: String, _ value: borrowing Secret) {
        key(name)
        secret(value)
    }

    /// A member that is an object; `body` writes what is in it.
    @inlinable package mutating func object<E: Error>(
        _ name: String, _ body: (inout JSONWriter) throws(E) -> Void
    ) throws(E) {
        key(name)
        try object(body)
    }

    /// An object; `body` writes what is in it.
    @inlinable package mutating func object<E: Error>(
        _ body: (inout JSONWriter) throws(E) -> Void
    ) throws(E) {
        beginObject()
        try body(&self)
        endObject()
    }

    /// A member that is an array; `body` writes its elements.
    @inlinable package mutating func array<E: Error>(
        _ name: String, _ body: (inout JSONWriter) throws(E) -> Void
    ) throws(E) {
        key(name)
        beginArray()
        try body(&self)
        endArray()
    }
}
