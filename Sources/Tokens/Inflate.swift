/// DEFLATE (RFC 1951) in gzip's (RFC 1952) or zlib's (RFC 1950) wrapping, into a bounded
/// output: certificates are stored compressed, and libz is not among our libraries.
package enum Inflate {
    package enum Failure: Error, Equatable, Sendable {
        /// The stream ends too early.
        case truncated
        /// A header, block, code or distance that the standards do not have.
        case malformed
        /// More output than the caller allows.
        case tooLong
        /// The check value at the end does not fit the output.
        case checkFailed
    }

    /// Unpacks gzip, zlib or bare DEFLATE data, told apart by their first bytes, to at most
    /// `limit` bytes.
    package static func unpack(_ bytes: [UInt8], limit: Int) throws(Failure) -> [UInt8] {
        if bytes.starts(with: [0x1F, 0x8B]) { return try gzip(bytes, limit: limit) }
        if bytes.count >= 2, bytes[0] & 0x0F == 8, bytes[0] >> 4 <= 7,
            (Int(bytes[0]) << 8 | Int(bytes[1])) % 31 == 0, bytes[1] & 0x20 == 0
        {
            return try zlib(bytes, limit: limit)
        }
        var stream = BitStream(bytes[...])
        return try deflate(&stream, limit: limit)
    }

    private static func gzip(_ bytes: [UInt8], limit: Int) throws(Failure) -> [UInt8] {
        guard bytes.count >= 18 else { throw .truncated }
        guard bytes[2] == 8, bytes[3] & 0xE0 == 0 else { throw .malformed }
        let flags = bytes[3]
        var rest = bytes[10...]
        if flags & 0x04 != 0 {
            guard let low = rest.popFirst(), let high = rest.popFirst() else { throw .truncated }
            let length = Int(low) | Int(high) << 8
            guard rest.count >= length else { throw .truncated }
            rest = rest.dropFirst(length)
        }
        // The file's name and comment, each ended by a zero.
        for flag: UInt8 in [0x08, 0x10] where flags & flag != 0 {
            guard let end = rest.firstIndex(of: 0) else { throw .truncated }
            rest = rest[(end + 1)...]
        }
        if flags & 0x02 != 0 {
            guard rest.count >= 2 else { throw .truncated }
            rest = rest.dropFirst(2)
        }
        var stream = BitStream(rest)
        let output = try deflate(&stream, limit: limit)
        let crc = try stream.number(bytes: 4)
        let length = try stream.number(bytes: 4)
        guard crc == crc32(output), length == UInt32(truncatingIfNeeded: output.count) else {
            throw .checkFailed
        }
        return output
    }

    private static func zlib(_ bytes: [UInt8], limit: Int) throws(Failure) -> [UInt8] {
        var stream = BitStream(bytes[2...])
        let output = try deflate(&stream, limit: limit)
        guard try stream.number(bytes: 4).byteSwapped == adler32(output) else { throw .checkFailed }
        return output
    }

    // MARK: DEFLATE

    private static func deflate(
        _ stream: inout BitStream, limit: Int
    ) throws(Failure) -> [UInt8] {
        var output: [UInt8] = []
        var isLast = false
        while !isLast {
            isLast = try stream.bits(1) == 1
            switch try stream.bits(2) {
            case 0:
                let length = try stream.number(bytes: 2)
                guard try stream.number(bytes: 2) == length ^ 0xFFFF else { throw .malformed }
                guard Int(length) <= limit - output.count else { throw .tooLong }
                output += try stream.bytes(Int(length))
            case 1:
                try block(&stream, HuffmanCode.fixed, &output, limit)
            case 2:
                try block(&stream, try dynamicCodes(&stream), &output, limit)
            default:
                throw .malformed
            }
        }
        return output
    }

    private static let lengthBase = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115,
        131, 163, 195, 227, 258,
    ]
    private static let lengthExtra = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    private static let distanceBase = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537,
        2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577,
    ]
    private static let distanceExtra = [
        0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12,
        13, 13,
    ]

    private static func block(
        _ stream: inout BitStream, _ codes: (literals: HuffmanCode, distances: HuffmanCode),
        _ output: inout [UInt8], _ limit: Int
    ) throws(Failure) {
        while true {
            let symbol = try codes.literals.next(&stream)
            if symbol < 256 {
                guard output.count < limit else { throw .tooLong }
                output.append(UInt8(symbol))
                continue
            }
            if symbol == 256 { return }
            guard symbol - 257 < lengthBase.count else { throw .malformed }
            let length = lengthBase[symbol - 257] + (try stream.bits(lengthExtra[symbol - 257]))
            let code = try codes.distances.next(&stream)
            guard code < distanceBase.count else { throw .malformed }
            let distance = distanceBase[code] + (try stream.bits(distanceExtra[code]))
            guard distance <= output.count else { throw .malformed }
            guard length <= limit - output.count else { throw .tooLong }
            // Source and target may overlap: the copy repeats what it just wrote.
            let start = output.count - distance
            for i in 0..<length { output.append(output[start + i]) }
        }
    }

    private static let codeLengthOrder = [
        16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
    ]

    private static func dynamicCodes(
        _ stream: inout BitStream
    ) throws(Failure) -> (literals: HuffmanCode, distances: HuffmanCode) {
        let literals = try stream.bits(5) + 257
        let distances = try stream.bits(5) + 1
        let codeLengths = try stream.bits(4) + 4
        guard literals <= 286, distances <= 30 else { throw .malformed }
        var order = [Int](repeating: 0, count: 19)
        for i in 0..<codeLengths { order[codeLengthOrder[i]] = try stream.bits(3) }
        let code = try HuffmanCode(order)
        var lengths: [Int] = []
        while lengths.count < literals + distances {
            let symbol = try code.next(&stream)
            switch symbol {
            case 16:
                guard let last = lengths.last else { throw .malformed }
                lengths += [Int](repeating: last, count: try stream.bits(2) + 3)
            case 17: lengths += [Int](repeating: 0, count: try stream.bits(3) + 3)
            case 18: lengths += [Int](repeating: 0, count: try stream.bits(7) + 11)
            default: lengths.append(symbol)
            }
        }
        guard lengths.count == literals + distances, lengths[256] != 0 else { throw .malformed }
        return (
            try HuffmanCode(Array(lengths[..<literals])),
            try HuffmanCode(Array(lengths[literals...]))
        )
    }

    // MARK: Check values

    static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var crc: UInt32 = .max
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
        return ~crc
    }

    static func adler32(_ bytes: [UInt8]) -> UInt32 {
        var a: UInt32 = 1
        var b: UInt32 = 0
        for byte in bytes {
            a = (a + UInt32(byte)) % 65521
            b = (b + a) % 65521
        }
        return b << 16 | a
    }
}

