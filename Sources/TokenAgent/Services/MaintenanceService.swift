import Casework
import JSON
import Paperwork
import Readers
import StationInterface
import System
import Varlink

/// For the technician.
struct MaintenanceService: VarlinkInterface {
    let agent: Agent
    let name = MaintenanceInterface.name
    let description = MaintenanceInterface.description

    func call(_ call: VarlinkCall, parameters: inout JSONReader) throws(VarlinkFailure) {
        switch call.fullMethod {
        case Station.GetStatus.method:
            _ = try readingParameters { () throws(JSONError) in
                try Station.GetStatus(reading: &parameters)
            }
            call.reply(with: agent.status(for: call.caller))
            agent.keepWatchOfDisk()
        case Station.Diagnose.method:
            _ = try readingParameters { () throws(JSONError) in
                try Station.Diagnose(reading: &parameters)
            }
            agent.archivist.submit { [agent] in
                call.reply(with: Station.Findings(agent.diagnose()))
            }
        case Station.ListProfiles.method:
            _ = try readingParameters { () throws(JSONError) in
                try Station.ListProfiles(reading: &parameters)
            }
            call.reply(
                with: Station.Profiles(
                    agent.profiles.all.map { Station.Profile($0, agent.seals[$0.name]) }))
        case Station.Exchange.method:
            let request = try readingParameters { () throws(JSONError) in
                try Station.Exchange(reading: &parameters)
            }
            agent.exchange(request, call)
        case Station.Commission.method:
            let request = try readingParameters { () throws(JSONError) in
                try Station.Commission(reading: &parameters)
            }
            agent.commission(request, call)
        case Station.CancelCommission.method:
            let request = try readingParameters { () throws(JSONError) in
                try Station.CancelCommission(reading: &parameters)
            }
            agent.cancelCommission(request, call)
        case Station.CheckSeal.method:
            let request = try readingParameters { () throws(JSONError) in
                try Station.CheckSeal(reading: &parameters)
            }
            agent.archivist.submit { [agent] in agent.checkSeal(request, call) }
        default: throw .methodNotFound(call.method)
        }
    }
}

extension Agent {
    func status(for caller: Caller) -> Station.Status {
        let head = book.journal.head
        return Station.Status(
            version: Self.version,
            mode: configuration.mode == .office ? .office : .training,
            pid: Int(Process.id),
            uptimeSeconds: Int((Instant.now - started).wholeNanoseconds / 1_000_000_000),
            clock: WallClock.isSynchronised ? "synced" : "unsynced", pcscd: pcscdState,
            usb: usbState, readers: hub.snapshot().count, openCases: book.openCases,
            unresolvedRestores: book.unresolved().count, journalSequence: Int(head.sequence),
            journalHead: head.hash, journalProblem: journalProblem, vaultProblem: vaultProblem,
            calendar: calendarStatus, officeProblem: shelf.problem,
            memoryLocked: isMemoryLocked, realTime: isRealTime,
            roles: caller.roles.map(\.rawValue).sorted())
    }

    private var usbState: String {
        switch hub.usbState {
        case .disabled: "disabled"
        case .running: "running"
        case .absent: "absent"
        }
    }

    private var pcscdState: String {
        switch hub.pcscState {
        case .disabled: "disabled"
        case .running: "running"
        case .absent: "absent"
        }
    }

