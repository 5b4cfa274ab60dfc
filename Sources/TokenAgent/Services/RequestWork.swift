import Casework
import StationInterface
import Varlink
import WorkingDays

/// Requests: taken in, completed, shown, and what becomes of their cases by an officer's word.
extension Agent {
    func check(_ request: Station.CheckRequest, _ call: VarlinkCall) {
        var id: RequestID? = nil
        if let text = request.completing {
            id = RequestID(text)
            guard let known = id, book.request(known) != nil else {
                return call.fail(with: .requestNotFound(text))
            }
        }
        let form: RequestForm
        do throws(StationError) {
            form = try read(request.form)
        } catch {
            return call.fail(with: error)
        }
        do throws(CaseError) {
            if let id { try book.checkCompletion(id, form) }
        } catch {
            return call.fail(with: refusal(error, id?.text ?? ""))
        }
        call.reply(with: checked(form, completing: id))
    }

    func receive(_ request: Station.ReceiveRequest, _ call: VarlinkCall) {
        takeIn(request.form, call) { [self] form, missing throws(CaseError) in
            try book.receive(form, missing: missing, who: call.caller.who)
        }
    }

    func complete(_ request: Station.CompleteRequest, _ call: VarlinkCall) {
        guard let id = RequestID(request.request) else {
            return call.fail(with: .requestNotFound(request.request))
        }
        takeIn(request.form, call, instead: id) { [self] form, missing throws(CaseError) in
            try book.complete(id, form, missing: missing, who: call.caller.who)
        }
    }

    private func takeIn(
        _ message: Station.RequestForm, _ call: VarlinkCall, instead id: RequestID? = nil,
        _ record: (RequestForm, [String]) throws(CaseError) -> (
            request: RequestFile, receipt: Casework.Receipt
        )
    ) {
        let form: RequestForm
        do throws(StationError) {
            form = try read(message)
        } catch {
            return call.fail(with: error)
        }
        let found = findings(form, instead: id)
        do throws(CaseError) {
            let missing = found.filter { $0.severity == .mustComplete }.map(\.code)
            let (request, receipt) = try record(form, missing)
            call.reply(
                with: Station.RequestTaken(
                    request: request.id.text, cases: request.cases.map(\.text),
                    checked: Station.RequestChecked(
                        findings: found.map { Station.IntakeFinding($0) }),
                    receipt: Station.Receipt(receipt)))
        } catch {
            call.fail(with: refusal(error, id?.text ?? ""))
        }
    }

    private func checked(
        _ form: RequestForm, completing id: RequestID?
    ) -> Station.RequestChecked {
        // The own cases of a paper that is on record are no finding.
        let known = id == nil ? book.known(form) : nil
        return Station.RequestChecked(
            findings: findings(form, instead: id ?? known).map { Station.IntakeFinding($0) },
            known: known?.text)
    }

    /// - Parameter instead: the request that the paper is; its own cases are no others.
    private func findings(_ form: RequestForm, instead id: RequestID?) -> [Intake.Finding] {
        let now = trustedTime.map { Timestamp(milliseconds: $0 * 1000) }
        let own = Set(id.flatMap { book.request($0)?.cases } ?? [])
        return Intake(now: now).findings(form, bodies: office.bodies) { key in
            book.openCase(ofDevice: key).flatMap { own.contains($0) ? nil : $0 }
        }
    }

    /// The message's names and times as values.
    private func read(_ message: Station.RequestForm) throws(StationError) -> RequestForm {
        guard let kind = CaseKind(rawValue: message.kind) else {
            throw .unfit("kind", "is none of " + CaseKind.names)
        }
        var form = RequestForm(
            kind: kind, number: message.requestNumber, managingBody: message.managingBody,
            devices: [])
        form.received = try Self.time(message.received, "received")
        form.contact = message.contact.map { ContactPerson($0) } ?? ContactPerson()
        form.devices = message.devices.map { DeviceRow($0) }
        form.particulars = Particulars(
            permission: message.permission ?? "",
            noticed: try Self.time(message.noticed, "noticed"),
            report: message.report ?? "")
        if let reason = message.returnReason {
            guard let reason = ReturnReason(rawValue: reason) else {
                throw .unfit("return_reason", "is neither expired nor revoked")
            }
            form.particulars.returnReason = reason
        }
        return form
    }

