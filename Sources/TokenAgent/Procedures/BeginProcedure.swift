import Casework
import Crypto
import Readers
import StationInterface
import System
import Tokens
import Varlink

/// Who asks for a permit, for which case, and what they may have the station do.
private struct BeginOrder: Sendable {
    let request: Station.BeginRestore
    let file: CaseFile
    let who: Who
    /// The last try of the unblocking code may be spent.
    let mayTakeLast: Bool
    /// A token whose model is provisional is taken on.
    let takesProvisional: Bool
}

extension Agent {
    /// Steps 2 to 4 of a restore: whose token it is, whether it can be helped, the permit.
    func begin(_ request: Station.BeginRestore, _ call: VarlinkCall) {
        let who = call.caller.who
        let file: CaseFile
        do throws(StationError) {
            try checkSignedIn(call.caller, Station.BeginRestore.method)
            file = try caseToBegin(request.caseNumber)
        } catch {
            return call.fail(with: error)
        }
        if let form = request.form, UnblockingForm(rawValue: form) == nil {
            return call.fail(
                with: .unfit(
                    "form",
                    "is none of "
                        + UnblockingForm.allCases.map(\.rawValue).joined(separator: ", ")))
        }
        if let unknown = request.compared.first(where: { Match.Field(rawValue: $0) == nil }) {
            return call.fail(with: .notCompared(unknown))
        }
        let order = BeginOrder(
            request: request, file: file, who: who, mayTakeLast: call.caller.has(.lastTry),
            takesProvisional: request.provisional && call.caller.has(.provisional))
        work(
            on: request.reader, activity: "begin restore", call: call,
            answer: { call.answer($0.map { Station.PermitGiven($0) }) }
        ) { [self] session, ledger throws(WorkError) in
            let reading = try read(
                &session, ledger, for: file.deviceNumber,
                by: request.form.flatMap { UnblockingForm(rawValue: $0) })
            // Nobody holds the token while people type.
            let insertion = session.insertion
            session.powerDown()
            tokenWasSeen(reading, who: who)
            // Nobody holds the token, but the answer still has its time.
            ledger.update { $0.step = "record" }
            session.clock.begin("record", budget: configuration.budgets.write)
            return try give(order, reading, insertion)
        }
    }

    /// The case, ready for a new restore: a permit nobody used is given back.
    private func caseToBegin(_ number: String) throws(StationError) -> CaseFile {
        guard let id = CaseID(number), book.file(id) != nil else {
            throw .caseNotFound(number)
        }
        for run in restores.permitted(of: id) where run.claimEnding() {
            conclude(run, .refused(.superseded))
        }
        guard let file = book.file(id) else {
            throw .caseNotFound(number)
        }
        guard file.kind == .restore else {
            throw refusal(.notNow(.begin, file.state.stage), number)
        }
        switch file.state {
        case .closed: throw refusal(.closed, number)
        case .restored: throw refusal(.alreadyRestored, number)
        case .inProgress(let restore, _): throw refusal(.busy(restore), number)
        case .incomplete, .routed, .recorded, .sent:
            throw refusal(.notNow(.begin, file.state.stage), number)
        // An unknown end may be resolved by the token that is now on the reader.
        case .open, .unblockedUnproven, .refused, .failed, .unknown: return file
        }
    }

    private func give(
        _ order: BeginOrder, _ reading: Reading, _ insertion: UInt64
    ) throws(WorkError) -> Station.Permit {
        let request = order.request
        func refuse(_ error: StationError, _ reasons: [String]) -> WorkError {
            _ = try? book.mention(.restoreRefused, case: order.file.id, who: order.who) {
                $0.put(.reader, request.reader)
                $0.put(.serial, reading.identity.deviceNumber)
                $0.put(.reasons, reasons)
                $0.put(.triesSpent, 0)
            }
            return .station(error)
        }
        func refuse(_ unsettled: UnsettledMatch) -> WorkError {
            let words = unsettled.words(caseNumber: request.caseNumber)
            return unsettled.reason.map { refuse(words, [$0]) } ?? .station(words)
        }

        let assessment = assess(reading)
        let found = try compare(reading, order.file)
        if found.overall == .different { throw refuse(.different(found)) }
        // Said before anybody is asked for a code.
        var rights: [Right] = []
        if assessment.help != .impossible, let token = reading.identity.recordName,
            let way = reading.way,
            !triesOfUnblockingCode(token, way.form, reading.counters).isDecided
        {
            rights.append(.lastTry)
        }
        if rights.contains(.lastTry), !order.mayTakeLast {
            throw refuse(
                .refused(
                    caseNumber: request.caseNumber, reader: request.reader, reasons: ["last-try"],
                    "The unblocking code of this token has one try left, or an unknown number "
                        + "after an earlier failure; the station does not spend it by itself.",
                    next: Words.lastTry), ["last-try"])
        }
        let reasons = assessment.reasons.map(\.rawValue)
        let isRefused =
            switch assessment.help {
            case .possible: false
            case .notLocked: !request.pinForgotten
            case .impossible: true
            }
        if isRefused {
            throw refuse(
                .refused(
                    caseNumber: request.caseNumber, reader: request.reader, reasons: reasons,
                    Words.advice(assessment),
                    next: assessment.help == .notLocked
                        ? "Give the token back, or record that the PIN was forgotten "
                            + "(pin_forgotten)."
                        : "Refuse the request in writing with this reason."), reasons)
        }
        if reading.standing == .provisional { rights.append(.provisional) }
        if reading.standing == .provisional, !order.takesProvisional {
            let words = Words.modelProvisional(reading.identity.model, reading.profile)
            throw refuse(
                .refused(
                    caseNumber: request.caseNumber, reader: request.reader,
                    reasons: [Assessment.Reason.modelProvisional.rawValue], words.message,
                    next: words.next), [Assessment.Reason.modelProvisional.rawValue])
        }
        // Nobody is asked to compare what cannot be helped anyhow.
        let match: SettledMatch
        do throws(UnsettledMatch) {
            match = try found.settled(by: request.compared)
        } catch {
            throw refuse(error)
        }
        return try issue(order, reading, insertion, match, rights)
    }

