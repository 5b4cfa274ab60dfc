import JSON

extension CaseEvent {
    /// Writes the event's `what`.
    package func write(to what: inout What) {
        switch self {
        case .received(let event): event.write(to: &what)
        case .completed(let event): event.write(to: &what)
        case .personalRemoved(let request): what.put(.request, request.text)
        case .routed(let carrier): what.put(.carrier, carrier.rawValue)
        case .recorded: break
        case .noticeSent(let addressee, let reference):
            what.put(.addressee, addressee.rawValue)
            what.put(reference, orPlain: .reference)
        case .refused(let reasons, let written):
            what.put(.reasons, reasons)
            what.put(.written, written?.hex)
        case .closed(let reason): what.put(reason, orPlain: .reason)
        case .restoreBegun(let event):
            what.put(.restore, event.restore)
            what.put(.reader, event.reader)
            what.put(event.token)
            what.put(.permitExpires, event.permitExpires.description)
            what.put(.profile, event.profile)
            if !event.rights.isEmpty { what.put(.rights, event.rights) }
            if !event.compared.isEmpty { what.put(.compared, event.compared) }
        case .restoreIntent(let event):
            what.put(.restore, event.restore)
            what.put(.serial, event.serial)
            what.put(.step, event.step.rawValue)
            what.put(.code, event.code)
            what.put(.atPad, event.isAtPad ? true : nil)
            what.put(event.counters)
        case .restoreOutcome(let event), .restoreResolved(let event): event.write(to: &what)
        case .keycheckIntent(let event):
            what.put(.serial, event.serial)
            what.put(.family, event.family)
            what.put(.atPad, event.isAtPad ? true : nil)
            if !event.compared.isEmpty { what.put(.compared, event.compared) }
            what.put(event.counters)
        case .keycheckOutcome(let event): event.write(to: &what)
        case .tokenNoted(let token):
            what.put(.serial, token.serial)
            what.put(.family, token.family)
            what.put(.reason, CaseEvent.statusQueryUnsafe)
        case .commissionBegun(let event): event.write(to: &what)
        case .commissionIntent(let event): event.write(to: &what)
        case .commissionOutcome(let event): event.write(to: &what)
        case .profileSealed(let event): event.write(to: &what)
        }
    }

    /// Reads a line's `what`; nil for a kind that is not about cases.
    /// - Throws: where a line of this version's kinds lacks what it must say.
    init?(_ kind: JournalKind, _ what: inout WhatReader) throws(JSONError) {
        switch kind {
        case .requestReceived: self = .received(try RequestReceived(reading: &what))
        case .requestCompleted: self = .completed(try RequestCompleted(reading: &what))
        case .personalRemoved: self = .personalRemoved(try CaseEvent.request(&what))
        case .caseRouted: self = .routed(try CaseEvent.carrier(&what))
        case .caseRecorded:
            try what.fields { (_, _) throws(JSONError) in false }
            self = .recorded
        case .noticeSent: self = try CaseEvent.notice(&what)
        case .caseRefused: self = try CaseEvent.refusal(&what)
        case .caseClosed: self = .closed(reason: try CaseEvent.reason(&what))
        case .restoreBegun: self = .restoreBegun(try RestoreBegun(reading: &what))
        case .restoreIntent: self = .restoreIntent(try RestoreIntent(reading: &what))
        case .restoreOutcome: self = .restoreOutcome(try RestoreEnd(reading: &what))
        case .restoreResolved: self = .restoreResolved(try RestoreEnd(reading: &what))
        case .keycheckIntent: self = .keycheckIntent(try KeycheckIntent(reading: &what))
        case .keycheckOutcome: self = .keycheckOutcome(try KeycheckEnd(reading: &what))
        case .tokenNoted: self = .tokenNoted(try CaseEvent.notedToken(&what))
        case .commissionBegun: self = .commissionBegun(try CommissionBegun(reading: &what))
        case .commissionIntent: self = .commissionIntent(try CommissionIntent(reading: &what))
        case .commissionOutcome: self = .commissionOutcome(try CommissionEnd(reading: &what))
        case .profileSealed: self = .profileSealed(try ProfileSealed(reading: &what))
        default: return nil
        }
    }