    private static func time(_ text: String?, _ field: String) throws(StationError) -> Timestamp? {
        guard let text else { return nil }
        guard let time = Timestamp(rfc3339: text) else {
            throw .unfit(field, "is no time, as 2026-11-20T09:00:00+07:00")
        }
        return time
    }

    // MARK: Showing

    func show(_ request: Station.GetRequest, _ call: VarlinkCall) {
        guard let id = RequestID(request.request), let file = book.request(id) else {
            return call.fail(with: .requestNotFound(request.request))
        }
        if request.whole, !call.caller.has(.personal) {
            call.fail(.permissionDenied)
            return
        }
        var form: Station.RequestForm? = nil
        var page: ([Station.Written], next: Int?) = ([], next: nil)
        do throws(CaseError) {
            if request.whole { page = try written(file, from: request.writtenFrom ?? 1) }
            let personal = try book.personal(of: id)
            form = Station.RequestForm(file, personal, cases: book, isWhole: request.whole)
        } catch {
            guard case .personalRemoved = error else {
                return call.fail(with: refusal(error, id.text))
            }
        }
        call.reply(
            with: Station.RequestShown(
                request: id.text, recorded: file.recorded.description,
                validSince: file.validSince?.description, missing: file.missing, form: form,
                cases: file.cases.compactMap { book.file($0) }.map { message($0) },
                written: page.0, writtenNext: page.next))
    }

    /// Acts, and bytes of what was written at them, in one page.
    private static let written = (acts: 200, bytes: 64 * 1024)

    /// What people wrote at acts of the request's cases, from the `first`th on.
    private func written(
        _ request: RequestFile, from first: Int
    ) throws(CaseError) -> ([Station.Written], next: Int?) {
        let all = request.cases.compactMap { book.file($0) }.flatMap { file in
            file.written.map { (file.id.text, $0) }
        }
        var page: [Station.Written] = []
        var bytes = 0
        for (number, kept) in all.dropFirst(first - 1) {
            guard page.count < Self.written.acts, bytes < Self.written.bytes else {
                return (page, first + page.count)
            }
            let texts = try book.words(kept.name)
            bytes += texts.reduce(0) { $0 + $1.utf8.count }
            page.append(
                Station.Written(caseNumber: number, act: kept.act.rawValue, texts: texts))
        }
        return (page, nil)
    }

    func removePersonal(_ request: Station.RemovePersonal, _ call: VarlinkCall) {
        guard let id = RequestID(request.request) else {
            return call.fail(with: .requestNotFound(request.request))
        }
        do throws(CaseError) {
            let receipt = try book.removePersonal(of: id, who: call.caller.who)
            call.reply(with: Station.Receipt(receipt))
        } catch {
            call.fail(with: refusal(error, id.text))
        }
    }

    /// What a retention time says may go now; nothing goes by itself.
    func listExpired(_ call: VarlinkCall) {
        let days = configuration.retentionDays
        var problem: String? = nil
        var expired: [Station.Expired] = []
        switch (days, trustedTime) {
        case (nil, _): problem = "no retention_days are configured"
        case (_, nil): problem = "the clock is not synchronised: what day it is, nobody knows"
        case (let days?, let now?):
            let moment = Timestamp(milliseconds: (now - Int64(days) * 86_400) * 1000)
            expired = book.requests(doneBefore: moment).prefix(Self.mostExpired).map {
                Station.Expired(
                    request: $0.request.id.text, requestNumber: $0.request.number,
                    managingBody: $0.request.managingBody, done: $0.done.description)
            }
        }
        call.reply(
            with: Station.ExpiredList(retentionDays: days, problem: problem, requests: expired))
    }

