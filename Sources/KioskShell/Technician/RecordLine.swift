import JSON

/// A line of the agent's record, as much of it as a technician looks at first.
struct RecordLine: Equatable, Sendable {
    let sequence: Int64
    let time: String
    /// The agent's word, as `restore.begun`.
    let kind: String
    let caseNumber: String?
    /// The officer, else the user's name, else its number.
    let who: String

    /// Nil for a line that is none of the record's.
    init?(_ text: String) {
        let read = try? JSONReader.over(Array(text.utf8)) { (json) throws(JSONError) in
            try json.value()
        }
        guard let line = read, let sequence = line["seq"]?.integer, let kind = line["kind"]?.string
        else { return nil }
        self.sequence = sequence
        self.kind = kind
        time = line["time"]?.string ?? ""
        caseNumber = line["case"]?.string
        let person = line["who"]
        who =
            person?["officer"]?.string ?? person?["name"]?.string
            ?? person?["uid"]?.integer.map { "uid \($0)" } ?? ""
    }
}
