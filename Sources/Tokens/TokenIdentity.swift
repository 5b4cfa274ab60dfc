import Crypto

/// The family a token belongs to.
package enum Family: String, Equatable, Sendable, CaseIterable {
    case piv
    case openpgp
    case smartCardHSM = "smartcard-hsm"
    case pkcs15
    case gids
    case ePass2003 = "epass2003"
}

/// The name of a key on a token, in its family's own notation: 9A, 9C, 9D, 9E for PIV.
package struct KeySlot: RawRepresentable, Equatable, Hashable, Sendable, CustomStringConvertible {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package var description: String { rawValue }
}

/// A certificate on a token and the key it is of.
package struct TokenCertificate: Equatable, Sendable {
    /// What a key is for; a decryption key never signs.
    package enum Use: Equatable, Sendable {
        case signature, authentication, decryption, cardAuthentication
    }

    package let slot: KeySlot
    package let use: Use
    package let certificate: Certificate

    package init(slot: KeySlot, use: Use, certificate: Certificate) {
        self.slot = slot
        self.use = use
        self.certificate = certificate
    }
}

/// Who a token says it is, without a code.
package struct TokenIdentity: Equatable, Sendable {
    package let family: Family
    /// In a person's words: "PIV", "YubiKey PIV 5.4.3".
    package let model: String
    /// The maker's serial number, in decimal where it is a number; OpenPGP's has the maker's own
    /// before it.
    package let serial: String?
    /// What of the serial number stands on the device; as good as it in a request.
    package let printed: [String]
    /// The card's GUID, 32 hex digits; nil where it is missing or all zero.
    package let guid: String?
    package let certificates: [TokenCertificate]
    package let marks: TokenMarks

    package init(
        family: Family, model: String, serial: String?, printed: [String] = [], guid: String?,
        certificates: [TokenCertificate], marks: TokenMarks = TokenMarks()
    ) {
        self.marks = marks
        self.family = family
        self.model = model
        self.serial = serial
        self.printed = printed
        self.guid = guid
        self.certificates = certificates
    }

    /// Numbers by which a request may name this token, the best first.
    ///
    /// Whether the number on Mẫu 06 is the one a token tells is not confirmed, so each that is
    /// this token's alone is taken.
    package var deviceNumbers: [String] {
        var numbers: [String] = []
        if let serial { numbers.append(serial) }
        numbers += printed
        if let guid { numbers.append(guid) }
        for entry in certificates where !numbers.contains(entry.certificate.serialNumber) {
            numbers.append(entry.certificate.serialNumber)
        }
        return numbers
    }

    /// The number that stands for this token in the record.
    package var deviceNumber: String? { deviceNumbers.first }

    /// Which of the token's numbers `number` is, blanks, dashes and case aside; nil for none.
    package func match(_ number: String) -> String? {
        let wanted = Self.bare(number)
        guard !wanted.isEmpty else { return nil }
        return deviceNumbers.first { Self.bare($0) == wanted }
    }

    private static func bare(_ number: String) -> String {
        String(number.lowercased().filter { $0.isLetter || $0.isNumber })
    }

    /// The key that proves a restore: that of the certificate `matched` names, else the
    /// signature key, else the authentication key. A decryption key never signs.
    package func provingCertificate(matched number: String? = nil) -> TokenCertificate? {
        if let number {
            let named = certificates.first {
                $0.certificate.serialNumber == number && $0.use.maySign
            }
            if let named { return named }
        }
        return certificates.first { $0.use == .signature }
            ?? certificates.first { $0.use == .authentication }
    }

    /// Whether both are the same token with the same proving certificate.
    package func isSame(as other: TokenIdentity, proving slot: KeySlot?) -> Bool {
        guard family == other.family, serial == other.serial, guid == other.guid else {
            return false
        }
        guard let slot else { return true }
        return certificates.first { $0.slot == slot }?.certificate
            == other.certificates.first { $0.slot == slot }?.certificate
    }
}

extension TokenCertificate.Use {
    var maySign: Bool { self == .signature || self == .authentication }
}

/// What the device itself says of a key.
package struct KeyTraits: Equatable, Sendable {
    package enum Origin: Equatable, Sendable {
        case generated, imported
    }

    /// nil where the device does not say.
    package let origin: Origin?
    /// One VERIFY a signature.
    package let wantsPINEachTime: Bool
    package let wantsTouch: Bool
    /// What whoever wrote the token says of the key's origin, and the device neither confirms
    /// nor knows: no evidence.
    package let personaliserSays: Origin?

    package init(
        origin: Origin?, wantsPINEachTime: Bool, wantsTouch: Bool,
        personaliserSays: Origin? = nil
    ) {
        self.personaliserSays = personaliserSays
        self.origin = origin
        self.wantsPINEachTime = wantsPINEachTime
        self.wantsTouch = wantsTouch
    }
}
