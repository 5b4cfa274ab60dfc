import APDU

/// Data objects as cards write them.
enum DataObject {
    /// BER-TLV with the shortest length; the tags here are all well-formed.
    static func tlv(_ tag: UInt32, _ value: [UInt8]) -> [UInt8] {
        (try? TLVWriter.object(TLVTag(tag), value)) ?? []
    }
}

extension TLV {
    /// The objects in the value, all of them.
    func childObjects() throws(APDUError) -> [TLV] {
        var reader = try children()
        return try reader.all()
    }
}
