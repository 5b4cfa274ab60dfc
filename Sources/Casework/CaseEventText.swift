import JSON

extension CaseEvent {
    /// Writes the event's `what`.
    package func write(to what: inout What) {
        switch self {
        case .opened(let event):
            what.put(.requestNumber, event.requestNumber)
            what.put(.managingBody, event.managingBody)
            what.put(.deviceNumber, event.deviceNumber)
            what.put(.holder, event.holder.hex)
        case .refused(let reasons): what.put(.reasons, reasons)
        case .closed(let reason): what.put(.reason, reason)
        case .restoreBegun(let event):
            what.put(.restore, event.restore)
            what.put(.reader, event.reader)
            what.put(event.token)
            what.put(.permitExpires, event.permitExpires.description)
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
            what.put(.atPad, event.isAtPad ? true : nil)
            what.put(event.counters)
        case .keycheckOutcome(let event): event.write(to: &what)
        case .tokenNoted(let serial):
            what.put(.serial, serial)
            what.put(.reason, CaseEvent.statusQueryUnsafe)
        }
    }

    /// Reads a line's `what`; nil for a kind that is not about cases.
    /// - Throws: where a line of this version's kinds lacks what it must say.
    init?(_ kind: JournalKind, _ what: inout JSONReader) throws(JSONError) {
        switch kind {
        case .caseOpened: self = .opened(try CaseOpened(reading: &what))
        case .caseRefused: self = .refused(reasons: try CaseEvent.reasons(&what))
        case .caseClosed: self = .closed(reason: try CaseEvent.reason(&what))
        case .restoreBegun: self = .restoreBegun(try RestoreBegun(reading: &what))
        case .restoreIntent: self = .restoreIntent(try RestoreIntent(reading: &what))
        case .restoreOutcome: self = .restoreOutcome(try RestoreEnd(reading: &what))
        case .restoreResolved: self = .restoreResolved(try RestoreEnd(reading: &what))
        case .keycheckIntent: self = .keycheckIntent(try KeycheckIntent(reading: &what))
        case .keycheckOutcome: self = .keycheckOutcome(try KeycheckEnd(reading: &what))
        case .tokenNoted: self = .tokenNoted(serial: try CaseEvent.notedSerial(&what))
        default: return nil
        }
    }

    private static let statusQueryUnsafe = "status-query-unsafe"

    private static func notedSerial(_ what: inout JSONReader) throws(JSONError) -> String {
        var serial: String?
        try what.fields { (field, reader) throws(JSONError) in
            guard field == .serial else { return false }
            serial = try reader.string()
            return true
        }
        return try what.needed(serial, .serial)
    }

    private static func reason(_ what: inout JSONReader) throws(JSONError) -> String {
        var reason = ""
        try what.fields { (field, reader) throws(JSONError) in
            guard field == .reason else { return false }
            reason = try reader.string()
            return true
        }
        return reason
    }

    private static func reasons(_ what: inout JSONReader) throws(JSONError) -> [String] {
        var reasons: [String] = []
        try what.fields { (field, reader) throws(JSONError) in
            guard field == .reasons else { return false }
            reasons = try reader.strings()
            return true
        }
        return reasons
    }
}

extension JournalEntry {
    /// The event of the line; nil for a kind that is not about cases.
    package func caseEvent() throws(JSONError) -> CaseEvent? {
        guard let kind else { return nil }
        return try withWhat { (reader) throws(JSONError) in try CaseEvent(kind, &reader) }
    }
}

extension JSONReader {
    /// The value, or the error that its key is missing.
    fileprivate func needed<T>(_ value: T?, _ field: JournalField) throws(JSONError) -> T {
        guard let value else { throw missingKey(field.rawValue) }
        return value
    }
}

extension CaseOpened {
    fileprivate init(reading what: inout JSONReader) throws(JSONError) {
        var requestNumber: String?
        var managingBody: String?
        var deviceNumber: String?
        var holder: Commitment?
        try what.fields { (field, reader) throws(JSONError) in
            switch field {
            case .requestNumber: requestNumber = try reader.string()
            case .managingBody: managingBody = try reader.string()
            case .deviceNumber: deviceNumber = try reader.string()
            case .holder:
                holder = Commitment(try reader.string(maxLength: 64))
                if holder == nil { throw reader.invalid("not a commitment") }
            default: return false
            }
            return true
        }
        self.init(
            requestNumber: try what.needed(requestNumber, .requestNumber),
            managingBody: try what.needed(managingBody, .managingBody),
            deviceNumber: try what.needed(deviceNumber, .deviceNumber),
            holder: try what.needed(holder, .holder))
    }
}

