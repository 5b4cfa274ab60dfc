import JSON

extension Station {
    /// What is known of one model of tokens.
    package struct Profile: StationMessage, Equatable {
        package enum State: String, Sendable, CaseIterable {
            case published, commissioned, provisional, refused
        }
        package enum Seal: String, Sendable, CaseIterable { case here, elsewhere, changed }

        package let name: String
        package let title: String
        /// nil for cards that no family knows.
        package let family: String?
        package let state: State
        /// Sentences for a person.
        package let said: String
        /// nil for one written by hand.
        package let seal: Seal?

        package init(
            name: String, title: String, family: String?, state: State, said: String,
            seal: Seal? = nil
        ) {
            self.name = name
            self.title = title
            self.family = family
            self.state = state
            self.said = said
            self.seal = seal
        }

        package init(_ fields: Fields) throws(FieldError) {
            name = try fields.string("name")
            title = try fields.string("title")
            family = try fields.optionalString("family")
            state = try fields.choice("state")
            said = try fields.string("said")
            seal = fields.present("seal") == nil ? nil : try fields.choice("seal")
        }

        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.member("name", name)
            writer.member("title", title)
            writer.member("family", family)
            writer.member("state", state.rawValue)
            writer.member("said", said)
            writer.member("seal", seal?.rawValue)
        }
    }

    package struct Profiles: StationMessage, Equatable {
        package let profiles: [Profile]
        package init(_ profiles: [Profile]) { self.profiles = profiles }
        package init(_ fields: Fields) throws(FieldError) {
            profiles = try fields.messages("profiles")
        }
        package func write<S: JSONSink & ~Copyable>(into writer: inout JSONWriter<S>) {
            writer.messages("profiles", profiles)
        }
    }

    package struct ListProfiles: BareRequest {
        package typealias Reply = Profiles
        package static let method = MaintenanceInterface.name + ".ListProfiles"
        package init() {}
    }
}
