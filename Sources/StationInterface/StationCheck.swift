extension Station.Finding {
    /// What the station looks at when it is asked how it is; it names no other. For one reader or
    /// one profile its name follows: `reader ACS ACR38U 00 00`.
    package enum Check: String, Sendable, CaseIterable {
        case journal, vault, cases
        case laterLines = "later-lines"
        case snapshot, restores, pcscd, usb, reader, readers
        case virtualDriver = "virtual-driver"
        case memory, clock, profiles, papers
        case officeFiles = "office files"
        case calendar, profile, officers, roots

        /// Whether it is one of several of its kind, and says which.
        package var hasSubject: Bool {
            switch self {
            case .reader, .profile: true
            default: false
            }
        }
    }

    package init(
        _ check: Check, of subject: String? = nil, _ state: State, _ message: String,
        _ remedy: String? = nil
    ) {
        self.init(
            check: subject.map { "\(check.rawValue) \($0)" } ?? check.rawValue, state: state,
            message: message, remedy: remedy)
    }

    /// What was looked at; nil for a check of another version.
    package var known: (check: Check, subject: String?)? {
        if let check = Check(rawValue: check), !check.hasSubject { return (check, nil) }
        for known in Check.allCases where known.hasSubject {
            let start = known.rawValue + " "
            if check.hasPrefix(start) { return (known, String(check.dropFirst(start.count))) }
        }
        return nil
    }
}
