import APDU
import Casework
import Readers
import StationInterface
import Tokens

/// Every sentence the station says to a person, in one place: what happened, what it means
/// for the token, what to do. The kiosk has its own words, by the errors' names.
enum Words {
    struct Pair: Equatable, Sendable {
        let message: String
        let next: String
        init(_ message: String, next: String) {
            self.message = message
            self.next = next
        }
    }

    // MARK: What was found

    /// - Parameter kind: of the case that the check is for; nil where it is for none.
    static func checked(_ proof: Proof, for kind: CaseKind?) -> Pair {
        guard proof.isProven else {
            return Pair(
                "The device did not prove that it holds the certificate's key.",
                next: "Keep the token and call the technician.")
        }
        let next =
            switch kind {
            case .handOver: "Record the hand-over in its case, then hand the token over."
            case .restore:
                "Give the token back to its holder, and send the notice to the managing body."
            case .takeBack, .lost, .misuse, nil: "Nothing more is to be done."
            }
        return Pair(
            "The key of the certificate is in this device.", next: doubts(proof) ?? next)
    }

    /// A proof of the key says nothing of what else is wrong; nil where nothing is.
    static func doubts(_ proof: Proof) -> String? {
        let items = proof.contradicted
        guard !items.isEmpty else { return nil }
        return "Read what the evidence says against it: " + items.joined(separator: ", ") + "."
    }

    // MARK: What can be done

    static func advice(_ assessment: Assessment) -> String {
        var sentences: [String] = []
        switch assessment.help {
        case .possible:
            sentences.append(
                assessment.locked == true
                    ? "The token is locked and can be restored with its unblocking code."
                    : "The token may be locked; it can be restored with its unblocking code.")
        case .notLocked:
            sentences.append(
                "The token is not locked. It can be restored if the officer records that the PIN "
                    + "was forgotten.")
        case .impossible: break
        }
        sentences += assessment.reasons.compactMap(sentence)
        return sentences.joined(separator: " ")
    }

    static func sentence(_ reason: Assessment.Reason) -> String? {
        switch reason {
        case .unblockingCodeBlocked:
            "The unblocking code has no tries left: the token cannot be restored here and goes "
                + "back to the provider."
        case .unblockingNotSet:
            "The token was given no such unblocking code: it cannot be restored this way."
        case .unblockingNotSetOrBlocked:
            "The token has no tries for this unblocking code: it was given none, or they are used "
                + "up, which it does not tell apart. It cannot be restored this way."
        case .codeFormUnknown:
            "The token wants its codes in a form the station does not make, where each would be a "
                + "wrong one: it goes back to the provider."
        case .unblockingSwitchedOff:
            "The token was made without unblocking: it cannot be restored here and goes back to "
                + "the provider."
        case .providerOnly:
            "Only the provider's own means unblock this token: it goes back to the provider."
        case .notInProfile:
            "What is known of this model (its profile) does not allow this way of unblocking, or "
                + "does not fit the token."
        case .modelRefused: "The station does not help tokens of this model."
        case .modelProvisional:
            "What is known of this model is provisional: the counter does not use it by itself."
        case .noUnblocking:
            "The token has no way of being unblocked that the station knows, or not this one."
        case .notIdentifiable:
            "The token tells no number of its own and holds no certificate, so it cannot be told "
                + "from another."
        case .certificateExpired:
            "The certificate has expired: the token is to be returned, not restored."
        case .notLocked: nil
        case .pinCountUnknown: "The token does not show how many tries its PIN has left."
        case .statusQueryUnsafe:
            "Asking this token for its PIN's counter is not safe: the question may have cost one "
                + "try (0 or 1) and is not repeated."
        case .unblockingCountUnknown:
            "How many tries the unblocking code has left is unknown."
        case .lastTry: "The unblocking code has one try left."
        case .noProvingKey:
            "The token holds no certificate with a key that may sign, so its key cannot be proven."
        }
    }

    // MARK: Readers

