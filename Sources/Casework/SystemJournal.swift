import Synchronization
import System

/// Hands lines on to journald once they are on the medium, in journald's own protocol: one
/// datagram of fields a line, to a socket that is never waited for.
///
/// What journald does not take at once is dropped and counted: the file is the record. The next
/// line that gets through says how many were dropped so far; the numbers of the lines show which.
package final class SystemJournal: Sendable {
    /// Where journald listens.
    package static let usualPath = "/run/systemd/journal/socket"

    private let path: String
    private let mode: JournalMode
    private let socket: JournalFile
    private let dropped = Atomic<Int64>(0)

    package init(_ path: String = SystemJournal.usualPath, mode: JournalMode) throws(SystemError) {
        self.path = path
        self.mode = mode
        socket = JournalFile(try UnixSocket.datagrams())
    }

    /// Lines that journald did not take.
    package var droppedLines: Int64 { dropped.load(ordering: .relaxed) }

    /// - Parameters:
    ///   - line: with its LF; it becomes MESSAGE, so that what another machine gathered can be
    ///     put together and checked as the file itself.
    func send(_ line: [UInt8], kind: JournalKind, case id: CaseID?, _ receipt: Receipt) {
        var text: [UInt8] = []
        text.reserveCapacity(line.count + 400)
        text += "SYSLOG_IDENTIFIER=token-agent\nPRIORITY=\(kind.priority)\n".utf8
        text += "TOKEN_STATION_MODE=\(mode.rawValue)\nTOKEN_STATION_KIND=\(kind.rawValue)\n".utf8
        if let id { text += "TOKEN_STATION_CASE=\(id.text)\n".utf8 }
        text += "TOKEN_STATION_SEQ=\(receipt.sequence)\nTOKEN_STATION_HEAD=\(receipt.hash)\n".utf8
        let lost = droppedLines
        if lost > 0 { text += "TOKEN_STATION_DROPPED=\(lost)\n".utf8 }
        text += "MESSAGE=".utf8
        // No journal line has an LF but its last byte, so no value needs the protocol's form
        // with a length.
        text += line
        do throws(SystemError) {
            try socket.descriptor.sendDatagram(text, to: path)
        } catch {
            dropped.add(1, ordering: .relaxed)
        }
    }
}

extension JournalKind {
    /// As syslog numbers it: 4 is a warning, 5 worth noticing, 6 the ordinary run of things.
    var priority: Int {
        switch self {
        case .journalTorn, .journalRecovered: 4
        case .callerRefused, .officerRefused, .tokenNoted: 5
        default: 6
        }
    }
}
