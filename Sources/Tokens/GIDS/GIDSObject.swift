import APDU
import Crypto

/// What a GIDS card sends, as bytes to values. Every parser takes anything and throws nothing
/// but "malformed".
package enum GIDSObject {
    package struct Malformed: Error {}

    // MARK: SELECT

    /// A00000039742544659; the specification's version and the card's own number follow.
    static let application: [UInt8] = [0xA0, 0, 0, 3, 0x97, 0x42, 0x54, 0x46, 0x59]

    package struct Application: Equatable, Sendable {
        /// Of the specification, 1 or 2.
        package let version: UInt8
        /// Whether the administrator's key may answer a challenge of the card alone.
        package let knowsExternal: Bool
    }

    /// The template 61 { 4F, 73 { 40 } }; nil for that of another application.
    package static func application(
        _ template: [UInt8]
    ) throws(Malformed) -> Application? {
        guard let name = try find([0x61, 0x4F], template), name.starts(with: application),
            let version = name.dropFirst(application.count).first
        else { return nil }
        let protocols = try find([0x61, 0x73, 0x40], template)?.first
        return Application(
            version: version, knowsExternal: protocols.map { $0 & 0x40 != 0 } ?? true)
    }

    // MARK: Codes

    /// 7F71 { 97 tries left, 93 limit }; version 1 had 9F17 for 97. A count above the limit is
    /// none.
    package static func counter(_ object: [UInt8]) throws(Malformed) -> Counter? {
        var shown = try find([0x7F71, 0x97], object)
        if shown == nil { shown = try find([0x7F71, 0x9F17], object) }
        guard let shown else { return nil }
        let limit = try find([0x7F71, 0x93], object)
        guard shown.count == 1, limit.map({ $0.count == 1 }) ?? true else { throw Malformed() }
        guard let left = shown.first.map(Int.init), left <= limit?.first.map(Int.init) ?? 0xFF
        else { throw Malformed() }
        return Counter(.known(left), limit: limit?.first.map(Int.init))
    }

    /// 7C { `tag` }, of GENERAL AUTHENTICATE.
    package static func authentication(
        _ tag: TLVTag, _ object: [UInt8]
    ) throws(Malformed) -> [UInt8]? {
        try find([0x7C, tag], object)
    }

    /// The card's proof in an answer to one; nil where there is none.
    static func proof(_ object: [UInt8]) -> [UInt8]? {
        (try? authentication(0x82, object)) ?? nil
    }

    // MARK: The file system

    /// A file of the card and where its bytes are.
    package struct File: Equatable, Sendable {
        package let directory: String
        package let name: String
        package let file: UInt16
        package let object: UInt16
    }

    /// Most files and containers that are looked at.
    static var most: Int { 128 }

    /// Version 1, then 28 bytes a file: two names of nine, ended by a zero; two of padding; its
    /// object and its file as little-endian words of four.
    package static func masterFile(_ content: [UInt8]) throws(Malformed) -> [File] {
        guard content.first == 1 else { throw Malformed() }
        var files: [File] = []
        for record in records(content.dropFirst(), 28) {
            guard let directory = name(record.prefix(9)),
                let name = name(record.dropFirst(9).prefix(9)), !name.isEmpty,
                let object = word(record.dropFirst(20)), let file = word(record.dropFirst(24))
            else { continue }
            files.append(File(directory: directory, name: name, file: file, object: object))
        }
        return files
    }

    /// Containers that hold a key: 86 bytes each, a name in 80, then flags (bit 1: it is valid),
    /// a byte, the bits of its signature key and of its exchange key. The place says which it is.
    package static func containerMap(_ content: [UInt8]) -> [GIDSContainer] {
        var containers: [GIDSContainer] = []
        for (index, record) in records(content[...], 86).enumerated() {
            let rest = Array(record.dropFirst(80))
            guard rest[0] & 1 != 0 else { continue }
            // One with both kinds is two keys behind one number: nobody can tell them apart.
            switch (rest[2] != 0 || rest[3] != 0, rest[4] != 0 || rest[5] != 0) {
            case (true, false): containers.append(GIDSContainer(.signature, index))
            case (false, true): containers.append(GIDSContainer(.exchange, index))
            default: continue
            }
        }
        return containers
    }

    /// 0001, the length of the certificate, both little-endian, and the certificate after RFC
    /// 1950; or the certificate as it is.
    package static func certificate(_ content: [UInt8]) throws(Malformed) -> Certificate {
        var der = content
        if content.starts(with: [1, 0]), content.count > 4 {
            let length = Int(content[2]) | Int(content[3]) << 8
            do throws(Inflate.Failure) {
                der = try Inflate.unpack(Array(content.dropFirst(4)), limit: length)
            } catch {
                throw Malformed()
            }
            guard der.count == length else { throw Malformed() }
        }
        do throws(CryptoError) { return try Certificate(der: der) } catch { throw Malformed() }
    }

    // MARK: Bytes

    private static func records(
        _ content: ArraySlice<UInt8>, _ length: Int
    ) -> [ArraySlice<UInt8>] {
        (0..<min(content.count / length, most)).map {
            content.dropFirst($0 * length).prefix(length)
        }
    }

    /// Printable ASCII up to the first zero; nil for anything else.
    private static func name(_ bytes: ArraySlice<UInt8>) -> String? {
        let text = bytes.prefix { $0 != 0 }
        guard text.count < bytes.count, text.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            return nil
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// A little-endian word of four that is a number of two; nil for a larger one.
    private static func word(_ bytes: ArraySlice<UInt8>) -> UInt16? {
        let word = Array(bytes.prefix(4))
        guard word.count == 4, word[2] == 0, word[3] == 0 else { return nil }
        return UInt16(word[0]) | UInt16(word[1]) << 8
    }

    private static func find(_ path: [TLVTag], _ bytes: [UInt8]) throws(Malformed) -> [UInt8]? {
        do throws(APDUError) {
            return try TLVReader.find(path, in: bytes).map { Array($0.value) }
        } catch {
            throw Malformed()
        }
    }
}

/// A key on a GIDS card, by its place in the container map.
package struct GIDSContainer: Equatable, Sendable {
    package enum Purpose: String, Sendable {
        /// For signatures and for deciphering.
        case exchange = "kxc"
        /// For signatures alone.
        case signature = "ksc"
    }

    package let purpose: Purpose
    /// From 0.
    package let index: Int

    package init(_ purpose: Purpose, _ index: Int) {
        self.purpose = purpose
        self.index = index
    }

    /// The name of its certificate's file stands for the key.
    package init?(_ slot: KeySlot) {
        let text = slot.rawValue
        guard text.count == 5, let purpose = Purpose(rawValue: String(text.prefix(3))),
            let index = Hex.bytes(String(text.suffix(2)))?.first.map(Int.init),
            index < GIDSObject.most
        else { return nil }
        self.init(purpose, index)
    }

    package var slot: KeySlot {
        KeySlot(rawValue: purpose.rawValue + Hex.upper([UInt8(truncatingIfNeeded: index)]))
    }

    /// The reference of its key: 81 for the first container.
    var reference: UInt8? { UInt8(exactly: 0x81 + index) }

    /// What its certificate says the key is for. One for exchange alone never signs.
    func use(_ certificate: Certificate) -> TokenCertificate.Use {
        guard purpose == .exchange else { return .signature }
        guard let usage = certificate.keyUsage else { return .authentication }
        if usage.contains(.nonRepudiation) { return .signature }
        return usage.contains(.digitalSignature) ? .authentication : .decryption
    }
}
