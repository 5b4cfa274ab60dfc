import APDU
import Crypto

/// The files of an ISO 7816-15 application, as bytes to values.
///
/// What a card sent is read as far as it follows the standard: an entry that does not is left
/// out, unknown fields are passed over, and behind the first byte that is no object nothing is
/// read any more. Each list ends at `mostEntries`.
enum PKCS15Object {
    static var mostEntries: Int { 64 }

    /// Where something lies: a path of file identifiers, or one identifier (ISO 7816-15, 8.2.5).
    struct Path: Equatable {
        var file: [UInt8]
        /// Bytes before it in the file, and its length; nil for the whole file.
        var offset = 0
        var count: Int?
    }

    // MARK: EF.DIR

    /// An application as EF.DIR names it (ISO 7816-4, 12.2.1).
    struct Application: Equatable {
        var name: [UInt8]
        var label: String?
        var path: [UInt8]?
    }

    static func applications(_ directory: [UInt8]) -> [Application] {
        objects(directory).compactMap { record in
            guard record.tag == 0x61, let parts = parts(record),
                let name = parts.first(where: { $0.tag == 0x4F })?.value,
                (5...16).contains(name.count)
            else { return nil }
            let path = parts.first { $0.tag == 0x51 }.flatMap { isPath($0.value) ? $0.value : nil }
            return Application(
                name: Array(name),
                label: parts.first { $0.tag == 0x50 }.flatMap { text($0.value) },
                path: path.map { Array($0) })
        }
    }

    // MARK: EF.ODF

    /// Where the lists of objects are (8.3).
    struct Directory: Equatable {
        var privateKeys: [Path] = []
        var certificates: [Path] = []
        var authentication: [Path] = []
    }

    /// Nil where the file is no EF.ODF.
    static func directory(_ file: [UInt8]) -> Directory? {
        var directory = Directory()
        for entry in objects(file) {
            guard (0xA0...0xAF).contains(entry.tag.rawValue),
                let path = parts(entry)?.first(where: { $0.tag == 0x30 }).flatMap(path)
            else { continue }
            switch entry.tag {
            case 0xA0: directory.privateKeys.append(path)
            case 0xA4: directory.certificates.append(path)
            case 0xA8: directory.authentication.append(path)
            default: break
            }
        }
        return directory == Directory() ? nil : directory
    }

    // MARK: EF.TokenInfo

    /// Whose card it says it is (8.10).
    struct TokenInfo: Equatable {
        var serial: [UInt8]
        var label: String?
        var manufacturer: String?
    }

    static func tokenInfo(_ file: [UInt8]) -> TokenInfo? {
        guard let outer = objects(file).first, outer.tag == 0x30, let parts = parts(outer) else {
            return nil
        }
        return TokenInfo(
            serial: parts.first { $0.tag == 0x04 }.map { Array($0.value) } ?? [],
            label: parts.first { $0.tag == 0x80 }.flatMap { text($0.value) },
            manufacturer: parts.first { $0.tag == 0x0C }.flatMap { text($0.value) })
    }

    // MARK: EF(PrKDF) and EF(CDF)

    /// A private key as its entry describes it (8.4).
    struct PrivateKey: Equatable {
        var identifier: [UInt8]
        var label: String?
        /// Which PIN opens it.
        var authentication: [UInt8]?
        var usage: Flags
        /// What whoever wrote the card says of the key.
        var access: Flags?
        var reference: UInt8?
        var path: Path?
        /// Signatures that one presentation of the PIN is good for; nil for any number.
        var consent: Int?
    }

    static func privateKeys(_ file: [UInt8]) -> [PrivateKey] {
        objects(file).compactMap { entry in
            // A key of another kind than RSA is tagged: A0 elliptic curves, A1 to A3 others.
            guard entry.tag == 0x30 || (0xA0...0xA3).contains(entry.tag.rawValue),
                let entry = Entry(entry), let identifier = entry.attribute(0x04, 0)
            else { return nil }
            let bits = entry.attributes.filter { $0.tag == 0x03 }.map { Flags($0.value) }
            return PrivateKey(
                identifier: Array(identifier), label: entry.label,
                authentication: entry.common.first { $0.tag == 0x04 }.map { Array($0.value) },
                usage: bits.first ?? Flags([]), access: bits.count > 1 ? bits[1] : nil,
                reference: entry.attribute(0x02, 0).flatMap(small),
                path: entry.type.first.flatMap(path),
                consent: entry.common.first { $0.tag == 0x02 }.flatMap { number($0.value) })
        }
    }

    /// A certificate as its entry describes it (8.7).
    struct CertificateEntry: Equatable {
        enum Place: Equatable {
            case file(Path)
            /// It stands in the entry itself.
            case here([UInt8])
        }

        var identifier: [UInt8]
        var place: Place
    }

