import Secrets

/// Where a writer puts its bytes. Both calls add all or nothing, and say false when full.
@usableFromInline package protocol JSONSink: ~Copyable {
    mutating func append(_ byte: UInt8) -> Bool
    mutating func append(contentsOf bytes: UnsafeRawBufferPointer) -> Bool
}

extension LockedBuffer: JSONSink {}

/// A sink of ordinary memory, up to a stated number of bytes. Not for codes.
@usableFromInline package struct JSONBytes: JSONSink, Sendable {
    @usableFromInline package internal(set) var bytes: [UInt8] = []
    @usableFromInline let limit: Int

    @inlinable package init(limit: Int = Int.max) { self.limit = limit }

    @inlinable package mutating func append(_ byte: UInt8) -> Bool {
        guard bytes.count < limit else { return false }
        bytes.append(byte)
        return true
    }

    @inlinable package mutating func append(contentsOf more: UnsafeRawBufferPointer) -> Bool {
        guard more.count <= limit - bytes.count else { return false }
        bytes.append(contentsOf: more)
        return true
    }
}

/// Why a document could not be written.
@usableFromInline package enum JSONWriteError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The sink took no more.
    case full
    /// Infinity or not-a-number, which JSON cannot write.
    case notFinite
    /// A secret that is not UTF-8, which JSON cannot write.
    case notUTF8
    /// A value without its key, a key without its value, an end without a beginning, two
    /// values at the top, or none: a defect of the program.
    case outOfTurn

    @usableFromInline package var description: String {
        switch self {
        case .full: "no room for the document"
        case .notFinite: "JSON has no infinity and no not-a-number"
        case .notUTF8: "a secret is not UTF-8"
        case .outOfTurn: "written out of turn (a defect of this program)"
        }
    }
}

