import Crypto

/// Which ePass2003 it plays. What Feitian has not published is as OpenSC's driver for the real
/// token has it.
package struct EPass2003Model: Equatable, Sendable {
    /// What its commands are protected with.
    package enum Protection: String, CaseIterable, Sendable {
        case tripleDES = "3des"
        case aes128 = "aes"
        case none

        var cipher: BlockCipher { self == .aes128 ? .aes128 : .tripleDES }
    }

    package var protection = Protection.tripleDES
    /// Its keys of secure messaging are not those everybody knows.
    package var hasOwnKeys = false

    package init() {}

    /// Historical bytes "FS", 05 and a version, then what nobody has explained.
    var atr: [UInt8] {
        [
            0x3B, 0x9F, 0x95, 0x81, 0x31, 0xFE, 0x9F, 0x00, 0x66, 0x46, 0x53, 0x05, 0x23, 0x00,
            0x25, 0x71, 0xDF, 0x00, 0x00, 0x03, 0x90, 0x00, 0x96,
        ]
    }

    var historicalBytes: [UInt8] { Array(atr.dropFirst(7).dropLast()) }

    /// GET DATA 0186. Known are the cipher in the third byte, whether there is secure messaging
    /// in the seventeenth, and FIPS mode in the last; what stands between them is filling.
    var description: [UInt8] {
        DataObject.tlv(0x80, [protection == .aes128 ? 1 : 2]) + DataObject.tlv(0x81, [0, 0])
            + DataObject.tlv(0x82, [0, 0]) + DataObject.tlv(0x83, [0])
            + DataObject.tlv(0x84, [protection == .none ? 0 : 1])
            + DataObject.tlv(0x85, [UInt8](repeating: 0, count: 13)) + DataObject.tlv(0x87, [0])
    }

    /// Keys for enciphering and for MACs: the same 16 bytes, which stand in OpenSC's sources.
    var transportKey: [UInt8] {
        hasOwnKeys ? [UInt8](repeating: 0x5A, count: 16) : Array(1...16)
    }

    static let manufacturer = "EnterSafe"
    static let applicationName: [UInt8] = PKCS15Model.standardName
    /// "entersafe-fips".
    static let masterName: [UInt8] = [
        0x65, 0x6E, 0x74, 0x65, 0x72, 0x73, 0x61, 0x66, 0x65, 0x2D, 0x66, 0x69, 0x70, 0x73,
    ]

    /// Kinds of key the card makes.
    static func makes(_ algorithm: KeyAlgorithm) -> Bool {
        switch algorithm {
        case .rsa(1024), .rsa(2048), .p256: true
        default: false
        }
    }
}

// The files of the application, by the identifiers that the objects name.
extension EPass2003Model {
    static let directory: UInt16 = 0x2F00
    static let application: UInt16 = 0x5015
    static let objects: UInt16 = 0x5031
    static let tokenInfo: UInt16 = 0x5032
    /// Tries of a full counter, the PIN's and the security officer's.
    static let tries: UInt16 = 0x9F00
    static let authentication: UInt16 = 0x4401
    static let privateKeys: UInt16 = 0x4402
    static let publicKeys: UInt16 = 0x4403
    static let certificates: UInt16 = 0x4404
    static let data: UInt16 = 0x4405

    static func privateKey(_ place: Int) -> UInt16 { 0x2900 + UInt16(place) }
    static func publicKey(_ place: Int) -> UInt16 { 0x3000 + UInt16(place) }
    static func certificate(_ place: Int) -> UInt16 { 0x3100 + UInt16(place) }

    /// A file's identifier on the card. Its low five bits are a short identifier there, one of a
    /// kind in a DF, so the objects' numbers 0 to 7 are spread.
    static func onCard(_ identifier: UInt16) -> UInt16 {
        guard identifier >> 8 == 0x29 || (0x30...0x34).contains(identifier >> 8) else {
            return identifier
        }
        return identifier & 0xFF00 | (identifier & 0x07) << 5
    }
}
