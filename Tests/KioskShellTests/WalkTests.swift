import Testing

@testable import KioskShell

private typealias Stage = WalkFixture.Stage

@Suite struct WalkTests {
    @Test func aRestoreGoesFromTheRequestToTheResult() {
        let fixture = WalkFixture(at: .result)
        #expect(fixture.stage == .result)
        #expect(
            fixture.calls == [
                .listCases, .inspect(reader: WalkFixture.reader),
                .begin(
                    caseID: "C-1", reader: WalkFixture.reader, pinForgotten: false,
                    numberCompared: false),
            ])
        let sent = fixture.log.filter { if case .unblock = $0 { true } else { false } }
        #expect(sent.count == 1)
    }

    @Test(arguments: WalkFixture.Stage.allCases)
    func everyStageIsReached(_ stage: WalkFixture.Stage) {
        #expect(WalkFixture(at: stage).stage == stage)
    }

    /// stage, then where a pull, a silent card, a stuck reader, Escape and a lost agent lead.
    static let disturbances: [(WalkFixture.Stage, [WalkFixture.Stage])] = [
        (.connecting, [.connecting, .connecting, .connecting, .connecting, .connecting]),
        (.cases, [.cases, .cases, .cases, .cases, .connecting]),
        (.form, [.form, .form, .form, .cases, .connecting]),
        (.waiting, [.waiting, .waiting, .waiting, .cases, .connecting]),
        (.reading, [.waiting, .problem, .problem, .waiting, .connecting]),
        (.identity, [.waiting, .problem, .problem, .waiting, .connecting]),
        (.help, [.waiting, .problem, .problem, .identity, .connecting]),
        (.unblockingCode, [.waiting, .problem, .problem, .help, .connecting]),
        (.newPIN, [.waiting, .problem, .problem, .unblockingCode, .connecting]),
        (.progress, [.progress, .progress, .progress, .progress, .connecting]),
        (.result, [.result, .result, .result, .cases, .result]),
        (.problem, [.problem, .problem, .problem, .cases, .problem]),
    ]

    @Test(arguments: disturbances)
    func noDisturbanceIsADeadEnd(
        _ stage: WalkFixture.Stage, _ wanted: [WalkFixture.Stage]
    ) {
        let events: [WalkEvent] = [
            .agent(.readers(WalkFixture.readers(.empty))),
            .agent(.readers(WalkFixture.readers(.mute))),
            .agent(.readers(WalkFixture.readers(.stuck))), .key(.escape), .agent(.lost(.hungUp)),
        ]
        for (event, next) in zip(events, wanted) {
            var fixture = WalkFixture(at: stage)
            fixture.send(event)
            #expect(fixture.stage == next, "\(event)")
            #expect(!fixture.walk.keyHints.isEmpty, "\(event)")
        }
    }

    /// Wherever a disturbance leads, keys and time alone reach the requests' list again.
    @Test(arguments: WalkFixture.Stage.allCases, [ReaderState.empty, .mute, .stuck, .unavailable])
    func fromEverywhereTheListIsReached(_ stage: WalkFixture.Stage, _ state: ReaderState) {
        var fixture = WalkFixture(at: stage)
        fixture.readers(state)
        fixture.send(.agent(.lost(.hungUp)))
        fixture.wait(60_000)
        fixture.send(.agent(.connected(StationInfo(training: true, version: "0.1"))))
        for _ in 0..<6 where fixture.stage != .cases {
            if case .progress = fixture.walk.screen {
                fixture.reply(.finished(WalkFixture.result(.unknown)))
            }
            fixture.key(.escape)
        }
        #expect(fixture.stage == .cases)
    }

    // MARK: codes

    @Test(
        arguments: [WalkFixture.Stage.unblockingCode, .newPIN],
        [
            WalkEvent.agent(.readers([])), .agent(.readers(WalkFixture.readers(.empty))),
            .agent(.readers(WalkFixture.readers(.present, insertion: 2))),
            .agent(.readers(WalkFixture.readers(.mute))), .agent(.lost(.hungUp)), .key(.escape),
        ])
    func codesAreWipedWhenTheWalkLeavesThem(_ stage: WalkFixture.Stage, _ event: WalkEvent) {
        var fixture = WalkFixture(at: stage)
        #expect(fixture.send(event).contains(.wipeCodes))
        switch fixture.walk.screen {
        case .unblockingCode(let session), .newPIN(let session): #expect(!session.holdsCode)
        default: break
        }
    }

    @Test(arguments: [WalkFixture.Stage.unblockingCode, .newPIN])
    func codesAreWipedAfterAMinuteWithoutAKey(_ stage: WalkFixture.Stage) {
        var fixture = WalkFixture(at: stage)
        fixture.wait(59_000)
        #expect(!fixture.last.contains(.wipeCodes))
        #expect(fixture.stage == stage)
        #expect((fixture.walk.deadline ?? .max) <= 60_000)
        fixture.wait(1_000)
        #expect(fixture.last.contains(.wipeCodes))
        #expect(fixture.stage == .unblockingCode)
        #expect(fixture.walk.notice?.phrase == .noticeIdle)
        fixture.wait(60_000)
        #expect(fixture.stage == .unblockingCode)
    }

    @Test func anEndedPermitIsGivenBackAndSaid() {
        var fixture = WalkFixture(at: .unblockingCode)
        for _ in 0..<11 { fixture.wait(59_000) }
        #expect(fixture.stage == .help)
        #expect(fixture.walk.notice?.phrase == .noticePermitExpired)
        #expect(fixture.calls.contains(.cancel(restore: "R-1")))
    }

    @Test func aPullBeforeTheCodeIsSentCancelsTheRestore() {
        for stage in [WalkFixture.Stage.unblockingCode, .newPIN] {
            var fixture = WalkFixture(at: stage)
            fixture.readers(.empty)
            #expect(fixture.calls.last == .cancel(restore: "R-1"))
            #expect(fixture.walk.notice?.phrase == .noticePulled)
            // Put back, it is read again without a key.
            fixture.readers(.present, insertion: 2)
            #expect(fixture.stage == .reading)
        }
    }

    @Test func codesGoOutOnceAndOnlyWhenTheRulesAreMet() {
        var fixture = WalkFixture(at: .newPIN)
        fixture.code(.newPIN, 5)
        fixture.key(.enter)
        #expect(fixture.stage == .newPIN)
        #expect(fixture.walk.notice?.phrase == .noticeRulesFirst)
        fixture.code(.newPIN, 6)
        fixture.key(.enter)
        fixture.code(.repeatedPIN, 6, same: false)
        fixture.key(.enter)
        #expect(fixture.last == [.wipe(.repeatedPIN)])
        #expect(fixture.walk.notice?.phrase == .noticeDifferent)
        fixture.code(.repeatedPIN, 6, same: true)
        fixture.key(.enter)
        #expect(fixture.last.contains { if case .unblock = $0 { true } else { false } })
        #expect(fixture.last.last == .wipeCodes)
        fixture.key(.enter, .enter)
        let sent = fixture.log.filter { if case .unblock = $0 { true } else { false } }
        #expect(sent.count == 1)
    }

    @Test func anUnfitUnblockingCodeIsNotTakenFurther() {
        var fixture = WalkFixture(at: .unblockingCode)
        fixture.code(.unblocking, 7)
        fixture.key(.enter)
        #expect(fixture.stage == .unblockingCode)
        #expect(fixture.walk.notice?.phrase == .noticeUnblockingLength)
    }

    @Test func aRefusedNewPINLeadsBackWithoutLoss() {
        var fixture = WalkFixture(at: .progress)
        fixture.reply(.fault(AgentFault(.newCodeRefused)))
        #expect(fixture.stage == .unblockingCode)
        #expect(fixture.walk.notice?.phrase == .noticeNewCodeRefused)
    }

    // MARK: whose token, can it be helped

    @Test func aTokenThatIsNotLockedWantsTheOfficersRecord() {
        var fixture = WalkFixture(
            at: .help, report: WalkFixture.report(help: .notLocked, locked: false))
        fixture.key(.enter)
        #expect(fixture.walk.notice?.phrase == .noticeForgottenFirst)
        #expect(fixture.walk.awaiting == nil)
        fixture.key(.function(8), .enter)
        #expect(
            fixture.calls.last
                == .begin(
                    caseID: "C-1", reader: WalkFixture.reader, pinForgotten: true,
                    numberCompared: false))
    }

    @Test func aTokenWithoutANumberWantsTheComparison() {
        var fixture = WalkFixture(
            at: .identity, report: WalkFixture.report(numbers: [], serial: ""))
        fixture.key(.enter)
        #expect(fixture.stage == .identity)
        #expect(fixture.walk.notice?.phrase == .noticeCompareFirst)
        fixture.key(.function(7), .enter, .enter)
        #expect(
            fixture.calls.last
                == .begin(
                    caseID: "C-1", reader: WalkFixture.reader, pinForgotten: false,
                    numberCompared: true))
    }

    @Test func aTokenWithTheMakersNumberIsNotComparedByEye() {
        var fixture = WalkFixture(at: .identity, report: WalkFixture.report(numbers: ["99"]))
        fixture.key(.function(7), .enter, .enter)
        #expect(
            fixture.calls.last
                == .begin(
                    caseID: "C-1", reader: WalkFixture.reader, pinForgotten: false,
                    numberCompared: false))
        fixture.reply(.fault(AgentFault(.mismatch)))
        #expect(fixture.stage == .problem)
    }

    @Test func aTokenBeyondHelpIsRefusedBeforeAnyCode() {
        var fixture = WalkFixture(
            at: .help,
            report: WalkFixture.report(help: .impossible, reasons: ["unblocking-code-blocked"]))
        #expect(fixture.drawn().contains(Phrase.reasonBlocked.vietnamese))
        fixture.key(.enter)
        #expect(fixture.stage == .cases)
        #expect(!fixture.calls.contains { if case .begin = $0 { true } else { false } })
    }

    @Test(
        arguments: [
            ("0123456789", ["0123456789"], true), ("01-23 45.6789", ["0123456789"], true),
            ("abc", ["x", "ABC"], true), ("0123456788", ["0123456789"], false), ("1", [], nil),
        ] as [(String, [String], Bool?)])
    func numbersAreComparedAsPeopleWriteThem(_ asked: String, _ found: [String], _ same: Bool?) {
        var request = WalkFixture.request
        request.deviceNumber = asked
        let subject = Subject(
            request: request, reader: "r", report: WalkFixture.report(numbers: found))
        #expect(subject.numberMatches == same)
    }

    @Test(arguments: [
        ("NGUYỄN  VĂN AN", "Nguye\u{302}\u{303}n Văn An", true),
        ("Nguyễn Văn An", "Nguyên Văn An", false),
        ("UBND phường Gia Viên", "Uỷ ban nhân dân phường Gia Viên", true),
        ("Trần Thị Hoà", "Trần Thị Hòa", true), ("Hoà", "Hoa", false), ("Thuý", "Thúy", true),
        ("Sở KH&CN TP Hải Phòng", "Sở Khoa học và Công nghệ thành phố Hải Phòng", true),
    ])
    func namesAreComparedAsOfficesWriteThem(_ a: String, _ b: String, _ same: Bool) {
        #expect(Matching.same(a, b) == same)
    }

    // MARK: the agent

    @Test func theAgentIsTriedAgainBySlowingSteps() {
        var fixture = WalkFixture(at: .connecting)
        var delays: [Milliseconds] = []
        for _ in 0..<6 {
            fixture.send(.agent(.lost(.absent)))
            let deadline = fixture.walk.deadline ?? -1
            delays.append(deadline - fixture.time)
            fixture.time = deadline
            #expect(fixture.send(.tick) == [.connect])
            #expect(fixture.walk.deadline == fixture.time + RestoreWalk.silenceLimit)
        }
        #expect(delays == [500, 1_000, 2_000, 4_000, 4_000, 4_000])
    }

    @Test func aRunningRestoreIsFollowedWhenTheAgentIsBack() {
        var fixture = WalkFixture(at: .progress)
        fixture.send(.agent(.lost(.hungUp)))
        fixture.key(.escape)
        fixture.wait(500)
        fixture.send(.agent(.connected(StationInfo(training: true, version: "0.1"))))
        #expect(fixture.calls.last == .attach(restore: "R-1"))
        fixture.reply(.fault(AgentFault(.restoreUnknown)))
        guard case .result(_, let result) = fixture.walk.screen else {
            Issue.record("no result")
            return
        }
        #expect(result.outcome == .unknown)
    }

    @Test(arguments: [WalkFixture.Stage.connecting, .reading, .progress])
    func anAgentThatSaysNothingIsTakenForGone(_ stage: WalkFixture.Stage) {
        var fixture = WalkFixture(at: stage)
        fixture.wait(stage == .progress ? 149_000 : 44_000)
        #expect(fixture.stage == stage)
        fixture.wait(1_000)
        #expect(fixture.stage == .connecting)
        fixture.wait(500)
        #expect(fixture.last == [.connect])
    }

    @Test func aStepThatTakesTooLongIsFollowedToItsEnd() {
        var fixture = WalkFixture(at: .progress)
        fixture.reply(.fault(AgentFault(.stillWorking)))
        #expect(fixture.calls.last == .attach(restore: "R-1"))
        #expect(fixture.drawn().contains("KHÔNG rút thiết bị"))
        fixture.reply(.finished(WalkFixture.result(.restored)))
        #expect(fixture.stage == .result)
    }

    @Test func lateAnswersAreDroppedAndLatePermitsGivenBack() {
        var fixture = WalkFixture(at: .help)
        fixture.key(.enter)
        let ticket = fixture.walk.awaiting
        fixture.key(.escape)
        #expect(fixture.stage == .identity)
        guard let ticket else {
            Issue.record("nothing was asked")
            return
        }
        fixture.send(.agent(.reply(ticket, .permit(WalkFixture.permit))))
        #expect(fixture.stage == .identity)
        #expect(fixture.calls.last == .cancel(restore: "R-1"))
    }

    @Test func aTokenTurnedAwayIsNotReadAgainByItself() {
        var fixture = WalkFixture(at: .problem)
        fixture.key(.enter)
        #expect(fixture.stage == .waiting)
        fixture.readers(.present)
        #expect(fixture.stage == .waiting)
        fixture.key(.enter)
        #expect(fixture.stage == .reading)
    }

    @Test(arguments: AgentFault.Code.allCases)
    func everyFaultOfTheAgentLeadsOn(_ code: AgentFault.Code) {
        for stage in [WalkFixture.Stage.cases, .form, .reading, .help, .progress] {
            var fixture = WalkFixture(at: stage)
            switch stage {
            case .cases: fixture.key(.function(5))
            case .form:
                for _ in 0..<4 {
                    fixture.type("x")
                    fixture.key(.enter)
                }
            case .help: fixture.key(.enter)
            default: break
            }
            fixture.reply(.fault(AgentFault(code, detail: "why")))
            #expect(!fixture.walk.keyHints.isEmpty)
            for _ in 0..<6 where fixture.stage != .cases {
                if case .progress = fixture.walk.screen {
                    fixture.reply(.finished(WalkFixture.result(.unknown)))
                }
                fixture.key(.escape)
            }
            #expect(fixture.stage == .cases, "\(stage)")
        }
    }

    // MARK: idle

    @Test(arguments: [
        WalkFixture.Stage.cases, .form, .waiting, .identity, .help, .result, .problem,
    ])
    func nothingWakesAnIdleShell(_ stage: WalkFixture.Stage) {
        #expect(WalkFixture(at: stage).walk.deadline == nil)
    }

    @Test(arguments: WalkFixture.Stage.allCases)
    func aDeadlineThatPassedIsNotAskedForAgain(_ stage: WalkFixture.Stage) {
        var fixture = WalkFixture(at: stage)
        for _ in 0..<200 {
            guard let deadline = fixture.walk.deadline else { break }
            #expect(deadline > fixture.time)
            fixture.time = max(deadline, fixture.time)
            fixture.send(.tick)
        }
    }

    @Test func theFormAsksForEveryFieldAndKeepsWhatWasTyped() {
        var fixture = WalkFixture(at: .form)
        fixture.type("12/UBND")
        fixture.key(.enter, .enter, .enter, .enter)
        #expect(fixture.walk.notice?.phrase == .noticeFieldEmpty)
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
        fixture.reply(.opened(WalkFixture.request))
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
            let stages = WalkFixture.Stage.allCases
            var fixture = WalkFixture(at: stages[round % stages.count])
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
                case 4: fixture.reply(.cases([WalkFixture.request]))
                case 5: fixture.reply(.report(WalkFixture.report()))
                case 6: fixture.reply(.permit(WalkFixture.permit))
                case 7:
                    let codes = AgentFault.Code.allCases
                    fixture.reply(
                        .fault(AgentFault(codes[Int(random.next() % UInt64(codes.count))])))
                case 8: fixture.code(CodeSlot.allCases[Int(random.next() % 3)], 8, same: true)
                default: fixture.key(keys[Int(random.next() % UInt64(keys.count))])
                }
                #expect(!fixture.walk.keyHints.isEmpty)
            }
            #expect(ScreenView.draw(fixture.walk, size: .smallest).size == .smallest)
        }
    }
}
