import APDU
import Casework
import Crypto
import Readers
import StationInterface
import Synchronization
import System
import Tokens
import Varlink

/// The station while it runs: what the services share.
final class Agent: Sendable {
    static let version = "0.1.0"

    let configuration: Configuration
    let access: Access
    let hub: ReaderHub
    let book: CaseBook
    let trust: Trust
    let profiles: TokenProfiles
    let shelf: OfficeShelf
    /// Writes outcomes and cases: what somebody waits for.
    let clerk = Clerk()
    /// Reads the record for those who ask; long work that outcomes must not wait behind.
    let archivist = Clerk()
    let restores = RestoreDesk()
    let commissions = CommissionDesk()
    /// What the seals of the profiles are worth here, by the profiles' names.
    let seals: [String: Station.Profile.Seal]
    let signIns: SignInDesk
    let refusals = RefusalTally()
    let vaultWatch: VaultWatch
    let started = Instant.now
    let isMemoryLocked: Bool
    private let stopping = Mutex(false)
    let isStartNoted = Atomic<Bool>(false)

    init(
        _ configuration: Configuration, book: CaseBook, hub: ReaderHub, trust: Trust,
        profiles: TokenProfiles = TokenProfiles(), office: OfficeFiles = OfficeFiles(),
        isMemoryLocked: Bool
    ) {
        self.configuration = configuration
        self.access = Access(configuration)
        self.book = book
        self.hub = hub
        self.trust = trust
        self.profiles = profiles
        self.shelf = OfficeShelf(office)
        seals = Self.seals(of: profiles, in: book)
        signIns = SignInDesk(
            idleTime: configuration.signIn.idleTime, timekeeper: hub.timekeeper,
            ended: { [clerk, book] session, end in
                clerk.submit { _ = try? book.noteEnd(of: session, end) }
            })
        self.isMemoryLocked = isMemoryLocked
        vaultWatch = VaultWatch(book)
    }

    /// What the office has written down, as it holds now.
    var office: OfficeFiles { shelf.files }

    private static func seals(
        of profiles: TokenProfiles, in book: CaseBook
    ) -> [String: Station.Profile.Seal] {
        var seals: [String: Station.Profile.Seal] = [:]
        for profile in profiles.all {
            switch profile.seal {
            case .absent: break
            case .broken: seals[profile.name] = .changed
            case .whole(let seal):
                let isHere = book.hasSealed(
                    sha256: seal.sha256, sequence: seal.sequence, head: seal.head)
                seals[profile.name] = isHere ? .here : .elsewhere
            }
        }
        return seals
    }

    /// SIGTERM came: what runs is finished, and nothing new begins.
    var isStopping: Bool { stopping.withLock { $0 } }
    func beginStopping() { stopping.withLock { $0 = true } }

    /// Unix time for dates that matter; nil while the clock is not synchronised.
    var trustedTime: Int64? { WallClock.isSynchronised ? WallClock.seconds : nil }

    /// Whether a token's PIN counter may be asked for by an empty VERIFY.
    var querySafety: QuerySafety {
        { [book] token in
            // What cannot be remembered for a token is not asked of it.
            guard let token, book.isWhole || book.journal.state == .ready else { return false }
            return book.ledger(of: token).statusQueryIsSafe
        }
    }

    /// The same for a token that was read before: its model's profile has a word too.
    func asking(_ reading: Reading) -> StatusQuery {
        StatusQuery(
            isSafe: querySafety(reading.identity.recordName), profile: reading.profile)
    }

    /// What follows from having seen a token: an odd answer is remembered for good, and
    /// restores of it whose end nobody saw are resolved as far as its counters can tell.
    func tokenWasSeen(_ reading: Reading, who: Who) {
        guard let number = reading.identity.deviceNumber else { return }
        noteOddAnswer(reading.counters, reading.identity, who)
        for record in book.unresolved(serial: number)
        where reading.isOf(record.token.name, certificate: record.token.certificate) {
            guard let end = Resolution.of(record, reading) else { continue }
            guard (try? book.record(.restoreResolved(end), case: record.caseID, who: who)) != nil
            else { continue }
            tellResolved(end)
        }
    }

