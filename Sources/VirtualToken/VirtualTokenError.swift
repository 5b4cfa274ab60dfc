/// Why a simulated token could not be made, kept or told to misbehave.
package struct VirtualTokenError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: Equatable, Sendable {
        /// A file of a state folder is not what this program wrote.
        case damagedState
        /// A description of a fault that makes no sense.
        case badFault
        /// Something asked for in making a token that no such token has.
        case badRequest
        /// Keys or certificates could not be made.
        case crypto
        /// A file could not be read or written.
        case file
    }

    package let code: Code
    package let reason: String

    package init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    package var description: String { reason }
}
