extension Phrase {
    /// English: what the agent finds of the station, and what to do about it. Nil for others.
    var englishChecks: String? {
        switch self {
        case .checkGood: "in order"
        case .checkJournal: "Record"
        case .wrongJournal: "it takes no more lines, so nothing that needs one is done"
        case .wrongJournalOpen: "others than the station may read or change its file"
        case .mendJournalOpen: "Close its file and check it. The commands: tokenctl doctor"
        case .mendJournal:
            """
            See whether its disk has room and can be written; leave its file as it is. More: \
            tokenctl doctor
            """
        case .checkVault: "People's data"
        case .wrongVault: "what they are kept in cannot be read or written"
        case .mendVault:
            "The folder must be root's alone (mode 700), on a disk with room. More: tokenctl doctor"
        case .checkCases: "Lines about cases"
        case .wrongCases: "some say what cannot be"
        case .mendCases:
            "Show these lines (tokenctl journal show) to the people who look after the software."
        case .checkLaterLines: "Lines of a later version"
        case .wrongLaterLines: "this version does not know their kinds"
        case .mendLaterLines:
            "Install that version again; until then no personal data are cleared out."
        case .checkSnapshot: "Snapshot of the cases"
        case .wrongSnapshot:
            "it was not what the record says and was removed; the cases are those of the record"
        case .mendSnapshot:
            """
            Look through what was done since the start (tokenctl journal show), and find out who \
            else may write in the station's folder.
            """
        case .checkRestores: "Restores"
        case .wrongRestores: "how some ended is not known"
        case .mendRestores: "Inspect these tokens when they are seen again."
        case .checkPCSCD: "pcscd"
        case .wrongPCSCD: "it does not answer: none of its readers can be used"
        case .mendPCSCD: "systemctl start pcscd.socket; the station notices by itself."
        case .checkUSB: "USB"
        case .wrongUSB: "the bus cannot be followed"
        case .mendUSB:
            "See that /dev/bus/usb and /run/udev are there for the service, and start it again."
        case .checkReader: "Reader {}"
        case .wrongReader: "it cannot be used now"
        case .mendReader:
            """
            Pull the token, clean it, put it in again; if it lasts, plug the reader in again. \
            More: tokenctl reader
            """
        case .wrongReaderHeld: "another program holds it"
        case .mendReaderHeld: "End that program: the station takes readers for itself."
        case .checkReaders: "Readers"
        case .wrongReaders: "none is known"
        case .mendReaders: "Plug a reader or token in; see lsusb and the pcscd log if it stays so."
        case .checkVirtualDriver: "Virtual readers (vpcd)"
        case .wrongVirtualDriver:
            "one listens on an office box: anybody on it could pose as a token"
        case .mendVirtualDriver: "apt-get purge vsmartcard-vpcd"
        case .checkMemory: "Memory"
        case .wrongMemory: "not all of it is locked: codes are, other pages may be swapped out"
        case .mendMemory: "Give the service CAP_IPC_LOCK or LimitMEMLOCK=infinity."
        case .checkClock: "Clock"
        case .wrongClock: "not synchronised: due dates and certificate dates are unknown"
        case .mendClock: "Let the box reach a time server (timedatectl)."
        case .checkProfiles: "Profiles of models"
        case .wrongProfiles: "none: models that need one are refused"
        case .mendProfiles:
            "Install the station's profiles and name their folder under \"profiles\"."
        case .checkPapers: "Papers"
        case .wrongPapers: "none can be printed: the office's file or the templates are missing"
        case .mendPapers:
            "Put them at /etc/token-station/office.json5 and /etc/token-station/templates, then "
                + "systemctl reload token-agent."
        case .checkOfficeFiles: "Files of the office"
        case .wrongOfficeFiles: "one is wrong and was not taken"
        case .mendOfficeFiles:
            "Put right what is named below and reload (systemctl reload token-agent)."
        case .checkCalendar: "Working days"
        case .wrongCalendar: "missing, ending soon, or to be compared"
        case .wrongCalendarOver: "today is not in it: due dates are unknown"
        case .mendCalendar:
            """
            Put the right file into the calendars' folder, try it with tokenctl calendar check, \
            and reload (systemctl reload token-agent).
            """
        case .checkProfile: "Model {}"
        case .wrongProfile: "its file changed since it was commissioned: taken for provisional"
        case .mendProfile: "Put back what was commissioned, or commission it anew."
        case .checkOfficers: "Officers"
        case .wrongOfficersFew: "fewer are listed than have to sign in"
        case .mendOfficersFew:
            "List the officers (officers.json5) and reload (systemctl reload token-agent)."
        case .wrongOfficersOpen: "others may read or change its file"
        case .mendOfficersOpen: "chmod 600 the file that is named below."
        case .checkRoots: "Root certificates"
        case .wrongRoots: "none: certification paths are not checked"
        case .mendRoots: "Install the provider's certificate files and name them under \"roots\"."
        default: nil
        }
    }
}
