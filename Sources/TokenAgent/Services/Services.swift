import Casework
import JSON
import Readers
import StationInterface
import Synchronization
import System
import Varlink

extension VarlinkFailure {
    /// One of the station's errors, with its fields.
    init(_ error: StationError) {
        var writer = JSONWriter(into: JSONBytes())
        writer.object { error.write(into: &$0) }
        var parameters: JSONValue = [:]
        if let bytes = try? writer.finish().bytes {
            bytes.withUnsafeBytes { raw in
                var reader = JSONReader(raw)
                if let value = try? reader.value() { parameters = value }
            }
        }
        self.init(error.kind.rawValue, parameters)
    }
}

/// Readers, and the tokens in them.
struct DevicesService: VarlinkInterface {
    let agent: Agent
    let name = DevicesInterface.name
    let description = DevicesInterface.description

    func call(_ call: VarlinkCall, parameters: inout JSONReader) throws(VarlinkFailure) {
        switch call.fullMethod {
        case Station.ListReaders.method:
            _ = try readingParameters { () throws(JSONError) in
                try Station.ListReaders(reading: &parameters)
            }
            call.reply(with: Station.Readers(agent.hub.snapshot().map { Station.Reader($0) }))
        case Station.Watch.method:
            _ = try readingParameters { () throws(JSONError) in
                try Station.Watch(reading: &parameters)
            }
            watch(call)
        case Station.Inspect.method:
            let request = try readingParameters { () throws(JSONError) in
                try Station.Inspect(reading: &parameters)
            }
            agent.inspect(request, call)
        case Station.DescribeReader.method:
            let request = try readingParameters { () throws(JSONError) in
                try Station.DescribeReader(reading: &parameters)
            }
            // Holders are looked for among all processes: nobody else waits for that.
            agent.archivist.submit { [agent] in agent.describe(request, call) }
        case Station.MeasureReader.method:
            let request = try readingParameters { () throws(JSONError) in
                try Station.MeasureReader(reading: &parameters)
            }
            agent.measure(request, call)
        default: throw .methodNotFound(call.method)
        }
    }

    private func watch(_ call: VarlinkCall) {
        guard call.wantsMore else {
            return call.reply(
                with: Station.Readers(agent.hub.snapshot().map { Station.Reader($0) }))
        }
        // Two changes at once may come in either order; the older one is passed over.
        let newest = Mutex<UInt64?>(nil)
        let watcher = Watcher(newest)
        let observation = agent.hub.observe { list in
            watcher.pass(list, to: call)
        }
        call.onHangUp { observation.end() }
    }
}

/// Passes reader lists on to one caller, in order.
private final class Watcher: Sendable {
    private let newest: Mutex<UInt64?>

    init(_ newest: consuming Mutex<UInt64?>) { self.newest = newest }

    func pass(_ list: ReaderList, to call: VarlinkCall) {
        newest.withLock { newest in
            if let newest, newest >= list.generation { return }
            newest = list.generation
            call.replyContinuing {
                Station.Readers(list.readers.map { Station.Reader($0) }).write(into: &$0)
            }
        }
    }
}

extension Agent {
    func inspect(_ request: Station.Inspect, _ call: VarlinkCall) {
        let who = call.caller.who
        var file: CaseFile? = nil
        if let number = request.caseNumber {
            // The comparison shows what the case says.
            guard Access.allows(call.caller.roles, Station.GetCase.method) else {
                call.fail(.permissionDenied)
                return
            }
            file = CaseID(number).flatMap { book.file($0) }
            guard file != nil else { return call.fail(with: .caseNotFound(number)) }
        }
        work(
            on: request.reader, activity: "inspect", call: call,
            answer: { (result: Swift.Result<Station.Inspection, StationError>) in
                call.answer(result)
            }
        ) { [self, file] session, ledger throws(WorkError) in
            let reading = try read(&session, ledger, for: file?.deviceNumber)
            let insertion = session.insertion
            session.powerDown()
            tokenWasSeen(reading, who: who)
            let token = Station.Token(
                reading, assess(reading), reader: request.reader, insertion: insertion,
                padTime: configuration.budgets.pad,
                seal: reading.profile.flatMap { seals[$0.name] })
            guard let file else { return Station.Inspection(token) }
            return Station.Inspection(token, Station.Comparison(try compare(reading, file)))
        }
    }
}

