import APDU
import Crypto

/// All that a GIDS card keeps without power.
package struct GIDSState: Sendable {
    package var pin: CardCode
    /// The administrator's key, 24 bytes for 3DES; empty where there is none yet. What is wrong
    /// is counted as spent; whether tries go down is the model's.
    package var admin: CardCode
    /// Until it is activated everything is allowed and nobody authenticated (GIDS 2.0, 7.4.10).
    package var isActivated: Bool
    var files: [UInt16: GIDSFile] = [:]

    package init(pin: CardCode, admin: CardCode, isActivated: Bool) {
        self.pin = pin
        self.admin = admin
        self.isActivated = isActivated
    }

    /// As delivered: no file, no code.
    package static var blank: GIDSState {
        GIDSState(
            pin: CardCode(value: [], total: 3), admin: CardCode(value: [], total: 3),
            isActivated: false)
    }

    /// Files are made and deleted by the user or the administrator.
    static let applicationParameters: [UInt8] = [
        0x62, 8, 0x82, 1, 0x38, 0x8C, 3, 3, 0x30, 0x30,
    ]

    /// The container keys, by the number of their files.
    package var keys: [UInt8: KeyPair] {
        var keys: [UInt8: KeyPair] = [:]
        for (number, file) in files {
            if let key = file.key { keys[UInt8(truncatingIfNeeded: number)] = key }
        }
        return keys
    }

    /// A data object, as the card's own file system has it.
    package func object(_ file: UInt16, _ tag: UInt32) -> [UInt8]? { files[file]?.objects[tag] }
}

/// An elementary file: of data objects, or of one key.
struct GIDSFile: Sendable {
    enum Kind: UInt8, Sendable {
        case dataObjects = 0x39
        case key = 0x18
    }

    /// What a key may be used for: the control reference template and the mechanism.
    struct Use: Equatable, Sendable {
        let template: UInt8
        let mechanism: UInt8
    }

    /// The template 62 it was made with.
    let parameters: [UInt8]
    let number: UInt16
    let kind: Kind
    let access: GIDSAccess
    let uses: [Use]
    /// In creation state nothing is done with it but that.
    var isActivated = false
    var objects: [UInt32: [UInt8]] = [:]
    var key: KeyPair?

    /// Nil for parameters that describe no file of this card.
    init?(parameters: [UInt8]) {
        guard let object = try? TLVReader.find([0x62], in: parameters),
            let parts = try? object.childObjects(),
            let kind = parts.first(where: { $0.tag == 0x82 })?.value.first.flatMap(Kind.init),
            let name = parts.first(where: { $0.tag == 0x83 }).map({ Array($0.value) }),
            name.count == 2, let access = GIDSAccess(parameters: parameters)
        else { return nil }
        var uses: [Use] = []
        if kind == .key {
            guard let templates = try? parts.first(where: { $0.tag == 0xA5 })?.childObjects()
            else { return nil }
            for template in templates {
                guard
                    let mechanism = try? template.childObjects()
                        .first(where: { $0.tag == 0x80 })?.value.first
                else { return nil }
                uses.append(
                    Use(template: template.tag.firstByte, mechanism: mechanism))
            }
        }
        self.parameters = parameters
        number = UInt16(name[0]) << 8 | UInt16(name[1])
        self.kind = kind
        self.access = access
        self.uses = uses
    }
}
