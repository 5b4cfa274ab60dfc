import Casework
import Paperwork
import StationInterface
import Varlink
import WorkingDays

/// The papers of a case, filled from the record and the office's files. The station makes the
/// page; who asked for it prints it.
extension Agent {
    func paper(_ request: Station.GetPaper, _ call: VarlinkCall) {
        guard let id = CaseID(request.number), let found = book.file(id),
            let of = book.request(found.request)
        else {
            return call.fail(
                with: .caseNotFound(request.number))
        }
        var file = found
        var others = of.cases.compactMap { book.file($0) }
        if found.state.stage == .closed {
            // What it came to is what its papers are of, and those that were closed with it.
            do throws(JournalError) {
                let before = try book.beforeClosing(others)
                file = before[id] ?? found
                others = others.map { before[$0.id] ?? $0 }
            } catch {
                return call.fail(with: Words.unread(error.description))
            }
        }
        let papers = CaseRule.papers(file.kind, file.state.stage)
        guard let paper = CasePaper(rawValue: request.paper), papers.contains(paper),
            let kind = DocumentKind(rawValue: paper.rawValue)
        else {
            return call.fail(
                with: .paperUnavailable(
                    id.text, request.paper,
                    found.state.stage == .closed
                        ? "A case that was \(file.state.name) when it was closed has no paper "
                            + "\(request.paper)."
                        : "A case that is \(file.state.name) has no paper \(request.paper).",
                    next: "Print one of: \(papers.map(\.rawValue).joined(separator: ", "))."))
        }
        guard let template = office.papers else {
            return call.fail(
                with: .paperUnavailable(
                    id.text, request.paper,
                    "The station has no file of its office, or no templates.",
                    next: "A technician names office and templates in the configuration."))
        }
        let personal: PersonalData
        let written: WrittenWords
        do throws(CaseError) {
            personal = try book.personal(of: of.id)
            written = try WrittenWords(book, file, others)
        } catch {
            return call.fail(with: refusal(error, id.text))
        }
        var cited = CitedLines()
        if [.receipt, .handOverRecord].contains(kind) {
            do throws(JournalError) {
                cited = try book.cited(of: file)
            } catch {
                return call.fail(with: Words.unread(error.description))
            }
        }
        // A receipt has who ended it, other papers who has them made.
        let who = kind == .receipt ? cited.result?.who : call.caller.who
        let desk = PaperDesk(
            case: file, request: of, personal: personal, written: written, cited: cited,
            others: others, bodies: office.bodies, isWhole: call.caller.has(.personal),
            officer: who?.officer.flatMap { office.officers.officer($0)?.name },
            head: book.journal.head, due: due(file),
            now: trustedTime.flatMap { TimeLabel(wallClock: $0, at: .vietnam) })
        var values = DocumentValues(
            template.office, isTraining: configuration.mode == .training)
        desk.fill(&values, kind)
        if let text = request.qr {
            guard let qr = QRCode(svg: Array(text.utf8)) else {
                return call.fail(with: .unfit("qr", "is no picture as qrencode draws it"))
            }
            values[.qr] = .qr(qr)
        }
        do throws(TemplateError) {
            let page = try template.templates.render(kind, values)
            call.reply(
                with: Station.Paper(
                    name: "\(kind.rawValue)-\(id.text).html",
                    html: String(decoding: page, as: UTF8.self)))
        } catch {
            call.fail(
                with: .paperUnavailable(
                    id.text, request.paper, "The paper could not be made: \(error).",
                    next: "Add what is missing to the request, or correct the template."))
        }
    }
}

/// What people wrote, as far as papers show it.
private struct WrittenWords {
    /// Of each refused case of the request.
    private(set) var reasons: [CaseID: [String]] = [:]
    /// Of the case's notices, in order.
    private(set) var references: [String] = []

    init(_ book: CaseBook, _ file: CaseFile, _ others: [CaseFile]) throws(CaseError) {
        for one in others {
            if case .refused(let refusal) = one.state {
                reasons[one.id] = try book.words(of: refusal)
            }
        }
        for notice in file.notices { references.append(try book.words(of: notice.reference)) }
    }
}

