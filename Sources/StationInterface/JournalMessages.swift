import JSON

extension Station {
    package struct JournalPage: StationMessage, Equatable {
        package let lines: [String]
        package let next: Int?

        package init(lines: [String], next: Int?) {
            self.lines = lines
            self.next = next
        }
        package init(_ fields: Fields) throws(FieldError) {
            lines = try fields.strings("lines")
            next = try fields.optionalInteger("next")
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("lines", lines)
            writer.member("next", next)
        }
    }

    package struct JournalHead: StationMessage, Equatable {
        package let sequence: Int
        package let hash: String
        package let writable: Bool
        package let problem: String?

        package init(sequence: Int, hash: String, writable: Bool, problem: String?) {
            self.sequence = sequence
            self.hash = hash
            self.writable = writable
            self.problem = problem
        }
        package init(_ fields: Fields) throws(FieldError) {
            sequence = try fields.integer("seq")
            hash = try fields.string("hash")
            writable = try fields.boolean("writable")
            problem = try fields.optionalString("problem")
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("seq", sequence)
            writer.member("hash", hash)
            writer.member("writable", writable)
            writer.member("problem", problem)
        }
    }

    package struct JournalVerified: StationMessage, Equatable {
        package let good: Bool
        package let lines: Int
        package let hash: String
        package let tornBytes: Int
        package let firstBad: Int?
        package let reason: String?

        package init(
            good: Bool, lines: Int, hash: String, tornBytes: Int, firstBad: Int?, reason: String?
        ) {
            self.good = good
            self.lines = lines
            self.hash = hash
            self.tornBytes = tornBytes
            self.firstBad = firstBad
            self.reason = reason
        }
        package init(_ fields: Fields) throws(FieldError) {
            good = try fields.boolean("good")
            lines = try fields.integer("lines")
            hash = try fields.string("hash")
            tornBytes = try fields.integer("torn_bytes")
            firstBad = try fields.optionalInteger("first_bad")
            reason = try fields.optionalString("reason")
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("good", good)
            writer.member("lines", lines)
            writer.member("hash", hash)
            writer.member("torn_bytes", tornBytes)
            writer.member("first_bad", firstBad)
            writer.member("reason", reason)
        }
    }

    package struct ShowJournal: StationRequest {
        package typealias Reply = JournalPage
        package static let method = JournalInterface.name + ".Show"
        package let from: Int?
        package let count: Int?
        package init(from: Int? = nil, count: Int? = nil) {
            self.from = from
            self.count = count
        }
        package init(reading reader: inout JSONReader) throws(JSONError) {
            var first: Int? = nil
            var many: Int? = nil
            try reader.parameters(["from", "count"], optional: ["from", "count"]) {
                key, value throws(JSONError) in
                if key == "from" {
                    first = Int(try value.integer(in: -1_000_000...Int64(Int32.max)))
                } else {
                    many = Int(try value.integer(in: 1...1000))
                }
            }
            self.init(from: first, count: many)
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("from", from)
            writer.member("count", count)
        }
    }

    package struct HeadOfJournal: BareRequest {
        package typealias Reply = JournalHead
        package static let method = JournalInterface.name + ".Head"
        package init() {}
    }

    package struct VerifyJournal: BareRequest {
        package typealias Reply = JournalVerified
        package static let method = JournalInterface.name + ".Verify"
        package init() {}
    }
}
