import JSON
import Secrets
import StationInterface
import System
import Varlink

extension Run {
    /// A model tried on a token that may be lost: what it says, what is decided, the codes, each
    /// step as it comes, and the profile.
    func commission(_ order: CommissionOrder) throws(Failure) -> ExitCode {
        let signals = self.signals()
        let desk = try desk(signals)
        let connection = try connect()
        let reader = try reader(order.reader, connection)
        let token = try connection.ask(Station.Inspect(reader: reader), .atTheToken).message.token
        console.show {
            $0.add(token)
            $0.blank()
        }
        let decision = try CommissionDecision(order, token)
        let file = order.file ?? decision.name + ".json5"
        guard !File.exists(file) else {
            throw .own(
                .fileUnwritable, "The file \(file) is there already; nothing was sent.",
                next: "Name another with --out.")
        }
        console.show {
            $0.add(decision, token, file)
            $0.blank()
        }
        var serial = order.serial ?? ""
        if order.serial == nil {
            serial = try typed(decision.askedNumber, desk, instead: "--serial")
        }
        if !order.isDecided {
            let word = try typed("Type block to have it blocked", desk, instead: "--yes")
            guard word == "block" else {
                throw .own(
                    .cancelled, "Cancelled; no code was sent.", next: "Begin again if wanted.")
            }
        }
        let ways = try codes(decision.ways, desk)
        try connection.begin(
            Station.Commission(
                reader: reader, serial: serial, technician: order.technician,
                name: decision.name, title: order.title, wrongPINs: decision.wrongPINs,
                ways: ways, challenges: order.challenges))
        let reply = try followCommission(connection, signals)
        return try keep(reply, file)
    }

    /// A word that everybody may see, from the terminal alone.
    private func typed(
        _ words: String, _ desk: CodeDesk, instead option: String
    ) throws(Failure) -> String {
        guard desk.isTerminal else {
            throw .own(
                .notDecided,
                "Standard input is no terminal, and \(option) is not given; nothing was sent.",
                next: "Give \(option), or run this at a terminal.")
        }
        do throws(CodeDesk.Trouble) {
            let answer = try desk.ask(words)
            return answer.withBytes { String(decoding: $0, as: UTF8.self) }
        } catch {
            throw Failure(error)
        }
    }

    private func codes(
        _ ways: [Station.UnblockingWay], _ desk: CodeDesk
    ) throws(Failure) -> [Station.Commission.Way] {
        var codes: [Station.Commission.Way] = []
        for way in ways {
            do throws(CodeDesk.Trouble) {
                guard
                    let pair = try desk.silently({ () throws(CodeDesk.Trouble) in
                        try CommissionCodes(from: desk, way)
                    }).way(way.form)
                else {
                    throw CodeDesk.Trouble.entriesDiffer
                }
                codes.append(pair)
            } catch {
                throw Failure(error)
            }
        }
        if desk.isInterrupted() { throw Failure(.interrupted) }
        return codes
    }

    private func followCommission(
        _ connection: Connection, _ signals: SignalSource?
    ) throws(Failure) -> Reply<Station.CommissionState> {
        let ear = try Ear(connection, signals)
        var id: String? = nil
        var shown = 0
        while true {
            let event: Ear.Event
            do throws(Failure) {
                event = try ear.next(connection.patience(.atTheToken))
            } catch {
                throw Self.lostCommission
            }
            switch event {
            case .silence: throw Self.lostCommission
            case .unheard: continue
            case .signal(let signal):
                if signal == .stop { continue }
                // Hanging up stops it too.
                guard let id else {
                    throw .own(
                        .cancelled, "Stopped before the first code.",
                        next: "Begin again if wanted.")
                }
                console.complain {
                    $0.text("Stopping before the next code; do not pull the token.", .warning)
                }
                _ = try? connect().ask(Station.CancelCommission(commission: id))
            case .reply(let reply):
                if let error = reply.error {
                    let failure = Failure(
                        .remote(error: error, parameters: reply.parameters),
                        path: connection.path)
                    if case .station(let known, _) = failure, let result = known.commission {
                        show(result, from: &shown)
                    }
                    throw failure
                }
                let state = try Reply<Station.CommissionState>(reply.parameters)
                id = state.message.result.commission
                show(state.message.result, from: &shown)
                if state.message.result.outcome != nil || !reply.continues { return state }
            }
        }
    }