/// The walk-in restore.
struct RestoreService: VarlinkInterface {
    let agent: Agent
    let name = RestoreInterface.name
    let description = RestoreInterface.description

    func call(_ call: VarlinkCall, parameters: inout JSONReader) throws(VarlinkFailure) {
        switch call.fullMethod {
        case Station.BeginRestore.method:
            let request = try readingParameters { () throws(JSONError) in
                try Station.BeginRestore(reading: &parameters)
            }
            agent.clerk.submit { [agent] in agent.begin(request, call) }
        case Station.Unblock.method:
            let request = try readingParameters { () throws(JSONError) in
                try Station.Unblock(reading: &parameters)
            }
            agent.unblock(request, call)
        case Station.AskChallenge.method:
            let request = try readingParameters { () throws(JSONError) in
                try Station.AskChallenge(reading: &parameters)
            }
            agent.askChallenge(request, call)
        case Station.Respond.method:
            let request = try readingParameters { () throws(JSONError) in
                try Station.Respond(reading: &parameters)
            }
            agent.respond(request, call)
        case Station.AttachRestore.method:
            let request = try readingParameters { () throws(JSONError) in
                try Station.AttachRestore(reading: &parameters)
            }
            if let run = agent.restores.run(request.restore) { return run.attach(call) }
            // One of an earlier run of the station, whose end nobody saw.
            guard let earlier = agent.listRestores().first(where: { $0.restore == request.restore })
            else { return call.fail(with: notFound(request.restore)) }
            call.fail(with: .ended(.outcomeUnknown, earlier))
        case Station.CancelRestore.method:
            let request = try readingParameters { () throws(JSONError) in
                try Station.CancelRestore(reading: &parameters)
            }
            cancel(request.restore, call)
        case Station.ListRestores.method:
            _ = try readingParameters { () throws(JSONError) in
                try Station.ListRestores(reading: &parameters)
            }
            call.reply(with: Station.Restores(agent.listRestores()))
        default: throw .methodNotFound(call.method)
        }
    }

    private func notFound(_ restore: String) -> StationError {
        Words.noRestore(restore)
    }

    private func cancel(_ restore: String, _ call: VarlinkCall) {
        guard let run = agent.restores.run(restore) else {
            return call.fail(with: notFound(restore))
        }
        switch run.cancel() {
        case .permitted where run.claimEnding():
            run.act(as: call.caller.who)
            agent.clerk.submit { [agent] in
                agent.conclude(run, .refused(.cancelled))
                call.reply(with: Station.RestoreState(run.result))
            }
        case .permitted, .running, .finished:
            call.reply(with: Station.RestoreState(run.result))
        }
    }
}

extension Agent {
    /// Restores of this run, and those of earlier ones whose end nobody saw.
    func listRestores() -> [Station.Result] {
        let runs = restores.all
        let known = Set(runs.map(\.permit.restore))
        let earlier = book.unresolved().filter { !known.contains($0.restore) }.map { record in
            var result = Station.Result(
                restore: record.restore, caseNumber: record.caseID.text, reader: record.reader,
                deviceNumber: record.token.serial, state: .finished, outcome: .unknown,
                reason: "answer-lost",
                unblockingSpent: Station.Spent(least: 0, most: record.unblockingSends))
            result.message = "A code was sent and its answer lost; how it ended is not known."
            result.next = "Put the same token in and inspect it: its counters tell what happened."
            return result
        }
        return earlier + runs.map(\.result)
    }
}

/// The key-in-device check.
struct KeyCheckService: VarlinkInterface {
    let agent: Agent
    let name = KeyCheckInterface.name
    let description = KeyCheckInterface.description

    func call(_ call: VarlinkCall, parameters: inout JSONReader) throws(VarlinkFailure) {
        guard call.fullMethod == Station.CheckKey.method else {
            throw .methodNotFound(call.method)
        }
        let request = try readingParameters { () throws(JSONError) in
            try Station.CheckKey(reading: &parameters)
        }
        agent.checkKey(request, call)
    }
}
