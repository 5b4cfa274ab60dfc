import JSON
import Secrets

extension Station {
    package struct Step: StationMessage, Equatable {
        package enum State: String, Sendable { case running, done, failed, overdue }
        package let name: String
        package let budgetMilliseconds: Int
        package let timeMicroseconds: Int?
        package let state: State

        package init(name: String, budgetMilliseconds: Int, timeMicroseconds: Int?, state: State) {
            self.name = name
            self.budgetMilliseconds = budgetMilliseconds
            self.timeMicroseconds = timeMicroseconds
            self.state = state
        }

        package init(_ fields: Fields) throws(FieldError) {
            name = try fields.string("name")
            budgetMilliseconds = try fields.integer("budget_ms")
            timeMicroseconds = try fields.optionalInteger("time_us")
            state = try fields.choice("state")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("name", name)
            writer.member("budget_ms", budgetMilliseconds)
            writer.member("time_us", timeMicroseconds)
            writer.member("state", state.rawValue)
        }
    }

    package struct Evidence: StationMessage, Equatable {
        package enum Finding: String, Sendable {
            case shown, contradicted
            case notShown = "not_shown"
        }
        package let item: String
        package let finding: Finding
        package let how: String

        package init(item: String, finding: Finding, how: String) {
            self.item = item
            self.finding = finding
            self.how = how
        }

        package init(_ fields: Fields) throws(FieldError) {
            item = try fields.string("item")
            finding = try fields.choice("finding")
            how = try fields.string("how")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("item", item)
            writer.member("finding", finding.rawValue)
            writer.member("how", how)
        }
    }

    package struct Verdict: StationMessage, Equatable {
        package let proven: Bool
        package let grade: String
        package let slot: String
        package let algorithm: String
        package let certificateSHA256: String
        package let evidence: [Evidence]

        package init(
            proven: Bool, grade: String, slot: String, algorithm: String,
            certificateSHA256: String, evidence: [Evidence]
        ) {
            self.proven = proven
            self.grade = grade
            self.slot = slot
            self.algorithm = algorithm
            self.certificateSHA256 = certificateSHA256
            self.evidence = evidence
        }

        package init(_ fields: Fields) throws(FieldError) {
            proven = try fields.boolean("proven")
            grade = try fields.string("grade")
            slot = try fields.string("slot")
            algorithm = try fields.string("algorithm")
            certificateSHA256 = try fields.string("certificate_sha256")
            evidence = try fields.messages("evidence")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("proven", proven)
            writer.member("grade", grade)
            writer.member("slot", slot)
            writer.member("algorithm", algorithm)
            writer.member("certificate_sha256", certificateSHA256)
            writer.messages("evidence", evidence)
        }
    }

