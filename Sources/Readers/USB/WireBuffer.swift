import APDU
import Secrets

/// Locked memory for one message to or from a reader, which may hold a code.
struct WireBuffer: ~Copyable, CommandBuffer {
    private var bytes: LockedBuffer

    init(capacity: Int) throws(SecretError) { bytes = try LockedBuffer(capacity: capacity) }

    mutating func append(_ byte: UInt8) -> Bool { bytes.append(byte) }

    mutating func append(contentsOf more: UnsafeRawBufferPointer) -> Bool {
        bytes.append(contentsOf: more)
    }

    /// Lets `body` write a message over the last one, which is wiped before.
    mutating func refill<E: Error>(
        _ body: (UnsafeMutableRawBufferPointer) throws(E) -> Int
    ) throws(E) {
        bytes.wipe()
        _ = try bytes.fill(body)
    }

    mutating func wipe() { bytes.wipe() }

    /// Zeroes all there is room for: also what came before a transfer failed, and is not held.
    mutating func wipeAll() {
        bytes.wipe()
        _ = bytes.fill { room in
            room.wipe()
            return 0
        }
    }

    borrowing func withBytes<R: ~Copyable, E: Error>(
        _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        try bytes.withBytes(body)
    }
}
