import Crypto

/// What stands beside keys for PKCS #15 (ISO 7816-15, 8.4 and 8.11).
enum SmartCardHSMDescription {
    /// A private key's entry: label, identifier, usage, and how long it is.
    static func key(_ number: UInt8, _ algorithm: KeyAlgorithm, label: String) -> [UInt8] {
        let common = DataObject.tlv(0x30, DataObject.tlv(0x0C, Array(label.utf8)))
        let (tag, usage, bits): (UInt32, [UInt8], Int)
        switch algorithm {
        // decrypt, sign, unwrap, nonRepudiation
        case .rsa(let length): (tag, usage, bits) = (0x30, [0x06, 0x64, 0x40], length)
        // sign, derive, nonRepudiation
        default: (tag, usage, bits) = (0xA0, [0x06, 0x20, 0xC0], 256)
        }
        let classed = DataObject.tlv(
            0x30, DataObject.tlv(0x04, [number]) + DataObject.tlv(0x03, usage))
        let length = [bits >> 8, bits].map { UInt8(truncatingIfNeeded: $0) }
        let path = DataObject.tlv(0x30, DataObject.tlv(0x04, []))
        let typed = DataObject.tlv(
            0xA1, DataObject.tlv(0x30, path + DataObject.tlv(0x02, length)))
        return DataObject.tlv(tag, common + classed + typed)
    }

    /// TokenInfo: version, label, and that it makes random numbers.
    static func token(label: String) -> [UInt8] {
        DataObject.tlv(
            0x30,
            DataObject.tlv(0x02, [0]) + DataObject.tlv(0x80, Array(label.utf8))
                + DataObject.tlv(0x03, [0x05, 0x20]))
    }
}
