import APDU
import Casework
import Crypto
import Readers
import Secrets
import StationInterface
import System
import Tokens
import Varlink

/// What a key check is of, and who asked for it.
struct KeyCheckOrder: Sendable {
    let reader: String
    /// How many signatures were asked for; nil for the station's own number.
    var challenges: Int? = nil
    /// The case that it is for.
    var waiting: CaseFile? = nil
    /// Fields that a person held side by side.
    var compared: [String] = []
    let who: Who
    var purpose = KeyPurpose.keyCheck
}

/// What a key check came to.
struct KeyCheckDone {
    let answer: Station.KeyChecked
    /// nil where the key gave none.
    let signature: Approval.Signature?
}

extension Agent {
    /// The key-in-device check with the holder's PIN.
    func checkKey(_ request: consuming Station.CheckKey, _ call: VarlinkCall) {
        let who = call.caller.who
        let waiting: CaseFile?
        do throws(StationError) {
            waiting = try caseMeant(restore: request.restore, caseNumber: request.caseNumber)
        } catch {
            return call.fail(with: error)
        }
        if let unknown = request.compared.first(where: { Match.Field(rawValue: $0) == nil }) {
            return call.fail(with: .notCompared(unknown))
        }
        let order = KeyCheckOrder(
            reader: request.reader, challenges: request.challenges, waiting: waiting,
            compared: request.compared, who: who)
        let pin = request.handOver()
        let ledger = Ledger()
        call.onHangUp { pin?.discard() }
        work(
            on: order.reader, activity: "check key", ledger: ledger, call: call,
            answer: { (result: Swift.Result<Station.KeyChecked, StationError>) in
                pin?.discard()
                call.answer(result)
            }
        ) { [self] session, ledger throws(WorkError) in
            guard let handOver = pin else {
                return try check(&session, order, nil, ledger).answer
            }
            guard let pin = handOver.take() else {
                throw .token(TokenError(.fault(.cancelled), "check key"))
            }
            return try check(&session, order, pin, ledger).answer
        }
    }

    /// The case that a check is for: of a restore that waits for it, or a hand-over's.
    private func caseMeant(
        restore: RestoreID?, caseNumber: String?
    ) throws(StationError) -> CaseFile? {
        if let restore { return try caseWaiting(for: restore) }
        guard let number = caseNumber else { return nil }
        guard let id = CaseID(number), let file = book.file(id) else {
            throw .caseNotFound(number)
        }
        guard file.kind == .handOver, file.state == .open else {
            throw .actRefused(
                number, state: file.state.name,
                acts: CaseRule.acts(file.kind, file.state.stage).map(\.rawValue),
                "Only a hand-over that is open has its key checked in its case.",
                next: "Check the key without naming a case.")
        }
        return file
    }

    private func caseWaiting(for restore: RestoreID) throws(StationError) -> CaseFile {
        guard let file = book.caseAwaitingCheck(of: restore) else {
            throw .restoreNotWaiting(
                restore, "Restore \(restore) is not waiting for a key check.",
                next: "Check the key without naming a restore.")
        }
        return file
    }

