import StationInterface

/// A paper as it is being typed in: the kind of request, who asks, who comes, and the devices.
struct RequestDraft: Equatable, Sendable {
    /// The agent's words for the kinds.
    enum Kind: String, CaseIterable, Equatable, Sendable {
        case restore
        case handOver = "hand-over"
        case takeBack = "return"
        case lost, misuse
    }

    enum Contact: Int, CaseIterable, Hashable, Sendable {
        case name, personalNumber, issuedOn, issuedAt, position, workplace, mobile
    }

    enum Column: Int, CaseIterable, Hashable, Sendable {
        case deviceNumber, certificateName, workplace, mail, certificateSerial
    }

    /// What can be entered.
    enum Entry: Hashable, Sendable {
        case kind, number, managingBody, received, permission, returnReason, noticed
        case contact(Contact)
        /// Devices count from 0.
        case device(Int, Column)
        /// A line of what happened.
        case report(Int)
    }

    enum Page: Equatable, Sendable {
        case paper, contact
        case device(Int)
        case report, summary
    }

    static let mostDevices = 100
    static let reportLines = 6

    var kind = Kind.restore
    /// `nil` while nobody chose.
    var isRevoked: Bool?
    private var texts: [Entry: TextField] = [:]
    private(set) var devices = 1
    private(set) var page = 0
    private(set) var focus = 0
    /// Entries that somebody has left: of these gaps are told at once.
    private var left: Set<Entry> = []
    /// What the agent found in `checked`; nil: not asked yet.
    var findings: [Station.IntakeFinding]?
    var checked: Station.RequestForm?
    /// It is being taken in: what was found in it is known.
    var isTaking = false
    /// The incomplete request whose paper comes again.
    var completes: String?
    /// Escape was pressed once: the next one drops what was typed.
    var isLeaving = false

    init() {}

    /// One that somebody has begun already.
    init(_ kind: Kind, devices: Int, completing request: String?, page: Int) {
        self.kind = kind
        self.devices = devices
        completes = request
        self.page = min(max(page, 0), pages.count - 1)
    }

    subscript(entry: Entry) -> TextField {
        get { texts[entry] ?? TextField() }
        set { texts[entry] = newValue.text.isEmpty && newValue.cursor == 0 ? nil : newValue }
    }

    var isEmpty: Bool { texts.values.allSatisfy { $0.trimmed.isEmpty } }

    // MARK: pages

    var pages: [Page] {
        var pages: [Page] = [.paper, .contact]
        for i in 0..<devices { pages.append(.device(i)) }
        if kind == .lost || kind == .misuse { pages.append(.report) }
        pages.append(.summary)
        return pages
    }

    var here: Page { pages[min(page, pages.count - 1)] }

    func entries(of page: Page) -> [Entry] {
        switch page {
        case .paper:
            var entries: [Entry] = completes == nil ? [.kind] : []
            for entry in [Entry.number, .managingBody, .received] { entries.append(entry) }
            switch kind {
            case .handOver: entries.append(.permission)
            case .takeBack:
                entries.append(.returnReason)
                entries.append(.noticed)
            case .restore, .lost, .misuse: break
            }
            return entries
        case .contact: return Contact.allCases.map { .contact($0) }
        case .device(let i): return Column.allCases.map { .device(i, $0) }
        case .report: return (0..<RequestDraft.reportLines).map { .report($0) }
        case .summary: return []
        }
    }

    /// The entry that has the keys; nil on the summary.
    var entry: Entry? {
        let entries = entries(of: here)
        return focus < entries.count ? entries[focus] : nil
    }

    mutating func turn(to page: Int) {
        leave()
        self.page = min(max(page, 0), pages.count - 1)
        focus = 0
    }

    mutating func focus(on number: Int) {
        guard entries(of: here).indices.contains(number) else { return }
        leave()
        focus = number
    }

    /// The next entry, on the next page where this one's are done.
    mutating func goOn() {
        leave()
        if focus + 1 < entries(of: here).count { focus += 1 } else { turn(to: page + 1) }
    }

    mutating func goBack() {
        leave()
        if focus > 0 {
            focus -= 1
        } else if page > 0 {
            turn(to: page - 1)
            focus = max(entries(of: here).count - 1, 0)
        }
    }

    mutating func go(to entry: Entry) {
        for (i, page) in pages.enumerated() {
            if let place = entries(of: page).firstIndex(of: entry) {
                (self.page, focus) = (i, place)
                return
            }
        }
    }

    private mutating func leave() {
        if let entry { left.insert(entry) }
    }

