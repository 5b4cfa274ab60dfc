import JSON

extension Station {
    package struct Case: StationMessage, Equatable {
        package let number: String
        package let request: String
        package let kind: String
        package let requestNumber: String
        package let managingBody: String
        package let deviceNumber: String
        package let holder: String?
        package let opened: String
        package let state: String
        package let restore: String?
        /// What an officer may do with it now.
        package let acts: [String]
        /// What can be printed for it now.
        package let papers: [String]
        package let awaitsNotice: Bool
        /// Its device's key has proven itself in this case.
        package let keyIsProven: Bool
        package let due: Due?

        package init(
            number: String, request: String, kind: String, requestNumber: String,
            managingBody: String, deviceNumber: String, holder: String?, opened: String,
            state: String, restore: String?, acts: [String] = [], papers: [String] = [],
            awaitsNotice: Bool = false, keyIsProven: Bool = false, due: Due? = nil
        ) {
            self.number = number
            self.request = request
            self.kind = kind
            self.requestNumber = requestNumber
            self.managingBody = managingBody
            self.deviceNumber = deviceNumber
            self.holder = holder
            self.opened = opened
            self.state = state
            self.restore = restore
            self.acts = acts
            self.papers = papers
            self.awaitsNotice = awaitsNotice
            self.keyIsProven = keyIsProven
            self.due = due
        }

        package init(_ fields: Fields) throws(FieldError) {
            number = try fields.string("case")
            request = try fields.string("request")
            kind = try fields.string("kind")
            requestNumber = try fields.string("request_number")
            managingBody = try fields.string("managing_body")
            deviceNumber = try fields.string("device_number")
            holder = try fields.optionalString("holder")
            opened = try fields.string("opened")
            state = try fields.string("state")
            restore = try fields.optionalString("restore")
            acts = try fields.strings("acts")
            papers = try fields.strings("papers")
            awaitsNotice = try fields.boolean("awaits_notice")
            keyIsProven = try fields.boolean("key_proven")
            due = try fields.optionalMessage("due")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("case", number)
            writer.member("request", request)
            writer.member("kind", kind)
            writer.member("request_number", requestNumber)
            writer.member("managing_body", managingBody)
            writer.member("device_number", deviceNumber)
            writer.member("holder", holder)
            writer.member("opened", opened)
            writer.member("state", state)
            writer.member("restore", restore)
            writer.member("acts", acts)
            writer.member("papers", papers)
            writer.member("awaits_notice", awaitsNotice)
            writer.member("key_proven", keyIsProven)
            writer.message("due", due)
        }
    }

    package struct CaseOpened: StationMessage, Equatable {
        package let number: String
        package let receipt: Receipt

        package init(number: String, receipt: Receipt) {
            self.number = number
            self.receipt = receipt
        }
        package init(_ fields: Fields) throws(FieldError) {
            number = try fields.string("case")
            receipt = try Receipt(fields)
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("case", number)
            receipt.write(into: &writer)
        }
    }

    /// A line of the journal: what a receipt on paper witnesses.
    package struct Receipt: StationMessage, Equatable {
        package let journalSequence: Int
        package let journalHead: String

        package init(journalSequence: Int, journalHead: String) {
            self.journalSequence = journalSequence
            self.journalHead = journalHead
        }
        package init(_ fields: Fields) throws(FieldError) {
            journalSequence = try fields.integer("journal_seq")
            journalHead = try fields.string("journal_head")
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("journal_seq", journalSequence)
            writer.member("journal_head", journalHead)
        }
    }

    package struct OneCase: StationMessage, Equatable {
        package let found: Case
        package init(_ found: Case) { self.found = found }
        package init(_ fields: Fields) throws(FieldError) { found = try fields.message("case") }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.message("case", found)
        }
    }

    package struct CaseList: StationMessage, Equatable {
        package let cases: [Case]
        package init(_ cases: [Case]) { self.cases = cases }
        package init(_ fields: Fields) throws(FieldError) { cases = try fields.messages("cases") }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.messages("cases", cases)
        }
    }
}

