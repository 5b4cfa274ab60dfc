import StationInterface
import Testing

@testable import KioskShell

@Suite struct ScreenTests {
    static let sizes = [
        Size(columns: 80, rows: 24), Size(columns: 132, rows: 43), Size(columns: 240, rows: 70),
    ]

    @Test(arguments: CounterFixture.Stage.allCases, sizes)
    func everyScreenFillsItsSizeAndSaysItsKeys(_ stage: CounterFixture.Stage, _ size: Size) {
        for language in Language.allCases {
            var fixture = CounterFixture(at: stage)
            fixture.counter.language = language
            let grid = ScreenView.draw(fixture.counter, size: size)
            #expect(grid.size == size)
            let last = grid.line(Footer(size).row)
            for hint in fixture.counter.keyHints {
                #expect(last.contains(hint.key), "\(stage) \(language)")
                #expect(last.contains(hint.phrase.text(language)), "\(stage) \(language)")
            }
        }
    }

    /// No text of the 80 × 24 screens is cut off.
    @Test(arguments: CounterFixture.Stage.allCases)
    func nothingIsCutOffAtTheSmallestSize(_ stage: CounterFixture.Stage) {
        for language in Language.allCases {
            var fixture = CounterFixture(at: stage)
            fixture.counter.language = language
            let running = stage == .connecting || stage == .reading
            #expect(running || !fixture.drawn().contains("…"), "\(stage) \(language)")
        }
    }

    /// Where a notice of two lines stands, every word of the screen is still to be read.
    @Test(arguments: [CounterFixture.Stage.home, .form, .newPIN, .unblockingCode, .help], sizes)
    func aNoticeCoversNothing(_ stage: CounterFixture.Stage, _ size: Size) {
        func lines(_ drawn: String) -> Set<String> {
            Set(drawn.split(separator: "\n").map { $0.filter { !" │".contains($0) } })
        }
        for language in Language.allCases {
            var fixture = CounterFixture(at: stage)
            fixture.counter.language = language
            if stage == .home { fixture.key(.tab) }
            fixture.counter.notice = nil
            let before = lines(fixture.drawn(size))
            fixture.counter.notice = Sentence(.noticeCommonPIN)
            let drawn = fixture.drawn(size)
            let covered = before.subtracting(lines(drawn))
            #expect(covered.isEmpty, "\(covered) \(stage) \(language)\n\(drawn)")
        }
    }

    @Test(arguments: CounterFixture.Stage.allCases)
    func trainingIsUnmistakable(_ stage: CounterFixture.Stage) {
        guard stage != .connecting else { return }
        var fixture = CounterFixture(at: stage)
        let grid = ScreenView.draw(fixture.counter, size: .smallest)
        #expect(grid.line(1).contains("TẬP DƯỢT"))
        fixture.counter.language = .english
        let english = ScreenView.draw(fixture.counter, size: .smallest).line(1)
        #expect(english.contains("TRAINING (TẬP DƯỢT)"))
        fixture.counter.language = .vietnamese
        #expect((0..<80).allSatisfy { grid[1, $0].role == .training })
        fixture.counter.station?.training = false
        #expect(!fixture.drawn().contains("TẬP DƯỢT"))
    }

    @Test func theHoldersScreenHasNothingOfTheStaffsWork() {
        let fixture = CounterFixture(at: .newPIN)
        let text = fixture.drawn()
        #expect(text.contains("Mời chủ thiết bị chọn mật khẩu mới"))
        for staff in [CounterFixture.reader, "12/UBND", "0123456789", "Gia Viên"] {
            #expect(!text.contains(staff))
        }
    }

    @Test func theTokensNumberIsShownAsTheTokenTellsIt() {
        let report = CounterFixture.report(
            compared: CounterFixture.compared("device_number", .equal, held: ["01-2345-6789"]))
        #expect(CounterFixture(at: .identity, report: report).drawn().contains("01-2345-6789"))
    }

    /// state, its words in both languages.
    static let states: [(String, String, String)] = [
        ("open", "chưa tiến hành", "not begun"),
        ("in-progress", "đang khôi phục", "being restored"),
        ("unblocked-unproven", "chưa chứng minh được khóa", "key not proven"),
        ("failed", "không thành công", "failed"), ("refused", "đã từ chối", "refused"),
        ("unknown", "chưa rõ kết quả", "outcome unknown"), ("restored", "đã khôi phục", "restored"),
        ("closed", "đã đóng", "closed"), ("of-tomorrow", "of-tomorrow", "of-tomorrow"),
    ]

    @Test(arguments: states)
    func theListSaysHowFarACaseIs(_ state: String, _ vietnamese: String, _ english: String) {
        var fixture = CounterFixture(at: .home)
        fixture.key(.function(5))
        let due = Station.Due(term: "by-date", date: "2026-11-23", late: false)
        fixture.home([CounterFixture.found(state: state, due: due)])
        #expect(fixture.drawn().contains(vietnamese))
        #expect(fixture.drawn().contains("hạn 23/11/2026"))
        fixture.counter.language = .english
        #expect(fixture.drawn().contains(english))
        #expect(fixture.drawn().contains("due 23/11/2026"))
    }

