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

    package struct ApprovedByToken: StationMessage, Equatable {
        package let approved: Approved
        package let pinSpent: Spent
        package let pinLeft: Int?

        package init(_ approved: Approved, pinSpent: Spent, pinLeft: Int?) {
            self.approved = approved
            self.pinSpent = pinSpent
            self.pinLeft = pinLeft
        }

        package init(_ fields: Fields) throws(FieldError) {
            approved = try Approved(fields)
            pinSpent = try fields.message("pin_spent")
            pinLeft = try fields.optionalInteger("pin_left")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            approved.write(into: &writer)
            writer.message("pin_spent", pinSpent)
            writer.member("pin_left", pinLeft)
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
        package let officer: String
        package let password: HeldSecret

        package init(restore: String, officer: String, password: HeldSecret) {
            self.restore = restore
            self.officer = officer
            self.password = password
        }

        package init(reading reader: inout JSONReader) throws(JSONError) {
            var restore: String? = nil
            var officer: String? = nil
            var password: HeldSecret? = nil
            try reader.beginObject()
            while let key = try reader.nextKey() {
                switch key {
                case "restore": restore = try reader.string(maxLength: 64)
                case "officer": officer = try reader.string(maxLength: 64)
                case "password": password = try reader.heldSecret()
                default:
                    throw reader.unknownKey(key, known: ["restore", "officer", "password"])
                }
            }
            guard let restore else { throw reader.missingKey("restore") }
            guard let officer else { throw reader.missingKey("officer") }
            guard let password else { throw reader.missingKey("password") }
            self.restore = restore
            self.officer = officer
            self.password = password
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
            var restore: String? = nil
            var name: String? = nil
            var pin: HeldSecret? = nil
            var isAtPad = false
            try reader.beginObject()
            while let key = try reader.nextKey() {
                switch key {
                case "restore": restore = try reader.string(maxLength: 64)
                case "reader": name = try reader.string(maxLength: 256)
                case "pin": pin = try reader.heldSecret()
                case "at_pad":
                    if try !reader.nullIfNext() { isAtPad = try reader.boolean() }
                default:
                    throw reader.unknownKey(key, known: ["restore", "reader", "pin", "at_pad"])
                }
            }
            guard let restore else { throw reader.missingKey("restore") }
            guard let name else { throw reader.missingKey("reader") }
            try reader.check(pin != nil, "pin", isAtPad: isAtPad)
            self.restore = restore
            self.reader = name
            self.pin = pin
        }

        package borrowing func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("restore", restore)
            writer.member("reader", reader)
            if let pin { writer.code("pin", pin) }
            writer.member("at_pad", pin == nil)
        }
    }
}
