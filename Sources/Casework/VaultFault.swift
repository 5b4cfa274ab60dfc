import System

/// What keeps a vault's folder from being one: nothing, or not all, can be kept in it or read.
package enum VaultFault: Equatable, Sendable {
    /// It was removed while the station ran.
    case missing
    /// The start found none, though the journal names records, and made it anew.
    case madeAnew
    /// Another folder stands in its place since the start.
    case replaced
    /// A link to what is not there.
    case dangling
    /// A file, say: what it is.
    case notFolder(String)
    /// Others than its owner may look into it.
    case open(mode: UInt32)
    /// It is another user's.
    case foreign(owner: UInt32)
    /// It holds so many records that no line of the journal names; the first one's path.
    case unnamed(Int, first: String)
    case unusable(SystemError)
    /// The same of what a link leads to.
    case linkUnusable(SystemError)

    /// In lower case, without the folder.
    package var reason: String {
        switch self {
        case .missing: "is not there"
        case .madeAnew:
            "was not there and was made anew: what the record's requests say of people is not in it"
        case .replaced:
            "is another folder than at the start: what the record's requests say of people may not "
                + "be in it"
        case .dangling: "is a link to what is not there"
        case .notFolder(let kind): "is \(kind), not a folder"
        case .open(let mode): "may be looked into by others: its mode is \(String(mode, radix: 8))"
        case .foreign(let owner): "belongs to user \(owner), who may look into it"
        case .unnamed(let count, let first):
            "holds \(count == 1 ? "a record" : "\(count) records") that no line of the journal "
                + "names\(count == 1 ? "" : ", the first of them") \(first): the journal may be an "
                + "older one, or another"
        case .unusable(let error): "cannot be used: \(error.reason)"
        case .linkUnusable(let error):
            "is a link, and what it leads to cannot be used: \(error.reason)"
        }
    }

    /// What a person can do about it.
    package func remedy(for folder: String) -> String {
        switch self {
        case .missing:
            "Put it back (mode 700) with the records of a backup; a start makes an empty one."
        case .madeAnew:
            "Put the records of a backup into it (mode 600), or see that its disk is mounted; then "
                + "start the station again."
        case .replaced:
            "Put the first folder back, or see that its disk is mounted; no start is needed. Where "
                + "a backup was put in its place, start the station again."
        case .dangling:
            "Mount what it leads to, or make that folder (mode 700); no start is needed."
        case .notFolder: "Move it away, and start the station again: it makes the folder."
        case .open: "chmod 700 \(folder), and find out who looked into it."
        case .foreign: "chown \(Process.userID) \(folder); chmod 700 \(folder)."
        case .unnamed(let count, _):
            "Put the right journal.ndjson in its place, or see that its disk is mounted, and start "
                + "the station again. Until then \(count == 1 ? "it is" : "they are") kept."
        case .unusable(let error):
            error.errno == .readOnly
                ? "Mount its file system for writing; no start is needed."
                : "See to its permissions and its disk; no start is needed."
        case .linkUnusable:
            "Put the folder itself there, with all its records (mode 700), or mount it there: the "
                + "service writes in its own folder alone. Then start the station again."
        }
    }

    /// What is wrong with a folder as it is now.
    init?(lookingAt folder: String) {
        do throws(SystemError) {
            let status = try File.statusBehindLinks(of: folder)
            guard status.isFolder else {
                self = .notFolder(status.kind)
                return
            }
            try File.checkUse(ofFolder: folder)
            let mode = status.mode & 0o777
            if status.owner != Process.userID {
                self = .foreign(owner: status.owner)
            } else if mode & 0o077 != 0 {
                self = .open(mode: mode)
            } else {
                return nil
            }
        } catch {
            switch error.errno {
            case .noEntry: self = File.exists(folder) ? .dangling : .missing
            default:
                let isLink = (try? File.status(of: folder))?.isLink == true
                self = isLink ? .linkUnusable(error) : .unusable(error)
            }
        }
    }
}
