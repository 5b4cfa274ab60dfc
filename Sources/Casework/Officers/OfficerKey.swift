import JSON

/// The keys of the officers' file: the one list that its parser, its messages and its manual go by.
package enum OfficerKey {
    static let keys = FileKeys(all)

    static let roles = Role.allCases.map(\.rawValue).joined(separator: ", ")
    static let rights = Right.allCases.map(\.rawValue).joined(separator: ", ")
    static let password = "a text as `tokenctl officer password` prints it"

    package static let all: [FileKey] = [
        FileKey("officers", "1", absent: nil, "the form of the file"),
        FileKey("people", "a list of up to 200 objects", absent: nil, "the officers, one each"),
        FileKey(
            "people[].id", "1 to 32 of a-z, 0-9, `.`, `-` and `_`, a letter first", absent: nil,
            "what stands in the journal. Never give it to another person"),
        FileKey(
            "people[].name", "1 to 80 characters on one line", absent: nil, "what people read"),
        FileKey(
            "people[].roles", "a list of: \(roles)", absent: nil,
            "what the officer may do, where the program's login may do it too"),
        FileKey(
            "people[].rights", "a list of: \(rights)", absent: "none",
            "what goes beyond the roles"),
        FileKey(
            "people[].password", password, absent: "signs in by token only",
            "the hash of a password"),
        FileKey(
            "people[].tokens", "a list of 1 to 4 texts of 64 hexadecimal digits",
            absent: "signs in by password only",
            "SHA-256 of the certificate of the officer's own token, or of its public key"),
    ]
}
