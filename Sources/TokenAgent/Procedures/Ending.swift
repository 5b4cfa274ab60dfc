import APDU
import Casework
import Readers
import StationInterface
import System
import Tokens

/// Why an unblocked token's key could not be proven.
enum Unproven: Error, Sendable {
    case noKey
    /// Its tries came back and its PIN is the old one, which the station was not told.
    case oldPINStays
    case noChallenge
    /// The token did not take the PIN it had just been given.
    case pinNotTaken
    case token(TokenError.Code)
    /// The token refused the unblocking code and took it all the same: its counters say so.
    case refusedThough(CodeAnswer)
    /// The reader told that no code was entered at its pad; the token's counters say otherwise.
    case takenThoughNotEntered
    /// Nobody entered the new PIN at the pad for the key check.
    case pinNotEntered
}

/// How a restore ended, before words are found for it.
enum Ending: Sendable {
    enum Refusal: String, Sendable {
        case superseded, expired, cancelled
        case challengeExpired = "challenge-expired"
    }

    case refused(Refusal)
    /// Nothing was sent: the reader, the record or the case stood in the way.
    case unopened(StationError)
    case tokenChanged([String])
    /// It ended in the named step; whether a code had been sent, the intent on record tells.
    case gaveUp(TokenError.Code, String)
    /// It ended in the named step after the intent, and no code had gone out: the clock counts
    /// what it admits.
    case notSent(TokenError.Code, String)
    /// The answer to the unblocking code was lost.
    case lost(TokenError.Code)
    /// The token refused the unblocking code, or the form it came in.
    case refusedCode(CodeAnswer)
    /// The pad sent no code to the token.
    case notEntered(PadRefusal)
    /// Another applet got the unblocking code.
    case disturbed
    case unblocked(Swift.Result<Proof, Unproven>, isSameAfterReset: Bool?)
}

/// An ending in the contract's terms.
private struct Verdict {
    var outcome: Station.Result.Outcome
    var reason: String?
    var words: Words.Pair
    var error: StationError.Ending? = .failed
    var proof: Proof? = nil
}

extension Agent {
    /// Puts a restore's outcome on record and answers everybody who follows it. Called by
    /// whoever claimed the ending, and waits for the disk.
    func conclude(
        _ run: RestoreRun, _ ending: Ending, _ ledger: Ledger = Ledger(),
        _ steps: [Readers.Step] = []
    ) {
        if let expiry = run.takeExpiry() { hub.timekeeper.clear(expiry) }
        let permit = run.permit
        let wasIntended = run.room != nil
        let verdict = judge(ending, wasIntended: wasIntended)
        var account = ledger.now
        if verdict.outcome == .unknown {
            // What was read before says nothing of what is left now.
            account.pinLeft = nil
            account.unblockingLeft = nil
        }
        var result = run.result
        result.state = .finished
        result.atPad = nil
        result.outcome = verdict.outcome
        result.reason = verdict.reason
        result.step = account.step
        result.pinSpent = Station.Spent(account.pinSpentInAll)
        result.unblockingSpent = Station.Spent(account.unblockingSpent)
        result.pinLeft = account.pinLeft
        result.unblockingLeft = account.unblockingLeft
        result.steps = Station.Step.list(
            steps, lastFailed: verdict.outcome == .failed || verdict.outcome == .unknown)
        result.verdict = verdict.proof.map { Station.Verdict($0) }
        result.message = verdict.words.message
        result.next = verdict.words.next

        let end = RestoreEnd(
            restore: permit.restore, outcome: RestoreOutcome(verdict.outcome),
            triesSpent: TriesSpent(account.unblockingSpent),
            pinTriesSpent: TriesSpent(account.pinSpentInAll),
            answered: answered(ending),
            counters: Casework.Counters(
                pin: account.pinLeft.map { .left($0) } ?? .unknown,
                unblocking: account.unblockingLeft.map { .left($0) } ?? .unknown),
            reasons: verdict.reason.map { [$0] } ?? [],
            steps: steps.map { step in
                StepRecord(
                    name: step.name,
                    milliseconds: (step.took ?? .zero).wholeNanoseconds / 1_000_000)
            },
            evidence: verdict.proof.map { "\($0.grade.rawValue) \($0.slot) \($0.algorithm)" },
            key: verdict.proof.flatMap { $0.isProven ? $0.keyHash : nil })
        do throws(CaseError) {
            let receipt: Receipt
            if let open = run.room?.take() {
                receipt = try open.finish(end, who: run.who)
            } else {
                receipt = try book.record(.restoreOutcome(end), case: permit.caseID, who: run.who)
            }
            result.journalSequence = Int(receipt.sequence)
            result.journalHead = receipt.hash
        } catch {
            book.settle(permit.restore, who: run.who)
            result.message +=
                " The outcome could not be written to the record (\(error)); "
                + (wasIntended
                    ? "until it can be, the station reports this restore as unknown."
                    : "no code had gone out, and the case stands where it stood.")
            result.next = "Call the technician before anything else. " + result.next
        }
        run.end(result, error(verdict, ending, result))
    }

