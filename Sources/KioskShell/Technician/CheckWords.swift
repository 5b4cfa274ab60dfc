import StationInterface

/// What the agent found of the station, in the counter's words.
struct CheckWords: Equatable {
    let what: String
    /// Nil where all is well.
    let toDo: String?
    /// The agent's own words, where they name what these do not: a file, a program, a number.
    let detail: String?

    /// - Returns: nil for a check of a later agent.
    init?(_ finding: Station.Finding, _ language: Language) {
        guard let (check, subject) = finding.known else { return nil }
        let name = check.name.text(language, subject.map { [$0] } ?? [])
        switch finding.state {
        case .good:
            what = "\(name): \(Phrase.checkGood.text(language))"
            (toDo, detail) = (nil, nil)
        case .warning, .bad:
            let (wrong, remedy) = check.trouble(finding.state)
            what = "\(name): \(wrong.text(language))"
            toDo = remedy.text(language)
            detail = check.hasDetail ? finding.message : nil
        }
    }
}

extension Station.Finding.Check {
    fileprivate var name: Phrase {
        switch self {
        case .journal: .checkJournal
        case .vault: .checkVault
        case .cases: .checkCases
        case .laterLines: .checkLaterLines
        case .snapshot: .checkSnapshot
        case .restores: .checkRestores
        case .pcscd: .checkPCSCD
        case .usb: .checkUSB
        case .reader: .checkReader
        case .readers: .checkReaders
        case .virtualDriver: .checkVirtualDriver
        case .memory: .checkMemory
        case .clock: .checkClock
        case .profiles: .checkProfiles
        case .papers: .checkPapers
        case .officeFiles: .checkOfficeFiles
        case .calendar: .checkCalendar
        case .profile: .checkProfile
        case .officers: .checkOfficers
        case .roots: .checkRoots
        }
    }

    fileprivate var hasDetail: Bool {
        switch self {
        case .journal, .vault, .cases, .laterLines, .restores, .pcscd, .usb, .reader, .officeFiles,
            .calendar, .officers:
            true
        case .snapshot, .readers, .virtualDriver, .memory, .clock, .profiles, .papers, .profile,
            .roots:
            false
        }
    }

    fileprivate func trouble(_ state: Station.Finding.State) -> (Phrase, Phrase) {
        switch self {
        case .journal where state == .warning: (.wrongJournalOpen, .mendJournalOpen)
        case .journal: (.wrongJournal, .mendJournal)
        case .vault: (.wrongVault, .mendVault)
        case .cases: (.wrongCases, .mendCases)
        case .laterLines: (.wrongLaterLines, .mendLaterLines)
        case .snapshot: (.wrongSnapshot, .mendSnapshot)
        case .restores: (.wrongRestores, .mendRestores)
        case .pcscd: (.wrongPCSCD, .mendPCSCD)
        case .usb: (.wrongUSB, .mendUSB)
        case .reader where state == .warning: (.wrongReaderHeld, .mendReaderHeld)
        case .reader: (.wrongReader, .mendReader)
        case .readers: (.wrongReaders, .mendReaders)
        case .virtualDriver: (.wrongVirtualDriver, .mendVirtualDriver)
        case .memory: (.wrongMemory, .mendMemory)
        case .clock: (.wrongClock, .mendClock)
        case .profiles: (.wrongProfiles, .mendProfiles)
        case .papers: (.wrongPapers, .mendPapers)
        case .officeFiles: (.wrongOfficeFiles, .mendOfficeFiles)
        case .calendar where state == .bad: (.wrongCalendarOver, .mendCalendar)
        case .calendar: (.wrongCalendar, .mendCalendar)
        case .profile: (.wrongProfile, .mendProfile)
        case .officers where state == .bad: (.wrongOfficersFew, .mendOfficersFew)
        case .officers: (.wrongOfficersOpen, .mendOfficersOpen)
        case .roots: (.wrongRoots, .mendRoots)
        }
    }
}
