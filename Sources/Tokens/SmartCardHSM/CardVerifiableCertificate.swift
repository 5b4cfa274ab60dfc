import APDU
import Crypto

/// A card verifiable certificate (BSI TR-03110-3, appendix C), or a request for one.
package struct CardVerifiableCertificate: Equatable, Sendable {
    /// Names of who signed it and of whose key it is: country, mnemonic, five digits.
    package let issuer: String
    package let holder: String
    package let key: Key
    /// The body with its tag and length: what is signed.
    let body: [UInt8]
    let signature: [UInt8]

    package enum Key: Equatable, Sendable {
        /// A point, and its curve; nil where that is the issuer's.
        case point([UInt8], CardCurve?)
        case rsa(modulus: [UInt8], exponent: [UInt8])
    }

    /// Longest object that is looked at, in bytes.
    package static var longestEncoding: Int { 4096 }

    /// Reads the object 7F21, with no byte behind it; nil for anything else, for a curve that
    /// is not known by all its parameters, and for another way of signing than with SHA-256.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count <= Self.longestEncoding else { return nil }
        var reader = TLVReader(bytes)
        guard let object = try? reader.next(), object.tag == 0x7F21, reader.rest.isEmpty,
            let read = Self(content: object.value)
        else { return nil }
        self = read
    }

    /// Reads what is in a 7F21.
    init?(content: ArraySlice<UInt8>) {
        var reader = TLVReader(content)
        guard let body = try? reader.next(), body.tag == 0x7F4E else { return nil }
        self.body = Array(content[content.startIndex..<reader.rest.startIndex])
        guard let signature = try? reader.next(), signature.tag == 0x5F37, reader.rest.isEmpty
        else { return nil }
        self.signature = Array(signature.value)
        var parts = TLVReader(body.value)
        guard let profile = try? parts.next(), profile.tag == 0x5F29,
            profile.value.elementsEqual([0]),
            let issuer = try? parts.next(), issuer.tag == 0x42,
            let issuerName = Self.name(issuer.value),
            let key = try? parts.next(), key.tag == 0x7F49, let read = Self.key(key.value),
            let holder = try? parts.next(), holder.tag == 0x5F20,
            let holderName = Self.name(holder.value)
        else { return nil }
        self.issuer = issuerName
        self.holder = holderName
        self.key = read
    }

    static func name(_ value: ArraySlice<UInt8>) -> String? {
        guard (8...16).contains(value.count), value.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        return String(decoding: value, as: UTF8.self)
    }

    // id-TA-ECDSA-SHA-256 and id-TA-RSA-v1-5-SHA-256.
    private static let ecdsa: [UInt8] = [4, 0, 0x7F, 0, 7, 2, 2, 2, 2, 3]
    private static let rsa: [UInt8] = [4, 0, 0x7F, 0, 7, 2, 2, 2, 1, 2]

    private static func key(_ value: ArraySlice<UInt8>) -> Key? {
        var reader = TLVReader(value)
        guard let objects = try? reader.all(), let kind = objects.first, kind.tag == 0x06 else {
            return nil
        }
        let numbers = objects.dropFirst().map { Array($0.value) }
        let tags = objects.dropFirst().map(\.tag)
        if kind.value.elementsEqual(rsa), tags == [0x81, 0x82] {
            return .rsa(modulus: numbers[0], exponent: numbers[1])
        }
        guard kind.value.elementsEqual(ecdsa) else { return nil }
        if tags == [0x86] { return .point(numbers[0], nil) }
        // Parameters of one's own choice would make every key everybody's.
        guard tags == [0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87], numbers[6] == [1],
            let curve = CardCurve.allCases.first(where: {
                $0.parameters.elementsEqual(numbers.prefix(5))
            })
        else { return nil }
        return .point(numbers[5], curve)
    }

    /// The curve of the holder's key, where the issuer's is `issuer`.
    func curve(below issuer: CardCurve?) -> CardCurve? {
        guard case .point(_, let own) = key else { return nil }
        return own ?? issuer
    }

    /// Whether the holder signed `message`.
    func hasSigned(
        _ message: [UInt8], _ signature: [UInt8], on curve: CardCurve?
    ) -> Bool {
        guard case .point(let point, _) = key, let curve else { return false }
        return
            (try? curve.verify(signature, of: message, hashedBy: .sha256, point: point)) ?? false
    }
}
