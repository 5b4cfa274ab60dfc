/// One thing that is wrong in a file written by people, where, and what would be right.
package struct FileMistake: Error, Equatable, Sendable, CustomStringConvertible {
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

    /// - Parameter allowed: nil for what the key's own entry says.
    init(_ error: JSONError, in file: String, keys: FileKeys, allowed: String? = nil) {
        var allowed = allowed
        switch error.code {
        case _ where allowed != nil: break
        case .unknownKey(let key, _):
            let object = Self.object(of: error.path, key)
            let names = keys.names(in: FileKeys.withoutIndices(object))
            allowed = names.isEmpty ? nil : names.joined(separator: ", ")
        case .wrongKind, .outsideRange, .notAnInteger, .invalid, .missingKey, .stringTooLong:
            allowed = keys.at(error.path)?.allowed
        default: break
        }
        self.init(
            file: file, line: error.line, column: error.column, path: error.path,
            wrong: error.reason
                + (error.code.endsReading ? "; the rest of the file was not read" : ""),
            allowed: allowed)
    }

    /// The path of the object whose `key` has that path; the key may stand there in brackets.
    private static func object(of path: String, _ key: String) -> String {
        let step = "[\"\(key)\"]"
        let object = path.dropLast(path.hasSuffix(step) ? step.count : key.count)
        return String(object.hasSuffix(".") ? object.dropLast() : object)
    }

    package var description: String {
        "\(file): line \(line), column \(column): " + (path.isEmpty ? "" : path + ": ") + wrong
            + (allowed.map { "; allowed: " + $0 } ?? "")
    }
}

/// Where a value stood in its file.
package struct FilePlace: Equatable, Sendable {
    package let line: Int
    package let column: Int
    package let path: String

    /// Of the key or value a reader has just taken or peeked at.
    package init(_ json: borrowing JSONReader) {
        let error = json.invalid("")
        (line, column, path) = (error.line, error.column, error.path)
    }

    package func error(_ code: JSONError.Code) -> JSONError {
        JSONError(code: code, line: line, column: column, path: path)
    }
}

/// A value and where it stood.
package struct Placed<Value> {
    package let value: Value
    package let place: FilePlace

    package init(value: Value, place: FilePlace) {
        self.value = value
        self.place = place
    }
}

extension JSONError.Code {
    /// Whether a file's reader stops there with something of the file left.
    fileprivate var endsReading: Bool {
        switch self {
        case .unexpectedCharacter, .invalidUTF8, .controlCharacter, .invalidEscape, .loneSurrogate,
            .invalidNumber, .numberOutOfRange, .numberTooLong, .tooDeep, .tooManyKeys,
            .duplicateKey, .trailingData, .unterminatedComment:
            true
        case .unexpectedEnd, .byteOrderMark, .notAnInteger, .outsideRange, .wrongKind, .tooLong,
            .stringTooLong, .unknownKey, .missingKey, .invalid, .noLockedMemory, .outOfTurn:
            false
        }
    }
}
