import StationInterface

/// The four fields of a request that the restore needs (Mẫu 06).
struct CaseForm: Equatable, Sendable {
    enum Field: Int, CaseIterable, Equatable, Sendable {
        case requestNumber, managingBody, holder, deviceNumber
    }

    var fields = Field.allCases.map { _ in TextField() }
    var focus = Field.requestNumber
    /// Empty fields are named once the officer has tried to go on.
    var checked = false

    subscript(field: Field) -> TextField {
        get { fields[field.rawValue] }
        set { fields[field.rawValue] = newValue }
    }

    var firstEmpty: Field? { Field.allCases.first { self[$0].trimmed.isEmpty } }
}

/// A request and the token that stands in a reader for it.
struct Subject: Equatable, Sendable {
    var request: CaseRow
    var reader: String
    var report: TokenReport
    /// The officer compared what the agent could not decide, and it means the same.
    var isCompared = false
    /// The officer recorded that the holder forgot the PIN.
    var pinForgotten = false
    /// Tries of the PIN that key checks have taken since the token was read.
    var pinSpent = Spent.none

    /// Fields that only the officer can decide.
    var open: [String] { report.compared.filter(\.isOpen).map(\.field) }

    var needsComparison: Bool { !open.isEmpty }

    /// The agent would refuse it: it is another token, or the request says otherwise.
    var isMismatch: Bool { report.compared.contains { $0.verdict == .different } }

    /// Surely another token than the request's.
    var isOtherToken: Bool {
        report.compared.contains { $0.field == "device_number" && $0.verdict == .different }
    }

    /// The certificate that was compared, else the signature key's, else the authentication
    /// key's, else the first.
    var certificate: CertificateSummary? {
        let holder = report.compared.first { $0.field == "certificate_name" }?.held.first
        let ofHolder = report.certificates.filter { $0.commonName == holder }
        let known = ofHolder.isEmpty ? report.certificates : ofHolder
        return known.first { $0.slot == "9c" } ?? known.first { $0.slot == "9a" } ?? known.first
    }
}

/// A permit in use.
struct Session: Equatable, Sendable {
    var subject: Subject
    var restore: String
    /// When the permit ends.
    var expires: Milliseconds
    /// The key check will want the token to be touched.
    var touch = false
    var unblocking = CodeFacts.empty
    var newPIN = CodeFacts.empty
    var repeated = CodeFacts.empty
    /// Both new PINs are the same.
    var same = false
    /// Which of the holder's two fields has the keys.
    var repeating = false
}

/// The way back from the holder's screen to the codes: who sits before it would type the new PIN
/// where the unblocking code is asked for, and a try would be spent.
struct TurnBack: Equatable, Sendable {
    var session: Session
    /// What led back here; nil where somebody only pressed Escape.
    var why: Sentence?
    /// Somebody types a code on, unread: the Enter at its end is no answer.
    var isTyping = false
}

/// Codes that are entered at the reader's pad.
struct PadPrompt: Equatable, Sendable {
    /// The unblocking code and the new PIN, not the PIN alone.
    var unblocks: Bool
    var seconds: Int
}

/// A step of the restore that runs or ran.
struct Progress: Equatable, Sendable {
    var steps: [StepReport] = []
    var began: Milliseconds
    /// When the step that runs was first heard of.
    var stepBegan: Milliseconds
    /// A command that writes in the card is out beyond its time.
    var overdue = false
    /// What the holder is to enter at the reader's pad now.
    var atPad: PadPrompt?
    /// The reader reported the token gone meanwhile.
    var pulled = false
    /// The agent was gone meanwhile and the restore was found again.
    var followed = false
    /// The agent does not hold it any more: its case's record is asked how it ended.
    var isSoughtOnRecord = false

    init(began: Milliseconds) {
        self.began = began
        stepBegan = began
    }
}

/// What to come back to when the agent is there again, or an officer has signed in.
enum Resume: Equatable, Sendable {
    case home
    case cases(CaseList)
    case caseView(CaseView)
    case act(ActForm)
    case form(CaseForm)
    case draft(RequestDraft)
    case intake(FileIntake)
    case request(CaseRow)
    /// A key check was on its way: its PIN may have been sent.
    case proof(CaseRow)
    case restore(Session)
}

extension Resume {
    /// Something that somebody typed is there to go on with.
    var holdsPaper: Bool {
        switch self {
        case .form(let form): form.fields.contains { !$0.text.isEmpty }
        case .draft: true
        default: false
        }
    }
}

/// A reader whose token is not read by itself: it was just turned away there.
typealias HoldOff = String

enum Screen: Equatable, Sendable {
    case connecting(loss: AgentLoss?, attempt: Int, retryAt: Milliseconds?, resume: Resume)
    case home(Home)
    case officer(OfficerProof)
    case cases(CaseList)
    case caseView(CaseView)
    case history(CaseHistory)
    case act(ActForm)
    case paper(PaperView)
    case keyProof(KeyProof)
    case keyProved(Subject, Station.KeyChecked)
    case technician(Technician)
    case request(RequestDraft)
    case files(FileList)
    case intake(FileIntake)
    case taken(Taken)
    case form(CaseForm)
    case waiting(CaseRow, holdOff: HoldOff?, chosen: Int)
    case reading(CaseRow, reader: String)
    case identity(Subject)
    case help(Subject)
    case unblockingCode(Session)
    case newPIN(Session)
    case turnBack(TurnBack)
    case progress(Session, Progress)
    case result(Session, RestoreResult)
    case problem(Problem, back: Resume, holdOff: HoldOff?)
}

extension Screen {
    /// A code is typed here, or was and is on its way.
    var takesCodes: Bool {
        switch self {
        case .unblockingCode, .newPIN, .keyProof: true
        case .officer(let proof): proof.takesCode
        default: false
        }
    }

    /// Tells how something ended or why it cannot go on: nobody must miss it.
    var isVerdict: Bool {
        switch self {
        case .result, .problem, .keyProved, .turnBack: true
        case .identity(let subject): subject.isMismatch
        case .help(let subject): subject.report.verdict.isEnd
        default: false
        }
    }
}

/// A sentence in the string table with what fills its places.
struct Sentence: Equatable, Sendable {
    var phrase: Phrase
    var arguments: [String] = []

    init(_ phrase: Phrase, _ arguments: String...) {
        self.phrase = phrase
        self.arguments = arguments
    }

    func text(_ language: Language) -> String { phrase.text(language, arguments) }
}