    /// Whether a gap in the entry is one already, and not only not reached yet.
    func isGap(_ entry: Entry) -> Bool { left.contains(entry) && self.entry != entry }

    // MARK: devices

    /// One more row, which is turned to; false where a paper may not have more.
    mutating func addDevice() -> Bool {
        guard devices < RequestDraft.mostDevices else { return false }
        devices += 1
        turn(to: pages.firstIndex(of: .device(devices - 1)) ?? page)
        return true
    }

    /// The row of this page is taken out; those behind it move up. The last one stays.
    mutating func removeDevice() -> Bool {
        guard case .device(let gone) = here, devices > 1 else { return false }
        for i in gone..<devices {
            for column in Column.allCases {
                texts[.device(i, column)] = i + 1 < devices ? texts[.device(i + 1, column)] : nil
            }
        }
        devices -= 1
        turn(to: min(page, (pages.firstIndex(of: .device(devices - 1)) ?? page)))
        return true
    }

    // MARK: choices

    /// Turns an entry that is chosen, not typed; false for any other.
    mutating func choose(_ step: Int) -> Bool {
        switch entry {
        case .kind:
            let kinds = Kind.allCases
            let now = kinds.firstIndex(of: kind) ?? 0
            kind = kinds[(now + step + kinds.count) % kinds.count]
        case .returnReason: isRevoked = isRevoked.map { !$0 } ?? (step < 0)
        default: return false
        }
        return true
    }
}

// MARK: - What goes to the agent

extension RequestDraft {
    /// Entries that are times and cannot be read as such.
    var unreadable: [Entry] {
        [Entry.received, .noticed].filter { entry in
            entries(of: .paper).contains(entry) && !self[entry].trimmed.isEmpty
                && LocalTime.rfc3339(self[entry].trimmed) == nil
        }
    }

    var form: Station.RequestForm {
        var contact = Station.Contact()
        contact.name = self[.contact(.name)].trimmed
        contact.personalNumber = self[.contact(.personalNumber)].trimmed
        contact.issuedOn = self[.contact(.issuedOn)].trimmed
        contact.issuedAt = self[.contact(.issuedAt)].trimmed
        contact.position = self[.contact(.position)].trimmed
        contact.workplace = self[.contact(.workplace)].trimmed
        contact.mobile = self[.contact(.mobile)].trimmed
        let rows = (0..<devices).map { i in
            var row = Station.DeviceRow()
            row.deviceNumber = self[.device(i, .deviceNumber)].trimmed
            row.certificateName = self[.device(i, .certificateName)].trimmed
            row.workplace = self[.device(i, .workplace)].trimmed
            row.mail = self[.device(i, .mail)].trimmed
            row.certificateSerial = self[.device(i, .certificateSerial)].trimmed
            return row
        }
        let report = (0..<RequestDraft.reportLines).map { self[.report($0)].trimmed }
            .filter { !$0.isEmpty }.joined(separator: " ")
        func some(_ text: String) -> String? { text.isEmpty ? nil : text }
        return Station.RequestForm(
            kind: kind.rawValue, requestNumber: self[.number].trimmed,
            managingBody: self[.managingBody].trimmed,
            received: LocalTime.rfc3339(self[.received].trimmed), contact: contact, devices: rows,
            permission: kind == .handOver ? some(self[.permission].trimmed) : nil,
            returnReason: kind == .takeBack
                ? isRevoked.map { $0 ? "revoked" : "expired" } : nil,
            noticed: kind == .takeBack ? LocalTime.rfc3339(self[.noticed].trimmed) : nil,
            report: kind == .lost || kind == .misuse ? some(report) : nil)
    }

    /// A request that came incomplete, to be typed on: what the agent shows masked is left empty.
    init?(completing request: Station.RequestShown) {
        guard let form = request.form, let kind = Kind(rawValue: form.kind) else { return nil }
        completes = request.request
        self.kind = kind
        devices = min(max(form.devices.count, 1), RequestDraft.mostDevices)
        var texts: [Entry: String] = [
            .number: form.requestNumber, .managingBody: form.managingBody,
            .permission: form.permission ?? "", .report(0): form.report ?? "",
        ]
        if let contact = form.contact {
            texts[.contact(.name)] = contact.name
            texts[.contact(.personalNumber)] =
                contact.personalNumber.contains("•") ? "" : contact.personalNumber
            texts[.contact(.issuedOn)] = contact.issuedOn
            texts[.contact(.issuedAt)] = contact.issuedAt
            texts[.contact(.position)] = contact.position
            texts[.contact(.workplace)] = contact.workplace
            texts[.contact(.mobile)] = contact.mobile
        }
        for (i, row) in form.devices.prefix(RequestDraft.mostDevices).enumerated() {
            texts[.device(i, .deviceNumber)] = row.deviceNumber
            texts[.device(i, .certificateName)] = row.certificateName
            texts[.device(i, .workplace)] = row.workplace
            texts[.device(i, .mail)] = row.mail
            texts[.device(i, .certificateSerial)] = row.certificateSerial
        }
        isRevoked = form.returnReason.map { $0 == "revoked" }
        for (entry, text) in texts where !text.isEmpty { self.texts[entry] = TextField(text) }
        turn(to: 0)
    }

