// This folder alone names C in this module: libcrypto of OpenSSL 3 in Swift terms, nothing
// deprecated in 3.0. Every OpenSSL object has one owner here that frees it.
import COpenSSL

enum OpenSSL {
    /// What OpenSSL says about its last failure, with its error queue emptied.
    static func failure(_ doing: String, _ code: CryptoError.Code? = nil) -> CryptoError {
        let number = ERR_peek_last_error()
        let words = ERR_reason_error_string(number).map { String(cString: $0) }
        ERR_clear_error()
        let reason = words.map { "\(doing): \($0)" } ?? doing
        return CryptoError(code ?? .library(UInt(number)), reason)
    }

    static func randomBytes(_ count: Int) throws(CryptoError) -> [UInt8] {
        guard let wanted = Int32(exactly: count), wanted >= 0 else {
            throw CryptoError(.tooLarge(limit: Int(Int32.max)), "\(count) random bytes")
        }
        var bytes = [UInt8](repeating: 0, count: count)
        guard RAND_bytes(&bytes, wanted) == 1 else {
            throw failure("no random bytes", .noRandomness)
        }
        return bytes
    }

    // MARK: Bytes and texts

    /// Runs one of OpenSSL's d2i functions; `whole` when it took every byte.
    static func parse(
        _ der: [UInt8],
        _ read: (inout UnsafePointer<UInt8>?, Int) -> OpaquePointer?
    ) -> (object: OpaquePointer?, whole: Bool) {
        der.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            guard let start = cursor, let object = read(&cursor, buffer.count) else {
                return (nil, false)
            }
            return (object, cursor == start + buffer.count)
        }
    }

    /// Runs one of OpenSSL's i2d functions.
    static func encode(
        _ write: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32
    ) -> [UInt8]? {
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = write(&bytes)
        defer { ts_openssl_free(bytes) }
        guard count > 0, let bytes else { return nil }
        return Array(UnsafeBufferPointer(start: bytes, count: Int(count)))
    }

    static func distinguishedName(
        _ name: OpaquePointer?, _ what: String
    ) throws(CryptoError) -> DistinguishedName {
        var attributes: [DistinguishedName.Attribute] = []
        for index in 0..<max(X509_NAME_entry_count(name), 0) {
            let entry = X509_NAME_get_entry(name, index)
            guard let kind = X509_NAME_ENTRY_get_object(entry),
                let value = utf8(X509_NAME_ENTRY_get_data(entry))
            else { throw failure("\(what) is not text", .malformed) }
            attributes.append(DistinguishedName.Attribute(shortName(kind), value))
        }
        return DistinguishedName(attributes)
    }

    static func unixTime(
        _ time: UnsafePointer<ASN1_TIME>?, _ what: String
    ) throws(CryptoError) -> Int64 {
        var parts: [Int32] = [0, 0, 0, 0, 0, 0]
        guard ts_openssl_time(time, &parts) == 1 else { throw failure(what, .malformed) }
        let p = parts.map(Int64.init)
        return CivilTime.unixTime(
            year: p[0], month: p[1], day: p[2], hour: p[3], minute: p[4], second: p[5])
    }

    static func bytes(of big: OpaquePointer) -> [UInt8] {
        let count = Int(BN_num_bits(big) + 7) / 8
        var out = [UInt8](repeating: 0, count: count)
        return BN_bn2bin(big, &out) == Int32(count) ? out : []
    }

    /// An ASN.1 string of any kind as text; nil when it is none or has a NUL in it.
    static func utf8(_ string: UnsafePointer<ASN1_STRING>?) -> String? {
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = ASN1_STRING_to_UTF8(&bytes, string)
        defer { ts_openssl_free(bytes) }
        guard count >= 0, let bytes else { return nil }
        let buffer = UnsafeBufferPointer(start: bytes, count: Int(count))
        guard !buffer.contains(0) else { return nil }
        return String(validating: buffer, as: UTF8.self)
    }

    static func shortName(_ object: OpaquePointer) -> String {
        let number = OBJ_obj2nid(object)
        if number != NID_undef, let name = OBJ_nid2sn(number) { return String(cString: name) }
        var dotted = [CChar](repeating: 0, count: 128)
        OBJ_obj2txt(&dotted, Int32(dotted.count), object, 1)
        return text(dotted)
    }

    static func text(_ buffer: [CChar]) -> String {
        String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
