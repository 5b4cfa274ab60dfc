/// A case: one device of one request.
package struct CaseFile: Equatable, Sendable {
    package let id: CaseID
    package let request: RequestID
    /// The row of the paper, from 0.
    package let row: Int
    package let kind: CaseKind
    package internal(set) var requestNumber: String
    package internal(set) var managingBody: String
    package internal(set) var deviceNumber: String
    package let openedAt: Timestamp
    /// How far `openedAt` can be trusted.
    package let openedClock: ClockState
    package internal(set) var state: CaseState
    /// The token that its state is about; nil where no token has had a part in it.
    package internal(set) var token: CaseToken?
    /// Whether a key proved itself in this case.
    package internal(set) var keyIsProven = false
    /// Of the unblocking code, by the latest restore of which anything came.
    package internal(set) var triesSpent: TriesSpent?
    /// When the case came to the state it is in, and how far that can be trusted.
    package internal(set) var since: Timestamp
    package internal(set) var sinceClock: ClockState
    /// Whom a notice has gone to, in order.
    package internal(set) var notices: [Notice] = []
    /// What people wrote at its acts and was not removed yet, in order.
    package internal(set) var written: [KeptText] = []
    /// The numbers of its lines in the journal, in order.
    package internal(set) var lines: [Int64] = []

    /// Whether a notice is still to go: a restored or refused device's to its body, a routed
    /// one's and what is recorded to the Cục or whoever is to be told.
    package internal(set) var awaitsNotice = false

    /// Whether something is still to be done for it: at the device, or by a notice.
    var isPending: Bool { !state.isDone || awaitsNotice }

    /// The state that an event leads to.
    func state(after event: CaseEvent) throws(CaseError) -> CaseState {
        try state.after(event, of: kind, token)
    }

    /// What became of an event that a case was to take in.
    enum Taking { case taken, unfit, ofAnotherToken }

    /// Takes an event in whole, with the number of its line.
    mutating func take(
        _ event: CaseEvent, at time: Timestamp, _ clock: ClockState, line: Int64
    ) -> Taking {
        guard let next = try? state(after: event) else { return .unfit }
        lines.append(line)
        if case .keycheckOutcome(let end) = event, kind == .restore,
            end.serial != token?.name.serial
        {
            return .ofAnotherToken
        }
        learn(event, at: time, clock)
        come(to: next, at: time, clock)
        return .taken
    }

    /// Takes on what an event says besides the state that it leads to.
    mutating func learn(_ event: CaseEvent, at time: Timestamp, _ clock: ClockState) {
        switch event {
        case .completed(let paper):
            requestNumber = paper.requestNumber ?? requestNumber
            managingBody = paper.managingBody ?? managingBody
        case .keycheckOutcome(let end) where end.isProven:
            if token?.name.serial != end.serial { token = CaseToken(end.token) }
            if let number = end.certificateNumber { token?.certificateNumber = number }
            keyIsProven = true
        case .restoreBegun(let begun): token = CaseToken(begun.token)
        case .restoreOutcome(let end) where end.outcome == .refused:
            // Nothing came of it: the case is about the token that it was about.
            if case .inProgress(_, let origin) = state { token = origin.token }
        case .restoreOutcome(let end), .restoreResolved(let end):
            triesSpent = end.triesSpent
            if end.outcome == .restored { keyIsProven = true }
        case .refused(_, let name?): written.append(KeptText(act: .refuse, name: name))
        case .closed(.kept(let name)): written.append(KeptText(act: .close, name: name))
        case .noticeSent(let addressee, let reference):
            notices.append(
                Notice(addressee: addressee, reference: reference, time: time, clock: clock))
            if case .kept(let name) = reference {
                written.append(KeptText(act: .sendNotice, name: name))
            }
            awaitsNotice = false
        default: break
        }
    }

    /// Takes on the state that an event led to.
    mutating func come(to next: CaseState, at time: Timestamp, _ clock: ClockState) {
        if next.stage != state.stage {
            since = time
            sinceClock = clock
            switch (state.stage, next.stage) {
            // A restore of which nothing comes changes nothing of what was decided before it.
            case (_, .inProgress), (.inProgress, .refused): break
            case (_, .restored), (_, .refused), (_, .routed), (_, .recorded): awaitsNotice = true
            default: awaitsNotice = false
            }
        }
        state = next
    }
}

