import JSON
import Requests
import StationInterface

/// The requests of a file: each checked by the agent, then taken in one by one, or all at once in
/// which nothing was found. Nothing of a file with a mistake is taken in.
struct FileIntake: Equatable, Sendable {
    struct Step: Equatable, Sendable {
        enum Standing: Equatable, Sendable {
            case open
            /// On record, by the request's number, now or from before.
            case taken(String)
            case known(String)
        }

        let read: RequestImport.Read
        /// What the agent found; nil: not asked yet.
        var findings: [Station.IntakeFinding]?
        var standing = Standing.open

        var form: Station.RequestForm { Station.RequestForm(read.form) }

        var mustComplete: Int { (findings ?? []).count(where: \.mustComplete) }

        /// Whether it can be taken in as it is, and is not yet.
        var isReady: Bool { standing == .open && findings != nil && mustComplete == 0 }

        /// Whether nobody has to look at it before that.
        var isClean: Bool { isReady && findings?.isEmpty == true }

        /// The line of the file that a finding is about.
        func line(of finding: Station.IntakeFinding) -> Int {
            guard let row = finding.row, read.deviceLines.indices.contains(row) else {
                return read.line
            }
            return read.deviceLines[row]
        }
    }

    /// What the agent was asked, and about which of the steps.
    enum Turn: Equatable, Sendable {
        case check(Int)
        /// Once more before it is taken in: the one before it may have asked for the same device.
        case checkAgain(Int)
        case receive(Int)
    }

    /// Lines of what was found that a key moves: as many as there is room for at the least.
    static let readAtOnce = 3

    let file: RequestFile
    var mistakes: [RequestImport.Mistake] = []
    var steps: [Step] = []
    /// Of the steps; of the lines that tell the mistakes where there are some.
    var chosen = Scroll()
    /// Of the lines that tell what was found in the chosen one.
    var reading = Scroll()
    var turn: Turn?
    /// All that nobody has to look at are being taken in, not the chosen one alone.
    var takesAll = false
    /// The chosen one is taken in to be completed later.
    var takesIncomplete = false

    init(_ file: RequestFile, _ read: [RequestImport.Read]) {
        self.file = file
        steps = read.map { Step(read: $0) }
    }

    init(_ file: RequestFile, mistakes: [RequestImport.Mistake]) {
        self.file = file
        self.mistakes = mistakes
    }

    var here: Step? {
        steps.indices.contains(chosen.place) ? steps[chosen.place] : nil
    }

    var clean: Int { steps.count(where: \.isClean) }

    /// How many can be taken in once somebody has looked at them.
    var toLookAt: Int { steps.count { $0.isReady && !$0.isClean } }

    /// How many are checked by now.
    var checked: Int { steps.count { $0.findings != nil || $0.standing != .open } }
}

extension FileIntake.Step {
    /// What the agent found; a paper that is on record already is no longer asked about.
    fileprivate mutating func take(_ checked: Station.RequestChecked) {
        findings = checked.findings
        if let request = checked.known { standing = .known(request) }
    }
}

extension Station.IntakeFinding {
    /// The device it is about, from 0; nil where it is about none.
    var row: Int? {
        let parts = field.split(separator: "]", maxSplits: 1)
        guard parts.count == 2, field.hasPrefix("devices[") else { return nil }
        return Int(parts[0].dropFirst("devices[".count))
    }
}

extension Counter {
    /// Shows the file and has what is open of it checked, also after the agent was away.
    mutating func showIntake(_ was: FileIntake, _ notice: Sentence? = nil) {
        var intake = was
        (intake.turn, intake.takesAll) = (nil, false)
        for i in intake.steps.indices where intake.steps[i].standing == .open {
            intake.steps[i].findings = nil
        }
        show(.intake(intake), notice)
        goOn(intake)
    }