    private func answered(_ ending: Ending) -> TryCount? {
        guard case .refusedCode(let answer) = ending else { return nil }
        switch answer {
        case .wrong(let left?): return .left(left)
        case .blocked: return .left(0)
        case .wrong(nil), .unfit, .refused, .accepted: return nil
        }
    }

    private func error(
        _ verdict: Verdict, _ ending: Ending, _ result: Station.Result
    ) -> StationError? {
        if case .tokenChanged(let what) = ending { return .tokenChanged(result, what: what) }
        return verdict.error.map { .ended($0, result) }
    }

    private func judge(_ ending: Ending, wasIntended: Bool) -> Verdict {
        switch ending {
        // Never "nothing was sent" once an intent is on record.
        case .refused where wasIntended: return judgeLost(.fault(.cancelled), "unblock")
        case .refused(let why):
            let reason =
                switch why {
                case .superseded: "The permit was given back for a new one"
                case .expired: "The permit expired before it was used"
                case .cancelled: "The restore was cancelled before a code was sent"
                case .challengeExpired:
                    "The token's challenge was not answered in its time and is void"
                }
            return Verdict(
                outcome: .refused, reason: why.rawValue,
                words: Words.Pair(
                    reason + "; nothing was sent to the token.", next: "Begin again if wanted."),
                error: .failed)
        case .unopened(let error):
            return Verdict(
                outcome: .failed, reason: error.kind.reason,
                words: Words.Pair(error.message, next: error.next))
        case .tokenChanged:
            return Verdict(
                outcome: .refused, reason: "token-changed",
                words: Words.Pair(
                    "The token or its counters are not as they were when the permit was given; "
                        + "no code was sent.",
                    next: "Begin again with the token of the request."))
        case .gaveUp(let code, let step):
            return wasIntended ? judgeLost(code, step) : judgeEarly(code, step)
        case .notSent(let code, let step): return judgeEarly(code, step)
        case .lost(let code): return judgeLost(code, "unblock")
        case .disturbed:
            return Verdict(
                outcome: .failed, reason: "token-disturbed",
                words: Words.Pair(
                    "Another applet answered the unblocking code: another program disturbed the "
                        + "token. The result states what that cost.",
                    next: "End programs that use the token; inspect it before anything else."))
        case .refusedCode(let answer): return judgeCode(answer)
        case .notEntered(let why):
            let words = Words.notEntered(why)
            return Verdict(
                outcome: .failed, reason: why.rawValue,
                words: Words.Pair(
                    words.message + "; no code went to the token.", next: words.next))
        case .unblocked(.success(let proof), let isSame):
            return judgeProof(proof, isSame)
        case .unblocked(.failure(let why), _): return judgeUnproven(why)
        }
    }

    private func judgeEarly(_ code: TokenError.Code, _ step: String) -> Verdict {
        let (reason, what): (String, String) =
            switch code {
            case .fault(.removed): ("token-removed", "The token was pulled out")
            case .fault(.reset), .disturbed:
                ("token-disturbed", "Another program disturbed the token")
            case .fault(.mute), .fault(.deadline):
                ("token-mute", "The token did not answer in time")
            case .fault(.cancelled): ("cancelled", "The restore was cancelled")
            case .noLockedMemory: ("no-locked-memory", "There is no locked memory for a code")
            case .fault(.transport(let number)):
                ("token-fault", "The reader failed (code \(number))")
            case .status(let status): ("token-fault", "The token refused with \(status)")
            default: ("token-fault", "The token's answers do not follow its standard")
            }
        return Verdict(
            outcome: reason == "cancelled" ? .refused : .failed, reason: reason,
            words: Words.Pair(
                "\(what) in the step \"\(step)\". No code was sent, and no try was spent.",
                next: code == .noLockedMemory
                    ? "Raise the limit on locked memory (tokenctl doctor)."
                    : "Put the token in and begin again."))
    }

    private func judgeLost(_ code: TokenError.Code, _ step: String) -> Verdict {
        let what =
            switch code {
            case .fault(.removed): "The token was pulled out"
            case .fault(.mute), .fault(.deadline): "The token did not answer"
            case .fault(.reset): "Another program reset the token"
            default: "The answer was lost"
            }
        return Verdict(
            outcome: .unknown, reason: "answer-lost",
            words: Words.Pair(
                "\(what) while the unblocking code was on its way. Whether it arrived is not "
                    + "known; it is not sent again.",
                next: "Put the same token in and inspect it: its counters tell what happened."),
            error: .outcomeUnknown)
    }