    private static let mostExpired = 500

    func listDue(_ call: VarlinkCall) {
        let waiting = book.unfinished().map { (file: $0, due: due($0)) }
            .enumerated()
            .sorted { ($0.element.due.urgency, $0.offset) < ($1.element.due.urgency, $1.offset) }
        call.reply(
            with: Station.CaseList(waiting.prefix(500).map { message($0.element.file) }))
    }

    /// By when something is to be done, by the office's calendar.
    func due(_ file: CaseFile) -> Station.Due? {
        guard let request = book.request(file.request), let term = file.term(of: request) else {
            return nil
        }
        let now = trustedTime.flatMap { TimeLabel(wallClock: $0, at: .vietnam)?.date }
        switch term {
        case .unconfirmed: return Station.Due(term: "unconfirmed")
        case .atOnce(let from):
            let day = TimeLabel(wallClock: from.milliseconds / 1000, at: .vietnam)?.date
            let isLate = now.flatMap { now in day.map { now > $0 } }
            return Station.Due(term: "at-once", date: day?.description, late: isLate)
        case .workingDays(let days, let from):
            // Without the document system's label the day came from a clock that nobody vouches
            // for.
            guard request.hasLabel || request.recordedClock == .synced,
                let day = TimeLabel(wallClock: from.milliseconds / 1000, at: .vietnam)?.date
            else {
                return Station.Due(
                    term: "unknown", problem: "the clock was not synchronised on reception")
            }
            do throws(CalendarError) {
                let due = try office.calendar.due(receivedOn: day, workingDays: days)
                return Station.Due(
                    term: "by-date", date: due.date.description,
                    late: now.map { due.standing(on: $0) == .late },
                    restsOn: due.doubtful.map(\.date.description))
            } catch {
                return Station.Due(term: "unknown", problem: "\(error)")
            }
        }
    }

    // MARK: Acts

    func route(_ request: Station.RouteCase, _ call: VarlinkCall) {
        guard let carrier = OtherCarrier(rawValue: request.carrier) else {
            let names = OtherCarrier.allCases.map(\.rawValue).joined(separator: ", ")
            return call.fail(with: .unfit("carrier", "is none of " + names))
        }
        record(.routed(carrier), request.number, call)
    }

    func sendNotice(_ request: Station.SendNotice, _ call: VarlinkCall) {
        guard let addressee = Addressee(rawValue: request.addressee) else {
            let names = Addressee.allCases.map(\.rawValue).joined(separator: ", ")
            return call.fail(with: .unfit("to", "is none of " + names))
        }
        let reference = WrittenText.line(request.reference)
        guard WrittenText.saysSomething(reference) else {
            return call.fail(with: .saysNothing("reference"))
        }
        guard !WrittenText.hidesSomething(reference) else {
            return call.fail(with: .hidesSomething("reference"))
        }
        guard reference.count <= RequestForm.longestField else {
            return call.fail(
                with: .unfit("reference", "is longer than \(RequestForm.longestField) characters"))
        }
        record(request.number, call) { [book] id, who throws(CaseError) in
            try book.sendNotice(of: id, to: addressee, reference: reference, who: who)
        }
    }
}

extension Timestamp {
    /// A time with its zone: `2026-11-20T09:00:00+07:00`, with Z for UTC; parts of a second are
    /// passed over.
    fileprivate init?(rfc3339 text: String) {
        let zoneAt = text.lastIndex { "Zz+-".contains($0) } ?? text.startIndex
        let zone = text[zoneAt...]
        let time = text[..<zoneAt].split(separator: ".", maxSplits: 1)
        let fraction = time.count == 2 ? time[1] : "0"
        guard let first = time.first, let label = TimeLabel(first),
            fraction.utf8.count <= 9, fraction.utf8.allSatisfy({ 0x30...0x39 ~= $0 }),
            let offset = UTCOffset(zone == "Z" || zone == "z" ? "+00:00" : String(zone))
        else { return nil }
        let seconds = label.date.days * 86_400 + label.secondOfDay - offset.minutes * 60
        self.init(milliseconds: Int64(seconds) * 1000)
    }
}

