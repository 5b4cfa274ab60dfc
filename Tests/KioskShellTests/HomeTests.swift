import Foundation
import StationInterface
import Testing

@testable import KioskShell

/// The first screen, the list of cases, and the way from them.
@Suite struct HomeTests {
    private static func late(_ number: String) -> Station.Case {
        CounterFixture.found(
            due: Station.Due(term: "by-date", date: "2026-11-20", late: true), number: number)
    }

    @Test func whatIsDueAndLateIsCountedAndMarked() {
        var fixture = CounterFixture(at: .home)
        fixture.key(.function(5))
        fixture.home([Self.late("C-1"), CounterFixture.found(number: "C-2")])
        let drawn = fixture.drawn()
        #expect(drawn.contains("2 việc đang chờ, trong đó 1 việc đã quá hạn"))
        #expect(drawn.contains("QUÁ HẠN (hạn 20/11/2026)"))
    }

    @Test(arguments: [
        (String?("line 7"), String?.none, String?.none, "Nhật ký của trạm có vấn đề."),
        ("line 7", "is a link", "bodies", "Nhật ký của trạm có vấn đề."),
        (nil, "is a link", "bodies", "Nơi lưu dữ liệu cá nhân có vấn đề."),
        (nil, nil, "bodies", "Tệp do cơ quan soạn có lỗi."),
    ])
    func whatIsWrongWithTheStationIsSaidFirst(
        _ journal: String?, _ vault: String?, _ office: String?, _ words: String
    ) {
        var fixture = CounterFixture(at: .home)
        fixture.key(.function(5))
        fixture.reply(.due([]))
        fixture.reply(
            .status(
                CounterFixture.status(
                    journalProblem: journal, vaultProblem: vault, officeProblem: office)))
        #expect(fixture.drawn().contains(words))
        let detail = journal ?? vault ?? office ?? ""
        #expect(fixture.drawn().contains("Cho kỹ thuật viên: " + detail))
    }

    @Test func aScannedNumberFindsItsCaseAndEnterOpensIt() {
        var fixture = CounterFixture(at: .home)
        fixture.type("0123")
        fixture.reply(
            .found([
                CounterFixture.found(number: "C-1"),
                Station.Case(
                    number: "C-2", request: "Y-2", kind: "restore", requestNumber: "13/UBND",
                    managingBody: "Sở Y tế", deviceNumber: "999", holder: nil, opened: "",
                    state: "open", restore: nil),
            ]))
        fixture.type("456789")
        #expect(!fixture.drawn().contains("Sở Y tế"))
        fixture.key(.enter)
        guard case .caseView(let view) = fixture.counter.screen else {
            Issue.record("\(fixture.counter.screen)")
            return
        }
        #expect(view.found.number == "C-1")
        fixture.key(.enter)
        #expect(fixture.stage == .waiting)
    }

    @Test(arguments: [
        ("gia vien", true), ("GIA VIÊN an", true), ("nguyen van an", true), ("nguyễn", true),
        ("12/ubnd", true), ("gia lâm", false), ("đx", false), ("   ", true),
    ])
    func theSearchNeedsNoAccents(_ typed: String, _ isFound: Bool) {
        var list = CaseList(rows: [CounterFixture.found()])
        list.search = TextField(typed)
        #expect(list.found.isEmpty != isFound)
    }

    @Test(arguments: [
        ("Nguyễn Thị Ánh", "nguyen thi anh"), ("ĐỖ", "do"), ("Ngu\u{1EC5}n", "nguen"),
        ("Ngue\u{302}\u{303}n", "nguen"), ("Straße", "straße"), ("İ", "i\u{307}"), ("", ""),
    ])
    func foldingLeavesLettersAlone(_ text: String, _ key: String) {
        #expect(Folding.key(text) == key)
    }

    @Test func everyErrandLeadsSomewhereAndBack() {
        for place in 0..<Errand.allCases.count {
            var fixture = CounterFixture(at: .home)
            fixture.counter.canImport = true
            fixture.key(.function(5))
            fixture.home()
            fixture.key(.tab)
            for _ in 0..<place { fixture.key(.right) }
            fixture.key(.enter)
            if Errand.allCases[place] == .officer {
                fixture.reply(.officers(Office()))
                #expect(fixture.counter.notice == Sentence(.noticeNoOfficers))
                continue
            }
            #expect(fixture.stage != .home)
            fixture.key(.escape)
            #expect(fixture.stage == .home)
        }
    }

