import Crypto
import JSON
import System

/// Why the journal could not be opened, read or written.
package struct JournalError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: Equatable, Sendable {
        /// The disk or the quota is full; nothing was written.
        case noRoom
        /// The file or its file system takes no writing; nothing was written.
        case readOnly
        /// A line that does not chain, is no journal line, or is over-long; counted from 1.
        case broken(line: Int64)
        /// A snapshot was taken of another journal, or of lines that are no longer there.
        case unanchored
        /// The journal belongs to an instance of the other mode, the one named here.
        case wrongMode(JournalMode)
        /// Written by a later version, in a format this one does not know.
        case unsupportedVersion(Int64)
        /// Another process has the journal.
        case inUse
        /// The line would be longer than `JournalFormat.longestLine`; nothing was written.
        case lineTooLong
        /// Somebody else wrote to, replaced or removed the file while it was open.
        case changed
        /// An earlier failure stopped the writer; `Journal.reopen` tries again.
        case stopped
        /// What was to be written is no JSON: a defect of the program.
        case unwritable
        /// Any other system call, see `cause`.
        case system
        /// The hash could not be computed.
        case hash
    }

    package let code: Code
    /// In lower case, naming the file or line.
    package let reason: String
    /// The system call behind it, where there is one.
    package let cause: SystemError?

    init(_ code: Code, _ reason: String, cause: SystemError? = nil) {
        self.code = code
        self.reason = reason
        self.cause = cause
    }

    /// Sorts a system error by what a person can do about it.
    init(_ cause: SystemError, _ doing: String) {
        let code: Code =
            switch cause.errno {
            case .noSpace, .quotaExceeded: .noRoom
            case .readOnly, .accessDenied, .notPermitted: .readOnly
            default: .system
            }
        self.init(code, "\(doing): \(cause)", cause: cause)
    }

    init(_ cause: CryptoError) { self.init(.hash, "hashing a journal line: \(cause)") }

    /// The wrong line; nil for any other error.
    package var line: Int64? {
        if case .broken(let line) = code { return line }
        return nil
    }

    /// Whether a journal that stopped for this may be taken up again without a start, which reads
    /// every line.
    package var mayPass: Bool {
        switch code {
        case .changed, .broken: false
        default: true
        }
    }

    package var description: String { reason }
}

/// Runs `body` and says what was being done when a system call in it failed.
func journalling<R: ~Copyable>(
    _ doing: String, _ body: () throws(SystemError) -> R
) throws(JournalError) -> R {
    do throws(SystemError) {
        return try body()
    } catch {
        throw JournalError(error, doing)
    }
}
