import APDU
import Crypto

/// Secure messaging of one session, the card's side: in the manner of GlobalPlatform's SCP01, with
/// a counter in the place of the chained initial vector.
package struct EPass2003Session: Sendable {
    let cipher: BlockCipher
    private let encryption: [UInt8]
    private let authentication: [UInt8]
    /// Before every command's MAC it goes up by one.
    private var counter: [UInt8]
    /// The host has proven that it has the keys.
    private(set) var isOpen = false
    private let host: [UInt8]
    private let card: [UInt8]

    /// The session keys: parts of both random numbers, enciphered with the transport key.
    package init(
        cipher: BlockCipher, transport: [UInt8], host: [UInt8], card: [UInt8]
    ) throws(CryptoError) {
        var material = Array(card[4..<8])
        material += host[0..<4]
        material += card[0..<4]
        material += host[4..<8]
        let key = Self.whole(transport, cipher)
        let session = try cipher.encrypt(material, key: key)
        (encryption, authentication) = (session, session)
        counter = [UInt8](repeating: 0, count: cipher.blockLength)
        (self.cipher, self.host, self.card) = (cipher, host, card)
    }

    /// Two keys of DES are three, the first once more.
    private static func whole(_ key: [UInt8], _ cipher: BlockCipher) -> [UInt8] {
        cipher == .tripleDES ? key + key.prefix(8) : key
    }

    // MARK: Opening

    /// What proves the card to the host.
    package func cardCryptogram() throws(CryptoError) -> [UInt8] { try cryptogram(host + card) }

    /// EXTERNAL AUTHENTICATE: the host's cryptogram and a MAC over it, from which the counter
    /// begins.
    package mutating func open(_ header: CommandHeader, _ data: [UInt8]) throws(CryptoError) -> Bool
    {
        guard data.count == 16, data.starts(with: try cryptogram(card + host)) else {
            return false
        }
        var text: [UInt8] = [header.cla, header.ins, header.p1, header.p2, 16]
        text += data.prefix(8)
        let enciphered = try cipher.encrypt(
            padded(text), key: Self.whole(authentication, cipher), mode: .cbc(vector: counter))
        let mac = enciphered[(16 - cipher.blockLength)...].prefix(8)
        guard data.dropFirst(8).elementsEqual(mac) else { return false }
        counter = Array(mac)
        counter += [UInt8](repeating: 0, count: cipher.blockLength - 8)
        isOpen = true
        return true
    }

    private func cryptogram(_ both: [UInt8]) throws(CryptoError) -> [UInt8] {
        let zero = [UInt8](repeating: 0, count: cipher.blockLength)
        let enciphered = try cipher.encrypt(
            padded(both), key: Self.whole(encryption, cipher), mode: .cbc(vector: zero))
        return Array(enciphered[16..<24])
    }

    // MARK: Commands and answers

    /// A command as it was meant.
    package struct Plain {
        package var header: CommandHeader
        package var data: [UInt8]
        package var expected: Int?
    }

    /// Takes the protection off; nil where the MAC is wrong or an object is missing.
    package mutating func unwrap(
        _ header: CommandHeader, _ field: [UInt8]
    ) throws(CryptoError) -> Plain? {
        guard let parts = Self.parts(field) else { return nil }
        step()
        var text = padded([header.cla, header.ins, header.p1, header.p2])
        let covered = field[..<parts.macAt]
        if !covered.isEmpty { text += padded(Array(covered)) }
        guard try mac(text) == parts.mac else { return nil }
        var plain = Plain(header: header, data: [], expected: parts.expected)
        plain.header.cla &= ~0x0C
        if let enciphered = parts.enciphered {
            guard !enciphered.isEmpty, enciphered.count % cipher.blockLength == 0 else {
                return nil
            }
            let zero = [UInt8](repeating: 0, count: cipher.blockLength)
            let clear = try cipher.decrypt(
                enciphered, key: Self.whole(encryption, cipher), mode: .cbc(vector: zero))
            guard let end = clear.lastIndex(where: { $0 != 0 }), clear[end] == 0x80 else {
                return nil
            }
            plain.data = Array(clear[..<end])
        }
        return plain
    }

    /// Puts the protection on: 87, 99 and 8E. A length from 128 to 255 is one byte, as in the
    /// answers of the real token, and so no BER.
    package func wrap(_ data: [UInt8], _ status: StatusWord) throws(CryptoError) -> [UInt8] {
        var field: [UInt8] = []
        if !data.isEmpty {
            let zero = [UInt8](repeating: 0, count: cipher.blockLength)
            let enciphered = try cipher.encrypt(
                padded(data), key: Self.whole(encryption, cipher), mode: .cbc(vector: zero))
            let count = enciphered.count + 1
            field.append(0x87)
            if count > 0xFF {
                field.append(0x82)
                field.append(UInt8(truncatingIfNeeded: count >> 8))
            }
            field.append(UInt8(truncatingIfNeeded: count))
            field.append(0x01)
            field += enciphered
        }
        field += [0x99, 2, status.sw1, status.sw2]
        let mac = try mac(padded(field))
        field += [0x8E, 8]
        field += mac
        return field
    }

    private mutating func step() {
        for at in counter.indices.reversed() {
            counter[at] &+= 1
            if counter[at] != 0 { return }
        }
    }

    /// Always one byte of padding at least (ISO 9797-1, method 2).
    private func padded(_ text: [UInt8]) -> [UInt8] {
        let rest = (text.count + 1) % cipher.blockLength
        let zeros = rest == 0 ? 0 : cipher.blockLength - rest
        var padded = text
        padded.append(0x80)
        padded += [UInt8](repeating: 0, count: zeros)
        return padded
    }

    /// ISO 9797-1 algorithm 3 of DES; of AES the first half of a CBC-MAC.
    private func mac(_ text: [UInt8]) throws(CryptoError) -> [UInt8] {
        guard cipher == .tripleDES else {
            let all = try cipher.encrypt(text, key: authentication, mode: .cbc(vector: counter))
            return Array(all.suffix(16).prefix(8))
        }
        let single = Array(authentication.prefix(8))
        var vector = counter
        if text.count > 8 {
            vector = Array(
                try cipher.encrypt(
                    Array(text.dropLast(8)), key: single + single + single,
                    mode: .cbc(vector: counter)
                ).suffix(8))
        }
        return try cipher.encrypt(
            Array(text.suffix(8)), key: Self.whole(authentication, cipher),
            mode: .cbc(vector: vector))
    }

    // MARK: The objects of a command

    private struct Parts {
        var enciphered: [UInt8]?
        var expected: Int?
        var mac: [UInt8]
        var macAt: Int
    }

    /// 87 with 01 before the cryptogram, 97, 8E, in this order.
    private static func parts(_ field: [UInt8]) -> Parts? {
        var parts = Parts(mac: [], macAt: 0)
        var at = 0
        while at + 2 <= field.count {
            let (tag, begin) = (field[at], at)
            var length = Int(field[at + 1])
            at += 2
            if length == 0x81, at < field.count {
                length = Int(field[at])
                at += 1
            } else if length == 0x82, at + 1 < field.count {
                length = Int(field[at]) << 8 | Int(field[at + 1])
                at += 2
            }
            guard at + length <= field.count else { return nil }
            let value = field[at..<(at + length)]
            at += length
            switch tag {
            case 0x87:
                guard value.first == 0x01 else { return nil }
                parts.enciphered = Array(value.dropFirst())
            case 0x97:
                let number = value.reduce(0) { $0 << 8 | Int($1) }
                guard (1...2).contains(length) else { return nil }
                parts.expected = number == 0 ? 1 << (8 * length) : number
            case 0x8E:
                guard length == 8, at == field.count else { return nil }
                (parts.mac, parts.macAt) = (Array(value), begin)
                return parts
            default: return nil
            }
        }
        return nil
    }
}
