import JSON
import Secrets

extension Station {
    package struct KeyChecked: StationMessage, Equatable {
        package let deviceNumber: String
        package let verdict: Verdict
        /// nil where the token gave no signature.
        package let timing: Timing?
        package let steps: [Step]
        package let pinSpent: Spent
        package let pinLeft: Int?
        package let completed: Bool
        package let message: String
        package let next: String
        package let journalSequence: Int
        package let journalHead: String

        package init(
            deviceNumber: String, verdict: Verdict, timing: Timing?, steps: [Step],
            pinSpent: Spent, pinLeft: Int?, completed: Bool, message: String, next: String,
            journalSequence: Int, journalHead: String
        ) {
            self.deviceNumber = deviceNumber
            self.verdict = verdict
            self.timing = timing
            self.steps = steps
            self.pinSpent = pinSpent
            self.pinLeft = pinLeft
            self.completed = completed
            self.message = message
            self.next = next
            self.journalSequence = journalSequence
            self.journalHead = journalHead
        }

        package init(_ fields: Fields) throws(FieldError) {
            deviceNumber = try fields.string("device_number")
            verdict = try fields.message("verdict")
            timing = try fields.optionalMessage("timing")
            steps = try fields.messages("steps")
            pinSpent = try fields.message("pin_spent")
            pinLeft = try fields.optionalInteger("pin_left")
            completed = try fields.boolean("completed")
            message = try fields.string("message")
            next = try fields.string("next")
            journalSequence = try fields.integer("journal_seq")
            journalHead = try fields.string("journal_head")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("device_number", deviceNumber)
            writer.message("verdict", verdict)
            writer.message("timing", timing)
            writer.messages("steps", steps)
            writer.message("pin_spent", pinSpent)
            writer.member("pin_left", pinLeft)
            writer.member("completed", completed)
            writer.member("message", message)
            writer.member("next", next)
            writer.member("journal_seq", journalSequence)
            writer.member("journal_head", journalHead)
        }
    }

    package struct CheckKey: StationRequest, ~Copyable {
        package typealias Reply = KeyChecked
        package static let method = KeyCheckInterface.name + ".Check"
        package let reader: String
        /// nil: it is entered at the reader's pad.
        package let pin: HeldSecret?
        package let restore: String?
        /// A hand-over whose device it is.
        package let caseNumber: String?
        /// Fields of the comparison that a person held side by side and found to be the same.
        package let compared: [String]
        /// How many signatures are asked for; nil for the station's own number.
        package let challenges: Int?

        package static let mostChallenges = 50

        package init(
            reader: String, pin: consuming Secret, restore: String? = nil,
            caseNumber: String? = nil, compared: [String] = [], challenges: Int? = nil
        ) {
            self.reader = reader
            self.pin = HeldSecret(pin)
            self.restore = restore
            self.caseNumber = caseNumber
            self.compared = compared
            self.challenges = challenges
        }

        package init(
            atPadOf reader: String, restore: String? = nil, caseNumber: String? = nil,
            compared: [String] = [], challenges: Int? = nil
        ) {
            self.reader = reader
            pin = nil
            self.restore = restore
            self.caseNumber = caseNumber
            self.compared = compared
            self.challenges = challenges
        }

        package init(reading reader: inout JSONReader) throws(JSONError) {
            var name: String? = nil
            var code: HeldSecret? = nil
            var isAtPad = false
            var restore: String? = nil
            var caseNumber: String? = nil
            var compared: [String] = []
            var challenges: Int? = nil
            try reader.beginObject()
            while let key = try reader.nextKey() {
                switch key {
                case "reader": name = try reader.string(maxLength: 256)
                case "pin": code = try reader.heldSecret()
                case "at_pad":
                    if try !reader.nullIfNext() { isAtPad = try reader.boolean() }
                case "restore":
                    if try !reader.nullIfNext() { restore = try reader.string(maxLength: 64) }
                case "case":
                    if try !reader.nullIfNext() { caseNumber = try reader.string(maxLength: 64) }
                case "compared":
                    if try !reader.nullIfNext() {
                        compared = try reader.names(atMost: Comparison.mostFields)
                    }
                case "challenges":
                    if try !reader.nullIfNext() {
                        challenges = Int(try reader.integer(in: 1...Int64(Self.mostChallenges)))
                    }
                default:
                    throw reader.unknownKey(
                        key,
                        known: [
                            "reader", "pin", "at_pad", "restore", "case", "compared", "challenges",
                        ])
                }
            }
            guard let name else { throw reader.missingKey("reader") }
            try reader.check(code != nil, "pin", isAtPad: isAtPad)
            self.reader = name
            pin = code
            self.restore = restore
            self.caseNumber = caseNumber
            self.compared = compared
            self.challenges = challenges
        }

        /// The PIN alone, on its way to another thread; nil where it is entered at the pad.
        package consuming func handOver() -> SecretHandOver? { pin.map { SecretHandOver($0) } }

        package borrowing func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("reader", reader)
            if let pin { writer.member("pin", pin.secret) }
            writer.member("at_pad", pin == nil)
            writer.member("restore", restore)
            writer.member("case", caseNumber)
            writer.member("compared", compared)
            writer.member("challenges", challenges)
        }
    }
}
