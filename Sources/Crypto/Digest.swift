import Secrets

/// A hash function of FIPS 180-4.
package enum Digest: Equatable, Hashable, Sendable, CaseIterable {
    case sha1, sha256, sha384, sha512

    /// Length of a hash in bytes.
    package var length: Int {
        switch self {
        case .sha1: 20
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }

    /// The hash of `bytes` in one call.
    ///
    /// - Throws: `.library` when libcrypto offers no such hash (a local configuration can take
    ///   SHA-1 away) or has no memory.
    package func hash(_ bytes: UnsafeRawBufferPointer) throws(CryptoError) -> [UInt8] {
        try OpenSSL.digest(self, bytes)
    }

    /// The hash of `bytes` in one call.
    package func hash(_ bytes: [UInt8]) throws(CryptoError) -> [UInt8] {
        try bytes.withRawBytes { (raw) throws(CryptoError) in try OpenSSL.digest(self, raw) }
    }
}

extension Digest {
    /// Hashes a code and puts the hash behind what `out` holds. The hash opens what the code
    /// opens, so it is a secret too; nothing of either is left outside locked memory.
    ///
    /// - Throws: `.library`; `.wrongLength` where `out` has no room.
    package func hash(
        _ code: borrowing Secret, into out: inout LockedBuffer
    ) throws(CryptoError) {
        let state = try OpenSSL.DigestState(self)
        defer { OpenSSL.wipeStack() }
        try code.withBytes { (bytes) throws(CryptoError) in try state.update(bytes) }
        _ = try out.fill { (room) throws(CryptoError) in try state.finish(into: room) }
    }
}

/// SHA-256 over bytes that come in pieces.
package struct SHA256: ~Copyable {
    private let state: OpenSSL.DigestState

    /// - Throws: `.library` when libcrypto has no memory.
    package init() throws(CryptoError) { state = try OpenSSL.DigestState(.sha256) }

    /// Adds `bytes` to what is hashed.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) throws(CryptoError) {
        try state.update(bytes)
    }

    /// Adds `bytes` to what is hashed.
    package mutating func update(_ bytes: [UInt8]) throws(CryptoError) {
        try bytes.withRawBytes { (raw) throws(CryptoError) in try state.update(raw) }
    }

    /// The 32 bytes of the hash; nothing can be added afterwards.
    package consuming func finish() throws(CryptoError) -> [UInt8] { try state.finish() }

    /// The hash of `bytes` in one call.
    package static func hash(_ bytes: UnsafeRawBufferPointer) throws(CryptoError) -> [UInt8] {
        try Digest.sha256.hash(bytes)
    }

    /// The hash of `bytes` in one call.
    package static func hash(_ bytes: [UInt8]) throws(CryptoError) -> [UInt8] {
        try Digest.sha256.hash(bytes)
    }

    /// The hash of `bytes` as 64 lower-case hex digits, as `sha256sum` prints it.
    package static func hex(_ bytes: [UInt8]) throws(CryptoError) -> String {
        Hex.lower(try hash(bytes))
    }
}

/// SHA-256 over many short texts, one after another, with one state for all of them.
///
/// Used by one thread at a time. A class: values that cannot be copied do not stand in the
/// optionals and classes that hold it.
package final class RepeatedSHA256 {
    private let state: OpenSSL.DigestState

    /// - Throws: `.library` when libcrypto has no memory.
    package init() throws(CryptoError) { state = try OpenSSL.DigestState(.sha256) }

    /// The hash of `bytes` into `room`, which takes 32 bytes.
    package func hash(
        _ bytes: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer
    ) throws(CryptoError) {
        try state.restart()
        try state.update(bytes)
        _ = try state.finish(into: room)
    }
}
