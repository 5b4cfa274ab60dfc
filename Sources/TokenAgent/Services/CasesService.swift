import Casework
import JSON
import StationInterface
import Varlink

/// Requests and the cases of their devices. What waits for the disk is the clerk's work.
struct CasesService: VarlinkInterface {
    let agent: Agent
    let name = CasesInterface.name
    let description = CasesInterface.description

    func call(_ call: VarlinkCall, parameters: inout JSONReader) throws(VarlinkFailure) {
        switch call.fullMethod {
        case Station.OpenCase.method:
            let request = try readingParameters { () throws(JSONError) in
                try Station.OpenCase(reading: &parameters)
            }
            agent.clerk.submit { [agent] in agent.open(request, call) }
        case Station.GetCase.method:
            let request = try readingParameters { () throws(JSONError) in
                try Station.GetCase(reading: &parameters)
            }
            agent.archivist.submit { [agent] in agent.get(request, call) }
        case Station.GetHistory.method:
            let request = try readingParameters { () throws(JSONError) in
                try Station.GetHistory(reading: &parameters)
            }
            agent.archivist.submit { [agent] in agent.tellHistory(request, call) }
        case Station.ListCases.method:
            let request = try readingParameters { () throws(JSONError) in
                try Station.ListCases(reading: &parameters)
            }
            agent.archivist.submit { [agent] in agent.list(request, call) }
        case Station.RefuseCase.method:
            let request = try readingParameters { () throws(JSONError) in
                try Station.RefuseCase(reading: &parameters)
            }
            agent.clerk.submit { [agent] in agent.refuse(request, call) }
        case Station.CloseCase.method:
            let request = try readingParameters { () throws(JSONError) in
                try Station.CloseCase(reading: &parameters)
            }
            agent.clerk.submit { [agent] in agent.close(request, call) }
        default: try callRequest(call, parameters: &parameters)
        }
    }

    private func callRequest(
        _ call: VarlinkCall, parameters: inout JSONReader
    ) throws(VarlinkFailure) {
        switch call.fullMethod {
        case Station.CheckRequest.method:
            let request = try readingParameters { () throws(JSONError) in
                try Station.CheckRequest(reading: &parameters)
            }
            agent.archivist.submit { [agent] in agent.check(request, call) }
        case Station.ReceiveRequest.method:
            let request = try readingParameters { () throws(JSONError) in
                try Station.ReceiveRequest(reading: &parameters)
            }
            agent.clerk.submit { [agent] in agent.receive(request, call) }
        case Station.CompleteRequest.method:
            let request = try readingParameters { () throws(JSONError) in
                try Station.CompleteRequest(reading: &parameters)
            }
            agent.clerk.submit { [agent] in agent.complete(request, call) }
        case Station.GetRequest.method:
            let request = try readingParameters { () throws(JSONError) in
                try Station.GetRequest(reading: &parameters)
            }
            agent.archivist.submit { [agent] in agent.show(request, call) }
        case Station.RemovePersonal.method:
            let request = try readingParameters { () throws(JSONError) in
                try Station.RemovePersonal(reading: &parameters)
            }
            agent.clerk.submit { [agent] in agent.removePersonal(request, call) }
        case Station.ListExpired.method:
            _ = try readingParameters { () throws(JSONError) in
                try Station.ListExpired(reading: &parameters)
            }
            agent.archivist.submit { [agent] in agent.listExpired(call) }
        case Station.RouteCase.method:
            let request = try readingParameters { () throws(JSONError) in
                try Station.RouteCase(reading: &parameters)
            }
            agent.clerk.submit { [agent] in agent.route(request, call) }
        case Station.RecordCase.method:
            let request = try readingParameters { () throws(JSONError) in
                try Station.RecordCase(reading: &parameters)
            }
            agent.clerk.submit { [agent] in agent.record(.recorded, request.number, call) }
        case Station.SendNotice.method:
            let request = try readingParameters { () throws(JSONError) in
                try Station.SendNotice(reading: &parameters)
            }
            agent.clerk.submit { [agent] in agent.sendNotice(request, call) }
        case Station.GetPaper.method:
            let request = try readingParameters { () throws(JSONError) in
                try Station.GetPaper(reading: &parameters)
            }
            agent.archivist.submit { [agent] in agent.paper(request, call) }
        case Station.ListDue.method:
            _ = try readingParameters { () throws(JSONError) in
                try Station.ListDue(reading: &parameters)
            }
            agent.archivist.submit { [agent] in agent.listDue(call) }
        default: throw .methodNotFound(call.method)
        }
    }
}

extension Agent {
    func open(_ request: Station.OpenCase, _ call: VarlinkCall) {
        for (field, text) in [
            ("request_number", request.requestNumber), ("managing_body", request.managingBody),
            ("holder", request.holder),
        ] where !text.isEmpty && !WrittenText.saysSomething(text) {
            return call.fail(with: .unfit(field, "has no letter and no digit"))
        }
        let number: DeviceNumber
        do throws(DeviceNumber.Mistake) {
            number = try DeviceNumber(request.deviceNumber)
        } catch {
            return call.fail(with: .unfit("device_number", error.reason))
        }
        // All cases are opened on the clerk's thread, one after another.
        if let open = book.openCase(ofDevice: DeviceNumber.key(number.text)) {
            return call.fail(
                with: .deviceOpen(
                    open.text, "This device has case \(open) already, which is not done yet.",
                    next: "Go on with case \(open), or close it."))
        }
        do throws(CaseError) {
            let opened = try book.open(
                CaseRequest(
                    requestNumber: request.requestNumber, managingBody: request.managingBody,
                    deviceNumber: number, holder: request.holder),
                who: call.caller.who)
            call.reply(
                with: Station.CaseOpened(
                    number: opened.file.id.text, receipt: Station.Receipt(opened.receipt)))
        } catch {
            call.fail(with: refusal(error, ""))
        }
    }

