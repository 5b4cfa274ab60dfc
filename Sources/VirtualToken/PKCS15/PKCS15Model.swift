import Crypto

/// Which card with an ISO 7816-15 application it plays: everything in which they differ.
package struct PKCS15Model: Equatable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        /// The IsoApplet of Java Card, as OpenSC personalises it.
        case isoApplet = "isoapplet"
        /// The VGCA Token, bit4id TokenME EVO v2, as far as its layout is published.
        case vgca
        /// A card with paths and nothing of its own, in the manner of MyEID.
        case plain = "pkcs15"
    }

    package var kind: Kind
    /// IsoApplet: version 1.0 of its interface, which takes extended length and signs hashes
    /// with elliptic curves; 0.6 hashes with SHA-1 itself.
    package var isVersion1 = false

    package init(_ kind: Kind) { self.kind = kind }

    /// A code's encoding, as the AODF says it.
    struct Code: Equatable, Sendable {
        var type = PINType.utf8
        var shortest: Int
        var longest: Int
        /// As it is stored and compared, in bytes.
        var stored: Int
        var pad: UInt8
        /// As the AODF has it.
        var reference: UInt8
        /// As commands have it.
        var p2: UInt8
    }

    var atr: [UInt8] {
        switch kind {
        case .isoApplet:
            [
                0x3B, 0xFA, 0x18, 0x00, 0x00, 0x81, 0x31, 0xFE, 0x45, 0x4A, 0x43, 0x4F, 0x50, 0x33,
                0x31, 0x56, 0x32, 0x33, 0x32, 0x98,
            ]
        case .vgca:
            [
                0x3B, 0xFF, 0x18, 0x00, 0x00, 0x81, 0x31, 0xFE, 0x45, 0x00, 0x6B, 0x15, 0x0C, 0x03,
                0x02, 0x01, 0x01, 0x01, 0x42, 0x34, 0x44, 0x10, 0x31, 0x80, 0x0D,
            ]
        case .plain:
            [
                0x3B, 0xF5, 0x18, 0x00, 0x00, 0x81, 0x31, 0xFE, 0x45, 0x4D, 0x79, 0x45, 0x49, 0x44,
                0x9A,
            ]
        }
    }

    var historicalBytes: [UInt8] { Array(atr.dropFirst(9).dropLast()) }

    var extendedLength: Bool {
        switch kind {
        case .isoApplet: isVersion1
        case .vgca: true
        case .plain: false
        }
    }

    /// The name of ISO 7816-15's application on cards with that standard alone.
    static let standardName: [UInt8] = [
        0xA0, 0x00, 0x00, 0x00, 0x63, 0x50, 0x4B, 0x43, 0x53, 0x2D, 0x31, 0x35,
    ]

    /// Without this one selected there is nothing; nil where it is from power-on.
    var applet: [UInt8]? {
        switch kind {
        case .isoApplet:
            [0xF2, 0x76, 0xA2, 0x88, 0xBC, 0xFB, 0xA6, 0x9D, 0x34, 0xF3, 0x10, 0x01]
        case .vgca: [0xE8, 0x28, 0xBD, 0x08, 0x0F, 0x01, 0x4E, 0x58, 0x50, 0x30]
        case .plain: nil
        }
    }

    /// The name of the DF with the application's files.
    var applicationName: [UInt8] { kind == .vgca ? applet ?? [] : Self.standardName }
    /// Its file identifier; nil where it has a name only.
    var applicationFile: UInt16? { kind == .vgca ? nil : 0x5015 }
    var applicationLabel: String { kind == .vgca ? "JCOP4Bit4Id" : tokenLabel }

    var tokenLabel: String {
        switch kind {
        case .isoApplet: "JavaCard isoApplet"
        case .vgca: "VGCA Token"
        case .plain: "Simulated PKCS#15"
        }
    }

    var manufacturer: String { kind == .vgca ? "NXP SecID-P71" : "TẬP DƯỢT" }

    /// What a full counter has.
    var fullPUK: Int { kind == .isoApplet ? 5 : 3 }

    var pin: Code {
        switch kind {
        case .isoApplet:
            Code(shortest: 4, longest: 16, stored: 16, pad: 0x00, reference: 1, p2: 0x01)
        case .vgca: Code(shortest: 4, longest: 16, stored: 16, pad: 0xFF, reference: 3, p2: 0x83)
        case .plain:
            Code(
                type: .ascii, shortest: 4, longest: 8, stored: 8, pad: 0xFF, reference: 1, p2: 0x01)
        }
    }

    var puk: Code {
        switch kind {
        case .isoApplet:
            Code(shortest: 16, longest: 16, stored: 16, pad: 0x00, reference: 2, p2: 0x02)
        case .vgca: Code(shortest: 4, longest: 16, stored: 16, pad: 0xFF, reference: 6, p2: 0x86)
        case .plain:
            Code(
                type: .ascii, shortest: 4, longest: 8, stored: 8, pad: 0xFF, reference: 2, p2: 0x02)
        }
    }

    /// Kinds of key the card makes.
    func makes(_ algorithm: KeyAlgorithm) -> Bool {
        switch (kind, algorithm) {
        case (.isoApplet, .rsa(2048)), (.vgca, .rsa(2048)), (.vgca, .rsa(3072)): true
        case (.plain, .rsa(2048)), (.isoApplet, .p256), (.plain, .p256): true
        default: false
        }
    }
}

// The files of the application.
extension PKCS15Model {
    static let directory: UInt16 = 0x2F00
    static let objects: UInt16 = 0x5031
    static let tokenInfo: UInt16 = 0x5032

    var authentication: UInt16 { kind == .vgca ? 0x7001 : 0x4401 }
    var privateKeys: UInt16 { kind == .vgca ? 0x7002 : 0x4402 }
    var publicKeys: UInt16 { kind == .vgca ? 0x7004 : 0x4403 }
    var certificates: UInt16 { kind == .vgca ? 0x7005 : 0x4404 }
    var data: UInt16 { kind == .vgca ? 0x7006 : 0x4405 }

    func certificate(_ place: Int) -> UInt16 { (kind == .vgca ? 0x0001 : 0x3401) + UInt16(place) }
    func publicKey(_ place: Int) -> UInt16 { (kind == .vgca ? 0xDF10 : 0x3301) + UInt16(place) }
    /// MyEID's keys are files that cannot be read.
    func privateKey(_ place: Int) -> UInt16 { 0x4B01 + UInt16(place) }
    /// What MANAGE SECURITY ENVIRONMENT calls the key.
    func keyReference(_ place: Int) -> UInt8 { (kind == .vgca ? 0x10 : 0x00) + UInt8(place) }
}
