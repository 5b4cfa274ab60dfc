import APDU
import Crypto

// GET DATA, GET NEXT DATA, SELECT DATA and PUT DATA: OpenPGP card 3.4, 7.2.5 to 7.2.8.
extension OpenPGPCard {
    private enum Tag {
        static let certificate: UInt32 = 0x7F21
        static let name: UInt32 = 0x5B
        static let language: UInt32 = 0x5F2D
        static let sex: UInt32 = 0x5F35
    }

    /// Who may read and write the objects that are just kept, and how long they may be.
    private enum Access { case always, pw1, pw3 }
    private static let plain: [UInt32: (read: Access, write: Access, longest: Int)] = [
        Tag.name: (.always, .pw3, 39), Tag.language: (.always, .pw3, 8),
        Tag.sex: (.always, .pw3, 1), 0x5E: (.always, .pw3, 254), 0x5F50: (.always, .pw3, 254),
        0x0101: (.always, .pw1, 254), 0x0102: (.always, .pw3, 254),
        0x0103: (.pw1, .pw1, 254), 0x0104: (.pw3, .pw3, 254),
    ]
    /// Fingerprints, those of CAs, times: written one by one, read together.
    private static let parts: [UInt32: Int] = [
        0xC7: 20, 0xC8: 20, 0xC9: 20, 0xCA: 20, 0xCB: 20, 0xCC: 20, 0xCE: 4, 0xCF: 4, 0xD0: 4,
    ]
    private static var longestCertificate: Int { 3072 }

    mutating func getData(_ command: CardCommand) throws(Refused) -> [UInt8] {
        guard command.data.isEmpty else { throw Refused(.wrongLength) }
        let tag = Self.tag(command.header)
        if tag == Tag.certificate { return certificate }
        if let object = Self.plain[tag] {
            try permit(object.read)
            return state.objects[tag] ?? []
        }
        if let content = constructed(tag) {
            return model.oddities.contains(.wrapsObjects) ? DataObject.tlv(tag, content) : content
        }
        guard let content = primitive(tag) else { throw Refused(.referenceDataNotFound) }
        return content
    }

    /// The next occurrence of what was read or selected.
    mutating func getNextData(_ command: CardCommand) throws(Refused) -> [UInt8] {
        guard Self.tag(command.header) == Tag.certificate else {
            throw Refused(.referenceDataNotFound)
        }
        guard occurrence < 2 else { throw Refused(.referenceDataNotFound) }
        occurrence += 1
        return certificate
    }

    /// 60 { 5C { 7F21 } }, the occurrence in P1.
    mutating func selectData(_ command: CardCommand) throws(Refused) -> [UInt8] {
        guard command.header.p2 == 0x04 else { throw Refused(.incorrectParameters) }
        guard let list = try? TLVReader.find([0x60, 0x5C], in: command.data)?.value else {
            throw Refused(.incorrectData)
        }
        guard Array(list) == [0x7F, 0x21], command.header.p1 <= 2 else {
            throw Refused(.referenceDataNotFound)
        }
        occurrence = command.header.p1
        return []
    }

    mutating func putData(_ command: CardCommand) throws(Refused) -> [UInt8] {
        let tag = Self.tag(command.header)
        let value = Array(command.data)
        try permit(Self.plain[tag]?.write ?? .pw3)
        if let object = Self.plain[tag] {
            try keep(value, tag, atMost: object.longest)
        } else if let length = Self.parts[tag] {
            guard value.count == length else { throw Refused(.wrongLength) }
            state.objects[tag] = value
        } else if tag == Tag.certificate {
            try keep(
                value, OpenPGPState.certificateTag(occurrence), atMost: Self.longestCertificate)
        } else if let slot = OpenPGPSlot.allCases.first(where: { $0.attributesTag == tag }) {
            guard let algorithm = OpenPGPAlgorithm.algorithm(value, slot) else {
                throw Refused(.incorrectData)
            }
            // Another kind of key than the one there: that one is gone (4.4.3.9).
            if state.keys[slot]?.pair.algorithm != algorithm { state.keys[slot] = nil }
            state.algorithms[slot] = algorithm
        } else {
            switch tag {
            case 0xC4:
                guard value == [0] || value == [1] else { throw Refused(.incorrectData) }
                state.pinServesSeveral = value == [1]
            case 0xD3: try setResettingCode(value)
            case 0xF9: try setKDF(value)
            default: throw Refused(.referenceDataNotFound)
            }
        }
        changed()
        return []
    }

