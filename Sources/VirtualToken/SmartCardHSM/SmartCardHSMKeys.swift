import APDU
import Crypto

// GENERATE ASYMMETRIC KEY PAIR, SIGN, DECIPHER and GET CHALLENGE.
extension SmartCardHSMCard {
    private static let longestChallenge = 1024

    /// A new key with its authenticated request, which is also left in the key's certificate
    /// file. The key's kind stands in 7F49, the names for the request in 42 and 5F20.
    mutating func generateKeyPair(_ command: CardCommand) throws(Refused) -> [UInt8] {
        let number = command.header.p1
        // P2: the key that authenticates the request; 0 is the device's own.
        guard number != 0, command.header.p2 == 0 else { throw Refused(.incorrectParameters) }
        guard security.user else { throw Refused(.securityStatusNotSatisfied) }
        guard state.keys[number] == nil else { throw Refused(.conditionsNotSatisfied) }
        guard let key = try? TLVReader.find([0x7F49], in: command.data)?.childObjects(),
            let issuer = Self.text(0x42, command.data),
            let holder = Self.text(0x5F20, command.data)
        else { throw Refused(.incorrectData) }
        let algorithm = try Self.algorithm(key)
        do throws(CryptoError) {
            let pair = try KeyPair(generating: algorithm)
            let request = try CardVerifiable.authenticatedRequest(
                .init(issuer: issuer, holder: holder), key: pair, device: state.device,
                named: state.holder)
            state.keys[number] = pair
            state.files[SmartCardHSMFile.identifier(SmartCardHSMFile.certificate, number)] =
                request
            changed()
            return request
        } catch {
            throw Refused(.executionError)
        }
    }

    /// RSA by its length in 02, a curve by its prime in 81.
    private static func algorithm(_ key: [TLV]) throws(Refused) -> KeyAlgorithm {
        func value(_ tag: TLVTag) -> [UInt8]? {
            key.first { $0.tag == tag }.map { Array($0.value) }
        }
        guard let kind = value(0x06), kind.count == CardVerifiable.rsa.count else {
            throw Refused(.incorrectData)
        }
        if kind.starts(with: CardVerifiable.rsa.dropLast()) {
            switch value(0x02) {
            case [0x08, 0x00]: return .rsa(bits: 2048)
            case [0x0C, 0x00]: return .rsa(bits: 3072)
            case [0x10, 0x00]: return .rsa(bits: 4096)
            default: throw Refused(.functionNotSupported)
            }
        }
        guard kind.starts(with: CardVerifiable.ecdsa.dropLast()), value(0x81) == P256.prime else {
            throw Refused(.functionNotSupported)
        }
        return .p256
    }

    private static func text(_ tag: TLVTag, _ data: ArraySlice<UInt8>) -> String? {
        guard let value = try? TLVReader.find([tag], in: data)?.value, value.count <= 16,
            value.allSatisfy({ (0x20...0x7E).contains($0) })
        else { return nil }
        return String(decoding: value, as: UTF8.self)
    }

    /// P1 is the key, P2 the algorithm: its high half says how, the low half which hash the
    /// card makes of the data, 0 for none.
    func sign(_ command: CardCommand) throws(Refused) -> [UInt8] {
        let key = try key(command.header)
        let digest = try Self.digest(command.header.p2)
        let data = Array(command.data)
        guard let hash = try? digest?.hash(data) ?? data else { throw Refused(.executionError) }
        guard let block = try Self.block(command.header.p2, hash, digest, key) else {
            throw Refused(.wrongLength)
        }
        guard let signature = try? key.signBlock(block) else { throw Refused(.executionError) }
        return signature
    }

    /// What the private key is applied to; nil where the data cannot be that.
    private static func block(
        _ algorithm: UInt8, _ hash: [UInt8], _ digest: Digest?, _ key: KeyPair
    ) throws(Refused) -> [UInt8]? {
        let length = key.publicKey.blockLength ?? 0
        switch (algorithm & 0xF0, key.algorithm) {
        case (0x20, .rsa):
            return digest == nil && hash.count == length ? hash : nil
        case (0x30, .rsa):
            if let digest { return try? SignatureInput.encode(hash, digest, length: length) }
            // What comes is a DigestInfo.
            guard hash.count + 11 <= length else { return nil }
            return [0, 1] + [UInt8](repeating: 0xFF, count: length - hash.count - 3) + [0] + hash
        case (0x40, .rsa):
            // A hash by itself or, as OpenSC sends it, in a DigestInfo.
            let info = digest == nil ? try? TLVReader.find([0x30, 0x04], in: hash) : nil
            let bare = info.map { Array($0.value) } ?? hash
            let known = digest ?? Digest.allCases.first { $0.length == bare.count }
            return known.flatMap { try? PSS.encode(bare, $0, length: length) }
        case (0x70, .p256): return (20...64).contains(hash.count) ? Array(hash.prefix(32)) : nil
        default: throw Refused(.incorrectParameters)
        }
    }

    private static func digest(_ algorithm: UInt8) throws(Refused) -> Digest? {
        switch algorithm & 0x0F {
        case 0: return nil
        case 1: return .sha1
        case 3: return .sha256
        case 4: return .sha384
        case 5: return .sha512
        default: throw Refused(.functionNotSupported)
        }
    }

    /// RSA without taking any padding away (21); ECDH, 04 and the x coordinate (80).
    func decipher(_ command: CardCommand) throws(Refused) -> [UInt8] {
        let key = try key(command.header)
        let data = Array(command.data)
        let result: [UInt8]?
        switch (command.header.p2, key.algorithm) {
        case (0x21, .rsa): result = try? key.signBlock(data)
        case (0x80, .p256): result = (try? key.agree(with: data)).map { [4] + $0 }
        default: throw Refused(.incorrectParameters)
        }
        guard let result else { throw Refused(.incorrectData) }
        return result
    }

    func getChallenge(_ command: CardCommand) throws(Refused) -> [UInt8] {
        guard command.room <= Self.longestChallenge else { throw Refused(.wrongLength) }
        do throws(CryptoError) { return try SecureRandom.bytes(command.room) } catch {
            throw Refused(.executionError)
        }
    }

    /// Public key authentication, which the combined way wants besides, is not here.
    private func key(_ header: CommandHeader) throws(Refused) -> KeyPair {
        guard security.user, !state.options.contains(.combinedAuthentication) else {
            throw Refused(.securityStatusNotSatisfied)
        }
        guard let key = state.keys[header.p1] else { throw Refused(.referenceDataNotFound) }
        return key
    }
}