    private static let statusQueryUnsafe = "status-query-unsafe"

    private static func notedToken(_ what: inout WhatReader) throws(JSONError) -> TokenName {
        var (serial, family): (String?, String?) = (nil, nil)
        try what.fields { (field, reader) throws(JSONError) in
            switch field {
            case .serial: serial = try reader.string()
            case .family: family = try reader.string()
            default: return false
            }
            return true
        }
        return TokenName(serial: try what.needed(serial, .serial), family: family)
    }

    private static func request(_ what: inout WhatReader) throws(JSONError) -> RequestID {
        var request: RequestID?
        try what.fields { (field, reader) throws(JSONError) in
            guard field == .request else { return false }
            request = try reader.request()
            return true
        }
        return try what.needed(request, .request)
    }

    private static func carrier(_ what: inout WhatReader) throws(JSONError) -> OtherCarrier {
        var carrier: OtherCarrier?
        try what.fields { (field, reader) throws(JSONError) in
            guard field == .carrier else { return false }
            carrier = try reader.named(OtherCarrier.self)
            return true
        }
        return try what.needed(carrier, .carrier)
    }

    private static func notice(_ what: inout WhatReader) throws(JSONError) -> CaseEvent {
        var addressee: Addressee?
        var reference = Remark.plain("")
        try what.fields { (field, reader) throws(JSONError) in
            switch field {
            case .addressee: addressee = try reader.named(Addressee.self)
            case .reference: reference = .plain(try reader.string())
            case .written: reference = .kept(try reader.commitment())
            default: return false
            }
            return true
        }
        return .noticeSent(try what.needed(addressee, .addressee), reference: reference)
    }

    private static func reason(_ what: inout WhatReader) throws(JSONError) -> Remark {
        var reason = Remark.plain("")
        try what.fields { (field, reader) throws(JSONError) in
            switch field {
            case .reason: reason = .plain(try reader.string())
            case .written: reason = .kept(try reader.commitment())
            default: return false
            }
            return true
        }
        return reason
    }

    private static func refusal(_ what: inout WhatReader) throws(JSONError) -> CaseEvent {
        var reasons: [String] = []
        var written: Commitment?
        try what.fields { (field, reader) throws(JSONError) in
            switch field {
            case .reasons: reasons = try reader.strings()
            case .written: written = try reader.commitment()
            default: return false
            }
            return true
        }
        return .refused(reasons: reasons, written: written)
    }
}

extension What {
    fileprivate mutating func put(_ remark: Remark, orPlain field: JournalField) {
        switch remark {
        case .kept(let name): put(.written, name.hex)
        case .plain(let text): put(field, text)
        }
    }
}

extension JournalEntry {
    /// The event of the line; nil for a kind that is not about cases.
    package func caseEvent() throws(JSONError) -> CaseEvent? {
        guard let kind else { return nil }
        return try WhatReader.over(whatBytes) { (reader) throws(JSONError) in
            try CaseEvent(kind, &reader)
        }
    }
}

extension WhatReader {
    /// The value, or the error that its key is missing.
    func needed<T>(_ value: T?, _ field: JournalField) throws(JSONError) -> T {
        guard let value else { throw missingKey(field) }
        return value
    }

    /// A value that is one of its type's names.
    fileprivate mutating func named<T: RawRepresentable<String>>(
        _ type: T.Type
    ) throws(JSONError) -> T {
        guard let value = T(rawValue: try string(maxLength: 100)) else {
            throw invalid("no \(type) that is known")
        }
        return value
    }

    fileprivate mutating func request() throws(JSONError) -> RequestID {
        guard let id = RequestID(try string(maxLength: 40)) else { throw invalid("no request") }
        return id
    }

    fileprivate mutating func commitment() throws(JSONError) -> Commitment {
        guard let found = Commitment(try string(maxLength: 64)) else {
            throw invalid("not a commitment")
        }
        return found
    }

