import Secrets

/// A password's hash by scrypt (RFC 7914), with all that it takes to compute it again.
///
/// Its text is that of the password hashing competition's strings:
/// `$scrypt$ln=15,r=8,p=3$SALT$HASH`, salt and hash in Base64 without padding.
package struct PasswordHash: Equatable, Sendable {
    /// What one hash costs: 128 × 2^logN × r bytes of memory, gone through p times.
    package struct Cost: Equatable, Sendable {
        package let logN: Int
        package let r: Int
        package let p: Int

        /// 32 MiB, about a second on a small machine.
        package static let usual = Cost(logN: 15, r: 8, p: 3)

        /// The most memory that a hash may ask for, in bytes.
        static let mostMemory = 64 << 20

        package init(logN: Int, r: Int, p: Int) {
            self.logN = logN
            self.r = r
            self.p = p
        }

        /// Whether it is neither so cheap that it protects nothing nor so dear that it is a burden.
        var isFit: Bool {
            (14...18).contains(logN) && (8...32).contains(r) && (1...16).contains(p)
                && (128 * r) << logN <= Cost.mostMemory
        }
    }

    /// Bytes of a password, in UTF-8.
    package static let lengths = 8...64
    static let hashLength = 32
    static let saltLengths = 16...64

    package let cost: Cost
    package let salt: [UInt8]
    package let hash: [UInt8]

    /// Hashes a new password with a fresh salt.
    ///
    /// - Throws: `.wrongLength` for a password shorter or longer than `lengths`; `.noRandomness`,
    ///   `.library`, `.unsupported` for a cost that `text` could not be read with.
    package init(
        of password: borrowing Secret, cost: Cost = .usual
    ) throws(CryptoError) {
        guard Self.lengths.contains(password.count) else {
            throw CryptoError(
                .wrongLength(expected: Self.lengths.lowerBound, got: password.count),
                "a password of \(password.count) bytes")
        }
        guard cost.isFit else { throw CryptoError(.unsupported, "the cost of a password's hash") }
        self.cost = cost
        salt = try SecureRandom.bytes(Self.saltLengths.lowerBound)
        hash = try OpenSSL.scrypt(password, salt, cost, length: Self.hashLength)
    }

    /// - Throws: `.malformed` for another form, `.unsupported` for a cost out of bounds.
    package init(_ text: String) throws(CryptoError) {
        let parts = text.utf8.split(separator: UInt8(ascii: "$"), omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1].elementsEqual("scrypt".utf8),
            let cost = Self.cost(parts[2]), let salt = Self.bytes(parts[3]),
            let hash = Self.bytes(parts[4]), Self.saltLengths.contains(salt.count),
            hash.count == Self.hashLength
        else { throw CryptoError(.malformed, "is no hash of a password") }
        guard cost.isFit else {
            throw CryptoError(
                .unsupported, "costs too little or too much: ln 14 to 18, r 8 to 32, p 1 to 16")
        }
        self.cost = cost
        self.salt = salt
        self.hash = hash
    }

    package var text: String {
        "$scrypt$ln=\(cost.logN),r=\(cost.r),p=\(cost.p)$\(Self.digits(salt))$\(Self.digits(hash))"
    }

    /// Whether it is the hash of this password; compared in a time that does not depend on it.
    ///
    /// - Throws: `.library`, as where there is no memory for it.
    package func matches(_ password: borrowing Secret) throws(CryptoError) -> Bool {
        let found = try OpenSSL.scrypt(password, salt, cost, length: Self.hashLength)
        var difference: UInt8 = 0
        for (a, b) in zip(found, hash) { difference |= a ^ b }
        return difference == 0
    }

    /// `ln=15,r=8,p=3`.
    private static func cost(_ text: Substring.UTF8View) -> Cost? {
        let names = ["ln=", "r=", "p="]
        let parts = text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard parts.count == names.count else { return nil }
        var values: [Int] = []
        for (name, part) in zip(names, parts) {
            let digits = part.dropFirst(name.utf8.count)
            guard part.starts(with: name.utf8), (1...2).contains(digits.count),
                digits.allSatisfy({ (0x30...0x39).contains($0) }),
                let value = Int(String(decoding: digits, as: UTF8.self))
            else { return nil }
            values.append(value)
        }
        return Cost(logN: values[0], r: values[1], p: values[2])
    }

    private static func digits(_ bytes: [UInt8]) -> String {
        let padded = Base64.encode(bytes)
        return String(decoding: padded.prefix { $0 != UInt8(ascii: "=") }, as: UTF8.self)
    }

    private static func bytes(_ digits: Substring.UTF8View) -> [UInt8]? {
        guard digits.count <= 96, !digits.contains(UInt8(ascii: "=")) else { return nil }
        let padding = [UInt8](repeating: UInt8(ascii: "="), count: (4 - digits.count % 4) % 4)
        return Base64.decode(Array(digits) + padding)
    }
}
