import APDU
import Crypto

/// How codes are hashed before they are sent: the KDF-DO F9 (OpenPGP card 3.4, 4.3.2), with
/// OpenPGP's iterated and salted hash (RFC 4880, 3.7.1.3).
package struct OpenPGPKDF: Equatable, Sendable {
    /// Which of the codes it is for.
    package enum Code: Sendable { case pw1, resettingCode, pw3 }

    package struct Iterated: Equatable, Sendable {
        var digest: Digest
        /// Bytes that are hashed.
        var count: Int
        var salts: [[UInt8]]
    }

    /// The value of the object, as it was put.
    package let object: [UInt8]
    /// Nil: codes are sent as they are.
    package let iterated: Iterated?
    /// What PW1 and PW3 become when the object is put.
    let initial: (pw1: [UInt8], pw3: [UInt8])?

    package static let plain = OpenPGPKDF([0x81, 1, 0], nil, nil)

    static let factoryPW1 = Array("123456".utf8)
    static let factoryPW3 = Array("12345678".utf8)

    private init(
        _ object: [UInt8], _ iterated: Iterated?, _ initial: (pw1: [UInt8], pw3: [UInt8])?
    ) {
        self.object = object
        self.iterated = iterated
        self.initial = initial
    }

    /// Reads the object; nil where it is none.
    package init?(_ object: [UInt8]) {
        var reader = TLVReader(object)
        guard let parts = try? reader.all() else { return nil }
        func value(_ tag: TLVTag) -> [UInt8]? {
            parts.first { $0.tag == tag }.map { Array($0.value) }
        }
        if value(0x81) == [0] {
            self.init(object, nil, nil)
            return
        }
        guard value(0x81) == [3], let digest = value(0x82).flatMap(Self.digest),
            let count = value(0x83), count.count == 4, let salt = value(0x84), salt.count == 8
        else { return nil }
        let others = [value(0x85), value(0x86)].compactMap { $0 }
        guard others.isEmpty || others.count == 2, others.allSatisfy({ $0.count == 8 }) else {
            return nil
        }
        let total = count.reduce(0) { $0 << 8 | Int($1) }
        // A host hashes so much for each code: more is a mistake.
        guard total <= 0x1000_0000 else { return nil }
        var initial: (pw1: [UInt8], pw3: [UInt8])?
        if let pw1 = value(0x87), let pw3 = value(0x88), pw1.count == digest.length,
            pw3.count == digest.length
        {
            initial = (pw1, pw3)
        }
        self.init(
            object, Iterated(digest: digest, count: total, salts: [salt] + others), initial)
    }

    /// A new object with random salts, one or three.
    static func make(salts count: Int) throws(CryptoError) -> OpenPGPKDF {
        var salts: [[UInt8]] = []
        for _ in 0..<count { salts.append(try SecureRandom.bytes(8)) }
        let iterated = Iterated(digest: .sha256, count: 100_000, salts: salts)
        let bytes = (0..<4).map { UInt8(truncatingIfNeeded: iterated.count >> (24 - 8 * $0)) }
        var object =
            DataObject.tlv(0x81, [3]) + DataObject.tlv(0x82, [8])
            + DataObject.tlv(0x83, bytes)
        for (index, salt) in salts.enumerated() {
            object += DataObject.tlv(0x84 + UInt32(index), salt)
        }
        object += DataObject.tlv(0x87, try iterated.hash(factoryPW1, .pw1))
        object += DataObject.tlv(0x88, try iterated.hash(factoryPW3, .pw3))
        return OpenPGPKDF(object) ?? .plain
    }

    /// What the host sends for a code.
    package func encode(
        _ code: [UInt8], _ which: Code
    ) throws(CryptoError) -> [UInt8] {
        guard let iterated else { return code }
        return try iterated.hash(code, which)
    }

    package static func == (left: OpenPGPKDF, right: OpenPGPKDF) -> Bool {
        left.object == right.object
    }

    private static func digest(_ identifier: [UInt8]) -> Digest? {
        switch identifier {
        case [8]: .sha256
        case [10]: .sha512
        default: nil
        }
    }
}

extension OpenPGPKDF.Iterated {
    /// Salt and code over and over until `count` bytes were hashed, at least once whole.
    func hash(_ code: [UInt8], _ which: OpenPGPKDF.Code) throws(CryptoError) -> [UInt8] {
        let salt: [UInt8]
        switch (which, salts.count) {
        case (.resettingCode, 3): salt = salts[1]
        case (.pw3, 3): salt = salts[2]
        default: salt = salts.first ?? []
        }
        let unit = salt + code
        let total = max(count, unit.count)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(total + unit.count)
        while bytes.count < total { bytes += unit }
        return try digest.hash(Array(bytes.prefix(total)))
    }
}