    package struct Permit: StationMessage, Equatable {
        package let restore: String
        package let caseNumber: String
        package let reader: String
        package let expires: String
        package let family: String
        package let model: String
        package let deviceNumber: String
        package let matched: String
        package let certificateSHA256: String?
        package let holder: String?
        package let organization: String?
        package let email: String?
        package let pin: Counter
        package let unblockingCode: Counter
        package let pinRule: CodeRule
        package let unblockingCodeRule: CodeRule?
        /// The way this permit is for, and all that the token has.
        package let form: String
        package let ways: [UnblockingWay]
        /// nil where the reader has no pad that can be used.
        package let pad: Pad?
        package let pinEachSignature: Bool
        package let touch: Bool

        package init(
            restore: String, caseNumber: String, reader: String, expires: String, family: String,
            model: String, deviceNumber: String, matched: String, certificateSHA256: String?,
            holder: String?, organization: String?, email: String?, pin: Counter,
            unblockingCode: Counter, pinRule: CodeRule, unblockingCodeRule: CodeRule?,
            form: String, ways: [UnblockingWay], pad: Pad? = nil, pinEachSignature: Bool,
            touch: Bool
        ) {
            self.restore = restore
            self.caseNumber = caseNumber
            self.reader = reader
            self.expires = expires
            self.family = family
            self.model = model
            self.deviceNumber = deviceNumber
            self.matched = matched
            self.certificateSHA256 = certificateSHA256
            self.holder = holder
            self.organization = organization
            self.email = email
            self.pin = pin
            self.unblockingCode = unblockingCode
            self.pinRule = pinRule
            self.unblockingCodeRule = unblockingCodeRule
            self.form = form
            self.ways = ways
            self.pad = pad
            self.pinEachSignature = pinEachSignature
            self.touch = touch
        }

        package init(_ fields: Fields) throws(FieldError) {
            restore = try fields.string("restore")
            caseNumber = try fields.string("case")
            reader = try fields.string("reader")
            expires = try fields.string("expires")
            family = try fields.string("family")
            model = try fields.string("model")
            deviceNumber = try fields.string("device_number")
            matched = try fields.string("matched")
            certificateSHA256 = try fields.optionalString("certificate_sha256")
            holder = try fields.optionalString("holder")
            organization = try fields.optionalString("organization")
            email = try fields.optionalString("email")
            pin = try fields.message("pin")
            unblockingCode = try fields.message("unblocking_code")
            pinRule = try fields.message("pin_rule")
            unblockingCodeRule = try fields.optionalMessage("unblocking_code_rule")
            form = try fields.string("form")
            ways = try fields.messages("ways")
            pad = try fields.optionalMessage("pad")
            pinEachSignature = try fields.boolean("pin_each_signature")
            touch = try fields.boolean("touch")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("restore", restore)
            writer.member("case", caseNumber)
            writer.member("reader", reader)
            writer.member("expires", expires)
            writer.member("family", family)
            writer.member("model", model)
            writer.member("device_number", deviceNumber)
            writer.member("matched", matched)
            writer.member("certificate_sha256", certificateSHA256)
            writer.member("holder", holder)
            writer.member("organization", organization)
            writer.member("email", email)
            writer.message("pin", pin)
            writer.message("unblocking_code", unblockingCode)
            writer.message("pin_rule", pinRule)
            writer.message("unblocking_code_rule", unblockingCodeRule)
            writer.member("form", form)
            writer.messages("ways", ways)
            writer.message("pad", pad)
            writer.member("pin_each_signature", pinEachSignature)
            writer.member("touch", touch)
        }
    }

    /// Codes the holder is to enter at the reader's pad now.
    package struct AtPad: StationMessage, Equatable {
        package enum Codes: String, Sendable {
            /// The unblocking code, then the new PIN twice.
            case unblockingCodeAndNewPIN = "unblocking_code_and_new_pin"
            case pin
        }

        package let codes: Codes
        /// From the beginning of the step; the pad gives up no later.
        package let seconds: Int

        package init(codes: Codes, seconds: Int) {
            self.codes = codes
            self.seconds = seconds
        }

        package init(_ fields: Fields) throws(FieldError) {
            codes = try fields.choice("codes")
            seconds = try fields.integer("seconds")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("codes", codes.rawValue)
            writer.member("seconds", seconds)
        }
    }

