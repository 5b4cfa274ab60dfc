import Casework
import Testing

/// What a case's lines say, read back from the file.
@Suite struct HistoryTests {
    private let folder = TemporaryFolder()

    private func book() throws -> CaseBook { try CaseBook(in: folder.path, mode: .training) }

    private static let unproven = RestoreEnd(
        restore: "r1", outcome: .unblockedUnproven, triesSpent: .between(0, 1),
        pinTriesSpent: .exactly(1), reasons: ["pulled"])
    private static let notProven = KeycheckEnd(
        serial: "23130042", isProven: false, triesSpent: .exactly(1), reasons: ["pin-wrong"])
    private static let intent = KeycheckIntent(
        serial: "23130042", counters: TokenFacts.sample.counters, compared: ["body:alias"])

    /// Events of one case, and of each: outcome, reasons, tries of code and PIN, addressee,
    /// restore.
    private static let told: [(event: CaseEvent, words: String)] = [
        (.restoreBegun(.sample()), "restore.begun - [] - - - r1"),
        (.restoreIntent(.sample()), "restore.intent - [] - - - r1"),
        (.restoreOutcome(unproven), "restore.outcome unblocked-unproven [pulled] 0..1 1 - r1"),
        (.keycheckIntent(intent), "keycheck.intent - [body:alias] - - -"),
        (.keycheckOutcome(notProven), "keycheck.outcome not-proven [pin-wrong] - 1 -"),
        (
            .noticeSent(.managingBody, reference: "45/SKHCN"),
            "case.notice-sent - [] - - managing-body"
        ),
        (.closed(reason: "done"), "case.closed - [] - - -"),
    ]

    private func words(_ one: CaseHappening) -> String {
        let unblocking = one.unblockingSpent.map { "\($0)" } ?? "-"
        let pin = one.pinSpent.map { "\($0)" } ?? "-"
        let outcome = one.outcome ?? "-"
        let reasons = one.reasons.joined(separator: " ")
        return "\(one.kind.rawValue) \(outcome) [\(reasons)] \(unblocking) \(pin) "
            + (one.addressee ?? "-") + (one.restore.map { " \($0)" } ?? "")
    }

    /// A case with all of them, a stranger's lines between, and what only mentions it.
    private func lived(_ book: CaseBook) throws -> CaseID {
        let id = try book.open(.sample, who: officer).file.id
        _ = try book.mention(.restoreRefused, case: id, who: officer) {
            $0.put(.reasons, ["last-try"])
        }
        for (event, _) in Self.told {
            try book.record(event, case: id, who: officer)
            _ = try book.open(.sample, who: officer)
        }
        _ = try book.mention(.restoreApproved, case: id, who: officer) { $0.put(.restore, "r1") }
        return id
    }

    private static let expected =
        ["request.received - [] - - -", "restore.refused - [last-try] - - -"]
        + told.map(\.words) + ["restore.approved - [] - - - r1"]

    @Test func everyLineOfACaseIsToldInOrder() throws {
        let book = try book()
        let id = try lived(book)
        let history = try #require(try book.history(of: id))
        #expect(history.happenings.map(words) == Self.expected)
        #expect(history.earlier == 0)
        #expect(history.happenings.map(\.sequence).sorted() == history.happenings.map(\.sequence))
        #expect(history.happenings.allSatisfy { $0.who == officer })
        let missing = try #require(CaseID("2026-999999"))
        #expect(try book.history(of: missing) == nil)
    }

    /// A finding of a row is its case's alone; one of the request is everybody's.
    @Test func aCaseTellsWhatItsOwnRowLacks() throws {
        let book = try book()
        var form = RequestForm.sample
        for _ in 2..<12 { form.devices.append(form.devices[1]) }
        let missing = [
            "contact.mobile:missing", "devices[0].mail:mail-private", "devices[1].mail:missing",
            "devices[10].mail:mail-form", "devices:too-many-devices",
        ]
        let request = try book.receive(form, missing: missing, who: officer).request
        form.received = Timestamp("2026-11-21T02:00:00.000Z")
        _ = try book.complete(
            request.id, form, missing: ["devices[1].mail:missing"], who: officer)
        func told(_ row: Int) throws -> [[String]]? {
            try book.history(of: request.cases[row])?.happenings.map(\.reasons)
        }
        let (all, some) = (missing[0], missing[4])
        #expect(try told(0) == [[all, missing[1], some], []])
        #expect(try told(1) == [[all, missing[2], some], ["devices[1].mail:missing"]])
        #expect(try told(2) == [[all, some], []])
        #expect(try told(10) == [[all, missing[3], some], []])
    }

    @Test("the next start tells the same", arguments: [false, true])
    func afterAStart(_ hasSnapshot: Bool) throws {
        let id: CaseID
        do {
            let book = try book()
            id = try lived(book)
            if hasSnapshot { #expect(try book.saveSnapshot()) }
        }
        let book = try book()
        #expect(try book.history(of: id)?.happenings.map(words) == Self.expected)
        #expect(book.anomalies.isEmpty)
    }

    @Test func onlyTheNewestLinesOfALongCaseAreRead() throws {
        let book = try book()
        let id = try book.open(.sample, who: officer).file.id
        for number in 0..<205 {
            _ = try book.mention(.restoreRefused, case: id, who: officer) {
                $0.put(.reasons, ["\(number)"])
            }
        }
        let history = try #require(try book.history(of: id))
        #expect(history.earlier == 6)
        #expect(history.happenings.count == CaseHistory.most)
        #expect(history.happenings.last?.reasons == ["204"])
    }
}
