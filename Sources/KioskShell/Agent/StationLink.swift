import JSON
import Secrets
import StationInterface
import System
import Varlink

/// The agent behind its socket, from one thread and one poller.
///
/// Three kinds of connections: one follows the readers for as long as the agent lives, one
/// carries the calls of the walk in their order (a permit lives with the connection it was
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
        case readers
        case call(Ticket, AgentCall)
        case unblock(Ticket)
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
            let main = try open()
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
        let expected = Expected.call(ticket, call)
        do throws(VarlinkClientError) {
            switch call {
            case .listCases:
                try send(Station.ListCases(openOnly: true), .call, expecting: expected, on: main)
            case .openCase(let number, let body, let holder, let device):
                try send(
                    Station.OpenCase(
                        requestNumber: number, managingBody: body, holder: holder,
                        deviceNumber: device), .call, expecting: expected, on: main)
            case .inspect(let reader, let caseID):
                try send(
                    Station.Inspect(reader: reader, caseNumber: caseID), .call,
                    expecting: expected, on: main)
            case .begin(let caseID, let reader, let forgotten, let compared, let form):
                try send(
                    Station.BeginRestore(
                        caseNumber: caseID, reader: reader, pinForgotten: forgotten,
                        compared: compared, form: form), .call, expecting: expected, on: main)
            case .attach(let restore):
                try send(
                    Station.AttachRestore(restore: restore), .more, expecting: expected,
                    on: try open())
            case .cancel(let restore):
                try send(
                    Station.CancelRestore(restore: restore), .call, expecting: expected,
                    on: try open())
            }
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
            try send(request, .more, expecting: .unblock(ticket), on: main)
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

    private func open() throws(VarlinkClientError) -> Line {
        let client = VarlinkClient(
            try connected(), messageLimit: 8 * 1024, replyLimit: 512 * 1024)
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
            return try UnixSocket.connect(to: path)
        } catch {
            switch error.errno {
            case .noEntry, .connectionRefused: throw .notRunning(path: path)
            default: throw .system(error)
            }
        }
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
            case .readers: try receiveReaders(reply)
            case .call(let ticket, let call): try receive(reply, ticket, call)
            case .unblock(let ticket): try receiveState(reply, ticket)
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
        messages.append(
            .connected(StationInfo(training: status.mode == .training, version: status.version)))
    }

    private func receiveReaders(_ reply: VarlinkReply) throws(FieldError) {
        if let error = reply.error {
            return tell(AgentFault(name: error).code == .permissionDenied ? .refused : .foreign)
        }
        let readers = try Station.Readers(Fields(reply.parameters)).readers
        messages.append(.readers(readers.map(ReaderStatus.init)))
    }

    private func receive(
        _ reply: VarlinkReply, _ ticket: Ticket, _ call: AgentCall
    ) throws(FieldError) {
        if case .attach = call { return try receiveState(reply, ticket) }
        if let failure = failure(in: reply) {
            messages.append(.reply(ticket, failure))
            return
        }
        let fields = Fields(reply.parameters)
        let answer: AgentReply
        switch call {
        case .listCases:
            // The walk is for tokens to restore; other kinds, and what is not valid yet, wait for
            // screens of their own.
            let cases = try Station.CaseList(fields).cases.filter {
                $0.kind == "restore" && $0.state != "incomplete"
            }
            answer = .cases(cases.map(CaseRow.init))
        case .openCase(let number, let body, let holder, let device):
            answer = .opened(
                CaseRow(
                    id: try Station.CaseOpened(fields).number, requestNumber: number,
                    managingBody: body, holder: holder, deviceNumber: device))
        case .inspect: answer = .report(TokenReport(try Station.Inspection(fields)))
        case .begin:
            let permit = try Station.PermitGiven(fields).permit
            answer = .permit(Permit(permit, now: WallClock.seconds))
        case .attach, .cancel: answer = .cancelled
        }
        messages.append(.reply(ticket, answer))
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
        case .notRunning: tell(.absent)
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