/// What a paper shows of a case.
private struct PaperDesk {
    let file: CaseFile
    let request: RequestFile
    let personal: PersonalData
    let written: WrittenWords
    /// What the record says of the case's end.
    let cited: CitedLines
    /// All cases of the request.
    let others: [CaseFile]
    let bodies: BodyTable
    /// Whether personal numbers stand there whole.
    let isWhole: Bool
    /// nil where nobody was signed in.
    let officer: String?
    let head: Casework.Receipt
    let due: Station.Due?
    /// nil while the clock is not synchronised: then days are left to be written by hand.
    let now: TimeLabel?

    init(
        case file: CaseFile, request: RequestFile, personal: PersonalData,
        written: WrittenWords, cited: CitedLines, others: [CaseFile], bodies: BodyTable,
        isWhole: Bool, officer: String?, head: Casework.Receipt, due: Station.Due?,
        now: TimeLabel?
    ) {
        self.file = file
        self.request = request
        self.personal = personal
        self.written = written
        self.cited = cited
        self.others = others
        self.bodies = bodies
        self.isWhole = isWhole
        self.officer = officer
        self.head = head
        self.due = due
        self.now = now
    }

    func fill(_ values: inout DocumentValues, _ kind: DocumentKind) {
        func text(_ field: DocumentField, _ text: String) {
            if !text.isEmpty { values[field] = .text(text) }
        }
        text(.caseNumber, file.id.text)
        text(.requestNumber, file.requestNumber)
        text(.bodyName, file.managingBody)
        text(.contactName, personal.contact.name)
        text(.contactPosition, personal.contact.position)
        text(.contactBody, personal.contact.workplace)
        text(.contactPhone, personal.contact.mobile)
        values[.documentDay] = now.map { .day($0.date) }
        values[.requestReceived] = received.map { .moment($0) } ?? .unknown
        values[.devices] = .rows(shown(kind).map(row))
        values[.due] =
            due?.term == "at-once" ? .atOnce : due?.date.flatMap { CivilDate($0) }.map { .day($0) }
            ?? (kind == .receptionSlip ? .unknown : nil)
        if file.kind == .restore { values[.term] = .count(CaseTerm.restoreDays) }
        text(.officerName, officer ?? "")
        text(.journalHead, grouped(head.hash))
        text(.journalLine, String(head.sequence))
        fillPeople(&values, kind)
        fillResult(&values, kind)
        if kind == .completionRequest {
            values[.findings] = .rows(
                request.missing.compactMap { code in
                    FindingWords.of(code).map { words in
                        var row = DocumentRow([
                            .findingField: .text(words.field), .findingText: .text(words.toDo),
                        ])
                        row[.findingRule] = FindingWords.rule(code, request.kind)
                            .map { .text($0) }
                        return row
                    }
                })
        }
    }

    /// Letters are about all devices of the request that share the case's fate, records about one.
    private func shown(_ kind: DocumentKind) -> [CaseFile] {
        switch kind {
        case .receptionSlip, .completionRequest: others
        case .restoreNotice:
            others.filter { [.restored, .unblockedUnproven].contains($0.state.stage) }
        case .refusal: others.filter { $0.state.stage == .refused }
        case .routingLetter: others.filter { $0.state.stage == .routed }
        default: [file]
        }
    }

    private func row(_ one: CaseFile) -> DocumentRow {
        let device = personal.device(one.row, number: one.deviceNumber)
        var row = DocumentRow()
        func text(_ field: DocumentField, _ text: String) {
            if !text.isEmpty { row[field] = .text(text) }
        }
        text(.deviceNumber, device.deviceNumber)
        text(.deviceCertificate, device.certificateName)
        text(.deviceBody, device.workplace)
        text(.deviceEmail, device.mail)
        // As the token had it, else as the request says; Mẫu 06 has no such column.
        let given = device.certificateSerial.isEmpty ? nil : device.certificateSerial
        row[.deviceSerial] =
            (one.token?.certificateNumber ?? given).map { .text($0) } ?? .unknown
        switch one.state {
        case .restored: text(.deviceOutcome, "Đã khôi phục")
        case .unblockedUnproven: text(.deviceOutcome, "Đã mở khóa, chưa kiểm tra được khóa bí mật")
        case .refused:
            let reasons = (written.reasons[one.id] ?? []).map(PaperWords.reason)
            text(.deviceReason, reasons.joined(separator: "; "))
        case .routed(let carrier): text(.deviceKind, PaperWords.carrier(carrier))
        default: break
        }
        if request.kind == .takeBack, let reason = request.returnReason {
            text(.deviceReason, PaperWords.reason(reason))
        }
        if one.state.isDone { row[.deviceDone] = moment(one.since, one.sinceClock) }
        return row
    }

