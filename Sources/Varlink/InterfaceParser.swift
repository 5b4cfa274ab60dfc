/// Reads an interface text by the grammar of varlink.org, "Interface Definition".
struct InterfaceParser {
    typealias Description = InterfaceDescription
    typealias Field = InterfaceDescription.Field
    typealias Member = InterfaceDescription.Member
    typealias TypeExpression = InterfaceDescription.TypeExpression

    private let text: [UInt8]
    private var position = 0
    private var depth = 0
    /// The comment lines right before `position`, and whether a line ended since it was empty.
    private var comment: [String] = []
    private var sawLineEnd = false
    /// Types used, and where.
    private var uses: [(name: String, at: Int)] = []

    static let longest = 1 << 18
    static let deepest = 16

    init(_ text: [UInt8]) { self.text = text }

    // MARK: Interface and members

    mutating func interface() throws(InterfaceError) -> Description {
        guard text.count <= Self.longest else { throw fail(.tooLong(limit: Self.longest), at: 0) }
        skipBlanks()
        let comment = takeComment()
        try keyword("interface")
        let name = try interfaceName()
        var members: [Member] = []
        var names = Set<String>()
        while true {
            skipBlanks()
            guard position < text.count else { break }
            guard sawLineEnd else { throw fail(.expected("the end of the line"), at: position) }
            let member = try self.member(&names)
            members.append(member)
        }
        let types = Set(
            members.compactMap { if case .type = $0.kind { $0.name } else { nil } })
        for use in uses where !types.contains(use.name) {
            throw fail(.unknownType(use.name), at: use.at)
        }
        return Description(name: name, comment: comment, members: members)
    }

    private mutating func member(_ names: inout Set<String>) throws(InterfaceError) -> Member {
        let comment = takeComment()
        let start = position
        let word = takeWord()
        guard ["type", "method", "error"].contains(word) else {
            throw fail(.expected("\"type\", \"method\" or \"error\""), at: start)
        }
        try blanks()
        let nameStart = position
        let name = try memberName()
        guard names.insert(name).inserted else { throw fail(.duplicate(name), at: nameStart) }
        skipBlanks()
        let kind: Member.Kind
        switch word {
        case "type":
            guard at("(") else { throw fail(.expected("'('"), at: position) }
            kind = .type(try structureOrEnumeration())
        case "method":
            let parameters = try structure()
            skipBlanks()
            try take("-", "\"->\"")
            try take(">", "\"->\"")
            skipBlanks()
            kind = .method(parameters: parameters, reply: try structure())
        default: kind = .error(try structure())
        }
        // A comment inside belongs to its field, not to the member that follows.
        self.comment = []
        return Member(name: name, comment: comment, kind: kind)
    }

    // MARK: Types

    private mutating func type() throws(InterfaceError) -> TypeExpression {
        try deeper()
        defer { depth -= 1 }
        if at("?") {
            position += 1
            guard !at("?") else { throw fail(.optionalTwice, at: position) }
            return .optional(try type())
        }
        if at("[") {
            let start = position
            position += 1
            let word = takeWord()
            guard word.isEmpty || word == "string", at("]") else {
                throw fail(.expected("\"[]\" or \"[string]\""), at: start)
            }
            position += 1
            let element = try type()
            return word.isEmpty ? .array(element) : .map(element)
        }
        if at("(") { return try structureOrEnumeration() }
        let start = position
        let word = takeWord()
        switch word {
        case "bool": return .bool
        case "int": return .int
        case "float": return .float
        case "string": return .string
        case "object": return .object
        default:
            guard let first = word.utf8.first, 0x41...0x5A ~= first, !word.utf8.contains(0x5F)
            else { throw fail(.expected("a type"), at: start) }
            uses.append((word, start))
            return .named(word)
        }
    }

    private mutating func structure() throws(InterfaceError) -> [Field] {
        let start = position
        guard at("(") else { throw fail(.expected("'('"), at: position) }
        guard case .structure(let fields) = try structureOrEnumeration() else {
            throw fail(.expected("fields with types"), at: start)
        }
        return fields
    }

    /// What the first name is followed by decides which it is.
    private mutating func structureOrEnumeration() throws(InterfaceError) -> TypeExpression {
        try deeper()
        defer { depth -= 1 }
        position += 1
        skipBlanks()
        if at(")") {
            position += 1
            return .structure([])
        }
        var fields: [Field] = []
        var values: [String] = []
        var names = Set<String>()
        while true {
            let comment = takeComment()
            let start = position
            let name = try fieldName()
            guard names.insert(name).inserted else { throw fail(.duplicate(name), at: start) }
            skipBlanks()
            if at(":"), values.isEmpty {
                position += 1
                skipBlanks()
                fields.append(Field(name: name, type: try type(), comment: comment))
                skipBlanks()
            } else {
                guard fields.isEmpty else { throw fail(.expected("':'"), at: position) }
                values.append(name)
            }
            if at(")") {
                position += 1
                return fields.isEmpty ? .enumeration(values) : .structure(fields)
            }
            try take(",", "',' or ')'")
            skipBlanks()
        }
    }

