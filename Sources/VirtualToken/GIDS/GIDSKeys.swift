import APDU
import Crypto

// What is done with keys: MANAGE SECURITY ENVIRONMENT, PERFORM SECURITY OPERATION, GENERATE
// ASYMMETRIC KEY PAIR, and the application's PUT DATA (GIDS 2.0, 7.4 and 12.5).
extension GIDSCard {
    mutating func manageSecurityEnvironment(_ command: CardCommand) throws(Refused) -> [UInt8] {
        let objects: [TLV]
        do throws(APDUError) {
            var reader = TLVReader(command.data)
            objects = try reader.all()
        } catch {
            throw Refused(.incorrectData)
        }
        func byte(_ tag: TLVTag) -> UInt8? {
            guard let value = objects.first(where: { $0.tag == tag })?.value, value.count == 1
            else { return nil }
            return value.first
        }
        security.environment = nil
        security.namedAdministratorKey = false
        switch (command.header.p1, command.header.p2) {
        case (0xC1, 0xA4), (0x81, 0xA4):
            guard let file = byte(0x83).flatMap(keyFile), file.number == GIDSFiles.administratorKey
            else { throw Refused(.referenceDataNotFound) }
            try permit(file.access, .useKey)
            security.namedAdministratorKey = true
        case (0x41, 0xB6), (0x41, 0xB8):
            guard let file = byte(0x84).flatMap(keyFile) else {
                throw Refused(.referenceDataNotFound)
            }
            let template = command.header.p2
            guard let mechanism = byte(0x80),
                file.uses.contains(GIDSFile.Use(template: template, mechanism: mechanism))
            else { throw Refused(.incorrectData) }
            try permit(file.access, .useKey)
            security.environment = Environment(
                key: file.number, template: template, mechanism: mechanism)
        default: throw Refused(.incorrectParameters)
        }
        return []
    }

    /// The activated file of a key, by its reference.
    private func keyFile(_ reference: UInt8) -> GIDSFile? {
        guard let file = state.files[0xB000 | UInt16(reference)], file.kind == .key,
            file.isActivated
        else { return nil }
        return file
    }

    // MARK: Private keys

    mutating func performSecurityOperation(_ command: CardCommand) throws(Refused) -> [UInt8] {
        guard let environment = security.environment, let file = state.files[environment.key]
        else { throw Refused(.conditionsNotSatisfied) }
        // Once more: what was proven may have been forgotten since.
        try permit(file.access, .useKey)
        guard let key = file.key else { throw Refused(.referenceDataNotFound) }
        let result: [UInt8]?
        switch (command.header.p1, command.header.p2, environment.template) {
        case (0x9E, 0x9A, 0xB6):
            result = try sign(key, environment.mechanism, Array(command.data))
        case (0x80, 0x86, 0xB8):
            result = try decipher(key, environment.mechanism, Array(command.data))
        default: throw Refused(.incorrectParameters)
        }
        guard let result else { throw Refused(.incorrectData) }
        return result
    }

    /// Mechanism 5x pads what it is given (RFC 8017, 9.2), 1x takes a whole block of RSA or a
    /// hash of the curve's length.
    private func sign(
        _ key: KeyPair, _ mechanism: UInt8, _ data: [UInt8]
    ) throws(Refused) -> [UInt8]? {
        let length = key.publicKey.blockLength ?? 0
        guard case .rsa = key.algorithm else {
            guard data.count == length else { throw Refused(.wrongLength) }
            guard let der = try? key.signBlock(data) else { return nil }
            return model.oddities.contains(.derSignatures) ? der : Self.numbers(der, length)
        }
        guard mechanism & 0xF0 == 0x50 else {
            guard data.count == length else { throw Refused(.wrongLength) }
            return try? key.signBlock(data)
        }
        guard !data.isEmpty, data.count + 11 <= length else { throw Refused(.wrongLength) }
        let fill = [UInt8](repeating: 0xFF, count: length - data.count - 3)
        return try? key.signBlock([0, 1] + fill + [0] + data)
    }

    /// Both numbers of a signature in DER, each as long as the curve's.
    private static func numbers(_ der: [UInt8], _ length: Int) -> [UInt8]? {
        guard let sequence = try? TLVReader.find([0x30], in: der),
            let numbers = try? sequence.childObjects(), numbers.count == 2
        else { return nil }
        return numbers.flatMap { number in
            let digits = number.value.drop { $0 == 0 }
            return [UInt8](repeating: 0, count: max(0, length - digits.count)) + digits
        }
    }

