import APDU
import System
import Testing

@testable import Readers

@Suite struct StepClockTests {
    /// What a procedure does, and what its caller hears.
    enum Move: Sendable {
        case begin(writes: Bool)
        case end
        case wait(Int)
        case send(writes: Bool)
        case answered
        case cancel
        case passPointOfNoReturn
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let moves: [Move]
        /// Faults at "send" and at the point of no return, and calls to the waiting caller.
        let heard: [String]
        var testDescription: String { name }
    }

    /// Somebody types for 90 s before anything is sent; then there are 3 s, and 60 s at most.
    @Test func theTimeOfTypingAtAPadIsNotThatOfTheCommand() throws {
        let time = ManualTime()
        let record = Record()
        let clock = StepClock(
            timekeeper: time, hardCap: .seconds(60),
            onOverdue: { step, lateness in record.add("overdue \(lateness)") },
            onHardCap: { _ in record.add("hard cap") })
        let began = time.now
        clock.begin("unblock", budget: .seconds(3), writes: true, typing: .seconds(90))
        let limit = try clock.admit(writes: true)
        #expect(limit.orderly == began + .seconds(150) && limit.last == began + .seconds(150))
        #expect(clock.steps.last?.budget == .seconds(93))
        time.advance(.seconds(92))
        #expect(record.all == [])
        time.advance(.seconds(1))
        #expect(record.all == ["overdue stillWriting"])
        time.advance(.seconds(57))
        #expect(record.all == ["overdue stillWriting", "hard cap"])
        // The next step has its own time again.
        clock.begin("reset", budget: .seconds(3))
        #expect(clock.steps.last?.hardCap == .seconds(60))
    }

    /// Reading is not counted, nor what was not admitted.
    @Test func aStepKnowsWhetherItSentAnythingThatWrites() throws {
        let clock = StepClock(timekeeper: ManualTime())
        #expect(clock.sent == 0)
        clock.begin("unblock", budget: .seconds(3), writes: true)
        _ = try clock.admit(writes: false)
        clock.settle()
        #expect(clock.sent == 0)
        for sent in 1...2 {
            _ = try clock.admit(writes: true)
            clock.settle()
            #expect(clock.sent == sent)
        }
        clock.begin("verify", budget: .seconds(3), writes: true)
        #expect(clock.sent == 0)
        clock.cancel()
        #expect(throws: CardFault.cancelled) { _ = try clock.admit(writes: true) }
        #expect(clock.sent == 0)
        clock.end()
        #expect(clock.sent == 0 && clock.steps.map(\.sent) == [2, 0])
    }

