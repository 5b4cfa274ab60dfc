/// What a reader does by itself: dwFeatures of the class descriptor (5.1).
package struct CCIDFeatures: OptionSet, Equatable, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Sets its parameters from the answer to reset.
    package static let automaticParameters = CCIDFeatures(rawValue: 0x2)
    /// Powers a card when it is inserted.
    package static let automaticActivation = CCIDFeatures(rawValue: 0x4)
    /// Chooses the voltage.
    package static let automaticVoltage = CCIDFeatures(rawValue: 0x8)
    /// Follows the parameters with the clock.
    package static let automaticClock = CCIDFeatures(rawValue: 0x10)
    /// Follows clock and Fi/Di with the rate.
    package static let automaticRate = CCIDFeatures(rawValue: 0x20)
    /// Negotiates parameters with the card; the host must not.
    package static let automaticNegotiation = CCIDFeatures(rawValue: 0x40)
    /// Makes the PPS by the active parameters.
    package static let automaticPPS = CCIDFeatures(rawValue: 0x80)
    /// Can stop the card's clock.
    package static let clockStop = CCIDFeatures(rawValue: 0x100)
    /// Takes a NAD other than 00.
    package static let nodeAddress = CCIDFeatures(rawValue: 0x200)
    /// Sends the IFSD as the first block of T=1.
    package static let automaticIFSD = CCIDFeatures(rawValue: 0x400)
    /// Exchanges TPDUs.
    package static let tpduLevel = CCIDFeatures(rawValue: 0x1_0000)
    /// Exchanges short APDUs.
    package static let shortAPDULevel = CCIDFeatures(rawValue: 0x2_0000)
    /// Exchanges short and extended APDUs.
    package static let extendedAPDULevel = CCIDFeatures(rawValue: 0x4_0000)
    /// Wakes the host up when a card comes or goes.
    package static let wakeUp = CCIDFeatures(rawValue: 0x10_0000)

    /// The three bits of which one may be set.
    package static let levels: CCIDFeatures = [.tpduLevel, .shortAPDULevel, .extendedAPDULevel]
}

/// How much of the card's protocol a reader leaves to the host.
package enum CCIDExchangeLevel: Equatable, Sendable {
    /// All of it: the host sends and counts characters.
    case character
    /// T=0 commands and T=1 blocks.
    case tpdu
    /// Nothing, for commands up to 261 bytes.
    case shortAPDU
    /// Nothing; long commands and responses go in a chain of messages.
    case extendedAPDU

    /// The level that `features` tell; nil where they tell several.
    package init?(_ features: CCIDFeatures) {
        switch features.intersection(.levels) {
        case []: self = .character
        case .tpduLevel: self = .tpdu
        case .shortAPDULevel: self = .shortAPDU
        case .extendedAPDULevel: self = .extendedAPDU
        default: return nil
        }
    }

    /// The level's bit of dwFeatures.
    package var feature: CCIDFeatures {
        switch self {
        case .character: []
        case .tpdu: .tpduLevel
        case .shortAPDU: .shortAPDULevel
        case .extendedAPDU: .extendedAPDULevel
        }
    }
}

extension CCIDExchangeLevel: CustomStringConvertible {
    package var description: String {
        switch self {
        case .character: "character"
        case .tpdu: "TPDU"
        case .shortAPDU: "short APDU"
        case .extendedAPDU: "short and extended APDU"
        }
    }
}

/// The supply voltages a reader has: bVoltageSupport.
package struct CCIDVoltages: OptionSet, Equatable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let fiveVolts = CCIDVoltages(rawValue: 1)
    package static let threeVolts = CCIDVoltages(rawValue: 2)
    /// 1.8 V.
    package static let oneEightVolts = CCIDVoltages(rawValue: 4)
}

/// The protocols a reader speaks with a card: dwProtocols.
package struct CCIDProtocols: OptionSet, Equatable, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package static let t0 = CCIDProtocols(rawValue: 1)
    package static let t1 = CCIDProtocols(rawValue: 2)
}

/// What a reader's pad can do: bPINSupport.
package struct CCIDPINSupport: OptionSet, Equatable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let verify = CCIDPINSupport(rawValue: 1)
    package static let modify = CCIDPINSupport(rawValue: 2)
}

/// The display of a reader's pad: wLcdLayout.
package struct CCIDDisplay: Equatable, Sendable {
    package let lines: UInt8
    /// Characters a line.
    package let columns: UInt8

    package init(lines: UInt8, columns: UInt8) {
        self.lines = lines
        self.columns = columns
    }
}

/// Which way an interface speaks with the host, told by its class, subclass and protocol.
package enum CCIDInterfaceKind: Equatable, Sendable {
    /// Bulk pipes.
    case ccid
    /// The control pipe, version A.
    case iccdA
    /// The control pipe, version B.
    case iccdB

    /// Nil for an interface of another class.
    ///
    /// - Parameter quirks: of the device; some have the class FF instead of 0B.
    package init?(
        interfaceClass: UInt8, subclass: UInt8, interfaceProtocol: UInt8, quirks: [CCIDQuirk] = []
    ) {
        if interfaceClass == 0xFF {
            guard quirks.contains(.vendorSpecificClass) else { return nil }
            self = .ccid
            return
        }
        guard interfaceClass == 0x0B, subclass == 0 else { return nil }
        switch interfaceProtocol {
        case 0: self = .ccid
        case 1: self = .iccdA
        case 2: self = .iccdB
        default: return nil
        }
    }
}
