import Foundation
import JSON
import Secrets
import System
import Testing

@testable import Varlink

/// A client with the other end of its socket in the test's hands.
private func connected() throws -> (VarlinkClient, Wire) {
    let (mine, theirs) = try UnixSocket.pair()
    return (
        VarlinkClient(FileDescriptor(owning: mine), replyLimit: 4096),
        try Wire(FileDescriptor(owning: theirs))
    )
}

@Suite struct ClientTests {
    @Test func nobodyListening() {
        #expect(throws: VarlinkClientError.notRunning(path: "/nonexistent/s")) {
            _ = try VarlinkClient(connectingTo: "/nonexistent/s", timeout: .seconds(20))
        }
    }

    /// The kernel keeps who connects to a full queue waiting; a backlog of 0 is a queue of one.
    @Test func aServiceThatTakesNobodyIsNotWaitedForWithoutAnEnd() throws {
        let path = "@token-station-test-\(UUID().uuidString)"
        let listener = try UnixSocket.listen(at: path, mode: 0o600, backlog: 0)
        let first = try UnixSocket.connect(to: path, timeout: .seconds(20))
        #expect(throws: VarlinkClientError.notAccepting(path: path)) {
            _ = try VarlinkClient(connectingTo: path, timeout: .milliseconds(1))
        }
        withExtendedLifetime((first.number, listener.number)) {}
        let came = try listener.accept() != nil
        #expect(came)
    }

    @Test func aCallIsOneMessageAndItsReplyIsRead() throws {
        let (client, wire) = try connected()
        try wire.send(#"{"parameters":{"n":7,"text":"é"}}"# + "\0")
        let reply = try client.call("org.example.t.M", timeout: .seconds(20)) {
            $0.member("a", "b")
        }
        #expect(reply == ["n": 7, "text": "é"])
        #expect(try wire.next() == #"{"method":"org.example.t.M","parameters":{"a":"b"}}"#)
    }

    @Test func aReplyMayBeReadInPlace() throws {
        let (client, wire) = try connected()
        try wire.send(#"{"parameters":{"n":7}}"# + "\0" + #"{}"# + "\0")
        let read: (inout JSONReader) throws(JSONError) -> Int64 = { (reader) throws(JSONError) in
            var n: Int64 = 0
            try reader.beginObject()
            while try reader.nextKey() != nil { n = try reader.integer() }
            return n
        }
        #expect(try client.call("a.b.M", timeout: .seconds(20), { _ in }, reading: read) == 7)
        #expect(try client.call("a.b.M", timeout: .seconds(20), { _ in }, reading: read) == 0)
    }

    @Test func aSecretTravelsEscaped() throws {
        let (client, wire) = try connected()
        var buffer = try LockedBuffer(capacity: 8)
        for byte in "12\"4".utf8 { _ = buffer.append(byte) }
        let pin = try Secret(buffer)
        try client.send("a.b.M") { $0.member("pin", pin) }
        #expect(try wire.next() == #"{"method":"a.b.M","parameters":{"pin":"12\"4"}}"#)
    }

    static let bad: [(String, VarlinkClientError)] = [
        (
            #"{"error":"a.b.Broken","parameters":{"left":2}}"# + "\0",
            .remote(error: "a.b.Broken", parameters: ["left": 2])
        ),
        (#"{"error":"a.b.Broken"}"# + "\0", .remote(error: "a.b.Broken", parameters: [:])),
        ("x\0", .protocolViolation("line 1, column 1: expected a value (strings stand in double quotes)")),
        ("[]\0", .protocolViolation("line 1, column 1: expected an object, found an array")),
        (
            #"{"parameters":{},"continues":true}"# + "\0",
            .protocolViolation("more replies than one to a call")
        ),
        (String(repeating: "x", count: 5000), .protocolViolation("a reply is too long")),
    ]

    @Test(arguments: bad)
    func errorsAreTyped(_ reply: String, _ error: VarlinkClientError) throws {
        let (client, wire) = try connected()
        try wire.send(reply)
        #expect(throws: error) { _ = try client.call("a.b.M", timeout: .seconds(20)) }
        guard case .protocolViolation = error else { return }
        #expect(throws: VarlinkClientError.closed) { _ = try client.call("a.b.M") }
    }

    @Test func aServiceThatHangsUp() throws {
        let (client, wire) = try connected()
        wire.socket.shutDown()
        #expect(throws: VarlinkClientError.closed) { _ = try client.call("a.b.M") }
    }

    @Test func aServiceThatDoesNotAnswer() throws {
        let (client, wire) = try connected()
        #expect(throws: VarlinkClientError.timedOut) {
            _ = try client.call("a.b.M", timeout: .milliseconds(20))
        }
        // Half an answer that comes later is nobody's: the connection is gone.
        #expect(throws: VarlinkClientError.closed) { _ = try client.call("a.b.M") }
        #expect(try wire.next() == #"{"method":"a.b.M","parameters":{}}"#)
        #expect(try wire.next() == "(closed)")
    }

    @Test func aServiceThatTakesNothing() throws {
        let (client, wire) = try connected()
        let text = String(repeating: "x", count: 10_000)
        #expect(throws: VarlinkClientError.timedOut) {
            while true {
                try client.send("a.b.M", .oneway, deadline: .now + .milliseconds(20)) {
                    $0.member("text", text)
                }
            }
        }
        withExtendedLifetime(wire) {}
    }

    @Test func aCallThatIsTooLongIsNotSent() throws {
        let (client, wire) = try connected()
        let text = String(repeating: "x", count: 20_000)
        #expect(throws: VarlinkClientError.unwritable(.full)) {
            try client.send("a.b.M") { $0.member("text", text) }
        }
        try client.send("a.b.M", .oneway)
        #expect(try wire.next() == #"{"method":"a.b.M","parameters":{},"oneway":true}"#)
    }

    @Test func moreHandsOutEachReplyUntilTheLast() throws {
        let station = try Station()
        let client = try station.client()
        var numbers: [Int64] = []
        try client.more("org.example.test.Count", timeout: .seconds(20)) {
            $0.member("count", 3)
        } each: {
            numbers.append($0["number"]?.integer ?? -1)
            return true
        }
        #expect(numbers == [0, 1, 2, 3])
        let reply = try client.call("org.example.test.Echo") { $0.member("text", "again") }
        #expect(reply == ["text": "again"])
    }

    @Test func moreMayBeLeftEarly() throws {
        let station = try Station()
        let client = try station.client()
        var count = 0
        try client.more("org.example.test.Count", timeout: .seconds(20)) {
            $0.member("count", 3)
        } each: { _ in
            count += 1
            return false
        }
        #expect(count == 1)
        #expect(throws: VarlinkClientError.closed) { _ = try client.call("a.b.M") }
    }

    /// What is left is still there to be polled for, and nothing of it is lost.
    @Test func aServiceThatDoesNotStopIsTakenInShares() throws {
        let (client, wire) = try connected()
        let count = 1_000
        let flood = (0..<count).map { #"{"continues":true,"parameters":{"n":\#($0)}}"# + "\0" }
        try wire.send(flood.joined())
        var numbers: [JSONValue?] = []
        var shares = 0
        while numbers.count < count {
            let replies = try client.receiveAvailable()
            guard !replies.isEmpty else { break }
            numbers += replies.map { $0.parameters["n"] }
            shares += 1
        }
        #expect(numbers == (0..<count).map { JSONValue.integer(Int64($0)) })
        #expect(shares > 1)
    }

    @Test func anEventLoopTakesWhatHasCome() throws {
        let (client, wire) = try connected()
        #expect(try client.receiveAvailable() == [])
        try client.send("a.b.M", .more)
        #expect(
            try wire.next() == #"{"method":"a.b.M","parameters":{},"more":true}"#)
        try wire.send(#"{"continues":true}"# + "\0" + #"{"parameters":{"n":1},"conti"#)
        #expect(
            try client.receiveAvailable() == [
                VarlinkReply(error: nil, parameters: [:], continues: true)
            ])
        try wire.send(#"nues":true}"# + "\0" + #"{"error":"a.b.E","parameters":null}"# + "\0")
        #expect(
            try client.receiveAvailable() == [
                VarlinkReply(error: nil, parameters: ["n": 1], continues: true),
                VarlinkReply(error: "a.b.E", parameters: [:], continues: false),
            ])
        try wire.send("{}\0")
        wire.socket.shutDown()
        #expect(
            try client.receiveAvailable() == [
                VarlinkReply(error: nil, parameters: [:], continues: false)
            ])
        #expect(throws: VarlinkClientError.closed) { _ = try client.receiveAvailable() }
    }
}
