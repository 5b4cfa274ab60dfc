import Casework
import JSON
import StationInterface

/// A file of requests to take in.
struct ReceiveOrder: Equatable, Sendable {
    var file: String
    /// Rules whose findings were seen and are taken along.
    var accepted: Set<String> = []
    /// The request that the file's one paper completes; nil to take new ones in.
    var completing: String? = nil
}

extension Run {
    /// Takes the requests of a file in: all are checked before the first, and each once more
    /// before its turn, since one can open a case that another asks for too.
    func receive(_ order: ReceiveOrder) throws(Failure) -> ExitCode {
        let bytes = try Run.contents(of: order.file, limit: RequestImport.longestFile)
        let read = RequestImport.read(bytes, file: order.file)
        guard let requests = read.requests else {
            if console.json {
                console.put([
                    "file": .string(order.file), "requests": [],
                    "mistakes": .array(read.mistakes.map(\.document)),
                ])
            } else {
                console.show { $0.add(order.file, read.mistakes) }
            }
            return .failed
        }
        guard order.completing == nil || requests.count == 1 else {
            throw .own(
                .notOneRequest, "The file has \(requests.count) requests; one completes another.",
                next: "Put the completed request into a file of its own.")
        }
        let connection = try connect(hasLongCalls: true)
        var steps = requests.map { Intaken(request: $0, completing: order.completing) }
        do throws(Failure) {
            for index in steps.indices { try steps[index].check(connection, order.accepted) }
            if !steps.contains(where: \.isStopped) {
                for index in steps.indices {
                    try steps[index].receive(connection, order.accepted)
                    if steps[index].isStopped { break }
                }
            }
        } catch {
            // What was taken in is told, whatever came behind it.
            if console.json {
                console.put(document(order, steps, error))
                return error.exit
            }
            console.show { page in for step in steps { page.add(step) } }
            throw error
        }
        if console.json {
            console.put(document(order, steps, nil))
        } else {
            console.show { page in for step in steps { page.add(step) } }
        }
        return steps.allSatisfy(\.isOnRecord) ? .good : .failed
    }

    private func document(
        _ order: ReceiveOrder, _ steps: [Intaken], _ error: Failure?
    ) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("file", .string(order.file)), ("mistakes", []),
            ("requests", .array(steps.map(\.document))),
        ]
        if let error {
            members.append(("error", .string(error.name)))
            members.append(("parameters", error.parameters))
        }
        return .object(members)
    }
}

/// One request of a file on its way into the record.
struct Intaken {
    enum Standing {
        /// Not looked at yet, or nothing speaks against it.
        case waiting
        /// Findings that nobody accepted.
        case stopped
        case taken(Station.RequestTaken)
        /// It was on record already.
        case known(request: String, cases: [String])
    }

    let request: RequestImport.Read
    let completing: String?
    private(set) var findings: [Station.IntakeFinding] = []
    private(set) var standing = Standing.waiting

    init(request: RequestImport.Read, completing: String? = nil) {
        self.request = request
        self.completing = completing
    }

    var isStopped: Bool {
        if case .stopped = standing { true } else { false }
    }

    var isOnRecord: Bool {
        switch standing {
        case .taken, .known: true
        case .waiting, .stopped: false
        }
    }

    mutating func check(_ connection: Connection, _ accepted: Set<String>) throws(Failure) {
        let form = Station.RequestForm(request.form)
        let checked = try connection.ask(
            Station.CheckRequest(form: form, completing: completing)
        ).message
        if let known = checked.known {
            let shown = try connection.ask(Station.GetRequest(request: known)).message
            standing = .known(request: known, cases: shown.cases.map(\.number))
            findings = []
            return
        }
        findings = checked.findings
        let isOpen = findings.contains { !accepted.contains($0.rule) }
        standing = isOpen ? .stopped : .waiting
    }

    mutating func receive(_ connection: Connection, _ accepted: Set<String>) throws(Failure) {
        let form = Station.RequestForm(request.form)
        try check(connection, accepted)
        guard case .waiting = standing else { return }
        do throws(Failure) {
            let taken =
                if let completing {
                    try connection.ask(Station.CompleteRequest(request: completing, form: form))
                        .message
                } else {
                    try connection.ask(Station.ReceiveRequest(form: form)).message
                }
            findings = taken.checked.findings
            standing = .taken(taken)
        } catch {
            guard case .station(let refusal, let parameters) = error,
                refusal.kind == .requestKnown, let id = parameters["request"]?.string
            else { throw error }
            standing = .known(
                request: id, cases: (parameters["cases"]?.array ?? []).compactMap(\.string))
        }
    }

    fileprivate var document: JSONValue {
        var members: [(String, JSONValue)] = [
            ("line", .integer(Int64(request.line))), ("number", .string(request.form.number)),
        ]
        func add(_ state: String, _ id: String?, _ cases: [String]) {
            members.append(("state", .string(state)))
            members.append(("request", id.map { .string($0) } ?? .null))
            members.append(("cases", .array(cases.map { .string($0) })))
        }
        switch standing {
        case .waiting: add("not-taken", nil, [])
        case .stopped: add("stopped", nil, [])
        case .known(let id, let cases): add("known", id, cases)
        case .taken(let taken):
            add("taken", taken.request, taken.cases)
            members.append(("valid", .bool(taken.checked.valid)))
            members.append(("receipt", JSONValue(taken.receipt)))
        }
        members.append(("findings", .array(findings.map { JSONValue($0) })))
        return .object(members)
    }
}

extension Page {
    mutating func add(_ step: Intaken) {
        let number = step.request.form.number
        var title = TextLine("line \(step.request.line): ", .strong)
        title.add(number.isEmpty ? "without a number" : number, .strong)
        title.add(", " + Words.counted(step.request.form.devices.count, "device", "devices") + ": ")
        switch step.standing {
        case .waiting:
            title.add("not taken in: what stopped another one stops the file")
            line(title)
        case .stopped:
            title.add("not taken in: see what was found", .warning)
            line(title)
        case .known(let id, let cases):
            title.add("on record already as \(id)", .warning)
            line(title)
            field("cases", cases.joined(separator: ", "))
        case .taken(let taken):
            title.add("taken in as \(taken.request)", .good)
            line(title)
            field("cases", taken.cases.joined(separator: ", "))
            if !taken.checked.valid {
                field("valid", "not yet: its term begins once it is completed", .warning)
            }
            add(taken.receipt)
        }
        for finding in step.findings {
            text(
                "\(finding.field): \(finding.rule)" + (finding.mustComplete ? "" : " (notice)"),
                finding.mustComplete ? .strong : .plain, indent: 2)
            text(finding.message, indent: 4)
        }
    }
}
