import Casework
import Foundation
import System
import Testing

@Suite struct ClockTests {
    /// What moves between two lines, and what the second one says about the clock.
    struct Move: Sendable {
        let wall: Duration
        let monotonic: Duration
        var synchronised = true
        var sameBoot = true
        let expected: ClockState
    }

    @Test(arguments: [
        Move(wall: .seconds(60), monotonic: .seconds(60), expected: .synced),
        Move(wall: .seconds(62), monotonic: .seconds(60), expected: .synced),
        Move(wall: .milliseconds(62_001), monotonic: .seconds(60), expected: .stepped),
        Move(wall: .seconds(-3600), monotonic: .seconds(1), expected: .stepped),
        Move(
            wall: .seconds(86_400), monotonic: .seconds(1), synchronised: false, expected: .stepped),
        Move(wall: .seconds(1), monotonic: .seconds(1), synchronised: false, expected: .unsynced),
        Move(wall: .seconds(9999), monotonic: .seconds(1), sameBoot: false, expected: .synced),
    ])
    func aMovedClockIsSaidSo(move: Move) throws {
        let folder = TemporaryFolder()
        let clock = HandClock()
        do {
            _ = try Journal(in: folder.path, mode: .training, clock: clock.clock())
        }
        clock.move(wall: move.wall, monotonic: move.monotonic)
        clock.synchronised(move.synchronised)
        let boot = "b0010000-0000-4000-8000-00000000000\(move.sameBoot ? 1 : 2)"
        let journal = try Journal(in: folder.path, mode: .training, clock: clock.clock(boot: boot))
        #expect(try journal.append(.serviceStarted, who: officer).clock == move.expected)
        // The line after the step compares with the line of the step.
        let next = try journal.append(.serviceStarted, who: officer).clock
        #expect(next == (move.synchronised ? .synced : .unsynced))
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_795_232_400_123, "2026-11-21T03:40:00.123Z"),
            (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
            (-1, "1969-12-31T23:59:59.999Z"), (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
            (Int64.max, "9999-12-31T23:59:59.999Z"), (Int64.min, "0000-01-01T00:00:00.000Z"),
        ] as [(Int64, String)])
    func aTimeIsWrittenAndReadBack(milliseconds: Int64, text: String) {
        let time = Timestamp(milliseconds: milliseconds)
        #expect(time.description == text)
        #expect(Timestamp(text) == time)
    }

    @Test(arguments: [
        "", "2026-11-21T03:40:00Z", "2026-11-21T03:40:00.123", "2026-02-29T00:00:00.000Z",
        "2026-13-01T00:00:00.000Z", "2026-00-01T00:00:00.000Z", "2026-01-32T00:00:00.000Z",
        "2026-01-01T24:00:00.000Z", "2026-01-01T00:60:00.000Z", "2026-01-01T00:00:60.000Z",
        "2026-01-01 00:00:00.000Z", "20260-1-01T00:00:00.000Z", "2026-01-01T00:00:00.000z",
        "20000000000000000000000Z", "99999999999999999999999Z", "2026-11-21T03:40:00.9999",
    ])
    func whatIsNoTimeIsNotRead(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test func theDayAtTheCounterBeginsSevenHoursBeforeUTC() {
        let evening = Timestamp(milliseconds: 1_798_738_200_000)  // 2026-12-31T17:30Z
        #expect(evening.date() == (2026, 12, 31))
        #expect(evening.date(minutesEast: 420) == (2027, 1, 1))
    }
}
