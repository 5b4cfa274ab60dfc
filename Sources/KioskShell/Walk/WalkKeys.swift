// What each key does on each screen.
extension RestoreWalk {
    mutating func press(_ key: Key) {
        switch key {
        case .function(2), .control("l"):
            language = language == .vietnamese ? .english : .vietnamese
            return
        case _ where isUnread: return
        case .function(10), .control("q"): return quit()
        case .pasteBegin, .pasteEnd: return
        default: break
        }
        switch screen {
        case .connecting(let loss, _, _, let resume): pressConnecting(key, loss, resume)
        case .cases(let rows, let chosen): pressCases(key, rows, chosen)
        case .form(let form): pressForm(key, form)
        case .waiting(let request, let holdOff, let chosen):
            pressWaiting(key, request, holdOff, chosen)
        case .reading(let request, let reader):
            if key == .escape { resume(.request(request), holdOff: reader) }
        case .identity(let subject): pressIdentity(key, subject)
        case .help(let subject): pressHelp(key, subject)
        case .unblockingCode(let session): pressUnblockingCode(key, session)
        case .newPIN(let session): pressNewPIN(key, session)
        case .progress(let session, _):
            if key == .escape {
                notice = Sentence(.noticeCancelAsked)
                callAside(.cancel(restore: session.restore))
            }
        case .result(let session, let result): pressResult(key, session, result)
        case .problem(let problem, let back, let holdOff):
            if key == .enter, problem.wayOn != .none { resume(back, holdOff: holdOff) }
            if key == .escape { goHome() }
        }
    }

    private mutating func quit() {
        switch screen {
        case .progress: notice = Sentence(.noticeNoQuitNow)
        case .unblockingCode(let session), .newPIN(let session):
            abandon(session)
            emit(.wipeCodes)
            emit(.quit)
        default: emit(.quit)
        }
    }

    private mutating func pressConnecting(_ key: Key, _ loss: AgentLoss?, _ resume: Resume) {
        if key == .enter { connect(loss, resume: resume) }
        if key == .escape, resume != .home {
            // A restore that runs is never forgotten by a key.
            if case .restore = resume { return }
            connect(loss, resume: .home)
        }
    }

    private mutating func pressCases(_ key: Key, _ rows: [CaseRow]?, _ chosen: Int) {
        let last = rows?.count ?? 0
        switch key {
        case .up: screen = .cases(rows: rows, chosen: max(chosen - 1, 0))
        case .down: screen = .cases(rows: rows, chosen: min(chosen + 1, last))
        case .home, .pageUp: screen = .cases(rows: rows, chosen: 0)
        case .choose(let row) where (0...last).contains(row):
            screen = .cases(rows: rows, chosen: row)
        case .end, .pageDown: screen = .cases(rows: rows, chosen: last)
        case .function(5): goHome()
        case .enter:
            if let rows, chosen > 0, chosen <= rows.count {
                wait(for: rows[chosen - 1], holdOff: nil, notice: nil)
            } else {
                show(.form(CaseForm()))
            }
        default: break
        }
    }

    private mutating func pressForm(_ key: Key, _ was: CaseForm) {
        if key == .escape { return goHome() }
        guard awaiting == nil else { return }
        var form = was
        let fields = CaseForm.Field.allCases
        switch key {
        case .tab, .down:
            form.focus = CaseForm.Field(rawValue: form.focus.rawValue + 1) ?? .requestNumber
        case .backTab, .up:
            form.focus = CaseForm.Field(rawValue: form.focus.rawValue - 1) ?? .deviceNumber
        case .choose(let number):
            form.focus = CaseForm.Field(rawValue: number) ?? form.focus
        case .enter where form.focus != fields.last:
            form.focus = CaseForm.Field(rawValue: form.focus.rawValue + 1) ?? .deviceNumber
        case .enter:
            form.checked = true
            if let empty = form.firstEmpty {
                form.focus = empty
                notice = Sentence(.noticeFieldEmpty)
            } else {
                screen = .form(form)
                notice = nil
                return call(
                    .openCase(
                        requestNumber: form[.requestNumber].trimmed,
                        managingBody: form[.managingBody].trimmed,
                        holder: form[.holder].trimmed, deviceNumber: form[.deviceNumber].trimmed))
            }
        default:
            if form[form.focus].edit(key) { notice = nil }
        }
        screen = .form(form)
    }

    private mutating func pressWaiting(
        _ key: Key, _ request: CaseRow, _ holdOff: HoldOff?, _ chosen: Int
    ) {
        let ready = readers.filter { $0.state == .present }
        switch key {
        case .escape: goHome()
        case .up: screen = .waiting(request, holdOff: holdOff, chosen: max(chosen - 1, 0))
        case .down:
            screen = .waiting(
                request, holdOff: holdOff, chosen: min(chosen + 1, max(ready.count - 1, 0)))
        case .choose(let place) where ready.indices.contains(place):
            screen = .waiting(request, holdOff: holdOff, chosen: place)
        case .enter:
            guard chosen < ready.count else { return }
            read(ready[chosen].name, for: request)
        default: break
        }
    }

    private mutating func pressIdentity(_ key: Key, _ subject: Subject) {
        switch key {
        case .function(7) where subject.needsComparison && !subject.isMismatch:
            var subject = subject
            subject.isCompared.toggle()
            screen = .identity(subject)
            notice = nil
        case .enter where subject.isMismatch: break
        case .enter where subject.needsComparison && !subject.isCompared:
            notice = Sentence(.noticeCompareFirst)
        case .enter: show(.help(subject))
        case .escape: resume(.request(subject.request), holdOff: subject.reader)
        default: break
        }
    }

