import StationInterface
import Testing

@testable import KioskShell

/// A hand-over's key proves itself with its holder's PIN before the record is made.
@Suite struct KeyProofTests {
    /// How far the walk has come.
    enum Stage: CaseIterable, Sendable { case identity, entering, checking, result }

    static func report(pinTries: Int? = 3) -> TokenReport {
        var report = CounterFixture.report(help: .notLocked, locked: pinTries.map { $0 == 0 })
        report.pinTries = pinTries
        return report
    }

    static func walk(
        to stage: Stage, kind: String = "hand-over", state: String = "open",
        report: TokenReport = report()
    ) -> CounterFixture {
        var found = CounterFixture.found(state: state, kind: kind, acts: ["record"])
        if kind == "restore" {
            found = Station.Case(
                number: "C-1", request: "Y-1", kind: kind, requestNumber: "12/UBND",
                managingBody: "UBND phường Gia Viên", deviceNumber: "0123456789",
                holder: "Nguyễn Văn An", opened: "2026-11-20T17:00:00Z", state: state,
                restore: "R-9")
        }
        var fixture = ActTests.opened(found)
        guard case .caseView(let view) = fixture.counter.screen,
            let place = view.choices.firstIndex(of: .prove)
        else {
            Issue.record("no check is offered: \(fixture.counter.screen)")
            return fixture
        }
        fixture.key(.choose(place), .enter)
        fixture.readers(.present)
        fixture.reply(.report(report))
        if stage == .identity { return fixture }
        fixture.key(.enter)
        if stage == .entering { return fixture }
        fixture.code(.proof, 6)
        fixture.key(.enter)
        if stage == .checking { return fixture }
        fixture.reply(.keyChecked(checked()))
        fixture.read()
        return fixture
    }

    /// What goes wrong in a key check is told as one's: nothing is restored there.
    @Test(arguments: [
        ("hand-over", "open", Phrase.problemHandOver),
        ("restore", "unblocked-unproven", .problemProof),
    ], Stage.allCases.dropLast())
    func aTokenThatIsPulledIsToldUnderTheKeyChecksName(
        _ row: (String, String, Phrase), _ stage: Stage
    ) {
        let (kind, state, title) = row
        for language in Language.allCases {
            var fixture = Self.walk(to: stage, kind: kind, state: state)
            fixture.counter.language = language
            let gone = AgentFault(.tokenGone)
            if stage == .checking {
                fixture.reply(.fault(gone))
            } else {
                fixture.readers(.mute)
            }
            #expect(fixture.drawn().contains(title.text(language)), "\(fixture.counter.screen)")
            #expect(!fixture.drawn().contains(Phrase.problemRestore.text(language)))
        }
    }

    static let items = [
        "possession", "origin", "attestation", "holder", "validity", "lifetime", "path",
        "revocation", "seen-before", "same-token", "timing",
    ]

    static func checked(
        proven: Bool = true, grade: String = "possession", against: String? = nil,
        completed: Bool = false
    ) -> Station.KeyChecked {
        Station.KeyChecked(
            deviceNumber: "0123456789",
            verdict: Station.Verdict(
                proven: proven, grade: grade, slot: "9c", algorithm: "rsa",
                certificateSHA256: "aa",
                evidence: items.map {
                    Station.Evidence(
                        item: $0,
                        finding: $0 == against
                            ? .contradicted : $0 == "attestation" ? .notShown : .shown, how: "h")
                }),
            timing: nil, steps: [], pinSpent: Station.Spent(least: 0, most: 0), pinLeft: 3,
            completed: completed, message: "m", next: "n", journalSequence: 5, journalHead: "aa")
    }

    static func withPad() -> TokenReport {
        var report = report()
        report.pad = ReaderPad(verifies: true, unblocks: false, seconds: 30)
        return report
    }

