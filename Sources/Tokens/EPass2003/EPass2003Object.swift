import APDU

/// What an ePass2003 sends, as bytes to values.
enum EPass2003Object {
    // MARK: GET DATA 0186

    /// How its commands are protected.
    enum Protection: Equatable {
        case none
        case tripleDES
        case aes128
        /// FIPS mode: how its answers are protected is not published.
        case fips
    }

    /// Nil where the answer is of another card.
    static func protection(_ data: [UInt8]) -> Protection? {
        guard data.count >= 17, data.starts(with: [0x80, 1]), data[14...].starts(with: [0x84, 1])
        else { return nil }
        let isAES = data[2] == 1
        if isAES, data.count >= 35, data[32..<35] == [0x87, 1, 1] { return .fips }
        if data[16] == 0 { return Protection.none }
        return isAES ? .aes128 : .tripleDES
    }

    // MARK: Secure messaging

    struct Answer: Equatable {
        var enciphered: [UInt8]?
        var status: StatusWord
        var mac: [UInt8]
        /// Bytes at the beginning that the MAC is over.
        var covered: Int
    }

    /// 87 with 01 before the cryptogram, 99, 8E, in this order and nothing behind.
    static func answer(_ data: [UInt8]) throws(EPass2003Failure) -> Answer {
        var rest = data[...]
        var enciphered: [UInt8]?
        if rest.first == 0x87 {
            guard let value = cryptogram(&rest) else { throw .malformed }
            enciphered = value
        }
        guard rest.starts(with: [0x99, 2]), rest.count == 14 else { throw .malformed }
        let at = rest.startIndex
        guard rest[at + 4] == 0x8E, rest[at + 5] == 8 else { throw .malformed }
        return Answer(
            enciphered: enciphered, status: StatusWord(rest[at + 2], rest[at + 3]),
            mac: Array(rest[(at + 6)...]), covered: at + 4)
    }

    /// The token writes a length from 128 to 255 in one byte, which is no BER: 87 81 01 is a
    /// cryptogram of 128 bytes, and 87 81 81 01 the same, written as the standard has it.
    private static func cryptogram(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        let head = Array(rest.prefix(5))
        guard head.count == 5 else { return nil }
        let (count, skip): (Int, Int)
        // No cryptogram with its first byte has 130 bytes.
        if head[1] == 0x82 {
            (count, skip) = (Int(head[2]) << 8 | Int(head[3]), 4)
        } else if head[1] == 0x81, head[2] >= 0x80, head[3] == 0x01 {
            (count, skip) = (Int(head[2]), 3)
        } else {
            (count, skip) = (Int(head[1]), 2)
        }
        guard count > 0, rest.count >= skip + count else { return nil }
        let value = rest.dropFirst(skip).prefix(count)
        guard value.first == 0x01 else { return nil }
        rest = rest.dropFirst(skip + count)
        return Array(value.dropFirst())
    }

    // MARK: Files

    /// The size of a file, from its FCI.
    static func fileSize(_ information: [UInt8]) -> Int? {
        guard let size = (try? TLVReader.find([0x6F, 0x80], in: information)) ?? nil else {
            return nil
        }
        return PKCS15Object.number(size.value)
    }

    /// Tries of a full counter, the PIN's and the security officer's; what cannot be one is nil.
    static func tries(_ file: [UInt8]) -> (pin: Int?, officer: Int?) {
        func known(_ at: Int) -> Int? {
            guard at < file.count, (1...15).contains(file[at]) else { return nil }
            return Int(file[at])
        }
        return (known(0), known(1))
    }

    /// The identifier on the card of the file that a path in the objects ends in. Its low five bits
    /// are a short identifier there, one of a kind in a DF, so keys and certificates are spread.
    static func file(_ path: [UInt8]) -> UInt16? {
        guard
            path.count == 2 || path == [0x3F, 0x00, 0x50, 0x15] + path.suffix(2)
                || path == [0x50, 0x15] + path.suffix(2)
        else { return nil }
        let last = Array(path.suffix(2))
        let isSpread = last[0] == 0x29 || (0x30...0x34).contains(last[0])
        return UInt16(last[0]) << 8 | UInt16(isSpread ? last[1] &* 0x20 : last[1])
    }
}
