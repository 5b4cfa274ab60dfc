import Testing

@testable import KioskShell

private typealias Stage = CounterFixture.Stage

@Suite struct RestoreTests {
    @Test func aRestoreGoesFromTheRequestToTheResult() {
        let fixture = CounterFixture(at: .result)
        #expect(fixture.stage == .result)
        #expect(
            fixture.calls == [
                .listDue, .status, .inspect(reader: CounterFixture.reader, caseID: "C-1"),
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

    /// stage, then where a pull, a silent card, a stuck reader, Escape and a lost agent lead.
    static let disturbances: [(CounterFixture.Stage, [CounterFixture.Stage])] = [
        (.connecting, [.connecting, .connecting, .connecting, .connecting, .connecting]),
        (.home, [.home, .home, .home, .home, .connecting]),
        (.form, [.form, .form, .form, .home, .connecting]),
        (.waiting, [.waiting, .waiting, .waiting, .home, .connecting]),
        (.reading, [.waiting, .problem, .problem, .waiting, .connecting]),
        (.identity, [.waiting, .problem, .problem, .waiting, .connecting]),
        (.help, [.waiting, .problem, .problem, .identity, .connecting]),
        (.unblockingCode, [.waiting, .problem, .problem, .help, .connecting]),
        (.newPIN, [.waiting, .problem, .problem, .unblockingCode, .connecting]),
        (.progress, [.progress, .progress, .progress, .progress, .connecting]),
        (.result, [.result, .result, .result, .home, .result]),
        (.problem, [.problem, .problem, .problem, .home, .problem]),
    ]

    @Test(arguments: disturbances)
    func noDisturbanceIsADeadEnd(
        _ stage: CounterFixture.Stage, _ wanted: [CounterFixture.Stage]
    ) {
        let events: [CounterEvent] = [
            .agent(.readers(CounterFixture.readers(.empty))),
            .agent(.readers(CounterFixture.readers(.mute))),
            .agent(.readers(CounterFixture.readers(.stuck))), .key(.escape), .agent(.lost(.hungUp)),
        ]
        for (event, next) in zip(events, wanted) {
            var fixture = CounterFixture(at: stage)
            fixture.send(event)
            #expect(fixture.stage == next, "\(event)")
            #expect(!fixture.counter.keyHints.isEmpty, "\(event)")
        }
    }

    /// Wherever a disturbance leads, keys and time alone reach the requests' list again.
    @Test(
        arguments: CounterFixture.Stage.allCases, [ReaderState.empty, .mute, .stuck, .unavailable])
    func fromEverywhereTheListIsReached(_ stage: CounterFixture.Stage, _ state: ReaderState) {
        var fixture = CounterFixture(at: stage)
        fixture.readers(state)
        fixture.send(.agent(.lost(.hungUp)))
        fixture.wait(60_000)
        fixture.send(.agent(.connected(StationInfo(training: true, version: "0.1"))))
        for _ in 0..<6 where fixture.stage != .home {
            if case .progress = fixture.counter.screen {
                fixture.reply(.finished(CounterFixture.result(.unknown)))
            }
            fixture.key(.escape)
        }
        #expect(fixture.stage == .home)
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
        #expect(fixture.stage == .unblockingCode)
        #expect(fixture.counter.notice?.phrase == .noticeIdle)
        fixture.wait(60_000)
        #expect(fixture.stage == .unblockingCode)
    }

    @Test func anEndedPermitIsGivenBackAndSaid() {
        var fixture = CounterFixture(at: .unblockingCode)
        for _ in 0..<11 { fixture.wait(59_000) }
        #expect(fixture.stage == .help)
        #expect(fixture.counter.notice?.phrase == .noticePermitExpired)
        #expect(fixture.calls.contains(.cancel(restore: "R-1")))
    }

    @Test func aPullBeforeTheCodeIsSentCancelsTheRestore() {
        for stage in [CounterFixture.Stage.unblockingCode, .newPIN] {
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
        #expect(fixture.stage == .unblockingCode)
        #expect(fixture.counter.notice?.phrase == notice)
    }

    // MARK: whose token, can it be helped

    @Test func aTokenThatIsNotLockedWantsTheOfficersRecord() {
        var fixture = CounterFixture(
            at: .help, report: CounterFixture.report(help: .notLocked, locked: false))
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

    // MARK: trying again

    @Test(
        arguments: [
            (.mismatch, .otherToken), (.unblockingCodeBlocked, .none), (.lastTry, .none),
            (.triesUnknown, .none), (.cannotHelp, .none), (.modelProvisional, .none),
            (.tokenUnsupported, .none),
            (.caseClosed, .none), (.tokenMute, .sameToken), (.journal, .sameToken),
            (.readerBusy, .sameToken), (.other, .sameToken),
        ] as [(AgentFault.Code, Problem.WayOn)])
    func tryingAgainIsOfferedWhereItCanSucceed(_ code: AgentFault.Code, _ way: Problem.WayOn) {
        var fixture = CounterFixture(at: .reading)
        fixture.reply(.fault(AgentFault(code)))
        let hints = fixture.counter.keyHints
        #expect(hints.contains(KeyHint("Enter", .keyTryOn)) == (way == .sameToken))
        #expect(hints.contains(KeyHint("Enter", .keyOtherToken)) == (way == .otherToken))
        fixture.key(.enter)
        #expect(fixture.stage == (way == .none ? .problem : .waiting))
    }

    @Test(
        arguments: [
            (3, .wrongUnblockingCode, true), (2, nil, true), (1, .wrongUnblockingCode, false),
            (0, .unblockingCodeBlocked, false), (nil, .unblockingCodeBlocked, false),
            (nil, .tokenMute, true),
        ] as [(Int?, AgentFault.Code?, Bool)])
    func aFailedTokenIsTriedAgainWhereTriesAllowIt(
        _ tries: Int?, _ code: AgentFault.Code?, _ again: Bool
    ) {
        var result = CounterFixture.result(.failed, fault: code.map { AgentFault($0) })
        result.unblockingTries = tries
        #expect(result.mayTryAgain == again)
        var fixture = CounterFixture(at: .progress)
        fixture.reply(.finished(result))
        #expect(fixture.counter.keyHints.contains(KeyHint("F5", .keyTryAgain)) == again)
        #expect(fixture.drawn().contains("--last-try") == (tries == 1))
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

    // MARK: the agent

    @Test func readersToldBeforeTheStationItselfAreKept() {
        var fixture = CounterFixture(at: .waiting)
        fixture.send(.agent(.lost(.hungUp)))
        fixture.wait(500)
        fixture.readers(.present, insertion: 4)
        fixture.send(.agent(.connected(StationInfo(training: true, version: "0.1"))))
        #expect(fixture.stage == .reading)
    }

    @Test func theAgentIsTriedAgainBySlowingSteps() {
        var fixture = CounterFixture(at: .connecting)
        var delays: [Milliseconds] = []
        for _ in 0..<6 {
            fixture.send(.agent(.lost(.absent)))
            let deadline = fixture.counter.deadline ?? -1
            delays.append(deadline - fixture.time)
            fixture.time = deadline
            #expect(fixture.send(.tick) == [.connect])
            #expect(fixture.counter.deadline == fixture.time + Counter.silenceLimit)
        }
        #expect(delays == [500, 1_000, 2_000, 4_000, 4_000, 4_000])
    }

    @Test func aRunningRestoreIsFollowedWhenTheAgentIsBack() {
        var fixture = CounterFixture(at: .progress)
        fixture.send(.agent(.lost(.hungUp)))
        fixture.key(.escape)
        fixture.wait(500)
        fixture.send(.agent(.connected(StationInfo(training: true, version: "0.1"))))
        #expect(fixture.calls.last == .attach(restore: "R-1"))
        fixture.reply(.fault(AgentFault(.restoreUnknown)))
        guard case .result(_, let result) = fixture.counter.screen else {
            Issue.record("no result")
            return
        }
        #expect(result.outcome == .unknown)
    }

    @Test(arguments: [CounterFixture.Stage.connecting, .reading, .progress])
    func anAgentThatSaysNothingIsTakenForGone(_ stage: CounterFixture.Stage) {
        var fixture = CounterFixture(at: stage)
        fixture.wait(stage == .progress ? 149_000 : 44_000)
        #expect(fixture.stage == stage)
        fixture.wait(1_000)
        #expect(fixture.stage == .connecting)
        fixture.wait(500)
        #expect(fixture.last == [.connect])
    }

    @Test func aStepThatTakesTooLongIsFollowedToItsEnd() {
        var fixture = CounterFixture(at: .progress)
        fixture.reply(.fault(AgentFault(.stillWorking)))
        #expect(fixture.calls.last == .attach(restore: "R-1"))
        #expect(fixture.drawn().contains("KHÔNG rút thiết bị"))
        fixture.reply(.finished(CounterFixture.result(.restored)))
        #expect(fixture.stage == .result)
    }

    @Test func lateAnswersAreDroppedAndLatePermitsGivenBack() {
        var fixture = CounterFixture(at: .help)
        fixture.key(.enter)
        let ticket = fixture.counter.awaiting
        fixture.key(.escape)
        #expect(fixture.stage == .identity)
        guard let ticket else {
            Issue.record("nothing was asked")
            return
        }
        fixture.send(.agent(.reply(ticket, .permit(CounterFixture.permit))))
        #expect(fixture.stage == .identity)
        #expect(fixture.calls.last == .cancel(restore: "R-1"))
    }

    @Test func aTokenTurnedAwayIsNotReadAgainByItself() {
        var fixture = CounterFixture(at: .problem)
        fixture.key(.enter)
        #expect(fixture.stage == .waiting)
        fixture.readers(.present)
        #expect(fixture.stage == .waiting)
        fixture.key(.enter)
        #expect(fixture.stage == .reading)
    }

    @Test(arguments: AgentFault.Code.allCases)
    func everyFaultOfTheAgentLeadsOn(_ code: AgentFault.Code) {
        for stage in [CounterFixture.Stage.home, .form, .reading, .help, .progress] {
            var fixture = CounterFixture(at: stage)
            switch stage {
            case .home: fixture.key(.function(5))
            case .form:
                for _ in 0..<4 {
                    fixture.type("x")
                    fixture.key(.enter)
                }
            case .help: fixture.key(.enter)
            default: break
            }
            fixture.reply(.fault(AgentFault(code, detail: "why")))
            #expect(!fixture.counter.keyHints.isEmpty)
            for _ in 0..<6 where fixture.stage != .home {
                if case .progress = fixture.counter.screen {
                    fixture.reply(.finished(CounterFixture.result(.unknown)))
                }
                fixture.key(.escape)
            }
            #expect(fixture.stage == .home, "\(stage)")
        }
    }

    // MARK: idle

    @Test(arguments: [
        CounterFixture.Stage.home, .form, .waiting, .identity, .help, .result, .problem,
    ])
    func nothingWakesAnIdleShell(_ stage: CounterFixture.Stage) {
        #expect(CounterFixture(at: stage).counter.deadline == nil)
    }

    @Test(arguments: CounterFixture.Stage.allCases)
    func aDeadlineThatPassedIsNotAskedForAgain(_ stage: CounterFixture.Stage) {
        var fixture = CounterFixture(at: stage)
        for _ in 0..<200 {
            guard let deadline = fixture.counter.deadline else { break }
            #expect(deadline > fixture.time)
            fixture.time = max(deadline, fixture.time)
            fixture.send(.tick)
        }
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

    /// Any events in any order: no trap, a key to go on, and no code but on a code screen.
    @Test func anyOrderOfEventsIsSurvived() {
        var random = SeededRandom(seed: 21)
        let keys: [Key] = [
            .enter, .enter, .enter, .escape, .up, .down, .tab, .backTab, .function(2),
            .function(5), .function(7), .function(8), .character("a"), .character("ệ"), .backspace,
            .control("u"), .pasted("x"), .pageDown,
        ]
        for round in 0..<300 {
            let stages = CounterFixture.Stage.allCases
            var fixture = CounterFixture(at: stages[round % stages.count])
            for _ in 0..<60 {
                fixture.time += Milliseconds(random.next() % 20_000)
                switch random.next() % 12 {
                case 0:
                    let states = ReaderState.allCases
                    fixture.readers(
                        states[Int(random.next() % 6)], insertion: Int64(random.next() % 3))
                case 1: fixture.send(.agent(.lost(.hungUp)))
                case 2, 3:
                    fixture.send(.agent(.connected(StationInfo(training: false, version: ""))))
                case 4: fixture.reply(.due([CounterFixture.found()]))
                case 5: fixture.reply(.report(CounterFixture.report()))
                case 6: fixture.reply(.permit(CounterFixture.permit))
                case 7:
                    let codes = AgentFault.Code.allCases
                    fixture.reply(
                        .fault(AgentFault(codes[Int(random.next() % UInt64(codes.count))])))
                case 8: fixture.code(CodeSlot.allCases[Int(random.next() % 3)], 8, same: true)
                default: fixture.key(keys[Int(random.next() % UInt64(keys.count))])
                }
                #expect(!fixture.counter.keyHints.isEmpty)
            }
            #expect(ScreenView.draw(fixture.counter, size: .smallest).size == .smallest)
        }
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

    /// From the first screen, with a request that nobody has typed in yet, to a restored token.
    @Test func aRestoreTakesTwelveKeysBesidesWhatIsTyped() {
        var fixture = CounterFixture(at: .home)
        var keys = 0
        func press(_ all: Key...) {
            keys += all.count
            for key in all { fixture.key(key) }
        }
        press(.tab, .enter)
        for text in ["12/UBND", "UBND phường Gia Viên", "Nguyễn Văn An", "0123456789"] {
            fixture.type(text)
            press(.enter)
        }
        fixture.reply(.opened(CounterFixture.request))
        fixture.readers(.present)
        fixture.reply(.report(CounterFixture.report()))
        press(.enter, .enter)
        fixture.reply(.permit(CounterFixture.permit))
        fixture.code(.unblocking, 8)
        press(.enter)
        fixture.code(.newPIN, 6)
        press(.enter)
        fixture.code(.repeatedPIN, 6, same: true)
        press(.enter)
        fixture.reply(.finished(CounterFixture.result(.restored)))
        #expect(fixture.stage == .result)
        #expect(keys <= 12)
    }
}
