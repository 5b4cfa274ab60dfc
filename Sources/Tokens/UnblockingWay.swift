import Secrets

/// A way in which a family gives a blocked PIN its tries back, named by the code it takes.
package enum UnblockingForm: String, Equatable, Hashable, Sendable, CaseIterable {
    /// The PIN unblocking key of PIV and ISO 7816-15.
    case puk
    /// OpenPGP's resetting code.
    case resettingCode = "resetting-code"
    /// OpenPGP's PW3.
    case adminPIN = "admin-pin"
    /// The security officer's PIN.
    case soPIN = "so-pin"
    /// The same, on a token that gives tries back and lets nobody but the holder set a PIN.
    case soPINCounterOnly = "so-pin-counter"
    /// An administrator's key, entered at the station.
    case adminKey = "admin-key"
    /// The same, held elsewhere: it answers the token's challenge.
    case adminKeyResponse = "admin-key-response"

    /// Whether the holder chooses a new PIN; else the old one stays.
    package var setsNewPIN: Bool { self != .soPINCounterOnly }

    /// Whether the token is answered, rather than told a code.
    package var isResponse: Bool { self == .adminKeyResponse }

    /// The code whose tries this way spends; ways that share one share its counter.
    package var code: UnblockingForm {
        switch self {
        case .soPINCounterOnly: .soPIN
        case .adminKeyResponse: .adminKey
        case .puk, .resettingCode, .adminPIN, .soPIN, .adminKey: self
        }
    }
}

/// Why a way that the family has cannot be gone with this token.
package enum UnblockingObstacle: String, Equatable, Sendable, CaseIterable {
    /// The token was given no such code.
    case notSet = "not-set"
    /// No tries are left for such a code, and the token does not tell whether they are used up or
    /// it was given none.
    case notSetOrBlocked = "not-set-or-blocked"
    /// The token wants its codes in a form this station does not make.
    case codeFormUnknown = "code-form-unknown"
    /// The token was made without it.
    case switchedOff = "switched-off"
    /// Only the provider's own means can do it.
    case providerOnly = "provider-only"
    /// The profile of its model does not allow it, or does not fit the token.
    case notInProfile = "not-in-profile"
}

/// One way to unblock one token.
package struct UnblockingWay: Equatable, Sendable {
    package let form: UnblockingForm
    /// The rule its code keeps that could be this token's; for a response to a challenge, its
    /// bytes in writing. nil where an obstacle leaves nothing to be typed.
    package let rule: CodeRule?
    package let counter: Counter
    package let obstacle: UnblockingObstacle?

    package init(
        _ form: UnblockingForm, rule: CodeRule?, counter: Counter,
        obstacle: UnblockingObstacle? = nil
    ) {
        self.form = form
        self.rule = rule
        self.counter = counter
        self.obstacle = obstacle
    }

    /// Whether a code that was typed could be this way's.
    ///
    /// The key that makers deliver, nothing but zeros, is refused: where it is right the token was
    /// never taken into service, and where it is wrong a card that counts is a try nearer its end.
    package func check(_ code: borrowing Secret) throws(CodeUnfit) {
        try rule?.check(code)
        guard form.code == .adminKey, !form.isResponse else { return }
        guard code.withBytes({ $0.contains { $0 != 0x30 } }) else { throw .publishedDefault }
    }

    /// The same where no new PIN can fit both the token and what is known of its model.
    package var withoutPINThatFits: UnblockingWay {
        UnblockingWay(
            form, rule: rule, counter: counter,
            obstacle: obstacle ?? (form.setsNewPIN ? .notInProfile : nil))
    }

    /// Whether it may lead somewhere: nothing stands in the way and tries are left, or their
    /// number is unknown.
    package var isOpen: Bool { obstacle == nil && !counter.isBlocked }
}