    fileprivate mutating func timestamp() throws(JSONError) -> Timestamp {
        guard let time = Timestamp(try string(maxLength: 32)) else { throw invalid("not a time") }
        return time
    }
}

extension RequestReceived {
    fileprivate func write(to what: inout What) {
        what.put(.request, request.text)
        what.put(.name, kind.rawValue)
        what.put(.requestNumber, requestNumber)
        what.put(.managingBody, managingBody)
        what.put(.label, label?.description)
        what.put(.personal, personal.hex)
        what.array(.rows, rows) { row, what in
            what.put(.caseID, row.caseID.text)
            what.put(.deviceNumber, row.deviceNumber)
        }
        if !missing.isEmpty { what.put(.missing, missing) }
        what.put(.returnReason, returnReason?.rawValue)
        what.put(.noticed, noticed?.description)
    }

    fileprivate init(reading what: inout WhatReader) throws(JSONError) {
        var request: RequestID?
        var kind: CaseKind?
        var form = RequestForm(number: "", managingBody: "", devices: [])
        var personal: Commitment?
        var rows: [Row] = []
        var missing: [String] = []
        try what.fields { (field, reader) throws(JSONError) in
            switch field {
            case .request: request = try reader.request()
            case .name: kind = try reader.named(CaseKind.self)
            case .requestNumber: form.number = try reader.string()
            case .managingBody: form.managingBody = try reader.string()
            case .label: form.received = try reader.timestamp()
            case .personal: personal = try reader.commitment()
            case .rows: rows = try Row.all(reading: &reader)
            case .missing: missing = try reader.strings()
            case .returnReason:
                form.particulars.returnReason = try reader.named(ReturnReason.self)
            case .noticed: form.particulars.noticed = try reader.timestamp()
            default: return false
            }
            return true
        }
        guard !rows.isEmpty else { throw what.missingKey(.rows) }
        form.kind = try what.needed(kind, .name)
        self.init(
            request: try what.needed(request, .request), form: form,
            personal: try what.needed(personal, .personal), cases: [], missing: missing)
        self.rows = rows
    }
}

extension RequestReceived.Row {
    fileprivate static func all(reading reader: inout WhatReader) throws(JSONError) -> [Self] {
        var rows: [Self] = []
        try reader.elements { (reader) throws(JSONError) in
            var id: CaseID?
            var deviceNumber = ""
            try reader.fields { (field, reader) throws(JSONError) in
                switch field {
                case .caseID: id = CaseID(try reader.string(maxLength: 40))
                case .deviceNumber: deviceNumber = try reader.string()
                default: return false
                }
                return true
            }
            rows.append(Self(caseID: try reader.needed(id, .caseID), deviceNumber: deviceNumber))
        }
        return rows
    }
}

extension RequestCompleted {
    fileprivate func write(to what: inout What) {
        what.put(.request, request.text)
        what.put(.label, label?.description)
        what.put(.personal, personal.hex)
        what.put(.deviceNumbers, deviceNumbers)
        if !missing.isEmpty { what.put(.missing, missing) }
        what.put(.returnReason, returnReason?.rawValue)
        what.put(.noticed, noticed?.description)
        what.put(.requestNumber, requestNumber)
        what.put(.managingBody, managingBody)
        guard !changed.isEmpty else { return }
        what.array(.changed, changed) { change, what in
            what.put(.caseID, change.caseID.text)
            what.put(.before, change.before)
            what.put(.deviceNumber, change.deviceNumber)
        }
    }

    fileprivate init(reading what: inout WhatReader) throws(JSONError) {
        var request: RequestID?
        var form = RequestForm(number: "", managingBody: "", devices: [])
        var personal: Commitment?
        var missing: [String] = []
        var changed: [Change] = []
        var (number, body): (String?, String?)
        try what.fields { (field, reader) throws(JSONError) in
            switch field {
            case .request: request = try reader.request()
            case .changed: changed = try Change.all(reading: &reader)
            case .requestNumber: number = try reader.string()
            case .managingBody: body = try reader.string()
            case .label: form.received = try reader.timestamp()
            case .personal: personal = try reader.commitment()
            case .deviceNumbers:
                form.devices = try reader.strings().map { DeviceRow(deviceNumber: $0) }
            case .missing: missing = try reader.strings()
            case .returnReason:
                form.particulars.returnReason = try reader.named(ReturnReason.self)
            case .noticed: form.particulars.noticed = try reader.timestamp()
            default: return false
            }
            return true
        }
        self.init(
            request: try what.needed(request, .request), form: form,
            personal: try what.needed(personal, .personal), missing: missing,
            changed: changed, requestNumber: number, managingBody: body)
    }
}

