import Casework
import JSON
import Secrets
import StationInterface
import System
import Varlink

/// One run of one command.
struct Run {
    let invocation: Invocation
    let console: Console
    /// What a person ends the program with; made only where a command minds.
    let signals: () -> SignalSource?
    /// Where codes come from.
    let codeInput: () -> FileDescriptor

    init(
        _ invocation: Invocation, _ console: Console,
        signals: @escaping () -> SignalSource? = {
            try? SignalSource([.interrupt, .terminate, .hangUp, .quit, .stop])
        },
        codeInput: @escaping () -> FileDescriptor = {
            // Codes may be asked for more than once, and each desk closes what it read from.
            (try? FileDescriptor(duplicating: Terminal.standardInput))
                ?? FileDescriptor(owning: Terminal.standardInput)
        }
    ) {
        self.invocation = invocation
        self.console = console
        self.signals = signals
        self.codeInput = codeInput
    }

    var socket: String { invocation.socket ?? Station.defaultSocket }

    /// Does it, and says what went wrong.
    func status() -> ExitCode {
        do throws(Failure) {
            // The connection of the sign-in holds it until the end of the command.
            let holding = try invocation.signIn.map { order throws(Failure) in try signIn(order) }
            defer { withExtendedLifetime(holding) {} }
            let code = try perform()
            heedRecord()
            return code
        } catch {
            if case .station = error { heedRecord() }
            if console.json {
                console.put(error.document)
            } else {
                console.complain { $0.add(error) }
            }
            return error.exit
        }
    }

    /// A record with a wrong line is shown up to that line: whoever asked for cases is told so.
    private func heedRecord() {
        switch invocation.command {
        case .listCases, .showCase, .showHistory, .listDue, .showRequest, .closeCase, .refuseCase,
            .routeCase, .recordCase, .sendNotice, .listExpired, .listRestores:
            break
        case .report(let order) where order.file == nil: break
        default: return
        }
        guard let status = try? connect().ask(Station.GetStatus()).message,
            let problem = status.journalProblem, status.hidesLines
        else { return }
        console.whisper(
            "tokenctl: the record does not hold (\(problem)): this is only what stood before that "
                + "line\n")
    }

    func connect(hasLongCalls: Bool = false) throws(Failure) -> Connection {
        try Connection(socket, timeout: invocation.timeout, hasLongCalls: hasLongCalls)
    }

    private func perform() throws(Failure) -> ExitCode {
        switch invocation.command {
        case .help(let topic): console.put(Help.page(topic))
        case .version: try showVersion()
        case .interface(let name): try showInterfaces(name)
        case .socketDocument: console.put(SocketDocument.text)
        case .completion(let shell): console.put(shell.text)
        case .doctor: return try examine()
        case .status:
            try answer(Station.GetStatus()) { $0.add($1, socket: socket) }
        case .readers: try answer(Station.ListReaders()) { $0.add($1.readers) }
        case .reader(let order): return try reader(order)
        case .watch: return try watch()
        case .inspect(let reader, let caseNumber): try inspect(reader, caseNumber)
        case .apdu(let order): try exchange(order)
        case .checkKey(let order): return try checkKey(order)
        case .timing(let reader, let challenges, let atPad):
            return try timing(reader, challenges, atPad: atPad)
        case .restore(let order): return try restore(order)
        case .listRestores: try answer(Station.ListRestores()) { $0.add($1.restores) }
        case .followRestore(let id): return try follow(id)
        case .cancelRestore(let id): return try cancel(id)
        case .openCase(let order): try answer(Station.OpenCase(order)) { $0.add(opened: $1) }
        case .listCases(let openOnly):
            try answer(Station.ListCases(openOnly: openOnly)) {
                $0.add($1.cases, openOnly: openOnly)
            }
        case .showCase(let id): try answer(Station.GetCase(number: id)) { $0.add($1.found) }
        case .showHistory(let id): try answer(Station.GetHistory(number: id)) { $0.add($1) }
        case .listDue: try answer(Station.ListDue()) { $0.add(due: $1.cases) }
        case .showRequest(let id, let whole):
            try showRequest(id, whole: whole)
        case .routeCase(let id, let carrier):
            try answer(Station.RouteCase(number: id, carrier: carrier)) {
                $0.text("Case \(id) is routed to the Cục.")
                $0.add($1)
            }
        case .recordCase(let id):
            try answer(Station.RecordCase(number: id)) {
                $0.text("Case \(id) is recorded. Its notice is still to go.")
                $0.add($1)
            }
        case .sendNotice(let id, let to, let reference):
            try answer(
                Station.SendNotice(number: id, addressee: to, reference: reference)
            ) {
                $0.text("The notice of case \(id) has gone.")
                $0.add($1)
            }
        case .removePersonal(let id):
            try answer(Station.RemovePersonal(request: id)) {
                $0.text("What request \(id) said of people is removed; the record stays.")
                $0.add($1)
            }
        case .listExpired: try answer(Station.ListExpired()) { $0.add($1) }
        case .removeExpired: return try removeExpired()
        case .refuseCase(let id, let reasons):
            try answer(Station.RefuseCase(number: id, reasons: reasons)) {
                $0.text("Case \(id) is refused.")
                $0.add($1)
            }
        case .closeCase(let id, let reason):
            try answer(Station.CloseCase(number: id, reason: reason)) {
                $0.text("Case \(id) is closed.")
                $0.add($1)
            }
        case .listProfiles: try answer(Station.ListProfiles()) { $0.add($1.profiles) }
        case .checkProfiles(let files): return try checkProfiles(files)
        case .checkCalendars(let paths): return try checkCalendars(paths)
        case .showCalendar(let year, let path): try showCalendar(year, path)
        case .dueDates(let order): try showDueDates(order)
        case .checkBodies(let files): return try checkBodies(files)
        case .checkRequests(let file, let bodies): return try checkRequests(file, bodies)
        case .checkTemplates(let paths): return try checkTemplates(paths)
        case .previewTemplate(let order): return try previewTemplate(order)
        case .checkOffice(let file): return try checkOffice(file)
        case .checkOfficers(let file): return try checkOfficers(file)
        case .hashPassword: try hashPassword()
        case .commission(let order): return try commission(order)
        case .listOfficers: try listOfficers()
        case .showJournal(let order): try showJournal(order)
        case .verifyJournal(let file): return try verifyJournal(file)
        case .exportJournal(let order): try exportJournal(order)
        case .report(let order): try report(order)
        case .receiveRequests(let order): return try receive(order)
        case .fetchPaper(let order): try fetchPaper(order)
        }
        return .good
    }

