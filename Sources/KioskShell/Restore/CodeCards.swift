// The codes, the work, and how it ended.
extension Counter {
    func drawUnblockingCode(_ session: Session, _ p: inout Painter) {
        let report = session.subject.report
        let request = session.subject.request
        p.line(p.text(.unblockTitle), .heading)
        p.line(p.text(.waitingFor, request.requestNumber, request.deviceNumber), .quiet)
        p.gap()
        p.paragraph(p.text(.unblockWho))
        p.gap()
        p.openPad()
        p.line(p.text(.unblockLabel), .strong)
        p.code(session.unblocking, isFocused: true)
        drawLength(of: session.unblocking, report.unblockingRule, &p)
        p.gap()
        if let left = report.unblockingTries {
            p.paragraph(p.text(.helpUnblockTries, tries(left, of: report.unblockingLimit)), .strong)
        } else {
            p.paragraph(p.text(.helpUnblockUnknown), .warning)
        }
        p.gap()
        p.paragraph(p.text(.unblockNext), .quiet, most: 2)
        let minutes = session.minutesLeft(at: now)
        p.line(minutes == 1 ? p.text(.permitLeftOne) : p.text(.permitLeft, String(minutes)), .quiet)
    }

    /// How long a code is, and how much of it was typed.
    func drawLength(of facts: CodeFacts, _ rule: CodeRule, _ p: inout Painter) {
        let typed = String(facts.characters)
        let isExact = rule.minimum == rule.maximum
        let text =
            isExact
            ? p.text(.unblockLengthExact, String(rule.maximum), typed)
            : p.text(.unblockLength, String(rule.minimum), String(rule.maximum), typed)
        // The field itself tells how many were typed.
        p.pieces(
            [(text, rule.takesLength(facts) ? .good : .quiet)],
            told: isExact
                ? p.text(.pinRuleLengthExact, String(rule.maximum))
                : p.text(.pinRuleLength, String(rule.minimum), String(rule.maximum)))
    }

    func drawNewPIN(_ session: Session, _ p: inout Painter) {
        let rule = session.subject.report.pinRule
        p.line(p.text(.pinTitle), .heading)
        p.gap()
        p.paragraph(p.text(.pinPrivate))
        p.gap()
        p.openPad()
        let first = p.row
        p.line(p.text(.pinLabel), session.repeating ? .text : .strong)
        p.code(session.newPIN, isFocused: !session.repeating)
        p.touch(from: first, .choose(0))
        p.gap()
        let second = p.row
        p.line(p.text(.pinRepeat), session.repeating ? .strong : .text)
        p.code(session.repeated, isFocused: session.repeating)
        p.touch(from: second, .choose(1))
        p.gap()
        let some = session.newPIN.length > 0
        let length =
            rule.minimum == rule.maximum
            ? p.text(.pinRuleLengthExact, String(rule.maximum))
            : p.text(.pinRuleLength, String(rule.minimum), String(rule.maximum))
        drawRule(length, met: rule.takesLength(session.newPIN), begun: some, &p)
        drawRule(
            p.text(rule.characters == .digits ? .pinRuleDigits : .pinRuleAny),
            met: some && rule.takesCharacters(session.newPIN) && session.newPIN.printableASCII,
            begun: some, &p)
        drawRule(
            p.text(.pinRuleSame), met: session.same && some, begun: session.repeated.length > 0, &p)
        p.paragraph(p.text(.pinHint), .quiet, indent: 2, most: 4)
    }

    func drawTurnBack(_ back: TurnBack, _ p: inout Painter) {
        p.line(p.text(.turnBackTitle), .heading)
        if let why = back.why {
            p.gap()
            p.paragraph(why.text(language), .strong)
        }
        p.gap()
        p.paragraph(p.text(.turnBackWhy))
        p.gap()
        p.line(p.text(.labelDo), .quiet)
        p.paragraph(p.text(.turnBackDo), .strong, indent: 2)
    }

    private func drawRule(_ text: String, met: Bool, begun: Bool, _ p: inout Painter) {
        let (mark, role): (String, Role) =
            met ? ("✓", .good) : begun ? ("✗", .bad) : ("○", .quiet)
        p.pieces(
            [("\(mark) ", role), (text, met ? .good : .text)], indent: 2,
            told: p.text(met ? .toldMet : .toldUnmet, text))
    }

    func drawProgress(_ session: Session, _ progress: Progress, _ p: inout Painter) {
        p.line(p.text(.progressTitle), .heading)
        p.line(
            p.text(
                .waitingFor, session.subject.request.requestNumber,
                session.subject.request.deviceNumber), .quiet)
        p.gap()
        p.band(
            p.text(progress.pulled ? .progressPulled : .progressHold),
            progress.pulled ? .notice : .training)
        if progress.steps.isEmpty {
            p.line(p.text(progress.followed ? .progressFollowed : .progressStarting))
        }
        for step in progress.steps.suffix(max(p.rowsLeft - 5, 1)) {
            drawStep(step, progress, &p)
        }
        p.gap()
        p.clock(p.text(.progressElapsed, String((now - progress.began) / 1_000)), .quiet)
        if let pad = progress.atPad {
            let phrase: Phrase = pad.unblocks ? .progressPadUnblock : .progressPadPIN
            p.paragraph(p.text(phrase, String(pad.seconds)), .strong, most: 3)
        }
        if progress.overdue { p.paragraph(p.text(.progressOverdue), .warning, most: 2) }
        if session.touch { p.paragraph(p.text(.progressTouch), .strong, most: 2) }
    }