    /// The entry of a finding's field; nil for one that the draft has none for.
    func entry(ofField field: String) -> Entry? {
        pages.flatMap { entries(of: $0) }.first { $0.field == field }
    }

    /// What was found in an entry, worst first.
    func found(in entry: Entry) -> Station.IntakeFinding? {
        let here = (findings ?? []).filter { $0.field == entry.field }
        return here.first { $0.mustComplete } ?? here.first
    }

    /// A device without its number: not even an incomplete request is taken in with one.
    var nameless: Station.IntakeFinding? {
        mustComplete.first { found in
            if case .device(_, .deviceNumber)? = entry(ofField: found.field) {
                return found.rule == "missing"
            }
            return false
        }
    }

    /// Findings that keep it from being valid.
    var mustComplete: [Station.IntakeFinding] { (findings ?? []).filter(\.mustComplete) }
}

extension RequestDraft.Entry {
    /// Whether it is made of Vietnamese words; numbers, dates and addresses are taken letter for
    /// letter.
    var takesWords: Bool {
        switch self {
        // Its number has letters such as QĐ.
        case .number, .managingBody, .permission, .report: true
        case .contact(let field):
            switch field {
            case .name, .issuedAt, .position, .workplace: true
            case .personalNumber, .issuedOn, .mobile: false
            }
        case .device(_, let column): column == .certificateName || column == .workplace
        case .kind, .received, .returnReason, .noticed: false
        }
    }

    /// The agent's word for the field.
    var field: String {
        switch self {
        case .kind: "kind"
        case .number: "number"
        case .managingBody: "managing_body"
        case .received: "received"
        case .permission: "permission"
        case .returnReason: "return_reason"
        case .noticed: "noticed"
        case .report(0): "report"
        case .report: ""
        case .contact(let field):
            switch field {
            case .name: "contact.name"
            case .personalNumber: "contact.personal_number"
            case .issuedOn: "contact.issued_on"
            case .issuedAt: "contact.issued_at"
            case .position: "contact.position"
            case .workplace: "contact.workplace"
            case .mobile: "contact.mobile"
            }
        case .device(let row, let column):
            switch column {
            case .deviceNumber: "devices[\(row)].device_number"
            case .certificateName: "devices[\(row)].certificate_name"
            case .workplace: "devices[\(row)].workplace"
            case .mail: "devices[\(row)].mail"
            case .certificateSerial: "devices[\(row)].certificate_serial"
            }
        }
    }
}

/// A time as people here write it: `21/11/2026` or `21/11/2026 10:40`, local.
enum LocalTime {
    /// The same in RFC 3339; nil for anything else. Whether there is such a day is not judged.
    static func rfc3339(_ text: String) -> String? {
        let halves = text.split(separator: " ")
        guard let day = halves.first, halves.count <= 2 else { return nil }
        let parts = day.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, let d = number(parts[0], 1...2, 1...31),
            let m = number(parts[1], 1...2, 1...12), let y = number(parts[2], 4...4, 2000...2999)
        else { return nil }
        var time = (hour: 0, minute: 0)
        if halves.count == 2 {
            let clock = halves[1].split(separator: ":", omittingEmptySubsequences: false)
            guard clock.count == 2, let hour = number(clock[0], 1...2, 0...23),
                let minute = number(clock[1], 2...2, 0...59)
            else { return nil }
            time = (hour, minute)
        }
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }
        return "\(y)-\(two(m))-\(two(d))T\(two(time.hour)):\(two(time.minute)):00+07:00"
    }

    private static func number(
        _ text: Substring, _ length: ClosedRange<Int>, _ range: ClosedRange<Int>
    ) -> Int? {
        guard length.contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let value = Int(text), range.contains(value)
        else { return nil }
        return value
    }
}