    /// The list of restores says what the record now does.
    private func tellResolved(_ end: RestoreEnd) {
        guard let run = restores.run(end.restore) else { return }
        if run.phase == .finished { return run.amend(end) }
        // The clerk is still putting its ending down.
        clerk.submit { run.amend(end) }
    }

    /// An odd answer to the empty VERIFY is remembered at once, whatever the disk says: the
    /// question may have cost a try, and may each time.
    func noteOddAnswer(
        _ counters: Tokens.Counters, _ identity: TokenIdentity, _ who: Who,
        _ ledger: Ledger? = nil
    ) {
        guard counters.pin.left == .unknown(.oddAnswer) else { return }
        ledger?.update { $0.pinAsked = $0.pinAsked + .noneOrOne }
        guard let token = identity.recordName else { return }
        book.noteUnsafeStatusQuery(token, who: who)
    }

    func assess(_ reading: Reading) -> Assessment {
        Assessment(
            reading, now: trustedTime,
            lastUnblockingCount: lastUnblockingCount(reading))
    }

    /// What an earlier answer of the token told of the code that is meant.
    private func lastUnblockingCount(_ reading: Reading) -> Int? {
        guard let token = reading.identity.recordName, let form = reading.way?.form else {
            return nil
        }
        let known = book.ledger(of: token).unblocking(form.code.rawValue)
        guard case .left(let count) = known.triesLeft(shown: .unknown) else { return nil }
        return count
    }

    /// Why the record refused something, as a socket error; not for a thread that answers.
    func refusal(_ error: CaseError, _ number: String) -> StationError {
        // What is wrong with the vault is told from now on, and not with the next look at it.
        if case .vault = error { vaultWatch.look() }
        return words(of: error, number)
    }

    private func words(of error: CaseError, _ number: String) -> StationError {
        switch error {
        case .notFound:
            .caseNotFound(number)
        case .closed, .alreadyRestored:
            .caseClosed(
                number, state: stateName(number),
                "Nothing more is done in case \(number): \(error).",
                next: "Open a new case for a new request.")
        case .busy(let restore):
            .caseBusy(
                number, restore: restore, "Restore \(restore) of this case is on its way.",
                next: "Attach to it, or cancel it.")
        case .unresolved(let restores):
            .caseBusy(
                number, restore: restores.first,
                "How an earlier restore of this case ended is not known: a code was sent and its "
                    + "answer lost.",
                next: "Put the token in and inspect it: its counters tell.")
        case .notInProgress(let restore):
            .caseBusy(
                number, restore: restore, "Restore \(restore) is not running in this case.",
                next: "Begin again.")
        case .notNow(let act, let stage):
            .actRefused(
                number, state: stage.rawValue, acts: acts(number),
                "A case that is \(stage.rawValue) has no act \(act.rawValue).",
                next: "Look at the case: acts are what can be done with it.")
        case .keyNotProven:
            .actRefused(
                number, state: stateName(number), acts: acts(number),
                "The key of this device has not proven itself in this case.",
                next: "Check the key with the subscriber's PIN, naming the case.")
        case .stillNeeded(let id):
            .actRefused(
                id.text, state: stateName(id.text), acts: acts(id.text),
                "What the request says of people is still needed: case \(id) is "
                    + (book.file(id)?.awaitsNotice == true
                        ? "\(stateName(id.text)), and its notice is still to go."
                        : "\(stateName(id.text))."),
                next: "Finish that case and record its notice, or close it; then ask again.")
        case .requestNotFound(let id):
            .requestNotFound(
                id.text, "There is no request \(id).", next: "Look for it among the cases.")
        case .requestKnown(let id):
            .requestKnown(
                id.text, cases: book.request(id)?.cases.map(\.text) ?? [],
                "This paper is on record already, as request \(id).",
                next: "Go on with its cases; a new paper has a number of its own.")
        case .noticeKnown(let addressee):
            .noticeKnown(
                number,
                "This notice to \(addressee.rawValue) is on record already, with this reference.",
                next: "Nothing is to be done; a new notice has a reference of its own.")
        case .rowsDiffer(let count):
            .fieldInvalid(
                "devices", reason: "must be \(count), as in the first paper",
                "The request has \(count) device\(count == 1 ? "" : "s"), and its completed paper must "
                    + "have as many.",
                next: "Hand further devices in as a request of their own.")
        case .personalRemoved(let id):
            .requestNotFound(
                id.text, "What request \(id) said of people was removed.",
                next: "The paper itself lies in the office's archive.")
        case .otherPaper(let number, let body):
            .fieldInvalid(
                "request_number",
                reason: "must be \(number), or the body \(body), as in the first paper",
                "The paper has another number and another body than the one that it is to complete: "
                    + "\(number) of \(body).",
                next: "Look whether the request is the right one, or hand the paper in as its own.")
        case .otherKind(let kind):
            .fieldInvalid(
                "kind", reason: "must be \(kind.rawValue), as in the first paper",
                "A completed paper is of the same kind as the first: \(kind.rawValue).",
                next: "Hand a paper of another kind in as a request of its own.")
        case .invalidField(let field, let reason):
            .fieldInvalid(
                Self.socketName(field), reason: reason,
                "The field \(Self.socketName(field)) \(reason).", next: "Correct the field.")
        case .journal(let error): Words.journal(error.description)
        case .vault(let error):
            error.isOfReading
                ? Words.unread(error.description) : Words.journal(error.description)
        }
    }

