import APDU
import Crypto

/// The application related data, 6E, with the discretionary objects, 73, in it (OpenPGP card
/// 3.4, 4.4.3.1).
struct OpenPGPApplicationData: Equatable {
    let identifier: OpenPGPIdentifier
    let passwords: OpenPGPPasswordStatus
    /// The card says that it may have a KDF-DO (C0, 4.4.3.7).
    let mayHashCodes: Bool
    private let attributes: [[UInt8]?]
    private let fingerprints: [UInt8]
    private let keyInformation: [UInt8]?
    private let interaction: [[UInt8]?]

    /// Reads it with or without its own tag around it.
    /// - Throws: where the identifier or the passwords' status is missing or misshapen.
    init(_ bytes: [UInt8]) throws(OpenPGPObject.Malformed) {
        let objects = try OpenPGPObject.collect(bytes, opening: [0x6E, 0x73])
        guard let identifier = objects[0x4F].flatMap(OpenPGPIdentifier.init),
            let passwords = objects[0xC4].flatMap(OpenPGPPasswordStatus.init)
        else { throw OpenPGPObject.Malformed() }
        self.identifier = identifier
        self.passwords = passwords
        mayHashCodes = (objects[0xC0]?.first ?? 0) & 0x01 != 0
        attributes = OpenPGPKeyRole.allCases.map { objects[$0.attributesTag] }
        fingerprints = objects[0xC5] ?? []
        keyInformation = objects[0xDE]
        interaction = OpenPGPKeyRole.allCases.map { objects[$0.interactionTag] }
    }

    /// What kind of key there is or would be; nil for a kind no number here names.
    func algorithm(_ role: OpenPGPKeyRole) -> KeyAlgorithm? {
        attributes[role.place].flatMap(OpenPGPKeyAttributes.algorithm)
    }

    /// Whether there is a key: by the key information, and before 3.x, which has none, by its
    /// fingerprint, which whoever made the key has put there.
    func hasKey(_ role: OpenPGPKeyRole) -> Bool {
        if let status = status(role) { return status != 0 }
        let length = 20
        let own = fingerprints.dropFirst(role.place * length).prefix(length)
        return own.count == length && own.contains { $0 != 0 }
    }

    /// Where the key is from, as the card says it (DE, 4.4.3.8).
    func origin(_ role: OpenPGPKeyRole) -> KeyTraits.Origin? {
        switch status(role) {
        case 1: .generated
        case 2: .imported
        default: nil
        }
    }

    /// Pairs of key reference and status; the reference may have its high bit set.
    private func status(_ role: OpenPGPKeyRole) -> UInt8? {
        guard let keyInformation else { return nil }
        for at in stride(from: 0, to: keyInformation.count - 1, by: 2)
        where keyInformation[at] == role.rawValue {
            return keyInformation[at + 1]
        }
        return nil
    }

    /// Whether the key wants a touch; nil where the flag does not stand here.
    func wantsTouch(_ role: OpenPGPKeyRole) -> Bool? {
        interaction[role.place].map(Self.wantsTouch)
    }

    /// A user interaction flag: 00 is off, everything else on in one way or another (4.4.3.6).
    static func wantsTouch(_ flag: [UInt8]) -> Bool { (flag.first ?? 0) != 0 }
}

/// Who made the card and which one it is: the application identifier, 4F (4.2.1).
struct OpenPGPIdentifier: Equatable {
    /// All sixteen.
    let bytes: [UInt8]

    init?(_ bytes: [UInt8]) {
        guard bytes.count == 16, bytes.starts(with: [0xD2, 0x76, 0x00, 0x01, 0x24, 0x01]) else {
            return nil
        }
        self.bytes = bytes
    }

    var version: (major: UInt8, minor: UInt8) { (bytes[6], bytes[7]) }
    var manufacturer: UInt16 { UInt16(bytes[8]) << 8 | UInt16(bytes[9]) }
    /// Four bytes.
    var serial: [UInt8] { Array(bytes[10..<14]) }

    /// Maker and number in the way the identifier writes them, 4 and 8 hex digits: many makers
    /// number from 1, so one without the other is not a card's alone.
    var text: String {
        Hex.upper(bytes[8..<10]) + ":" + Hex.upper(serial)
    }
}

/// What the card says of its codes: PW status bytes, C4 (4.4.2).
struct OpenPGPPasswordStatus: Equatable {
    /// PW1 opens the signature key for more than one signature.
    let servesSeveral: Bool
    let pw1, resettingCode, pw3: Code

    struct Code: Equatable {
        /// In bytes, as sent.
        let longest: Int
        /// Sent as a PIN block of format 2 rather than as text.
        let isPINBlock: Bool
        let left: Int

        fileprivate init(_ length: UInt8, _ left: UInt8) {
            longest = Int(length & 0x7F)
            isPINBlock = length & 0x80 != 0
            self.left = Int(left)
        }
    }

    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 7 else { return nil }
        servesSeveral = bytes[0] == 1
        pw1 = Code(bytes[1], bytes[4])
        resettingCode = Code(bytes[2], bytes[5])
        pw3 = Code(bytes[3], bytes[6])
    }
}