    /// - Parameters:
    ///   - pin: nil where it is entered at the reader's pad.
    ///   - admit: refuses certificates whose key is not to be asked; no PIN has been sent then.
    func check(
        _ session: inout CardSession, _ order: KeyCheckOrder, _ pin: HeldSecret?,
        _ ledger: Ledger,
        admit: (Certificate, _ number: String) throws(WorkError) -> Void = { (_, _) in }
    ) throws(WorkError) -> KeyCheckDone {
        let (reader, waiting, who) = (order.reader, order.waiting, order.who)
        var signature: Approval.Signature? = nil
        let reading = try read(&session, ledger, for: waiting?.deviceNumber)
        tokenWasSeen(reading, who: who)
        guard let number = reading.identity.deviceNumber, let proving = reading.proving else {
            throw .token(TokenError(.noKey, "identity"))
        }
        var match: SettledMatch? = nil
        if let waiting, waiting.kind == .handOver {
            let found = try compare(reading, waiting)
            do throws(UnsettledMatch) {
                match = try found.settled(by: order.compared)
            } catch {
                throw .station(error.words(caseNumber: waiting.id.text))
            }
        } else if let waiting,
            !(waiting.token.map { reading.isOf($0.name, certificate: $0.certificate) } ?? false)
        {
            throw .station(
                .restoreNotWaiting(
                    waiting.id.text,
                    "The restore is of another token (\(waiting.token?.name.serial ?? "none")).",
                    next: "Put in the token that was restored."))
        }
        try admit(proving.certificate, number)
        let source = try decide(pin, reading, reader, readPad(&session))
        let intent = KeycheckIntent(
            serial: number, family: reading.identity.family.rawValue,
            counters: Casework.Counters(reading.counters),
            isAtPad: source.desk != nil, compared: match?.record ?? [])
        do throws(CardFault) {
            try session.clock.passPointOfNoReturn()
        } catch {
            throw .token(TokenError(.fault(error), "check key"))
        }
        ledger.update { $0.step = "record" }
        session.clock.begin("record", budget: configuration.budgets.write)
        let open: OpenKeycheck
        do throws(CaseError) {
            open = try book.intend(intent, case: waiting?.id, who: who)
        } catch {
            throw .station(Words.journal("\(error)"))
        }

        var outcome = sign(
            &session, reading, proving, source, order.challenges, for: order.purpose, ledger)
        switch outcome {
        case .signed(var gathered):
            let isSame = readAgain(&session, reading, number, ledger, who)
            gathered.continuity = .oneSession(isSameAfterReset: isSame)
            signature = gathered.answers.first?.signature.map {
                Approval.Signature(
                    certificate: gathered.entry.certificate.der, signature: $0)
            }
            outcome = .signed(gathered)
        case .notEntered:
            let after = countAgain(&session, reading, number, ledger, who)
            ledger.update {
                // The reader says that none went out; a count that fell speaks against it.
                let cost = CodeCost(nil, before: reading.counters.pin, after: after)
                $0.pinSpent = after?.known == nil || cost.spent == .none ? .none : .noneOrOne
                $0.pinLeft = cost.left
            }
        case .refused(let answer):
            charge(answer, reading, nil, ledger)
            let after = countAgain(&session, reading, number, ledger, who)
            let cost = charge(answer, reading, after, ledger)
            outcome = .refused(answer.corrected(cost, by: after))
        case .broken(let error):
            // A token that still answers can tell what it cost.
            if ledger.now.pinSpent != .none, !error.isFault {
                charge(nil, reading, countAgain(&session, reading, number, ledger, who), ledger)
            }
        }
        session.powerDown()
        session.clock.end()
        let answer = try report(
            outcome, open, session.clock.steps, reader,
            TokenName(serial: number, family: reading.identity.family.rawValue), waiting, ledger)
        return KeyCheckDone(answer: answer, signature: signature)
    }

    /// Whether the PIN may be sent at all, and where it comes from.
    private func decide(
        _ pin: HeldSecret?, _ reading: Reading, _ reader: String, _ pad: PINPad
    ) throws(WorkError) -> PINSource {
        guard let pin else {
            guard let verify = reading.pad.verify else {
                throw .station(Words.padUnusable(reader, "the PIN"))
            }
            try decideCount(reading, reader)
            return .pad(PadDesk(pad, configuration.budgets.pad), verify)
        }
        do throws(CodeUnfit) {
            try reading.pinRule.check(pin.secret)
        } catch {
            let words = Words.unfit(error, reading.pinRule, what: "PIN")
            throw .station(
                .pinUnfit(reader, reason: error.rawValue, words.message, next: words.next))
        }
        try decideCount(reading, reader)
        return .typed(pin)
    }

