import APDU

/// A card with its planned faults and a record of what it was asked: what a channel or a
/// program drives. No input or output of its own.
package struct SimulatedToken: Sendable {
    package private(set) var card: any SimulatedCard
    /// What was asked and answered since the start, or since it was cleared; the oldest left out
    /// when there is too much.
    package private(set) var log: [Entry] = []
    private var faults: [Armed] = []
    private var commandsSincePowerOn = 0

    package init(_ card: any SimulatedCard) { self.card = card }

    /// A command as it is recorded: never its data.
    package struct Entry: Equatable, Sendable {
        package let header: CommandHeader
        /// Nil where no answer came or went out.
        package let status: StatusWord?
        /// Bytes of command data: what tells a VERIFY with a code from one without.
        package let dataLength: Int
    }

    /// What happens to one command.
    package enum Exchange: Equatable, Sendable {
        /// This answer, after so many milliseconds more than needed.
        case answer([UInt8], after: Int)
        /// The token is gone, after this answer where there is one.
        case pulled(after: [UInt8]?)
        /// No answer; after the time, if there is one, the token is gone.
        case mute(milliseconds: Int?)
    }

    private struct Armed: Sendable {
        let fault: Fault
        var commands = 0
        var matches = 0
    }

    package static let longestLog = 4096

    package var atr: [UInt8] { card.atr }

    package mutating func arm(_ fault: Fault) { faults.append(Armed(fault: fault)) }
    package mutating func clearFaults() { faults = [] }
    package mutating func clearLog() { log = [] }

    /// Power-on or reset.
    package mutating func powerOn() {
        card.reset()
        commandsSincePowerOn = 0
    }

    package mutating func powerOff() { card.reset() }

    mutating func insert(_ other: any SimulatedCard) {
        card = other
        commandsSincePowerOn = 0
    }

    /// Blocks the code used every day, as wrong codes would have, without counting them.
    package mutating func lock() { card.block() }

    /// Takes one command and says what comes of it.
    package mutating func exchange(_ command: [UInt8]) -> Exchange {
        let kind = nextFault(command)
        switch kind {
        case .pullBefore:
            card.reset()
            return note(command, .pulled(after: nil))
        case .mute(let milliseconds):
            return note(command, .mute(milliseconds: milliseconds))
        case .status(let status):
            return note(command, .answer([status.sw1, status.sw2], after: 0))
        case .reset: card.reset()
        default: break
        }
        let answer = card.respond(to: command)
        switch kind {
        case .pullDuring:
            card.reset()
            return note(command, .pulled(after: nil))
        case .pullAfter:
            card.reset()
            return note(command, .pulled(after: answer))
        case .muteAfter(let milliseconds):
            return note(command, .mute(milliseconds: milliseconds))
        case .slow(let milliseconds):
            return note(command, .answer(answer, after: milliseconds))
        case .truncated(let count):
            return note(command, .answer(Array(answer.dropLast(count)), after: 0))
        case .garbled:
            return note(
                command, .answer(answer.dropLast(2).map { ~$0 } + answer.suffix(2), after: 0))
        case .statusAfter(let status):
            return note(command, .answer([status.sw1, status.sw2], after: 0))
        default: return note(command, .answer(answer, after: 0))
        }
    }

    /// Counts the command for every armed fault and takes the first that is due.
    private mutating func nextFault(_ command: [UInt8]) -> Fault.Kind? {
        commandsSincePowerOn += 1
        let isLast = command.first.map { $0 & CommandHeader.chainingBit == 0 } ?? true
        var due: Int?
        for index in faults.indices {
            faults[index].commands += 1
            let isDue: Bool
            switch faults[index].fault.trigger {
            case .command(let nth): isDue = faults[index].commands == nth
            case .commandSincePowerOn(let nth): isDue = commandsSincePowerOn == nth
            case .every: isDue = true
            case .instruction(let ins, let nth):
                if isLast, command.count > 1, command[1] == ins { faults[index].matches += 1 }
                isDue =
                    isLast && command.count > 1 && command[1] == ins
                    && faults[index].matches == nth
            }
            if isDue, due == nil { due = index }
        }
        guard let due else { return nil }
        let fault = faults[due].fault
        if fault.happensOnce { faults.remove(at: due) }
        return fault.kind
    }

    private mutating func note(_ command: [UInt8], _ exchange: Exchange) -> Exchange {
        var status: StatusWord?
        switch exchange {
        case .answer(let bytes, _), .pulled(after: .some(let bytes)):
            if bytes.count >= 2 {
                status = StatusWord(bytes[bytes.count - 2], bytes[bytes.count - 1])
            }
        case .pulled(after: nil), .mute: break
        }
        let c = command.prefix(4) + [UInt8](repeating: 0, count: max(0, 4 - command.count))
        if log.count == Self.longestLog { log.removeFirst() }
        let parsed = command.withUnsafeBytes { try? CommandAPDU(parsing: $0) }
        log.append(
            Entry(
                header: CommandHeader(c[0], c[1], c[2], c[3]), status: status,
                dataLength: parsed?.dataRange.count ?? 0))
        return exchange
    }
}