extension RequestCompleted.Change {
    fileprivate static func all(reading reader: inout WhatReader) throws(JSONError) -> [Self] {
        var changes: [Self] = []
        try reader.elements { (reader) throws(JSONError) in
            var id: CaseID?
            var (before, deviceNumber) = ("", "")
            try reader.fields { (field, reader) throws(JSONError) in
                switch field {
                case .caseID: id = CaseID(try reader.string(maxLength: 40))
                case .before: before = try reader.string()
                case .deviceNumber: deviceNumber = try reader.string()
                default: return false
                }
                return true
            }
            changes.append(
                Self(
                    caseID: try reader.needed(id, .caseID), before: before,
                    deviceNumber: deviceNumber))
        }
        return changes
    }
}

extension RestoreBegun {
    fileprivate init(reading what: inout WhatReader) throws(JSONError) {
        var restore: RestoreID?
        var readerName = ""
        var token: TokenFacts?
        var expires: Timestamp?
        var profile: String?
        var (rights, compared): ([String], [String]) = ([], [])
        try what.fields { (field, reader) throws(JSONError) in
            switch field {
            case .restore: restore = try reader.string(maxLength: 100)
            case .reader: readerName = try reader.string()
            case .token: token = try reader.token()
            case .permitExpires:
                expires = Timestamp(try reader.string(maxLength: 32))
                if expires == nil { throw reader.invalid("not a time") }
            case .profile: profile = try reader.string()
            case .rights: rights = try reader.strings()
            case .compared: compared = try reader.strings()
            default: return false
            }
            return true
        }
        self.init(
            restore: try what.needed(restore, .restore), reader: readerName,
            token: try what.needed(token, .token),
            permitExpires: try what.needed(expires, .permitExpires), profile: profile,
            rights: rights, compared: compared)
    }
}

extension RestoreIntent {
    fileprivate init(reading what: inout WhatReader) throws(JSONError) {
        var restore: RestoreID?
        var serial: String?
        var step: RestoreStep?
        var code: String?
        var counters = Counters()
        var isAtPad = false
        try what.fields { (field, reader) throws(JSONError) in
            switch field {
            case .restore: restore = try reader.string(maxLength: 100)
            case .serial: serial = try reader.string()
            case .step: step = RestoreStep(rawValue: try reader.string(maxLength: 100))
            case .code: code = try reader.string(maxLength: 100)
            case .atPad: isAtPad = try reader.boolean()
            case .counters: counters = try reader.counters()
            default: return false
            }
            return true
        }
        self.init(
            restore: try what.needed(restore, .restore), serial: try what.needed(serial, .serial),
            step: try what.needed(step, .step), code: try what.needed(code, .code),
            counters: counters, isAtPad: isAtPad)
    }
}

extension RestoreEnd {
    fileprivate func write(to what: inout What) {
        what.put(.restore, restore)
        what.put(.outcome, outcome.rawValue)
        what.put(.triesSpent, triesSpent)
        what.put(.pinTriesSpent, pinTriesSpent)
        if let answered { what.put(.answered, answered) }
        if let counters { what.put(counters) }
        if !reasons.isEmpty { what.put(.reasons, reasons) }
        what.put(.evidence, evidence)
        what.put(.key, key)
        if !steps.isEmpty { what.put(steps) }
    }

