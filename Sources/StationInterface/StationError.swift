import JSON

/// A typed error of the station's interfaces, as the station sends it and a client reads it.
///
/// Made only by the functions below, one an error, so that each carries the fields its
/// interface promises.
package struct StationError: Error, Equatable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case readerNotFound = "vn.tokenstation.Devices.ReaderNotFound"
        case noToken = "vn.tokenstation.Devices.NoToken"
        case readerBusy = "vn.tokenstation.Devices.ReaderBusy"
        case readerStuck = "vn.tokenstation.Devices.ReaderStuck"
        case readerUnavailable = "vn.tokenstation.Devices.ReaderUnavailable"
        case tokenRemoved = "vn.tokenstation.Devices.TokenRemoved"
        case tokenMute = "vn.tokenstation.Devices.TokenMute"
        case tokenDisturbed = "vn.tokenstation.Devices.TokenDisturbed"
        case tokenUnsupported = "vn.tokenstation.Devices.TokenUnsupported"
        case tokenFault = "vn.tokenstation.Devices.TokenFault"
        case padUnusable = "vn.tokenstation.Devices.PadUnusable"
        case cancelled = "vn.tokenstation.Devices.Cancelled"
        case journalUnavailable = "vn.tokenstation.Devices.JournalUnavailable"
        case restoreNotFound = "vn.tokenstation.Restore.RestoreNotFound"
        case refused = "vn.tokenstation.Restore.Refused"
        case tokenMismatch = "vn.tokenstation.Restore.TokenMismatch"
        case comparisonNeeded = "vn.tokenstation.Restore.ComparisonNeeded"
        case tokenChanged = "vn.tokenstation.Restore.TokenChanged"
        case permitInvalid = "vn.tokenstation.Restore.PermitInvalid"
        case codeUnfit = "vn.tokenstation.Restore.CodeUnfit"
        case lastTry = "vn.tokenstation.Restore.LastTry"
        case wrongUnblockingCode = "vn.tokenstation.Restore.WrongUnblockingCode"
        case unblockingCodeBlocked = "vn.tokenstation.Restore.UnblockingCodeBlocked"
        case failed = "vn.tokenstation.Restore.Failed"
        case outcomeUnknown = "vn.tokenstation.Restore.OutcomeUnknown"
        case stillWorking = "vn.tokenstation.Restore.StillWorking"
        case pinUnfit = "vn.tokenstation.KeyCheck.PINUnfit"
        case wrongPIN = "vn.tokenstation.KeyCheck.WrongPIN"
        case pinNotEntered = "vn.tokenstation.KeyCheck.PINNotEntered"
        case pinBlocked = "vn.tokenstation.KeyCheck.PINBlocked"
        case pinLastTry = "vn.tokenstation.KeyCheck.LastTry"
        case noKey = "vn.tokenstation.KeyCheck.NoKey"
        case restoreNotWaiting = "vn.tokenstation.KeyCheck.RestoreNotWaiting"
        case caseNotFound = "vn.tokenstation.Cases.CaseNotFound"
        case caseClosed = "vn.tokenstation.Cases.CaseClosed"
        case actRefused = "vn.tokenstation.Cases.ActRefused"
        case requestNotFound = "vn.tokenstation.Cases.RequestNotFound"
        case requestKnown = "vn.tokenstation.Cases.RequestKnown"
        case noticeKnown = "vn.tokenstation.Cases.NoticeKnown"
        case deviceOpen = "vn.tokenstation.Cases.DeviceOpen"
        case paperUnavailable = "vn.tokenstation.Cases.PaperUnavailable"
        case caseBusy = "vn.tokenstation.Cases.CaseBusy"
        case fieldInvalid = "vn.tokenstation.Cases.FieldInvalid"
        case commandRefused = "vn.tokenstation.Maintenance.CommandRefused"
        case commissionRefused = "vn.tokenstation.Maintenance.CommissionRefused"
        case commissionEnded = "vn.tokenstation.Maintenance.CommissionEnded"
        case signInRequired = "vn.tokenstation.Officers.SignInRequired"
        case signInRefused = "vn.tokenstation.Officers.SignInRefused"
        case notSignedIn = "vn.tokenstation.Officers.NotSignedIn"
        case approvalRequired = "vn.tokenstation.Officers.ApprovalRequired"
        case approvalRefused = "vn.tokenstation.Officers.ApprovalRefused"
    }

    package let kind: Kind
    /// What happened and what it means for the token, in one or two sentences.
    package let message: String
    /// What to do.
    package let next: String
    package private(set) var reader: String? = nil
    package private(set) var caseNumber: String? = nil
    package private(set) var restore: String? = nil
    package private(set) var holders: [Station.Holder]? = nil
    package private(set) var account: Station.Account? = nil
    package private(set) var result: Station.Result? = nil
    package private(set) var reasons: [String]? = nil
    package private(set) var reason: String? = nil
    package private(set) var field: String? = nil
    package private(set) var rule: Station.CodeRule? = nil
    package private(set) var left: Int? = nil
    package private(set) var pinLeft: Int? = nil
    package private(set) var pinSpent: Station.Spent? = nil
    package private(set) var comparison: Station.Comparison? = nil
    package private(set) var what: [String]? = nil
    package private(set) var status: String? = nil
    package private(set) var atr: String? = nil
    package private(set) var state: String? = nil
    package private(set) var acts: [String]? = nil
    package private(set) var request: String? = nil
    package private(set) var cases: [String]? = nil
    package private(set) var paper: String? = nil
    package private(set) var command: String? = nil
    package private(set) var why: String? = nil
    package private(set) var commission: Station.CommissionResult? = nil
    package private(set) var method: String? = nil
    package private(set) var officer: String? = nil
    package private(set) var waitSeconds: Int? = nil
    package private(set) var act: String? = nil

    private init(
        _ kind: Kind, _ message: String, _ next: String,
        _ fill: (inout StationError) -> Void = { _ in }
    ) {
        self.kind = kind
        self.message = message
        self.next = next
        fill(&self)
    }
}

