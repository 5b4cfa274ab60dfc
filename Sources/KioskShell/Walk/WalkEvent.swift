/// Which code is meant.
enum CodeSlot: Equatable, Sendable, CaseIterable {
    case unblocking, newPIN, repeatedPIN
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
    case listCases
    case openCase(requestNumber: String, managingBody: String, holder: String, deviceNumber: String)
    case inspect(reader: String, caseID: String)
    case begin(
        caseID: String, reader: String, pinForgotten: Bool, compared: [String],
        form: String? = nil)
    case attach(restore: String)
    case cancel(restore: String)
}

enum AgentReply: Equatable, Sendable {
    case cases([CaseRow])
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

enum WalkEvent: Equatable, Sendable {
    /// A key; in a code field never a character of the code.
    case key(Key)
    /// A code field changed: what may be told of it, and whether both new PINs are the same.
    case code(CodeSlot, CodeFacts, same: Bool)
    case codeRefused(CodeRefusal)
    case agent(AgentMessage)
    /// The time the walk asked to be woken at.
    case tick
}

enum WalkEffect: Equatable, Sendable {
    case connect
    case call(Ticket, AgentCall)
    /// Send the unblocking code and the new PIN; both fields are empty afterwards.
    case unblock(Ticket, restore: String)
    /// Wipe every code field.
    case wipeCodes
    case wipe(CodeSlot)
    case quit
}
