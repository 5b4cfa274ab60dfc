import APDU
import Casework
import StationInterface
import Tokens

/// Codes of one step that went out.
struct CommissionTally {
    var sent = 0
    /// Answers that they were wrong.
    var refused = 0
    /// The last one's answer does not tell whether it cost a try: none was left, now or
    /// before, or it was refused for its form.
    var isUnclear = false
    /// The last one's answer is not there.
    var isOnItsWay = false
    var stop: CommissionStop? = nil

    var spent: Spent {
        let unclear = isOnItsWay || isUnclear ? 1 : 0
        return Spent(refused, refused + unclear)
    }
}

extension TokenError {
    /// Why a commissioning ended by it, for programs.
    var commissionReason: String {
        switch code {
        case .fault(.removed): "token-removed"
        case .fault(.mute), .fault(.deadline): "token-mute"
        case .fault(.reset), .disturbed: "token-disturbed"
        case .noLockedMemory, .codeFormUnknown, .challengeLost, .unsupported, .noKey:
            "not-possible"
        case .fault, .status, .malformed, .macWrong: "token-fault"
        }
    }
}

extension Station.Spent {
    func adding(_ other: Station.Spent) -> Station.Spent {
        Station.Spent(least: least + other.least, most: most + other.most)
    }
}

extension Casework.CommissionStep {
    init(_ step: Station.CommissionStep.Step) {
        self =
            switch step {
            case .block: .block
            case .unblock: .unblock
            case .prove: .prove
            }
    }
}

extension CommissionOutcome {
    init(_ outcome: Station.CommissionStep.Outcome) {
        self =
            switch outcome {
            case .done: .done
            case .failed: .failed
            case .cancelled: .cancelled
            case .unknown: .unknown
            }
    }
}
