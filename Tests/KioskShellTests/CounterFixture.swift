import StationInterface

@testable import KioskShell

/// A counter with the answers an agent would give, and what the counter asked for.
struct CounterFixture {
    var counter = Counter(language: .vietnamese, now: 0)
    var time: Milliseconds = 0
    private(set) var log: [CounterEffect] = []
    private(set) var last: [CounterEffect] = []

    static let reader = "Đầu đọc 1"
    static let request = CaseRow(
        id: "C-1", requestNumber: "12/UBND", managingBody: "UBND phường Gia Viên",
        holder: "Nguyễn Văn An", deviceNumber: "0123456789")
    /// The same as the list of what is due has it.
    static func found(
        state: String = "open", kind: String = "restore", due: Station.Due? = nil,
        number: String = request.id, requestNumber: String = request.requestNumber,
        acts: [String] = [], papers: [String] = [], keyIsProven: Bool = false
    ) -> Station.Case {
        Station.Case(
            number: number, request: "Y-1", kind: kind, requestNumber: requestNumber,
            managingBody: request.managingBody, deviceNumber: request.deviceNumber,
            holder: request.holder, opened: "2026-11-20T17:00:00Z", state: state, restore: nil,
            acts: acts, papers: papers, keyIsProven: keyIsProven, due: due)
    }

    static func status(
        journalProblem: String? = nil, vaultProblem: String? = nil, officeProblem: String? = nil,
        head: String = "aa"
    ) -> Station.Status {
        Station.Status(
            version: "0.1", mode: .training, pid: 1, uptimeSeconds: 1, clock: "synced",
            pcscd: "absent", usb: "absent", readers: 1, openCases: 1, unresolvedRestores: 0,
            journalSequence: 1, journalHead: head, journalProblem: journalProblem,
            vaultProblem: vaultProblem, officeProblem: officeProblem, memoryLocked: true,
            realTime: true, roles: ["counter"])
    }

    static let pinRule = CodeRule(minimum: 6, maximum: 8, characters: .digits)
    static let unblockingRule = CodeRule(minimum: 8, maximum: 8, characters: .any)

    /// The request's own words on both sides, but for one field.
    static func compared(
        _ field: String = "", _ verdict: ComparedRow.Verdict = .near, held: [String] = []
    ) -> [ComparedRow] {
        [
            ("device_number", request.deviceNumber), ("certificate_name", request.holder),
            ("body", request.managingBody), ("mail", ""), ("certificate_serial", ""),
        ].map { name, asked in
            name == field
                ? ComparedRow(
                    field: name, asked: asked, held: held, verdict: verdict,
                    isOpen: verdict == .near || verdict == .absent)
                : ComparedRow(
                    field: name, asked: asked, held: [asked],
                    verdict: asked.isEmpty ? .absent : .equal, isOpen: false)
        }
    }

    static func report(
        help: Help = .possible, locked: Bool? = true, reasons: [String] = [],
        compared: [ComparedRow] = CounterFixture.compared(), unblockingTries: Int? = 3,
        pad: ReaderPad? = nil
    ) -> TokenReport {
        TokenReport(
            insertion: 1, family: "piv", model: "PIV", compared: compared,
            certificates: [
                CertificateSummary(
                    slot: "9c", commonName: "Nguyễn Văn An", organization: "UBND phường Gia Viên",
                    email: "an@haiphong.gov.vn", serialNumber: "5400",
                    notBefore: "2024-01-02T00:00:00Z",
                    notAfter: "2029-01-02T00:00:00Z")
            ],
            pinTries: locked == nil ? nil : locked == true ? 0 : 3, pinLimit: 3,
            unblockingTries: unblockingTries, unblockingLimit: 3, pinRule: pinRule,
            unblockingRule: unblockingRule, locked: locked, help: help, reasons: reasons,
            advice: "",
            pad: pad)
    }

    static let permit = Permit(
        restore: "R-1", validFor: 600_000, pinTries: 0, unblockingTries: 3, pinRule: pinRule,
        unblockingRule: unblockingRule, touch: false)

    static func readers(_ state: ReaderState?, insertion: Int64 = 1) -> [ReaderStatus] {
        guard let state else { return [] }
        return [ReaderStatus(name: reader, state: state, insertion: insertion)]
    }

