import JSON
import Secrets
import StationInterface
import System
import Varlink

extension Run {
    /// The whole way: case, permit, codes, unblocking, result.
    func restore(_ order: RestoreOrder) throws(Failure) -> ExitCode {
        let signals = self.signals()
        let desk = order.atPad ? nil : try desk(signals)
        let connection = try connect()
        let reader = try reader(order.reader, connection)
        if order.atPad {
            // Before there is a case that nobody can go on with.
            try needPad(of: reader, "the unblocking code and the new PIN", connection, \.unblock)
        }
        let number = try caseNumber(order.subject, connection)
        do throws(Failure) {
            return try restore(order, of: number, in: reader, desk, signals, connection)
        } catch {
            if case .new = order.subject {
                console.complain {
                    $0.text(
                        "Case \(number) stays open. Go on with it (tokenctl restore --case "
                            + "\(number)), or end it (tokenctl case close \(number) --reason R).")
                }
            }
            throw error
        }
    }

    private func restore(
        _ order: RestoreOrder, of number: String, in reader: String, _ desk: CodeDesk?,
        _ signals: SignalSource?, _ connection: Connection
    ) throws(Failure) -> ExitCode {
        let given = try connection.ask(
            Station.BeginRestore(
                caseNumber: number, reader: reader, pinForgotten: order.pinForgotten,
                compared: order.compared, form: order.form,
                provisional: order.provisional), .atTheToken)
        let permit = given.message.permit
        console.show {
            $0.add(permit)
            $0.blank()
        }
        do throws(Failure) {
            if let approver = order.approver { try approve(permit.restore, approver, connection) }
        } catch {
            giveBack(permit.restore, connection)
            throw error
        }
        let follower = Follower(
            permit.restore, connection, signals, console,
            reconnect: { () throws(Failure) in
                try connect()
            })
        while true {
            do throws(Failure) {
                if let desk {
                    try send(permit, order, desk, connection)
                } else {
                    try connection.begin(
                        Station.Unblock(atPadFor: permit.restore, lastTry: order.lastTry))
                }
                let state = try follower.follow(.cancels)
                return show(state, permit: given.parameters)
            } catch {
                guard desk?.isTerminal == true, error.wantsOtherCodes else {
                    if error.leavesPermit { giveBack(permit.restore, connection) }
                    throw error
                }
                console.complain {
                    $0.add(error)
                    $0.text("Once more, from the unblocking code on; ^C cancels.")
                }
            }
        }
    }

    /// Asks for the token once more, and refuses where its reader's pad does not do for it.
    func needPad(
        of reader: String, _ codes: String, _ connection: Connection,
        _ does: (Station.Pad) -> Bool
    ) throws(Failure) {
        let token = try connection.ask(Station.Inspect(reader: reader), .atTheToken).message.token
        guard let pad = token.pad, does(pad) else {
            throw .own(
                .noPad,
                "The reader has no pad that can take \(codes) of this token; nothing was begun.",
                next: "Leave out --at-pad, or use a reader whose pad can.")
        }
    }

    private func caseNumber(
        _ subject: RestoreOrder.Subject, _ connection: Connection
    ) throws(Failure) -> String {
        switch subject {
        case .existing(let number): return number
        case .new(let order):
            let opened = try connection.ask(Station.OpenCase(order)).message
            console.show {
                $0.add(opened: opened)
                $0.blank()
            }
            return opened.number
        }
    }

    /// Asks for the codes and sends them, once.
    private func send(
        _ permit: Station.Permit, _ order: RestoreOrder, _ desk: CodeDesk,
        _ connection: Connection
    ) throws(Failure) {
        let way = permit.ways.first { $0.form == permit.form }
        if way?.takes == .response {
            let given = try connection.ask(
                Station.AskChallenge(restore: permit.restore, lastTry: order.lastTry),
                .atTheToken)
            console.show { $0.add(given.message.challenge) }
        }
        let codes: CodePair
        do throws(CodeDesk.Trouble) {
            codes = try desk.silently { () throws(CodeDesk.Trouble) in
                try CodePair(from: desk, way)
            }
        } catch {
            throw Failure(error)
        }
        if desk.isInterrupted() { throw Failure(.interrupted) }
        guard codes.isRepeatedAlike else {
            throw .own(
                .entriesDiffer, "The two entries of the new PIN differ; nothing was sent.",
                next: "Enter the codes again.")
        }
        try codes.send(permit.restore, lastTry: order.lastTry, over: connection)
    }