// MARK: - Devices

extension StationError {
    package static func readerNotFound(_ reader: String, _ message: String, next: String) -> Self {
        Self(.readerNotFound, message, next) { $0.reader = reader }
    }
    package static func noToken(_ reader: String, _ message: String, next: String) -> Self {
        Self(.noToken, message, next) { $0.reader = reader }
    }
    package static func readerBusy(
        _ reader: String, holders: [Station.Holder], _ message: String, next: String
    ) -> Self {
        Self(.readerBusy, message, next) {
            $0.reader = reader
            $0.holders = holders
        }
    }
    package static func readerStuck(_ reader: String, _ message: String, next: String) -> Self {
        Self(.readerStuck, message, next) { $0.reader = reader }
    }
    package static func readerUnavailable(
        _ reader: String, _ message: String, next: String
    ) -> Self {
        Self(.readerUnavailable, message, next) { $0.reader = reader }
    }
    package static func tokenUnsupported(
        _ reader: String, atr: String, _ message: String, next: String
    ) -> Self {
        Self(.tokenUnsupported, message, next) {
            $0.reader = reader
            $0.atr = atr
        }
    }
    /// `kind` is one of tokenRemoved, tokenMute, tokenDisturbed, tokenFault and cancelled.
    package static func token(
        _ kind: TokenTrouble, _ reader: String, account: Station.Account, status: String? = nil,
        _ message: String, next: String
    ) -> Self {
        Self(kind.kind, message, next) {
            $0.reader = reader
            $0.account = account
            $0.status = kind == .fault ? status : nil
        }
    }
    package enum TokenTrouble: Sendable {
        case removed, mute, disturbed, fault, cancelled

        var kind: Kind {
            switch self {
            case .removed: .tokenRemoved
            case .mute: .tokenMute
            case .disturbed: .tokenDisturbed
            case .fault: .tokenFault
            case .cancelled: .cancelled
            }
        }
    }
    package static func padUnusable(_ reader: String, _ message: String, next: String) -> Self {
        Self(.padUnusable, message, next) { $0.reader = reader }
    }
    package static func journalUnavailable(_ message: String, next: String) -> Self {
        Self(.journalUnavailable, message, next)
    }
}