    @Test func aReadersPadTakesThePINAndTheScreenNone() {
        var fixture = Self.walk(to: .entering, report: Self.withPad())
        #expect(fixture.drawn().contains("F7"))
        fixture.code(.proof, 3)
        fixture.key(.function(7))
        #expect(fixture.last.first == .wipe(.proof))
        #expect(
            fixture.calls.last
                == .checkKeyAtPad(
                    reader: CounterFixture.reader, caseID: "C-1", restore: nil, compared: []))
        #expect(fixture.drawn().contains("trong 30 giây"))
        #expect(fixture.counter.codeSlot == nil)
        fixture.reply(.keyChecked(Self.checked()))
        #expect(fixture.drawn().contains("✓"))
    }

    @Test func nobodyAtThePadCostsNothingAndCanTryAgain() {
        var fixture = Self.walk(to: .entering, report: Self.withPad())
        fixture.key(.function(7))
        var fault = AgentFault(.cancelled)
        fault.pinSpent = Spent.none
        fixture.reply(.fault(fault))
        #expect(isEntering(fixture))
        #expect(fixture.counter.notice == Sentence(.noticePadNoPIN))
        #expect(fixture.counter.codeSlot == .proof, "it can be typed here now")
    }

    @Test func aTryThePadSpentIsNoNotice() {
        var fixture = Self.walk(to: .entering, report: Self.withPad())
        fixture.key(.function(7))
        var fault = AgentFault(.cancelled)
        fault.pinSpent = Spent(least: 1, most: 1)
        fixture.reply(.fault(fault))
        #expect(fixture.stage == .problem)
        #expect(fixture.drawn().contains("1"))
    }

    @Test func withoutAPadTheKeyDoesNothing() {
        var fixture = Self.walk(to: .entering)
        fixture.key(.function(7))
        #expect(isEntering(fixture) && fixture.counter.awaiting == nil)
        #expect(!fixture.drawn().contains("F7"))
    }

    private func isEntering(_ fixture: CounterFixture) -> Bool {
        if case .keyProof(let proof) = fixture.counter.screen { return !proof.isChecking }
        return false
    }

    @Test func aHandOversPINGoesOutOnceWithItsCase() {
        let fixture = Self.walk(to: .checking)
        #expect(
            fixture.last.contains { effect in
                if case .prove(_, let call) = effect {
                    return call
                        == .checkKey(
                            reader: CounterFixture.reader, caseID: "C-1", restore: nil,
                            compared: [])
                }
                return false
            })
        #expect(fixture.counter.codeSlot == nil)
        #expect(fixture.drawn().contains("KHÔNG RÚT THIẾT BỊ"))
        var again = fixture
        again.key(.enter, .escape, .function(10))
        #expect(again.last.isEmpty)
    }

    @Test func aRestoreThatIsNotProvenYetIsProvenTheSameWay() {
        let fixture = Self.walk(to: .checking, kind: "restore", state: "unblocked-unproven")
        #expect(
            fixture.last.contains { effect in
                if case .prove(_, .checkKey(_, caseID: nil, restore: "R-9", compared: [])) = effect
                {
                    return true
                }
                return false
            })
    }

    @Test func whatOnlyAPersonCanCompareIsComparedFirst() {
        var report = Self.report()
        report.compared = CounterFixture.compared("body", .near, held: ["Gia Viên"])
        var fixture = Self.walk(to: .identity, report: report)
        fixture.key(.enter)
        #expect(fixture.counter.notice == Sentence(.noticeCompareFirst))
        fixture.key(.function(7), .enter)
        #expect(isEntering(fixture))
        fixture.code(.proof, 6)
        fixture.key(.enter)
        #expect(
            fixture.last.contains { effect in
                if case .prove(_, .checkKey(_, _, _, compared: ["body"])) = effect { return true }
                return false
            })
    }

    @Test func theHolderSeesNothingOfTheStaffsWork() {
        for stage in [Stage.entering, .checking] {
            let fixture = Self.walk(to: stage)
            for staff in [CounterFixture.reader, "12/UBND", "0123456789", "Gia Viên"] {
                #expect(!fixture.drawn().contains(staff))
            }
        }
        #expect(Self.walk(to: .entering).drawn().contains("Nhập sai là mất một lần thử. Còn 3/3"))
    }

    /// tries shown before, whether a PIN is asked for, what is said.
    static let counts: [(Int?, Bool, String)] = [
        (0, false, "Thiết bị này đã bị khóa"), (1, false, "chỉ còn một lần thử"),
        (2, true, "Còn 2/3"), (nil, true, "Không rõ còn mấy lần thử"),
    ]

    @Test(arguments: counts)
    func noPINIsAskedForThatCouldBeTheLast(_ left: Int?, _ isAsked: Bool, _ words: String) {
        let fixture = Self.walk(to: .entering, report: Self.report(pinTries: left))
        #expect(isEntering(fixture) == isAsked)
        #expect(fixture.drawn().contains(words))
    }

    /// The agent's answer, whether the PIN is asked for again, what is said.
    static let faults: [(AgentFault, Bool, String)] = [
        (fault(.wrongPIN, left: 2), true, "còn 2 lần thử"),
        (fault(.wrongPIN, left: nil), true, "không rõ còn mấy lần"),
        (fault(.wrongPIN, left: 1), false, "Đã mất một lần thử"),
        (fault(.wrongPIN, left: 0), false, "theo Mẫu số 06"),
        (fault(.pinBlocked), false, "theo Mẫu số 06"),
        (fault(.pinLastTry), false, "theo Mẫu số 06"),
        (fault(.pinUnfit), true, "không đúng quy cách"),
        (fault(.officerKey), false, "không có chứng thư với khóa"),
        (fault(.tokenGone), false, "đã được rút ra"),
        (fault(.mismatch), false, "Cần làm gì"), (fault(.actRefused), false, "Cần làm gì"),
        (fault(.journal), false, "nhật ký"),
    ]

    static func fault(_ code: AgentFault.Code, left: Int? = nil) -> AgentFault {
        var fault = AgentFault(code, pinLeft: left)
        if code == .wrongPIN { fault.pinSpent = Spent(least: 1, most: 1) }
        return fault
    }

    @Test(arguments: faults)
    func aFaultSaysWhatItCostAndWhatToDo(_ fault: AgentFault, _ isAsked: Bool, _ words: String) {
        var fixture = Self.walk(to: .checking)
        fixture.reply(.fault(fault))
        #expect(isEntering(fixture) == isAsked)
        #expect(fixture.drawn().contains(words), "\(fixture.drawn())")
        guard !isAsked else {
            #expect(fixture.counter.codeSlot == .proof)
            return
        }
        fixture.key(.escape)
        #expect(fixture.stage == .home)
    }

    /// The result is that of the walk: the tries of before are spent, too.
    @Test func everyTryOfTheWalkIsCounted() {
        var fixture = Self.walk(to: .checking)
        fixture.reply(.fault(Self.fault(.wrongPIN, left: 4)))
        // Looking at the token once more forgets none.
        fixture.key(.escape, .enter)
        for left in [3, 2] {
            fixture.code(.proof, 6)
            fixture.key(.enter)
            fixture.reply(.fault(Self.fault(.wrongPIN, left: left)))
        }
        fixture.code(.proof, 6)
        fixture.key(.enter)
        var failed = fixture
        fixture.reply(.keyChecked(Self.checked()))
        let spent = fixture.drawn().split(separator: "\n").first {
            $0.contains(Phrase.spentLabel.vietnamese)
        }
        #expect(spent?.filter(\.isNumber) == "3")
        failed.reply(.fault(Self.fault(.wrongPIN, left: 1)))
        #expect(failed.drawn().contains(Phrase.meansSpent.text(.vietnamese, ["4"])))
    }

    @Test func thePINLeavesTheScreenWithTheTokenAndAfterAMinute() {
        var fixture = Self.walk(to: .entering)
        fixture.code(.proof, 4)
        fixture.wait(Counter.idleLimit)
        #expect(fixture.last == [.wipe(.proof)])
        fixture.code(.proof, 4)
        fixture.readers(.empty)
        #expect(fixture.last.contains(.wipeCodes))
        #expect(fixture.stage == .waiting)
        fixture = Self.walk(to: .entering)
        fixture.code(.proof, 4)
        fixture.key(.escape)
        #expect(fixture.last.contains(.wipeCodes))
        #expect(fixture.stage == .identity)
    }

    @Test func anAgentThatGoesWhileItChecksIsNotSaidToHaveSentNothing() {
        var fixture = Self.walk(to: .checking)
        fixture.send(.agent(.lost(.hungUp)))
        #expect(fixture.drawn().contains("có thể đã được gửi"))
        fixture.send(.agent(.connected(StationInfo(training: true, version: "0.1"))))
        #expect(fixture.stage == .waiting)
    }

    @Test(arguments: [
        "attested", "device-says-generated", "personaliser-says", "possession", "imported",
        "not-shown", "of-tomorrow",
    ])
    func everyGradeIsSaidInWords(_ grade: String) {
        for language in Language.allCases {
            var fixture = Self.walk(to: .checking)
            fixture.counter.language = language
            fixture.reply(
                .keyChecked(
                    Self.checked(
                        proven: grade != "not-shown", grade: grade,
                        against: grade == "imported" ? "origin" : nil)))
            let drawn = fixture.drawn()
            #expect(!drawn.contains("…"), "\(drawn)")
            #expect(drawn.contains(Phrase.labelDo.text(language)))
            #expect(drawn.contains(Phrase.evidenceMarks.text(language)))
            #expect(drawn.contains("✗") == true)
        }
    }

    @Test func afterTheProofTheCaseIsShown() {
        var fixture = Self.walk(to: .result)
        #expect(fixture.drawn().contains("THIẾT BỊ GIỮ KHÓA"))
        #expect(fixture.drawn().contains("Lập biên bản"))
        fixture.key(.enter)
        #expect(fixture.calls.last == .getRequest("Y-1"))
    }

    @Test(arguments: Stage.allCases)
    func nothingIsCutOffAndEveryKeyIsThere(_ stage: Stage) {
        for language in Language.allCases {
            var fixture = Self.walk(to: stage)
            fixture.counter.language = language
            for size in ScreenTests.sizes {
                let grid = ScreenView.draw(fixture.counter, size: size)
                #expect(!grid.lines.joined().contains("…") || stage == .checking)
                for hint in fixture.counter.keyHints {
                    #expect(grid.line(Footer(size).row).contains(hint.phrase.text(language)))
                    #expect(
                        grid.targets.contains { target in
                            hint.pressed.map { target.effect == .key($0) } == true
                                && target.height >= 2
                        })
                }
            }
        }
    }
}
