/// An interface as its text describes it, in Varlink's interface definition language.
package struct InterfaceDescription: Equatable, Sendable {
    /// As `org.example.device`.
    package let name: String
    /// The comment before it: its lines without `#` and the blank behind it.
    package let comment: [String]
    /// In the order of the text.
    package let members: [Member]

    package struct Member: Equatable, Sendable {
        package let name: String
        package let comment: [String]
        package let kind: Kind

        package enum Kind: Equatable, Sendable {
            /// A struct or an enum with a name.
            case type(TypeExpression)
            case method(parameters: [Field], reply: [Field])
            case error([Field])
        }
    }

    package struct Field: Equatable, Sendable {
        package let name: String
        package let type: TypeExpression
        package let comment: [String]
    }

    package indirect enum TypeExpression: Equatable, Sendable {
        case bool
        case int
        case float
        case string
        /// Any object.
        case object
        /// A type of this interface.
        case named(String)
        case structure([Field])
        case enumeration([String])
        case optional(TypeExpression)
        case array(TypeExpression)
        /// From string to that type.
        case map(TypeExpression)
    }

    package var methods: [Member] {
        members.filter { if case .method = $0.kind { true } else { false } }
    }

    package var errors: [Member] {
        members.filter { if case .error = $0.kind { true } else { false } }
    }

    package var types: [Member] {
        members.filter { if case .type = $0.kind { true } else { false } }
    }

    /// - Throws: an error with the place where the text departs from the grammar.
    package init(parsing text: String) throws(InterfaceError) {
        var parser = InterfaceParser(Array(text.utf8))
        self = try parser.interface()
    }

    init(name: String, comment: [String], members: [Member]) {
        self.name = name
        self.comment = comment
        self.members = members
    }
}

/// Why an interface text was refused, and where.
package struct InterfaceError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: Equatable, Sendable {
        case expected(String)
        /// The member, field or value of that name is there already.
        case duplicate(String)
        /// A type of that name is used and not described.
        case unknownType(String)
        /// `??` says no more than `?`.
        case optionalTwice
        case tooDeep(limit: Int)
        case tooLong(limit: Int)
    }

    package let code: Code
    /// From 1.
    package let line: Int
    /// From 1, in characters.
    package let column: Int

    package var description: String { "line \(line), column \(column): " + reason }

    package var reason: String {
        switch code {
        case .expected(let what): "expected \(what)"
        case .duplicate(let name): "\"\(name)\" is described twice"
        case .unknownType(let name): "there is no type \"\(name)\""
        case .optionalTwice: "a type is optional once"
        case .tooDeep(let limit): "nested deeper than \(limit) levels"
        case .tooLong(let limit): "longer than \(limit) bytes"
        }
    }
}

extension InterfaceDescription.TypeExpression: CustomStringConvertible {
    /// As the text writes it, on one line.
    package var description: String {
        switch self {
        case .bool: "bool"
        case .int: "int"
        case .float: "float"
        case .string: "string"
        case .object: "object"
        case .named(let name): name
        case .structure(let fields):
            "(" + fields.map { "\($0.name): \($0.type)" }.joined(separator: ", ") + ")"
        case .enumeration(let names): "(" + names.joined(separator: ", ") + ")"
        case .optional(let type): "?\(type)"
        case .array(let type): "[]\(type)"
        case .map(let type): "[string]\(type)"
        }
    }
}
