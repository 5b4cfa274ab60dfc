import APDU
import Crypto

/// One line of the control socket.
package enum ControlCommand: Equatable, Sendable {
    case counters, log, clearLog, clearFaults, pull, insert, lock, quit
    case fault(Fault)
    /// Pulls this token and inserts the one kept in a folder.
    case swap(String)
    // Only where the token is a USB device.
    case complaints, messages, forget, unplug, plug
    case readerFault(ReaderFault)
    /// What is typed at the reader's pad: a PIN, or old and new one.
    case type([String])
    /// A command for the token in this slot, from 0.
    indirect case slot(Int, ControlCommand)

    package init(parsing line: String) throws(VirtualTokenError) {
        let words = line.split(separator: " ", maxSplits: 1).map(String.init)
        switch (words.first, words.count) {
        case ("counters", 1): self = .counters
        case ("log", 1): self = .log
        case ("clear-log", 1): self = .clearLog
        case ("clear-faults", 1): self = .clearFaults
        case ("pull", 1): self = .pull
        case ("insert", 1): self = .insert
        case ("lock", 1): self = .lock
        case ("quit", 1): self = .quit
        case ("complaints", 1): self = .complaints
        case ("messages", 1): self = .messages
        case ("forget", 1): self = .forget
        case ("unplug", 1): self = .unplug
        case ("plug", 1): self = .plug
        case ("type", 2): self = .type(words[1].split(separator: " ").map(String.init))
        case ("slot", 2):
            let parts = words[1].split(separator: " ", maxSplits: 1).map(String.init)
            guard parts.count == 2, let slot = Int(parts[0]), (0...15).contains(slot) else {
                throw VirtualTokenError(.badRequest, "slot NUMBER COMMAND expected")
            }
            self = .slot(slot, try ControlCommand(parsing: parts[1]))
        case ("fault", 2) where ReaderFault.isMeant(by: words[1]):
            self = .readerFault(try ReaderFault(parsing: words[1]))
        case ("fault", 2): self = .fault(try Fault(parsing: words[1]))
        case ("swap", 2): self = .swap(words[1])
        default:
            throw VirtualTokenError(
                .badRequest,
                "counters, log, clear-log, fault SPEC, clear-faults, pull, insert, swap FOLDER, "
                    + "lock, complaints, messages, forget, unplug, plug, type CODE, slot N COMMAND or "
                    + "quit expected")
        }
    }
}

extension SimulatedToken {
    /// Tries left and tries spent since the token was made, as one JSON object.
    package var countersLine: String {
        let counters = card.counters
        let numbers =
            counters.map { "\"\($0.name)\":\($0.left)" }
            + counters.map { "\"\($0.name)Spent\":\($0.spent)" }
        return "{" + numbers.joined(separator: ",") + "}"
    }

    /// Headers, lengths of data and status words of what was asked since the start, or since the
    /// record was cleared, as one JSON array.
    package var logLine: String {
        let entries = log.map { entry in
            let h = entry.header
            let status = entry.status.map { "\"\($0)\"" } ?? "null"
            return "{\"command\":\"\(Hex.upper([h.cla, h.ins, h.p1, h.p2]))\","
                + "\"data\":\(entry.dataLength),\"status\":\(status)}"
        }
        return "[" + entries.joined(separator: ",") + "]"
    }
}

extension SimulatedToken {
    /// The serial number, for people.
    package var serialText: String { card.serialText }

    /// What is left of each counter, for people.
    package var triesText: String {
        card.counters.map { "\($0.title) \($0.left) of \($0.total)" }.joined(separator: ", ")
            + " tries left"
    }

    /// Another token in this one's place, with the same faults and record.
    ///
    /// - Parameter text: the token's state, as it was kept.
    package func replaced(by text: String) throws(VirtualTokenError) -> SimulatedToken {
        var other = self
        other.insert(try TokenModel.card(keeping: text, after: card))
        return other
    }
}

extension CCIDReader {
    /// What the host did that it must not do, as one JSON array of texts.
    package var complaintsLine: String {
        "[" + complaints.map { "\"\($0)\"" }.joined(separator: ",") + "]"
    }

    /// Type, slot and sequence number of each bulk OUT message, as one JSON array.
    package var messagesLine: String {
        "[" + messages.map { "\"\(Hex.upper($0))\"" }.joined(separator: ",") + "]"
    }
}
