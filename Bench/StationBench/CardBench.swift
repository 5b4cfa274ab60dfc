import APDU
import Readers
import Synchronization
import System

/// Commands through a card session: the reader taken for us alone, a step of the clock around
/// them, as each procedure of the agent has it.
enum CardBench {
    private struct State: Sendable {
        var problem: String?
        var isOver = false
    }

    static func run(_ words: [String], path: ReaderPath) {
        guard let count = Int(words[1]), count > 0 else { fail("\(words[1]) is no number") }
        let commands = words.dropFirst(2).map(bytes)
        let times = Mutex<[Int64]>([])
        perform(on: words[0], path: path) { (session) throws(CardFault) in
            var response = ResponseBuffer()
            var taken: [Int64] = []
            taken.reserveCapacity(count * commands.count)
            session.clock.begin("bench", budget: .seconds(60))
            for _ in 0..<count {
                for command in commands {
                    let began = Instant.now
                    try send(command, &session, writes: false, &response)
                    taken.append((Instant.now - began).wholeNanoseconds)
                }
            }
            session.clock.end()
            let all = taken
            times.withLock { $0 = all }
        }
        printTimes(times.withLock { $0 })
    }

    /// Runs `body` with the card of a reader to itself, as a procedure of the agent.
    static func perform(
        on reader: String, path: ReaderPath,
        clock: (any Timekeeper) -> StepClock = { StepClock(timekeeper: $0) },
        _ body: @escaping @Sendable (inout CardSession) throws(CardFault) -> Void
    ) {
        let hub = ReaderHub(
            configuration: .init(pcsc: path == .pcsc, usb: path == .usb, virtualSocket: nil))
        let outcome = Monitor(State())
        do throws(SystemError) { try hub.start() } catch { fail("\(error)") }
        wait(for: reader, hub)
        let procedure = Procedure(
            activity: "bench", clock: clock(hub.timekeeper),
            body: { session in
                do throws(CardFault) {
                    try body(&session)
                } catch {
                    outcome.withLock { $0.problem = "\(error)" }
                }
            },
            unopened: { error in outcome.withLock { $0.problem = "\(error)" } },
            closed: { outcome.withLock { $0.isOver = true } })
        do throws(ReaderError) { try hub.perform(procedure, on: reader) } catch { fail("\(error)") }
        let end = outcome.wait { $0.isOver ? $0 : nil }
        hub.stop()
        if let problem = end?.problem { fail(problem) }
    }

    static func send(
        _ command: [UInt8], _ session: inout CardSession, writes: Bool,
        _ response: inout ResponseBuffer
    ) throws(CardFault) {
        var fault: CardFault?
        command.withUnsafeBytes { bytes in
            do throws(CardFault) {
                try session.transmit(bytes, writes: writes, into: &response)
            } catch {
                fault = error
            }
        }
        if let fault { throw fault }
    }

    private static func wait(for reader: String, _ hub: ReaderHub) {
        let deadline = Instant.now + .seconds(10)
        while Instant.now < deadline {
            for snapshot in hub.snapshot() where snapshot.name == reader {
                if case .present = snapshot.state { return }
            }
            Thread.pause(.milliseconds(5))
        }
        fail("no card in \(reader)")
    }

    static func bytes(_ hex: String) -> [UInt8] {
        let digits = Array(hex.utf8)
        var bytes: [UInt8] = []
        for at in stride(from: 0, to: digits.count - 1, by: 2) {
            guard
                let byte = UInt8(String(decoding: digits[at...(at + 1)], as: UTF8.self), radix: 16)
            else { fail("\(hex) is not hex") }
            bytes.append(byte)
        }
        return bytes
    }
}