    /// What is wrong on this box, seen from the inside.
    func diagnose() -> [Station.Finding] {
        var findings: [Station.Finding] = []
        func note(
            _ check: Station.Finding.Check, of subject: String? = nil,
            _ state: Station.Finding.State, _ message: String, _ remedy: String? = nil
        ) {
            findings.append(Station.Finding(check, of: subject, state, message, remedy))
        }

        book.journal.look()
        if let problem = journalProblem {
            note(.journal, .bad, problem, journalRemedy)
        } else if let exposure = JournalExposure(lookingAt: book.journal.path) {
            note(
                .journal, .warning, "\(book.journal.path) \(exposure.reason)",
                exposure.remedy(for: book.journal.path))
        } else {
            let unread = book.journal.uncheckedLines.map {
                "; those up to \($0) are still to be read whole"
            }
            note(
                .journal, .good,
                "\(book.journal.head.sequence) lines, writable\(unread ?? "")")
        }
        if let fault = vaultWatch.look() {
            let folder = book.vault.folder
            note(.vault, .bad, "\(folder) \(fault.reason)", fault.remedy(for: folder))
        } else {
            note(.vault, .good, "\(book.vault.folder), writable, for its owner alone")
        }
        if !book.anomalies.isEmpty {
            note(
                .cases, .warning,
                "\(book.anomalies.count) lines of the journal say what cannot be: "
                    + book.anomalies.prefix(5).map(String.init).joined(separator: ", "),
                "Show these lines (tokenctl journal show) to the people who look after the software."
            )
        }
        if book.foreignLines.count > 0 {
            note(
                .laterLines, .warning,
                "\(book.foreignLines.count) lines of the journal, the first of them "
                    + "\(book.foreignLines.first), are of kinds that this version does not know: "
                    + "a later one wrote them",
                "Install that version again. Until then nothing is cleared out of the vault.")
        }
        if book.snapshotWasFalse {
            note(
                .snapshot, .warning,
                "the snapshot that this start began with was not what the journal's lines make of "
                    + "the cases: it was removed, and the cases are those of the lines",
                "Look through what was done since the start (tokenctl journal show), and find out "
                    + "who else may write in \(configuration.state).")
        }
        let unresolved = book.unresolved()
        if !unresolved.isEmpty {
            note(
                .restores, .warning,
                unresolved.count == 1
                    ? "how a restore ended is not known: token \(unresolved[0].token.serial)"
                    : "how \(unresolved.count) restores ended is not known: tokens "
                        + unresolved.map(\.token.serial).joined(separator: ", "),
                unresolved.count == 1
                    ? "Inspect this token when it is seen again."
                    : "Inspect these tokens when they are seen again.")
        }
        switch hub.pcscState {
        case .disabled: note(.pcscd, .good, "not used by this configuration")
        case .running: note(.pcscd, .good, "running")
        case .absent(let reason):
            note(.pcscd, .bad, "does not answer: \(reason)", Words.remedy(ofPCSCD: reason))
        }
        if case .absent(let reason) = hub.usbState {
            note(
                .usb, .bad, "the USB bus cannot be followed: \(reason)",
                "See that /dev/bus/usb and /run/udev are there for the service, and start it again."
            )
        }
        for reader in hub.snapshot() { findings.append(diagnose(reader)) }
        if hub.snapshot().isEmpty {
            note(
                .readers, .warning, "no reader is known",
                "Plug a reader or token in; see lsusb and the pcscd log if it stays so.")
        }
        if configuration.mode == .office,
            hub.snapshot().contains(where: { $0.name.hasPrefix("Virtual PCD") })
        {
            note(
                .virtualDriver, .bad,
                "a virtual reader driver (vpcd) is listening on an office box",
                "apt-get purge vsmartcard-vpcd; anybody on this box could pose as a token.")
        }
        note(
            .memory, isMemoryLocked ? .good : .warning,
            isMemoryLocked ? "locked" : "not locked: codes are, other pages may be swapped out",
            isMemoryLocked ? nil : "Give the service CAP_IPC_LOCK or LimitMEMLOCK=infinity.")
        note(
            .clock, WallClock.isSynchronised ? .good : .warning,
            WallClock.isSynchronised
                ? "synchronised"
                : "not synchronised: " + Station.Status.withoutClock,
            WallClock.isSynchronised ? nil : "Let the box reach a time server (timedatectl).")
        note(
            .profiles, profiles.all.isEmpty ? .warning : .good,
            profiles.all.isEmpty
                ? "none: models of which the standard leaves things open are refused"
                : "\(profiles.all.count) loaded",
            profiles.all.isEmpty
                ? "Install the station's profiles and name their folder under \"profiles\"." : nil)
        if office.papers == nil, office.problems.isEmpty {
            note(
                .papers, .warning,
                "no file of the office or no templates are configured: nothing can be printed",
                "Put the office's file at \(configuration.office ?? Office.usualFile) (an example "
                    + "is in /usr/share/doc/token-station/examples) and the templates into "
                    + "\(configuration.templates ?? TemplateFile.usualFolder); then systemctl "
                    + "reload token-agent.")
        }
        findings += office.findings
        findings.append(calendarFinding)
        for profile in profiles.all {
            guard let seal = seals[profile.name] else { continue }
            let words = Words.seal(seal)
            note(
                .profile, of: profile.name, seal == .changed ? .warning : .good, words.message,
                seal == .changed ? words.next : nil)
        }
        findings.append(officersFinding)
        if trust.roots.isEmpty {
            note(
                .roots, .warning, "no root certificates are configured: paths are not checked",
                "Install the provider's certificate files and name them under \"roots\".")
        }
        return findings
    }

    private func diagnose(_ reader: ReaderSnapshot) -> Station.Finding {
        func finding(
            _ state: Station.Finding.State, _ message: String, _ remedy: String? = nil
        ) -> Station.Finding {
            Station.Finding(.reader, of: reader.name, state, message, remedy)
        }
        return switch reader.state {
        case .empty: finding(.good, "no token in it")
        case .present: finding(.good, "a token is in it")
        case .mute:
            finding(
                .bad, "the token does not answer its reset",
                "Pull it, clean its contacts, put it in again.")
        case .busy(let holders):
            finding(
                .warning,
                "held by "
                    + (holders.isEmpty
                        ? "another program" : holders.map(\.description).joined(separator: ", ")),
                "End that program: the station takes readers for itself.")
        case .stuck(_, let what):
            finding(
                .bad, "has not come back from \"\(what)\"",
                "Pull the token; if it lasts, plug the reader in again.")
        case .unavailable(let reason):
            finding(
                .bad, reason,
                reader.path == .usb
                    ? "Plug the reader in again; tokenctl reader shows how it is driven."
                    : "Plug the reader in again; see the pcscd log.")
        }
    }
}
