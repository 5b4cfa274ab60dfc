import Crypto

/// A PIN or PUK: eight bytes, padded with FF.
package typealias PIVCode = CardCode

extension CardCode {
    /// Pads with FF to eight bytes; nil for more than eight.
    package static func padded(_ digits: [UInt8]) -> [UInt8]? {
        guard digits.count <= 8 else { return nil }
        return digits + [UInt8](repeating: 0xFF, count: 8 - digits.count)
    }
}

/// The key of slot 9B.
package struct PIVManagementKey: Equatable, Sendable {
    package var cipher: BlockCipher
    package var key: [UInt8]

    package init(cipher: BlockCipher, key: [UInt8]) {
        self.cipher = cipher
        self.key = key
    }

    /// What YubiKeys and test cards are delivered with: 01…08 three times.
    package static let published = PIVManagementKey(
        cipher: .tripleDES,
        key: [[UInt8]](repeating: [1, 2, 3, 4, 5, 6, 7, 8], count: 3).flatMap { $0 })
}

/// When a key wants the PIN.
package enum PIVPINPolicy: UInt8, Sendable {
    case never = 1
    /// Once since power-on.
    case once = 2
    /// Before each use.
    case always = 3
}

/// A private key in its slot.
package struct PIVKey: Sendable {
    package enum Origin: UInt8, Sendable {
        case generated = 1
        case imported = 2
    }

    package var pair: KeyPair
    package var origin: Origin
    package var policy: PIVPINPolicy

    package init(_ pair: KeyPair, origin: Origin, policy: PIVPINPolicy) {
        self.pair = pair
        self.origin = origin
        self.policy = policy
    }
}

/// All that a token keeps without power.
package struct PIVState: Sendable {
    package var pin: PIVCode
    package var puk: PIVCode
    package var management: PIVManagementKey
    /// The Yubico serial number.
    package var serial: UInt32
    package var keys: [UInt8: PIVKey]
    /// Slot F9; nil for a token that states nothing of its keys.
    package var attestation: KeyPair? = nil
    /// Data objects by tag (5FC102 and so on): what stands inside tag 53.
    package var objects: [UInt32: [UInt8]]

    package init(
        pin: PIVCode, puk: PIVCode, management: PIVManagementKey = .published, serial: UInt32,
        keys: [UInt8: PIVKey] = [:], objects: [UInt32: [UInt8]] = [:]
    ) {
        self.pin = pin
        self.puk = puk
        self.management = management
        self.serial = serial
        self.keys = keys
        self.objects = objects
    }
}

/// Slots of SP 800-73-4 part 1, table 4b.
package enum PIVSlot {
    package static let authentication: UInt8 = 0x9A
    package static let management: UInt8 = 0x9B
    package static let signature: UInt8 = 0x9C
    package static let keyManagement: UInt8 = 0x9D
    package static let cardAuthentication: UInt8 = 0x9E
    static let retired: ClosedRange<UInt8> = 0x82...0x95

    /// The tag of the slot's certificate; nil for what holds no key pair.
    package static func certificateTag(_ slot: UInt8) -> UInt32? {
        switch slot {
        case authentication: 0x5FC105
        case signature: 0x5FC10A
        case keyManagement: 0x5FC10B
        case cardAuthentication: 0x5FC101
        case retired: 0x5FC10D + UInt32(slot - retired.lowerBound)
        default: nil
        }
    }

    package static func policy(_ slot: UInt8) -> PIVPINPolicy {
        switch slot {
        case signature: .always
        case cardAuthentication: .never
        default: .once
        }
    }
}

/// Algorithm identifiers of SP 800-78-4, table 6-2, and those that Yubico added.
package enum PIVAlgorithm {
    package static func identifier(_ algorithm: KeyAlgorithm) -> UInt8? {
        switch algorithm {
        case .rsa(bits: 1024): 0x06
        case .rsa(bits: 2048): 0x07
        case .rsa(bits: 3072): 0x05
        case .rsa(bits: 4096): 0x16
        case .p256: 0x11
        case .p384: 0x14
        case .ed25519: 0xE0
        default: nil
        }
    }

    static func key(_ identifier: UInt8) -> KeyAlgorithm? {
        switch identifier {
        case 0x06: .rsa(bits: 1024)
        case 0x07: .rsa(bits: 2048)
        case 0x05: .rsa(bits: 3072)
        case 0x11: .p256
        case 0x14: .p384
        default: nil
        }
    }

    static func cipher(_ identifier: UInt8) -> BlockCipher? {
        switch identifier {
        case 0x00, 0x03: .tripleDES
        case 0x08: .aes128
        case 0x0A: .aes192
        case 0x0C: .aes256
        default: nil
        }
    }

    static func identifier(_ cipher: BlockCipher) -> UInt8 {
        switch cipher {
        case .tripleDES: 0x03
        case .aes128: 0x08
        case .aes192: 0x0A
        case .aes256: 0x0C
        }
    }
}
