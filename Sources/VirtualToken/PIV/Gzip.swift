/// Compresses as a card's maker does a certificate: RFC 1952 around RFC 1951 with the fixed
/// Huffman codes, and matches of up to 258 bytes.
package enum Gzip {
    package static func compress(_ bytes: [UInt8]) -> [UInt8] {
        [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF] + deflate(bytes) + littleEndian(crc32(bytes))
            + littleEndian(UInt32(truncatingIfNeeded: bytes.count))
    }

    /// The same in zlib's wrapping (RFC 1950).
    package static func zlib(_ bytes: [UInt8]) -> [UInt8] {
        var (a, b): (UInt32, UInt32) = (1, 0)
        for byte in bytes {
            a = (a + UInt32(byte)) % 65521
            b = (b + a) % 65521
        }
        return [0x78, 0x9C] + deflate(bytes) + littleEndian(b << 16 | a).reversed()
    }

    /// The same without any wrapping.
    package static func deflate(_ bytes: [UInt8]) -> [UInt8] {
        var bits = BitWriter()
        bits.write(1, 1)
        bits.write(1, 2)
        deflate(bytes, into: &bits)
        return bits.finish()
    }

    private static func littleEndian(_ word: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * UInt32($0))) }
    }

    static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return ~crc
    }

    private static func deflate(_ bytes: [UInt8], into bits: inout BitWriter) {
        // Where each three-byte sequence was seen last: one candidate is enough here.
        var seen: [UInt32: Int] = [:]
        var at = 0
        while at < bytes.count {
            var length = 0
            var distance = 0
            if at + 3 <= bytes.count {
                let key =
                    UInt32(bytes[at]) << 16 | UInt32(bytes[at + 1]) << 8 | UInt32(bytes[at + 2])
                if let before = seen[key], at - before <= 32_768 {
                    distance = at - before
                    let most = min(258, bytes.count - at)
                    while length < most, bytes[before + length] == bytes[at + length] {
                        length += 1
                    }
                }
                seen[key] = at
            }
            if length >= 3 {
                writeMatch(length, distance, into: &bits)
                at += length
            } else {
                writeSymbol(Int(bytes[at]), into: &bits)
                at += 1
            }
        }
        writeSymbol(256, into: &bits)
    }

    /// The fixed code of a literal or length symbol (RFC 1951, 3.2.6).
    private static func writeSymbol(_ symbol: Int, into bits: inout BitWriter) {
        switch symbol {
        case ...143: bits.writeCode(0x30 + symbol, 8)
        case ...255: bits.writeCode(0x190 + symbol - 144, 9)
        case ...279: bits.writeCode(symbol - 256, 7)
        default: bits.writeCode(0xC0 + symbol - 280, 8)
        }
    }

    /// Length and distance with their extra bits (RFC 1951, 3.2.5).
    private static func writeMatch(_ length: Int, _ distance: Int, into bits: inout BitWriter) {
        if length == 258 {
            writeSymbol(285, into: &bits)
        } else {
            let (code, extra, value) = split(length - 3, direct: 8, step: 4)
            writeSymbol(257 + code, into: &bits)
            bits.write(value, extra)
        }
        let (code, extra, value) = split(distance - 1, direct: 4, step: 2)
        bits.writeCode(code, 5)
        bits.write(value, extra)
    }

    /// Code, extra bits and their value where `step` codes share each number of extra bits.
    private static func split(
        _ value: Int, direct: Int, step: Int
    ) -> (code: Int, extra: Int, value: Int) {
        guard value >= direct else { return (value, 0, 0) }
        var extra = 1
        while value >> extra >= 2 * step { extra += 1 }
        let code = step * extra + value >> extra
        return (code, extra, value & (1 << extra - 1))
    }
}

/// Bits into bytes, the lowest first (RFC 1951, 3.1.1).
private struct BitWriter {
    private var bytes: [UInt8] = []
    private var held: UInt32 = 0
    private var count: UInt32 = 0

    mutating func write(_ value: Int, _ width: Int) {
        held |= UInt32(truncatingIfNeeded: value) << count
        count += UInt32(width)
        while count >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: held))
            held >>= 8
            count -= 8
        }
    }

    /// Huffman codes go with their highest bit first.
    mutating func writeCode(_ code: Int, _ width: Int) {
        for bit in stride(from: width - 1, through: 0, by: -1) { write(code >> bit & 1, 1) }
    }

    mutating func finish() -> [UInt8] {
        if count > 0 { bytes.append(UInt8(truncatingIfNeeded: held)) }
        return bytes
    }
}