// MARK: - Restore

extension StationError {
    package static func restoreNotFound(_ restore: String, _ message: String, next: String)
        -> Self
    {
        Self(.restoreNotFound, message, next) { $0.restore = restore }
    }
    package static func refused(
        caseNumber: String, reader: String, reasons: [String], _ message: String, next: String
    ) -> Self {
        Self(.refused, message, next) {
            $0.caseNumber = caseNumber
            $0.reader = reader
            $0.reasons = reasons
        }
    }
    package static func tokenMismatch(
        caseNumber: String, _ comparison: Station.Comparison, _ message: String, next: String
    ) -> Self {
        Self(.tokenMismatch, message, next) {
            $0.caseNumber = caseNumber
            $0.comparison = comparison
        }
    }
    package static func comparisonNeeded(
        caseNumber: String, _ comparison: Station.Comparison, _ message: String, next: String
    ) -> Self {
        Self(.comparisonNeeded, message, next) {
            $0.caseNumber = caseNumber
            $0.comparison = comparison
        }
    }
    package static func tokenChanged(_ result: Station.Result, what: [String]) -> Self {
        Self(.tokenChanged, result.message, result.next) {
            $0.result = result
            $0.what = what
        }
    }
    package enum PermitReason: String, Sendable, CaseIterable {
        case used, expired, running
        /// Its way is the response to a challenge.
        case wantsResponse = "wants_response"
        /// Its way takes a code, or its token has made no challenge yet.
        case noChallenge = "no_challenge"
    }
    package static func permitInvalid(
        _ restore: String, _ reason: PermitReason, _ message: String, next: String
    ) -> Self {
        Self(.permitInvalid, message, next) {
            $0.restore = restore
            $0.reason = reason.rawValue
        }
    }
    package enum CodeField: String, Sendable {
        case unblockingCode = "unblocking_code"
        case newPIN = "new_pin"
        case response
    }
    package static func codeUnfit(
        _ restore: String, _ field: CodeField, reason: String, rule: Station.CodeRule,
        _ message: String, next: String
    ) -> Self {
        Self(.codeUnfit, message, next) {
            $0.restore = restore
            $0.field = field.rawValue
            $0.reason = reason
            $0.rule = rule
        }
    }
    package static func lastTry(_ restore: String, left: Int?, _ message: String, next: String)
        -> Self
    {
        Self(.lastTry, message, next) {
            $0.restore = restore
            $0.left = left
        }
    }
    /// `kind` is one of the errors that carry nothing but the result.
    package static func ended(_ kind: Ending, _ result: Station.Result) -> Self {
        Self(kind.kind, result.message, result.next) { $0.result = result }
    }
    package enum Ending: Sendable {
        case wrongUnblockingCode, unblockingCodeBlocked, failed, outcomeUnknown, stillWorking

        var kind: Kind {
            switch self {
            case .wrongUnblockingCode: .wrongUnblockingCode
            case .unblockingCodeBlocked: .unblockingCodeBlocked
            case .failed: .failed
            case .outcomeUnknown: .outcomeUnknown
            case .stillWorking: .stillWorking
            }
        }
    }
}

// MARK: - KeyCheck, Cases, Maintenance

