import JSON

extension Station {
    /// What a check of a request found.
    package struct IntakeFinding: StationMessage, Equatable {
        package let field: String
        package let rule: String
        /// Whether the request is not valid until this is answered.
        package let mustComplete: Bool
        package let message: String

        package init(field: String, rule: String, mustComplete: Bool, message: String) {
            self.field = field
            self.rule = rule
            self.mustComplete = mustComplete
            self.message = message
        }
        package init(_ fields: Fields) throws(FieldError) {
            field = try fields.string("field")
            rule = try fields.string("rule")
            mustComplete = try fields.boolean("must_complete")
            message = try fields.string("message")
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("field", field)
            writer.member("rule", rule)
            writer.member("must_complete", mustComplete)
            writer.member("message", message)
        }
    }

    package struct RequestChecked: StationMessage, Equatable {
        package let valid: Bool
        package let findings: [IntakeFinding]
        /// The request on record that this paper is; only a check says so.
        package let known: String?

        package init(findings: [IntakeFinding], known: String? = nil) {
            valid = !findings.contains(where: \.mustComplete)
            self.findings = findings
            self.known = known
        }
        package init(_ fields: Fields) throws(FieldError) {
            valid = try fields.boolean("valid")
            findings = try fields.messages("findings")
            known = try fields.optionalString("known")
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writeFindings(into: &writer)
            writer.member("known", known)
        }
        fileprivate func writeFindings<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("valid", valid)
            writer.messages("findings", findings)
        }
    }

    package struct RequestTaken: StationMessage, Equatable {
        package let request: String
        package let cases: [String]
        package let checked: RequestChecked
        package let receipt: Receipt

        package init(request: String, cases: [String], checked: RequestChecked, receipt: Receipt) {
            self.request = request
            self.cases = cases
            self.checked = checked
            self.receipt = receipt
        }
        package init(_ fields: Fields) throws(FieldError) {
            request = try fields.string("request")
            cases = try fields.strings("cases")
            checked = try RequestChecked(fields)
            receipt = try Receipt(fields)
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("request", request)
            writer.member("cases", cases)
            checked.writeFindings(into: &writer)
            receipt.write(into: &writer)
        }
    }

    /// By when something is to be done for a case.
    package struct Due: StationMessage, Equatable {
        /// by-date, at-once, unconfirmed or unknown.
        package let term: String
        /// Its last day, `YYYY-MM-DD`.
        package let date: String?
        /// nil while the clock is not synchronised.
        package let late: Bool?
        /// Days that are not confirmed and that the date rests on.
        package let restsOn: [String]
        /// Why there is no date.
        package let problem: String?

        package init(
            term: String, date: String? = nil, late: Bool? = nil, restsOn: [String] = [],
            problem: String? = nil
        ) {
            self.term = term
            self.date = date
            self.late = late
            self.restsOn = restsOn
            self.problem = problem
        }
        package init(_ fields: Fields) throws(FieldError) {
            term = try fields.string("term")
            date = try fields.optionalString("date")
            late = try fields.optionalBoolean("late")
            restsOn = try fields.strings("rests_on")
            problem = try fields.optionalString("problem")
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("term", term)
            writer.member("date", date)
            writer.member("late", late)
            writer.member("rests_on", restsOn)
            writer.member("problem", problem)
        }
    }

    package struct RequestShown: StationMessage, Equatable {
        package let request: String
        package let recorded: String
        package let validSince: String?
        package let missing: [String]
        /// Personal numbers masked unless all was asked for; nil once it was removed.
        package let form: RequestForm?
        package let cases: [Case]
        /// What officers wrote, where all was asked for: a page of it.
        package var written: [Written]
        /// Where the next page begins; nil where nothing is left.
        package var writtenNext: Int?

        package init(
            request: String, recorded: String, validSince: String?, missing: [String],
            form: RequestForm?, cases: [Case], written: [Written] = [], writtenNext: Int? = nil
        ) {
            self.request = request
            self.recorded = recorded
            self.validSince = validSince
            self.missing = missing
            self.form = form
            self.cases = cases
            self.written = written
            self.writtenNext = writtenNext
        }
        package init(_ fields: Fields) throws(FieldError) {
            request = try fields.string("request")
            recorded = try fields.string("recorded")
            validSince = try fields.optionalString("valid_since")
            missing = try fields.strings("missing")
            form = try fields.optionalMessage("form")
            cases = try fields.messages("cases")
            written = try fields.messages("written")
            writtenNext = try fields.optionalInteger("written_next")
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("request", request)
            writer.member("recorded", recorded)
            writer.member("valid_since", validSince)
            writer.member("missing", missing)
            writer.message("form", form)
            writer.messages("cases", cases)
            writer.messages("written", written)
            writer.member("written_next", writtenNext)
        }
    }

    /// What an officer wrote at an act of a case.
    package struct Written: StationMessage, Equatable {
        package let caseNumber: String
        package let act: String
        package let texts: [String]

        package init(caseNumber: String, act: String, texts: [String]) {
            self.caseNumber = caseNumber
            self.act = act
            self.texts = texts
        }
        package init(_ fields: Fields) throws(FieldError) {
            caseNumber = try fields.string("case")
            act = try fields.string("act")
            texts = try fields.strings("texts")
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("case", caseNumber)
            writer.member("act", act)
            writer.member("texts", texts)
        }
    }
}

