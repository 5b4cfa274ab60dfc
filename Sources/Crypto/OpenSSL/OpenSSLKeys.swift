import COpenSSL

extension OpenSSL {
    enum Number {
        case modulus, exponent
        var name: String { self == .modulus ? OSSL_PKEY_PARAM_RSA_N : OSSL_PKEY_PARAM_RSA_E }
    }

    /// An EVP_PKEY.
    struct Key: ~Copyable {
        let pointer: OpaquePointer

        /// Takes over one reference.
        init(owning pointer: OpaquePointer) { self.pointer = pointer }

        init(publicDER der: [UInt8]) throws(CryptoError) { pointer = try Self.read(der) }

        /// One reference to a public key.
        fileprivate static func read(_ der: [UInt8]) throws(CryptoError) -> OpaquePointer {
            let read = parse(der) { d2i_PUBKEY(nil, &$0, $1) }
            guard let pointer = read.object else { throw failure("a public key", .malformed) }
            guard read.whole else {
                EVP_PKEY_free(pointer)
                throw CryptoError(.malformed, "bytes after a public key")
            }
            return pointer
        }

        var algorithm: KeyAlgorithm {
            let bits = Int(EVP_PKEY_get_bits(pointer))
            switch EVP_PKEY_get_base_id(pointer) {
            case EVP_PKEY_RSA where (1024...4096).contains(bits): return .rsa(bits: bits)
            case EVP_PKEY_RSA: return .other("RSA-\(bits)")
            case EVP_PKEY_ED25519: return .ed25519
            case EVP_PKEY_EC:
                var name = [CChar](repeating: 0, count: 80)
                guard EVP_PKEY_get_group_name(pointer, &name, name.count, nil) == 1 else {
                    ERR_clear_error()
                    return .other("EC")
                }
                switch OBJ_sn2nid(name) {
                case NID_X9_62_prime256v1: return .p256
                case NID_secp384r1: return .p384
                default: return .other(text(name))
                }
            default:
                return .other(
                    EVP_PKEY_get0_type_name(pointer).map { String(cString: $0) } ?? "unknown")
            }
        }

        func publicKey() throws(CryptoError) -> PublicKey {
            guard let der = encode({ i2d_PUBKEY(pointer, $0) }) else {
                throw failure("encoding a public key")
            }
            return PublicKey(algorithm: algorithm, subjectPublicKeyInfo: der)
        }

        func verify(
            _ signature: [UInt8], _ message: [UInt8], _ digest: Digest?
        ) throws(CryptoError) -> Bool {
            guard let context = EVP_MD_CTX_new() else { throw failure("a verification") }
            defer { EVP_MD_CTX_free(context) }
            let hash = digest.flatMap(method)
            guard EVP_DigestVerifyInit(context, nil, hash, nil, pointer) == 1 else {
                throw failure("verifying a signature")
            }
            let result = EVP_DigestVerify(
                context, signature, signature.count, message, message.count)
            // A malformed signature (negative) is a signature that does not verify.
            ERR_clear_error()
            return result == 1
        }

        func point() throws(CryptoError) -> [UInt8] {
            switch algorithm {
            case .p256, .p384: break
            case .ed25519:
                var bytes = [UInt8](repeating: 0, count: 32)
                var count = bytes.count
                guard EVP_PKEY_get_raw_public_key(pointer, &bytes, &count) == 1 else {
                    throw failure("the point of a key")
                }
                return Array(bytes.prefix(count))
            default: throw CryptoError(.unsupported, "a \(algorithm) key has no point")
            }
            var bytes: UnsafeMutablePointer<UInt8>?
            let count = EVP_PKEY_get1_encoded_public_key(pointer, &bytes)
            defer { ts_openssl_free(bytes) }
            guard let bytes, count > 0 else { throw failure("the point of a key") }
            return Array(UnsafeBufferPointer(start: bytes, count: count))
        }

        func number(_ number: Number) throws(CryptoError) -> [UInt8] {
            var big: OpaquePointer?
            guard EVP_PKEY_get_bn_param(pointer, number.name, &big) == 1, let big else {
                throw failure("the \(number) of a key", .unsupported)
            }
            defer { BN_free(big) }
            return bytes(of: big)
        }

        func agree(with peer: borrowing Key) throws(CryptoError) -> [UInt8] {
            guard let context = EVP_PKEY_CTX_new(pointer, nil) else {
                throw failure("a key agreement")
            }
            defer { EVP_PKEY_CTX_free(context) }
            var secret = [UInt8](repeating: 0, count: 64)
            var count = secret.count
            guard EVP_PKEY_derive_init(context) == 1,
                EVP_PKEY_derive_set_peer(context, peer.pointer) == 1,
                EVP_PKEY_derive(context, &secret, &count) == 1
            else { throw failure("a key agreement") }
            return Array(secret.prefix(count))
        }