/// The token that a case is about, as one that is put in later is held against it.
package struct CaseToken: Equatable, Sendable {
    package let name: TokenName
    /// SHA-256 of the certificate that a restore was begun with, in lower-case hex; nil where the
    /// token held none.
    package let certificate: String?
    /// The serial number of its certificate in hex digits, as the token had it last.
    package internal(set) var certificateNumber: String?

    init(_ name: TokenName, certificate: String? = nil, certificateNumber: String? = nil) {
        self.name = name
        self.certificate = certificate
        self.certificateNumber = certificateNumber
    }

    init(_ token: TokenFacts) {
        self.init(
            token.name, certificate: token.certificate, certificateNumber: token.certificateNumber)
    }
}

/// Whom the law has told.
package enum Addressee: String, Equatable, Hashable, Sendable, CaseIterable {
    case managingBody = "managing-body"
    /// Cục Chứng thực số và Bảo mật thông tin.
    case provider
    /// The person in charge, and the unit for information technology: draft Điều 20.5.
    case authority
    case technologyUnit = "technology-unit"
}

/// A notice that has gone.
package struct Notice: Equatable, Sendable {
    package var addressee: Addressee
    /// Number and symbol of the letter, or how it was told.
    package var reference: Remark
    /// When it was recorded, and how far that can be trusted.
    package var time: Timestamp
    package var clock: ClockState

    package init(addressee: Addressee, reference: Remark, time: Timestamp, clock: ClockState) {
        self.addressee = addressee
        self.reference = reference
        self.time = time
        self.clock = clock
    }
}

/// Why a case cannot do that now.
package enum CaseError: Error, Equatable, Sendable, CustomStringConvertible {
    case notFound(CaseID)
    /// The case is closed: nothing more is done in it.
    case closed
    /// A restore of this case is running.
    case busy(RestoreID)
    /// The device of this case is unlocked already.
    case alreadyRestored
    /// The end of these restores is not known yet; their token must be seen first.
    case unresolved([RestoreID])
    /// That restore is not running, or not unknown, in this case.
    case notInProgress(RestoreID)
    /// That act is not for a case in this state, or of this kind.
    case notNow(CaseAct, CaseStage)
    /// A hand-over is recorded only once its key has proven itself in this case.
    case keyNotProven
    case requestNotFound(RequestID)
    /// The same paper is on record already: same number, body, day and devices.
    case requestKnown(RequestID)
    /// The same notice is on record already: same addressee and reference.
    case noticeKnown(Addressee)
    /// The completed paper must have as many rows as the first.
    case rowsDiffer(Int)
    /// What the request says of people is needed yet for that case, or for its notice.
    case stillNeeded(CaseID)
    /// What the request says of people was removed after its retention time.
    case personalRemoved(RequestID)
    /// A field of a request is empty, too long or holds control characters.
    case invalidField(JournalField, String)
    /// A paper of another kind than the one that it completes.
    case otherKind(CaseKind)
    /// A paper of another number and another body than the one that it is to complete.
    case otherPaper(number: String, body: String)
    case journal(JournalError)
    case vault(VaultError)

    package var description: String {
        switch self {
        case .notFound(let id): "there is no case \(id)"
        case .closed: "the case is closed"
        case .busy(let restore): "restore \(restore) of this case is running"
        case .alreadyRestored: "the device of this case is unlocked already"
        case .unresolved(let restores):
            "the end of restore \(restores.joined(separator: ", ")) is not known yet; "
                + "put the token in again"
        case .notInProgress(let restore): "restore \(restore) is not running in this case"
        case .notNow(let act, let stage):
            "a case that is \(stage.rawValue) has no act \(act.rawValue)"
        case .keyNotProven: "the key of this device has not proven itself in this case"
        case .requestNotFound(let id): "there is no request \(id)"
        case .requestKnown(let id): "this request is on record already as \(id)"
        case .noticeKnown(let addressee):
            "this notice to \(addressee.rawValue) is on record already"
        case .rowsDiffer(let count):
            "the request has \(count) device\(count == 1 ? "" : "s"), and must keep as many"
        case .stillNeeded(let id):
            "case \(id) or its notice still needs what the request says of people"
        case .personalRemoved(let id): "what request \(id) said of people was removed"
        case .invalidField(let field, let reason): "\(field.rawValue): \(reason)"
        case .otherPaper(let number, let body): "request_number: must be \(number), or of \(body)"
        case .otherKind(let kind): "kind: must be \(kind.rawValue), as in the first paper"
        case .journal(let error): "\(error)"
        case .vault(let error): "\(error)"
        }
    }
}

