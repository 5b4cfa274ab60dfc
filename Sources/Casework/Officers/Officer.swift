import Crypto

/// One person of the office who may sign in at the station.
package struct Officer: Equatable, Sendable {
    /// What stands in the journal; never given to another person.
    package let id: String
    /// What people read.
    package let name: String
    package let roles: Set<Role>
    package let rights: Set<Right>
    /// nil for one who has no password.
    package let password: PasswordHash?
    /// SHA-256 of certificates, or of their public keys (SubjectPublicKeyInfo), in lower-case hex.
    package let tokens: [String]

    package init(
        id: String, name: String, roles: Set<Role>, rights: Set<Right> = [],
        password: PasswordHash? = nil, tokens: [String] = []
    ) {
        self.id = id
        self.name = name
        self.roles = roles
        self.rights = rights
        self.password = password
        self.tokens = tokens
    }
}

/// The office's officers.
package struct OfficerTable: Equatable, Sendable {
    package let all: [Officer]

    package init(_ all: [Officer] = []) { self.all = all }

    package func officer(_ id: String) -> Officer? { all.first { $0.id == id } }

    /// Whose token it is, by its certificate or its key.
    package func officer(with certificate: Certificate) -> Officer? {
        let key = (try? Digest.sha256.hash(certificate.publicKey.subjectPublicKeyInfo))
            .map(Hex.lower)
        let names = [certificate.fingerprintSHA256.lowercased(), key].compactMap { $0 }
        return all.first { officer in names.contains(where: officer.tokens.contains) }
    }
}
