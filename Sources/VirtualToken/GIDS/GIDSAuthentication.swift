import APDU
import Crypto

// GENERAL AUTHENTICATE with the administrator's key, 3DES (GIDS 2.0, 7.4.5).
extension GIDSCard {
    private static let challengeLength = 8
    /// Each side's random bytes in mutual authentication.
    private static let mutualLength = 16
    /// A share of a session key that nobody uses here, ended by 80.
    private static let shareLength = 7

    mutating func generalAuthenticate(
        _ command: CardCommand, _ exchange: Exchange?
    ) throws(Refused) -> [UInt8] {
        guard state.isActivated else { throw Refused(.commandNotAllowed) }
        guard command.header.p1 == 0, command.header.p2 == 0 else {
            throw Refused(.incorrectParameters)
        }
        guard security.namedAdministratorKey, !state.admin.value.isEmpty else {
            throw Refused(.conditionsNotSatisfied)
        }
        guard let template = try? TLVReader.find([0x7C], in: command.data),
            let objects = try? template.childObjects(), objects.count == 1,
            let object = objects.first
        else { throw Refused(.incorrectData) }
        switch object.tag {
        case 0x81: return try challenge(Array(object.value))
        case 0x82: return try respond(Array(object.value), exchange)
        default: throw Refused(.incorrectData)
        }
    }

    /// An empty 81 asks for the card's challenge alone, 16 bytes are the host's of a mutual
    /// authentication.
    private mutating func challenge(_ host: [UInt8]) throws(Refused) -> [UInt8] {
        let challenge: [UInt8]
        switch host.count {
        case 0 where model.knowsExternal:
            challenge = try random(Self.challengeLength)
            security.exchange = .external(challenge: challenge)
        case Self.mutualLength:
            challenge = try random(Self.mutualLength)
            security.exchange = .mutual(host: host, card: challenge)
        default: throw Refused(.incorrectData)
        }
        return wrap(0x81, challenge)
    }

    private mutating func respond(
        _ response: [UInt8], _ exchange: Exchange?
    ) throws(Refused) -> [UInt8] {
        guard let exchange else { throw Refused(.conditionsNotSatisfied) }
        guard !state.admin.isBlocked else { throw Refused(.authenticationBlocked) }
        security.administrator = false
        let key = state.admin.value
        let chained = CipherMode.cbc(vector: [UInt8](repeating: 0, count: 8))
        switch exchange {
        case .external(let challenge):
            try finish(response == (try? BlockCipher.tripleDES.encrypt(challenge, key: key)))
            return []
        case .mutual(let host, let card):
            let clear = try? BlockCipher.tripleDES.decrypt(response, key: key, mode: chained)
            let both = Self.mutualLength * 2
            try finish(
                clear.map {
                    $0.count == both + Self.shareLength + 1 && $0.starts(with: card + host)
                        && $0.last == 0x80
                } ?? false)
            let answer = host + card + (try random(Self.shareLength)) + [0x80]
            guard
                let cipher = try? BlockCipher.tripleDES.encrypt(answer, key: key, mode: chained)
            else { throw Refused(.executionError) }
            return wrap(0x82, cipher)
        }
    }

    /// Counts what is wrong; tries go down where the model's do.
    private mutating func finish(_ isRight: Bool) throws(Refused) {
        guard isRight else {
            state.admin.spend()
            if !model.oddities.contains(.countsAdministrator) { state.admin.refill() }
            changed()
            throw Refused(.securityStatusNotSatisfied)
        }
        if state.admin.left < state.admin.total {
            state.admin.refill()
            changed()
        }
        security.administrator = true
    }

    private func wrap(_ tag: UInt32, _ value: [UInt8]) -> [UInt8] {
        DataObject.tlv(0x7C, DataObject.tlv(tag, value))
    }

    private func random(_ count: Int) throws(Refused) -> [UInt8] {
        do throws(CryptoError) { return try SecureRandom.bytes(count) } catch {
            throw Refused(.executionError)
        }
    }
}
