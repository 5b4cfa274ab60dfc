import APDU
import Crypto

/// What a SmartCard-HSM sends, as bytes to values. Every parser takes any bytes and gives nil
/// for those that are not what it reads.
enum SmartCardHSMObject {
    /// What SELECT answers of the device: the file control information's proprietary part, 85.
    struct Control: Equatable {
        /// Option bits; nil on devices before 2.0, which tell their version alone.
        var options: UInt16?
        var version: (major: UInt8, minor: UInt8)

        static func == (left: Control, right: Control) -> Bool {
            left.options == right.options && left.version == right.version
        }

        /// Other applets have 85 too, and some are found by this application's name: one of two
        /// bytes or more is what tells a SmartCard-HSM.
        init?(_ answer: [UInt8]) {
            guard let found = try? TLVReader.find([0x6F, 0x85], in: answer) else { return nil }
            let value = Array(found.value)
            guard value.count >= 2 else { return nil }
            version = (value[value.count - 2], value[value.count - 1])
            guard value.count >= 5 else { return }
            options = UInt16(value[value.count - 5]) << 8 | UInt16(value[value.count - 4])
        }
    }

    /// Key identifiers in a list of objects, in the list's order; 0 is the device's own key.
    static func keys(inList list: [UInt8]) -> [UInt8] {
        var keys: [UInt8] = []
        for place in stride(from: 0, to: list.count - 1, by: 2)
        where list[place] == 0xCC && list[place + 1] != 0 && !keys.contains(list[place + 1]) {
            keys.append(list[place + 1])
        }
        return keys
    }

    /// How many bytes the object has that begins here, its tag and length included; nil where
    /// these are not all there, or are none.
    static func wholeLength(_ beginning: [UInt8]) -> Int? {
        guard let first = beginning.first else { return nil }
        var place = first & 0x1F == 0x1F ? 2 : 1
        guard place < beginning.count else { return nil }
        let short = Int(beginning[place])
        place += 1
        if short < 0x80 { return place + short }
        let more = short & 0x7F
        guard (1...2).contains(more), place + more <= beginning.count else { return nil }
        let length = beginning[place..<(place + more)].reduce(0) { $0 << 8 | Int($1) }
        return place + more + length
    }

    /// The device's name: its certificate's holder without the sequence number of five digits.
    static func deviceName(inCertificates file: [UInt8]) -> String? {
        guard let found = try? TLVReader.find([0x7F21, 0x7F4E, 0x5F20], in: file) else {
            return nil
        }
        let holder = found.value
        guard (8...16).contains(holder.count), holder.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        return String(decoding: holder.dropLast(5), as: UTF8.self)
    }

    /// What a key is for, by what its certificate allows.
    static func use(of certificate: Certificate) -> TokenCertificate.Use {
        guard let usage = certificate.keyUsage else { return .signature }
        if usage.contains(.nonRepudiation) { return .signature }
        if usage.contains(.digitalSignature) { return .authentication }
        return .decryption
    }
}
