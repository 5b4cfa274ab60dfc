import APDU
import Crypto

// GENERAL AUTHENTICATE: SP 800-73-4 part 2, 3.2.4.
extension PIVCard {
    /// The dynamic authentication template 7C: nil for an absent object, empty for an empty one.
    private struct Template {
        var witness: [UInt8]?
        var challenge: [UInt8]?
        var response: [UInt8]?
        var exponentiation: [UInt8]?

        init(_ data: ArraySlice<UInt8>) throws(APDUError) {
            guard let template = try TLVReader.find([0x7C], in: data) else {
                throw APDUError(.objectTruncated)
            }
            for object in try template.childObjects() {
                switch object.tag {
                case 0x80: witness = Array(object.value)
                case 0x81: challenge = Array(object.value)
                case 0x82: response = Array(object.value)
                case 0x85: exponentiation = Array(object.value)
                default: throw APDUError(.tagInvalid)
                }
            }
        }
    }

    mutating func generalAuthenticate(
        _ command: CardCommand, _ exchange: ManagementExchange?
    ) throws(Refused) -> [UInt8] {
        let template: Template
        do throws(APDUError) {
            template = try Template(command.data)
        } catch {
            throw Refused(.incorrectData)
        }
        if command.header.p2 == PIVSlot.management {
            guard PIVAlgorithm.cipher(command.header.p1) == state.management.cipher else {
                throw Refused(.incorrectParameters)
            }
            return try authenticateManager(template, exchange)
        }
        return try usePrivateKey(command.header, template)
    }

    /// External or mutual authentication with key 9B.
    private mutating func authenticateManager(
        _ template: Template, _ exchange: ManagementExchange?
    ) throws(Refused) -> [UInt8] {
        let cipher = state.management.cipher
        switch (template.witness, template.challenge, template.response, exchange) {
        case (nil, .some(let empty), nil, _) where empty.isEmpty:
            let challenge = try random(cipher.blockLength)
            security.exchange = .external(challenge: challenge)
            return wrap(0x81, challenge)
        case (.some(let empty), nil, nil, _) where empty.isEmpty:
            let witness = try random(cipher.blockLength)
            security.exchange = .mutual(witness: witness)
            return wrap(0x80, try encipher(witness))
        case (nil, nil, .some(let response), .external(let challenge)):
            let expected = try encipher(challenge)
            try finish(response == expected)
            return []
        case (.some(let witness), .some(let challenge), _, .mutual(let own)):
            guard challenge.count == cipher.blockLength else { throw Refused(.incorrectData) }
            try finish(witness == own)
            return wrap(0x82, try encipher(challenge))
        default:
            throw Refused(.incorrectData)
        }
    }

    private mutating func finish(_ isRight: Bool) throws(Refused) {
        security.managementAuthenticated = isRight
        guard isRight else { throw Refused(.securityStatusNotSatisfied) }
    }

    /// A signature, a decryption or a key agreement.
    private mutating func usePrivateKey(
        _ header: CommandHeader, _ template: Template
    ) throws(Refused) -> [UInt8] {
        guard PIVSlot.certificateTag(header.p2) != nil, let key = state.keys[header.p2] else {
            throw Refused(.incorrectParameters)
        }
        guard PIVAlgorithm.identifier(key.pair.algorithm) == header.p1 else {
            throw Refused(.incorrectParameters)
        }
        switch key.policy {
        case .never: break
        case .once: guard security.pinVerified else { throw Refused(.securityStatusNotSatisfied) }
        case .always: guard security.pinFresh else { throw Refused(.securityStatusNotSatisfied) }
        }
        guard template.witness == nil, template.response?.isEmpty == true else {
            throw Refused(.incorrectData)
        }
        security.pinFresh = false
        let result: [UInt8]?
        switch (template.challenge, template.exponentiation) {
        case (.some(let block), nil):
            let length = key.pair.publicKey.blockLength ?? 0
            guard !block.isEmpty, block.count <= length else { throw Refused(.incorrectData) }
            result = try? key.pair.signBlock(block)
        case (nil, .some(let point)):
            result = try? key.pair.agree(with: point)
        default:
            result = nil
        }
        guard let result else { throw Refused(.incorrectData) }
        return wrap(0x82, result)
    }

    private func wrap(_ tag: UInt32, _ value: [UInt8]) -> [UInt8] {
        DataObject.tlv(0x7C, DataObject.tlv(tag, value))
    }

    private func random(_ count: Int) throws(Refused) -> [UInt8] {
        do throws(CryptoError) { return try SecureRandom.bytes(count) } catch {
            throw Refused(.executionError)
        }
    }

    private func encipher(_ block: [UInt8]) throws(Refused) -> [UInt8] {
        do throws(CryptoError) {
            return try state.management.cipher.encrypt(block, key: state.management.key)
        } catch {
            throw Refused(.executionError)
        }
    }
}