    private func stateName(_ number: String) -> String {
        CaseID(number).flatMap { book.file($0) }?.state.name ?? "closed"
    }

    private func acts(_ number: String) -> [String] {
        guard let file = CaseID(number).flatMap({ book.file($0) }) else { return [] }
        return CaseRule.acts(file.kind, file.state.stage).map(\.rawValue)
    }

    private static func socketName(_ field: JournalField) -> String {
        switch field {
        case .requestNumber: "request_number"
        case .managingBody: "managing_body"
        case .deviceNumber: "device_number"
        case .rows: "devices"
        case .label: "received"
        default: field.rawValue
        }
    }
}

/// What a token's counters say about a restore whose answer was lost.
enum Resolution {
    /// The end that is now known; nil where the counters cannot tell.
    static func of(_ record: RestoreRecord, _ reading: Reading) -> RestoreEnd? {
        let before = record.countersBefore
        let after = Casework.Counters(
            Tokens.Counters(
                pin: reading.counters.pin, unblocking: reading.counter(ofCode: record.code)))
        func end(_ outcome: RestoreOutcome, _ spent: TriesSpent, _ why: String) -> RestoreEnd {
            RestoreEnd(
                restore: record.restore, outcome: outcome, triesSpent: spent, counters: after,
                reasons: [why])
        }
        // Only a right unblocking code gives a locked PIN its tries back.
        if case .left(0) = before.pin, case .left(let n) = after.pin, n > 0 {
            return end(.unblockedUnproven, .exactly(0), "pin-tries-restored")
        }
        if case .left(let was) = before.unblocking, case .left(let now) = after.unblocking {
            if now < was { return end(.failed, .exactly(was - now), "unblocking-tries-fell") }
            if now == was, case .left(0) = after.pin {
                return end(.failed, .exactly(0), "counters-unchanged")
            }
        }
        // Still locked: the code was wrong or never arrived, and the token hides which.
        if case .left(0) = before.pin, case .left(0) = after.pin {
            return end(.failed, .between(0, record.unblockingSends), "still-locked")
        }
        return nil
    }
}

extension TokenIdentity {
    /// As the record knows it; nil where it tells no number.
    var recordName: TokenName? {
        deviceNumber.map { TokenName(serial: $0, family: family.rawValue) }
    }
}