    /// Who goes back finds the keys where they were.
    @Test func theFirstScreenIsComeBackToWhereItWasLeft() {
        func chosen(_ fixture: CounterFixture) -> Home.Choice? {
            if case .home(let home) = fixture.counter.screen { home.choice } else { nil }
        }
        let rows = ["C-1", "C-2", "C-3"].map { CounterFixture.found(number: $0) }
        var fixture = CounterFixture(at: .home)
        fixture.key(.function(5))
        fixture.home(rows)
        fixture.key(.down, .enter)
        #expect(fixture.stage == .waiting)
        fixture.key(.escape)
        // What is due may have changed meanwhile.
        fixture.home([rows[2], rows[0], rows[1]])
        #expect(chosen(fixture) == .due(rows[1]))
        fixture.key(.end, .enter, .escape)
        fixture.home(rows)
        #expect(chosen(fixture) == .errand(.technician))
        // Whoever moves before the rows are there stays where they went.
        fixture.key(.enter, .escape, .down)
        fixture.home(rows)
        #expect(chosen(fixture) != .errand(.technician))
        // A case that is done by then is in no row.
        fixture.key(.home, .enter, .escape)
        fixture.home([rows[1], rows[2]])
        #expect(chosen(fixture) == .due(rows[1]))
        // What ends by itself begins at the first again.
        fixture.key(.end, .enter, .enter)
        fixture.home(rows)
        #expect(chosen(fixture) == .due(rows[0]))
    }

    @Test func theListOfCasesIsComeBackToWhereItWasLeft() {
        func list(_ fixture: CounterFixture) -> CaseList? {
            if case .cases(let list) = fixture.counter.screen { list } else { nil }
        }
        let rows = ["C-1", "C-2", "C-3"].map {
            CounterFixture.found(kind: "lost", number: $0, requestNumber: "12/UBND")
        }
        var fixture = CounterFixture(at: .home)
        fixture.type("12")
        fixture.reply(.found(rows))
        fixture.key(.down, .down, .enter, .escape)
        fixture.reply(.found([rows[2], rows[0], rows[1]]))
        #expect(list(fixture)?.search.text == "12" && list(fixture)?.chosen == Scroll())
        fixture.key(.down, .enter, .escape)
        fixture.reply(.found(rows))
        #expect(list(fixture)?.chosen == Scroll())
        // From the first screen it is another list.
        fixture.key(.escape, .escape)
        fixture.home(rows)
        fixture.key(.down, .enter, .escape)
        fixture.reply(.found(rows))
        #expect(list(fixture)?.search.text == "" && list(fixture)?.chosen == Scroll(1))
    }

    @Test func aCaseIsComeBackToWhereItWasLeft() {
        func chosen(_ fixture: CounterFixture) -> CaseView.Choice? {
            guard case .caseView(let view) = fixture.counter.screen else { return nil }
            return view.place.map { view.choices[$0] }
        }
        var fixture = CounterFixture(at: .home)
        fixture.key(.function(5))
        fixture.home([
            CounterFixture.found(
                kind: "lost", acts: ["record", "refuse"], papers: ["reception-slip", "form-09"])
        ])
        fixture.key(.enter)
        for choice: CaseView.Choice in [.act(.refuse), .paper("form-09")] {
            while let at = chosen(fixture), at != choice { fixture.key(.right) }
            fixture.key(.enter, .escape)
            #expect(chosen(fixture) == choice)
        }
    }

    /// The record can be made once the key proved itself: the rows say which have come so far.
    @Test(arguments: [("hand-over", true), ("hand-over", false), ("restore", true)])
    func aHandOverSaysThatItsKeyIsProven(_ kind: String, _ isProven: Bool) {
        var fixture = CounterFixture(at: .home)
        fixture.key(.function(5))
        fixture.home([CounterFixture.found(kind: kind, keyIsProven: isProven)])
        let says = fixture.drawn().contains("khóa đã được chứng minh, chờ lập biên bản")
        #expect(says == (kind == "hand-over" && isProven))
    }

