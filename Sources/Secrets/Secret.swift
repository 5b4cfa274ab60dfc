import Synchronization

/// A code or key: PIN, PUK, SO-PIN, administrator's key, in one encoding.
///
/// There is no way to print, describe, encode or hash it, it is not `Equatable`, and it ends
/// in a wipe on every path.
package struct Secret: ~Copyable, Sendable {
    private let buffer: LockedBuffer

    /// The longest code or key any token family knows, in bytes.
    package static var longest: Int { 256 }

    /// Copies `bytes` into locked memory of its own; the caller wipes the source.
    package init(copying bytes: UnsafeRawBufferPointer) throws(SecretError) {
        guard bytes.count <= Secret.longest else {
            throw SecretError(code: .tooLong(limit: Secret.longest))
        }
        var buffer = try LockedBuffer(capacity: bytes.count)
        _ = buffer.append(contentsOf: bytes)
        self.buffer = buffer
    }

    /// Takes over a buffer with everything in it.
    package init(_ buffer: consuming LockedBuffer) throws(SecretError) {
        guard buffer.count <= Secret.longest else {
            throw SecretError(code: .tooLong(limit: Secret.longest))
        }
        self.buffer = buffer
    }

    /// Length in bytes. A length is not held to be secret: rules about it are shown to people.
    package var count: Int { buffer.count }

    /// The bytes, for the time of `body` only.
    package borrowing func withBytes<R: ~Copyable, E: Error>(
        _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        try buffer.withBytes(body)
    }

    /// Whether both hold the same bytes, in a time that depends on the lengths alone.
    package borrowing func matches(_ other: borrowing Secret) -> Bool {
        withBytes { mine in
            other.withBytes { theirs in
                guard mine.count == theirs.count else { return false }
                var difference: UInt8 = 0
                for i in 0..<mine.count { difference |= mine[i] ^ theirs[i] }
                return difference == 0
            }
        }
    }
}

/// A secret where there may be none: wiped when the last who holds it lets go.
package final class HeldSecret: Sendable {
    package let secret: Secret

    package init(_ secret: consuming Secret) { self.secret = secret }
}

/// Hands one secret from one thread to another: whoever takes it first has it alone.
package final class SecretHandOver: Sendable {
    private let slot: Mutex<HeldSecret?>

    package init(_ held: HeldSecret) { slot = Mutex(held) }

    /// The secret, once; nothing after that.
    package func take() -> HeldSecret? {
        slot.withLock { held in
            defer { held = nil }
            return held
        }
    }

    /// Wipes the secret where nobody took it.
    package func discard() { _ = take() }
}
