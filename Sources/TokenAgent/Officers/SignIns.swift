import Casework
import System

/// Who is signed in, and for how long. It has no clock, no lock and no journal: see `SignInDesk`.
struct SignIns {
    /// A process as the kernel names it. Its number may come again once it has ended; but what
    /// holds a sign-in is a connection of the process, and whoever could keep that open after it
    /// has the same login.
    struct Place: Hashable, Sendable {
        let process: Int32
        let user: UInt32

        /// nil where the kernel does not name the process, as of another PID namespace.
        init?(_ peer: Peer) {
            guard peer.process > 0 else { return nil }
            process = peer.process
            user = peer.user
        }
    }

    struct Session: Equatable, Sendable {
        let officer: String
        let evidence: OfficerEvidence
        let place: Place
        /// The connection it was made on, which holds it.
        let connection: UInt64
        var lastAct: Instant

        var proof: OfficerProof { OfficerProof(evidence) }

        var who: Who { Who(user: place.user, officer: officer, proof: proof.rawValue) }
    }

    /// Why a sign-in ended, as the journal has it.
    enum End: String, CaseIterable, Sendable {
        case signedOff = "signed-off"
        case disconnected, replaced, idle
        /// No longer on the technician's list.
        case struck
        /// The list has another password, or other tokens, than what they signed in by.
        case changed
        case stopped
    }

    let idleTime: Duration
    private var sessions: [Place: Session] = [:]

    init(idleTime: Duration) { self.idleTime = idleTime }

    subscript(place: Place) -> Session? { sessions[place] }

    /// - Returns: the session whose place it takes.
    mutating func begin(_ session: Session) -> Session? {
        sessions.updateValue(session, forKey: session.place)
    }

    mutating func end(at place: Place) -> Session? { sessions.removeValue(forKey: place) }

    /// A connection was closed; only the one that holds a session ends it.
    mutating func end(heldBy connection: UInt64) -> Session? {
        guard let place = sessions.first(where: { $0.value.connection == connection })?.key else {
            return nil
        }
        return end(at: place)
    }

    mutating func endAll() -> [Session] {
        defer { sessions = [:] }
        return Array(sessions.values)
    }

    /// Something was done at this place.
    mutating func act(at place: Place, _ now: Instant) { sessions[place]?.lastAct = now }

    /// Ends the sessions in which nothing was done for too long.
    mutating func endIdle(_ now: Instant) -> [Session] {
        let idle = sessions.values.filter { $0.lastAct + idleTime <= now }
        for session in idle { sessions[session.place] = nil }
        return idle
    }

    /// Ends the sessions that a new list does not bear out, each with why.
    mutating func endAll(
        where reason: (Session) -> End?
    ) -> [(session: Session, end: End)] {
        let ended = sessions.values.compactMap { session in
            reason(session).map { (session: session, end: $0) }
        }
        for (session, _) in ended { sessions[session.place] = nil }
        return ended
    }

    /// When to look again; nil where nobody is signed in.
    var nextLook: Instant? { sessions.values.map(\.lastAct).min().map { $0 + idleTime } }
}

/// How long somebody has to wait after wrong passwords: each officer at each login by itself, so
/// that nobody keeps another from signing in.
struct PasswordWaits {
    struct Key: Hashable, Sendable {
        let officer: String
        let user: UInt32
    }

    private struct Entry {
        var failures: Int
        var until: Instant
    }

    /// The first wrong ones cost nothing: people mistype.
    static let free = 3
    static let longest = Duration.seconds(300)
    /// So many are remembered; an officer's own colleagues are not as many.
    static let most = 1024
    private var entries: [Key: Entry] = [:]

    /// nil where a password may be tried now.
    func wait(_ key: Key, _ now: Instant) -> Duration? {
        guard let entry = entries[key], entry.until > now else { return nil }
        return entry.until - now
    }

    /// A password was wrong.
    mutating func failed(_ key: Key, _ now: Instant) {
        if entries.count >= Self.most, entries[key] == nil {
            entries = entries.filter { $0.value.until > now }
        }
        let failures = (entries[key]?.failures ?? 0) + 1
        entries[key] = Entry(failures: failures, until: now + Self.wait(after: failures))
    }

    mutating func succeeded(_ key: Key) { entries[key] = nil }

    /// 5 s, 10 s, 20 s, …
    static func wait(after failures: Int) -> Duration {
        guard failures >= free else { return .zero }
        return min(.seconds(5 << min(failures - free, 8)), longest)
    }
}