    /// The cryptogram alone, with no byte for its padding before it; mechanism 4x takes the
    /// padding away (RFC 8017, 7.2.2).
    private func decipher(
        _ key: KeyPair, _ mechanism: UInt8, _ data: [UInt8]
    ) throws(Refused) -> [UInt8]? {
        guard data.count == key.publicKey.blockLength else { throw Refused(.wrongLength) }
        guard let block = try? key.signBlock(data) else { return nil }
        guard mechanism & 0xF0 == 0x40 else { return block }
        guard block.starts(with: [0, 2]), let end = block.dropFirst(2).firstIndex(of: 0),
            end >= 10
        else { return nil }
        return Array(block[(end + 1)...])
    }

    // MARK: New keys

    /// AC { 80 mechanism, 83 key }: a new pair in a key file that is there; its public half.
    mutating func generateKeyPair(_ command: CardCommand) throws(Refused) -> [UInt8] {
        guard Self.file(command.header) == 0 else { throw Refused(.incorrectParameters) }
        guard let control = try? TLVReader.find([0xAC], in: command.data),
            let parts = try? control.childObjects(),
            let mechanism = parts.first(where: { $0.tag == 0x80 })?.value.first,
            let reference = parts.first(where: { $0.tag == 0x83 })?.value.first
        else { throw Refused(.incorrectData) }
        guard let file = keyFile(reference) else { throw Refused(.referenceDataNotFound) }
        try permit(file.access, .generateKey)
        guard file.number != GIDSFiles.administratorKey,
            let algorithm = GIDSMechanism.algorithm(mechanism)
        else { throw Refused(.functionNotSupported) }
        guard let pair = try? KeyPair(generating: algorithm) else {
            throw Refused(.executionError)
        }
        state.files[file.number]?.key = pair
        changed()
        return try publicKey(reference)
    }

    /// 7F49 { 81 modulus, 82 exponent }, or { 86 point }.
    func publicKey(_ reference: UInt8) throws(Refused) -> [UInt8] {
        guard let file = keyFile(reference), let key = file.key?.publicKey else {
            throw Refused(.referenceDataNotFound)
        }
        try permit(file.access, .readPublicKey)
        do throws(CryptoError) {
            guard case .rsa = key.algorithm else {
                return DataObject.tlv(0x7F49, DataObject.tlv(0x86, try key.point()))
            }
            let numbers = try key.rsaNumbers()
            return DataObject.tlv(
                0x7F49,
                DataObject.tlv(0x81, numbers.modulus) + DataObject.tlv(0x82, numbers.exponent))
        } catch {
            throw Refused(.executionError)
        }
    }

    /// 70 { 84 key, A5 { 83 kind, 84 00, 87 value } }: 24 bytes of 3DES for the administrator's
    /// key, else an RSAPrivateKey (RFC 8017, A.1.2).
    mutating func putKey(_ object: TLV) throws(Refused) -> [UInt8] {
        guard object.tag == 0x70, let parts = try? object.childObjects(),
            let reference = parts.first(where: { $0.tag == 0x84 })?.value.first,
            let template = try? parts.first(where: { $0.tag == 0xA5 })?.childObjects(),
            let value = template.first(where: { $0.tag == 0x87 }).map({ Array($0.value) })
        else { throw Refused(.incorrectData) }
        guard let file = keyFile(reference) else { throw Refused(.referenceDataNotFound) }
        try permit(file.access, .putKey)
        if file.number == GIDSFiles.administratorKey {
            guard value.count == BlockCipher.tripleDES.keyLength else {
                throw Refused(.incorrectData)
            }
            state.admin.value = value
            state.admin.refill()
        } else {
            guard let pair = Self.pair(value) else { throw Refused(.incorrectData) }
            state.files[file.number]?.key = pair
        }
        changed()
        return []
    }

    /// A pair out of an RSAPrivateKey, whose numbers some clients write without the zero that
    /// makes them positive.
    private static func pair(_ key: [UInt8]) -> KeyPair? {
        guard let sequence = try? TLVReader.find([0x30], in: key),
            let numbers = try? sequence.childObjects(), numbers.count == 9,
            numbers.allSatisfy({ $0.tag == 0x02 && !$0.value.isEmpty })
        else { return nil }
        let written = numbers.flatMap { number in
            let digits = number.value.drop { $0 == 0 }
            let isPositive = (digits.first ?? 0x80) < 0x80
            return DataObject.tlv(0x02, (isPositive ? [] : [0]) + digits)
        }
        let rsa: [UInt8] = [0x30, 13, 6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1, 5, 0]
        return try? KeyPair(
            pkcs8: DataObject.tlv(
                0x30,
                [2, 1, 0] + rsa + DataObject.tlv(0x04, DataObject.tlv(0x30, written))))
    }
}

extension StatusWord {
    static let incompatibleFile = StatusWord(rawValue: 0x6981)
    static let fileExists = StatusWord(rawValue: 0x6A89)
}
