import JSON

extension Station {
    /// A request whose retention time is over.
    package struct Expired: StationMessage, Equatable {
        package let request: String
        package let requestNumber: String
        package let managingBody: String
        /// When the last of its cases came to its end, RFC 3339 in UTC.
        package let done: String

        package init(request: String, requestNumber: String, managingBody: String, done: String) {
            self.request = request
            self.requestNumber = requestNumber
            self.managingBody = managingBody
            self.done = done
        }
        package init(_ fields: Fields) throws(FieldError) {
            request = try fields.string("request")
            requestNumber = try fields.string("request_number")
            managingBody = try fields.string("managing_body")
            done = try fields.string("done")
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("request", request)
            writer.member("request_number", requestNumber)
            writer.member("managing_body", managingBody)
            writer.member("done", done)
        }
    }

    package struct ExpiredList: StationMessage, Equatable {
        /// nil where the office names no time.
        package let retentionDays: Int?
        /// Why none can be told.
        package let problem: String?
        package let requests: [Expired]

        package init(retentionDays: Int?, problem: String?, requests: [Expired]) {
            self.retentionDays = retentionDays
            self.problem = problem
            self.requests = requests
        }
        package init(_ fields: Fields) throws(FieldError) {
            retentionDays = try fields.optionalInteger("retention_days")
            problem = try fields.optionalString("problem")
            requests = try fields.messages("requests")
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("retention_days", retentionDays)
            writer.member("problem", problem)
            writer.messages("requests", requests)
        }
    }
}
