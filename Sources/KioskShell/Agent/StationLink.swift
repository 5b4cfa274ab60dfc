import JSON
import Secrets
import StationInterface
import System
import Varlink

/// The agent behind its socket, from one thread and one poller.
///
/// Three kinds of connections: one follows the readers for as long as the agent lives, one
/// carries the calls of the counter in their order (a permit lives with the connection it was
/// given on), and a cancel or attach has one of its own, since the second may be occupied.
final class StationLink: AgentLink {
    private let path: String
    private let events: EventLoop
    private var lines: [UInt64: Line] = [:]
    private var messages: [AgentMessage] = []
    private var readers: Line?
    private var main: Line?
    /// For the agent to take a call in; answers come at the agent's own deadlines.
    private static let patience = Duration.seconds(2)
    /// For the kernel to queue a connection: where the queue is full nobody takes any.
    private static let connectPatience = Duration.milliseconds(250)

    private final class Line {
        let token: UInt64
        let client: VarlinkClient
        /// What the replies to come belong to, in the order of the calls.
        var expected: [Expected] = []

        init(token: UInt64, client: VarlinkClient) {
            self.token = token
            self.client = client
        }
    }

    private enum Expected {
        case status
        case officers(Station.Status)
        case readers
        /// A call, and what its reply says in the counter's words.
        case call(Ticket, (Fields) throws(FieldError) -> AgentReply)
        /// A restore's state, of which several come.
        case state(Ticket)
    }

    init(path: String, events: EventLoop) {
        self.path = path
        self.events = events
    }

    func takeMessages() -> [AgentMessage] {
        defer { messages = [] }
        return messages
    }

    func connect() {
        dropAll()
        do throws(VarlinkClientError) {
            // A paper with as many devices as it may have is a long call.
            let main = try open(longestCall: VarlinkLimits().message)
            self.main = main
            try send(Station.GetStatus(), .call, expecting: .status, on: main)
            let readers = try open()
            self.readers = readers
            try send(Station.Watch(), .more, expecting: .readers, on: readers)
        } catch {
            lose(error)
        }
    }

    func call(_ ticket: Ticket, _ call: AgentCall) {
        do throws(VarlinkClientError) {
            switch call {
            case .listDue:
                try ask(ticket, Station.ListDue()) { .due($0.cases) }
            case .status: try ask(ticket, Station.GetStatus()) { .status($0) }
            case .diagnose: try ask(ticket, Station.Diagnose()) { .findings($0.findings) }
            case .showRecord(let last):
                try ask(ticket, Station.ShowJournal(from: -last, count: last)) { .record($0.lines) }
            case .findCases(let openOnly):
                try ask(ticket, Station.ListCases(openOnly: openOnly)) { .found($0.cases) }
            case .getRequest(let number):
                try ask(ticket, Station.GetRequest(request: number)) { .request($0) }
            case .checkRequest(let form, let request):
                try ask(ticket, Station.CheckRequest(form: form, completing: request)) {
                    .checked($0)
                }
            case .receiveRequest(let form):
                try ask(ticket, Station.ReceiveRequest(form: form)) { .taken($0) }
            case .completeRequest(let number, let form):
                try ask(ticket, Station.CompleteRequest(request: number, form: form)) {
                    .taken($0)
                }
            case .getCase(let number):
                try ask(ticket, Station.GetCase(number: number)) { .oneCase($0.found) }
            case .getHistory(let number):
                try ask(ticket, Station.GetHistory(number: number)) { .history($0) }
            case .getPaper(let number, let paper, let qr):
                try ask(ticket, Station.GetPaper(number: number, paper: paper, qr: qr)) {
                    .paper($0)
                }
            case .refuseCase(let number, let reasons):
                try ask(ticket, Station.RefuseCase(number: number, reasons: reasons)) {
                    .recorded($0)
                }
            case .routeCase(let number, let carrier):
                try ask(ticket, Station.RouteCase(number: number, carrier: carrier)) {
                    .recorded($0)
                }
            case .recordCase(let number):
                try ask(ticket, Station.RecordCase(number: number)) { .recorded($0) }
            case .sendNotice(let number, let to, let reference):
                let notice = Station.SendNotice(number: number, addressee: to, reference: reference)
                try ask(ticket, notice) { .recorded($0) }
            case .closeCase(let number, let reason):
                try ask(ticket, Station.CloseCase(number: number, reason: reason)) {
                    .recorded($0)
                }
            case .signOff: try ask(ticket, Station.SignOff()) { _ in .signedOff }
            case .officers:
                try ask(ticket, Station.ListOfficers()) { .officers(Office($0)) }
            case .showAct(let restore):
                try ask(ticket, Station.ShowAct(restore: restore)) { .act($0) }
            case .openCase(let number, let body, let holder, let device):
                let form = Station.OpenCase(
                    requestNumber: number, managingBody: body, holder: holder,
                    deviceNumber: device)
                try ask(ticket, form) { opened in
                    .opened(
                        CaseRow(
                            id: opened.number, requestNumber: number, managingBody: body,
                            holder: holder, deviceNumber: device))
                }
            case .inspect(let reader, let caseID):
                try ask(ticket, Station.Inspect(reader: reader, caseNumber: caseID)) {
                    .report(TokenReport($0))
                }
            case .begin(let caseID, let reader, let forgotten, let compared, let form):
                let begin = Station.BeginRestore(
                    caseNumber: caseID, reader: reader, pinForgotten: forgotten,
                    compared: compared, form: form)
                try ask(ticket, begin) { .permit(Permit($0.permit, now: WallClock.seconds)) }
            case .attach(let restore):
                try send(
                    Station.AttachRestore(restore: restore), .more, expecting: .state(ticket),
                    on: try open())
            case .unblockAtPad(let restore):
                try send(
                    Station.Unblock(atPadFor: restore), .more, expecting: .state(ticket), on: main)
            case .checkKeyAtPad(let reader, let caseID, let restore, let compared):
                let check = Station.CheckKey(
                    atPadOf: reader, restore: restore, caseNumber: caseID, compared: compared)
                try ask(ticket, check) { .keyChecked($0) }
            case .cancel(let restore):
                try ask(ticket, Station.CancelRestore(restore: restore), on: try open()) { _ in
                    .cancelled
                }
            }
        } catch .unwritable {
            // Nothing of it went out: whoever asked is told, and the connection stays.
            let fault = AgentFault(.fieldInvalid, detail: "longer than the service takes")
            messages.append(.reply(ticket, .fault(fault)))
        } catch {
            lose(error)
        }
    }

