import APDU

/// How a token's codes are entered at a reader's pad; nil for what cannot be.
package struct PadEntries: Equatable, Sendable {
    package let verify: PINPadOperation?
    /// Unblocking code and new PIN in one command. The pad's command has one field for the
    /// format and the lengths of both, so it is there only where the token wants both alike.
    package let unblock: PINPadOperation?

    package static let none = PadEntries(verify: nil, unblock: nil)

    package init(verify: PINPadOperation?, unblock: PINPadOperation?) {
        self.verify = verify
        self.unblock = unblock
    }

    /// Those of them that `pad` takes. After unblocking there the key is proven with the new
    /// PIN, which nobody but the pad may see either.
    package func possible(at pad: PINPad) -> PadEntries {
        guard let verify, pad.takes(verify) else { return .none }
        return PadEntries(verify: verify, unblock: unblock.flatMap { pad.takes($0) ? $0 : nil })
    }
}

extension CodeRule {
    /// Whether a pad can hold both codes to one range of lengths.
    package func hasLengths(of other: CodeRule) -> Bool {
        minimum == other.minimum && maximum == other.maximum
    }
}

/// What came of a code that was to be entered at a pad.
package enum PadAnswer: Equatable, Sendable {
    /// The code went to the token, and this is its answer.
    case token(CodeAnswer)
    /// Nothing went to the token.
    case notEntered(PadRefusal)
}

/// Why a pad sent no code.
package enum PadRefusal: String, Equatable, Sendable, CaseIterable {
    case timedOut = "pad-timed-out"
    case cancelled = "pad-cancelled"
    /// The new PIN was entered twice, and differently.
    case newPINsDiffer = "pad-entries-differ"
    case wrongLength = "pad-wrong-length"
    /// The reader does not take the command for its pad.
    case refused = "pad-refused"
}

extension TokenApplet {
    /// Has a code entered at the pad of the card's reader and sent, once.
    ///
    /// - Parameter operation: one of `padEntries`.
    package func enterAtPad<C: PINPadChannel & ~Copyable>(
        _ card: inout C, _ operation: PINPadOperation, _ entry: PINEntry
    ) throws(TokenError) -> PadAnswer {
        let name = operation.needs == .verify ? "VERIFY at the pad" : "unblocking at the pad"
        let outcome: PINPadOutcome
        do throws(CardFault) {
            outcome = try card.enterAtPad(operation, entry)
        } catch {
            throw TokenError(.fault(error), name, mayHaveReached: true)
        }
        switch outcome {
        case .answered(let status):
            if status.hintsAtAnotherApplet {
                throw TokenError(.disturbed(status), name, mayHaveReached: true)
            }
            return .token(CodeAnswer(status))
        case .timedOut: return .notEntered(.timedOut)
        case .cancelled: return .notEntered(.cancelled)
        case .newPINsDiffer: return .notEntered(.newPINsDiffer)
        case .wrongLength: return .notEntered(.wrongLength)
        case .structureRefused: return .notEntered(.refused)
        }
    }
}
