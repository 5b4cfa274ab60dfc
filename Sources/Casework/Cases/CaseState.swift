/// Where a case stands.
package enum CaseState: Equatable, Sendable {
    /// The request is not valid yet: the body is asked to complete it.
    case incomplete
    case open
    /// A restore is on its way; where nothing comes of it, the case stands where it stood.
    case inProgress(RestoreID, from: Origin)
    case restored
    /// The PIN is new, the key is not proven yet: a key check completes it.
    case unblockedUnproven(RestoreID)
    case refused(Refusal)
    case failed
    /// Restores whose end nobody saw; each is resolved when its token is seen again.
    case unknown([RestoreID])
    /// No PKI token: the Cục has it.
    case routed(OtherCarrier)
    /// The record of a hand-over, return, loss or misuse is made; its notice is still to go.
    case recorded
    /// The notice has gone: nothing is left to do.
    case sent
    case closed

    /// Where a case stood when its restore began, and what token it was about.
    package struct Origin: Equatable, Sendable {
        package enum Place: Equatable, Sendable {
            case open, failed
            case refused(Refusal)
            case unblockedUnproven(RestoreID)
        }

        package let place: Place
        package let token: CaseToken?

        init(_ place: Place, _ token: CaseToken? = nil) {
            self.place = place
            self.token = token
        }

        /// nil for a state in which no restore begins.
        fileprivate init?(_ state: CaseState, _ token: CaseToken?) {
            self.token = token
            switch state {
            case .open: place = .open
            case .failed: place = .failed
            case .refused(let refusal): place = .refused(refusal)
            case .unblockedUnproven(let restore): place = .unblockedUnproven(restore)
            default: return nil
            }
        }

        fileprivate var state: CaseState {
            switch place {
            case .open: .open
            case .failed: .failed
            case .refused(let refusal): .refused(refusal)
            case .unblockedUnproven(let restore): .unblockedUnproven(restore)
            }
        }
    }

    package var stage: CaseStage {
        switch self {
        case .incomplete: .incomplete
        case .open: .open
        case .inProgress: .inProgress
        case .restored: .restored
        case .unblockedUnproven: .unblockedUnproven
        case .refused: .refused
        case .failed: .failed
        case .unknown: .unknown
        case .routed: .routed
        case .recorded: .recorded
        case .sent: .sent
        case .closed: .closed
        }
    }

    /// The name alone.
    package var name: String { stage.rawValue }
    /// Whether nothing more is to be done for the device.
    package var isDone: Bool { stage.isDone }
}

/// The states by name, without what they carry.
package enum CaseStage: String, Equatable, Hashable, Sendable, CaseIterable {
    case incomplete
    case open
    case inProgress = "in-progress"
    case restored
    case unblockedUnproven = "unblocked-unproven"
    case refused
    case failed
    case unknown
    case routed
    case recorded
    case sent
    case closed

    package var isDone: Bool {
        switch self {
        case .restored, .refused, .routed, .sent, .closed: true
        case .incomplete, .open, .inProgress, .unblockedUnproven, .failed, .unknown, .recorded:
            false
        }
    }
}

/// What a case comes to by an event. Which act is for which state stands in `CaseRule.table`;
/// here is only what the new state carries.
extension CaseState {
    /// - Parameter token: what the case is about until then.
    func after(
        _ event: CaseEvent, of kind: CaseKind, _ token: CaseToken?
    ) throws(CaseError) -> CaseState {
        if case .keycheckOutcome(let end) = event, end.isProven,
            CaseRule.of(.prove, kind, stage) != nil
        {
            return .restored
        }
        guard let act = event.act else { return self }
        guard let rule = CaseRule.of(act, kind, stage) else { throw objection(to: act, event) }
        // One after the other: a pair of both would be a copy of all that they carry.
        switch event {
        case .refused(let reasons, let written):
            return .refused(Refusal(reasons: reasons, written: written))
        case .closed: return .closed
        case .routed(let carrier): return .routed(carrier)
        case .recorded: return .recorded
        case .noticeSent: return rule.to == [.sent] ? .sent : self
        case .restoreBegun(let begun):
            guard let origin = Origin(self, token) else { throw objection(to: act, event) }
            return .inProgress(begun.restore, from: origin)
        case .restoreIntent(let intent):
            if case .inProgress(let restore, _) = self, restore == intent.restore { return self }
        case .restoreOutcome(let end):
            if case .inProgress(let restore, let origin) = self, restore == end.restore {
                return CaseState(end, from: origin)
            }
        case .restoreResolved(let end):
            guard case .unknown(let restores) = self, restores.contains(end.restore) else { break }
            if end.outcome == .unknown { return self }
            let others = restores.filter { $0 != end.restore }
            return others.isEmpty ? CaseState(end, from: Origin(.open)) : .unknown(others)
        case .completed(let paper):
            if case .closed = self { return self }
            return paper.missing.isEmpty ? .open : .incomplete
        default: break
        }
        if case .closed = self { return self }
        throw objection(to: act, event)
    }

