/// Which GIDS card it plays.
package struct GIDSModel: Equatable, Sendable {
    /// Where real cards differ from one another.
    package struct Oddities: OptionSet, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// The tries left stand under the tag of the specification's first version, 9F17.
        package static let draftCounterTag = Oddities(rawValue: 1)
        /// No object shows the PIN's tries.
        package static let hidesCount = Oddities(rawValue: 2)
        /// A VERIFY without a code spends a try.
        package static let emptyVerifyCounts = Oddities(rawValue: 4)
        /// Wrong answers to the administrator's challenge are counted; without tries left the
        /// key is of no use for ever.
        package static let countsAdministrator = Oddities(rawValue: 8)
        /// Mutual authentication only.
        package static let mutualOnly = Oddities(rawValue: 16)
        /// Signatures of elliptic curves are in DER.
        package static let derSignatures = Oddities(rawValue: 32)

        /// The names on the command line.
        package static let named: [(String, Oddities)] = [
            ("draft-counter-tag", .draftCounterTag), ("hides-count", .hidesCount),
            ("empty-verify-counts", .emptyVerifyCounts),
            ("counts-administrator", .countsAdministrator), ("mutual-only", .mutualOnly),
            ("der-signatures", .derSignatures),
        ]
    }

    /// Whether the card takes extended length.
    package var extendedLength = true
    package var oddities: Oddities = []

    package init() {}

    var knowsExternal: Bool { !oddities.contains(.mutualOnly) }

    /// T=1 with IFSC 254.
    var atr: [UInt8] {
        let body =
            [0xF0 | UInt8(historicalBytes.count), 0x13, 0, 0, 0x81, 0x31, 0xFE, 0x15]
            + historicalBytes
        return [0x3B] + body + [body.reduce(0, ^)]
    }

    /// Card capabilities, life cycle and 9000 (ISO 7816-4, 8.1.1).
    var historicalBytes: [UInt8] {
        [0x00, 0x73, 0xC0, 0x01, extendedLength ? 0xC0 : 0x80, 0x05, 0x90, 0x00]
    }
}
