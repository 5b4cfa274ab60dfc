import Casework
import Crypto
import Readers
import StationInterface
import System
import Tokens

// From the rooms' own values to what goes over the socket.

extension Station.Counter {
    init(_ counter: Tokens.Counter) { self.init(left: counter.known, limit: counter.limit) }
}

extension Station.Spent {
    static let none = Station.Spent(least: 0, most: 0)
    init(_ spent: Tokens.Spent) { self.init(least: spent.least, most: spent.most) }
    init(_ spent: TriesSpent) {
        switch spent {
        case .exactly(let n): self.init(least: n, most: n)
        case .between(let least, let most): self.init(least: least, most: most)
        }
    }
}

extension Station.Pad {
    /// nil for a pad that can do nothing for this token.
    init?(_ pad: PadEntries, _ budget: Duration) {
        guard pad.verify != nil else { return nil }
        self.init(verify: true, unblock: pad.unblock != nil, seconds: PadTime(budget).seconds)
    }
}

extension StationError.PadReason {
    init(_ refusal: PadRefusal) {
        self =
            switch refusal {
            case .timedOut: .timedOut
            case .cancelled: .cancelled
            case .newPINsDiffer: .entriesDiffer
            case .wrongLength: .wrongLength
            case .refused: .refused
            }
    }
}

