import Paperwork
import WorkingDays

/// What one run of tokenctl is asked to do.
struct Invocation: Equatable, Sendable {
    var command: Command
    /// The station's socket; nil for the default.
    var socket: String? = nil
    /// One JSON document on standard output instead of text for people.
    var json = false
    /// Seconds to wait for each answer; nil for what suits the command.
    var timeout: Int? = nil
    /// Who signs in for this command; nil for nobody.
    var signIn: SignInOrder? = nil
}

/// How an officer signs in.
enum SignInOrder: Equatable, Sendable {
    case password(officer: String)
    /// By the officer's own token.
    case token(reader: String)
}

enum Command: Equatable, Sendable {
    case status
    case readers
    case reader(ReaderOrder)
    case watch
    /// Where no reader is named, the only one with a token is meant.
    case inspect(reader: String?, caseNumber: String? = nil)
    case restore(RestoreOrder)
    case listRestores
    case followRestore(String)
    case cancelRestore(String)
    case checkKey(KeyCheckOrder)
    /// How long a token takes to sign so often.
    case timing(reader: String?, challenges: Int, atPad: Bool)
    case apdu(ExchangeOrder)
    case openCase(CaseOrder)
    case listCases(openOnly: Bool)
    case showCase(String)
    /// What happened in it.
    case showHistory(String)
    /// What is still to be done.
    case listDue
    case showRequest(String, whole: Bool)
    case receiveRequests(ReceiveOrder)
    case fetchPaper(PaperOrder)
    case routeCase(String, carrier: String)
    case recordCase(String)
    case sendNotice(String, to: String, reference: String)
    case removePersonal(String)
    case listExpired
    case removeExpired
    case refuseCase(String, reasons: [String])
    case closeCase(String, reason: String)
    case showJournal(JournalOrder)
    /// Over the socket, or a file without any station.
    case verifyJournal(file: String?)
    /// The same.
    case exportJournal(ExportOrder)
    /// The same.
    case report(ReportOrder)
    /// Files; what a seal is worth, the station is asked where it answers.
    case checkProfiles([String])
    case commission(CommissionOrder)
    case listProfiles
    /// Files and folders, without any station; so do the next two.
    case checkCalendars([String])
    case showCalendar(year: Int, path: String)
    case dueDates(TermOrder)
    /// Files, without any station.
    case checkBodies([String])
    case checkRequests(file: String, bodies: String?)
    /// Files or folders, without any station.
    case checkTemplates([String])
    case previewTemplate(PreviewOrder)
    case checkOffice(String)
    /// The same.
    case checkOfficers(String)
    /// Who may sign in, as the station has it.
    case listOfficers
    /// The hash of a new one.
    case hashPassword
    case doctor
    case interface(name: String?)
    /// `docs/socket.md`.
    case socketDocument
    case completion(Completion)
    case version
    /// About one command, or about all.
    case help(String?)
}

/// What is asked of one reader.
struct ReaderOrder: Equatable, Sendable {
    /// As the station, pcscd or the kernel names it.
    var reader: String
    /// Round trips of each kind to time.
    var measure: Int? = nil
    /// Who is to have it from now on.
    var give: Owner? = nil
    /// Only this one, not all of its model.
    var thisOne = false
    /// Another file than the local udev rules.
    var rules: String? = nil
}

/// A request to take in.
struct CaseOrder: Equatable, Sendable {
    var requestNumber: String
    var managingBody: String
    var holder: String
    var deviceNumber: String
}

struct RestoreOrder: Equatable, Sendable {
    enum Subject: Equatable, Sendable {
        case existing(String)
        case new(CaseOrder)
    }

    var subject: Subject
    var reader: String? = nil
    var pinForgotten = false
    /// Fields that were held side by side and mean the same.
    var compared: [String] = []
    /// The way to unblock; nil for the first that may lead somewhere.
    var form: String? = nil
    var lastTry = false
    var provisional = false
    /// The second officer: by password the one named, by token whose is in the reader.
    var approver: SignInOrder? = nil
    /// The codes are entered at the reader's pad.
    var atPad = false
}

struct KeyCheckOrder: Equatable, Sendable {
    var reader: String? = nil
    var restore: String? = nil
    /// A hand-over.
    var caseNumber: String? = nil
    /// As in `RestoreOrder`.
    var compared: [String] = []
    /// nil for the station's own number.
    var challenges: Int? = nil
    /// The PIN is entered at the reader's pad.
    var atPad = false
}

/// A model to be tried on a token that may be lost.
struct CommissionOrder: Equatable, Sendable {
    var reader: String? = nil
    /// Who answers for the result.
    var technician: String
    /// The ways of unblocking, in this order; none for all there are.
    var ways: [String] = []
    /// nil where it is typed in.
    var serial: String? = nil
    /// Of the profile; nil for that of the one the token fits.
    var name: String? = nil
    var title: String? = nil
    /// nil for as many tries as the token shows.
    var wrongPINs: Int? = nil
    var challenges = Command.timedChallenges
    /// Where the profile goes; nil for its name with .json5.
    var file: String? = nil
    /// Blocking it is decided on: nobody is asked.
    var isDecided = false
}

struct ExchangeOrder: Equatable, Sendable {
    var reader: String? = nil
    /// Hexadecimal digits; nil when they come from standard input.
    var command: String?
    var aid: String? = nil
    var serial: String? = nil
}

/// Terms that began on these days.
struct TermOrder: Equatable, Sendable {
    var received: [CivilDate]
    var days: Int
    /// Days of the calendar are counted, and not working days.
    var countsAllDays = false
    /// The calendar's file or folder.
    var path: String
}

/// A paper to write with invented data.
struct PreviewOrder: Equatable, Sendable {
    var kind: DocumentKind
    /// The folder with templates; nil for the usual one.
    var templates: String? = nil
    /// The office's file; nil for the usual one.
    var office: String? = nil
    /// A QR code as qrencode writes it.
    var qr: String? = nil
    var isTraining = false
}

struct JournalOrder: Equatable, Sendable {
    /// Negative counts from the end.
    var from: Int? = nil
    var count: Int? = nil
    /// The lines byte for byte.
    var raw = false
}

/// Why a command line was not understood.
struct UsageError: Error, Equatable, Sendable {
    let message: String
    /// The command whose help tells more; nil where none was named.
    var command: String? = nil
}
