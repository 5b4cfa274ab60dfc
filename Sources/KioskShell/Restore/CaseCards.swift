// The cards of the first two steps: the service, the request, the token.
extension Counter {
    func drawCard(_ p: inout Painter) {
        switch screen {
        case .connecting(let loss, _, _, let resume): drawConnecting(loss, resume, &p)
        case .home(let home): drawHome(home, &p)
        case .officer(let proof): drawOfficer(proof, &p)
        case .cases(let list): drawCaseList(list, &p)
        case .caseView(let view): drawCaseView(view, &p)
        case .history(let view): drawHistory(view, &p)
        case .act(let form): drawAct(form, &p)
        case .paper(let view): drawPaper(view, &p)
        case .keyProof(let proof): drawKeyProof(proof, &p)
        case .keyProved(let subject, let checked): drawKeyProved(subject, checked, &p)
        case .technician(let view): drawTechnician(view, &p)
        case .request(let draft): drawRequest(draft, &p)
        case .files(let list): drawFiles(list, &p)
        case .intake(let intake): drawIntake(intake, &p)
        case .taken(let taken): drawTaken(taken, &p)
        case .form(let form): drawForm(form, &p)
        case .waiting(let request, let holdOff, let chosen):
            drawWaiting(request, holdOff, chosen, &p)
        case .reading(let request, let reader): drawReading(request, reader, &p)
        case .identity(let subject): drawIdentity(subject, &p)
        case .help(let subject): drawHelp(subject, &p)
        case .unblockingCode(let session): drawUnblockingCode(session, &p)
        case .newPIN(let session): drawNewPIN(session, &p)
        case .turnBack(let back): drawTurnBack(back, &p)
        case .progress(let session, let progress): drawProgress(session, progress, &p)
        case .result(let session, let result): drawResult(session, result, &p)
        case .problem(let problem, let back, _): drawProblem(problem, back, &p)
        }
    }

    private func drawConnecting(_ loss: AgentLoss?, _ resume: Resume, _ p: inout Painter) {
        p.gap(2)
        guard let loss else { return p.line(p.text(.connectingNow), .heading) }
        p.line(p.text(.connectingTitle), .heading)
        p.gap()
        p.paragraph(p.text(loss.phrase), .strong)
        p.gap()
        p.paragraph(p.text(.connectingRetries))
        p.gap()
        switch resume {
        case .restore: p.paragraph(p.text(.connectingRestore), .warning)
        case .proof: p.paragraph(p.text(.connectingProof), .warning)
        default: p.paragraph(p.text(.connectingSafe))
        }
        p.gap()
        p.paragraph(p.text(.connectingDo), .quiet)
    }

    private func drawForm(_ form: CaseForm, _ p: inout Painter) {
        p.line(p.text(.formTitle), .heading)
        p.line(p.text(awaiting == nil ? .formHint : .formSaving), .quiet)
        for field in CaseForm.Field.allCases {
            p.gap()
            let top = p.row
            let missing = form.checked && form[field].trimmed.isEmpty
            p.pieces([
                (p.text(field.label), form.focus == field ? .strong : .text),
                (missing ? "  ✗ " + p.text(.formMissing) : "", .bad),
            ])
            let width = min(p.width, 66)
            let window = form[field].window(width - 2)
            p.field(
                window.text, width: width,
                cursor: form.focus == field && awaiting == nil ? window.cursor : nil)
            p.touch(from: top, .choose(field.rawValue))
        }
    }