    static func result(_ outcome: Outcome, fault: AgentFault? = nil) -> RestoreResult {
        RestoreResult(
            outcome: outcome,
            unblockingSpent: outcome == .failed ? Spent(least: 1, most: 1) : .none,
            pinTries: 3, unblockingTries: 2, fault: fault, journalHead: "3f9a12bc00112233aa")
    }

    @discardableResult
    mutating func send(_ event: CounterEvent) -> [CounterEffect] {
        last = counter.handle(event, at: time)
        log += last
        return last
    }

    /// Keys of somebody who reads what a screen tells before leaving it.
    mutating func key(_ keys: Key...) {
        for key in keys {
            read()
            send(.key(key))
        }
    }

    mutating func read() { if counter.isUnread { time += Counter.readingTime } }

    mutating func type(_ text: String) {
        for scalar in text.unicodeScalars { send(.key(.character(scalar))) }
    }

    mutating func readers(_ state: ReaderState?, insertion: Int64 = 1) {
        send(.agent(.readers(Self.readers(state, insertion: insertion))))
    }

    /// Answers the call the counter waits for.
    mutating func reply(_ reply: AgentReply) {
        guard let ticket = counter.awaiting else { return }
        send(.agent(.reply(ticket, reply)))
    }

    mutating func code(_ slot: CodeSlot, _ length: Int, same: Bool = false) {
        let facts = CodeFacts(
            length: length, characters: length, digitsOnly: true, printableASCII: true)
        send(.code(slot, facts, same: same))
    }

    mutating func wait(_ time: Milliseconds) {
        self.time += time
        send(.tick)
    }

    /// Every stage of the counter, and the way to it.
    enum Stage: Int, CaseIterable, Sendable {
        case connecting, home, form, waiting, reading, identity, help, unblockingCode, newPIN
        case progress, result, problem, turnBack
    }

    /// The first screen gets what it asked for.
    mutating func home(_ rows: [Station.Case] = [CounterFixture.found()]) {
        reply(.due(rows))
        reply(.status(Self.status()))
    }

    init(at stage: Stage, report: TokenReport = CounterFixture.report()) {
        log += counter.start()
        guard stage != .connecting else { return }
        send(.agent(.connected(StationInfo(training: true, version: "0.1"))))
        readers(.empty)
        home()
        if stage == .home { return }
        if stage == .form {
            key(.tab, .enter)
            return
        }
        key(.enter)
        if stage == .waiting { return }
        readers(.present)
        if stage == .reading { return }
        if stage == .problem {
            reply(.fault(AgentFault(.tokenFault)))
            read()
            return
        }
        reply(.report(report))
        if stage == .identity { return }
        key(.enter)
        if stage == .help { return }
        key(.enter)
        reply(.permit(Self.permit))
        code(.unblocking, 8)
        if stage == .unblockingCode { return }
        key(.enter)
        code(.newPIN, 6)
        key(.enter)
        code(.repeatedPIN, 6, same: true)
        if stage == .newPIN { return }
        if stage == .turnBack {
            key(.escape)
            read()
            return
        }
        key(.enter)
        send(
            .agent(
                .progress(
                    counter.awaiting ?? Ticket(number: 0),
                    steps: [StepReport(name: "unblock", budget: 5_000, time: nil, state: .running)],
                    overdue: false)))
        if stage == .progress { return }
        reply(.finished(Self.result(.restored)))
        read()
    }

    /// The stage the counter's screen belongs to.
    var stage: Stage? {
        switch counter.screen {
        case .connecting: .connecting
        case .officer, .cases, .caseView, .history, .act, .paper, .technician, .request, .files,
            .intake, .taken, .keyProof, .keyProved:
            nil
        case .home: .home
        case .form: .form
        case .waiting: .waiting
        case .reading: .reading
        case .identity: .identity
        case .help: .help
        case .unblockingCode: .unblockingCode
        case .newPIN: .newPIN
        case .turnBack: .turnBack
        case .progress: .progress
        case .result: .result
        case .problem: .problem
        }
    }

    var calls: [AgentCall] {
        log.compactMap { if case .call(_, let call) = $0 { call } else { nil } }
    }

    func drawn(_ size: Size = .smallest) -> String {
        ScreenView.draw(counter, size: size).lines.joined(separator: "\n")
    }
}
