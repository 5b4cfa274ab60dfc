/// Certificates in text armour (RFC 7468).
package enum PEM {
    /// The certificate between its BEGIN and END lines, 64 characters a line.
    package static func encode(_ certificate: Certificate) -> String {
        encode(certificate.der, label: "CERTIFICATE")
    }

    static func encode(_ der: [UInt8], label: String) -> String {
        var text = "-----BEGIN \(label)-----\n"
        let digits = Base64.encode(der)
        for start in stride(from: 0, to: digits.count, by: 64) {
            let line = digits[start..<min(start + 64, digits.count)]
            text += String(decoding: line, as: UTF8.self) + "\n"
        }
        return text + "-----END \(label)-----\n"
    }

    /// All certificates of a file: of a PEM file in their order, or the one of a DER file.
    ///
    /// Text outside the BEGIN and END lines is skipped, as is armour of another kind.
    ///
    /// - Throws: `.malformed` when a certificate does not read or there is none.
    package static func certificates(in file: [UInt8]) throws(CryptoError) -> [Certificate] {
        var found: [Certificate] = []
        for der in try bodies(of: "CERTIFICATE", in: file) {
            found.append(try Certificate(der: der))
        }
        return found
    }

    /// All revocation lists of a file, as `certificates(in:)` finds certificates.
    package static func revocationLists(in file: [UInt8]) throws(CryptoError) -> [RevocationList] {
        var found: [RevocationList] = []
        for der in try bodies(of: "X509 CRL", in: file) {
            found.append(try RevocationList(der: der))
        }
        return found
    }

    private static func bodies(of label: String, in file: [UInt8]) throws(CryptoError) -> [[UInt8]]
    {
        if file.first == 0x30 { return [file] }
        let begin = Array("-----BEGIN \(label)-----".utf8)
        let end = Array("-----END \(label)-----".utf8)
        var found: [[UInt8]] = []
        var body: [UInt8]?
        for line in file.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            if line.starts(with: begin) {
                body = []
            } else if line.starts(with: end) {
                guard let digits = body, let der = Base64.decode(digits) else {
                    throw CryptoError(.malformed, "\(label) \(found.count + 1) is not base64")
                }
                found.append(der)
                body = nil
            } else {
                body?.append(contentsOf: line)
            }
        }
        guard !found.isEmpty, body == nil else {
            throw CryptoError(.malformed, "no whole \(label) in the file")
        }
        return found
    }
}

/// RFC 4648, section 4.
package enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The value of each digit; 255 for a byte that is none.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, digit) in alphabet.enumerated() { values[Int(digit)] = UInt8(value) }
        return values
    }()

    /// The digits of `bytes`, padded.
    package static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var word: UInt32 = 0
            for i in 0..<3 {
                word = word << 8 | (i < group.count ? UInt32(group[start + i]) : 0)
            }
            for i in 0..<4 {
                let digit = alphabet[Int(word >> (18 - 6 * UInt32(i)) & 63)]
                out.append(i <= group.count ? digit : UInt8(ascii: "="))
            }
        }
        return out
    }

    /// The bytes of padded digits without spaces (tabs and blanks are skipped), or nil.
    package static func decode(_ digits: [UInt8]) -> [UInt8]? {
        var out: [UInt8] = []
        out.reserveCapacity(digits.count / 4 * 3)
        let values = Base64.values
        var word: UInt32 = 0
        var held = 0
        var padding = 0
        for digit in digits where digit != 0x20 && digit != 0x09 {
            if digit == UInt8(ascii: "=") {
                padding += 1
                continue
            }
            let value = values[Int(digit)]
            guard padding == 0, value < 64 else { return nil }
            word = word << 6 | UInt32(value)
            held += 1
            if held == 4 {
                out += [UInt8(word >> 16 & 255), UInt8(word >> 8 & 255), UInt8(word & 255)]
                (word, held) = (0, 0)
            }
        }
        switch (held, padding) {
        case (0, 0): return out
        case (2, 2) where word & 15 == 0: return out + [UInt8(word >> 4 & 255)]
        case (3, 1) where word & 3 == 0:
            return out + [UInt8(word >> 10 & 255), UInt8(word >> 2 & 255)]
        default: return nil
        }
    }
}