        deinit { EVP_PKEY_free(pointer) }
    }

    /// A public key that many hold: making one costs more than a signature's check.
    final class SharedKey: @unchecked Sendable {
        // Nothing changes a key once it is made, and OpenSSL's are made for reading from any
        // thread (openssl-threads(7)).
        let key: Key

        init(publicDER der: [UInt8]) throws(CryptoError) {
            let pointer = try Key.read(der)
            key = Key(owning: pointer)
        }

        /// Takes over one reference.
        init(owning pointer: OpaquePointer) { key = Key(owning: pointer) }

        func publicKey() throws(CryptoError) -> PublicKey {
            let bare = try key.publicKey()
            return PublicKey(
                algorithm: bare.algorithm, subjectPublicKeyInfo: bare.subjectPublicKeyInfo,
                key: self)
        }
    }

    /// A private key that threads may share.
    // OpenSSL 3 allows concurrent use of an EVP_PKEY whose content no longer changes
    // (openssl-threads(7)); nothing here changes one after it was made.
    final class PrivateKey: @unchecked Sendable {
        let key: Key

        init(generating algorithm: KeyAlgorithm) throws(CryptoError) {
            let family: String
            switch algorithm {
            case .rsa(let bits) where (1024...4096).contains(bits): family = "RSA"
            case .p256, .p384: family = "EC"
            case .ed25519: family = "ED25519"
            default: throw CryptoError(.unsupported, "making a \(algorithm) key")
            }
            guard let context = EVP_PKEY_CTX_new_from_name(nil, family, nil) else {
                throw failure("making a \(algorithm) key")
            }
            defer { EVP_PKEY_CTX_free(context) }
            var done = EVP_PKEY_keygen_init(context)
            switch algorithm {
            case .rsa(let bits) where done == 1:
                done = EVP_PKEY_CTX_set_rsa_keygen_bits(context, Int32(bits))
            case .p256 where done == 1: done = EVP_PKEY_CTX_set_group_name(context, "P-256")
            case .p384 where done == 1: done = EVP_PKEY_CTX_set_group_name(context, "P-384")
            default: break
            }
            var made: OpaquePointer?
            guard done == 1, EVP_PKEY_generate(context, &made) == 1, let made else {
                throw failure("making a \(algorithm) key")
            }
            key = Key(owning: made)
        }

        init(pkcs8 der: [UInt8]) throws(CryptoError) {
            let read = parse(der) { d2i_PKCS8_PRIV_KEY_INFO(nil, &$0, $1) }
            guard let info = read.object else { throw failure("a private key", .malformed) }
            defer { PKCS8_PRIV_KEY_INFO_free(info) }
            guard read.whole else { throw CryptoError(.malformed, "bytes after a private key") }
            guard let pointer = EVP_PKCS82PKEY(info) else {
                throw failure("a private key", .malformed)
            }
            key = Key(owning: pointer)
        }

        func pkcs8() throws(CryptoError) -> [UInt8] {
            guard let info = EVP_PKEY2PKCS8(key.pointer) else {
                throw failure("encoding a private key")
            }
            defer { PKCS8_PRIV_KEY_INFO_free(info) }
            guard let der = encode({ i2d_PKCS8_PRIV_KEY_INFO(info, $0) }) else {
                throw failure("encoding a private key")
            }
            return der
        }

        func signBlock(
            _ block: [UInt8], _ algorithm: KeyAlgorithm
        ) throws(CryptoError) -> [UInt8] {
            if algorithm == .ed25519 { return try signMessage(block) }
            guard let context = EVP_PKEY_CTX_new(key.pointer, nil) else {
                throw failure("signing")
            }
            defer { EVP_PKEY_CTX_free(context) }
            var done = EVP_PKEY_sign_init(context)
            if case .rsa = algorithm, done == 1 {
                done = EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING)
            }
            var signature = [UInt8](repeating: 0, count: Int(EVP_PKEY_get_size(key.pointer)))
            var count = signature.count
            guard done == 1,
                EVP_PKEY_sign(context, &signature, &count, block, block.count) == 1
            else { throw failure("signing") }
            return Array(signature.prefix(count))
        }

        private func signMessage(_ message: [UInt8]) throws(CryptoError) -> [UInt8] {
            guard let context = EVP_MD_CTX_new() else { throw failure("signing") }
            defer { EVP_MD_CTX_free(context) }
            var signature = [UInt8](repeating: 0, count: 64)
            var count = signature.count
            guard EVP_DigestSignInit(context, nil, nil, nil, key.pointer) == 1,
                EVP_DigestSign(context, &signature, &count, message, message.count) == 1
            else { throw failure("signing") }
            return Array(signature.prefix(count))
        }

        func agree(with peer: borrowing Key) throws(CryptoError) -> [UInt8] {
            try key.agree(with: peer)
        }
    }
}
