// The footer: which keys do what, for every screen. Each screen names at least one key that
// leads on or back.
extension Counter {
    var keyHints: [KeyHint] {
        switch screen {
        case .connecting(_, _, _, let resume):
            if resume.isToken {
                return [KeyHint("Enter", .keyRetryNow), KeyHint("Esc", .keyHome)]
            }
            return [KeyHint("Enter", .keyRetryNow)]
        case .home:
            return [
                KeyHint("Enter", .keyChoose), KeyHint("↑ ↓", .keyMove),
                KeyHint(KeyHint.letters, .keySearch), KeyHint("F5", .keyRefresh),
            ]
        case .officer(let proof):
            switch proof.stage {
            case .list:
                var hints = [
                    KeyHint("Enter", .keyChoose), KeyHint("↑ ↓", .keyMove),
                    KeyHint("F8", .keyByToken),
                ]
                if proof.session != nil || station?.office.isObliged != true {
                    hints.append(KeyHint("Esc", .keyBack))
                }
                return hints
            case .token(nil, _): return [KeyHint("Esc", .keyBack)]
            case .password, .token:
                return [
                    KeyHint("Enter", .keyGoOn), KeyHint("Ctrl-U", .keyClearCode),
                    KeyHint("Esc", .keyBack),
                ]
            }
        case .cases(let list):
            return [
                KeyHint("Enter", .keyChoose), KeyHint("↑ ↓", .keyMove),
                KeyHint("F7", list.withDone ? .keyOnlyOpen : .keyWithDone),
                KeyHint("Esc", list.search.text.isEmpty ? .keyHome : .keyClearCode),
            ]
        case .caseView(let view):
            return (view.place == nil ? [] : [KeyHint("Enter", .keyChoose)])
                + [KeyHint("F8", .keyHistory), KeyHint("Esc", .keyBack)]
        case .history:
            return [
                KeyHint("↑ ↓", .keyMove), KeyHint("PgDn", .keyNextPage), KeyHint("Esc", .keyBack),
            ]
        case .request(let draft):
            if draft.here == .summary {
                let take = KeyHint("Enter", draft.mustComplete.isEmpty ? .keyTake : .keyFirstGap)
                let back = KeyHint("Esc", .keyCancel)
                return draft.mustComplete.isEmpty
                    ? [take, back] : [take, KeyHint("F9", .keyTakeIncomplete), back]
            }
            var hints = [KeyHint("Enter", .keyNextField), KeyHint("F3", .keyAddDevice)]
            if case .device = draft.here, draft.devices > 1 {
                hints.append(KeyHint("F8", .keyRemoveDevice))
            }
            hints.append(KeyHint("PgDn", .keyNextPage))
            return hints + [KeyHint("Esc", .keyCancel)]
        case .files(let list):
            return (list.files.isEmpty ? [] : [KeyHint("Enter", .keyReadFile)])
                + [KeyHint("F5", .keyRefresh), KeyHint("Esc", .keyHome)]
        case .intake(let intake): return hints(intake)
        case .taken:
            return [KeyHint("Enter", .keyChoose), KeyHint("Esc", .keyHome)]
        case .act(let form):
            let enter: Phrase =
                switch form.row {
                case .done: .keyRecord
                case .option: form.act.takesSeveral ? .keyMark : .keyChoose
                case .text: form.act.takesSeveral ? .keyAdd : .keyGoOn
                }
            return [
                KeyHint("Enter", enter), KeyHint("↑ ↓", .keyMove), KeyHint("Esc", .keyBack),
            ]
        case .paper(let view):
            let scroll = [
                KeyHint("↑ ↓", .keyMove), KeyHint("PgDn", .keyNextPage), KeyHint("Esc", .keyBack),
            ]
            guard view.html != nil else { return [KeyHint("Esc", .keyBack)] }
            return (canPrint ? [KeyHint("Enter", .keyPrint)] : []) + scroll
        case .keyProof(let proof):
            if proof.isChecking { return [] }
            return [KeyHint("Enter", .keySend)] + atPad(proof.pad != nil) + [
                KeyHint("Ctrl-U", .keyClearCode), KeyHint("Esc", .keyCancel),
            ]
        case .keyProved: return [KeyHint(KeyHint.bothOn, .keyToCase)]
        case .technician(let view):
            return [
                KeyHint("↑ ↓", .keyMove), KeyHint("F5", .keyRefresh),
                KeyHint("F7", view.showsRecord ? .keyChecks : .keyRecordLines),
                KeyHint("Esc", .keyBack),
            ]
        case .form(let form):
            let last = form.focus == CaseForm.Field.allCases.last
            return [
                KeyHint("Enter", last ? .keySave : .keyNextField), KeyHint("↑ ↓", .keySwitchField),
                KeyHint("Esc", .keyCancel),
            ]
        case .waiting:
            if readers.contains(where: { $0.state == .present }) {
                return [KeyHint("Enter", .keyReadToken), KeyHint("Esc", .keyHome)]
            }
            return [KeyHint("Esc", .keyHome)]
        case .reading: return [KeyHint("Esc", .keyCancel)]
        case .identity(let subject):
            if subject.isMismatch { return [KeyHint("Esc", .keyOtherToken)] }
            let isOpen = subject.needsComparison && !subject.isCompared
            var hints = isOpen ? [] : [KeyHint("Enter", .keyRightToken)]
            hints.append(KeyHint("Esc", .keyBack))
            if subject.needsComparison {
                hints.insert(
                    KeyHint("F7", subject.isCompared ? .keyNotCompared : .keyCompared), at: 0)
            }
            return hints
        case .help(let subject):
            let verdict = subject.report.verdict
            if verdict == .impossible { return [KeyHint(KeyHint.bothOn, .keyHome)] }
            if verdict == .lastTry {
                return [KeyHint("Enter", .keyHome), KeyHint("Esc", .keyBack)]
            }
            // Before it is recorded that the PIN was forgotten there is nothing to begin.
            let mayBegin = verdict != .notLocked || subject.pinForgotten
            var hints = mayBegin ? [KeyHint("Enter", .keyAskPermit)] : []
            hints.append(KeyHint("Esc", .keyBack))
            if verdict.allowsForgotten { hints.insert(KeyHint("F8", .keyForgotten), at: 0) }
            return hints
        case .unblockingCode(let session):
            return [KeyHint("Enter", .keyGoOn)] + atPad(session.isForPad) + [
                KeyHint("Ctrl-U", .keyClearCode), KeyHint("Esc", .keyCancel),
            ]
        case .newPIN(let session):
            return [
                KeyHint("Enter", session.repeating ? .keySend : .keyGoOn),
                KeyHint("Tab", .keySwitchField), KeyHint("Ctrl-U", .keyClearCode),
                KeyHint("Esc", .keyCancel),
            ]
        case .turnBack: return [KeyHint("Enter", .keyGoOn), KeyHint("Esc", .keyCancel)]
        case .progress: return [KeyHint("Esc", .keyAskCancel)]
        case .result(let session, let result):
            var hints = [KeyHint(KeyHint.bothOn, .keyFinish)]
            if session.subject.request.found != nil { hints.append(KeyHint("F7", .keyPapers)) }
            if result.mayLookAgain {
                hints.append(KeyHint("F5", result.mayTryAgain ? .keyTryAgain : .keyLookAgain))
            }
            return hints
        case .problem(let problem, _, _):
            let home = KeyHint("Esc", .keyHome)
            switch problem.wayOn {
            case .sameToken: return [KeyHint("Enter", .keyTryOn), home]
            case .otherToken: return [KeyHint("Enter", .keyOtherToken), home]
            case .none: return [home]
            }
        }
    }

    /// The key that leaves the codes to the reader's own pad.
    private func atPad(_ hasPad: Bool) -> [KeyHint] {
        hasPad ? [KeyHint("F7", .keyAtPad)] : []
    }

    private func hints(_ intake: FileIntake) -> [KeyHint] {
        let back = KeyHint("Esc", .keyBack)
        guard intake.turn == nil, let step = intake.here else { return [back] }
        var hints: [KeyHint] = []
        switch step.standing {
        case .taken, .known: hints.append(KeyHint("Enter", .keyChoose))
        case .open where step.mustComplete > 0: hints.append(KeyHint("F9", .keyTakeIncomplete))
        case .open: hints.append(KeyHint("Enter", .keyTake))
        }
        if intake.clean > 0 { hints.append(KeyHint("F3", .keyTakeAll)) }
        return hints + [back]
    }
}
