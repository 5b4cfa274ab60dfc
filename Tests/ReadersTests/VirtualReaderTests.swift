import APDU
import System
import Testing

@testable import Readers

@Suite struct VirtualReaderTests {
    let time = ManualTime()
    let record = Record()

    /// A clock whose calls are recorded.
    func clock() -> StepClock {
        StepClock(
            timekeeper: time,
            onOverdue: { [record] step, lateness in record.add("overdue \(step.name) \(lateness)")
            },
            onHardCap: { [record] step in record.add("hard cap \(step.name)") })
    }

    @Test func aTokenIsAReaderForAsLongAsItIsConnected() throws {
        let station = try VirtualHub()
        #expect(station.hub.snapshot().isEmpty)
        let token = try FakeToken(station.path, reply: FakeToken.obedient)
        let reader = try #require(station.presentReader())
        #expect(reader.name == "Virtual Reader 00")
        #expect(reader.path == .virtual)
        #expect(reader.state == .present(atr: FakeToken.atr))
        #expect(station.hub.pcscState == .disabled)
        try station.run(
            [[0, 0xB0, 0, 0, 7]], clock: clock(), on: reader.name, insertion: reader.insertion,
            record: record)
        #expect(record.wait(for: "closed") == ["opened", "answer 7 90 0", "closed"])
        // Off after the greeting; on, ATR, command, off in the procedure.
        #expect(
            token.received.wait(for: "0 b0 0 0 7").prefix(6)
                == ["1", "4", "0", "1", "4", "0 b0 0 0 7"])
        token.pull()
        #expect(station.wait(\.isEmpty).isEmpty)
    }

    @Test func everyCardHasANumberOfItsOwn() throws {
        let station = try VirtualHub()
        var seen: Set<UInt64> = []
        for _ in 0..<3 {
            let token = try FakeToken(station.path, reply: FakeToken.obedient)
            let reader = try #require(station.presentReader())
            #expect(seen.insert(reader.insertion).inserted)
            token.pull()
            _ = station.wait(\.isEmpty)
        }
        let token = try FakeToken(station.path, reply: FakeToken.obedient)
        let reader = try #require(station.presentReader())
        #expect(throws: ReaderError.cardChanged) {
            try station.run(
                [], clock: clock(), on: reader.name, insertion: seen.first, record: record)
        }
        token.pull()
    }

    struct Misbehaviour: Sendable, CustomTestStringConvertible {
        let name: String
        let reply: FakeToken.Reply
        let heard: String
        var testDescription: String { name }
    }

    static let misbehaviours: [Misbehaviour] = [
        Misbehaviour(name: "pulled during the command", reply: .hangUp, heard: "removed"),
        Misbehaviour(name: "no status word", reply: .message([0x90]), heard: "malformed"),
        Misbehaviour(name: "an empty message", reply: .message([]), heard: "malformed"),
        Misbehaviour(
            name: "a message longer than the longest response", reply: .raw([0xFF, 0xFF, 0x90]),
            heard: "mute"),
        Misbehaviour(name: "half a length", reply: .raw([0]), heard: "mute"),
        Misbehaviour(name: "half a message", reply: .raw([0, 5, 0x90]), heard: "mute"),
        Misbehaviour(name: "silence", reply: .silence, heard: "mute"),
    ]

    @Test(arguments: misbehaviours)
    func aTokenThatBreaksTheRulesLosesItsReader(_ example: Misbehaviour) throws {
        let station = try VirtualHub()
        let token = try FakeToken(station.path) { message in
            message == [4] ? .message(FakeToken.atr) : example.reply
        }
        let reader = try #require(station.presentReader())
        // The only real time here: who says nothing whole is given up after it.
        let cap: Duration? = example.heard == "mute" ? .milliseconds(150) : nil
        try station.run(
            [[0, 0xB0, 0, 0, 7], [0, 0xB0, 0, 0, 8]], clock: clock(), on: reader.name, cap: cap,
            record: record)
        #expect(
            record.wait(for: "closed")
                == ["opened", "fault \(example.heard)", "fault removed", "closed"])
        #expect(station.wait(\.isEmpty).isEmpty)
        #expect(!token.received.all.contains("0 b0 0 0 8"))
    }

    @Test func whatIsSaidUnaskedIsNotTakenForAnAnswer() throws {
        let station = try VirtualHub()
        let token = try FakeToken(station.path, reply: FakeToken.obedient)
        let reader = try #require(station.presentReader())
        token.say([0, 2, 0x90, 0])
        try station.run([[0, 0xB0, 0, 0, 7]], clock: clock(), on: reader.name, record: record)
        let heard = record.wait(for: "closed")
        #expect(heard.first?.hasPrefix("unopened") == true)
        #expect(station.wait(\.isEmpty).isEmpty)
        #expect(!token.received.all.contains("0 b0 0 0 7"))
    }

    static let badATRs: [[UInt8]] = [
        [], [0x3B], [0x00, 0x00], [0x3B, 0x80, 0x80, 0x01, 0x02],
        [UInt8](repeating: 0x3B, count: 34), [0x3B, 0x80, 0x80, 0x01, 0x01, 0x00],
    ]

    @Test(arguments: badATRs) func aTokenWithoutAnAnswerToResetIsPutOut(_ atr: [UInt8]) throws {
        let station = try VirtualHub()
        let token = try FakeToken(station.path) { _ in .message(atr) }
        #expect(token.received.wait(for: "4").contains("4"))
        #expect(station.wait(\.isEmpty).isEmpty)
    }

    @Test func aSilentTokenIsMuteUntilItSpeaks() throws {
        let folder = try TestFolder()
        let table = ReaderTable()
        let states = Record()
        _ = table.observe { list in
            for reader in list.readers { states.add("\(reader.name) \(reader.state)") }
        }
        let readers = VirtualReaders(
            socket: .init(path: folder.path + "/tokens"), table: table, timekeeper: time)
        try readers.start()
        let token = try FakeToken(folder.path + "/tokens") { _ in .silence }
        #expect(token.received.wait(for: "4").contains("4"))
        time.advance(.seconds(3))
        #expect(states.wait(for: "Virtual Reader 00 mute").contains("Virtual Reader 00 mute"))
        #expect(throws: ReaderError.mute) {
            try table.mark(of: "Virtual Reader 00")
        }
        token.say([0, 5] + FakeToken.atr)
        let spoken = "Virtual Reader 00 \(ReaderState.present(atr: FakeToken.atr))"
        #expect(states.wait(for: spoken).contains(spoken))
        #expect(readers.stop(by: .now + .seconds(10)))
        #expect(table.end(by: .now + .seconds(10)) == 0)
    }

    @Test func aLateReadingCommandIsAnsweredForAndTheReaderIsStuckUntilItReturns() throws {
        let station = try VirtualHub()
        let release = Record()
        let token = try FakeToken(station.path) { message in
            if message.count > 1, message[1] == 0xF1 { _ = release.wait(for: "go") }
            return FakeToken.obedient(message)
        }
        let reader = try #require(station.presentReader())
        let clock = clock()
        try station.run(
            [[0, 0xF1, 0, 0, 7], [0, 0xB0, 0, 0, 8]], clock: clock, on: reader.name,
            record: record)
        _ = token.received.wait(for: "0 f1 0 0 7")
        #expect(throws: ReaderError.busy(activity: "test")) {
            try station.run([], clock: self.clock(), on: reader.name, record: record)
        }
        time.advance(.seconds(5))
        #expect(record.all.last == "overdue command abandoned")
        guard case .stuck(_, "command") = station.hub.snapshot().first?.state else {
            Issue.record("not stuck: \(station.hub.snapshot())")
            return
        }
        #expect(throws: ReaderError.self) {
            try station.run([], clock: self.clock(), on: reader.name, record: record)
        }
        release.add("go")
        #expect(
            record.wait(for: "closed")
                == [
                    "opened", "overdue command abandoned", "answer 7 90 0", "fault deadline",
                    "closed",
                ])
        #expect(!token.received.all.contains("0 b0 0 0 8"))
        #expect(station.presentReader()?.insertion == reader.insertion)
        try station.run([[0, 0xB0, 0, 0, 9]], clock: self.clock(), on: reader.name, record: record)
        #expect(record.wait(for: "answer 9 90 0").contains("answer 9 90 0"))
    }

    @Test func aWritingCommandKeepsItsCard() throws {
        let station = try VirtualHub()
        let release = Record()
        let token = try FakeToken(station.path) { message in
            if message.count > 1, message[1] == 0xF1 { _ = release.wait(for: "go") }
            return FakeToken.obedient(message)
        }
        let reader = try #require(station.presentReader())
        try station.run(
            [[0, 0xF1, 0, 0, 7], [0, 0xB0, 0, 0, 8]], writes: true, clock: clock(),
            on: reader.name, record: record)
        _ = token.received.wait(for: "0 f1 0 0 7")
        time.advance(.seconds(5))
        #expect(station.hub.snapshot().first?.state == .present(atr: FakeToken.atr))
        #expect(station.hub.snapshot().first?.activity == "test")
        release.add("go")
        #expect(
            record.wait(for: "closed")
                == [
                    "opened", "overdue command stillWriting", "answer 7 90 0", "answer 8 90 0",
                    "closed",
                ])
    }

    @Test func aCancelledProcedureSendsNothingMore() throws {
        let station = try VirtualHub()
        let clock = clock()
        let token = try FakeToken(station.path) { message in
            if message.count > 1 { clock.cancel() }
            return FakeToken.obedient(message)
        }
        let reader = try #require(station.presentReader())
        try station.run(
            [[0, 0xB0, 0, 0, 7], [0, 0xB0, 0, 0, 8]], clock: clock, on: reader.name,
            record: record)
        #expect(
            record.wait(for: "closed")
                == ["opened", "answer 7 90 0", "fault cancelled", "closed"])
        #expect(!token.received.all.contains("0 b0 0 0 8"))
    }

    @Test func aProcedureCancelledBeforeItsTurnTouchesNoCard() throws {
        let station = try VirtualHub()
        let token = try FakeToken(station.path, reply: FakeToken.obedient)
        let reader = try #require(station.presentReader())
        let before = token.received.all.filter { $0 == "1" }.count
        let clock = clock()
        clock.cancel()
        try station.run([[0, 0xB0, 0, 0, 7]], clock: clock, on: reader.name, record: record)
        #expect(
            record.wait(for: "closed") == ["unopened \(ReaderError.cancelled)", "closed"])
        #expect(token.received.all.filter { $0 == "1" }.count == before)
    }

    @Test func theEighthTokenIsTheLast() throws {
        let station = try VirtualHub()
        var tokens: [FakeToken] = []
        for _ in 0..<VirtualReaders.most {
            tokens.append(try FakeToken(station.path, reply: FakeToken.obedient))
        }
        #expect(station.wait { $0.count == VirtualReaders.most }.count == VirtualReaders.most)
        let ninth = VirtualConnection(try UnixSocket.connect(to: station.path))
        #expect(try ninth.descriptor.wait(timeout: .seconds(10)))
        let end = try withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) {
            try ninth.descriptor.receive(into: $0)
        }
        #expect(end == 0)
        tokens[3].pull()
        #expect(station.wait { $0.count == 7 }.count == 7)
        tokens.append(try FakeToken(station.path, reply: FakeToken.obedient))
        let names = station.wait { $0.count == 8 }.map(\.name)
        #expect(names.contains("Virtual Reader 03"))
        #expect(names == names.sorted())
        for token in tokens { token.pull() }
    }

    @Test func extendedLengthIsTakenWhereTheCardSaysSo() throws {
        for (atr, expected) in [(FakeToken.atr, false), (FakeToken.extendedATR, true)] {
            let station = try VirtualHub()
            let token = try FakeToken(station.path) { message in
                message == [4] ? .message(atr) : FakeToken.obedient(message)
            }
            let reader = try #require(station.presentReader())
            let record = Record()
            try station.hub.perform(
                Procedure(
                    activity: "look", clock: clock(),
                    body: { session in
                        record.add("\(session.protocolName) \(session.takesExtended)")
                    },
                    unopened: { record.add("\($0)") }, closed: { record.add("closed") }),
                on: reader.name)
            #expect(record.wait(for: "closed") == ["T=1 \(expected)", "closed"])
            token.pull()
        }
    }

    @Test func aColdResetTakesThePowerAway() throws {
        let station = try VirtualHub()
        let token = try FakeToken(station.path, reply: FakeToken.obedient)
        let reader = try #require(station.presentReader())
        try station.hub.perform(
            Procedure(
                activity: "reset", clock: clock(),
                body: { [record] session in
                    var response = ResponseBuffer()
                    do throws(CardFault) { try session.resetCold() } catch {
                        record.add("\(error)")
                    }
                    record.add(
                        VirtualHub.transmit([0, 0xB0, 0, 0, 7], writes: false, &session, &response))
                    session.powerDown()
                    record.add(
                        VirtualHub.transmit([0, 0xB0, 0, 0, 8], writes: false, &session, &response))
                },
                unopened: { [record] in record.add("\($0)") },
                closed: { [record] in record.add("closed") }),
            on: reader.name)
        #expect(
            record.wait(for: "closed") == ["answer 7 90 0", "fault removed", "closed"])
        #expect(
            token.received.wait(for: "0 b0 0 0 7").prefix(9)
                == ["1", "4", "0", "1", "4", "0", "1", "4", "0 b0 0 0 7"])
    }

    @Test func afterTheEndNothingIsTaken() throws {
        let station = try VirtualHub()
        let token = try FakeToken(station.path, reply: FakeToken.obedient)
        let reader = try #require(station.presentReader())
        #expect(station.hub.stop() == 0)
        #expect(station.hub.snapshot().isEmpty)
        #expect(!File.exists(station.path))
        #expect(throws: ReaderError.stopped) {
            try station.run([], clock: clock(), on: reader.name, record: record)
        }
        #expect(station.hub.stop() == 0)
        token.pull()
    }

    @Test(arguments: [Errno.connectionReset, .inputOutput])
    func aConnectionThatFailedOnceIsNotUsedAgain(_ errno: Errno) throws {
        let (ours, theirs) = try UnixSocket.pair()
        let token = FileDescriptor(owning: theirs)
        let link = VirtualLink(VirtualConnection(FileDescriptor(owning: ours)))
        SystemFaults.$current.withValue(SystemFaults { $0 == .recv ? errno : nil }) {
            #expect(throws: ReaderError.self) { _ = try link.greet() }
        }
        // What the token says now would be taken for the answer to something else.
        let hasEnded = try token.wait(timeout: .seconds(20))
        #expect(hasEnded)
        var byte: UInt8 = 0
        let heard = try withUnsafeMutableBytes(of: &byte) { try token.receive(into: $0) }
        #expect(heard == 0)
    }

    static let startCalls: [SystemCall] = [
        .socket, .bind, .listen, .eventfd, .epoll_create, .epoll_ctl, .pthread_create, .chmod,
    ]

    @Test(arguments: startCalls) func everyCallOfTheStartCanFail(_ call: SystemCall) throws {
        let path = "/tmp/readers-start-\(Process.id)-\(UInt64.random(in: 0...UInt64.max))"
        let hub = ReaderHub(configuration: .init(pcsc: false, virtualSocket: .init(path: path)))
        SystemFaults.$current.withValue(SystemFaults { $0 == call ? .tooManyFiles : nil }) {
            do throws(SystemError) {
                try hub.start()
                Issue.record("started without \(call)")
            } catch {
                #expect(error.errno == .tooManyFiles)
                #expect(error.call == call)
            }
        }
        // Before the mode is set the file is not known to be ours alone.
        if call != .chmod && call != .listen { #expect(!File.exists(path)) }
        try? File.remove(path)
    }
}
