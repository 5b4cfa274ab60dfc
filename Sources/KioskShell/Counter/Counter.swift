/// The counter: all that happens on the shell's screen, a state machine without I/O.
///
/// Events go in, effects come out; the screen is drawn from the state alone. It never holds a
/// code, only what may be told of one (`CodeFacts`). No screen is a dead end: a pull, a fault
/// or the agent's absence leads to a screen that says what happened and which key goes on.
struct Counter: Equatable, Sendable {
    /// Codes leave the screen after this long without a key.
    static let idleLimit: Milliseconds = 60_000
    /// An agent that says nothing for this long is taken for gone: it answers far earlier, at
    /// its deadlines. A restore's steps may take longer than anything else.
    static let silenceLimit: Milliseconds = 45_000
    static let restoreSilenceLimit: Milliseconds = 150_000
    /// For so long a screen that tells a result or an error takes no key: what was typed ahead
    /// must not send it away unread.
    static let readingTime: Milliseconds = 1_000
    /// The waits between tries to reach the agent.
    static let retrySteps: [Milliseconds] = [500, 1_000, 2_000, 4_000]

    var language: Language
    /// The input method of text fields that somebody chose; nil for the language's own.
    var chosenInput: InputMethod?
    var screen: Screen
    var now: Milliseconds
    var station: StationInfo?
    var isConnected = false
    /// A command for printing is configured.
    var canPrint = false
    /// A command that draws QR codes is configured.
    var canDrawCodes = false
    /// The screen goes dark after so long without a key; nil: never.
    var blankAfter: Milliseconds?
    /// Nothing is shown: the next key only brings the screen back.
    var isDark = false
    /// Until then keys belong to the one that did: a scanner and a double touch send more.
    private var deafUntil: Milliseconds
    static let wakingTime: Milliseconds = 500
    /// A folder of requests is configured.
    var canImport = false
    /// What was chosen on the first screen, and in the list of cases: who goes back finds it.
    var leftHome: Home.Choice?
    var leftList = CaseList()
    /// The number of the case that was in hand before a crash, until the first screen shows it.
    var caseInHand: String?
    var readers: [ReaderStatus] = []
    /// A line across the card: what just happened.
    var notice: Sentence?
    /// The call whose answer this screen waits for.
    var awaiting: Ticket?
    /// When the agent was last asked something or said something about it.
    var heard: Milliseconds
    var lastKey: Milliseconds
    /// When the screen became the one it is, and whether the one before it took codes.
    private var shown: Milliseconds
    private var isBehindCodes = false
    private var ticketCount = 0
    private var effects: [CounterEffect] = []

    init(language: Language, input: InputMethod? = nil, kept: Kept? = nil, now: Milliseconds) {
        self.language = language
        chosenInput = input
        self.now = now
        lastKey = now
        heard = now
        shown = now
        deafUntil = now
        let resume: Resume
        switch kept {
        case .form(let form): resume = .form(form)
        case .draft(let draft): resume = .draft(draft)
        case .caseInHand(let number):
            resume = .home
            caseInHand = number
        case nil: resume = .home
        }
        screen = .connecting(loss: nil, attempt: 0, retryAt: nil, resume: resume)
    }

    /// What another process would go on with after a crash of this one.
    var kept: Kept? { Kept(here) ?? caseInHand.map { .caseInHand($0) } }

    /// The input method of text fields.
    var input: InputMethod { chosenInput ?? (language == .vietnamese ? .telex : .off) }

    var isTraining: Bool { station?.training ?? false }

    /// Whether keys are those of somebody who cannot have read the screen yet.
    var isUnread: Bool { screen.isVerdict && now - shown < Counter.readingTime }

    /// Whether a character may be the rest of a code that was typed on: it must not come to stand
    /// in a search or a text.
    var mayBeCode: Bool {
        isBehindCodes && !screen.takesCodes && now - shown < Counter.readingTime
    }

    /// The first thing to do.
    mutating func start() -> [CounterEffect] { [.connect] }

    /// The code field that has the keys, if one has.
    var codeSlot: CodeSlot? {
        guard awaiting == nil else { return nil }
        switch screen {
        case .unblockingCode: return .unblocking
        case .newPIN(let session): return session.repeating ? .repeatedPIN : .newPIN
        case .officer(let proof): return proof.takesCode ? .proof : nil
        case .keyProof(let proof): return proof.isChecking ? nil : .proof
        default: return nil
        }
    }

    /// Takes one event at a time; what is to be done, in order.
    mutating func handle(_ event: CounterEvent, at time: Milliseconds) -> [CounterEffect] {
        now = max(now, time)
        effects = []
        switch event {
        case .key(let key):
            lastKey = now
            if isDark {
                isDark = false
                deafUntil = now + Counter.wakingTime
            } else if now >= deafUntil {
                press(key)
            }
        case .code(let slot, let facts, let same):
            lastKey = now
            changed(slot, facts, same: same)
        case .codeRefused(let refusal):
            lastKey = now
            notice = Sentence(refusal.phrase)
        case .agent(let message): receive(message)
        case .printed(let ticket, let end): printed(ticket, end)
        case .codeDrawn(let ticket, let svg): codeDrawn(ticket, svg)
        case .listed(let found): listed(found)
        case .fileRead(let file, let content): fileRead(file, content)
        case .tick: break
        }
        passTime()
        defer { effects = [] }
        return effects
    }

