import JSON
import StationInterface
import System
import Varlink

/// Follows one restore to its end, whatever happens to the connection.
final class Follower {
    private var connection: Connection
    private let restore: String
    private let signals: SignalSource?
    private let console: Console
    private let reconnect: () throws(Failure) -> Connection
    private var stepsShown = 0
    private var isOverdue = false
    /// What the holder was last asked to enter at the reader's pad.
    private var atPad: Station.AtPad?

    init(
        _ restore: String, _ connection: Connection, _ signals: SignalSource?, _ console: Console,
        reconnect: @escaping () throws(Failure) -> Connection
    ) {
        self.restore = restore
        self.connection = connection
        self.signals = signals
        self.console = console
        self.reconnect = reconnect
    }

    /// What ^C does meanwhile.
    enum Interrupt {
        /// Asks the station to stop the restore, and goes on following.
        case cancels
        /// Leaves; the restore goes on without anybody watching.
        case leaves
    }

    /// After Unblock or Attach was sent with "more": progress as it comes, then the end.
    ///
    /// - Throws: the station's error, which holds the result; `.outOfTouch` when the end
    ///   cannot be learnt here.
    func follow(_ interrupt: Interrupt) throws(Failure) -> Reply<Station.RestoreState> {
        var attached = 0
        while true {
            do throws(Failure) {
                return try followOnce(interrupt)
            } catch {
                switch error {
                case .station(let known, _) where known.kind == .stillWorking:
                    if let result = known.result { show(result) }
                case .broken where attached < 3: break
                case .broken, .notRunning, .notAccepting, .forbidden: throw .outOfTouch(restore)
                case .station(let known, _) where known.kind == .restoreNotFound && attached > 0:
                    throw .outOfTouch(restore)
                default: throw error
                }
            }
            attached += 1
            try attach()
        }
    }

    private func attach() throws(Failure) {
        do throws(Failure) {
            connection = try reconnect()
            try connection.begin(Station.AttachRestore(restore: restore))
        } catch {
            throw .outOfTouch(restore)
        }
    }

    private func followOnce(_ interrupt: Interrupt) throws(Failure) -> Reply<Station.RestoreState> {
        let ear = try Ear(connection, signals)
        while true {
            switch try ear.next(
                connection.patience(atPad == nil ? .atTheToken : .atThePad))
            {
            case .silence: throw .broken("the station did not answer in time")
            case .unheard: continue
            case .signal(let signal): try heed(signal, interrupt)
            case .reply(let reply):
                if let error = reply.error {
                    throw Failure(
                        .remote(error: error, parameters: reply.parameters),
                        path: connection.path)
                }
                let state = try Reply<Station.RestoreState>(reply.parameters)
                show(state.message.result)
                if state.message.result.state == .finished || !reply.continues { return state }
            }
        }
    }

    /// Shows the steps that ended since, and that a step is over its time.
    func show(_ result: Station.Result) {
        let ended = result.steps.prefix { $0.state == .done || $0.state == .failed }
        console.show { page in
            for step in ended.dropFirst(stepsShown) { page.add(step) }
            if result.atPad != nil, result.atPad != atPad {
                page.text(result.message, .warning)
            }
            if result.state == .overdue, !isOverdue {
                page.text(result.message, .warning)
                page.text("Next: " + result.next)
            }
        }
        stepsShown = max(stepsShown, ended.count)
        isOverdue = result.state == .overdue
        atPad = result.atPad
    }

    private func heed(_ signal: Signal, _ interrupt: Interrupt) throws(Failure) {
        if signal == .stop { return }
        guard signal == .interrupt, case .cancels = interrupt else {
            throw .own(
                .outOfTouch, "Not followed any more; the restore goes on in the station.",
                next: "Do not pull the token. Ask again with tokenctl restores follow \(restore).")
        }
        do throws(Failure) {
            // The first connection is occupied by the call that is followed.
            let result = try reconnect().ask(Station.CancelRestore(restore: restore)).message.result
            guard result.state != .finished else { return }
            console.complain {
                $0.text(
                    result.state == .overdue
                        ? "It cannot be stopped: the token is being written to. Do not pull it."
                        : "Asked to stop. Once a code is on its way it cannot be stopped: do not "
                            + "pull the token.", .warning)
            }
        } catch {
            console.complain { $0.text("The station could not be asked to stop.", .warning) }
        }
    }
}