    /// Asks once and shows the answer.
    private func answer<R: StationRequest>(
        _ request: R, _ render: (inout Page, R.Reply) -> Void
    ) throws(Failure) {
        let reply = try connect().ask(request)
        if console.json { return console.put(reply.parameters) }
        console.show { render(&$0, reply.message) }
    }

    /// The reader that was named, or the only one with a token.
    func reader(_ named: String?, _ connection: Connection) throws(Failure) -> String {
        if let named { return named }
        return try Run.onlyReader(try connection.ask(Station.ListReaders()).message.readers)
    }

    static func onlyReader(_ readers: [Station.Reader]) throws(Failure) -> String {
        var found = readers.filter { $0.state == .present }
        // Where none is free, the one that is not says best what is the matter.
        if found.isEmpty {
            found = readers.filter { $0.state != .empty && $0.state != .unavailable }
        }
        guard let first = found.first else {
            throw .own(
                .noReader, "No reader holds a token.",
                next: "Put the token in; see tokenctl readers.")
        }
        guard found.count == 1 else {
            throw .own(
                .noReader,
                "More than one reader holds a token: "
                    + found.map { "\"\($0.name)\"" }.joined(separator: ", ") + ".",
                next: "Name the reader.")
        }
        return first.name
    }
}

extension Station.OpenCase {
    init(_ order: CaseOrder) {
        self.init(
            requestNumber: order.requestNumber, managingBody: order.managingBody,
            holder: order.holder, deviceNumber: order.deviceNumber)
    }
}

// MARK: - Commands of one step

extension Run {
    private func inspect(_ named: String?, _ caseNumber: String?) throws(Failure) {
        let connection = try connect()
        let reader = try reader(named, connection)
        let reply = try connection.ask(
            Station.Inspect(reader: reader, caseNumber: caseNumber), .atTheToken)
        if console.json { return console.put(reply.parameters) }
        console.show {
            $0.add(reply.message.token)
            if let comparison = reply.message.comparison {
                $0.blank()
                $0.title("Beside the request")
                $0.add(comparison)
            }
        }
    }

    private func showVersion() throws(Failure) {
        var station: JSONValue = .null
        do throws(Failure) {
            let connection = try connect()
            do throws(VarlinkClientError) {
                station = try connection.client.call(
                    "org.varlink.service.GetInfo", timeout: connection.patience(.prompt))
            } catch {
                throw Failure(error, path: socket)
            }
        } catch {
            // That no station answers is no fault here: it is shown.
        }
        if console.json {
            return console.put(["tokenctl": .string(Help.version), "station": station])
        }
        console.show { page in
            page.line(TextLine("tokenctl \(Help.version)"))
            if let product = station["product"]?.string, let version = station["version"]?.string {
                page.line(TextLine("\(product) \(version) at \(socket)"))
            } else {
                page.line(TextLine("no station answers at \(socket)"))
            }
        }
    }

