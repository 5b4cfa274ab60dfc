import Secrets

/// A block cipher with one key: the challenge and response of a card's management or
/// administrator's key.
package enum BlockCipher: Equatable, Sendable, CaseIterable {
    case tripleDES, aes128, aes192, aes256

    /// Bytes in a block.
    package var blockLength: Int { self == .tripleDES ? 8 : 16 }

    /// Bytes in a key.
    package var keyLength: Int {
        switch self {
        case .aes128: 16
        case .tripleDES, .aes192: 24
        case .aes256: 32
        }
    }

    // MARK: Test keys

    /// Enciphers whole blocks, for simulated tokens: their keys are nobody's secret.
    ///
    /// - Throws: `.wrongLength` for a key, a text or an initial vector of the wrong length.
    package func encrypt(
        _ text: [UInt8], key: [UInt8], mode: CipherMode = .ecb
    ) throws(CryptoError) -> [UInt8] {
        try run(text, key, mode, encrypting: true)
    }

    /// Deciphers whole blocks, for simulated tokens.
    package func decrypt(
        _ text: [UInt8], key: [UInt8], mode: CipherMode = .ecb
    ) throws(CryptoError) -> [UInt8] {
        try run(text, key, mode, encrypting: false)
    }

    private func run(
        _ text: [UInt8], _ key: [UInt8], _ mode: CipherMode, encrypting: Bool
    ) throws(CryptoError) -> [UInt8] {
        try check(text.count, key: key.count, mode)
        var out = [UInt8](repeating: 0, count: text.count)
        try key.withRawBytes { (key) throws(CryptoError) in
            try text.withRawBytes { (text) throws(CryptoError) in
                let done = out.withUnsafeMutableBytes { room -> Result<Void, CryptoError> in
                    do throws(CryptoError) {
                        try OpenSSL.cipher(
                            self, mode, text, key: key, encrypting: encrypting, into: room)
                        return .success(())
                    } catch {
                        return .failure(error)
                    }
                }
                try done.get()
            }
        }
        return out
    }

    // MARK: Secret keys

    /// Enciphers whole blocks and puts them behind what `out` holds; key and text stay in
    /// locked memory.
    ///
    /// - Throws: `.wrongLength` for a key, a text or an initial vector of the wrong length;
    ///   `.tooLarge` where `out` has no room.
    package func encrypt(
        _ text: borrowing LockedBuffer, key: borrowing Secret, mode: CipherMode,
        into out: inout LockedBuffer
    ) throws(CryptoError) {
        try run(text, key, mode, encrypting: true, into: &out)
    }

    /// Deciphers whole blocks and puts them behind what `out` holds; key and text stay in
    /// locked memory.
    package func decrypt(
        _ text: borrowing LockedBuffer, key: borrowing Secret, mode: CipherMode,
        into out: inout LockedBuffer
    ) throws(CryptoError) {
        try run(text, key, mode, encrypting: false, into: &out)
    }

    private func run(
        _ text: borrowing LockedBuffer, _ key: borrowing Secret, _ mode: CipherMode,
        encrypting: Bool, into out: inout LockedBuffer
    ) throws(CryptoError) {
        try check(text.count, key: key.count, mode)
        _ = try key.withBytes { (key) throws(CryptoError) in
            try text.withBytes { (text) throws(CryptoError) in
                try out.fill { (room) throws(CryptoError) -> Int in
                    guard room.count >= text.count else {
                        throw CryptoError(.tooLarge(limit: room.count), "the text of a cipher")
                    }
                    try OpenSSL.cipher(
                        self, mode, text, key: key, encrypting: encrypting, into: room)
                    return text.count
                }
            }
        }
    }

    private func check(_ text: Int, key: Int, _ mode: CipherMode) throws(CryptoError) {
        guard key == keyLength else {
            throw CryptoError(.wrongLength(expected: keyLength, got: key), "a cipher key")
        }
        guard text > 0, text % blockLength == 0 else {
            throw CryptoError(
                .wrongLength(expected: max(text - text % blockLength, blockLength), got: text),
                "the blocks of a cipher")
        }
        if case .cbc(let vector) = mode, vector.count != blockLength {
            throw CryptoError(
                .wrongLength(expected: blockLength, got: vector.count), "an initial vector")
        }
    }
}

/// How a cipher's blocks hang together (NIST SP 800-38A). Padding is the caller's.
package enum CipherMode: Equatable, Sendable {
    /// Each block for itself.
    case ecb
    /// Each block with the one before it, the first with the initial vector.
    case cbc(vector: [UInt8])
}

/// Comparison that does not tell by its time how much was right.
package enum ConstantTime {
    /// Whether both are the same bytes; the time depends on their lengths alone.
    package static func areEqual(
        _ one: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer
    ) -> Bool {
        OpenSSL.areEqual(one, other)
    }
}