    func get(_ request: Station.GetCase, _ call: VarlinkCall) {
        guard let id = CaseID(request.number), let file = book.file(id) else {
            return call.fail(
                with: .caseNotFound(request.number))
        }
        var stage = file.state.stage
        if stage == .closed, let before = try? book.beforeClosing([file])[id] {
            stage = before.state.stage
        }
        call.reply(with: Station.OneCase(message(file, papersOf: stage)))
    }

    func tellHistory(_ request: Station.GetHistory, _ call: VarlinkCall) {
        do throws(JournalError) {
            guard let id = CaseID(request.number), let history = try book.history(of: id) else {
                return call.fail(
                    with: .caseNotFound(request.number))
            }
            call.reply(
                with: Station.CaseHistory(
                    history.happenings.map { Station.Happening($0) }, earlier: history.earlier))
        } catch {
            call.fail(with: Words.unread(error.description))
        }
    }

    func list(_ request: Station.ListCases, _ call: VarlinkCall) {
        let files = request.openOnly ? book.pending(200) : book.latest(200)
        call.reply(with: Station.CaseList(files.map { message($0) }))
    }

    func refuse(_ request: Station.RefuseCase, _ call: VarlinkCall) {
        guard !request.reasons.isEmpty else {
            return call.fail(
                with: .fieldInvalid(
                    "reasons", reason: "is empty",
                    "A refusal must state its reasons, each a code or a sentence.",
                    next: "Write at least one reason."))
        }
        var reasons: [GivenReason] = []
        for (index, text) in request.reasons.enumerated() {
            let field = "reasons[\(index)]"
            if let code = GivenReason.unknownCode(in: text) {
                return call.fail(with: .noSuchReason(field, code))
            }
            guard let reason = GivenReason(text) else {
                return call.fail(with: .saysNothing(field))
            }
            reasons.append(reason)
        }
        record(request.number, call) { [book] id, who throws(CaseError) in
            try book.refuse(id, reasons, who: who)
        }
    }

    func close(_ request: Station.CloseCase, _ call: VarlinkCall) {
        guard WrittenText.saysSomething(request.reason) else {
            return call.fail(with: .saysNothing("reason"))
        }
        record(request.number, call) { [book] id, who throws(CaseError) in
            try book.close(id, reason: request.reason, who: who)
        }
    }

    func record(_ event: CaseEvent, _ number: String, _ call: VarlinkCall) {
        record(number, call) { [book] id, who throws(CaseError) in
            try book.record(event, case: id, who: who)
        }
    }

    func record(
        _ number: String, _ call: VarlinkCall,
        _ act: (CaseID, Who) throws(CaseError) -> Casework.Receipt
    ) {
        guard let id = CaseID(number), book.file(id) != nil else {
            return call.fail(
                with: .caseNotFound(number))
        }
        for run in restores.permitted(of: id) where run.claimEnding() {
            conclude(run, .refused(.superseded))
        }
        do throws(CaseError) {
            call.reply(with: Station.Receipt(try act(id, call.caller.who)))
        } catch {
            call.fail(with: refusal(error, number))
        }
    }

    /// - Parameter stage: what its papers are of; nil for where it stands.
    func message(_ file: CaseFile, papersOf stage: CaseStage? = nil) -> Station.Case {
        var restore: String? = nil
        switch file.state {
        case .inProgress(let id, _), .unblockedUnproven(let id): restore = id
        case .unknown(let ids): restore = ids.first
        default: break
        }
        return Station.Case(
            number: file.id.text, request: file.request.text, kind: file.kind.rawValue,
            requestNumber: file.requestNumber,
            managingBody: file.managingBody, deviceNumber: file.deviceNumber,
            holder: try? book.holder(of: file.id), opened: file.openedAt.description,
            state: file.state.name, restore: restore,
            acts: CaseRule.acts(file.kind, file.state.stage).map(\.rawValue),
            papers: CaseRule.papers(file.kind, stage ?? file.state.stage).map(\.rawValue),
            awaitsNotice: file.awaitsNotice, keyIsProven: file.keyIsProven, due: due(file))
    }
}

extension Station.Receipt {
    init(_ receipt: Casework.Receipt) {
        self.init(journalSequence: Int(receipt.sequence), journalHead: receipt.hash)
    }
}

extension Station.Happening {
    init(_ one: CaseHappening) {
        self.init(
            sequence: Int(one.sequence), time: one.time.description, clock: one.clock.rawValue,
            kind: one.kind.rawValue, user: Int(one.who.user), officer: one.who.officer,
            outcome: one.outcome, reasons: one.reasons,
            unblockingSpent: one.unblockingSpent.map { Station.Spent($0) },
            pinSpent: one.pinSpent.map { Station.Spent($0) }, addressee: one.addressee,
            restore: one.restore)
    }
}
