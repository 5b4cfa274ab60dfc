import APDU
import Crypto

/// A kind of card among those with ISO 7816-15 objects: what its objects do not say.
struct PKCS15Model: Equatable {
    enum Kind: Equatable {
        /// The applet of NXP's ChipDoc, which bit4id's TokenME EVO v2 and so the VGCA Token have.
        case chipDoc
        /// The IsoApplet, by the version of its interface.
        case isoApplet(major: UInt8, minor: UInt8)
        /// Aventra's MyEID and what behaves like it.
        case myEID(major: UInt8, minor: UInt8)
        /// Any other card with these objects.
        case generic
    }

    let kind: Kind

    static let chipDocName: [UInt8] = [0xE8, 0x28, 0xBD, 0x08, 0x0F, 0x01, 0x4E, 0x58, 0x50, 0x30]
    static let isoAppletName: [UInt8] = [
        0xF2, 0x76, 0xA2, 0x88, 0xBC, 0xFB, 0xA6, 0x9D, 0x34, 0xF3, 0x10, 0x01,
    ]
    /// The application's name in ISO 7816-15, 6.5.
    static let standardName: [UInt8] = [
        0xA0, 0x00, 0x00, 0x00, 0x63, 0x50, 0x4B, 0x43, 0x53, 0x2D, 0x31, 0x35,
    ]

    static let label = "VGCA Token"

    /// What the model is called, by the label the token has.
    func name(_ label: String?) -> String {
        switch kind {
        case .chipDoc: label == Self.label ? Self.label : Self.named("ChipDoc", label)
        case .isoApplet(let major, let minor): Self.named("IsoApplet \(major).\(minor)", label)
        case .myEID(let major, let minor): Self.named("MyEID \(major).\(minor)", label)
        case .generic: Self.named("PKCS #15", label)
        }
    }

    private static func named(_ kind: String, _ label: String?) -> String {
        label.map { "\(kind) (\($0))" } ?? kind
    }

    /// Of the applet's interface or of the card.
    var version: TokenVersion? {
        switch kind {
        case .isoApplet(let major, let minor), .myEID(let major, let minor):
            TokenVersion("\(major).\(minor)")
        case .chipDoc, .generic: nil
        }
    }

    /// Whether an empty VERIFY is known to spend no try: of any other card with these objects,
    /// by its profile alone.
    func bears(_ query: StatusQuery) -> Bool {
        switch query {
        case .forbidden: false
        case .asFamilyKnows: kind != .generic
        case .profileSaysSafe: true
        }
    }

    /// Whether files are found by their identifier in the selected application alone, and codes
    /// of the application have bit 8 in their reference.
    var isFlat: Bool { kind == .chipDoc }

    /// The application's path, where the model has one of its own.
    var applicationPath: [UInt8]? {
        switch kind {
        case .isoApplet, .myEID: [0x3F, 0x00, 0x50, 0x15]
        case .chipDoc, .generic: nil
        }
    }

    /// The PUK that the objects leave out, as OpenSC writes them. IsoApplet's always has 16 bytes;
    /// MyEID keeps one with each PIN, of the same form.
    func unlistedPUK(of pin: PKCS15Authentication) -> PKCS15Authentication? {
        var puk = pin
        switch kind {
        case .isoApplet:
            puk.kind = .utf8
            (puk.minimum, puk.maximum, puk.stored) = (16, 16, 16)
        case .myEID: break
        case .chipDoc, .generic: return nil
        }
        return puk
    }

    /// The rule of a new PIN. IsoApplet takes whatever is typed, also where OpenSC wrote that its
    /// PINs are digits.
    func ruleOfNew(_ pin: PKCS15Authentication) -> CodeRule {
        guard case .isoApplet = kind, pin.kind == .asciiNumeric else { return pin.ruleOfNew }
        return CodeRule(pin.minimum...pin.maximum, .printable)
    }

    /// P2 of commands with a code.
    func reference(of code: PKCS15Authentication) -> UInt8 {
        isFlat && code.isLocal ? code.reference | 0x80 : code.reference
    }

    /// The data of MANAGE SECURITY ENVIRONMENT for a signature by this key (ISO 7816-4, 11.5.11);
    /// nil where the model signs nothing the station could verify with it.
    func environment(
        for key: PKCS15Object.PrivateKey, _ algorithm: KeyAlgorithm
    ) -> [UInt8]? {
        var isRSA = false
        if case .rsa = algorithm { isRSA = true }
        switch kind {
        case .chipDoc:
            return key.reference.map { [0x84, 1, $0] }
        case .isoApplet(let major, _):
            // Version 0 hashes with SHA-1 itself before an elliptic curve signs.
            guard isRSA || major > 0, let reference = key.reference else { return nil }
            return [0x80, 1, isRSA ? 0x11 : 0x22, 0x84, 1, reference]
        case .myEID:
            guard let file = key.path?.file.suffix(2), file.count == 2 else { return nil }
            return [0x80, 1, isRSA ? 0x02 : 0x04, 0x81, 2] + file + [0x84, 1, 0]
        case .generic:
            if let reference = key.reference { return [0x84, 1, reference] }
            guard let file = key.path?.file.suffix(2), file.count == 2 else { return nil }
            return [0x81, 2] + file
        }
    }
}