    func unblock(
        _ ticket: Ticket, restore: String, unblockingCode: consuming Secret,
        newPIN: consuming Secret
    ) {
        let request = Station.Unblock(
            restore: restore, unblockingCode: unblockingCode, newPIN: newPIN)
        do throws(VarlinkClientError) {
            try send(request, .more, expecting: .state(ticket), on: main)
        } catch {
            lose(error)
        }
    }

    func prove(_ ticket: Ticket, _ call: ProvingCall, _ code: consuming Secret) {
        if case .checkKey(let reader, let caseID, let restore, let compared) = call {
            let check = Station.CheckKey(
                reader: reader, pin: code, restore: restore, caseNumber: caseID,
                compared: compared)
            return send(check, ticket)
        }
        let code = HeldSecret(code)
        do throws(VarlinkClientError) {
            switch call {
            case .checkKey: break
            case .signIn(let officer):
                try ask(ticket, Station.SignIn(officer: officer, password: code)) {
                    .signedIn($0.signedIn)
                }
            case .signInByToken(let reader):
                try ask(ticket, Station.SignInByToken(reader: reader, pin: code)) {
                    .signedIn($0.done.signedIn)
                }
            case .approve(let restore, let officer):
                let approve = Station.Approve(restore: restore, officer: officer, password: code)
                try ask(ticket, approve) { _ in .approved }
            case .approveByToken(let restore, let reader):
                let approve = Station.ApproveByToken(restore: restore, reader: reader, pin: code)
                try ask(ticket, approve) { _ in .approved }
            }
        } catch {
            lose(error)
        }
    }

    private func send(_ check: borrowing Station.CheckKey, _ ticket: Ticket) {
        do throws(VarlinkClientError) {
            try ask(ticket, check) { .keyChecked($0) }
        } catch {
            lose(error)
        }
    }

    /// Something came on the connection with this token.
    func ready(_ token: UInt64) {
        guard let line = lines[token] else { return }
        do throws(VarlinkClientError) {
            for reply in try line.client.receiveAvailable() {
                guard let expected = line.expected.first else { throw .closed }
                if !reply.continues { line.expected.removeFirst() }
                receive(reply, for: expected)
                // A reply may have ended the whole link.
                guard lines[token] != nil else { return }
            }
            if line !== main, line !== readers, line.expected.isEmpty { drop(line) }
        } catch {
            lose(error)
        }
    }

    // MARK: sending

    private func open(
        longestCall: Int = VarlinkClient.usualMessage
    ) throws(VarlinkClientError) -> Line {
        let client = VarlinkClient(
            try connected(), messageLimit: longestCall, replyLimit: 512 * 1024)
        do throws(SystemError) {
            let line = Line(token: try events.add(client.descriptor), client: client)
            lines[line.token] = line
            return line
        } catch {
            throw .system(error)
        }
    }

    private func connected() throws(VarlinkClientError) -> FileDescriptor {
        do throws(SystemError) {
            return try UnixSocket.connect(to: path, timeout: Self.connectPatience)
        } catch {
            switch error.errno {
            case .noEntry, .connectionRefused, .again: throw .notRunning(path: path)
            default: throw .system(error)
            }
        }
    }

