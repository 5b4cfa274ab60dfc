import Foundation
import JSON
import Synchronization
import System

@testable import Varlink

/// An interface whose methods each show one way to answer.
struct Example: VarlinkInterface {
    /// The calls of `Hold`, kept until a test answers them.
    let held = Kept()
    let name = "org.example.test"
    let description = """
        # What the tests call.
        interface org.example.test

        type Pair (first: string, second: ?int)

        # Answers with its own parameter.
        method Echo(text: string) -> (text: string)
        # Answers on another thread.
        method Later(number: int) -> (number: int)
        # Answers `count` times, then finally.
        method Count(count: int) -> (number: int)
        # Is kept until a test answers.
        method Hold() -> ()
        # Is dropped.
        method Drop() -> ()
        method Fail() -> ()
        method Missing() -> ()
        # Answers `count` times with `size` bytes each, as fast as it goes.
        method Flood(count: int, size: int) -> (text: string)

        error Broken (step: string, tries_left: ?int)

        """

    func call(_ call: VarlinkCall, parameters: inout JSONReader) throws(VarlinkFailure) {
        do throws(JSONError) {
            try answer(call, &parameters)
        } catch {
            throw VarlinkFailure(error)
        }
        if call.method == "Count" && !call.wantsMore { throw .expectedMore }
        if call.method == "Fail" {
            throw VarlinkFailure("org.example.test.Broken", ["step": "verify", "tries_left": 2])
        }
        if call.method == "Missing" { throw .methodNotImplemented(call.fullMethod) }
    }

    private func answer(_ call: VarlinkCall, _ reader: inout JSONReader) throws(JSONError) {
        switch call.method {
        case "Echo":
            let text = try text(&reader)
            call.reply { $0.member("text", text) }
        case "Later":
            let number = try numbers(&reader, ["number"])[0]
            DispatchQueue.global().async { call.reply { $0.member("number", number) } }
        case "Count":
            let count = try numbers(&reader, ["count"])[0]
            guard call.wantsMore else { return }
            for number in 0..<count { call.replyContinuing { $0.member("number", number) } }
            call.reply { $0.member("number", count) }
        case "Hold":
            try reader.noMembers()
            held.add(call)
        case "Flood":
            let values = try numbers(&reader, ["count", "size"])
            let text = String(repeating: "x", count: Int(values[1]))
            for _ in 0..<values[0] { call.replyContinuing { $0.member("text", text) } }
            call.reply { $0.member("text", "") }
        default: try reader.noMembers()
        }
    }

    private func text(_ reader: inout JSONReader) throws(JSONError) -> String {
        var text: String?
        try reader.beginObject()
        while let key = try reader.nextKey() {
            guard key == "text" else { throw reader.unknownKey(key, known: ["text"]) }
            text = try reader.string()
        }
        guard let text else { throw reader.missingKey("text") }
        return text
    }

    private func numbers(
        _ reader: inout JSONReader, _ names: [String]
    ) throws(JSONError) -> [Int64] {
        var values: [String: Int64] = [:]
        try reader.beginObject()
        while let key = try reader.nextKey() {
            guard names.contains(key) else { throw reader.unknownKey(key, known: names) }
            values[key] = try reader.integer()
        }
        var all: [Int64] = []
        for name in names {
            guard let value = values[name] else { throw reader.missingKey(name) }
            all.append(value)
        }
        return all
    }
}

/// Calls that came and are not answered yet, and what was told of their clients.
final class Kept: Sendable {
    private let state = Monitor<(calls: [VarlinkCall], hangUps: Int)>(([], 0))

    func add(_ call: VarlinkCall) { state.withLock { $0.calls.append(call) } }

    /// The next call; nil after a generous time.
    func next() -> VarlinkCall? {
        state.wait(until: .now + .seconds(20)) { $0.calls.isEmpty ? nil : $0.calls.removeFirst() }
    }