    /// How a restore stands.
    package struct Result: StationMessage, Equatable {
        package enum State: String, Sendable { case permitted, running, overdue, finished }
        /// The words of the contract.
        package enum Outcome: String, Sendable, CaseIterable {
            case refused, failed, restored, unknown
            case unblockedUnproven = "unblocked-unproven"
        }

        package var restore: String
        package var caseNumber: String
        package var reader: String
        package var deviceNumber: String
        package var state: State
        package var outcome: Outcome?
        package var reason: String?
        package var step: String
        package var steps: [Step]
        /// Only while the holder is to enter codes at the reader's pad.
        package var atPad: AtPad?
        package var pinSpent: Spent
        package var unblockingSpent: Spent
        package var pinLeft: Int?
        package var unblockingLeft: Int?
        package var verdict: Verdict?
        package var message: String
        package var next: String
        package var journalSequence: Int?
        package var journalHead: String?

        package init(
            restore: String, caseNumber: String, reader: String, deviceNumber: String,
            state: State = .permitted, outcome: Outcome? = nil, reason: String? = nil,
            step: String = "", steps: [Step] = [], atPad: AtPad? = nil,
            pinSpent: Spent = Spent(least: 0, most: 0),
            unblockingSpent: Spent = Spent(least: 0, most: 0), pinLeft: Int? = nil,
            unblockingLeft: Int? = nil, verdict: Verdict? = nil, message: String = "",
            next: String = "", journalSequence: Int? = nil, journalHead: String? = nil
        ) {
            self.restore = restore
            self.caseNumber = caseNumber
            self.reader = reader
            self.deviceNumber = deviceNumber
            self.state = state
            self.outcome = outcome
            self.reason = reason
            self.step = step
            self.steps = steps
            self.atPad = atPad
            self.pinSpent = pinSpent
            self.unblockingSpent = unblockingSpent
            self.pinLeft = pinLeft
            self.unblockingLeft = unblockingLeft
            self.verdict = verdict
            self.message = message
            self.next = next
            self.journalSequence = journalSequence
            self.journalHead = journalHead
        }

        package init(_ fields: Fields) throws(FieldError) {
            restore = try fields.string("restore")
            caseNumber = try fields.string("case")
            reader = try fields.string("reader")
            deviceNumber = try fields.string("device_number")
            state = try fields.choice("state")
            outcome = fields.present("outcome") == nil ? nil : try fields.choice("outcome")
            reason = try fields.optionalString("reason")
            step = try fields.string("step")
            steps = try fields.messages("steps")
            atPad = try fields.optionalMessage("at_pad")
            pinSpent = try fields.message("pin_spent")
            unblockingSpent = try fields.message("unblocking_spent")
            pinLeft = try fields.optionalInteger("pin_left")
            unblockingLeft = try fields.optionalInteger("unblocking_left")
            verdict = try fields.optionalMessage("verdict")
            message = try fields.string("message")
            next = try fields.string("next")
            journalSequence = try fields.optionalInteger("journal_seq")
            journalHead = try fields.optionalString("journal_head")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("restore", restore)
            writer.member("case", caseNumber)
            writer.member("reader", reader)
            writer.member("device_number", deviceNumber)
            writer.member("state", state.rawValue)
            writer.member("outcome", outcome?.rawValue)
            writer.member("reason", reason)
            writer.member("step", step)
            writer.messages("steps", steps)
            writer.message("at_pad", atPad)
            writer.message("pin_spent", pinSpent)
            writer.message("unblocking_spent", unblockingSpent)
            writer.member("pin_left", pinLeft)
            writer.member("unblocking_left", unblockingLeft)
            writer.message("verdict", verdict)
            writer.member("message", message)
            writer.member("next", next)
            writer.member("journal_seq", journalSequence)
            writer.member("journal_head", journalHead)
        }
    }

    package struct PermitGiven: StationMessage, Equatable {
        package let permit: Permit
        package init(_ permit: Permit) { self.permit = permit }
        package init(_ fields: Fields) throws(FieldError) { permit = try fields.message("permit") }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.message("permit", permit)
        }
    }

    /// What a key that is held elsewhere is to answer.
    package struct Challenge: StationMessage, Equatable {
        package let restore: String
        package let family: String
        package let deviceNumber: String
        package let form: String
        /// Hexadecimal.
        package let challenge: String
        /// Names the card session, which ends with the challenge.
        package let session: String
        package let issued: String
        package let expires: String

        package init(
            restore: String, family: String, deviceNumber: String, form: String,
            challenge: String, session: String, issued: String, expires: String
        ) {
            self.restore = restore
            self.family = family
            self.deviceNumber = deviceNumber
            self.form = form
            self.challenge = challenge
            self.session = session
            self.issued = issued
            self.expires = expires
        }

        package init(_ fields: Fields) throws(FieldError) {
            restore = try fields.string("restore")
            family = try fields.string("family")
            deviceNumber = try fields.string("device_number")
            form = try fields.string("form")
            challenge = try fields.string("challenge")
            session = try fields.string("session")
            issued = try fields.string("issued")
            expires = try fields.string("expires")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("restore", restore)
            writer.member("family", family)
            writer.member("device_number", deviceNumber)
            writer.member("form", form)
            writer.member("challenge", challenge)
            writer.member("session", session)
            writer.member("issued", issued)
            writer.member("expires", expires)
        }
    }

    package struct ChallengeGiven: StationMessage, Equatable {
        package let challenge: Challenge
        package init(_ challenge: Challenge) { self.challenge = challenge }
        package init(_ fields: Fields) throws(FieldError) {
            challenge = try fields.message("challenge")
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.message("challenge", challenge)
        }
    }

    package struct RestoreState: StationMessage, Equatable {
        package let result: Result
        package init(_ result: Result) { self.result = result }
        package init(_ fields: Fields) throws(FieldError) { result = try fields.message("result") }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.message("result", result)
        }
    }

    package struct Restores: StationMessage, Equatable {
        package let restores: [Result]
        package init(_ restores: [Result]) { self.restores = restores }
        package init(_ fields: Fields) throws(FieldError) {
            restores = try fields.messages("restores")
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.messages("restores", restores)
        }
    }
}

