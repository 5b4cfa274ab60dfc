/// One block cipher with one key, block by block: the challenge and response of a card's
/// management key (SP 800-73-4 part 2, 3.2.4). For simulated tokens.
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

    /// Enciphers one block.
    ///
    /// - Throws: `.wrongLength` for a key or block of the wrong length.
    package func encrypt(_ block: [UInt8], key: [UInt8]) throws(CryptoError) -> [UInt8] {
        try run(block, key, encrypting: true)
    }

    /// Deciphers one block.
    package func decrypt(_ block: [UInt8], key: [UInt8]) throws(CryptoError) -> [UInt8] {
        try run(block, key, encrypting: false)
    }

    private func run(
        _ block: [UInt8], _ key: [UInt8], encrypting: Bool
    ) throws(CryptoError) -> [UInt8] {
        guard key.count == keyLength else {
            throw CryptoError(.wrongLength(expected: keyLength, got: key.count), "a cipher key")
        }
        guard block.count == blockLength else {
            throw CryptoError(
                .wrongLength(expected: blockLength, got: block.count), "a cipher block")
        }
        return try OpenSSL.cipher(self, block, key: key, encrypting: encrypting)
    }
}
