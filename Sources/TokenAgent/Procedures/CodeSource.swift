import APDU
import Readers
import Secrets
import StationInterface
import System
import Tokens

/// Where a PIN comes from.
enum PINSource: Sendable {
    case typed(HeldSecret)
    /// Entered at the reader's pad: the station never has it.
    case pad(PadDesk, PINPadOperation)

    var desk: PadDesk? {
        if case .pad(let desk, _) = self { desk } else { nil }
    }
}

/// Where the unblocking code and the new PIN come from.
enum UnblockingSource: Sendable {
    case typed(unblockingCode: HeldSecret, newPIN: HeldSecret)
    /// The old PIN stays: there is no new one.
    case counterOnly(unblockingCode: HeldSecret)
    /// The response to the token's challenge.
    case response(HeldSecret, newPIN: HeldSecret)
    case pad(PadDesk, unblock: PINPadOperation, verify: PINPadOperation)

    /// Where the new PIN comes from when it is needed again; nil where there is none.
    var newPIN: PINSource? {
        switch self {
        case .typed(_, let newPIN), .response(_, let newPIN): .typed(newPIN)
        case .counterOnly: nil
        case .pad(let desk, _, let verify): .pad(desk, verify)
        }
    }

    var desk: PadDesk? { newPIN?.desk }
}

/// How long codes may be entered at a pad, in what its reader is told: whole seconds.
struct PadTime: Equatable, Sendable {
    let seconds: Int

    init(_ budget: Duration) {
        seconds = Int(min(max((budget.wholeMilliseconds + 999) / 1000, 1), 255))
    }

    /// For so many codes, since some readers count for each.
    func typing(_ codes: Int) -> Duration { .seconds(seconds * codes) }
}

/// One reader's pad, and how codes are asked for there.
struct PadDesk: Equatable, Sendable {
    /// Unblocking code, new PIN, and the new PIN again.
    private static let codesOfUnblocking = 3

    let time: PadTime
    let hasDisplay: Bool

    init(_ pad: PINPad, _ budget: Duration) {
        time = PadTime(budget)
        hasDisplay = pad.hasDisplay
    }

    /// What the reader is told: its own time-out comes before the step's budget is over.
    func entry() throws(TokenError) -> PINEntry {
        do throws(PINPadError) {
            return try PINEntry(
                timeout: UInt8(clamping: time.seconds), showsMessages: hasDisplay)
        } catch {
            throw TokenError(.malformed, "entry at the pad")
        }
    }

    var unblocking: Station.AtPad {
        Station.AtPad(
            codes: .unblockingCodeAndNewPIN,
            seconds: time.seconds * PadDesk.codesOfUnblocking)
    }

    var pin: Station.AtPad { Station.AtPad(codes: .pin, seconds: time.seconds) }
}

extension Station.AtPad {
    var typing: Duration { .seconds(seconds) }
}

extension TokenApplet {
    /// Sends the PIN, once, from wherever it comes, to open the key in `slot`.
    func verify(
        _ card: inout CardSession, _ source: PINSource, opening slot: KeySlot
    ) throws(TokenError) -> PadAnswer {
        switch source {
        case .typed(let pin): .token(try verify(&card, pin: pin.secret, opening: slot))
        case .pad(let desk, let operation): try enterAtPad(&card, operation, desk.entry())
        }
    }

    /// Sends the unblocking code with the new PIN, once, from wherever they come.
    func unblock(
        _ card: inout CardSession, _ form: UnblockingForm, _ source: UnblockingSource
    ) throws(TokenError) -> PadAnswer {
        switch source {
        case .typed(let code, let newPIN):
            .token(
                try unblock(&card, form, code: code.secret, newPIN: newPIN.secret))
        case .counterOnly(let code): .token(try resetCounter(&card, form, code: code.secret))
        case .response(let response, let newPIN):
            .token(
                try unblock(&card, form, response: response.secret, newPIN: newPIN.secret))
        case .pad(let desk, let operation, _): try enterAtPad(&card, operation, desk.entry())
        }
    }
}

/// Where the codes of a restore come from.
enum CodeSupply: Sendable {
    case message(Codes)
    case response(ResponseDesk)

    var desk: ResponseDesk? {
        if case .response(let desk) = self { desk } else { nil }
    }

    /// Wipes what nobody took.
    func discard() {
        switch self {
        case .message(let codes): codes.discard()
        case .response(let desk): desk.close()
        }
    }
}

/// The two codes of a request on their way to the reader's thread; none where they are entered
/// at its pad.
final class Codes: Sendable {
    private let unblockingCode: SecretHandOver?
    private let newPIN: SecretHandOver?

    init(_ request: consuming Station.Unblock) {
        unblockingCode = request.codes.map { SecretHandOver($0.unblockingCode) }
        newPIN = (request.codes?.newPIN).map { SecretHandOver($0) }
    }

    var areAtPad: Bool { unblockingCode == nil }

    /// The codes, once, or the way they are entered at `pad`; nil where there is neither.
    func take(_ entries: PadEntries, at pad: PINPad, _ budget: Duration) -> UnblockingSource? {
        guard areAtPad else {
            guard let code = unblockingCode?.take() else { return nil }
            guard let newPIN else { return .counterOnly(unblockingCode: code) }
            return newPIN.take().map { .typed(unblockingCode: code, newPIN: $0) }
        }
        let possible = entries.possible(at: pad)
        guard let unblock = possible.unblock, let verify = possible.verify else { return nil }
        return .pad(PadDesk(pad, budget), unblock: unblock, verify: verify)
    }

    /// Wipes what nobody took.
    func discard() {
        unblockingCode?.discard()
        newPIN?.discard()
    }
}
