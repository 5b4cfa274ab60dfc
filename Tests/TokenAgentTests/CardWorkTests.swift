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
    @Test(arguments: [true, false], [true, false])
    func whoIsAnsweredMayGoOnWithTheReaderAtOnce(
        _ isPoweredDown: Bool, _ isRefused: Bool
    ) throws {
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

        let seen = Monitor<[String]>([])
        @Sendable func look(_ then: @escaping @Sendable () -> Void) {
            agent.work(
                on: reader, activity: "look", call: nil,
                answer: { (answer: Swift.Result<Bool, StationError>) in
                    then()
                    seen.withLock { seen in
                        switch answer {
                        case .success: seen.append("answered")
                        case .failure(let error): seen.append(error.kind.rawValue)
                        }
                    }
                }
            ) { session, _ throws(WorkError) in
                if isPoweredDown { session.powerDown() }
                if isRefused { throw .station(Words.stopping(reader)) }
                return true
            }
        }
        // From within the first answer: the reader cannot be free yet.
        look { look {} }
        let both = seen.wait { $0.count == 2 ? $0 : nil }
        #expect(both == Array(repeating: both?.first ?? "", count: 2))
        #expect(both?.contains(StationError.Kind.readerBusy.rawValue) == false)
        withExtendedLifetime(observation) {}
    }
}