    @Test func aLongListShowsTheChosenCase() {
        var fixture = CounterFixture(at: .home)
        fixture.key(.function(5))
        fixture.home((1...30).map { CounterFixture.found(requestNumber: "số-\($0).") })
        for number in 1...30 {
            #expect(fixture.drawn().contains("số-\(number)."))
            if number < 30 { fixture.key(.down) }
        }
        #expect(!fixture.drawn().contains("hồ sơ nữa"))
        #expect(fixture.drawn().contains("hồ sơ ở trên"))
        fixture.key(.home)
        #expect(fixture.drawn().contains("hồ sơ nữa"))
        #expect(!fixture.drawn().contains("hồ sơ ở trên"))
    }

    /// Each case is on the screen or counted above or below, wherever the keys are; while they are
    /// at no case, the most urgent ones are shown.
    @Test(arguments: sizes, [8, 11, 30])
    func everyCaseIsShownOrCounted(_ size: Size, _ count: Int) {
        var fixture = CounterFixture(at: .home)
        fixture.key(.function(5))
        fixture.home((1...count).map { CounterFixture.found(requestNumber: "số-\($0).") })
        for chosen in 0..<count + fixture.counter.errands.count {
            fixture.key(.choose(chosen))
            for notice in [nil, Sentence(.noticeNoOfficers)] {
                fixture.counter.notice = notice
                let drawn = fixture.drawn(size)
                let shown = (1...count).filter { drawn.contains("số-\($0).") }
                guard let first = shown.first, let last = shown.last else {
                    Issue.record("\(drawn)")
                    return
                }
                #expect(shown.count == last - first + 1)
                let above = Phrase.casesAbove.text(.vietnamese, [String(first - 1)])
                let below = Phrase.casesMore.text(.vietnamese, [String(count - last)])
                #expect(drawn.contains(above) == (first > 1), "\(drawn)")
                #expect(drawn.contains(below) == (last < count), "\(drawn)")
                #expect(chosen < count ? shown.contains(chosen + 1) : first == 1, "\(drawn)")
            }
        }
    }

    @Test(arguments: [
        ("2026-11-20T16:59:59Z", "20/11/2026"), ("2026-11-20T17:00:00Z", "21/11/2026"),
        ("2024-02-28T20:00:00.123Z", "29/02/2024"), ("2025-12-31T17:30:00Z", "01/01/2026"),
        ("1970-01-01T00:00:00Z", "01/01/1970"), ("2000-03-01T00:00:00Z", "01/03/2000"),
        ("nonsense", "nonsense"),
    ])
    func daysAreThoseOfTheCounter(_ time: String, _ day: String) {
        #expect(Dates.localDay(time) == day)
    }

    @Test(arguments: Outcome.allCases)
    func whatDidNotSucceedIsNotTicked(_ outcome: Outcome) {
        var fixture = CounterFixture(at: .progress)
        fixture.reply(.finished(CounterFixture.result(outcome)))
        let steps = ScreenView.draw(fixture.counter, size: .smallest).line(2)
        let succeeded = outcome == .restored || outcome == .unblockedUnproven
        #expect(steps.contains("✓ " + Phrase.stepToken.vietnamese))
        for (number, step) in [(3, Phrase.stepUnblock), (4, .stepPIN)] {
            #expect(steps.contains((succeeded ? "✓ " : "\(number) ") + step.vietnamese))
        }
    }

    @Test func rulesThatCannotBeTickedAreSaid() {
        for language in Language.allCases {
            var fixture = CounterFixture(at: .newPIN)
            fixture.counter.language = language
            let words = Phrase.pinHint.text(language).split(separator: " ")
            for part in [words.prefix(5), words.suffix(2)] {
                #expect(fixture.drawn().contains(part.joined(separator: " ")))
            }
        }
    }

    @Test func oneIsSaidAsOne() {
        var report = CounterFixture.report(help: .notLocked, locked: false)
        report.pinTries = 1
        var help = CounterFixture(at: .help, report: report)
        help.counter.language = .english
        #expect(help.drawn().contains("The PIN has 1 try left"))
        var code = CounterFixture(at: .unblockingCode)
        code.counter.language = .english
        code.time = 545_000
        code.send(.code(.unblocking, .empty, same: false))
        #expect(code.drawn().contains("1 minute left"))
        let fault = AgentFault(.tokenMute, spent: Spent(least: 1, most: 1))
        #expect(Problem(fault).means.text(.english) == "One try was spent.")
    }

