import Requests
import StationInterface
import Testing

@testable import KioskShell

/// A paper typed in at the counter, from the kind of request to its cases.
@Suite struct RequestTests {
    private static func finding(
        _ field: String, _ rule: String, mustComplete: Bool = true
    ) -> Station.IntakeFinding {
        Station.IntakeFinding(field: field, rule: rule, mustComplete: mustComplete, message: "m")
    }

    /// A rule of a later agent is told in its words, and marked as the technician's.
    @Test func aRuleOfALaterAgentIsToldAsTheTechnicians() {
        let later = Self.finding("managing_body", "tides")
        #expect(later.words(.vietnamese) == "Cho kỹ thuật viên: m")
        for rule in RequestRule.allCases {
            let known = Self.finding("managing_body", rule.rawValue)
            #expect(known.words(.vietnamese) == rule.phrase.vietnamese)
        }
    }

    private static func begun() -> CounterFixture {
        var fixture = CounterFixture(at: .home)
        fixture.key(.tab, .right, .enter)
        return fixture
    }

    private static func draft(_ fixture: CounterFixture) -> RequestDraft? {
        if case .request(let draft) = fixture.counter.screen { draft } else { nil }
    }

    /// Types into one entry after the other, as somebody does who has the paper beside them.
    private static func fill(_ fixture: inout CounterFixture, _ texts: [String]) {
        for text in texts {
            fixture.type(text)
            fixture.key(.tab)
        }
    }

    private static let contact = [
        "Trần Thị Hoa", "031187001234", "01/07/2021", "Cục Cảnh sát", "Văn thư", "UBND phường",
        "0912345678",
    ]

    @Test func aWholePaperIsTypedCheckedAndTakenIn() {
        var fixture = Self.begun()
        fixture.key(.tab)
        Self.fill(&fixture, ["12/UBND", "UBND phường Gia Viên", "21/11/2026 10:40"])
        Self.fill(&fixture, Self.contact)
        Self.fill(
            &fixture, ["0123456789", "Nguyễn Văn An", "UBND phường", "an@haiphong.gov.vn", ""])
        #expect(Self.draft(fixture)?.here == .summary)
        guard case .checkRequest(let form, _) = fixture.calls.last else {
            Issue.record("\(String(describing: fixture.calls.last))")
            return
        }
        #expect(form.kind == "restore" && form.requestNumber == "12/UBND")
        #expect(form.received == "2026-11-21T10:40:00+07:00")
        #expect(form.contact?.mobile == "0912345678")
        #expect(form.devices.map(\.mail) == ["an@haiphong.gov.vn"])
        fixture.reply(.checked(Station.RequestChecked(findings: [])))
        #expect(fixture.drawn().contains("✓ Hồ sơ hợp lệ."))
        fixture.key(.enter)
        #expect(fixture.calls.last == .receiveRequest(form))
        fixture.reply(
            .taken(
                Station.RequestTaken(
                    request: "R2026-000001", cases: ["C-1"],
                    checked: Station.RequestChecked(findings: []),
                    receipt: Station.Receipt(journalSequence: 3, journalHead: "ab"))))
        #expect(fixture.calls.last == .getRequest("R2026-000001"))
        fixture.reply(
            .request(
                Station.RequestShown(
                    request: "R2026-000001", recorded: "2026-11-21T03:40:00Z",
                    validSince: "2026-11-21T03:40:00Z", missing: [], form: form,
                    cases: [CounterFixture.found()])))
        #expect(fixture.drawn().contains("Đã nhận hồ sơ R2026-000001"))
        fixture.key(.enter)
        #expect(fixture.stage == .waiting, "from the paper straight to the token")
    }

    @Test func aCheckIsAskedOncePerStateOfThePaper() {
        var fixture = Self.begun()
        fixture.key(.tab)
        fixture.type("12/UBND")
        let before = fixture.calls.count
        fixture.key(.tab, .backTab, .tab)
        #expect(fixture.calls.count == before + 1)
    }

