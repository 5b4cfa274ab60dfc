import StationInterface

extension Counter {
    /// The holder's screen: large, quiet, nothing of the staff's work on it.
    func drawKeyProof(_ proof: KeyProof, _ p: inout Painter) {
        p.gap()
        p.line(p.text(.proofTitle), .heading)
        p.gap()
        if let began = proof.began {
            p.line(p.text(.proofChecking), .strong)
            p.gap()
            p.clock(p.text(.progressElapsed, String((now - began) / 1_000)), .quiet)
            p.gap()
            if proof.isAtPad, let pad = proof.pad {
                p.paragraph(p.text(.proofAtPad, String(pad.seconds)), .strong, most: 3)
                p.gap()
            }
            p.paragraph(p.text(.progressTouch), .quiet, most: 2)
            return p.band(p.text(.proofHold), .training)
        }
        p.openPad()
        p.paragraph(p.text(.proofWhy))
        p.gap()
        p.line(p.text(.proofLabel), .strong)
        p.code(proof.facts, isFocused: awaiting == nil)
        drawLength(of: proof.facts, proof.subject.report.pinRule, &p)
        p.gap()
        if let left = proof.subject.report.pinTries {
            p.paragraph(
                p.text(.proofCosts, tries(left, of: proof.subject.report.pinLimit)), .strong)
        } else {
            p.paragraph(p.text(.proofCostsUnknown), .warning)
        }
    }

    func drawKeyProved(_ subject: Subject, _ checked: Station.KeyChecked, _ p: inout Painter) {
        let verdict = checked.verdict
        let isDoubtful = verdict.evidence.contains { $0.finding == .contradicted }
        let (mark, role, title): (String, Role, Phrase) =
            switch (verdict.proven, isDoubtful) {
            case (true, false): ("✓", .good, .provedTitle)
            case (true, true): ("!", .warning, .provedDoubtful)
            case (false, _): ("✗", .bad, .provedNot)
            }
        p.line(mark + " " + p.text(title), role)
        p.line("\(subject.request.holder) · \(subject.request.deviceNumber)", .quiet)
        p.paragraph(p.text(Phrase(grade: verdict.grade)), .strong, most: 2)
        drawEvidence(verdict.evidence, &p)
        p.pair(p.text(.spentLabel), words(subject.pinSpent), .strong, at: 24)
        p.pair(p.text(.triesLeft), p.text(.provedLeft, tries(checked.pinLeft)), at: 24)
        p.line(p.text(.labelDo), .quiet)
        let todo: Phrase =
            if !verdict.proven {
                .provedNotDo
            } else if isDoubtful {
                .provedDoubtfulDo
            } else if subject.request.found?.kind == "hand-over" {
                .provedHandOverDo
            } else {
                checked.completed ? .provedRestoreDo : .provedDo
            }
        p.paragraph(p.text(todo), .strong, indent: 2, most: 2)
    }

    private func words(_ spent: Spent) -> String {
        if spent.least == spent.most { return String(spent.most) }
        if spent.least == 0, spent.most == 1 { return Phrase.spentUnknown.text(language) }
        return "\(spent.least) – \(spent.most)"
    }

    /// Two in a line; what speaks against the key first.
    private func drawEvidence(_ evidence: [Station.Evidence], _ p: inout Painter) {
        let known = evidence.filter { Phrase(evidence: $0.item) != nil }
        let sorted =
            known.filter { $0.finding == .contradicted } + known.filter { $0.finding == .shown }
            + known.filter { $0.finding == .notShown }
        // Who hears the screen does not see its marks.
        guard p.telling == nil else {
            for item in sorted {
                let name = Phrase(evidence: item.item).map { p.text($0) } ?? ""
                p.line("\(name): " + p.text(item.finding.phrase))
            }
            return
        }
        let half = p.width / 2
        for i in stride(from: 0, to: sorted.count, by: 2) {
            p.pieces(
                sorted[i..<min(i + 2, sorted.count)].map { item in
                    let (mark, role): (String, Role) =
                        switch item.finding {
                        case .shown: ("✓ ", .good)
                        case .notShown: ("? ", .quiet)
                        case .contradicted: ("✗ ", .bad)
                        }
                    let name = Phrase(evidence: item.item).map { p.text($0) } ?? ""
                    return (padded(mark + name, half), role)
                })
        }
        p.line(p.text(.evidenceMarks), .quiet)
    }
}

extension Station.Evidence.Finding {
    fileprivate var phrase: Phrase {
        switch self {
        case .shown: .evidenceIsShown
        case .notShown: .evidenceIsNotShown
        case .contradicted: .evidenceIsContradicted
        }
    }
}

extension Phrase {
    /// How sure it is that the key is in the device alone, by the agent's word.
    fileprivate init(grade: String) {
        self =
            switch grade {
            case "attested": .gradeAttested
            case "device-says-generated": .gradeDevice
            case "personaliser-says": .gradePersonaliser
            case "possession": .gradePossession
            case "imported": .gradeImported
            default: .gradeNone
            }
    }

    fileprivate init?(evidence item: String) {
        switch item {
        case "possession": self = .evidencePossession
        case "origin": self = .evidenceOrigin
        case "attestation": self = .evidenceAttestation
        case "holder": self = .evidenceHolder
        case "validity": self = .evidenceValidity
        case "lifetime": self = .evidenceLifetime
        case "path": self = .evidencePath
        case "revocation": self = .evidenceRevocation
        case "seen-before": self = .evidenceSeen
        case "same-token": self = .evidenceSame
        case "timing": self = .evidenceTiming
        default: return nil
        }
    }
}
