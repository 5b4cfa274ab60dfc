import APDU

/// A key of the card by what it is for (OpenPGP card 3.4, 4.3.3).
enum OpenPGPKeyRole: UInt8, CaseIterable {
    case signature = 1
    case decryption = 2
    case authentication = 3

    init?(_ slot: KeySlot) {
        guard let match = Self.allCases.first(where: { $0.slot == slot }) else { return nil }
        self = match
    }

    var slot: KeySlot {
        switch self {
        case .signature: KeySlot(rawValue: "sig")
        case .decryption: KeySlot(rawValue: "dec")
        case .authentication: KeySlot(rawValue: "aut")
        }
    }

    var use: TokenCertificate.Use {
        switch self {
        case .signature: .signature
        case .decryption: .decryption
        case .authentication: .authentication
        }
    }

    /// The control reference template that names it (7.2.14).
    var template: UInt8 {
        switch self {
        case .signature: 0xB6
        case .decryption: 0xB8
        case .authentication: 0xA4
        }
    }

    /// Its place in lists of all three, from 0.
    var place: Int { Int(rawValue) - 1 }
    /// Its algorithm attributes, C1 to C3 (4.4.3.9).
    var attributesTag: TLVTag { TLVTag(0xC0 + UInt32(rawValue)) }
    /// Its user interaction flag, D6 to D8 (4.4.3.6).
    var interactionTag: TLVTag { TLVTag(0xD5 + UInt32(rawValue)) }
}
