import StationInterface
import Testing

@testable import KioskShell

/// The restore walk disturbed: pulls, faults, an agent that is gone, events in any order. None of
/// it is a dead end.
@Suite struct RestoreFaultTests {
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
        (.newPIN, [.waiting, .problem, .problem, .turnBack, .connecting]),
        (.turnBack, [.waiting, .problem, .problem, .help, .connecting]),
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

    /// Every result names its keys, and they lead where they say; none is a dead end.
    @Test(arguments: Outcome.allCases, [true, false])
    func everyResultNamesItsKeysAndTheyLeadOn(_ outcome: Outcome, _ isFound: Bool) {
        func result() -> CounterFixture {
            var fixture = CounterFixture(at: .progress)
            if case .progress(var session, let progress) = fixture.counter.screen {
                session.subject.request.found = isFound ? CounterFixture.found() : nil
                fixture.counter.screen = .progress(session, progress)
            }
            var result = CounterFixture.result(
                outcome, fault: outcome == .failed ? AgentFault(.unblockingCodeBlocked) : nil)
            result.unblockingTries = outcome == .failed ? 0 : 3
            fixture.reply(.finished(result))
            fixture.readers(.present)
            return fixture
        }
        let isEnd = outcome == .restored || outcome == .unblockedUnproven
        let hints = result().counter.keyHints
        #expect(hints.first == KeyHint("Enter Esc", .keyFinish))
        #expect(hints.first?.pressed == .enter)
        #expect(hints.contains(KeyHint("F7", .keyPapers)) == isFound)
        #expect(hints.contains { $0.key == "F5" } == !isEnd)
        for language in Language.allCases {
            var fixture = result()
            fixture.counter.language = language
            for hint in hints {
                #expect(fixture.drawn().contains(" \(hint.key)  \(hint.phrase.text(language))"))
            }
        }
        for key in [Key.enter, .escape] {
            var fixture = result()
            fixture.key(key)
            #expect(fixture.stage == .home)
        }
        var again = result()
        again.key(.function(5))
        #expect(again.stage == (isEnd ? .result : .reading))
        var papers = result()
        papers.key(.function(7))
        #expect(isFound == (papers.stage == nil), "the case, with its acts and papers")
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

    /// A restore was on its way when the agent went, and the one that is back does not hold it.
    private func lostRestore() -> CounterFixture {
        var fixture = CounterFixture(at: .progress)
        fixture.send(.agent(.lost(.hungUp)))
        fixture.key(.escape)
        fixture.wait(500)
        fixture.send(.agent(.connected(StationInfo(training: true, version: "0.1"))))
        #expect(fixture.calls.last == .attach(restore: "R-1"))
        fixture.reply(.fault(AgentFault(.restoreUnknown)))
        return fixture
    }

    /// What the case's record says of the restore, and of others.
    private static let records: [([Station.Happening], Outcome, Spent)] = {
        func end(_ restore: String, _ outcome: String, _ least: Int, _ most: Int, _ why: String)
            -> Station.Happening
        {
            HistoryTests.happening(
                9, "restore.outcome", outcome: outcome,
                code: Station.Spent(least: least, most: most), restore: restore, reasons: [why])
        }
        let unsure = Spent(least: 0, most: 1)
        let begun = HistoryTests.happening(7, "restore.begun", restore: "R-1")
        return [
            ([begun, end("R-1", "refused", 0, 0, "interrupted")], .refused, .none),
            ([begun, end("R-1", "restored", 0, 0, "")], .restored, .none),
            (
                [begun, end("R-1", "failed", 1, 1, "wrong-unblocking-code")], .failed,
                Spent(least: 1, most: 1)
            ),
            ([begun, end("R-1", "unknown", 0, 1, "interrupted")], .unknown, unsure),
            (
                [
                    begun, end("R-1", "unknown", 0, 1, "interrupted"),
                    end("R-1", "failed", 1, 1, ""),
                ], .failed, Spent(least: 1, most: 1)
            ),
            // Another one's end says nothing of it.
            ([end("R-0", "refused", 0, 0, ""), begun], .unknown, unsure),
            ([begun, end("R-2", "refused", 0, 0, "")], .unknown, unsure),
            ([], .unknown, unsure),
        ]
    }()

    @Test(arguments: records.indices)
    func ofARestoreThatTheAgentDoesNotHoldTheRecordIsAsked(_ row: Int) {
        let (happenings, outcome, spent) = Self.records[row]
        var fixture = lostRestore()
        #expect(fixture.stage == .progress)
        #expect(fixture.calls.last == .getHistory(CounterFixture.request.id))
        fixture.reply(.history(Station.CaseHistory(happenings, earlier: 0)))
        guard case .result(_, let result) = fixture.counter.screen else {
            Issue.record("no result")
            return
        }
        #expect(result.outcome == outcome && result.unblockingSpent == spent)
    }

    @Test func aRecordThatCannotBeAskedLeavesItUnknown() {
        for code in [AgentFault.Code.restoreUnknown, .caseUnknown, .journal] {
            var fixture = lostRestore()
            fixture.reply(.fault(AgentFault(code)))
            guard case .result(_, let result) = fixture.counter.screen else {
                Issue.record("no result")
                return
            }
            #expect(result.outcome == .unknown)
            #expect(result.unblockingSpent == Spent(least: 0, most: 1))
        }
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

    // MARK: time

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
}
