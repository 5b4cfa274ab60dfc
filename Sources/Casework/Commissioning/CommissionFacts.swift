import JSON

/// Names one commissioning; the agent makes it.
package typealias CommissionID = String

/// A step of a commissioning in which tries may be spent.
package enum CommissionStep: String, Equatable, Hashable, Sendable, CaseIterable {
    /// Wrong PINs go to the token until it is locked.
    case block
    /// An unblocking code goes to the token.
    case unblock
    /// The PIN goes to the token, and its key signs.
    case prove
}

/// A sacrificial token is about to be tried: what was decided for it.
package struct CommissionBegun: Equatable, Sendable {
    package var commission: CommissionID
    package var reader: String
    package var token: TokenFacts
    /// Who answers for it, in the technician's own words.
    package var technician: String
    /// The ways of unblocking that are tried, in their family's words.
    package var ways: [String]
    /// The most wrong PINs that may be sent for each of them.
    package var mostWrongPINs: Int

    package init(
        commission: CommissionID, reader: String, token: TokenFacts, technician: String,
        ways: [String], mostWrongPINs: Int
    ) {
        self.commission = commission
        self.reader = reader
        self.token = token
        self.technician = technician
        self.ways = ways
        self.mostWrongPINs = mostWrongPINs
    }
}

/// Codes are about to go to a sacrificial token.
package struct CommissionIntent: Equatable, Sendable {
    package var commission: CommissionID
    package var serial: String
    package var family: String?
    package var step: CommissionStep
    /// The code whose tries may be spent: the PIN, or an unblocking code in its family's word.
    package var code: String
    /// The most tries that this may cost.
    package var most: Int
    /// Read in the same session, before.
    package var counters: Counters

    package static let pin = "pin"

    package init(
        commission: CommissionID, serial: String, family: String? = nil, step: CommissionStep,
        code: String, most: Int, counters: Counters
    ) {
        self.commission = commission
        self.serial = serial
        self.family = family
        self.step = step
        self.code = code
        self.most = most
        self.counters = counters
    }
}

package enum CommissionOutcome: String, Equatable, Hashable, Sendable, CaseIterable {
    case done, failed, cancelled, unknown
}

/// How such a step ended.
package struct CommissionEnd: Equatable, Sendable {
    package var commission: CommissionID
    package var serial: String
    package var step: CommissionStep
    package var outcome: CommissionOutcome
    /// Of the code that the intent names.
    package var triesSpent: TriesSpent
    /// After the step, as the token shows them or its last answer told.
    package var counters: Counters
    package var reasons: [String]

    package init(
        commission: CommissionID, serial: String, step: CommissionStep,
        outcome: CommissionOutcome, triesSpent: TriesSpent, counters: Counters = Counters(),
        reasons: [String] = []
    ) {
        self.commission = commission
        self.serial = serial
        self.step = step
        self.outcome = outcome
        self.triesSpent = triesSpent
        self.counters = counters
        self.reasons = reasons
    }
}

/// A profile was written of what a sacrificial token showed: the line its seal names.
package struct ProfileSealed: Equatable, Sendable {
    package var commission: CommissionID
    /// The profile's.
    package var name: String
    package var serial: String
    package var family: String
    package var technician: String
    /// Of the file's bytes before its seal, lower-case hex.
    package var sha256: String

    package init(
        commission: CommissionID, name: String, serial: String, family: String,
        technician: String, sha256: String
    ) {
        self.commission = commission
        self.name = name
        self.serial = serial
        self.family = family
        self.technician = technician
        self.sha256 = sha256
    }
}

// MARK: As they stand in a line

extension CommissionBegun {
    func write(to what: inout What) {
        what.put(.commission, commission)
        what.put(.reader, reader)
        what.put(token)
        what.put(.technician, technician)
        what.put(.ways, ways)
        what.put(.most, mostWrongPINs)
    }

    init(reading what: inout WhatReader) throws(JSONError) {
        var begun = CommissionBegun(
            commission: "", reader: "",
            token: TokenFacts(serial: "", family: "", counters: Counters()),
            technician: "", ways: [], mostWrongPINs: 0)
        try what.fields { (field, reader) throws(JSONError) in
            switch field {
            case .commission: begun.commission = try reader.string(maxLength: 100)
            case .reader: begun.reader = try reader.string()
            case .token: begun.token = try reader.token()
            case .technician: begun.technician = try reader.string()
            case .ways: begun.ways = try reader.strings()
            case .most: begun.mostWrongPINs = Int(try reader.number(upTo: 255))
            default: return false
            }
            return true
        }
        guard !begun.token.serial.isEmpty else { throw what.missingKey(.token) }
        self = begun
    }
}

