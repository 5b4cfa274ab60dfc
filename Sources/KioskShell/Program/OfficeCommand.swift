import System

/// Runs a command of the office's, one at a time: `/bin/sh -c COMMAND` as the shell's own user,
/// a text on its standard input, no terminal, and a time to end in.
final class OfficeCommand {
    static let limit = Duration.seconds(60)
    /// So many bytes of what the command says are kept.
    static let mostSaid = 1_000

    private let command: String
    private let events: EventLoop
    private let limit: Duration
    private let mostSaid: Int
    private var job: Job?
    private var ends: [End] = []

    /// How a run ended, and what the command said.
    struct End: Equatable, Sendable {
        var ticket: Ticket
        var end: CommandEnd
        var said = ""
    }

    private final class Job {
        let ticket: Ticket
        let process: Int32
        let output: FileDescriptor
        /// Stands in the environment of all that it starts.
        let mark: String
        var token: UInt64?
        let deadline: Instant
        var said: [UInt8] = []
        var isLate = false

        init(
            _ ticket: Ticket, process: Int32, output: Int32, mark: String, deadline: Instant
        ) {
            self.ticket = ticket
            self.process = process
            self.output = FileDescriptor(owning: output)
            self.mark = mark
            self.deadline = deadline
        }
    }

    init(
        _ command: String, events: EventLoop, limit: Duration = OfficeCommand.limit,
        mostSaid: Int = OfficeCommand.mostSaid
    ) {
        self.command = command
        self.events = events
        self.limit = limit
        self.mostSaid = mostSaid
    }

    /// Starts the command; its end comes from `takeEnds`.
    func run(_ ticket: Ticket, _ input: String) {
        guard job == nil else {
            return ends.append(End(ticket: ticket, end: .notStarted("it is still running")))
        }
        do throws(SystemError) {
            job = try start(ticket, input)
        } catch {
            ends.append(End(ticket: ticket, end: .notStarted(error.description)))
        }
    }

    private func start(_ ticket: Ticket, _ input: String) throws(SystemError) -> Job {
        let mark = "TOKEN_STATION_COMMAND=\(Process.id).\(Instant.now.nanoseconds)"
        let (process, output) = try Process.spawn(
            "/bin/sh", arguments: ["sh", "-c", command],
            environment: Process.environment + [mark], reading: Array(input.utf8))
        let job = Job(
            ticket, process: process, output: output, mark: mark, deadline: .now + limit)
        // Without it the end alone is heard, and then what was said.
        job.token = try? events.add(output)
        return job
    }

    /// When the command has to be ended; nil where none runs.
    var deadline: Instant? { job.flatMap { $0.isLate ? nil : $0.deadline } }

    /// Takes what the command said; false where the token is not this command's.
    func ready(_ token: UInt64) -> Bool {
        guard let job, job.token == token else { return false }
        if !listen(job) { events.remove(job.output.number) }
        return true
    }

    /// A child ended, or time passed.
    func look() {
        guard let job else { return }
        do throws(SystemError) {
            if let end = try Process.wait(for: job.process, block: false) {
                return finish(job, end)
            }
            if !job.isLate, job.deadline <= .now {
                job.isLate = true
                // It leads a session of its own, and what it started may lead others.
                defer { MarkedProcesses.end(job.mark) }
                try Process.signal(-job.process, .kill)
            }
        } catch {
            drop(job)
            ends.append(End(ticket: job.ticket, end: .notStarted(error.description)))
        }
    }

    func takeEnds() -> [End] {
        defer { ends = [] }
        return ends
    }

    private func finish(_ job: Job, _ end: Process.End) {
        while (try? job.output.wait(timeout: .zero)) == true, listen(job) {}
        drop(job)
        let said = String(decoding: job.said, as: UTF8.self)
        let how: CommandEnd =
            switch end {
            case _ where job.isLate: .timedOut(said)
            case .exited(0): .done
            case .exited(let code): .failed(code, said)
            case .killed(let signal): .failed(128 + signal.rawValue, said)
            }
        ends.append(End(ticket: job.ticket, end: how, said: said))
    }

    private func drop(_ job: Job) {
        events.remove(job.output.number)
        self.job = nil
    }

    /// One piece of what it says; false at the end.
    private func listen(_ job: Job) -> Bool {
        var room = [UInt8](repeating: 0, count: 4_096)
        let count = (try? room.withUnsafeMutableBytes { try job.output.read(into: $0) }) ?? 0
        job.said += room.prefix(min(count, mostSaid - job.said.count))
        return count > 0
    }
}
