/// The tag of a BER-TLV data object as it is written, one to three bytes (ISO 7816-4, 5.2.2.1):
/// 0x53, 0x7F49, 0x5FC105.
package struct TLVTag: RawRepresentable, Equatable, Hashable, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }
    package init(_ rawValue: UInt32) { self.rawValue = rawValue }

    /// Bytes the tag takes, 1 to 3.
    package var byteCount: Int { rawValue > 0xFFFF ? 3 : rawValue > 0xFF ? 2 : 1 }

    /// The first byte as written.
    package var firstByte: UInt8 {
        UInt8(truncatingIfNeeded: rawValue >> (8 * UInt32(byteCount - 1)))
    }

    /// Whether the tag says that its value is made of data objects. Cards put objects into
    /// tags that do not say so too: PIV's 53.
    package var isConstructed: Bool { firstByte & 0x20 != 0 }

    /// Whether these bytes are a tag the reader would read back.
    package var isValid: Bool {
        guard firstByte != 0x00, firstByte != 0xFF || byteCount > 1, rawValue <= 0xFF_FFFF
        else { return false }
        guard firstByte & 0x1F == 0x1F else { return byteCount == 1 }
        let last = UInt8(truncatingIfNeeded: rawValue)
        let second = UInt8(truncatingIfNeeded: rawValue >> 8)
        switch byteCount {
        case 2: return last & 0x80 == 0
        case 3: return second & 0x80 != 0 && second != 0x80 && last & 0x80 == 0
        default: return false
        }
    }
}

extension TLVTag: ExpressibleByIntegerLiteral {
    package init(integerLiteral value: UInt32) { self.init(rawValue: value) }
}

extension TLVTag: CustomStringConvertible {
    /// The bytes in hexadecimal.
    package var description: String {
        var text = ""
        for i in stride(from: byteCount - 1, through: 0, by: -1) {
            text += Hexadecimal.of(UInt8(truncatingIfNeeded: rawValue >> (8 * UInt32(i))))
        }
        return text
    }
}
