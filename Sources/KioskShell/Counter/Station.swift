import StationInterface

// What the counter knows of the agent's world, in the shell's own words: the link translates
// the socket's messages into these, so that the counter can be tested as data.

/// Milliseconds of CLOCK_MONOTONIC.
typealias Milliseconds = Int64

/// What the agent says of itself.
struct StationInfo: Equatable, Sendable {
    var training: Bool
    var version: String
    /// Who may sign in, what wants it, and who is signed in.
    var office = Office()
}

/// The officers of the house, as the agent's configuration has them.
struct Office: Equatable, Sendable {
    var officers: [Station.Officer] = []
    /// Nothing is done here before somebody has signed in.
    var isObliged = false
    /// A restore wants the approval of a second officer.
    var wantsTwo = false
    /// A sign-in ends after so long without a call; nil where none is known.
    var idleLimit: Milliseconds?
    var signedIn: Station.SignedIn?
}

enum ReaderState: String, Equatable, Sendable, CaseIterable {
    case empty, present, mute, stuck, busy, unavailable
}

struct ReaderStatus: Equatable, Sendable {
    var name: String
    var state: ReaderState
    /// Grows with each card that is put in.
    var insertion: Int64 = 0
    /// Programs that could hold a busy reader.
    var holders: [String] = []
}

/// One open request, as much of Mẫu 06 as this counter needs.
struct CaseRow: Equatable, Sendable {
    var id: String
    var requestNumber: String
    var managingBody: String
    /// Empty for callers who may not see it.
    var holder: String
    var deviceNumber: String
    /// RFC 3339 in UTC; empty where not known.
    var opened = ""
    /// The agent's word for how far the case is.
    var state = "open"
    /// The case as the agent told it, where it did.
    var found: Station.Case?
    /// Its token comes for a check of its key, not to be restored.
    var provesKey = false
}

struct CertificateSummary: Equatable, Sendable {
    /// The family's own name of the key it belongs to.
    var slot: String
    var commonName: String
    var organization: String
    var email: String
    var serialNumber: String
    /// RFC 3339.
    var notBefore: String
    var notAfter: String
}

/// What a code of this token must look like.
struct CodeRule: Equatable, Sendable {
    enum Characters: String, Equatable, Sendable {
        case digits, printable, hex, any
    }

    var minimum: Int
    var maximum: Int
    var characters: Characters

    /// Of a token that takes no code: nobody is asked for one.
    static let none = CodeRule(minimum: 0, maximum: 0, characters: .any)

    func takesLength(_ facts: CodeFacts) -> Bool {
        facts.length >= minimum && facts.length <= maximum
    }

    func takesCharacters(_ facts: CodeFacts) -> Bool {
        switch characters {
        case .digits: facts.digitsOnly
        case .printable: facts.printableASCII
        case .hex: facts.hexOnly
        case .any: true
        }
    }

    func takes(_ facts: CodeFacts) -> Bool { takesLength(facts) && takesCharacters(facts) }
}

/// Whether a token can be helped.
enum Help: String, Equatable, Sendable, CaseIterable {
    case possible
    /// Only where the officer records that the PIN was forgotten.
    case notLocked = "not_locked"
    case impossible
}

/// One field of a request beside what the token says, as the agent compared it.
struct ComparedRow: Equatable, Sendable {
    enum Verdict: Equatable, Sendable {
        case equal, near, different, absent
    }

    /// The agent's word for the field.
    var field: String
    var asked: String
    /// What fits best first.
    var held: [String]
    var verdict: Verdict
    /// Only a person can tell whether both mean the same.
    var isOpen: Bool
}

/// One token, read without spending a try. A count the card hides is nil.
struct TokenReport: Equatable, Sendable {
    var insertion: Int64
    var family: String
    var model: String
    /// The agent's comparison with the request.
    var compared: [ComparedRow]
    var certificates: [CertificateSummary]
    var pinTries: Int?
    var pinLimit: Int?
    var unblockingTries: Int?
    var unblockingLimit: Int?
    var pinRule: CodeRule
    var unblockingRule: CodeRule
    /// Nil where the card does not show it.
    var locked: Bool?
    var help: Help
    /// Words for programs.
    var reasons: [String]
    /// The agent's own sentence.
    var advice: String
    /// The first way to unblock it that is a typed code with a new PIN; nil for the agent's choice.
    var form: String? = nil
    /// What the reader's own pad can do; nil where it has none that can be used.
    var pad: ReaderPad? = nil
    /// The agent refused to begin: what is left of the unblocking code is, or may be, one try.
    var heldBack = false

