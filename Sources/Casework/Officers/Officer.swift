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

/// What somebody proved to be an officer by.
package enum OfficerEvidence: Equatable, Sendable {
    case password(PasswordHash)
    /// SHA-256 of the token's certificate and of its public key, in lower-case hex.
    case token([String])

    package init(_ certificate: Certificate) {
        let key = (try? Digest.sha256.hash(certificate.publicKey.subjectPublicKeyInfo))
            .map(Hex.lower)
        self = .token([certificate.fingerprintSHA256.lowercased(), key].compactMap { $0 })
    }
}

extension Officer {
    /// Whether the list takes it for this officer's.
    package func accepts(_ evidence: OfficerEvidence) -> Bool {
        switch evidence {
        case .password(let hash): password == hash
        case .token(let names): names.contains(where: tokens.contains)
        }
    }
}

/// The office's officers.
package struct OfficerTable: Equatable, Sendable {
    package let all: [Officer]

    package init(_ all: [Officer] = []) { self.all = all }

    package func officer(_ id: String) -> Officer? { all.first { $0.id == id } }

    /// Whose token it is, by its certificate or its key.
    package func officer(with certificate: Certificate) -> Officer? {
        let evidence = OfficerEvidence(certificate)
        return all.first { $0.accepts(evidence) }
    }
}
