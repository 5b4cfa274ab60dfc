import JSON
import Secrets

extension Station {
    package struct BeginRestore: StationRequest {
        package typealias Reply = PermitGiven
        package static let method = RestoreInterface.name + ".Begin"
        package let caseNumber: String
        package let reader: String
        package let pinForgotten: Bool
        /// Fields of the comparison that a person held side by side and found to be the same.
        package let compared: [String]
        /// The way to unblock it; nil for the first that may lead somewhere.
        package let form: String?
        /// Somebody with that right takes on a provisional model.
        package let provisional: Bool

        package init(
            caseNumber: String, reader: String, pinForgotten: Bool = false,
            compared: [String] = [], form: String? = nil, provisional: Bool = false
        ) {
            self.caseNumber = caseNumber
            self.reader = reader
            self.pinForgotten = pinForgotten
            self.compared = compared
            self.form = form
            self.provisional = provisional
        }

        package init(reading reader: inout JSONReader) throws(JSONError) {
            var (number, name, forgotten) = ("", "", false)
            var compared: [String] = []
            var form: String? = nil
            var provisional = false
            try reader.parameters(
                ["case", "reader", "pin_forgotten", "compared", "form", "provisional"],
                optional: ["pin_forgotten", "compared", "form", "provisional"]
            ) { key, value throws(JSONError) in
                switch key {
                case "case": number = try value.string(maxLength: 64)
                case "reader": name = try value.string(maxLength: 256)
                case "pin_forgotten": forgotten = try value.boolean()
                case "provisional": provisional = try value.boolean()
                case "form": form = try value.string(maxLength: 64)
                default: compared = try value.names(atMost: Comparison.mostFields)
                }
            }
            self.init(
                caseNumber: number, reader: name, pinForgotten: forgotten,
                compared: compared, form: form, provisional: provisional)
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("case", caseNumber)
            writer.member("reader", reader)
            writer.member("pin_forgotten", pinForgotten)
            writer.member("compared", compared)
            writer.member("form", form)
            writer.member("provisional", provisional)
        }
    }

