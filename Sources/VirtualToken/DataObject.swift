import APDU

/// Data objects as cards write them.
enum DataObject {
    /// BER-TLV with the shortest length; the tags here are all well-formed.
    static func tlv(_ tag: UInt32, _ value: [UInt8]) -> [UInt8] {
        (try? TLVWriter.object(TLVTag(tag), value)) ?? []
    }

    /// Both numbers of an ECDSA signature in DER side by side, each as long as the curve's.
    static func numbers(ofSignature der: [UInt8], _ length: Int) -> [UInt8]? {
        guard let sequence = try? TLVReader.find([0x30], in: der),
            let numbers = try? sequence.childObjects(), numbers.count == 2
        else { return nil }
        return numbers.flatMap { number in
            let digits = number.value.drop { $0 == 0 }
            return [UInt8](repeating: 0, count: max(0, length - digits.count)) + digits
        }
    }
}

extension TLV {
    /// The objects in the value, all of them.
    func childObjects() throws(APDUError) -> [TLV] {
        var reader = try children()
        return try reader.all()
    }
}