extension Station {
    package struct CheckRequest: StationRequest {
        package typealias Reply = RequestChecked
        package static let method = CasesInterface.name + ".Check"
        package let form: RequestForm
        /// The request that the paper completes.
        package let completing: String?
        package init(form: RequestForm, completing: String? = nil) {
            self.form = form
            self.completing = completing
        }
        package init(reading reader: inout JSONReader) throws(JSONError) {
            var form = RequestForm(kind: "", requestNumber: "", managingBody: "", devices: [])
            var request: String? = nil
            try reader.parameters(["form", "request"], optional: ["request"]) {
                key, value throws(JSONError) in
                if key == "form" {
                    form = try RequestForm(reading: &value)
                } else {
                    request = try value.string(maxLength: 64)
                }
            }
            self.init(form: form, completing: request)
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.message("form", form)
            writer.member("request", completing)
        }
    }

    package struct ReceiveRequest: StationRequest {
        package typealias Reply = RequestTaken
        package static let method = CasesInterface.name + ".Receive"
        package let form: RequestForm
        package init(form: RequestForm) { self.form = form }
        package init(reading reader: inout JSONReader) throws(JSONError) {
            form = try reader.oneForm()
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.message("form", form)
        }
    }

    package struct CompleteRequest: StationRequest {
        package typealias Reply = RequestTaken
        package static let method = CasesInterface.name + ".Complete"
        package let request: String
        package let form: RequestForm
        package init(request: String, form: RequestForm) {
            self.request = request
            self.form = form
        }
        package init(reading reader: inout JSONReader) throws(JSONError) {
            var request = ""
            var form = RequestForm(kind: "", requestNumber: "", managingBody: "", devices: [])
            try reader.parameters(["request", "form"]) { key, value throws(JSONError) in
                if key == "request" {
                    request = try value.string(maxLength: 64)
                } else {
                    form = try RequestForm(reading: &value)
                }
            }
            self.init(request: request, form: form)
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("request", request)
            writer.message("form", form)
        }
    }

    package struct GetRequest: StationRequest {
        package typealias Reply = RequestShown
        package static let method = CasesInterface.name + ".GetRequest"
        package let request: String
        /// Personal numbers too, and what officers wrote.
        package let whole: Bool
        /// Which of what officers wrote is the first, from 1.
        package let writtenFrom: Int?
        package init(request: String, whole: Bool = false, writtenFrom: Int? = nil) {
            self.request = request
            self.whole = whole
            self.writtenFrom = writtenFrom
        }
        package init(reading reader: inout JSONReader) throws(JSONError) {
            var (request, whole, from) = ("", false, Int?.none)
            try reader.parameters(
                ["request", "whole", "written_from"], optional: ["whole", "written_from"]
            ) { key, value throws(JSONError) in
                switch key {
                case "request": request = try value.string(maxLength: 64)
                case "whole": whole = try value.boolean()
                default: from = Int(clamping: try value.integer(in: 1...1_000_000_000))
                }
            }
            self.init(request: request, whole: whole, writtenFrom: from)
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("request", request)
            writer.member("whole", whole)
            writer.member("written_from", writtenFrom)
        }
    }

