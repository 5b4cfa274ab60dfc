/// A byte buffer of fixed capacity in locked memory, wiped when it goes out of scope.
///
/// What passes through it may be a code: a message from the socket, an APDU on its way to a
/// token, keys from a terminal. It cannot be copied, printed or encoded; its bytes are
/// visible only inside `withBytes`.
package struct LockedBuffer: ~Copyable {
    private let pages: LockedPages
    /// How many bytes fit.
    package let capacity: Int
    /// How many bytes are held.
    package private(set) var count = 0

    /// - Throws: `.noLockedMemory` when the kernel gives or locks no pages.
    package init(capacity: Int) throws(SecretError) {
        self.pages = try LockedPages(atLeast: capacity)
        self.capacity = capacity
    }

    /// Appends one byte; false, and nothing changed, when the buffer is full.
    package mutating func append(_ byte: UInt8) -> Bool {
        guard count < capacity else { return false }
        pages.base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count += 1
        return true
    }

    /// Appends all of `bytes`; false, and nothing changed, when they do not fit.
    package mutating func append(contentsOf bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count <= capacity - count else { return false }
        guard let source = bytes.baseAddress else { return true }
        pages.base.advanced(by: count).copyMemory(from: source, byteCount: bytes.count)
        count += bytes.count
        return true
    }

    /// Lets `body` write behind the held bytes and say how many it wrote; at most the room
    /// that is left is taken over.
    package mutating func fill<E: Error>(
        _ body: (UnsafeMutableRawBufferPointer) throws(E) -> Int
    ) throws(E) -> Int {
        let room = UnsafeMutableRawBufferPointer(
            start: pages.base.advanced(by: count), count: capacity - count)
        let written = min(max(try body(room), 0), room.count)
        count += written
        return written
    }

    /// Removes the first `n` bytes, moves the rest to the front, and wipes behind it.
    package mutating func removeFirst(_ n: Int) {
        let n = min(max(n, 0), count)
        let rest = count - n
        pages.base.copyMemory(from: pages.base.advanced(by: n), byteCount: rest)
        UnsafeMutableRawBufferPointer(start: pages.base.advanced(by: rest), count: n).wipe()
        count = rest
    }

    /// Removes the last byte, if there is one, and wipes it.
    package mutating func removeLast() {
        guard count > 0 else { return }
        count -= 1
        pages.base.storeBytes(of: 0, toByteOffset: count, as: UInt8.self)
    }

    /// Zeroes everything and holds no bytes.
    package mutating func wipe() {
        pages.wipe(count)
        count = 0
    }

    /// The held bytes, for the time of `body` only.
    package borrowing func withBytes<R: ~Copyable, E: Error>(
        _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        try body(UnsafeRawBufferPointer(start: pages.base, count: count))
    }
}

// The pages have exactly one owner, a value that cannot be copied, and every write to them
// goes through a `mutating` method: moving the value to another thread moves the only way in.
extension LockedBuffer: @unchecked Sendable {}

extension UnsafeMutableRawBufferPointer {
    /// Zeroes these bytes in a way the optimiser may not leave out.
    package func wipe() {
        guard let baseAddress else { return }
        wipeMemory(baseAddress, count)
    }
}