    private mutating func deeper() throws(InterfaceError) {
        guard depth < Self.deepest else { throw fail(.tooDeep(limit: Self.deepest), at: position) }
        depth += 1
    }

    // MARK: Names

    /// `[A-Za-z](-*[A-Za-z0-9])*(\.[A-Za-z0-9](-*[A-Za-z0-9])*)+`
    private mutating func interfaceName() throws(InterfaceError) -> String {
        let start = position
        while position < text.count, text[position].isNameByte || at("-") || at(".") {
            position += 1
        }
        let name = text[start..<position]
        let parts = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let isWellFormed = parts.allSatisfy { part in
            part.first?.isNameByte == true && part.last != UInt8(ascii: "-")
        }
        guard parts.count > 1, isWellFormed, let first = name.first, !(0x30...0x39 ~= first) else {
            throw fail(.expected("an interface name like org.example.device"), at: start)
        }
        return String(decoding: name, as: UTF8.self)
    }

    /// `[A-Z][A-Za-z0-9]*`
    private mutating func memberName() throws(InterfaceError) -> String {
        let start = position
        let word = takeWord()
        guard let first = word.utf8.first, 0x41...0x5A ~= first, !word.utf8.contains(0x5F) else {
            throw fail(.expected("a name that begins with a capital letter"), at: start)
        }
        return word
    }

    /// `[A-Za-z](_?[A-Za-z0-9])*`
    private mutating func fieldName() throws(InterfaceError) -> String {
        let start = position
        let word = takeWord()
        let bytes = Array(word.utf8)
        let isWellFormed = zip(bytes, bytes.dropFirst()).allSatisfy { $0 != 0x5F || $1 != 0x5F }
        guard let first = bytes.first, first.isNameByte, !(0x30...0x39 ~= first),
            bytes.last != 0x5F, isWellFormed
        else { throw fail(.expected("a name"), at: start) }
        return word
    }

    // MARK: Tokens

    private func at(_ character: Unicode.Scalar) -> Bool {
        position < text.count && text[position] == UInt8(ascii: character)
    }

    private mutating func take(
        _ character: Unicode.Scalar, _ expected: String
    ) throws(InterfaceError) {
        guard at(character) else { throw fail(.expected(expected), at: position) }
        position += 1
    }

    private mutating func takeWord() -> String {
        let start = position
        while position < text.count, text[position].isNameByte || at("_") { position += 1 }
        return String(decoding: text[start..<position], as: UTF8.self)
    }

    private mutating func keyword(_ word: String) throws(InterfaceError) {
        let start = position
        guard takeWord() == word else { throw fail(.expected("\"\(word)\""), at: start) }
        try blanks()
    }

    private mutating func blanks() throws(InterfaceError) {
        let start = position
        skipBlanks()
        guard position > start else { throw fail(.expected("a blank"), at: position) }
    }

    /// Steps over blanks, line ends and comments, and keeps the comment that stands last.
    private mutating func skipBlanks() {
        comment = []
        sawLineEnd = false
        var isLineEmpty = false
        while position < text.count {
            switch text[position] {
            case 0x20, 0x09:
                position += 1
            case 0x0A, 0x0D:
                let isPair =
                    text[position] == 0x0D && position + 1 < text.count
                    && text[position + 1] == 0x0A
                position += isPair ? 2 : 1
                // An empty line parts a comment from what follows.
                if isLineEmpty { comment = [] }
                isLineEmpty = true
                sawLineEnd = true
            case UInt8(ascii: "#"):
                position += 1
                if at(" ") { position += 1 }
                let start = position
                while position < text.count, text[position] != 0x0A, text[position] != 0x0D {
                    position += 1
                }
                comment.append(String(decoding: text[start..<position], as: UTF8.self))
                isLineEmpty = false
                sawLineEnd = true
            default: return
            }
        }
    }

    private mutating func takeComment() -> [String] {
        let taken = comment
        comment = []
        return taken
    }

    private func fail(_ code: InterfaceError.Code, at offset: Int) -> InterfaceError {
        var line = 1
        var column = 1
        for i in 0..<min(offset, text.count) {
            switch text[i] {
            case 0x0D where i + 1 < text.count && text[i + 1] == 0x0A: break
            case 0x0A, 0x0D:
                line += 1
                column = 1
            case 0x80...0xBF: break
            default: column += 1
            }
        }
        return InterfaceError(code: code, line: line, column: column)
    }
}

extension UInt8 {
    fileprivate var isNameByte: Bool {
        0x30...0x39 ~= self || 0x41...0x5A ~= self || 0x61...0x7A ~= self
    }
}