    /// Budget 3 s, hard cap 60 s; waits are in seconds.
    static let cases: [Case] = [
        Case(
            name: "in time", moves: [.begin(writes: false), .wait(2), .end, .wait(100)], heard: []),
        Case(
            name: "a late reading step is abandoned, once",
            moves: [.begin(writes: false), .wait(3), .wait(100)], heard: ["overdue abandoned"]),
        Case(
            name: "nothing is sent after that",
            moves: [
                .begin(writes: false), .wait(3), .send(writes: false), .begin(writes: true),
                .send(writes: true),
            ],
            heard: ["overdue abandoned", "deadline", "deadline"]),
        Case(
            name: "a later step of an abandoned run is not reported again",
            moves: [.begin(writes: false), .wait(3), .begin(writes: false), .wait(50)],
            heard: ["overdue abandoned"]),
        Case(
            name: "a writing step works on until the hard cap",
            moves: [.begin(writes: true), .send(writes: true), .wait(3), .wait(56), .wait(1)],
            heard: ["overdue stillWriting", "hard cap"]),
        Case(
            name: "a writing step that comes back before the cap goes on",
            moves: [
                .begin(writes: true), .send(writes: true), .wait(30), .answered, .end,
                .begin(writes: false), .send(writes: false), .wait(2),
            ],
            heard: ["overdue stillWriting"]),
        Case(
            name: "a writing command in a reading step is not cut off",
            moves: [
                .begin(writes: false), .send(writes: true), .wait(3), .answered,
                .send(writes: false), .answered, .end,
            ],
            heard: ["overdue stillWriting"]),
        Case(
            name: "a reading command in a writing step is not cut off",
            moves: [.begin(writes: true), .send(writes: false), .wait(3), .answered, .end],
            heard: ["overdue stillWriting"]),
        Case(
            name: "after the hard cap nothing is sent",
            moves: [
                .begin(writes: true), .send(writes: true), .wait(60), .answered,
                .send(writes: true),
            ],
            heard: ["overdue stillWriting", "hard cap", "deadline"]),
        Case(
            name: "cancelled before its next command, whatever that is",
            moves: [
                .begin(writes: false), .cancel, .send(writes: false), .send(writes: true),
                .passPointOfNoReturn,
            ],
            heard: ["cancelled", "cancelled", "cancelled"]),
        Case(
            name: "past the point of no return nobody cancels",
            moves: [
                .begin(writes: false), .passPointOfNoReturn, .cancel, .send(writes: false),
                .answered,
            ],
            heard: ["not cancelled"]),
        Case(
            name: "past the point of no return a late reading step is carried on",
            moves: [
                .begin(writes: false), .passPointOfNoReturn, .wait(3), .send(writes: false),
                .answered, .end,
            ],
            heard: ["overdue stillWriting"]),
        Case(
            name: "past the point of no return the hard cap still holds",
            moves: [
                .begin(writes: false), .passPointOfNoReturn, .wait(60), .send(writes: false),
            ],
            heard: ["overdue stillWriting", "hard cap", "deadline"]),
        Case(
            name: "no way past the point of no return after the deadline",
            moves: [.begin(writes: false), .wait(3), .passPointOfNoReturn],
            heard: ["overdue abandoned", "deadline"]),
        Case(
            name: "each step has its own time",
            moves: [.begin(writes: false), .wait(2), .begin(writes: false), .wait(2), .end],
            heard: []),
        Case(
            name: "a command outside every step has a time all the same",
            moves: [.send(writes: false), .wait(5)], heard: ["overdue abandoned"]),
    ]

    @Test(arguments: cases) func behaves(_ example: Case) {
        let time = ManualTime()
        let record = Record()
        let clock = StepClock(
            timekeeper: time,
            onOverdue: { step, lateness in
                #expect(step.isOverdue)
                record.add("overdue \(lateness)")
            },
            onHardCap: { _ in record.add("hard cap") })
        for move in example.moves {
            switch move {
            case .begin(let writes): clock.begin("step", budget: .seconds(3), writes: writes)
            case .end: clock.end()
            case .wait(let seconds): time.advance(.seconds(seconds))
            case .answered: clock.settle()
            case .cancel: if !clock.cancel() { record.add("not cancelled") }
            case .send(let writes):
                do throws(CardFault) { _ = try clock.admit(writes: writes) } catch {
                    record.add(VirtualHub.name(error))
                }
            case .passPointOfNoReturn:
                do throws(CardFault) { try clock.passPointOfNoReturn() } catch {
                    record.add(VirtualHub.name(error))
                }
            }
        }
        #expect(record.all == example.heard)
    }

    @Test func listsTheTimeEachStepTook() {
        let time = ManualTime()
        let clock = StepClock(timekeeper: time)
        clock.begin("select", budget: .seconds(3))
        time.advance(.milliseconds(20))
        clock.begin("unblock", budget: .seconds(3), writes: true)
        time.advance(.milliseconds(500))
        clock.end()
        clock.begin("open", budget: .seconds(3))
        #expect(clock.steps.map(\.name) == ["select", "unblock", "open"])
        #expect(clock.steps.map(\.took) == [.milliseconds(20), .milliseconds(500), nil])
        #expect(clock.steps.map(\.writes) == [false, true, false])
    }

