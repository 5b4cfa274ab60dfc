import JSON
import Secrets

extension Station {
    /// One step of a commissioning: what went to the token, and its counters around it.
    package struct CommissionStep: StationMessage, Equatable {
        package enum Step: String, Sendable { case block, unblock, prove }
        package enum Outcome: String, Sendable, CaseIterable {
            case done, failed, cancelled, unknown
        }

        package let step: Step
        /// The way of unblocking it belongs to.
        package let form: String
        package let outcome: Outcome
        /// Codes that went to the token, or may have.
        package let sent: Int
        /// Tries of the step's own code.
        package let spent: Spent
        package let pinBefore, pinAfter, unblockingBefore, unblockingAfter: Int?

        package init(
            step: Step, form: String, outcome: Outcome, sent: Int, spent: Spent, pinBefore: Int?,
            pinAfter: Int?, unblockingBefore: Int?, unblockingAfter: Int?
        ) {
            self.step = step
            self.form = form
            self.outcome = outcome
            self.sent = sent
            self.spent = spent
            self.pinBefore = pinBefore
            self.pinAfter = pinAfter
            self.unblockingBefore = unblockingBefore
            self.unblockingAfter = unblockingAfter
        }

        package init(_ fields: Fields) throws(FieldError) {
            step = try fields.choice("step")
            form = try fields.string("form")
            outcome = try fields.choice("outcome")
            sent = try fields.integer("sent")
            spent = try fields.message("spent")
            pinBefore = try fields.optionalInteger("pin_before")
            pinAfter = try fields.optionalInteger("pin_after")
            unblockingBefore = try fields.optionalInteger("unblocking_before")
            unblockingAfter = try fields.optionalInteger("unblocking_after")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("step", step.rawValue)
            writer.member("form", form)
            writer.member("outcome", outcome.rawValue)
            writer.member("sent", sent)
            writer.message("spent", spent)
            writer.member("pin_before", pinBefore)
            writer.member("pin_after", pinAfter)
            writer.member("unblocking_before", unblockingBefore)
            writer.member("unblocking_after", unblockingAfter)
        }
    }

    /// A profile's file as the station wrote it, its seal included.
    package struct SealedProfile: StationMessage, Equatable {
        package let name: String
        package let text: String
        package let sha256: String
        package let journalSequence: Int
        package let journalHead: String

        package init(
            name: String, text: String, sha256: String, journalSequence: Int, journalHead: String
        ) {
            self.name = name
            self.text = text
            self.sha256 = sha256
            self.journalSequence = journalSequence
            self.journalHead = journalHead
        }

        package init(_ fields: Fields) throws(FieldError) {
            name = try fields.string("name")
            text = try fields.string("text")
            sha256 = try fields.string("sha256")
            journalSequence = try fields.integer("journal_seq")
            journalHead = try fields.string("journal_head")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("name", name)
            writer.member("text", text)
            writer.member("sha256", sha256)
            writer.member("journal_seq", journalSequence)
            writer.member("journal_head", journalHead)
        }
    }

