import Testing

@testable import KioskShell

/// A screen that waits for whoever comes next goes dark, and only brings itself back.
@Suite struct DarkTests {
    private static func home() -> CounterFixture {
        var fixture = CounterFixture(at: .home)
        fixture.counter.blankAfter = 60_000
        return fixture
    }

    @Test func theFirstScreenGoesDarkAndAnyKeyBringsItBack() {
        var fixture = Self.home()
        let before = fixture.drawn()
        fixture.wait(59_999)
        #expect(!fixture.counter.isDark && fixture.counter.deadline == 60_000)
        fixture.wait(1)
        #expect(fixture.counter.isDark && fixture.counter.deadline == nil, "nothing wakes it up")
        #expect(fixture.drawn().allSatisfy { $0 == " " || $0 == "\n" })
        fixture.key(.enter)
        #expect(!fixture.counter.isDark && fixture.stage == .home)
        #expect(fixture.drawn() == before)
    }

    /// A scanner sends a whole number, and a finger touches twice.
    @Test func whatComesWithTheFirstKeyIsSwallowedToo() {
        var fixture = Self.home()
        fixture.wait(60_000)
        fixture.type("0123456789")
        fixture.key(.enter)
        #expect(fixture.stage == .home)
        fixture.time += Counter.wakingTime
        fixture.type("0")
        #expect(fixture.stage != .home, "then keys are keys again")
    }

    @Test func whoeverIsAtWorkKeepsTheScreen() {
        for stage in CounterFixture.Stage.allCases where stage != .home {
            var fixture = CounterFixture(at: stage)
            fixture.counter.blankAfter = 60_000
            fixture.wait(60_000)
            #expect(!fixture.counter.isDark || fixture.stage == .home, "\(stage)")
        }
        var signedIn = Self.home()
        signedIn.counter.station?.office.signedIn = OfficerTests.lanSignedIn
        signedIn.wait(600_000)
        #expect(!signedIn.counter.isDark)
    }

    @Test func theListOfOfficersGoesDarkToo() {
        var fixture = CounterFixture(at: .connecting)
        fixture.counter.blankAfter = 60_000
        let office = Office(officers: [OfficerTests.lan], isObliged: true)
        fixture.send(
            .agent(.connected(StationInfo(training: false, version: "0.1", office: office))))
        fixture.wait(60_000)
        #expect(fixture.counter.isDark)
        fixture.key(.enter)
        guard case .officer(let proof) = fixture.counter.screen else {
            Issue.record("\(fixture.counter.screen)")
            return
        }
        #expect(proof.stage == .list)
    }

    @Test func anAgentThatGoesAwayLightsTheScreen() {
        var fixture = Self.home()
        fixture.wait(60_000)
        fixture.send(.agent(.lost(.hungUp)))
        #expect(!fixture.counter.isDark && fixture.stage == .connecting)
    }

    @Test func withoutALimitNothingGoesDark() {
        var fixture = CounterFixture(at: .home)
        fixture.wait(86_400_000)
        #expect(!fixture.counter.isDark)
    }

    @Test func everyTouchBringsItBack() {
        var fixture = Self.home()
        fixture.wait(60_000)
        let grid = ScreenView.draw(fixture.counter, size: .smallest)
        for place in [(0, 0), (23, 79), (12, 40)] {
            let touch = Pointer(
                act: .press, position: Position(row: place.0, column: place.1))
            #expect(grid.targets.effect(of: touch) == .key(.escape))
        }
        #expect(grid.cursor == nil)
    }

    /// On the kernel's console the light goes out as well, and comes back.
    @Test func theConsoleIsToldOnce() {
        var console = Renderer(palette: Palette(depth: .sixteen), plainGlyphs: true)
        #expect(console.turn(isDark: false).isEmpty)
        #expect(console.turn(isDark: true) == Array("\u{1B}[9;1]".utf8))
        #expect(console.turn(isDark: true).isEmpty)
        #expect(console.turn(isDark: false) == Array("\u{1B}[9;0]\u{1B}[13]".utf8))
        var other = Renderer(palette: Palette(depth: .many))
        #expect(other.turn(isDark: true).isEmpty)
    }
}
