/// The files that people write for a station, each by the key that only it has at its top.
enum FileKind: String, CaseIterable {
    case bodies, calendar, officers, office, profile
    /// The station's own configuration.
    case configuration = "socket"

    /// The kind that such keys belong to.
    init?(_ keys: FileKeys) {
        guard let first = keys.all.first else { return nil }
        self.init(rawValue: first.path)
    }

    var name: String {
        switch self {
        case .bodies: "a table of bodies' names (docs/bodies.md)"
        case .calendar: "a calendar of working days (docs/calendar.md)"
        case .officers: "a list of officers (docs/officers.md)"
        case .office: "an office's file (docs/office.md)"
        case .profile: "the profile of a token's model (docs/profiles.md)"
        case .configuration: "the station's configuration (agent.json5)"
        }
    }
}