    /// Whether one try of the unblocking code is known to be left.
    var hasOneTry: Bool { unblockingTries == 1 || reasons.contains("last-try") }
}

/// What a reader's own pad can do for the token in it.
struct ReaderPad: Equatable, Sendable {
    /// Take the PIN.
    var verifies: Bool
    /// Take the unblocking code and the new PIN.
    var unblocks: Bool
    /// How long it waits for one code.
    var seconds: Int
}

/// The agent's permission to unblock one token in one case.
struct Permit: Equatable, Sendable {
    var restore: String
    /// How long it holds.
    var validFor: Milliseconds
    var pinTries: Int?
    var unblockingTries: Int?
    var pinRule: CodeRule
    var unblockingRule: CodeRule
    /// The key check will want the token to be touched.
    var touch: Bool
    var pad: ReaderPad? = nil
    /// A code is typed and the holder chooses a new PIN: what the screens can do.
    var isTyped = true
}

/// One step of a running restore, as the agent tells it.
struct StepReport: Equatable, Sendable {
    enum State: String, Equatable, Sendable {
        case running, done, failed, overdue
    }

    var name: String
    /// The agent's budget; 0 when not said.
    var budget: Milliseconds
    /// What it took, once it ended; in microseconds.
    var time: Int64?
    var state: State
}

enum Outcome: String, Equatable, Sendable, CaseIterable {
    case restored
    case unblockedUnproven = "unblocked-unproven"
    case failed, refused, unknown
}

/// Tries that were spent: at least and at most.
struct Spent: Equatable, Sendable {
    var least: Int
    var most: Int

    static let none = Spent(least: 0, most: 0)

    static func + (a: Spent, b: Spent) -> Spent {
        Spent(least: a.least + b.least, most: a.most + b.most)
    }
}

struct RestoreResult: Equatable, Sendable {
    var outcome: Outcome
    var unblockingSpent: Spent
    var pinTries: Int?
    var unblockingTries: Int?
    /// Why, where it is not `restored`: for the words on the screen.
    var fault: AgentFault?
    /// The same as the agent's word for programs; empty where it gave none.
    var reason = ""
    /// The agent's own sentences, for the technician.
    var detail = ""
    /// The journal's head; empty when not known.
    var journalHead = ""
}

/// A typed error of the agent.
struct AgentFault: Error, Equatable, Sendable {
    enum Code: String, Equatable, Sendable, CaseIterable {
        case tokenGone, tokenChanged, tokenMute, tokenDisturbed, tokenUnsupported, tokenFault
        case readerStuck, readerBusy, readerUnavailable
        case mismatch, caseClosed, caseBusy, caseUnknown, restoreUnknown, notLocked, cannotHelp
        case modelProvisional, requestUnknown, actRefused, paperUnavailable
        case permitEnded, newCodeRefused, newCodeCommon, newCodeSame, unblockingCodeUnfit
        case wrongUnblockingCode, unblockingCodeBlocked, lastTry, triesUnknown, stillWorking
        case journal, permissionDenied
        case signInRequired, wrongPassword, passwordMustWait, officerUnknown, officerToken
        case officerCertificate, officerKey, notChecked, sameOfficer, noCounterRole
        case wrongPIN, pinBlocked, pinLastTry, pinUnfit
        case requestKnown, noticeKnown, deviceOpen, fieldInvalid, cancelled, noLockedMemory
        case refusedByToken, other
        /// The token is unblocked in a way that the screens do not have.
        case otherWay
    }

    var code: Code
    /// The agent's own words, for the technician.
    var detail = ""
    /// Tries of the unblocking code; nil: nothing was sent.
    var spent: Spent?
    /// Tries of the PIN that are left, where the error says so.
    var pinLeft: Int?
    /// Tries of the PIN; nil: nothing was sent.
    var pinSpent: Spent?
    /// What has to be waited before the next try.
    var waitSeconds: Int?
    /// The request that is on record already.
    var request: String?
    /// The open case that the device has already.
    var openCase: String?

    init(
        _ code: Code, detail: String = "", spent: Spent? = nil, pinLeft: Int? = nil,
        waitSeconds: Int? = nil, request: String? = nil
    ) {
        self.request = request
        self.code = code
        self.detail = detail
        self.spent = spent
        self.pinLeft = pinLeft
        self.waitSeconds = waitSeconds
    }
}

/// Why there is no agent to talk to.
enum AgentLoss: Equatable, Sendable, CaseIterable {
    /// No socket, or nobody listens.
    case absent
    /// The kernel or the agent refuses this user.
    case refused
    /// Answers that are not the station's.
    case foreign
    /// It was there and hung up.
    case hungUp
}
