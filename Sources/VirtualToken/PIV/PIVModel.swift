import APDU

/// Which card it plays: what a maker adds to the standard, and what real cards get wrong.
package struct PIVModel: Equatable, Sendable {
    /// Where real cards differ from the book.
    package struct Oddities: OptionSet, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// An empty VERIFY spends a try and answers 6300.
        package static let emptyVerifySpends = Oddities(rawValue: 1)
        /// A blocked code answers 63C0 for ever and never 6983.
        package static let neverSaysBlocked = Oddities(rawValue: 2)
        /// A wrong code answers 6985, is not counted and never blocks, as on CAC cards.
        package static let wrongIs6985 = Oddities(rawValue: 4)
        /// A wrong code answers 6300 and is counted in silence; an empty VERIFY answers 6700.
        package static let hidesCount = Oddities(rawValue: 8)

        /// The names on the command line.
        package static let named: [(String, Oddities)] = [
            ("empty-verify-spends", .emptyVerifySpends),
            ("never-says-blocked", .neverSaysBlocked),
            ("wrong-is-6985", .wrongIs6985),
            ("hides-count", .hidesCount),
        ]
    }

    /// Version, serial, metadata, retry limits, reset: instructions F7, F8, FA, FB, FD, FF.
    package var yubico: Bool
    /// What instruction FD answers.
    package var version: [UInt8] = [5, 4, 3]
    /// Whether the card takes extended length.
    package var extendedLength = true
    package var oddities: Oddities = []

    package init(yubico: Bool) { self.yubico = yubico }

    /// Both T=0 and T=1 or T=1 alone.
    package var atr: [UInt8] {
        // T=1 with IFSC 254 on a YubiKey.
        let interface: [UInt8] =
            yubico ? [0xFD, 0x13, 0, 0, 0x81, 0x31, 0xFE, 0x15] : [0x85, 0x80, 0x01]
        let body = interface + historicalBytes
        return [0x3B] + body + [body.reduce(0, ^)]
    }

    /// The card's capabilities (ISO 7816-4, 12.1.1.9): chaining, and extended length where it
    /// takes it; "YubiKey" as its maker has it.
    package var historicalBytes: [UInt8] {
        let capabilities: UInt8 = extendedLength ? 0xC0 : 0x80
        return [0x80, 0x73, 0xC0, 0x21, capabilities]
            + (yubico ? [0x57] + Array("YubiKey".utf8) : [])
    }
}