    /// How a commissioning stands, or ended.
    package struct CommissionResult: StationMessage, Equatable {
        package enum Outcome: String, Sendable, CaseIterable {
            case commissioned, failed, cancelled, unknown
        }

        package var commission: String
        package var reader: String
        package var deviceNumber: String
        /// nil while it runs.
        package var outcome: Outcome?
        package var reason: String?
        /// The step that runs, or was the last.
        package var step: String
        package var steps: [CommissionStep]
        package var pinSpent: Spent
        package var unblockingSpent: Spent
        /// Microseconds of each signature that was timed.
        package var times: [Int]
        package var profile: SealedProfile?
        package var message: String
        package var next: String

        package init(
            commission: String, reader: String, deviceNumber: String, outcome: Outcome? = nil,
            reason: String? = nil, step: String = "", steps: [CommissionStep] = [],
            pinSpent: Spent = Spent(least: 0, most: 0),
            unblockingSpent: Spent = Spent(least: 0, most: 0), times: [Int] = [],
            profile: SealedProfile? = nil, message: String = "", next: String = ""
        ) {
            self.commission = commission
            self.reader = reader
            self.deviceNumber = deviceNumber
            self.outcome = outcome
            self.reason = reason
            self.step = step
            self.steps = steps
            self.pinSpent = pinSpent
            self.unblockingSpent = unblockingSpent
            self.times = times
            self.profile = profile
            self.message = message
            self.next = next
        }

        package init(_ fields: Fields) throws(FieldError) {
            commission = try fields.string("commission")
            reader = try fields.string("reader")
            deviceNumber = try fields.string("device_number")
            outcome = fields.present("outcome") == nil ? nil : try fields.choice("outcome")
            reason = try fields.optionalString("reason")
            step = try fields.string("step")
            steps = try fields.messages("steps")
            pinSpent = try fields.message("pin_spent")
            unblockingSpent = try fields.message("unblocking_spent")
            times = try fields.integers("times_us")
            profile = try fields.optionalMessage("profile")
            message = try fields.string("message")
            next = try fields.string("next")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("commission", commission)
            writer.member("reader", reader)
            writer.member("device_number", deviceNumber)
            writer.member("outcome", outcome?.rawValue)
            writer.member("reason", reason)
            writer.member("step", step)
            writer.messages("steps", steps)
            writer.message("pin_spent", pinSpent)
            writer.message("unblocking_spent", unblockingSpent)
            writer.key("times_us")
            writer.beginArray()
            for time in times { writer.integer(Int64(time)) }
            writer.endArray()
            writer.message("profile", profile)
            writer.member("message", message)
            writer.member("next", next)
        }
    }

    package struct CommissionState: StationMessage, Equatable {
        package let result: CommissionResult
        package init(_ result: CommissionResult) { self.result = result }
        package init(_ fields: Fields) throws(FieldError) { result = try fields.message("result") }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.message("result", result)
        }
    }

    package struct CommissionCancelled: StationMessage, Equatable {
        /// Whether it was running.
        package let running: Bool
        package init(running: Bool) { self.running = running }
        package init(_ fields: Fields) throws(FieldError) {
            running = try fields.boolean("running")
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("running", running)
        }
    }

    package struct SealChecked: StationMessage, Equatable {
        /// Whether this station's record has that line.
        package let here: Bool
        package init(here: Bool) { self.here = here }
        package init(_ fields: Fields) throws(FieldError) { here = try fields.boolean("here") }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("here", here)
        }
    }
}