    private func showInterfaces(_ name: String?) throws(Failure) {
        var chosen = StationInterfaces.all
        if let name {
            chosen = chosen.filter { $0.name == name || $0.name == "vn.tokenstation." + name }
            guard !chosen.isEmpty else {
                throw .own(
                    .unknownInterface, "There is no interface \"\(name)\".",
                    next: "Take one of "
                        + StationInterfaces.all.map(\.name).joined(separator: ", ") + ".")
            }
        }
        if console.json {
            return console.put(.object(chosen.map { ($0.name, .string($0.text)) }))
        }
        console.put(chosen.map { $0.text + "\n" }.joined(separator: "\n"))
    }

    private func exchange(_ order: ExchangeOrder) throws(Failure) {
        let command = try secretCommand(order)
        let connection = try connect()
        let request = Station.Exchange(
            reader: try reader(order.reader, connection), command: command, aid: order.aid,
            serial: order.serial)
        let reply = try connection.ask(request, .atTheToken)
        if console.json { return console.put(reply.parameters) }
        let response = reply.message.response
        console.show { page in
            page.field("data", Run.grouped(String(response.dropLast(4))))
            page.field("status word", String(response.suffix(4)), .strong)
            page.field("time", Words.time(microseconds: reply.message.timeMicroseconds))
        }
    }

    private func secretCommand(_ order: ExchangeOrder) throws(Failure) -> Secret {
        guard let text = order.command else {
            return try codes { (desk) throws(CodeDesk.Trouble) in
                try desk.ask("Command (hexadecimal)")
            }
        }
        guard var buffer = try? LockedBuffer(capacity: text.utf8.count),
            text.utf8.allSatisfy({ buffer.append($0) }), let command = try? Secret(buffer)
        else {
            throw .own(
                .noLockedMemory, "There is no locked memory for the command.",
                next: "Raise the limit on locked memory (ulimit -l).")
        }
        return command
    }

    static func grouped(_ hex: String) -> String {
        if hex.isEmpty { return "none" }
        var shown = ""
        for (i, digit) in hex.enumerated() {
            if i > 0, i % 2 == 0 { shown += " " }
            shown.append(digit)
        }
        return shown
    }

    private func cancel(_ id: String) throws(Failure) -> ExitCode {
        let reply = try connect().ask(Station.CancelRestore(restore: id), .atTheToken)
        if console.json {
            console.put(reply.parameters)
        } else {
            console.show { $0.add(reply.message.result) }
        }
        let result = reply.message.result
        switch result.outcome {
        case .refused?: return .good
        case .unknown?, nil: return .attention
        case .restored?, .failed?, .unblockedUnproven?: return .failed
        }
    }
}

// MARK: - The record

extension Run {
    private func showJournal(_ order: JournalOrder) throws(Failure) {
        let connection = try connect()
        var left = order.count ?? (order.from == nil ? 20 : 100)
        var from = order.from ?? -left
        var lines: [JSONValue] = []
        var next: Int? = nil
        repeat {
            let page = try connection.ask(
                Station.ShowJournal(from: from, count: min(left, 1000)), .atTheToken
            ).message
            left -= page.lines.count
            next = page.next
            from = page.next ?? from
            if console.json {
                lines += page.lines.map { .string($0) }
            } else if order.raw {
                let isSeen = console.width != nil
                console.put(page.lines.map { (isSeen ? visibleJSON($0) : $0) + "\n" }.joined())
            } else {
                console.show { shown in for line in page.lines { shown.add(journalLine: line) } }
            }
            if page.lines.isEmpty { break }
        } while next != nil && left > 0 && !console.isClosed
        if console.json {
            console.put([
                "lines": .array(lines), "next": next.map { .integer(Int64($0)) } ?? .null,
            ])
        }
    }

    private func verifyJournal(_ file: String?) throws(Failure) -> ExitCode {
        let verified: Station.JournalVerified
        if let file {
            verified = try Run.verify(file)
        } else {
            verified = try connect().ask(Station.VerifyJournal(), .atTheToken).message
        }
        if console.json {
            console.put(JSONValue(verified))
        } else {
            console.show { $0.add(verified, what: file ?? "The station's journal") }
        }
        return verified.good ? .good : .damaged
    }

    static func verify(_ file: String) throws(Failure) -> Station.JournalVerified {
        do throws(JournalError) {
            let result = try Journal.verify(file)
            return Station.JournalVerified(
                good: result.holds, lines: Int(result.lines), hash: result.head,
                tornBytes: result.torn?.bytes.count ?? 0,
                firstBad: result.firstBad.map { Int($0.line) }, reason: result.firstBad?.reason)
        } catch {
            throw .own(
                .fileUnreadable, "The file cannot be read: \(error.reason).",
                next: "Name the journal's file, and read it as a user who may.")
        }
    }
}