extension Station {
    package struct BeginRestore: StationRequest {
        package typealias Reply = PermitGiven
        package static let method = RestoreInterface.name + ".Begin"
        package let caseNumber: String
        package let reader: String
        package let pinForgotten: Bool
        package let numberCompared: Bool
        /// The way to unblock it; nil for the first that may lead somewhere.
        package let form: String?
        /// Somebody with that right takes on a provisional model.
        package let provisional: Bool

        package init(
            caseNumber: String, reader: String, pinForgotten: Bool = false,
            numberCompared: Bool = false, form: String? = nil, provisional: Bool = false
        ) {
            self.caseNumber = caseNumber
            self.reader = reader
            self.pinForgotten = pinForgotten
            self.numberCompared = numberCompared
            self.form = form
            self.provisional = provisional
        }

        package init(reading reader: inout JSONReader) throws(JSONError) {
            var (number, name, forgotten, compared) = ("", "", false, false)
            var form: String? = nil
            var provisional = false
            try reader.parameters(
                ["case", "reader", "pin_forgotten", "number_compared", "form", "provisional"],
                optional: ["pin_forgotten", "number_compared", "form", "provisional"]
            ) { key, value throws(JSONError) in
                switch key {
                case "case": number = try value.string(maxLength: 64)
                case "reader": name = try value.string(maxLength: 256)
                case "pin_forgotten": forgotten = try value.boolean()
                case "provisional": provisional = try value.boolean()
                case "form": form = try value.string(maxLength: 64)
                default: compared = try value.boolean()
                }
            }
            self.init(
                caseNumber: number, reader: name, pinForgotten: forgotten,
                numberCompared: compared, form: form, provisional: provisional)
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("case", caseNumber)
            writer.member("reader", reader)
            writer.member("pin_forgotten", pinForgotten)
            writer.member("number_compared", numberCompared)
            writer.member("form", form)
            writer.member("provisional", provisional)
        }
    }

