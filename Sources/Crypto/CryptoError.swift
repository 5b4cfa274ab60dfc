/// Why something cryptographic could not be done. Carries no key and no message.
package struct CryptoError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: Equatable, Sendable {
        /// The bytes are not what they should be: DER that does not parse, bytes left over.
        case malformed
        /// More bytes than the stated limit.
        case tooLarge(limit: Int)
        /// A kind of key, curve or scheme this module does not know, or that do not go together.
        case unsupported
        /// An input of the wrong length, for example a block that is not the modulus' length.
        case wrongLength(expected: Int, got: Int)
        /// The kernel or the library gave no random bytes.
        case noRandomness
        /// No locked memory for a secret.
        case noLockedMemory
        /// OpenSSL refused; the number is its packed error code, 0 when it named none.
        case library(UInt)
    }

    package let code: Code
    /// What was being done, and OpenSSL's own words where it had some.
    package let reason: String

    package init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    package var description: String { reason }
}
