import APDU
import Crypto
import Secrets

/// Secure messaging of one session: commands and answers enciphered and with a MAC, in the manner
/// of GlobalPlatform's SCP01, the initial vector of the MACs counted up instead of chained.
///
/// The keys come from random numbers that go over the line and from keys that stand in public
/// sources. So it keeps nobody out who listens; a token without it does not answer.
final class EPass2003Session {
    private let cipher: BlockCipher
    private let encryption: HeldSecret
    private let authentication: HeldSecret
    /// For DES, the first half of the MAC's key alone.
    private let single: HeldSecret
    /// Goes up by one with each command; its answer has the same.
    private var counter: [UInt8]
    private let host: [UInt8]
    private let card: [UInt8]

    static let randomLength = 8
    /// What INITIALIZE UPDATE answers: twelve bytes about the keys, random number, cryptogram.
    static let answerLength = 28

    /// Derives the keys of the session.
    init(cipher: BlockCipher, host: [UInt8], card: [UInt8]) throws(EPass2003Failure) {
        let published = try Self.key([try EPass2003Text(Array(1...16))], cipher)
        let material = try EPass2003Text(
            Array(card[4..<8] + host[0..<4] + card[0..<4] + host[4..<8]))
        let session = try material.enciphered(by: cipher, published, .ecb)
        encryption = try Self.key([session], cipher)
        authentication = try Self.key([session], cipher)
        let half = try session.part(0..<8)
        single = try Self.key([half, half], cipher)
        counter = [UInt8](repeating: 0, count: cipher.blockLength)
        (self.cipher, self.host, self.card) = (cipher, host, card)
    }

    /// A key of sixteen bytes; of three parts for DES, the first once more.
    private static func key(
        _ parts: [EPass2003Text], _ cipher: BlockCipher
    ) throws(EPass2003Failure) -> HeldSecret {
        let whole = try EPass2003Text()
        for part in parts { whole.append(part) }
        if cipher == .tripleDES, let first = parts.first { whole.append(try first.part(0..<8)) }
        return try whole.sealed()
    }

    // MARK: Opening

    /// Whether the card has the published keys. Nothing may be sent to one that has others.
    func isCard(by cryptogram: [UInt8]) throws(EPass2003Failure) -> Bool {
        Self.areEqual(try self.cryptogram(host + card), cryptogram)
    }

    /// EXTERNAL AUTHENTICATE's data: the host's cryptogram and the MAC the counter begins from.
    func authenticate(_ header: CommandHeader) throws(EPass2003Failure) -> [UInt8] {
        let proof = try cryptogram(card + host)
        let text = try EPass2003Text([header.cla, header.ins, header.p1, header.p2, 16] + proof)
        text.pad(to: cipher.blockLength)
        let enciphered = try text.enciphered(
            by: cipher, authentication, .cbc(vector: counter)
        ).bytes
        let mac = Array(enciphered.suffix(cipher.blockLength).prefix(8))
        counter = mac + [UInt8](repeating: 0, count: cipher.blockLength - 8)
        return proof + mac
    }

    private func cryptogram(_ both: [UInt8]) throws(EPass2003Failure) -> [UInt8] {
        let text = try EPass2003Text(both)
        text.pad(to: cipher.blockLength)
        return Array(
            try text.enciphered(by: cipher, encryption, zeroVector).bytes
                .suffix(cipher.blockLength).prefix(8))
    }

    private var zeroVector: CipherMode {
        .cbc(vector: [UInt8](repeating: 0, count: cipher.blockLength))
    }

    // MARK: Commands

    /// The data field of a protected command: 87 the data, 97 what is expected, 8E the MAC.
    ///
    /// - Parameter header: with the class of secure messaging.
    func wrap(
        _ header: CommandHeader, _ data: EPass2003Text, expected: UInt8?
    ) throws(EPass2003Failure) -> EPass2003Text {
        for at in counter.indices.reversed() {
            counter[at] &+= 1
            if counter[at] != 0 { break }
        }
        let field = try EPass2003Text()
        if !data.isEmpty {
            let clear = try data.part(0..<data.count)
            clear.pad(to: cipher.blockLength)
            let count = clear.count + 1
            field.append([0x87] + Self.length(count) + [0x01])
            field.append(try clear.enciphered(by: cipher, encryption, zeroVector))
        }
        if let expected { field.append([0x97, 1, expected]) }
        let text = try EPass2003Text([header.cla, header.ins, header.p1, header.p2])
        text.pad(to: cipher.blockLength)
        if !field.isEmpty {
            text.append(field)
            text.pad(to: cipher.blockLength)
        }
        field.append([0x8E, 8] + (try mac(text)))
        return field
    }

    /// Above 127 in three bytes, as the token is known to take it.
    private static func length(_ count: Int) -> [UInt8] {
        guard count > 0x7F else { return [UInt8(truncatingIfNeeded: count)] }
        return [0x82, UInt8(truncatingIfNeeded: count >> 8), UInt8(truncatingIfNeeded: count)]
    }

    // MARK: Answers

    /// What an answer holds, its MAC and its status word checked.
    func unwrap(_ answer: ResponseAPDU) throws(EPass2003Failure) -> [UInt8] {
        let parts = try EPass2003Object.answer(answer.data)
        let text = try EPass2003Text(Array(answer.data.prefix(parts.covered)))
        text.pad(to: cipher.blockLength)
        guard Self.areEqual(try mac(text), parts.mac) else { throw .macWrong }
        guard parts.status == answer.status else { throw .macWrong }
        guard let enciphered = parts.enciphered else { return [] }
        guard !enciphered.isEmpty, enciphered.count % cipher.blockLength == 0 else {
            throw .malformed
        }
        let clear = try EPass2003Text(enciphered).deciphered(by: cipher, encryption, zeroVector)
        guard clear.unpad() else { throw .malformed }
        return clear.bytes
    }

    /// ISO 9797-1 algorithm 3 of DES; the first half of AES's CBC-MAC.
    private func mac(_ text: EPass2003Text) throws(EPass2003Failure) -> [UInt8] {
        guard cipher == .tripleDES else {
            return Array(
                try text.enciphered(by: cipher, authentication, .cbc(vector: counter)).bytes
                    .suffix(16).prefix(8))
        }
        let last = text.count - 8
        var vector = counter
        if last > 0 {
            vector = Array(
                try text.part(0..<last).enciphered(by: cipher, single, .cbc(vector: counter))
                    .bytes.suffix(8))
        }
        return try text.part(last..<text.count)
            .enciphered(by: cipher, authentication, .cbc(vector: vector)).bytes
    }

    private static func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        one.withUnsafeBytes { one in
            other.withUnsafeBytes { other in
                one.count == other.count && ConstantTime.areEqual(one, other)
            }
        }
    }
}
