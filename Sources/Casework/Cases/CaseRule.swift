/// What is done with a case.
package enum CaseAct: String, Equatable, Hashable, Sendable, CaseIterable {
    case complete
    case refuse
    case route
    case record
    /// The notice to a body, the Cục or an authority has gone.
    case sendNotice = "send-notice"
    case close
    case begin
    case intend
    case end
    case resolve
    case prove
}

/// Who does it.
package enum CaseMover: String, Equatable, Hashable, Sendable {
    /// An officer at the counter.
    case officer
    /// The station's own procedures.
    case station
}

/// What is printed when it is done.
package enum CasePaper: String, Equatable, Hashable, Sendable, CaseIterable {
    /// Giấy tiếp nhận, with the due date.
    case receptionSlip = "reception-slip"
    /// What is missing, for the body to complete.
    case completionRequest = "completion-request"
    case restoreNotice = "restore-notice"
    case refusal
    /// To the Cục: no PKI token.
    case routingLetter = "routing-letter"
    case handOverRecord = "hand-over-record"
    case form07 = "form-07"
    case form08 = "form-08"
    case form09 = "form-09"
    case misuseRecord = "misuse-record"
    /// For who takes the device away.
    case receipt
}

/// One row of the table of what may be done with a case, by whom, what it comes to and what is
/// printed. What is in no row cannot happen.
package struct CaseRule: Equatable, Sendable {
    package let act: CaseAct
    package let kinds: [CaseKind]
    package let from: [CaseStage]
    /// What the case may come to.
    package let to: [CaseStage]
    package let mover: CaseMover
    package let papers: [CasePaper]

    private init(
        _ act: CaseAct, _ kinds: [CaseKind], from: [CaseStage], to: [CaseStage],
        by mover: CaseMover = .officer, papers: [CasePaper] = []
    ) {
        self.act = act
        self.kinds = kinds
        self.from = from
        self.to = to
        self.mover = mover
        self.papers = papers
    }

    private static let every = CaseKind.allCases
    private static let reported: [CaseKind] = [.handOver, .takeBack, .lost, .misuse]

    package static let table: [CaseRule] = [
        CaseRule(
            .complete, every, from: [.incomplete], to: [.open, .incomplete],
            papers: [.receptionSlip]),
        CaseRule(.refuse, every, from: [.incomplete], to: [.refused], papers: [.refusal]),
        CaseRule(
            .refuse, [.restore], from: [.open, .refused, .failed], to: [.refused],
            papers: [.refusal]),
        CaseRule(.refuse, reported, from: [.open], to: [.refused], papers: [.refusal]),
        CaseRule(
            .route, [.restore], from: [.incomplete, .open], to: [.routed], papers: [.routingLetter]),
        CaseRule(
            .record, [.handOver], from: [.open], to: [.recorded],
            papers: [.handOverRecord, .form07]),
        CaseRule(.record, [.takeBack], from: [.open], to: [.recorded], papers: [.form08]),
        CaseRule(.record, [.lost], from: [.open], to: [.recorded], papers: [.form09]),
        CaseRule(.record, [.misuse], from: [.open], to: [.recorded], papers: [.misuseRecord]),
        CaseRule(.sendNotice, reported, from: [.recorded, .sent], to: [.sent]),
        CaseRule(
            .sendNotice, [.restore], from: [.restored, .unblockedUnproven, .refused, .routed],
            to: [.restored, .unblockedUnproven, .refused, .routed]),
        CaseRule(
            .close, every, from: CaseStage.allCases.filter { $0 != .inProgress && $0 != .closed },
            to: [.closed]),

        // A refused restore may be tried again, as after a token that was not the right one; an
        // unproven one too, as when the holder has forgotten the new PIN.
        CaseRule(
            .begin, [.restore], from: [.open, .refused, .failed, .unblockedUnproven],
            to: [.inProgress], by: .station),
        // An end that sent nothing brings a case back to where it stood.
        CaseRule(.intend, [.restore], from: [.inProgress], to: [.inProgress], by: .station),
        CaseRule(
            .end, [.restore], from: [.inProgress], to: [.restored, .unblockedUnproven],
            by: .station, papers: [.restoreNotice, .receipt]),
        CaseRule(
            .end, [.restore], from: [.inProgress],
            to: [.open, .refused, .failed, .unblockedUnproven, .unknown], by: .station),
        CaseRule(
            .resolve, [.restore], from: [.unknown],
            to: [.open, .failed, .unblockedUnproven, .restored, .unknown], by: .station),
        // What is learned later about a restore is on record, and changes nothing in a case that
        // is closed.
        CaseRule(.resolve, [.restore], from: [.closed], to: [.closed], by: .station),
        CaseRule(.prove, [.restore], from: [.unblockedUnproven], to: [.restored], by: .station),
    ]

    /// The row for an act on a case of this kind in this state.
    static func of(_ act: CaseAct, _ kind: CaseKind, _ stage: CaseStage) -> CaseRule? {
        let index = places[place(act, kind, stage)]
        return index < 0 ? nil : table[Int(index)]
    }

    /// The place in `places` by the byte that each of the three is to the compiler.
    private static func place(_ act: CaseAct, _ kind: CaseKind, _ stage: CaseStage) -> Int {
        func byte(_ value: some CaseIterable) -> Int {
            withUnsafeBytes(of: value) { Int($0[0] & 15) }
        }
        return byte(act) << 8 | byte(kind) << 4 | byte(stage)
    }

    /// Numbers of rows, or -1: a start asks for each line of a journal.
    private static let places: [Int8] = {
        var places = [Int8](repeating: -1, count: 16 * 16 * 16)
        for (index, rule) in table.enumerated() {
            for kind in rule.kinds {
                for stage in rule.from {
                    let place = place(rule.act, kind, stage)
                    if places[place] < 0 { places[place] = Int8(index) }
                }
            }
        }
        return places
    }()

    /// What can be printed for a case as it stands: what its reception printed, and what the acts
    /// print that lead to where it is.
    package static func papers(_ kind: CaseKind, _ stage: CaseStage) -> [CasePaper] {
        var papers: [CasePaper] = stage == .incomplete ? [.completionRequest] : [.receptionSlip]
        for rule in table where rule.kinds.contains(kind) && rule.to.contains(stage) {
            for paper in rule.papers where !papers.contains(paper) { papers.append(paper) }
        }
        // The notice has gone, the record stays to be shown.
        if stage == .sent {
            return papers + table.filter { $0.act == .record && $0.kinds == [kind] }
                .flatMap(\.papers)
        }
        return stage == .incomplete ? papers.filter { $0 != .receptionSlip } : papers
    }

    /// What people may do with a case now.
    package static func acts(_ kind: CaseKind, _ stage: CaseStage) -> [CaseAct] {
        var acts: [CaseAct] = []
        for rule in table
        where rule.mover == .officer && rule.kinds.contains(kind) && rule.from.contains(stage)
            && !acts.contains(rule.act)
        {
            acts.append(rule.act)
        }
        return acts
    }
}
