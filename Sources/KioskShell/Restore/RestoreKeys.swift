import Requests

// What each key does on the screens of the restore.
extension Counter {
    mutating func pressForm(_ key: Key, _ was: CaseForm) {
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
            } else if let unfit = form.deviceNumberMistake {
                form.focus = .deviceNumber
                notice = unfit
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
            // A number is what stands on the token, letter for letter.
            let method = form.focus == .deviceNumber ? .off : input
            if form[form.focus].edit(key, method) { notice = nil }
        }
        screen = .form(form)
    }

    mutating func pressWaiting(
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

    mutating func pressIdentity(_ key: Key, _ subject: Subject) {
        switch key {
        case .function(7) where subject.needsComparison && !subject.isMismatch:
            var subject = subject
            subject.isCompared.toggle()
            screen = .identity(subject)
            notice = nil
        case .enter where subject.isMismatch: break
        case .enter where subject.needsComparison && !subject.isCompared:
            notice = Sentence(.noticeCompareFirst)
        case .enter where subject.request.provesKey: askHolder(subject)
        case .enter: show(.help(subject))
        case .escape: resume(.request(subject.request), holdOff: subject.reader)
        default: break
        }
    }

    mutating func pressHelp(_ key: Key, _ subject: Subject) {
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

    mutating func pressUnblockingCode(_ key: Key, _ session: Session) {
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
        case .function(7) where session.isForPad: sendToPad(session)
        default: break
        }
    }

    mutating func pressNewPIN(_ key: Key, _ was: Session) {
        var session = was
        switch key {
        case .escape: turnBack(session, nil)
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
            } else if session.newPIN.isPublished {
                // Here, and not after it was sent: then the unblocking code had to be typed anew.
                clearRepeated(&session)
                session.newPIN = .empty
                emit(.wipe(.newPIN))
                session.repeating = false
                screen = .newPIN(session)
                notice = Sentence(.noticeCommonPIN)
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

    /// The codes are entered at the reader: what was typed here goes nowhere.
    private mutating func sendToPad(_ session: Session) {
        show(.progress(session.withoutCodes, Progress(began: now)))
        emit(.wipeCodes)
        call(.unblockAtPad(restore: session.restore))
    }

    private mutating func send(_ session: Session) {
        let sent = session.withoutCodes
        let ticket = newTicket()
        // The fields are emptied by the sending itself, after the codes were taken.
        emit(.unblock(ticket, restore: session.restore))
        show(.progress(sent, Progress(began: now)))
        emit(.wipeCodes)
        awaiting = ticket
        heard = now
    }

    mutating func pressResult(_ key: Key, _ session: Session, _ result: RestoreResult) {
        switch key {
        case .enter, .escape: goHome()
        case .function(7):
            // Its papers are the case's.
            if let found = session.subject.request.found { showCase(found) }
        case .function(5) where result.mayLookAgain:
            resume(.request(session.subject.request))
        default: break
        }
    }

    mutating func pressTurnBack(_ key: Key, _ was: TurnBack) {
        var back = was
        back.isTyping = false
        switch key {
        case .escape:
            abandon(back.session)
            return show(.help(back.session.subject))
        case .enter where !was.isTyping: return show(.unblockingCode(back.session))
        case .character: back.isTyping = true
        default: break
        }
        screen = .turnBack(back)
    }

    /// From the holder's screen back to the officer's: every code is wiped.
    mutating func turnBack(_ session: Session, _ why: Sentence?) {
        show(.turnBack(TurnBack(session: session.begunAnew, why: why)))
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

    /// Whether looking at the token again can say more: it reads and spends nothing. The station
    /// settles an unknown end by it.
    var mayLookAgain: Bool {
        switch outcome {
        case .failed, .refused, .unknown: true
        case .restored, .unblockedUnproven: false
        }
    }
}

extension CaseForm {
    /// What keeps the number that was typed or pasted from being a device's.
    fileprivate var deviceNumberMistake: Sentence? {
        do throws(DeviceNumber.Mistake) {
            _ = try DeviceNumber(self[.deviceNumber].trimmed)
            return nil
        } catch {
            return switch error {
            case .empty: Sentence(.noticeFieldEmpty)
            case .saysNothing: Sentence(.noticeDeviceNothing)
            case .character(let scalar, let place):
                Sentence(
                    .noticeDeviceCharacter, DeviceNumber.Mistake.name(of: scalar), String(place))
            }
        }
    }
}
