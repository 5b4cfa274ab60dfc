import JSON
import Secrets
import StationInterface
import System

extension Failure {
    init(_ trouble: CodeDesk.Trouble) {
        switch trouble {
        case .interrupted:
            self = .own(
                .cancelled, "Cancelled; no code was sent.", next: "Begin again if wanted.")
        case .ended:
            self = .own(
                .codesUnread, "Standard input ended before all codes were read; nothing was sent.",
                next: "Give one code a line, or run this at a terminal.")
        case .tooLong:
            self = .own(
                .codesUnread,
                "A code is longer than \(CodeEditor.longest) bytes; nothing was sent.",
                next: "Give one code a line.")
        case .entriesDiffer:
            self = .own(
                .entriesDiffer, "The two entries of the PIN differ; nothing was sent.",
                next: "Enter the codes again.")
        case .noLockedMemory:
            self = .own(
                .noLockedMemory, "There is no locked memory for a code; nothing was sent.",
                next: "Raise the limit on locked memory (ulimit -l).")
        case .system(let error):
            self = .own(
                .codesUnread, "The codes could not be read: \(error); nothing was sent.",
                next: "Run this at a terminal, or give the codes on standard input.")
        }
    }
}

extension Run {
    func desk(_ signals: SignalSource?) throws(Failure) -> CodeDesk {
        // What holds codes is to leave no core behind.
        try? Process.forbidDumps()
        do throws(CodeDesk.Trouble) {
            return try CodeDesk(
                input: codeInput(), signals: signals, prompt: { [console] in console.whisper($0) })
        } catch {
            throw Failure(error)
        }
    }

    /// Runs `body` with a desk that shows nothing of what is typed.
    func codes<R: ~Copyable>(
        _ body: (CodeDesk) throws(CodeDesk.Trouble) -> R
    ) throws(Failure) -> R {
        let desk = try desk(signals())
        do throws(CodeDesk.Trouble) {
            return try desk.silently { () throws(CodeDesk.Trouble) in try body(desk) }
        } catch {
            throw Failure(error)
        }
    }

    func checkKey(_ order: KeyCheckOrder) throws(Failure) -> ExitCode {
        let connection = try connect()
        let reply = try checkKey(order, in: try reader(order.reader, connection), connection)
        if console.json {
            console.put(reply.parameters)
        } else {
            console.show { $0.add(reply.message) }
        }
        return reply.message.verdict.proven ? .good : .failed
    }

    /// The PIN is asked for here, or entered at the pad. The station says nothing before the
    /// end: what is to be done there stands here.
    func checkKey(
        _ order: KeyCheckOrder, in reader: String, _ connection: Connection
    ) throws(Failure) -> Reply<Station.KeyChecked> {
        guard order.atPad else {
            // Nobody types a PIN for a reader that is not there.
            _ = try connection.ask(Station.DescribeReader(reader: reader))
            let pin = try codes { (desk) throws(CodeDesk.Trouble) in try desk.ask("PIN") }
            return try connection.ask(
                Station.CheckKey(
                    reader: reader, pin: pin, restore: order.restore,
                    caseNumber: order.caseNumber, compared: order.compared,
                    challenges: order.challenges),
                .atTheToken)
        }
        try needPad(of: reader, "the PIN", connection, \.verify)
        console.whisper("Wait for the pad to ask; then enter the PIN there.\n")
        return try connection.ask(
            Station.CheckKey(
                atPadOf: reader, restore: order.restore, caseNumber: order.caseNumber,
                compared: order.compared, challenges: order.challenges),
            .atThePad)
    }
}
