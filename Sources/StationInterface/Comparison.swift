import JSON

extension Station {
    /// One field of a request beside what the token says of it.
    package struct ComparedField: StationMessage, Equatable {
        package enum Verdict: String, Sendable { case equal, near, different, absent }

        package let field: String
        /// Empty where the request says nothing.
        package let asked: String
        /// What fits best first; empty where the token says nothing.
        package let held: [String]
        package let verdict: Verdict
        /// In what both differ, where that is near.
        package let reason: String?

        package init(
            field: String, asked: String, held: [String], verdict: Verdict, reason: String?
        ) {
            self.field = field
            self.asked = asked
            self.held = held
            self.verdict = verdict
            self.reason = reason
        }

        package init(_ fields: Fields) throws(FieldError) {
            field = try fields.string("field")
            asked = try fields.string("asked")
            held = try fields.strings("held")
            verdict = try fields.choice("verdict")
            reason = try fields.optionalString("reason")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("field", field)
            writer.member("asked", asked)
            writer.member("held", held)
            writer.member("verdict", verdict.rawValue)
            writer.member("reason", reason)
        }
    }

    /// A token beside the row of the request it is to be of.
    package struct Comparison: StationMessage, Equatable {
        package enum Overall: String, Sendable { case equal, near, different }

        package let overall: Overall
        package let fields: [ComparedField]
        /// Names of those that a person has to compare.
        package let toCompare: [String]

        package init(overall: Overall, fields: [ComparedField], toCompare: [String]) {
            self.overall = overall
            self.fields = fields
            self.toCompare = toCompare
        }

        package init(_ fields: Fields) throws(FieldError) {
            overall = try fields.choice("overall")
            self.fields = try fields.messages("fields")
            toCompare = try fields.strings("to_compare")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("overall", overall.rawValue)
            writer.messages("fields", fields)
            writer.member("to_compare", toCompare)
        }

        /// Most names that a caller may say.
        static let mostFields = 16
    }
}