extension StationError {
    package static func pinUnfit(_ reader: String, reason: String, _ message: String, next: String)
        -> Self
    {
        Self(.pinUnfit, message, next) {
            $0.reader = reader
            $0.reason = reason
        }
    }
    package static func wrongPIN(
        _ reader: String, spent: Station.Spent, left: Int?, _ message: String, next: String
    ) -> Self {
        Self(.wrongPIN, message, next) {
            $0.reader = reader
            $0.pinSpent = spent
            $0.pinLeft = left
        }
    }
    package enum PadReason: String, Sendable, CaseIterable {
        case timedOut = "pad_timed_out"
        case cancelled = "pad_cancelled"
        case entriesDiffer = "pad_entries_differ"
        case wrongLength = "pad_wrong_length"
        case refused = "pad_refused"
    }
    package static func pinNotEntered(
        _ reader: String, _ reason: PadReason, spent: Station.Spent, _ message: String,
        next: String
    ) -> Self {
        Self(.pinNotEntered, message, next) {
            $0.reader = reader
            $0.reason = reason.rawValue
            $0.pinSpent = spent
        }
    }
    package static func pinBlocked(
        _ reader: String, spent: Station.Spent, _ message: String, next: String
    ) -> Self {
        Self(.pinBlocked, message, next) {
            $0.reader = reader
            $0.pinSpent = spent
        }
    }
    package static func pinLastTry(_ reader: String, left: Int?, _ message: String, next: String)
        -> Self
    {
        Self(.pinLastTry, message, next) {
            $0.reader = reader
            $0.left = left
        }
    }
    package static func noKey(_ reader: String, _ message: String, next: String) -> Self {
        Self(.noKey, message, next) { $0.reader = reader }
    }
    package static func restoreNotWaiting(_ restore: String, _ message: String, next: String)
        -> Self
    {
        Self(.restoreNotWaiting, message, next) { $0.restore = restore }
    }
    package static func caseNotFound(_ number: String, _ message: String, next: String) -> Self {
        Self(.caseNotFound, message, next) { $0.caseNumber = number }
    }
    package static func deviceOpen(_ number: String, _ message: String, next: String) -> Self {
        Self(.deviceOpen, message, next) { $0.caseNumber = number }
    }
    package static func caseClosed(
        _ number: String, state: String, _ message: String, next: String
    ) -> Self {
        Self(.caseClosed, message, next) {
            $0.caseNumber = number
            $0.state = state
        }
    }
    package static func actRefused(
        _ number: String, state: String, acts: [String], _ message: String, next: String
    ) -> Self {
        Self(.actRefused, message, next) {
            $0.caseNumber = number
            $0.state = state
            $0.acts = acts
        }
    }
    package static func requestNotFound(_ request: String, _ message: String, next: String) -> Self
    {
        Self(.requestNotFound, message, next) { $0.request = request }
    }
    package static func requestKnown(
        _ request: String, cases: [String], _ message: String, next: String
    ) -> Self {
        Self(.requestKnown, message, next) {
            $0.request = request
            $0.cases = cases
        }
    }
    package static func noticeKnown(_ number: String, _ message: String, next: String) -> Self {
        Self(.noticeKnown, message, next) { $0.caseNumber = number }
    }
    package static func paperUnavailable(
        _ number: String, _ paper: String, _ message: String, next: String
    ) -> Self {
        Self(.paperUnavailable, message, next) {
            $0.caseNumber = number
            $0.paper = paper
        }
    }
    package static func caseBusy(
        _ number: String, restore: String?, _ message: String, next: String
    ) -> Self {
        Self(.caseBusy, message, next) {
            $0.caseNumber = number
            $0.restore = restore
        }
    }
    package static func fieldInvalid(
        _ field: String, reason: String, _ message: String, next: String
    ) -> Self {
        Self(.fieldInvalid, message, next) {
            $0.field = field
            $0.reason = reason
        }
    }
    package static func commandRefused(
        _ command: String, why: String, _ message: String, next: String
    ) -> Self {
        Self(.commandRefused, message, next) {
            $0.command = command
            $0.why = why
        }
    }
    package static func commissionRefused(
        _ reader: String, reasons: [String], _ message: String, next: String
    ) -> Self {
        Self(.commissionRefused, message, next) {
            $0.reader = reader
            $0.reasons = reasons
        }
    }
    package static func commissionEnded(_ result: Station.CommissionResult) -> Self {
        Self(.commissionEnded, result.message, result.next) { $0.commission = result }
    }
}

// MARK: - Officers

