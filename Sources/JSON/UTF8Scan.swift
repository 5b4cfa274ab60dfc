/// The length of the well-formed UTF-8 sequence at `position`, or 0 where there is none
/// (RFC 3629 section 4).
package func utf8Length(_ bytes: UnsafeRawBufferPointer, at position: Int) -> Int {
    let lead = bytes[position]
    func follows(_ distance: Int, _ range: ClosedRange<UInt8> = 0x80...0xBF) -> Bool {
        position + distance < bytes.count && range.contains(bytes[position + distance])
    }
    switch lead {
    case 0x00...0x7F: return 1
    case 0xC2...0xDF: return follows(1) ? 2 : 0
    case 0xE0: return follows(1, 0xA0...0xBF) && follows(2) ? 3 : 0
    case 0xED: return follows(1, 0x80...0x9F) && follows(2) ? 3 : 0
    case 0xE1...0xEF: return follows(1) && follows(2) ? 3 : 0
    case 0xF0: return follows(1, 0x90...0xBF) && follows(2) && follows(3) ? 4 : 0
    case 0xF1...0xF3: return follows(1) && follows(2) && follows(3) ? 4 : 0
    case 0xF4: return follows(1, 0x80...0x8F) && follows(2) && follows(3) ? 4 : 0
    default: return 0
    }
}

extension UInt8 {
    @inlinable static var quote: UInt8 { 0x22 }
    @inlinable static var backslash: UInt8 { 0x5C }
    static var slash: UInt8 { 0x2F }
    static var star: UInt8 { 0x2A }
    @inlinable static var comma: UInt8 { 0x2C }
    @inlinable static var colon: UInt8 { 0x3A }
    @inlinable static var openBrace: UInt8 { 0x7B }
    @inlinable static var closeBrace: UInt8 { 0x7D }
    @inlinable static var openBracket: UInt8 { 0x5B }
    @inlinable static var closeBracket: UInt8 { 0x5D }
    static var minus: UInt8 { 0x2D }
    static var lineFeed: UInt8 { 0x0A }
    static var carriageReturn: UInt8 { 0x0D }

    var isDigit: Bool { 0x30...0x39 ~= self }
    /// Whether it could go on a word or number: such a byte right behind one is an error.
    var isWordByte: Bool {
        isDigit || 0x41...0x5A ~= self || 0x61...0x7A ~= self || self == 0x2E || self == 0x2B
            || self == 0x2D || self == 0x5F
    }
}
