import StationInterface

// Permit, what was compared for it, result, and the list of restores.

extension Page {
    mutating func add(_ permit: Station.Permit) {
        title("Permit \(permit.restore)")
        field("case", permit.caseNumber)
        field("reader", permit.reader)
        field("token", "\(permit.deviceNumber), \(permit.model)")
        if let number = permit.matched { field("matched by", number) }
        if !permit.compared.isEmpty {
            field("compared by you", permit.compared.joined(separator: ", "), .warning)
        }
        if let holder = permit.holder { field("holder", holder) }
        if let organization = permit.organization { field("body", organization) }
        if let email = permit.email { field("e-mail", email) }
        field("PIN tries", Words.left(permit.pin.left, of: permit.pin.limit))
        field(
            "unblocking tries",
            Words.left(permit.unblockingCode.left, of: permit.unblockingCode.limit),
            permit.unblockingCode.left == 1 ? .warning : .plain)
        if let pad = permit.pad { add(pad) }
        field("new PIN", Words.rule(permit.pinRule))
        field(
            "unblocking code",
            permit.unblockingCodeRule.map { "\(permit.form), \(Words.rule($0))" } ?? permit.form)
        if permit.pinEachSignature { field("", "The key wants the PIN for each signature.") }
        if permit.touch { field("", "The key wants a touch: touch the token when it blinks.") }
        if let profile = permit.profile { field("profile", profile) }
        if !permit.rights.isEmpty {
            field("taken on by", "the right " + permit.rights.joined(separator: " and "), .warning)
        }
        field("good until", Words.moment(permit.expires))
    }

    /// Side by side: a line for the request, and one for what the token says.
    mutating func add(_ comparison: Station.Comparison) {
        for compared in comparison.fields where !compared.asked.isEmpty || !compared.held.isEmpty {
            let isOpen = comparison.toCompare.contains(compared.field)
            let tone: Tone =
                switch compared.verdict {
                case .equal: .good
                case .different: .bad
                case .near, .absent: isOpen ? .warning : .plain
                }
            let reason = compared.reason.map { " (\($0))" } ?? ""
            field(compared.field, compared.verdict.rawValue + reason, tone)
            field("", "request: " + (compared.asked.isEmpty ? "nothing" : compared.asked))
            field(
                "",
                "token:   "
                    + (compared.held.isEmpty ? "nothing" : compared.held.joined(separator: "; ")))
        }
        if !comparison.toCompare.isEmpty {
            field(
                "yours to decide",
                comparison.toCompare.map { "--compared " + $0 }.joined(separator: " "), .warning)
        }
    }

    mutating func add(_ challenge: Station.Challenge) {
        title("Challenge of \(challenge.deviceNumber)")
        field("family", challenge.family)
        field("way", challenge.form)
        field("challenge", challenge.challenge)
        field("session", challenge.session)
        field("issued", Words.moment(challenge.issued))
        field("good until", Words.moment(challenge.expires))
        field("", "Do not pull the token: its challenge dies with that.")
    }

    mutating func add(_ result: Station.Result) {
        title("Restore \(result.restore): \(Page.name(result))")
        field("token", result.deviceNumber.isEmpty ? "unknown" : result.deviceNumber)
        field("case", result.caseNumber)
        if result.outcome != .restored, !result.step.isEmpty { field("step", result.step) }
        if let reason = result.reason { field("reason", reason) }
        if let verdict = result.verdict { add(verdict) }
        add(
            Station.Account(
                step: "", pinSpent: result.pinSpent, unblockingSpent: result.unblockingSpent,
                pinLeft: result.pinLeft, unblockingLeft: result.unblockingLeft))
        if let sequence = result.journalSequence, let head = result.journalHead {
            field("journal", Words.receipt(sequence, head))
        }
        guard !result.message.isEmpty else { return }
        blank()
        text(result.message, Page.tone(result))
        if !result.next.isEmpty { text("Next: " + result.next) }
    }

    /// Tries spent and left, of both codes.
    mutating func add(_ account: Station.Account) {
        if !account.step.isEmpty { field("step", account.step) }
        field(
            "tries spent",
            "unblocking code \(Words.spent(account.unblockingSpent)), "
                + "PIN \(Words.spent(account.pinSpent))")
        field(
            "tries left",
            "unblocking code \(Words.left(account.unblockingLeft)), "
                + "PIN \(Words.left(account.pinLeft))")
    }

    mutating func add(_ restores: [Station.Result]) {
        guard !restores.isEmpty else { return text("No restore in this run, and none unclear.") }
        table(
            ["RESTORE", "CASE", "TOKEN", "STATE"],
            restores.map { result in
                [
                    (result.restore, .strong), (result.caseNumber, .plain),
                    (result.deviceNumber, .plain), (Page.name(result), Page.tone(result)),
                ]
            })
        for result in restores where result.outcome == .unknown {
            text("\(result.restore): \(result.message) \(result.next)", indent: 2)
        }
    }

    static func name(_ result: Station.Result) -> String {
        switch result.outcome {
        case .restored?: "restored"
        case .failed?: "failed"
        case .refused?: "refused"
        case .unblockedUnproven?: "unblocked, key not proven"
        case .unknown?: "its end is unknown"
        case nil: result.state.rawValue
        }
    }

    private static func tone(_ result: Station.Result) -> Tone {
        switch result.outcome {
        case .restored?: .good
        case .failed?, .refused?: .bad
        case .unblockedUnproven?, .unknown?: .warning
        case nil: result.state == .overdue ? .warning : .plain
        }
    }
}

extension ExitCode {
    init(_ result: Station.Result) {
        switch result.outcome {
        case .restored?: self = .good
        case .failed?, .refused?: self = .failed
        case .unblockedUnproven?, .unknown?, nil: self = .attention
        }
    }
}
