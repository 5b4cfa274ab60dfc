import JSON

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
