/// How an ISO 7816-15 card wants the characters of a code (pinType, 8.9.2).
package enum PINType: UInt8, CaseIterable, Sendable {
    case bcd = 0
    case ascii = 1
    case utf8 = 2
    case halfNibble = 3
    case iso9564 = 4

    /// The word on the command line.
    var word: String {
        switch self {
        case .bcd: "bcd"
        case .ascii: "ascii"
        case .utf8: "utf8"
        case .halfNibble: "half-nibble"
        case .iso9564: "iso9564"
        }
    }

    init?(word: String) {
        guard let type = Self.allCases.first(where: { $0.word == word }) else { return nil }
        self = type
    }

    /// The code as the card compares it; nil where the type does not have it.
    package func encoded(_ code: String, stored: Int, pad: UInt8) -> [UInt8]? {
        let text = Array(code.utf8)
        let digits = text.map { $0 &- 0x30 }
        var bytes: [UInt8]
        switch self {
        case .ascii, .utf8: bytes = text
        case .halfNibble: bytes = digits.map { 0xF0 | $0 }
        case .bcd: bytes = Self.pack(digits, fill: pad & 0x0F)
        case .iso9564:
            guard (4...12).contains(digits.count) else { return nil }
            bytes = Self.pack([2, UInt8(digits.count)] + digits, fill: 0x0F)
            bytes += [UInt8](repeating: 0xFF, count: 8 - bytes.count)
        }
        guard self == .ascii || self == .utf8 || digits.allSatisfy({ $0 < 10 }),
            bytes.count <= stored
        else { return nil }
        bytes += [UInt8](repeating: pad, count: stored - bytes.count)
        return bytes
    }

    /// Two digits a byte.
    private static func pack(_ digits: [UInt8], fill: UInt8) -> [UInt8] {
        stride(from: 0, to: digits.count, by: 2).map { (at: Int) -> UInt8 in
            let low = at + 1 < digits.count ? digits[at + 1] & 0x0F : fill
            return digits[at] << 4 | low
        }
    }
}
