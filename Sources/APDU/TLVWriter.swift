/// Writes BER-TLV data objects, each length in its shortest form (ISO 7816-4, 5.2.2.2).
///
/// An object that holds others is written by its `header` and then its parts, whose lengths
/// `encodedLength` gives beforehand: nothing is built in between, so a code in a value is
/// written once, into the caller's memory.
package enum TLVWriter {
    /// Bytes of the whole object: tag, length field and value.
    package static func encodedLength(_ tag: TLVTag, valueCount: Int) -> Int {
        tag.byteCount + 1 + moreLengthBytes(valueCount) + valueCount
    }

    /// Writes tag and length; the caller writes `valueCount` bytes after them.
    ///
    /// - Throws: `.tagInvalid`, `.lengthInvalid` for a negative count or one above 32 bits,
    ///   `.sinkFull`.
    package static func header<S: ByteSink & ~Copyable>(
        _ tag: TLVTag, valueCount: Int, into sink: inout S
    ) throws(APDUError) {
        guard tag.isValid else { throw APDUError(.tagInvalid) }
        guard let count = UInt32(exactly: valueCount) else { throw APDUError(.lengthInvalid) }
        try put(tag.rawValue, bytes: tag.byteCount, &sink)
        let more = moreLengthBytes(valueCount)
        if more > 0 { try put(0x80 | UInt32(more), bytes: 1, &sink) }
        try put(count, bytes: max(more, 1), &sink)
    }

    /// Writes a whole object.
    ///
    /// - Throws: as `header` does; after `.sinkFull` part of the object is in the sink.
    package static func write<S: ByteSink & ~Copyable>(
        _ tag: TLVTag, _ value: UnsafeRawBufferPointer, into sink: inout S
    ) throws(APDUError) {
        try header(tag, valueCount: value.count, into: &sink)
        guard sink.append(contentsOf: value) else { throw APDUError(.sinkFull) }
    }

    /// The bytes of an object that is nobody's secret.
    ///
    /// - Throws: `.tagInvalid`.
    package static func object(_ tag: TLVTag, _ value: [UInt8]) throws(APDUError) -> [UInt8] {
        var sink = PlainBuffer(capacity: encodedLength(tag, valueCount: value.count))
        try header(tag, valueCount: value.count, into: &sink)
        return sink.bytes + value
    }

    /// Bytes of the length field after its first one, 0 to 4.
    private static func moreLengthBytes(_ count: Int) -> Int {
        switch count {
        case ...0x7F: 0
        case ...0xFF: 1
        case ...0xFFFF: 2
        case ...0xFF_FFFF: 3
        default: 4
        }
    }

    private static func put<S: ByteSink & ~Copyable>(
        _ value: UInt32, bytes: Int, _ sink: inout S
    ) throws(APDUError) {
        for i in stride(from: bytes - 1, through: 0, by: -1) {
            let byte = UInt8(truncatingIfNeeded: value >> (8 * UInt32(i)))
            guard sink.append(byte) else { throw APDUError(.sinkFull) }
        }
    }
}