    /// A permit that nobody will use any more; the station would let it run out.
    private func giveBack(_ restore: String, _ connection: Connection) {
        _ = try? connection.ask(Station.CancelRestore(restore: restore))
    }

    func follow(_ id: String) throws(Failure) -> ExitCode {
        let signals = self.signals()
        let connection = try connect()
        try connection.begin(Station.AttachRestore(restore: id))
        let follower = Follower(
            id, connection, signals, console, reconnect: { () throws(Failure) in try connect() })
        return show(try follower.follow(.leaves), permit: nil)
    }

    private func show(_ state: Reply<Station.RestoreState>, permit: JSONValue?) -> ExitCode {
        if console.json {
            var members: [(String, JSONValue)] = []
            if let permit = permit?["permit"] { members.append(("permit", permit)) }
            if let result = state.parameters["result"] { members.append(("result", result)) }
            console.put(.object(members))
        } else {
            console.show {
                $0.blank()
                $0.add(state.message.result)
            }
        }
        return ExitCode(state.message.result)
    }
}

/// The unblocking code or response and the new PIN, as they were entered.
struct CodePair {
    let unblockingCode: HeldSecret
    /// None where the way leaves the old one.
    let newPIN: HeldSecret?
    private let isResponse: Bool
    /// Whether the new PIN was entered a second time alike; true too where standard input has it
    /// once only.
    let isRepeatedAlike: Bool

    init(from desk: CodeDesk, _ way: Station.UnblockingWay?) throws(CodeDesk.Trouble) {
        isResponse = way?.takes == .response
        unblockingCode = HeldSecret(
            try desk.ask(
                isResponse
                    ? "Response, in hexadecimal" : "Unblocking code (\(way?.form ?? "puk"))"))
        guard way?.setsNewPIN != false else {
            newPIN = nil
            isRepeatedAlike = true
            return
        }
        let pin = HeldSecret(try desk.ask("New PIN, chosen by the holder"))
        var isAlike = true
        if desk.isTerminal {
            isAlike = try desk.ask("New PIN again").matches(pin.secret)
        } else if let again = try desk.next() {
            isAlike = again.matches(pin.secret)
        }
        newPIN = pin
        isRepeatedAlike = isAlike
    }

    func send(
        _ restore: String, lastTry: Bool, over connection: Connection
    ) throws(Failure) {
        if isResponse, let newPIN {
            return try connection.begin(
                Station.Respond(restore: restore, response: unblockingCode, newPIN: newPIN))
        }
        try connection.begin(
            Station.Unblock(
                restore: restore,
                codes: Station.Unblock.Codes(unblockingCode: unblockingCode, newPIN: newPIN),
                lastTry: lastTry))
    }
}

extension Failure {
    /// Other codes may do; the permit is as it was.
    var wantsOtherCodes: Bool {
        switch self {
        case .station(let error, _): error.kind == .codeUnfit
        case .own(let kind, _, _): kind == .entriesDiffer
        default: false
        }
    }

    /// Nothing was sent to the token, so the permit is still there.
    var leavesPermit: Bool {
        switch self {
        case .station(let error, _):
            switch error.kind {
            case .codeUnfit, .lastTry, .padUnusable, .approvalRequired: true
            default: false
            }
        case .own(let kind, _, _):
            kind == .entriesDiffer || kind == .codesUnread || kind == .cancelled
                || kind == .noLockedMemory
        default: false
        }
    }
}