    static func reader(_ error: ReaderError, _ name: String) -> StationError {
        switch error {
        case .noSuchReader:
            .readerNotFound(
                name, "There is no reader \"\(name)\".", next: "List the readers and choose one.")
        case .empty:
            .noToken(name, "There is no token in the reader.", next: "Put the token in.")
        case .cardChanged:
            .noToken(
                name, "The token was pulled out or exchanged for another; nothing was sent to it.",
                next: "Put the token in and begin again.")
        case .busy(let activity):
            .readerBusy(
                name, holders: [], "The reader is at work: \(activity).",
                next: "Wait until that is done.")
        case .heldByOthers(let holders):
            .readerBusy(
                name, holders: holders.map { Station.Holder($0) },
                holders.isEmpty
                    ? "Another program holds the reader; the token was not touched."
                    : "Another program may hold the reader: "
                        + holders.map(\.description).joined(separator: ", ")
                        + "; the token was not touched.",
                next: "End that program and try again.")
        case .mute:
            .readerUnavailable(
                name, "The token does not answer its reset; nothing was sent to it.",
                next: "Pull the token, wait a moment, put it in again.")
        case .stuck(_, let what):
            .readerStuck(
                name, "The reader has not come back from \"\(what)\".",
                next: "Wait; if it lasts, pull the token and plug the reader in again.")
        case .deadline:
            .readerUnavailable(
                name, "The reader did not take the token in time; nothing was sent to it.",
                next: "Pull the token, wait a moment, put it in again.")
        case .cancelled:
            .readerUnavailable(
                name, "The work was cancelled before it began; nothing was sent to the token.",
                next: "Begin again.")
        case .unavailable(let reason):
            .readerUnavailable(
                name, "The reader cannot be used: \(reason). The token was not touched.",
                next: "Run tokenctl doctor.")
        case .pcsc, .system, .stopped:
            .readerUnavailable(
                name, "The reader cannot be used: \(error). The token was not touched.",
                next: "Run tokenctl doctor.")
        }
    }

    static func stopping(_ name: String) -> StationError {
        .readerUnavailable(
            name, "The station is stopping and begins nothing new; the token was not touched.",
            next: "Wait until it is up again.")
    }

    /// What was given is repeated only where it has a restore's form: it may be a code in the
    /// wrong field.
    static func noRestore(_ restore: String) -> StationError {
        let isOne = restore.hasPrefix("r-") && restore.count == 18
        return .restoreNotFound(
            isOne ? restore : "", "There is no restore \(isOne ? restore : "of that name").",
            next: "List the restores.")
    }

    // MARK: Tokens

    /// What went wrong with a token, for an action that changed nothing in it.
    /// - Parameter profile: of a card that no family knows.
    static func token(
        _ error: TokenError, reader: String, atr: String, profile: TokenProfile? = nil,
        account: Station.Account
    ) -> StationError {
        switch error.code {
        case .unsupported:
            if let profile, case .refused(let reason, let next) = profile.standing {
                return .tokenUnsupported(
                    reader, atr: atr,
                    "By its answer to reset this is a \(profile.title), which the station cannot "
                        + "help; nothing was changed in it. \(reason)", next: next)
            }
            return .tokenUnsupported(
                reader, atr: atr,
                "This card is of no kind the station can help; nothing was changed in it.",
                next: "Check that it is a PKI token; other devices go to the provider.")
        case .fault(let fault): return Words.fault(fault, reader: reader, account: account)
        case .disturbed(let status):
            return .token(
                .disturbed, reader, account: account,
                "Another applet answered (\(status)): another program disturbed the token.",
                next: "End programs that use the token, and begin again.")
        case .status(let status):
            return .token(
                .fault, reader, account: account, status: status.description,
                "The token refused \(error.command) with \(status).",
                next: "Inspect the token; if it lasts, it goes to the provider.")
        case .malformed:
            return .token(
                .fault, reader, account: account,
                "The token's answer to \(error.command) does not follow its standard.",
                next: "Inspect the token; if it lasts, it goes to the provider.")
        case .noKey:
            return .noKey(
                reader, "The token holds no certificate with a key that may sign.",
                next: "The token goes to the provider.")
        case .codeFormUnknown:
            return .token(
                .fault, reader, account: account,
                "The token wants its codes in a form this station does not make; nothing was sent.",
                next: "The token goes to the provider.")
        case .challengeLost:
            return .token(
                .disturbed, reader, account: account,
                "The token's challenge is no longer open; nothing was sent.",
                next: "Begin again.")
        case .macWrong:
            return .token(
                .disturbed, reader, account: account,
                "The answer to \(error.command) does not have the token's MAC: it was changed on "
                    + "its way, or is none of this token. Nothing more was sent.",
                next: "Take the reader and its cable out of doubt, and begin again.")
        case .noLockedMemory:
            return .token(
                .fault, reader, account: account,
                "The station has no locked memory for a code; nothing was sent.",
                next: "Raise the limit on locked memory (tokenctl doctor).")
        }
    }

