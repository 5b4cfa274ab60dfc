/// What a card answers: data and a status word (ISO 7816-4, 5.1).
package struct ResponseAPDU: Equatable, Sendable {
    /// 0 to 65536 bytes; more where a collector gathered several answers.
    package let data: [UInt8]
    package let status: StatusWord

    package init(data: [UInt8] = [], status: StatusWord) {
        self.data = data
        self.status = status
    }

    /// - Throws: `.responseLength` below 2 and above 65538 bytes.
    package init(parsing bytes: UnsafeRawBufferPointer) throws(APDUError) {
        status = try StatusWord(endOf: bytes)
        data = Array(bytes.dropLast(2))
    }
}

extension StatusWord {
    /// The status word that ends one response.
    ///
    /// - Throws: `.responseLength` below 2 and above 65538 bytes.
    package init(endOf response: UnsafeRawBufferPointer) throws(APDUError) {
        guard response.count >= 2, response.count <= ResponseBuffer.largest else {
            throw APDUError(.responseLength, at: response.count)
        }
        self.init(response[response.count - 2], response[response.count - 1])
    }
}

/// Memory for one response with its status word, made once and used again.
package struct ResponseBuffer: ~Copyable {
    /// The longest response there is: 65536 bytes and the status word.
    package static var largest: Int { 65538 }

    private let base: UnsafeMutableRawPointer
    /// How many bytes fit.
    package let capacity: Int
    /// How many bytes are held.
    package private(set) var count = 0

    /// - Parameter capacity: 2 to 65538 bytes; what lies outside is brought inside.
    package init(capacity: Int = ResponseBuffer.largest) {
        self.capacity = min(max(capacity, 2), ResponseBuffer.largest)
        base = .allocate(byteCount: self.capacity, alignment: 16)
    }

    deinit { base.deallocate() }

    /// Forgets what is held.
    package mutating func clear() { count = 0 }

    /// Lets `body` write a new response over the old one and say how many bytes it wrote.
    ///
    /// Holds nothing if `body` throws. The memory `body` sees is not initialised.
    package mutating func fill<E: Error>(
        _ body: (UnsafeMutableRawBufferPointer) throws(E) -> Int
    ) throws(E) {
        count = 0
        let written = try body(UnsafeMutableRawBufferPointer(start: base, count: capacity))
        count = min(max(written, 0), capacity)
    }

    /// Appends `bytes`; false, and nothing changed, when they do not fit.
    package mutating func append(contentsOf bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count <= capacity - count else { return false }
        guard let source = bytes.baseAddress else { return true }
        base.advanced(by: count).copyMemory(from: source, byteCount: bytes.count)
        count += bytes.count
        return true
    }

    /// Holds `response` instead of what was held, as far as it fits.
    package mutating func set(_ response: ResponseAPDU) -> Bool {
        clear()
        guard response.data.count <= capacity - 2 else { return false }
        response.data.withUnsafeBytes { _ = append(contentsOf: $0) }
        base.storeBytes(of: response.status.sw1, toByteOffset: count, as: UInt8.self)
        base.storeBytes(of: response.status.sw2, toByteOffset: count + 1, as: UInt8.self)
        count += 2
        return true
    }

    /// The held bytes, for the time of `body` only.
    package borrowing func withBytes<R: ~Copyable, E: Error>(
        _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        try body(UnsafeRawBufferPointer(start: base, count: count))
    }
}

// The memory has exactly one owner, a value that cannot be copied, and every write to it goes
// through a `mutating` method: moving the value to another thread moves the only way in.
extension ResponseBuffer: @unchecked Sendable {}
