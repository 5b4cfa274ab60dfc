/// A key that a file written by people may have, as messages and manuals tell it.
package struct FileKey: Equatable, Sendable {
    /// From the top, as `unblock[].min`.
    package let path: String
    /// What may stand there, with its unit.
    package let allowed: String
    /// What holds where it is left out; nil for a key that must be there.
    package let absent: String?
    package let meaning: String

    package init(_ path: String, _ allowed: String, absent: String?, _ meaning: String) {
        self.path = path
        self.allowed = allowed
        self.absent = absent
        self.meaning = meaning
    }
}

/// All keys of one kind of file: the one list that its parser, its messages and its manual go by.
package struct FileKeys: Sendable {
    package let all: [FileKey]

    package init(_ all: [FileKey]) { self.all = all }

    /// Keys right below `object` ("" for the top), without their path.
    package func names(in object: String) -> [String] {
        let start = object.isEmpty ? "" : object + "."
        return all.compactMap { key in
            guard key.path.hasPrefix(start) else { return nil }
            let rest = key.path.dropFirst(start.count)
            return rest.contains(".") ? nil : String(rest)
        }
    }

    /// The key of a path in a document, as `unblock[1].min`; of a list's element, the list's.
    func at(_ path: String) -> FileKey? {
        let bare = FileKeys.withoutIndices(path)
        return all.first { $0.path == bare || $0.path + "[]" == bare }
    }

    /// `unblock[].min` for `unblock[1].min`.
    static func withoutIndices(_ path: String) -> String {
        var bare = ""
        var isIndex = false
        for character in path {
            if character == "]" { isIndex = false }
            if !isIndex { bare.append(character) }
            if character == "[" { isIndex = true }
        }
        return bare
    }
}