    mutating func pressIntake(_ key: Key, _ was: FileIntake) {
        var intake = was
        switch key {
        case .escape:
            // What is on its way is waited for: it may come to stand on record.
            if case .receive = intake.turn { return }
            return showFiles(at: intake.file)
        case .choose(let number):
            intake.chosen.move(to: number, of: rows(of: intake))
            intake.reading = Scroll()
        case .left, .right:
            let lines = intake.here.map { findingLines($0, Painter.narrowest).count } ?? 0
            let next = intake.reading.place + (key == .right ? 1 : -1) * FileIntake.readAtOnce
            intake.reading.move(to: next, of: lines)
        case .enter: return take(intake, incomplete: false)
        case .function(9): return take(intake, incomplete: true)
        case .function(3):
            guard intake.turn == nil, intake.clean > 0 else { return }
            intake.takesAll = true
            notice = nil
            return goOn(intake)
        default:
            guard intake.chosen.press(key, of: rows(of: intake)) else { return }
            intake.reading = Scroll()
        }
        notice = nil
        screen = .intake(intake)
    }

    /// How far the keys go: of the mistakes the lines on the narrowest screen, where there are
    /// most.
    private func rows(of intake: FileIntake) -> Int {
        intake.mistakes.isEmpty
            ? intake.steps.count : mistakeLines(intake.mistakes, Painter.narrowest).count
    }

    private mutating func take(_ was: FileIntake, incomplete: Bool) {
        var intake = was
        guard intake.turn == nil, let step = intake.here else { return }
        switch step.standing {
        case .taken(let request):
            return showTaken(Taken(request: request, from: intake))
        case .known(let request):
            return showTaken(Taken(request: request, wasKnown: true, from: intake))
        case .open: break
        }
        guard incomplete || step.mustComplete == 0 else {
            return notice = Sentence(.noticeIntakeOpen)
        }
        intake.takesIncomplete = incomplete
        notice = nil
        ask(.checkAgain(intake.chosen.place), of: intake)
    }

    /// The next that is to be asked, where there is something.
    private mutating func goOn(_ was: FileIntake) {
        var intake = was
        if let next = intake.steps.firstIndex(where: { $0.standing == .open && $0.findings == nil })
        {
            return ask(.check(next), of: intake)
        }
        if intake.takesAll, let next = intake.steps.firstIndex(where: \.isClean) {
            intake.chosen.move(to: next, of: intake.steps.count)
            intake.reading = Scroll()
            return ask(.checkAgain(next), of: intake)
        }
        (intake.turn, intake.takesAll) = (nil, false)
        screen = .intake(intake)
    }

    private mutating func ask(_ turn: FileIntake.Turn, of was: FileIntake) {
        var intake = was
        intake.turn = turn
        screen = .intake(intake)
        switch turn {
        case .check(let i), .checkAgain(let i): call(.checkRequest(intake.steps[i].form))
        case .receive(let i): call(.receiveRequest(intake.steps[i].form))
        }
    }

    mutating func answeredIntake(_ reply: AgentReply, _ was: FileIntake) {
        var intake = was
        switch (intake.turn, reply) {
        case (.check(let i)?, .checked(let checked)): intake.steps[i].take(checked)
        case (.checkAgain(let i)?, .checked(let checked)):
            let seen = intake.steps[i].findings ?? []
            intake.steps[i].take(checked)
            // What was taken in meanwhile may have changed it: then nobody takes it in unseen.
            let step = intake.steps[i]
            if step.standing == .open, checked.findings.allSatisfy(seen.contains),
                step.isReady || (intake.takesIncomplete && !intake.takesAll)
            {
                return ask(.receive(i), of: intake)
            }
            if step.standing == .open, !intake.takesAll { notice = Sentence(.noticeIntakeChanged) }
        case (.receive(let i)?, .taken(let taken)):
            intake.steps[i].findings = taken.checked.findings
            intake.steps[i].standing = .taken(taken.request)
        default: return
        }
        intake.turn = nil
        goOn(intake)
    }

    mutating func failedIntake(_ fault: AgentFault, _ was: FileIntake) {
        var intake = was
        if fault.code == .requestKnown, let request = fault.request,
            case .receive(let i)? = intake.turn
        {
            intake.steps[i].standing = .known(request)
            intake.turn = nil
            return goOn(intake)
        }
        // The rest waits: whatever it is, it would be told once for each.
        (intake.turn, intake.takesAll) = (nil, false)
        screen = .intake(intake)
        notice = Problem.happened(fault)
    }
}
