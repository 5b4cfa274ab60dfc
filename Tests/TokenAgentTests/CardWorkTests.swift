import Casework
import Readers
import StationInterface
import System
import Testing

@testable import TokenAgent

/// Work on a token in a reader of its own: vpcd's words, and nothing but an answer to reset.
private final class QuietToken: Sendable {
    static let atr: [UInt8] = [0x3B, 0x80, 0x80, 0x01, 0x01]

    init(_ path: String) throws {
        let socket = try UnixSocket.connect(to: path).release()
        try Thread.start(name: "quiet-token") {
            let socket = FileDescriptor(owning: socket)
            while let message = Self.next(socket) {
                guard message == [4] else { continue }
                try? socket.writeAll([0, UInt8(Self.atr.count)] + Self.atr)
            }
        }
    }

    private static func next(_ socket: borrowing FileDescriptor) -> [UInt8]? {
        guard let header = exactly(2, socket) else { return nil }
        return exactly(Int(header[0]) << 8 | Int(header[1]), socket)
    }

    private static func exactly(_ count: Int, _ socket: borrowing FileDescriptor) -> [UInt8]? {
        var bytes: [UInt8] = []
        while bytes.count < count {
            var byte: UInt8 = 0
            let n = try? withUnsafeMutableBytes(of: &byte) {
                try socket.receive(into: $0, wait: true)
            }
            guard n == 1 else { return nil }
            bytes.append(byte)
        }
        return bytes
    }
}

@Suite struct CardWorkTests {
    @Test(arguments: [true, false])
    func whoIsAnsweredBehindAPowerDownFindsTheReaderFree(_ isRefused: Bool) throws {
        let folder = TemporaryFolder()
        let path = "/tmp/card-work-\(System.Process.id)-\(UInt32.random(in: 0...UInt32.max))"
        let hub = ReaderHub(
            configuration: .init(pcsc: false, virtualSocket: .init(path: path)))
        let agent = Agent(
            Configuration(), book: try CaseBook(in: folder.path, mode: .training), hub: hub,
            trust: Trust(roots: [], intermediates: []), isMemoryLocked: false)
        try hub.start()
        defer { hub.stop() }
        let isThere = Monitor(false)
        let observation = hub.observe { list in
            if case .present? = list.readers.first?.state { isThere.withLock { $0 = true } }
        }
        _ = try QuietToken(path)
        _ = isThere.wait { $0 ? true : nil }
        let reader = try #require(hub.snapshot().first?.name)

        // What the reader was doing when the answer came.
        let seen = Monitor<[String?]>([])
        agent.work(
            on: reader, activity: "look", call: nil,
            answer: { (_: Swift.Result<Bool, StationError>) in
                seen.withLock { $0.append(hub.snapshot().first?.activity) }
            }
        ) { session, _ throws(WorkError) in
            session.powerDown()
            if isRefused { throw .station(Words.stopping(reader)) }
            return true
        }
        #expect(seen.wait { $0.isEmpty ? nil : $0 } == [nil])
        withExtendedLifetime(observation) {}
    }
}
