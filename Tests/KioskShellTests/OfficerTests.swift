import StationInterface
import Testing

@testable import KioskShell

/// Officers who sign in, approve, and go away.
@Suite struct OfficerTests {
    static let lan = Station.Officer(id: "lan", name: "Trần Thị Lan", password: true, token: false)
    static let hai = Station.Officer(
        id: "hai", name: "Nguyễn Văn Hải", password: false, token: true)
    static let lanSignedIn = Station.SignedIn(
        officer: "lan", name: "Trần Thị Lan", proof: .password, roles: ["counter"], rights: [])

    private static func office(
        obliged: Bool = true, two: Bool = false, signedIn: Station.SignedIn? = nil
    ) -> Office {
        Office(
            officers: [lan, hai], isObliged: obliged, wantsTwo: two, idleLimit: 600_000,
            signedIn: signedIn)
    }

    private static func connected(_ office: Office) -> CounterFixture {
        var fixture = CounterFixture(at: .connecting)
        fixture.send(
            .agent(.connected(StationInfo(training: true, version: "0.1", office: office))))
        fixture.readers(.empty)
        return fixture
    }

    @Test func nothingIsAskedBeforeSomebodySignsIn() {
        var fixture = Self.connected(Self.office())
        guard case .officer = fixture.counter.screen else {
            Issue.record("\(fixture.counter.screen)")
            return
        }
        fixture.key(.escape)
        #expect(fixture.calls.isEmpty)
        #expect(fixture.drawn().contains("Trần Thị Lan"))
        fixture.key(.enter)
        #expect(fixture.counter.codeSlot == .proof)
        fixture.key(.enter)
        #expect(fixture.counter.awaiting == nil, "an empty password is not sent")
        fixture.code(.proof, 9)
        #expect(
            fixture.send(.key(.enter)).last == .prove(Ticket(number: 1), .signIn(officer: "lan")))
        fixture.reply(.signedIn(Self.lanSignedIn))
        #expect(fixture.stage == .home)
        #expect(fixture.drawn(Size(columns: 100, rows: 30)).contains("Cán bộ: Trần Thị Lan"))
    }

    @Test(arguments: [
        (AgentFault(.wrongPassword), "Mật khẩu không đúng"),
        (AgentFault(.passwordMustWait, waitSeconds: 20), "chờ 20 giây"),
        (AgentFault(.officerUnknown), "không đăng nhập được"),
    ])
    func aRefusedSignInSaysWhyAndKeepsNoCode(_ fault: AgentFault, _ words: String) {
        var fixture = Self.connected(Self.office())
        fixture.key(.enter)
        fixture.code(.proof, 9)
        fixture.key(.enter)
        fixture.reply(.fault(fault))
        #expect(fixture.drawn().contains(words))
        guard case .officer(let proof) = fixture.counter.screen else {
            Issue.record("\(fixture.counter.screen)")
            return
        }
        #expect(proof.facts == .empty)
    }

    @Test func aTokenIsAskedForAndItsPINAfterIt() {
        var fixture = Self.connected(Self.office())
        fixture.key(.down, .enter)
        #expect(fixture.drawn().contains("Hãy cắm thiết bị"))
        fixture.readers(.present)
        #expect(fixture.counter.codeSlot == .proof)
        fixture.code(.proof, 6)
        // Pulled: what was typed for it is gone.
        fixture.readers(.empty)
        #expect(fixture.last == [.wipe(.proof)])
        fixture.readers(.present)
        fixture.code(.proof, 6)
        #expect(
            fixture.send(.key(.enter)).last
                == .prove(Ticket(number: 1), .signInByToken(reader: CounterFixture.reader)))
        fixture.reply(.fault(AgentFault(.wrongPIN, pinLeft: 2)))
        #expect(fixture.drawn().contains("còn 2 lần thử"))
    }

    @Test func aPasswordLeavesTheScreenAfterAMinute() {
        var fixture = Self.connected(Self.office())
        fixture.key(.enter)
        fixture.code(.proof, 9)
        fixture.wait(Counter.idleLimit)
        #expect(fixture.last == [.wipe(.proof)])
        #expect(fixture.counter.codeSlot == nil)
    }

    @Test func whoGoesAwayIsSignedOff() {
        var fixture = Self.connected(Self.office(signedIn: Self.lanSignedIn))
        fixture.home()
        #expect(fixture.counter.deadline == 600_000)
        fixture.wait(600_000)
        #expect(fixture.calls.suffix(2) == [.signOff, .officers])
        guard case .officer = fixture.counter.screen else {
            Issue.record("\(fixture.counter.screen)")
            return
        }
        #expect(fixture.drawn().contains("Đã đăng xuất"))
    }

    @Test func whatTheAgentWantsASignInForAsksForIt() {
        var fixture = Self.connected(Self.office(signedIn: Self.lanSignedIn))
        fixture.home()
        fixture.key(.enter)
        fixture.readers(.present)
        fixture.reply(.fault(AgentFault(.signInRequired)))
        guard case .officer(let proof) = fixture.counter.screen else {
            Issue.record("\(fixture.counter.screen)")
            return
        }
        #expect(proof.after == .request(CaseRow(CounterFixture.found())))
    }

    /// The agent reads officers.json5 anew while the screen runs.
    @Test func officersWhoCameLaterCanSignIn() {
        var fixture = CounterFixture(at: .home)
        func chooseSignIn() {
            guard case .home(let home) = fixture.counter.screen,
                let place = home.errands.firstIndex(of: .officer)
            else { return }
            fixture.key(.choose(home.rows.count + place), .enter)
        }
        chooseSignIn()
        #expect(fixture.calls.last == .officers)
        fixture.reply(.officers(Office()))
        #expect(fixture.stage == .home)
        #expect(fixture.counter.notice == Sentence(.noticeNoOfficers))
        fixture.home()
        chooseSignIn()
        #expect(!fixture.drawn().contains(Phrase.noticeNoOfficers.vietnamese.prefix(20)))
        fixture.reply(.officers(Office(officers: [Self.lan, Self.hai])))
        #expect(fixture.drawn().contains("Trần Thị Lan"))
        fixture.key(.enter)
        #expect(fixture.counter.codeSlot == .proof)
    }

    /// No screen waits for it: the list comes with every look at what is due.
    @Test func theOfficersAreAskedForWithWhatIsDue() {
        var fixture = CounterFixture(at: .home)
        fixture.key(.function(5))
        guard case .call(let ticket, .officers)? = fixture.last.first else {
            Issue.record("\(fixture.last)")
            return
        }
        fixture.send(
            .agent(.reply(ticket, .officers(Office(officers: [Self.hai], wantsTwo: true)))))
        #expect(fixture.counter.station?.office.wantsTwo == true)
        #expect(fixture.counter.awaiting != nil, "what is due is still waited for")
        fixture.home()
        #expect(fixture.drawn().contains("12/UBND"))
    }

    @Test func aRefreshedListKeepsWhoWasChosen() {
        var fixture = Self.connected(Self.office())
        fixture.key(.down, .function(5))
        #expect(fixture.calls.last == .officers)
        let first = Station.Officer(id: "an", name: "An", password: true, token: false)
        fixture.reply(.officers(Office(officers: [first, Self.lan, Self.hai], isObliged: true)))
        guard case .officer(let proof) = fixture.counter.screen else {
            Issue.record("\(fixture.counter.screen)")
            return
        }
        #expect(proof.officer == Self.hai)
        // Whose password is being typed is asked for no longer once they are nobody.
        fixture.key(.up, .enter)
        fixture.code(.proof, 4)
        fixture.send(
            .agent(
                .reply(
                    Ticket(number: 99),
                    .officers(Office(officers: [first], isObliged: true)))))
        #expect(fixture.last == [.wipe(.proof)])
        #expect(fixture.counter.codeSlot == nil)
    }

    @Test func aRestoreThatWantsTwoShowsTheActAndWaitsForTheSecond() {
        var fixture = Self.connected(Self.office(two: true, signedIn: Self.lanSignedIn))
        fixture.home()
        fixture.key(.enter)
        fixture.readers(.present)
        fixture.reply(.report(CounterFixture.report()))
        fixture.key(.enter, .enter)
        fixture.reply(.permit(CounterFixture.permit))
        #expect(fixture.calls.last == .showAct(restore: "R-1"))
        fixture.reply(.act(Station.ActShown(act: "restore: R-1\ncase: C-1", approvedBy: nil)))
        #expect(fixture.drawn().contains("restore: R-1"))
        // Who began it is not among those who can approve.
        #expect(!fixture.drawn().contains("Trần Thị Lan (lan)"))
        fixture.key(.enter)
        fixture.send(
            .agent(
                .readers([
                    ReaderStatus(name: CounterFixture.reader, state: .present, insertion: 1),
                    ReaderStatus(name: "Đầu đọc 2", state: .present, insertion: 1),
                ])))
        fixture.code(.proof, 6)
        #expect(
            fixture.send(.key(.enter)).last.map { effect in
                if case .prove(_, .approveByToken("R-1", "Đầu đọc 2")) = effect {
                    true
                } else {
                    false
                }
            } == true)
        fixture.reply(.approved)
        #expect(fixture.stage == .unblockingCode)
    }

    @Test func aTokenPulledBeforeTheApprovalEndsThePermit() {
        var fixture = Self.connected(Self.office(two: true, signedIn: Self.lanSignedIn))
        fixture.home()
        fixture.key(.enter)
        fixture.readers(.present)
        fixture.reply(.report(CounterFixture.report()))
        fixture.key(.enter, .enter)
        fixture.reply(.permit(CounterFixture.permit))
        fixture.readers(.empty)
        #expect(fixture.calls.contains(.cancel(restore: "R-1")))
        #expect(fixture.stage == .waiting)
    }

    /// Somebody who types on once the password is right must not see the rest of it in the search.
    @Test func whatIsTypedOnBehindACodeIsNotShown() {
        var fixture = Self.connected(Self.office())
        fixture.key(.enter)
        fixture.code(.proof, 9)
        fixture.key(.enter)
        fixture.reply(.signedIn(Self.lanSignedIn))
        fixture.home()
        fixture.type("hemlig7")
        #expect(!fixture.drawn().contains("hemlig7"))
        fixture.time += Counter.readingTime
        fixture.type("gia vien")
        #expect(fixture.drawn().contains("gia vien"))
    }
}
