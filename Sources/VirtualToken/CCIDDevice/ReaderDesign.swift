/// What a simulated CCID reader is, and how the card in it speaks: descriptors and manners.
package struct ReaderDesign: Equatable, Sendable {
    /// What XfrBlock carries (CCID 1.1, dwFeatures).
    package enum Level: String, CaseIterable, Sendable {
        /// A descriptor only: no character is exchanged.
        case character
        case tpdu, short, extended

        var feature: UInt32 {
            switch self {
            case .character: 0
            case .tpdu: 0x1_0000
            case .short: 0x2_0000
            case .extended: 0x4_0000
            }
        }
    }

    package enum CardProtocol: UInt8, Sendable { case t0 = 0, t1 = 1 }

    /// What the card's contacts bear (ISO 7816-3, 5.1.3).
    package enum Voltage: String, Sendable {
        case any
        case five = "5"
        case three = "3"
        case low = "1.8"

        /// bPowerSelect, or 0 for a card of all classes.
        var powerSelect: UInt8 {
            switch self {
            case .any: 0
            case .five: 1
            case .three: 2
            case .low: 3
            }
        }
    }

    /// What the card does with a PPS request it could accept.
    package enum PPSManner: String, Sendable {
        case echo
        /// Answers without PPS1: the default rate stays.
        case drop
        case mute
    }

    package enum AbortManner: String, Sendable { case answered, ignored }

    package struct PINSupport: OptionSet, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }
        package static let verify = PINSupport(rawValue: 1)
        package static let modify = PINSupport(rawValue: 2)
    }

    package var level = Level.extended
    package var slots = 1
    package var speed = USBIPDeviceRecord.Speed.full
    package var hasInterrupt = true
    package var pinSupport: PINSupport = []
    /// A vendor's interface stands before the CCID one.
    package var isComposite = false
    /// Interface class FF instead of 0B.
    package var hasVendorClass = false
    /// The class descriptor stands behind the last endpoint, not behind the interface.
    package var descriptorOnEndpoint = false
    /// bInterfaceProtocol: 0 CCID, 1 and 2 ICCD version A and B.
    package var interfaceProtocol: UInt8 = 0
    /// dwFeatures without the exchange level.
    package var features: UInt32 = ReaderDesign.automatic
    /// dwMaxCCIDMessageLength; nil: 65556 at the extended level, else 271.
    package var messageLength: Int?
    package var maximumIFSD: UInt8 = 254
    package var vendor: UInt16 = 0x1209
    package var product: UInt16 = 0x0001
    package var release: UInt16 = 0x0100
    package var manufacturer = "Token Station"
    package var productName = "Virtual Token"
    package var serialNumber = "VT0001"
    package var abort = AbortManner.answered
    /// Bytes of the class descriptor that are replaced, by their offset.
    package var patches: [Int: UInt8] = [:]

    package var cardProtocol = CardProtocol.t1
    /// The card's T=1 check: CRC or LRC.
    package var usesCRC = false
    package var ifsc: UInt8 = 254
    /// TA1.
    package var rate: UInt8 = 0x95
    /// TA2 is there: the rate of TA1 holds from the start and PPS is forbidden.
    package var specificMode = false
    package var voltage = Voltage.any
    package var pps = PPSManner.echo

    package init() {}

    /// Parameters, voltage, clock, rate, negotiation and IFSD are the reader's business.
    package static let automatic: UInt32 = 0x47A
    /// Only clock and rate are: parameters, PPS, IFSD and voltage are the host's.
    package static let manual: UInt32 = 0x30

    enum Feature {
        static let parameters: UInt32 = 0x02
        static let voltage: UInt32 = 0x08
        static let negotiation: UInt32 = 0x40
        static let pps: UInt32 = 0x80
        static let ifsd: UInt32 = 0x400
    }

    func does(_ feature: UInt32) -> Bool { features & feature != 0 }

    var dwFeatures: UInt32 { features & ~0x7_0000 | level.feature }
    var longestMessage: Int { messageLength ?? (level == .extended ? 65556 : 271) }
    var ccidInterface: UInt8 { isComposite ? 1 : 0 }
    var packetSize: Int { speed == .high ? 512 : 64 }
    var hasBulk: Bool { interfaceProtocol == 0 }
    var sendsInterrupts: Bool { hasInterrupt && interfaceProtocol != 1 }

    /// kHz, and bits a second: 4 MHz and what comes of it by Fi and Di.
    static let clock: UInt32 = 4000
    static let rates: [UInt32] = [
        10752, 15625, 21505, 31250, 43010, 62500, 86021, 125000, 172043, 250000, 344086,
    ]

    /// Which endpoint is which.
    enum Endpoint {
        static let bulkOut: UInt8 = 0x01
        static let bulkIn: UInt8 = 0x82
        static let interrupt: UInt8 = 0x83
    }
}

extension ReaderDesign {
    /// The answer to reset of the card in this reader (ISO 7816-3, 8).
    func answerToReset(historical: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        let count = UInt8(min(historical.count, 15))
        let type = cardProtocol.rawValue
        switch cardProtocol {
        case .t0:
            bytes += [0x10 | (specificMode ? 0x80 : 0) | count, rate]
            // TA2: unable to change, by the interface bytes.
            if specificMode { bytes += [0x10 | type, 0x80 | type] }
        case .t1:
            bytes += [0x90 | count, rate, (specificMode ? 0x90 : 0x80) | type]
            if specificMode { bytes.append(0x80 | type) }
            // IFSC, BWI 4 and CWI 5, and the check where it is not LRC.
            bytes += [(usesCRC ? 0x70 : 0x30) | type, ifsc, 0x45]
            if usesCRC { bytes.append(1) }
        }
        bytes += historical.prefix(15)
        // A card of T=0 alone has no TCK (8.2.5).
        if cardProtocol == .t1 { bytes.append(bytes.reduce(0, ^)) }
        return [0x3B] + bytes
    }

    /// Di/Fi of a byte laid out as TA1 as bits a second at the fixed clock; nil where either
    /// half is reserved (ISO 7816-3, tables 7 and 8).
    static func bitRate(_ fidi: UInt8) -> UInt32? {
        let f: [UInt32] = [372, 372, 558, 744, 1116, 1488, 1860, 0, 0, 512, 768, 1024, 1536, 2048]
        let d: [UInt32] = [0, 1, 2, 4, 8, 16, 32, 64, 12, 20]
        let (high, low) = (Int(fidi >> 4), Int(fidi & 15))
        guard high < f.count, low < d.count, f[high] > 0, d[low] > 0 else { return nil }
        return clock * 1000 * d[low] / f[high]
    }
}
