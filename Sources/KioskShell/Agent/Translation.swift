// The socket's messages in the words of the counter.
import StationInterface
import System
import Varlink

extension ReaderStatus {
    init(_ reader: Station.Reader) {
        let state: ReaderState =
            switch reader.state {
            case .empty: .empty
            case .present: .present
            case .mute: .mute
            case .busy: .busy
            case .stuck: .stuck
            case .unavailable: .unavailable
            }
        self.init(
            name: reader.name, state: state, insertion: Int64(reader.insertion),
            holders: reader.holders.map(\.program))
    }
}

extension CodeRule {
    init(_ rule: Station.CodeRule) {
        let characters: Characters =
            switch rule.characters {
            case .digits: .digits
            case .printable: .printable
            case .hex: .hex
            case .any: .any
            }
        self.init(minimum: rule.minimum, maximum: rule.maximum, characters: characters)
    }
}

extension CaseRow {
    init(_ found: Station.Case) {
        self.init(
            id: found.number, requestNumber: found.requestNumber, managingBody: found.managingBody,
            holder: found.holder ?? "", deviceNumber: found.deviceNumber, opened: found.opened,
            state: found.state, found: found)
    }
}

extension Office {
    /// A day: reckoned with further, more could overflow.
    private static let mostIdleMinutes = 24 * 60

    init(_ list: Station.Officers) {
        self.init(
            officers: list.officers, isObliged: list.required.contains("counter"),
            wantsTwo: list.twoPerson,
            idleLimit: list.idleMinutes > 0
                ? Milliseconds(min(list.idleMinutes, Office.mostIdleMinutes)) * 60_000 : nil,
            signedIn: list.signedIn)
    }
}

extension CertificateSummary {
    init(_ certificate: Station.Certificate) {
        self.init(
            slot: certificate.slot, commonName: certificate.commonName ?? "",
            organization: certificate.organization ?? "", email: certificate.email ?? "",
            serialNumber: certificate.serialNumber, notBefore: certificate.notBefore,
            notAfter: certificate.notAfter)
    }
}

extension ComparedRow {
    init(_ field: Station.ComparedField, isOpen: Bool) {
        let verdict: Verdict =
            switch field.verdict {
            case .equal: .equal
            case .near: .near
            case .different: .different
            case .absent: .absent
            }
        self.init(
            field: field.field, asked: field.asked, held: field.held, verdict: verdict,
            isOpen: isOpen)
    }
}

extension TokenReport {
    init(_ inspection: Station.Inspection) {
        let (token, comparison) = (inspection.token, inspection.comparison)
        let help: Help =
            switch token.help {
            case .possible: .possible
            case .notLocked: .notLocked
            case .impossible: .impossible
            }
        self.init(
            insertion: Int64(token.insertion), family: token.family, model: token.model,
            compared: (comparison?.fields ?? []).map { field in
                ComparedRow(
                    field, isOpen: comparison?.toCompare.contains(field.field) == true)
            },
            certificates: token.certificates.map(CertificateSummary.init),
            pinTries: token.pin.left, pinLimit: token.pin.limit,
            unblockingTries: token.unblockingCode.left, unblockingLimit: token.unblockingCode.limit,
            pinRule: CodeRule(token.pinRule),
            unblockingRule: token.unblockingCodeRule.map(CodeRule.init) ?? .none,
            locked: token.locked, help: help, reasons: token.reasons, advice: token.advice,
            form: token.ways.first {
                $0.takes == .code && $0.setsNewPIN && $0.obstacle == nil
            }?.form,
            pad: token.pad.map(ReaderPad.init))
    }
}

extension Permit {
    /// The longest any permit holds; the agent's clock may not make it longer.
    static let longest: Milliseconds = 600_000

    /// - Parameter now: seconds since 1970, to tell how long the permit still holds.
    init(_ permit: Station.Permit, now: Int64) {
        let left = Dates.seconds(permit.expires).map { ($0 - now) * 1_000 } ?? Permit.longest
        self.init(
            restore: permit.restore, validFor: min(max(left, 0), Permit.longest),
            pinTries: permit.pin.left, unblockingTries: permit.unblockingCode.left,
            pinRule: CodeRule(permit.pinRule),
            unblockingRule: permit.unblockingCodeRule.map(CodeRule.init) ?? .none,
            touch: permit.touch, pad: permit.pad.map(ReaderPad.init),
            isTyped: permit.ways.first { $0.form == permit.form }.map {
                $0.takes == .code && $0.setsNewPIN
            } ?? true)
    }
}

