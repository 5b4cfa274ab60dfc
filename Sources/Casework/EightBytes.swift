// Texts are searched and compared eight bytes at a time: a start looks at half a gigabyte.

extension UnsafeRawBufferPointer {
    /// The eight bytes from `place` on as one number, the first of them lowest. The caller makes
    /// sure that they are there.
    @inline(__always)
    func word(at place: Int) -> UInt64 {
        UInt64(littleEndian: loadUnaligned(fromByteOffset: place, as: UInt64.self))
    }

    /// Where the next quote or backslash stands, from `start` on; nil where there is none.
    @inline(__always)
    func nextQuoteOrBackslash(from start: Int) -> Int? {
        var at = start
        while count - at >= 8 {
            let word = word(at: at)
            let found = word.bytes(like: UInt8(ascii: "\"")) | word.bytes(like: UInt8(ascii: "\\"))
            if found != 0 { return at + found.trailingZeroBitCount / 8 }
            at += 8
        }
        while at < count {
            if self[at] == UInt8(ascii: "\"") || self[at] == UInt8(ascii: "\\") { return at }
            at += 1
        }
        return nil
    }
}

extension UInt64 {
    private static let ones: UInt64 = 0x0101_0101_0101_0101

    /// The highest bit of each of its bytes that is `byte`; bytes above the lowest of these may
    /// be marked though they are not.
    @inline(__always)
    func bytes(like byte: UInt8) -> UInt64 {
        let others = self ^ (UInt64.ones &* UInt64(byte))
        return (others &- UInt64.ones) & ~others & (UInt64.ones << 7)
    }

    /// The same for bytes that a string of printable ASCII without escapes does not have, its end
    /// among them.
    @inline(__always)
    var bytesNotPlain: UInt64 {
        let controls = (self &- UInt64.ones &* 0x20) & ~self & (UInt64.ones << 7)
        return controls | self & (UInt64.ones << 7) | bytes(like: 0x7F)
            | bytes(like: UInt8(ascii: "\"")) | bytes(like: UInt8(ascii: "\\"))
    }
}
