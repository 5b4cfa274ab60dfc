import Requests
import StationInterface

extension Counter {
    func drawRequest(_ draft: RequestDraft, _ p: inout Painter) {
        let pages = draft.pages
        p.pieces([
            (p.text(draft.completes == nil ? .requestTitle : .requestCompleting), .heading),
            (" · \(p.text(.requestPage, String(draft.page + 1), String(pages.count)))", .quiet),
        ])
        switch draft.here {
        case .paper: p.line(p.text(.requestPaper), .strong)
        case .contact: p.line(p.text(.requestContact), .strong)
        case .device(let i):
            p.line(p.text(.requestDevice, String(i + 1), String(draft.devices)), .strong)
        case .report: p.line(p.text(.requestReport), .strong)
        case .summary: return drawSummary(draft, &p)
        }
        let entries = draft.entries(of: draft.here)
        // A line of air between them where the screen has it.
        let airy = p.rowsLeft >= entries.count * 3
        for (i, entry) in entries.enumerated() {
            let top = p.row
            drawEntry(entry, draft, &p)
            p.touch(from: top, .choose(i))
            if airy { p.gap() }
        }
    }

    private func drawEntry(_ entry: RequestDraft.Entry, _ draft: RequestDraft, _ p: inout Painter) {
        let column = 27
        let isFocused = draft.entry == entry
        let label = entry.label.map { p.text($0) } ?? ""
        let room = p.width - column
        switch entry {
        case .kind, .returnReason:
            let words =
                entry == .kind
                ? draft.kind.words(language)
                : draft.isRevoked.map { p.text($0 ? .returnRevoked : .returnExpired) } ?? "—"
            p.labelled(label, "◂ \(words) ▸", at: column, width: room, cursor: nil, isFocused)
        default:
            let window = draft[entry].window(room - 2)
            p.labelled(
                label, window.text, at: column, width: room,
                cursor: isFocused ? window.cursor : nil, isFocused)
        }
        let (words, role) = under(entry, draft)
        p.line(words, role, indent: column)
    }

    /// What was found in the entry, else what it looks like where that has to be said.
    private func under(_ entry: RequestDraft.Entry, _ draft: RequestDraft) -> (String, Role) {
        if draft.unreadable.contains(entry) {
            return ("✗ " + Phrase.findingDateForm.text(language), .bad)
        }
        if let found = draft.found(in: entry) {
            // Nobody is told of gaps in what has not been reached yet.
            if found.rule != "missing" || draft.isGap(entry) {
                return (
                    (found.mustComplete ? "✗ " : "! ") + found.words(language),
                    found.mustComplete ? .bad : .warning
                )
            }
        }
        switch entry {
        case .received: return (Phrase.hintLocalTime.text(language), .quiet)
        case .noticed, .contact(.issuedOn): return (Phrase.hintDate.text(language), .quiet)
        default: return ("", .quiet)
        }
    }

    private func drawSummary(_ draft: RequestDraft, _ p: inout Painter) {
        let column = 27
        p.pair(p.text(.requestKind), draft.kind.words(language), at: column)
        p.pair(p.text(.fieldRequestNumber), draft[.number].trimmed, at: column)
        p.pair(p.text(.requestBody), draft[.managingBody].trimmed, at: column)
        p.pair(p.text(.rowContact), draft[.contact(.name)].trimmed, at: column)
        p.pair(p.text(.requestDevices), String(draft.devices), at: column)
        p.gap()
        guard draft.checked == draft.form, let findings = draft.findings, awaiting == nil else {
            return p.line(p.text(.officerChecking), .quiet)
        }
        let open = draft.mustComplete.count
        p.line(
            open == 0 ? "✓ " + p.text(.requestValid) : "✗ " + p.text(.requestOpen, String(open)),
            open == 0 ? .good : .bad)
        let sorted = draft.mustComplete + findings.filter { !$0.mustComplete }
        var told = 0
        for finding in sorted where p.rowsLeft > 2 {
            let mark = finding.mustComplete ? "✗ " : "! "
            p.paragraph(
                mark + finding.place(language) + ": " + finding.words(language),
                finding.mustComplete ? .bad : .quiet, indent: 2, most: 2)
            told += 1
        }
        if sorted.count > told {
            p.line(p.text(.requestMore, String(sorted.count - told)), .quiet)
        }
    }