extension StationError {
    package static func signInRequired(_ method: String, _ message: String, next: String) -> Self {
        Self(.signInRequired, message, next) { $0.method = method }
    }
    package enum SignInReason: String, Sendable, CaseIterable {
        case unknownOfficer = "unknown_officer"
        case noPassword = "no_password"
        case unknownToken = "unknown_token"
        case wrongPassword = "wrong_password"
        case keyNotProven = "key_not_proven"
        case certificateRefused = "certificate_refused"
        case mustWait = "must_wait"
        case notChecked = "not_checked"
        case processUnknown = "process_unknown"
    }
    package static func signInRefused(
        _ officer: String?, _ reason: SignInReason, waitSeconds: Int?, _ message: String,
        next: String
    ) -> Self {
        Self(.signInRefused, message, next) {
            $0.officer = officer
            $0.reason = reason.rawValue
            $0.waitSeconds = waitSeconds
        }
    }
    package static func approvalRequired(
        _ restore: String, act: String, _ message: String, next: String
    ) -> Self {
        Self(.approvalRequired, message, next) {
            $0.restore = restore
            $0.act = act
        }
    }
    package enum ApprovalReason: String, Sendable, CaseIterable {
        case sameOfficer = "same_officer"
        case noCounter = "no_counter"
    }
    package static func approvalRefused(
        _ restore: String, _ officer: String, _ reason: ApprovalReason, _ message: String,
        next: String
    ) -> Self {
        Self(.approvalRefused, message, next) {
            $0.restore = restore
            $0.officer = officer
            $0.reason = reason.rawValue
        }
    }
    package static func notSignedIn(_ message: String, next: String) -> Self {
        Self(.notSignedIn, message, next)
    }
}

// MARK: - On the wire

extension StationError {
    /// Writes the error's parameters; the caller has begun the object.
    package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
        writer.member("reader", reader)
        writer.member("case", caseNumber)
        writer.member("restore", restore)
        if let holders { writer.messages("holders", holders) }
        writer.message("account", account)
        writer.message("result", result)
        writer.member("reasons", reasons)
        writer.member("reason", reason)
        writer.member("field", field)
        writer.message("rule", rule)
        writer.member("left", left)
        writer.member("pin_left", pinLeft)
        writer.message("pin_spent", pinSpent)
        writer.message("comparison", comparison)
        writer.member("what", what)
        writer.member("status", status)
        writer.member("atr", atr)
        writer.member("state", state)
        writer.member("acts", acts)
        writer.member("request", request)
        writer.member("cases", cases)
        writer.member("paper", paper)
        writer.member("command", command)
        writer.member("why", why)
        writer.message("commission", commission)
        writer.member("method", method)
        writer.member("officer", officer)
        writer.member("wait_s", waitSeconds)
        writer.member("act", act)
        writer.member("message", message)
        writer.member("next", next)
    }

    /// Reads an error a client was answered with; nil for one that is not the station's.
    package init?(name: String, parameters: JSONValue) {
        guard let kind = Kind(rawValue: name) else { return nil }
        let fields = Fields(parameters)
        self.init(
            kind, (try? fields.string("message")) ?? "", (try? fields.string("next")) ?? "")
        reader = try? fields.string("reader")
        caseNumber = try? fields.string("case")
        restore = try? fields.string("restore")
        holders = try? fields.messages("holders")
        account = try? fields.message("account")
        result = try? fields.message("result")
        reasons = try? fields.strings("reasons")
        reason = try? fields.string("reason")
        field = try? fields.string("field")
        rule = try? fields.message("rule")
        left = try? fields.integer("left")
        pinLeft = try? fields.integer("pin_left")
        pinSpent = try? fields.message("pin_spent")
        comparison = try? fields.message("comparison")
        what = try? fields.strings("what")
        status = try? fields.string("status")
        atr = try? fields.string("atr")
        state = try? fields.string("state")
        acts = try? fields.strings("acts")
        request = try? fields.string("request")
        cases = try? fields.strings("cases")
        paper = try? fields.string("paper")
        command = try? fields.string("command")
        why = try? fields.string("why")
        commission = try? fields.message("commission")
        method = try? fields.string("method")
        officer = try? fields.string("officer")
        waitSeconds = try? fields.integer("wait_s")
        act = try? fields.string("act")
    }
}
