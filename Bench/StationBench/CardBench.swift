import APDU
import Readers
import Synchronization
import System

/// Commands through a card session: the reader taken for us alone, a step of the clock around
/// them, as each procedure of the agent has it.
enum CardBench {
    private struct State: Sendable {
        var times: [Int64] = []
        var problem: String?
        var isOver = false
    }

    static func run(_ words: [String], path: ReaderPath) {
        guard let count = Int(words[1]), count > 0 else { fail("\(words[1]) is no number") }
        let commands = words.dropFirst(2).map(bytes)
        let hub = ReaderHub(
            configuration: .init(pcsc: path == .pcsc, usb: path == .usb, virtualSocket: nil))
        let outcome = Monitor(State())
        do throws(SystemError) { try hub.start() } catch { fail("\(error)") }
        wait(for: words[0], hub)
        let clock = StepClock(timekeeper: hub.timekeeper)
        let procedure = Procedure(
            activity: "bench", clock: clock,
            body: { session in
                var (times, problem) = ([Int64](), String?.none)
                times.reserveCapacity(count * commands.count)
                session.clock.begin("bench", budget: .seconds(60))
                do throws(CardFault) {
                    try measure(&session, commands, count, &times)
                } catch {
                    problem = "\(error)"
                }
                session.clock.end()
                let (all, why) = (times, problem)
                outcome.withLock { ($0.times, $0.problem) = (all, why) }
            },
            unopened: { error in outcome.withLock { $0.problem = "\(error)" } },
            closed: { outcome.withLock { $0.isOver = true } })
        do throws(ReaderError) { try hub.perform(procedure, on: words[0]) } catch { fail("\(error)") }
        let end = outcome.wait { $0.isOver ? $0 : nil }
        hub.stop()
        if let problem = end?.problem { fail(problem) }
        printTimes(end?.times ?? [])
    }

    private static func measure(
        _ session: inout CardSession, _ commands: [[UInt8]], _ count: Int, _ times: inout [Int64]
    ) throws(CardFault) {
        var response = ResponseBuffer()
        for _ in 0..<count {
            for command in commands {
                var fault: CardFault?
                let began = Instant.now
                command.withUnsafeBytes { bytes in
                    do throws(CardFault) {
                        try session.transmit(bytes, writes: false, into: &response)
                    } catch {
                        fault = error
                    }
                }
                if let fault { throw fault }
                times.append((Instant.now - began).wholeNanoseconds)
            }
        }
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

    private static func bytes(_ hex: String) -> [UInt8] {
        let digits = Array(hex.utf8)
        var bytes: [UInt8] = []
        for at in stride(from: 0, to: digits.count - 1, by: 2) {
            guard let byte = UInt8(String(decoding: digits[at...(at + 1)], as: UTF8.self), radix: 16)
            else { fail("\(hex) is not hex") }
            bytes.append(byte)
        }
        return bytes
    }
}
