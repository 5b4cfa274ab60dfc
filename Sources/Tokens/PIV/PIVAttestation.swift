import APDU
import Crypto

/// Yubico's PIV attestation: instruction F9 has the device make a certificate for a key that was
/// generated in it, signed with the key of slot F9, whose certificate is the object 5FFF01.
enum PIVAttestation {
    static let signerTag: [UInt8] = [0x5F, 0xFF, 0x01]

    // The extensions of a statement, all under Yubico's 1.3.6.1.4.1.41482.3.
    private static let firmware = "1.3.6.1.4.1.41482.3.3"
    private static let serial = "1.3.6.1.4.1.41482.3.7"
    private static let policies = "1.3.6.1.4.1.41482.3.8"

    /// Reads a statement and the object with the device's certificate; nil where either does not
    /// read. Nothing is verified.
    static func read(statement der: [UInt8], signer object: [UInt8]) -> KeyAttestation? {
        guard let statement = try? Certificate(der: der),
            let signer = (try? PIVObject.certificate(object)) ?? nil
        else { return nil }
        func value(_ identifier: String) -> [UInt8]? {
            (try? statement.extensionValue(identifier)) ?? nil
        }
        let policies = value(policies).flatMap { $0.count == 2 ? $0 : nil }
        return KeyAttestation(
            statement: statement, signer: signer, serial: value(serial).flatMap(number),
            firmware: value(firmware).flatMap(version),
            pinPolicy: policies.flatMap { pinPolicy($0[0]) },
            touchPolicy: policies.flatMap { touchPolicy($0[1]) })
    }

    /// Three bytes, as they are.
    private static func version(_ bytes: [UInt8]) -> String? {
        bytes.count == 3 ? bytes.map { String($0) }.joined(separator: ".") : nil
    }

    /// An INTEGER in DER that is no larger than a serial number may be.
    private static func number(_ bytes: [UInt8]) -> String? {
        guard let integer = (try? TLVReader.find([0x02], in: bytes)) ?? nil,
            bytes.count == integer.value.count + 2, let first = integer.value.first,
            first & 0x80 == 0, integer.value.count <= 8
        else { return nil }
        return String(integer.value.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    private static func pinPolicy(_ byte: UInt8) -> String? {
        switch byte {
        case 1: "never"
        case 2: "once"
        case 3: "always"
        case 4: "match once"
        case 5: "match always"
        default: nil
        }
    }

    private static func touchPolicy(_ byte: UInt8) -> String? {
        switch byte {
        case 1: "never"
        case 2: "always"
        case 3: "cached"
        default: nil
        }
    }
}