extension StationError {
    static func unfit(_ field: String, _ reason: String) -> StationError {
        .fieldInvalid(
            field, reason: reason, "The field \(field) \(reason).", next: "Correct the field.")
    }

    /// Of what a person has to write.
    static func saysNothing(_ field: String) -> StationError {
        .unfit(field, "has no letter and no digit that can be read")
    }

    /// Of a refusal's reason.
    static func noSuchReason(_ field: String, _ code: String) -> StationError {
        let meant = RefusalReason.nearest(to: code).map { "; did you mean \($0)?" } ?? ""
        return .unfit(field, "has \(code.prefix(40)), which is no code of a reason\(meant)")
    }

    /// Of what a person has to write.
    static func hidesSomething(_ field: String) -> StationError {
        .unfit(
            field, "has characters that cannot be seen or turn the text around: type it again")
    }

    static func caseNotFound(_ number: String) -> StationError {
        .caseNotFound(number, "There is no case \(number).", next: "List the cases.")
    }

    static func requestNotFound(_ request: String) -> StationError {
        .requestNotFound(
            request, "There is no request \(request).", next: "Look for it among the cases.")
    }
}

extension CaseKind {
    static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

extension ContactPerson {
    init(_ contact: Station.Contact) {
        self.init(
            name: contact.name, personalNumber: contact.personalNumber,
            issuedOn: contact.issuedOn, issuedAt: contact.issuedAt, position: contact.position,
            workplace: contact.workplace, mobile: contact.mobile)
    }
}

extension DeviceRow {
    init(_ row: Station.DeviceRow) {
        self.init(
            deviceNumber: row.deviceNumber, certificateName: row.certificateName,
            workplace: row.workplace, mail: row.mail, certificateSerial: row.certificateSerial)
    }
}

extension Station.IntakeFinding {
    init(_ finding: Intake.Finding) {
        self.init(
            field: finding.field.name, rule: finding.rule.code,
            mustComplete: finding.severity == .mustComplete, message: finding.description)
    }
}

extension Station.RequestForm {
    /// - Parameter isWhole: all of the contact's papers too; else the end of the personal number.
    init(_ file: RequestFile, _ personal: PersonalData, cases: CaseBook, isWhole: Bool) {
        var contact = Station.Contact(personal.contact)
        if !isWhole {
            contact.personalNumber = masked(contact.personalNumber)
            contact.issuedOn = ""
            contact.issuedAt = ""
        }
        let devices = file.cases.compactMap { cases.file($0) }.map { one in
            Station.DeviceRow(personal.device(one.row, number: one.deviceNumber))
        }
        self.init(
            kind: file.kind.rawValue, requestNumber: file.number, managingBody: file.managingBody,
            received: file.hasLabel ? file.received.description : nil, contact: contact,
            devices: devices,
            permission: personal.permission.isEmpty ? nil : personal.permission,
            returnReason: file.returnReason?.rawValue, noticed: file.noticed?.description,
            report: personal.report.isEmpty ? nil : personal.report)
    }
}

/// All but the last three digits of a personal number; of one that is cut short a quarter at most.
func masked(_ number: String) -> String {
    let shown = min(3, number.count / 4)
    return String(repeating: "•", count: number.count - shown) + number.suffix(shown)
}

extension Station.Due? {
    /// What is less is to be done sooner: by its day, at once before by the day's end. What has no
    /// day comes behind all that has one.
    fileprivate var urgency: String {
        guard let due = self, let date = due.date else { return "~" }
        return date + (due.term == "at-once" ? "0" : "1")
    }
}
