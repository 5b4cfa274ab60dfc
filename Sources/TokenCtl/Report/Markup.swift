import Paperwork

/// HTML being written: names and attributes of ours as they are, text so that it stays text.
struct Markup {
    private(set) var bytes: [UInt8] = []

    typealias Attributes = [(name: StaticString, value: String)]

    var text: String { String(decoding: bytes, as: UTF8.self) }

    mutating func raw(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    mutating func add(_ other: Markup) { bytes += other.bytes }

    mutating func open(_ name: StaticString, _ attributes: Attributes = []) {
        tag(name, attributes, ">")
    }

    mutating func close(_ name: StaticString) {
        raw("</")
        raw(name)
        raw(">")
    }

    /// An element of SVG without contents.
    mutating func empty(_ name: StaticString, _ attributes: Attributes) {
        tag(name, attributes, "/>")
    }

    mutating func element(
        _ name: StaticString, _ text: String, _ attributes: Attributes = []
    ) {
        open(name, attributes)
        escape(text, into: &bytes)
        close(name)
    }

    private mutating func tag(
        _ name: StaticString, _ attributes: Attributes, _ end: StaticString
    ) {
        raw("<")
        raw(name)
        for (name, value) in attributes {
            raw(" ")
            raw(name)
            raw("=\"")
            escape(value, into: &bytes)
            raw("\"")
        }
        raw(end)
    }
}
