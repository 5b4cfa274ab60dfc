import JSON
import StationInterface

extension JSONValue {
    /// An object whose members `write` writes.
    init(_ write: (inout JSONWriter<JSONBytes>) -> Void) {
        var writer = JSONWriter(into: JSONBytes())
        writer.object(write)
        let bytes = (try? writer.finish().bytes) ?? []
        self = bytes.withUnsafeBytes { raw in
            var reader = JSONReader(raw)
            return (try? reader.value()) ?? .null
        }
    }

    /// A message as it goes over the socket.
    init<Message: StationMessage>(_ message: Message) {
        self.init { message.write(into: &$0) }
    }

    /// A request's parameters; not for those that carry codes.
    init<Request: StationRequest>(parametersOf request: Request) {
        self.init { request.write(into: &$0) }
    }

    /// On one line, with blanks as people write them.
    var spaced: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .string(let value): JSONValue.quoted(value)
        case .array(let elements):
            "[" + elements.map(\.spaced).joined(separator: ", ") + "]"
        case .object(let members):
            "{" + members.map { JSONValue.quoted($0.0) + ": " + $0.1.spaced }
                .joined(separator: ", ") + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var writer = JSONWriter(into: JSONBytes())
        writer.string(text)
        let bytes = (try? writer.finish().bytes) ?? []
        return String(decoding: bytes, as: UTF8.self)
    }

    /// On as many lines as it takes to stay within `width` columns.
    func folded(width: Int, indent: Int = 0, lead: String = "", end: String = "") -> [String] {
        let margin = blanks(indent)
        let short = margin + lead + spaced + end
        if short.count <= width { return [short] }
        switch self {
        case .array(let elements) where !elements.isEmpty:
            var lines = [margin + lead + "["]
            for (i, element) in elements.enumerated() {
                lines += element.folded(
                    width: width, indent: indent + 2, end: i + 1 < elements.count ? "," : "")
            }
            return lines + [margin + "]" + end]
        case .object(let members) where !members.isEmpty:
            var lines = [margin + lead + "{"]
            for (i, member) in members.enumerated() {
                lines += member.1.folded(
                    width: width, indent: indent + 2, lead: JSONValue.quoted(member.0) + ": ",
                    end: i + 1 < members.count ? "," : "")
            }
            return lines + [margin + "}" + end]
        default: return [short]
        }
    }
}
