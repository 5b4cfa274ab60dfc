import JSON

extension Station {
    package struct Permit: StationMessage, Equatable {
        package let restore: String
        package let caseNumber: String
        package let reader: String
        package let expires: String
        package let family: String
        package let model: String
        package let deviceNumber: String
        /// The token's own number that the request names; nil where a person compared it.
        package let matched: String?
        /// Fields that a person compared.
        package let compared: [String]
        package let certificateSHA256: String?
        package let holder: String?
        package let organization: String?
        package let email: String?
        package let pin: Counter
        package let unblockingCode: Counter
        package let pinRule: CodeRule
        package let unblockingCodeRule: CodeRule?
        /// The way this permit is for, and all that the token has.
        package let form: String
        package let ways: [UnblockingWay]
        /// nil where the reader has no pad that can be used.
        package let pad: Pad?
        package let pinEachSignature: Bool
        package let touch: Bool
        /// nil where nothing is known of the model.
        package let profile: String?
        /// Without which the token would not have been taken on.
        package let rights: [String]

        package init(
            restore: String, caseNumber: String, reader: String, expires: String, family: String,
            model: String, deviceNumber: String, matched: String?,
            compared: [String] = [], certificateSHA256: String?,
            holder: String?, organization: String?, email: String?, pin: Counter,
            unblockingCode: Counter, pinRule: CodeRule, unblockingCodeRule: CodeRule?,
            form: String, ways: [UnblockingWay], pad: Pad? = nil, pinEachSignature: Bool,
            touch: Bool, profile: String? = nil, rights: [String] = []
        ) {
            self.restore = restore
            self.caseNumber = caseNumber
            self.reader = reader
            self.expires = expires
            self.family = family
            self.model = model
            self.deviceNumber = deviceNumber
            self.matched = matched
            self.compared = compared
            self.certificateSHA256 = certificateSHA256
            self.holder = holder
            self.organization = organization
            self.email = email
            self.pin = pin
            self.unblockingCode = unblockingCode
            self.pinRule = pinRule
            self.unblockingCodeRule = unblockingCodeRule
            self.form = form
            self.ways = ways
            self.pad = pad
            self.pinEachSignature = pinEachSignature
            self.touch = touch
            self.profile = profile
            self.rights = rights
        }

        package init(_ fields: Fields) throws(FieldError) {
            restore = try fields.string("restore")
            caseNumber = try fields.string("case")
            reader = try fields.string("reader")
            expires = try fields.string("expires")
            family = try fields.string("family")
            model = try fields.string("model")
            deviceNumber = try fields.string("device_number")
            matched = try fields.optionalString("matched")
            compared = try fields.strings("compared")
            certificateSHA256 = try fields.optionalString("certificate_sha256")
            holder = try fields.optionalString("holder")
            organization = try fields.optionalString("organization")
            email = try fields.optionalString("email")
            pin = try fields.message("pin")
            unblockingCode = try fields.message("unblocking_code")
            pinRule = try fields.message("pin_rule")
            unblockingCodeRule = try fields.optionalMessage("unblocking_code_rule")
            form = try fields.string("form")
            ways = try fields.messages("ways")
            pad = try fields.optionalMessage("pad")
            pinEachSignature = try fields.boolean("pin_each_signature")
            touch = try fields.boolean("touch")
            profile = try fields.optionalString("profile")
            rights = try fields.strings("rights")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("restore", restore)
            writer.member("case", caseNumber)
            writer.member("reader", reader)
            writer.member("expires", expires)
            writer.member("family", family)
            writer.member("model", model)
            writer.member("device_number", deviceNumber)
            writer.member("matched", matched)
            writer.member("compared", compared)
            writer.member("certificate_sha256", certificateSHA256)
            writer.member("holder", holder)
            writer.member("organization", organization)
            writer.member("email", email)
            writer.message("pin", pin)
            writer.message("unblocking_code", unblockingCode)
            writer.message("pin_rule", pinRule)
            writer.message("unblocking_code_rule", unblockingCodeRule)
            writer.member("form", form)
            writer.messages("ways", ways)
            writer.message("pad", pad)
            writer.member("pin_each_signature", pinEachSignature)
            writer.member("touch", touch)
            writer.member("profile", profile)
            writer.member("rights", rights)
        }
    }

    package struct PermitGiven: StationMessage, Equatable {
        package let permit: Permit
        package init(_ permit: Permit) { self.permit = permit }
        package init(_ fields: Fields) throws(FieldError) { permit = try fields.message("permit") }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.message("permit", permit)
        }
    }

    /// What a key that is held elsewhere is to answer.
    package struct Challenge: StationMessage, Equatable {
        package let restore: String
        package let family: String
        package let deviceNumber: String
        package let form: String
        /// Hexadecimal.
        package let challenge: String
        /// Names the card session, which ends with the challenge.
        package let session: String
        package let issued: String
        package let expires: String

        package init(
            restore: String, family: String, deviceNumber: String, form: String,
            challenge: String, session: String, issued: String, expires: String
        ) {
            self.restore = restore
            self.family = family
            self.deviceNumber = deviceNumber
            self.form = form
            self.challenge = challenge
            self.session = session
            self.issued = issued
            self.expires = expires
        }

        package init(_ fields: Fields) throws(FieldError) {
            restore = try fields.string("restore")
            family = try fields.string("family")
            deviceNumber = try fields.string("device_number")
            form = try fields.string("form")
            challenge = try fields.string("challenge")
            session = try fields.string("session")
            issued = try fields.string("issued")
            expires = try fields.string("expires")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("restore", restore)
            writer.member("family", family)
            writer.member("device_number", deviceNumber)
            writer.member("form", form)
            writer.member("challenge", challenge)
            writer.member("session", session)
            writer.member("issued", issued)
            writer.member("expires", expires)
        }
    }

    package struct ChallengeGiven: StationMessage, Equatable {
        package let challenge: Challenge
        package init(_ challenge: Challenge) { self.challenge = challenge }
        package init(_ fields: Fields) throws(FieldError) {
            challenge = try fields.message("challenge")
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.message("challenge", challenge)
        }
    }
}
