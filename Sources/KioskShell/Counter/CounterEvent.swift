import StationInterface

/// Which code is meant.
enum CodeSlot: Equatable, Sendable, CaseIterable {
    case unblocking, newPIN, repeatedPIN
    /// What proves a person: an officer's password, or the PIN of a token.
    case proof
}

/// Why a key or paste changed nothing in a code field.
enum CodeRefusal: Equatable, Sendable {
    case pasted, full, notPrintable
}

/// Names one call, so that a late answer to an abandoned one is known and dropped.
struct Ticket: Equatable, Hashable, Sendable {
    var number: Int
}

/// A call to the agent that carries no code.
enum AgentCall: Equatable, Sendable {
    case listDue
    case status
    case diagnose
    /// The last lines of the record.
    case showRecord(last: Int)
    /// The newest cases.
    case findCases(openOnly: Bool)
    case getRequest(String)
    /// A paper, and the request that it completes.
    case checkRequest(Station.RequestForm, completing: String? = nil)
    case receiveRequest(Station.RequestForm)
    case completeRequest(String, Station.RequestForm)
    case getCase(String)
    case getHistory(String)
    case getPaper(String, paper: String, qr: String? = nil)
    case refuseCase(String, reasons: [String])
    case routeCase(String, carrier: String)
    case recordCase(String)
    case sendNotice(String, to: String, reference: String)
    case closeCase(String, reason: String)
    case signOff
    /// Who may sign in, as the agent has it now.
    case officers
    case showAct(restore: String)
    case openCase(requestNumber: String, managingBody: String, holder: String, deviceNumber: String)
    case inspect(reader: String, caseID: String)
    case begin(
        caseID: String, reader: String, pinForgotten: Bool, compared: [String],
        form: String? = nil)
    case attach(restore: String)
    case cancel(restore: String)
    /// The codes are entered at the reader's pad.
    case unblockAtPad(restore: String)
    case checkKeyAtPad(reader: String, caseID: String?, restore: String?, compared: [String])
}

/// A call that carries one code, from the slot `proof`.
enum ProvingCall: Equatable, Sendable {
    case signIn(officer: String)
    case signInByToken(reader: String)
    case approve(restore: String, officer: String)
    case approveByToken(restore: String, reader: String)
    /// With the holder's PIN, for a hand-over or for a restore that waits for it.
    case checkKey(reader: String, caseID: String?, restore: String?, compared: [String])
}

enum AgentReply: Equatable, Sendable {
    case due([Station.Case])
    case status(Station.Status)
    case findings([Station.Finding])
    /// Lines of JSON, the oldest first.
    case record([String])
    case found([Station.Case])
    case request(Station.RequestShown)
    case checked(Station.RequestChecked)
    case taken(Station.RequestTaken)
    case oneCase(Station.Case)
    case history(Station.CaseHistory)
    case paper(Station.Paper)
    case recorded(Station.Receipt)
    case keyChecked(Station.KeyChecked)
    case signedIn(Station.SignedIn)
    case signedOff
    case officers(Office)
    case act(Station.ActShown)
    case approved
    case opened(CaseRow)
    case report(TokenReport)
    case permit(Permit)
    case finished(RestoreResult)
    case cancelled
    case fault(AgentFault)
}

enum AgentMessage: Equatable, Sendable {
    case connected(StationInfo)
    case lost(AgentLoss)
    case readers([ReaderStatus])
    case progress(Ticket, steps: [StepReport], overdue: Bool, atPad: PadPrompt? = nil)
    case reply(Ticket, AgentReply)
}

enum CounterEvent: Equatable, Sendable {
    /// A key; in a code field never a character of the code.
    case key(Key)
    /// A code field changed: what may be told of it, and whether both new PINs are the same.
    case code(CodeSlot, CodeFacts, same: Bool)
    case codeRefused(CodeRefusal)
    case agent(AgentMessage)
    /// The command for printing has ended.
    case printed(Ticket, CommandEnd)
    /// The command for codes has drawn one; nil where it could not.
    case codeDrawn(Ticket, svg: String?)
    /// What lies in the folders of requests.
    case listed(RequestFileList)
    case fileRead(RequestFile, RequestFileContent)
    /// The time the counter asked to be woken at.
    case tick
}

enum CounterEffect: Equatable, Sendable {
    case connect
    case call(Ticket, AgentCall)
    /// Send the unblocking code and the new PIN; both fields are empty afterwards.
    case unblock(Ticket, restore: String)
    /// Send the call with the code of `proof`; the field is empty afterwards.
    case prove(Ticket, ProvingCall)
    /// Wipe every code field.
    case wipeCodes
    case wipe(CodeSlot)
    /// Hand the page to the command for printing.
    case print(Ticket, html: String)
    /// Hand the text to the command that draws QR codes.
    case drawCode(Ticket, String)
    /// Look what lies in the folders of requests.
    case listFiles
    case readFile(RequestFile)
    case quit
}
