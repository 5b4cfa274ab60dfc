import Casework
import Crypto
import Foundation
import Glibc
import System
import Testing

/// A socket in journald's place.
private final class Listener {
    let path: String
    private let socket: Int32

    init(_ folder: String) throws {
        path = folder + "/socket"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        socket = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(bound == 0)
    }

    deinit { Glibc.close(socket) }

    /// The fields of the next datagram; nil where none waits.
    func next() -> [String: String]? {
        var bytes = [UInt8](repeating: 0, count: 100_000)
        let count = recv(socket, &bytes, 100_000, Int32(MSG_DONTWAIT))
        guard count > 0 else { return nil }
        var fields: [String: String] = [:]
        for field in bytes[..<count].split(separator: 0x0A) {
            let parts = field.split(separator: UInt8(ascii: "="), maxSplits: 1)
            guard parts.count == 2 else { return ["": String(decoding: field, as: UTF8.self)] }
            fields[String(decoding: parts[0], as: UTF8.self)] =
                String(decoding: parts[1], as: UTF8.self)
        }
        return fields
    }
}

@Suite struct SystemJournalTests {
    private let folder = TemporaryFolder()

    @Test func eachLineGoesToJournaldOnceItIsOnTheMedium() throws {
        let listener = try Listener(folder.path)
        let log = try SystemJournal(listener.path, mode: .training)
        let state = folder.path + "/state"
        let book = try CaseBook(in: state, mode: .training, log: log)
        let receipt = try book.open(.sample, who: officer).receipt
        let id = try #require(book.everything().cases.first?.id)
        try book.record(.refused(reasons: ["x"]), case: id, who: officer)
        var gathered: [[String: String]] = []
        while let fields = listener.next() { gathered.append(fields) }
        #expect(
            gathered.map { $0["TOKEN_STATION_KIND"] }
                == ["journal.opened", "request.received", "case.refused"])
        #expect(gathered.map { $0["TOKEN_STATION_SEQ"] } == ["1", "2", "3"])
        #expect(gathered.map { $0["TOKEN_STATION_CASE"] } == [nil, nil, id.text])
        #expect(gathered[1]["TOKEN_STATION_HEAD"] == receipt.hash)
        #expect(gathered.allSatisfy { $0["PRIORITY"] == "6" })
        #expect(gathered.allSatisfy { $0["TOKEN_STATION_MODE"] == "training" })
        #expect(gathered.allSatisfy { $0["SYSLOG_IDENTIFIER"] == "token-agent" })
        // What another machine gathered is the file again.
        let messages = gathered.compactMap { $0["MESSAGE"] }
        let file = try folder.bytes("state/" + JournalFormat.fileName)
        #expect(messages.map { Array($0.utf8) } == lines(file))
        // No personal data: they are in the vault alone.
        #expect(!messages.contains { $0.contains("Ánh") })
        #expect(log.droppedLines == 0)
    }

    /// Nobody reads, the socket's queue is full, or there is no socket: the record goes on.
    @Test func whatJournaldDoesNotTakeIsDroppedAndCounted() throws {
        var listener: Listener? = try Listener(folder.path)
        let path = try #require(listener?.path)
        let log = try SystemJournal(path, mode: .office)
        let journal = try Journal(in: folder.path + "/state", mode: .office, log: log)
        let text = String(repeating: "x", count: 30_000)
        for _ in 0..<1000 where log.droppedLines == 0 {
            try journal.append(.serviceStarted, who: officer) { $0.put(.reason, text) }
        }
        #expect(log.droppedLines == 1)
        while listener?.next() != nil {}
        try journal.append(.serviceStarted, who: officer)
        #expect(listener?.next()?["TOKEN_STATION_DROPPED"] == "1")
        listener = nil
        try journal.append(.serviceStarted, who: officer)
        #expect(log.droppedLines == 2)
        #expect(try Journal.verify(journal.path).head == journal.head.hash)
    }
}
