import Expectations
import Glibc
import Synchronization
import System
import Testing

@Suite struct WaitingTests {
    @Test func aMonitorWakesWhoeverWaitsForAChange() throws {
        let numbers = Monitor<[Int]>([])
        let doubled = Monitor<[Int]>([])
        try Thread.start(name: "doubler") {
            for _ in 0..<100 {
                let next = numbers.wait { $0.isEmpty ? nil : $0.removeFirst() }
                doubled.withLock { $0.append((next ?? 0) * 2) }
            }
        }
        for i in 0..<100 { numbers.withLock { $0.append(i) } }
        let all = doubled.wait(until: .now + .seconds(60)) { $0.count == 100 ? $0 : nil }
        #expect(all == (0..<100).map { $0 * 2 })
    }

    @Test func aChangeWakesOnlyWhenItSaysSo() throws {
        let number = Monitor(0)
        let seen = Monitor<[Int]>([])
        try Thread.start(name: "watcher") {
            _ = number.wait { value -> Bool? in
                let now = value
                seen.withLock { $0.append(now) }
                return now == 100 ? true : nil
            }
            seen.withLock { $0.append(-1) }
        }
        _ = seen.wait { $0.isEmpty ? nil : true }
        for _ in 0..<99 {
            number.change {
                $0 += 1
                return ((), false)
            }
        }
        let last = number.change { value in
            value += 1
            return (value, true)
        }
        #expect(last == 100)
        let all = seen.wait(until: .now + .seconds(60)) { $0.last == -1 ? $0 : nil }
        #expect(all?.suffix(2) == [100, -1])
    }

    @Test(arguments: [Int64.min, -1, 0, 1])
    func aDeadlineThatHasPassedEndsTheWaitAtOnce(nanoseconds: Int64) {
        let monitor = Monitor(0)
        let looks = Monitor(0)
        let found: Int? = monitor.wait(until: Instant(nanoseconds: nanoseconds)) { _ in
            looks.withLock { $0 += 1 }
            return nil
        }
        #expect(found == nil)
        #expect(looks.withLock { $0 } <= 3)
    }

    @Test func aWaitEndsNotBeforeItsDeadline() {
        let monitor = Monitor(0)
        let end = Instant.now + .milliseconds(5)
        let found: Int? = monitor.wait(until: end) { _ in nil }
        #expect(found == nil)
        #expect(Instant.now >= end)
    }