    func noteHangUp() { state.withLock { $0.hangUps += 1 } }

    func waitForHangUp() -> Bool {
        state.wait(until: .now + .seconds(20)) { $0.hangUps > 0 ? true : nil } ?? false
    }
}

/// Incidents as they were reported.
final class Incidents: Sendable {
    private let state = Monitor<[VarlinkIncident]>([])

    func add(_ incident: VarlinkIncident) { state.withLock { $0.append(incident) } }

    var all: [VarlinkIncident] { state.withLock { $0 } }

    /// The first incident; nil after a generous time.
    func first() -> VarlinkIncident? { state.wait(until: .now + .seconds(20)) { $0.first } }
}

/// A service of `Example` on a socket of its own, until it goes out of scope.
final class Station: Sendable {
    let example = Example()
    let incidents = Incidents()
    let path: String
    let server: VarlinkServer
    private let folder: URL
    private let ended = DispatchSemaphore(value: 0)

    init(
        limits: VarlinkLimits = VarlinkLimits(), faults: SystemFaults? = nil,
        authorize: @escaping @Sendable (Peer, String) -> VarlinkAdmission = { _, _ in
            .granted(nil)
        },
        standing: @escaping @Sendable (Peer) -> VarlinkStanding = { _ in .known },
        closed: @escaping @Sendable (UInt64) -> Void = { _ in }
    ) throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("varlink-" + UUID().uuidString.prefix(8))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.appendingPathComponent("s").path
        let incidents = incidents
        server = try VarlinkServer(
            VarlinkIdentity(vendor: "Example", product: "Test", version: "1", url: "http://x.test"),
            interfaces: [example], limits: limits,
            hooks: VarlinkHooks(
                authorize: authorize, standing: standing, report: { incidents.add($0) },
                closed: closed))
        try server.listen(on: try UnixSocket.listen(at: path, mode: 0o600))
        let (server, ended) = (server, ended)
        try System.Thread.start(name: "service") {
            SystemFaults.$current.withValue(faults) { try? server.run() }
            ended.signal()
        }
    }

    deinit {
        server.stop()
        ended.wait()
        try? FileManager.default.removeItem(at: folder)
    }

    func client() throws -> VarlinkClient {
        try VarlinkClient(connectingTo: path, timeout: .seconds(20))
    }
    func wire() throws -> Wire { try Wire(UnixSocket.connect(to: path)) }
}

/// A client that speaks bytes.
final class Wire {
    let socket: FileDescriptor
    private var received: [UInt8] = []

    init(_ socket: consuming FileDescriptor) throws { self.socket = socket }

    func send(_ text: String) throws { try socket.writeAll(Array(text.utf8)) }

    /// Sends what the service takes within a generous time; false where it stops taking.
    func sendOrBeCut(_ bytes: [UInt8]) -> Bool {
        do {
            try bytes.withUnsafeBytes { bytes in
                var at = 0
                while at < bytes.count {
                    let n = try socket.send(
                        UnsafeRawBufferPointer(rebasing: bytes[at...]), wait: true)
                    at += n
                }
            }
            return true
        } catch {
            return false
        }
    }

    /// The next message, "(closed)" at the end, "(nothing)" after a generous time.
    func next(within time: Duration = .seconds(20)) throws -> String {
        while true {
            if let end = received.firstIndex(of: 0) {
                let message = String(decoding: received[..<end], as: UTF8.self)
                received.removeFirst(end + 1)
                return message
            }
            guard try socket.wait(timeout: time) else { return "(nothing)" }
            var chunk = [UInt8](repeating: 0, count: 65536)
            let n: Int
            do {
                n =
                    try chunk.withUnsafeMutableBytes { try socket.receive(into: $0, wait: true) }
                    ?? 0
            } catch {
                return "(closed)"
            }
            if n == 0 { return "(closed)" }
            received += chunk[..<n]
        }
    }
}