    private func show(_ result: Station.CommissionResult, from shown: inout Int) {
        console.show { page in
            for step in result.steps.dropFirst(shown) { page.add(step) }
        }
        shown = max(shown, result.steps.count)
    }

    private static let lostCommission = Failure.own(
        .outOfTouch,
        "The connection was lost while the token was tried; how that ended is not known here.",
        next: "Do not pull the token. See tokenctl journal show, then inspect the token.")

    /// Writes the profile where nothing is yet.
    private func keep(
        _ reply: Reply<Station.CommissionState>, _ path: String
    ) throws(Failure) -> ExitCode {
        let result = reply.message.result
        guard let profile = result.profile else { throw Self.lostCommission }
        do throws(SystemError) {
            let file = try File.open(path, .creating(mode: 0o644))
            try file.writeAll(Array(profile.text.utf8))
        } catch {
            console.complain { $0.text(profile.text) }
            throw .own(
                .fileUnwritable,
                "The token was commissioned, and the file \(path) cannot be written: \(error). "
                    + "Its text stands above.", next: "Keep the text byte for byte.")
        }
        if console.json {
            console.put(["file": .string(path), "result": reply.parameters["result"] ?? .null])
        } else {
            console.show { $0.add(result, file: path) }
        }
        return .good
    }
}

/// What is to be done to the token, before anybody is asked for a code.
struct CommissionDecision: Equatable {
    let ways: [Station.UnblockingWay]
    let wrongPINs: Int
    let name: String
    /// What is to be typed, so that no other token is meant.
    let askedNumber: String

    init(_ order: CommissionOrder, _ token: Station.Token) throws(Failure) {
        func undecided(_ message: String, _ next: String) -> Failure {
            .own(.notDecided, message + "; nothing was sent.", next: next)
        }
        let possible = token.ways.filter { $0.takes == .code && $0.obstacle == nil }
        if order.ways.isEmpty {
            ways = possible
        } else {
            var named: [Station.UnblockingWay] = []
            for form in order.ways {
                guard let way = possible.first(where: { $0.form == form }) else {
                    throw undecided(
                        "The token has no way \"\(form)\" with a code for it",
                        "Take one of those above that are not impossible.")
                }
                named.append(way)
            }
            ways = named
        }
        guard !ways.isEmpty else {
            throw undecided(
                "The token has no way of unblocking that could be tried with a code",
                "Change what its profile says, or leave the model out.")
        }
        let shown = max(token.pin.left ?? 0, token.pin.limit ?? 0)
        guard let count = order.wrongPINs ?? (shown > 0 ? shown : nil) else {
            throw undecided(
                "The token does not show how many tries its PIN has",
                "Say with --wrong-pins how many wrong PINs may be sent at most.")
        }
        wrongPINs = count
        guard let name = order.name ?? token.profile?.name else {
            throw undecided(
                "The token fits no profile, so the new one has no name yet",
                "Name it with --name.")
        }
        self.name = name
        askedNumber =
            token.serial != nil
            ? "Type the token's serial number, as it stands on the one that may be lost"
            : token.guid != nil
                ? "The token shows no serial number. Type its GUID, as it stands above"
                : "The token shows no serial number. Type its number, as it stands above"
    }
}

/// The codes of one way, as they were entered.
private struct CommissionCodes {
    let code: HeldSecret
    let pin: HeldSecret
    let isRepeatedAlike: Bool

    init(from desk: CodeDesk, _ way: Station.UnblockingWay) throws(CodeDesk.Trouble) {
        code = HeldSecret(try desk.ask("Unblocking code (\(way.form))"))
        pin = HeldSecret(
            try desk.ask(
                way.setsNewPIN
                    ? "New PIN for \(way.form)" : "The PIN it has, which \(way.form) leaves"))
        isRepeatedAlike =
            desk.isTerminal ? try desk.ask("The PIN again").matches(pin.secret) : true
    }

    func way(_ form: String) -> Station.Commission.Way? {
        guard isRepeatedAlike else { return nil }
        return Station.Commission.Way(form: form, unblockingCode: code, pin: pin)
    }
}
