import APDU
import Casework
import Crypto
import Readers
import Secrets
import StationInterface
import System
import Tokens
import Varlink

/// Where a token's challenge meets its response: the reader's thread puts the one down and
/// waits, a call brings the other. Each once.
final class ResponseDesk: Sendable {
    struct Answer: Sendable {
        let response: HeldSecret
        let newPIN: HeldSecret
    }

    private enum State: Sendable {
        case nothing
        case asked
        case answered(Answer)
        case over
    }

    private let state = Monitor<State>(.nothing)
    /// Who asked for the challenge and has not got it yet.
    let asker: VarlinkCall

    init(_ asker: VarlinkCall) { self.asker = asker }

    /// Hands the challenge to whoever asked for it.
    func open(_ challenge: Station.Challenge) {
        state.withLock { $0 = .asked }
        asker.reply(with: Station.ChallengeGiven(challenge))
    }

    var isOpen: Bool { state.withLock { if case .asked = $0 { true } else { false } } }

    /// Whether the asker has had the challenge: the restore is not that connection's any more.
    var hasAsked: Bool { state.withLock { if case .nothing = $0 { false } else { true } } }

    /// - Returns: false where there is no challenge that waits.
    func answer(_ answer: Answer) -> Bool {
        state.withLock { state in
            guard case .asked = state else { return false }
            state = .answered(answer)
            return true
        }
    }

    /// The answer, once it is there; nil where there is none by then.
    func wait(until limit: Instant) -> Answer? {
        state.wait(until: limit) { state in
            guard case .answered(let answer) = state else { return nil }
            state = .over
            return answer
        }
    }

    /// Nobody waits any more; an answer that nobody took is wiped.
    func close() { state.withLock { $0 = .over } }
}

extension Agent {
    /// Whether a token that waits for its response is still the one that was asked.
    private static let look: Duration = .milliseconds(250)

    /// Begins a restore by response: the token is read, compared and asked, and held.
    func askChallenge(_ request: Station.AskChallenge, _ call: VarlinkCall) {
        if isStopping { return call.fail(with: Words.stopping("")) }
        let mayTakeLast = call.caller.has(.lastTry)
        let run: RestoreRun
        do throws(StationError) {
            run = try permittedRun(request.restore)
            try checkApproval(run, call.caller)
            guard run.permit.form.isResponse else {
                throw .permitInvalid(
                    request.restore, .noChallenge,
                    "This permit's way takes a code, and no response to a challenge.",
                    next: "Send the code (Unblock).")
            }
            guard request.lastTry && mayTakeLast else {
                try decide(run.permit, run.permit.reading.counters)
                return perform(run, .response(ResponseDesk(call)), mayTakeLast: false, call)
            }
        } catch {
            return call.fail(with: error)
        }
        perform(run, .response(ResponseDesk(call)), mayTakeLast: true, call)
    }

    /// Brings the response and the new PIN to the token that waits for them.
    func respond(_ request: consuming Station.Respond, _ call: VarlinkCall) {
        let restore = request.restore
        do throws(StationError) {
            guard let run = restores.run(restore) else { throw Words.noRestore(restore) }
            // A challenge that died says of what. Where codes were used, they were not these.
            if run.phase == .finished {
                if run.permit.form.isResponse, run.result.sentNothing { return run.attach(call) }
                throw .permitInvalid(
                    restore, .used, "Restore \(restore) has ended; these codes were not sent.",
                    next: "Attach to it: its result says how it ended.")
            }
            guard let desk = run.responses, desk.isOpen else {
                throw .permitInvalid(
                    restore, .noChallenge, "No challenge of this restore waits for a response.",
                    next: "Ask for a challenge first.")
            }
            try check(request, run)
            run.follow(call)
            guard
                desk.answer(
                    ResponseDesk.Answer(response: request.response, newPIN: request.newPIN))
            else {
                run.unfollow(call)
                throw .permitInvalid(
                    restore, .used, "The challenge of this restore was answered.",
                    next: "Attach to it.")
            }
        } catch {
            call.fail(with: error)
        }
    }

    private func check(
        _ request: borrowing Station.Respond, _ run: RestoreRun
    ) throws(StationError) {
        let reading = run.permit.reading
        // Held here: Swift 6.0 does not compile a secret borrowed through what is borrowed.
        let (restore, response, newPIN) = (request.restore, request.response, request.newPIN)
        if let rule = run.permit.way.rule {
            do throws(CodeUnfit) {
                try run.permit.way.check(response.secret)
            } catch {
                throw Words.unfit(restore, .response, error, rule)
            }
        }
        do throws(CodeUnfit) {
            try reading.newPINRule.checkNew(newPIN.secret, besides: response.secret)
        } catch {
            throw Words.unfit(restore, .newPIN, error, reading.newPINRule)
        }
    }

    // MARK: On the reader's thread

    /// Asks the token, and holds it until its response is there.
    func awaitResponse(
        _ session: inout CardSession, _ applet: any TokenApplet, _ run: RestoreRun,
        _ desk: ResponseDesk, _ ledger: Ledger
    ) throws(EarlyEnd) -> UnblockingSource {
        let permit = run.permit
        let life = configuration.budgets.response
        do throws(TokenError) {
            begin("challenge", configuration.budgets.read, &session, run, ledger)
            let challenge = try applet.askChallenge(&session, permit.form)
            guard let name = try? SecureRandom.bytes(8) else {
                throw TokenError(.malformed, "challenge")
            }
            // The step's own deadline comes after ours.
            begin("response", life + .seconds(1), &session, run, ledger)
            run.progress {
                ($0.message, $0.next) = (
                    Words.awaitingResponse.message, Words.awaitingResponse.next
                )
            }
            run.unfollow(desk.asker)
            let now = WallClock.nanoseconds
            desk.open(
                Station.Challenge(
                    restore: permit.restore, family: permit.reading.identity.family.rawValue,
                    deviceNumber: permit.deviceNumber, form: permit.form.rawValue,
                    challenge: Hex.lower(challenge), session: Hex.lower(name),
                    issued: Timestamp(milliseconds: now / 1_000_000).description,
                    expires: Timestamp(milliseconds: (now + life.wholeNanoseconds) / 1_000_000)
                        .description))
        } catch {
            throw EarlyEnd(.gaveUp(error.code, "challenge"))
        }
        let expires = Instant.now + life
        while Instant.now < expires {
            let answer = desk.wait(until: min(expires, .now + Self.look))
            // Tells of a pull and of a reset without a word to the card, which would spoil the
            // challenge. Also where the answer is there: of a token that was pulled since the look
            // before, it is known now that nothing is sent to it.
            do throws(CardFault) {
                try session.askStatus()
            } catch {
                throw EarlyEnd(.gaveUp(.fault(error), "response"))
            }
            if let answer { return .response(answer.response, newPIN: answer.newPIN) }
        }
        throw EarlyEnd(.refused(.challengeExpired))
    }
}

/// A restore that ended before anything was sent.
struct EarlyEnd: Error, Sendable {
    let ending: Ending
    init(_ ending: Ending) { self.ending = ending }
}

extension Station.Result {
    /// Ended without a code that reached the token.
    fileprivate var sentNothing: Bool {
        switch outcome {
        case .refused: true
        case .failed: unblockingSpent.most == 0
        case .restored, .unblockedUnproven, .unknown, nil: false
        }
    }
}