    /// Removes what a request says of people, after its retention time.
    package struct RemovePersonal: StationRequest {
        package typealias Reply = Receipt
        package static let method = CasesInterface.name + ".RemovePersonal"
        package let request: String
        package init(request: String) { self.request = request }
        package init(reading reader: inout JSONReader) throws(JSONError) {
            request = try reader.oneString("request")
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("request", request)
        }
    }

    package struct RouteCase: StationRequest {
        package typealias Reply = Receipt
        package static let method = CasesInterface.name + ".Route"
        package let number: String
        package let carrier: String
        package init(number: String, carrier: String) {
            self.number = number
            self.carrier = carrier
        }
        package init(reading reader: inout JSONReader) throws(JSONError) {
            var (number, carrier) = ("", "")
            try reader.parameters(["case", "carrier"]) { key, value throws(JSONError) in
                let text = try value.string(maxLength: 64)
                if key == "case" { number = text } else { carrier = text }
            }
            self.init(number: number, carrier: carrier)
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("case", number)
            writer.member("carrier", carrier)
        }
    }

    /// The record of a hand-over, return, loss or misuse is made.
    package struct RecordCase: StationRequest {
        package typealias Reply = Receipt
        package static let method = CasesInterface.name + ".Record"
        package let number: String
        package init(number: String) { self.number = number }
        package init(reading reader: inout JSONReader) throws(JSONError) {
            number = try reader.oneString("case")
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("case", number)
        }
    }

    package struct SendNotice: StationRequest {
        package typealias Reply = Receipt
        package static let method = CasesInterface.name + ".SendNotice"
        package let number: String
        package let addressee: String
        package let reference: String
        package init(number: String, addressee: String, reference: String) {
            self.number = number
            self.addressee = addressee
            self.reference = reference
        }
        package init(reading reader: inout JSONReader) throws(JSONError) {
            var (number, addressee, reference) = ("", "", "")
            try reader.parameters(["case", "to", "reference"]) { key, value throws(JSONError) in
                let text = try value.string(maxLength: 4096)
                switch key {
                case "case": number = text
                case "to": addressee = text
                default: reference = text
                }
            }
            self.init(number: number, addressee: addressee, reference: reference)
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("case", number)
            writer.member("to", addressee)
            writer.member("reference", reference)
        }
    }

    /// What may go by the office's retention time.
    package struct ListExpired: BareRequest {
        package typealias Reply = ExpiredList
        package static let method = CasesInterface.name + ".ListExpired"
        package init() {}
    }

    /// What is still to be done, those due first before the others.
    package struct ListDue: BareRequest {
        package typealias Reply = CaseList
        package static let method = CasesInterface.name + ".ListDue"
        package init() {}
    }
}

extension Station {
    package struct Paper: StationMessage, Equatable {
        package let name: String
        package let html: String
        package init(name: String, html: String) {
            self.name = name
            self.html = html
        }
        package init(_ fields: Fields) throws(FieldError) {
            name = try fields.string("name")
            html = try fields.string("html")
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("name", name)
            writer.member("html", html)
        }
    }

    package struct GetPaper: StationRequest {
        package typealias Reply = Paper
        package static let method = CasesInterface.name + ".GetPaper"
        package let number: String
        package let paper: String
        /// A QR code as `qrencode -t SVG` draws it.
        package let qr: String?
        package init(number: String, paper: String, qr: String? = nil) {
            self.number = number
            self.paper = paper
            self.qr = qr
        }
        package init(reading reader: inout JSONReader) throws(JSONError) {
            var (number, paper) = ("", "")
            var qr: String? = nil
            try reader.parameters(["case", "paper", "qr"], optional: ["qr"]) {
                key, value throws(JSONError) in
                switch key {
                case "case": number = try value.string(maxLength: 64)
                case "paper": paper = try value.string(maxLength: 64)
                default: qr = try value.string(maxLength: 1 << 20)
                }
            }
            self.init(number: number, paper: paper, qr: qr)
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("case", number)
            writer.member("paper", paper)
            writer.member("qr", qr)
        }
    }
}

extension JSONReader {
    fileprivate mutating func oneForm() throws(JSONError) -> Station.RequestForm {
        var form = Station.RequestForm(kind: "", requestNumber: "", managingBody: "", devices: [])
        try parameters(["form"]) { _, value throws(JSONError) in
            form = try Station.RequestForm(reading: &value)
        }
        return form
    }
}
