import APDU
import Crypto

/// The data objects of a PIV token (SP 800-73-4 part 1, 3).
package enum PIVObject {
    /// The full application identifier, version 1.0.
    package static let application: [UInt8] = [0xA0, 0, 0, 3, 8, 0, 0, 0x10, 0, 1, 0]

    static let chuidTag: UInt32 = 0x5FC102
    static let capabilityTag: UInt32 = 0x5FC107
    static let discoveryTag: UInt32 = 0x7E

    /// Printed information, fingerprints, face, iris and pairing code want the PIN.
    static let behindPIN: Set<UInt32> = [0x5FC109, 0x5FC103, 0x5FC108, 0x5FC121, 0x5FC123]

    /// What SELECT answers (part 2, table 3).
    static let applicationProperty = DataObject.tlv(
        0x61,
        DataObject.tlv(0x4F, Array(application.dropFirst(5)))
            + DataObject.tlv(0x79, DataObject.tlv(0x4F, Array(application.prefix(5)))))

    /// The discovery object: the PIV PIN alone satisfies the policy.
    static let discovery = DataObject.tlv(
        0x7E, DataObject.tlv(0x4F, application) + DataObject.tlv(0x5F2F, [0x40, 0x00]))

    /// Card Holder Unique Identifier: a FASC-N that says "not federal", the GUID, an expiry.
    static func chuid(guid: [UInt8], expiry: String) -> [UInt8] {
        let fascN: [UInt8] = [
            0xD4, 0xE7, 0x39, 0xDA, 0x73, 0x9C, 0xED, 0x39, 0xCE, 0x73, 0x9D, 0x83, 0x68, 0x58,
            0x21, 0x08, 0x42, 0x10, 0x84, 0x21, 0xC8, 0x42, 0x10, 0xC3, 0xEB,
        ]
        return DataObject.tlv(0x30, fascN) + DataObject.tlv(0x34, guid)
            + DataObject.tlv(0x35, Array(expiry.utf8))
            + DataObject.tlv(0x3E, []) + DataObject.tlv(0xFE, [])
    }

    /// Card Capability Container with a unique card identifier of 14 bytes.
    static func capability(identifier: [UInt8]) -> [UInt8] {
        var container = DataObject.tlv(0xF0, [0xA0, 0, 0, 1, 0x16, 0xFF, 0x02] + identifier)
        container +=
            DataObject.tlv(0xF1, [0x21]) + DataObject.tlv(0xF2, [0x21]) + DataObject.tlv(0xF3, [])
        container += DataObject.tlv(0xF4, [0]) + DataObject.tlv(0xF5, [0x10])
        for tag: UInt32 in [0xF6, 0xF7, 0xFA, 0xFB, 0xFC, 0xFD, 0xFE] {
            container += DataObject.tlv(tag, [])
        }
        return container
    }

    /// A certificate's container: CertInfo bit 0 says that it is gzip'd.
    package static func certificate(_ certificate: Certificate, compressed: Bool) -> [UInt8] {
        let body = compressed ? Gzip.compress(certificate.der) : certificate.der
        return DataObject.tlv(0x70, body) + DataObject.tlv(0x71, [compressed ? 1 : 0])
            + DataObject.tlv(0xFE, [])
    }
}

// GET DATA and PUT DATA: part 2, 3.1.2 and 3.3.2.
extension PIVCard {
    mutating func getData(_ command: CardCommand) throws(Refused) -> [UInt8] {
        let (tag, rest) = try object(command)
        guard rest.isEmpty else { throw Refused(.incorrectData) }
        if tag == PIVObject.discoveryTag { return PIVObject.discovery }
        if PIVObject.behindPIN.contains(tag), !security.pinVerified {
            throw Refused(.securityStatusNotSatisfied)
        }
        guard let content = state.objects[tag] else { throw Refused(.fileNotFound) }
        return DataObject.tlv(0x53, content)
    }

    mutating func putData(_ command: CardCommand) throws(Refused) -> [UInt8] {
        let (tag, rest) = try object(command)
        guard security.managementAuthenticated else { throw Refused(.securityStatusNotSatisfied) }
        guard tag != PIVObject.discoveryTag else { throw Refused(.functionNotSupported) }
        guard let content = try? TLVReader.find([0x53], in: rest)?.value else {
            throw Refused(.incorrectData)
        }
        let others = state.objects.filter { $0.key != tag }.values.reduce(0) { $0 + $1.count }
        guard others + content.count <= Self.memory else { throw Refused(.notEnoughMemory) }
        state.objects[tag] = content.isEmpty ? nil : Array(content)
        changed()
        return []
    }

    /// Room for data objects, in bytes.
    private static var memory: Int { 48 * 1024 }

    /// The tag in `5C`, and what stands behind it.
    private func object(_ command: CardCommand) throws(Refused) -> (UInt32, ArraySlice<UInt8>) {
        guard command.header.p1 == 0x3F, command.header.p2 == 0xFF else {
            throw Refused(.incorrectParameters)
        }
        var reader = TLVReader(command.data)
        guard let list = try? reader.next(), list.tag == 0x5C, (1...3).contains(list.value.count)
        else { throw Refused(.incorrectData) }
        return (list.value.reduce(0) { $0 << 8 | UInt32($1) }, reader.rest)
    }
}
