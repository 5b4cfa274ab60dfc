/// What a token shows of its model besides, as far as its family has it: a profile goes by it.
package struct TokenMarks: Equatable, Sendable {
    /// The identifier of the application that was selected, in hexadecimal.
    package var aid: String?
    package var label: String?
    package var manufacturer: String?
    /// Of the application or the firmware.
    package var version: TokenVersion?
    /// How the token itself describes its PIN, and the code that unblocks it.
    package var pin: CodeFrame?
    package var unblocking: CodeFrame?

    package init(
        aid: String? = nil, label: String? = nil, manufacturer: String? = nil,
        version: TokenVersion? = nil, pin: CodeFrame? = nil, unblocking: CodeFrame? = nil
    ) {
        self.pin = pin
        self.unblocking = unblocking
        self.aid = aid
        self.label = label
        self.manufacturer = manufacturer
        self.version = version
    }
}

/// How a code goes to a token, apart from its characters.
package struct CodeFrame: Equatable, Sendable {
    package var reference: UInt8?
    /// Its length in bytes, and the byte behind a shorter one.
    package var stored: Int?
    package var padding: UInt8?

    package init(reference: UInt8? = nil, stored: Int? = nil, padding: UInt8? = nil) {
        self.reference = reference
        self.stored = stored
        self.padding = padding
    }
}

extension TokenProfiles {
    /// The profile of a token; nil where none fits it.
    package func match(_ identity: TokenIdentity, atr: String = "") -> TokenProfile? {
        match(
            ProfileSubject(
                family: identity.family.rawValue, aid: identity.marks.aid, model: identity.model,
                label: identity.marks.label, manufacturer: identity.marks.manufacturer,
                version: identity.marks.version, atr: atr))
    }

    /// The profile of a card that no family knows.
    package func match(unknownCard atr: String) -> TokenProfile? {
        match(ProfileSubject(family: nil, atr: atr))
    }
}
