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
        for number in numbers(of: 0xCC, in: list) where number != 0 && !keys.contains(number) {
            keys.append(number)
        }
        return keys
    }

    /// Files of certificates that belong to no key, CA: those of authorities, and
    /// of keys whose own file is taken.
    static func certificates(inList list: [UInt8]) -> [UInt16] {
        numbers(of: 0xCA, in: list).map { 0xCA00 | UInt16($0) }
    }

    private static func numbers(of prefix: UInt8, in list: [UInt8]) -> [UInt8] {
        stride(from: 0, to: list.count - 1, by: 2).filter { list[$0] == prefix }
            .map { list[$0 + 1] }
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
    /// Devices that sign for themselves have a request, 67, where others have the certificate.
    static func deviceName(inCertificates file: [UInt8]) -> String? {
        let path: [TLVTag] = [0x7F21, 0x7F4E, 0x5F20]
        guard
            let found = (try? TLVReader.find(file.first == 0x67 ? [0x67] + path : path, in: file)),
            let holder = CardVerifiableCertificate.name(found.value)
        else { return nil }
        return String(holder.dropLast(5))
    }

    /// What a key is for, by what its certificate allows.
    static func use(of certificate: Certificate) -> TokenCertificate.Use {
        guard let usage = certificate.keyUsage else { return .signature }
        if usage.contains(.nonRepudiation) { return .signature }
        if usage.contains(.digitalSignature) { return .authentication }
        return .decryption
    }
}
