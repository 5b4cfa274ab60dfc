import APDU
import Crypto

// MANAGE SECURITY ENVIRONMENT, PERFORM SECURITY OPERATION and GET CHALLENGE: ISO 7816-4, 7.5.3
// and 7.5.11; ISO 7816-8, 5.
extension PKCS15Card {
    /// What the next operation is done with.
    struct Environment: Sendable {
        enum Padding: Sendable {
            /// RSA, padded here (RFC 8017, 9.2): a DigestInfo comes in.
            case pkcs1
            /// RSA of a whole block.
            case none
            /// An elliptic curve over a hash, or over the SHA-1 of what comes in.
            case hash
            case hashing
        }

        var key: UInt8
        var padding: Padding
        /// For signatures; else to decipher.
        var signs: Bool
        /// The first half of a cryptogram that comes in two.
        var half: [UInt8] = []
    }

    static var longestChallenge: Int { 256 }

    mutating func manageSecurityEnvironment(_ command: CardCommand) throws(Refused) -> [UInt8] {
        guard command.header.p1 == 0x41 else { throw Refused(.functionNotSupported) }
        guard [0xB6, 0xB8].contains(command.header.p2) else { throw Refused(.functionNotSupported) }
        var reader = TLVReader(command.data)
        guard let parts = try? reader.all() else { throw Refused(.incorrectData) }
        func value(_ tag: TLVTag) -> [UInt8]? {
            parts.first { $0.tag == tag }.map { Array($0.value) }
        }
        // MyEID's driver names the key by its file besides, and by 00.
        var reference = value(0x84)
        if model.kind == .plain, let file = value(0x81), let last = file.last, file.count >= 2 {
            guard last > 0 else { throw Refused(.incorrectData) }
            reference = [last - 1]
        }
        guard let reference, reference.count == 1, let pair = state.keys[reference[0]] else {
            throw Refused(model.kind == .isoApplet ? .incorrectData : .referenceDataNotFound)
        }
        let algorithm = value(0x80) ?? []
        guard let padding = padding(algorithm, pair.algorithm) else {
            throw Refused(.functionNotSupported)
        }
        environment = Environment(
            key: reference[0], padding: padding, signs: command.header.p2 == 0xB6)
        return []
    }

    private func padding(
        _ algorithm: [UInt8], _ key: KeyAlgorithm
    ) -> Environment.Padding? {
        var isRSA = false
        if case .rsa = key { isRSA = true }
        switch (model.kind, algorithm, isRSA) {
        case (.isoApplet, [0x11], true), (.vgca, [], true): return .pkcs1
        case (.isoApplet, [0x21], false): return model.isVersion1 ? nil : .hashing
        case (.isoApplet, [0x22], false): return model.isVersion1 ? .hash : nil
        case (.plain, [0x02], true), (.plain, [], true): return .pkcs1
        case (.plain, [0x00], true): return Environment.Padding.none
        case (.plain, [0x04], false), (.plain, [], false): return .hash
        default: return nil
        }
    }

    mutating func performSecurityOperation(_ command: CardCommand) throws(Refused) -> [UInt8] {
        guard isVerified else { throw Refused(.securityStatusNotSatisfied) }
        guard let environment, let key = state.keys[environment.key] else {
            throw Refused(.conditionsNotSatisfied)
        }
        switch (command.header.p1, command.header.p2, environment.signs) {
        case (0x9E, 0x9A, true): return try signature(key, environment.padding, command.data)
        case (0x80, 0x86, false): return try decipher(key, command.data)
        default: throw Refused(.incorrectParameters)
        }
    }

    private func signature(
        _ key: KeyPair, _ padding: Environment.Padding, _ data: ArraySlice<UInt8>
    ) throws(Refused) -> [UInt8] {
        let length = key.publicKey.blockLength ?? 0
        guard !data.isEmpty else { throw Refused(.wrongLength) }
        var block: [UInt8]?
        switch padding {
        case .pkcs1:
            guard data.count + 11 <= length else { throw Refused(.wrongLength) }
            let fill = [UInt8](repeating: 0xFF, count: length - data.count - 3)
            block = [0, 1] + fill + [0] + data
        case .none:
            guard data.count == length else { throw Refused(.wrongLength) }
            block = Array(data)
        case .hash:
            guard data.count <= 64 else { throw Refused(.wrongLength) }
            block = Array(data.prefix(length))
        case .hashing: block = try? Digest.sha1.hash(Array(data))
        }
        guard let block, let result = try? key.signBlock(block) else {
            throw Refused(.executionError)
        }
        return result
    }

    /// 00 and the cryptogram; what it pads comes out. A MyEID takes 2048 bits in two halves behind
    /// 81 and 82, and gives the whole block where no padding is set.
    private mutating func decipher(
        _ key: KeyPair, _ data: ArraySlice<UInt8>
    ) throws(Refused) -> [UInt8] {
        guard case .rsa = key.algorithm, let indicator = data.first, let environment else {
            throw Refused(.incorrectData)
        }
        var cryptogram = Array(data.dropFirst())
        switch indicator {
        case 0x00: break
        case 0x81 where model.kind == .plain:
            self.environment?.half = cryptogram
            return []
        case 0x82 where model.kind == .plain:
            cryptogram = environment.half + cryptogram
            self.environment?.half = []
        default: throw Refused(.incorrectData)
        }
        guard let block = try? key.signBlock(cryptogram) else { throw Refused(.incorrectData) }
        if case .none = environment.padding { return block }
        // 00 02, at least eight bytes that are not zero, 00 (RFC 8017, 7.2.2).
        guard block.starts(with: [0, 2]), let end = block.dropFirst(2).firstIndex(of: 0), end >= 10
        else { throw Refused(.incorrectData) }
        return Array(block[(end + 1)...])
    }

    func getChallenge(_ command: CardCommand) throws(Refused) -> [UInt8] {
        guard command.room <= Self.longestChallenge else { throw Refused(.wrongLength) }
        do throws(CryptoError) { return try SecureRandom.bytes(command.room) } catch {
            throw Refused(.executionError)
        }
    }
}
