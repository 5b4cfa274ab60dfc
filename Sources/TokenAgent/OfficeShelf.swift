import StationInterface
import Synchronization
import System
import WorkingDays

/// The office's files as they hold now.
final class OfficeShelf: Sendable {
    private let state: Mutex<OfficeFiles>

    init(_ files: OfficeFiles) { state = Mutex(files) }

    var files: OfficeFiles { state.withLock { $0 } }

    /// Why files on the disk are not those that hold; nil where all are.
    var problem: String? {
        let problems = files.problems
        return problems.isEmpty ? nil : problems.map(\.reason).joined(separator: "\n")
    }

    /// Reads all again; what is wrong keeps nothing else from being taken.
    func reload(_ configuration: Configuration) {
        let read = OfficeFiles(configuration, before: files)
        state.withLock { $0 = read }
    }
}

extension OfficeFiles {
    /// What is wrong, for the log of the unit.
    var remarks: [String] { problems.map { "\($0.reason); \($0.instead)" } + hints }

    /// What is no mistake, and should be looked at.
    var hints: [String] {
        passedOver + notices + (exposure.map { [$0.description] } ?? [])
    }

    /// What is wrong, for a technician.
    var findings: [Station.Finding] {
        problems.map { problem in
            let lines = problem.reason.split(separator: "\n").joined(separator: "; ")
            return Station.Finding(
                .officeFiles, .bad,
                "\(problem.part.rawValue): not taken, and \(problem.instead): \(lines)",
                "Put right what is named (\(problem.part.check)) and reload (SIGHUP).")
        }
    }
}

extension Agent {
    /// What holds of the calendar, for a technician.
    var calendarFinding: Station.Finding {
        let files = office
        return CalendarStanding(
            files.calendar, notices: files.notices, passedOver: files.passedOver,
            today: trustedTime.flatMap { CivilDate(wallClock: $0, at: .vietnam) },
            folder: calendarFolder
        ).finding
    }

    private var calendarFolder: String { configuration.calendars ?? WorkingCalendar.usualFolder }

    /// The same for everybody; nil where there is no calendar.
    var calendarStatus: Station.Calendar? {
        let files = office
        guard let covers = files.calendar.covers else { return nil }
        return Station.Calendar(
            from: covers.from.description, to: covers.to.description,
            notConfirmed: files.calendar.doubtful.count, folder: calendarFolder,
            problem: files.problems.first { $0.part == .calendar }?.reason)
    }
}

extension Agent {
    /// Whether officers can and must sign in, for a technician.
    var officersFinding: Station.Finding {
        let listed = office.officers.all.count
        let required =
            access.required.roles.map(\.rawValue).sorted()
            + access.required.rights.map(\.rawValue).sorted()
        var what = "\(listed) listed; "
        if configuration.signIn.needsTwo {
            what += "a restore needs two of them"
            if !required.isEmpty { what += "; " }
        } else if required.isEmpty {
            what += "nothing needs a sign-in"
        }
        if !required.isEmpty {
            what += "a sign-in is needed for \(required.joined(separator: ", "))"
        }
        let least = configuration.signIn.needsTwo ? 2 : required.isEmpty ? 0 : 1
        guard listed >= least else {
            return Station.Finding(
                .officers, .bad, what + ", and they are too few",
                "List the officers (docs/officers.md) and reload (SIGHUP).")
        }
        if let exposure = office.exposure {
            return Station.Finding(
                .officers, .warning, "\(what); \(exposure.file): \(exposure.reason)",
                exposure.remedy)
        }
        return Station.Finding(.officers, .good, what)
    }
}

/// How a calendar stands on a day.
struct CalendarStanding {
    private let calendar: WorkingCalendar
    private let notices: [String]
    private let passedOver: [String]
    private let today: CivilDate?
    private let folder: String

    /// - Parameter today: nil while nobody knows.
    init(
        _ calendar: WorkingCalendar, notices: [String] = [], passedOver: [String] = [],
        today: CivilDate?, folder: String
    ) {
        self.calendar = calendar
        self.notices = notices
        self.passedOver = passedOver
        self.today = today
        self.folder = folder
    }

    /// Fewer days left than these are warned of: the notice of the next year is there by then.
    static let daysToWarn = 45

    var finding: Station.Finding {
        guard let covers = calendar.covers else {
            guard passedOver.isEmpty else {
                return finding(.warning, told("none: due dates are unknown"), renaming)
            }
            return finding(
                .warning, "none: due dates are unknown",
                "Put the office's calendars into \(folder) (docs/calendar.md) and reload (SIGHUP).")
        }
        let known = "covers \(covers.from) to \(covers.to)"
        guard let today else { return noticed(known) }
        guard covers.contains(today) else {
            return finding(
                .bad, told("\(known), and not today: due dates are unknown"), nextYear)
        }
        let left = covers.to.days - today.days
        if left < Self.daysToWarn {
            return finding(.warning, told("\(known): \(left) days are left"), nextYear)
        }
        let ahead = calendar.doubtful.filter { $0.date >= today }
        guard let first = ahead.first else { return noticed(known) }
        return noticed(
            "\(known); days ahead that are not confirmed: \(ahead.count), first \(first.date)")
    }

    /// Good, but for what is seldom meant.
    private func noticed(_ message: String) -> Station.Finding {
        guard passedOver.isEmpty else { return finding(.warning, told(message), renaming) }
        return notices.isEmpty
            ? finding(.good, message)
            : finding(
                .warning, told(message),
                "Compare what is named with the notice of the holidays (docs/calendar.md).")
    }

    private func told(_ message: String) -> String {
        ([message] + passedOver + notices).joined(separator: "; ")
    }

    private var nextYear: String {
        passedOver.isEmpty
            ? "Put the file of the next year into \(folder) (docs/calendar.md) and reload (SIGHUP)."
            : renaming
    }

    private var renaming: String {
        "Give what is passed over a name that ends in .json5, as 2027.json5, if it is a calendar; "
            + "else take it out of \(folder). Then reload (SIGHUP)."
    }

    private func finding(
        _ state: Station.Finding.State, _ message: String, _ remedy: String? = nil
    ) -> Station.Finding {
        Station.Finding(.calendar, state, message, remedy)
    }
}
