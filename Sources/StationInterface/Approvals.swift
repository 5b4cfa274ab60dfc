import JSON
import Secrets

extension Station {
    package struct ActShown: StationMessage, Equatable {
        package let act: String
        package let approvedBy: String?

        package init(act: String, approvedBy: String?) {
            self.act = act
            self.approvedBy = approvedBy
        }

        package init(_ fields: Fields) throws(FieldError) {
            act = try fields.string("act")
            approvedBy = try fields.optionalString("approved_by")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("act", act)
            writer.member("approved_by", approvedBy)
        }
    }

    package struct Approved: StationMessage, Equatable {
        package let officer: String
        package let act: String
        package let receipt: Receipt

        package init(officer: String, act: String, receipt: Receipt) {
            self.officer = officer
            self.act = act
            self.receipt = receipt
        }

        package init(_ fields: Fields) throws(FieldError) {
            officer = try fields.string("officer")
            act = try fields.string("act")
            receipt = try Receipt(fields)
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("officer", officer)
            writer.member("act", act)
            receipt.write(into: &writer)
        }
    }
}

// MARK: - Requests

extension Station {
    package struct ShowAct: StationRequest {
        package typealias Reply = ActShown
        package static let method = OfficersInterface.name + ".ShowAct"
        package let restore: String
        package init(restore: String) { self.restore = restore }
        package init(reading reader: inout JSONReader) throws(JSONError) {
            restore = try reader.oneString("restore")
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("restore", restore)
        }
    }

    package struct Approve: StationRequest, ~Copyable {
        package typealias Reply = Approved
        package static let method = OfficersInterface.name + ".Approve"
        package let restore: String
        package let officer: TypedOfficer
        package let password: HeldSecret

        package init(restore: String, officer: String, password: HeldSecret) {
            self.restore = restore
            self.officer = .sent(officer)
            self.password = password
        }

        package init(reading reader: inout JSONReader) throws(JSONError) {
            let found = try reader.texts([.restore], andPasswordOf: "officer")
            restore = found.texts[0]
            (officer, password) = (found.officer, found.password)
        }

        package borrowing func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("restore", restore)
            writer.member("officer", officer)
            writer.code("password", password)
        }
    }

    package struct ApproveByToken: StationRequest, ~Copyable {
        package typealias Reply = ApprovedByToken
        package static let method = OfficersInterface.name + ".ApproveByToken"
        package let restore: String
        package let reader: String
        /// nil: it is entered at the reader's pad.
        package let pin: HeldSecret?

        package init(restore: String, reader: String, pin: HeldSecret?) {
            self.restore = restore
            self.reader = reader
            self.pin = pin
        }

        package init(reading reader: inout JSONReader) throws(JSONError) {
            let found = try reader.texts([.restore, .reader], andAtPadOr: "pin")
            (restore, self.reader) = (found.texts[0], found.texts[1])
            pin = found.code
        }

        package borrowing func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("restore", restore)
            writer.member("reader", reader)
            if let pin { writer.code("pin", pin) }
            writer.member("at_pad", pin == nil)
        }
    }
}