    @Test func whatWasFoundStandsUnderItsField() {
        var fixture = Self.begun()
        fixture.key(.pageDown)
        Self.fill(&fixture, ["Trần Thị Hoa", "12"])
        fixture.reply(
            .checked(
                Station.RequestChecked(findings: [
                    Self.finding("contact.personal_number", "personal-number"),
                    Self.finding("contact.workplace", "contact-elsewhere", mustComplete: false),
                ])))
        #expect(fixture.drawn().contains("✗ phải đủ 12 chữ số"))
        #expect(fixture.drawn().contains("! không thuộc cơ quan đề nghị"))
    }

    @Test func whatIsNotValidLeadsToItsFirstGapAndIsTakenOnlyOnPurpose() {
        var fixture = Self.begun()
        fixture.key(.tab)
        fixture.type("12/UBND")
        for _ in 0..<3 { fixture.key(.pageDown) }
        fixture.reply(
            .checked(
                Station.RequestChecked(findings: [Self.finding("devices[0].mail", "missing")])))
        #expect(fixture.drawn().contains("thiết bị 1, 2.4 Thư điện tử công vụ: còn trống"))
        fixture.key(.enter)
        #expect(Self.draft(fixture)?.entry == .device(0, .mail))
        for _ in 0..<3 { fixture.key(.pageDown) }
        fixture.key(.function(9))
        guard case .receiveRequest = fixture.calls.last else {
            Issue.record("\(String(describing: fixture.calls.last))")
            return
        }
    }

    /// A case is a device's: without its number there is none.
    @Test func withoutADevicesNumberTheFieldIsNamedAndNothingIsAsked() {
        var fixture = Self.begun()
        fixture.key(.tab)
        fixture.type("12/UBND")
        for _ in 0..<3 { fixture.key(.pageDown) }
        fixture.reply(
            .checked(
                Station.RequestChecked(findings: [
                    Self.finding("contact.name", "missing"),
                    Self.finding("devices[0].device_number", "missing"),
                ])))
        fixture.key(.function(9))
        #expect(Self.draft(fixture)?.entry == .device(0, .deviceNumber))
        let label = RequestDraft.Entry.device(0, .deviceNumber).label
        #expect(label.map { fixture.drawn().contains($0.vietnamese + ":") } == true)
        #expect(fixture.counter.notice?.phrase == .noticeNumberFirst)
        #expect(!fixture.calls.contains { if case .receiveRequest = $0 { true } else { false } })
    }

    @Test(arguments: [AgentFault.Code.fieldInvalid, .deviceOpen, .journal])
    func whatWasFoundStaysOverARefusalToTakeItIn(_ code: AgentFault.Code) {
        var fixture = Self.begun()
        fixture.key(.tab)
        fixture.type("12/UBND")
        for _ in 0..<3 { fixture.key(.pageDown) }
        fixture.reply(
            .checked(Station.RequestChecked(findings: [Self.finding("contact.name", "missing")])))
        fixture.key(.function(9))
        fixture.reply(.fault(AgentFault(code)))
        #expect(fixture.counter.notice?.phrase == Problem.words(code).happened)
        #expect(fixture.drawn().contains(Phrase.findingMissing.vietnamese))
        #expect(!fixture.drawn().contains(Phrase.officerChecking.vietnamese))
    }

    @Test func thePaperOnRecordAlreadyIsShown() {
        var fixture = Self.begun()
        fixture.key(.tab)
        fixture.type("12/UBND")
        for _ in 0..<3 { fixture.key(.pageDown) }
        fixture.reply(.checked(Station.RequestChecked(findings: [])))
        fixture.key(.enter)
        fixture.reply(.fault(AgentFault(.requestKnown, request: "R2026-000007")))
        #expect(fixture.drawn().contains("hồ sơ R2026-000007"))
        #expect(fixture.calls.last == .getRequest("R2026-000007"))
    }

