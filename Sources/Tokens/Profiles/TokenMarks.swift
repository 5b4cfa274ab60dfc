/// What a token shows of its model besides, as far as its family has it: a profile goes by it.
package struct TokenMarks: Equatable, Sendable {
    /// The identifier of the application that was selected, in hexadecimal.
    package var aid: String?
    package var label: String?
    package var manufacturer: String?
    /// Of the application or the firmware.
    package var version: TokenVersion?

    package init(
        aid: String? = nil, label: String? = nil, manufacturer: String? = nil,
        version: TokenVersion? = nil
    ) {
        self.aid = aid
        self.label = label
        self.manufacturer = manufacturer
        self.version = version
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
