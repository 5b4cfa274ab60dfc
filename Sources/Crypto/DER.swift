/// The little DER this module writes by itself: extensions of test certificates, and the
/// frame around the numbers of a public key.
enum DER {
    static func value(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        var length: [UInt8] = []
        var rest = content.count
        while rest > 0 {
            length.insert(UInt8(truncatingIfNeeded: rest), at: 0)
            rest >>= 8
        }
        if content.count < 0x80 { return [tag, UInt8(content.count)] + content }
        return [tag, 0x80 | UInt8(length.count)] + length + content
    }

    static func sequence(_ content: [UInt8]) -> [UInt8] { value(0x30, content) }
    static func octets(_ content: [UInt8]) -> [UInt8] { value(0x04, content) }
    /// An INTEGER from a number's digits, big-endian, never below zero.
    static func unsigned(_ digits: [UInt8]) -> [UInt8] {
        let digits = Array(digits.drop { $0 == 0 })
        let needsZero = digits.first.map { $0 & 0x80 != 0 } ?? true
        return value(0x02, (needsZero ? [0] : []) + digits)
    }
    static func bitString(_ content: [UInt8]) -> [UInt8] { value(0x03, [0] + content) }
}
