import Secrets

/// What may be told about a code without telling the code.
struct CodeFacts: Equatable, Sendable {
    /// Bytes as the token counts them.
    var length = 0
    /// Characters as a person counts them: dots on the screen.
    var characters = 0
    var digitsOnly = true
    /// Only 0x20 to 0x7E.
    var printableASCII = true
    /// 0 to 9 and A to F, either case.
    var hexOnly = true
    /// Of a new code alone: it stands in makers' manuals, and the station would not take it.
    var isPublished = false

    static let empty = CodeFacts()
}

/// A code being typed: in locked memory, shown as dots, composed with nothing, handed over
/// once and wiped on every other path.
struct CodeField: ~Copyable {
    private var buffer: LockedBuffer

    /// Longest code taken, in bytes; longer than any token's.
    static let longest = 64

    init() throws(SecretError) { buffer = try LockedBuffer(capacity: CodeField.longest) }

    /// Takes one character in UTF-8, byte for byte; false when the field is full.
    mutating func append(_ scalar: Unicode.Scalar) -> Bool {
        let value = scalar.value
        let needed = value < 0x80 ? 1 : value < 0x800 ? 2 : value < 0x10000 ? 3 : 4
        guard buffer.count + needed <= CodeField.longest else { return false }
        // Written byte by byte: an encoder's array or string would keep a copy.
        switch needed {
        case 1: return buffer.append(UInt8(truncatingIfNeeded: value))
        case 2: _ = buffer.append(0xC0 | UInt8(truncatingIfNeeded: value >> 6))
        case 3:
            _ = buffer.append(0xE0 | UInt8(truncatingIfNeeded: value >> 12))
            _ = buffer.append(0x80 | UInt8(truncatingIfNeeded: value >> 6) & 0x3F)
        default:
            _ = buffer.append(0xF0 | UInt8(truncatingIfNeeded: value >> 18))
            _ = buffer.append(0x80 | UInt8(truncatingIfNeeded: value >> 12) & 0x3F)
            _ = buffer.append(0x80 | UInt8(truncatingIfNeeded: value >> 6) & 0x3F)
        }
        return buffer.append(0x80 | UInt8(truncatingIfNeeded: value) & 0x3F)
    }

    /// Takes back the last character.
    mutating func removeLast() {
        while buffer.count > 0 {
            let isContinuation = buffer.withBytes { bytes in
                bytes[bytes.count - 1] & 0xC0 == 0x80
            }
            buffer.removeLast()
            if !isContinuation { break }
        }
    }

    mutating func wipe() { buffer.wipe() }

    var facts: CodeFacts {
        buffer.withBytes { bytes in
            var facts = CodeFacts()
            facts.length = bytes.count
            for byte in bytes {
                if byte & 0xC0 != 0x80 { facts.characters += 1 }
                if !(0x30...0x39).contains(byte) {
                    facts.digitsOnly = false
                    if !(0x41...0x46).contains(byte & 0xDF) { facts.hexOnly = false }
                }
                if !(0x20...0x7E).contains(byte) { facts.printableASCII = false }
            }
            return facts
        }
    }

    var isPublished: Bool { PublishedDefaults.contains(buffer) }

    /// Whether both fields hold the same, in a time that depends on the lengths alone.
    borrowing func matches(_ other: borrowing CodeField) -> Bool {
        buffer.withBytes { mine in
            other.buffer.withBytes { theirs in
                guard mine.count == theirs.count else { return false }
                var difference: UInt8 = 0
                for i in 0..<mine.count { difference |= mine[i] ^ theirs[i] }
                return difference == 0
            }
        }
    }

    /// Moves the code out; the field is empty and wiped afterwards.
    mutating func take() throws(SecretError) -> Secret {
        let secret = try buffer.withBytes { bytes throws(SecretError) in
            try Secret(copying: bytes)
        }
        buffer.wipe()
        return secret
    }
}
