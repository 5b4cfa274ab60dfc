import Casework
import Readers
import Synchronization
import System

/// Sign-ins and the waits after wrong passwords, for all threads. While nobody is signed in,
/// nothing wakes up.
final class SignInDesk: Sendable {
    private struct State {
        var signIns: SignIns
        var waits = PasswordWaits()
        /// When the alarm rings; nil where none is set.
        var rings: Instant?
    }

    private let state: Mutex<State>
    private let timekeeper: any Timekeeper
    private let ended: @Sendable (SignIns.Session, SignIns.End) -> Void

    /// - Parameter ended: writes down that a session ended; must not block.
    init(
        idleTime: Duration, timekeeper: any Timekeeper,
        ended: @escaping @Sendable (SignIns.Session, SignIns.End) -> Void
    ) {
        state = Mutex(State(signIns: SignIns(idleTime: idleTime)))
        self.timekeeper = timekeeper
        self.ended = ended
    }

    func session(at place: SignIns.Place) -> SignIns.Session? {
        state.withLock { $0.signIns[place] }
    }

    func act(at place: SignIns.Place) {
        let now = timekeeper.now
        state.withLock { $0.signIns.act(at: place, now) }
    }

    func begin(_ session: SignIns.Session) {
        let before = state.withLock { $0.signIns.begin(session) }
        if let before { ended(before, .replaced) }
        setAlarm()
    }

    /// - Returns: the session that ended, whose end the caller writes down.
    func signOff(at place: SignIns.Place) -> SignIns.Session? {
        state.withLock { $0.signIns.end(at: place) }
    }

    func closed(_ connection: UInt64) {
        if let session = state.withLock({ $0.signIns.end(heldBy: connection) }) {
            ended(session, .disconnected)
        }
    }

    /// Holds everybody who is signed in against a list of officers.
    func review(_ officers: OfficerTable) {
        let gone = state.withLock { $0.signIns.endAll { officers.objection(to: $0) } }
        for (session, end) in gone { ended(session, end) }
    }

    func endAll() {
        for session in state.withLock({ $0.signIns.endAll() }) { ended(session, .stopped) }
    }

    // MARK: Idleness

    private func setAlarm() {
        let moment = state.withLock { state -> Instant? in
            guard state.rings == nil, let next = state.signIns.nextLook else { return nil }
            state.rings = next
            return next
        }
        guard let moment else { return }
        _ = timekeeper.ring(at: moment) { [weak self] in self?.look() }
    }

    private func look() {
        let now = timekeeper.now
        let idle = state.withLock { state in
            state.rings = nil
            return state.signIns.endIdle(now)
        }
        for session in idle { ended(session, .idle) }
        setAlarm()
    }

    // MARK: Waiting

    func wait(_ key: PasswordWaits.Key) -> Duration? {
        let now = timekeeper.now
        return state.withLock { $0.waits.wait(key, now) }
    }

    func tried(_ key: PasswordWaits.Key, isRight: Bool) {
        let now = timekeeper.now
        state.withLock { state in
            if isRight { state.waits.succeeded(key) } else { state.waits.failed(key, now) }
        }
    }
}

extension OfficerTable {
    /// Why a sign-in does not hold by this list; nil where it does.
    func objection(to session: SignIns.Session) -> SignIns.End? {
        guard let officer = officer(session.officer) else { return .struck }
        return officer.accepts(session.evidence) ? nil : .changed
    }
}
