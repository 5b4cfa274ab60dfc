import StationInterface

/// An act of an officer on a case, while it is filled in.
struct ActForm: Equatable, Sendable {
    /// The agent takes sixteen reasons; the usual ones are fewer.
    static let mostOwn = 6

    var found: Station.Case
    let act: CaseAct
    let options: [ActOption]
    /// Sentences that were typed, beside the usual ones.
    var own: [String] = []
    /// Places of what is chosen: the options', then those of `own`.
    var chosen: Set<Int> = []
    var text = TextField()
    var focus = 0
    /// It went out, and no answer has come.
    var isSent = false

    init(_ act: CaseAct, _ found: Station.Case) {
        self.act = act
        self.found = found
        options = ActOption.all(act, found)
    }

    enum Row: Equatable {
        case option(Int)
        case text
        case done
    }

    var rows: [Row] {
        (0..<options.count + own.count).map { .option($0) } + (act.takesText ? [.text] : [])
            + [.done]
    }

    var row: Row { rows[min(focus, rows.count - 1)] }

    mutating func go(to row: Row) { focus = rows.firstIndex(of: row) ?? focus }

    mutating func toggle(_ place: Int) {
        if !act.takesSeveral {
            chosen = [place]
        } else if chosen.remove(place) == nil {
            chosen.insert(place)
        }
    }

    /// What was typed becomes one of the reasons, and the field is free for another.
    mutating func keepText() {
        guard act.takesSeveral, !text.trimmed.isEmpty, own.count < ActForm.mostOwn else { return }
        own.append(text.trimmed)
        chosen.insert(options.count + own.count - 1)
        text = TextField()
        go(to: .text)
    }

    /// What is chosen and typed, in the order of the screen.
    var answers: [String] {
        chosen.sorted().map { place in
            place < options.count ? options[place].sent : own[place - options.count]
        }
    }

    /// The call that records it; nil while something is missing.
    var call: AgentCall? {
        let typed = text.trimmed
        let id = found.number
        switch act {
        case .record: return .recordCase(id)
        case .route: return answers.first.map { .routeCase(id, carrier: $0) }
        case .refuse:
            let reasons = answers + (typed.isEmpty ? [] : [typed])
            return reasons.isEmpty ? nil : .refuseCase(id, reasons: reasons)
        case .close:
            let reason = typed.isEmpty ? answers.first : typed
            return reason.map { .closeCase(id, reason: $0) }
        case .sendNotice:
            guard let to = answers.first, !typed.isEmpty else { return nil }
            return .sendNotice(id, to: to, reference: typed)
        }
    }
}

extension Counter {
    mutating func begin(_ act: CaseAct, _ view: CaseView) {
        if var draft = view.draft, draft.act == act {
            draft.found = view.found
            draft.isSent = false
            return show(.act(draft))
        }
        var form = ActForm(act, view.found)
        // Whom a notice goes to is known by the kind; reasons are nobody's guess.
        if act == .sendNotice { form.chosen = [0] }
        show(.act(form))
    }

    mutating func pressAct(_ key: Key, _ was: ActForm) {
        guard awaiting == nil else { return }
        var form = was
        let last = form.rows.count - 1
        switch (form.row, key) {
        case (_, .escape): return showCase(form.found, chosen: .act(form.act))
        case (_, .up), (_, .backTab): form.focus = max(form.focus - 1, 0)
        case (_, .down), (_, .tab): form.focus = min(form.focus + 1, last)
        case (_, .pageUp): form.focus = 0
        case (_, .pageDown): form.focus = last
        case (_, .choose(let number)) where form.rows.indices.contains(number):
            form.focus = number
        case (.option(let place), .enter), (.option(let place), .character(" ")):
            form.toggle(place)
            if !form.act.takesSeveral, key == .enter {
                form.go(to: form.act == .sendNotice ? .text : .done)
            }
        case (.text, .enter):
            if form.act.takesSeveral, !form.text.trimmed.isEmpty {
                form.keepText()
            } else {
                form.go(to: .done)
            }
        case (.text, _):
            guard form.text.edit(key, input) else { return }
            // One reason closes a case: what is typed, or what is chosen.
            if form.act == .close { form.chosen = [] }
        case (.done, .enter): return send(form)
        default: return
        }
        notice = nil
        screen = .act(form)
    }

    private mutating func send(_ was: ActForm) {
        var form = was
        guard let call = form.call else {
            notice = Sentence(form.act == .sendNotice ? .noticeFieldEmpty : .noticeChooseFirst)
            return
        }
        form.isSent = true
        notice = nil
        screen = .act(form)
        self.call(call)
    }

    mutating func answeredAct(_ reply: AgentReply, _ form: ActForm) {
        guard case .recorded(let receipt) = reply else { return }
        showCase(form.found, Sentence(form.act.done, String(receipt.journalSequence)))
    }

    mutating func failedAct(_ fault: AgentFault, _ was: ActForm) {
        var form = was
        form.isSent = false
        screen = .act(form)
        let isUnproven =
            fault.code == .actRefused && form.act == .record && form.found.kind == "hand-over"
        notice = Sentence(isUnproven ? .noticeProveFirst : Problem.words(fault.code).happened)
    }

    /// The agent is there again, or an officer has signed in.
    mutating func resume(_ form: ActForm, _ notice: Sentence?) {
        guard form.isSent else { return show(.act(form), notice) }
        showCase(form.found, Sentence(.noticeActUnclear), draft: form)
    }
}
