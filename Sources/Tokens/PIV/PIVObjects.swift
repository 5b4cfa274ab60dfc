import APDU
import Crypto

/// A key of the PIV application that has a certificate (SP 800-73-4, part 1, table 4b).
enum PIVKey: UInt8, CaseIterable {
    case authentication = 0x9A
    case signature = 0x9C
    case keyManagement = 0x9D
    case cardAuthentication = 0x9E

    init?(_ slot: KeySlot) {
        guard let match = Self.allCases.first(where: { $0.slot == slot }) else { return nil }
        self = match
    }

    var slot: KeySlot { KeySlot(rawValue: Hex.lower([rawValue])) }

    /// The tag of the certificate's data object (part 1, table 3).
    var certificateTag: [UInt8] {
        switch self {
        case .authentication: [0x5F, 0xC1, 0x05]
        case .signature: [0x5F, 0xC1, 0x0A]
        case .keyManagement: [0x5F, 0xC1, 0x0B]
        case .cardAuthentication: [0x5F, 0xC1, 0x01]
        }
    }

    var use: TokenCertificate.Use {
        switch self {
        case .authentication: .authentication
        case .signature: .signature
        case .keyManagement: .decryption
        case .cardAuthentication: .cardAuthentication
        }
    }
}

/// PIV data objects, as bytes to values. Every parser takes what a card sent and throws
/// nothing but "malformed".
enum PIVObject {
    struct Malformed: Error {}

    static let chuidTag: [UInt8] = [0x5F, 0xC1, 0x02]
    static let discoveryTag: [UInt8] = [0x7E]

    /// The GUID of a CHUID, tag 34; nil where it is missing or all zero (part 1, 3.1.2).
    static func guid(ofCHUID object: [UInt8]) throws(Malformed) -> String? {
        guard let value = try find([0x53, 0x34], object), value.count == 16 else { return nil }
        guard value.contains(where: { $0 != 0 }) else { return nil }
        return Hex.lower(value)
    }

    /// Whether VERIFY is meant for the Global PIN, reference 00, rather than for the PIV PIN,
    /// reference 80 (part 1, 3.3.2: both are there, and the second byte prefers the global one).
    static func prefersGlobalPIN(discovery object: [UInt8]) throws(Malformed) -> Bool {
        guard let policy = try find([0x7E, 0x5F2F], object), policy.count == 2,
            let first = policy.first, let second = policy.last
        else { return false }
        return first & 0x60 == 0x60 && second == 0x20
    }

    /// The certificate of a certificate object: 53{70, 71, FE}, compressed where 71 says so.
    static func certificate(_ object: [UInt8]) throws(Malformed) -> Certificate? {
        guard let held = try find([0x53, 0x70], object), !held.isEmpty else { return nil }
        let info = try find([0x53, 0x71], object)?.first ?? 0
        var der = Array(held)
        // Some tokens hold a compressed certificate without saying so.
        if info & 0x01 != 0 || der.starts(with: [0x1F, 0x8B]) {
            guard let plain = try? Inflate.unpack(der, limit: Certificate.longestEncoding) else {
                throw Malformed()
            }
            der = plain
        }
        guard let certificate = try? Certificate(der: der) else { throw Malformed() }
        return certificate
    }

    /// The signature or point in a dynamic authentication template: 7C{82} (part 2, 3.2.4).
    static func authenticationResponse(_ object: [UInt8]) throws(Malformed) -> [UInt8] {
        guard let value = try find([0x7C, 0x82], object), !value.isEmpty else { throw Malformed() }
        return Array(value)
    }

    /// 7C{82 empty, 81 challenge}: what GENERAL AUTHENTICATE is given to sign.
    static func authenticationRequest(_ block: [UInt8]) throws(Malformed) -> [UInt8] {
        do throws(APDUError) {
            let empty = try TLVWriter.object(0x82, [])
            return try TLVWriter.object(0x7C, empty + TLVWriter.object(0x81, block))
        } catch {
            throw Malformed()
        }
    }

    /// What Yubico's GET METADATA says of a key or code.
    struct Metadata: Equatable {
        var triesLeft: Int?
        var triesLimit: Int?
        var pinPolicy: UInt8?
        var touchPolicy: UInt8?
        var origin: UInt8?
    }

    static func metadata(_ bytes: [UInt8]) throws(Malformed) -> Metadata {
        var metadata = Metadata()
        var reader = TLVReader(bytes)
        do throws(APDUError) {
            while let object = try reader.next() {
                let value = Array(object.value)
                switch (object.tag.rawValue, value.count) {
                case (0x02, 2): (metadata.pinPolicy, metadata.touchPolicy) = (value[0], value[1])
                case (0x03, 1): metadata.origin = value[0]
                case (0x06, 2):
                    (metadata.triesLimit, metadata.triesLeft) = (Int(value[0]), Int(value[1]))
                default: break
                }
            }
        } catch {
            throw Malformed()
        }
        return metadata
    }

    private static func find(
        _ path: [TLVTag], _ bytes: [UInt8]
    ) throws(Malformed) -> ArraySlice<UInt8>? {
        do throws(APDUError) {
            return try TLVReader.find(path, in: bytes)?.value
        } catch {
            throw Malformed()
        }
    }
}