/// Bits of a DEFLATE stream, the lowest of each byte first.
private struct BitStream {
    private var rest: ArraySlice<UInt8>
    private var held: UInt32 = 0
    private var count = 0

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    mutating func bits(_ n: Int) throws(Inflate.Failure) -> Int {
        while count < n {
            guard let byte = rest.popFirst() else { throw .truncated }
            held |= UInt32(byte) << UInt32(count)
            count += 8
        }
        let value = held & ((1 << UInt32(n)) - 1)
        held >>= UInt32(n)
        count -= n
        return Int(value)
    }

    /// A little-endian number at the next byte boundary.
    mutating func number(bytes n: Int) throws(Inflate.Failure) -> UInt32 {
        var value: UInt32 = 0
        for (i, byte) in try bytes(n).enumerated() { value |= UInt32(byte) << UInt32(8 * i) }
        return value
    }

    /// Whole bytes from the next byte boundary on.
    mutating func bytes(_ n: Int) throws(Inflate.Failure) -> [UInt8] {
        _ = try bits(count % 8)
        var result: [UInt8] = []
        while count >= 8, result.count < n { result.append(UInt8(try bits(8))) }
        let more = n - result.count
        guard rest.count >= more else { throw .truncated }
        result += rest.prefix(more)
        rest = rest.dropFirst(more)
        return result
    }
}

/// A canonical Huffman code (RFC 1951, 3.2.2): how many codes of each length, and the symbols
/// in the order of their codes.
private struct HuffmanCode {
    private static let longest = 15
    private let counts: [Int]
    private let symbols: [Int]

    init(_ lengths: [Int]) throws(Inflate.Failure) {
        var counts = [Int](repeating: 0, count: Self.longest + 1)
        for length in lengths { counts[length] += 1 }
        counts[0] = 0
        var left = 1
        for length in 1...Self.longest {
            left = left << 1 - counts[length]
            guard left >= 0 else { throw .malformed }
        }
        var offsets = [Int](repeating: 0, count: Self.longest + 2)
        for length in 1...Self.longest { offsets[length + 1] = offsets[length] + counts[length] }
        var symbols = [Int](repeating: 0, count: lengths.count)
        for (symbol, length) in lengths.enumerated() where length != 0 {
            symbols[offsets[length]] = symbol
            offsets[length] += 1
        }
        self.counts = counts
        self.symbols = symbols
    }

    static let fixed: (literals: HuffmanCode, distances: HuffmanCode) = {
        let literals =
            [Int](repeating: 8, count: 144) + [Int](repeating: 9, count: 112)
            + [Int](repeating: 7, count: 24) + [Int](repeating: 8, count: 8)
        return (HuffmanCode(complete: literals), HuffmanCode(complete: [Int](repeating: 5, count: 30)))
    }()

    /// For lengths that are known to be good.
    private init(complete lengths: [Int]) {
        if let code = try? HuffmanCode(lengths) {
            self = code
        } else {
            counts = [Int](repeating: 0, count: Self.longest + 1)
            symbols = []
        }
    }

    func next(_ stream: inout BitStream) throws(Inflate.Failure) -> Int {
        var code = 0
        var first = 0
        var index = 0
        for length in 1...Self.longest {
            code |= try stream.bits(1)
            let count = counts[length]
            if code - count < first { return symbols[index + code - first] }
            index += count
            first = (first + count) << 1
            code <<= 1
        }
        throw .malformed
    }
}
