import Casework
import JSON
import StationInterface
import System
import Varlink

/// The record, as it stands on the disk.
struct JournalService: VarlinkInterface {
    let agent: Agent
    let name = JournalInterface.name
    let description = JournalInterface.description

    func call(_ call: VarlinkCall, parameters: inout JSONReader) throws(VarlinkFailure) {
        switch call.fullMethod {
        case Station.ShowJournal.method:
            let request = try readingParameters { () throws(JSONError) in
                try Station.ShowJournal(reading: &parameters)
            }
            agent.archivist.submit { [agent] in agent.show(request, call) }
        case Station.HeadOfJournal.method:
            _ = try readingParameters { () throws(JSONError) in
                try Station.HeadOfJournal(reading: &parameters)
            }
            guard agent.book.journal.refusal != nil else {
                call.reply(with: agent.journalHead)
                return
            }
            // There may be room again; only the disk knows.
            agent.archivist.submit { [agent] in
                agent.book.journal.look()
                call.reply(with: agent.journalHead)
            }
        case Station.VerifyJournal.method:
            _ = try readingParameters { () throws(JSONError) in
                try Station.VerifyJournal(reading: &parameters)
            }
            agent.archivist.submit { [agent] in agent.verify(call) }
        default: throw .methodNotFound(call.method)
        }
    }
}

extension Agent {
    fileprivate var journalHead: Station.JournalHead {
        let head = book.journal.head
        let problem = journalProblem
        return Station.JournalHead(
            sequence: Int(head.sequence), hash: head.hash, writable: problem == nil,
            problem: problem)
    }

    /// Why the journal takes no lines; nil when it does.
    var journalProblem: String? {
        switch book.journal.state {
        case .ready: book.journal.refusal?.description
        case .stopped(let error): error.description
        }
    }

    /// Whether this run records nothing more, or not before its disk is another, so that all that
    /// can be done is to look.
    var isReadOnly: Bool {
        guard case .stopped(let error) = book.journal.state else { return false }
        return !error.mayPass || error.code == .readOnly || error.code == .noRoom
    }

    /// A line for the service's log.
    func log(_ words: String) {
        try? FileDescriptor.write("token-agent: \(words)\n", to: Terminal.standardError)
    }

    /// What to do about it.
    var journalRemedy: String? {
        guard case .stopped(let error) = book.journal.state else {
            return book.journal.refusal.map { refusal in
                (refusal.code == .noRoom ? "Make room on its disk" : "Mount its disk for writing")
                    + ": until then nothing is recorded, so nothing is done; no start is needed."
            }
        }
        if error.line != nil {
            return "Nothing is recorded, so nothing is done. Stop the station, keep the file as it "
                + "is, and compare it with backups and the heads on receipts (docs/journal.md)."
        }
        return error.mayPass
            ? "See to the disk (room, permissions, its own errors in the kernel's log): the "
                + "station tries every ten seconds whether it takes lines again, and then goes on."
            : "Find out what changed the file (docs/journal.md), and start the station again: the "
                + "start reads every line."
    }

    /// For the service manager.
    static func readOnly(_ problem: String) -> String { "read-only: \(problem)" }
    static func serving(_ socket: String) -> String { "serving \(socket)" }

    /// Bytes of lines in one reply: well below what a reply may hold once it is escaped.
    private static let pageSize = 64 * 1024

    func show(_ request: Station.ShowJournal, _ call: VarlinkCall) {
        let last = book.journal.head.sequence
        let wanted = Int64(request.from ?? 1)
        var next = wanted < 0 ? max(last + wanted + 1, 1) : max(wanted, 1)
        var left = request.count ?? (call.wantsMore ? Int.max : 100)
        do throws(JournalError) {
            while true {
                let page = try readPage(from: next, most: min(left, 1000))
                if page.isEmpty, next <= last {
                    let gone = book.journal.missing(next)
                    book.journal.stop(atLine: gone.line, gone.reason)
                    return call.fail(with: Words.unread(gone.reason))
                }
                next += Int64(page.count)
                left -= page.count
                let isOver = next > last || page.isEmpty || left <= 0
                let message = Station.JournalPage(
                    lines: page, next: next > last ? nil : Int(next))
                if isOver || !call.wantsMore { return call.reply(with: message) }
                guard call.replyContinuing({ message.write(into: &$0) }) else { return }
            }
        } catch {
            call.fail(with: Words.unread(error.description))
        }
    }

    private func readPage(from first: Int64, most: Int) throws(JournalError) -> [String] {
        var reader = try book.journal.lines(from: first)
        var lines: [String] = []
        var bytes = 0
        while lines.count < most, bytes < Self.pageSize, let line = try reader.next() {
            bytes += line.bytes.count
            lines.append(String(decoding: line.bytes, as: UTF8.self))
        }
        return lines
    }

    func verify(_ call: VarlinkCall) {
        do throws(JournalError) {
            let result = try book.journal.verify()
            if let bad = result.firstBad { book.journal.stop(atLine: bad.line, bad.reason) }
            call.reply(
                with: Station.JournalVerified(
                    good: result.holds, lines: Int(result.lines), hash: result.head,
                    tornBytes: result.torn?.bytes.count ?? 0,
                    firstBad: result.firstBad.map { Int($0.line) },
                    reason: result.firstBad?.reason))
        } catch {
            call.fail(with: Words.unread(error.description))
        }
    }
}