    private mutating func keep(
        _ value: [UInt8], _ tag: UInt32, atMost longest: Int
    ) throws(Refused) {
        guard value.count <= longest else { throw Refused(.wrongLength) }
        state.objects[tag] = value.isEmpty ? nil : value
    }

    private func permit(_ access: Access) throws(Refused) {
        let isOpen =
            switch access {
            case .always: true
            case .pw1: security.pw1ForOthers
            case .pw3: security.pw3
            }
        guard isOpen else { throw Refused(.securityStatusNotSatisfied) }
    }

    // MARK: What the objects say

    private var certificate: [UInt8] {
        state.objects[OpenPGPState.certificateTag(occurrence)] ?? []
    }

    private func primitive(_ tag: UInt32) -> [UInt8]? {
        switch tag {
        case 0x4F: application
        case 0x5F52: historicalBytes
        case 0xC0: capabilities
        case 0xC1, 0xC2, 0xC3:
            OpenPGPSlot(rawValue: UInt8(tag - 0xC0)).map {
                OpenPGPAlgorithm.attributes(state.algorithm($0), $0)
            }
        case 0xC4: passwordStatus
        case 0xC5: joined([0xC7, 0xC8, 0xC9])
        case 0xC6: joined([0xCA, 0xCB, 0xCC])
        case 0xCD: joined([0xCE, 0xCF, 0xD0])
        case 0xDE:
            OpenPGPSlot.allCases.flatMap { [$0.rawValue, state.keys[$0]?.origin.rawValue ?? 0] }
        case 0xF9: state.kdf.object
        case 0x93:
            [16, 8, 0].map { UInt8(truncatingIfNeeded: state.signatures >> UInt32($0)) }
        case Tag.name, Tag.language, Tag.sex: state.objects[tag] ?? []
        case 0x7F66: extendedLengths
        default: nil
        }
    }

    private func constructed(_ tag: UInt32) -> [UInt8]? {
        switch tag {
        case 0x65: group([Tag.name, Tag.language, Tag.sex])
        case 0x7A: group([0x93])
        case 0x73:
            group([0xC0, 0xC1, 0xC2, 0xC3, 0xC4, 0xC5, 0xC6, 0xCD, 0xDE])
        case 0x6E:
            group([0x4F, 0x5F52] + (model.extendedLength ? [0x7F66] : []))
                + DataObject.tlv(0x73, constructed(0x73) ?? [])
        default: nil
        }
    }

    private func group(_ tags: [UInt32]) -> [UInt8] {
        tags.flatMap { DataObject.tlv($0, primitive($0) ?? []) }
    }

    private func joined(_ tags: [UInt32]) -> [UInt8] {
        tags.flatMap {
            state.objects[$0] ?? [UInt8](repeating: 0, count: Self.parts[$0] ?? 0)
        }
    }

    /// GET CHALLENGE, PW status changeable, private objects, attributes changeable, KDF-DO, MSE; no
    /// secure messaging, no import (4.4.3.7).
    private var capabilities: [UInt8] {
        [0x5D, 0x00] + Self.two(Self.longestChallenge) + Self.two(Self.longestCertificate)
            + Self.two(254) + [0x00, 0x01]
    }

    /// Tries left of PW1, resetting code and PW3 in the last three bytes (C4).
    private var passwordStatus: [UInt8] {
        let longest = UInt8(Self.longestCode)
        let left = [state.pw1, state.resettingCode, state.pw3].map {
            UInt8(truncatingIfNeeded: $0.left)
        }
        return [state.pinServesSeveral ? 1 : 0, longest, longest, longest] + left
    }

    /// Longest command and answer, in bytes.
    private var extendedLengths: [UInt8] {
        DataObject.tlv(0x02, Self.two(4095)) + DataObject.tlv(0x02, Self.two(4095))
    }

    private static func two(_ number: Int) -> [UInt8] {
        [UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number)]
    }

    private static func tag(_ header: CommandHeader) -> UInt32 {
        UInt32(header.p1) << 8 | UInt32(header.p2)
    }
}
