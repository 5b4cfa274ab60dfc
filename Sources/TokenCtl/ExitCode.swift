/// What the program ends with. `tokenctl help` lists them; scripts rely on them.
enum ExitCode: Int32, CaseIterable, Sendable {
    case good = 0
    /// The token, the station or the doctor says no; nothing is unclear about it.
    case failed = 1
    case usage = 2
    case notReachable = 3
    case permissionDenied = 4
    /// A code was sent and its end is not known, or something still wants to be done.
    case attention = 5
    case damaged = 6

    /// As the help says it.
    var meaning: String {
        switch self {
        case .good: "done, and everything is good"
        case .failed:
            "refused, failed or cancelled; what that cost is said. doctor: something is wrong"
        case .usage: "wrong arguments, or a code that cannot be read; nothing was sent"
        case .notReachable: "the station does not answer"
        case .permissionDenied: "the station answers, but not to you"
        case .attention: "unblocked but not proven, or it is not known how it ended"
        case .damaged: "the journal does not hold"
        }
    }
}
