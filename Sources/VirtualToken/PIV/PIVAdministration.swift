import APDU
import Crypto

// GENERATE ASYMMETRIC KEY PAIR (SP 800-73-4 part 2, 3.3.2), and what Yubico added.
extension PIVCard {
    mutating func generateKeyPair(_ command: CardCommand) throws(Refused) -> [UInt8] {
        guard security.managementAuthenticated else { throw Refused(.securityStatusNotSatisfied) }
        let slot = command.header.p2
        guard command.header.p1 == 0, PIVSlot.certificateTag(slot) != nil else {
            throw Refused(.incorrectParameters)
        }
        var algorithm: KeyAlgorithm?
        var policy = PIVSlot.policy(slot)
        do throws(APDUError) {
            let control = try TLVReader.find([0xAC], in: command.data)
            for object in try control?.childObjects() ?? [] {
                switch (object.tag, object.value.first) {
                case (0x80, .some(let identifier)): algorithm = PIVAlgorithm.key(identifier)
                case (0xAA, .some(let asked)) where model.yubico:
                    policy = PIVPINPolicy(rawValue: asked) ?? policy
                default: break
                }
            }
        } catch {
            throw Refused(.incorrectData)
        }
        guard let algorithm else { throw Refused(.incorrectData) }
        do throws(CryptoError) {
            let pair = try KeyPair(generating: algorithm)
            state.keys[slot] = PIVKey(pair, origin: .generated, policy: policy)
            changed()
            return DataObject.tlv(0x7F49, try publicParts(pair.publicKey))
        } catch {
            throw Refused(.executionError)
        }
    }

    /// 81 modulus and 82 exponent, or 86 point.
    private func publicParts(_ key: PublicKey) throws(CryptoError) -> [UInt8] {
        guard case .rsa = key.algorithm else { return DataObject.tlv(0x86, try key.point()) }
        let numbers = try key.rsaNumbers()
        return DataObject.tlv(0x81, numbers.modulus) + DataObject.tlv(0x82, numbers.exponent)
    }

    mutating func yubico(_ command: CardCommand) throws(Refused) -> [UInt8] {
        switch command.header.ins {
        case 0xFD: return model.version
        case 0xF8:
            return (0..<4).map { UInt8(truncatingIfNeeded: state.serial >> (24 - 8 * UInt32($0))) }
        case 0xF7: return try metadata(of: command.header.p2)
        case 0xF9: return try attest(command.header)
        case 0xFA: return try setRetryLimits(command.header)
        case 0xFB: return try resetApplication()
        case 0xFF: return try setManagementKey(command)
        default: throw Refused(.instructionNotSupported)
        }
    }

    private func metadata(of reference: UInt8) throws(Refused) -> [UInt8] {
        switch reference {
        case 0x80:
            return DataObject.tlv(0x01, [0xFF])
                + metadata(of: state.pin, published: Array("123456".utf8))
        case 0x81:
            return DataObject.tlv(0x01, [0xFF])
                + metadata(of: state.puk, published: Array("12345678".utf8))
        case PIVSlot.management:
            return DataObject.tlv(0x01, [PIVAlgorithm.identifier(state.management.cipher)])
                + DataObject.tlv(0x02, [0x00, 0x01])
                + DataObject.tlv(0x05, [state.management == .published ? 1 : 0])
        default:
            guard let key = state.keys[reference],
                let algorithm = PIVAlgorithm.identifier(key.pair.algorithm),
                let parts = try? publicParts(key.pair.publicKey)
            else { throw Refused(.referenceDataNotFound) }
            return DataObject.tlv(0x01, [algorithm])
                + DataObject.tlv(0x02, [key.policy.rawValue, 0x01])
                + DataObject.tlv(0x03, [key.origin.rawValue]) + DataObject.tlv(0x04, parts)
        }
    }

    private func metadata(of code: PIVCode, published: [UInt8]) -> [UInt8] {
        DataObject.tlv(0x05, [code.value == PIVCode.padded(published) ? 1 : 0])
            + DataObject.tlv(
                0x06,
                [UInt8(truncatingIfNeeded: code.total), UInt8(truncatingIfNeeded: code.left)])
    }

    /// New limits; both codes become the published ones.
    private mutating func setRetryLimits(_ header: CommandHeader) throws(Refused) -> [UInt8] {
        guard security.managementAuthenticated, security.pinVerified else {
            throw Refused(.securityStatusNotSatisfied)
        }
        guard (1...15).contains(header.p1), (1...15).contains(header.p2) else {
            throw Refused(.incorrectParameters)
        }
        renewCodes(pinTotal: Int(header.p1), pukTotal: Int(header.p2))
        return []
    }

    /// Back to the state of delivery, only where both codes are blocked.
    private mutating func resetApplication() throws(Refused) -> [UInt8] {
        guard state.pin.isBlocked, state.puk.isBlocked else {
            throw Refused(.conditionsNotSatisfied)
        }
        renewCodes(pinTotal: 3, pukTotal: 3)
        state.keys = [:]
        // What the maker put in stays.
        state.objects = state.objects.filter { $0.key == PIVAttestation.certificateTag }
        state.management = .published
        security = Security()
        return []
    }

    private mutating func renewCodes(pinTotal: Int, pukTotal: Int) {
        state.pin = PIVCode(
            value: Array("123456".utf8) + [0xFF, 0xFF], total: pinTotal, spent: state.pin.spent)
        state.puk = PIVCode(
            value: Array("12345678".utf8), total: pukTotal, spent: state.puk.spent)
        security.pinVerified = false
        security.pinFresh = false
        changed()
    }

    private mutating func setManagementKey(_ command: CardCommand) throws(Refused) -> [UInt8] {
        guard security.managementAuthenticated else { throw Refused(.securityStatusNotSatisfied) }
        let data = Array(command.data)
        guard command.header.p1 == 0xFF, data.count > 3, data[1] == PIVSlot.management,
            Int(data[2]) == data.count - 3
        else { throw Refused(.incorrectData) }
        guard let cipher = PIVAlgorithm.cipher(data[0]), cipher.keyLength == data.count - 3 else {
            throw Refused(.incorrectData)
        }
        state.management = PIVManagementKey(cipher: cipher, key: Array(data[3...]))
        changed()
        return []
    }
}
