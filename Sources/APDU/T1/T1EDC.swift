/// The error detection code at the end of each T=1 block (ISO 7816-3, 11.3.4).
///
/// The standard leaves the CRC to ISO/IEC 13239, and readers and cards in use disagree about
/// it: with one that does, S(IFS request) fails and nothing is lost by another power-up with
/// the other form.
package enum T1EDC: Equatable, Sendable {
    /// One byte: all bytes of the block XOR to zero.
    case lrc
    /// Two bytes: the 16-bit frame check sequence of ISO/IEC 13239, complemented, its low byte
    /// first, which is the order of its bits on the line.
    case crc
    /// Two bytes: the same sum not complemented, its high byte first. OpenCT, the CCID driver
    /// of pcsc-lite, and cards made to work with them do it so.
    case plainCRC

    package init(_ detection: ATR.ErrorDetection) {
        switch detection {
        case .lrc: self = .lrc
        case .crc: self = .crc
        }
    }

    /// Bytes it takes, 1 or 2.
    package var byteCount: Int { self == .lrc ? 1 : 2 }

    /// The sum over no bytes.
    var start: UInt16 { self == .lrc ? 0 : 0xFFFF }

    /// The sum `before` and one more byte.
    func adding(_ byte: UInt8, to before: UInt16) -> UInt16 {
        var sum = before ^ UInt16(byte)
        if self == .lrc { return sum }
        // x^16 + x^12 + x^5 + 1, lowest bit of a byte first.
        for _ in 0..<8 { sum = sum & 1 == 0 ? sum >> 1 : sum >> 1 ^ 0x8408 }
        return sum
    }

    func adding(_ bytes: UnsafeRawBufferPointer, to before: UInt16) -> UInt16 {
        var sum = before
        for byte in bytes { sum = adding(byte, to: sum) }
        return sum
    }

    /// The bytes as they are sent for `sum`; only the first where there is one.
    func bytes(_ sum: UInt16) -> (UInt8, UInt8) {
        let low = UInt8(truncatingIfNeeded: sum)
        let high = UInt8(truncatingIfNeeded: sum >> 8)
        return switch self {
        case .lrc: (low, 0)
        case .crc: (~low, ~high)
        case .plainCRC: (high, low)
        }
    }

    /// Whether the last bytes of `block` are the code of those before; false where it is
    /// shorter than the code.
    package func holds(_ block: UnsafeRawBufferPointer) -> Bool {
        let end = block.count - byteCount
        guard end >= 0 else { return false }
        let sum = adding(UnsafeRawBufferPointer(rebasing: block[..<end]), to: start)
        let (first, second) = bytes(sum)
        return block[end] == first && (byteCount == 1 || block[end + 1] == second)
    }
}