    private func drawWaiting(
        _ request: CaseRow, _ holdOff: HoldOff?, _ chosen: Int, _ p: inout Painter
    ) {
        p.line(p.text(.waitingTitle), .heading)
        p.line(p.text(.waitingFor, request.requestNumber, request.deviceNumber), .quiet)
        p.gap()
        if readers.isEmpty {
            p.paragraph(p.text(.waitingNoReader))
        } else {
            p.line(p.text(.waitingReaders), .strong)
            let ready = readers.filter { $0.state == .present }
            for reader in readers.prefix(6) {
                let picked = ready.count > 1 && chosen < ready.count && ready[chosen] == reader
                let top = p.row
                drawReader(reader, picked: picked, &p)
                guard let place = ready.firstIndex(of: reader) else { continue }
                p.touch(from: top, picked || ready.count == 1 ? .enter : .choose(place))
            }
            p.gap()
            if ready.count > 1 {
                p.paragraph(p.text(.waitingSeveral))
            } else if holdOff != nil, !ready.isEmpty {
                p.paragraph(p.text(.waitingHeld))
            }
        }
        p.gap()
        p.paragraph(p.text(.waitingReads), .quiet)
    }

    private func drawReader(_ reader: ReaderStatus, picked: Bool, _ p: inout Painter) {
        let mark = reader.state == .present ? "●" : "○"
        let role: Role
        switch reader.state {
        case .present: role = .good
        case .empty: role = .text
        case .busy: role = .warning
        case .mute, .stuck, .unavailable: role = .bad
        }
        let half = p.width * 55 / 100
        let name = padded("  \(mark) \(reader.name)", half)
        p.pieces([
            (name, picked ? .chosen : .text), (" " + reader.words(language), role),
        ])
    }

    private func drawReading(_ request: CaseRow, _ reader: String, _ p: inout Painter) {
        p.gap(2)
        p.line(p.text(.readingTitle), .heading)
        p.line(p.text(.waitingFor, request.requestNumber, request.deviceNumber), .quiet)
        p.gap()
        p.line(reader)
        p.gap()
        p.line(p.text(.readingHint), .quiet)
    }

    private func drawProblem(_ problem: Problem, _ back: Resume, _ p: inout Painter) {
        p.line(p.text(back.problemTitle), .heading)
        let parts: [(Phrase, Sentence, Role)] = [
            (.labelHappened, problem.happened, .strong), (.labelMeans, problem.means, .text),
            (.labelDo, problem.todo, .strong),
        ]
        for (label, sentence, role) in parts {
            p.gap()
            p.line(p.text(label), .quiet)
            p.paragraph(sentence.text(language), role, indent: 2, most: 2)
        }
        guard !problem.detail.isEmpty else { return }
        p.gap()
        p.paragraph("\(p.text(.labelDetail)): \(problem.detail)", .quiet, most: 2)
    }
}

/// `text` cut or filled with spaces to exactly `width` columns.
func padded(_ text: String, _ width: Int) -> String {
    var result = Composition.composed(text)
    var columns = CharacterWidth.of(result)
    if columns > width {
        while columns > width - 1, let last = result.popLast() {
            columns -= CharacterWidth.of(String(last))
        }
        result += "…"
        columns += 1
    }
    return result + String(repeating: " ", count: max(width - columns, 0))
}

extension AgentLoss {
    fileprivate var phrase: Phrase {
        switch self {
        case .absent: .lossAbsent
        case .refused: .lossRefused
        case .foreign: .lossForeign
        case .hungUp: .lossHungUp
        }
    }
}

extension CaseForm.Field {
    fileprivate var label: Phrase {
        switch self {
        case .requestNumber: .fieldRequestNumber
        case .managingBody: .fieldManagingBody
        case .holder: .fieldHolder
        case .deviceNumber: .fieldDeviceNumber
        }
    }
}

extension Resume {
    /// What cannot go on where something went wrong on the way back to here.
    fileprivate var problemTitle: Phrase {
        switch self {
        case .request(let request), .proof(let request):
            if !request.provesKey {
                .problemRestore
            } else if request.found?.kind == "hand-over" {
                .problemHandOver
            } else {
                .problemProof
            }
        case .restore: .problemRestore
        case .home, .cases, .caseView, .act, .form, .draft, .intake: .problemTitle
        }
    }
}
