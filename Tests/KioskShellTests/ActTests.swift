import StationInterface
import Testing

@testable import KioskShell

/// What an officer does with a case: each act, each fault, and nothing typed is lost.
@Suite struct ActTests {
    static let kinds = ["restore", "hand-over", "return", "lost", "misuse"]

    /// A case on its own screen, as it came with its request.
    static func opened(
        _ acts: [String], kind: String = "restore", state: String = "open",
        papers: [String] = []
    ) -> CounterFixture {
        opened(CounterFixture.found(state: state, kind: kind, acts: acts, papers: papers))
    }

    static func opened(_ found: Station.Case, missing: [String] = []) -> CounterFixture {
        var fixture = CounterFixture(at: .home)
        fixture.key(.end)
        fixture.key(.choose(1 + (fixture.counter.errands.firstIndex(of: .cases) ?? 0)), .enter)
        fixture.reply(.found([found]))
        fixture.key(.enter)
        fixture.reply(.request(shown([found], missing: missing)))
        return fixture
    }

    static func shown(_ cases: [Station.Case], missing: [String] = []) -> Station.RequestShown {
        Station.RequestShown(
            request: "Y-1", recorded: "2026-11-20T17:00:00Z", validSince: nil, missing: missing,
            form: nil, cases: cases)
    }

