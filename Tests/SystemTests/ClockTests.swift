import System
import Testing

@Suite struct ClockTests {
    @Test(
        arguments: [
            (Duration.zero, 0), (.nanoseconds(1), 1), (.nanoseconds(-1), -1),
            (.seconds(2), 2_000_000_000),
            (.seconds(Int64.max), Int64.max), (.seconds(Int64.min), Int64.min),
            (.seconds(9_223_372_036) + .nanoseconds(854_775_807), Int64.max),
            (.seconds(9_223_372_036) + .nanoseconds(854_775_808), Int64.max),
            (.seconds(-9_223_372_036) - .nanoseconds(999_999_999), Int64.min),
        ] as [(Duration, Int64)])
    func aDurationIsCutToWhat64BitsHold(duration: Duration, nanoseconds: Int64) {
        #expect(duration.wholeNanoseconds == nanoseconds)
    }

    @Test(
        arguments: [
            (Duration.zero, 0), (.nanoseconds(1), 1), (.milliseconds(1), 1),
            (.microseconds(1001), 2),
            (.milliseconds(-5), -5), (.seconds(Int64.max), Int32.max),
        ] as [(Duration, Int32)])
    func aWaitNeverEndsBeforeItsTime(duration: Duration, milliseconds: Int32) {
        #expect(duration.wholeMilliseconds == milliseconds)
    }

    @Test func instantsSaturateInsteadOfTrapping() {
        let late = Instant(nanoseconds: .max)
        let early = Instant(nanoseconds: .min)
        #expect(late + .seconds(1) == late)
        #expect(early + .seconds(-1) == early)
        #expect(late + .seconds(-1) < late)
        #expect(late - early > .seconds(Int64(Int32.max)))
        #expect(early - late < .zero)
        #expect(Instant(nanoseconds: 5) - Instant(nanoseconds: 7) == .nanoseconds(-2))
    }

    @Test func theClockNeverGoesBack() {
        var last = Instant.now
        for _ in 0..<1000 {
            let now = Instant.now
            #expect(now >= last)
            last = now
        }
    }

    @Test func theBootHasAnID() {
        #expect(WallClock.bootID().utf8.count == 36)
        #expect(SystemFaults.failing(.open, .accessDenied) { WallClock.bootID() } == "")
    }
}