    package struct Unblock: StationRequest, ~Copyable {
        package typealias Reply = RestoreState
        package static let method = RestoreInterface.name + ".Unblock"
        package let restore: String
        /// nil: they are entered at the reader's pad.
        package let codes: Codes?
        package let lastTry: Bool

        package struct Codes: Sendable {
            package let unblockingCode: HeldSecret
            /// nil where the old PIN stays.
            package let newPIN: HeldSecret?

            package init(unblockingCode: HeldSecret, newPIN: HeldSecret?) {
                self.unblockingCode = unblockingCode
                self.newPIN = newPIN
            }
        }

        package init(
            restore: String, unblockingCode: consuming Secret, newPIN: consuming Secret,
            lastTry: Bool = false
        ) {
            self.restore = restore
            codes = Codes(
                unblockingCode: HeldSecret(unblockingCode), newPIN: HeldSecret(newPIN))
            self.lastTry = lastTry
        }

        package init(restore: String, codes: Codes, lastTry: Bool = false) {
            self.restore = restore
            self.codes = codes
            self.lastTry = lastTry
        }

        package init(atPadFor restore: String, lastTry: Bool = false) {
            self.restore = restore
            codes = nil
            self.lastTry = lastTry
        }

        package init(reading reader: inout JSONReader) throws(JSONError) {
            let known = ["restore", "unblocking_code", "new_pin", "at_pad", "last_try"]
            var restore: String? = nil
            var code: HeldSecret? = nil
            var pin: HeldSecret? = nil
            var isAtPad = false
            var last = false
            try reader.beginObject()
            while let key = try reader.nextKey() {
                switch key {
                case "restore": restore = try reader.string(maxLength: 64)
                case "unblocking_code": code = try reader.heldSecret()
                case "new_pin": pin = try reader.heldSecret()
                case "at_pad":
                    if try !reader.nullIfNext() { isAtPad = try reader.boolean() }
                case "last_try": if try !reader.nullIfNext() { last = try reader.boolean() }
                default: throw reader.unknownKey(key, known: known)
                }
            }
            guard let restore else { throw reader.missingKey("restore") }
            try reader.check(code != nil, "unblocking_code", isAtPad: isAtPad)
            if pin != nil { try reader.check(true, "new_pin", isAtPad: isAtPad) }
            self.restore = restore
            if let code {
                codes = Codes(unblockingCode: code, newPIN: pin)
            } else {
                codes = nil
            }
            lastTry = last
        }

        package borrowing func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("restore", restore)
            if let codes {
                writer.member("unblocking_code", codes.unblockingCode.secret)
                if let newPIN = codes.newPIN { writer.member("new_pin", newPIN.secret) }
            }
            writer.member("at_pad", codes == nil)
            writer.member("last_try", lastTry)
        }
    }

    package struct AskChallenge: StationRequest {
        package typealias Reply = ChallengeGiven
        package static let method = RestoreInterface.name + ".AskChallenge"
        package let restore: String
        package let lastTry: Bool

        package init(restore: String, lastTry: Bool = false) {
            self.restore = restore
            self.lastTry = lastTry
        }

        package init(reading reader: inout JSONReader) throws(JSONError) {
            var (restore, last) = ("", false)
            try reader.parameters(
                ["restore", "last_try"], optional: ["last_try"]
            ) { key, value throws(JSONError) in
                switch key {
                case "restore": restore = try value.string(maxLength: 64)
                default: last = try value.boolean()
                }
            }
            self.init(restore: restore, lastTry: last)
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("restore", restore)
            writer.member("last_try", lastTry)
        }
    }

    package struct Respond: StationRequest, ~Copyable {
        package typealias Reply = RestoreState
        package static let method = RestoreInterface.name + ".Respond"
        package let restore: String
        /// Hexadecimal.
        package let response: HeldSecret
        package let newPIN: HeldSecret

        package init(restore: String, response: HeldSecret, newPIN: HeldSecret) {
            self.restore = restore
            self.response = response
            self.newPIN = newPIN
        }

        package init(reading reader: inout JSONReader) throws(JSONError) {
            var restore: String? = nil
            var response: HeldSecret? = nil
            var pin: HeldSecret? = nil
            try reader.beginObject()
            while let key = try reader.nextKey() {
                switch key {
                case "restore": restore = try reader.string(maxLength: 64)
                case "response": response = try reader.heldSecret()
                case "new_pin": pin = try reader.heldSecret()
                default:
                    throw reader.unknownKey(key, known: ["restore", "response", "new_pin"])
                }
            }
            guard let restore else { throw reader.missingKey("restore") }
            guard let response else { throw reader.missingKey("response") }
            guard let pin else { throw reader.missingKey("new_pin") }
            (self.restore, self.response, newPIN) = (restore, response, pin)
        }

        package borrowing func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("restore", restore)
            // Each borrowed alone: Swift 6.0's optimiser fails on two in one function.
            writer.code("response", response)
            writer.code("new_pin", newPIN)
        }
    }

    package struct AttachRestore: StationRequest {
        package typealias Reply = RestoreState
        package static let method = RestoreInterface.name + ".Attach"
        package let restore: String
        package init(restore: String) { self.restore = restore }
        package init(reading reader: inout JSONReader) throws(JSONError) {
            restore = try reader.oneString("restore")
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("restore", restore)
        }
    }

    package struct CancelRestore: StationRequest {
        package typealias Reply = RestoreState
        package static let method = RestoreInterface.name + ".Cancel"
        package let restore: String
        package init(restore: String) { self.restore = restore }
        package init(reading reader: inout JSONReader) throws(JSONError) {
            restore = try reader.oneString("restore")
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("restore", restore)
        }
    }

    package struct ListRestores: BareRequest {
        package typealias Reply = Restores
        package static let method = RestoreInterface.name + ".List"
        package init() {}
    }
}