    static func certificates(_ file: [UInt8]) -> [CertificateEntry] {
        objects(file).compactMap { entry in
            guard entry.tag == 0x30, let entry = Entry(entry),
                let identifier = entry.attribute(0x04, 0), let value = entry.type.first
            else { return nil }
            if value.tag == 0xA0 {
                return CertificateEntry(
                    identifier: Array(identifier), place: .here(Array(value.value)))
            }
            guard let path = path(value) else { return nil }
            return CertificateEntry(identifier: Array(identifier), place: .file(path))
        }
    }

    /// The DER of a certificate from what its file holds: as it is, or compressed under 7A in a
    /// way that the token does not name. Nil where it does not read.
    static func certificate(_ file: [UInt8]) -> Certificate? {
        guard let outer = objects(file).first else { return nil }
        if outer.tag == 0x30, let der = try? TLVWriter.object(0x30, Array(outer.value)) {
            return try? Certificate(der: der)
        }
        guard outer.tag == 0x7A,
            let der = try? Inflate.unpack(
                Array(outer.value), limit: Certificate.longestEncoding)
        else { return nil }
        return try? Certificate(der: der)
    }
}

// What the entries are made of.
extension PKCS15Object {
    /// A named bit list: the bit of number 0 is the first (X.680, 22).
    struct Flags: Equatable {
        private var bits: UInt32 = 0

        init(_ value: ArraySlice<UInt8>) {
            for (at, byte) in value.dropFirst().prefix(4).enumerated() {
                bits |= UInt32(byte) << (24 - 8 * UInt32(at))
            }
        }

        func contains(_ bit: Int) -> Bool {
            (0..<32).contains(bit) && bits & 0x8000_0000 >> UInt32(bit) != 0
        }
    }

    /// The four parts of every entry: what all objects have, what all of a kind have, what a
    /// group of that kind has, and what this type has (8.2.1).
    struct Entry {
        let common: [TLV]
        let attributes: [TLV]
        /// What is in the last one's SEQUENCE.
        let type: [TLV]

        init?(_ object: TLV) {
            guard let parts = parts(object), parts.count >= 3, parts[0].tag == 0x30,
                parts[1].tag == 0x30, let common = PKCS15Object.parts(parts[0]),
                let attributes = PKCS15Object.parts(parts[1]),
                let last = parts.first(where: { $0.tag == 0xA1 }),
                let inner = PKCS15Object.parts(last)?.first, inner.tag == 0x30,
                let type = PKCS15Object.parts(inner)
            else { return nil }
            (self.common, self.attributes, self.type) = (common, attributes, type)
        }

        var label: String? { common.first { $0.tag == 0x0C }.flatMap { text($0.value) } }

        /// The n-th attribute with this tag.
        func attribute(_ tag: TLVTag, _ nth: Int) -> ArraySlice<UInt8>? {
            attributes.filter { $0.tag == tag }.dropFirst(nth).first?.value
        }
    }

    /// The objects one after the other, with whatever padding behind them.
    static func objects(_ file: [UInt8]) -> [TLV] {
        var reader = TLVReader(file, padding: .skipped)
        var found: [TLV] = []
        while found.count < mostEntries, let object = (try? reader.next()) ?? nil {
            found.append(object)
        }
        return found
    }

    static func parts(_ object: TLV) -> [TLV]? {
        guard var reader = try? object.children() else { return nil }
        return try? reader.all()
    }

    /// SEQUENCE { path, index, [0] length }, both of them or none.
    static func path(_ object: TLV) -> Path? {
        guard object.tag == 0x30, let parts = parts(object), let first = parts.first,
            first.tag == 0x04, isPath(first.value)
        else { return nil }
        let index = parts.first { $0.tag == 0x02 }.flatMap { number($0.value) }
        let count = parts.first { $0.tag == 0x80 }.flatMap { number($0.value) }
        return Path(file: Array(first.value), offset: count == nil ? 0 : index ?? 0, count: count)
    }

    /// Identifiers of two bytes, not deeper than cards are.
    static func isPath(_ bytes: ArraySlice<UInt8>) -> Bool {
        (2...16).contains(bytes.count) && bytes.count.isMultiple(of: 2)
    }

    static func text(_ bytes: ArraySlice<UInt8>) -> String? {
        guard !bytes.isEmpty, bytes.count <= 255 else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        return text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F } ? text : nil
    }

    /// A number that is not negative, up to 65535.
    static func number(_ bytes: ArraySlice<UInt8>) -> Int? {
        let digits = bytes.drop { $0 == 0 }
        guard let first = bytes.first, first & 0x80 == 0, digits.count <= 2 else { return nil }
        return digits.reduce(0) { $0 << 8 | Int($1) }
    }

    /// A reference of one byte. Some cards were written with those from 80 on as negative.
    static func small(_ bytes: ArraySlice<UInt8>) -> UInt8? {
        guard let last = bytes.last, bytes.dropLast().allSatisfy({ $0 == 0 }) else { return nil }
        return last
    }
}
