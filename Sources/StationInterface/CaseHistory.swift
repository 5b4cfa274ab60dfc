import JSON

extension Station {
    /// What happened in a case.
    package struct GetHistory: StationRequest {
        package typealias Reply = CaseHistory
        package static let method = CasesInterface.name + ".GetHistory"
        package let number: String
        package init(number: String) { self.number = number }
        package init(reading reader: inout JSONReader) throws(JSONError) {
            number = try reader.oneString("case")
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("case", number)
        }
    }

    package struct CaseHistory: StationMessage, Equatable {
        /// Oldest first.
        package let happenings: [Happening]
        /// Lines before those.
        package let earlier: Int

        package init(_ happenings: [Happening], earlier: Int) {
            self.happenings = happenings
            self.earlier = earlier
        }
        package init(_ fields: Fields) throws(FieldError) {
            happenings = try fields.messages("history")
            earlier = try fields.integer("earlier")
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.messages("history", happenings)
            writer.member("earlier", earlier)
        }
    }

    /// One line of the journal that is about a case.
    package struct Happening: StationMessage, Equatable {
        package let sequence: Int
        /// RFC 3339, UTC.
        package let time: String
        package let clock: String
        package let kind: String
        package let user: Int
        package let officer: String?
        package let outcome: String?
        package let reasons: [String]
        package let unblockingSpent: Spent?
        package let pinSpent: Spent?
        /// Whom a notice went to, or whose the case is now.
        package let addressee: String?
        /// Which restore the line is of.
        package let restore: String?

        package init(
            sequence: Int, time: String, clock: String, kind: String, user: Int,
            officer: String? = nil, outcome: String? = nil, reasons: [String] = [],
            unblockingSpent: Spent? = nil, pinSpent: Spent? = nil, addressee: String? = nil,
            restore: String? = nil
        ) {
            self.sequence = sequence
            self.time = time
            self.clock = clock
            self.kind = kind
            self.user = user
            self.officer = officer
            self.outcome = outcome
            self.reasons = reasons
            self.unblockingSpent = unblockingSpent
            self.pinSpent = pinSpent
            self.addressee = addressee
            self.restore = restore
        }

        package init(_ fields: Fields) throws(FieldError) {
            sequence = try fields.integer("seq")
            time = try fields.string("time")
            clock = try fields.string("clock")
            kind = try fields.string("kind")
            user = try fields.integer("user")
            officer = try fields.optionalString("officer")
            outcome = try fields.optionalString("outcome")
            reasons = try fields.strings("reasons")
            unblockingSpent = try fields.optionalMessage("unblocking_spent")
            pinSpent = try fields.optionalMessage("pin_spent")
            addressee = try fields.optionalString("to")
            restore = try fields.optionalString("restore")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("seq", sequence)
            writer.member("time", time)
            writer.member("clock", clock)
            writer.member("kind", kind)
            writer.member("user", user)
            writer.member("officer", officer)
            writer.member("outcome", outcome)
            writer.member("reasons", reasons)
            writer.message("unblocking_spent", unblockingSpent)
            writer.message("pin_spent", pinSpent)
            writer.member("to", addressee)
            writer.member("restore", restore)
        }
    }
}
