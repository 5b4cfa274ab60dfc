import JSON

/// What the cases are a fold of: each kind of line with what it holds, written and read in
/// this one place.
package enum CaseEvent: Equatable, Sendable {
    case opened(CaseOpened)
    /// Refused in writing by an officer, with reasons.
    case refused(reasons: [String])
    /// Nothing more is done for it, and why.
    case closed(reason: String)
    case restoreBegun(RestoreBegun)
    case restoreIntent(RestoreIntent)
    case restoreOutcome(RestoreEnd)
    case restoreResolved(RestoreEnd)
    case keycheckIntent(KeycheckIntent)
    case keycheckOutcome(KeycheckEnd)
    /// Asking this token for its PIN's counter is not safe: not asked again.
    case tokenNoted(serial: String)

    package var kind: JournalKind {
        switch self {
        case .opened: .caseOpened
        case .refused: .caseRefused
        case .closed: .caseClosed
        case .restoreBegun: .restoreBegun
        case .restoreIntent: .restoreIntent
        case .restoreOutcome: .restoreOutcome
        case .restoreResolved: .restoreResolved
        case .keycheckIntent: .keycheckIntent
        case .keycheckOutcome: .keycheckOutcome
        case .tokenNoted: .tokenNoted
        }
    }
}

package struct CaseOpened: Equatable, Sendable {
    package var requestNumber: String
    package var managingBody: String
    package var deviceNumber: String
    /// Names the record with the holder's name.
    package var holder: Commitment

    package init(
        requestNumber: String, managingBody: String, deviceNumber: String, holder: Commitment
    ) {
        self.requestNumber = requestNumber
        self.managingBody = managingBody
        self.deviceNumber = deviceNumber
        self.holder = holder
    }
}

/// A restore that an officer has a permit for. No code has been asked for yet.
package struct RestoreBegun: Equatable, Sendable {
    package var restore: RestoreID
    package var reader: String
    package var token: TokenFacts
    package var permitExpires: Timestamp

    package init(
        restore: RestoreID, reader: String, token: TokenFacts, permitExpires: Timestamp
    ) {
        self.restore = restore
        self.reader = reader
        self.token = token
        self.permitExpires = permitExpires
    }
}

/// A code is about to go to the token.
package struct RestoreIntent: Equatable, Sendable {
    package var restore: RestoreID
    /// The token's serial, again: what is unknown after a crash is unknown about this token.
    package var serial: String
    package var step: RestoreStep
    /// The code whose tries may be spent, in its family's word: each has a ledger of its own.
    package var code: String
    /// Read in the same session, just before.
    package var counters: Counters
    /// The codes are entered at the reader's pad and never reach the station.
    package var isAtPad: Bool

    package init(
        restore: RestoreID, serial: String, step: RestoreStep, code: String,
        counters: Counters, isAtPad: Bool = false
    ) {
        self.restore = restore
        self.serial = serial
        self.step = step
        self.code = code
        self.counters = counters
        self.isAtPad = isAtPad
    }
}

/// How a restore ended, or what an unknown one was found to be.
package struct RestoreEnd: Equatable, Sendable {
    package var restore: RestoreID
    package var outcome: RestoreOutcome
    package var triesSpent: TriesSpent
    /// Tries of the PIN, by the proof of the key.
    package var pinTriesSpent: TriesSpent
    /// Tries of the unblocking code left, as the token's answer to that code said (63Cx,
    /// 6983); nil when no answer came or the code was right.
    package var answered: TryCount?
    /// After the restore; nil when they could not be read.
    package var counters: Counters?
    /// Codes of reasons, for `refused` and `failed`.
    package var reasons: [String]
    package var steps: [StepRecord]
    /// What the key was proven by.
    package var evidence: String?
    /// SHA-256 of the SubjectPublicKeyInfo of the key that was proven, lower-case hex.
    package var key: String?

    package init(
        restore: RestoreID, outcome: RestoreOutcome, triesSpent: TriesSpent,
        pinTriesSpent: TriesSpent = .exactly(0), answered: TryCount? = nil,
        counters: Counters? = nil, reasons: [String] = [],
        steps: [StepRecord] = [], evidence: String? = nil, key: String? = nil
    ) {
        self.restore = restore
        self.outcome = outcome
        self.triesSpent = triesSpent
        self.pinTriesSpent = pinTriesSpent
        self.answered = answered
        self.counters = counters
        self.reasons = reasons
        self.steps = steps
        self.evidence = evidence
        self.key = key
    }
}

/// A PIN is about to go to the token for a key check.
package struct KeycheckIntent: Equatable, Sendable {
    package var serial: String
    package var counters: Counters
    /// The PIN is entered at the reader's pad and never reaches the station.
    package var isAtPad: Bool

    package init(serial: String, counters: Counters, isAtPad: Bool = false) {
        self.serial = serial
        self.counters = counters
        self.isAtPad = isAtPad
    }
}

package struct KeycheckEnd: Equatable, Sendable {
    package var serial: String
    /// Whether a signature over a fresh challenge verified under the token's certificate.
    package var isProven: Bool
    package var triesSpent: TriesSpent
    package var counters: Counters?
    package var reasons: [String]
    package var steps: [StepRecord]
    package var evidence: String?
    /// As in `RestoreEnd`; only where the key was proven.
    package var key: String?

    package init(
        serial: String, isProven: Bool, triesSpent: TriesSpent, counters: Counters? = nil,
        reasons: [String] = [], steps: [StepRecord] = [], evidence: String? = nil,
        key: String? = nil
    ) {
        self.serial = serial
        self.isProven = isProven
        self.triesSpent = triesSpent
        self.counters = counters
        self.reasons = reasons
        self.steps = steps
        self.evidence = evidence
        self.key = key
    }
}