    static func fault(
        _ fault: CardFault, reader: String, account: Station.Account
    ) -> StationError {
        switch fault {
        case .removed:
            .token(
                .removed, reader, account: account,
                "The token was pulled out in the step \"\(account.step)\".",
                next: "Put the token in and begin again.")
        case .reset:
            .token(
                .disturbed, reader, account: account,
                "Another program reset the token in the step \"\(account.step)\".",
                next: "End programs that use the token, and begin again.")
        case .mute, .deadline:
            .token(
                .mute, reader, account: account,
                "The token did not answer in the step \"\(account.step)\" within its time.",
                next: "Pull the token, wait a moment, put it in again.")
        case .cancelled:
            .token(
                .cancelled, reader, account: account,
                "The work was cancelled in the step \"\(account.step)\".", next: "Begin again.")
        case .malformedResponse:
            .token(
                .fault, reader, account: account,
                "The reader gave back no valid answer in the step \"\(account.step)\".",
                next: "Pull the token, put it in again, and begin again.")
        case .transport(let code):
            .token(
                .fault, reader, account: account,
                "The reader failed in the step \"\(account.step)\" (code \(code)).",
                next: "Pull the token, put it in again; if it lasts, run tokenctl doctor.")
        }
    }

    static func journal(_ reason: String) -> StationError {
        .journalUnavailable(
            "The record cannot be written: \(reason). The token was not touched.",
            next: "Call the technician: tokenctl doctor tells what is wrong.")
    }

    /// What mends a pcscd that does not answer; the reason is libpcsclite's.
    static func remedy(ofPCSCD reason: String) -> String {
        reason.hasSuffix("(0x8010006a)")
            ? "pcscd runs, and polkit refuses the station: see systemctl status polkit; while it "
                + "is being set up wait a minute, else systemctl restart polkit pcscd.service. The "
                + "station notices by itself."
            : "systemctl start pcscd.socket; the station notices by itself."
    }

    static func unread(_ reason: String) -> StationError {
        .journalUnavailable(
            "The record cannot be read: \(reason). The token was not touched.",
            next: "Call the technician: tokenctl doctor tells what is wrong.")
    }

    static var noSignInByToken: StationError {
        .journalUnavailable(
            "The record takes no lines, so no PIN is sent to a token. The token was not touched.",
            next: "Sign in with a password: cases and papers can then be looked at. Call the "
                + "technician: tokenctl doctor tells what is wrong.")
    }

    static func signInRequired(_ method: String) -> StationError {
        .signInRequired(
            method, "This may be done only by an officer who has signed in.",
            next: "Sign in (Officers.SignIn), then do it again.")
    }

    static func approvalRequired(_ restore: String, _ act: String) -> StationError {
        .approvalRequired(
            restore, act: act,
            "A second officer has to approve this restore; nothing was sent to the token.",
            next: "Show the second officer the act (Officers.ShowAct) and have it approved.")
    }

    static func approvalRefused(
        _ restore: String, _ officer: String, _ reason: StationError.ApprovalReason
    ) -> StationError {
        switch reason {
        case .sameOfficer:
            .approvalRefused(
                restore, officer, reason,
                "Nobody approves what they began themselves.", next: "Ask another officer.")
        case .noCounter:
            .approvalRefused(
                restore, officer, reason,
                "This officer has not the role counter, and so approves no restore.",
                next: "Ask an officer who has it.")
        }
    }

    static func signInRefused(
        _ officer: String?, _ reason: StationError.SignInReason, wait: Duration? = nil
    ) -> StationError {
        let seconds = wait.map { Int(($0.wholeMilliseconds + 999) / 1000) }
        let words =
            switch reason {
            case .unknownOfficer:
                Pair(
                    "No officer has this id.",
                    next: "Choose one of Officers.List, or have the technician list you.")
            case .noPassword:
                Pair("This officer has no password.", next: "Sign in with the officer's token.")
            case .wrongPassword:
                Pair(
                    "The password is wrong. No try of any token was spent.",
                    next: seconds.map { "Wait \($0) seconds and enter it again." }
                        ?? "Enter it again.")
            case .unknownToken:
                Pair(
                    "This token is no listed officer's; no PIN was sent to it.",
                    next: "Put in your own token, or have the technician list it.")
            case .keyNotProven:
                Pair(
                    "The token did not prove that it holds the key of its certificate.",
                    next: "Sign in with a password, and have the technician look at the token.")
            case .certificateRefused:
                Pair(
                    "The token's certificate is not valid today, or it was revoked.",
                    next: "Sign in with a password, and renew the certificate.")
            case .mustWait:
                Pair(
                    "After several wrong passwords this officer has to wait; the password was not "
                        + "looked at.",
                    next: "Wait \(seconds ?? 1) seconds, or sign in with the officer's token.")
            case .notChecked:
                Pair(
                    "The password could not be checked: there was no memory for it.",
                    next: "Try again; call the technician if it stays so.")
            case .processUnknown:
                Pair(
                    "The kernel does not name the calling process, so nothing could hold the "
                        + "sign-in.",
                    next: "Run the program outside of a PID namespace of its own.")
            }
        return .signInRefused(
            officer, reason, waitSeconds: seconds, words.message, next: words.next)
    }

