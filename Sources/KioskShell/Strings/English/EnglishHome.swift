extension Phrase {
    /// English: the first screen, who is signed in, and the technician's. Nil for others.
    var englishHome: String? {
        switch self {
        case .barOfficer: "Officer: {}"
        case .homeTitle: "To be done"
        case .homeNothingDue: "Nothing is due."
        case .listNotShown: "The list cannot be shown. {}"
        case .homeOpen: "{} waiting."
        case .homeLate: "{} waiting, {} of them late."
        case .homeJournalProblem: "The station's record has a problem: {}. Tell the technician."
        case .homeVaultProblem:
            "What people's data are kept in has a problem: {}. Tell the technician."
        case .homeOfficeProblem: "A file of the office is wrong: {}. Tell the technician."
        case .errandCases: "Find a case"
        case .errandSignIn: "Sign an officer in"
        case .errandSignOff: "Change officer, sign off"
        case .errandTechnician: "Station state (technician)"
        case .kindRestore: "Restore"
        case .kindHandOver: "Hand-over"
        case .kindReturn: "Return"
        case .kindLost: "Loss"
        case .kindMisuse: "Misuse or theft"
        case .dueBy: "due {}"
        case .dueLate: "LATE (was due {})"
        case .dueAtOnce: "at once"
        case .dueUnconfirmed: "no term is confirmed: an officer decides"
        case .dueUnknown: "term not known yet"
        case .officerTitle: "Sign in"
        case .officerWho: "Choose your name:"
        case .officerPassword: "Password of {}"
        case .officerInsertToken: "Insert the officer's own token into a reader."
        case .officerPIN: "PIN of the token in {}"
        case .officerPINCosts: "Each wrong entry costs one try of this token."
        case .officerChecking: "Checking…"
        case .approvalTitle: "A second officer approves"
        case .noticeNoOfficers:
            """
            The station has no list of officers: tell the technician (officers.json5).
            """
        case .noticeSignedOff: "Signed off: nothing was pressed for a long time."
        case .keySearch: "Type to search"
        case .keyByToken: "By token"
        case .keyWithDone: "With those done"
        case .keyOnlyOpen: "Open ones only"
        case .technicianTitle: "State of the station"
        case .technicianLoading: "Asking the service…"
        case .technicianVersion: "Version"
        case .technicianServices: "Ways to readers"
        case .technicianRecord: "Record"
        case .technicianClock: "Clock"
        case .technicianCalendar: "Working days"
        case .technicianReader: "Reader"
        case .technicianRecordTitle: "The station's record"
        case .technicianRecordMeans: "The latest lines at the top; for all: tokenctl journal show"
        case .keyRecordLines: "Record"
        case .keyChecks: "State"
        case .technicianNotAllowed:
            """
            The checks in detail want an officer with the role technician.
            """
        case .technicianLooking: "Looking…"
        default: nil
        }
    }
}