    func drawTaken(_ taken: Taken, _ p: inout Painter) {
        let title: Phrase = taken.wasKnown ? .takenKnown : .takenTitle
        p.line("✓ " + p.text(title, taken.request), taken.wasKnown ? .warning : .good)
        p.gap()
        guard let shown = taken.shown else { return p.line(p.text(.casesLoading), .quiet) }
        if shown.validSince == nil { p.paragraph(p.text(.takenIncomplete), .warning, most: 2) }
        let room = max((p.rowsLeft - 1) / 2, 1)
        let rows = taken.chosen.rowsAround(room, of: taken.cases.count)
        let top = p.row
        for i in rows { drawCase(taken.cases[i], at: i, isChosen: i == taken.chosen.place, &p) }
        p.wheel(from: top)
        let hidden = taken.cases.count - rows.upperBound
        if hidden > 0 { p.line("  " + p.text(.casesMore, String(hidden)), .quiet) }
    }
}

extension RequestDraft.Kind {
    func words(_ language: Language) -> String {
        switch self {
        case .restore: Phrase.kindRestore.text(language)
        case .handOver: Phrase.kindHandOver.text(language)
        case .takeBack: Phrase.kindReturn.text(language)
        case .lost: Phrase.kindLost.text(language)
        case .misuse: Phrase.kindMisuse.text(language)
        }
    }
}

extension RequestDraft.Entry {
    /// By the numbers of Mẫu 06 where it has them.
    var label: Phrase? {
        switch self {
        case .kind: .requestKind
        case .number: .fieldRequestNumber
        case .managingBody: .requestBody
        case .received: .requestReceived
        case .permission: .requestPermission
        case .returnReason: .requestReturnReason
        case .noticed: .requestNoticed
        case .report(0): .requestHappened
        case .report: nil
        case .contact(let field):
            switch field {
            case .name: .contactName
            case .personalNumber: .contactPersonalNumber
            case .issuedOn: .contactIssuedOn
            case .issuedAt: .contactIssuedAt
            case .position: .contactPosition
            case .workplace: .contactWorkplace
            case .mobile: .contactMobile
            }
        case .device(_, let column):
            switch column {
            case .deviceNumber: .deviceNumberLabel
            case .certificateName: .deviceCertificateName
            case .workplace: .deviceWorkplace
            case .mail: .deviceMail
            case .certificateSerial: .deviceCertificateSerial
            }
        }
    }
}

extension Station.IntakeFinding {
    /// What was found, in the counter's words; the agent's own, and marked as such, for a rule of
    /// a later agent.
    func words(_ language: Language) -> String {
        guard let rule = RequestRule(rawValue: rule) else {
            return Phrase.labelDetail.text(language) + ": " + message
        }
        return rule.phrase.text(language)
    }

    /// Where: the field's label, and its row.
    func place(_ language: Language) -> String {
        if let row {
            let entry = RequestDraft.Column.allCases.map { RequestDraft.Entry.device(row, $0) }
                .first { $0.field == field }
            let label = entry?.label?.text(language) ?? field
            return Phrase.requestRow.text(language, [String(row + 1)]) + ", " + label
        }
        let known: [RequestDraft.Entry] = [
            .number, .managingBody, .received, .permission, .returnReason, .noticed, .report(0),
        ]
        let entry =
            known.first { $0.field == field }
            ?? RequestDraft.Contact.allCases.map { .contact($0) }.first { $0.field == field }
        return entry?.label?.text(language) ?? field
    }
}

extension RequestRule {
    /// What was found, in the counter's words.
    var phrase: Phrase {
        switch self {
        case .missing: .findingMissing
        case .permission: .findingPermission
        case .personalNumber: .findingPersonalNumber
        case .dateForm: .findingDateForm
        case .dateImpossible: .findingDateImpossible
        case .dateInFuture: .findingDateFuture
        case .mobile: .findingMobile
        case .contactElsewhere: .findingContactElsewhere
        case .deviceForm: .findingDeviceForm
        case .deviceUnusual: .findingDeviceUnusual
        case .deviceTwice: .findingDeviceTwice
        case .deviceOpen: .findingDeviceOpen
        case .mailForm: .findingMailForm
        case .mailPrivate: .findingMailPrivate
        case .mailNotOffice: .findingMailNotOffice
        case .tooManyDevices: .noticeMostDevices
        case .bodyRenamed: .findingBodyRenamed
        case .bodySeveral: .findingBodySeveral
        case .receivedInFuture: .findingReceivedFuture
        case .hiddenCharacter: .findingHiddenCharacter
        case .looseMark: .findingLooseMark
        case .tooLong: .findingTooLong
        }
    }
}