    private func fillPeople(_ values: inout DocumentValues, _ kind: DocumentKind) {
        func text(_ field: DocumentField, _ text: String) {
            if !text.isEmpty { values[field] = .text(text) }
        }
        let contact = personal.contact
        switch kind {
        case .handOverRecord, .form07:
            values[.giverName] = .byHand
            text(.giverBody, file.managingBody)
            fillSubscriber(&values, .receiver)
        case .form08:
            fillSubscriber(&values, .giver)
            values[.receiverName] = .byHand
            text(.receiverBody, file.managingBody)
        case .form09, .misuseRecord:
            text(.reporterName, contact.name)
            text(.reporterBody, contact.workplace)
            text(.reporterPhone, contact.mobile)
            fillParticulars(&values, .reporter)
            text(.eventText, personal.report)
        // Whose it is need not be who takes it away, and who that is nobody records.
        case .receipt: values[.receiverName] = .byHand
        default: break
        }
        text(.permissionNumber, personal.permission)
        let told = zip(file.notices, written.references).map { notice, reference in
            DocumentRow([
                .toldWho: .text(PaperWords.addressee(notice.addressee)),
                .toldMoment: moment(notice.time, notice.clock) ?? .unknown,
                .toldHow: .text(reference),
            ])
        }
        // Nobody yet: a line to be written by hand.
        let blank = DocumentRow([.toldWho: .byHand, .toldMoment: .byHand])
        values[.told] = .rows(told.isEmpty ? [blank] : told)
        if let noticed = request.noticed.flatMap(label) { values[.noticeDay] = .day(noticed.date) }
    }

    /// The subscriber is the person of the row: who receives a device, and who gives it back.
    /// Where that is a body, or somebody collects it by a written permission, no record says
    /// which person it is, and who comes writes the name in.
    private func fillSubscriber(_ values: inout DocumentValues, _ party: PaperParty) {
        let device = personal.device(file.row, number: file.deviceNumber)
        let name = device.certificateName
        let body = bodies.isBody(name, of: device.workplace, file.managingBody)
        guard !name.isEmpty, !body, personal.permission.isEmpty else {
            values[party.name] = .byHand
            values[party.body] = .text(name)
            return
        }
        values[party.name] = .text(name)
        values[party.body] = .text(device.workplace)
        // The contact person's papers are the subscriber's where both are one.
        guard ComparedText.likeness(name, personal.contact.name) == .equal,
            ComparedText.likeness(device.workplace, personal.contact.workplace) == .equal
        else { return }
        fillParticulars(&values, party)
    }

    /// The contact person's position and papers.
    private func fillParticulars(_ values: inout DocumentValues, _ party: PaperParty) {
        func text(_ field: DocumentField, _ text: String) {
            if !text.isEmpty { values[field] = .text(text) }
        }
        let contact = personal.contact
        text(party.position, contact.position)
        guard !isWhole else {
            text(party.id, contact.personalNumber)
            if case .day(let day) = WrittenDate(contact.issuedOn) {
                values[party.idDay] = .day(day)
            }
            return text(party.idPlace, contact.issuedAt)
        }
        guard !contact.personalNumber.isEmpty else { return }
        text(party.id, masked(contact.personalNumber) + " " + PaperWords.byHand)
    }

    private func fillResult(_ values: inout DocumentValues, _ kind: DocumentKind) {
        let device = personal.device(file.row, number: file.deviceNumber)
        if !device.certificateName.isEmpty { values[.holderName] = .text(device.certificateName) }
        switch file.state {
        case .restored:
            values[.resultText] = .text("Đã khôi phục")
            values[.resultEvidence] = .text(PaperWords.proven)
        case .unblockedUnproven: values[.resultText] = .text("Đã mở khóa, chưa kiểm tra được khóa")
        default: break
        }
        values[.resultMoment] = moment(file.since, file.sinceClock) ?? .unknown
        if let result = cited.result {
            values[.resultLine] = .text(String(result.receipt.sequence))
            values[.resultCode] = .text(grouped(result.receipt.hash))
        }
        if kind == .handOverRecord { fillProof(&values) }
        values[.resultTries] = file.triesSpent.map { .text(PaperWords.tries($0)) } ?? .unknown
    }