    @Test func devicesAreAddedAndTakenOut() {
        var draft = RequestDraft()
        for number in 0..<3 {
            if number > 0 { _ = draft.addDevice() }
            draft[.device(number, .deviceNumber)] = TextField("N\(number)")
        }
        draft.go(to: .device(1, .mail))
        _ = draft.removeDevice()
        #expect(draft.form.devices.map(\.deviceNumber) == ["N0", "N2"])
        let last = (draft.removeDevice(), draft.removeDevice())
        #expect(last == (true, false), "one stays")
        while draft.addDevice() {}
        #expect(draft.devices == RequestDraft.mostDevices)
        #expect(draft.form.devices.count == 100)
    }

    @Test(arguments: [
        (RequestDraft.Kind.restore, 3, 4), (.handOver, 4, 4), (.takeBack, 5, 4), (.lost, 3, 5),
        (.misuse, 3, 5),
    ])
    func eachKindAsksForItsOwn(_ kind: RequestDraft.Kind, _ entries: Int, _ pages: Int) {
        var draft = RequestDraft()
        draft.kind = kind
        #expect(draft.entries(of: .paper).count == entries + 1)
        #expect(draft.pages.count == pages)
        for entry in [RequestDraft.Entry.permission, .noticed, .report(0), .report(2)] {
            draft[entry] = TextField(entry == .noticed ? "20/11/2026" : "x")
        }
        draft.isRevoked = true
        let form = draft.form
        #expect((form.permission != nil) == (kind == .handOver))
        #expect((form.returnReason != nil) == (kind == .takeBack))
        #expect((form.noticed != nil) == (kind == .takeBack))
        #expect(form.report == (kind == .lost || kind == .misuse ? "x x" : nil))
    }

    @Test func theKindIsTurnedByKeysAndNeverTyped() {
        var fixture = Self.begun()
        fixture.key(.right, .right)
        fixture.type("abc")
        #expect(Self.draft(fixture)?.kind == .takeBack)
        fixture.key(.left)
        #expect(Self.draft(fixture)?.kind == .handOver)
        #expect(fixture.drawn().contains("Văn bản cho phép"))
    }

    @Test func escapeDropsOnlyWhatSomebodyMeansToDrop() {
        var fixture = Self.begun()
        fixture.key(.tab)
        fixture.type("1")
        fixture.key(.escape)
        #expect(fixture.drawn().contains("Nhấn Esc lần nữa"))
        fixture.key(.tab, .escape)
        #expect(Self.draft(fixture) != nil, "another key came between")
        fixture.key(.escape)
        #expect(fixture.stage == .home)
    }

    @Test func theAgentsAbsenceLosesNothingTyped() {
        var fixture = Self.begun()
        fixture.key(.tab)
        fixture.type("12/UBND")
        fixture.send(.agent(.lost(.hungUp)))
        #expect(fixture.stage == .connecting)
        fixture.wait(1_000)
        fixture.send(.agent(.connected(StationInfo(training: true, version: "0.1"))))
        #expect(Self.draft(fixture)?[.number].text == "12/UBND")
    }

    @Test func aTimeThatCannotBeReadIsNotSentAsNow() {
        var fixture = Self.begun()
        fixture.key(.tab, .tab, .tab)
        fixture.type("hôm qua")
        for _ in 0..<3 { fixture.key(.pageDown) }
        fixture.reply(.checked(Station.RequestChecked(findings: [])))
        fixture.key(.enter)
        #expect(Self.draft(fixture)?.entry == .received)
        #expect(!fixture.calls.contains { if case .receiveRequest = $0 { true } else { false } })
    }

    @Test(arguments: [
        ("21/11/2026", "2026-11-21T00:00:00+07:00"), ("1/2/2026 9:05", "2026-02-01T09:05:00+07:00"),
        ("21/11/2026 24:00", nil), ("21-11-2026", nil), ("32/1/2026", nil), ("21/11/26", nil),
        ("21/11/2026 9:5", nil), ("", nil), ("21/11/2026 1 2", nil), ("٢١/11/2026", nil),
        ("+1/11/2026", nil), ("//", nil),
    ])
    func timesAreReadAsPeopleWriteThem(_ text: String, _ time: String?) {
        #expect(LocalTime.rfc3339(text) == time)
    }

