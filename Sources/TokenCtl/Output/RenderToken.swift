import StationInterface

// What a token says of itself, and what its key check came to.

extension Page {
    mutating func add(_ token: Station.Token) {
        title("Token in \(token.reader)")
        field("family", token.family)
        field("model", token.model)
        if let profile = token.profile {
            field("profile", "\(profile.name), \(profile.state.rawValue)", Page.tone(profile.state))
            field("", profile.said, .quiet)
        } else {
            field("profile", "none")
        }
        field("serial", token.serial ?? "none shown")
        if let guid = token.guid { field("GUID", guid) }
        let others = token.deviceNumbers.filter { $0 != token.serial && $0 != token.guid }
        if !others.isEmpty { field("other numbers", others.joined(separator: ", ")) }
        field("locked", Words.yes(token.locked), token.locked == true ? .warning : .plain)
        field(
            "PIN tries", Words.left(token.pin.left, of: token.pin.limit),
            token.pin.left == 0 ? .warning : .plain)
        field(
            "unblocking tries",
            Words.left(token.unblockingCode.left, of: token.unblockingCode.limit),
            token.unblockingCode.left == 0 ? .bad : .plain)
        field("PIN rule", Words.rule(token.pinRule))
        if let rule = token.unblockingCodeRule { field("unblocking rule", Words.rule(rule)) }
        for way in token.ways { add(way) }
        if let pad = token.pad {
            add(pad)
        } else {
            field("reader's pad", "none that can be used")
        }
        switch token.help {
        case .possible: field("can be helped", "yes", .good)
        case .notLocked: field("can be helped", "not locked; yes, if the PIN was forgotten")
        case .impossible: field("can be helped", "no", .bad)
        }
        if !token.reasons.isEmpty { field("reasons", token.reasons.joined(separator: ", ")) }
        if !token.advice.isEmpty { field("", token.advice) }
        for certificate in token.certificates {
            blank()
            add(certificate)
        }
        if token.certificates.isEmpty {
            blank()
            text("The token holds no certificate that can be read.")
        }
    }

    private mutating func add(_ way: Station.UnblockingWay) {
        var text = way.form
        if let obstacle = way.obstacle {
            text += ", impossible: " + obstacle
        } else {
            text += ", tries " + Words.left(way.counter.left, of: way.counter.limit)
            if !way.setsNewPIN { text += ", the old PIN stays" }
        }
        field("way to unblock", text, way.obstacle == nil ? .plain : .warning)
    }

    mutating func add(_ pad: Station.Pad) {
        field(
            "reader's pad",
            (pad.unblock ? "takes the PIN and unblocks" : "takes the PIN, does not unblock")
                + ", \(pad.seconds) s a code")
    }

    private mutating func add(_ certificate: Station.Certificate) {
        title("Certificate in slot \(certificate.slot)")
        if let name = certificate.commonName { field("holder", name) }
        if let organization = certificate.organization { field("body", organization) }
        if let email = certificate.email { field("e-mail", email) }
        field("subject", certificate.subject)
        field("issuer", certificate.issuer)
        field("serial number", certificate.serialNumber)
        let (from, to) = (certificate.notBefore, certificate.notAfter)
        field("valid", "\(Words.moment(from)) to \(Words.moment(to))")
        field("key", certificate.key)
        field("SHA-256", certificate.sha256)
    }

    mutating func add(_ verdict: Station.Verdict) {
        field(
            "key", verdict.proven ? "proven to be in the device" : "NOT proven",
            verdict.proven ? .good : .bad)
        field("grade", verdict.grade)
        field("slot", "\(verdict.slot), \(verdict.algorithm)")
        field("certificate", verdict.certificateSHA256)
        for evidence in verdict.evidence {
            let finding =
                switch evidence.finding {
                case .shown: "shown"
                case .notShown: "not shown"
                case .contradicted: "CONTRADICTED"
                }
            field(
                evidence.item, "\(finding): \(evidence.how)",
                evidence.finding == .contradicted ? .bad : .plain, indent: 4)
        }
    }

    mutating func add(_ step: Station.Step) {
        let took = step.timeMicroseconds.map { Words.time(microseconds: $0) } ?? ""
        var line = TextLine()
        line.add("  " + step.name + blanks(19 - step.name.count))
        line.add(blanks(9 - took.count) + took)
        switch step.state {
        case .done: break
        case .running: line.add("  running", .quiet)
        case .failed: line.add("  failed", .bad)
        case .overdue: line.add("  over its time, still out", .warning)
        }
        self.line(line)
    }

    mutating func add(_ checked: Station.KeyChecked) {
        title("Token \(checked.deviceNumber)")
        add(checked.verdict)
        if let timing = checked.timing { add(timing) }
        field("PIN tries spent", Words.spent(checked.pinSpent))
        field("PIN tries left", Words.left(checked.pinLeft))
        if checked.completed { field("restore", "completed by this check", .good) }
        field("journal", Words.receipt(checked.journalSequence, checked.journalHead))
        for step in checked.steps { add(step) }
        blank()
        text(checked.message, checked.verdict.proven ? .good : .bad)
        text("Next: " + checked.next)
    }
}
