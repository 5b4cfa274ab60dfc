import APDU

/// Why something with a token did not come to its end. Carries no data of the command.
package struct TokenError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: Equatable, Sendable {
        /// The way to the card failed; see `mayHaveReached`.
        case fault(CardFault)
        /// Another applet answers than the one selected: somebody interfered.
        case disturbed(StatusWord)
        /// The token refused with a status that has no better name here.
        case status(StatusWord)
        /// What it sent does not follow its standard.
        case malformed
        /// The card knows none of the families.
        case unsupported
        /// No key of that name, or its kind cannot sign.
        case noKey
        /// The token wants its codes in a form this station does not make; nothing was sent.
        case codeFormUnknown
        /// There is no challenge to answer, or something was sent since; nothing was sent now.
        case challengeLost
        /// Secure messaging: nobody who has the session's keys made the answer. The session is
        /// over.
        case macWrong
        /// No locked memory for a command that carries a code; nothing was sent.
        case noLockedMemory
    }

    package let code: Code
    /// The command in the standard's words: "VERIFY 80", "GET DATA 5FC10A".
    package let command: String
    /// The command was handed to the reader, so the token may have had it.
    package let mayHaveReached: Bool

    package init(_ code: Code, _ command: String, mayHaveReached: Bool = false) {
        self.code = code
        self.command = command
        self.mayHaveReached = mayHaveReached
    }

    /// The way to the card failed, rather than the card refuse.
    package var isFault: Bool { if case .fault = code { true } else { false } }

    package var description: String {
        let what =
            switch code {
            case .fault(let fault): "\(fault)"
            case .disturbed(let status): "another applet answered \(status)"
            case .status(let status): "refused with \(status)"
            case .malformed: "malformed answer"
            case .unsupported: "no family this station knows"
            case .noKey: "no such key"
            case .codeFormUnknown: "codes are wanted in a form this station does not make"
            case .challengeLost: "no challenge is open"
            case .macWrong: "the answer's MAC is wrong"
            case .noLockedMemory: "no locked memory"
            }
        return "\(command): \(what)"
    }
}

/// What a token answered to a command that carried a code.
package enum CodeAnswer: Equatable, Sendable {
    case accepted
    /// Refused; tries left as the answer tells them.
    case wrong(left: Int?)
    /// No tries left, now or before.
    case blocked
    /// Refused for its form; most tokens do not count that, and the counter tells.
    case unfit(StatusWord)
    /// Refused for a reason that has nothing to do with the code.
    case refused(StatusWord)

    package init(_ status: StatusWord) {
        switch status.meaning {
        case .success: self = .accepted
        case .triesLeft(let n): self = n == 0 ? .blocked : .wrong(left: n)
        case .blocked: self = .blocked
        case .verificationFailed: self = .wrong(left: nil)
        case .incorrectData, .badLength: self = .unfit(status)
        default: self = .refused(status)
        }
    }
}
