import JSON
import Secrets

extension Station {
    /// One who may sign in.
    package struct Officer: StationMessage, Equatable {
        package let id: String
        package let name: String
        package let password: Bool
        package let token: Bool

        package init(id: String, name: String, password: Bool, token: Bool) {
            self.id = id
            self.name = name
            self.password = password
            self.token = token
        }

        package init(_ fields: Fields) throws(FieldError) {
            id = try fields.string("id")
            name = try fields.string("name")
            password = try fields.boolean("password")
            token = try fields.boolean("token")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("id", id)
            writer.member("name", name)
            writer.member("password", password)
            writer.member("token", token)
        }
    }

    /// Who is signed in.
    package struct SignedIn: StationMessage, Equatable {
        package enum Proof: String, Sendable { case password, token }
        package let officer: String
        package let name: String
        package let proof: Proof
        package let roles: [String]
        package let rights: [String]

        package init(
            officer: String, name: String, proof: Proof, roles: [String], rights: [String]
        ) {
            self.officer = officer
            self.name = name
            self.proof = proof
            self.roles = roles
            self.rights = rights
        }

        package init(_ fields: Fields) throws(FieldError) {
            officer = try fields.string("officer")
            name = try fields.string("name")
            proof = try fields.choice("proof")
            roles = try fields.strings("roles")
            rights = try fields.strings("rights")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("officer", officer)
            writer.member("name", name)
            writer.member("proof", proof.rawValue)
            writer.member("roles", roles)
            writer.member("rights", rights)
        }
    }

    package struct Officers: StationMessage, Equatable {
        package let officers: [Officer]
        package let required: [String]
        package let twoPerson: Bool
        package let idleMinutes: Int
        package let signedIn: SignedIn?

        package init(
            officers: [Officer], required: [String], twoPerson: Bool, idleMinutes: Int,
            signedIn: SignedIn?
        ) {
            self.officers = officers
            self.required = required
            self.twoPerson = twoPerson
            self.idleMinutes = idleMinutes
            self.signedIn = signedIn
        }

        package init(_ fields: Fields) throws(FieldError) {
            officers = try fields.messages("officers")
            required = try fields.strings("required")
            twoPerson = try fields.boolean("two_person")
            idleMinutes = try fields.integer("idle_minutes")
            signedIn = try fields.optionalMessage("signed_in")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.messages("officers", officers)
            writer.member("required", required)
            writer.member("two_person", twoPerson)
            writer.member("idle_minutes", idleMinutes)
            writer.message("signed_in", signedIn)
        }
    }

    package struct SignInDone: StationMessage, Equatable {
        package let signedIn: SignedIn
        package let receipt: Receipt

        package init(_ signedIn: SignedIn, _ receipt: Receipt) {
            self.signedIn = signedIn
            self.receipt = receipt
        }

        package init(_ fields: Fields) throws(FieldError) {
            signedIn = try fields.message("signed_in")
            receipt = try Receipt(fields)
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.message("signed_in", signedIn)
            receipt.write(into: &writer)
        }
    }
}

// MARK: - Requests

extension Station {
    package struct ListOfficers: BareRequest {
        package typealias Reply = Officers
        package static let method = OfficersInterface.name + ".List"
        package init() {}
    }

    package struct SignIn: StationRequest, ~Copyable {
        package typealias Reply = SignInDone
        package static let method = OfficersInterface.name + ".SignIn"
        package let officer: TypedOfficer
        package let password: HeldSecret

        package init(officer: String, password: HeldSecret) {
            self.officer = .sent(officer)
            self.password = password
        }

        package init(reading reader: inout JSONReader) throws(JSONError) {
            let found = try reader.texts([], andPasswordOf: "officer")
            (officer, password) = (found.officer, found.password)
        }

        package borrowing func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("officer", officer)
            writer.code("password", password)
        }
    }

    package struct SignInByToken: StationRequest, ~Copyable {
        package typealias Reply = TokenSignInDone
        package static let method = OfficersInterface.name + ".SignInByToken"
        package let reader: String
        /// nil: it is entered at the reader's pad.
        package let pin: HeldSecret?

        package init(reader: String, pin: HeldSecret?) {
            self.reader = reader
            self.pin = pin
        }

        package init(reading reader: inout JSONReader) throws(JSONError) {
            let found = try reader.texts([.reader], andAtPadOr: "pin")
            self.reader = found.texts[0]
            pin = found.code
        }

        package borrowing func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("reader", reader)
            if let pin { writer.code("pin", pin) }
            writer.member("at_pad", pin == nil)
        }
    }

    package struct SignOff: BareRequest {
        package typealias Reply = Receipt
        package static let method = OfficersInterface.name + ".SignOff"
        package init() {}
    }
}
