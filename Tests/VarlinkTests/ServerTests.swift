import Foundation
import JSON
import System
import Testing

@testable import Varlink

@Suite struct ServerTests {
    static let scripts: [(String, [String])] = [
        (
            #"{"method":"org.example.test.Echo","parameters":{"text":"Sở \u00e9"}}"#,
            [#"{"parameters":{"text":"Sở é"}}"#]
        ),
        (
            #" { "parameters" : { "text" : "a" } , "method" : "org.example.test.Echo" } "#,
            [#"{"parameters":{"text":"a"}}"#]
        ),
        (
            #"{"method":"org.example.test.Later","parameters":{"number":7}}"#,
            [#"{"parameters":{"number":7}}"#]
        ),
        (
            #"{"method":"org.example.test.Count","parameters":{"count":2},"more":true}"#,
            [
                #"{"parameters":{"number":0},"continues":true}"#,
                #"{"parameters":{"number":1},"continues":true}"#,
                #"{"parameters":{"number":2}}"#,
            ]
        ),
        (
            #"{"method":"org.example.test.Count","parameters":{"count":2}}"#,
            [#"{"error":"org.varlink.service.ExpectedMore","parameters":{}}"#]
        ),
        (
            #"{"method":"org.example.test.Fail"}"#,
            [#"{"error":"org.example.test.Broken","parameters":{"step":"verify","tries_left":2}}"#]
        ),
        (
            #"{"method":"org.example.test.Missing","parameters":null}"#,
            [
                #"{"error":"org.varlink.service.MethodNotImplemented","parameters":{"method":"org.example.test.Missing"}}"#
            ]
        ),
        (
            #"{"method":"org.example.test.Drop"}"#,
            [
                #"{"error":"org.varlink.service.MethodNotImplemented","parameters":{"method":"org.example.test.Drop"}}"#
            ]
        ),
        (
            #"{"method":"org.example.test.echo"}"#,
            [
                #"{"error":"org.varlink.service.MethodNotFound","parameters":{"method":"org.example.test.echo"}}"#
            ]
        ),
        (
            #"{"method":"org.example.other.Echo"}"#,
            [
                #"{"error":"org.varlink.service.InterfaceNotFound","parameters":{"interface":"org.example.other"}}"#
            ]
        ),
        (
            #"{"method":"Echo"}"#,
            [
                #"{"error":"org.varlink.service.InterfaceNotFound","parameters":{"interface":"Echo"}}"#
            ]
        ),
        (
            #"{"method":""}"#,
            [#"{"error":"org.varlink.service.InterfaceNotFound","parameters":{"interface":""}}"#]
        ),
        (
            #"{"method":"org.example.test.Echo"}"#,
            [#"{"error":"org.varlink.service.InvalidParameter","parameters":{"parameter":"text"}}"#]
        ),
        (
            #"{"method":"org.example.test.Echo","parameters":{"text":1}}"#,
            [#"{"error":"org.varlink.service.InvalidParameter","parameters":{"parameter":"text"}}"#]
        ),
        (
            #"{"method":"org.example.test.Echo","parameters":{"text":"a","txet":"b"}}"#,
            [#"{"error":"org.varlink.service.InvalidParameter","parameters":{"parameter":"txet"}}"#]
        ),
        (
            #"{"method":"org.example.test.Echo","parameters":{"text":"a"},"upgrade":true}"#,
            [
                #"{"error":"org.varlink.service.MethodNotImplemented","parameters":{"method":"org.example.test.Echo"}}"#
            ]
        ),
        (
            #"{"method":"org.varlink.service.GetInfo"}"#,
            [
                #"{"parameters":{"vendor":"Example","product":"Test","version":"1","url":"http://x.test","interfaces":["org.example.test","org.varlink.service"]}}"#
            ]
        ),
        (
            #"{"method":"org.varlink.service.GetInfo","parameters":{"a":1}}"#,
            [#"{"error":"org.varlink.service.InvalidParameter","parameters":{"parameter":"a"}}"#]
        ),
        (
            #"{"method":"org.varlink.service.GetInterfaceDescription","parameters":{"interface":"org.x.y"}}"#,
            [
                #"{"error":"org.varlink.service.InterfaceNotFound","parameters":{"interface":"org.x.y"}}"#
            ]
        ),
    ]

    @Test(arguments: scripts)
    func answersAsTheProtocolSays(_ request: String, _ replies: [String]) throws {
        let station = try Station()
        let wire = try station.wire()
        // A oneway call before and a plain one behind show that nothing else was sent.
        try wire.send(
            #"{"method":"org.example.test.Echo","parameters":{"text":"x"},"oneway":true}"# + "\0"
                + request + "\0" + #"{"method":"org.example.test.Echo","parameters":{"text":"y"}}"#
                + "\0")
        for reply in replies { #expect(try wire.next() == reply) }
        #expect(try wire.next() == #"{"parameters":{"text":"y"}}"#)
    }

    @Test(arguments: [
        "\0", "{}\0", "[]\0", "x\0", "{\"method\":1}\0", "{\"method\":\"a.B\"\0",
        "{\"method\":\"a.B\"}{}\0", "{\"method\":\"a.B\",\"method\":\"a.B\"}\0",
        "{\"method\":\"a.B\",\"parameters\":[]}\0", "{\"method\":\"a.B\",\"more\":1}\0",
        "{\"method\":\"a.B\",\"extra\":1}\0",
        "{\"method\":\"a.B\",\"more\":true,\"oneway\":true}\0",
        "{\"method\":\"a.B\",\"parameters\":{\"a\":\"\u{1}\"}}\0",
        "{\"method\":\"a.B\",\"parameters\":{\"a\":" + String(repeating: "[", count: 10_000) + "\0",
        "{\"method\":\"" + String(repeating: "a", count: 600) + "\"}\0",
    ])
    func hangsUpOnWhatIsNoCall(_ message: String) throws {
        let station = try Station()
        let wire = try station.wire()
        try wire.send(message)
        #expect(try wire.next() == "(closed)")
        guard case .malformed = station.incidents.first() else {
            Issue.record("not reported as malformed")
            return
        }
    }

    @Test func hangsUpOnAMessageOverTheLimit() throws {
        var limits = VarlinkLimits()
        limits.message = 8192
        let station = try Station(limits: limits)
        let fits = try station.wire()
        func message(_ count: Int) -> String {
            let frame =
                #"{"method":"org.example.test.Echo","parameters":{"text":""}}"#.utf8.count + 1
            let text = String(repeating: "x", count: count - frame)
            return #"{"method":"org.example.test.Echo","parameters":{"text":"\#(text)"}}"# + "\0"
        }
        try fits.send(message(8192))
        #expect(try fits.next().hasPrefix(#"{"parameters":{"text":"xxx"#))
        let tooLong = try station.wire()
        _ = tooLong.sendOrBeCut(Array(message(8193).utf8))
        #expect(try tooLong.next() == "(closed)")
        guard case .tooLong = station.incidents.first() else {
            Issue.record("not reported as too long")
            return
        }
        // The others go on.
        try fits.send(message(100))
        #expect(try fits.next().hasPrefix(#"{"parameters":"#))
    }

    @Test func aMessageMayComeByteByByte() throws {
        let station = try Station()
        let wire = try station.wire()
        for byte in #"{"method":"org.example.test.Echo","parameters":{"text":"slow"}}"#.utf8 {
            try wire.socket.writeAll([byte])
        }
        try wire.send("\0")
        #expect(try wire.next() == #"{"parameters":{"text":"slow"}}"#)
    }

    @Test func aMessageBegunAndNotEndedIsCutOff() throws {
        var limits = VarlinkLimits()
        limits.messageTime = .milliseconds(50)
        let station = try Station(limits: limits)
        let idle = try station.wire()
        let slow = try station.wire()
        try slow.send("{\"method\":")
        #expect(try slow.next() == "(closed)")
        guard case .tooSlow = station.incidents.first() else {
            Issue.record("not reported as too slow")
            return
        }
        try idle.send(#"{"method":"org.example.test.Echo","parameters":{"text":"a"}}"# + "\0")
        #expect(try idle.next() == #"{"parameters":{"text":"a"}}"#)
    }

    @Test func thousandsOfPipelinedCallsAreAnsweredInOrder() throws {
        let station = try Station()
        let wire = try station.wire()
        let count = 5000
        let sender = DispatchQueue(label: "sender")
        let calls = (0..<count).map { i in
            i % 3 == 0
                ? #"{"method":"org.example.test.Later","parameters":{"number":\#(i)}}"#
                : #"{"method":"org.example.test.Echo","parameters":{"text":"\#(i)"}}"#
        }
        let bytes = Array(calls.joined(separator: "\0").utf8) + [0]
        let number = wire.socket.number
        sender.async {
            let socket = FileDescriptor(owning: number)
            try? socket.writeAll(bytes)
            _ = socket.release()
        }
        var wrong = 0
        for i in 0..<count {
            let expected =
                i % 3 == 0
                ? #"{"parameters":{"number":\#(i)}}"# : #"{"parameters":{"text":"\#(i)"}}"#
            if try wire.next() != expected { wrong += 1 }
        }
        sender.sync {}
        #expect(wrong == 0)
    }

    @Test func oneCallIsServedAtATimeOnAConnectionAndOthersGoOn() throws {
        let station = try Station()
        let waiting = try station.wire()
        try waiting.send(
            #"{"method":"org.example.test.Hold"}"# + "\0"
                + #"{"method":"org.example.test.Echo","parameters":{"text":"behind"}}"# + "\0")
        let call = try #require(station.example.held.next())
        let other = try station.wire()
        try other.send(#"{"method":"org.example.test.Echo","parameters":{"text":"beside"}}"# + "\0")
        #expect(try other.next() == #"{"parameters":{"text":"beside"}}"#)
        #expect(try waiting.next(within: .zero) == "(nothing)")
        #expect(call.reply() == true)
        #expect(try waiting.next() == #"{"parameters":{}}"#)
        #expect(try waiting.next() == #"{"parameters":{"text":"behind"}}"#)
    }

    @Test func theFirstFinalAnswerCounts() throws {
        let station = try Station()
        let wire = try station.wire()
        try wire.send(#"{"method":"org.example.test.Hold","more":true}"# + "\0")
        let call = try #require(station.example.held.next())
        let wins = LockedCount()
        DispatchQueue.concurrentPerform(iterations: 16) { i in
            call.replyContinuing { $0.member("n", Int64(i)) }
            if call.reply({ $0.member("final", Int64(i)) }) { wins.add() }
        }
        #expect(wins.value == 1)
        #expect(!call.isPending)
        #expect(call.fail(.permissionDenied) == false)
        #expect(call.replyContinuing { _ in } == false)
        var finals = 0
        while finals == 0 {
            let reply = try wire.next()
            try #require(reply != "(closed)" && reply != "(nothing)")
            if !reply.contains("continues") { finals += 1 }
        }
        try wire.send(#"{"method":"org.example.test.Echo","parameters":{"text":"next"}}"# + "\0")
        #expect(try wire.next() == #"{"parameters":{"text":"next"}}"#)
    }

    @Test func onlyAClientThatTakesMoreGetsMore() throws {
        let station = try Station()
        let wire = try station.wire()
        try wire.send(#"{"method":"org.example.test.Hold"}"# + "\0")
        let call = try #require(station.example.held.next())
        #expect(call.replyContinuing { _ in } == false)
        call.reply()
        #expect(try wire.next() == #"{"parameters":{}}"#)
    }

    @Test func aCallDroppedOnAnotherThreadIsAnswered() throws {
        let station = try Station()
        let wire = try station.wire()
        try wire.send(#"{"method":"org.example.test.Hold"}"# + "\0")
        #expect(station.example.held.next() != nil)
        #expect(try wire.next().hasPrefix(#"{"error":"org.varlink.service.MethodNotImplemented"#))
    }

    @Test func hangingUpIsToldAtOnce() throws {
        let station = try Station()
        var wire: Wire? = try station.wire()
        try wire?.send(#"{"method":"org.example.test.Hold","more":true}"# + "\0")
        let call = try #require(station.example.held.next())
        let kept = station.example.held
        call.onHangUp { kept.noteHangUp() }
        wire = nil
        #expect(kept.waitForHangUp())
        #expect(call.reply() == false)
        #expect(!call.isPending)
        // Said afterwards, it is told here and now.
        let late = LockedCount()
        call.onHangUp { late.add() }
        #expect(late.value == 1)
    }

    @Test func hangingUpAfterTheAnswerIsNotTold() throws {
        let station = try Station()
        let wire = try station.wire()
        try wire.send(#"{"method":"org.example.test.Hold"}"# + "\0")
        let call = try #require(station.example.held.next())
        let told = LockedCount()
        call.onHangUp { told.add() }
        call.reply()
        call.onHangUp { told.add() }
        #expect(try wire.next() == #"{"parameters":{}}"#)
        #expect(told.value == 0)
    }

    @Test func aOnewayCallIsServedEvenIfItsClientLeaves() throws {
        let station = try Station()
        do {
            let wire = try station.wire()
            try wire.send(#"{"method":"org.example.test.Hold","oneway":true}"# + "\0")
        }
        let call = try #require(station.example.held.next())
        #expect(call.isOneway)
    }

    @Test func aReaderThatNeverReadsIsDroppedAndTheOthersGoOn() throws {
        var limits = VarlinkLimits()
        limits.backlog = 64 * 1024
        let station = try Station(limits: limits)
        let silent = try station.wire()
        let other = try station.wire()
        try silent.send(
            #"{"method":"org.example.test.Flood","parameters":{"count":2000,"size":4000},"more":true}"#
                + "\0")
        guard case .notReading = station.incidents.first() else {
            Issue.record("not reported as not reading")
            return
        }
        try other.send(#"{"method":"org.example.test.Echo","parameters":{"text":"a"}}"# + "\0")
        #expect(try other.next() == #"{"parameters":{"text":"a"}}"#)
        var last = ""
        while last != "(closed)" { last = try silent.next() }
    }

    @Test func aClientThatCallsAndNeverReadsIsServedNoFurther() throws {
        var limits = VarlinkLimits()
        limits.stallTime = .milliseconds(50)
        let station = try Station(limits: limits)
        let silent = try station.wire()
        let text = String(repeating: "x", count: 4000)
        let call = #"{"method":"org.example.test.Echo","parameters":{"text":"\#(text)"}}"# + "\0"
        let all = Array(String(repeating: call, count: 1000).utf8)
        #expect(!silent.sendOrBeCut(all))
        guard case .notReading = station.incidents.first() else {
            Issue.record("not reported as not reading")
            return
        }
    }

    @Test func aLargeReplyArrivesWhole() throws {
        let station = try Station()
        let wire = try station.wire()
        try wire.send(
            #"{"method":"org.example.test.Flood","parameters":{"count":1,"size":250000},"more":true}"#
                + "\0")
        #expect(try wire.next().utf8.count > 250_000)
        #expect(try wire.next() == #"{"parameters":{"text":""}}"#)
    }

    @Test func aReplyThatIsTooLongBecomesAnError() throws {
        let station = try Station()
        let wire = try station.wire()
        try wire.send(#"{"method":"org.example.test.Hold"}"# + "\0")
        let call = try #require(station.example.held.next())
        let text = String(repeating: "x", count: 300_000)
        #expect(call.reply { $0.member("text", text) } == false)
        #expect(try wire.next().hasPrefix(#"{"error":"#))
    }

    @Test func connectionsOfOneUserAreLimited() throws {
        var limits = VarlinkLimits()
        limits.connectionsPerUser = 3
        let station = try Station(limits: limits)
        var wires = try (0..<3).map { _ in try station.wire() }
        for wire in wires {
            try wire.send(#"{"method":"org.example.test.Echo","parameters":{"text":"a"}}"# + "\0")
            #expect(try wire.next() == #"{"parameters":{"text":"a"}}"#)
        }
        #expect(try station.wire().next() == "(closed)")
        guard case .tooManyConnections = station.incidents.first() else {
            Issue.record("not reported")
            return
        }
        wires.removeLast()
        // Once the service has noticed, there is room again.
        var answer = "(closed)"
        while answer == "(closed)" {
            let wire = try station.wire()
            _ = wire.sendOrBeCut(
                Array(
                    (#"{"method":"org.example.test.Echo","parameters":{"text":"b"}}"# + "\0").utf8))
            answer = try wire.next()
        }
        #expect(answer == #"{"parameters":{"text":"b"}}"#)
    }

    @Test func aRefusedCallerIsToldAndReported() throws {
        let station = try Station(authorize: { _, method in
            method == "org.example.test.Echo" ? .denied : .granted(nil)
        })
        let wire = try station.wire()
        try wire.send(#"{"method":"org.example.test.Echo","parameters":{"text":"a"}}"# + "\0")
        #expect(
            try wire.next() == #"{"error":"org.varlink.service.PermissionDenied","parameters":{}}"#)
        guard case .permissionDenied(let peer, "org.example.test.Echo") = station.incidents.first()
        else {
            Issue.record("not reported")
            return
        }
        #expect(peer.process == ProcessInfo.processInfo.processIdentifier)
        #expect(peer.user == getuid())
    }

    @Test func anOwnersOwnRefusalIsAnsweredAndNotReported() throws {
        let station = try Station(authorize: { _, _ in
            .refused(VarlinkFailure("org.example.test.Broken", ["step": "sign-in"]))
        })
        let wire = try station.wire()
        try wire.send(#"{"method":"org.example.test.Echo","parameters":{"text":"a"}}"# + "\0")
        #expect(
            try wire.next()
                == #"{"error":"org.example.test.Broken","parameters":{"step":"sign-in"}}"#)
        // A method that is not there is that first.
        try wire.send(#"{"method":"org.example.test.Dance"}"# + "\0")
        #expect(try wire.next().contains("MethodNotFound"))
        #expect(station.incidents.all.isEmpty)
    }

    @Test func aCallCarriesWhatItsOwnerMadeOfTheCaller() throws {
        let station = try Station(authorize: { peer, method in
            .granted("\(peer.user) \(method)")
        })
        let wire = try station.wire()
        try wire.send(#"{"method":"org.example.test.Hold"}"# + "\0")
        let call = try #require(station.example.held.next())
        #expect(call.grant as? String == "\(getuid()) org.example.test.Hold")
        call.reply()
    }

    @Test func theEndOfAConnectionIsToldByItsNumber() throws {
        let closed = Monitor<[UInt64]>([])
        let station = try Station(closed: { number in closed.withLock { $0.append(number) } })
        var numbers: [UInt64] = []
        for _ in 0..<2 {
            let wire = try station.wire()
            try wire.send(#"{"method":"org.example.test.Hold"}"# + "\0")
            let call = try #require(station.example.held.next())
            numbers.append(call.connectionNumber)
            call.reply()
            #expect(try wire.next() == #"{"parameters":{}}"#)
        }
        #expect(numbers[0] != numbers[1])
        let told = closed.wait(until: .now + .seconds(20)) { $0.count == 2 ? $0 : nil }
        #expect(told == numbers)
    }

    @Test func aHalfClosedClientStillGetsItsAnswer() throws {
        let station = try Station()
        let wire = try station.wire()
        try wire.send(#"{"method":"org.example.test.Hold"}"# + "\0")
        shutdown(wire.socket.number, Int32(SHUT_WR))
        let call = try #require(station.example.held.next())
        #expect(call.reply() == true)
        #expect(try wire.next() == #"{"parameters":{}}"#)
        #expect(try wire.next() == "(closed)")
    }

    @Test(arguments: [Errno.tooManyFiles, .tooManyFilesInSystem, .noMemory])
    func acceptingGoesOnOnceTheKernelHasDescriptorsAgain(_ errno: Errno) throws {
        let failures = LockedCount()
        let station = try Station(
            faults: SystemFaults { call in
                guard call == .accept, failures.value < 3 else { return nil }
                failures.add()
                return errno
            })
        let wire = try station.wire()
        try wire.send(#"{"method":"org.example.test.Echo","parameters":{"text":"a"}}"# + "\0")
        #expect(try wire.next() == #"{"parameters":{"text":"a"}}"#)
        // Each failure is followed by a pause: three reports, not a spinning thread's thousands.
        #expect(station.incidents.all.count == 3)
        guard case .noResources = station.incidents.first() else {
            Issue.record("not reported")
            return
        }
    }

    @Test func whoWaitsTooLongForADescriptorIsHungUpOn() throws {
        // All are in use; the one that is kept in reserve is given up, and taken right then.
        let last = Monitor<SystemCall?>(nil)
        var limits = VarlinkLimits()
        limits.acceptTime = .milliseconds(300)
        let station = try Station(
            limits: limits,
            faults: SystemFaults { call in
                let before = last.withLock { last in
                    defer { last = call }
                    return last
                }
                return call == .accept && before != .accept ? .tooManyFiles : nil
            })
        let wire = try station.wire()
        #expect(try wire.next() == "(closed)")
    }

    @Test(arguments: [SystemCall.recv, .getsockopt])
    func aConnectionThatFailsTakesNobodyWithIt(_ failing: SystemCall) throws {
        let failures = LockedCount()
        let station = try Station(
            faults: SystemFaults { call in
                guard call == failing, failures.value == 0 else { return nil }
                failures.add()
                return .inputOutput
            })
        let call = #"{"method":"org.example.test.Echo","parameters":{"text":"a"}}"# + "\0"
        let first = try station.wire()
        _ = first.sendOrBeCut(Array(call.utf8))
        #expect(try first.next() == "(closed)")
        let second = try station.wire()
        try second.send(call)
        #expect(try second.next() == #"{"parameters":{"text":"a"}}"#)
    }

    @Test func aClientThatLeavesInTheMiddleOfItsRepliesTakesNobodyWithIt() throws {
        let station = try Station()
        let other = try station.wire()
        for _ in 0..<20 {
            let leaving = try station.wire()
            try leaving.send(
                #"{"method":"org.example.test.Flood","parameters":{"count":50,"size":9000},"more":true}"#
                    + "\0")
            #expect(try leaving.next().contains("continues"))
        }
        try other.send(#"{"method":"org.example.test.Echo","parameters":{"text":"a"}}"# + "\0")
        #expect(try other.next() == #"{"parameters":{"text":"a"}}"#)
    }

    @Test func anIdleServiceSleeps() throws {
        let waits = LockedCount()
        let station = try Station(
            faults: SystemFaults { call in
                if call == .epoll_wait { waits.add() }
                return nil
            })
        let wires = try (0..<8).map { _ in try station.wire() }
        for wire in wires {
            try wire.send(#"{"method":"org.example.test.Hold","more":true}"# + "\0")
        }
        let calls = try wires.map { _ in try #require(station.example.held.next()) }
        for call in calls { #expect(call.replyContinuing { _ in }) }
        for wire in wires { #expect(try wire.next().contains("continues")) }
        // Eight that wait for an answer and nothing to do: no wake-up in a while.
        let before = waits.value
        #expect(try wires[0].next(within: .milliseconds(300)) == "(nothing)")
        #expect(waits.value - before <= 1)
    }

    @Test func manyClientsAtOnceGetTheirOwnAnswers() throws {
        let station = try Station()
        let path = station.path
        let right = LockedCount()
        DispatchQueue.concurrentPerform(iterations: 12) { i in
            guard let client = try? VarlinkClient(connectingTo: path, timeout: .seconds(20))
            else { return }
            for j in 0..<50 {
                let number = Int64(i * 1000 + j)
                let reply = try? client.call("org.example.test.Later", timeout: .seconds(20)) {
                    $0.member("number", number)
                }
                if reply?["number"]?.integer == number { right.add() }
            }
        }
        #expect(right.value == 600)
    }
}

final class LockedCount: Sendable {
    private let count = Monitor(0)
    func add() { count.withLock { $0 += 1 } }
    var value: Int { count.withLock { $0 } }
}