    private func judgeCode(_ answer: CodeAnswer) -> Verdict {
        switch answer {
        case .wrong(let left):
            return Verdict(
                outcome: .failed, reason: "wrong-unblocking-code",
                words: Words.Pair(
                    "The token refused the unblocking code."
                        + (left.map { " It has \($0) \($0 == 1 ? "try" : "tries") left." } ?? ""),
                    next: "Make sure of the code before another try."),
                error: .wrongUnblockingCode)
        case .blocked:
            return Verdict(
                outcome: .failed, reason: "unblocking-code-blocked",
                words: Words.Pair(
                    "The unblocking code has no tries left: the token cannot be restored here.",
                    next: "Refuse the request in writing; the token goes back to the provider."),
                error: .unblockingCodeBlocked)
        case .unfit(let status), .refused(let status):
            return Verdict(
                outcome: .failed, reason: "refused-by-token",
                words: Words.Pair(
                    "The token refused the unblocking with \(status): the code's form or the new "
                        + "PIN is not to its liking, or it does not allow it.",
                    next: "Inspect the token; choose another PIN or send it to the provider."))
        case .accepted:
            return Verdict(
                outcome: .unblockedUnproven, reason: "key-not-proven",
                words: Words.Pair("The token is unblocked.", next: "Check the key."), error: nil)
        }
    }

    private func judgeProof(_ proof: Proof, _ isSame: Bool?) -> Verdict {
        guard proof.isProven, isSame != false else {
            return Verdict(
                outcome: .unblockedUnproven,
                reason: proof.isProven ? "token-changed-after-reset" : "signature-invalid",
                words: Words.Pair(
                    proof.isProven
                        ? "The token is unblocked, but after its reset it was not the same token."
                        : "The token is unblocked, but its signature does not verify under its "
                            + "certificate.",
                    next: "Keep the token and call the technician."),
                error: nil, proof: proof)
        }
        return Verdict(
            outcome: .restored, reason: nil,
            words: Words.Pair(
                "The token is unlocked with the new PIN, and its key is in it."
                    + (isSame == nil
                        ? " Its counters could not be read afterwards." : ""),
                next: (Words.doubts(proof).map { $0 + " Then hand" } ?? "Hand")
                    + " the token over and send the notice to the managing body."),
            error: nil, proof: proof)
    }

    private func judgeUnproven(_ why: Unproven) -> Verdict {
        let (reason, what): (String, String) =
            switch why {
            case .noKey: ("no-proving-key", "it holds no certificate with a key that may sign")
            case .oldPINStays:
                ("old-pin-stays", "its PIN is the old one, which only its holder knows")
            case .pinNotEntered: ("pin-not-entered", "nobody entered the new PIN at the pad")
            case .takenThoughNotEntered:
                (
                    "refused-though-taken",
                    "its reader told that no code was entered, and its counters show that it "
                        + "took one"
                )
            case .noChallenge: ("no-challenge", "the station has no random numbers")
            case .pinNotTaken: ("pin-not-taken", "it did not take the new PIN")
            case .token(.fault(.removed)): ("token-removed", "it was pulled out before the proof")
            case .token(.fault(.mute)), .token(.fault(.deadline)):
                ("token-mute", "it did not answer during the proof")
            case .token(.disturbed), .token(.fault(.reset)):
                ("token-disturbed", "another program disturbed it during the proof")
            case .token: ("token-fault", "it gave no signature")
            case .refusedThough:
                (
                    "refused-though-taken",
                    "it answered that it refused the code, and its counters show that it took it"
                )
            }
        let pin = why.isOldPIN ? "" : " with the new PIN"
        return Verdict(
            outcome: .unblockedUnproven, reason: reason,
            words: Words.Pair(
                "The token is unblocked\(pin), but its key is not proven: \(what).",
                next: why.isOldPIN
                    ? "Check the key with the holder's PIN; the unblocking code is not needed "
                        + "again."
                    : why.canBeCheckedLater
                        ? "Put the token in and check the key with the new PIN; the unblocking code "
                            + "is not needed again."
                        : "Call the technician."),
            error: nil)
    }
}

extension Unproven {
    fileprivate var isOldPIN: Bool { if case .oldPINStays = self { true } else { false } }

    fileprivate var canBeCheckedLater: Bool {
        switch self {
        case .noKey: false
        default: true
        }
    }
}

extension StationError.Kind {
    /// A word for programs: `token-removed` for `vn.tokenstation.Devices.TokenRemoved`.
    var reason: String {
        var word = ""
        for letter in rawValue.split(separator: ".").last ?? "" {
            if letter.isUppercase, !word.isEmpty { word += "-" }
            word += letter.lowercased()
        }
        return word
    }
}

extension RestoreOutcome {
    init(_ outcome: Station.Result.Outcome) {
        self =
            switch outcome {
            case .refused: .refused
            case .failed: .failed
            case .unblockedUnproven: .unblockedUnproven
            case .restored: .restored
            case .unknown: .unknown
            }
    }
}
