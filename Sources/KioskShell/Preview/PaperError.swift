/// Why a page cannot be shown as text.
package struct PaperError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: Equatable, Sendable {
        /// More bytes than a page may have.
        case tooLong
        /// A tag or comment that does not end.
        case unclosed
        /// More lines, cells or tables in tables than a page may have.
        case tooMuch
    }

    package let code: Code
    package let reason: String
    /// Where in the page, in bytes from its start.
    package let offset: Int

    package var description: String { "\(reason) at byte \(offset)" }
}