extension Station {
    package struct OpenCase: StationRequest {
        package typealias Reply = CaseOpened
        package static let method = CasesInterface.name + ".Open"
        package let requestNumber: String
        package let managingBody: String
        package let holder: String
        package let deviceNumber: String

        package init(
            requestNumber: String, managingBody: String, holder: String, deviceNumber: String
        ) {
            self.requestNumber = requestNumber
            self.managingBody = managingBody
            self.holder = holder
            self.deviceNumber = deviceNumber
        }

        package init(reading reader: inout JSONReader) throws(JSONError) {
            var (request, body, person, device) = ("", "", "", "")
            try reader.parameters(["request_number", "managing_body", "holder", "device_number"]) {
                key, value throws(JSONError) in
                // Longer than the case room allows, so that its error names the field's rule.
                let text = try value.string(maxLength: 4096)
                switch key {
                case "request_number": request = text
                case "managing_body": body = text
                case "holder": person = text
                default: device = text
                }
            }
            self.init(
                requestNumber: request, managingBody: body, holder: person, deviceNumber: device)
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("request_number", requestNumber)
            writer.member("managing_body", managingBody)
            writer.member("holder", holder)
            writer.member("device_number", deviceNumber)
        }
    }

    package struct GetCase: StationRequest {
        package typealias Reply = OneCase
        package static let method = CasesInterface.name + ".Get"
        package let number: String
        package init(number: String) { self.number = number }
        package init(reading reader: inout JSONReader) throws(JSONError) {
            number = try reader.oneString("case")
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("case", number)
        }
    }

    package struct ListCases: StationRequest {
        package typealias Reply = CaseList
        package static let method = CasesInterface.name + ".List"
        package let openOnly: Bool
        package init(openOnly: Bool) { self.openOnly = openOnly }
        package init(reading reader: inout JSONReader) throws(JSONError) {
            var only = false
            try reader.parameters(["open_only"], optional: ["open_only"]) {
                _, value throws(JSONError) in
                only = try value.boolean()
            }
            openOnly = only
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("open_only", openOnly)
        }
    }

    package struct RefuseCase: StationRequest {
        package typealias Reply = Receipt
        package static let method = CasesInterface.name + ".Refuse"
        package let number: String
        package let reasons: [String]
        package init(number: String, reasons: [String]) {
            self.number = number
            self.reasons = reasons
        }
        package init(reading reader: inout JSONReader) throws(JSONError) {
            var (case_, reasons) = ("", [String]())
            try reader.parameters(["case", "reasons"]) { key, value throws(JSONError) in
                if key == "case" {
                    case_ = try value.string(maxLength: 64)
                } else {
                    try value.beginArray()
                    while try value.nextElement() {
                        guard reasons.count < 16 else { throw value.invalid("at most 16 reasons") }
                        reasons.append(try value.string(maxLength: 1000))
                    }
                }
            }
            self.init(number: case_, reasons: reasons)
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("case", number)
            writer.member("reasons", reasons)
        }
    }

    package struct CloseCase: StationRequest {
        package typealias Reply = Receipt
        package static let method = CasesInterface.name + ".Close"
        package let number: String
        package let reason: String
        package init(number: String, reason: String) {
            self.number = number
            self.reason = reason
        }
        package init(reading reader: inout JSONReader) throws(JSONError) {
            var (case_, why) = ("", "")
            try reader.parameters(["case", "reason"]) { key, value throws(JSONError) in
                if key == "case" {
                    case_ = try value.string(maxLength: 64)
                } else {
                    why = try value.string(maxLength: 1000)
                }
            }
            self.init(number: case_, reason: why)
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("case", number)
            writer.member("reason", reason)
        }
    }
}
