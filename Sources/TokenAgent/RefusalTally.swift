import Casework
import Readers
import Synchronization
import System
import Varlink

/// Refused callers, journalled at most once per user and minute, with a count.
final class RefusalTally: Sendable {
    private struct Entry {
        var since: Instant
        var count: Int
        var method: String
        /// Somebody comes back for what is counted.
        var hasAlarm = false
    }

    private static let most = 1024
    private static let minute: Duration = .seconds(60)
    private let entries = Mutex<[UInt32: Entry]>([:])

    /// Notes a refusal; how many there were, when it is time to write a line.
    func note(_ user: UInt32, _ method: String, now: Instant = .now) -> Int? {
        entries.withLock { entries in
            if var entry = entries[user], now < entry.since + Self.minute {
                entry.count += 1
                entries[user] = entry
                return nil
            }
            let before = entries[user]?.count ?? 0
            if entries.count >= Self.most { entries.removeAll() }
            entries[user] = Entry(
                since: now, count: 0, method: method, hasAlarm: entries[user]?.hasAlarm ?? false)
            return before + 1
        }
    }

    /// When a line is to tell what is counted of a user; once, for whoever sets the alarm. nil
    /// where nothing is, so that nobody is woken for it.
    func takeAlarm(_ user: UInt32) -> Instant? {
        entries.withLock { entries in
            guard var entry = entries[user], entry.count > 0, !entry.hasAlarm else { return nil }
            entry.hasAlarm = true
            entries[user] = entry
            return entry.since + Self.minute
        }
    }

    /// The alarm rang: what a line is to tell now. nil where one did since; `takeAlarm` then says
    /// whether there is another minute to wait for.
    func due(_ user: UInt32, now: Instant = .now) -> (method: String, count: Int)? {
        entries.withLock { entries in
            guard var entry = entries[user] else { return nil }
            entry.hasAlarm = false
            entries[user] = entry
            guard entry.count > 0, now >= entry.since + Self.minute else { return nil }
            entries[user] = Entry(since: now, count: 0, method: entry.method)
            return (entry.method, entry.count)
        }
    }

    /// What no line has counted yet; once.
    func left() -> [(user: UInt32, method: String, count: Int)] {
        entries.withLock { entries in
            defer { entries = [:] }
            return entries.filter { $0.value.count > 0 }
                .map { ($0.key, $0.value.method, $0.value.count) }.sorted { $0.0 < $1.0 }
        }
    }
}

extension Agent {
    /// Notes what clients did that was not served.
    func note(_ incident: VarlinkIncident) {
        guard case .permissionDenied(let peer, let method) = incident else { return }
        let who = access.caller(peer).who
        if let count = refusals.note(peer.user, method) {
            clerk.submit { [self] in tellRefusals(who, method, count) }
        } else {
            comeBackForRefusals(who)
        }
    }

    /// Has what is only counted so far told once its minute is over.
    private func comeBackForRefusals(_ who: Who) {
        guard let minute = refusals.takeAlarm(who.user) else { return }
        _ = hub.timekeeper.ring(at: minute) { [self] in
            clerk.submit { [self] in
                if let (method, count) = refusals.due(who.user) {
                    tellRefusals(who, method, count)
                }
                comeBackForRefusals(who)
            }
        }
    }

    /// Tells what no line has counted yet.
    func tellRefusalsLeft() {
        for one in refusals.left() { tellRefusals(Who(user: one.user), one.method, one.count) }
    }

    private func tellRefusals(_ who: Who, _ method: String, _ count: Int) {
        _ = try? book.journal.append(.callerRefused, who: who) {
            $0.put(.method, method)
            $0.put(.count, count)
        }
    }
}
