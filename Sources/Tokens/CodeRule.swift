import Secrets

/// What a code of a token must look like, in characters.
package struct CodeRule: Equatable, Sendable {
    package enum Characters: String, Equatable, Sendable, CaseIterable {
        /// 0 to 9 only.
        case digits
        /// Printable ASCII without the blank: every keyboard types it alike.
        case printable
        /// 0 to 9 and A to F, either case: bytes in writing.
        case hex
        /// Byte for byte as typed: an old code, which nobody may second-guess.
        case any
    }

    package let minimum: Int
    package let maximum: Int
    package let characters: Characters

    package init(_ lengths: ClosedRange<Int>, _ characters: Characters) {
        minimum = lengths.lowerBound
        maximum = lengths.upperBound
        self.characters = characters
    }
}

/// Why a code cannot be of a token; said before anything is sent.
package enum CodeUnfit: String, Error, Equatable, Sendable, CaseIterable {
    case tooShort = "too_short"
    case tooLong = "too_long"
    case notDigits = "not_digits"
    case notHex = "not_hex"
    case notPrintable = "not_printable"
    case publishedDefault = "published_default"
    case sameAsOther = "same_as_other"
    /// The way wants a new PIN, and there is none; or it sets none, and there is one.
    case missing
    case notWanted = "not_wanted"
    /// No locked memory to encode it in.
    case noLockedMemory = "no_locked_memory"
}

extension CodeRule {
    /// Whether a code that exists already could be this token's: nothing is said about its worth.
    package func check(_ code: borrowing Secret) throws(CodeUnfit) {
        guard code.count >= minimum else { throw .tooShort }
        guard code.count <= maximum else { throw .tooLong }
        let characters = self.characters
        let fits = code.withBytes { bytes in
            switch characters {
            case .digits: bytes.allSatisfy { (0x30...0x39).contains($0) }
            case .printable: bytes.allSatisfy { (0x21...0x7E).contains($0) }
            case .hex: bytes.allSatisfy(Self.isHexDigit)
            case .any: true
            }
        }
        guard fits else {
            switch characters {
            case .digits: throw .notDigits
            case .hex: throw .notHex
            case .printable, .any: throw .notPrintable
            }
        }
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }

    /// Whether a code may be a holder's new one: printable whatever the rule allows besides,
    /// not a default that is published, and not the other code.
    package func checkNew(
        _ code: borrowing Secret, besides other: borrowing Secret
    ) throws(CodeUnfit) {
        try check(code)
        if characters == .any {
            try CodeRule(minimum...maximum, .printable).check(code)
        }
        guard !PublishedDefaults.contains(code) else { throw .publishedDefault }
        guard !code.matches(other) else { throw .sameAsOther }
    }
}
