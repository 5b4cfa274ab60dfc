import Casework
import Secrets
import StationInterface
import Synchronization
import Tokens
import Varlink

/// What was decided for one sacrificial token, before it is touched.
struct CommissionOrder: Sendable {
    let id: CommissionID
    let reader: String
    /// The token's number, as it was typed in.
    let serial: String
    let technician: String
    let name: String
    let title: String?
    let wrongPINs: Int
    let challenges: Int
}

/// Why a commissioning did not come to its end.
struct CommissionStop: Error, Sendable {
    let outcome: Station.CommissionResult.Outcome
    let reason: String

    init(_ outcome: Station.CommissionResult.Outcome, _ reason: String) {
        self.outcome = outcome
        self.reason = reason
    }
}

/// One commissioning while it runs: its codes, how far it came, and whether it is to stop.
final class CommissionRun: Sendable {
    private struct State {
        var result: Station.CommissionResult
        var ways: [Station.Commission.Way]
        var isCancelled = false
    }

    let order: CommissionOrder
    let who: Who
    private let call: VarlinkCall
    private let state: Mutex<State>

    init(
        _ order: CommissionOrder, _ ways: [Station.Commission.Way], who: Who, call: VarlinkCall
    ) {
        self.order = order
        self.who = who
        self.call = call
        state = Mutex(
            State(
                result: Station.CommissionResult(
                    commission: order.id, reader: order.reader, deviceNumber: order.serial),
                ways: ways))
        call.onHangUp { [weak self] in self?.cancel() }
    }

    var id: CommissionID { order.id }
    var result: Station.CommissionResult { state.withLock { $0.result } }

    /// The codes, once.
    func takeWays() -> [Station.Commission.Way] {
        state.withLock { state in
            defer { state.ways = [] }
            return state.ways
        }
    }

    /// Stops it before its next code.
    func cancel() { state.withLock { $0.isCancelled = true } }

    /// - Throws: where somebody wants it stopped; called before each code.
    func checkWanted() throws(CommissionStop) {
        if state.withLock({ $0.isCancelled }) { throw CommissionStop(.cancelled, "cancelled") }
    }

    /// Tells whoever follows how it stands.
    func progress(_ change: (inout Station.CommissionResult) -> Void) {
        let result = state.withLock { state in
            change(&state.result)
            return state.result
        }
        call.replyContinuing { Station.CommissionState(result).write(into: &$0) }
    }

    func update(_ change: (inout Station.CommissionResult) -> Void) {
        state.withLock { change(&$0.result) }
    }
}

/// The commissionings that are running, by name.
final class CommissionDesk: Sendable {
    private let runs = Mutex<[CommissionID: CommissionRun]>([:])

    func add(_ run: CommissionRun) { runs.withLock { $0[run.id] = run } }
    func remove(_ run: CommissionRun) { runs.withLock { _ = $0.removeValue(forKey: run.id) } }
    func run(_ id: CommissionID) -> CommissionRun? { runs.withLock { $0[id] } }
}