    /// Why the counter does not restore tokens of a model by itself, and what to do.
    static func modelProvisional(_ model: String, _ profile: TokenProfile?) -> Pair {
        let next =
            "A technician tries the model on a token that may be lost (tokenctl commission); or "
            + "somebody with the right provisional takes it on: tokenctl restore "
            + "--provisional."
        if let profile, case .commissioned(let by, let on, _) = profile.standing {
            return Pair(changed(by: by, on: on) + " No code was sent.", next: next)
        }
        guard let profile, case .provisional(let reason, let by, let on) = profile.standing else {
            return Pair(
                "Nothing is known of this model (\(model)): there is no profile of it. No code was "
                    + "sent.", next: "A technician writes its profile. " + next)
        }
        return Pair(
            "What is known of this model (\(profile.title)) is provisional: \(reason) "
                + "(\(by), \(on)) No code was sent.", next: next)
    }

    static let lastTry =
        "Make sure of the code; only somebody with the right last_try may spend it: tokenctl "
        + "restore --last-try."

    // MARK: The reader's pad

    static func padUnusable(_ reader: String, _ what: String) -> StationError {
        .padUnusable(
            reader,
            "The reader has no pad that can take \(what) of this token; nothing was sent.",
            next: "Enter it at the screen, or use a reader whose pad can.")
    }

    static let seenUnblocked = Pair(
        "The token was seen again, and its counters tell that it is unblocked; its key is not "
            + "proven.", next: "Check the key with the new PIN.")

    static let seenNotUnblocked = Pair(
        "The token was seen again, and its counters tell that it was not unblocked.",
        next: "Begin again.")

    static let running = Pair(
        "The restore is running.", next: "Wait; do not pull the token.")

    static let awaitingResponse = Pair(
        "The token waits for the response to its challenge.",
        next: "Bring the response and the new PIN; do not pull the token.")

    static func atPad(_ pad: Station.AtPad) -> Pair {
        switch pad.codes {
        case .unblockingCodeAndNewPIN:
            Pair(
                "Enter the unblocking code at the reader's pad, then the new PIN twice, within "
                    + "\(pad.seconds) seconds.",
                next: "Enter the codes at the pad; do not pull the token.")
        case .pin:
            Pair(
                "Enter the PIN at the reader's pad within \(pad.seconds) seconds, so that the "
                    + "key can be checked.",
                next: "Enter the PIN at the pad; do not pull the token.")
        }
    }

    static func notEntered(_ why: PadRefusal) -> Pair {
        switch why {
        case .timedOut:
            Pair("Nobody entered a code at the pad in time", next: "Begin again.")
        case .cancelled:
            Pair("The entry was cancelled at the pad", next: "Begin again if wanted.")
        case .newPINsDiffer:
            Pair("The two entries of the new PIN at the pad differ", next: "Begin again.")
        case .wrongLength:
            Pair(
                "The code entered at the pad was too short or too long",
                next: "Make sure of the code and begin again.")
        case .refused:
            Pair(
                "The reader did not take the command for its pad",
                next: "Enter the code at the screen, or use another reader.")
        }
    }

    // MARK: Codes

    static func unfit(
        _ restore: String, _ field: StationError.CodeField, _ reason: CodeUnfit,
        _ rule: Tokens.CodeRule
    ) -> StationError {
        let what =
            switch field {
            case .newPIN: "new PIN"
            case .unblockingCode: "unblocking code"
            case .response: "response"
            }
        let words = unfit(reason, rule, what: what)
        return .codeUnfit(
            restore, field, reason: reason.rawValue, rule: Station.CodeRule(rule), words.message,
            next: words.next)
    }

    static func unfit(_ reason: CodeUnfit, _ rule: Tokens.CodeRule, what: String) -> Pair {
        let lengths =
            rule.minimum == rule.maximum
            ? "\(rule.minimum) characters" : "\(rule.minimum) to \(rule.maximum) characters"
        let message =
            switch reason {
            case .tooShort: "The \(what) is too short"
            case .tooLong: "The \(what) is too long"
            case .notDigits: "The \(what) may have digits only on this token"
            case .notHex: "The \(what) is written with the digits 0 to 9 and the letters A to F"
            case .notPrintable: "The \(what) has characters that not every keyboard can type"
            case .publishedDefault: "The \(what) is one that stands in makers' manuals"
            case .sameAsOther: "The new PIN is the same as the unblocking code"
            case .missing: "The \(what) is missing"
            case .notWanted: "The \(what) is not wanted: the old PIN stays"
            case .noLockedMemory: "There is no locked memory for the \(what)"
            }
        return Pair(
            message + "; nothing was sent to the token.",
            next: what == "new PIN"
                ? "Choose one of \(lengths)"
                    + (rule.characters == .digits ? ", digits only." : ".")
                : "It has \(lengths): compare it with where it comes from, and type it again.")
    }
}