extension Station.CodeRule {
    init(_ rule: Tokens.CodeRule) {
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

extension Station.UnblockingWay {
    init(_ way: Tokens.UnblockingWay) {
        self.init(
            form: way.form.rawValue, takes: way.form.isResponse ? .response : .code,
            setsNewPIN: way.form.setsNewPIN,
            counter: Station.Counter(way.counter), rule: way.rule.map { Station.CodeRule($0) },
            obstacle: way.obstacle?.rawValue)
    }
}

extension Station.Certificate {
    init(_ entry: TokenCertificate) {
        let certificate = entry.certificate
        self.init(
            slot: entry.slot.rawValue, subject: certificate.subject.description,
            commonName: certificate.commonName, organization: certificate.organization,
            email: certificate.emailAddress, issuer: certificate.issuer.description,
            serialNumber: certificate.serialNumber,
            notBefore: Timestamp(seconds: certificate.notBefore).description,
            notAfter: Timestamp(seconds: certificate.notAfter).description,
            key: certificate.publicKey.algorithm.description,
            sha256: certificate.fingerprintSHA256)
    }
}

extension Timestamp {
    init(seconds: Int64) {
        let (milliseconds, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        self.init(milliseconds: overflow ? (seconds < 0 ? .min : .max) : milliseconds)
    }
}

extension Station.Token {
    init(
        _ reading: Reading, _ assessment: Assessment, reader: String, insertion: UInt64,
        padTime: Duration, seal: Station.Profile.Seal? = nil
    ) {
        let help: Help =
            switch assessment.help {
            case .possible: .possible
            case .notLocked: .notLocked
            case .impossible: .impossible
            }
        self.init(
            reader: reader, insertion: Int(clamping: insertion),
            family: reading.identity.family.rawValue, model: reading.identity.model,
            serial: reading.identity.serial, guid: reading.identity.guid,
            deviceNumbers: reading.identity.deviceNumbers,
            certificates: reading.identity.certificates.map { Station.Certificate($0) },
            pin: Station.Counter(reading.counters.pin),
            unblockingCode: Station.Counter(reading.counters.unblocking),
            pinRule: Station.CodeRule(reading.newPINRule),
            unblockingCodeRule: reading.way?.rule.map { Station.CodeRule($0) },
            ways: reading.ways.map { Station.UnblockingWay($0) },
            pad: Station.Pad(reading.pad, padTime),
            profile: reading.profile.map { Station.Profile($0, seal) }, locked: assessment.locked,
            help: help,
            reasons: assessment.reasons.map(\.rawValue),
            advice: Words.advice(assessment))
    }
}

extension Station.Profile {
    init(_ profile: TokenProfile, _ seal: Seal? = nil) {
        let (state, said): (State, String) =
            switch profile.standing {
            case .commissioned(let by, let on, _) where profile.worth == .provisional:
                (.provisional, Words.changed(by: by, on: on))
            case .published(let sources): (.published, sources)
            case .commissioned(let by, let on, let evidence):
                (.commissioned, "Commissioned by \(by) on \(on): \(evidence)")
            case .provisional(let reason, let by, let on):
                (.provisional, "\(reason) (\(by), \(on))")
            case .refused(let reason, let next): (.refused, reason + " " + next)
            }
        self.init(
            name: profile.name, title: profile.title, family: profile.match.family, state: state,
            said: said, seal: seal)
    }
}

extension Station.Verdict {
    init(_ proof: Proof) {
        self.init(
            proven: proof.isProven, grade: proof.grade.rawValue, slot: proof.slot.rawValue,
            algorithm: proof.algorithm, certificateSHA256: proof.certificate.fingerprintSHA256,
            evidence: proof.items.map { item in
                let finding: Station.Evidence.Finding =
                    switch item.finding {
                    case .shown: .shown
                    case .notShown: .notShown
                    case .contradicted: .contradicted
                    }
                return Station.Evidence(item: item.item, finding: finding, how: item.how)
            })
    }
}

extension Station.Timing {
    init(_ timing: Timing) {
        let times = timing.times
        let judgement: Judgement =
            switch timing.judgement {
            case .unknown: .unknown
            case .inside: .inside
            case .suspicious: .suspicious
            }
        self.init(
            minimum: times.minimum, median: times.median, p90: times.p90,
            maximum: times.maximum, jitter: times.jitter, times: times.all,
            timeExtensions: timing.timeExtensions, judgement: judgement)
    }
}

extension Station.Step {
    init(_ step: Readers.Step, failed: Bool = false) {
        let state: State =
            if step.took == nil {
                step.isOverdue ? .overdue : .running
            } else {
                failed ? .failed : .done
            }
        self.init(
            name: step.name, budgetMilliseconds: Int(step.budget.wholeMilliseconds),
            timeMicroseconds: step.took.map { Int($0.wholeNanoseconds / 1000) }, state: state)
    }

    /// Steps of one name, as signatures are, as one: their budgets and times together.
    static func merged(_ steps: [Readers.Step]) -> [Station.Step] {
        var all: [Station.Step] = []
        for step in list(steps) {
            guard let i = all.firstIndex(where: { $0.name == step.name }) else {
                all.append(step)
                continue
            }
            all[i] = Station.Step(
                name: step.name,
                budgetMilliseconds: all[i].budgetMilliseconds + step.budgetMilliseconds,
                timeMicroseconds: (all[i].timeMicroseconds ?? 0) + (step.timeMicroseconds ?? 0),
                state: step.state)
        }
        return all
    }

    static func list(_ steps: [Readers.Step], lastFailed: Bool = false) -> [Station.Step] {
        steps.enumerated().map { i, step in
            Station.Step(step, failed: lastFailed && i == steps.count - 1)
        }
    }
}

extension Station.Reader {
    init(_ snapshot: ReaderSnapshot) {
        let path: Path =
            switch snapshot.path {
            case .pcsc: .pcsc
            case .usb: .usb
            case .virtual: .virtual
            }
        var state: State
        var atr: String? = nil
        var detail = snapshot.activity
        var holders: [Station.Holder] = []
        switch snapshot.state {
        case .empty: state = .empty
        case .present(let bytes):
            state = .present
            atr = Hex.lower(bytes)
        case .mute:
            state = .mute
            detail = "the card does not answer a reset"
        case .busy(let others):
            state = .busy
            holders = others.map { Station.Holder($0) }
        case .stuck(_, let what):
            state = .stuck
            detail = "the reader has not come back from \"\(what)\""
        case .unavailable(let reason):
            state = .unavailable
            detail = reason
        }
        self.init(
            name: snapshot.name, path: path, state: state,
            insertion: Int(clamping: snapshot.insertion), atr: atr, detail: detail,
            holders: holders)
    }
}

extension Station.Holder {
    init(_ holder: Readers.Holder) {
        self.init(pid: Int(holder.process), program: holder.program)
    }
}

extension Casework.Counters {
    init(_ counters: Tokens.Counters) {
        self.init(
            pin: counters.pin.known.map { .left($0) } ?? .unknown,
            unblocking: counters.unblocking.known.map { .left($0) } ?? .unknown)
    }
}

extension TriesSpent {
    init(_ spent: Tokens.Spent) {
        self = spent.least == spent.most ? .exactly(spent.least) : .between(spent.least, spent.most)
    }
}
