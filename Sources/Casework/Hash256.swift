import Crypto

/// A SHA-256 as four words: kept by the hundred thousand, compared for each line.
struct Hash256: Hashable, Comparable, Sendable {
    private let a, b, c, d: UInt64

    /// One word of a hash is as good as all four.
    func hash(into hasher: inout Hasher) { hasher.combine(a) }

    /// What the first line holds for the line before it.
    static let zeros = Hash256(UnsafeRawBufferPointer(start: nil, count: 0))

    /// - Parameter bytes: 32 of them.
    init(_ bytes: UnsafeRawBufferPointer) {
        func word(_ i: Int) -> UInt64 {
            i * 8 + 8 <= bytes.count
                ? UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: i * 8, as: UInt64.self)) : 0
        }
        (a, b, c, d) = (word(0), word(1), word(2), word(3))
    }

    /// nil for anything but 64 lower-case hex digits.
    init?(hex: UnsafeRawBufferPointer) {
        guard hex.count == 64 else { return nil }
        func word(_ i: Int) -> (UInt64, isHex: Bool) {
            let (high, highIsHex) = Hash256.eight(hex, at: i * 16)
            let (low, lowIsHex) = Hash256.eight(hex, at: i * 16 + 8)
            return (high << 32 | low, highIsHex && lowIsHex)
        }
        let (a, b, c, d) = (word(0), word(1), word(2), word(3))
        guard a.isHex, b.isHex, c.isHex, d.isHex else { return nil }
        (self.a, self.b, self.c, self.d) = (a.0, b.0, c.0, d.0)
    }

    init?(hex: String) {
        var hex = hex
        let found = hex.withUTF8 { Hash256(hex: UnsafeRawBufferPointer($0)) }
        guard let found else { return nil }
        self = found
    }

    /// The number that eight digits spell, all at once, and whether they are digits.
    private static func eight(
        _ hex: UnsafeRawBufferPointer, at start: Int
    ) -> (UInt64, isHex: Bool) {
        let text = UInt64(
            littleEndian: hex.loadUnaligned(fromByteOffset: start, as: UInt64.self))
        let ones: UInt64 = 0x0101_0101_0101_0101
        // Letters have bit 6 set and begin at 1, digits have not and begin at 0.
        let digits = text & (ones &* 0x0F) &+ (text >> 6 & ones) &* 9
        let isLetter = (digits &+ ones &* 0x76) >> 7 & ones
        let back = digits &+ ones &* 0x30 &+ isLetter &* 0x27
        var value = (digits << 4 | digits >> 8) & 0x00FF_00FF_00FF_00FF
        value = (value | value >> 8) & 0x0000_FFFF_0000_FFFF
        value = (value | value >> 16) & 0xFFFF_FFFF
        // Letters behind f spell numbers above 15.
        let isHex = back == text && digits & (ones &* 0xF0) == 0
        return (UInt64(UInt32(value).byteSwapped), isHex)
    }

    /// By the bytes, from the first on.
    static func < (one: Hash256, other: Hash256) -> Bool {
        (one.a, one.b, one.c, one.d) < (other.a, other.b, other.c, other.d)
    }

    /// The hash of `text`.
    static func of(_ text: [UInt8]) throws(CryptoError) -> Hash256 {
        Hash256(hash: try SHA256.hash(text))
    }

    /// The hash of a line, which `text` holds with its LF.
    static func ofLine(_ text: [UInt8]) throws(CryptoError) -> Hash256 {
        // Swift 6.0's withUnsafeBytes loses the type of the error.
        let hash = text.withUnsafeBytes { bytes -> Result<[UInt8], CryptoError> in
            do throws(CryptoError) {
                return .success(
                    try SHA256.hash(UnsafeRawBufferPointer(rebasing: bytes.dropLast())))
            } catch {
                return .failure(error)
            }
        }
        return Hash256(hash: try hash.get())
    }

    private init(hash: [UInt8]) { self = hash.withUnsafeBytes { Hash256($0) } }

    /// Its 32 bytes.
    var bytes: [UInt8] {
        [a, b, c, d].flatMap { word in
            stride(from: 56, through: 0, by: -8).map {
                UInt8(truncatingIfNeeded: word >> UInt64($0))
            }
        }
    }

    /// 64 lower-case hex digits.
    var hex: String {
        String(unsafeUninitializedCapacity: 64) { digits in
            var place = 0
            for word in [a, b, c, d] {
                for shift in stride(from: UInt64(60), through: 0, by: -4) {
                    let digit = UInt8(truncatingIfNeeded: word >> shift) & 15
                    digits[place] = digit < 10 ? 0x30 + digit : 0x57 + digit
                    place += 1
                }
            }
            return place
        }
    }
}
