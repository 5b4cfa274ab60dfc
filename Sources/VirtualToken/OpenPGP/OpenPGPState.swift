import Crypto

/// The three keys of the card (OpenPGP card 3.4, 4.3.3).
package enum OpenPGPSlot: UInt8, CaseIterable, Sendable {
    case sign = 1
    case decrypt = 2
    case authenticate = 3

    /// The control reference template that names it in GENERATE ASYMMETRIC KEY PAIR.
    init?(template: UInt8) {
        switch template {
        case 0xB6: self = .sign
        case 0xB8: self = .decrypt
        case 0xA4: self = .authenticate
        default: return nil
        }
    }

    /// The word on the command line and in a kept state.
    package var word: String {
        switch self {
        case .sign: "sign"
        case .decrypt: "decrypt"
        case .authenticate: "auth"
        }
    }

    init?(word: String) {
        guard let slot = Self.allCases.first(where: { $0.word == word }) else { return nil }
        self = slot
    }

    /// Which occurrence of 7F21 holds its certificate: they stand in the reverse order (7.2.5).
    package var occurrence: UInt8 { 3 - rawValue }

    var place: UInt32 { UInt32(rawValue) - 1 }
    var attributesTag: UInt32 { 0xC1 + place }
    var fingerprintTag: UInt32 { 0xC7 + place }
    var timeTag: UInt32 { 0xCE + place }
    var certificateTag: UInt32 { OpenPGPState.certificateTag(occurrence) }
}

/// A private key in its slot.
package struct OpenPGPKey: Sendable {
    /// As DO DE tells it.
    package enum Origin: UInt8, Sendable {
        case generated = 1
        case imported = 2
    }

    package var pair: KeyPair
    package var origin: Origin

    package init(_ pair: KeyPair, origin: Origin) {
        self.pair = pair
        self.origin = origin
    }
}

/// All that an OpenPGP card keeps without power.
package struct OpenPGPState: Sendable {
    /// PW1, the resetting code and PW3: hashed where there is a KDF-DO. A card without
    /// resetting code has an empty one, and no tries for it.
    package var pw1: CardCode
    package var resettingCode: CardCode
    package var pw3: CardCode
    package var kdf = OpenPGPKDF.plain
    /// Eight decimal digits of it stand in the application identifier.
    package var serial: UInt32
    /// PW1 is good for several signatures (C4, byte 1).
    package var pinServesSeveral = false
    package var signatures: UInt32 = 0
    package var isTerminated = false
    package var keys: [OpenPGPSlot: OpenPGPKey] = [:]
    /// What a new key in the slot will be.
    package var algorithms: [OpenPGPSlot: KeyAlgorithm] = [:]
    /// Data objects by the tag PUT DATA has for them; certificates by `certificateTag`.
    package var objects: [UInt32: [UInt8]] = [:]

    package init(pw1: CardCode, resettingCode: CardCode, pw3: CardCode, serial: UInt32) {
        self.pw1 = pw1
        self.resettingCode = resettingCode
        self.pw3 = pw3
        self.serial = serial
    }

    /// Where the certificate of an occurrence of 7F21 lies in `objects`.
    static func certificateTag(_ occurrence: UInt8) -> UInt32 { 0x7F2100 | UInt32(occurrence) }

    func algorithm(_ slot: OpenPGPSlot) -> KeyAlgorithm {
        keys[slot]?.pair.algorithm ?? algorithms[slot] ?? .rsa(bits: 2048)
    }

    /// As delivered: the published codes, no resetting code, no keys. What was spent stays.
    mutating func restoreFactory() {
        self = OpenPGPState(
            pw1: CardCode(value: OpenPGPKDF.factoryPW1, total: pw1.total, spent: pw1.spent),
            resettingCode: CardCode(
                value: [], total: resettingCode.total, left: 0, spent: resettingCode.spent),
            pw3: CardCode(value: OpenPGPKDF.factoryPW3, total: pw3.total, spent: pw3.spent),
            serial: serial)
    }
}