    private func decideCount(_ reading: Reading, _ reader: String) throws(WorkError) {
        let known =
            reading.identity.recordName.map { book.ledger(of: $0).pin } ?? CodeLedger()
        switch known.triesLeft(shown: Casework.Counters(reading.counters).pin) {
        case .left(0):
            throw .station(
                .pinBlocked(
                    reader, spent: .none, "The PIN has no tries left; nothing was sent.",
                    next: "Restore the token."))
        case .left(1):
            throw .station(
                .pinLastTry(
                    reader, left: 1, "The PIN has one try left; nothing was sent.",
                    next: "Restore the token if the holder is not sure of the PIN."))
        case .left: break
        case .unknown:
            guard known.maySendOnUnknown else {
                throw .station(
                    .pinLastTry(
                        reader, left: nil,
                        "How many tries the PIN has left is unknown after an earlier failure; "
                            + "nothing was sent.",
                        next: "Restore the token if the holder is not sure of the PIN."))
            }
        }
    }

    /// After a PIN that was right: its counters as they are now, on a token that forgot it.
    /// - Returns: whether it is the token that was read before; nil where it could not be read.
    private func readAgain(
        _ session: inout CardSession, _ reading: Reading, _ number: String, _ ledger: Ledger,
        _ who: Who
    ) -> Bool? {
        ledger.update { $0.step = "reset" }
        session.clock.begin("reset", budget: configuration.budgets.reset)
        var seen: (identity: TokenIdentity, counters: Tokens.Counters)? = nil
        if (try? session.resetCold()) != nil {
            seen = try? reading.again(
                &session, slots: reading.slotsThatTell, of: reading.way?.form,
                asking: asking(reading))
        }
        if let seen { noteOddAnswer(seen.counters, reading.identity, who, ledger) }
        ledger.update {
            $0.pinLeft = seen?.counters.pin.known
            $0.unblockingLeft = seen?.counters.unblocking.known
        }
        return seen.map { reading.isOf($0.identity) }
    }

    /// What a PIN that was not taken cost.
    @discardableResult
    private func charge(
        _ answer: CodeAnswer?, _ reading: Reading, _ after: Tokens.Counter?, _ ledger: Ledger
    ) -> CodeCost {
        let cost = CodeCost(answer, before: reading.counters.pin, after: after)
        ledger.update {
            $0.pinSpent = cost.spent
            $0.pinLeft = cost.left
        }
        return cost
    }

    /// The PIN's counter once more, on a token selected anew; nil where it was not shown before.
    private func countAgain(
        _ session: inout CardSession, _ reading: Reading, _ number: String, _ ledger: Ledger,
        _ who: Who
    ) -> Tokens.Counter? {
        guard reading.counters.pin.known != nil else { return nil }
        session.clock.begin("read", budget: configuration.budgets.read)
        let after = try? reading.again(
            &session, slots: [], of: reading.way?.form, asking: asking(reading)
        ).counters
        if let after { noteOddAnswer(after, reading.identity, who, ledger) }
        return after?.pin
    }

    /// A PIN that had no tries left opens the key: an unblocking whose answer was lost did
    /// happen. Where the PIN had tries before, it may be the old one, and nothing follows.
    /// - Returns: whether nothing about the case is unknown any more.
    private func resolve(_ file: CaseFile, _ proof: Proof) -> Bool {
        guard case .unknown(let restores) = file.state else { return true }
        var areAllKnown = true
        for record in book.unresolved() where restores.contains(record.restore) {
            guard record.countersBefore.pin == .left(0) else {
                areAllKnown = false
                continue
            }
            let end = RestoreEnd(
                restore: record.restore, outcome: .restored, triesSpent: .exactly(0),
                reasons: ["key-proven-later"],
                evidence: "\(proof.grade.rawValue) \(proof.slot) \(proof.algorithm)")
            _ = try? book.record(.restoreResolved(end), case: file.id, who: .thisProcess)
        }
        return areAllKnown
    }

