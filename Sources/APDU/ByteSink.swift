/// Where bytes are written: memory of the caller's, of a fixed size.
package protocol ByteSink: ~Copyable {
    /// Appends one byte; false, and nothing changed, when it is full.
    mutating func append(_ byte: UInt8) -> Bool
    /// Appends all of `bytes`; false, and nothing changed, when they do not fit.
    mutating func append(contentsOf bytes: UnsafeRawBufferPointer) -> Bool
}

/// A sink for one command at a time, which may carry a code: it can be read for sending, and
/// wiped.
package protocol CommandBuffer: ~Copyable, ByteSink {
    /// Zeroes everything and holds no bytes.
    mutating func wipe()
    /// The held bytes, for the time of `body` only.
    borrowing func withBytes<R: ~Copyable, E: Error>(
        _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R
}

/// A command buffer in ordinary memory, for what is nobody's secret: not locked, and may be
/// left in a core dump.
package struct PlainBuffer: ~Copyable, CommandBuffer {
    private let base: UnsafeMutableRawPointer
    /// How many bytes fit.
    package let capacity: Int
    /// How many bytes are held.
    package private(set) var count = 0

    /// - Parameter capacity: in bytes; the default takes the longest command there is.
    package init(capacity: Int = PlainBuffer.longestCommand) {
        self.capacity = max(capacity, 0)
        base = .allocate(byteCount: max(self.capacity, 1), alignment: 16)
    }

    deinit { base.deallocate() }

    /// Four bytes of header, an extended Lc, 65535 bytes of data and an extended Le.
    package static var longestCommand: Int { 65544 }

    /// A copy of the held bytes.
    package var bytes: [UInt8] { Array(UnsafeRawBufferPointer(start: base, count: count)) }

    package mutating func append(_ byte: UInt8) -> Bool {
        guard count < capacity else { return false }
        base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count += 1
        return true
    }

    package mutating func append(contentsOf bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count <= capacity - count else { return false }
        guard let source = bytes.baseAddress else { return true }
        base.advanced(by: count).copyMemory(from: source, byteCount: bytes.count)
        count += bytes.count
        return true
    }

    package mutating func wipe() {
        for i in 0..<count { base.storeBytes(of: 0, toByteOffset: i, as: UInt8.self) }
        count = 0
    }

    package borrowing func withBytes<R: ~Copyable, E: Error>(
        _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        try body(UnsafeRawBufferPointer(start: base, count: count))
    }
}

// As with ResponseBuffer: one owner that cannot be copied, and every write is `mutating`.
extension PlainBuffer: @unchecked Sendable {}