extension Station {
    /// Tries a model on a sacrificial token.
    package struct Commission: StationRequest, ~Copyable {
        package typealias Reply = CommissionState
        package static let method = MaintenanceInterface.name + ".Commission"
        /// Most ways of one request, wrong PINs for each of them, and signatures.
        package static let mostWays = 4
        package static let mostWrongPINs = 15
        package static let mostChallenges = 50

        /// A way of unblocking, its code, and the PIN the token has afterwards.
        package struct Way: Sendable {
            package let form: String
            package let unblockingCode: HeldSecret
            package let pin: HeldSecret

            package init(form: String, unblockingCode: HeldSecret, pin: HeldSecret) {
                self.form = form
                self.unblockingCode = unblockingCode
                self.pin = pin
            }
        }

        package let reader: String
        /// As somebody typed it in.
        package let serial: String
        package let technician: String
        package let name: String
        /// nil: the token's own word, or that of the profile it fits.
        package let title: String?
        package let wrongPINs: Int
        package let ways: [Way]
        package let challenges: Int

        package init(
            reader: String, serial: String, technician: String, name: String, title: String?,
            wrongPINs: Int, ways: [Way], challenges: Int
        ) {
            self.reader = reader
            self.serial = serial
            self.technician = technician
            self.name = name
            self.title = title
            self.wrongPINs = wrongPINs
            self.ways = ways
            self.challenges = challenges
        }

        package init(reading reader: inout JSONReader) throws(JSONError) {
            let known = [
                "reader", "serial", "technician", "name", "title", "wrong_pins", "ways",
                "challenges",
            ]
            var texts: [String: String] = [:]
            var wrongPINs: Int? = nil
            var ways: [Way]? = nil
            var challenges = 20
            try reader.beginObject()
            while let key = try reader.nextKey() {
                switch key {
                case "reader": texts[key] = try reader.string(maxLength: 256)
                case "serial", "name": texts[key] = try reader.string(maxLength: 80)
                case "technician": texts[key] = try reader.string(maxLength: 320)
                case "title":
                    if try !reader.nullIfNext() { texts[key] = try reader.string(maxLength: 320) }
                case "wrong_pins":
                    wrongPINs = Int(try reader.integer(in: 1...Int64(Self.mostWrongPINs)))
                case "ways": ways = try Self.ways(&reader)
                case "challenges":
                    if try !reader.nullIfNext() {
                        challenges = Int(try reader.integer(in: 1...Int64(Self.mostChallenges)))
                    }
                default: throw reader.unknownKey(key, known: known)
                }
            }
            for key in ["reader", "serial", "technician", "name"] where texts[key] == nil {
                throw reader.missingKey(key)
            }
            guard let wrongPINs else { throw reader.missingKey("wrong_pins") }
            guard let ways else { throw reader.missingKey("ways") }
            self.init(
                reader: texts["reader"] ?? "", serial: texts["serial"] ?? "",
                technician: texts["technician"] ?? "", name: texts["name"] ?? "",
                title: texts["title"], wrongPINs: wrongPINs, ways: ways, challenges: challenges)
        }

        private static func ways(_ reader: inout JSONReader) throws(JSONError) -> [Way] {
            var ways: [Way] = []
            try reader.beginArray()
            while try reader.nextElement() {
                guard ways.count < mostWays else {
                    throw reader.invalid("more than \(mostWays) ways")
                }
                ways.append(try way(&reader))
            }
            return ways
        }

        private static func way(_ reader: inout JSONReader) throws(JSONError) -> Way {
            var form: String? = nil
            var code: HeldSecret? = nil
            var pin: HeldSecret? = nil
            try reader.beginObject()
            while let key = try reader.nextKey() {
                switch key {
                case "form": form = try reader.string(maxLength: 64)
                case "unblocking_code": code = try reader.heldSecret()
                case "pin": pin = try reader.heldSecret()
                default:
                    throw reader.unknownKey(key, known: ["form", "unblocking_code", "pin"])
                }
            }
            guard let form else { throw reader.missingKey("form") }
            guard let code else { throw reader.missingKey("unblocking_code") }
            guard let pin else { throw reader.missingKey("pin") }
            return Way(form: form, unblockingCode: code, pin: pin)
        }

        package borrowing func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("reader", reader)
            writer.member("serial", serial)
            writer.member("technician", technician)
            writer.member("name", name)
            writer.member("title", title)
            writer.member("wrong_pins", wrongPINs)
            writer.key("ways")
            writer.beginArray()
            for way in ways {
                writer.beginObject()
                writer.member("form", way.form)
                // Each borrowed alone: Swift 6.0's optimiser fails on two in one function.
                writer.code("unblocking_code", way.unblockingCode)
                writer.code("pin", way.pin)
                writer.endObject()
            }
            writer.endArray()
            writer.member("challenges", challenges)
        }
    }

    package struct CancelCommission: StationRequest {
        package typealias Reply = CommissionCancelled
        package static let method = MaintenanceInterface.name + ".CancelCommission"
        package let commission: String
        package init(commission: String) { self.commission = commission }
        package init(reading reader: inout JSONReader) throws(JSONError) {
            commission = try reader.oneString("commission")
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("commission", commission)
        }
    }

    package struct CheckSeal: StationRequest {
        package typealias Reply = SealChecked
        package static let method = MaintenanceInterface.name + ".CheckSeal"
        package let sha256: String
        package let journalSequence: Int
        package let journalHead: String

        package init(sha256: String, journalSequence: Int, journalHead: String) {
            self.sha256 = sha256
            self.journalSequence = journalSequence
            self.journalHead = journalHead
        }

        package init(reading reader: inout JSONReader) throws(JSONError) {
            var (sha256, sequence, head) = ("", 0, "")
            try reader.parameters(["sha256", "journal_seq", "journal_head"]) {
                key, value throws(JSONError) in
                switch key {
                case "sha256": sha256 = try value.string(maxLength: 64)
                case "journal_seq": sequence = Int(try value.integer(in: 1...Int64(Int32.max)))
                default: head = try value.string(maxLength: 64)
                }
            }
            self.init(sha256: sha256, journalSequence: sequence, journalHead: head)
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("sha256", sha256)
            writer.member("journal_seq", journalSequence)
            writer.member("journal_head", journalHead)
        }
    }
}
