import Varlink

/// One interface: its methods, types and errors, with the comments of its text.
enum SocketReference {
    static func lines(_ interface: InterfaceDescription) -> [String] {
        var lines = ["### \(interface.name)", ""]
        lines += paragraph(interface.comment)
        for method in interface.methods {
            let name = interface.name + "." + method.name
            lines += ["#### \(SocketAccess.short(name))", ""]
            lines += paragraph(method.comment)
            lines += ["```varlink"] + declaration(method) + ["```", ""]
            let roles = SocketAccess.roles(of: name).map(\.rawValue)
            lines += ["For: \(roles.joined(separator: ", ")).", ""]
        }
        lines += members("Types", interface.types)
        lines += members("Errors", interface.errors)
        return lines
    }

    private static func members(
        _ title: String, _ members: [InterfaceDescription.Member]
    ) -> [String] {
        guard !members.isEmpty else { return [] }
        var lines = ["#### \(title)", ""]
        for member in members {
            lines += ["**`\(member.name)`**" + (member.comment.isEmpty ? "" : "  ")]
            lines += paragraph(member.comment, endsInBlank: false)
            lines += ["", "```varlink"] + declaration(member) + ["```", ""]
        }
        return lines
    }

    private static func paragraph(_ comment: [String], endsInBlank: Bool = true) -> [String] {
        comment.map(prose) + (comment.isEmpty || !endsInBlank ? [] : [""])
    }

    /// Comments are plain text; what Markdown would take for its own is set apart.
    private static func prose(_ line: String) -> String {
        var text = ""
        for character in line {
            if "*_<>[]`".contains(character) { text.append("\\") }
            text.append(character)
        }
        return text
    }

    /// As the interface text writes it, on one line where that is short.
    static func declaration(_ member: InterfaceDescription.Member) -> [String] {
        switch member.kind {
        case .type(.structure(let fields)): fold("type \(member.name) ", fields, "")
        case .type(let type): ["type \(member.name) \(type)"]
        case .error(let fields): fold("error \(member.name) ", fields, "")
        case .method(let parameters, let reply):
            method(member.name, parameters, reply)
        }
    }

    private static func method(
        _ name: String, _ parameters: [InterfaceDescription.Field],
        _ reply: [InterfaceDescription.Field]
    ) -> [String] {
        let short = "method \(name)\(inline(parameters)) -> \(inline(reply))"
        if short.count <= width { return [short] }
        var lines = fold("method \(name)", parameters, " ->")
        let last = lines.removeLast()
        let answer = fold(last + " ", reply, "")
        lines += answer
        return lines
    }

    private static let width = 88

    private static func inline(_ fields: [InterfaceDescription.Field]) -> String {
        "(" + fields.map { "\($0.name): \($0.type)" }.joined(separator: ", ") + ")"
    }

    private static func fold(
        _ start: String, _ fields: [InterfaceDescription.Field], _ end: String
    ) -> [String] {
        let short = start + inline(fields) + end
        let hasComments = fields.contains { !$0.comment.isEmpty }
        if short.count <= width, !hasComments { return [short] }
        var lines = [start + "("]
        for (i, field) in fields.enumerated() {
            lines += field.comment.map { "  # " + $0 }
            lines.append("  \(field.name): \(field.type)" + (i + 1 < fields.count ? "," : ""))
        }
        return lines + [")" + end]
    }
}