extension RestoreBegun {
    fileprivate init(reading what: inout JSONReader) throws(JSONError) {
        var restore: RestoreID?
        var readerName = ""
        var token: TokenFacts?
        var expires: Timestamp?
        try what.fields { (field, reader) throws(JSONError) in
            switch field {
            case .restore: restore = try reader.string(maxLength: 100)
            case .reader: readerName = try reader.string()
            case .token: token = try reader.token()
            case .permitExpires:
                expires = Timestamp(try reader.string(maxLength: 32))
                if expires == nil { throw reader.invalid("not a time") }
            default: return false
            }
            return true
        }
        self.init(
            restore: try what.needed(restore, .restore), reader: readerName,
            token: try what.needed(token, .token),
            permitExpires: try what.needed(expires, .permitExpires))
    }
}

extension RestoreIntent {
    fileprivate init(reading what: inout JSONReader) throws(JSONError) {
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

    fileprivate init(reading what: inout JSONReader) throws(JSONError) {
        var restore: RestoreID?
        var outcome: RestoreOutcome?
        var spent: TriesSpent?
        var end = RestoreEnd(restore: "", outcome: .unknown, triesSpent: .exactly(0))
        try what.fields { (field, reader) throws(JSONError) in
            switch field {
            case .restore: restore = try reader.string(maxLength: 100)
            case .outcome:
                outcome = RestoreOutcome(rawValue: try reader.string(maxLength: 100))
                if outcome == nil { throw reader.invalid("no outcome that is known") }
            case .triesSpent: spent = try reader.triesSpent()
            case .pinTriesSpent: end.pinTriesSpent = try reader.triesSpent()
            case .answered: end.answered = try reader.tryCount()
            case .counters: end.counters = try reader.counters()
            case .reasons: end.reasons = try reader.strings()
            case .evidence: end.evidence = try reader.string()
            case .key: end.key = try reader.string(maxLength: 64)
            case .steps: end.steps = try reader.steps()
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
    fileprivate init(reading what: inout JSONReader) throws(JSONError) {
        var serial: String?
        var counters = Counters()
        var isAtPad = false
        try what.fields { (field, reader) throws(JSONError) in
            switch field {
            case .serial: serial = try reader.string()
            case .atPad: isAtPad = try reader.boolean()
            case .counters: counters = try reader.counters()
            default: return false
            }
            return true
        }
        self.init(
            serial: try what.needed(serial, .serial), counters: counters, isAtPad: isAtPad)
    }
}

extension KeycheckEnd {
    private static let proven = "proven"
    private static let notProven = "not-proven"

    fileprivate func write(to what: inout What) {
        what.put(.serial, serial)
        what.put(.outcome, isProven ? KeycheckEnd.proven : KeycheckEnd.notProven)
        what.put(.triesSpent, triesSpent)
        if let counters { what.put(counters) }
        if !reasons.isEmpty { what.put(.reasons, reasons) }
        what.put(.evidence, evidence)
        what.put(.key, key)
        if !steps.isEmpty { what.put(steps) }
    }

    fileprivate init(reading what: inout JSONReader) throws(JSONError) {
        var serial: String?
        var spent: TriesSpent?
        var end = KeycheckEnd(serial: "", isProven: false, triesSpent: .exactly(0))
        try what.fields { (field, reader) throws(JSONError) in
            switch field {
            case .serial: serial = try reader.string()
            case .outcome: end.isProven = try reader.string(maxLength: 100) == KeycheckEnd.proven
            case .triesSpent: spent = try reader.triesSpent()
            case .counters: end.counters = try reader.counters()
            case .reasons: end.reasons = try reader.strings()
            case .evidence: end.evidence = try reader.string()
            case .key: end.key = try reader.string(maxLength: 64)
            case .steps: end.steps = try reader.steps()
            default: return false
            }
            return true
        }
        end.serial = try what.needed(serial, .serial)
        end.triesSpent = try what.needed(spent, .triesSpent)
        self = end
    }
}

extension JSONReader {
    fileprivate mutating func steps() throws(JSONError) -> [StepRecord] {
        var steps: [StepRecord] = []
        try beginArray()
        while try nextElement() {
            var step = StepRecord(name: "", milliseconds: 0)
            try fields { (field, reader) throws(JSONError) in
                switch field {
                case .name: step.name = try reader.string()
                case .milliseconds: step.milliseconds = try reader.integer()
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