extension ReaderPad {
    init(_ pad: Station.Pad) {
        self.init(verifies: pad.verify, unblocks: pad.unblock, seconds: pad.seconds)
    }
}

extension StepReport {
    /// A day: reckoned with further, more could overflow.
    private static let longestBudget: Milliseconds = 86_400_000

    init(_ step: Station.Step) {
        let state: State =
            switch step.state {
            case .running: .running
            case .done: .done
            case .failed: .failed
            case .overdue: .overdue
            }
        self.init(
            name: step.name,
            budget: min(Milliseconds(step.budgetMilliseconds), StepReport.longestBudget),
            time: step.timeMicroseconds.map { Int64($0) }, state: state)
    }
}

extension Spent {
    init(_ spent: Station.Spent) { self.init(least: spent.least, most: spent.most) }
}

extension RestoreResult {
    /// - Parameter fault: why, where the agent answered with an error.
    init(_ result: Station.Result, fault: AgentFault?) {
        let outcome: Outcome =
            switch result.outcome {
            case .restored: .restored
            case .unblockedUnproven: .unblockedUnproven
            case .failed: .failed
            case .refused: .refused
            // An error with a result that names no outcome: nothing better is known.
            case .unknown, nil: .unknown
            }
        self.init(
            outcome: outcome, unblockingSpent: Spent(result.unblockingSpent),
            pinTries: result.pinLeft, unblockingTries: result.unblockingLeft,
            fault: AgentFault.Code(reason: result.reason ?? "").map {
                AgentFault($0, detail: result.message)
            } ?? fault,
            reason: result.reason ?? "", detail: result.message,
            journalHead: result.journalHead ?? "")
    }
}

extension AgentReply {
    /// What an error of the agent means to the call's screen.
    init(error: StationError) {
        let fault = AgentFault(error)
        switch error.kind {
        case .stillWorking: self = .fault(fault)
        default:
            if let result = error.result {
                self = .finished(RestoreResult(result, fault: fault))
            } else {
                self = .fault(fault)
            }
        }
    }
}

extension AgentFault {
    init(_ error: StationError) {
        self.init(
            Code(error),
            detail: error.message
                + (error.reasons.map { " (\($0.joined(separator: ", ")))" } ?? ""),
            spent: error.account.map { Spent($0.unblockingSpent) },
            pinLeft: error.pinLeft ?? (error.kind == .wrongPIN ? error.left : nil),
            waitSeconds: error.waitSeconds, request: error.request)
        pinSpent = (error.pinSpent ?? error.account?.pinSpent).map { Spent($0) }
        if code == .deviceOpen { openCase = error.caseNumber }
    }

    /// What is no error of the station's: of Varlink itself, or nonsense.
    init(name: String) {
        switch name {
        case "org.varlink.service.PermissionDenied": self.init(.permissionDenied, detail: name)
        case "org.varlink.service.InvalidParameter": self.init(.fieldInvalid, detail: name)
        default: self.init(.other, detail: name)
        }
    }
}

extension AgentFault.Code {
    /// The reason of a result, where the counter has words for it.
    init?(reason: String) {
        switch reason {
        case "token-removed", "no-token": self = .tokenGone
        case "token-mute": self = .tokenMute
        case "token-disturbed": self = .tokenDisturbed
        case "token-fault": self = .tokenFault
        case "token-unsupported": self = .tokenUnsupported
        case "token-changed": self = .tokenChanged
        case "reader-busy": self = .readerBusy
        case "reader-stuck": self = .readerStuck
        case "reader-unavailable", "reader-not-found": self = .readerUnavailable
        case "journal-unavailable": self = .journal
        case "no-locked-memory": self = .noLockedMemory
        case "wrong-unblocking-code": self = .wrongUnblockingCode
        case "unblocking-code-blocked": self = .unblockingCodeBlocked
        case "last-try": self = .lastTry
        case "refused-by-token": self = .refusedByToken
        case "cancelled", "pad-timed-out", "pad-cancelled": self = .cancelled
        case "expired", "superseded", "challenge-expired": self = .permitEnded
        default: return nil
        }
    }