extension CommissionIntent {
    func write(to what: inout What) {
        what.put(.commission, commission)
        what.put(.serial, serial)
        what.put(.family, family)
        what.put(.step, step.rawValue)
        what.put(.code, code)
        what.put(.most, most)
        what.put(counters)
    }

    init(reading what: inout WhatReader) throws(JSONError) {
        var commission = ""
        var (serial, family): (String?, String?) = (nil, nil)
        var step: CommissionStep?
        var code: String?
        var most = 1
        var counters = Counters()
        try what.fields { (field, reader) throws(JSONError) in
            switch field {
            case .commission: commission = try reader.string(maxLength: 100)
            case .serial: serial = try reader.string()
            case .family: family = try reader.string()
            case .step: step = try reader.commissionStep()
            case .code: code = try reader.string(maxLength: 100)
            case .most: most = Int(try reader.number(upTo: 255))
            case .counters: counters = try reader.counters()
            default: return false
            }
            return true
        }
        self.init(
            commission: commission, serial: try what.needed(serial, .serial), family: family,
            step: try what.needed(step, .step), code: try what.needed(code, .code), most: most,
            counters: counters)
    }
}

extension CommissionEnd {
    func write(to what: inout What) {
        what.put(.commission, commission)
        what.put(.serial, serial)
        what.put(.step, step.rawValue)
        what.put(.outcome, outcome.rawValue)
        what.put(.triesSpent, triesSpent)
        what.put(counters)
        if !reasons.isEmpty { what.put(.reasons, reasons) }
    }

    init(reading what: inout WhatReader) throws(JSONError) {
        var commission = ""
        var serial: String?
        var step: CommissionStep?
        var outcome: CommissionOutcome?
        var spent: TriesSpent?
        var counters = Counters()
        var reasons: [String] = []
        try what.fields { (field, reader) throws(JSONError) in
            switch field {
            case .commission: commission = try reader.string(maxLength: 100)
            case .serial: serial = try reader.string()
            case .step: step = try reader.commissionStep()
            case .outcome:
                outcome = CommissionOutcome(rawValue: try reader.string(maxLength: 100))
                if outcome == nil { throw reader.invalid("no outcome that is known") }
            case .triesSpent: spent = try reader.triesSpent()
            case .counters: counters = try reader.counters()
            case .reasons: reasons = try reader.strings()
            default: return false
            }
            return true
        }
        self.init(
            commission: commission, serial: try what.needed(serial, .serial),
            step: try what.needed(step, .step), outcome: try what.needed(outcome, .outcome),
            triesSpent: try what.needed(spent, .triesSpent), counters: counters,
            reasons: reasons)
    }
}

extension ProfileSealed {
    func write(to what: inout What) {
        what.put(.commission, commission)
        what.put(.name, name)
        what.put(.serial, serial)
        what.put(.family, family)
        what.put(.technician, technician)
        what.put(.sha256, sha256)
    }

    init(reading what: inout WhatReader) throws(JSONError) {
        var found = ProfileSealed(
            commission: "", name: "", serial: "", family: "", technician: "", sha256: "")
        try what.fields { (field, reader) throws(JSONError) in
            switch field {
            case .commission: found.commission = try reader.string(maxLength: 100)
            case .name: found.name = try reader.string()
            case .serial: found.serial = try reader.string()
            case .family: found.family = try reader.string()
            case .technician: found.technician = try reader.string()
            case .sha256: found.sha256 = try reader.string(maxLength: 64)
            default: return false
            }
            return true
        }
        guard !found.sha256.isEmpty else { throw what.missingKey(.sha256) }
        self = found
    }
}

extension WhatReader {
    fileprivate mutating func commissionStep() throws(JSONError) -> CommissionStep {
        guard let step = CommissionStep(rawValue: try string(maxLength: 100)) else {
            throw invalid("no step that is known")
        }
        return step
    }
}

// MARK: As they stand in a snapshot

extension CommissionIntent {
    var token: TokenName { TokenName(serial: serial, family: family) }
}

extension CommissionIntent: Snapshotted {
    func write(to snapshot: SnapshotWriter) {
        snapshot.put(commission)
        snapshot.put(token)
        snapshot.put(shared: step.rawValue)
        snapshot.put(shared: code)
        snapshot.put(most)
        snapshot.put(counters)
    }

    init(reading snapshot: inout SnapshotReader) throws(SnapshotError) {
        let commission = try snapshot.string()
        let token: TokenName = try snapshot.value()
        guard let step = CommissionStep(rawValue: try snapshot.sharedString()) else {
            throw .malformed
        }
        self.init(
            commission: commission, serial: token.serial, family: token.family, step: step,
            code: try snapshot.sharedString(), most: try snapshot.number(),
            counters: try snapshot.value())
    }
}
