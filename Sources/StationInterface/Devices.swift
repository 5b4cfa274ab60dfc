import JSON

extension Station {
    package struct Holder: StationMessage, Equatable {
        package let pid: Int
        package let program: String

        package init(pid: Int, program: String) {
            self.pid = pid
            self.program = program
        }

        package init(_ fields: Fields) throws(FieldError) {
            pid = try fields.integer("pid")
            program = try fields.string("program")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("pid", pid)
            writer.member("program", program)
        }
    }

    package struct Reader: StationMessage, Equatable {
        package enum Path: String, Sendable { case pcsc, virtual, usb }
        package enum State: String, Sendable {
            case empty, present, mute, busy, stuck, unavailable
        }

        package let name: String
        package let path: Path
        package let state: State
        package let insertion: Int
        /// Hexadecimal.
        package let atr: String?
        package let detail: String?
        package let holders: [Holder]

        package init(
            name: String, path: Path, state: State, insertion: Int, atr: String? = nil,
            detail: String? = nil, holders: [Holder] = []
        ) {
            self.name = name
            self.path = path
            self.state = state
            self.insertion = insertion
            self.atr = atr
            self.detail = detail
            self.holders = holders
        }

        package init(_ fields: Fields) throws(FieldError) {
            name = try fields.string("name")
            path = try fields.choice("path")
            state = try fields.choice("state")
            insertion = try fields.integer("insertion")
            atr = try fields.optionalString("atr")
            detail = try fields.optionalString("detail")
            holders = try fields.messages("holders")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("name", name)
            writer.member("path", path.rawValue)
            writer.member("state", state.rawValue)
            writer.member("insertion", insertion)
            writer.member("atr", atr)
            writer.member("detail", detail)
            writer.messages("holders", holders)
        }
    }

    package struct Certificate: StationMessage, Equatable {
        package let slot: String
        package let subject: String
        package let commonName: String?
        package let organization: String?
        package let email: String?
        package let issuer: String
        package let serialNumber: String
        package let notBefore: String
        package let notAfter: String
        package let key: String
        package let sha256: String

        package init(
            slot: String, subject: String, commonName: String?, organization: String?,
            email: String?, issuer: String, serialNumber: String, notBefore: String,
            notAfter: String, key: String, sha256: String
        ) {
            self.slot = slot
            self.subject = subject
            self.commonName = commonName
            self.organization = organization
            self.email = email
            self.issuer = issuer
            self.serialNumber = serialNumber
            self.notBefore = notBefore
            self.notAfter = notAfter
            self.key = key
            self.sha256 = sha256
        }

        package init(_ fields: Fields) throws(FieldError) {
            slot = try fields.string("slot")
            subject = try fields.string("subject")
            commonName = try fields.optionalString("common_name")
            organization = try fields.optionalString("organization")
            email = try fields.optionalString("email")
            issuer = try fields.string("issuer")
            serialNumber = try fields.string("serial_number")
            notBefore = try fields.string("not_before")
            notAfter = try fields.string("not_after")
            key = try fields.string("key")
            sha256 = try fields.string("sha256")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("slot", slot)
            writer.member("subject", subject)
            writer.member("common_name", commonName)
            writer.member("organization", organization)
            writer.member("email", email)
            writer.member("issuer", issuer)
            writer.member("serial_number", serialNumber)
            writer.member("not_before", notBefore)
            writer.member("not_after", notAfter)
            writer.member("key", key)
            writer.member("sha256", sha256)
        }
    }

    /// Tries of one code; nil is "unknown".
    package struct Counter: StationMessage, Equatable {
        package let left: Int?
        package let limit: Int?

        package init(left: Int?, limit: Int?) {
            self.left = left
            self.limit = limit
        }

        package init(_ fields: Fields) throws(FieldError) {
            left = try fields.optionalInteger("left")
            limit = try fields.optionalInteger("limit")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("left", left)
            writer.member("limit", limit)
        }
    }

    package struct CodeRule: StationMessage, Equatable {
        package enum Characters: String, Sendable { case digits, printable, hex, any }
        package let minimum: Int
        package let maximum: Int
        package let characters: Characters

        package init(minimum: Int, maximum: Int, characters: Characters) {
            self.minimum = minimum
            self.maximum = maximum
            self.characters = characters
        }

        package init(_ fields: Fields) throws(FieldError) {
            minimum = try fields.integer("minimum")
            maximum = try fields.integer("maximum")
            characters = try fields.choice("characters")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("minimum", minimum)
            writer.member("maximum", maximum)
            writer.member("characters", characters.rawValue)
        }
    }

