import JSON

/// What the cases, and what is known of tokens and profiles, are a fold of: each kind of line
/// with what it holds, written and read in this one place.
package enum CaseEvent: Equatable, Sendable {
    /// A request came in, with a case for each of its rows.
    case received(RequestReceived)
    /// A request that was not valid was handed in again.
    case completed(RequestCompleted)
    /// What a request said of people, and people wrote in its cases, was removed after its
    /// retention time.
    case personalRemoved(RequestID)
    /// No PKI token: the Cục's.
    case routed(OtherCarrier)
    /// The record of a hand-over, return, loss or misuse was made.
    case recorded
    case noticeSent(Addressee, reference: Remark)
    /// Refused in writing by an officer: `Refusal`.
    case refused(reasons: [String], written: Commitment? = nil)
    /// Nothing more is done for it, and why.
    case closed(reason: Remark)
    case restoreBegun(RestoreBegun)
    case restoreIntent(RestoreIntent)
    case restoreOutcome(RestoreEnd)
    case restoreResolved(RestoreEnd)
    case keycheckIntent(KeycheckIntent)
    case keycheckOutcome(KeycheckEnd)
    /// Asking this token for its PIN's counter is not safe: not asked again.
    case tokenNoted(TokenName)
    case commissionBegun(CommissionBegun)
    case commissionIntent(CommissionIntent)
    case commissionOutcome(CommissionEnd)
    case profileSealed(ProfileSealed)

    package var kind: JournalKind {
        switch self {
        case .received: .requestReceived
        case .completed: .requestCompleted
        case .personalRemoved: .personalRemoved
        case .routed: .caseRouted
        case .recorded: .caseRecorded
        case .noticeSent: .noticeSent
        case .refused: .caseRefused
        case .closed: .caseClosed
        case .restoreBegun: .restoreBegun
        case .restoreIntent: .restoreIntent
        case .restoreOutcome: .restoreOutcome
        case .restoreResolved: .restoreResolved
        case .keycheckIntent: .keycheckIntent
        case .keycheckOutcome: .keycheckOutcome
        case .tokenNoted: .tokenNoted
        case .commissionBegun: .commissionBegun
        case .commissionIntent: .commissionIntent
        case .commissionOutcome: .commissionOutcome
        case .profileSealed: .profileSealed
        }
    }
}

extension CaseEvent {
    /// What the event does to its case; nil for one that changes no state.
    package var act: CaseAct? {
        switch self {
        case .completed: .complete
        case .refused: .refuse
        case .routed: .route
        case .recorded: .record
        case .noticeSent: .sendNotice
        case .closed: .close
        case .restoreBegun: .begin
        case .restoreIntent: .intend
        case .restoreOutcome: .end
        case .restoreResolved: .resolve
        case .received, .personalRemoved, .keycheckIntent, .keycheckOutcome, .tokenNoted: nil
        case .commissionBegun, .commissionIntent, .commissionOutcome, .profileSealed: nil
        }
    }
}

/// What the journal says of a request; the rest is the vault's.
package struct RequestReceived: Equatable, Sendable {
    package var request: RequestID
    package var kind: CaseKind
    package var requestNumber: String
    package var managingBody: String
    /// The document system's time label; nil where the line's own time counts.
    package var label: Timestamp?
    /// Names the vault's record.
    package var personal: Commitment
    package var rows: [Row]
    /// Codes of what keeps it from being valid.
    package var missing: [String]
    package var returnReason: ReturnReason?
    package var noticed: Timestamp?

    package struct Row: Equatable, Sendable {
        package var caseID: CaseID
        package var deviceNumber: String

        package init(caseID: CaseID, deviceNumber: String) {
            self.caseID = caseID
            self.deviceNumber = deviceNumber
        }
    }

    package init(
        request: RequestID, form: RequestForm, personal: Commitment, cases: [CaseID],
        missing: [String]
    ) {
        self.request = request
        kind = form.kind
        requestNumber = form.number
        managingBody = form.managingBody
        label = form.received
        self.personal = personal
        rows = zip(cases, form.devices).map { Row(caseID: $0, deviceNumber: $1.deviceNumber) }
        self.missing = missing
        returnReason = form.particulars.returnReason
        noticed = form.particulars.noticed
    }
}