    /// Sends a call with one reply, and keeps how that is to be read.
    private func ask<R: StationRequest & ~Copyable>(
        _ ticket: Ticket, _ request: borrowing R, on line: Line? = nil,
        _ read: @escaping (R.Reply) -> AgentReply
    ) throws(VarlinkClientError) {
        let expected = Expected.call(ticket) { (fields) throws(FieldError) in
            read(try R.Reply(fields))
        }
        try send(request, .call, expecting: expected, on: line ?? main)
    }

    private func send<R: StationRequest & ~Copyable>(
        _ request: borrowing R, _ mode: VarlinkClient.Mode, expecting expected: Expected,
        on line: Line?
    ) throws(VarlinkClientError) {
        guard let line else { throw .closed }
        try line.client.send(R.method, mode, deadline: .now + Self.patience) {
            request.write(into: &$0)
        }
        line.expected.append(expected)
    }

    // MARK: receiving

    private func receive(_ reply: VarlinkReply, for expected: Expected) {
        do throws(FieldError) {
            switch expected {
            case .status: try receiveStatus(reply)
            case .officers(let status): try receiveOfficers(reply, status)
            case .readers: try receiveReaders(reply)
            case .call(let ticket, let read):
                if let failure = failure(in: reply) {
                    messages.append(.reply(ticket, failure))
                } else {
                    messages.append(.reply(ticket, try read(Fields(reply.parameters))))
                }
            case .state(let ticket): try receiveState(reply, ticket)
            }
        } catch {
            tell(.foreign)
        }
    }

    private func receiveStatus(_ reply: VarlinkReply) throws(FieldError) {
        if let error = reply.error {
            return tell(AgentFault(name: error).code == .permissionDenied ? .refused : .foreign)
        }
        let status = try Station.Status(Fields(reply.parameters))
        do throws(VarlinkClientError) {
            try send(Station.ListOfficers(), .call, expecting: .officers(status), on: main)
        } catch {
            lose(error)
        }
    }

    private func receiveOfficers(
        _ reply: VarlinkReply, _ status: Station.Status
    ) throws(FieldError) {
        if let error = reply.error {
            return tell(AgentFault(name: error).code == .permissionDenied ? .refused : .foreign)
        }
        let officers = try Station.Officers(Fields(reply.parameters))
        messages.append(
            .connected(
                StationInfo(
                    training: status.mode == .training, version: status.version,
                    office: Office(officers))))
    }

    private func receiveReaders(_ reply: VarlinkReply) throws(FieldError) {
        if let error = reply.error {
            return tell(AgentFault(name: error).code == .permissionDenied ? .refused : .foreign)
        }
        let readers = try Station.Readers(Fields(reply.parameters)).readers
        messages.append(.readers(readers.map(ReaderStatus.init)))
    }

    /// A restore's state, of which several come.
    private func receiveState(_ reply: VarlinkReply, _ ticket: Ticket) throws(FieldError) {
        if let failure = failure(in: reply) {
            messages.append(.reply(ticket, failure))
            return
        }
        let result = try Station.RestoreState(Fields(reply.parameters)).result
        switch result.state {
        case .finished:
            messages.append(.reply(ticket, .finished(RestoreResult(result, fault: nil))))
        case .permitted, .running, .overdue:
            messages.append(
                .progress(
                    ticket, steps: result.steps.map(StepReport.init),
                    overdue: result.state == .overdue,
                    atPad: result.atPad.map {
                        PadPrompt(
                            unblocks: $0.codes == .unblockingCodeAndNewPIN, seconds: $0.seconds)
                    }))
            if !reply.continues {
                messages.append(.reply(ticket, .fault(AgentFault(.stillWorking))))
            }
        }
    }

    private func failure(in reply: VarlinkReply) -> AgentReply? {
        guard let name = reply.error else { return nil }
        guard let error = StationError(name: name, parameters: reply.parameters) else {
            return .fault(AgentFault(name: name))
        }
        return AgentReply(error: error)
    }

    // MARK: ending

    private func lose(_ error: VarlinkClientError) {
        switch error {
        case .notRunning, .notAccepting: tell(.absent)
        case .closed, .timedOut: tell(.hungUp)
        case .system(let error):
            tell(
                error.errno == .accessDenied || error.errno == .notPermitted ? .refused : .hungUp)
        case .protocolViolation, .remote, .unwritable, .noLockedMemory: tell(.foreign)
        }
    }

    /// Ends the link and says why.
    private func tell(_ loss: AgentLoss) {
        dropAll()
        messages.append(.lost(loss))
    }

    private func dropAll() {
        for line in lines.values { drop(line) }
        main = nil
        readers = nil
    }

    private func drop(_ line: Line) {
        events.remove(line.client.descriptor)
        line.client.close()
        lines[line.token] = nil
    }
}