    private func report(
        _ outcome: KeyCheckOutcome, _ open: consuming OpenKeycheck, _ steps: [Readers.Step],
        _ reader: String, _ token: TokenName, _ waiting: CaseFile?, _ ledger: Ledger
    ) throws(WorkError) -> Station.KeyChecked {
        let number = token.serial
        let account = ledger.now
        let told = Station.Step.merged(steps)
        var proof: Proof? = nil
        var reasons = ["no-proof"]
        switch outcome {
        case .signed(let gathered):
            let judged = Proof.judge(
                gathered, background(gathered, case: waiting?.id))
            proof = judged
            reasons = [judged.grade.rawValue]
        case .notEntered(let why): reasons = [why.rawValue]
        case .refused, .broken: break
        }
        let end = KeycheckEnd(
            serial: number, family: token.family,
            isProven: proof?.isProven ?? false,
            triesSpent: TriesSpent(account.pinSpentInAll),
            counters: Casework.Counters(
                pin: account.pinLeft.map { .left($0) } ?? .unknown,
                unblocking: account.unblockingLeft.map { .left($0) } ?? .unknown),
            reasons: reasons,
            steps: told.map {
                StepRecord(
                    name: $0.name, milliseconds: Int64($0.timeMicroseconds ?? 0) / 1000)
            },
            evidence: proof.map { "\($0.grade.rawValue) \($0.slot) \($0.algorithm)" },
            key: proof.flatMap { $0.isProven ? $0.keyHash : nil },
            certificateNumber: proof.flatMap {
                $0.isProven ? $0.certificate.serialNumber : nil
            })
        let receipt: Receipt
        do throws(CaseError) {
            receipt = try open.finish(end)
        } catch {
            throw .station(
                .journalUnavailable(
                    "The key check was made, but its outcome could not be written: \(error).",
                    next: "Call the technician; the next start reports it as interrupted."))
        }
        var completes = false
        if let waiting, waiting.kind == .restore, let proof, proof.isProven {
            completes = resolve(waiting, proof)
        }
        if let proof {
            let words = Words.checked(proof, for: waiting?.kind)
            return Station.KeyChecked(
                deviceNumber: number, verdict: Station.Verdict(proof),
                timing: proof.timing.map { Station.Timing($0) }, steps: told,
                pinSpent: Station.Spent(account.pinSpentInAll), pinLeft: account.pinLeft,
                completed: completes, message: words.message, next: words.next,
                journalSequence: Int(receipt.sequence), journalHead: receipt.hash)
        }
        throw failure(outcome, reader, account)
    }

    /// Why there is nothing to judge.
    private func failure(
        _ outcome: KeyCheckOutcome, _ reader: String, _ account: Ledger.Entry
    ) -> WorkError {
        switch outcome {
        case .signed: .token(TokenError(.malformed, "check key"))
        case .refused(.wrong(let left)):
            .station(
                .wrongPIN(
                    reader, spent: Station.Spent(account.pinSpentInAll),
                    left: left ?? account.pinLeft, "The token refused the PIN.",
                    next: "Make sure of the PIN before another try."))
        case .refused(.blocked):
            .station(
                .pinBlocked(
                    reader, spent: Station.Spent(account.pinSpentInAll),
                    "The PIN has no tries left now.", next: "Restore the token."))
        case .refused(.unfit(let status)), .refused(.refused(let status)):
            .token(TokenError(.status(status), "VERIFY", mayHaveReached: true))
        case .refused(.accepted):
            .token(TokenError(.malformed, "VERIFY", mayHaveReached: true))
        case .notEntered(let why):
            .station(
                .pinNotEntered(
                    reader, StationError.PadReason(why),
                    spent: Station.Spent(account.pinSpentInAll),
                    Words.notEntered(why).message + "; no PIN went to the token.",
                    next: Words.notEntered(why).next))
        case .broken(let error): .token(error)
        }
    }
}