    package struct Unblock: StationRequest, ~Copyable {
        package typealias Reply = RestoreState
        package static let method = RestoreInterface.name + ".Unblock"
        package let restore: String
        /// nil: they are entered at the reader's pad.
        package let codes: Codes?
        package let lastTry: Bool

        package struct Codes: Sendable {
            package let unblockingCode: HeldSecret
            /// nil where the old PIN stays.
            package let newPIN: HeldSecret?

            package init(unblockingCode: HeldSecret, newPIN: HeldSecret?) {
                self.unblockingCode = unblockingCode
                self.newPIN = newPIN
            }
        }

        package init(
            restore: String, unblockingCode: consuming Secret, newPIN: consuming Secret,
            lastTry: Bool = false
        ) {
            self.restore = restore
            codes = Codes(
                unblockingCode: HeldSecret(unblockingCode), newPIN: HeldSecret(newPIN))
            self.lastTry = lastTry
        }

        package init(restore: String, codes: Codes, lastTry: Bool = false) {
            self.restore = restore
            self.codes = codes
            self.lastTry = lastTry
        }

        package init(atPadFor restore: String, lastTry: Bool = false) {
            self.restore = restore
            codes = nil
            self.lastTry = lastTry
        }

        package init(reading reader: inout JSONReader) throws(JSONError) {
            let known = ["restore", "unblocking_code", "new_pin", "at_pad", "last_try"]
            var restore: String? = nil
            var code: HeldSecret? = nil
            var pin: HeldSecret? = nil
            var isAtPad = false
            var last = false
            try reader.beginObject()
            while let key = try reader.nextKey() {
                switch key {
                case "restore": restore = try reader.string(maxLength: 64)
                case "unblocking_code": code = try reader.heldSecret()
                case "new_pin": pin = try reader.heldSecret()
                case "at_pad":
                    if try !reader.nullIfNext() { isAtPad = try reader.boolean() }
                case "last_try": if try !reader.nullIfNext() { last = try reader.boolean() }
                default: throw reader.unknownKey(key, known: known)
                }
            }
            guard let restore else { throw reader.missingKey("restore") }
            try reader.check(code != nil, "unblocking_code", isAtPad: isAtPad)
            if pin != nil { try reader.check(true, "new_pin", isAtPad: isAtPad) }
            self.restore = restore
            if let code {
                codes = Codes(unblockingCode: code, newPIN: pin)
            } else {
                codes = nil
            }
            lastTry = last
        }

        package borrowing func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("restore", restore)
            if let codes {
                writer.member("unblocking_code", codes.unblockingCode.secret)
                if let newPIN = codes.newPIN { writer.member("new_pin", newPIN.secret) }
            }
            writer.member("at_pad", codes == nil)
            writer.member("last_try", lastTry)
        }
    }

    package struct AskChallenge: StationRequest {
        package typealias Reply = ChallengeGiven
        package static let method = RestoreInterface.name + ".AskChallenge"
        package let restore: String
        package let lastTry: Bool

        package init(restore: String, lastTry: Bool = false) {
            self.restore = restore
            self.lastTry = lastTry
        }

        package init(reading reader: inout JSONReader) throws(JSONError) {
            var (restore, last) = ("", false)
            try reader.parameters(
                ["restore", "last_try"], optional: ["last_try"]
            ) { key, value throws(JSONError) in
                switch key {
                case "restore": restore = try value.string(maxLength: 64)
                default: last = try value.boolean()
                }
            }
            self.init(restore: restore, lastTry: last)
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("restore", restore)
            writer.member("last_try", lastTry)
        }
    }

    package struct Respond: StationRequest, ~Copyable {
        package typealias Reply = RestoreState
        package static let method = RestoreInterface.name + ".Respond"
        package let restore: String
        /// Hexadecimal.
        package let response: HeldSecret
        package let newPIN: HeldSecret

        package init(restore: String, response: HeldSecret, newPIN: HeldSecret) {
            self.restore = restore
            self.response = response
            self.newPIN = newPIN
        }

        package init(reading reader: inout JSONReader) throws(JSONError) {
            var restore: String? = nil
            var response: HeldSecret? = nil
            var pin: HeldSecret? = nil
            try reader.beginObject()
            while let key = try reader.nextKey() {
                switch key {
                case "restore": restore = try reader.string(maxLength: 64)
                case "response": response = try reader.heldSecret()
                case "new_pin": pin = try reader.heldSecret()
                default:
                    throw reader.unknownKey(key, known: ["restore", "response", "new_pin"])
                }
            }
            guard let restore else { throw reader.missingKey("restore") }
            guard let response else { throw reader.missingKey("response") }
            guard let pin else { throw reader.missingKey("new_pin") }
            (self.restore, self.response, newPIN) = (restore, response, pin)
        }

        package borrowing func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("restore", restore)
            // Each borrowed alone: Swift 6.0's optimiser fails on two in one function.
            writer.code("response", response)
            writer.code("new_pin", newPIN)
        }
    }

    package struct AttachRestore: StationRequest {
        package typealias Reply = RestoreState
        package static let method = RestoreInterface.name + ".Attach"
        package let restore: String
        package init(restore: String) { self.restore = restore }
        package init(reading reader: inout JSONReader) throws(JSONError) {
            restore = try reader.oneString("restore")
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("restore", restore)
        }
    }

    package struct CancelRestore: StationRequest {
        package typealias Reply = RestoreState
        package static let method = RestoreInterface.name + ".Cancel"
        package let restore: String
        package init(restore: String) { self.restore = restore }
        package init(reading reader: inout JSONReader) throws(JSONError) {
            restore = try reader.oneString("restore")
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("restore", restore)
        }
    }

    package struct ListRestores: StationRequest {
        package typealias Reply = Restores
        package static let method = RestoreInterface.name + ".List"
        package init() {}
        package init(reading reader: inout JSONReader) throws(JSONError) {
            try reader.parameters([]) { _, _ in }
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {}
    }
}

extension JSONReader {
    /// A code, or null for none.
    mutating func heldSecret() throws(JSONError) -> HeldSecret? {
        if try nullIfNext() { return nil }
        return HeldSecret(try secret(maxLength: 64))
    }

    /// A code comes either in the message or at the reader's pad; a message that says both has
    /// let a code out that nobody is to see.
    func check(_ isGiven: Bool, _ key: String, isAtPad: Bool) throws(JSONError) {
        if isGiven, isAtPad { throw contradiction("at_pad", "a code in the message besides") }
        if !isGiven, !isAtPad { throw missingKey(key) }
    }

    private func contradiction(_ key: String, _ reason: String) -> JSONError {
        let place = missingKey(key)
        return JSONError(
            code: .invalid(reason), line: place.line, column: place.column, path: place.path)
    }

    /// Parameters of one string.
    mutating func oneString(_ name: String) throws(JSONError) -> String {
        var text = ""
        try parameters([name]) { _, value throws(JSONError) in
            text = try value.string(maxLength: 256)
        }
        return text
    }
}