// MARK: As they stand in a snapshot

extension CaseFile: Snapshotted {
    func write(to snapshot: SnapshotWriter) {
        snapshot.put(id)
        snapshot.put(request)
        snapshot.put(row)
        snapshot.put(kind)
        snapshot.put(shared: requestNumber)
        snapshot.put(shared: managingBody)
        snapshot.put(deviceNumber)
        snapshot.put(openedAt)
        snapshot.put(openedClock)
        snapshot.put(state)
        snapshot.put(token)
        snapshot.put(keyIsProven)
        snapshot.put(triesSpent)
        snapshot.put(since)
        snapshot.put(sinceClock)
        snapshot.put(notices)
        snapshot.put(written)
        var last: Int64 = 0
        snapshot.put(lines) { line in
            snapshot.put(line - last)
            last = line
        }
        snapshot.put(awaitsNotice)
    }

    init(reading snapshot: inout SnapshotReader) throws(SnapshotError) {
        id = try snapshot.value()
        request = try snapshot.value()
        row = try snapshot.number()
        kind = try snapshot.choice()
        requestNumber = try snapshot.sharedString()
        managingBody = try snapshot.sharedString()
        deviceNumber = try snapshot.string()
        openedAt = try snapshot.time()
        openedClock = try snapshot.choice()
        state = try snapshot.value()
        token = try snapshot.optional()
        keyIsProven = try snapshot.boolean()
        triesSpent = try snapshot.optional()
        since = try snapshot.time()
        sinceClock = try snapshot.choice()
        notices = try snapshot.array()
        written = try snapshot.array()
        var last: Int64 = 0
        lines = try snapshot.array { (reader) throws(SnapshotError) in
            last = last &+ (try reader.integer())
            return last
        }
        awaitsNotice = try snapshot.boolean()
    }
}

extension CaseToken: Snapshotted {
    func write(to snapshot: SnapshotWriter) {
        snapshot.put(name)
        snapshot.put(certificate) { snapshot.put($0) }
        snapshot.put(certificateNumber) { snapshot.put($0) }
    }

    init(reading snapshot: inout SnapshotReader) throws(SnapshotError) {
        self.init(
            try snapshot.value(),
            certificate: try snapshot.optional { (reader) throws(SnapshotError) in
                try reader.string()
            },
            certificateNumber: try snapshot.optional { (reader) throws(SnapshotError) in
                try reader.string()
            })
    }
}

extension Notice: Snapshotted {
    func write(to snapshot: SnapshotWriter) {
        snapshot.put(addressee)
        snapshot.put(reference)
        snapshot.put(time)
        snapshot.put(clock)
    }

    init(reading snapshot: inout SnapshotReader) throws(SnapshotError) {
        self.init(
            addressee: try snapshot.choice(), reference: try snapshot.value(),
            time: try snapshot.time(), clock: try snapshot.choice())
    }
}
