import StationInterface
import Synchronization
import System
import WorkingDays

/// The office's files as they hold now. A reload that finds a mistake changes nothing but what
/// is told of it.
final class OfficeShelf: Sendable {
    private struct State {
        var files: OfficeFiles
        var problem: String?
    }

    private let state: Mutex<State>

    init(_ files: OfficeFiles) { state = Mutex(State(files: files, problem: nil)) }

    var files: OfficeFiles { state.withLock { $0.files } }

    /// Why the files on the disk are not those that hold; nil where they are.
    var problem: String? { state.withLock { $0.problem } }

    func reload(_ configuration: Configuration) {
        let folder = configuration.calendars ?? WorkingCalendar.usualFolder
        do throws(ConfigurationError) {
            let read = try OfficeFiles(configuration, of: folder)
            state.withLock { $0 = State(files: read, problem: nil) }
        } catch {
            state.withLock { $0.problem = error.description }
        }
    }
}

extension Agent {
    /// What holds of the calendar, for a technician.
    var calendarFinding: Station.Finding {
        CalendarStanding(
            shelf.files.calendar, problem: shelf.problem,
            today: trustedTime.flatMap { CivilDate(wallClock: $0, at: .vietnam) },
            folder: configuration.calendars ?? WorkingCalendar.usualFolder
        ).finding
    }

    /// The same for everybody; nil where there is no calendar.
    var calendarStatus: Station.Calendar? {
        guard let covers = shelf.files.calendar.covers else { return nil }
        return Station.Calendar(
            from: covers.from.description, to: covers.to.description,
            notConfirmed: shelf.files.calendar.doubtful.count, problem: shelf.problem)
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
        return listed >= least
            ? Station.Finding(check: "officers", state: .good, message: what)
            : Station.Finding(
                check: "officers", state: .bad, message: what + ", and they are too few",
                remedy: "List the officers (docs/officers.md) and reload (SIGHUP).")
    }
}

/// How a calendar stands on a day.
struct CalendarStanding {
    private let calendar: WorkingCalendar
    private let problem: String?
    private let today: CivilDate?
    private let folder: String

    /// - Parameter today: nil while nobody knows.
    init(_ calendar: WorkingCalendar, problem: String?, today: CivilDate?, folder: String) {
        self.calendar = calendar
        self.problem = problem
        self.today = today
        self.folder = folder
    }

    /// Fewer days left than these are warned of: the notice of the next year is there by then.
    static let daysToWarn = 45

    var finding: Station.Finding {
        if let problem {
            let lines = problem.split(separator: "\n").joined(separator: "; ")
            return Station.Finding(
                check: "office files", state: .bad,
                message: "they are not taken, and what was read before holds: \(lines)",
                remedy: "Put right what is named (tokenctl calendar, bodies, office, officer or "
                    + "template check) and reload (SIGHUP).")
        }
        guard let covers = calendar.covers else {
            return finding(
                .warning, "none: due dates are unknown",
                "Put the office's calendars into \(folder) (docs/calendar.md) and reload (SIGHUP).")
        }
        let known = "covers \(covers.from) to \(covers.to)"
        guard let today else { return finding(.good, known) }
        guard covers.contains(today) else {
            return finding(
                .bad, "\(known), and not today: due dates are unknown", nextYear)
        }
        let left = covers.to.days - today.days
        if left < Self.daysToWarn {
            return finding(.warning, "\(known): \(left) days are left", nextYear)
        }
        let ahead = calendar.doubtful.filter { $0.date >= today }
        guard let first = ahead.first else { return finding(.good, known) }
        return finding(
            .good,
            "\(known); days ahead that are not confirmed: \(ahead.count), first \(first.date)")
    }

    private var nextYear: String {
        "Put the file of the next year into \(folder) (docs/calendar.md) and reload (SIGHUP)."
    }

    private func finding(
        _ state: Station.Finding.State, _ message: String, _ remedy: String? = nil
    ) -> Station.Finding {
        Station.Finding(check: "calendar", state: state, message: message, remedy: remedy)
    }
}
