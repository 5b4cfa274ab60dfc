import Crypto

/// What a driver of Windows puts on a GIDS card: a file system of one directory, `mscp`, in data
/// objects (Windows smart card minidriver specification 7.07, annex; the layouts of master file
/// and key map are in no document and are OpenSC's and FreeRDP's).
package enum GIDSFiles {
    /// Made by everybody who is user or administrator; holds the master file.
    static let directory: UInt16 = 0xA000
    /// Read by everybody, written by the user or administrator.
    package static let common: UInt16 = 0xA010
    /// Read by everybody, written by the administrator.
    package static let administered: UInt16 = 0xA012

    static let masterFile: UInt32 = 0xDF1F
    static let keyMap: UInt32 = 0xDF20
    package static let cardIdentifier: UInt32 = 0xDF20
    static let applications: UInt32 = 0xDF21
    static let cache: UInt32 = 0xDF22
    package static let containerMap: UInt32 = 0xDF23
    /// The first object for a certificate; others follow.
    static let firstCertificate: UInt32 = 0xDF24

    static let administratorKey: UInt16 = 0xB080
    /// The key file of container 0; others follow.
    static let firstKey: UInt16 = 0xB081

    /// An entry of the master file: a directory, or a file and where it lies.
    struct Entry {
        var directory: String
        var name = ""
        var file: UInt16
        var object: UInt32 = 0
    }

    /// A version byte, then 28 bytes an entry: two names of nine, two of padding, object and
    /// file as little-endian words of four.
    static func masterFile(_ entries: [Entry]) -> [UInt8] {
        var file: [UInt8] = [1]
        for entry in entries {
            file += name(entry.directory) + name(entry.name) + [0, 0]
            file += word(entry.object) + word(UInt32(entry.file))
        }
        return file
    }

    /// A container: a key and what it is for.
    package struct Container: Equatable, Sendable {
        package enum Purpose: String, Sendable, CaseIterable {
            /// For signatures and deciphering.
            case exchange = "kxc"
            /// For signatures alone.
            case signature = "ksc"
        }

        package var purpose: Purpose
        package var algorithm: KeyAlgorithm

        package init(_ purpose: Purpose, _ algorithm: KeyAlgorithm) {
            self.purpose = purpose
            self.algorithm = algorithm
        }

        /// The file of its certificate in the directory.
        func certificateName(_ index: Int) -> String {
            purpose.rawValue + Hex.upper([UInt8(truncatingIfNeeded: index)])
        }
    }

    /// 86 bytes a container: its name in 40 UTF-16 units, flags (valid, and which is the
    /// default), a byte, bits of the signature key and of the exchange key.
    static func containerMap(_ containers: [Container]) -> [UInt8] {
        var map: [UInt8] = []
        for (index, container) in containers.enumerated() {
            let title = Array("virtual-token-\(index)".utf16)
            for unit in title + [UInt16](repeating: 0, count: 40 - title.count) {
                map += half(unit)
            }
            let bits = bits(container.algorithm)
            map += [index == 0 ? 3 : 1, 0]
            map += half(container.purpose == .signature ? bits : 0)
            map += half(container.purpose == .exchange ? bits : 0)
        }
        return map
    }

    /// A version byte, then 12 bytes a key: state, algorithm, 9A or 9C, file, FFFF, padding.
    static func keyMap(_ containers: [Container]) -> [UInt8] {
        var map: [UInt8] = [1]
        for (index, container) in containers.enumerated() {
            map += word(1) + [GIDSMechanism.identifier(container.algorithm) ?? 0]
            map += [container.purpose == .exchange ? 0x9A : 0x9C]
            map += half(firstKey + UInt16(truncatingIfNeeded: index)) + [0xFF, 0xFF, 0, 0]
        }
        return map
    }

    /// 0001, the length of what is compressed, and that after RFC 1950; the numbers
    /// little-endian.
    static func certificate(_ certificate: Certificate, compressed: Bool) -> [UInt8] {
        guard compressed else { return certificate.der }
        return half(1) + half(UInt16(truncatingIfNeeded: certificate.der.count))
            + Gzip.zlib(certificate.der)
    }

    // MARK: File control parameters

    /// A file of data objects: who may write and who may read.
    static func dataObjects(_ file: UInt16, write: UInt8, read: UInt8) -> [UInt8] {
        [0x62, 0x0C, 0x82, 1, 0x39, 0x83, 2] + big(file) + [0x8C, 3, 3, write, read]
    }

    /// The file of the administrator's key: the administrator may change it.
    static let administratorKeyParameters: [UInt8] =
        [0x62, 0x1A, 0x82, 1, 0x18, 0x83, 2, 0xB0, 0x80, 0x8C, 4, 0x87, 0, 0x20, 0xFF]
        + [0xA5, 0x0B, 0xA4, 9, 0x80, 1, 2, 0x83, 1, 0x80, 0x95, 1, 0xC0]

    /// The file of a container's key: the user makes and uses it, everybody reads its public
    /// half.
    static func key(_ index: Int, _ container: Container) -> [UInt8] {
        let file = firstKey + UInt16(truncatingIfNeeded: index)
        let number = UInt8(truncatingIfNeeded: file)
        let kind = GIDSMechanism.identifier(container.algorithm) ?? 0
        var uses: [(UInt8, UInt8)] = [(0xB6, 0x10 | kind)]
        if case .rsa = container.algorithm {
            uses.append((0xB6, 0x50 | kind))
            if container.purpose == .exchange { uses += [(0xB8, 0x40 | kind), (0xB8, kind)] }
        }
        var templates: [UInt8] = []
        for (template, mechanism) in uses {
            templates += [template, 9, 0x80, 1, mechanism, 0x83, 1, number, 0x95, 1, 0x40]
        }
        var parameters: [UInt8] = [0x82, 1, 0x18, 0x83, 2] + big(file)
        parameters += [0x8C, 5, 0x8F, 0x10, 0x10, 0x10, 0]
        parameters += DataObject.tlv(0xA5, templates)
        return DataObject.tlv(0x62, parameters)
    }

    // MARK: Bytes

    private static func name(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8.prefix(8))
        return bytes + [UInt8](repeating: 0, count: 9 - bytes.count)
    }

    private static func bits(_ algorithm: KeyAlgorithm) -> UInt16 {
        switch algorithm {
        case .rsa(let bits): UInt16(truncatingIfNeeded: bits)
        case .p256: 256
        case .p384: 384
        default: 0
        }
    }

    private static func big(_ number: UInt16) -> [UInt8] {
        [UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number)]
    }
    private static func half(_ number: UInt16) -> [UInt8] {
        [UInt8(truncatingIfNeeded: number), UInt8(truncatingIfNeeded: number >> 8)]
    }
    private static func word(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * UInt32($0))) }
    }
}

/// Cryptographic mechanisms (GIDS 2.0, 12.5.3.1): the kind of key in the low half, how its
/// input is padded in the high half.
enum GIDSMechanism {
    static func identifier(_ algorithm: KeyAlgorithm) -> UInt8? {
        switch algorithm {
        case .rsa(bits: 1024): 0x06
        case .rsa(bits: 2048): 0x07
        case .rsa(bits: 3072): 0x08
        case .rsa(bits: 4096): 0x09
        case .p256: 0x0C
        case .p384: 0x0D
        default: nil
        }
    }

    static func algorithm(_ identifier: UInt8) -> KeyAlgorithm? {
        switch identifier {
        case 0x06: .rsa(bits: 1024)
        case 0x07: .rsa(bits: 2048)
        case 0x08: .rsa(bits: 3072)
        case 0x09: .rsa(bits: 4096)
        case 0x0C: .p256
        case 0x0D: .p384
        default: nil
        }
    }
}
