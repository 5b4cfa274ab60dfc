import APDU
import Crypto

/// A misbehaviour planned beforehand, as data.
package struct Fault: Equatable, Sendable {
    /// When it happens.
    package enum Trigger: Equatable, Sendable {
        /// At the n-th command from when the fault was set.
        case command(Int)
        /// At the n-th command from power-on.
        case commandSincePowerOn(Int)
        /// At the n-th command with this instruction from when the fault was set; of a chain
        /// the last segment counts.
        case instruction(UInt8, Int)
        /// At every command.
        case every
    }

    /// What happens.
    package enum Kind: Equatable, Sendable {
        /// Gone before the card saw the command.
        case pullBefore
        /// The command is carried out, then the token is gone: no answer.
        case pullDuring
        /// The answer goes out, then the token is gone.
        case pullAfter
        /// The card never saw the command and never answers; after the time, if one is given,
        /// the token is gone.
        case mute(milliseconds: Int?)
        /// The command is carried out and never answered.
        case muteAfter(milliseconds: Int?)
        /// The answer takes so long.
        case slow(milliseconds: Int)
        /// The answer lacks so many bytes at its end.
        case truncated(Int)
        /// The answer's data are noise: each bit turned over. Its status word is as it was.
        case garbled
        /// Not carried out; this status word instead.
        case status(StatusWord)
        /// Carried out; this status word instead of the true answer.
        case statusAfter(StatusWord)
        /// The card loses its power for a moment before it sees the command.
        case reset
    }

    package let trigger: Trigger
    package let kind: Kind

    package init(_ trigger: Trigger, _ kind: Kind) {
        self.trigger = trigger
        self.kind = kind
    }

    /// Whether it is over once it happened.
    var happensOnce: Bool { trigger != .every }

    /// The grammar of `init(parsing:)`.
    package static let grammar = """
        WHEN,kind=KIND[:VALUE]
        WHEN  apdu=N         the N-th command from now
              power=N        the N-th command after the next or this power-on
              ins=XX[,n=N]   the N-th command with this instruction from now
              every          each command, until cleared
        KIND  pull-before    gone before the card saw the command
              pull-during    carried out, then gone without an answer
              pull-after     answered, then gone
              mute[:MS]      not carried out, never answered (gone after MS)
              mute-after[:MS]  carried out, never answered (gone after MS)
              slow:MS        answered MS milliseconds later
              truncate:N     the answer lacks its last N bytes
              garble         the answer's data are noise, its status word is as it was
              sw:XXXX        not carried out, this status word instead
              sw-after:XXXX  carried out, this status word instead
              reset          the card forgets what was selected and verified
        """

    /// Reads `ins=2C,n=1,kind=pull-during` and its like; see `grammar`.
    package init(parsing text: String) throws(VirtualTokenError) {
        var trigger: Trigger?
        var kind: Kind?
        var nth = 1
        for part in text.split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
            let name = pair.first ?? ""
            let value = pair.count == 2 ? pair[1] : ""
            switch name {
            case "every" where pair.count == 1: trigger = .every
            case "apdu": trigger = .command(try Self.number(value, in: part))
            case "power": trigger = .commandSincePowerOn(try Self.number(value, in: part))
            case "n": nth = try Self.number(value, in: part)
            case "ins":
                guard let bytes = Hex.bytes(value), bytes.count == 1 else {
                    throw Self.error("two hex digits", in: part)
                }
                trigger = .instruction(bytes[0], 1)
            case "kind": kind = try Self.kind(value, in: part)
            default: throw Self.error("apdu, power, ins, n, every or kind", in: part)
            }
        }
        if case .instruction(let ins, _) = trigger { trigger = .instruction(ins, nth) }
        guard let trigger, let kind else {
            throw VirtualTokenError(.badFault, "fault \(text): when and kind are both needed")
        }
        self.init(trigger, kind)
    }

    private static func kind(
        _ text: String, in part: Substring
    ) throws(VirtualTokenError) -> Kind {
        let pair = text.split(separator: ":", maxSplits: 1).map(String.init)
        let value = pair.count == 2 ? pair[1] : nil
        switch (pair.first, value) {
        case ("pull-before", nil): return .pullBefore
        case ("pull-during", nil): return .pullDuring
        case ("pull-after", nil): return .pullAfter
        case ("mute", nil): return .mute(milliseconds: nil)
        case ("mute", .some(let value)): return .mute(milliseconds: try number(value, in: part))
        case ("mute-after", nil): return .muteAfter(milliseconds: nil)
        case ("mute-after", .some(let value)):
            return .muteAfter(milliseconds: try number(value, in: part))
        case ("slow", .some(let value)): return .slow(milliseconds: try number(value, in: part))
        case ("truncate", .some(let value)): return .truncated(try number(value, in: part))
        case ("garble", nil): return .garbled
        case ("sw", .some(let value)): return .status(try status(value, in: part))
        case ("sw-after", .some(let value)): return .statusAfter(try status(value, in: part))
        case ("reset", nil): return .reset
        default: throw error("a kind of fault", in: part)
        }
    }

    private static func number(
        _ text: String, in part: Substring
    ) throws(VirtualTokenError) -> Int {
        guard let number = Int(text), (1...10_000_000).contains(number) else {
            throw error("a number from 1", in: part)
        }
        return number
    }

    private static func status(
        _ text: String, in part: Substring
    ) throws(VirtualTokenError) -> StatusWord {
        guard let bytes = Hex.bytes(text), bytes.count == 2 else {
            throw error("four hex digits", in: part)
        }
        return StatusWord(bytes[0], bytes[1])
    }

    private static func error(_ wanted: String, in part: Substring) -> VirtualTokenError {
        VirtualTokenError(.badFault, "fault: \(part): \(wanted) expected")
    }
}
