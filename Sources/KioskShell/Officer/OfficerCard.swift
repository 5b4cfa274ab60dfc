extension Counter {
    func drawOfficer(_ proof: OfficerProof, _ p: inout Painter) {
        switch proof.purpose {
        case .signIn: p.line(p.text(.officerTitle), .heading)
        case .approve(_, let act):
            p.line(p.text(.approvalTitle), .heading)
            for line in (act ?? "").split(separator: "\n").prefix(8) {
                p.line(String(line), .quiet, indent: 2)
            }
        }
        p.gap()
        switch proof.stage {
        case .list: drawOfficers(proof, &p)
        case .password(let facts):
            p.line(p.text(.officerPassword, proof.officer?.name ?? ""), .strong)
            drawProof(facts, &p)
        case .token(nil, _): p.paragraph(p.text(.officerInsertToken), .strong, most: 3)
        case .token(let reader?, let facts):
            p.openPad()
            p.paragraph(p.text(.officerPIN, reader), .strong, most: 2)
            drawProof(facts, &p)
            p.gap()
            p.paragraph(p.text(.officerPINCosts), .quiet, most: 2)
        }
    }

    private func drawOfficers(_ proof: OfficerProof, _ p: inout Painter) {
        p.paragraph(p.text(.officerWho))
        p.gap()
        let room = max(p.rowsLeft - 1, 1)
        let first = min(max(proof.chosen - room + 1, 0), max(proof.officers.count - room, 0))
        let top = p.row
        for (i, officer) in proof.officers.enumerated().dropFirst(first).prefix(room) {
            let text = "  \(officer.name) (\(officer.id))"
            p.line(padded(text, p.width), i == proof.chosen ? .chosen : .text)
            p.touch(from: p.row - 1, i == proof.chosen ? .enter : .choose(i))
        }
        p.wheel(from: top)
        guard proof.officers.isEmpty else { return }
        if awaiting == nil {
            p.paragraph(p.text(.noticeNoOfficers), .warning)
        } else {
            p.line(p.text(.officerLooking), .quiet)
        }
    }

    private func drawProof(_ facts: CodeFacts, _ p: inout Painter) {
        p.code(facts, isFocused: awaiting == nil)
        if awaiting != nil { p.line(p.text(.officerChecking), .quiet) }
    }
}
