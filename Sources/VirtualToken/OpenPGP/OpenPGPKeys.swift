import APDU
import Crypto

// What is done with keys: OpenPGP card 3.4, 7.2.10 to 7.2.15.
extension OpenPGPCard {
    static var longestChallenge: Int { 256 }

    /// COMPUTE DIGITAL SIGNATURE or DECIPHER.
    mutating func performSecurityOperation(_ command: CardCommand) throws(Refused) -> [UInt8] {
        switch (command.header.p1, command.header.p2) {
        case (0x9E, 0x9A):
            guard security.pw1ForSigning else { throw Refused(.securityStatusNotSatisfied) }
            let signature = try signature(.sign, command.data)
            if !state.pinServesSeveral { security.pw1ForSigning = false }
            state.signatures = (state.signatures + 1) & 0xFF_FFFF
            changed()
            return signature
        case (0x80, 0x86):
            guard security.pw1ForOthers else { throw Refused(.securityStatusNotSatisfied) }
            return try decipher(command.data)
        default: throw Refused(.incorrectParameters)
        }
    }

    func internalAuthenticate(_ command: CardCommand) throws(Refused) -> [UInt8] {
        guard command.header.p1 == 0, command.header.p2 == 0 else {
            throw Refused(.incorrectParameters)
        }
        guard security.pw1ForOthers else { throw Refused(.securityStatusNotSatisfied) }
        return try signature(environment.authenticate, command.data)
    }

    func getChallenge(_ command: CardCommand) throws(Refused) -> [UInt8] {
        guard command.room <= Self.longestChallenge else { throw Refused(.wrongLength) }
        do throws(CryptoError) { return try SecureRandom.bytes(command.room) } catch {
            throw Refused(.executionError)
        }
    }

    /// DECIPHER or INTERNAL AUTHENTICATE with key 2 or 3 from now on (7.2.18).
    mutating func manageSecurityEnvironment(_ command: CardCommand) throws(Refused) -> [UInt8] {
        let data = Array(command.data)
        guard command.header.p1 == 0x41 else { throw Refused(.incorrectParameters) }
        guard data.count == 3, data.starts(with: [0x83, 1]),
            let slot = OpenPGPSlot(rawValue: data[2]),
            slot != .sign
        else { throw Refused(.incorrectData) }
        switch command.header.p2 {
        case 0xB8: environment.decrypt = slot
        case 0xA4: environment.authenticate = slot
        default: throw Refused(.incorrectParameters)
        }
        return []
    }

    /// RSA over a DigestInfo, padded here (RFC 8017, 9.2); ECDSA over a hash, both numbers side
    /// by side.
    private func signature(
        _ slot: OpenPGPSlot, _ data: ArraySlice<UInt8>
    ) throws(Refused) -> [UInt8] {
        guard let key = state.keys[slot] else { throw Refused(.referenceDataNotFound) }
        let length = key.pair.publicKey.blockLength ?? 0
        guard !data.isEmpty else { throw Refused(.incorrectData) }
        let result: [UInt8]?
        if case .rsa = key.pair.algorithm {
            // Four tenths of the modulus at most (7.2.10.2).
            guard data.count * 5 <= length * 2 else { throw Refused(.wrongLength) }
            let fill = [UInt8](repeating: 0xFF, count: length - data.count - 3)
            result = try? key.pair.signBlock([0, 1] + fill + [0] + data)
        } else {
            guard data.count <= 64 else { throw Refused(.wrongLength) }
            let der = try? key.pair.signBlock(Array(data.prefix(length)))
            result = der.flatMap { DataObject.numbers(ofSignature: $0, length) }
        }
        guard let result else { throw Refused(.executionError) }
        return result
    }

    /// RSA: 00 and the cryptogram, the padding taken away. ECDH: A6 { 7F49 { 86 point } }, the x
    /// coordinate of the product.
    private func decipher(_ data: ArraySlice<UInt8>) throws(Refused) -> [UInt8] {
        guard let key = state.keys[environment.decrypt] else {
            throw Refused(.referenceDataNotFound)
        }
        var result: [UInt8]?
        if case .rsa = key.pair.algorithm {
            guard data.first == 0 else { throw Refused(.incorrectData) }
            let block = try? key.pair.signBlock(Array(data.dropFirst()))
            // 00 02, at least eight bytes that are not zero, 00 (RFC 8017, 7.2.2).
            if let block, block.starts(with: [0, 2]),
                let end = block.dropFirst(2).firstIndex(of: 0), end >= 10
            {
                result = Array(block[(end + 1)...])
            }
        } else if let point = try? TLVReader.find([0xA6, 0x7F49, 0x86], in: data) {
            result = try? key.pair.agree(with: Array(point.value))
        }
        guard let result else { throw Refused(.incorrectData) }
        return result
    }

    /// P1 80 makes a new key, 81 gives the public part of the one there.
    mutating func generateKeyPair(_ command: CardCommand) throws(Refused) -> [UInt8] {
        guard command.header.p2 == 0, [0x80, 0x81].contains(command.header.p1) else {
            throw Refused(.incorrectParameters)
        }
        guard let slot = command.data.first.flatMap(OpenPGPSlot.init(template:)) else {
            throw Refused(.incorrectData)
        }
        if command.header.p1 == 0x80 {
            guard security.pw3 else { throw Refused(.securityStatusNotSatisfied) }
            guard let pair = try? KeyPair(generating: state.algorithm(slot)) else {
                throw Refused(.executionError)
            }
            state.keys[slot] = OpenPGPKey(pair, origin: .generated)
            if slot == .sign { state.signatures = 0 }
            changed()
        }
        guard let key = state.keys[slot] else { throw Refused(.referenceDataNotFound) }
        do throws(CryptoError) {
            return DataObject.tlv(0x7F49, try Self.publicParts(key.pair.publicKey))
        } catch {
            throw Refused(.executionError)
        }
    }

    /// 81 modulus and 82 exponent, or 86 point.
    private static func publicParts(_ key: PublicKey) throws(CryptoError) -> [UInt8] {
        guard case .rsa = key.algorithm else { return DataObject.tlv(0x86, try key.point()) }
        let numbers = try key.rsaNumbers()
        return DataObject.tlv(0x81, numbers.modulus) + DataObject.tlv(0x82, numbers.exponent)
    }
}