/// Writes one compact JSON document (RFC 8259) into a sink, members in the order of the calls.
///
/// The first thing that goes wrong is kept and thrown by `finish`; nothing is written after it.
///
/// What the journal writes each line with is inlinable, so that it is compiled for the journal's
/// own sink there and not called through a table of witnesses.
@usableFromInline package struct JSONWriter<Sink: JSONSink & ~Copyable>: ~Copyable {
    @usableFromInline enum Place {
        case top
        case done
        case array(isFirst: Bool)
        case object(isFirst: Bool)
        case afterKey
    }

    @usableFromInline var sink: Sink
    @usableFromInline var place = Place.top
    @usableFromInline var outer: [Place] = []
    /// What went wrong first, if anything did.
    @usableFromInline package internal(set) var failure: JSONWriteError?

    @inlinable package init(into sink: consuming Sink) {
        self.sink = sink
    }

    /// The sink with the whole document in it.
    ///
    /// - Throws: what went wrong first. The sink is then gone, and wiped if it was locked.
    @inlinable package consuming func finish() throws(JSONWriteError) -> Sink {
        if let failure { throw failure }
        guard case .done = place else { throw .outOfTurn }
        return sink
    }

    // MARK: Objects and arrays

    @inlinable package mutating func beginObject() {
        beginValue()
        put(.openBrace)
        outer.append(place)
        place = .object(isFirst: true)
    }

    @inlinable package mutating func endObject() {
        guard case .object = place else { return fail(.outOfTurn) }
        end(.closeBrace)
    }

    @inlinable package mutating func beginArray() {
        beginValue()
        put(.openBracket)
        outer.append(place)
        place = .array(isFirst: true)
    }

    @inlinable package mutating func endArray() {
        guard case .array = place else { return fail(.outOfTurn) }
        end(.closeBracket)
    }

    /// The key of the value that is written next.
    @inlinable package mutating func key(_ name: String) {
        guard case .object(let isFirst) = place else { return fail(.outOfTurn) }
        if !isFirst { put(.comma) }
        putString(name)
        put(.colon)
        place = .afterKey
    }

    // MARK: Values

    @inlinable package mutating func null() { word("null") }

    @inlinable package mutating func boolean(_ value: Bool) { word(value ? "true" : "false") }

    @inlinable package mutating func integer(_ value: Int64) { word(String(value)) }

    /// The shortest text that reads back as the same Double.
    package mutating func number(_ value: Double) {
        guard value.isFinite else { return fail(.notFinite) }
        word(value.description)
    }

    @inlinable package mutating func string(_ value: String) {
        beginValue()
        putString(value)
        endValue()
    }

    /// A secret as a string, from its locked memory straight into the sink.
    package mutating func secret(_ value: borrowing Secret) {
        beginValue()
        value.withBytes { bytes in
            var at = 0
            while at < bytes.count {
                let length = utf8Length(bytes, at: at)
                guard length > 0 else { return fail(.notUTF8) }
                at += length
            }
            putEscaped(bytes)
        }
        endValue()
    }

    package mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let value): boolean(value)
        case .integer(let value): integer(value)
        case .number(let value): number(value)
        case .string(let value): string(value)
        case .array(let elements):
            beginArray()
            for element in elements { self.value(element) }
            endArray()
        case .object(let members):
            beginObject()
            for (name, value) in members { member(name, value) }
            endObject()
        }
    }

    // MARK: Inside

    @inlinable mutating func beginValue() {
        switch place {
        case .top, .afterKey: break
        case .array(let isFirst): if !isFirst { put(.comma) }
        case .done, .object: fail(.outOfTurn)
        }
    }

    /// After a value the enclosing object or array goes on, or the document is done.
    @inlinable mutating func endValue() {
        switch place {
        case .top, .done: place = .done
        case .array: place = .array(isFirst: false)
        case .afterKey, .object: place = .object(isFirst: false)
        }
    }

    @inlinable mutating func end(_ bracket: UInt8) {
        put(bracket)
        place = outer.popLast() ?? .done
        endValue()
    }

    @inlinable mutating func fail(_ error: JSONWriteError) {
        if failure == nil { failure = error }
    }

    @inlinable mutating func put(_ byte: UInt8) {
        guard failure == nil else { return }
        if !sink.append(byte) { failure = .full }
    }

    @inlinable mutating func put(_ bytes: UnsafeRawBufferPointer) {
        guard failure == nil else { return }
        if !sink.append(contentsOf: bytes) { failure = .full }
    }

    @inlinable mutating func word(_ text: String) {
        beginValue()
        var text = text
        text.withUTF8 { put(UnsafeRawBufferPointer($0)) }
        endValue()
    }

    @inlinable mutating func putString(_ text: String) {
        var text = text
        text.withUTF8 { putEscaped(UnsafeRawBufferPointer($0)) }
    }

    /// Quotes `bytes`: runs that need no escape go over whole.
    @inlinable mutating func putEscaped(_ bytes: UnsafeRawBufferPointer) {
        put(.quote)
        var start = 0
        for i in 0..<bytes.count {
            let byte = bytes[i]
            guard byte < 0x20 || byte == .quote || byte == .backslash else { continue }
            put(UnsafeRawBufferPointer(rebasing: bytes[start..<i]))
            start = i + 1
            put(.backslash)
            switch byte {
            case .quote, .backslash: put(byte)
            case 0x08: put(UInt8(ascii: "b"))
            case 0x09: put(UInt8(ascii: "t"))
            case 0x0A: put(UInt8(ascii: "n"))
            case 0x0C: put(UInt8(ascii: "f"))
            case 0x0D: put(UInt8(ascii: "r"))
            default:
                put(UInt8(ascii: "u"))
                put(UInt8(ascii: "0"))
                put(UInt8(ascii: "0"))
                put(UInt8(ascii: "0") + (byte >> 4))
                put(byte & 0x0F < 10 ? 0x30 + (byte & 0x0F) : 0x61 - 10 + (byte & 0x0F))
            }
        }
        put(UnsafeRawBufferPointer(rebasing: bytes[start...]))
        put(.quote)
    }
}
