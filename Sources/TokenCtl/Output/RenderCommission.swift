import StationInterface

// What a commissioning is about to do, and what it did.

extension Page {
    mutating func add(_ decision: CommissionDecision, _ token: Station.Token, _ file: String) {
        title("Commissioning of \(token.model)")
        text(
            "This token will be blocked on purpose. Take one that may be lost, and nobody's: where "
                + "something goes wrong it stays blocked.", .warning)
        for way in decision.ways {
            field(
                way.form,
                "up to \(Words.counted(decision.wrongPINs, "wrong PIN", "wrong PINs")) until it is "
                    + "locked; the unblocking code once; the PIN once, and signatures; a cold "
                    + "reset" + (way.setsNewPIN ? "" : "; the old PIN stays"))
        }
        field("profile", decision.name)
        field("file", file)
        text("^C stops it before its next code.")
    }

    mutating func add(_ step: Station.CommissionStep) {
        let what =
            switch step.step {
            case .block: "block"
            case .unblock: "unblock (\(step.form))"
            case .prove: "prove"
            }
        field(
            what,
            "\(step.outcome.rawValue): "
                + Words.counted(step.sent, "code", "codes") + " sent, tries spent "
                + Words.spent(step.spent) + "; PIN tries " + Words.left(step.pinBefore) + " to "
                + Words.left(step.pinAfter) + ", unblocking tries "
                + Words.left(step.unblockingBefore) + " to " + Words.left(step.unblockingAfter),
            step.outcome == .done ? .plain : .warning)
    }

    mutating func add(_ result: Station.CommissionResult, file: String) {
        blank()
        title("Commissioned \(result.commission)")
        field(
            "tries spent",
            "unblocking code \(Words.spent(result.unblockingSpent)), "
                + "PIN \(Words.spent(result.pinSpent))")
        if let least = result.times.min(), let most = result.times.max() {
            field(
                "signatures",
                "\(result.times.count), in \(Words.milliseconds(least)) to "
                    + "\(Words.milliseconds(most)) ms")
        }
        if let profile = result.profile {
            field("profile", file)
            field("SHA-256", Words.short(profile.sha256))
            field("journal", Words.receipt(profile.journalSequence, profile.journalHead))
        }
        blank()
        text(result.message, .good)
        if !result.next.isEmpty { text("Next: " + result.next) }
    }
}