    @Test func theReaderIsMarkedBeforeTheCallerHears() {
        let time = ManualTime()
        let record = Record()
        let clock = StepClock(timekeeper: time, onOverdue: { _, _ in record.add("caller") })
        clock.noticeAbandonment { record.add("reader " + $0.name) }
        clock.begin("select", budget: .seconds(3))
        time.advance(.seconds(3))
        #expect(record.all == ["reader select", "caller"])
    }

    @Test func leavesNoAlarmBehind() {
        let time = ManualTime()
        let clock = StepClock(timekeeper: time)
        for _ in 0..<3 { clock.begin("step", budget: .seconds(3)) }
        #expect(time.pendingCount == 1)
        clock.end()
        #expect(time.pendingCount == 0)
    }

    @Test func aStepCallsOnceHoweverItsEndAndItsDeadlineMeet() throws {
        let alarms = AlarmClock()
        try alarms.start()
        let heard = Monitor(0)
        for _ in 0..<200 {
            let before = heard.withLock { $0 }
            let clock = StepClock(
                timekeeper: alarms, onOverdue: { _, _ in heard.withLock { $0 += 1 } })
            clock.begin("short", budget: .microseconds(50))
            var sent = 0
            while !clock.isAbandoned, sent < 10_000 {
                if (try? clock.admit(writes: false)) != nil { sent += 1 }
                clock.settle()
            }
            clock.end()
            let after = heard.wait(until: .now + .seconds(10)) {
                $0 > before || !clock.isAbandoned ? $0 : nil
            }
            #expect((after ?? -1) <= before + 1)
            #expect((try? clock.admit(writes: true)) == nil || !clock.isAbandoned)
        }
        #expect(alarms.stop(by: .now + .seconds(10)))
    }
}

@Suite struct AlarmClockTests {
    @Test func ringsInOrderOfTimeAndNotAfterClearing() throws {
        let clock = AlarmClock()
        try clock.start()
        let record = Record()
        let start = Instant.now
        _ = clock.ring(at: start + .milliseconds(60)) { record.add("last") }
        let cleared = clock.ring(at: start + .milliseconds(30)) { record.add("cleared") }
        _ = clock.ring(at: start + .milliseconds(20)) { record.add("second") }
        _ = clock.ring(at: start) { record.add("first") }
        clock.clear(cleared)
        #expect(record.wait(for: "last") == ["first", "second", "last"])
        #expect(Instant.now >= start + .milliseconds(60))
        #expect(clock.stop(by: .now + .seconds(10)))
    }

    @Test func anAlarmBeforeAllOthersIsHeardThoughTheThreadSleepsLonger() throws {
        let clock = AlarmClock()
        try clock.start()
        let record = Record()
        let far = clock.ring(at: .now + .seconds(3600)) { record.add("far") }
        for number in 0..<20 {
            _ = clock.ring(at: .now + .milliseconds(1)) { record.add("\(number)") }
            #expect(record.wait(for: "\(number)").count == number + 1)
        }
        // One that is set behind the others rings too, once they are gone.
        let between = clock.ring(at: .now + .milliseconds(2)) { record.add("between") }
        _ = clock.ring(at: .now + .milliseconds(20)) { record.add("behind") }
        clock.clear(far)
        clock.clear(between)
        #expect(record.wait(for: "behind").last == "behind")
        #expect(clock.stop(by: .now + .seconds(10)))
    }

    @Test func whatIsPendingAtTheEndNeverRings() throws {
        let clock = AlarmClock()
        try clock.start()
        let record = Record()
        _ = clock.ring(at: .now + .milliseconds(50)) { record.add("rang") }
        #expect(clock.stop(by: .now + .seconds(10)))
        _ = clock.ring(at: .now) { record.add("rang") }
        #expect(record.all == [])
    }

    @Test func sayWhenNoThreadCanBeStarted() {
        let faults = SystemFaults { $0 == .pthread_create ? .again : nil }
        SystemFaults.$current.withValue(faults) {
            #expect(throws: SystemError(.pthread_create, .again, "clock")) {
                try AlarmClock().start()
            }
        }
    }
}