    /// One way in which a token can be unblocked.
    package struct UnblockingWay: StationMessage, Equatable {
        package enum Takes: String, Sendable { case code, response }

        package let form: String
        package let takes: Takes
        package let setsNewPIN: Bool
        package let counter: Counter
        /// nil where an obstacle leaves nothing to be typed.
        package let rule: CodeRule?
        /// nil where nothing stands in the way.
        package let obstacle: String?

        package init(
            form: String, takes: Takes = .code, setsNewPIN: Bool, counter: Counter,
            rule: CodeRule?, obstacle: String?
        ) {
            self.form = form
            self.takes = takes
            self.setsNewPIN = setsNewPIN
            self.counter = counter
            self.rule = rule
            self.obstacle = obstacle
        }

        package init(_ fields: Fields) throws(FieldError) {
            form = try fields.string("form")
            takes = try fields.choice("takes")
            setsNewPIN = try fields.boolean("sets_new_pin")
            counter = try fields.message("counter")
            rule = try fields.optionalMessage("rule")
            obstacle = try fields.optionalString("obstacle")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("form", form)
            writer.member("takes", takes.rawValue)
            writer.member("sets_new_pin", setsNewPIN)
            writer.message("counter", counter)
            writer.message("rule", rule)
            writer.member("obstacle", obstacle)
        }
    }

    /// What a reader's pad can do for the token in it.
    package struct Pad: StationMessage, Equatable {
        package let verify: Bool
        package let unblock: Bool
        /// For one code.
        package let seconds: Int

        package init(verify: Bool, unblock: Bool, seconds: Int) {
            self.verify = verify
            self.unblock = unblock
            self.seconds = seconds
        }

        package init(_ fields: Fields) throws(FieldError) {
            verify = try fields.boolean("verify")
            unblock = try fields.boolean("unblock")
            seconds = try fields.integer("seconds")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("verify", verify)
            writer.member("unblock", unblock)
            writer.member("seconds", seconds)
        }
    }

    package struct Token: StationMessage, Equatable {
        package enum Help: String, Sendable {
            case possible, impossible
            case notLocked = "not_locked"
        }

        package let reader: String
        package let insertion: Int
        package let family: String
        package let model: String
        package let serial: String?
        package let guid: String?
        package let deviceNumbers: [String]
        package let certificates: [Certificate]
        package let pin: Counter
        package let unblockingCode: Counter
        package let pinRule: CodeRule
        /// nil where the token has no way that takes a code.
        package let unblockingCodeRule: CodeRule?
        package let ways: [UnblockingWay]
        /// nil where the reader has no pad that can be used.
        package let pad: Pad?
        /// nil where nothing is known of the model beyond its family.
        package let profile: Profile?
        package let locked: Bool?
        package let help: Help
        package let reasons: [String]
        package let advice: String

        package init(
            reader: String, insertion: Int, family: String, model: String, serial: String?,
            guid: String?, deviceNumbers: [String], certificates: [Certificate], pin: Counter,
            unblockingCode: Counter, pinRule: CodeRule, unblockingCodeRule: CodeRule?,
            ways: [UnblockingWay] = [], pad: Pad? = nil, profile: Profile? = nil,
            locked: Bool?, help: Help, reasons: [String], advice: String
        ) {
            self.reader = reader
            self.insertion = insertion
            self.family = family
            self.model = model
            self.serial = serial
            self.guid = guid
            self.deviceNumbers = deviceNumbers
            self.certificates = certificates
            self.pin = pin
            self.unblockingCode = unblockingCode
            self.pinRule = pinRule
            self.unblockingCodeRule = unblockingCodeRule
            self.ways = ways
            self.pad = pad
            self.profile = profile
            self.locked = locked
            self.help = help
            self.reasons = reasons
            self.advice = advice
        }

        package init(_ fields: Fields) throws(FieldError) {
            reader = try fields.string("reader")
            insertion = try fields.integer("insertion")
            family = try fields.string("family")
            model = try fields.string("model")
            serial = try fields.optionalString("serial")
            guid = try fields.optionalString("guid")
            deviceNumbers = try fields.strings("device_numbers")
            certificates = try fields.messages("certificates")
            pin = try fields.message("pin")
            unblockingCode = try fields.message("unblocking_code")
            pinRule = try fields.message("pin_rule")
            unblockingCodeRule = try fields.optionalMessage("unblocking_code_rule")
            ways = try fields.messages("ways")
            pad = try fields.optionalMessage("pad")
            profile = try fields.optionalMessage("profile")
            locked = try fields.optionalBoolean("locked")
            help = try fields.choice("help")
            reasons = try fields.strings("reasons")
            advice = try fields.string("advice")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("reader", reader)
            writer.member("insertion", insertion)
            writer.member("family", family)
            writer.member("model", model)
            writer.member("serial", serial)
            writer.member("guid", guid)
            writer.member("device_numbers", deviceNumbers)
            writer.messages("certificates", certificates)
            writer.message("pin", pin)
            writer.message("unblocking_code", unblockingCode)
            writer.message("pin_rule", pinRule)
            writer.message("unblocking_code_rule", unblockingCodeRule)
            writer.messages("ways", ways)
            writer.message("pad", pad)
            writer.message("profile", profile)
            writer.member("locked", locked)
            writer.member("help", help.rawValue)
            writer.member("reasons", reasons)
            writer.member("advice", advice)
        }
    }