    private init(signIn reason: String) {
        switch reason {
        case "wrong_password": self = .wrongPassword
        case "must_wait": self = .passwordMustWait
        case "unknown_officer", "no_password": self = .officerUnknown
        case "unknown_token": self = .officerToken
        case "certificate_refused": self = .officerCertificate
        case "key_not_proven": self = .officerKey
        default: self = .notChecked
        }
    }

    /// Of several reasons the one that no record and no right can help counts most.
    private init(refusedFor reasons: [String]) {
        let ends = [
            "unblocking-code-blocked", "unblocking-not-set", "unblocking-switched-off",
            "provider-only", "no-unblocking", "not-identifiable", "certificate-expired",
            "model-refused", "not-in-profile",
        ]
        if reasons.contains(where: { ends.contains($0) }) {
            self = .cannotHelp
        } else if reasons.contains("last-try") {
            self = .lastTry
        } else if reasons == ["model-provisional"] {
            self = .modelProvisional
        } else {
            self = reasons.contains("not-locked") ? .notLocked : .cannotHelp
        }
    }

    init(_ error: StationError) {
        switch error.kind {
        case .readerNotFound, .readerUnavailable: self = .readerUnavailable
        case .noToken, .tokenRemoved: self = .tokenGone
        case .readerBusy: self = .readerBusy
        case .readerStuck: self = .readerStuck
        case .tokenMute: self = .tokenMute
        case .tokenDisturbed: self = .tokenDisturbed
        case .tokenUnsupported: self = .tokenUnsupported
        case .tokenFault: self = .tokenFault
        case .cancelled, .pinNotEntered: self = .cancelled
        case .padUnusable: self = .readerUnavailable
        case .journalUnavailable: self = .journal
        case .restoreNotFound: self = .restoreUnknown
        case .refused:
            self = AgentFault.Code(refusedFor: error.reasons ?? [])
        case .tokenMismatch, .comparisonNeeded: self = .mismatch
        case .tokenChanged: self = .tokenChanged
        case .permitInvalid: self = .permitEnded
        case .codeUnfit:
            switch (error.field, error.reason) {
            case ("new_pin", "published_default"): self = .newCodeCommon
            case ("new_pin", "same_as_other"): self = .newCodeSame
            case ("new_pin", _): self = .newCodeRefused
            default: self = .unblockingCodeUnfit
            }
        // The agent also holds back where an earlier failure hid how many are left.
        case .lastTry: self = error.left == nil ? .triesUnknown : .lastTry
        case .wrongUnblockingCode: self = .wrongUnblockingCode
        case .unblockingCodeBlocked: self = .unblockingCodeBlocked
        case .stillWorking: self = .stillWorking
        case .caseNotFound: self = .caseUnknown
        case .caseClosed: self = .caseClosed
        case .caseBusy: self = .caseBusy
        case .actRefused: self = .actRefused
        case .paperUnavailable: self = .paperUnavailable
        case .requestNotFound: self = .requestUnknown
        case .fieldInvalid: self = .fieldInvalid
        case .signInRequired, .notSignedIn: self = .signInRequired
        case .signInRefused: self = AgentFault.Code(signIn: error.reason ?? "")
        case .approvalRefused:
            self = error.reason == "same_officer" ? .sameOfficer : .noCounterRole
        case .requestKnown: self = .requestKnown
        case .noticeKnown: self = .noticeKnown
        case .deviceOpen: self = .deviceOpen
        case .wrongPIN: self = .wrongPIN
        case .pinBlocked: self = .pinBlocked
        case .pinLastTry: self = .pinLastTry
        case .pinUnfit: self = .pinUnfit
        case .noKey: self = .officerKey
        case .failed, .outcomeUnknown, .restoreNotWaiting,
            .commandRefused, .commissionRefused, .commissionEnded, .approvalRequired:
            self = .other
        }
    }
}