    fileprivate init(reading what: inout WhatReader) throws(JSONError) {
        var restore: RestoreID?
        var outcome: RestoreOutcome?
        var spent: TriesSpent?
        var end = RestoreEnd(restore: "", outcome: .unknown, triesSpent: .exactly(0))
        try what.fields { (field, reader) throws(JSONError) in
            switch field {
            case .restore: restore = try reader.string(maxLength: 100)
            case .outcome:
                outcome = try reader.name(in: RestoreOutcome.table)
                if outcome == nil { throw reader.invalid("no outcome that is known") }
            case .triesSpent: spent = try reader.triesSpent()
            case .pinTriesSpent: end.pinTriesSpent = try reader.triesSpent()
            case .answered: end.answered = try reader.tryCount()
            case .counters: end.counters = try reader.counters()
            case .reasons: end.reasons = try reader.strings()
            case .evidence where !reader.isForFold: end.evidence = try reader.string()
            case .key: end.key = try reader.string(maxLength: 64)
            case .steps where !reader.isForFold: end.steps = try reader.steps()
            default: return false
            }
            return true
        }
        end.restore = try what.needed(restore, .restore)
        end.outcome = try what.needed(outcome, .outcome)
        end.triesSpent = try what.needed(spent, .triesSpent)
        self = end
    }
}

extension KeycheckIntent {
    fileprivate init(reading what: inout WhatReader) throws(JSONError) {
        var (serial, family): (String?, String?) = (nil, nil)
        var counters = Counters()
        var isAtPad = false
        var compared: [String] = []
        try what.fields { (field, reader) throws(JSONError) in
            switch field {
            case .serial: serial = try reader.string()
            case .family: family = try reader.string()
            case .atPad: isAtPad = try reader.boolean()
            case .compared: compared = try reader.strings()
            case .counters: counters = try reader.counters()
            default: return false
            }
            return true
        }
        self.init(
            serial: try what.needed(serial, .serial), family: family, counters: counters,
            isAtPad: isAtPad,
            compared: compared)
    }
}

extension KeycheckEnd {
    private static let proven = "proven"
    private static let notProven = "not-proven"

    fileprivate func write(to what: inout What) {
        what.put(.serial, serial)
        what.put(.family, family)
        what.put(.outcome, isProven ? KeycheckEnd.proven : KeycheckEnd.notProven)
        what.put(.triesSpent, triesSpent)
        if let counters { what.put(counters) }
        if !reasons.isEmpty { what.put(.reasons, reasons) }
        what.put(.evidence, evidence)
        what.put(.key, key)
        what.put(.certificateNumber, certificateNumber)
        if !steps.isEmpty { what.put(steps) }
    }

    fileprivate init(reading what: inout WhatReader) throws(JSONError) {
        var serial: String?
        var spent: TriesSpent?
        var end = KeycheckEnd(serial: "", isProven: false, triesSpent: .exactly(0))
        try what.fields { (field, reader) throws(JSONError) in
            switch field {
            case .serial: serial = try reader.string()
            case .family: end.family = try reader.string()
            case .outcome: end.isProven = try reader.string(maxLength: 100) == KeycheckEnd.proven
            case .triesSpent: spent = try reader.triesSpent()
            case .counters: end.counters = try reader.counters()
            case .reasons: end.reasons = try reader.strings()
            case .evidence where !reader.isForFold: end.evidence = try reader.string()
            case .key: end.key = try reader.string(maxLength: 64)
            case .certificateNumber: end.certificateNumber = try reader.string()
            case .steps where !reader.isForFold: end.steps = try reader.steps()
            default: return false
            }
            return true
        }
        end.serial = try what.needed(serial, .serial)
        end.triesSpent = try what.needed(spent, .triesSpent)
        self = end
    }
}

extension WhatReader {
    fileprivate mutating func steps() throws(JSONError) -> [StepRecord] {
        var steps: [StepRecord] = []
        try elements { (reader) throws(JSONError) in
            var step = StepRecord(name: "", milliseconds: 0)
            try reader.fields { (field, reader) throws(JSONError) in
                switch field {
                case .name: step.name = try reader.string()
                case .milliseconds: step.milliseconds = try reader.number()
                case .status: step.status = try reader.string()
                default: return false
                }
                return true
            }
            steps.append(step)
        }
        return steps
    }
}