    private func issue(
        _ order: BeginOrder, _ reading: Reading, _ insertion: UInt64, _ match: SettledMatch,
        _ rights: [Right]
    ) throws(WorkError) -> Station.Permit {
        let (request, id, who) = (order.request, order.file.id, order.who)
        guard let number = reading.identity.deviceNumber, let way = reading.way else {
            throw .token(TokenError(.malformed, "identity"))
        }
        let restore: RestoreID
        do throws(CryptoError) {
            restore = try RestoreDesk.newID()
        } catch {
            throw .station(Words.journal("no random numbers: \(error)"))
        }
        let life = configuration.permitLife
        let permit = Permit(
            restore: restore, caseID: id, reader: request.reader, insertion: insertion,
            deviceNumber: number, reading: reading, way: way,
            expires: .now + life,
            expiresAt: Timestamp(
                milliseconds: (WallClock.nanoseconds + life.wholeNanoseconds) / 1_000_000))
        let begun = RestoreBegun(
            restore: restore, reader: request.reader,
            token: TokenFacts(
                serial: number, family: reading.identity.family.rawValue,
                certificate: reading.proving?.certificate.fingerprintSHA256,
                certificateNumber: reading.proving?.certificate.serialNumber,
                counters: Casework.Counters(reading.counters)),
            permitExpires: permit.expiresAt, profile: reading.profile?.name,
            rights: rights.map(\.rawValue), compared: match.record)
        do throws(CaseError) {
            try book.record(.restoreBegun(begun), case: id, who: who)
        } catch {
            throw .station(refusal(error, request.caseNumber))
        }
        let run = RestoreRun(permit, who: who)
        restores.add(run)
        run.keep(
            hub.timekeeper.ring(at: permit.expires) { [self] in
                guard run.phase == .permitted, run.claimEnding() else { return }
                clerk.submit { [self] in conclude(run, .refused(.expired)) }
            })
        return Station.Permit(
            permit, match, padTime: configuration.budgets.pad,
            rights: rights.map(\.rawValue))
    }
}

extension Station.Permit {
    init(_ permit: Permit, _ match: SettledMatch, padTime: Duration, rights: [String] = []) {
        let reading = permit.reading
        let certificate = reading.proving?.certificate
        self.init(
            restore: permit.restore, caseNumber: permit.caseID.text, reader: permit.reader,
            expires: permit.expiresAt.description, family: reading.identity.family.rawValue,
            model: reading.identity.model, deviceNumber: permit.deviceNumber, matched: match.number,
            compared: match.compared.map(\.field.rawValue),
            certificateSHA256: certificate?.fingerprintSHA256, holder: certificate?.commonName,
            organization: certificate?.organization, email: certificate?.emailAddress,
            pin: Station.Counter(reading.counters.pin),
            unblockingCode: Station.Counter(reading.counters.unblocking),
            pinRule: Station.CodeRule(reading.newPINRule),
            unblockingCodeRule: permit.way.rule.map { Station.CodeRule($0) },
            form: permit.form.rawValue, ways: reading.ways.map { Station.UnblockingWay($0) },
            pad: Station.Pad(reading.pad, padTime),
            pinEachSignature: reading.traits?.wantsPINEachTime ?? false,
            touch: reading.traits?.wantsTouch ?? false, profile: reading.profile?.name,
            rights: rights)
    }
}
