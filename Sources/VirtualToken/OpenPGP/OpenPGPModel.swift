import Crypto

/// Which OpenPGP card it plays.
package struct OpenPGPModel: Equatable, Sendable {
    /// Where real cards differ from one another.
    package struct Oddities: OptionSet, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// A wrong code answers 6982 without a count: only C4 tells it.
        package static let wrongIs6982 = Oddities(rawValue: 1)
        /// GET DATA gives constructed objects with their own tag and length before them.
        package static let wrapsObjects = Oddities(rawValue: 2)

        /// The names on the command line.
        package static let named: [(String, Oddities)] = [
            ("wrong-is-6982", .wrongIs6982), ("wraps-objects", .wrapsObjects),
        ]
    }

    /// Whether the card takes extended length.
    package var extendedLength = true
    package var oddities: Oddities = []

    package init() {}

    /// T=1 with IFSC 254.
    func atr(isTerminated: Bool) -> [UInt8] {
        let historical = historicalBytes(isTerminated: isTerminated)
        let body =
            [0xF0 | UInt8(historical.count), 0x13, 0, 0, 0x81, 0x31, 0xFE, 0x15] + historical
        return [0x3B] + body + [body.reduce(0, ^)]
    }

    /// Services, capabilities, life cycle and 9000 (OpenPGP card 3.4, 6.1).
    func historicalBytes(isTerminated: Bool) -> [UInt8] {
        [
            0x00, 0x31, 0xC5, 0x73, 0xC0, 0x01, extendedLength ? 0xC0 : 0x80,
            isTerminated ? 0x03 : 0x05, 0x90, 0x00,
        ]
    }
}

/// Key algorithms as the objects C1 to C3 say them (4.4.3.9).
enum OpenPGPAlgorithm {
    private static let p256: [UInt8] = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7]

    static func attributes(_ algorithm: KeyAlgorithm, _ slot: OpenPGPSlot) -> [UInt8] {
        guard case .rsa(let bits) = algorithm else {
            return [slot == .decrypt ? 0x12 : 0x13] + p256
        }
        return [0x01, UInt8(truncatingIfNeeded: bits >> 8), UInt8(truncatingIfNeeded: bits)]
            + [0x00, 0x11, 0x00]
    }

    static func algorithm(_ attributes: [UInt8], _ slot: OpenPGPSlot) -> KeyAlgorithm? {
        if attributes.count == 6, attributes[0] == 1 {
            switch Int(attributes[1]) << 8 | Int(attributes[2]) {
            case 2048: return .rsa(bits: 2048)
            case 3072: return .rsa(bits: 3072)
            default: return nil
            }
        }
        let wanted = [slot == .decrypt ? 0x12 : 0x13] + p256
        return attributes == wanted || attributes == wanted + [0xFF] ? .p256 : nil
    }
}