    @Test func completingBeginsWithWhatIsThereAndLeavesOutWhatIsMasked() {
        var form = Station.RequestForm(
            kind: "restore", requestNumber: "12/UBND", managingBody: "UBND", devices: [])
        var contact = Station.Contact()
        contact.name = "Hoa"
        contact.personalNumber = "•••••••••234"
        form.contact = contact
        var row = Station.DeviceRow()
        row.deviceNumber = "0123"
        form.devices = [row]
        let shown = Station.RequestShown(
            request: "R-1", recorded: "", validSince: nil, missing: [], form: form, cases: [])
        let draft = RequestDraft(completing: shown)
        #expect(draft?.completes == "R-1")
        #expect(draft?[.contact(.name)].text == "Hoa")
        #expect(draft?[.contact(.personalNumber)].text == "")
        #expect(draft?.form.devices.first?.deviceNumber == "0123")
        #expect(draft?.entries(of: .paper).contains(.kind) == false)
    }

    @Test func anIncompleteCaseLeadsToItsPaper() {
        var fixture = CounterFixture(at: .home)
        fixture.key(.function(5))
        let found = Station.Case(
            number: "C-1", request: "R-1", kind: "restore", requestNumber: "12/UBND",
            managingBody: "UBND", deviceNumber: "0123", holder: nil, opened: "",
            state: "incomplete", restore: nil, acts: ["complete", "refuse", "close"])
        fixture.home([found])
        fixture.key(.enter)
        let form = Station.RequestForm(
            kind: "restore", requestNumber: "12/UBND", managingBody: "UBND", devices: [])
        fixture.reply(
            .request(
                Station.RequestShown(
                    request: "R-1", recorded: "", validSince: nil, missing: ["contact"],
                    form: form, cases: [found])))
        fixture.key(.enter)
        #expect(Self.draft(fixture)?.completes == "R-1")
        fixture.key(.tab)
        // Its own devices are no others' open cases.
        guard case .checkRequest(_, completing: "R-1") = fixture.calls.last else {
            Issue.record("\(String(describing: fixture.calls.last))")
            return
        }
        fixture.reply(.checked(Station.RequestChecked(findings: [])))
        for _ in 0..<3 { fixture.key(.pageDown) }
        fixture.key(.enter)
        guard case .completeRequest("R-1", _) = fixture.calls.last else {
            Issue.record("\(String(describing: fixture.calls.last))")
            return
        }
    }

    /// Nothing of the form is cut off at 80 × 24, in either language.
    @Test(arguments: RequestDraft.Kind.allCases, Language.allCases)
    func everyPageFits(_ kind: RequestDraft.Kind, _ language: Language) {
        var draft = RequestDraft()
        draft.kind = kind
        for page in draft.pages.indices {
            var fixture = Self.begun()
            fixture.counter.language = language
            draft.turn(to: page)
            draft.findings = [Self.finding("report", "missing")]
            fixture.counter.screen = .request(draft)
            let drawn = fixture.drawn()
            #expect(!drawn.contains("…") || draft.here == .summary, "\(drawn)")
            let grid = ScreenView.draw(fixture.counter, size: .smallest)
            let last = draft.entries(of: draft.here).last
            if let label = last?.label { #expect(drawn.contains(label.text(language))) }
            #expect(
                grid.targets.count { if case .key(.choose) = $0.effect { true } else { false } }
                    == draft.entries(of: draft.here).count)
        }
    }

    @Test(arguments: Language.allCases)
    func everyFindingFitsUnderItsField(_ language: Language) {
        for phrase in Phrase.allCases where phrase.rawValue.hasPrefix("finding") {
            #expect(CharacterWidth.of(phrase.text(language)) <= 41, "\(phrase)")
        }
    }
}
