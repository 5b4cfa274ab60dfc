/// Which SmartCard-HSM it plays.
package struct SmartCardHSMModel: Equatable, Sendable {
    /// Major and minor, as SELECT tells it.
    package var version: [UInt8] = [3, 6]

    package init() {}

    /// T=1 with IFSC 254, as the card's maker has it.
    var atr: [UInt8] {
        let body = [0xFE, 0x18, 0, 0, 0x81, 0x31, 0xFE, 0x45] + historicalBytes
        return [0x3B] + body + [body.reduce(0, ^)]
    }

    /// Application data, "HSM1", capabilities with extended length, life cycle.
    var historicalBytes: [UInt8] {
        [0x80, 0x31, 0x81, 0x54] + Array("HSM1".utf8) + [0x73, 0x80, 0x21, 0x40, 0x81, 0x07]
    }
}

/// What a device was told when it was initialised, and tells in SELECT's answer.
package struct SmartCardHSMOptions: OptionSet, Equatable, Sendable {
    package let rawValue: UInt16
    package init(rawValue: UInt16) { self.rawValue = rawValue }

    /// RESET RETRY COUNTER is there.
    package static let resetRetryCounter = SmartCardHSMOptions(rawValue: 0x0001)
    /// The user PIN has to be changed before it opens anything.
    package static let transportPIN = SmartCardHSMOptions(rawValue: 0x0002)
    /// Keys want public key authentication besides the user PIN.
    package static let combinedAuthentication = SmartCardHSMOptions(rawValue: 0x0010)
    /// RESET RETRY COUNTER resets the counter and sets no new PIN.
    package static let resetOnly = SmartCardHSMOptions(rawValue: 0x0020)
}
