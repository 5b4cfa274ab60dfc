import APDU
import Crypto

// The PINs, which are keys for EXTERNAL AUTHENTICATE (ISO 7816-4, 7.5.4): nobody ever sends one.
extension EPass2003Card {
    private static let challengeLength = 8
    private static let longestChallenge = 256

    /// The key of a PIN: the SHA-1 of its characters and their number in four bytes.
    package static func key(of pin: String) throws(CryptoError) -> [UInt8] {
        let text = Array(pin.utf8)
        return try Digest.sha1.hash(text) + [0, 0, 0, UInt8(truncatingIfNeeded: text.count)]
    }

    mutating func getChallenge(_ command: Command) throws(Refused) -> [UInt8] {
        let wanted = command.expected ?? 0
        guard (Self.challengeLength...Self.longestChallenge).contains(wanted) else {
            throw Refused(.wrongLength)
        }
        let random: [UInt8]
        do throws(CryptoError) { random = try SecureRandom.bytes(wanted) } catch {
            throw Refused(.executionError)
        }
        // Clients ask for sixteen bytes and encipher the first eight.
        challenge = Array(random.prefix(Self.challengeLength))
        return random
    }

    /// The challenge enciphered with the PIN's key, or nothing to be told the tries.
    mutating func authenticate(
        _ command: Command, _ challenge: [UInt8]?
    ) throws(Refused) -> [UInt8] {
        let header = command.header
        guard header.p1 == 0x01, let code = Code(rawValue: header.p2 & 0x7F) else {
            throw Refused(.referenceDataNotFound)
        }
        let path = Self.path(of: code)
        guard !command.data.isEmpty else {
            throw Refused(Self.left(state[keyPath: path]))
        }
        guard command.data.count == Self.challengeLength else { throw Refused(.wrongLength) }
        guard let challenge else { throw Refused(.conditionsNotSatisfied) }
        guard !state[keyPath: path].isBlocked else { throw Refused(.authenticationBlocked) }
        proven.remove(code)
        let right = try? BlockCipher.tripleDES.encrypt(challenge, key: state[keyPath: path].value)
        guard command.data == right else {
            state[keyPath: path].spend()
            changed()
            throw Refused(Self.left(state[keyPath: path]))
        }
        if state[keyPath: path].left < state[keyPath: path].total {
            state[keyPath: path].refill()
            changed()
        }
        proven.insert(code)
        return []
    }

    /// Writes a PIN's key: tries of a full counter and tries left in one byte, then the key. The
    /// holder may write the own one, the security officer both.
    mutating func updateKey(_ command: Command) throws(Refused) -> [UInt8] {
        guard command.header.p1 == 0x04, let code = Code(rawValue: command.header.p2) else {
            throw Refused(.referenceDataNotFound)
        }
        guard proven.contains(code) || proven.contains(.officer) else {
            throw Refused(.securityStatusNotSatisfied)
        }
        guard command.data.count == 25 else { throw Refused(.wrongLength) }
        let total = Int(command.data[0] >> 4)
        let left = Int(command.data[0] & 0x0F)
        guard total > 0, (1...total).contains(left) else { throw Refused(.incorrectData) }
        let path = Self.path(of: code)
        state[keyPath: path] = CardCode(
            value: Array(command.data.dropFirst()), total: total, left: left,
            spent: state[keyPath: path].spent)
        proven.remove(code)
        changed()
        return []
    }

    /// OpenSC's driver knows 63C1 and more from the real token, and no 63C0.
    private static func left(_ code: CardCode) -> StatusWord {
        code.isBlocked ? .authenticationBlocked : .triesLeft(code.left)
    }

    private static func path(of code: Code) -> WritableKeyPath<EPass2003State, CardCode> {
        code == .user ? \.pin : \.officer
    }
}
