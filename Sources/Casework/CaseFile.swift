/// Where a case stands.
package enum CaseState: Equatable, Sendable {
    case open
    case inProgress(RestoreID)
    case restored
    /// The PIN is new, the key is not proven yet: a key check completes it.
    case unblockedUnproven(RestoreID)
    case refused([String])
    case failed
    /// Restores whose end nobody saw; each is resolved when its token is seen again.
    case unknown([RestoreID])
    case closed

    /// Whether nothing more is to be done for the case.
    package var isDone: Bool {
        switch self {
        case .restored, .refused, .closed: true
        case .open, .inProgress, .unblockedUnproven, .failed, .unknown: false
        }
    }

    /// The name alone.
    package var name: String {
        switch self {
        case .open: "open"
        case .inProgress: "in-progress"
        case .restored: "restored"
        case .unblockedUnproven: "unblocked-unproven"
        case .refused: "refused"
        case .failed: "failed"
        case .unknown: "unknown"
        case .closed: "closed"
        }
    }
}

/// A case: one device of one request.
package struct CaseFile: Equatable, Sendable {
    package let id: CaseID
    package let requestNumber: String
    package let managingBody: String
    package let deviceNumber: String
    /// Names the record in the vault that holds the holder's name.
    package let holder: Commitment
    package let openedAt: Timestamp
    /// How far `openedAt` can be trusted.
    package let openedClock: ClockState
    package internal(set) var state: CaseState
    /// Of the token that the latest restore was begun with.
    package internal(set) var serial: String?
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
    /// A field of a request is empty, too long or holds control characters.
    case invalidField(JournalField, String)
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
        case .invalidField(let field, let reason): "\(field.rawValue): \(reason)"
        case .journal(let error): "\(error)"
        case .vault(let error): "\(error)"
        }
    }
}

/// The transitions, all of them: what a case in this state comes to by an event, or why the
/// event is not for it.
extension CaseState {
    func after(_ event: CaseEvent) throws(CaseError) -> CaseState {
        switch (self, event) {
        // A key check or what is learned later about a restore is on record, and changes
        // nothing in a case that is closed.
        case (.closed, .keycheckIntent), (.closed, .keycheckOutcome), (.closed, .restoreResolved),
            (.closed, .tokenNoted):
            return self
        case (.closed, _), (_, .opened): throw .closed

        case (.inProgress(let restore), .closed): throw .busy(restore)
        case (_, .closed): return .closed

        case (.open, .refused(let reasons)), (.refused, .refused(let reasons)),
            (.failed, .refused(let reasons)):
            return .refused(reasons)
        case (.inProgress(let restore), .refused): throw .busy(restore)
        case (.restored, .refused), (.unblockedUnproven, .refused): throw .alreadyRestored
        case (.unknown(let restores), .refused): throw .unresolved(restores)

        // A refused restore may be tried again, as after a token that was not the right one;
        // an unproven one too, as when the holder has forgotten the new PIN.
        case (.open, .restoreBegun(let begun)), (.refused, .restoreBegun(let begun)),
            (.failed, .restoreBegun(let begun)), (.unblockedUnproven, .restoreBegun(let begun)):
            return .inProgress(begun.restore)
        case (.inProgress(let restore), .restoreBegun): throw .busy(restore)
        case (.restored, .restoreBegun): throw .alreadyRestored
        case (.unknown(let restores), .restoreBegun): throw .unresolved(restores)

        case (.inProgress(let restore), .restoreIntent(let intent)) where restore == intent.restore:
            return self
        case (_, .restoreIntent(let intent)): throw .notInProgress(intent.restore)

        case (.inProgress(let restore), .restoreOutcome(let end)) where restore == end.restore:
            return CaseState(end)
        case (_, .restoreOutcome(let end)): throw .notInProgress(end.restore)

        case (.unknown(let restores), .restoreResolved(let end))
        where restores.contains(end.restore):
            if end.outcome == .unknown { return self }
            let others = restores.filter { $0 != end.restore }
            return others.isEmpty ? CaseState(end) : .unknown(others)
        case (_, .restoreResolved(let end)): throw .notInProgress(end.restore)

        case (.unblockedUnproven, .keycheckOutcome(let end)) where end.isProven: return .restored
        case (_, .keycheckIntent), (_, .keycheckOutcome), (_, .tokenNoted): return self
        }
    }

    private init(_ end: RestoreEnd) {
        switch end.outcome {
        case .refused: self = .refused(end.reasons)
        case .failed: self = .failed
        case .unblockedUnproven: self = .unblockedUnproven(end.restore)
        case .restored: self = .restored
        case .unknown: self = .unknown([end.restore])
        }
    }
}
