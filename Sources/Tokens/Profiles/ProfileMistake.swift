import JSON

/// One thing that is wrong in a profile's file, where, and what would be right.
package struct ProfileMistake: Error, Equatable, Sendable, CustomStringConvertible {
    package let file: String
    /// From 1.
    package let line: Int
    /// From 1, in characters.
    package let column: Int
    /// The value or key it is about, as `unblock[0].min`; empty for the file as a whole.
    package let path: String
    package let wrong: String
    /// What may stand there; nil where that says itself.
    package let allowed: String?

    package init(
        file: String, line: Int, column: Int, path: String, wrong: String, allowed: String?
    ) {
        self.file = file
        self.line = line
        self.column = column
        self.path = path
        self.wrong = wrong
        self.allowed = allowed
    }

    /// A mistake of the document; what is allowed is what the key's own entry says.
    init(_ error: JSONError, in file: String) {
        var allowed: String?
        switch error.code {
        case .unknownKey:
            let object = error.path.split(separator: ".").dropLast().joined(separator: ".")
            let names = ProfileKey.names(in: ProfileKey.withoutIndices(object))
            allowed = names.isEmpty ? nil : names.joined(separator: ", ")
        case .wrongKind, .outsideRange, .notAnInteger, .invalid, .missingKey, .stringTooLong:
            allowed = ProfileKey.at(error.path)?.allowed
        default: allowed = nil
        }
        self.init(
            file: file, line: error.line, column: error.column, path: error.path,
            wrong: error.reason, allowed: allowed)
    }

    package var description: String {
        "\(file): line \(line), column \(column): " + (path.isEmpty ? "" : path + ": ") + wrong
            + (allowed.map { "; allowed: " + $0 } ?? "")
    }
}

/// Where a value stood in its file.
struct ProfilePlace: Equatable, Sendable {
    let line: Int
    let column: Int
    let path: String

    /// Of the key or value a reader has just taken or peeked at.
    init(_ json: borrowing JSONReader) {
        let error = json.invalid("")
        (line, column, path) = (error.line, error.column, error.path)
    }

    func error(_ code: JSONError.Code) -> JSONError {
        JSONError(code: code, line: line, column: column, path: path)
    }
}

/// A value and where it stood.
struct Placed<Value> {
    let value: Value
    let place: ProfilePlace
}
