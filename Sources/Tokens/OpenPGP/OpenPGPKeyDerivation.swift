import APDU
import Crypto
import Secrets

/// What becomes of a code before it is sent: the KDF-DO, F9 (OpenPGP card 3.4, 4.3.2). A card
/// that has one compares hashes, and the code itself would be a wrong one.
enum OpenPGPKeyDerivation: Equatable {
    /// Codes are sent as they are.
    case none
    case iterated(
        pw1: IteratedSaltedHash, resettingCode: IteratedSaltedHash, pw3: IteratedSaltedHash)

    /// Which of the three codes it is: each may have a salt of its own.
    enum Code: CaseIterable {
        case pw1, resettingCode, pw3
    }

    /// Why no code can be sent to this card.
    enum Unusable: Error, Equatable {
        /// The object does not follow the standard.
        case malformed
        /// A derivation or hash that the standard does not have.
        case unknown
        /// More bytes to hash for one code than this station is willing to.
        case tooMuchWork(Int)
    }

    /// Reads the object, with or without its own tag around it; an empty one is none.
    init(_ object: [UInt8]) throws(Unusable) {
        let parts: [TLVTag: [UInt8]]
        do throws(OpenPGPObject.Malformed) {
            parts = try OpenPGPObject.collect(object, opening: [OpenPGPObject.keyDerivation])
        } catch {
            throw .malformed
        }
        guard let method = parts[0x81] else {
            guard parts.isEmpty else { throw .malformed }
            self = .none
            return
        }
        switch method {
        case [0x00]: self = .none
        case [0x03]: self = try Self.iterated(parts)
        default: throw .unknown
        }
    }

    private static func iterated(_ parts: [TLVTag: [UInt8]]) throws(Unusable) -> Self {
        let digest: Digest
        switch parts[0x82] {
        case [0x08]: digest = .sha256
        case [0x0A]: digest = .sha512
        case nil: throw .malformed
        default: throw .unknown
        }
        guard let number = parts[0x83], number.count == 4, let salt = parts[0x84] else {
            throw .malformed
        }
        let count = number.reduce(0) { $0 << 8 | Int($1) }
        // One salt is for all three; three are each for its own code.
        guard (parts[0x85] == nil) == (parts[0x86] == nil) else { throw .malformed }
        do throws(CryptoError) {
            return .iterated(
                pw1: try IteratedSaltedHash(digest: digest, salt: salt, count: count),
                resettingCode: try IteratedSaltedHash(
                    digest: digest, salt: parts[0x85] ?? salt, count: count),
                pw3: try IteratedSaltedHash(
                    digest: digest, salt: parts[0x86] ?? salt, count: count))
        } catch {
            if case .tooLarge = error.code { throw .tooMuchWork(count) }
            throw .malformed
        }
    }

    /// What is sent for a code, where it is not sent as it is.
    func hash(_ code: Code) -> IteratedSaltedHash? {
        guard case .iterated(let pw1, let resettingCode, let pw3) = self else { return nil }
        return switch code {
        case .pw1: pw1
        case .resettingCode: resettingCode
        case .pw3: pw3
        }
    }
}