    @Test func rulesAreTickedLive() {
        var fixture = CounterFixture(at: .newPIN)
        #expect(fixture.drawn().contains("✓ từ 6 đến 8 ký tự"))
        #expect(fixture.drawn().contains("✓ hai lần nhập giống nhau"))
        fixture.code(.newPIN, 5)
        #expect(fixture.drawn().contains("✗ từ 6 đến 8 ký tự"))
        fixture.code(.newPIN, 0)
        #expect(fixture.drawn().contains("○ từ 6 đến 8 ký tự"))
    }

    @Test func aCodeIsDotsAndNothingElse() {
        var fixture = CounterFixture(at: .unblockingCode)
        #expect(fixture.drawn().contains("●●●●●●●●"))
        #expect(!fixture.drawn().contains("●●●●●●●●●"))
        fixture.code(.unblocking, CodeField.longest)
        #expect(fixture.drawn().contains("●"))
    }

    @Test(arguments: Outcome.allCases)
    func everyOutcomeSaysWhatToDoAndTheCounts(_ outcome: Outcome) {
        var fixture = CounterFixture(at: .progress)
        var result = CounterFixture.result(outcome)
        result.pinTries = nil
        result.unblockingSpent = Spent(least: 0, most: 1)
        fixture.reply(.finished(result))
        let text = fixture.drawn()
        #expect(text.contains("Cần làm gì"))
        #expect(text.contains("mật khẩu không rõ · mã mở khóa 2"))
        #expect(text.contains("0 hoặc 1"))
        #expect(text.contains("3f9a 12bc 0011 2233"))
        fixture.key(.enter)
        #expect(fixture.stage == .home)
    }

    /// What failed, and with what: the advice is for the reason, not for the outcome alone.
    @Test(arguments: [
        (Outcome.failed, "wrong-unblocking-code", Phrase.doCheckCode),
        (.failed, "token-removed", .doInsertAgain), (.failed, "reader-busy", .doCloseOthers),
        (.failed, "refused-by-token", .doCheckCode), (.refused, "cancelled", .doBeginAgain),
        (.refused, "token-changed", .doRightToken),
        (.unblockedUnproven, "token-mute", .resultUnprovenDo),
        (.unblockedUnproven, "signature-invalid", .resultUnprovenKeep),
        (.unblockedUnproven, "no-proving-key", .resultUnprovenKeep),
        (.unknown, "answer-lost", .resultUnknownDo),
    ])
    func adviceFollowsTheReason(_ outcome: Outcome, _ reason: String, _ todo: Phrase) {
        var fixture = CounterFixture(at: .progress)
        var result = CounterFixture.result(outcome)
        result.reason = reason
        result.fault = AgentFault.Code(reason: reason).map { AgentFault($0) }
        fixture.reply(.finished(result))
        let words = todo.vietnamese.split(separator: " ").prefix(5).joined(separator: " ")
        #expect(fixture.drawn().contains(words))
    }

    @Test(arguments: AgentFault.Code.allCases)
    func everyFaultSaysWhatItMeansAndWhatToDo(_ code: AgentFault.Code) {
        var fixture = CounterFixture(at: .reading)
        fixture.reply(
            .fault(AgentFault(code, detail: "status 6f00", spent: Spent(least: 1, most: 1))))
        let text = fixture.drawn()
        // Nothing is wrong with the token: somebody has to sign in, and that screen says so.
        if code == .signInRequired { return }
        for part in ["Việc gì xảy ra", "Ảnh hưởng đến thiết bị", "Cần làm gì", "status 6f00"] {
            #expect(text.contains(part))
        }
    }

    @Test(arguments: [(79, 24), (80, 23), (1, 1), (20, 5), (0, 0), (-3, 7)])
    func aSmallScreenSaysSoKindly(_ columns: Int, _ rows: Int) {
        let counter = CounterFixture(at: .home).counter
        let grid = ScreenView.draw(counter, size: Size(columns: columns, rows: rows))
        if columns > 15, rows > 3 {
            #expect(grid.lines.joined(separator: " ").contains("Màn hình quá nhỏ"))
        }
    }

    @Test func theLanguageChangesByAKeyOnEveryScreen() {
        for stage in CounterFixture.Stage.allCases {
            for key in [Key.function(2), .control("l")] {
                var fixture = CounterFixture(at: stage)
                let before = fixture.drawn()
                fixture.key(key)
                #expect(fixture.counter.language == .english)
                #expect(fixture.stage == stage)
                #expect(fixture.drawn() != before)
                fixture.key(key)
                #expect(fixture.drawn() == before)
            }
        }
    }

    @Test func aTokenTurnedIntoTextCannotSteerTheTerminal() {
        var report = CounterFixture.report()
        report.certificates[0].commonName = "A\u{1B}]0;x\u{7}\u{202E}B"
        report.model = "\u{9B}2J"
        let fixture = CounterFixture(at: .identity, report: report)
        for line in ScreenView.draw(fixture.counter, size: .smallest).lines {
            for scalar in line.unicodeScalars {
                #expect(CharacterWidth.of(scalar) != nil)
            }
        }
    }
}
