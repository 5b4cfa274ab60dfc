import COpenSSL

extension OpenSSL {
    /// Runs a cipher over whole blocks into as many bytes of `out`.
    ///
    /// OpenSSL keeps the key's schedule in ordinary memory and zeroes it when the context is
    /// freed, which is before this returns.
    static func cipher(
        _ cipher: BlockCipher, _ mode: CipherMode, _ text: UnsafeRawBufferPointer,
        key: UnsafeRawBufferPointer, encrypting: Bool, into out: UnsafeMutableRawBufferPointer
    ) throws(CryptoError) {
        let method: OpaquePointer?
        let vector: [UInt8]?
        switch mode {
        case .ecb:
            vector = nil
            method =
                switch cipher {
                case .tripleDES: EVP_des_ede3_ecb()
                case .aes128: EVP_aes_128_ecb()
                case .aes192: EVP_aes_192_ecb()
                case .aes256: EVP_aes_256_ecb()
                }
        case .cbc(let initial):
            vector = initial
            method =
                switch cipher {
                case .tripleDES: EVP_des_ede3_cbc()
                case .aes128: EVP_aes_128_cbc()
                case .aes192: EVP_aes_192_cbc()
                case .aes256: EVP_aes_256_cbc()
                }
        }
        guard let context = EVP_CIPHER_CTX_new() else { throw failure("a cipher") }
        defer { EVP_CIPHER_CTX_free(context) }
        let keyBytes = key.bindMemory(to: UInt8.self).baseAddress
        let bytes = text.bindMemory(to: UInt8.self).baseAddress
        let output = out.bindMemory(to: UInt8.self).baseAddress
        var count: Int32 = 0
        guard out.count >= text.count,
            EVP_CipherInit_ex(context, method, nil, keyBytes, vector, encrypting ? 1 : 0) == 1,
            EVP_CIPHER_CTX_set_padding(context, 0) == 1,
            EVP_CipherUpdate(context, output, &count, bytes, Int32(clamping: text.count)) == 1,
            Int(count) == text.count
        else { throw failure("the cipher \(cipher)") }
    }

    /// Whether two runs of as many bytes are the same, in a time their content does not change.
    static func areEqual(_ one: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer) -> Bool {
        guard one.count == other.count else { return false }
        guard let left = one.baseAddress, let right = other.baseAddress else { return true }
        return CRYPTO_memcmp(left, right, one.count) == 0
    }
}