    /// What the key check before a hand-over came to, and when that was.
    private func fillProof(_ values: inout DocumentValues) {
        guard let proof = cited.proof else {
            values[.resultText] = .text(PaperWords.notProven)
            values[.resultMoment] = nil
            return
        }
        values[.resultText] = .text(PaperWords.proven)
        values[.resultMoment] = moment(proof.receipt.time, proof.receipt.clock) ?? .unknown
        if let words = proof.evidence.flatMap(PaperWords.grade) {
            values[.resultEvidence] = .text(words)
        }
    }

    private var received: TimeLabel? {
        request.hasLabel || request.recordedClock == .synced ? label(request.received) : nil
    }

    private func label(_ time: Timestamp) -> TimeLabel? {
        TimeLabel(wallClock: time.milliseconds / 1000, at: .vietnam)
    }

    /// When the record says that it was, by what clock it says so.
    private func moment(_ time: Timestamp, _ clock: ClockState) -> DocumentValue? {
        label(time).map { clock == .synced ? .moment($0) : .unsureMoment($0) }
    }

    /// The first sixteen digits in fours, as paper shows them.
    private func grouped(_ hash: String) -> String {
        let digits = Array(hash.prefix(16))
        return stride(from: 0, to: digits.count, by: 4)
            .map { String(digits[$0..<min($0 + 4, digits.count)]) }.joined(separator: " ")
    }
}

/// The fields of a person in a record.
private struct PaperParty {
    let name, position, body, id, idDay, idPlace: DocumentField

    static let giver = PaperParty(
        name: .giverName, position: .giverPosition, body: .giverBody, id: .giverID,
        idDay: .giverIDDay, idPlace: .giverIDPlace)
    static let receiver = PaperParty(
        name: .receiverName, position: .receiverPosition, body: .receiverBody, id: .receiverID,
        idDay: .receiverIDDay, idPlace: .receiverIDPlace)
    static let reporter = PaperParty(
        name: .reporterName, position: .reporterPosition, body: .reporterBody, id: .reporterID,
        idDay: .reporterIDDay, idPlace: .reporterIDPlace)
}

/// Words that papers need besides their templates'.
private enum PaperWords {
    /// Behind a number of which whoever asked for the paper may not see all.
    static let byHand = "(viết tay các chữ số còn thiếu)"

    static let proven = "khóa bí mật ở trong thiết bị và khớp với chứng thư"
    static let notProven = "chưa chứng minh được khóa bí mật ở trong thiết bị"

    /// What is known of where the key was made; nil for a word of another version.
    /// - Parameter evidence: as the journal has it, `attested 9a p256`.
    static func grade(_ evidence: String) -> String? {
        let words = evidence.split(separator: " ", maxSplits: 1)
        switch words.first.flatMap({ Proof.Grade(rawValue: String($0)) }) {
        case .attested: return "nhà sản xuất xác nhận khóa được sinh trong thiết bị này"
        case .deviceSaysGenerated: return "thiết bị tự khai khóa được sinh trong thiết bị"
        case .personaliserSays:
            return "bên ghi thiết bị khai khóa được sinh bên trong, thiết bị không tự khai"
        case .possession: return "thiết bị đã ký thử; không rõ khóa được sinh ở đâu"
        case .imported: return "khóa được nạp từ ngoài vào, có thể còn bản sao ở nơi khác"
        case .notShown, nil: return nil
        }
    }

    /// A reason that an officer wrote stands as it is; the station's own have words here.
    static func reason(_ text: String) -> String {
        ReasonWords.of(text) ?? text
    }

    static func reason(_ reason: ReturnReason) -> String {
        switch reason {
        case .expired: "Chứng thư chữ ký số hết hạn sử dụng"
        case .revoked: "Chứng thư chữ ký số bị thu hồi"
        }
    }

    static func carrier(_ carrier: OtherCarrier) -> String {
        switch carrier {
        case .simPKI: "SIM PKI"
        case .hsm: "HSM"
        case .centralised: "Ký số tập trung"
        case .other: "Không phải PKI Token"
        }
    }

    static func addressee(_ addressee: Addressee) -> String {
        switch addressee {
        case .managingBody: "Cơ quan, tổ chức quản lý trực tiếp"
        case .provider: "Cục Chứng thực số và Bảo mật thông tin"
        case .authority: "Người có thẩm quyền"
        case .technologyUnit: "Bộ phận chuyên trách công nghệ thông tin"
        }
    }

    static func tries(_ spent: TriesSpent) -> String {
        switch spent {
        case .exactly(let count): String(count)
        case .between(let low, let high): "\(low) hoặc \(high)"
        }
    }
}