/// The paper once more, with what was missing. Its rows are the cases of the first.
package struct RequestCompleted: Equatable, Sendable {
    package var request: RequestID
    package var label: Timestamp?
    package var personal: Commitment
    package var deviceNumbers: [String]
    package var missing: [String]
    package var returnReason: ReturnReason?
    package var noticed: Timestamp?
    /// Rows that name another device than before.
    package var changed: [Change]
    /// The paper's own number and symbol, where it has others than the first; nil for the same.
    package var requestNumber: String?
    /// The body that it names, where that is another than the first's; nil for the same.
    package var managingBody: String?

    package struct Change: Equatable, Sendable {
        package var caseID: CaseID
        package var before: String
        package var deviceNumber: String

        package init(caseID: CaseID, before: String, deviceNumber: String) {
            self.caseID = caseID
            self.before = before
            self.deviceNumber = deviceNumber
        }
    }

    package init(
        request: RequestID, form: RequestForm, personal: Commitment, missing: [String],
        changed: [Change] = [], requestNumber: String? = nil, managingBody: String? = nil
    ) {
        self.request = request
        self.changed = changed
        self.requestNumber = requestNumber
        self.managingBody = managingBody
        label = form.received
        self.personal = personal
        deviceNumbers = form.devices.map(\.deviceNumber)
        self.missing = missing
        returnReason = form.particulars.returnReason
        noticed = form.particulars.noticed
    }
}

/// A restore that an officer has a permit for. No code has been asked for yet.
package struct RestoreBegun: Equatable, Sendable {
    package var restore: RestoreID
    package var reader: String
    package var token: TokenFacts
    package var permitExpires: Timestamp
    /// What is known of the token's model goes by that name; nil where nothing is.
    package var profile: String?
    /// Rights without which the token would not have been taken on.
    package var rights: [String]
    /// What a person compared, each field with why: `certificate_name:diacritics`.
    package var compared: [String]

    package init(
        restore: RestoreID, reader: String, token: TokenFacts, permitExpires: Timestamp,
        profile: String? = nil, rights: [String] = [], compared: [String] = []
    ) {
        self.restore = restore
        self.reader = reader
        self.token = token
        self.permitExpires = permitExpires
        self.profile = profile
        self.rights = rights
        self.compared = compared
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
    package var family: String?
    package var counters: Counters
    /// The PIN is entered at the reader's pad and never reaches the station.
    package var isAtPad: Bool
    /// As in `RestoreBegun`; of a hand-over.
    package var compared: [String]

    package init(
        serial: String, family: String? = nil, counters: Counters, isAtPad: Bool = false,
        compared: [String] = []
    ) {
        self.serial = serial
        self.family = family
        self.counters = counters
        self.isAtPad = isAtPad
        self.compared = compared
    }
}

package struct KeycheckEnd: Equatable, Sendable {
    package var serial: String
    package var family: String?
    /// Whether a signature over a fresh challenge verified under the token's certificate.
    package var isProven: Bool
    package var triesSpent: TriesSpent
    package var counters: Counters?
    package var reasons: [String]
    package var steps: [StepRecord]
    package var evidence: String?
    /// As in `RestoreEnd`; only where the key was proven.
    package var key: String?
    /// As in `TokenFacts`, of the certificate whose key was proven.
    package var certificateNumber: String?

    package init(
        serial: String, family: String? = nil, isProven: Bool, triesSpent: TriesSpent,
        counters: Counters? = nil, reasons: [String] = [], steps: [StepRecord] = [],
        evidence: String? = nil, key: String? = nil, certificateNumber: String? = nil
    ) {
        self.serial = serial
        self.family = family
        self.isProven = isProven
        self.triesSpent = triesSpent
        self.counters = counters
        self.reasons = reasons
        self.steps = steps
        self.evidence = evidence
        self.key = key
        self.certificateNumber = certificateNumber
    }
}

extension KeycheckIntent {
    var token: TokenName { TokenName(serial: serial, family: family) }
}

extension KeycheckEnd {
    var token: TokenName { TokenName(serial: serial, family: family) }
}

extension RestoreIntent: Snapshotted {
    func write(to snapshot: SnapshotWriter) {
        snapshot.put(restore)
        snapshot.put(serial)
        snapshot.put(shared: step.rawValue)
        snapshot.put(shared: code)
        snapshot.put(counters)
        snapshot.put(isAtPad)
    }

    init(reading snapshot: inout SnapshotReader) throws(SnapshotError) {
        self.init(
            restore: try snapshot.string(), serial: try snapshot.string(),
            step: RestoreStep(rawValue: try snapshot.sharedString()),
            code: try snapshot.sharedString(), counters: try snapshot.value(),
            isAtPad: try snapshot.boolean())
    }
}
