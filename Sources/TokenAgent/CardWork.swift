import APDU
import Crypto
import Readers
import StationInterface
import Synchronization
import System
import Tokens
import Varlink

/// What can end work on a token early.
enum WorkError: Error, Sendable {
    case token(TokenError)
    case station(StationError)
}

/// Answers once: the reader's thread at the end of the work, or the clock's at its deadline.
final class OneAnswer<Answer: Sendable>: Sendable {
    private let isGiven = Mutex(false)
    private let give: @Sendable (Swift.Result<Answer, StationError>) -> Void

    init(_ give: @escaping @Sendable (Swift.Result<Answer, StationError>) -> Void) {
        self.give = give
    }

    func callAsFunction(_ answer: Swift.Result<Answer, StationError>) {
        let isFirst = isGiven.withLock { given in
            defer { given = true }
            return !given
        }
        if isFirst { give(answer) }
    }
}

/// The account of a piece of work, read from any thread while it runs.
final class Ledger: Sendable {
    struct Entry: Sendable {
        var step = "connect"
        /// By the PINs that were sent.
        var pinSpent = Spent.none
        /// A restore's new PIN was refused.
        var pinRefused: CodeAnswer? = nil
        /// By asking for the PIN's count, where the token may take that for a try.
        var pinAsked = Spent.none
        var unblockingSpent = Spent.none
        var pinLeft: Int? = nil
        var unblockingLeft: Int? = nil
        /// How a restore ends if nothing more comes: set once the answer to the code is there.
        var settled: Ending? = nil

        var pinSpentInAll: Spent { pinSpent + pinAsked }

        /// The step that was to send a code sent none. Codes of earlier steps are accounted for.
        mutating func nothingSent() {
            if pinSpent == .noneOrOne, step == "verify" { pinSpent = .none }
            if unblockingSpent == .noneOrOne, step == "unblock" { unblockingSpent = .none }
        }
    }

    private let entry = Mutex(Entry())

    func update(_ body: (inout Entry) -> Void) { entry.withLock { body(&$0) } }
    var now: Entry { entry.withLock { $0 } }
    var account: Station.Account {
        let now = self.now
        return Station.Account(
            step: now.step, pinSpent: Station.Spent(now.pinSpentInAll),
            unblockingSpent: Station.Spent(now.unblockingSpent), pinLeft: now.pinLeft,
            unblockingLeft: now.unblockingLeft)
    }
}

extension Agent {
    /// Runs `body` on the reader's thread with the token to itself, and answers once: with
    /// what `body` gave, with why it could not, or at the deadline of a step without either.
    ///
    /// For work that changes nothing for others; a restore has its own way.
    func work<Answer: Sendable>(
        on reader: String, activity: String, insertion: UInt64? = nil, ledger: Ledger = Ledger(),
        call: VarlinkCall?,
        answer: @escaping @Sendable (Swift.Result<Answer, StationError>) -> Void,
        _ body: @escaping @Sendable (inout CardSession, Ledger) throws(WorkError) -> Answer
    ) {
        let once = OneAnswer(answer)
        if isStopping { return once(.failure(Words.stopping(reader))) }
        let clock = StepClock(
            timekeeper: hub.timekeeper, hardCap: configuration.budgets.hardCap,
            onOverdue: { step, lateness in
                ledger.update {
                    $0.step = step.name
                    if step.sent == 0 { $0.nothingSent() }
                }
                if step.name == "record" {
                    return once(.failure(Words.journal("the disk does not answer")))
                }
                once(
                    .failure(
                        Words.fault(
                            lateness == .abandoned ? .mute : .deadline, reader: reader,
                            account: ledger.account)))
            })
        call?.onHangUp { clock.cancel() }
        let procedure = Procedure(
            activity: activity, insertion: insertion, clock: clock,
            connectBudget: configuration.budgets.connect,
            body: { [self] session in
                let atr = session.atr
                let answer: Swift.Result<Answer, StationError>
                do throws(WorkError) {
                    answer = .success(try body(&session, ledger))
                } catch {
                    answer = .failure(explain(error, reader, atr, ledger.account))
                }
                // Nobody waits for a power-down: whoever has the answer may go on at once.
                session.finish()
                once(answer)
            },
            unopened: { error in
                once(
                    .failure(
                        error == .cancelled
                            ? Words.fault(.cancelled, reader: reader, account: ledger.account)
                            : Words.reader(error, reader)))
            })
        do throws(ReaderError) {
            try hub.perform(procedure, on: reader)
        } catch {
            once(.failure(Words.reader(error, reader)))
        }
    }

    private func explain(
        _ error: WorkError, _ reader: String, _ atr: [UInt8], _ account: Station.Account
    ) -> StationError {
        switch error {
        case .station(let error): error
        case .token(let error):
            Words.token(
                error, reader: reader, atr: Hex.lower(atr),
                profile: profiles.match(unknownCard: Hex.upper(atr)), account: account)
        }
    }

    /// Reads a token in one step of its own.
    func read(
        _ session: inout CardSession, _ ledger: Ledger, for number: String? = nil,
        by form: UnblockingForm? = nil
    ) throws(WorkError) -> Reading {
        ledger.update { $0.step = "read" }
        session.clock.begin("read", budget: configuration.budgets.read)
        defer { session.clock.end() }
        do throws(TokenError) {
            let reading = try Reading.take(
                &session, for: number, by: form, profiles: profiles, querySafety: querySafety
            ).at(readPad(&session))
            ledger.update {
                $0.pinLeft = reading.counters.pin.known
                $0.unblockingLeft = reading.counters.unblocking.known
                if reading.queryWasOdd { $0.pinAsked = .noneOrOne }
            }
            return reading
        } catch {
            throw .token(error)
        }
    }
}

/// What the reader's pad can do; one that cannot be asked is none, and the token's next command
/// finds out what is wrong.
func readPad(_ session: inout CardSession) -> PINPad {
    do throws(CardFault) { return try session.readPad() } catch { return .none }
}

/// Sends a command that carries no code and changes nothing.
func send(
    _ command: [UInt8], _ session: inout CardSession, _ response: inout ResponseBuffer
) throws(CardFault) {
    // Swift 6.0's withUnsafeBytes loses the type of the error.
    var failure: CardFault? = nil
    command.withUnsafeBytes { bytes in
        do throws(CardFault) {
            try session.transmit(bytes, writes: false, into: &response)
        } catch {
            failure = error
        }
    }
    if let failure { throw failure }
}

extension Varlink.VarlinkCall {
    /// Answers with one of the station's messages.
    func reply<M: StationMessage>(with message: M) {
        reply { message.write(into: &$0) }
    }

    func fail(with error: StationError) { fail(VarlinkFailure(error)) }

    func answer<M: StationMessage>(_ result: Swift.Result<M, StationError>) {
        switch result {
        case .success(let message): reply(with: message)
        case .failure(let error): fail(with: error)
        }
    }
}