    @Test func aCaseOfAnotherKindIsShownAndNotRestored() {
        var fixture = CounterFixture(at: .home)
        fixture.key(.function(5))
        fixture.home([CounterFixture.found(kind: "lost")])
        #expect(fixture.drawn().contains("Báo thất lạc"))
        fixture.key(.enter)
        guard case .caseView(let view) = fixture.counter.screen else {
            Issue.record("\(fixture.counter.screen)")
            return
        }
        #expect(view.choices.isEmpty)
        fixture.key(.escape)
        fixture.reply(.found([]))
        fixture.key(.escape)
        #expect(fixture.stage == .home)
    }

    @Test func theTechnicianSeesWhatIsWrongFirst() {
        var fixture = CounterFixture(at: .home)
        fixture.key(.end, .enter)
        fixture.reply(.status(CounterFixture.status()))
        fixture.reply(
            .findings([
                Station.Finding(check: "memory", state: .warning, message: "not locked"),
                Station.Finding(check: "clock", state: .good, message: "synchronised"),
                Station.Finding(check: "pcscd", state: .bad, message: "absent", remedy: "start it"),
            ]))
        let drawn = fixture.drawn()
        #expect(drawn.contains("✗ pcscd: không trả lời"))
        #expect(drawn.contains("Cho kỹ thuật viên: absent"))
        #expect(drawn.contains("! Bộ nhớ: chưa khóa hết") && !drawn.contains("not locked"))
        #expect(drawn.contains("✓ Đồng hồ: bình thường") && !drawn.contains("synchronised"))
        #expect(drawn.contains("pcscd: không có · USB: không có"))
        #expect(drawn.contains("đã đồng bộ") && !drawn.contains("synced"))
        #expect(drawn.contains("systemctl start pcscd.socket") && !drawn.contains("start it"))
        #expect(drawn.contains(CounterFixture.reader + ": "))
    }