    private func drawStep(_ step: StepReport, _ progress: Progress, _ p: inout Painter) {
        let name = Phrase(step: step.name).map { p.text($0) } ?? step.name
        let width = p.width * 65 / 100
        let spent = String((now - progress.stepBegan) / 1_000)
        let budget = String((step.budget + 999) / 1_000)
        switch step.state {
        case .done:
            p.pieces(
                [("✓ ", .good), (padded(name, width), .text), (seconds(step.time), .quiet)],
                told: p.text(.toldStepDone, name, seconds(step.time)))
        case .failed:
            p.pieces(
                [("✗ ", .bad), (padded(name, width), .bad), (seconds(step.time), .quiet)],
                told: p.text(.toldStepFailed, name))
        case .running, .overdue:
            let time =
                step.budget > 0
                ? p.text(.progressOf, spent, budget) : p.text(.progressElapsed, spent)
            p.pieces(
                [("▸ ", .warning), (padded(name, width), .strong), (time, .quiet)],
                told: p.text(.toldStepRunning, name, budget))
        }
    }

    /// Microseconds as seconds with one decimal.
    private func seconds(_ time: Int64?) -> String {
        guard let time else { return "" }
        let tenths = max(time, 0) / 100_000
        return "\(tenths / 10)\(language == .vietnamese ? "," : ".")\(tenths % 10) s"
    }

    func drawResult(_ session: Session, _ result: RestoreResult, _ p: inout Painter) {
        let request = session.subject.request
        let words = result.words
        p.line(words.mark + " " + p.text(words.title), words.role)
        p.line("\(request.holder) · \(request.deviceNumber)", .quiet)
        p.gap()
        if let happened = result.happened { p.paragraph(p.text(happened), .strong, most: 2) }
        p.paragraph(p.text(words.why))
        p.gap()
        p.line(p.text(.labelDo), .quiet)
        p.paragraph(p.text(words.next), .strong, indent: 2, most: 3)
        p.gap()
        let spent = result.unblockingSpent
        let spentText: String
        if spent.least == spent.most {
            spentText = String(spent.most)
        } else if spent == Spent(least: 0, most: 1) {
            spentText = p.text(.spentUnknown)
        } else {
            spentText = "\(spent.least) – \(spent.most)"
        }
        p.pair(p.text(.spentLabel), spentText, .strong, at: 24)
        p.pair(
            p.text(.triesLeft),
            p.text(.triesBoth, tries(result.pinTries), tries(result.unblockingTries)), at: 24)
        if !result.journalHead.isEmpty {
            p.pair(p.text(.journalLabel), grouped(result.journalHead), at: 24)
        }
        if result.outcome != .restored, !result.detail.isEmpty {
            p.paragraph("\(p.text(.labelDetail)): \(result.detail)", .quiet, most: 2)
        }
    }

    /// The head's first sixteen digits in groups of four, as they stand on a receipt.
    func grouped(_ head: String) -> String {
        var text = ""
        for (i, digit) in head.prefix(16).enumerated() {
            if i > 0, i % 4 == 0 { text.append(" ") }
            text.append(digit)
        }
        return text
    }
}

extension RestoreResult {
    fileprivate var words: (mark: String, role: Role, title: Phrase, why: Phrase, next: Phrase) {
        switch outcome {
        case .restored:
            ("✓", .good, .resultRestored, .resultRestoredWhy, .resultRestoredDo)
        case .unblockedUnproven:
            (
                "!", .warning, .resultUnproven, .resultUnprovenWhy,
                unproven == nil ? .resultUnprovenDo : .resultUnprovenKeep
            )
        case .failed:
            (
                "✗", .bad, .resultFailed,
                unblockingSpent == .none ? .resultFailedNothing : .resultFailedWhy,
                unblockingTries == 0
                    ? .resultFailedEnd
                    : unblockingTries == 1
                        ? .doLastTry
                        : fault.map { Problem.words($0.code).todo } ?? .resultFailedDo
            )
        case .refused:
            (
                "✗", .bad, .resultRefused, .resultRefusedWhy,
                fault.map { Problem.words($0.code).todo } ?? .doRefuseInWriting
            )
        case .unknown: ("?", .warning, .resultUnknown, .resultUnknownWhy, .resultUnknownDo)
        }
    }
}

extension RestoreResult {
    /// Why the key is not proven, where a later check cannot prove it either.
    private var unproven: Phrase? {
        switch reason {
        case "no-proving-key": .unprovenNoKey
        case "signature-invalid": .unprovenSignature
        case "token-changed-after-reset": .unprovenChanged
        default: nil
        }
    }

    /// What happened, in one sentence, where the outcome alone does not say it.
    fileprivate var happened: Phrase? {
        switch outcome {
        case .restored: nil
        case .unblockedUnproven: unproven
        case .failed, .refused, .unknown:
            fault.flatMap { $0.code == .other ? nil : Problem.words($0.code).happened }
        }
    }
}

extension Phrase {
    /// The counter's words for one of the agent's steps.
    fileprivate init?(step: String) {
        switch step {
        case "connect": self = .stepConnect
        case "read": self = .stepIdentify
        case "record": self = .stepJournal
        case "unblock": self = .stepUnblocking
        case "verify": self = .stepVerify
        case "sign": self = .stepSign
        case "reset": self = .stepCompare
        default: return nil
        }
    }
}
