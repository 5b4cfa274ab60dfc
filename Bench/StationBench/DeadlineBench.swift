import APDU
import Readers
import Synchronization
import System

/// How long after its deadline a caller is answered, while the card keeps the reader's own thread
/// in a call that does not come back: each command has a step of its own, which is over before
/// the card answers.
enum DeadlineBench {
    /// The card must take longer than this: bench.py plans that fault.
    private static let budget: Duration = .milliseconds(3)

    static func run(_ words: [String]) {
        guard let count = Int(words[1]), count > 0 else { fail("\(words[1]) is no number") }
        let command = CardBench.bytes(words[2])
        let caller = Caller()
        let unheard = Mutex<[Int64]>([])
        let taken = Mutex<Int64>(0)
        CardBench.perform(
            on: words[0], path: .pcsc,
            clock: { StepClock(timekeeper: $0, onOverdue: { step, _ in caller.answer(step) }) },
            { (session) throws(CardFault) in
                var response = ResponseBuffer()
                let before = stolen()
                for _ in 0..<count {
                    // Declared as writing, so that the card is held and the next step follows.
                    session.clock.begin("late", budget: budget, writes: true)
                    try CardBench.send(command, &session, writes: true, &response)
                    caller.hear()
                }
                session.clock.end()
                taken.withLock { $0 = stolen() - before }
                // Nobody was told of these before the card answered: at least so late.
                let over = session.clock.steps.filter { $0.name == "late" && !$0.isOverdue }
                let times = over.map { (($0.took ?? .zero) - $0.budget).wholeNanoseconds }
                unheard.withLock { $0 = times }
            })
        printTimes([taken.withLock { $0 }] + caller.lateness + unheard.withLock { $0 })
    }

    /// The time in which a hypervisor ran something else on our processors, in ticks of 10 ms.
    private static func stolen() -> Int64 {
        let stat = (try? File.contents(of: "/proc/stat", limit: 1 << 20)) ?? []
        let fields = stat.prefix { $0 != 0x0A }.split(separator: 0x20)
        return fields.count > 8 ? Int64(String(decoding: fields[8], as: UTF8.self)) ?? 0 : 0
    }
}

/// Somebody at the other end of a socket who waits for an answer.
private final class Caller: Sendable {
    /// As long as the error of a missed deadline.
    private static let answer = [UInt8](repeating: 0x20, count: 400)

    private let mine: FileDescriptor
    private let theirs: FileDescriptor
    private let times = Mutex<[Int64]>([])

    init() {
        do throws(SystemError) {
            let (mine, theirs) = try UnixSocket.pair()
            self.mine = FileDescriptor(owning: mine)
            self.theirs = FileDescriptor(owning: theirs)
        } catch {
            fail("\(error)")
        }
    }

    /// On the clock thread, as the agent answers.
    func answer(_ step: Step) {
        Self.answer.withUnsafeBytes { _ = try? mine.send($0) }
        let late = (Instant.now - step.deadline).wholeNanoseconds
        times.withLock { $0.append(late) }
    }

    func hear() {
        var room = [UInt8](repeating: 0, count: 4096)
        room.withUnsafeMutableBytes { _ = try? theirs.receive(into: $0) }
    }

    var lateness: [Int64] { times.withLock { $0 } }
}