    @Test func whatARequestLacksIsSaidInWords() {
        let missing = ["devices[1].mail:mail-private", "contact.mobile:mobile-form", "x:of-tomorrow"]
        var fixture = Self.opened(CounterFixture.found(state: "incomplete"), missing: missing)
        for (language, words) in [
            (Language.vietnamese, ["thiết bị 2, 2.4 Thư điện tử công vụ: là thư cá nhân", "1.7"]),
            (.english, ["device 2, 2.4 Official mail: a private address", "1.7 Mobile phone"]),
        ] {
            fixture.counter.language = language
            for part in words { #expect(fixture.drawn().contains(part)) }
            #expect(!fixture.drawn().contains("mail-private"))
            let later = "x: \(Phrase.labelDetail.text(language)): of-tomorrow"
            #expect(fixture.drawn().contains(later), "another version's word")
        }
    }

    /// Each of seven points is on the screen or counted, one key shows the rest, and who hears the
    /// screen hears all.
    @Test(arguments: ScreenTests.sizes) func whatDoesNotFitOfWhatIsMissingIsCounted(_ size: Size) {
        let fields = RequestDraft.Contact.allCases.map { RequestDraft.Entry.contact($0).field }
        #expect(fields.count == 7)
        var fixture = Self.opened(
            CounterFixture.found(
                state: "incomplete", acts: ["refuse", "route", "close"],
                papers: ["completion-request"]),
            missing: fields.map { $0 + ":missing" })
        let told = ToldPage(fixture.counter).lines.map { "\($0)" }.joined()
        var seen: Set<String> = []
        for _ in fields {
            fixture.counter.notice = Sentence(.noticeRefused, "41")
            let drawn = fixture.drawn(size)
            let here = fields.filter { field in
                let finding = Station.IntakeFinding(
                    field: field, rule: "missing", mustComplete: true, message: "")
                #expect(told.contains(finding.place(.vietnamese)))
                return drawn.contains("✗ " + finding.place(.vietnamese))
            }
            #expect(!here.isEmpty, "\(drawn)")
            let more = Phrase.caseMissingMore.text(.vietnamese, [String(fields.count - here.count)])
            #expect(drawn.contains(more) == (here.count < fields.count), "\(drawn)")
            #expect(drawn.contains(Phrase.actClose.vietnamese), "\(drawn)")
            seen.formUnion(here)
            fixture.key(.pageDown)
        }
        #expect(seen == Set(fields))
    }

    /// Acts and papers of the agent, the kind, and what Enter leads to before anybody chose.
    static let first: [([String], [String], String, CaseView.Choice?)] = [
        (["refuse", "record", "close"], ["reception-slip"], "return", .act(.record)),
        (["refuse", "close"], ["completion-request"], "lost", .paper("completion-request")),
        (["refuse", "record", "close"], [], "hand-over", .prove),
        (["close"], ["restore-notice"], "lost", .paper("restore-notice")),
        (["send-notice", "close"], ["receipt"], "lost", .act(.sendNotice)),
        (["refuse", "route", "close"], [], "restore", .restore),
        (["refuse", "route", "close"], [], "lost", nil), ([], [], "lost", nil),
    ]

    /// A restore after a refusal is chosen by somebody, never come upon: not from the list either.
    @Test(arguments: [[], ["refusal"]])
    func ofARefusedCaseItsPaperIsChosenAtMost(_ papers: [String]) {
        let found = CounterFixture.found(
            state: "refused", acts: ["send-notice", "close"], papers: papers)
        var fixture = CounterFixture(at: .home)
        fixture.key(.function(5))
        fixture.home([found])
        fixture.key(.enter)
        guard case .caseView(let view) = fixture.counter.screen else {
            Issue.record("\(fixture.counter.screen)")
            return
        }
        #expect(view.choices.contains(.restore))
        #expect(view.place.map { view.choices[$0] } == papers.first.map { .paper($0) })
    }

    @Test(arguments: first.indices) func nothingThatEndsACaseIsChosenByItself(_ row: Int) {
        let (acts, papers, kind, choice) = Self.first[row]
        var fixture = Self.opened(acts, kind: kind, papers: papers)
        guard case .caseView(let view) = fixture.counter.screen else {
            Issue.record("\(fixture.counter.screen)")
            return
        }
        #expect(view.place.map { view.choices[$0] } == choice)
        #expect(fixture.counter.keyHints.contains(KeyHint("Enter", .keyChoose)) == (choice != nil))
        guard choice == nil else { return }
        fixture.key(.enter)
        #expect(fixture.counter.screen == .caseView(view), "Enter leads nowhere")
        fixture.key(.right)
        guard case .caseView(let moved) = fixture.counter.screen else { return }
        #expect(moved.place == (acts.isEmpty ? nil : 0), "they are there to be chosen")
    }

    /// What the request brings stands before the acts: who had moved stays where they were.
    @Test func whatSomebodyChoseStaysChosenWhenTheRequestComes() {
        let found = CounterFixture.found(
            state: "incomplete", kind: "lost", acts: ["complete", "refuse", "close"],
            papers: ["completion-request"])
        for (keys, choice) in [
            ([], .complete), ([Key.left], .act(.close)), ([.left, .left], .act(.refuse)),
        ] as [([Key], CaseView.Choice)] {
            var fixture = CounterFixture(at: .home)
            fixture.key(.end)
            fixture.key(.choose(1 + (fixture.counter.errands.firstIndex(of: .cases) ?? 0)), .enter)
            fixture.reply(.found([found]))
            fixture.key(.enter)
            for key in keys { fixture.key(key) }
            let form = Station.RequestForm(
                kind: "lost", requestNumber: "1", managingBody: "b", devices: [])
            fixture.reply(
                .request(
                    Station.RequestShown(
                        request: "Y-1", recorded: "2026-11-20T17:00:00Z", validSince: nil,
                        missing: [], form: form, cases: [found])))
            guard case .caseView(let view) = fixture.counter.screen else {
                Issue.record("\(fixture.counter.screen)")
                return
            }
            #expect(view.choices.first == .complete)
            #expect(view.place.map { view.choices[$0] } == choice)
        }
    }

    static func form(_ act: CaseAct, kind: String = "restore", state: String = "open")
        -> CounterFixture
    {
        var fixture = opened([act.rawValue], kind: kind, state: state)
        guard case .caseView(let view) = fixture.counter.screen,
            let place = view.choices.firstIndex(of: .act(act))
        else {
            Issue.record("\(act) is not offered")
            return fixture
        }
        fixture.key(.choose(place), .enter)
        return fixture
    }

    private func form(_ fixture: CounterFixture) -> ActForm? {
        if case .act(let form) = fixture.counter.screen { return form }
        return nil
    }

    @Test func theCasesOwnActsAreOffered() {
        let fixture = Self.opened(["complete", "refuse", "route", "close", "of-tomorrow"])
        guard case .caseView(let view) = fixture.counter.screen else { return }
        #expect(view.choices == [.restore, .act(.refuse), .act(.route), .act(.close)])
        #expect(fixture.drawn().contains("Từ chối đề nghị"))
    }

    /// act, kind, state, keys, the call that they lead to.
    static let acts: [(CaseAct, String, String, [Key], AgentCall)] = [
        (.record, "lost", "open", [.enter], .recordCase("C-1")),
        (
            .route, "restore", "open", [.down, .enter, .enter],
            .routeCase("C-1", carrier: "hsm")
        ),
        (
            .refuse, "restore", "open", [.enter, .down, .down, .character(" "), .pageDown, .enter],
            .refuseCase(
                "C-1",
                reasons: [
                    "missing: " + Phrase.refuseIncomplete.vietnamese,
                    "mail-private: " + Phrase.refuseMail.vietnamese,
                ])
        ),
        (
            .close, "restore", "restored", [.enter, .enter],
            .closeCase("C-1", reason: Phrase.closeDone.vietnamese)
        ),
        (
            .sendNotice, "restore", "restored",
            [.enter, .character("7"), .enter, .enter],
            .sendNotice("C-1", to: "managing-body", reference: "7")
        ),
        (
            .sendNotice, "restore", "routed", [.pageDown, .up, .character("7"), .enter, .enter],
            .sendNotice("C-1", to: "provider", reference: "7")
        ),
        (
            .sendNotice, "hand-over", "recorded",
            [.down, .enter, .character("7"), .enter, .enter],
            .sendNotice("C-1", to: "managing-body", reference: "7")
        ),
        (
            .sendNotice, "misuse", "recorded", [.pageDown, .up, .character("7"), .enter, .enter],
            .sendNotice("C-1", to: "authority", reference: "7")
        ),
    ]

    @Test(arguments: acts.indices)
    func eachActAsksTheAgentAndShowsTheCaseAgain(_ row: Int) {
        let (act, kind, state, keys, call) = Self.acts[row]
        var fixture = Self.form(act, kind: kind, state: state)
        for key in keys { fixture.key(key) }
        #expect(fixture.calls.last == call)
        fixture.reply(.recorded(Station.Receipt(journalSequence: 41, journalHead: "8d40")))
        #expect(fixture.counter.notice == Sentence(act.done, "41"))
        #expect(fixture.calls.last == .getRequest("Y-1"))
        let now = CounterFixture.found(state: "closed", kind: kind)
        fixture.reply(.request(Self.shown([now])))
        #expect(fixture.drawn().contains("đã đóng"))
        #expect(fixture.drawn().contains("41"))
    }

    @Test func ownReasonsAreAddedOneByOne() {
        var fixture = Self.form(.refuse, kind: "misuse", state: "open")
        fixture.counter.chosenInput = .off
        fixture.key(.pageDown, .up)
        fixture.type("Một.")
        fixture.key(.enter)
        fixture.type("Hai.")
        fixture.key(.enter)
        fixture.type("Ba.")
        // The first of them was not meant after all.
        guard let form = form(fixture), case .text = form.row else {
            Issue.record("\(fixture.counter.screen)")
            return
        }
        fixture.key(.choose(form.options.count), .enter, .pageDown, .enter)
        #expect(fixture.calls.last == .refuseCase("C-1", reasons: ["Hai.", "Ba."]))
    }

    @Test func whatIsTypedClosesACaseInsteadOfWhatWasChosen() {
        var fixture = Self.form(.close)
        fixture.counter.chosenInput = .off
        fixture.key(.enter, .up)
        fixture.type("Khác")
        fixture.key(.enter, .enter)
        #expect(fixture.calls.last == .closeCase("C-1", reason: "Khác"))
    }

    private static let toBeAnswered = CaseAct.allCases.filter { $0 != .record }

    @Test(arguments: toBeAnswered)
    func nothingIsSentWithoutAnAnswer(_ act: CaseAct) {
        var fixture = Self.form(act)
        let before = fixture.calls
        fixture.key(.pageDown, .enter)
        #expect(fixture.calls == before)
        #expect(fixture.counter.notice != nil)
    }

    @Test(arguments: AgentFault.Code.allCases)
    func afterAFaultTheFormIsAsItWas(_ code: AgentFault.Code) {
        var fixture = Self.form(.sendNotice)
        fixture.key(.pageDown, .up)
        fixture.type("12/SKHCN")
        fixture.key(.enter, .enter)
        fixture.reply(.fault(AgentFault(code)))
        if code == .signInRequired {
            guard case .officer(let proof) = fixture.counter.screen else {
                Issue.record("\(fixture.counter.screen)")
                return
            }
            guard case .act(let form) = proof.after else { return }
            #expect(form.text.text == "12/SKHCN")
            return
        }
        #expect(form(fixture)?.text.text == "12/SKHCN")
        #expect(fixture.counter.notice == Sentence(Problem.words(code).happened))
    }

    @Test func aHandOverWithoutItsProofSaysSo() {
        var fixture = Self.form(.record, kind: "hand-over")
        fixture.key(.enter)
        fixture.reply(.fault(AgentFault(.actRefused)))
        #expect(fixture.drawn().contains("Khóa của thiết bị chưa được kiểm tra"))
    }

    @Test func whatWasSentWhenTheAgentWentIsLookedAtFirstAndNotLost() {
        var fixture = Self.form(.sendNotice)
        fixture.key(.pageDown, .up)
        fixture.type("12/SKHCN")
        fixture.key(.enter, .enter)
        fixture.send(.agent(.lost(.hungUp)))
        fixture.send(.agent(.connected(StationInfo(training: true, version: "0.1"))))
        #expect(fixture.counter.notice == Sentence(.noticeActUnclear))
        #expect(fixture.calls.last == .getRequest("Y-1"))
        fixture.reply(.request(Self.shown([CounterFixture.found(acts: ["send-notice"])])))
        fixture.key(.choose(1), .enter)
        #expect(form(fixture)?.text.text == "12/SKHCN")
        #expect(form(fixture)?.isSent == false)
    }

    @Test func theFormComesBackAfterTheAgentDoes() {
        var fixture = Self.form(.close)
        fixture.key(.enter)
        fixture.send(.agent(.lost(.hungUp)))
        fixture.send(.agent(.connected(StationInfo(training: true, version: "0.1"))))
        #expect(form(fixture)?.chosen == [0])
    }

    @Test func aCaseWhoseRequestIsGoneIsStillShownAsItIs() {
        var fixture = Self.opened(["close"])
        fixture.key(.function(5))
        fixture.reply(.fault(AgentFault(.requestUnknown)))
        #expect(fixture.calls.last == .getCase("C-1"))
        fixture.reply(.oneCase(CounterFixture.found(state: "closed")))
        #expect(fixture.drawn().contains("đã đóng"))
    }

    /// Every act on every kind of case, at the smallest size, in both languages, with a notice.
    @Test(arguments: CaseAct.allCases, kinds)
    func nothingIsCutOffAtTheSmallestSize(_ act: CaseAct, _ kind: String) {
        for language in Language.allCases {
            var fixture = Self.form(act, kind: kind)
            fixture.counter.language = language
            let plain = fixture.drawn()
            #expect(!plain.contains("…"), "\(plain)")
            fixture.counter.notice = Sentence(.noticeProveFirst)
            let drawn = fixture.drawn()
            #expect(!drawn.contains("…"), "\(drawn)")
            #expect(drawn.contains(Phrase.actDo.text(language)), "\(drawn)")
            guard let form = form(fixture) else { return }
            for option in form.options.indices {
                fixture.key(.choose(option))
                #expect(fixture.drawn().contains(form.options[option].phrase.text(language)))
            }
        }
    }

    /// What can be done and what happened is on the screen whatever there is to tell.
    @Test func aFullCaseKeepsItsChoicesAndItsNotice() {
        var fixture = Self.opened(
            ["refuse", "route", "close"], state: "incomplete", papers: [])
        for language in Language.allCases {
            fixture.counter.language = language
            fixture.counter.notice = Sentence(.noticeRefused, "41")
            let drawn = fixture.drawn()
            for phrase in [Phrase.actRefuse, .actRoute, .actClose] {
                #expect(drawn.contains(phrase.text(language)), "\(drawn)")
            }
            #expect(!drawn.contains("…"), "\(drawn)")
        }
    }

    @Test(arguments: CaseAct.allCases, ScreenTests.sizes)
    func rowsAndKeysCanBeTouched(_ act: CaseAct, _ size: Size) {
        let fixture = Self.form(act)
        let grid = ScreenView.draw(fixture.counter, size: size)
        guard let form = form(fixture) else { return }
        for place in form.rows.indices where place != form.focus {
            #expect(grid.targets.contains { $0.effect == .key(.choose(place)) })
        }
        for hint in fixture.counter.keyHints where hint.pressed != nil {
            #expect(
                grid.targets.contains { target in
                    hint.pressed.map { target.effect == .key($0) } == true && target.height >= 2
                })
        }
    }
}