    private mutating func pressHelp(_ key: Key, _ subject: Subject) {
        let verdict = subject.report.verdict
        switch key {
        case .escape:
            if verdict == .impossible { goHome() } else { show(.identity(subject)) }
        case .function(8) where verdict.allowsForgotten && awaiting == nil:
            var subject = subject
            subject.pinForgotten.toggle()
            screen = .help(subject)
            notice = nil
        case .enter where verdict.isEnd: goHome()
        case .enter where awaiting == nil:
            if verdict == .notLocked, !subject.pinForgotten {
                notice = Sentence(.noticeForgottenFirst)
            } else {
                notice = nil
                call(
                    .begin(
                        caseID: subject.request.id, reader: subject.reader,
                        pinForgotten: subject.pinForgotten,
                        compared: subject.isCompared ? subject.open : [],
                        form: subject.report.form))
            }
        default: break
        }
    }

    private mutating func pressUnblockingCode(_ key: Key, _ session: Session) {
        switch key {
        case .escape:
            abandon(session)
            show(.help(session.subject))
        case .enter:
            if session.subject.report.unblockingRule.takesLength(session.unblocking) {
                show(.newPIN(session))
            } else {
                notice = Sentence(.noticeUnblockingLength)
            }
        default: break
        }
    }

    private mutating func pressNewPIN(_ key: Key, _ was: Session) {
        var session = was
        switch key {
        case .escape: backToUnblockingCode(session, nil)
        case .tab, .backTab, .down, .up:
            session.repeating.toggle()
            notice = nil
            screen = .newPIN(session)
        case .choose(let field):
            session.repeating = field == 1
            notice = nil
            screen = .newPIN(session)
        case .enter:
            let takes = session.subject.report.pinRule.takes(session.newPIN)
            if !takes {
                session.repeating = false
                screen = .newPIN(session)
                notice = Sentence(.noticeRulesFirst)
            } else if !session.repeating {
                session.repeating = true
                screen = .newPIN(session)
                notice = nil
            } else if !session.same {
                clearRepeated(&session)
                screen = .newPIN(session)
                notice = Sentence(.noticeDifferent)
            } else {
                send(session)
            }
        default: break
        }
    }

    private mutating func clearRepeated(_ session: inout Session) {
        session.repeated = .empty
        session.same = false
        emit(.wipe(.repeatedPIN))
    }

    private mutating func send(_ session: Session) {
        var sent = session
        (sent.unblocking, sent.newPIN, sent.repeated) = (.empty, .empty, .empty)
        let ticket = newTicket()
        // The fields are emptied by the sending itself, after the codes were taken.
        emit(.unblock(ticket, restore: session.restore))
        show(.progress(sent, Progress(began: now)))
        emit(.wipeCodes)
        awaiting = ticket
        heard = now
    }

    private mutating func pressResult(_ key: Key, _ session: Session, _ result: RestoreResult) {
        switch key {
        case .enter, .escape: goHome()
        case .function(5) where result.mayTryAgain:
            resume(.request(session.subject.request))
        default: break
        }
    }

    /// From the holder's screen back to the officer's: every code is wiped.
    mutating func backToUnblockingCode(_ was: Session, _ notice: Sentence?) {
        var session = was
        (session.unblocking, session.newPIN, session.repeated) = (.empty, .empty, .empty)
        session.same = false
        session.repeating = false
        show(.unblockingCode(session), notice)
    }

    mutating func changed(_ slot: CodeSlot, _ facts: CodeFacts, same: Bool) {
        switch (screen, slot) {
        case (.unblockingCode(var session), .unblocking):
            session.unblocking = facts
            screen = .unblockingCode(session)
        case (.newPIN(var session), .newPIN):
            session.newPIN = facts
            session.same = same
            screen = .newPIN(session)
        case (.newPIN(var session), .repeatedPIN):
            session.repeated = facts
            session.same = same
            screen = .newPIN(session)
        default: return
        }
        notice = nil
    }
}

/// Whether and how a token can be helped, as the counter sees it.
enum Verdict: Equatable, Sendable {
    case possible
    /// Only with the officer's record that the PIN was forgotten.
    case notLocked
    /// The card hides its count: the agent decides.
    case unclear
    case impossible
    /// One try of the unblocking code is left, or maybe one: this screen never spends it.
    case lastTry

    /// Nothing can be begun from here.
    var isEnd: Bool { self == .impossible || self == .lastTry }

    var allowsForgotten: Bool { self == .notLocked || self == .unclear }
}

extension TokenReport {
    var verdict: Verdict {
        switch help {
        case .impossible: .impossible
        case _ where hasOneTry || heldBack: .lastTry
        case .notLocked: .notLocked
        case .possible: locked == nil ? .unclear : .possible
        }
    }
}

extension RestoreResult {
    /// Whether the same token may be tried again at once: not without a try the station spends
    /// by itself, and not where the reason stays.
    var mayTryAgain: Bool {
        switch outcome {
        case .failed, .refused:
            unblockingTries != 0 && unblockingTries != 1
                && fault.map { Problem($0).wayOn == .sameToken } ?? true
        case .restored, .unblockedUnproven, .unknown: false
        }
    }
}
