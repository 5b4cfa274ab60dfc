import System

/// Who but the station may look into the journal's file, or change it.
package enum JournalExposure: Equatable, Sendable {
    /// Others than its owner.
    case open(mode: UInt32)
    /// Another user, whose file it is.
    case foreign(owner: UInt32)

    /// Of the file as it is now; nil where it is the station's alone, or cannot be looked at.
    package init?(lookingAt path: String, user: UInt32 = Process.userID) {
        guard let status = try? File.status(of: path) else { return nil }
        let mode = status.mode & 0o777
        if status.owner != user {
            self = .foreign(owner: status.owner)
        } else if mode & 0o077 != 0 {
            self = .open(mode: mode)
        } else {
            return nil
        }
    }

    /// In lower case, without the file.
    package var reason: String {
        switch self {
        case .open(let mode):
            "may be read or changed by others: its mode is \(String(mode, radix: 8))"
        case .foreign(let owner): "belongs to user \(owner), who may change it"
        }
    }

    /// What a person can do about it.
    package func remedy(for path: String) -> String {
        let command =
            switch self {
            case .open: "chmod 600 \(path)"
            case .foreign: "chown \(Process.userID) \(path); chmod 600 \(path)"
            }
        return command + "; then tokenctl journal verify, and find out who could write in it."
    }
}