    /// Whatever the agent may find is said in the counter's languages.
    @Test(arguments: Station.Finding.Check.allCases)
    func everyCheckOfTheAgentHasWords(_ check: Station.Finding.Check) throws {
        let subject = check.hasSubject ? "ACS 00" : nil
        for state in [Station.Finding.State.good, .warning, .bad] {
            let finding = Station.Finding(check, of: subject, state, "m", "r")
            #expect(finding.known?.check == check && finding.known?.subject == subject)
            let said = try Language.allCases.map { try #require(CheckWords(finding, $0)) }
            #expect(said[0].what != said[1].what || ["pcscd", "usb"].contains(check.rawValue))
            for words in said {
                #expect(words.what.contains(": ") && !words.what.contains("{"))
                #expect(words.what.contains("ACS 00") == check.hasSubject)
                #expect((words.toDo == nil) == (state == .good))
            }
        }
    }

    /// What a later agent finds is told in its words, and marked as the technician's.
    @Test(arguments: ["tides", "reader", "readers ", "profile"])
    func aCheckOfALaterAgentIsToldAsTheTechnicians(_ check: String) {
        var fixture = CounterFixture(at: .home)
        fixture.key(.end, .enter)
        fixture.reply(.status(CounterFixture.status()))
        fixture.reply(
            .findings([
                Station.Finding(check: check, state: .bad, message: "too high", remedy: "wait")
            ]))
        let drawn = fixture.drawn()
        #expect(drawn.contains("✗ " + check))
        #expect(drawn.contains("Cho kỹ thuật viên: too high wait"))
    }

    /// Nothing of it is cut off: what does not fit stands on the next page, and that is said.
    @Test(arguments: ScreenTests.sizes) func everyReaderAndFindingCanBeReadWhole(_ size: Size) {
        var fixture = CounterFixture(at: .home)
        fixture.send(
            .agent(
                .readers(
                    (1...6).map { ReaderStatus(name: "Đầu-đọc-số-\($0)", state: .empty) })))
        fixture.key(.end, .enter)
        fixture.reply(.status(CounterFixture.status()))
        let words = (1...80).map { "từ-\($0)." }
        fixture.reply(
            .findings(
                (0..<4).map { place in
                    let part = words[place * 20..<place * 20 + 20]
                    return Station.Finding(
                        check: "of a later agent", state: .bad,
                        message: part.prefix(12).joined(separator: " "),
                        remedy: part.suffix(8).joined(separator: " "))
                }))
        var unread = Set(words + (1...6).map { "Đầu-đọc-số-\($0):" })
        for _ in 0..<10 {
            let drawn = fixture.drawn(size)
            let hides = drawn.contains("dòng nữa: nhấn PgDn")
            unread = unread.filter { !drawn.contains($0) }
            if !hides { break }
            #expect(!unread.isEmpty, "\(drawn)")
            fixture.key(.pageDown)
        }
        #expect(unread.isEmpty, "\(fixture.drawn(size))")
        if size == .smallest { #expect(fixture.drawn().contains("dòng ở trên")) }
        let told = ToldPage(fixture.counter).lines.map { "\($0)" }.joined()
        #expect((words + ["Đầu-đọc-số-6:"]).allSatisfy { told.contains($0) })
    }

    /// No list is not an empty one.
    @Test(arguments: [AgentFault.Code.permissionDenied, .journal])
    func aListThatWasRefusedIsNotCalledEmpty(_ code: AgentFault.Code) {
        var fixture = CounterFixture(at: .home)
        fixture.key(.function(5))
        fixture.reply(.fault(AgentFault(code)))
        let words = Phrase.listNotShown.vietnamese.prefix(20)
        let why = Problem.words(code).happened.vietnamese.split(separator: " ").prefix(3)
        for (empty, key) in [(Phrase.homeNothingDue, nil), (.caseListNone, Key.character("x"))] {
            if let key {
                fixture.key(key)
                fixture.reply(.fault(AgentFault(code)))
            }
            let drawn = fixture.drawn()
            #expect(drawn.contains(words) && drawn.contains(why.joined(separator: " ")))
            #expect(!drawn.contains(empty.vietnamese))
        }
    }

    @Test func nothingIsBegunBeforeWhatIsDueIsThere() {
        var fixture = CounterFixture(at: .home)
        fixture.key(.function(5), .enter)
        #expect(fixture.stage == .home)
        fixture.home()
        fixture.key(.enter)
        #expect(fixture.stage == .waiting)
    }

    static let lines = [
        #"{"seq":1,"time":"2026-11-20T17:05:00.123Z","kind":"service.started","who":{"uid":990}}"#,
        #"{"seq":2,"time":"2026-11-20T17:06:00Z","kind":"restore.begun","case":"2026-000001","#
            + #""who":{"uid":990,"name":"quay1","officer":"lan"}}"#,
        "no line",
    ]

    @Test func theTechnicianReadsTheRecordsLastLines() {
        var fixture = CounterFixture(at: .home)
        fixture.key(.end, .enter)
        fixture.reply(.status(CounterFixture.status()))
        // What is asked already is not dropped.
        fixture.key(.function(7))
        #expect(fixture.calls.last == .diagnose)
        fixture.reply(.findings([]))
        fixture.key(.function(7))
        #expect(fixture.calls.last == .showRecord(last: 200))
        fixture.reply(.record(Self.lines))
        let drawn = fixture.drawn()
        for part in ["21/11/2026 00:05", "service.started", "uid 990", "2026-000001", "lan"] {
            #expect(drawn.contains(part), "\(part)")
        }
        let latest = drawn.range(of: "restore.begun")?.lowerBound
        let first = drawn.range(of: "service.started")?.lowerBound
        #expect(latest.flatMap { one in first.map { one < $0 } } == true)
        fixture.key(.escape)
        #expect(fixture.drawn().contains(Phrase.technicianTitle.vietnamese))
        fixture.key(.escape)
        #expect(fixture.stage == .home)
    }

    @Test func whoMayNotReadTheRecordIsToldAndStays() {
        var fixture = CounterFixture(at: .home)
        fixture.key(.end, .enter)
        fixture.reply(.status(CounterFixture.status()))
        fixture.reply(.findings([]))
        fixture.key(.function(7))
        fixture.reply(.fault(AgentFault(.permissionDenied)))
        #expect(fixture.counter.notice == Sentence(.faultPermissionDenied))
        #expect(fixture.drawn().contains(Phrase.technicianTitle.vietnamese))
    }
}
