// What is due when, and how long an agent may say nothing.
extension Counter {
    /// What is due at `now`.
    mutating func passTime() {
        if let silence, silence <= now { lost(.hungUp) }
        switch screen {
        case .connecting(let loss, let attempt, let retryAt, let resume):
            guard let retryAt, retryAt <= now else { break }
            screen = .connecting(loss: loss, attempt: attempt, retryAt: nil, resume: resume)
            heard = now
            emit(.connect)
        case .unblockingCode(let session), .newPIN(let session):
            if session.expires <= now {
                expire(session)
            } else if session.holdsCode, lastKey + Counter.idleLimit <= now {
                if screen.isHolders {
                    turnBack(session, Sentence(.noticeIdle))
                } else {
                    show(.unblockingCode(session.begunAnew), Sentence(.noticeIdle))
                }
            }
        case .turnBack(let back):
            if back.session.expires <= now { expire(back.session) }
        case .officer(let proof):
            if let session = proof.session, session.expires <= now {
                expire(session)
            } else if proof.facts.length > 0, lastKey + Counter.idleLimit <= now {
                emit(.wipe(.proof))
                var proof = proof
                proof.stage = .list
                screen = .officer(proof)
                notice = Sentence(.noticeIdle)
            }
        case .keyProof(var proof):
            guard proof.facts.length > 0, lastKey + Counter.idleLimit <= now else { break }
            emit(.wipe(.proof))
            proof.facts = .empty
            screen = .keyProof(proof)
            notice = Sentence(.noticeIdle)
        default: break
        }
        signOffIfIdle()
        isDark = darkAt.map { $0 <= now } ?? false
    }

    private mutating func expire(_ session: Session) {
        abandon(session)
        show(.help(session.subject), Sentence(.noticePermitExpired))
    }

    /// When the screen goes dark: only one that waits for whoever comes next does.
    private var darkAt: Milliseconds? {
        guard let blankAfter, station?.office.signedIn == nil else { return nil }
        switch screen {
        case .home: return lastKey + blankAfter
        case .officer(let proof):
            guard proof.session == nil, proof.stage == .list else { return nil }
            return lastKey + blankAfter
        default: return nil
        }
    }

    /// When an agent that was asked something has been silent for too long.
    private var silence: Milliseconds? {
        switch screen {
        case .connecting(_, _, nil, _): heard + Counter.silenceLimit
        case .connecting: nil
        case .progress: heard + Counter.restoreSilenceLimit
        case .keyProof where awaiting != nil: heard + Counter.restoreSilenceLimit
        default: awaiting == nil ? nil : heard + Counter.silenceLimit
        }
    }

    /// When the counter wants a `tick`, if nothing happens before; nil when it can sleep.
    var deadline: Milliseconds? {
        [screenDeadline, silence, signOffAt, isDark ? nil : darkAt].compactMap { $0 }.min()
    }

    private var screenDeadline: Milliseconds? {
        switch screen {
        case .connecting(_, _, let retryAt, _): return retryAt
        case .unblockingCode(let session), .newPIN(let session):
            let minute = session.expires - (session.minutesLeft(at: now) - 1) * 60_000
            let next = min(session.expires, minute)
            return session.holdsCode ? min(next, lastKey + Counter.idleLimit) : next
        case .turnBack(let back): return back.session.expires
        case .progress(_, let progress):
            return now + 1_000 - (now - progress.began) % 1_000
        case .officer(let proof):
            let idle = proof.facts.length > 0 ? lastKey + Counter.idleLimit : nil
            return [proof.session?.expires, idle].compactMap { $0 }.min()
        case .keyProof(let proof):
            if let began = proof.began { return now + 1_000 - (now - began) % 1_000 }
            return proof.facts.length > 0 ? lastKey + Counter.idleLimit : nil
        default: return nil
        }
    }
}