    // MARK: small tools

    mutating func emit(_ effect: CounterEffect) { effects.append(effect) }

    mutating func call(_ call: AgentCall) {
        let ticket = newTicket()
        awaiting = ticket
        heard = now
        emit(.call(ticket, call))
    }

    /// A call whose answer no screen waits for.
    mutating func callAside(_ call: AgentCall) { emit(.call(newTicket(), call)) }

    /// A call with the code that was entered; its field is empty from now on.
    mutating func prove(_ call: ProvingCall) {
        let ticket = newTicket()
        awaiting = ticket
        heard = now
        emit(.prove(ticket, call))
    }

    mutating func newTicket() -> Ticket {
        ticketCount += 1
        return Ticket(number: ticketCount)
    }

    /// Every change of screen goes through here: no answer of the last one is waited for.
    mutating func show(_ next: Screen, _ notice: Sentence? = nil) {
        if let session = heldSession, !next.keepsCodes(of: session) { emit(.wipeCodes) }
        switch screen {
        case .officer, .keyProof: emit(.wipeCodes)
        default: break
        }
        awaiting = nil
        isBehindCodes = screen.takesCodes
        screen = next
        shown = now
        self.notice = notice
    }

    /// The session whose codes may be in the fields.
    private var heldSession: Session? {
        switch screen {
        case .unblockingCode(let session), .newPIN(let session): session
        default: nil
        }
    }

    mutating func goHome(_ notice: Sentence? = nil) {
        guard isConnected else { return connect(.hungUp, resume: .home) }
        show(.home(Home(errands: errands)), notice)
        // The agent may have read another list of officers since it was last asked.
        callAside(.officers)
        call(.listDue)
    }

    mutating func connect(_ loss: AgentLoss?, resume: Resume) {
        show(.connecting(loss: loss, attempt: 0, retryAt: nil, resume: resume))
        heard = now
        emit(.connect)
    }

    /// Where the screen comes back to when something that everybody may see lay over it.
    var here: Resume {
        switch screen {
        case .connecting(_, _, _, let resume): resume
        case .home, .technician, .files: .home
        case .form(let form): .form(form)
        case .request(let draft): .draft(draft)
        case .intake(let intake): .intake(intake)
        case .taken(let taken): taken.from.map { .intake($0) } ?? .home
        case .officer(let proof): proof.after
        case .cases(let list): .cases(list)
        case .caseView(let view): .caseView(view)
        case .act(let form): .act(form)
        case .history(let view): .caseView(CaseView(found: view.found))
        case .paper(let view): .caseView(CaseView(found: view.found))
        case .keyProof(let proof) where proof.isChecking: .proof(proof.subject.request)
        case .keyProof(let proof): .request(proof.subject.request)
        case .keyProved(let subject, _): .request(subject.request)
        case .waiting(let request, _, _), .reading(let request, _): .request(request)
        case .identity(let subject), .help(let subject): .request(subject.request)
        case .unblockingCode(let session), .newPIN(let session):
            .request(session.subject.request)
        case .turnBack(let back): .request(back.session.subject.request)
        case .progress(let session, _): .restore(session)
        case .result(let session, _): .request(session.subject.request)
        case .problem(_, let back, _): back
        }
    }

    mutating func resume(_ resume: Resume, holdOff: HoldOff? = nil, notice: Sentence? = nil) {
        guard isConnected else { return connect(.hungUp, resume: resume) }
        switch resume {
        case .home: goHome(notice)
        case .cases(let list): showCases(list, notice)
        case .caseView(let view): showCase(view.found, notice, draft: view.draft)
        case .act(let form): self.resume(form, notice)
        case .form(let form): show(.form(form), notice)
        case .intake(let intake): showIntake(intake, notice)
        case .draft(var draft):
            // Its check may have been lost with the connection.
            draft.checked = nil
            show(.request(draft), notice)
        case .request(let request), .proof(let request):
            wait(for: request, holdOff: holdOff, notice: notice)
        case .restore(let session):
            var progress = Progress(began: now)
            progress.followed = true
            show(.progress(session, progress), notice)
            call(.attach(restore: session.restore))
        }
    }

    mutating func wait(for request: CaseRow, holdOff: HoldOff?, notice: Sentence?) {
        show(.waiting(request, holdOff: holdOff, chosen: 0), notice)
        readWaitingToken()
    }

    /// Ends a permit that no code was sent for.
    mutating func abandon(_ session: Session) { callAside(.cancel(restore: session.restore)) }
}

extension Screen {
    fileprivate func keepsCodes(of session: Session) -> Bool {
        switch self {
        case .newPIN(let next), .progress(let next, _): next.restore == session.restore
        case .unblockingCode: false
        default: false
        }
    }
}

extension CodeRefusal {
    var phrase: Phrase {
        switch self {
        case .pasted: .noticePasteRefused
        case .full: .noticeCodeFull
        case .notPrintable: .noticeNotPrintable
        }
    }
}
