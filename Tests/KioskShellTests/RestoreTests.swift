import Testing

@testable import KioskShell

/// The restore walk as it should go: whose token, can it be helped, codes, the result.
@Suite struct RestoreTests {
    @Test func aRestoreGoesFromTheRequestToTheResult() {
        let fixture = CounterFixture(at: .result)
        #expect(fixture.stage == .result)
        #expect(
            fixture.calls == [
                .officers, .listDue, .status,
                .inspect(reader: CounterFixture.reader, caseID: "C-1"),
                .begin(
                    caseID: "C-1", reader: CounterFixture.reader, pinForgotten: false,
                    compared: []),
            ])
        let sent = fixture.log.filter { if case .unblock = $0 { true } else { false } }
        #expect(sent.count == 1)
    }

    @Test(arguments: CounterFixture.Stage.allCases)
    func everyStageIsReached(_ stage: CounterFixture.Stage) {
        #expect(CounterFixture(at: stage).stage == stage)
    }

    // MARK: codes

    @Test(
        arguments: [CounterFixture.Stage.unblockingCode, .newPIN],
        [
            CounterEvent.agent(.readers([])), .agent(.readers(CounterFixture.readers(.empty))),
            .agent(.readers(CounterFixture.readers(.present, insertion: 2))),
            .agent(.readers(CounterFixture.readers(.mute))), .agent(.lost(.hungUp)), .key(.escape),
        ])
    func codesAreWipedWhenTheWalkLeavesThem(_ stage: CounterFixture.Stage, _ event: CounterEvent) {
        var fixture = CounterFixture(at: stage)
        #expect(fixture.send(event).contains(.wipeCodes))
        switch fixture.counter.screen {
        case .unblockingCode(let session), .newPIN(let session): #expect(!session.holdsCode)
        case .turnBack(let back): #expect(!back.session.holdsCode)
        default: break
        }
    }

    @Test(arguments: [CounterFixture.Stage.unblockingCode, .newPIN])
    func codesAreWipedAfterAMinuteWithoutAKey(_ stage: CounterFixture.Stage) {
        var fixture = CounterFixture(at: stage)
        fixture.wait(59_000)
        #expect(!fixture.last.contains(.wipeCodes))
        #expect(fixture.stage == stage)
        #expect((fixture.counter.deadline ?? .max) <= 60_000)
        fixture.wait(1_000)
        #expect(fixture.last.contains(.wipeCodes))
        let back = stage == .newPIN ? CounterFixture.Stage.turnBack : .unblockingCode
        #expect(fixture.stage == back)
        let words = Phrase.noticeIdle.vietnamese.split(separator: " ").prefix(6)
        #expect(fixture.drawn().contains(words.joined(separator: " ")))
        fixture.wait(60_000)
        #expect(fixture.stage == back)
    }

    @Test func anEndedPermitIsGivenBackAndSaid() {
        var fixture = CounterFixture(at: .unblockingCode)
        for _ in 0..<11 { fixture.wait(59_000) }
        #expect(fixture.stage == .help)
        #expect(fixture.counter.notice?.phrase == .noticePermitExpired)
        #expect(fixture.calls.contains(.cancel(restore: "R-1")))
    }

    @Test func aPullBeforeTheCodeIsSentCancelsTheRestore() {
        for stage in [CounterFixture.Stage.unblockingCode, .newPIN, .turnBack] {
            var fixture = CounterFixture(at: stage)
            fixture.readers(.empty)
            #expect(fixture.calls.last == .cancel(restore: "R-1"))
            #expect(fixture.counter.notice?.phrase == .noticePulled)
            // Put back, it is read again without a key.
            fixture.readers(.present, insertion: 2)
            #expect(fixture.stage == .reading)
        }
    }

    @Test func codesGoOutOnceAndOnlyWhenTheRulesAreMet() {
        var fixture = CounterFixture(at: .newPIN)
        fixture.code(.newPIN, 5)
        fixture.key(.enter)
        #expect(fixture.stage == .newPIN)
        #expect(fixture.counter.notice?.phrase == .noticeRulesFirst)
        fixture.code(.newPIN, 6)
        fixture.key(.enter)
        fixture.code(.repeatedPIN, 6, same: false)
        fixture.key(.enter)
        #expect(fixture.last == [.wipe(.repeatedPIN)])
        #expect(fixture.counter.notice?.phrase == .noticeDifferent)
        fixture.code(.repeatedPIN, 6, same: true)
        fixture.key(.enter)
        #expect(fixture.last.contains { if case .unblock = $0 { true } else { false } })
        #expect(fixture.last.last == .wipeCodes)
        fixture.key(.enter, .enter)
        let sent = fixture.log.filter { if case .unblock = $0 { true } else { false } }
        #expect(sent.count == 1)
    }

    @Test func anUnfitUnblockingCodeIsNotTakenFurther() {
        var fixture = CounterFixture(at: .unblockingCode)
        fixture.code(.unblocking, 7)
        fixture.key(.enter)
        #expect(fixture.stage == .unblockingCode)
        #expect(fixture.counter.notice?.phrase == .noticeUnblockingLength)
    }

    @Test(
        arguments: [
            (.newCodeRefused, .noticeNewCodeRefused), (.newCodeCommon, .noticeNewCodeCommon),
            (.newCodeSame, .noticeNewCodeSame),
        ] as [(AgentFault.Code, Phrase)])
    func aRefusedNewPINLeadsBackWithoutLoss(_ code: AgentFault.Code, _ notice: Phrase) {
        var fixture = CounterFixture(at: .progress)
        fixture.reply(.fault(AgentFault(code)))
        #expect(fixture.stage == .turnBack)
        let words = notice.vietnamese.split(separator: " ").prefix(6).joined(separator: " ")
        #expect(fixture.drawn().contains(words))
        fixture.key(.enter)
        #expect(fixture.stage == .unblockingCode)
    }

    /// The holder still sits before the screen: what they type must not become an unblocking code.
    @Test(arguments: [AgentFault.Code?.some(.newCodeCommon), .unblockingCodeUnfit, nil])
    func codesAreAskedAnewOnlyOnceTheScreenFacesTheOfficer(_ code: AgentFault.Code?) {
        var fixture = CounterFixture(at: code == nil ? .newPIN : .progress)
        if let code { fixture.reply(.fault(AgentFault(code))) } else { fixture.key(.escape) }
        #expect(fixture.stage == .turnBack)
        #expect(fixture.drawn().contains(Phrase.turnBackTitle.vietnamese))
        // Typed ahead, it is not even read.
        fixture.type("864209")
        fixture.send(.key(.enter))
        #expect(fixture.stage == .turnBack)
        fixture.read()
        fixture.type("864209")
        fixture.send(.key(.enter))
        #expect(fixture.stage == .turnBack && fixture.counter.codeSlot == nil)
        #expect(fixture.counter.notice == nil)
        fixture.key(.enter)
        guard case .unblockingCode(let session) = fixture.counter.screen else {
            Issue.record("\(fixture.counter.screen)")
            return
        }
        #expect(!session.holdsCode && !session.same && !session.repeating)
    }

    @Test func thePermitEndsOnTheWayBackToo() {
        var fixture = CounterFixture(at: .turnBack)
        fixture.wait(600_000)
        #expect(fixture.stage == .help)
        #expect(fixture.calls.last == .cancel(restore: "R-1"))
        var left = CounterFixture(at: .turnBack)
        left.key(.escape)
        #expect(left.stage == .help)
        #expect(left.calls.last == .cancel(restore: "R-1"))
    }

    // MARK: whose token, can it be helped

    @Test func aTokenThatIsNotLockedWantsTheOfficersRecord() {
        var fixture = CounterFixture(
            at: .help, report: CounterFixture.report(help: .notLocked, locked: false))
        let begin = KeyHint("Enter", .keyAskPermit)
        #expect(!fixture.counter.keyHints.contains(begin))
        var recorded = fixture
        recorded.key(.function(8))
        #expect(recorded.counter.keyHints.contains(begin))
        fixture.key(.enter)
        #expect(fixture.counter.notice?.phrase == .noticeForgottenFirst)
        #expect(fixture.counter.awaiting == nil)
        fixture.key(.function(8), .enter)
        #expect(
            fixture.calls.last
                == .begin(
                    caseID: "C-1", reader: CounterFixture.reader, pinForgotten: true,
                    compared: []))
    }

    @Test(
        arguments: [
            ("device_number", .absent, []), ("certificate_name", .near, ["Nguyên Văn An"]),
            ("mail", .absent, ["an@haiphong.gov.vn"]),
        ] as [(String, ComparedRow.Verdict, [String])])
    func whatTheAgentCannotDecideTheOfficerDoes(
        _ field: String, _ verdict: ComparedRow.Verdict, _ held: [String]
    ) {
        var fixture = CounterFixture(
            at: .identity,
            report: CounterFixture.report(
                compared: CounterFixture.compared(field, verdict, held: held)))
        #expect(fixture.drawn().contains("≈ " + Phrase.look.vietnamese))
        #expect(!fixture.counter.keyHints.contains { $0.key == "Enter" })
        fixture.key(.enter)
        #expect(fixture.stage == .identity)
        #expect(fixture.counter.notice?.phrase == .noticeCompareFirst)
        fixture.key(.function(7), .enter, .enter)
        #expect(
            fixture.calls.last
                == .begin(
                    caseID: "C-1", reader: CounterFixture.reader, pinForgotten: false,
                    compared: [field]))
    }

    /// However long the names are: at 80 × 24 what to do is there to its last word.
    @Test(arguments: Language.allCases, [1, 2, 3, 4, 5])
    func whatToCompareIsSaidWhole(_ language: Language, _ long: Int) {
        let name = String(repeating: "Sở Khoa học và Công nghệ ", count: 6)
        var compared = CounterFixture.compared("mail", .absent, held: ["an@haiphong.gov.vn"])
        for i in compared.indices.prefix(long) {
            (compared[i].asked, compared[i].held) = (name, [name])
        }
        var fixture = CounterFixture(
            at: .identity, report: CounterFixture.report(compared: compared))
        fixture.counter.language = language
        for key in [nil, Key.function(7)] {
            if let key { fixture.key(key) }
            let phrase: Phrase = key == nil ? .comparedNo : .comparedYes
            let card = fixture.drawn().split(separator: "\n").map {
                $0.drop { "│ ".contains($0) }
            }
            let lines = Wrapping.lines(phrase.text(language), width: 70, most: 3)
            for line in lines { #expect(card.contains { $0.contains(line) }, "\(line)") }
        }
    }

    @Test func aTokenOfAnotherNumberStopsWhereItIsSeen() {
        for language in Language.allCases {
            var fixture = CounterFixture(
                at: .identity,
                report: CounterFixture.report(
                    compared: CounterFixture.compared("device_number", .different, held: ["99"])))
            fixture.counter.language = language
            let text = fixture.drawn()
            #expect(text.contains("✗ " + Phrase.different.text(language)))
            for phrase in [Phrase.identityOther, .identityUntouched, .doFindToken] {
                let words = phrase.text(language).split(separator: " ").prefix(6)
                #expect(text.contains(words.joined(separator: " ")), "\(phrase)")
            }
            fixture.key(.function(7), .enter, .enter)
            #expect(fixture.stage == .identity)
            #expect(fixture.counter.keyHints == [KeyHint("Esc", .keyOtherToken)])
            #expect(
                fixture.calls.last == .inspect(reader: CounterFixture.reader, caseID: "C-1"))
            fixture.key(.escape)
            #expect(fixture.stage == .waiting)
            fixture.readers(.present)
            #expect(fixture.stage == .waiting)
        }
    }

    /// how the last try is known, and whether codes may be asked for.
    static let lastTries: [(Help, Int?, [String], Verdict)] = [
        (.possible, 1, ["last-try"], .lastTry), (.possible, 1, [], .lastTry),
        (.possible, nil, ["last-try"], .lastTry), (.notLocked, 1, ["not-locked"], .lastTry),
        (.impossible, 1, ["certificate-expired", "last-try"], .impossible),
        (.possible, 2, [], .possible), (.possible, nil, [], .possible),
        (.possible, 0, [], .possible),
    ]

    @Test(arguments: lastTries)
    func theLastTryIsSaidBeforeAnyCode(
        _ help: Help, _ tries: Int?, _ reasons: [String], _ verdict: Verdict
    ) {
        let report = CounterFixture.report(help: help, reasons: reasons, unblockingTries: tries)
        #expect(report.verdict == verdict)
        guard verdict == .lastTry else { return }
        for language in Language.allCases {
            var fixture = CounterFixture(at: .help, report: report)
            fixture.counter.language = language
            let text = fixture.drawn()
            #expect(text.contains(Phrase.helpLastTry.text(language)))
            #expect(text.contains("--case C-1 --last-try") && !text.contains("doctor"))
            fixture.key(.function(8), .enter)
            #expect(fixture.stage == .home)
            #expect(!fixture.calls.contains { if case .begin = $0 { true } else { false } })
        }
    }

    @Test func aPermitForTheLastTryIsGivenBack() {
        var fixture = CounterFixture(at: .help)
        fixture.key(.enter)
        var permit = CounterFixture.permit
        permit.unblockingTries = 1
        fixture.reply(.permit(permit))
        #expect(fixture.calls.last == .cancel(restore: "R-1"))
        #expect(fixture.stage == .help)
        #expect(fixture.drawn().contains("--last-try"))
    }

    @Test func aPermitForAWayTheScreensDoNotHaveIsGivenBack() {
        var fixture = CounterFixture(at: .help)
        fixture.key(.enter)
        var permit = CounterFixture.permit
        permit.isTyped = false
        fixture.reply(.permit(permit))
        #expect(fixture.calls.last == .cancel(restore: "R-1"))
        #expect(fixture.stage == .problem)
        #expect(fixture.drawn().contains(Phrase.faultOtherWay.vietnamese.prefix(20)))
    }

    /// The agent also holds back where it does not know the number: no screen says "one" then.
    @Test func aRefusalOfTheLastTryIsSaidWhereItWasAsked() {
        var fixture = CounterFixture(at: .help, report: CounterFixture.report(unblockingTries: nil))
        fixture.key(.enter)
        fixture.reply(.fault(AgentFault(.lastTry)))
        #expect(fixture.stage == .help)
        #expect(fixture.drawn().contains("--last-try"))
        #expect(fixture.drawn().contains(Phrase.helpTriesUnknown.vietnamese))
        #expect(!fixture.drawn().contains(Phrase.helpLastTry.vietnamese))
        fixture.key(.escape)
        #expect(fixture.stage == .identity)
    }

    @Test(arguments: [AgentFault.Code.lastTry, .triesUnknown])
    func anErrorOfTheLastTryNamesWhoMayUseIt(_ code: AgentFault.Code) {
        var fixture = CounterFixture(at: .progress)
        fixture.reply(.fault(AgentFault(code)))
        #expect(fixture.drawn().contains("--last-try"))
        #expect(!fixture.drawn().contains("doctor"))
    }

    // MARK: typing ahead

    /// Every screen that tells an end or an error, and how it comes.
    static let verdicts: [(CounterFixture.Stage, TokenReport, AgentReply?)] = [
        (.progress, CounterFixture.report(), .finished(CounterFixture.result(.failed))),
        (.progress, CounterFixture.report(), .finished(CounterFixture.result(.restored))),
        (.progress, CounterFixture.report(), .fault(AgentFault(.tokenFault))),
        (.reading, CounterFixture.report(), .fault(AgentFault(.tokenMute))),
        (
            .reading,
            CounterFixture.report(
                compared: CounterFixture.compared("device_number", .different, held: ["9"])), nil
        ),
        (.identity, CounterFixture.report(help: .impossible), nil),
        (.identity, CounterFixture.report(unblockingTries: 1), nil),
    ]

    @Test(arguments: verdicts)
    func keysTypedAheadDoNotSendAnEndAway(
        _ stage: CounterFixture.Stage, _ report: TokenReport, _ reply: AgentReply?
    ) {
        var fixture = CounterFixture(at: stage, report: report)
        if stage == .identity {
            fixture.send(.key(.enter))
        } else {
            fixture.reply(reply ?? .report(report))
        }
        let screen = fixture.counter.screen
        #expect(screen.isVerdict)
        for delay: Milliseconds in [0, 300, 699] {
            fixture.time += delay
            for key in [Key.enter, .escape, .function(5), .function(10), .control("q"), .down] {
                #expect(fixture.send(.key(key)).isEmpty)
                #expect(fixture.counter.screen == screen)
            }
            fixture.send(.key(.function(2)))
            #expect(fixture.counter.screen == screen)
        }
        fixture.time += 1
        fixture.send(.key(.escape))
        #expect(fixture.counter.screen != screen)
    }

    @Test func aTokenBeyondHelpIsRefusedBeforeAnyCode() {
        var fixture = CounterFixture(
            at: .help,
            report: CounterFixture.report(help: .impossible, reasons: ["unblocking-code-blocked"]))
        #expect(fixture.drawn().contains(Phrase.reasonBlocked.vietnamese))
        fixture.key(.enter)
        #expect(fixture.stage == .home)
        #expect(!fixture.calls.contains { if case .begin = $0 { true } else { false } })
    }

    @Test func aRequestThatSaysOtherwiseThanTheCertificateStops() {
        var fixture = CounterFixture(
            at: .identity,
            report: CounterFixture.report(
                compared: CounterFixture.compared("certificate_name", .different, held: ["Lê An"])))
        let text = fixture.drawn()
        for phrase in [Phrase.identityDiffers, .identityUntouched, .doAskBody] {
            let words = phrase.vietnamese.split(separator: " ").prefix(6)
            #expect(text.contains(words.joined(separator: " ")), "\(phrase)")
        }
        fixture.key(.function(7), .enter, .enter)
        #expect(fixture.stage == .identity)
    }

    @Test func theFormNamesTheCaseThatTheDeviceHas() {
        var fixture = CounterFixture(at: .form)
        for text in ["12/UBND", "UBND phường", "An", "77"] {
            fixture.type(text)
            fixture.key(.enter)
        }
        fixture.reply(AgentReply(error: .deviceOpen("2026-000007", "m", next: "n")))
        #expect(fixture.stage == .form)
        #expect(fixture.drawn().contains("đang có hồ sơ 2026-000007 chưa giải quyết xong"))
    }

    @Test func theFormAsksForEveryFieldAndKeepsWhatWasTyped() {
        var fixture = CounterFixture(at: .form)
        fixture.type("12/UBND")
        fixture.key(.enter, .enter, .enter, .enter)
        #expect(fixture.counter.notice?.phrase == .noticeFieldEmpty)
        fixture.type(" UBND phường ")
        fixture.key(.enter)
        fixture.type("An")
        fixture.key(.enter)
        fixture.type("77")
        fixture.key(.enter)
        #expect(
            fixture.calls.last
                == .openCase(
                    requestNumber: "12/UBND", managingBody: "UBND phường", holder: "An",
                    deviceNumber: "77"))
        fixture.reply(.fault(AgentFault(.journal)))
        #expect(fixture.stage == .form)
        #expect(fixture.drawn().contains("12/UBND"))
        fixture.key(.enter)
        fixture.reply(.opened(CounterFixture.request))
        #expect(fixture.stage == .waiting)
    }

    @Test(arguments: [
        ("7７", "７ (U+FF17)", "2"), ("77\u{200B}", "U+200B", "3"), ("-./", "", ""),
    ])
    func aDeviceNumberIsNotSentBeforeItIsOne(_ text: String, _ name: String, _ place: String) {
        var fixture = CounterFixture(at: .form)
        for _ in 0..<3 {
            fixture.type("a")
            fixture.key(.enter)
        }
        for scalar in text.unicodeScalars { fixture.send(.key(.pasted(scalar))) }
        let asked = fixture.calls.count
        fixture.key(.enter)
        #expect(fixture.calls.count == asked && fixture.stage == .form)
        #expect(
            fixture.counter.notice
                == (name.isEmpty
                    ? Sentence(.noticeDeviceNothing)
                    : Sentence(.noticeDeviceCharacter, name, place)))
    }

    /// Both codes are entered at the reader, and none of what was typed goes anywhere.
    @Test func aReadersPadTakesBothCodes() {
        let pad = ReaderPad(verifies: true, unblocks: true, seconds: 30)
        var fixture = CounterFixture(at: .help)
        fixture.key(.enter)
        var permit = CounterFixture.permit
        permit.pad = pad
        fixture.reply(.permit(permit))
        fixture.code(.unblocking, 3)
        #expect(fixture.drawn().contains("F7"))
        fixture.key(.function(7))
        #expect(fixture.last.first == .wipeCodes)
        #expect(fixture.calls.last == .unblockAtPad(restore: "R-1"))
        #expect(fixture.stage == .progress)
        fixture.send(
            .agent(
                .progress(
                    fixture.counter.awaiting ?? Ticket(number: 0), steps: [], overdue: false,
                    atPad: PadPrompt(unblocks: true, seconds: 30))))
        #expect(fixture.drawn().contains("trong 30"))
        fixture.reply(.finished(CounterFixture.result(.restored)))
        #expect(fixture.stage == .result)
    }

    @Test func aPadThatTakesThePINAloneIsNotOfferedForBoth() {
        let pad = ReaderPad(verifies: true, unblocks: false, seconds: 30)
        var fixture = CounterFixture(at: .help)
        fixture.key(.enter)
        var permit = CounterFixture.permit
        permit.pad = pad
        fixture.reply(.permit(permit))
        fixture.key(.function(7))
        #expect(fixture.stage == .unblockingCode)
        #expect(!fixture.drawn().contains("F7"))
    }
}