    /// Tries that were spent: at least and at most.
    package struct Spent: StationMessage, Equatable {
        package let least: Int
        package let most: Int

        package init(least: Int, most: Int) {
            self.least = least
            self.most = most
        }

        package init(_ fields: Fields) throws(FieldError) {
            least = try fields.integer("least")
            most = try fields.integer("most")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("least", least)
            writer.member("most", most)
        }
    }

    package struct Account: StationMessage, Equatable {
        package let step: String
        package let pinSpent: Spent
        package let unblockingSpent: Spent
        package let pinLeft: Int?
        package let unblockingLeft: Int?

        package init(
            step: String, pinSpent: Spent, unblockingSpent: Spent, pinLeft: Int?,
            unblockingLeft: Int?
        ) {
            self.step = step
            self.pinSpent = pinSpent
            self.unblockingSpent = unblockingSpent
            self.pinLeft = pinLeft
            self.unblockingLeft = unblockingLeft
        }

        package init(_ fields: Fields) throws(FieldError) {
            step = try fields.string("step")
            pinSpent = try fields.message("pin_spent")
            unblockingSpent = try fields.message("unblocking_spent")
            pinLeft = try fields.optionalInteger("pin_left")
            unblockingLeft = try fields.optionalInteger("unblocking_left")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("step", step)
            writer.message("pin_spent", pinSpent)
            writer.message("unblocking_spent", unblockingSpent)
            writer.member("pin_left", pinLeft)
            writer.member("unblocking_left", unblockingLeft)
        }
    }

    package struct Readers: StationMessage, Equatable {
        package let readers: [Reader]

        package init(_ readers: [Reader]) { self.readers = readers }
        package init(_ fields: Fields) throws(FieldError) {
            readers = try fields.messages("readers")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.messages("readers", readers)
        }
    }

    package struct Inspection: StationMessage, Equatable {
        package let token: Token
        /// Beside the row of the case that was named; nil where none was.
        package let comparison: Comparison?

        package init(_ token: Token, _ comparison: Comparison? = nil) {
            self.token = token
            self.comparison = comparison
        }

        package init(_ fields: Fields) throws(FieldError) {
            token = try fields.message("token")
            comparison = try fields.optionalMessage("comparison")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.message("token", token)
            writer.message("comparison", comparison)
        }
    }
}

extension Station {
    package struct ListReaders: BareRequest {
        package typealias Reply = Readers
        package static let method = DevicesInterface.name + ".ListReaders"
        package init() {}
    }

    package struct Watch: BareRequest {
        package typealias Reply = Readers
        package static let method = DevicesInterface.name + ".Watch"
        package init() {}
    }

    package struct Inspect: StationRequest {
        package typealias Reply = Inspection
        package static let method = DevicesInterface.name + ".Inspect"
        package let reader: String
        /// The case whose token it may be.
        package let caseNumber: String?

        package init(reader: String, caseNumber: String? = nil) {
            self.reader = reader
            self.caseNumber = caseNumber
        }

        package init(reading reader: inout JSONReader) throws(JSONError) {
            var name = ""
            var number: String? = nil
            try reader.parameters(["reader", "case"], optional: ["case"]) {
                key, value throws(JSONError) in
                if key == "case" {
                    number = try value.string(maxLength: 64)
                } else {
                    name = try value.string(maxLength: 256)
                }
            }
            self.init(reader: name, caseNumber: number)
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("reader", reader)
            writer.member("case", caseNumber)
        }
    }
}