    @Test func anErrorThrownUnderTheLockLetsItGo() {
        struct Refused: Error {}
        let monitor = Monitor(0)
        #expect(throws: Refused.self) { try monitor.withLock { _ in throw Refused() } }
        #expect(
            monitor.withLock {
                $0 += 1; return $0
            } == 1)
    }

    @Test func manyThreadsCountWithoutLoss() throws {
        let monitor = Monitor((sum: 0, done: 0))
        for _ in 0..<4 {
            try Thread.start(name: "counter") {
                for _ in 0..<1000 { monitor.withLock { $0.sum += 1 } }
                monitor.withLock { $0.done += 1 }
            }
        }
        let sum = monitor.wait(until: .now + .seconds(60)) { $0.done == 4 ? $0.sum : nil }
        #expect(sum == 4000)
    }

    @Test func aPollerTellsWhichDescriptorAndWhat() throws {
        let poller = try Poller()
        let bells = [try Doorbell(), try Doorbell()]
        for (i, bell) in bells.enumerated() {
            try poller.add(bell.descriptor.number, .reading, token: UInt64(i + 7))
        }
        #expect(try poller.wait(timeout: .zero).isEmpty)
        bells[1].ring()
        bells[1].ring()
        var events = try poller.wait(timeout: .seconds(60))
        #expect(events.map(\.token) == [8])
        #expect(events.first?.isReadable == true && events.first?.isHungUp == false)
        bells[1].silence()
        #expect(try poller.wait(timeout: .zero).isEmpty)
        bells[1].silence()
        poller.remove(bells[0].descriptor.number)
        bells[0].ring()
        #expect(try poller.wait(timeout: .zero).isEmpty)
        try poller.add(bells[0].descriptor.number, [.reading, .writing], token: .max)
        events = try poller.wait(timeout: .zero)
        #expect(events.first?.token == .max && events.first?.isWritable == true)
        try poller.modify(bells[0].descriptor.number, .reading, token: 1)
        events = try poller.wait(timeout: .zero)
        #expect(events.first?.token == 1 && events.first?.isWritable == false)
    }

    @Test func aPollerHearsAnEndThatIsGone() throws {
        let poller = try Poller()
        let (a, b) = try UnixSocket.pair()
        let near = FileDescriptor(owning: a)
        try poller.add(near.number, .reading, token: 3)
        do { _ = FileDescriptor(owning: b) }
        let events = try poller.wait(timeout: .seconds(60))
        #expect(events.first?.isHungUp == true)
    }

    @Test func aRingFromAnotherThreadIsHeard() throws {
        let poller = try Poller()
        let bell = try Doorbell()
        try poller.add(bell.descriptor.number, .reading, token: 0)
        try Thread.start(name: "ringer") { bell.ring() }
        #expect(try poller.wait(timeout: .seconds(60)).count == 1)
    }

    @Test func aThreadBearsItsNameAndMayBeTooLongNamed() throws {
        let heard = Monitor<String?>(nil)
        try Thread.start(name: "reader-0123456789abcdef") {
            let name = try? File.contents(of: "/proc/thread-self/comm", limit: 64)
            heard.withLock { $0 = String(decoding: name ?? [], as: UTF8.self) }
        }
        #expect(heard.wait(until: .now + .seconds(60)) { $0 } == "reader-01234567\n")
    }

    /// In a thread of its own: what is blocked there is blocked for nobody else.
    @Test func aSignalIsReadAndNotDelivered() throws {
        let heard = Monitor<[Signal]?>(nil)
        try Thread.start(name: "signals") {
            var got: [Signal] = []
            if let source = try? SignalSource([.windowChanged, .hangUp]) {
                if source.next() == nil { pthread_kill(pthread_self(), SIGHUP) }
                while let signal = source.next() { got.append(signal) }
                SignalSource.unblock([.windowChanged, .hangUp])
            }
            heard.withLock { $0 = got }
        }
        #expect(heard.wait(until: .now + .seconds(60)) { $0 } == [.hangUp])
    }

    @Test(arguments: [
        ("exit 0", Process.End.exited(0)), ("exit 7", .exited(7)),
        ("kill -TERM $$", .killed(by: .terminate)), ("kill -KILL $$", .killed(by: .kill)),
    ])
    func aChildsEndIsReported(script: String, end: Process.End) throws {
        let child = try Process.spawn("/bin/sh", arguments: ["sh", "-c", script])
        #expect(try Process.wait(for: child) == end)
    }

    @Test func aChildGetsTheEnvironmentItIsGiven() throws {
        let child = try Process.spawn(
            "/bin/sh", arguments: ["sh", "-c", "exit $CODE"], environment: ["CODE=42"])
        #expect(try Process.wait(for: child) == .exited(42))
    }

    @Test func aRunningChildIsNotWaitedForUnlessAsked() throws {
        let child = try Process.spawn("/bin/sleep", arguments: ["sleep", "60"])
        #expect(try Process.wait(for: child, block: false) == nil)
        try Process.signal(child, .kill)
        #expect(try Process.wait(for: child) == .killed(by: .kill))
    }

    /// qemu-user forks where glibc's child tells of its failure in memory that both share.
    @Test(.disabled(if: isEmulated)) func aProgramThatIsNotThereIsSaid() {
        let error = caught(SystemError.self) {
            _ = try Process.spawn("/dev/null/no-program", arguments: ["x"])
        }
        #expect(error?.call == .posix_spawn)
        #expect(error?.errno.rawValue == ENOTDIR)
        #expect(error?.context == "/dev/null/no-program")
    }

    @Test func waitingForADescriptorEndsWithItsTime() throws {
        let bell = try Doorbell()
        #expect(try !bell.descriptor.wait(timeout: .milliseconds(1)))
        bell.ring()
        #expect(try bell.descriptor.wait(timeout: nil))
    }

    @Test func aTableOfFaultsIsForTheCodeItIsGivenToAlone() throws {
        try SystemFaults.failing(.eventfd, .tooManyFiles) {
            #expect(throws: SystemError.self) { _ = try Doorbell() }
            let other = Monitor<Bool?>(nil)
            try Thread.start(name: "other") {
                let works = (try? Doorbell()) != nil
                other.withLock { $0 = works }
            }
            #expect(other.wait(until: .now + .seconds(60)) { $0 } == true)
        }
        _ = try Doorbell()
    }
}