    /// Why an act is not for a case in this state.
    private func objection(to act: CaseAct, _ event: CaseEvent) -> CaseError {
        switch (self, event) {
        case (.closed, _): return .closed
        case (_, .restoreIntent(let intent)): return .notInProgress(intent.restore)
        case (_, .restoreOutcome(let end)), (_, .restoreResolved(let end)):
            return .notInProgress(end.restore)
        case (.inProgress(let restore, _), _): return .busy(restore)
        case (.restored, .restoreBegun), (.restored, .refused), (.unblockedUnproven, .refused):
            return .alreadyRestored
        case (.unknown(let restores), .restoreBegun), (.unknown(let restores), .refused):
            return .unresolved(restores)
        default: return .notNow(act, stage)
        }
    }

    private init(_ end: RestoreEnd, from origin: Origin) {
        switch end.outcome {
        // Nothing was sent: a permit that nobody used is no answer to the request.
        case .refused: self = origin.state
        case .failed: self = .failed
        case .unblockedUnproven: self = .unblockedUnproven(end.restore)
        case .restored: self = .restored
        case .unknown: self = .unknown([end.restore])
        }
    }
}

// MARK: As it stands in a snapshot

extension CaseState: Snapshotted {
    func write(to snapshot: SnapshotWriter) {
        snapshot.put(stage)
        switch self {
        case .inProgress(let restore, let origin):
            snapshot.put(restore)
            snapshot.put(origin.state)
            snapshot.put(origin.token)
        case .unblockedUnproven(let restore): snapshot.put(restore)
        case .refused(let refusal): snapshot.put(refusal)
        case .unknown(let restores): snapshot.put(restores) { snapshot.put($0) }
        case .routed(let carrier): snapshot.put(carrier)
        case .incomplete, .open, .restored, .failed, .recorded, .sent, .closed: break
        }
    }

    init(reading snapshot: inout SnapshotReader) throws(SnapshotError) {
        try self.init(reading: &snapshot, isOrigin: false)
    }

    /// - Parameter isOrigin: no restore began while another was on its way, however deep the bytes
    ///   say that one did.
    private init(
        reading snapshot: inout SnapshotReader, isOrigin: Bool
    ) throws(SnapshotError) {
        switch try snapshot.choice(of: CaseStage.self) {
        case .incomplete: self = .incomplete
        case .open: self = .open
        case .inProgress:
            guard !isOrigin else { throw .malformed }
            let restore = try snapshot.string()
            let before = try CaseState(reading: &snapshot, isOrigin: true)
            let token: CaseToken? = try snapshot.optional()
            guard let origin = Origin(before, token) else { throw .malformed }
            self = .inProgress(restore, from: origin)
        case .restored: self = .restored
        case .unblockedUnproven: self = .unblockedUnproven(try snapshot.string())
        case .refused: self = .refused(try snapshot.value())
        case .failed: self = .failed
        case .unknown:
            self = .unknown(
                try snapshot.array { (reader) throws(SnapshotError) in try reader.string() })
        case .routed: self = .routed(try snapshot.choice())
        case .recorded: self = .recorded
        case .sent: self = .sent
        case .closed: self = .closed
        }
    }
}
