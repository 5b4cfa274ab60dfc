import JSON
import StationInterface
import System
import Varlink

/// Why a command came to nothing.
enum Failure: Error, Equatable, Sendable {
    /// One of the station's own errors; its parameters as they came.
    case station(StationError, JSONValue)
    /// Any other error of the service.
    case service(String, JSONValue)
    /// Nobody listens at that path.
    case notRunning(path: String)
    /// Somebody listens there and takes no connection any more.
    case notAccepting(path: String)
    /// The socket is there and this user may not use it.
    case forbidden(path: String)
    /// The connection failed on the way: what happened.
    case broken(String)
    /// Something on this side: a name for programs, what happened, what to do.
    case own(Own, String, next: String)

    enum Own: String, Sendable {
        case noReader = "tokenctl.NoReader"
        case noPad = "tokenctl.NoPad"
        case codesUnread = "tokenctl.CodesUnread"
        case entriesDiffer = "tokenctl.EntriesDiffer"
        case cancelled = "tokenctl.Cancelled"
        case noLockedMemory = "tokenctl.NoLockedMemory"
        case fileUnreadable = "tokenctl.FileUnreadable"
        case fileUnwritable = "tokenctl.FileUnwritable"
        case journalDamaged = "tokenctl.JournalDamaged"
        case calendarWrong = "tokenctl.CalendarWrong"
        case notCovered = "tokenctl.NotCovered"
        case paperUnmade = "tokenctl.PaperUnmade"
        case passwordUnfit = "tokenctl.PasswordUnfit"
        case unknownInterface = "tokenctl.UnknownInterface"
        case outOfTouch = "tokenctl.OutOfTouch"
        case notDecided = "tokenctl.NotDecided"
        case nothingExpires = "tokenctl.NothingExpires"
        case notOneRequest = "tokenctl.NotOneRequest"
        case notInRecord = "tokenctl.NotInRecord"
    }

    init(_ error: VarlinkClientError, path: String) {
        switch error {
        case .notRunning(let path): self = .notRunning(path: path)
        case .notAccepting(let path): self = .notAccepting(path: path)
        case .remote(let name, let parameters):
            if let known = StationError(name: name, parameters: parameters) {
                self = .station(known, parameters)
            } else {
                self = .service(name, parameters)
            }
        case .system(let cause)
        where cause.call == .connect
            && (cause.errno == .accessDenied || cause.errno == .notPermitted):
            self = .forbidden(path: path)
        case .noLockedMemory:
            self = .own(
                .noLockedMemory, "There is no locked memory for the connection.",
                next: "Raise the limit on locked memory (ulimit -l).")
        case .closed, .timedOut, .protocolViolation, .unwritable, .system:
            self = .broken(error.description)
        }
    }

    static let permissionDenied = "org.varlink.service.PermissionDenied"
    static let gettingRole =
        "sudo adduser NAME token-counter (or token-technician, token-auditor), then log in again."

    var exit: ExitCode {
        switch self {
        case .station(let error, _):
            switch error.kind {
            case .outcomeUnknown, .stillWorking: .attention
            case .commissionEnded where error.commission?.outcome == .unknown: .attention
            default: .failed
            }
        case .service(Failure.permissionDenied, _), .forbidden: .permissionDenied
        case .service: .failed
        case .notRunning, .notAccepting, .broken: .notReachable
        case .own(let kind, _, _):
            switch kind {
            case .codesUnread, .entriesDiffer, .passwordUnfit, .unknownInterface, .notDecided:
                .usage
            case .outOfTouch: .attention
            case .journalDamaged: .damaged
            case .noReader, .noPad, .cancelled, .noLockedMemory, .fileUnreadable, .fileUnwritable,
                .calendarWrong, .notCovered, .paperUnmade, .nothingExpires, .notOneRequest,
                .notInRecord:
                .failed
            }
        }
    }

    /// For programs.
    var name: String {
        switch self {
        case .station(let error, _): error.kind.rawValue
        case .service(let name, _): name
        case .notRunning: "tokenctl.NotReachable"
        case .notAccepting: "tokenctl.NotAccepting"
        case .forbidden: "tokenctl.Forbidden"
        case .broken: "tokenctl.ConnectionBroken"
        case .own(let kind, _, _): kind.rawValue
        }
    }

    /// For programs: what came with it.
    var parameters: JSONValue {
        switch self {
        case .station(_, let parameters): parameters
        case .service(_, let parameters):
            parameters == [:] ? ["message": .string(message), "next": .string(next)] : parameters
        default: ["message": .string(message), "next": .string(next)]
        }
    }

    var message: String {
        switch self {
        case .station(let error, _): error.message
        case .service(Failure.permissionDenied, _):
            "The station does not let you do this."
        case .service("org.varlink.service.InvalidParameter", let parameters):
            "The station does not take "
                + (parameters["parameter"]?.string.map { "\"\($0)\"" } ?? "a parameter")
                + " as it was given."
        case .service(let name, _): "The station answered \(name)."
        case .notRunning(let path): "No station answers at \(path)."
        case .notAccepting(let path):
            "The station at \(path) is there and takes no connection: it hangs, or too many wait."
        case .forbidden(let path): "You may not use the station's socket \(path)."
        case .broken(let what): "The connection failed: \(what)."
        case .own(_, let message, _): message
        }
    }

    var next: String {
        switch self {
        case .station(let error, _):
            switch error.kind {
            case .readerNotFound: "List the readers with tokenctl readers and name one of them."
            case .signInRequired: "Sign in for it: tokenctl --officer ID COMMAND."
            default: error.next
            }
        case .service(Failure.permissionDenied, _):
            Failure.gettingRole
                + " tokenctl doctor shows your roles; an officer's stand in the list of officers."
        case .service("org.varlink.service.MethodNotFound", _),
            .service("org.varlink.service.InterfaceNotFound", _):
            "Station and tokenctl are of different versions: see tokenctl version."
        case .service: "Compare what was given with tokenctl help."
        case .notRunning: "Run tokenctl doctor, or name the socket with --socket."
        case .notAccepting:
            "Look at systemctl status token-agent. While a token is at work wait for its end; else "
                + "systemctl restart token-agent."
        case .forbidden:
            "Join the group that owns the socket (tokenctl doctor names it), then log in again."
        case .broken: "Run tokenctl doctor: it says what is wrong."
        case .own(_, _, let next): next
        }
    }
}

extension Failure {
    static func outOfTouch(_ restore: String) -> Failure {
        .own(
            .outOfTouch,
            "The codes were given to the station and the connection was lost; how the restore "
                + "ends is not known here.",
            next: "Do not pull the token. Ask again with tokenctl restores follow \(restore).")
    }
}
