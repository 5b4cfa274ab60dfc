import APDU
import Crypto

/// Data objects of an OpenPGP card, as bytes to values. Every parser takes what a card sent
/// and throws nothing but "malformed".
enum OpenPGPObject {
    struct Malformed: Error {}

    static let applicationData: TLVTag = 0x6E
    static let keyDerivation: TLVTag = 0xF9
    static let cardholderCertificate: TLVTag = 0x7F21

    /// Longest cardholder certificate and public key that are read, in bytes: the object may be
    /// as long as a short GET RESPONSE chain makes it.
    static var longest: Int { Certificate.longestEncoding }

    /// All objects in `bytes`, those in the given constructed ones included: the first of each
    /// tag. Cards differ in whether GET DATA gives the outermost tag too.
    static func collect(
        _ bytes: [UInt8], opening constructed: Set<TLVTag>
    ) throws(Malformed) -> [TLVTag: [UInt8]] {
        var found: [TLVTag: [UInt8]] = [:]
        var readers = [TLVReader(bytes, padding: .skipped)]
        do throws(APDUError) {
            while var reader = readers.popLast() {
                guard let object = try reader.next() else { continue }
                readers.append(reader)
                if constructed.contains(object.tag) {
                    readers.append(try object.children(padding: .skipped))
                } else if found[object.tag] == nil {
                    found[object.tag] = Array(object.value)
                }
            }
        } catch {
            throw Malformed()
        }
        return found
    }

    /// The X.509 certificate in a cardholder certificate object; nil where it is empty or holds
    /// something else: the standard leaves its form open (4.4.1).
    static func certificate(_ object: [UInt8]) -> Certificate? {
        var der = object
        if object.starts(with: [0x7F, 0x21]),
            let inner = try? TLVReader.find([cardholderCertificate], in: object)
        {
            der = Array(inner.value)
        }
        return try? Certificate(der: der)
    }
}
